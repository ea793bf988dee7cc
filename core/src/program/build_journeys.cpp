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

/// Below `event`.
constexpr std::string_view event_traits = "traits.";

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
  record.goal_start_reason = writer_.intern("");
  if (source.goal) {
    record.has_goal = 1;
    record.goal = trigger(source.goal->when);
    record.goal_under = writer_.intern(text_of(source.goal->under));
    record.goal_value = rule(source.goal->value);
    if (source.goal->start) {
      record.goal_start = names_.journeys.find(source.goal->start->journey.text);
      record.goal_start_reason = writer_.intern(source.goal->start->reason);
    }
    record.goal_ends = source.goal->ends ? 1 : 0;
    record.goal_within = source.goal->attributed_within.value_or(0);
    record.goal_credit = source.goal->is_linear ? GoalCredit::linear : GoalCredit::last;
  }
  record.status = journey_status(source.status);
  record.version = source.version;
  record.start = stage_index(index, source.start.text);
  record.reenter_max = source.reenter.max;
  record.reenter_after = source.reenter.after.value_or(0);
  record.from = source.schedule.from.value_or(std::numeric_limits<Instant>::min());
  record.to = source.schedule.to.value_or(std::numeric_limits<Instant>::max());
  record.priority = source.priority;
  record.holdout = source.holdout;

  std::vector<Exit> exits;
  for (const document::Exit& item : source.exits) exits.push_back({trigger(item.when), writer_.intern(item.outcome)});
  record.exits = append_all(writer_.exits, exits);
  record.holds = holds(source.holds);
  record.migrations = Writer::appended(writer_.migrations, [&] {
    for (const document::Migration& item : source.migrations) {
      writer_.migrations.push_back({item.version, item.stage ? stage_index(index, item.stage->text) : none, writer_.intern(item.from), writer_.intern(item.outcome)});
    }
  });
  std::vector<Stage> stages;
  for (const document::Stage& item : source.stages) stages.push_back(stage(item, source, index));
  record.stages = append_all(writer_.stages, stages);
  return record;
}

Range Builder::holds(const std::vector<document::Hold>& source) {
  std::vector<Hold> records;
  for (const document::Hold& item : source) {
    records.push_back({writer_.intern(item.by), writer_.intern(item.reason), writer_.intern(item.scope), condition(item.condition), 0});
  }
  return append_all(writer_.holds, records);
}

/// Of the site. Limits are resolved to the journeys that they count.
void Builder::add_holds_and_limits() {
  const Range holding = holds(pack_.site.holds);
  writer_.site[0].holds = holding;
  writer_.site[0].limits = Writer::appended(writer_.limits, [&] {
    for (const document::Limit& limit : pack_.site.limits) {
      const Range counted = Writer::appended(writer_.journey_sets, [&] {
        for (std::uint32_t journey = 0; journey < writer_.journeys.size(); ++journey) {
          const std::string& id = names_.journeys.all()[journey];
          const Text owner = writer_.journeys[journey].owner;
          const bool listed = std::any_of(limit.journeys.begin(), limit.journeys.end(), [&](const document::Name& name) { return name.text == id; });
          const bool owned = std::string_view(writer_.text.data() + owner.first, owner.size) == limit.team;
          if (limit.journeys.empty() ? limit.team.empty() || owned : listed) writer_.journey_sets.push_back(journey);
        }
      });
      writer_.limits.push_back({limit.max, counted});
    }
  });
}

Stage Builder::stage(const document::Stage& source, const document::Journey& journey, std::uint32_t journey_index) {
  Stage record{};
  record.name = writer_.intern(source.name.text);
  record.team = writer_.intern(source.team);
  record.system = writer_.intern(source.system);
  record.journey = journey_index;
  record.moment_of_truth = source.moment_of_truth ? 1 : 0;
  record.actions = actions(source.on_enter, journey_index);
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
  record.start = source.start ? names_.journeys.find(source.start->journey.text) : none;
  record.start_reason = writer_.intern(source.start ? source.start->reason : std::string());
  record.actions = actions(source.actions, journey_index);
  timing(source, record);
  return record;
}

void Builder::timing(const document::Transition& source, Transition& record) {
  record.until = none;
  if (source.wait) {
    record.timing = Timing::wait;
    record.wait = *source.wait;
  }
  if (!source.until) return;
  record.wait = source.until->time.value_or(0);
  record.timing = Timing::time;
  if (source.until->weekday) {
    record.timing = Timing::weekday;
    record.until = *source.until->weekday;
  } else if (source.until->date) {
    record.timing = Timing::date;
    record.until = rule(source.until->date);
    record.wait = source.until->time.value_or(-1);
  }
}

Range Builder::actions(const std::vector<document::Action>& source, std::uint32_t journey_index) {
  std::vector<Action> records;
  for (const document::Action& item : source) records.push_back(action(item, journey_index));
  return append_all(writer_.actions, records);
}

Action Builder::action(const document::Action& source, std::uint32_t journey_index) {
  Action record{};
  record.index = record.value = record.then = record.otherwise = none;
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
    check_guard(*set, record);
  } else if (const auto* intent = std::get_if<document::AddIntent>(&source)) {
    record.kind = ActionKind::intent;
    record.index = names_.intent(intent->intent.text, intent->intent.range).value_or(none);
    record.add = intent->add;
  } else if (const auto* handoff = std::get_if<document::Handoff>(&source)) {
    record.kind = ActionKind::handoff;
    record.name = writer_.intern(handoff->team.text);
    record.reason = writer_.intern(handoff->reason);
    record.within = handoff->within.value_or(0);
    if (handoff->then) record.then = stage_index(journey_index, handoff->then->text);
    if (handoff->otherwise) record.otherwise = stage_index(journey_index, handoff->otherwise->text);
  }
  return record;
}

/// By what the rule and the definitions that it uses name, in the order in which they do; of an `identify` event its traits as well.
std::vector<std::uint32_t> Builder::traits_read(NodeIndex rule) const {
  const Expressions expressions = expressions_.view();
  std::vector<std::uint32_t> traits;
  std::vector<bool> seen(expressions.nodes.size());
  std::vector<NodeIndex> pending{rule};
  while (!pending.empty()) {
    const NodeIndex next = pending.back();
    pending.pop_back();
    if (next == none || seen[next]) continue;
    seen[next] = true;
    const Node& node = expressions.nodes[next];
    if (node.op == Operator::segment) pending.push_back(writer_.segments[node.first].rule);
    if (node.op == Operator::attribute) {
      const Attribute& attribute = writer_.attributes[node.first];
      const std::string_view path(writer_.text.data() + attribute.path.first, attribute.path.size);
      if (attribute.root == Root::profile) traits.push_back(attribute.index);
      if (attribute.root == Root::computed) pending.push_back(writer_.computed[attribute.index].rule);
      if (attribute.root == Root::event && path.starts_with(event_traits)) {
        const std::uint32_t trait = names_.traits.find(path.substr(event_traits.size()));
        if (trait != none) traits.push_back(trait);
      }
    }
    for (const NodeIndex operand : operands_of(expressions, node)) pending.push_back(operand);
  }
  return traits;
}

/// Design 7.2.5: withdrawal deletes the values of its purpose, and so must it what is made of them.
void Builder::check_guard(const document::SetTrait& source, const Action& record) {
  if (record.index == none || record.value == none) return;
  const std::uint32_t own = writer_.traits[record.index].purpose;
  for (const std::uint32_t trait : traits_read(record.value)) {
    const std::uint32_t purpose = writer_.traits[trait].purpose;
    if (purpose == none || purpose == own) continue;
    const std::string needed = "`" + names_.purposes.all()[purpose] + "`";
    diagnostics_.push_back({ErrorCode::pack_unguarded, Severity::error, source.attribute.range,
                            "`" + source.attribute.text + "` is set from `profile." + names_.traits.all()[trait] + "`, which needs consent to " + needed +
                                ": it stays when that is withdrawn",
                            "declare it with the purpose " + needed + ", or set it from what needs no other consent"});
    return;
  }
}

}  // namespace wayline::program
