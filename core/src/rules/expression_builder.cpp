#include "rules/expression_builder.h"

#include <algorithm>
#include <cstring>

#include "rules/evaluate.h"
#include "rules/no_environment.h"

namespace wayline {
namespace {

/// A constant worth keeping instead of the operation that makes it.
constexpr std::size_t largest_folded = 4096;

template <typename T>
void append_raw(std::string& key, const T& value) {
  key.append(reinterpret_cast<const char*>(&value), sizeof value);
}

/// A spelling that only equal constants have: kinds, lengths, bits.
void append_key(std::string& key, const Value& value) {
  key += static_cast<char>(value.kind());
  switch (value.kind()) {
    case Kind::boolean: key += value.as_boolean() ? '1' : '0'; return;
    case Kind::number: append_raw(key, value.as_number()); return;
    case Kind::string:
      append_raw(key, value.as_string().size());
      key += value.as_string();
      return;
    case Kind::list:
      append_raw(key, value.as_list().size());
      for (const Value& item : value.as_list()) append_key(key, item);
      return;
    case Kind::object:
      append_raw(key, value.as_object().size());
      for (const Member& member : value.as_object()) {
        append_key(key, Value::string(member.key));
        append_key(key, member.value);
      }
      return;
    default: return;
  }
}

}  // namespace

std::uint32_t ExpressionBuilder::constant(const Value& value) {
  std::string key;
  append_key(key, value);
  const auto [found, fresh] = known_constants_.try_emplace(std::move(key), static_cast<std::uint32_t>(constants_.size()));
  if (fresh) constants_.push_back(copy(value, arena_));
  return found->second;
}

const Value* ExpressionBuilder::constant_of(NodeIndex index) const {
  return nodes_[index].op == Operator::constant ? &constants_[nodes_[index].first] : nullptr;
}

NodeIndex ExpressionBuilder::leaf(Operator op, std::uint32_t index) { return intern({op, 0, 0, index}, {}); }

NodeIndex ExpressionBuilder::intern(const Node& node, std::span<const NodeIndex> operands) {
  std::string key;
  key += static_cast<char>(node.op);
  key += static_cast<char>(node.flags);
  append_raw(key, node.count);
  if (operands.empty()) append_raw(key, node.first);
  for (const NodeIndex operand : operands) append_raw(key, operand);
  const auto [found, fresh] = known_nodes_.try_emplace(std::move(key), static_cast<NodeIndex>(nodes_.size()));
  if (!fresh) return found->second;
  Node added = node;
  if (!operands.empty()) {
    added.first = static_cast<std::uint32_t>(operands_.size());
    operands_.insert(operands_.end(), operands.begin(), operands.end());
  }
  nodes_.push_back(added);
  costs_.push_back(cost_of(node, operands));
  return found->second;
}

std::uint32_t ExpressionBuilder::cost_of(const Node& node, std::span<const NodeIndex> operands) const {
  const OperatorInfo& about = info(node.op);
  switch (about.family) {
    case Family::list:
    case Family::history:
    case Family::pattern:
    case Family::text: {
      const bool fixed = node.op == Operator::past_property || node.op == Operator::past_time || node.op == Operator::starts_with || node.op == Operator::ends_with ||
                         (node.op == Operator::in && operands.size() > 1 && constant_of(operands[1]) != nullptr && constant_of(operands[1])->is_list());
      if (!fixed) return costly;
      break;
    }
    default: break;
  }
  if (node.op == Operator::segment || node.op == Operator::scope_lookup || node.op == Operator::state_lookup) return costly;
  std::uint64_t cost = about.cost;
  for (const NodeIndex operand : operands) cost += costs_[operand];
  return static_cast<std::uint32_t>(std::min<std::uint64_t>(cost, costly));
}

NodeIndex ExpressionBuilder::add(Operator op, std::span<const NodeIndex> given, std::uint8_t flags) {
  std::vector<NodeIndex> operands(given.begin(), given.end());
  if (simplify(op, operands)) return operands.front();
  NodeIndex folded = 0;
  if (fold(op, operands, flags, folded)) return folded;
  return intern({op, flags, static_cast<std::uint16_t>(operands.size()), 0}, operands);
}

/// Drops operands of `if`, `and`, `or` that constants decide. True: the node is its only operand.
bool ExpressionBuilder::simplify(Operator op, std::vector<NodeIndex>& operands) const {
  if (op == Operator::if_) {
    while (operands.size() > 1 && constant_of(operands[0]) != nullptr) {
      if (truthy(*constant_of(operands[0]))) {
        operands = {operands[1]};
        break;
      }
      operands.erase(operands.begin(), operands.begin() + 2);
    }
    return operands.size() == 1;
  }
  if (op != Operator::and_ && op != Operator::or_) return false;
  const bool stops = op == Operator::or_;
  for (std::size_t i = 0; i + 1 < operands.size();) {
    const Value* value = constant_of(operands[i]);
    if (value == nullptr) {
      ++i;
    } else if (truthy(*value) == stops) {
      operands.resize(i + 1);
    } else {
      operands.erase(operands.begin() + static_cast<std::ptrdiff_t>(i));
    }
  }
  return operands.size() == 1;
}

bool ExpressionBuilder::fold(Operator op, std::span<const NodeIndex> operands, std::uint8_t flags, NodeIndex& result) {
  if (info(op).purity != Purity::pure && op != Operator::list) return false;
  if (!std::all_of(operands.begin(), operands.end(), [this](NodeIndex operand) { return constant_of(operand) != nullptr; })) return false;
  if (op == Operator::list) {
    std::vector<Value> items;
    for (const NodeIndex operand : operands) items.push_back(*constant_of(operand));
    result = constant_node(Value::list(items));
    return true;
  }
  // The operation is evaluated where it would stand, then taken away again.
  const std::size_t first = operands_.size();
  operands_.insert(operands_.end(), operands.begin(), operands.end());
  nodes_.push_back({op, flags, static_cast<std::uint16_t>(operands.size()), static_cast<std::uint32_t>(first)});
  Arena scratch;
  NoEnvironment nowhere;
  const Evaluation evaluation =
      evaluate(view(), static_cast<NodeIndex>(nodes_.size() - 1), Value(), nowhere, scratch, {.steps = 10'000, .memory = largest_folded * 4});
  nodes_.pop_back();
  operands_.resize(first);
  if (evaluation.over_budget || scratch.used() > largest_folded * 4) return false;
  std::string size;
  append_key(size, evaluation.value);
  if (size.size() > largest_folded) return false;
  result = constant_node(evaluation.value);
  return true;
}

}  // namespace wayline
