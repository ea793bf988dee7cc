#include "rules/evaluate.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <memory>

#include "base/number.h"
#include "base/utf.h"
#include "rules/evaluator.h"

namespace wayline {
namespace {

/// Whether a result may be handed out: not too many parts, not too deep. Recursion ends with the depth.
bool presentable(const Value& value, std::uint32_t depth, std::uint32_t& parts_left) {
  if (!value.is_list() && !value.is_object()) return true;
  const std::size_t size = value.is_list() ? value.as_list().size() : value.as_object().size();
  if (depth >= max_result_depth || size > parts_left) return false;
  parts_left -= static_cast<std::uint32_t>(size);
  if (value.is_list()) {
    for (const Value& item : value.as_list()) {
      if (!presentable(item, depth + 1, parts_left)) return false;
    }
  } else {
    for (const Member& member : value.as_object()) {
      if (!presentable(member.value, depth + 1, parts_left)) return false;
    }
  }
  return true;
}

/// What evaluates a node, by its operator; the verification of the program knows no others. A table instead of a switch: a browser that
/// decides its first page would compile the call of each operator with it.
constexpr auto evaluations = std::to_array<Value (*)(Evaluator&, const Node&)>({
#define WAYLINE_NODE(id, family, cost) operators::id,
#define WAYLINE_OPERATOR(id, spelling, family, least, most, cost, purity) operators::id,
#include "rules/operators.def"
});

}  // namespace

std::span<const PastEvent> window(std::span<const PastEvent> events, Duration length, Instant now) {
  const auto earlier = [](const PastEvent& event, Instant instant) { return event.at < instant; };
  const auto begin = length == 0 ? events.begin() : std::lower_bound(events.begin(), events.end(), now - length, earlier);
  return {begin, std::lower_bound(begin, events.end(), now + 1, earlier)};
}

Evaluation evaluate(const Expressions& expressions, NodeIndex root, const Value& data, Environment& environment, Arena& arena,
                    const EvaluationLimits& limits) {
  Evaluator evaluator(expressions, data, environment, arena, limits);
  Evaluation evaluation;
  evaluation.value = evaluator.value(root);
  evaluation.over_budget = evaluator.over_budget();
  const bool built = (evaluation.value.is_list() || evaluation.value.is_object()) && expressions.nodes[root].count > 0;
  if (built && !evaluation.over_budget) {
    std::uint32_t parts = max_result_parts;
    evaluation.over_budget = !presentable(evaluation.value, 0, parts);
  }
  if (evaluation.over_budget) evaluation.value = Value::null();
  evaluation.steps = static_cast<std::uint32_t>(limits.steps - evaluator.steps_left());
  return evaluation;
}

Value Evaluator::value(NodeIndex index) {
  if (!spend(1)) return Value::null();
  const Node& node = nodes_[index];
  return evaluations[static_cast<std::size_t>(node.op)](*this, node);
}

void* Evaluator::new_bytes(std::size_t size) {
  if (size > memory_left_) {
    exhaust();
    return nullptr;
  }
  const std::size_t words = std::max<std::size_t>((size + 7) / 8, 1);
  memory_left_ -= std::min(words * 8, memory_left_);
  return arena_.allocate<std::uint64_t>(words);
}

Value Evaluator::lasting_scope() {
  if (!ephemeral_scope_) return scope_;
  const auto members = scope_.as_object();
  auto* copies = static_cast<Member*>(new_bytes(members.size_bytes()));
  if (copies == nullptr) return Value::null();
  std::uninitialized_copy(members.begin(), members.end(), copies);
  // The copy is the scope from now on, so that it is the same object however often it is read.
  scope_ = Value::object({copies, members.size()});
  ephemeral_scope_ = false;
  return scope_;
}

bool TextBuilder::reserve(std::size_t more) {
  if (size_ + more <= capacity_) return true;
  const std::size_t capacity = std::max(size_ + more, capacity_ * 2);
  char* text = evaluator_.new_text(capacity);
  if (text == nullptr) return false;
  if (size_ != 0) std::memcpy(text, text_, size_);
  text_ = text;
  capacity_ = capacity;
  return true;
}

void TextBuilder::append(std::string_view text) {
  if (text.empty() || !reserve(text.size() + 1)) return;
  if (joins_surrogates({text_, size_}, text)) {
    size_ += write_utf8(joined_code_point({text_, size_}, text), text_ + size_ - 3) - 3;
    text.remove_prefix(3);
  }
  if (text.empty()) return;
  std::memcpy(text_ + size_, text.data(), text.size());
  size_ += text.size();
}

void TextBuilder::append_value(const Value& value, std::uint32_t depth) {
  // Only `reduce` nests lists without end; its result would be refused as well.
  if (!evaluator_.spend(depth >= max_result_depth ? UINT64_MAX : 1)) return;
  switch (value.kind()) {
    case Kind::missing: append("undefined"); return;
    case Kind::null: append("null"); return;
    case Kind::boolean: append(value.as_boolean() ? "true" : "false"); return;
    case Kind::number: {
      char buffer[number_text_size];
      append({buffer, write_number(value.as_number(), buffer)});
      return;
    }
    case Kind::string: append(value.as_string()); return;
    case Kind::list: {
      bool first = true;
      for (const Value& item : value.as_list()) {
        if (!first) append(",");
        first = false;
        if (!item.is_nothing()) append_value(item, depth + 1);
        if (evaluator_.over_budget()) return;
      }
      return;
    }
    case Kind::object: append("[object Object]"); return;
  }
}

std::string_view to_text(Evaluator& evaluator, const Value& value) {
  if (value.is_string()) return value.as_string();
  TextBuilder text(evaluator);
  text.append_string(value);
  return text.view();
}

}  // namespace wayline
