// Regular expressions in linear time: a program for a Thompson automaton, compiled at build time, run over code points.
// (Thompson, "Regular expression search algorithm", CACM 11(6), 1968; as instructions: Cox, "Regular expression matching: the virtual machine approach").
// No captures, no back-references, no look-around; whether a text matches somewhere is all it answers.
#pragma once

#include <cstdint>
#include <string_view>

#include "rules/evaluator.h"

namespace wayline {

enum class PatternOp : std::uint8_t {
  match,
  character,          // argument: the code point
  any,                // all but line terminators
  set,                // argument: word where its ranges stand
  split,              // go on, and at the argument as well
  jump,               // argument: the next instruction
  begin,              // start of the text
  end,                // end of the text
  word_boundary,
  not_word_boundary,
};

/// A compiled pattern is a text of 32-bit little-endian words: the number of instructions, the instructions
/// (operation in the low 8 bits, argument above), then the sets (number of ranges, then first and last of each).
constexpr std::uint32_t max_pattern_instructions = 2'000;

/// Characters by instructions that one step of the budget pays for: a thread's character takes a fraction of a step's time.
constexpr std::uint64_t pattern_characters_per_step = 16;

/// Checks a pattern from an untrusted program: after it, running it stays inside of it.
[[nodiscard]] bool valid_pattern(std::string_view pattern);

/// Whether the pattern, which must be valid, matches anywhere in the text. Costs at most text times instructions.
[[nodiscard]] bool pattern_matches(Evaluator& evaluator, std::string_view pattern, std::string_view text);

}  // namespace wayline
