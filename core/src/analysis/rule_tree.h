// A condition with the value of each of its parts, as text: what the command line and the studio show of "why" beyond the one predicate.
#pragma once

#include <string>

#include "profile/environment.h"
#include "program/tables.h"
#include "wayline/result.h"

namespace wayline::analysis {

/// Lines of one tree: more than anybody reads, and a hostile program may name one part of a rule in many places.
constexpr std::size_t max_tree_lines = 1'000;
/// Bytes of a value in a line.
constexpr std::size_t max_tree_value = 120;

/// A condition as the environment finds it. One line for each part that reads or computes something, indented below the part that it belongs to: its value,
/// and the part as JSON, in the order of the program; the predicate that decided is marked. A definition that is used is unfolded. What a list operator or a look at
/// the history asks of each item is not: it has no one value. Empty where there is no condition.
[[nodiscard]] std::string rule_tree(const program::Tables& tables, NodeIndex condition, StateEnvironment& environment);

/// The same of the condition of an experience for the visitor of a state document, as Session::decide() would find it: `request` is
/// `{"experience": id, "at", "page"?: {…}}`.
/// Errors: state.malformed, state.from_future, step.malformed, also for an experience that the program does not have.
[[nodiscard]] Result<std::string> rule_tree(const program::Tables& tables, const Value& state, const Value& request);

}  // namespace wayline::analysis
