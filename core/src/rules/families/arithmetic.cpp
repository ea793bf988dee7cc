// +, -, *, /, %, min, max over IEEE doubles.
#include <cmath>
#include <limits>

#include "rules/evaluator.h"

namespace wayline::operators {

// JsonLogic: + is parseFloat over all operands.
Value add(Evaluator& evaluator, const Node& node) {
  double sum = 0;
  for (std::uint32_t i = 0; i < node.count; ++i) sum = sum + to_float(evaluator.operand(node, i));
  return Value::number(sum);
}

// JsonLogic: a single operand is negated.
Value subtract(Evaluator& evaluator, const Node& node) {
  const Value left = evaluator.operand(node, 0), right = evaluator.operand(node, 1);
  if (right.is_missing()) return Value::number(-to_number(left));
  return Value::number(to_number(left) - to_number(right));
}

// JsonLogic: * is parseFloat over all operands, but a single one is returned as it is. The reference throws without any.
Value multiply(Evaluator& evaluator, const Node& node) {
  if (node.count == 0) return Value::null();
  if (node.count == 1) return evaluator.own_operand(node, 0);
  double product = to_float(evaluator.operand(node, 0));
  for (std::uint32_t i = 1; i < node.count; ++i) product = to_float(Value::number(product)) * to_float(evaluator.operand(node, i));
  return Value::number(product);
}

Value divide(Evaluator& evaluator, const Node& node) {
  const Value left = evaluator.operand(node, 0), right = evaluator.operand(node, 1);
  return Value::number(to_number(left) / to_number(right));
}

Value remainder(Evaluator& evaluator, const Node& node) {
  const Value left = evaluator.operand(node, 0), right = evaluator.operand(node, 1);
  return Value::number(std::fmod(to_number(left), to_number(right)));
}

// Math.min: not a number when any operand is none; -0 is less than 0.
Value min(Evaluator& evaluator, const Node& node) {
  double least = std::numeric_limits<double>::infinity();
  for (std::uint32_t i = 0; i < node.count; ++i) {
    const double number = to_number(evaluator.operand(node, i));
    if (std::isnan(number) || number < least || (number == least && std::signbit(number))) least = std::isnan(least) ? least : number;
  }
  return Value::number(least);
}

Value max(Evaluator& evaluator, const Node& node) {
  double most = -std::numeric_limits<double>::infinity();
  for (std::uint32_t i = 0; i < node.count; ++i) {
    const double number = to_number(evaluator.operand(node, i));
    if (std::isnan(number) || number > most || (number == most && !std::signbit(number))) most = std::isnan(most) ? most : number;
  }
  return Value::number(most);
}

}  // namespace wayline::operators
