#include "rules/cost.h"

#include <algorithm>
#include <cstring>

#include "rules/pattern.h"

namespace wayline {
namespace {

/// Sums and products stop here: far above every budget, far below what 64 bits hold.
constexpr std::uint64_t endless = std::uint64_t{1} << 40;

std::uint64_t plus(std::uint64_t left, std::uint64_t right) { return std::min(endless, left + right); }
std::uint64_t times(std::uint64_t left, std::uint64_t right) { return left != 0 && right > endless / left ? endless : left * right; }

}  // namespace

Costs::Costs(const Expressions& expressions, const CostAssumptions& assumptions) : expressions_(expressions), assumptions_(assumptions) {
  bounds_.reserve(expressions.nodes.size());
  // Operands come before their nodes.
  for (const Node& node : expressions.nodes) bounds_.push_back(bound(node));
}

const Costs::Bound& Costs::operand(const Node& node, std::uint32_t place) const {
  static constexpr Bound nothing{};
  return place < node.count ? bounds_[expressions_.operands[node.first + place]] : nothing;
}

bool Costs::is_list(const Node& node, std::uint32_t place) const {
  if (place >= node.count) return false;
  const Node& made = expressions_.nodes[expressions_.operands[node.first + place]];
  switch (made.op) {
    case Operator::constant: return expressions_.constants[made.first].is_list();
    case Operator::list:
    case Operator::merge:
    case Operator::map:
    case Operator::filter:
    case Operator::missing:
    case Operator::missing_some:
    case Operator::missing_attributes:
    case Operator::missing_some_attributes: return true;
    default: return false;
  }
}

Costs::Bound Costs::constant(const Value& value) const {
  Bound result{1, 1, 0};  // as an operand mostly none, by itself one
  if (value.is_string()) result.bytes = value.as_string().size();
  if (!value.is_list()) return result;
  result.items = value.as_list().size();
  for (const Value& item : value.as_list()) result.bytes = plus(result.bytes, constant(item).bytes + 1);
  return result;
}

Costs::Bound Costs::bound(const Node& node) const {
  Bound sum{1, 0, 0};
  for (std::uint32_t i = 0; i < node.count; ++i) {
    const Bound& part = operand(node, i);
    sum = {plus(sum.steps, part.steps), plus(sum.items, part.items), plus(sum.bytes, part.bytes)};
  }
  switch (info(node.op).family) {
    case Family::text: return text(node, sum);
    case Family::list: return each_item(node, sum);
    case Family::history: return past(node, sum);
    case Family::pattern: return pattern(node, sum);
    case Family::comparison: {
      // A list is compared with a text as text, item by item. Attributes that are compared are taken to be none.
      std::uint64_t items = 0;
      for (std::uint32_t i = 0; i < node.count; ++i) items = plus(items, is_list(node, i) ? operand(node, i).items : 0);
      return {plus(sum.steps, items), 1, 0};
    }
    default: break;
  }
  switch (node.op) {
    case Operator::constant: return constant(expressions_.constants[node.first]);
    case Operator::attribute: return {1 + (node.first < assumptions_.definitions.size() && assumptions_.definitions[node.first] ? assumptions_.recall : 0), assumptions_.list_items, assumptions_.text_bytes};
    case Operator::scope:
    case Operator::scope_path: return {1, assumptions_.list_items, assumptions_.text_bytes};
    case Operator::scope_lookup: return {plus(sum.steps, sum.bytes / 16), assumptions_.list_items, assumptions_.text_bytes};
    case Operator::state_lookup: return {plus(sum.steps, sum.bytes / 16 + assumptions_.recall), assumptions_.list_items, assumptions_.text_bytes};
    case Operator::segment: return {plus(sum.steps, assumptions_.recall), 1, 0};
    case Operator::if_:
    case Operator::and_:
    case Operator::or_:
    case Operator::or_default:
    case Operator::log: return sum;
    case Operator::list: return {sum.steps, node.count, sum.bytes};
    case Operator::missing:
    case Operator::missing_some: return {plus(sum.steps, sum.items), sum.items, sum.bytes};
    case Operator::missing_attributes:
    case Operator::missing_some_attributes: return {sum.steps, node.count, sum.bytes};
    default: return {sum.steps, 1, assumptions_.text_bytes};
  }
}

Costs::Bound Costs::text(const Node& node, const Bound& sum) const {
  switch (node.op) {
    case Operator::cat: return {plus(sum.steps, node.count), 1, sum.bytes};
    case Operator::substr: return {plus(sum.steps, 3 * (operand(node, 0).bytes / 64)), 1, operand(node, 0).bytes};
    case Operator::in: {
      // A list's items are counted by eights; a text is searched for a text.
      const Bound& needle = operand(node, 0);
      const Bound& haystack = operand(node, 1);
      const std::uint64_t search = times(haystack.bytes, std::min(needle.bytes, haystack.bytes)) / 1024;
      return {plus(sum.steps, is_list(node, 1) ? haystack.items / 8 : std::max(haystack.items / 8, search)), 1, 0};
    }
    default: return {sum.steps, 1, 0};
  }
}

Costs::Bound Costs::each_item(const Node& node, const Bound& sum) const {
  if (node.op == Operator::merge) return {plus(sum.steps, sum.items / 8), sum.items, sum.bytes};
  const Bound& source = operand(node, 0);
  const Bound& body = operand(node, 1);
  const std::uint64_t steps = plus(plus(1, source.steps), plus(operand(node, 2).steps, times(source.items, std::max<std::uint64_t>(body.steps, 1))));
  switch (node.op) {
    case Operator::map: return {steps, source.items, times(source.items, body.bytes)};
    case Operator::filter: return {steps, source.items, source.bytes};
    case Operator::reduce: return {steps, times(source.items, body.items), times(source.items, body.bytes)};
    default: return {steps, 1, 0};
  }
}

Costs::Bound Costs::past(const Node& node, const Bound& sum) const {
  if (node.op == Operator::past_property || node.op == Operator::past_time) return {1, assumptions_.list_items, assumptions_.text_bytes};
  constexpr std::uint32_t where_operand = 1;
  const bool unconditional = expressions_.nodes[expressions_.operands[node.first + where_operand]].op == Operator::constant;
  const bool reads_each = node.op == Operator::sum || node.op == Operator::distinct;
  std::uint64_t each = unconditional ? 0 : operand(node, where_operand).steps;
  if (reads_each) each += node.op == Operator::distinct ? 2 : 1;  // distinct: one look into its set, when hashes spread
  return {plus(sum.steps, times(assumptions_.past_events, each)), 1, node.op == Operator::first || node.op == Operator::last ? assumptions_.text_bytes : 0};
}

Costs::Bound Costs::pattern(const Node& node, const Bound& sum) const {
  const Bound& text = operand(node, 0);
  if (node.op == Operator::url) return {plus(sum.steps, times(operand(node, 1).items, 1 + text.bytes / 8)), 1, 0};
  // A compiled pattern begins with the number of its instructions.
  std::uint32_t instructions = 0;
  const Value* program = node.count > 1 ? &expressions_.constants[expressions_.nodes[expressions_.operands[node.first + 1]].first] : nullptr;
  if (program != nullptr && program->is_string() && program->as_string().size() >= sizeof instructions) {
    std::memcpy(&instructions, program->as_string().data(), sizeof instructions);
  }
  return {plus(sum.steps, times(text.bytes, instructions) / pattern_characters_per_step), 1, 0};
}

}  // namespace wayline
