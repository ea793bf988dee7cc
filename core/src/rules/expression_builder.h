// Builds the flat graph of rules/expression.h: equal nodes and constants are shared, what is constant is folded.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "rules/expression.h"

namespace wayline {

class ExpressionBuilder {
 public:
  ExpressionBuilder() = default;
  ExpressionBuilder(const ExpressionBuilder&) = delete;
  ExpressionBuilder& operator=(const ExpressionBuilder&) = delete;

  /// A node of that operation, or the constant or operand that it always equals. At most 65,535 operands.
  [[nodiscard]] NodeIndex add(Operator op, std::span<const NodeIndex> operands, std::uint8_t flags = 0);
  /// A leaf with an index of its own table.
  [[nodiscard]] NodeIndex leaf(Operator op, std::uint32_t index);
  /// A leaf that refers to a constant.
  [[nodiscard]] NodeIndex leaf(Operator op, const Value& constant_value) { return leaf(op, constant(constant_value)); }
  [[nodiscard]] NodeIndex constant_node(const Value& value) { return leaf(Operator::constant, constant(value)); }

  /// The index of a constant; it is copied. Equal ones share an index.
  [[nodiscard]] std::uint32_t constant(const Value& value);

  /// The value of a constant node, null for others. Valid until the next constant is added.
  [[nodiscard]] const Value* constant_of(NodeIndex node) const;
  [[nodiscard]] const Node& node(NodeIndex index) const { return nodes_[index]; }

  /// What one evaluation of the node takes, in the steps of operators.def; `costly` when that depends on how much data it meets.
  [[nodiscard]] std::uint32_t cost(NodeIndex index) const { return costs_[index]; }
  void set_costly(NodeIndex index) { costs_[index] = costly; }
  static constexpr std::uint32_t costly = 0xFFFFFFFF;

  /// Valid until the builder changes.
  [[nodiscard]] Expressions view() const { return {nodes_, operands_, constants_}; }

 private:
  [[nodiscard]] NodeIndex intern(const Node& node, std::span<const NodeIndex> operands);
  [[nodiscard]] std::uint32_t cost_of(const Node& node, std::span<const NodeIndex> operands) const;
  [[nodiscard]] bool simplify(Operator op, std::vector<NodeIndex>& operands) const;
  [[nodiscard]] bool fold(Operator op, std::span<const NodeIndex> operands, std::uint8_t flags, NodeIndex& result);

  std::vector<Node> nodes_;
  std::vector<std::uint32_t> costs_;  // of the nodes
  std::vector<NodeIndex> operands_;
  std::vector<Value> constants_;
  Arena arena_;
  // Look-up only; never iterated.
  std::unordered_map<std::string, NodeIndex> known_nodes_;
  std::unordered_map<std::string, std::uint32_t> known_constants_;
};

}  // namespace wayline
