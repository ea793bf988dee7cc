// Patterns of pages: what no address of a page can match, and what reads as if another language were meant.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "document/template.h"

namespace wayline::document {

/// What a pattern is compared with: the path, the whole address, or the address from its path on.
enum class PatternOf : std::uint8_t { path, address, tail };

/// The first thing wrong with a pattern that is well formed: a stretch of its bytes.
[[nodiscard]] std::optional<TextProblem> find_dead_pattern(std::string_view pattern, PatternOf of);

}  // namespace wayline::document
