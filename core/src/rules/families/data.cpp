// Reading data: var, missing, missing_some, log, and the nodes that lowering makes of them.
#include <memory>
#include <new>

#include "rules/evaluator.h"
#include "rules/path.h"

namespace wayline {
namespace {

Value or_null(const Value& value) { return value.is_missing() ? Value::null() : value; }

/// JsonLogic: var, its first operand being a value. `rooted`: the path starts at a root of the pack.
Value look_up(Evaluator& evaluator, const Value& path, bool rooted) {
  if (path.is_nothing() || (path.is_string() && path.as_string().empty())) {
    return rooted ? Value() : evaluator.lasting_scope();
  }
  const std::string_view dotted = to_text(evaluator, path);
  if (!evaluator.spend(dotted.size() / 16)) return {};
  return rooted ? evaluator.environment().path(dotted, evaluator.arena()) : walk_path(evaluator, evaluator.scope(), dotted);
}

/// Whether JsonLogic's `missing` counts a value as absent.
bool absent(const Value& value) { return value.is_nothing() || (value.is_string() && value.as_string().empty()); }

/// What `missing` finds for one key. A key that is a list is taken as `var` takes its operands: path, default.
bool key_is_missing(Evaluator& evaluator, const Value& key, bool rooted) {
  if (!key.is_list()) return absent(look_up(evaluator, key, rooted));
  const auto parts = key.as_list();
  const Value found = look_up(evaluator, parts.empty() ? Value() : parts[0], rooted);
  return absent(found.is_missing() && parts.size() > 1 ? parts[1] : found);
}

Value missing_keys(Evaluator& evaluator, std::span<const Value> keys, bool rooted) {
  Value* result = evaluator.new_list(keys.size());
  if (result == nullptr) return {};
  std::size_t count = 0;
  for (const Value& key : keys) {
    if (!evaluator.spend(1)) return {};
    if (key_is_missing(evaluator, key, rooted)) new (&result[count++]) Value(key);
  }
  return Value::list({result, count});
}

/// JsonLogic: missing takes its keys as operands or as one list.
Value missing_of(Evaluator& evaluator, std::span<const Value> keys, bool rooted) {
  if (!keys.empty() && keys[0].is_list()) keys = keys[0].as_list();
  return missing_keys(evaluator, keys, rooted);
}

/// Operands from `from` on: attribute, its path, attribute, its path, …
Value missing_pairs(Evaluator& evaluator, const Node& node, std::uint32_t from) {
  Value* result = evaluator.new_list(node.count / 2);
  if (result == nullptr) return {};
  std::size_t count = 0;
  for (std::uint32_t i = from; i + 1 < node.count; i += 2) {
    if (absent(evaluator.operand(node, i))) new (&result[count++]) Value(evaluator.operand(node, i + 1));
  }
  return Value::list({result, count});
}

/// The last step of missing_some: nothing is missing when enough is there.
Value unless_enough(Evaluator& evaluator, double total, const Value& missing, const Value& needed) {
  const double present = total - static_cast<double>(missing.as_list().size());
  if (!(present >= to_number(needed))) return missing;
  return Value::list(std::span<const Value>(evaluator.new_list(0), std::size_t{0}));
}

}  // namespace

Value Evaluator::read(NodeIndex index) {
  const Node& node = nodes_[index];
  if (!spend(1)) return {};
  switch (node.op) {
    case Operator::attribute: return environment_.attribute(node.first, arena_);
    case Operator::scope_path: return walk_parts(*this, scope_, constant(node.first).as_list());
    case Operator::scope_lookup: return look_up(*this, operand(node, 0), false);
    case Operator::state_lookup: return look_up(*this, operand(node, 0), true);
    case Operator::past_property: return read_past_property(*this, node);
    default: return value(index);
  }
}

namespace operators {

Value constant(Evaluator& evaluator, const Node& node) {
  const Value& value = evaluator.constant(node.first);
  if (value.is_list()) {
    Value* items = evaluator.new_list(value.as_list().size());
    if (items == nullptr) return {};
    std::uninitialized_copy(value.as_list().begin(), value.as_list().end(), items);
    return Value::list({items, value.as_list().size()});
  }
  if (value.is_object()) {
    auto* members = static_cast<Member*>(evaluator.new_bytes(value.as_object().size_bytes()));
    if (members == nullptr) return {};
    std::uninitialized_copy(value.as_object().begin(), value.as_object().end(), members);
    return Value::object({members, value.as_object().size()});
  }
  return value;
}

Value attribute(Evaluator& evaluator, const Node& node) {
  return evaluator.fetch_attribute(node.first);
}

Value list(Evaluator& evaluator, const Node& node) {
  Value* items = evaluator.new_list(node.count);
  if (items == nullptr) return {};
  for (std::uint32_t i = 0; i < node.count; ++i) new (&items[i]) Value(evaluator.own_operand(node, i));
  return Value::list({items, node.count});
}

Value scope(Evaluator& evaluator, const Node&) { return evaluator.lasting_scope(); }

Value scope_path(Evaluator& evaluator, const Node& node) {
  return or_null(walk_parts(evaluator, evaluator.scope(), evaluator.constant(node.first).as_list()));
}

Value scope_lookup(Evaluator& evaluator, const Node& node) { return or_null(look_up(evaluator, evaluator.operand(node, 0), false)); }

Value state_lookup(Evaluator& evaluator, const Node& node) { return or_null(look_up(evaluator, evaluator.operand(node, 0), true)); }

Value or_default(Evaluator& evaluator, const Node& node) {
  const Value found = evaluator.read(evaluator.operand_index(node, 0));
  return found.is_missing() ? or_null(evaluator.own_operand(node, 1)) : found;
}

// Lowering makes other nodes of `var`; a program that holds one reads nothing.
Value var(Evaluator&, const Node&) { return Value::null(); }

Value missing(Evaluator& evaluator, const Node& node) {
  Value* keys = evaluator.new_list(node.count);
  if (keys == nullptr) return {};
  for (std::uint32_t i = 0; i < node.count; ++i) new (&keys[i]) Value(evaluator.operand(node, i));
  return missing_of(evaluator, {keys, node.count}, (node.flags & rooted_flag) != 0);
}

Value missing_some(Evaluator& evaluator, const Node& node) {
  const Value needed = evaluator.operand(node, 0), options = evaluator.operand(node, 1);
  const bool rooted = (node.flags & rooted_flag) != 0;
  if (options.is_list()) {
    const Value absent_keys = missing_of(evaluator, options.as_list(), rooted);
    return absent_keys.is_list() ? unless_enough(evaluator, static_cast<double>(options.as_list().size()), absent_keys, needed) : Value();
  }
  const Value absent_keys = missing_of(evaluator, std::span(&options, 1), rooted);
  // The reference compares with options.length, which only texts have besides lists.
  const Value length = step_into(options, "length", evaluator.arena());
  return absent_keys.is_list() ? unless_enough(evaluator, to_number(length), absent_keys, needed) : Value();
}

Value missing_attributes(Evaluator& evaluator, const Node& node) { return missing_pairs(evaluator, node, 0); }

Value missing_some_attributes(Evaluator& evaluator, const Node& node) {
  const Value absent_keys = missing_pairs(evaluator, node, 1);
  if (!absent_keys.is_list()) return {};
  return unless_enough(evaluator, static_cast<double>((node.count - 1) / 2), absent_keys, evaluator.operand(node, 0));
}

Value log(Evaluator& evaluator, const Node& node) { return evaluator.own_operand(node, 0); }

}  // namespace operators
}  // namespace wayline
