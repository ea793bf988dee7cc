// Conditions that are none: what only stands for itself, where something was to be asked.
#pragma once

#include <string>
#include <vector>

#include "wayline/value.h"

namespace wayline::document {

struct NoCondition {
  const Value* at;
  std::string message;
  std::string hint;
};

/// The condition, or those of the parts that `and`, `or` and `!` join, that are no operations and not plainly true or false.
/// `of_past_event`: it is asked of a past event, as the `where` of a history operator is.
[[nodiscard]] std::vector<NoCondition> find_no_conditions(const Value& condition, bool of_past_event);

}  // namespace wayline::document
