// Walking into values the way JavaScript's property access does, own properties only.
#pragma once

#include <span>
#include <string_view>

#include "rules/evaluator.h"

namespace wayline {

/// One step: a member of an object, an item or the length of a list or text; missing when there is none.
[[nodiscard]] Value step_into(Evaluator& evaluator, const Value& value, std::string_view key);
/// Step by step; missing when a part finds nothing.
[[nodiscard]] Value walk_parts(Evaluator& evaluator, Value value, std::span<const Value> parts);
/// The same for a dotted path. Empty parts are keys like others.
[[nodiscard]] Value walk_path(Evaluator& evaluator, Value value, std::string_view dotted);

}  // namespace wayline
