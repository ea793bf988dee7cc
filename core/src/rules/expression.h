// The lowered form of rules: one flat graph of nodes for a whole pack, equal sub-expressions shared.
// The layout is stored as it is in a program, so every index is checked when a program is loaded.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>

#include "rules/operators.h"
#include "wayline/value.h"

namespace wayline {

using NodeIndex = std::uint32_t;

/// On missing and missing_some: keys are paths from the roots of the pack, not parts of the scope.
constexpr std::uint8_t rooted_flag = 1;

/// One operation. Its operands are nodes with smaller indexes, so the graph has no cycles by construction.
struct Node {
  Operator op = Operator::constant;
  std::uint8_t flags = 0;
  std::uint16_t count = 0;   // operands
  std::uint32_t first = 0;   // index of the first operand in Expressions::operands; for leaves an index of their own table
};
static_assert(sizeof(Node) == 8);

/// A read-only view over the graph; everything lives in a program or in an ExpressionBuilder.
struct Expressions {
  std::span<const Node> nodes;
  std::span<const NodeIndex> operands;
  std::span<const Value> constants;
};

/// The operands of a node; empty for leaves.
[[nodiscard]] inline std::span<const NodeIndex> operands_of(const Expressions& expressions, const Node& node) {
  return node.count == 0 ? std::span<const NodeIndex>() : expressions.operands.subspan(node.first, node.count);
}

/// Nested operations of one rule: evaluation recurses that deep, and both the native and the wasm stack must suffice.
constexpr std::uint32_t max_expression_depth = 256;

/// Nesting of a constant list or object inside a program, for whoever walks it.
constexpr std::uint32_t max_constant_depth = 60;

/// The sizes of a program's tables.
struct ReferenceLimits {
  std::uint32_t attributes = 0;
  std::uint32_t segments = 0;
  std::uint32_t intents = 0;
  std::uint32_t journeys = 0;
};

/// Index checks for untrusted input: operands in bounds and smaller than their node, nesting bounded, leaves inside their tables, constants of
/// the form that their operator reads.
class ExpressionCheck {
 public:
  /// What the expressions view must outlive the check.
  ExpressionCheck(const Expressions& expressions, const ReferenceLimits& limits);
  /// To be asked for every node, in their order.
  [[nodiscard]] bool check(NodeIndex index);

 private:
  [[nodiscard]] bool holds(const Node& node) const;
  [[nodiscard]] Value operand(const Node& node, std::uint32_t position) const;

  Expressions expressions_;
  std::array<std::uint32_t, 5> sizes_;      // of what leaves refer to
  std::unique_ptr<std::uint16_t[]> depth_;  // of the nodes so far
};
/// Whether it holds for all of them.
[[nodiscard]] bool well_formed(const Expressions& expressions, const ReferenceLimits& limits);

}  // namespace wayline
