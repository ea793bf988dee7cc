// Comparisons of numbers, to which most others come down, and those that need no conversion.
#pragma once

#include <optional>

#include "rules/operators.h"
#include "wayline/value.h"

namespace wayline {

/// ==, <, <=, > or >= between numbers, by the operator; with NaN none holds.
[[nodiscard]] inline bool holds_between(Operator op, double left, double right) {
  switch (op) {
    case Operator::less: return left < right;
    case Operator::less_or_equal: return left <= right;
    case Operator::greater: return left > right;
    case Operator::greater_or_equal: return left >= right;
    default: return left == right;
  }
}

/// The same between numbers, and == of a text or nothing with a text. No answer for other values: they have to be converted first.
[[nodiscard]] inline std::optional<bool> holds_unconverted(Operator op, const Value& left, const Value& right) {
  if (left.is_number() && right.is_number()) return holds_between(op, left.as_number(), right.as_number());
  if (op == Operator::equal && right.is_string() && (left.is_string() || left.is_nothing())) return left.kind() == right.kind() && left.as_string() == right.as_string();
  return std::nullopt;
}

}  // namespace wayline
