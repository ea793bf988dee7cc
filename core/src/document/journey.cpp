// journeys/*.json
#include <algorithm>
#include <iterator>

#include "document/documents.h"

namespace wayline::document {
namespace {

/// In a schema-checked object, where "on" is the event of a trigger and "event" that of a transition.
Trigger read_trigger(Reader& reader, const Value& value) {
  return {reader.name(value, "on"), reader.condition(value, "if")};
}

/// A journey without `enter` is only started by others: its own condition never holds.
Trigger read_entry(Reader& reader, const Value& root) {
  if (const Value* enter = find(root, "enter")) return read_trigger(reader, *enter);
  return {std::nullopt, reader.rule_of(*reader.make(Value::boolean(false), root))};
}

Reenter read_reenter(Reader& reader, const Value& root) {
  const Value* value = find(root, "reenter");
  if (value == nullptr) return {};
  const Reenter reenter{reader.duration(*value, "after"), reader.whole(*value, "max", 0)};
  if (reenter.max == 1) {
    reader.warning(ErrorCode::pack_suspicious, reader.of(*find(*value, "max")), "`max` counts all passes, the first one too: nobody enters again", "for one more write 2; to let nobody enter again leave `reenter` out");
  }
  return reenter;
}

/// The id of a journey, or the id and a reason.
std::optional<Start> read_start(const Reader& reader, const Value& object) {
  if (const auto name = reader.name(object, "start")) return Start{*name, {}};
  const Value* start = find(object, "start");
  const auto name = start == nullptr ? std::nullopt : reader.name(*start, "journey");
  return name ? std::optional(Start{*name, reader.text(*start, "reason")}) : std::nullopt;
}

std::optional<JourneyGoal> read_goal(Reader& reader, const Value& root) {
  const Value* value = find(root, "goal");
  if (value == nullptr || !value->is_object()) return std::nullopt;
  const Value attribution = value->get("attribution");
  return JourneyGoal{read_trigger(reader, *value), reader.name(*value, "under"), read_start(reader, *value),
                     reader.flag(*value, "ends", true), reader.rule(*value, "value"),
                     reader.duration(attribution, "within"), reader.text(attribution, "model") == "linear"};
}

// --- actions

/// What every event of a journey says; the engine drops properties of these names.
constexpr std::string_view journey_properties[] = {"journey", "stage", "version", "holdout"};

void read_emit(Reader& reader, const Value& action, const Value& event, std::vector<Action>& actions) {
  for (const Member& property : reader.members(action, "properties")) {
    if (std::find(std::begin(journey_properties), std::end(journey_properties), property.key) == std::end(journey_properties)) continue;
    reader.warning(ErrorCode::pack_suspicious, reader.of_key(property), "the engine itself says the " + quoted(property.key) + " of an emitted event: this is dropped",
                   "give it another name");
  }
  if (event.is_string() && std::find(derived_events.begin(), derived_events.end(), event.as_string()) != derived_events.end()) {
    reader.warning(ErrorCode::pack_suspicious, reader.of(event), "the engine itself sends " + quoted(event.as_string()) + ": whoever reads the events takes this for one of those", "give it another name");
  }
  if (event.is_string()) actions.push_back(Emit{std::string(event.as_string()), reader.rule(action, "properties")});
}

void read_set(Reader& reader, const Value&, const Value& traits, std::vector<Action>& actions) {
  if (!traits.is_object()) return;
  for (const Member& trait : traits.as_object())
    actions.push_back(SetTrait{reader.key_name(trait), reader.rule_of(trait.value)});
}

void read_intent(Reader& reader, const Value&, const Value& intents, std::vector<Action>& actions) {
  if (!intents.is_object()) return;
  for (const Member& intent : intents.as_object()) {
    if (intent.value.is_number()) actions.push_back(AddIntent{reader.key_name(intent), intent.value.as_number()});
  }
}

void read_handoff(Reader& reader, const Value&, const Value& handoff, std::vector<Action>& actions) {
  const std::optional<Name> team = reader.name(handoff, "to");
  if (!team) return;
  const Value nothing;
  const Value* asked = find(handoff, "acknowledge");
  const Value& acknowledge = asked == nullptr ? nothing : *asked;
  actions.push_back(Handoff{*team, reader.text(handoff, "reason"), reader.duration(acknowledge, "within"),
                            reader.name(acknowledge, "then"), reader.name(acknowledge, "else")});
}

struct ActionKind {
  std::string_view key;
  void (*read)(Reader& reader, const Value& action, const Value& value, std::vector<Action>& actions);
};
constexpr ActionKind action_kinds[] = {
    {"emit", read_emit}, {"set", read_set}, {"intent", read_intent}, {"handoff", read_handoff}};

// --- stages

constexpr std::string_view weekdays[] = {"monday", "tuesday",  "wednesday", "thursday",
                                         "friday", "saturday", "sunday"};

std::optional<Until> read_until(Reader& reader, const Value& item) {
  const Value* value = find(item, "until");
  if (value == nullptr || !value->is_object()) return std::nullopt;
  Until until;
  until.time = parse_time_of_day(reader.text(*value, "time"));
  const auto day = std::find(std::begin(weekdays), std::end(weekdays), reader.text(*value, "weekday"));
  if (day != std::end(weekdays)) until.weekday = static_cast<std::uint32_t>(day - std::begin(weekdays));
  until.date = reader.rule(*value, "date");
  if (until.weekday && until.date) {
    reader.error(ErrorCode::pack_bad_value, reader.of(*value), "`until` has `weekday` and `date`, but takes only one of them",
                 "take two transitions to go on at the earlier of the two");
  }
  return until;
}

void read_transitions(Reader& reader, const Value& stage, std::string_view key, std::vector<Transition>& transitions) {
  for (const Value& item : reader.items(stage, key)) {
    if (!item.is_object()) continue;
    Transition transition;
    transition.event = reader.name(item, "event");
    transition.wait = reader.duration(item, "wait");
    transition.condition = reader.condition(item, "if");
    transition.go = reader.name(item, "go");
    transition.until = read_until(reader, item);
    transition.start = read_start(reader, item);
    transition.actions = read_actions(reader, item);
    transition.range = reader.of(item);
    transitions.push_back(std::move(transition));
  }
}

/// By version, then by stage: the name of a stage, null, or the outcome of a pass that ends.
void read_migrations(Reader& reader, const Value& root, Journey& journey) {
  for (const Member& version : reader.members(root, "migrate")) {
    std::uint32_t number = 0;  // stays 0 for a key that is none, which has been reported
    for (const char digit : version.key) number = digit < '0' || digit > '9' ? 0 : number * 10 + static_cast<std::uint32_t>(digit - '0');
    if (number >= journey.version) {
      reader.error(ErrorCode::pack_bad_value, reader.of_key(version),
                   "`migrate` is for older versions, and the journey's is " + std::to_string(journey.version),
                   "raise `version` whenever the stages change");
    }
    if (!version.value.is_object()) continue;
    for (const Member& stage : version.value.as_object()) {
      Migration migration{number, std::string(stage.key), std::nullopt, reader.text(stage.value, "outcome", "migrated")};
      if (stage.value.is_string()) migration.stage = Name{std::string(stage.value.as_string()), reader.of(stage.value)};
      journey.migrations.push_back(std::move(migration));
    }
  }
}

std::vector<Name> read_needs(const Reader& reader, const Value& stage) {
  std::vector<Name> needs;
  for (const Value& item : reader.items(stage, "needs")) {
    if (item.is_string()) needs.push_back({std::string(item.as_string()), reader.of(item)});
  }
  return needs;
}

Stage read_stage(Reader& reader, const Member& member, const std::string& journey) {
  const Value& value = member.value;
  Stage stage;
  stage.name = reader.key_name(member);
  stage.team = reader.text(value, "team");
  stage.system = reader.text(value, "system");
  stage.needs = read_needs(reader, value);
  stage.moment_of_truth = reader.flag(value, "moment_of_truth", false);
  stage.on_enter = read_actions(reader, value);
  for (const Value& item : reader.items(value, "show")) {
    if (!item.is_object()) continue;
    const std::string default_id = journey + "." + stage.name.text + "." + reader.text(item, "slot");
    stage.show.push_back(read_experience(reader, item, default_id));
  }
  read_transitions(reader, value, "on", stage.transitions);
  read_transitions(reader, value, "after", stage.transitions);
  return stage;
}

}  // namespace

std::vector<Action> read_actions(Reader& reader, const Value& object) {
  std::vector<Action> actions;
  for (const Value& item : reader.items(object, "do")) {
    for (const ActionKind& kind : action_kinds) {
      if (const Value* value = find(item, kind.key)) kind.read(reader, item, *value, actions);
    }
  }
  return actions;
}

void read_journey(Reader& reader, Journey& journey) {
  const Value& root = reader.root();
  journey.id = reader.name(root, "id").value_or(Name{"", reader.of(root)});
  journey.owner = reader.text(root, "owner");
  journey.status = reader.text(root, "status", "draft");
  if (find(root, "status") == nullptr) {
    reader.warning(ErrorCode::pack_suspicious, journey.id.range, "without a `status` the journey is a draft: nobody enters it", R"(write "status": "live", or "draft" as long as it is one)");
  }
  journey.version = reader.whole(root, "version", 1);
  journey.priority = reader.number(root, "priority", 0);
  journey.schedule = read_schedule(reader, root);
  journey.holdout = read_holdout(reader, root, "what this journey shows");
  journey.enter = read_entry(reader, root);
  journey.reenter = read_reenter(reader, root);
  journey.goal = read_goal(reader, root);
  for (const Value& item : reader.items(root, "exit")) {
    journey.exits.push_back({read_trigger(reader, item), reader.text(item, "outcome", "exited")});
  }
  for (const Value& item : reader.items(root, "holds")) {
    journey.holds.push_back({reader.text(item, "by"), reader.condition(item, "if"), reader.text(item, "reason"), {}});
  }
  read_migrations(reader, root, journey);
  journey.start = reader.name(root, "start").value_or(Name{"", reader.of(root)});
  for (const Member& stage : reader.members(root, "stages"))
    journey.stages.push_back(read_stage(reader, stage, journey.id.text));
}

}  // namespace wayline::document
