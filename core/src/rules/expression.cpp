#include "rules/expression.h"

#include <algorithm>

#include "rules/pattern.h"

namespace wayline {
namespace {

/// What a node is: a leaf, by what it refers to, or an operation. `special`: evaluation relies on more than its indexes.
enum Form : std::uint8_t { attribute, segment, intent, journey, constant, operation, special = 8 };

constexpr std::uint8_t form_of(Operator op) {
  switch (op) {
    case Operator::attribute: return attribute;
    case Operator::segment: return segment;
    case Operator::intent:
    case Operator::score: return intent;
    case Operator::stage: return journey;
    case Operator::constant: return constant;
    case Operator::past_property:
    case Operator::scope_path: return constant | special;
    case Operator::or_default:
    case Operator::count:
    case Operator::sum:
    case Operator::first:
    case Operator::last:
    case Operator::distinct:
    case Operator::since:
    case Operator::matches:
    case Operator::missing_attributes:
    case Operator::missing_some_attributes: return operation | special;
    default: return operation;
  }
}

constexpr std::array<std::uint8_t, operator_count> forms = [] {
  std::array<std::uint8_t, operator_count> result{};
  for (std::uint32_t op = 0; op < operator_count; ++op) result[op] = form_of(static_cast<Operator>(op));
  return result;
}();

}  // namespace

ExpressionCheck::ExpressionCheck(const Expressions& expressions, const ReferenceLimits& limits)
    : expressions_(expressions),
      sizes_{limits.attributes, limits.segments, limits.intents, limits.journeys, static_cast<std::uint32_t>(expressions.constants.size())},
      depth_(new std::uint16_t[expressions.nodes.size()]) {}

bool ExpressionCheck::check(NodeIndex index) {
  const Node& node = expressions_.nodes[index];
  const auto op = static_cast<std::uint32_t>(node.op);
  if (op >= operator_count) return false;
  const std::uint8_t form = forms[op];
  const std::uint32_t first = node.first, count = node.count;
  std::uint32_t depth = 0;
  if ((form & ~special) < operation) {
    if (count != 0 || first >= sizes_[form & ~special]) return false;
  } else {
    // Operands come before their node; its depth is one more than theirs.
    if (first > expressions_.operands.size() || count > expressions_.operands.size() - first) return false;
    for (std::uint32_t place = first; place < first + count; ++place) {
      const NodeIndex operand = expressions_.operands[place];
      if (operand >= index) return false;
      if (depth_[operand] > depth) depth = depth_[operand];
    }
    if (++depth > max_expression_depth) return false;
  }
  depth_[index] = static_cast<std::uint16_t>(depth);
  return form < special || holds(node);
}

/// What evaluation relies on beyond the indexes.
bool ExpressionCheck::holds(const Node& node) const {
  switch (node.op) {
    case Operator::past_property: return expressions_.constants[node.first].is_string();
    case Operator::scope_path: {
      const Value parts = expressions_.constants[node.first];
      return parts.is_list() && std::all_of(parts.as_list().begin(), parts.as_list().end(), [](const Value& part) { return part.is_string(); });
    }
    case Operator::or_default: return node.count == 2;
    case Operator::matches: return node.count == 2 && operand(node, 1).is_string() && valid_pattern(operand(node, 1).as_string());
    case Operator::missing_attributes: return node.count % 2 == 0;
    case Operator::missing_some_attributes: return node.count % 2 == 1;
    default: {  // of the history
      if (node.count != 4 || !operand(node, 0).is_string() || !operand(node, 3).is_string()) return false;
      const Value window = operand(node, 2);
      return window.is_number() && window.as_number() >= 0 && window.as_number() <= 9e15;
    }
  }
}

/// An operand that is a constant; missing when it is none.
Value ExpressionCheck::operand(const Node& node, std::uint32_t position) const {
  const Node& inner = expressions_.nodes[expressions_.operands[node.first + position]];
  return inner.op == Operator::constant ? expressions_.constants[inner.first] : Value();
}

bool well_formed(const Expressions& expressions, const ReferenceLimits& limits) {
  ExpressionCheck check(expressions, limits);
  for (NodeIndex index = 0; index < expressions.nodes.size(); ++index) {
    if (!check.check(index)) return false;
  }
  return true;
}

}  // namespace wayline
