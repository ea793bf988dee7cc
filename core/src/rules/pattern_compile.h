// Compiles a regular expression for rules/pattern.h. A tool: programs carry compiled patterns.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "wayline/result.h"

namespace wayline {

struct PatternLimits {
  std::uint32_t bytes = 1'000;        // people write a few dozen
  std::uint32_t depth = 50;           // nested groups; people write two or three
  std::uint32_t instructions = 2'000; // after repetitions are unrolled; the time for each character grows with it
};

/// JavaScript's syntax as far as an automaton can follow it: literals, `.`, classes, \d \w \s and their negations, \b, ^, $,
/// groups, `|`, `*`, `+`, `?`, `{m,n}`. Errors: rule.bad_pattern, saying what and at which character.
[[nodiscard]] Result<std::string> compile_pattern(std::string_view pattern, const PatternLimits& limits = {});

}  // namespace wayline
