// Checks of shape across documents: the goal tree, and what can be reached.
#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "document/documents.h"

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
    if (reached[i]) continue;
    const Name& name = journey.stages[i].name;
    diagnostics.push_back({ErrorCode::pack_unreachable, Severity::warning, name.range,
                           "no way leads to the stage " + quoted(name.text),
                           "add a transition with `go` to it, or remove it"});
  }
}

/// Without `enter` the loader makes a condition that is the plain value false.
bool has_entry(const Journey& journey) {
  const Value* condition = journey.enter.condition.value;
  return journey.enter.event || condition == nullptr || !condition->is_boolean() || condition->as_boolean();
}

std::set<std::string_view> started_journeys(const Pack& pack) {
  std::set<std::string_view> started;
  for (const Journey& journey : pack.journeys) {
    if (journey.goal && journey.goal->start) started.insert(journey.goal->start->journey.text);
    for (const Stage& stage : journey.stages) {
      for (const Transition& transition : stage.transitions) {
        if (transition.start) started.insert(transition.start->journey.text);
      }
    }
  }
  return started;
}

}  // namespace

void check_goal_tree(const Site& site, Diagnostics& diagnostics) {
  std::map<std::string_view, const GoalNode*> goals;
  for (const GoalNode& goal : site.goals) goals.emplace(goal.name.text, &goal);
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
  const std::set<std::string_view> started = started_journeys(pack);
  for (const Journey& journey : pack.journeys) {
    check_stages(journey, diagnostics);
    if (journey.id.text.empty() || has_entry(journey) || started.contains(journey.id.text)) continue;
    diagnostics.push_back({ErrorCode::pack_unreachable, Severity::warning, journey.id.range,
                           "nobody enters the journey " + quoted(journey.id.text),
                           "add `enter`, or `start` it from another journey"});
  }
}

}  // namespace wayline::document
