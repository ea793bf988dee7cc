// The content of a variant with its {{interpolations}} filled, each escaped for where it lands (design 10).
#pragma once

#include "profile/environment.h"
#include "program/tables.h"

namespace wayline {

/// `{"html"|"text"|"attributes"|"redirect"|"json": …}`, in `arena` or the program. Values of visitors never become markup:
/// in html they are escaped as text and attribute values, in redirects percent-encoded; elsewhere the host sets them as data.
[[nodiscard]] Value render_content(const program::Tables& tables, const program::Variant& variant, StateEnvironment& environment, Arena& arena);

}  // namespace wayline
