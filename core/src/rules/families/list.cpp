// merge, map, filter, reduce, all, none, some. Inside the second operand `var` reads the item.
#include <memory>
#include <new>

#include "rules/evaluator.h"

namespace wayline {
namespace {

/// The second operand for one item; missing when the rule has none.
Value at_item(Evaluator& evaluator, const Node& node, const Value& item) {
  return node.count > 1 ? evaluator.value_in(evaluator.operand_index(node, 1), item, false) : Value();
}

/// How many items of the list the condition holds for, looking no further than `enough`.
std::size_t matching(Evaluator& evaluator, const Node& node, std::span<const Value> items, bool wanted, std::size_t enough) {
  std::size_t found = 0;
  for (const Value& item : items) {
    if (truthy(at_item(evaluator, node, item)) == wanted && ++found == enough) break;
    if (evaluator.over_budget()) break;
  }
  return found;
}

}  // namespace

namespace operators {

// JsonLogic: merge is Array.prototype.concat: lists are opened, one level.
Value merge(Evaluator& evaluator, const Node& node) {
  Value* parts = evaluator.new_list(node.count);
  if (parts == nullptr) return {};
  std::size_t total = 0;
  for (std::uint32_t i = 0; i < node.count; ++i) {
    new (&parts[i]) Value(evaluator.operand(node, i));
    total += parts[i].is_list() ? parts[i].as_list().size() : 1;
  }
  Value* items = evaluator.spend(total / 8) ? evaluator.new_list(total) : nullptr;
  if (items == nullptr) return {};
  Value* next = items;
  for (const Value& part : std::span<const Value>(parts, node.count)) {
    if (part.is_list()) next = std::uninitialized_copy(part.as_list().begin(), part.as_list().end(), next);
    else new (next++) Value(part);
  }
  return Value::list({items, total});
}

Value map(Evaluator& evaluator, const Node& node) {
  const Value source = evaluator.operand(node, 0);
  const std::size_t count = source.is_list() ? source.as_list().size() : 0;
  Value* items = evaluator.new_list(count);
  if (items == nullptr) return {};
  for (std::size_t i = 0; i < count; ++i) {
    new (&items[i]) Value(at_item(evaluator, node, source.as_list()[i]));
    if (evaluator.over_budget()) return {};
  }
  return Value::list({items, count});
}

Value filter(Evaluator& evaluator, const Node& node) {
  const Value source = evaluator.operand(node, 0);
  Value* items = evaluator.new_list(source.is_list() ? source.as_list().size() : 0);
  if (items == nullptr) return {};
  std::size_t count = 0;
  if (source.is_list()) {
    for (const Value& item : source.as_list()) {
      if (truthy(at_item(evaluator, node, item))) new (&items[count++]) Value(item);
      if (evaluator.over_budget()) return {};
    }
  }
  return Value::list({items, count});
}

// JsonLogic: reduce. `var` reads `current` and `accumulator`.
Value reduce(Evaluator& evaluator, const Node& node) {
  const Value source = evaluator.operand(node, 0);
  Value accumulator = node.count > 2 ? evaluator.own_operand(node, 2) : Value::null();
  if (!source.is_list()) return accumulator;
  for (const Value& item : source.as_list()) {
    const Member scope[] = {{"current", item}, {"accumulator", accumulator}};
    accumulator = node.count > 1 ? evaluator.value_in(evaluator.operand_index(node, 1), Value::object(scope), true) : Value();
    if (evaluator.over_budget()) return {};
  }
  return accumulator;
}

// JsonLogic: all of nothing is false.
Value all(Evaluator& evaluator, const Node& node) {
  const Value source = evaluator.operand(node, 0);
  if (!source.is_list() || source.as_list().empty()) return Value::boolean(false);
  return Value::boolean(matching(evaluator, node, source.as_list(), false, 1) == 0);
}

Value none(Evaluator& evaluator, const Node& node) {
  const Value source = evaluator.operand(node, 0);
  return Value::boolean(!source.is_list() || matching(evaluator, node, source.as_list(), true, 1) == 0);
}

Value some(Evaluator& evaluator, const Node& node) {
  const Value source = evaluator.operand(node, 0);
  return Value::boolean(source.is_list() && matching(evaluator, node, source.as_list(), true, 1) != 0);
}

}  // namespace operators
}  // namespace wayline
