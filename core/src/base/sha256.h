// SHA-256 (FIPS 180-4): links of receipts. Tools only; the page has the browser's own.
#pragma once

#include <string>
#include <string_view>

namespace wayline {

/// 64 lower-case hexadecimal digits.
[[nodiscard]] std::string sha256(std::string_view bytes);

}  // namespace wayline
