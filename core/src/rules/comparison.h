// Comparisons of numbers, to which most others come down.
#pragma once

#include "rules/operators.h"

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

}  // namespace wayline
