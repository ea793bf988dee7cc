// What a lowered rule may cost at most, in the steps of its budget (rules/evaluate.h), before it has ever run. A tool.
#pragma once

#include <cstdint>
#include <vector>

#include "rules/expression.h"

namespace wayline {

/// How much data a rule is assumed to meet. What the engine bounds is bounded the same here; for the rest, sizes that
/// real events stay below. Data that a hostile page makes larger is cut by the budget, whatever is said here.
struct CostAssumptions {
  std::uint32_t past_events = 4'000;  // of one name: as many as a state keeps
  std::uint32_t list_items = 1'000;   // a basket, a page's products; an event holds 32 KiB
  std::uint32_t text_bytes = 2'048;   // the longest URL that every browser and server takes
  std::uint32_t recall = 0;           // beside its own step, of a definition that is asked for: a page pays one for each that it remembers
  std::vector<bool> definitions = {};  // whether an attribute is one, by its index; empty: none
};

/// Worst cases of every node of a graph, each operand counted as often as it is evaluated.
class Costs {
 public:
  /// Takes time in proportion to the graph.
  explicit Costs(const Expressions& expressions, const CostAssumptions& assumptions = {});
  /// Steps that evaluating the node takes at most. Segments and computed attributes that it reads have budgets of their own.
  [[nodiscard]] std::uint64_t steps(NodeIndex node) const { return bounds_[node].steps; }

 private:
  /// At most that: steps to evaluate, and items and bytes of what it gives. Sums stop at a number that nothing reaches.
  struct Bound {
    std::uint64_t steps = 0;
    std::uint64_t items = 1;
    std::uint64_t bytes = 0;
  };
  [[nodiscard]] Bound bound(const Node& node) const;
  [[nodiscard]] Bound constant(const Value& value) const;
  [[nodiscard]] Bound text(const Node& node, const Bound& sum) const;
  [[nodiscard]] Bound each_item(const Node& node, const Bound& sum) const;
  [[nodiscard]] Bound past(const Node& node, const Bound& sum) const;
  [[nodiscard]] Bound pattern(const Node& node, const Bound& sum) const;
  /// Whether the operand is certain to be a list.
  [[nodiscard]] bool is_list(const Node& node, std::uint32_t place) const;
  [[nodiscard]] const Bound& operand(const Node& node, std::uint32_t place) const;

  const Expressions& expressions_;
  CostAssumptions assumptions_;
  std::vector<Bound> bounds_;
};

}  // namespace wayline
