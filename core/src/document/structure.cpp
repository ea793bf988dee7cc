// Checks of shape across documents: the goal tree, what can be reached, and what goes round without end.
#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "base/nearest.h"
#include "document/documents.h"
#include "document/formats.h"
#include "rules/coerce.h"
#include "value/json.h"

namespace wayline::document {
namespace {

constexpr std::size_t nowhere = static_cast<std::size_t>(-1);

std::map<std::string_view, std::size_t> stage_indexes(const Journey& journey) {
  std::map<std::string_view, std::size_t> indexes;
  for (std::size_t i = 0; i < journey.stages.size(); ++i) indexes.emplace(journey.stages[i].name.text, i);
  return indexes;
}

std::size_t index_of(const std::map<std::string_view, std::size_t>& indexes, const std::string& name) {
  const auto found = indexes.find(name);
  return found == indexes.end() ? nowhere : found->second;
}

/// Hand-offs lead on when they are acknowledged, and when they are not.
template <typename Reach>
void reach_by_handoff(const std::vector<Action>& actions, const Reach& reach) {
  for (const Action& action : actions) {
    const auto* handoff = std::get_if<Handoff>(&action);
    if (handoff == nullptr) continue;
    reach(handoff->then);
    reach(handoff->otherwise);
  }
}

/// Whether the value asks for the stage of the journey.
bool asks_stage(const Value& value, const std::string& journey) {
  const Value asked = value.get("stage");
  const Value& name = asked.is_list() && asked.as_list().size() == 1 ? asked.as_list()[0] : asked;
  return name.is_string() && name.as_string() == journey;
}

/// Whether a condition can hold while a pass is on the stage: not when it is about other stages of the journey, or plainly false.
/// Documents nest no deeper than the reader allows.
bool may_hold(const Value& condition, const std::string& journey, const std::string& stage) {
  if (!condition.is_object()) return truthy(condition);
  if (condition.as_object().size() != 1) return true;
  const Member& operation = condition.as_object()[0];
  const auto operands = operation.value.is_list() ? operation.value.as_list() : std::span(&operation.value, 1);
  const auto holds = [&](const Value& operand) { return may_hold(operand, journey, stage); };
  if (operation.key == "and") return std::all_of(operands.begin(), operands.end(), holds);
  if (operation.key == "or") return std::any_of(operands.begin(), operands.end(), holds);
  if (operands.size() != 2 || !(asks_stage(operands[0], journey) || asks_stage(operands[1], journey))) return true;
  const Value& other = asks_stage(operands[0], journey) ? operands[1] : operands[0];
  const auto is_it = [&](const Value& name) { return !name.is_string() || name.as_string() == stage; };
  if (operation.key == "in" && other.is_list()) return std::any_of(other.as_list().begin(), other.as_list().end(), is_it);
  if (operation.key == "==" || operation.key == "===") return is_it(other);
  if (operation.key == "!=" || operation.key == "!==") return !other.is_string() || !is_it(other);
  return true;
}

bool can_end_on(const Journey& journey, const std::string& stage) {
  const auto may_come = [&](const Trigger& when) { return !when.condition || may_hold(*when.condition.value, journey.id.text, stage); };
  return (journey.goal && journey.goal->ends && may_come(journey.goal->when)) ||
         std::any_of(journey.exits.begin(), journey.exits.end(), [&](const Exit& exit) { return may_come(exit.when); });
}

/// Hand-offs wait on the stage that they were asked on, or that the way leads to on which they were asked.
bool can_leave(const Journey& journey, const Stage& stage) {
  bool leads_on = false;
  const auto reach = [&](const std::optional<Name>& name) { leads_on |= name && name->text != stage.name.text; };
  reach_by_handoff(stage.on_enter, reach);
  for (const Transition& transition : stage.transitions) {
    reach(transition.go);
    reach_by_handoff(transition.actions, reach);
  }
  for (const Stage& other : journey.stages) {
    for (const Transition& transition : other.transitions) {
      if (transition.go && transition.go->text == stage.name.text) reach_by_handoff(transition.actions, reach);
    }
  }
  return leads_on;
}

/// Nobody is in a draft, and passes of an archived journey end by themselves.
void check_way_out(const Journey& journey, const Stage& stage, Diagnostics& diagnostics) {
  const bool has_passes = journey.status == "live" || journey.status == "paused";
  if (!has_passes || can_leave(journey, stage) || can_end_on(journey, stage.name.text)) return;
  diagnostics.push_back({ErrorCode::pack_suspicious, Severity::warning, stage.name.range,
                         "no way leads out of the stage " + quoted(stage.name.text) +
                             ", and the journey can not end there: a pass stays for good, keeps its room under `concurrency`, and no other follows it",
                         R"(end it with {"if": {"==": [{"stage": ")" + journey.id.text + R"("}, ")" + stage.name.text +
                             R"("]}} in `exit`, or add a transition with `go`)"});
}

void check_stages(const Journey& journey, Diagnostics& diagnostics) {
  const auto indexes = stage_indexes(journey);
  const std::size_t start = index_of(indexes, journey.start.text);
  if (start == nowhere) return;  // reported as an unknown stage
  std::vector<bool> reached(journey.stages.size());
  std::vector<std::size_t> open{start};
  reached[start] = true;
  bool all_known = true;
  const auto reach = [&](const std::optional<Name>& name) {
    const std::size_t next = name ? index_of(indexes, name->text) : nowhere;
    if (name && next == nowhere) all_known = false;
    if (next == nowhere || reached[next]) return;
    reached[next] = true;
    open.push_back(next);
  };
  for (const Migration& migration : journey.migrations) reach(migration.stage);
  while (!open.empty()) {
    const Stage& stage = journey.stages[open.back()];
    open.pop_back();
    reach_by_handoff(stage.on_enter, reach);
    for (const Transition& transition : stage.transitions) {
      reach(transition.go);
      reach_by_handoff(transition.actions, reach);
    }
  }
  if (!all_known) return;  // reported as well, and likely meant for a stage that seems unreachable
  for (std::size_t i = 0; i < reached.size(); ++i) {
    if (reached[i]) {
      check_way_out(journey, journey.stages[i], diagnostics);
      continue;
    }
    const Name& name = journey.stages[i].name;
    diagnostics.push_back({ErrorCode::pack_unreachable, Severity::warning, name.range,
                           "no way leads to the stage " + quoted(name.text),
                           "add a transition with `go` to it, or remove it"});
  }
}

/// The first way on that is taken at once while a condition holds, by itself or beside ways that always hold; nothing when there is none.
const Transition* way_at_once(const Stage& stage, const std::string& condition) {
  for (const Transition& transition : stage.transitions) {
    if (transition.event || transition.wait || transition.until || !transition.go || !transition.condition) continue;
    const Value& own = *transition.condition.value;
    if (own.is_object() ? to_json(own) == condition : truthy(own)) return &transition;
  }
  return nullptr;
}

/// Stages that lead to one another by the same condition hop until the engine cuts them.
void check_loops(const Journey& journey, Diagnostics& diagnostics) {
  const auto indexes = stage_indexes(journey);
  std::set<std::size_t> told;
  for (std::size_t begin = 0; begin < journey.stages.size(); ++begin) {
    for (const Transition& first : journey.stages[begin].transitions) {
      const std::string condition = first.condition ? to_json(*first.condition.value) : std::string();
      if (way_at_once(journey.stages[begin], condition) != &first) continue;
      std::size_t at = index_of(indexes, first.go->text);
      std::vector<std::size_t> way{begin};
      while (at != nowhere && std::find(way.begin(), way.end(), at) == way.end()) {
        way.push_back(at);
        const Transition* next = way_at_once(journey.stages[at], condition);
        at = next == nullptr ? nowhere : index_of(indexes, next->go->text);
      }
      if (at != begin || told.contains(begin)) continue;
      std::string circle;
      for (const std::size_t stage : way) circle += journey.stages[stage].name.text + " → ";
      diagnostics.push_back({ErrorCode::pack_suspicious, Severity::warning, first.range,
                             "while the condition holds the stages lead to one another without end: " + circle + journey.stages[begin].name.text,
                             "name an `event`, or wait; else each step hops 16 times and stops"});
      told.insert(way.begin(), way.end());
    }
  }
}

/// Without `enter` the loader makes a condition that is the plain value false.
bool has_entry(const Journey& journey) {
  const Value* condition = journey.enter.condition.value;
  return journey.enter.event || condition == nullptr || !condition->is_boolean() || condition->as_boolean();
}

/// The journeys that a journey starts.
std::vector<const Name*> started_by(const Journey& journey) {
  std::vector<const Name*> started;
  if (journey.goal && journey.goal->start) started.push_back(&journey.goal->start->journey);
  for (const Stage& stage : journey.stages) {
    for (const Transition& transition : stage.transitions) {
      if (transition.start) started.push_back(&transition.start->journey);
    }
  }
  return started;
}

/// Nobody enters a journey that is not live, not even when a live one starts it.
void check_started(const Pack& pack, const Journey& journey, Diagnostics& diagnostics) {
  if (journey.status != "live") return;
  for (const Name* name : started_by(journey)) {
    const auto other = std::find_if(pack.journeys.begin(), pack.journeys.end(), [name](const Journey& each) { return each.id.text == name->text; });
    if (other == pack.journeys.end() || (other->status != "draft" && other->status != "archived")) continue;
    diagnostics.push_back({ErrorCode::pack_suspicious, Severity::warning, name->range,
                           "the journey " + quoted(name->text) + " is " + (other->status == "draft" ? "a draft" : "archived") + ": nobody enters it",
                           R"(set its `status` to "live")"});
  }
}

/// {"stage": "mortgage"} alone, or joined, where every pass is at some stage of the journey.
void check_any_stage(const Journey& journey, const Rule& condition, const Value& value, Diagnostics& diagnostics) {
  if (!value.is_object() || value.as_object().size() != 1) return;
  const Member& operation = value.as_object()[0];
  if (operation.key == "and" || operation.key == "or" || operation.key == "!" || operation.key == "!!") {
    for (const Value& part : operation.value.is_list() ? operation.value.as_list() : std::span(&operation.value, 1)) check_any_stage(journey, condition, part, diagnostics);
  } else if (asks_stage(value, journey.id.text)) {
    diagnostics.push_back({ErrorCode::pack_suspicious, Severity::warning, condition.positions->of(value), "every pass is at some stage of " + quoted(journey.id.text) + ": here this always holds",
                           "name the stage: {\"==\": [{\"stage\": \"" + journey.id.text + "\"}, \"" + journey.stages.back().name.text + "\"]}"});
  }
}

/// What is asked of passes only.
void check_conditions_of_passes(const Journey& journey, Diagnostics& diagnostics) {
  const auto check = [&](const Rule& condition) {
    if (condition && !journey.stages.empty()) check_any_stage(journey, condition, *condition.value, diagnostics);
  };
  if (journey.goal) check(journey.goal->when.condition);
  for (const Exit& exit : journey.exits) check(exit.when.condition);
  for (const Stage& stage : journey.stages) {
    for (const Transition& transition : stage.transitions) check(transition.condition);
    for (const Experience& experience : stage.show) check(experience.condition);
  }
}

/// Goals are asked behind entries: one event can be both.
void check_goal_at_entry(const Journey& journey, Diagnostics& diagnostics) {
  if (!journey.goal || !journey.goal->when.event || journey.goal->when.condition || !journey.enter.event || journey.enter.event->text != journey.goal->when.event->text) return;
  const Name& event = *journey.goal->when.event;
  diagnostics.push_back({ErrorCode::pack_suspicious, Severity::warning, event.range,
                         "whoever enters by " + quoted(event.text) + " reaches the goal by the same event" + (journey.goal->ends ? ", and the pass is over" : ""),
                         R"(keep it from the first stage with "if": {"!=": [{"stage": ")" + journey.id.text + R"("}, ")" + journey.start.text + R"("]})"});
}

constexpr int months_of_year = 12;
constexpr int months_of_quarter = 3;

/// First month and the one behind the last of `2026`, `2026-Q4` or `2026-11`, counted from year 0; an empty stretch for anything else.
std::pair<int, int> months_of(const std::string& period) {
  if (!find_format("wayline-period")->holds(period)) return {};  // reported, or not said
  const auto digit = [&](std::size_t at) { return period[at] - '0'; };
  const int year = ((digit(0) * 10 + digit(1)) * 10 + digit(2)) * 10 + digit(3);
  const int start = year * months_of_year;
  if (period.size() == 4) return {start, start + months_of_year};
  if (period[5] == 'Q') return {start + (digit(6) - 1) * months_of_quarter, start + digit(6) * months_of_quarter};
  const int month = digit(5) * 10 + digit(6);
  return {start + month - 1, start + month};
}

void check_period(const GoalNode& goal, const GoalNode& above, Diagnostics& diagnostics) {
  const auto [from, to] = months_of(goal.period);
  const auto [first, last] = months_of(above.period);
  if (from == to || first == last || (from >= first && to <= last)) return;
  diagnostics.push_back({ErrorCode::pack_suspicious, Severity::warning, goal.under->range,
                         quoted(goal.name.text) + " is for " + goal.period + ", which is not within the " + above.period + " of " + quoted(above.name.text),
                         "what rolls up to a goal falls into its period"});
}

/// Goals that no journey's goal rolls up to, directly or by others: nobody reaches them. A pack without live journeys is still being written.
void check_goals_are_reached(const Pack& pack, Diagnostics& diagnostics) {
  const bool is_live = std::any_of(pack.journeys.begin(), pack.journeys.end(), [](const Journey& journey) { return journey.status == "live"; });
  if (!is_live || !pack.is_complete) return;
  std::set<std::string_view> used;
  for (const GoalNode& goal : pack.site.goals) {
    if (goal.under) used.insert(goal.under->text);
  }
  for (const Journey& journey : pack.journeys) {
    if (journey.goal && journey.goal->under) used.insert(journey.goal->under->text);
  }
  for (const GoalNode& goal : pack.site.goals) {
    if (used.contains(goal.name.text)) continue;
    diagnostics.push_back({ErrorCode::pack_suspicious, Severity::warning, goal.name.range, "nothing rolls up to the goal " + quoted(goal.name.text) + ": it is never reached",
                           "name it in the `goal` of a journey, as \"under\": \"" + goal.name.text + "\""});
  }
}

struct Grouped {
  std::size_t count = 0;
  const Experience* first = nullptr;
};

/// A group of one excludes nothing: told of where another group is called nearly so.
void check_groups(const Pack& pack, Diagnostics& diagnostics) {
  std::map<std::string_view, Grouped> groups;
  const auto add = [&](const Experience& experience) {
    if (experience.group.empty()) return;
    Grouped& group = groups[experience.group];
    ++group.count;
    group.first = &experience;
  };
  for (const Experience& rule : pack.page_rules) add(rule);
  for (const Journey& journey : pack.journeys) {
    for (const Stage& stage : journey.stages) std::for_each(stage.show.begin(), stage.show.end(), add);
  }
  for (const auto& [name, group] : groups) {
    if (group.count > 1) continue;
    std::vector<std::string_view> others;
    for (const auto& [other, members] : groups) {
      if (other != name) others.push_back(other);
    }
    const std::string_view near = nearest(name, others);
    if (near.empty() || groups[near].first == group.first) continue;
    diagnostics.push_back({ErrorCode::pack_suspicious, Severity::warning, group.first->id.range, "nothing but " + quoted(group.first->id.text) + " is in the group " + quoted(name) + ", which excludes nothing",
                           "did you mean " + quoted(near) + "?"});
  }
}

}  // namespace

void check_goal_tree(const Site& site, Diagnostics& diagnostics) {
  std::map<std::string_view, const GoalNode*> goals;
  for (const GoalNode& goal : site.goals) goals.emplace(goal.name.text, &goal);
  for (const GoalNode& goal : site.goals) {
    const auto above = goal.under ? goals.find(goal.under->text) : goals.end();
    if (above != goals.end()) check_period(goal, *above->second, diagnostics);
  }
  std::set<const GoalNode*> told;
  for (const GoalNode& goal : site.goals) {
    std::vector<const GoalNode*> way;
    const GoalNode* node = &goal;
    while (node != nullptr && std::find(way.begin(), way.end(), node) == way.end() && !told.contains(node)) {
      way.push_back(node);
      const auto above = node->under ? goals.find(node->under->text) : goals.end();
      node = above == goals.end() ? nullptr : above->second;
    }
    if (node != &goal || !goal.under || told.contains(&goal)) continue;
    std::string circle;
    for (const GoalNode* step : way) circle += step->name.text + " → ";
    diagnostics.push_back({ErrorCode::pack_cycle, Severity::error, goal.under->range,
                           "the goal tree goes in a circle: " + circle + goal.name.text,
                           "a goal rolls up to a larger one, and the largest to none"});
    told.insert(way.begin(), way.end());
  }
}

void check_reachability(const Pack& pack, Diagnostics& diagnostics) {
  const bool is_sound = std::none_of(diagnostics.begin(), diagnostics.end(), [](const Diagnostic& finding) { return finding.severity == Severity::error; });
  const bool are_whole = std::all_of(pack.journeys.begin(), pack.journeys.end(), [](const Journey& journey) { return journey.is_whole; });
  // A goal that another's misspelt `under` or journey was to name is no goal that nothing reaches.
  if (is_sound) check_goals_are_reached(pack, diagnostics);
  check_groups(pack, diagnostics);
  std::set<std::string_view> started;
  for (const Journey& journey : pack.journeys) {
    for (const Name* name : started_by(journey)) started.insert(name->text);
  }
  for (const Journey& journey : pack.journeys) {
    check_started(pack, journey, diagnostics);
    check_goal_at_entry(journey, diagnostics);
    if (!journey.is_whole) continue;
    check_stages(journey, diagnostics);
    check_loops(journey, diagnostics);
    check_conditions_of_passes(journey, diagnostics);
    // What starts it may stand in a document that could not be read.
    if (journey.id.text.empty() || has_entry(journey) || started.contains(journey.id.text) || !pack.is_complete || !are_whole) continue;
    diagnostics.push_back({ErrorCode::pack_unreachable, Severity::warning, journey.id.range,
                           "nobody enters the journey " + quoted(journey.id.text),
                           "add `enter`, or `start` it from another journey"});
  }
}

}  // namespace wayline::document
