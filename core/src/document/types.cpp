#include "document/types.h"

#include <algorithm>
#include <iterator>

namespace wayline::document {
namespace {

constexpr std::string_view number_operators[] = {"count", "sum", "since", "distinct", "intent", "score", "+", "-", "*", "/", "%", "min", "max", "now"};
constexpr std::string_view truth_operators[] = {"segment", "!", "!!", "==", "===", "!=", "!==", "<", "<=", ">", ">=", "in", "all", "none", "some",
                                                "url", "matches", "before", "after", "within", "local_time"};
constexpr std::string_view text_operators[] = {"cat", "substr"};
/// Never below 0.
constexpr std::string_view counting_operators[] = {"count", "distinct", "since"};
/// 0 where there is nothing to count.
constexpr std::string_view adding_operators[] = {"count", "distinct", "sum", "intent", "score"};
constexpr std::string_view computed_root = "computed.";
constexpr std::string_view experiment_root = "experiment.";
/// What browsers tell, where site.json does not declare what other hosts do.
const std::vector<std::string> device_types = {"desktop", "mobile", "tablet"};
const std::vector<std::string> event_types = {"page", "track", "identify", "consent", "exposure", "dismiss", "tick", "logout"};
constexpr std::string_view page_texts[] = {page_path, page_url, page_host, page_search, page_referrer};

template <std::size_t count>
bool is_among(std::string_view word, const std::string_view (&words)[count]) {
  return std::find(std::begin(words), std::end(words), word) != std::end(words);
}

struct Noun {
  std::string_view type, noun;
};
constexpr Noun nouns[] = {{"string", "a text"}, {"number", "a number"}, {"boolean", "true or false"}, {"date", "a date"}, {"list", "a list"}, {"object", "an object"}};

}  // namespace

bool fits(const Value& value, std::string_view type) {
  if (type == "date") return value.is_number() || (value.is_string() && parse_instant(value.as_string()));
  return (type == "string" && value.is_string()) || (type == "number" && value.is_number()) || (type == "boolean" && value.is_boolean()) ||
         (type == "list" && value.is_list()) || (type == "object" && value.is_object());
}

std::string_view type_noun(std::string_view type) {
  const auto found = std::find_if(std::begin(nouns), std::end(nouns), [type](const Noun& noun) { return noun.type == type; });
  return found == std::end(nouns) ? type : found->noun;
}

std::span<const Value> operands_of(const Value& value) { return value.is_list() ? value.as_list() : std::span(&value, 1); }

bool Typed::is_one_of(std::initializer_list<std::string_view> types) const { return std::find(types.begin(), types.end(), type) != types.end(); }

std::string Typed::described() const { return quoted(name) + ", " + (is_duration ? "milliseconds" : std::string(type_noun(type))); }

Types::Types(const Pack& pack) : site_(pack.site) {
  for (const Attribute& attribute : site_.attributes) attributes_.emplace(attribute.name.text, &attribute);
  for (const Event& event : site_.events) events_.emplace(event.name.text, &event);
  const auto add_variants = [this](const Experience& experience) {
    std::vector<std::string>& variants = variants_[experience.id.text];
    for (const Variant& variant : experience.variants) variants.push_back(variant.id.text);
    variants.emplace_back("holdout");
  };
  std::for_each(pack.page_rules.begin(), pack.page_rules.end(), add_variants);
  for (const Journey& journey : pack.journeys) {
    std::vector<std::string>& stages = stages_[journey.id.text];
    for (const Stage& stage : journey.stages) {
      stages.push_back(stage.name.text);
      std::for_each(stage.show.begin(), stage.show.end(), add_variants);
    }
  }
}

const Event* Types::event(std::string_view name) const {
  const auto found = events_.find(name);
  return found == events_.end() ? nullptr : found->second;
}

std::vector<std::string_view> Types::event_names() const {
  std::vector<std::string_view> names;
  for (const auto& [name, event] : events_) names.push_back(name);
  return names;
}

bool Types::is_path(std::string_view text) const {
  if (text.starts_with(event_properties)) return is_property(std::string(text.substr(event_properties.size())));
  return attributes_.contains(text) ||
         std::any_of(site_.computed.begin(), site_.computed.end(), [text](const Computed& computed) { return text == std::string(computed_root) + computed.name.text; });
}

bool Types::is_property(const std::string& name) const {
  return std::any_of(events_.begin(), events_.end(), [&](const auto& event) { return event.second->properties.contains(name); });
}

std::optional<Typed> Types::of(const Value& value, const Around& place) const {
  if (!value.is_object() || value.as_object().size() != 1) return std::nullopt;
  const Member& operation = value.as_object()[0];
  return operation.key == "var" ? of_variable(operation.value, place) : of_operation(operation);
}

std::optional<Typed> Types::of_operation(const Member& operation) const {
  const auto operands = operands_of(operation.value);
  const std::string_view name = !operands.empty() && operands[0].is_string() ? operands[0].as_string() : std::string_view();
  const std::string called = "{\"" + std::string(operation.key) + "\": \"" + std::string(name) + "\"}";
  if (operation.key == "stage") {
    const auto stages = stages_.find(name);
    return stages == stages_.end() ? std::nullopt : std::optional(Typed{called, "string", &stages->second});
  }
  if (operation.key == "first" || operation.key == "last") return of_seen(operation);
  const std::string_view type = is_among(operation.key, number_operators)  ? "number"
                                : is_among(operation.key, truth_operators) ? "boolean"
                                : is_among(operation.key, text_operators)  ? "string"
                                                                           : "";
  if (type.empty()) return std::nullopt;
  Typed typed{std::string(operation.key), type};
  if (is_among(operation.key, counting_operators)) typed.least = 0;
  typed.is_duration = operation.key == "since";
  typed.is_never_null = is_among(operation.key, adding_operators);
  if (operation.key != "intent" && operation.key != "score") return typed;
  const auto intent = std::find_if(site_.intents.begin(), site_.intents.end(), [&](const Intent& each) { return each.name.text == name; });
  if (intent == site_.intents.end()) return typed;
  typed.name = called;
  typed.least = intent->floor;
  if (intent->cap > 0) typed.most = intent->cap;
  return typed;
}

/// `first` and `last`: the property that they read, else a time.
std::optional<Typed> Types::of_seen(const Member& operation) const {
  const auto operands = operands_of(operation.value);
  if (operands.empty() || !operands[0].is_string()) return std::nullopt;
  const Value* path = operands.size() < 2 ? nullptr : find(operands[1], "of");
  if (operands.size() > 1 && path == nullptr) path = find(operands[1], "property");
  if (path == nullptr) return Typed{.name = std::string(operation.key), .type = "number", .is_moment = true};
  const Event* seen = event(operands[0].as_string());
  if (seen == nullptr || !path->is_string()) return std::nullopt;
  const auto property = seen->properties.find(std::string(path->as_string()));
  return property == seen->properties.end() ? std::nullopt : std::optional(Typed{std::string(operation.key), property->second});
}

/// With a default that is of another type than the path nothing is known.
std::optional<Typed> Types::of_variable(const Value& value, const Around& place) const {
  const auto operands = operands_of(value);
  if (!place.list_operator.empty() || operands.empty() || !operands[0].is_string()) return std::nullopt;
  std::optional<Typed> typed = of_path(operands[0].as_string(), place);
  if (!typed || operands.size() == 1 || operands[1].is_nothing()) return typed;
  if (!fits(operands[1], typed->type)) return std::nullopt;
  typed->stand_in = &operands[1];
  return typed;
}

std::optional<Typed> Types::of_path(std::string_view path, const Around& place) const {
  const std::string name(path);
  if (path == "session.pages" || path == "now" || path == "event.at") return Typed{name, "number"};
  if (path == "session.number") return Typed{.name = name, .type = "number", .least = 1};
  if (path == "session.duration") return Typed{.name = name, .type = "number", .least = 0, .is_duration = true};
  if (path == "session.new" || path.starts_with("consent.")) return Typed{name, "boolean"};
  if (path == event_name || is_among(path, page_texts)) return Typed{name, "string"};
  if (path == "event.type") return Typed{name, "string", &event_types};
  if (path.starts_with(event_properties)) return of_property(path, place);
  if (path.starts_with(computed_root)) return of_computed(path);
  const auto found = attributes_.find(path);
  if (found != attributes_.end()) return Typed{name, found->second->type, &found->second->allowed};
  if (path.starts_with(experiment_root)) {
    const auto variants = variants_.find(path.substr(experiment_root.size()));
    return variants == variants_.end() ? std::nullopt : std::optional(Typed{name, "string", &variants->second});
  }
  if (path == device_offset) return Typed{name, "number"};
  return path == device_type ? std::optional(Typed{name, "string", &device_types}) : std::nullopt;
}

std::optional<Typed> Types::of_computed(std::string_view path) const {
  const auto computed = std::find_if(site_.computed.begin(), site_.computed.end(), [&](const Computed& item) { return item.name.text == path.substr(computed_root.size()); });
  if (computed == site_.computed.end() || !computed->rule) return std::nullopt;
  // As if inside a list: a `var` there would lead on, perhaps in a circle.
  std::optional<Typed> typed = of(*computed->rule.value, {.list_operator = "computed"});
  if (typed) typed->name = path;
  return typed;
}

/// Of the event in question, or of all that declare the property when they agree.
std::optional<Typed> Types::of_property(std::string_view path, const Around& place) const {
  const std::string name(path.substr(event_properties.size()));
  std::string_view type;
  for (const auto& [event, declaration] : events_) {
    const auto property = declaration->properties.find(name);
    if ((place.event != nullptr && place.event != declaration) || property == declaration->properties.end()) continue;
    if (!type.empty() && type != property->second) return std::nullopt;
    type = property->second;
  }
  return type.empty() ? std::nullopt : std::optional(Typed{std::string(path), type});
}

}  // namespace wayline::document
