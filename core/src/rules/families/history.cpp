// count, sum, first, last, distinct, since: aggregates over past events of one name.
// Operands: the event's name, the condition (`where`), the window in milliseconds (0: all that is kept), the property
// ("": none). Lowering makes them; all but the condition are constants.
#include <memory>
#include <utility>

#include "base/hash.h"
#include "rules/evaluator.h"
#include "rules/path.h"

namespace wayline {
namespace {

constexpr std::uint32_t event_operand = 0, where_operand = 1, window_operand = 2, property_operand = 3;

Value property_of(Evaluator& evaluator, const PastEvent& event, std::string_view path) {
  const Value whole = event.properties.get(path);
  return whole.is_missing() ? walk_path(evaluator, event.properties, path) : whole;
}

/// The events of the node's name inside its window, oldest first; the end of the window is now.
std::span<const PastEvent> window(Evaluator& evaluator, const Node& node) {
  const auto length = static_cast<Duration>(evaluator.operand(node, window_operand).as_number());
  return evaluator.environment().history(evaluator.operand(node, event_operand).as_string(), length);
}

bool counts(Evaluator& evaluator, const Node& node, const PastEvent& event) {
  const PastEvent* outer = std::exchange(evaluator.past_event, &event);
  const bool holds = truthy(evaluator.operand(node, where_operand));
  evaluator.past_event = outer;
  return holds;
}

std::string_view property(Evaluator& evaluator, const Node& node) { return evaluator.operand(node, property_operand).as_string(); }

/// The time or the property of one event, as `first` and `last` give it.
Value seen_in(Evaluator& evaluator, const Node& node, const PastEvent& event) {
  const std::string_view path = property(evaluator, node);
  if (path.empty()) return Value::number(static_cast<double>(event.at));
  const Value found = property_of(evaluator, event, path);
  return found.is_missing() ? Value::null() : found;
}

const PastEvent* latest(Evaluator& evaluator, const Node& node) {
  const auto events = window(evaluator, node);
  for (auto event = events.rbegin(); event != events.rend(); ++event) {
    if (counts(evaluator, node, *event)) return &*event;
    if (evaluator.over_budget()) break;
  }
  return nullptr;
}

/// A hash such that equal values have equal ones; lists and objects by their size only.
std::uint64_t hash_of(const Value& value) {
  const auto kind = static_cast<std::uint64_t>(value.kind());
  switch (value.kind()) {
    case Kind::boolean: return kind * 2 + (value.as_boolean() ? 1 : 0);
    case Kind::number: {
      const double number = value.as_number() == 0 ? 0.0 : value.as_number();
      return hash64({reinterpret_cast<const char*>(&number), sizeof number}, kind);
    }
    case Kind::string: return hash64(value.as_string(), kind);
    case Kind::list: return hash64({}, kind + value.as_list().size());
    case Kind::object: return hash64({}, kind - value.as_object().size());
    default: return kind;
  }
}

/// An open-addressed set of values in the evaluation's arena, at most half full.
class ValueSet {
 public:
  ValueSet(Evaluator& evaluator, std::size_t most) : evaluator_(evaluator) {
    while (capacity_ < most * 2) capacity_ *= 2;
    slots_ = evaluator.new_list(capacity_);
    if (slots_ != nullptr) std::uninitialized_fill_n(slots_, capacity_, Value());
  }
  [[nodiscard]] bool usable() const { return slots_ != nullptr; }
  void insert(const Value& value) {
    std::size_t slot = hash_of(value) & (capacity_ - 1);
    for (; !slots_[slot].is_missing(); slot = (slot + 1) & (capacity_ - 1)) {
      if (wayline::equal(slots_[slot], value) || !evaluator_.spend(1)) return;
    }
    slots_[slot] = value;
    ++size_;
  }
  [[nodiscard]] std::size_t size() const { return size_; }

 private:
  Evaluator& evaluator_;
  Value* slots_ = nullptr;
  std::size_t capacity_ = 8;
  std::size_t size_ = 0;
};

}  // namespace

Value read_past_property(Evaluator& evaluator, const Node& node) {
  if (evaluator.past_event == nullptr) return {};
  return property_of(evaluator, *evaluator.past_event, evaluator.constant(node.first).as_string());
}

namespace operators {

Value count(Evaluator& evaluator, const Node& node) {
  double found = 0;
  const auto events = window(evaluator, node);
  if (evaluator.operand_node(node, where_operand).op == Operator::constant) {
    return Value::number(truthy(evaluator.operand(node, where_operand)) ? static_cast<double>(events.size()) : 0);
  }
  for (const PastEvent& event : events) {
    if (counts(evaluator, node, event)) ++found;
    if (evaluator.over_budget()) return {};
  }
  return Value::number(found);
}

// Values that are no numbers do not count.
Value sum(Evaluator& evaluator, const Node& node) {
  double total = 0;
  for (const PastEvent& event : window(evaluator, node)) {
    if (!evaluator.spend(1)) return {};
    if (!counts(evaluator, node, event)) continue;
    const double number = to_float(property_of(evaluator, event, property(evaluator, node)));
    if (number == number) total = total + number;
  }
  return Value::number(total);
}

Value first(Evaluator& evaluator, const Node& node) {
  for (const PastEvent& event : window(evaluator, node)) {
    if (counts(evaluator, node, event)) return seen_in(evaluator, node, event);
    if (evaluator.over_budget()) break;
  }
  return Value::null();
}

Value last(Evaluator& evaluator, const Node& node) {
  const PastEvent* event = latest(evaluator, node);
  return event == nullptr ? Value::null() : seen_in(evaluator, node, *event);
}

Value distinct(Evaluator& evaluator, const Node& node) {
  const auto events = window(evaluator, node);
  ValueSet values(evaluator, events.size());
  if (!values.usable()) return {};
  for (const PastEvent& event : events) {
    if (!evaluator.spend(1)) return {};
    if (!counts(evaluator, node, event)) continue;
    const Value value = property_of(evaluator, event, property(evaluator, node));
    if (!value.is_nothing()) values.insert(value);
  }
  return Value::number(static_cast<double>(values.size()));
}

Value since(Evaluator& evaluator, const Node& node) {
  const PastEvent* event = latest(evaluator, node);
  return event == nullptr ? Value::null() : Value::number(static_cast<double>(evaluator.environment().now() - event->at));
}

Value past_property(Evaluator& evaluator, const Node& node) {
  const Value found = read_past_property(evaluator, node);
  return found.is_missing() ? Value::null() : found;
}

Value past_time(Evaluator& evaluator, const Node&) {
  return evaluator.past_event == nullptr ? Value::null() : Value::number(static_cast<double>(evaluator.past_event->at));
}

}  // namespace operators
}  // namespace wayline
