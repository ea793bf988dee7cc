// Diagnostics as text for a terminal, with the line and a caret, and as JSON for tools.
#pragma once

#include <string>

#include "document/pack.h"
#include "wayline/diagnostic.h"

namespace wayline::document {

/// "site.json:12:5: error: … [pack.unknown_key]" then the line, the caret, and "hint: …". Ends with a line feed.
/// Tabs keep their width, long lines are cut around the caret, control characters of the file are shown as '?'.
[[nodiscard]] std::string render(const Diagnostic& diagnostic, const Files& files, bool colour);
/// A list of {"code","column","file","hint","length","line","message","severity"}, in canonical JSON.
[[nodiscard]] std::string render_json(const Diagnostics& diagnostics);
/// "2 errors, 1 warning", or "no findings".
[[nodiscard]] std::string render_summary(const Diagnostics& diagnostics);

}  // namespace wayline::document
