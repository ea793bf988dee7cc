#include "rules/expression.h"

#include <algorithm>
#include <vector>

#include "rules/pattern.h"

namespace wayline {
namespace {

class Checker {
 public:
  Checker(const Expressions& expressions, const ReferenceLimits& limits)
      : expressions_(expressions), limits_(limits), depth_(expressions.nodes.size()) {}

  bool run() {
    for (std::uint32_t index = 0; index < expressions_.nodes.size(); ++index) {
      if (!check(index)) return false;
    }
    return true;
  }

 private:
  /// A function of its own: while a program is loaded, a browser makes functions faster that are called often, and never a running loop.
  [[gnu::noinline]] bool check(std::uint32_t index) {
    const Node& node = expressions_.nodes[index];
    if (static_cast<std::uint32_t>(node.op) >= operator_count) return false;
    return is_leaf(node.op) ? node.count == 0 && leaf(node) : operands(index, node) && form(node);
  }

  static bool is_leaf(Operator op) {
    switch (op) {
      case Operator::constant:
      case Operator::attribute:
      case Operator::scope_path:
      case Operator::past_property:
      case Operator::segment:
      case Operator::intent:
      case Operator::score:
      case Operator::stage: return true;
      default: return false;
    }
  }

  bool leaf(const Node& node) {
    switch (node.op) {
      case Operator::attribute: return node.first < limits_.attributes;
      case Operator::segment: return node.first < limits_.segments;
      case Operator::intent:
      case Operator::score: return node.first < limits_.intents;
      case Operator::stage: return node.first < limits_.journeys;
      case Operator::constant: return node.first < expressions_.constants.size();
      case Operator::past_property: return constant(node.first).is_string();
      default: {  // scope_path
        const Value parts = constant(node.first);
        return parts.is_list() && std::all_of(parts.as_list().begin(), parts.as_list().end(), [](const Value& part) { return part.is_string(); });
      }
    }
  }

  /// Operands come before their node; its depth is one more than theirs.
  bool operands(std::uint32_t index, const Node& node) {
    if (std::uint64_t{node.first} + node.count > expressions_.operands.size()) return false;
    std::uint16_t deepest = 0;
    for (const NodeIndex operand : expressions_.operands.subspan(node.first, node.count)) {
      if (operand >= index) return false;
      deepest = std::max(deepest, depth_[operand]);
    }
    depth_[index] = static_cast<std::uint16_t>(deepest + 1);
    return depth_[index] <= max_expression_depth;
  }

  /// What evaluation relies on beyond the indexes.
  bool form(const Node& node) {
    switch (node.op) {
      case Operator::or_default: return node.count == 2;
      case Operator::count:
      case Operator::sum:
      case Operator::first:
      case Operator::last:
      case Operator::distinct:
      case Operator::since: {
        if (node.count != 4 || !operand(node, 0).is_string() || !operand(node, 3).is_string()) return false;
        const Value window = operand(node, 2);
        return window.is_number() && window.as_number() >= 0 && window.as_number() <= 9e15;
      }
      case Operator::matches: return node.count == 2 && operand(node, 1).is_string() && valid_pattern(operand(node, 1).as_string());
      case Operator::missing_attributes: return node.count % 2 == 0;
      case Operator::missing_some_attributes: return node.count % 2 == 1;
      default: return true;
    }
  }

  Value constant(std::uint32_t index) const { return index < expressions_.constants.size() ? expressions_.constants[index] : Value(); }
  /// An operand that is a constant; missing when it is none.
  Value operand(const Node& node, std::uint32_t position) const {
    const Node& inner = expressions_.nodes[expressions_.operands[node.first + position]];
    return inner.op == Operator::constant ? constant(inner.first) : Value();
  }

  const Expressions& expressions_;
  const ReferenceLimits& limits_;
  std::vector<std::uint16_t> depth_;
};

}  // namespace

bool well_formed(const Expressions& expressions, const ReferenceLimits& limits) { return Checker(expressions, limits).run(); }

}  // namespace wayline
