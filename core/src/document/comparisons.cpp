// Comparisons that can not mean what they say: with a value that the `enum` of an attribute lacks, with a stage that the journey lacks, or of a
// number with a text that is none; and paths that lead nowhere inside list and history operators.
#include <algorithm>
#include <cmath>
#include <iterator>
#include <map>
#include <optional>

#include "base/number.h"
#include "document/documents.h"

namespace wayline::document {
namespace {

constexpr std::string_view equalities[] = {"==", "===", "!=", "!=="};
constexpr std::string_view orders[] = {"<", "<=", ">", ">="};
/// Their second operand is asked of each item, where `var` reads the item.
constexpr std::string_view list_operators[] = {"map", "filter", "reduce", "all", "none", "some"};
/// Their condition is asked of past events, where `event` is the past one.
constexpr std::string_view history_operators[] = {"count", "sum", "first", "last", "since", "distinct"};
constexpr std::string_view number_operators[] = {"count", "sum", "since", "distinct", "intent", "+", "-", "*", "/", "%", "min", "max", "now"};
constexpr std::string_view truth_operators[] = {"segment", "!", "!!", "==", "===", "!=", "!==", "<", "<=", ">", ">=", "in", "all", "none", "some",
                                                "url", "matches", "before", "after", "within", "local_time"};
constexpr std::string_view text_operators[] = {"cat", "substr"};
constexpr std::string_view past_properties = "event.properties.";
/// Paths of the visitor and the step, which no list's item has.
constexpr std::string_view rooted_paths[] = {"profile.", "computed.", "consent.", past_properties};
/// Holds no rules.
constexpr std::string_view content_key = "content";

template <std::size_t count>
bool is_one_of(std::string_view word, const std::string_view (&words)[count]) {
  return std::find(std::begin(words), std::end(words), word) != std::end(words);
}

class Comparisons {
 public:
  Comparisons(const Pack& pack, Diagnostics& diagnostics) : site_(pack.site), diagnostics_(diagnostics) {
    for (const Attribute& attribute : site_.attributes) attributes_.emplace(attribute.name.text, &attribute);
    for (const Event& event : site_.events) events_.emplace(event.name.text, &event);
    for (const Journey& journey : pack.journeys) {
      std::vector<std::string>& stages = stages_[journey.id.text];
      for (const Stage& stage : journey.stages) stages.push_back(stage.name.text);
    }
  }

  void check(const JsonDocument& document) {
    positions_ = &document.positions;
    check(*document.root, {});
  }

 private:
  /// What `var` means where a rule stands.
  struct Around {
    std::string_view list_operator;  // around it; empty: none
    const Event* past = nullptr;     // whose past events the condition is about
  };
  /// Something that has a value of a known type.
  struct Typed {
    std::string name;
    std::string_view type;
    const std::vector<std::string>* allowed = nullptr;
  };

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
        return check_history(operands);
      }
      for (const Member& member : value.as_object()) {
        if (member.key == content_key) continue;
        if (may_be_operation) {
          check_operation(member, place);
        } else {
          check(member.value, place);
        }
      }
    }
  }

  void check_operation(const Member& operation, const Around& place) {
    const auto operands = operation.value.is_list() ? operation.value.as_list() : std::span(&operation.value, 1);
    if (is_one_of(operation.key, list_operators)) {
      for (std::size_t i = 0; i < operands.size(); ++i) check(operands[i], i == 1 ? Around{operation.key, nullptr} : place);
      return;
    }
    if (is_one_of(operation.key, history_operators) && !operands.empty() && operands[0].is_string()) return check_history(operands);
    if (operation.key == "var" && !operands.empty()) check_path(operands[0], place);
    if (operation.key == "set" && operation.value.is_object()) check_set(operation.value);
    if (operands.size() == 2) check_operands(operation.key, operands[0], operands[1], place);
    check(operation.value, place);
  }

  void check_history(std::span<const Value> operands) {
    const auto event = events_.find(operands[0].as_string());
    const Around place{{}, event == events_.end() ? nullptr : event->second};
    if (operands.size() < 2) return;
    for (const std::string_view option : {"of", "property"}) {
      if (const Value* path = find(operands[1], option); path != nullptr) check_property(*path, *path, place);
    }
    if (const Value* where = find(operands[1], "where"); where != nullptr) check(*where, place);
  }

  /// What an action sets a trait to: a value that it can not have is not stored.
  void check_set(const Value& traits) {
    for (const Member& trait : traits.as_object()) {
      const auto typed = typed_path(trait.key, {});
      const bool allowed = !typed || !typed->allowed || typed->allowed->empty() || !trait.value.is_string() ||
                           std::find(typed->allowed->begin(), typed->allowed->end(), trait.value.as_string()) != typed->allowed->end();
      if (!typed || (allowed && !never_holds("===", typed->type, trait.value))) continue;
      warn(trait.value, quoted(typed->name) + " can not be " + shown(trait.value) + ": this is never stored",
           allowed ? "write a " + std::string(typed->type) : hint_for(trait.value.as_string(), {typed->allowed->begin(), typed->allowed->end()}));
    }
  }

  void check_path(const Value& path, const Around& place) {
    if (!path.is_string()) return;
    const std::string_view text = path.as_string();
    if (!place.list_operator.empty()) {
      const bool rooted = std::any_of(std::begin(rooted_paths), std::end(rooted_paths), [text](std::string_view root) { return text.starts_with(root); });
      if (rooted) {
        warn(path, "inside " + quoted(place.list_operator) + " `var` reads the items of the list, which have no " + quoted(text),
             "ask for it outside, joined with {\"and\": […]}");
      }
    } else if (place.past != nullptr && text.starts_with(past_properties)) {
      check_property(Value::string(text.substr(past_properties.size())), path, place);
    }
  }

  /// A property of a past event that its declaration lacks. Events without declared properties may have any.
  void check_property(const Value& property, const Value& at, const Around& place) {
    if (place.past == nullptr || place.past->properties.empty() || !property.is_string()) return;
    const std::string name(property.as_string().substr(0, property.as_string().find('.')));
    if (place.past->properties.contains(name)) return;
    std::vector<std::string_view> declared;
    for (const auto& [known, type] : place.past->properties) declared.push_back(known);
    warn(at, quoted(place.past->name.text) + " declares no property " + quoted(name), hint_for(name, declared));
  }

  void check_operands(std::string_view key, const Value& left, const Value& right, const Around& place) {
    if (key == "in") {
      if (const auto typed = typed_value(left, place); typed && right.is_list()) {
        for (const Value& item : right.as_list()) check_constant("===", *typed, item, "never found");
      }
      return;
    }
    if (!is_one_of(key, equalities) && !is_one_of(key, orders)) return;
    const std::string_view consequence = key.starts_with('!') ? "always true" : "always false";
    if (const auto typed = typed_value(left, place)) check_constant(key, *typed, right, consequence);
    if (const auto typed = typed_value(right, place)) check_constant(key, *typed, left, consequence);
  }

  void check_constant(std::string_view key, const Typed& typed, const Value& constant, std::string_view consequence) {
    if (never_holds(key, typed.type, constant)) {
      warn(constant, "compares " + quoted(typed.name) + ", a " + std::string(typed.type) + ", with " + shown(constant) + ": " + std::string(consequence),
           typed.type == "boolean" ? "write true or false" : "write a " + std::string(typed.type));
    } else if (typed.allowed != nullptr && !typed.allowed->empty() && constant.is_string() && !is_one_of(key, orders)) {
      const std::vector<std::string_view> allowed(typed.allowed->begin(), typed.allowed->end());
      if (std::find(allowed.begin(), allowed.end(), constant.as_string()) != allowed.end()) return;
      warn(constant, quoted(typed.name) + " can not be " + shown(constant) + ": this is " + std::string(consequence),
           hint_for(constant.as_string(), allowed));
    }
  }

  /// Whether a value of the type, or none, can not be equal to the constant, or not before or behind it in order.
  static bool never_holds(std::string_view key, std::string_view type, const Value& constant) {
    const bool strict = key == "===" || key == "!==";
    const bool no_number = constant.is_string() && std::isnan(string_to_number(constant.as_string()));
    if (type == "number") return no_number || (strict && (constant.is_string() || constant.is_boolean()));
    if (type == "boolean") {
      const bool neither = constant.is_number() && constant.as_number() != 0 && constant.as_number() != 1;
      return no_number || (is_one_of(key, equalities) && neither) || (strict && (constant.is_string() || constant.is_number()));
    }
    return type == "string" && strict && (constant.is_number() || constant.is_boolean());
  }

  /// What an operation or a `var` gives, when that is known.
  std::optional<Typed> typed_value(const Value& value, const Around& place) const {
    if (!value.is_object() || value.as_object().size() != 1) return std::nullopt;
    const Member& operation = value.as_object()[0];
    if (operation.key == "var") return place.list_operator.empty() && operation.value.is_string() ? typed_path(operation.value.as_string(), place) : std::nullopt;
    if (operation.key == "stage" && operation.value.is_string()) {
      const std::string_view journey = operation.value.as_string();
      const auto stages = stages_.find(journey);
      return stages == stages_.end() ? std::nullopt : std::optional(Typed{"{\"stage\": \"" + std::string(journey) + "\"}", "string", &stages->second});
    }
    const std::string_view type = is_one_of(operation.key, number_operators)  ? "number"
                                  : is_one_of(operation.key, truth_operators) ? "boolean"
                                  : is_one_of(operation.key, text_operators)  ? "string"
                                                                              : "";
    if (type.empty()) return std::nullopt;
    return Typed{std::string(operation.key), type};
  }

  std::optional<Typed> typed_path(std::string_view path, const Around& place) const {
    if (path == "session.pages" || path == "session.number") return Typed{std::string(path), "number"};
    if (path == "session.new" || path.starts_with("consent.")) return Typed{std::string(path), "boolean"};
    if (path.starts_with(past_properties)) return typed_property(path, place);
    if (path.starts_with("computed.")) {
      const auto computed = std::find_if(site_.computed.begin(), site_.computed.end(), [&](const Computed& item) { return "computed." + item.name.text == path; });
      if (computed == site_.computed.end() || !computed->rule) return std::nullopt;
      // As if inside a list: a `var` there would lead on, perhaps in a circle.
      const auto typed = typed_value(*computed->rule.value, {.list_operator = "computed"});
      return typed ? std::optional(Typed{std::string(path), typed->type}) : std::nullopt;
    }
    const auto found = attributes_.find(path);
    return found == attributes_.end() ? std::nullopt : std::optional(Typed{std::string(path), found->second->type, &found->second->allowed});
  }

  /// A property of the event in question: of the past one, or of all that declare it when they agree.
  std::optional<Typed> typed_property(std::string_view path, const Around& place) const {
    const std::string name(path.substr(past_properties.size()));
    std::string_view type;
    for (const auto& [event, declaration] : events_) {
      const auto property = declaration->properties.find(name);
      if ((place.past != nullptr && place.past != declaration) || property == declaration->properties.end()) continue;
      if (!type.empty() && type != property->second) return std::nullopt;
      type = property->second;
    }
    return type.empty() ? std::nullopt : std::optional(Typed{std::string(path), type});
  }

  void warn(const Value& at, std::string message, std::string hint) {
    diagnostics_.push_back({ErrorCode::pack_suspicious, Severity::warning, positions_->of(at), std::move(message), std::move(hint)});
  }

  const Site& site_;
  Diagnostics& diagnostics_;
  const SourceMap* positions_ = nullptr;
  std::map<std::string_view, const Attribute*> attributes_;
  std::map<std::string_view, const Event*> events_;
  std::map<std::string_view, std::vector<std::string>> stages_;  // by journey
};

}  // namespace

void check_comparisons(const Pack& pack, Diagnostics& diagnostics) {
  Comparisons comparisons(pack, diagnostics);
  for (const auto& document : pack.documents) comparisons.check(*document);
}

}  // namespace wayline::document
