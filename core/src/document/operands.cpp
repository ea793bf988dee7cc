#include "document/operands.h"

#include <algorithm>
#include <iterator>
#include <optional>

#include "value/json.h"

namespace wayline::document {
namespace {

/// JsonLogic takes any number of operands, reads a missing one as nothing and looks at no further ones.
struct Arity {
  std::string_view key;
  std::size_t least, most;
  std::string_view hint;
};
constexpr std::string_view one_of_several = R"(to ask for one of several, write {"in": [{"var": "profile.tier"}, ["silver", "gold"]]})";
constexpr std::string_view two_values = R"(such as {">=": [{"count": "Product Viewed"}, 3]})";
constexpr std::string_view between = R"(to ask whether it is between two, write {"<=": [1, {"count": "Product Viewed"}, 10]})";
constexpr std::string_view joined_first = R"(join them first: {"!": [{"or": [{…}, {…}]}]})";
constexpr std::string_view arithmetic = R"(calculate it in steps, one inside the other)";
constexpr Arity arities[] = {{"==", 2, 2, one_of_several},  {"===", 2, 2, one_of_several}, {"!=", 2, 2, one_of_several}, {"!==", 2, 2, one_of_several},
                             {"in", 2, 2, one_of_several},  {"<", 2, 3, two_values},       {"<=", 2, 3, two_values},     {">", 2, 2, between},
                             {">=", 2, 2, between},         {"!", 1, 1, joined_first},     {"!!", 1, 1, joined_first},   {"-", 1, 2, arithmetic},
                             {"/", 2, 2, arithmetic},       {"%", 2, 2, arithmetic},       {"substr", 2, 3, R"(such as {"substr": [{"var": "profile.first_name"}, 0, 1]})"}};

/// Operators, the types that their first operand, or each of them, can have, and what they are about.
constexpr std::string_view number_operators[] = {"+", "-", "*", "/", "%", "min", "max"};
constexpr std::string_view text_operators[] = {"starts_with", "ends_with", "matches", "url"};
constexpr std::string_view list_operators[] = {"map", "filter", "reduce", "all", "none", "some"};

template <std::size_t count>
bool is_among(std::string_view word, const std::string_view (&words)[count]) {
  return std::find(std::begin(words), std::end(words), word) != std::end(words);
}

void check_arity(const Member& operation, std::span<const Value> operands, const Suspicions& suspicions) {
  const auto found = std::find_if(std::begin(arities), std::end(arities), [&](const Arity& arity) { return arity.key == operation.key; });
  if (found == std::end(arities) || (operands.size() >= found->least && operands.size() <= found->most)) return;
  const bool too_many = operands.size() > found->most;
  const std::size_t number = too_many ? found->most : found->least;
  suspicions.warn(too_many ? operands[number] : operation.value,
                  quoted(operation.key) + " takes " + (number == 1 ? "one value" : number == 2 ? "two values" : "three values") + ", not " + std::to_string(operands.size()) +
                      (too_many ? ": what follows is not looked at" : ": what is missing reads as nothing"),
                  std::string(found->hint));
}

std::string in_text(const Value& needle, const Value& haystack) { return "{\"in\": [" + to_json(needle) + ", " + to_json(haystack) + "]}"; }

bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

/// A text that is in none of the values of an enum, or of which none is a part.
bool never_in(const Value& needle, const std::optional<Typed>& of_needle, const Value& haystack, const std::optional<Typed>& of_haystack) {
  const auto never = [](const Typed& typed, const auto& is_in) {
    return typed.is_enum() && std::none_of(typed.allowed->begin(), typed.allowed->end(), is_in) && (typed.stand_in == nullptr || !is_in(typed.stand_in->as_string()));
  };
  if (of_haystack && needle.is_string()) return never(*of_haystack, [&](std::string_view text) { return contains(text, needle.as_string()); });
  if (of_needle && haystack.is_string()) return never(*of_needle, [&](std::string_view text) { return contains(haystack.as_string(), text); });
  return false;
}

/// The texts that a separator parts, as a list in JSON; empty without one.
std::string as_list(std::string_view text) {
  constexpr std::string_view separators = ",;|";
  if (text.find_first_of(separators) == std::string_view::npos) return {};
  std::string list;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of(separators), text.size());
    const std::size_t first = text.find_first_not_of(' '), last = text.substr(0, end).find_last_not_of(' ');
    if (last != std::string_view::npos && first < end) list += (list.empty() ? "" : ", ") + to_json(Value::string(text.substr(first, last + 1 - first)));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return "[" + list + "]";
}

/// Values where one of several is asked for: a text holds also their parts. Of letters `substr` takes one.
void check_in_constant(const Value& needle, const Value& haystack, const Suspicions& suspicions) {
  if (!needle.is_object() || needle.as_object().size() != 1) return;
  const bool is_one = haystack.is_list() && haystack.as_list().size() == 1 && haystack.as_list()[0].is_string();
  const Value& text = is_one ? haystack.as_list()[0] : haystack;
  const std::string list = text.is_string() ? as_list(text.as_string()) : std::string();
  const std::string meant = "write each on its own: {\"in\": [" + to_json(needle) + ", " + list + "]}";
  if (haystack.is_list() && haystack.as_list().empty()) {
    suspicions.warn(haystack, "`in` looks into an empty list: never found", std::string(one_of_several));
  } else if (is_one && !list.empty()) {
    suspicions.warn(text, "this list holds one text, " + shown(text) + ", and not several", meant);
  } else if (haystack.is_string() && !list.empty()) {
    suspicions.warn(haystack, "`in` looks for its first value anywhere in the text " + shown(haystack) + ": parts of its words are found, too", meant);
  } else if (haystack.is_string() && needle.as_object()[0].key != "substr") {
    suspicions.warn(haystack, "`in` looks for its first value anywhere in the text " + shown(haystack) + ": parts of it are found, too",
                    "to ask whether it contains the text turn them round: " + in_text(haystack, needle) + "; to ask for one of several write a list");
  }
}

/// The value comes first, and the list or the text that may hold it second.
void check_in(std::span<const Value> operands, const Types& types, const Around& place, const Suspicions& suspicions) {
  if (operands.size() != 2) return;
  const Value &needle = operands[0], &haystack = operands[1];
  const auto of_needle = types.of(needle, place), of_haystack = types.of(haystack, place);
  const bool looks_for_list = needle.is_list() || (of_needle && of_needle->type == "list");
  if (looks_for_list && haystack.is_list()) {
    if (of_needle) suspicions.warn(needle, "`in` looks for one value, and " + quoted(of_needle->name) + " is a list", "to ask for any of them, write {\"some\": [" + to_json(needle) + ", {\"in\": [{\"var\": \"\"}, " + to_json(haystack) + "]}]}");
  } else if (looks_for_list) {
    suspicions.warn(needle, "`in` looks for its first value in its second: a list is never found in one value", "turn them round: " + in_text(haystack, needle));
  } else if (haystack.is_number() || haystack.is_boolean() || haystack.is_nothing() || (of_haystack && of_haystack->is_one_of({"number", "boolean", "object"}))) {
    suspicions.warn(haystack, "`in` looks into a list or a text, and " + (of_haystack ? of_haystack->described() + "," : shown(haystack)) + " is neither: never found",
                    of_haystack && !needle.is_object() ? "turn them round: " + in_text(haystack, needle) : std::string(one_of_several));
  } else if (never_in(needle, of_needle, haystack, of_haystack)) {
    const Typed& typed = of_needle ? *of_needle : *of_haystack;
    const Value& text = of_needle ? haystack : needle;
    suspicions.warn(text, quoted(typed.name) + " can not be " + shown(text) + ": this is never found",
                    hint_for(text.as_string(), {typed.allowed->begin(), typed.allowed->end()}));
  } else {
    check_in_constant(needle, haystack, suspicions);
  }
}

/// What an operator does with values that it is not for.
std::string_view is_about(std::string_view key) {
  if (is_among(key, number_operators)) return "numbers";
  if (is_among(key, text_operators)) return "texts";
  if (is_among(key, list_operators)) return "the items of a list";
  return "";
}

/// Whether the operator can do something with values of the type.
bool can_take(std::string_view key, const Typed& typed) {
  if (is_among(key, number_operators)) return typed.type == "number";
  if (is_among(key, text_operators)) return typed.is_one_of({"string", "date"});
  return typed.type == "list";
}

std::string_view example_for(std::string_view key, const Typed& typed) {
  if (is_among(key, number_operators)) return typed.type == "date" ? R"(times are compared by `before`, `after` and {"within": [{"var": "profile.gold_until"}, "30d"]})" : "declare it as \"number\" if it is one";
  if (is_among(key, text_operators)) return R"(compare it by `==`, `<` or `>`)";
  return R"(declare it as "list" if it is one, or compare it by `==`)";
}

void check_types(const Member& operation, std::span<const Value> operands, const Types& types, const Around& place, const Suspicions& suspicions) {
  const std::string_view about = is_about(operation.key);
  if (about.empty()) return;
  // With one operand `+` reads a number from a text: that is what it is for.
  if (operation.key == "+" && operands.size() == 1) return;
  for (const Value& operand : is_among(operation.key, number_operators) ? operands : operands.first(std::min<std::size_t>(operands.size(), 1))) {
    const auto typed = types.of(operand, place);
    if (!typed || can_take(operation.key, *typed)) continue;
    suspicions.warn(operand, quoted(operation.key) + " is about " + std::string(about) + ", and " + quoted(typed->name) + " is " + std::string(type_noun(typed->type)),
                    std::string(example_for(operation.key, *typed)));
  }
}

}  // namespace

void Suspicions::warn(const Value& at, std::string message, std::string hint) const {
  diagnostics.push_back({ErrorCode::pack_suspicious, Severity::warning, positions->of(at), std::move(message), std::move(hint)});
}

void check_operands(const Member& operation, std::span<const Value> operands, const Types& types, const Around& place, const Suspicions& suspicions) {
  check_arity(operation, operands, suspicions);
  if (operation.key == "in") check_in(operands, types, place, suspicions);
  check_types(operation, operands, types, place, suspicions);
}

}  // namespace wayline::document
