// Journeys, stages, transitions and actions.
#include <algorithm>
#include <limits>
#include <numeric>

#include "program/builder.h"

namespace wayline::program {

namespace {

Status journey_status(std::string_view text) {
  return text == "live" ? Status::live : text == "paused" ? Status::paused : text == "archived" ? Status::archived : Status::draft;
}

std::string_view text_of(const std::optional<document::Name>& name) { return name ? std::string_view(name->text) : std::string_view(); }

/// Records are appended while their parts append to other tables, so they are collected first.
template <typename Record>
Range append_all(std::vector<Record>& table, const std::vector<Record>& records) {
  return Writer::appended(table, [&] { table.insert(table.end(), records.begin(), records.end()); });
}

}  // namespace

/// Stages get their places before anything refers to them. Journeys are in the order of their ids.
void Builder::number_stages() {
  stage_ranges_.resize(names_.journeys.size());
  for (std::uint32_t index = 0; index < names_.journeys.size(); ++index) {
    const auto source = std::find_if(pack_.journeys.begin(), pack_.journeys.end(),
                                     [&](const document::Journey& item) { return item.id.text == names_.journeys.all()[index]; });
    stage_ranges_[index] = Writer::appended(stage_names_, [&] {
      for (const document::Stage& item : source->stages) stage_names_.push_back(item.name.text);
    });
  }
}

std::uint32_t Builder::stage_index(std::uint32_t journey, std::string_view name) const {
  const Range range = stage_ranges_[journey];
  for (std::uint32_t i = range.first; i < range.first + range.count; ++i) {
    if (stage_names_[i] == name) return i;
  }
  return none;  // reported by the documents' checks
}

void Builder::add_journeys() {
  for (std::uint32_t index = 0; index < names_.journeys.size(); ++index) {
    const auto source = std::find_if(pack_.journeys.begin(), pack_.journeys.end(),
                                     [&](const document::Journey& item) { return item.id.text == names_.journeys.all()[index]; });
    writer_.journeys.push_back(journey(*source, index));
  }
  writer_.journey_order.resize(writer_.journeys.size());
  std::iota(writer_.journey_order.begin(), writer_.journey_order.end(), 0u);
  std::stable_sort(writer_.journey_order.begin(), writer_.journey_order.end(), [&](std::uint32_t a, std::uint32_t b) {
    return writer_.journeys[a].priority > writer_.journeys[b].priority;
  });
}

Journey Builder::journey(const document::Journey& source, std::uint32_t index) {
  Journey record{};
  record.id = writer_.intern(source.id.text);
  record.owner = writer_.intern(source.owner);
  record.enter = trigger(source.enter);
  record.goal = {writer_.intern(""), none};
  record.goal_value = record.goal_start = none;
  if (source.goal) {
    record.has_goal = 1;
    record.goal = trigger(source.goal->when);
    record.goal_under = writer_.intern(text_of(source.goal->under));
    record.goal_value = rule(source.goal->value);
    record.goal_start = source.goal->start ? names_.journeys.find(source.goal->start->text) : none;
    record.goal_ends = source.goal->ends ? 1 : 0;
  }
  record.status = journey_status(source.status);
  record.version = source.version;
  record.start = stage_index(index, source.start.text);
  record.reenter_max = source.reenter.max;
  record.reenter_after = source.reenter.after.value_or(0);
  record.from = source.schedule.from.value_or(std::numeric_limits<Instant>::min());
  record.to = source.schedule.to.value_or(std::numeric_limits<Instant>::max());
  record.priority = source.priority;

  std::vector<Exit> exits;
  for (const document::Exit& item : source.exits) exits.push_back({trigger(item.when), writer_.intern(item.outcome)});
  record.exits = append_all(writer_.exits, exits);
  std::vector<Hold> holds;
  for (const document::Hold& item : source.holds) holds.push_back({writer_.intern(item.by), writer_.intern(item.reason), rule(item.condition)});
  record.holds = append_all(writer_.holds, holds);
  std::vector<Stage> stages;
  for (const document::Stage& item : source.stages) stages.push_back(stage(item, source, index));
  record.stages = append_all(writer_.stages, stages);
  return record;
}

Stage Builder::stage(const document::Stage& source, const document::Journey& journey, std::uint32_t journey_index) {
  Stage record{};
  record.name = writer_.intern(source.name.text);
  record.team = writer_.intern(source.team);
  record.system = writer_.intern(source.system);
  record.journey = journey_index;
  record.moment_of_truth = source.moment_of_truth ? 1 : 0;
  record.actions = actions(source.on_enter);
  (void)journey;
  record.show = Writer::appended(writer_.indexes, [&] {
    for (const document::Experience& item : source.show) writer_.indexes.push_back(names_.experiences.find(item.id.text));
  });
  for (const document::Name& need : source.needs) names_.interpolation(need.text, need.range);
  std::vector<Transition> transitions;
  for (const document::Transition& item : source.transitions) transitions.push_back(transition(item, journey_index));
  record.transitions = append_all(writer_.transitions, transitions);
  return record;
}

Transition Builder::transition(const document::Transition& source, std::uint32_t journey_index) {
  Transition record{};
  record.when = trigger({source.event, source.condition});
  record.go = source.go ? stage_index(journey_index, source.go->text) : none;
  record.start = source.start ? names_.journeys.find(source.start->text) : none;
  record.actions = actions(source.actions);
  record.wait = source.wait.value_or(0);
  return record;
}

Range Builder::actions(const std::vector<document::Action>& source) {
  std::vector<Action> records;
  for (const document::Action& item : source) records.push_back(action(item));
  return append_all(writer_.actions, records);
}

Action Builder::action(const document::Action& source) {
  Action record{};
  record.index = record.value = none;
  record.name = record.reason = writer_.intern("");
  if (const auto* emit = std::get_if<document::Emit>(&source)) {
    record.kind = ActionKind::emit;
    record.name = writer_.intern(emit->event);
    std::vector<ActionProperty> properties;
    if (emit->properties) {
      for (const Member& member : emit->properties.value->as_object()) {
        const NodeIndex value = rule({&member.value, emit->properties.positions});
        if (value != none) properties.push_back({writer_.intern(member.key), value});
      }
    }
    record.properties = append_all(writer_.action_properties, properties);
  } else if (const auto* set = std::get_if<document::SetTrait>(&source)) {
    record.kind = ActionKind::set;
    const std::string_view name = set->attribute.text;
    record.index = names_.traits.find(name.starts_with("profile.") ? name.substr(8) : name);
    if (record.index == none) names_.interpolation(name, set->attribute.range);  // reports it
    record.value = rule(set->value);
  } else if (const auto* intent = std::get_if<document::AddIntent>(&source)) {
    record.kind = ActionKind::intent;
    record.index = names_.intent(intent->intent.text, intent->intent.range).value_or(none);
    record.add = intent->add;
  } else if (const auto* handoff = std::get_if<document::Handoff>(&source)) {
    record.kind = ActionKind::handoff;
    record.name = writer_.intern(handoff->team.text);
    record.reason = writer_.intern(handoff->reason);
  }
  return record;
}

}  // namespace wayline::program
