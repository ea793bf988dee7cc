// Walking into values the way JavaScript's property access does, own properties only.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "rules/evaluator.h"

namespace wayline {

/// One step: a member of an object, an item or the length of a list or text; missing when there is none. `arena` holds a text's code unit.
[[nodiscard]] Value step_into(const Value& value, std::string_view key, Arena& arena);
/// Step by step along a dotted path; missing when a part finds nothing. Empty parts are keys like others. Adds to `cost` the steps that it takes
/// beyond the one of who asks: texts are counted through.
[[nodiscard]] Value walk_path(Value value, std::string_view dotted, Arena& arena, std::uint64_t& cost);
/// The same, paid from the evaluator's budget.
[[nodiscard]] Value walk_path(Evaluator& evaluator, const Value& value, std::string_view dotted);
[[nodiscard]] Value walk_parts(Evaluator& evaluator, Value value, std::span<const Value> parts);

}  // namespace wayline
