// Small helpers for text that people read.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace wayline::cli {

/// "165,474"
[[nodiscard]] std::string grouped(std::uint64_t number);
/// "1 visitor", "2,000 visitors"
[[nodiscard]] std::string counted(std::uint64_t number, std::string_view noun);
/// 16 lower-case hexadecimal digits.
[[nodiscard]] std::string hexadecimal(std::uint64_t number);

/// The text as a terminal may have it: names, and what visitors sent, must not steer it. Of control characters line feeds, tabs and the codes of
/// styles stay, the others become question marks; bytes that are no UTF-8 become U+FFFD.
[[nodiscard]] std::string harmless(std::string_view text);

/// Rows of cells as lines, the columns aligned; the first `left` columns to the left, the others to the right.
/// Each line begins with `indent` and ends with a line feed, without spaces before it.
[[nodiscard]] std::string aligned(const std::vector<std::vector<std::string>>& rows, std::size_t left,
                                  std::string_view indent);

}  // namespace wayline::cli
