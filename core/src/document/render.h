// Diagnostics as text for a terminal, with the line and a caret, and as JSON for tools.
#pragma once

#include <string>

#include "document/pack.h"
#include "wayline/diagnostic.h"

namespace wayline::document {

/// "site.json:12:5: error: … [pack.unknown_key]" then the line, the caret, and "hint: …".
[[nodiscard]] std::string render(const Diagnostic& diagnostic, const Files& files, bool colour);
[[nodiscard]] std::string render_json(const Diagnostics& diagnostics);

/// The candidate nearest to `word` by edit distance, or empty when none is near enough to suggest.
[[nodiscard]] std::string_view nearest(std::string_view word, std::span<const std::string_view> candidates);

}  // namespace wayline::document
