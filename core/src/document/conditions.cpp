#include "document/conditions.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <span>

#include "base/number.h"
#include "document/formats.h"
#include "document/operands.h"
#include "document/types.h"
#include "document/wording.h"
#include "rules/operators.h"
#include "value/json.h"

namespace wayline::document {
namespace {

constexpr std::string_view joining[] = {"and", "or", "!", "!!"};

bool decides(const Value& value) { return value.is_boolean() || (value.is_object() && value.as_object().size() == 1); }

/// JsonLogic: truthy, for what is no operation.
bool is_false(const Value& value) {
  return value.is_nothing() || (value.is_string() && value.as_string().empty()) || (value.is_number() && value.as_number() == 0) || (value.is_list() && value.as_list().empty());
}

/// [a, "==", b] as other languages write it.
std::string infix_hint(const Value& value) {
  if (!value.is_list() || value.as_list().size() != 3) return {};
  const auto items = value.as_list();
  if (!items[1].is_string() || !find_operator(items[1].as_string())) return {};
  return "the operator comes first: {" + to_json(items[1]) + ": [" + to_json(items[0]) + ", " + to_json(items[2]) + "]}";
}

/// "computed.views > 3" as other languages write it, and "keen" for a segment.
std::string text_hint(const Value& value) {
  if (!value.is_string()) return {};
  const std::string_view text = value.as_string();
  constexpr std::string_view signs[] = {"===", "!==", "==", "!=", ">=", "<=", ">", "<", "="};
  for (const std::string_view sign : signs) {
    const std::size_t at = text.find(sign);
    if (at == std::string_view::npos) continue;
    const std::string_view left = text.substr(0, text.find_last_not_of(' ', at == 0 ? 0 : at - 1) + 1);
    const std::size_t right = text.find_first_not_of(' ', at + sign.size());
    if (at == 0 || right == std::string_view::npos || left.find_first_of(" \"'(") != std::string_view::npos) return {};
    const std::string constant(text.substr(right));
    const bool is_written = !std::isnan(string_to_number(constant)) || constant == "true" || constant == "false";
    std::string word = constant;
    std::erase_if(word, [](char c) { return c == '\'' || c == '"'; });
    return "write {\"" + std::string(sign == "=" ? "==" : sign) + "\": [{\"var\": \"" + std::string(left) + "\"}, " + (is_written ? constant : to_json(Value::string(word))) + "]}";
  }
  const bool is_name = !text.empty() && find_format("wayline-id")->holds(text) && text.find('.') == std::string_view::npos && std::isnan(string_to_number(text)) && text != "true" && text != "false";
  return is_name ? "for a segment write {\"segment\": " + to_json(value) + "}; a condition is an operation, such as {\"==\": [{\"var\": \"profile.tier\"}, \"gold\"]}" : std::string();
}

/// {"to": "LIS", "total": 3}, as if each key were to be equal.
std::string equalities_hint(const Value& value, bool of_past_event) {
  if (!value.is_object() || value.as_object().empty()) return {};
  const auto members = value.as_object();
  if (std::any_of(members.begin(), members.end(), [](const Member& member) { return find_operator(member.key).has_value(); })) return {};
  return "write {\"and\": [{\"==\": [{\"var\": \"" + std::string(of_past_event ? event_properties : "") + std::string(members[0].key) + "\"}, " + to_json(members[0].value) + "]}, …]}";
}

/// "gold" beside {"==": [tier, "silver"]}.
std::string one_of_hint(const Value& part, std::span<const Value> beside) {
  for (const Value& other : beside) {
    if (!(part.is_string() || part.is_number()) || !other.is_object() || other.as_object().size() != 1) continue;
    const Member& operation = other.as_object()[0];
    const auto operands = operands_of(operation.value);
    if ((operation.key != "==" && operation.key != "===") || operands.size() != 2 || !operands[0].is_object() || !(operands[1].is_string() || operands[1].is_number())) continue;
    return "to ask for one of several write {\"in\": [" + to_json(operands[0]) + ", [" + to_json(operands[1]) + ", " + to_json(part) + "]]}";
  }
  return {};
}

class Finder {
 public:
  explicit Finder(bool of_past_event) : of_past_event_(of_past_event) {}

  /// Documents nest no deeper than the reader allows.
  void look(const Value& value, std::span<const Value> beside) {
    if (!decides(value)) return tell(value, beside);
    if (!value.is_object() || std::find(std::begin(joining), std::end(joining), value.as_object()[0].key) == std::end(joining)) return;
    const auto parts = operands_of(value.as_object()[0].value);
    for (const Value& part : parts) look(part, parts);
  }
  std::vector<NoCondition> take() { return std::move(found_); }

 private:
  void tell(const Value& value, std::span<const Value> beside) {
    std::string hint = infix_hint(value);
    if (const std::string written = history_operation(value); !written.empty()) hint = "in a rule write {\">\": [" + written + ", 0]}, or how many it is to be";
    if (hint.empty()) hint = equalities_hint(value, of_past_event_);
    if (hint.empty()) hint = one_of_hint(value, beside);
    if (hint.empty()) hint = text_hint(value);
    if (hint.empty()) {
      hint = value.is_object() || value.is_list() ? "an operation has one key; to join several write {\"and\": [{…}, {…}]}"
                                                  : "write an operation, such as {\"==\": [{\"var\": \"profile.tier\"}, \"gold\"]}";
    }
    found_.push_back({&value, std::string(beside.empty() ? "this condition" : "this part of the condition") + " is " + found_noun(value) + ", no operation: it is always " + (is_false(value) ? "false" : "true"),
                      std::move(hint)});
  }

  bool of_past_event_;
  std::vector<NoCondition> found_;
};

}  // namespace

std::vector<NoCondition> find_no_conditions(const Value& condition, bool of_past_event) {
  Finder finder(of_past_event);
  finder.look(condition, {});
  return finder.take();
}

}  // namespace wayline::document
