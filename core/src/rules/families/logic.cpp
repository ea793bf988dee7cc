// if, and, or, !, !!
#include "rules/evaluator.h"

namespace wayline::operators {

// JsonLogic: if. Condition, value, condition, value, …, and perhaps what else.
Value if_(Evaluator& evaluator, const Node& node) {
  std::uint32_t i = 0;
  for (; i + 1 < node.count; i += 2) {
    if (truthy(evaluator.operand(node, i))) return evaluator.own_operand(node, i + 1);
  }
  return i < node.count ? evaluator.own_operand(node, i) : Value::null();
}

// JsonLogic: and. The first false operand, else the last one.
Value and_(Evaluator& evaluator, const Node& node) {
  Value current;
  for (std::uint32_t i = 0; i < node.count; ++i) {
    current = evaluator.own_operand(node, i);
    if (!truthy(current)) break;
  }
  return current;
}

// JsonLogic: or. The first true operand, else the last one.
Value or_(Evaluator& evaluator, const Node& node) {
  Value current;
  for (std::uint32_t i = 0; i < node.count; ++i) {
    current = evaluator.own_operand(node, i);
    if (truthy(current)) break;
  }
  return current;
}

Value not_(Evaluator& evaluator, const Node& node) { return Value::boolean(!truthy(evaluator.operand(node, 0))); }

Value truth(Evaluator& evaluator, const Node& node) { return Value::boolean(truthy(evaluator.operand(node, 0))); }

}  // namespace wayline::operators
