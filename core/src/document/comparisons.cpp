// Comparisons that can not mean what they say: with a value that the `enum` of an attribute lacks, with a stage that the journey lacks, or of a
// number with a text that is none; and paths that lead nowhere inside list and history operators.
#include <algorithm>
#include <cmath>
#include <iterator>
#include <optional>

#include "base/nearest.h"
#include "base/number.h"
#include "document/conditions.h"
#include "document/formats.h"
#include "document/operands.h"
#include "rules/coerce.h"
#include "value/json.h"

namespace wayline::document {
namespace {

constexpr std::string_view equalities[] = {"==", "===", "!=", "!=="};
constexpr std::string_view orders[] = {"<", "<=", ">", ">="};
/// Their second operand is asked of each item, where `var` reads the item.
constexpr std::string_view list_operators[] = {"map", "filter", "reduce", "all", "none", "some"};
/// Their condition is asked of past events, where `event` is the past one.
constexpr std::string_view history_operators[] = {"count", "sum", "first", "last", "since", "distinct"};
/// Paths of the visitor and the step, which no list's item has.
constexpr std::string_view rooted_paths[] = {"profile.", "computed.", "consent.", event_properties};
/// What they hold goes by names of the author's, which may be those of operators.
constexpr std::string_view named[] = {"attributes", "computed", "events", "goals", "intents", "migrate", "properties", "scores", "segments", "slots", "stages", "teams"};
/// Holds no rules.
constexpr std::string_view content_key = "content";
/// By less no zone differs from another.
constexpr double minutes_of_quarter = 15;
/// Beside other keys they are of a goal and of an experience, and hold a rule.
constexpr std::string_view rule_keys[] = {"value", "score"};
/// Their operands are names and paths.
constexpr std::string_view naming_operators[] = {"var", "missing", "missing_some", "segment", "intent", "score", "stage"};

template <std::size_t count>
bool is_one_of(std::string_view word, const std::string_view (&words)[count]) {
  return std::find(std::begin(words), std::end(words), word) != std::end(words);
}

bool is_equality(std::string_view key) { return is_one_of(key, equalities); }
bool is_order(std::string_view key) { return is_one_of(key, orders); }

/// "27.11.2026", as people write it.
std::string hint_for_date(std::string_view text) {
  const std::string meant = find_format("wayline-instant")->suggest(text);
  return meant.empty() ? "a date is written such as \"2026-11-27\"" : "did you mean " + quoted(meant) + "?";
}
bool reads_as_number(std::string_view text) { return !std::isnan(string_to_number(text)); }

/// The same comparison with its operands in the other order.
std::string_view turned(std::string_view key) {
  if (key == "<") return ">";
  if (key == "<=") return ">=";
  if (key == ">") return "<";
  return key == ">=" ? "<=" : key;
}

class Comparisons {
 public:
  Comparisons(const Pack& pack, Diagnostics& diagnostics) : types_(pack), suspicions_{diagnostics} {}

  void check(const JsonDocument& document) {
    suspicions_.positions = &document.positions;
    check(*document.root, {});
  }

  /// What the variants of an experience fill in.
  void check_reads(const Experience& experience) {
    for (const Variant& variant : experience.variants) {
      for (const Name& read : variant.reads) {
        const auto slip = part_slip(read.text, {});
        if (const auto found = slip ? slip : filled_slip(read.text, variant.content && find(*variant.content.value, "text") != nullptr)) suspicions_.diagnostics.push_back({ErrorCode::pack_suspicious, Severity::warning, read.range, found->message, found->hint});
      }
    }
  }

 private:
  /// Documents nest no deeper than the reader allows.
  void check(const Value& value, const Around& place) {
    if (value.is_list()) {
      for (const Value& item : value.as_list()) check(item, place);
    } else if (value.is_object()) {
      const bool may_be_operation = value.as_object().size() == 1;
      // A computed attribute as it is written: {"count": "Viewed", "within": "7d", "where": {…}}.
      const auto aggregate = std::find_if(value.as_object().begin(), value.as_object().end(),
                                          [](const Member& member) { return is_one_of(member.key, history_operators) && member.value.is_string(); });
      if (!may_be_operation && aggregate != value.as_object().end()) {
        const Value operands[] = {aggregate->value, value};
        return check_history(aggregate->key, operands);
      }
      const Around inside = waiting(value, place);
      for (const Member& member : value.as_object()) {
        if (member.key == content_key) continue;
        if (is_one_of(member.key, named) && member.value.is_object()) {
          if (member.key == "properties" && find(value, "emit") != nullptr) check_no_paths(member.value);
          for (const Member& each : member.value.as_object()) check(each.value, inside);
          continue;
        }
        if (may_be_operation) {
          check_operation(member, inside);
        } else {
          if (is_one_of(member.key, rule_keys)) check_no_path(member.value);
          if (member.key == "score" && find(value, "variants") != nullptr) check_number("a score", "it counts as 0", member.value, inside);
          if (const Value* worth = member.key == "goal" ? find(member.value, "value") : nullptr) check_number("what a goal is worth", "it is added to nothing", *worth, waiting(member.value, inside));
          if (const Value* date = member.key == "until" ? find(member.value, "date") : nullptr) check_until(*date, types_, inside, suspicions_);
          check(member.value, inside);
        }
      }
    }
  }

  /// Of what waits for an event by its name, `event` is that one: a trigger says `on`, a way on `event`.
  [[nodiscard]] Around waiting(const Value& value, const Around& place) const {
    for (const std::string_view key : {"on", "event"}) {
      if (const Value* name = find(value, key); name != nullptr && name->is_string() && value.as_object().size() > 1) return {place.list_operator, types_.event(name->as_string())};
    }
    return place;
  }

  void check_operation(const Member& operation, const Around& place) {
    const auto operands = operands_of(operation.value);
    if (is_one_of(operation.key, history_operators) && !operands.empty() && operands[0].is_string()) return check_history(operation.key, operands);
    document::check_operands(operation, operands, types_, place, suspicions_);
    check_constants(operation, operands, types_, place, suspicions_);
    check_page_conditions(operation, operands, types_, place, suspicions_);
    check_together(operation, operands, suspicions_);
    check_idle(operation, operands, types_, suspicions_);
    if (is_one_of(operation.key, list_operators)) {
      const bool decides = operation.key != "map" && operation.key != "reduce";
      for (std::size_t i = 0; i < operands.size(); ++i) {
        if (i == 1 && decides) {
          check_asked(operands[i], false, Around{operation.key});
        } else {
          check(operands[i], i == 1 ? Around{operation.key} : place);
        }
      }
      return;
    }
    if (operation.key == "var" && !operands.empty()) check_path(operands[0], place);
    if (operation.key == "set" && operation.value.is_object()) {
      check_set(operation.value);
      check_no_paths(operation.value);
    }
    // Of constants alone it is told that they always say the same.
    const bool reads = operation.key == "cat" || std::any_of(operands.begin(), operands.end(), [](const Value& operand) { return operand.is_object(); });
    for (const Value& operand : operands) {
      if (reads && !is_one_of(operation.key, naming_operators)) check_no_path(operand);
    }
    if (operands.size() == 2) check_operands(operation.key, operands[0], operands[1], place);
    check(operation.value, place);
  }

  void check_history(std::string_view key, std::span<const Value> operands) {
    const Around place{{}, types_.event(operands[0].as_string()), true};
    if (operands.size() < 2) return;
    for (const std::string_view option : {"of", "property"}) {
      const Value* path = find(operands[1], option);
      if (path == nullptr) continue;
      check_property(*path, *path, place);
      if (key == "sum") check_sum(*path, place);
      if (key == "count" || key == "since") suspicions_.warn(*path, quoted(key) + " looks at the events alone: " + quoted(option) + " makes no difference", "how many different values there were says `distinct`; which events count says `where`");
    }
    if (const Value* where = find(operands[1], "where"); where != nullptr) check_asked(*where, true, place);
  }

  /// A condition inside of a rule.
  void check_asked(const Value& condition, bool of_past_event, const Around& place) {
    for (NoCondition& found : find_no_conditions(condition, of_past_event)) suspicions_.warn(*found.at, std::move(found.message), std::move(found.hint));
    check(condition, place);
  }

  /// What is no number counts as nothing.
  void check_sum(const Value& path, const Around& place) {
    if (place.event == nullptr || !path.is_string()) return;
    const std::string name(path.as_string());
    const auto typed = types_.of_path(std::string(event_properties) + name, place);
    if (!typed || typed->type == "number") return;
    suspicions_.warn(path, "`sum` adds up numbers, and " + quoted(name) + " of " + quoted(place.event->name.text) + " is " + std::string(type_noun(typed->type)),
                     "count the events with {\"count\": \"" + place.event->name.text + "\"}, or declare " + quoted(name) + " as \"number\"");
  }

  /// What an action sets a trait to: a value that it can not have is not stored.
  void check_set(const Value& traits) {
    for (const Member& trait : traits.as_object()) {
      const auto typed = trait.key.starts_with("profile.") ? types_.of_path(trait.key, {}) : std::nullopt;
      const bool allowed = !typed || !typed->is_enum() || !trait.value.is_string() ||
                           std::find(typed->allowed->begin(), typed->allowed->end(), trait.value.as_string()) != typed->allowed->end();
      if (!typed || (allowed && !never_holds("===", typed->type, trait.value))) continue;
      suspicions_.warn(trait.value, quoted(typed->name) + " can not be " + shown(trait.value) + ": this is never stored",
                       allowed ? "write " + std::string(type_noun(typed->type)) : hint_for(trait.value.as_string(), {typed->allowed->begin(), typed->allowed->end()}));
    }
  }

  /// A path without `var` is only a text.
  void check_no_path(const Value& rule) {
    if (!rule.is_string() || !types_.is_path(rule.as_string())) return;
    suspicions_.warn(rule, shown(rule) + " is only a text here: nothing is read", "to read the value write {\"var\": " + to_json(rule) + "}");
  }
  void check_no_paths(const Value& rules) {
    if (!rules.is_object()) return;
    for (const Member& rule : rules.as_object()) check_no_path(rule.value);
  }

  /// Rules that are to yield a number.
  void check_number(std::string_view what, std::string_view consequence, const Value& rule, const Around& place) {
    const auto typed = types_.of(rule, place);
    const bool is_constant = !rule.is_object() && !rule.is_number() && !(rule.is_string() && types_.is_path(rule.as_string()));
    if (!is_constant && (!typed || typed->type == "number")) return;
    suspicions_.warn(rule, std::string(what) + " is a number, and " + (typed ? quoted(typed->name) + " is " + std::string(type_noun(typed->type)) : shown(rule) + " is none") + ": " + std::string(consequence),
                     typed && typed->type == "boolean" ? "write {\"if\": [" + to_json(rule) + ", 1, 0]}" : R"(write one, or what yields one, such as {"intent": "dress"})");
  }

  void check_path(const Value& path, const Around& place) {
    if (!path.is_string()) return;
    const std::string_view text = path.as_string();
    if (!place.list_operator.empty()) {
      const bool rooted = std::any_of(std::begin(rooted_paths), std::end(rooted_paths), [text](std::string_view root) { return text.starts_with(root); });
      if (rooted) {
        suspicions_.warn(path, "inside " + quoted(place.list_operator) + " `var` reads the items of the list, which have no " + quoted(text),
                         "ask for it outside, joined with {\"and\": […]}");
      }
      return;
    }
    // Short for the past event's.
    if (place.is_past && text.starts_with("properties.")) check_property(Value::string(text.substr(11)), path, place);
    if (text.starts_with(event_properties)) check_property(Value::string(text.substr(event_properties.size())), path, place);
    check_part(path, place);
  }

  void check_part(const Value& path, const Around& place) {
    if (const auto slip = part_slip(path.as_string(), place)) suspicions_.warn(path, slip->message, slip->hint);
  }

  /// What a content can not fill in, or, as text for people, not so that they can read it.
  [[nodiscard]] std::optional<Slip> filled_slip(std::string_view path, bool for_people) const {
    const auto typed = types_.of_path(path, {});
    if (typed && typed->is_one_of({"list", "object"})) {
      const std::string name(path);
      return Slip{"only texts, numbers, true and false are filled in, and " + quoted(name) + " is " + std::string(type_noun(typed->type)) + ": its default is always shown",
                  typed->type == "list" ? "{{" + name + ".0}} is its first item, {{" + name + ".length}} how many it has" : "name a part of it, such as {{" + name + ".city}}"};
    }
    const bool is_moment = typed && (typed->name == "now" || typed->name == "event.at" || typed->is_moment);
    if (!for_people || !typed || !(is_moment || typed->is_duration)) return std::nullopt;
    return Slip{quoted(std::string(path)) + " is shown in milliseconds" + std::string(is_moment ? " since 1970" : ""),
                is_moment || typed->name == "session.duration" ? "there are no formats: leave it to the page's own script, by `json` or `attributes`"
                                                               : "have site.json work out what is to be shown, or leave it to the page's own script, by `json` or `attributes`"};
  }
  /// What is asked for inside of a value of a declared type, and is not there: nobody knows what objects have.
  [[nodiscard]] std::optional<Slip> part_slip(std::string_view path, const Around& place) const {
    std::string_view name = path;
    std::optional<Typed> typed = types_.of_path(name, place);
    while (!typed && name.find('.') != std::string_view::npos) {
      name = name.substr(0, name.rfind('.'));
      typed = types_.of_path(name, place);
    }
    if (!typed || typed->type == "object" || name == path) return std::nullopt;
    const std::string_view part = path.substr(name.size() + 1), first = part.substr(0, part.find('.'));
    const bool is_list = typed->type == "list", is_text = typed->type == "string";
    const bool is_known = first == "length" || first.find_first_not_of("0123456789") == std::string_view::npos;
    if (is_known && (is_list || (is_text && first == part))) return std::nullopt;
    const std::string whole(name);
    return Slip{typed->described() + ", has no " + quoted(part), is_list   ? quoted(whole + ".0") + " is its first item, " + quoted(whole + ".length") + " how many it has"
                                                                 : is_text ? quoted(whole + ".length") + " is how long it is"
                                                                           : "leave it out, or declare " + quoted(whole) + " as an object"};
  }

  /// A property that the declaration of the event lacks. Events without declared properties may have any.
  /// One that no event declares is told of when the rule is compiled, unless it is of a past event.
  void check_property(const Value& property, const Value& at, const Around& place) {
    if (place.event == nullptr || place.event->properties.empty() || !property.is_string()) return;
    const std::string name(property.as_string().substr(0, property.as_string().find('.')));
    if (place.event->properties.contains(name) || (!place.is_past && !types_.is_property(name))) return;
    std::vector<std::string_view> declared;
    for (const auto& [known, type] : place.event->properties) declared.push_back(known);
    suspicions_.warn(at, quoted(place.event->name.text) + " declares no property " + quoted(name), hint_for(name, declared));
  }

  void check_operands(std::string_view key, const Value& left, const Value& right, const Around& place) {
    if (key == "in") {
      if (const auto typed = types_.of(left, place); typed && typed->type != "list" && right.is_list()) {
        for (const Value& item : right.as_list()) check_constant("===", *typed, left, item, "never found");
      }
      return;
    }
    if (!is_equality(key) && !is_order(key)) return;
    const std::string_view consequence = key.starts_with('!') ? "always true" : "always false";
    const auto left_typed = types_.of(left, place), right_typed = types_.of(right, place);
    if (left_typed) check_constant(key, *left_typed, left, right, consequence);
    if (right_typed) check_constant(turned(key), *right_typed, right, left, consequence);
    if (left_typed && right_typed && is_order(key)) check_moments(key, *left_typed, left, *right_typed, right);
  }

  /// A date is stored as the text that was sent, and `now` is a number.
  void check_moments(std::string_view key, const Typed& left, const Value& left_value, const Typed& right, const Value& right_value) {
    if (!(left.type == "date" && right.type == "number") && !(left.type == "number" && right.type == "date")) return;
    suspicions_.warn(right_value, "compares " + left.described() + ", with " + right.described() + ": a date that is written as text is neither more nor less than a number",
                     std::string("write {\"") + (key.starts_with('<') ? "before" : "after") + "\": [" + to_json(left_value) + ", " + to_json(right_value) + "]}");
  }

  /// `rule` is what has the type, as it is written.
  void check_constant(std::string_view key, const Typed& typed, const Value& rule, const Value& constant, std::string_view consequence) {
    if (typed.is_never_null && constant.is_nothing() && is_equality(key)) {
      suspicions_.warn(constant, quoted(typed.name) + " is 0 where there is nothing, and never null: this is " + std::string(consequence), key.starts_with('!') ? "to ask whether there is any write {\">\": [" + to_json(rule) + ", 0]}" : "to ask whether there is none write {\"==\": [" + to_json(rule) + ", 0]}");
      return;
    }
    const bool is_many = constant.is_list() && constant.as_list().size() > 1;
    if (typed.type == "number" && constant.is_boolean()) {
      check_truth_of_number(key, typed, rule, constant, consequence);
    } else if (is_equality(key) && is_many && typed.type != "list") {
      suspicions_.warn(constant, "compares " + typed.described() + ", with a list: " + std::string(consequence), "to ask whether it is one of them, write {\"in\": [" + to_json(rule) + ", " + to_json(constant) + "]}");
    } else if (never_holds(key, typed.type, constant)) {
      suspicions_.warn(constant, "compares " + typed.described() + ", with " + shown(constant) + ": " + std::string(consequence), hint_of(key, typed, rule, constant));
    } else if (typed.is_enum() && is_equality(key) && !is_allowed(typed, constant)) {
      const std::vector<std::string_view> allowed(typed.allowed->begin(), typed.allowed->end());
      suspicions_.warn(constant, quoted(typed.name) + " can not be " + shown(constant) + ": this is " + std::string(consequence),
                       hint_for(constant.is_string() ? constant.as_string() : std::string_view(), allowed));
    } else if (typed.is_one_of({"string", "date"}) && !constant.is_nothing()) {
      check_text(key, typed, rule, constant, consequence);
    } else if (typed.is_one_of({"list", "object"}) && (constant.is_string() || constant.is_number() || constant.is_boolean())) {
      suspicions_.warn(constant, "compares " + typed.described() + ", with " + shown(constant),
                       typed.type == "object"    ? "ask for a part of it: {\"var\": \"" + typed.name + ".…\"}"
                       : constant.is_string()    ? "to ask whether the list holds it, write {\"in\": [" + to_json(constant) + ", " + to_json(rule) + "]}"
                                                 : R"(compare something that is a number, such as {"count": "Product Viewed"})");
    } else if (typed.type == "number" && constant.is_string()) {
      check_grouped(typed, constant);
    } else if (typed.name == device_offset && constant.is_number() && constant.as_number() != 0 && std::abs(constant.as_number()) < minutes_of_quarter) {
      suspicions_.warn(constant, quoted(typed.name) + " is in minutes east of UTC, and " + shown(constant) + " is less than a quarter of an hour", "one hour is 60");
    } else if (typed.type == "number" && constant.is_number()) {
      check_range(key, typed, constant, consequence);
    }
  }

  /// Null and what is missing are no slip, and what is an operation is not known.
  static bool is_allowed(const Typed& typed, const Value& constant) {
    if (!constant.is_string() && !constant.is_number() && !constant.is_boolean()) return true;
    const auto is_it = [&](std::string_view text) { return constant.is_string() ? text == constant.as_string() : string_to_number(text) == to_number(constant); };
    return std::any_of(typed.allowed->begin(), typed.allowed->end(), is_it) || (typed.stand_in != nullptr && is_it(typed.stand_in->as_string()));
  }

  /// Texts that are no numbers are neither more nor less than one, and neither true nor false.
  void check_text(std::string_view key, const Typed& typed, const Value& rule, const Value& constant, std::string_view consequence) {
    if (typed.type == "date" && constant.is_string()) {
      if (parse_instant(constant.as_string())) return;
      suspicions_.warn(constant, "compares " + typed.described() + ", with " + shown(constant) + ", which is none", hint_for_date(constant.as_string()));
    } else if (is_equality(key) && constant.is_string()) {
      if (typed.name == event_name) return check_event_name(constant);
      if (const auto slip = page_text_slip(typed.name, rule, constant)) suspicions_.warn(constant, slip->message + ": this is " + std::string(consequence), slip->hint);
    } else if (constant.is_boolean()) {
      suspicions_.warn(constant, "compares " + typed.described() + ", with " + shown(constant), "to ask whether there is a value, write {\"!!\": [" + to_json(rule) + "]}");
    } else if (typed.is_enum() && is_order(key) && constant.is_string()) {
      check_order_of_enum(key, typed, rule, constant);
    } else if (typed.type == "string" && constant.is_number() && is_order(key)) {
      if (typed.is_enum() && std::any_of(typed.allowed->begin(), typed.allowed->end(), reads_as_number)) return;
      suspicions_.warn(constant, "compares " + typed.described() + ", with " + shown(constant) + ": a text that is no number is neither more nor less than one",
                       typed.is_enum() ? "ask which of its values it is: {\"in\": [" + to_json(rule) + ", [\"" + typed.allowed->front() + "\"]]}"
                                       : "declare it as \"number\" if it is one, or compare it with a text");
    } else if (typed.type == "string" && constant.is_number() && !typed.is_enum()) {
      check_number_of_text(typed, constant);
    }
  }

  /// Texts compare by their letters: only where those are in the order that the enum declares, or its reverse, it is what can be meant.
  void check_order_of_enum(std::string_view key, const Typed& typed, const Value& rule, const Value& constant) {
    const std::vector<std::string>& allowed = *typed.allowed;
    // Versions, sizes in figures and periods are in the order of their letters wherever they stand in a list.
    const auto has_digit = [](const std::string& text) { return text.find_first_of("0123456789") != std::string::npos; };
    if (std::any_of(allowed.begin(), allowed.end(), has_digit) || std::is_sorted(allowed.begin(), allowed.end()) || std::is_sorted(allowed.rbegin(), allowed.rend())) return;
    suspicions_.warn(constant, quoted(key) + " compares " + quoted(typed.name) + " by its letters, which are not in the order of its `enum`", hint_for_order(key, allowed, rule, constant));
  }

  static std::string hint_for_order(std::string_view key, const std::vector<std::string>& allowed, const Value& rule, const Value& constant) {
    const auto at = std::find(allowed.begin(), allowed.end(), constant.as_string());
    if (at == allowed.end()) return hint_for(constant.as_string(), std::vector<std::string_view>(allowed.begin(), allowed.end()));
    const bool is_more = key.starts_with('>'), with_it = key.ends_with('=');
    const auto begin = is_more ? (with_it ? at : std::next(at)) : allowed.begin(), end = is_more ? allowed.end() : (with_it ? std::next(at) : at);
    if (begin == end) return "in the order of its `enum` nothing comes " + std::string(is_more ? "behind " : "before ") + shown(constant);
    std::string several;
    for (auto each = begin; each != end; ++each) several += (several.empty() ? "" : ", ") + to_json(Value::string(*each));
    return "name those that are meant: {\"in\": [" + to_json(rule) + ", [" + several + "]]}";
  }

  /// JsonLogic: `true` is 1 and `false` is 0, so three events are not `true`.
  void check_truth_of_number(std::string_view key, const Typed& typed, const Value& rule, const Value& constant, std::string_view consequence) {
    const bool is_strict = key == "===" || key == "!==", is_true = constant.as_boolean();
    const bool asks_for_any = is_true != key.starts_with('!'), is_counted = typed.least == 0 && !typed.is_duration;
    const std::string value = to_json(rule);
    suspicions_.warn(constant, "compares " + typed.described() + ", with " + shown(constant) + (is_strict ? ": " + std::string(consequence) : is_true ? ", which equals 1 alone" : ", which equals 0"),
                     is_order(key)  ? "write a number"
                     : asks_for_any ? "to ask whether there is any, write " + (is_counted ? "{\">\": [" + value + ", 0]}" : "{\"!!\": [" + value + "]}")
                                    : "to ask whether there is none, write " + (is_counted ? "{\"==\": [" + value + ", 0]}" : "{\"!\": [" + value + "]}"));
  }

  /// JsonLogic: `==` reads a text as a number. Of an enum it is known which texts there are.
  void check_number_of_text(const Typed& typed, const Value& constant) {
    const std::string number = shown(constant);
    const std::string another = constant.as_number() == 0 ? "the empty text" : constant.as_number() > 0 ? "\"0" + number + "\"" : "\" " + number + " \"";
    suspicions_.warn(constant, "compares " + typed.described() + ", with " + number + ": " + another + " equals it, too",
                     "write \"" + number + "\" if that very text is meant, or declare it as \"number\" if it is one");
  }

  /// Pages may track what is not declared, so only what is nearly declared is a slip.
  void check_event_name(const Value& name) {
    if (types_.event(name.as_string()) != nullptr) return;
    const std::string_view near = nearest(name.as_string(), types_.event_names());
    if (!near.empty()) suspicions_.warn(name, "no event is declared as " + shown(name), "did you mean " + quoted(near) + "?");
  }

  /// "100.000" as much of Europe writes a hundred thousand.
  void check_grouped(const Typed& typed, const Value& constant) {
    const std::string_view text = constant.as_string();
    const std::size_t point = text.find('.');
    if (point == 0 || point > 3 || text.size() != point + 4 || text.front() == '0' || text.find_first_not_of("0123456789.") != std::string_view::npos) return;
    const double number = string_to_number(text);
    suspicions_.warn(constant, "compares " + typed.described() + ", with " + shown(constant) + ", which is read as " + shown(Value::number(number)),
                     "write " + shown(Value::number(std::round(number * 1000))) + ", without the point and the quotes, or " + shown(Value::number(number)));
  }

  /// Beyond what the value can be.
  void check_range(std::string_view key, const Typed& typed, const Value& constant, std::string_view consequence) {
    const double number = constant.as_number();
    const bool above = typed.most && (number > *typed.most || (number == *typed.most && key == ">"));
    const bool at_least = key == ">=" && typed.least && number <= *typed.least;
    const bool below = typed.least && (number < *typed.least || (number == *typed.least && key == "<"));
    if (above || below || at_least) {
      const bool holds = at_least || (above && (key == "<" || key == "<=")) || (below && key == ">");
      std::string limit;
      append_number(above ? *typed.most : *typed.least, limit);
      suspicions_.warn(constant, quoted(typed.name) + " is never " + (above ? "more" : "less") + " than " + limit + ": this is " +
                                     std::string(is_equality(key) ? consequence : holds ? "always true" : "always false"),
                       above                                    ? "its `cap` in site.json says so"
                       : typed.name.starts_with(R"({"score")") ? "a score falls below 0 only as far as its `floor` in site.json says"
                                                                : "compare it with a number that it can reach");
    } else if (typed.is_duration && std::abs(number) > 0 && std::abs(number) < static_cast<double>(second)) {
      suspicions_.warn(constant, "compares " + typed.described() + ", with " + shown(constant) + ": less than a second", milliseconds_of(std::abs(number)));
    }
  }

  /// As days, which is what small numbers are meant as.
  static std::string milliseconds_of(double days) {
    std::string text = "in milliseconds ";
    append_number(days, text);
    text += days == 1 ? " day is " : " days are ";
    append_number(days * static_cast<double>(day), text);
    return text;
  }

  static std::string hint_of(std::string_view key, const Typed& typed, const Value& rule, const Value& constant) {
    if (is_order(key) && (typed.name == "now" || typed.name == "event.at") && parse_instant(constant.as_string())) {
      return std::string("write {\"") + (key.starts_with('<') ? "before" : "after") + "\": [" + to_json(rule) + ", " + to_json(constant) + "]}";
    }
    const auto duration = typed.is_duration && constant.is_string() ? parse_duration(constant.as_string()) : std::nullopt;
    if (duration) return "in milliseconds " + std::string(constant.as_string()) + " is " + std::to_string(*duration);
    return "write " + std::string(type_noun(typed.type));
  }

  /// Whether a value of the type, or none, can not be equal to the constant, or not before or behind it in order.
  static bool never_holds(std::string_view key, std::string_view type, const Value& constant) {
    const bool strict = key == "===" || key == "!==";
    const bool no_number = constant.is_string() && !reads_as_number(constant.as_string());
    if (type == "number") return no_number || (strict && (constant.is_string() || constant.is_boolean()));
    if (type == "boolean") {
      const bool neither = constant.is_number() && constant.as_number() != 0 && constant.as_number() != 1;
      return no_number || (is_equality(key) && neither) || (strict && (constant.is_string() || constant.is_number()));
    }
    return type == "string" && strict && (constant.is_number() || constant.is_boolean());
  }

  const Types types_;
  Suspicions suspicions_;
};

}  // namespace

void check_comparisons(const Pack& pack, Diagnostics& diagnostics) {
  Comparisons comparisons(pack, diagnostics);
  for (const auto& document : pack.documents) comparisons.check(*document);
  for (const Experience& rule : pack.page_rules) comparisons.check_reads(rule);
  for (const Journey& journey : pack.journeys) {
    for (const Stage& stage : journey.stages) {
      for (const Experience& shown : stage.show) comparisons.check_reads(shown);
    }
  }
}

}  // namespace wayline::document
