// Rules as people read them: `intent dress >= 2 and page.path == "/"` instead of nested JSON.
#pragma once

#include <string>

#include "wayline/value.h"

namespace wayline::analysis {

/// The rule, which is JSON as an author writes it, in infix form. Operators without a sign of their own look like
/// calls: `starts_with(page.path, "/help")`. Deterministic; not meant to be read back.
[[nodiscard]] std::string infix(const Value& rule);

}  // namespace wayline::analysis
