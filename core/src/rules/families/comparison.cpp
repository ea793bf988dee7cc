// ==, !=, ===, !==, <, <=, >, >=, as JavaScript compares.
#include "base/utf.h"
#include "rules/comparison.h"
#include "rules/evaluator.h"

namespace wayline {
namespace {

bool loosely(Evaluator& evaluator, const Node& node) {
  const Value left = evaluator.own_operand(node, 0), right = evaluator.own_operand(node, 1);
  if (left.kind() == right.kind()) return strictly_equal(left, right);
  switch (loosely_equal_kinds(left, right)) {
    case Loosely::unequal: return false;
    case Loosely::equal: return true;
    case Loosely::needs_text: return to_text(evaluator, left) == to_text(evaluator, right);
  }
  return false;
}

bool strictly(Evaluator& evaluator, const Node& node) {
  const Value left = evaluator.own_operand(node, 0), right = evaluator.own_operand(node, 1);
  return strictly_equal(left, right);
}

/// What ToPrimitive leaves as it is.
bool is_primitive(const Value& value) { return !value.is_list() && !value.is_object(); }

/// ECMA-262 IsLessThan, as each of <, <=, > and >= asks it.
bool ordered(Evaluator& evaluator, Operator op, const Value& left, const Value& right) {
  if (left.is_number() && right.is_number()) return holds_between(op, left.as_number(), right.as_number());
  const bool left_text = left.is_string() || !is_primitive(left), right_text = right.is_string() || !is_primitive(right);
  if (left_text && right_text) return holds_between(op, compare_utf16(to_text(evaluator, left), to_text(evaluator, right)), 0);
  return holds_between(op, to_number(left), to_number(right));
}

/// An operand of a comparison. A score that is compared with one number is told with which: so it is known how long the outcome stands.
inline Value compared(Evaluator& evaluator, const Node& node, std::uint32_t position) {
  if (node.count == 2) {
    const Node& inner = evaluator.operand_node(node, position);
    const Node& other = evaluator.operand_node(node, 1 - position);
    if ((inner.op == Operator::intent || inner.op == Operator::score) && other.op == Operator::constant && evaluator.constant(other.first).is_number() &&
        evaluator.spend(1)) {
      return Value::number(evaluator.environment().intent(inner.first, evaluator.constant(other.first).as_number()));
    }
  }
  return evaluator.operand(node, position);
}

/// `<` and `<=`: with a third operand, whether the second is between the others.
Value ascending(Evaluator& evaluator, const Node& node) {
  const Value left = compared(evaluator, node, 0), middle = compared(evaluator, node, 1);
  if (!ordered(evaluator, node.op, left, middle)) return Value::boolean(false);
  const Value right = evaluator.operand(node, 2);
  return Value::boolean(right.is_missing() || ordered(evaluator, node.op, middle, right));
}

Value descending(Evaluator& evaluator, const Node& node) {
  const Value left = compared(evaluator, node, 0), right = compared(evaluator, node, 1);
  return Value::boolean(ordered(evaluator, node.op, left, right));
}

}  // namespace

namespace operators {

Value equal(Evaluator& evaluator, const Node& node) { return Value::boolean(loosely(evaluator, node)); }
Value not_equal(Evaluator& evaluator, const Node& node) { return Value::boolean(!loosely(evaluator, node)); }
Value same(Evaluator& evaluator, const Node& node) { return Value::boolean(strictly(evaluator, node)); }
Value not_same(Evaluator& evaluator, const Node& node) { return Value::boolean(!strictly(evaluator, node)); }

Value less(Evaluator& evaluator, const Node& node) { return ascending(evaluator, node); }
Value less_or_equal(Evaluator& evaluator, const Node& node) { return ascending(evaluator, node); }
Value greater(Evaluator& evaluator, const Node& node) { return descending(evaluator, node); }
Value greater_or_equal(Evaluator& evaluator, const Node& node) { return descending(evaluator, node); }

}  // namespace operators
}  // namespace wayline
