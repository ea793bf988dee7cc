#include "cli/goals.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "base/number.h"
#include "cli/text.h"

namespace wayline::cli {
namespace {

/// Sums of many values depend on their order in the last digits; workers finish in any.
double rounded(double value) { return std::round(value * 100) / 100; }

std::string number_text(double number) {
  std::string text;
  append_number(number, text);
  return text;
}

std::string share_text(const JourneyCounts& counts) {
  if (counts.entries == 0) return {};
  return number_text(std::round(static_cast<double>(counts.goals) * 1000 / static_cast<double>(counts.entries)) / 10) + " %";
}

}  // namespace

std::vector<GoalReached> goals_reached(const document::Pack& pack, const Tally& tally) {
  std::vector<GoalReached> goals;
  std::map<std::string_view, const document::GoalNode*> nodes;
  std::map<std::string_view, std::size_t> places;
  for (const document::GoalNode& node : pack.site.goals) {
    nodes.emplace(node.name.text, &node);
    places.emplace(node.name.text, goals.size());
    goals.push_back({node.name.text, node.period, node.target, {}, false});
  }
  std::vector<bool> is_reachable(goals.size());
  for (const document::Journey& journey : pack.journeys) {
    if (!journey.goal) continue;
    const JourneyCounts counts = tally.journey(journey.id.text);
    // A pack with a circle of goals has not been compiled.
    for (const auto* under = &journey.goal->under; *under && nodes.contains((*under)->text); under = &nodes.at((*under)->text)->under) {
      const std::size_t place = places.at((*under)->text);
      is_reachable[place] = true;
      goals[place].counts.add(counts);
      goals[place].has_value = goals[place].has_value || journey.goal->value;
    }
  }
  std::vector<GoalReached> reachable;
  for (std::size_t i = 0; i < goals.size(); ++i) {
    if (is_reachable[i]) reachable.push_back(std::move(goals[i]));
  }
  return reachable;
}

std::string goals_text(const std::vector<GoalReached>& goals) {
  std::vector<std::vector<std::string>> rows;
  for (const GoalReached& goal : goals) {
    rows.push_back({"goal " + goal.name, goal.period, "reached " + grouped(goal.counts.goals) + " of " + grouped(goal.counts.entries), share_text(goal.counts),
                    goal.has_value ? "value " + number_text(rounded(goal.counts.value)) : "", goal.target ? "target " + number_text(*goal.target) : ""});
  }
  return aligned(rows, 6, "");
}

Value goals_value(const std::vector<GoalReached>& goals, Arena& arena) {
  ObjectBuilder object(arena);
  for (const GoalReached& goal : goals) {
    ObjectBuilder entry(arena);
    entry.number("entries", static_cast<double>(goal.counts.entries)).number("reached", static_cast<double>(goal.counts.goals));
    entry.add("target", goal.target ? Value::number(*goal.target) : Value::null());
    object.add(goal.name, entry.add("value", goal.has_value ? Value::number(rounded(goal.counts.value)) : Value::null()).build());
  }
  return object.build();
}

}  // namespace wayline::cli
