// The state of one evaluation, shared by the operator families. Internal to rules/.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "rules/coerce.h"
#include "rules/evaluate.h"

namespace wayline {

class Evaluator {
 public:
  Evaluator(const Expressions& expressions, const Value& data, Environment& environment, Arena& arena, const EvaluationLimits& limits)
      : nodes_(expressions.nodes.data()), operands_(expressions.operands.data()), constants_(expressions.constants.data()),
        environment_(environment), arena_(arena), root_(data), scope_(data), steps_left_(limits.steps), memory_left_(limits.memory) {}

  /// The value of a node. Lists and objects of the rule itself are copied, so that no two of them are the same one.
  [[nodiscard]] Value value(NodeIndex index);
  /// The value of an operand, missing when there is none. Constants are not copied: not for results, nor to compare by identity.
  /// Constants and attributes, which most operands are, are fetched without a call of value().
  [[nodiscard]] Value operand(const Node& node, std::uint32_t position) {
    if (position >= node.count) return {};
    const Node& inner = operand_node(node, position);
    if (inner.op == Operator::constant) return constants_[inner.first];
    if (inner.op == Operator::attribute && spend(1)) return fetch_attribute(inner.first);
    return value(operand_index(node, position));
  }
  /// As operand(), but a value of its own.
  [[nodiscard]] Value own_operand(const Node& node, std::uint32_t position) {
    if (position >= node.count) return {};
    const Node& inner = operand_node(node, position);
    if (inner.op == Operator::constant && !constants_[inner.first].is_list() && !constants_[inner.first].is_object()) return constants_[inner.first];
    if (inner.op == Operator::attribute && spend(1)) return fetch_attribute(inner.first);
    return value(operand_index(node, position));
  }
  [[nodiscard]] NodeIndex operand_index(const Node& node, std::uint32_t position) const { return operands_[node.first + position]; }
  [[nodiscard]] const Node& operand_node(const Node& node, std::uint32_t position) const { return nodes_[operand_index(node, position)]; }
  /// What a reading node finds: missing, where value() gives null.
  [[nodiscard]] Value read(NodeIndex index);
  [[nodiscard]] const Value& constant(std::uint32_t index) const { return constants_[index]; }

  /// Pays for work; false when the budget is used up, and then every value is null until the evaluation ends.
  bool spend(std::uint64_t steps) {
    if (steps < steps_left_) {
      steps_left_ -= steps;
      return true;
    }
    return exhaust();
  }
  [[nodiscard]] bool over_budget() const { return over_budget_; }
  [[nodiscard]] Value fetch_attribute(std::uint32_t index) {
    const Value found = environment_.attribute(index, arena_);
    return found.is_missing() ? Value::null() : found;
  }
  [[nodiscard]] std::uint64_t steps_left() const { return steps_left_; }

  /// Room for a list of its own, null when the budget does not allow it.
  [[nodiscard]] Value* new_list(std::size_t count) { return static_cast<Value*>(new_bytes(count * sizeof(Value))); }
  [[nodiscard]] char* new_text(std::size_t size) { return static_cast<char*>(new_bytes(size)); }
  /// At least one byte, aligned to 8, so that addresses tell values apart.
  [[nodiscard]] void* new_bytes(std::size_t size);

  [[nodiscard]] Arena& arena() { return arena_; }
  [[nodiscard]] Environment& environment() { return environment_; }
  [[nodiscard]] const Value& root() const { return root_; }
  [[nodiscard]] const Value& scope() const { return scope_; }

  /// Evaluates with another scope. `ephemeral`: the scope's members are on the stack of the caller.
  [[nodiscard]] Value value_in(NodeIndex index, const Value& scope, bool ephemeral) {
    const Value outer = scope_;
    const bool outer_ephemeral = ephemeral_scope_;
    scope_ = scope;
    ephemeral_scope_ = ephemeral;
    const Value result = value(index);
    scope_ = outer;
    ephemeral_scope_ = outer_ephemeral;
    return result;
  }
  /// The scope as a value that outlives it.
  [[nodiscard]] Value lasting_scope();

  /// The past event whose conditions are being evaluated; null outside of them.
  const PastEvent* past_event = nullptr;

 private:
  bool exhaust() {
    steps_left_ = 0;
    over_budget_ = true;
    return false;
  }

  const Node* nodes_;
  const NodeIndex* operands_;
  const Value* constants_;
  Environment& environment_;
  Arena& arena_;
  Value root_;
  Value scope_;
  std::uint64_t steps_left_;
  std::size_t memory_left_;  // of its own: what definitions take that it uses depends on whether they are remembered
  bool over_budget_ = false;
  bool ephemeral_scope_ = false;
};

/// Grows a text in the evaluation's arena. Halves of a surrogate pair that meet become one character.
class TextBuilder {
 public:
  explicit TextBuilder(Evaluator& evaluator) : evaluator_(evaluator) {}
  void append(std::string_view text);
  /// String(value); lists are joined by commas, nothing is "" inside of them.
  void append_string(const Value& value) { append_value(value, 0); }
  /// As Array.prototype.join treats an item: nothing is "".
  void append_item(const Value& value) {
    if (!value.is_nothing()) append_string(value);
  }
  [[nodiscard]] Value build() const { return Value::string({text_, size_}); }
  [[nodiscard]] std::string_view view() const { return {text_, size_}; }

 private:
  void append_value(const Value& value, std::uint32_t depth);
  bool reserve(std::size_t more);

  Evaluator& evaluator_;
  char* text_ = nullptr;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

/// String(value) as a view: of the value itself where it is a text, else built in the arena.
[[nodiscard]] std::string_view to_text(Evaluator& evaluator, const Value& value);

/// The property of the past event whose condition is being evaluated that the node names; missing where it has none.
[[nodiscard]] Value read_past_property(Evaluator& evaluator, const Node& node);

/// One function for each operator, in the file of its family.
namespace operators {
#define WAYLINE_NODE(id, family, cost) [[gnu::noinline]] Value id(Evaluator& evaluator, const Node& node);
#define WAYLINE_OPERATOR(id, spelling, family, least, most, cost, purity) [[gnu::noinline]] Value id(Evaluator& evaluator, const Node& node);
#include "rules/operators.def"
}  // namespace operators

}  // namespace wayline
