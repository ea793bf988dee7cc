// Why a condition holds or does not: the one predicate that decided, as its author wrote it, and the value it saw.
#pragma once

#include <optional>
#include <string>

#include "profile/environment.h"
#include "program/tables.h"

namespace wayline {

struct DecidingPredicate {
  std::string text;  // the rule's JSON, shortened when it is long
  Value result;      // true or false
  Value saw;         // what its first operand that reads something was, or it itself
};

/// Nothing for a condition that is not there. The values live as those of the environment's evaluations.
[[nodiscard]] std::optional<DecidingPredicate> deciding_predicate(const program::Tables& tables, NodeIndex condition, StateEnvironment& environment);

/// The part of a condition that made it what it is.
[[nodiscard]] NodeIndex deciding_part(const program::Tables& tables, NodeIndex condition, StateEnvironment& environment);

/// The path of an attribute as rules write it, such as "profile.tier".
[[nodiscard]] std::string attribute_path(const program::Tables& tables, std::uint32_t index);

/// Characters of a rule in one line of a panel.
constexpr std::size_t longest_rule_text = 300;

/// A lowered rule as JSON text again, names instead of indexes; what is longer than `longest` is cut with an ellipsis.
[[nodiscard]] std::string rule_text(const program::Tables& tables, NodeIndex rule, std::size_t longest = longest_rule_text);

}  // namespace wayline
