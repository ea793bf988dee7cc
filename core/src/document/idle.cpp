// Parts of a rule that read nothing, or not what they seem to: values joined by `or`, texts where numbers are added, operations that never change.
#include <algorithm>
#include <iterator>

#include "base/instant.h"
#include "document/operands.h"
#include "rules/operators.h"
#include "value/json.h"

namespace wayline::document {
namespace {

constexpr std::string_view equalities[] = {"==", "===", "!=", "!=="};
constexpr std::string_view orders[] = {"<", "<=", ">", ">="};
constexpr std::string_view number_operators[] = {"+", "-", "*", "/", "%", "min", "max"};
/// What they give depends on their operands alone.
constexpr std::string_view constant_operators[] = {"==", "===", "!=", "!==", "<", "<=", ">", ">=", "!", "!!", "and", "or", "if", "?:", "in", "cat", "substr", "starts_with",
                                                   "ends_with", "matches", "url", "+", "-", "*", "/", "%", "min", "max", "merge", "sem_ver", "before", "after"};
constexpr std::string_view history_operators[] = {"count", "sum", "first", "last", "since", "distinct"};

template <std::size_t count>
bool is_among(std::string_view word, const std::string_view (&words)[count]) {
  return std::find(std::begin(words), std::end(words), word) != std::end(words);
}

bool is_operation(const Value& value) { return value.is_object() && value.as_object().size() == 1; }
bool is_value(const Value& value) { return value.is_string() || value.is_number(); }

/// An operation with keys beside it, which make it none.
bool is_several(const Value& value) {
  if (!value.is_object() || value.as_object().size() < 2) return false;
  const auto members = value.as_object();
  return std::any_of(members.begin(), members.end(), [](const Member& member) { return find_operator(member.key).has_value(); });
}

/// Whether it may be another value for another visitor, or later, or was to be. Documents nest no deeper than the reader allows.
bool reads(const Value& value) {
  if (is_several(value)) return true;
  if (!value.is_list() && !is_operation(value)) return false;
  if (value.is_object() && !is_among(value.as_object()[0].key, constant_operators)) return true;
  const auto items = value.is_list() ? value.as_list() : operands_of(value.as_object()[0].value);
  return std::any_of(items.begin(), items.end(), reads);
}

/// "profile.tier" of "{{profile.tier}}", as contents write it.
std::string_view unbraced(std::string_view text) {
  const bool is_template = text.starts_with("{{") && text.ends_with("}}");
  if (is_template) text = text.substr(2, text.size() - 4);
  text = text.substr(0, text.find('|'));
  const std::size_t first = text.find_first_not_of(' '), last = text.find_last_not_of(' ');
  return first == std::string_view::npos ? std::string_view() : text.substr(first, last + 1 - first);
}

/// The first text of a rule that was to be read; empty when there is none.
std::string_view path_in(const Value& value, const Types& types) {
  if (value.is_string()) return types.is_path(unbraced(value.as_string())) ? unbraced(value.as_string()) : std::string_view();
  if (!value.is_list() && !is_operation(value)) return {};
  for (const Value& item : value.is_list() ? value.as_list() : operands_of(value.as_object()[0].value)) {
    if (const std::string_view path = path_in(item, types); !path.empty()) return path;
  }
  return {};
}

/// {"==": [tier, {"or": ["silver", "gold"]}]}
void check_alternatives(const Member& operation, std::span<const Value> operands, const Suspicions& suspicions) {
  if (operands.size() != 2 || !(is_among(operation.key, equalities) || is_among(operation.key, orders))) return;
  for (std::size_t side = 0; side < 2; ++side) {
    const Value &alternatives = operands[side], &other = operands[1 - side];
    if (!is_operation(alternatives)) continue;
    const Member& joined = alternatives.as_object()[0];
    const auto values = operands_of(joined.value);
    if ((joined.key != "or" && joined.key != "and") || values.size() < 2 || !std::all_of(values.begin(), values.end(), is_value)) continue;
    const std::string list = "{\"in\": [" + to_json(other) + ", " + to_json(joined.value) + "]}";
    const auto compared = [&](const Value& value) { return "{\"" + std::string(operation.key) + "\": [" + (side == 1 ? to_json(other) + ", " + to_json(value) : to_json(value) + ", " + to_json(other)) + "]}"; };
    suspicions.warn(alternatives, quoted(joined.key) + " of values is one of them: this asks for " + shown(joined.key == "or" ? values.front() : values.back()) + " alone",
                    is_among(operation.key, orders)     ? "compare with each: {\"" + std::string(joined.key) + "\": [" + compared(values[0]) + ", " + compared(values[1]) + "]}"
                    : operation.key.starts_with('!')    ? "for none of them write {\"!\": [" + list + "]}"
                                                        : "for any of them write " + list);
    return;
  }
}

/// {"+": [now, "7d"]}: read as a number it is 7, or none.
void check_durations(const Member& operation, std::span<const Value> operands, const Suspicions& suspicions) {
  if (!is_among(operation.key, number_operators) || operands.size() < 2) return;
  for (const Value& operand : operands) {
    const auto duration = operand.is_string() ? parse_duration(operand.as_string()) : std::nullopt;
    if (!duration) continue;
    const bool reads_its_begin = operation.key == "+" || operation.key == "*";
    suspicions.warn(operand, quoted(operation.key) + (reads_its_begin ? " reads " + shown(operand) + " as a number from its start, without the unit" : " is about numbers, and " + shown(operand) + " is a text"),
                    "in milliseconds " + std::string(operand.as_string()) + " is " + to_json(Value::number(static_cast<double>(*duration))));
  }
}

/// Beside what reads something: of a condition that reads nothing at all it is told that it always says the same.
void check_unread(const Member& operation, std::span<const Value> operands, const Types& types, const Suspicions& suspicions) {
  const bool branches = operation.key == "if" || operation.key == "?:";
  if ((!branches && operation.key != "and" && operation.key != "or") || std::none_of(operands.begin(), operands.end(), reads)) return;
  for (std::size_t at = 0; at < operands.size(); at += branches ? 2 : 1) {
    const bool is_condition = !branches || at + 1 < operands.size();
    // Of what `!` negates it is told that it is no condition.
    if (!is_condition || !is_operation(operands[at]) || reads(operands[at]) || operands[at].as_object()[0].key.find_first_not_of('!') == std::string_view::npos) continue;
    const std::string_view path = path_in(operands[at], types);
    suspicions.warn(operands[at], "this part of the condition reads nothing: it always says the same",
                    path.empty() ? R"(ask for something that can change: {"var": "profile.tier"} reads a value, a text is only itself)" : "to read the value write {\"var\": \"" + std::string(path) + "\"}");
  }
}

/// An operation with keys beside it. Where `and`, `or` and `!` join conditions, this is told of them as of conditions.
void check_keys(const Member& operation, std::span<const Value> operands, const Suspicions& suspicions) {
  const bool joins = operation.key == "and" || operation.key == "or" || operation.key.starts_with('!');
  if (!find_operator(operation.key) || (joins && !is_among(operation.key, equalities)) || (operation.key == "if" && operands.size() == 1)) return;
  for (const Value& operand : operands) {
    const bool is_way = operation.key == "after" && (find(operand, "wait") != nullptr || find(operand, "until") != nullptr);  // of a stage
    if (is_way || !is_several(operand)) continue;
    const std::string written = history_operation(operand);
    suspicions.warn(operand, "an object of several keys is no operation: it is only itself", written.empty() ? "an operation has one key, and what it takes is the value of that key" : "in a rule write " + written);
  }
}

}  // namespace

std::string history_operation(const Value& value) {
  if (!value.is_object() || value.as_object().size() < 2) return {};
  const auto members = value.as_object();
  const auto found = std::find_if(members.begin(), members.end(), [](const Member& member) { return is_among(member.key, history_operators) && member.value.is_string(); });
  if (found == members.end()) return {};
  std::string options;
  for (const Member& member : members) {
    if (&member != &*found) options += (options.empty() ? "" : ", ") + to_json(Value::string(member.key)) + ": " + to_json(member.value);
  }
  return "{\"" + std::string(found->key) + "\": [" + to_json(found->value) + ", {" + options + "}]}";
}

void check_idle(const Member& operation, std::span<const Value> operands, const Types& types, const Suspicions& suspicions) {
  check_alternatives(operation, operands, suspicions);
  check_durations(operation, operands, suspicions);
  check_unread(operation, operands, types, suspicions);
  check_keys(operation, operands, suspicions);
}

}  // namespace wayline::document
