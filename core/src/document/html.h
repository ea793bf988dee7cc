// What markup in a pack may not hold. Content of a pack is trusted as the site's own (design section 10), so this keeps
// authors from what a strict CSP refuses or what would let a visitor's value become code; it is no sanitiser.
#pragma once

#include <string_view>
#include <vector>

#include "document/template.h"

namespace wayline::document {

/// Scripts, handlers, `javascript:` addresses, tags that are not closed, and interpolations where escaping can not
/// help: unquoted, at the start of an address, in a tag's or attribute's name, in styles and comments.
[[nodiscard]] std::vector<TextProblem> find_unsafe_html(std::string_view html);

/// Whether a browser would run what this address says: `javascript:` in any disguise, and its like.
[[nodiscard]] bool is_code_address(std::string_view address);

}  // namespace wayline::document
