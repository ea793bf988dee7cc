// Patterns of pages: what no address of a page can match, and what reads as if another language were meant.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "document/template.h"

namespace wayline::document {

/// What a pattern is compared with: the path, the whole address, or the address from its path on.
enum class PatternOf : std::uint8_t { path, address, tail };

/// The first thing wrong with a pattern that is well formed: a stretch of its bytes. What keeps it from matching comes before what it matches too much of.
[[nodiscard]] std::optional<TextProblem> find_pattern_slip(std::string_view pattern, PatternOf of);

/// One of a list of patterns of which any is to match, and another that matches whatever it matches.
struct IdlePattern {
  std::size_t index, wider;
  std::string message, hint;
};
/// Of patterns that are alike the latter is idle. Of very long lists only the beginning is looked at.
[[nodiscard]] std::vector<IdlePattern> find_idle_patterns(std::span<const std::string_view> patterns);

}  // namespace wayline::document
