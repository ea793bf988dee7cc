// What markup in a pack may not hold. Content of a pack is trusted as the site's own (design section 10), so this keeps
// authors from what a strict CSP refuses or what would let a visitor's value become code; it is no sanitiser.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "document/template.h"

namespace wayline::document {

/// Both in the order of the text.
struct HtmlFindings {
  std::vector<TextProblem> unsafe;
  std::vector<TextProblem> slips;  // attributes whose values do not mean what they say
};

/// Unsafe are elements that run, load or frame something or whose text is no markup, handlers, `javascript:` addresses, tags that
/// are not closed, and interpolations where escaping can not help: unquoted, where they choose the site of an address,
/// in a tag's or attribute's name, in styles and comments. What web/src/slots/safe-content.ts removes is refused here.
[[nodiscard]] HtmlFindings check_html(std::string_view html);

/// The first tag or named character in what is plain text, where it is shown as it stands; nothing when there is none.
[[nodiscard]] std::optional<TextProblem> find_markup(std::string_view text);

}  // namespace wayline::document
