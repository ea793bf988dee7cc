#include "analysis/costs.h"

#include <algorithm>

#include "journey/journeys.h"
#include "rules/evaluate.h"

namespace wayline::analysis {

using program::none;
using program::Tables;

namespace {

class Report {
 public:
  Report(const Tables& tables, const CostAssumptions& assumptions) : tables_(tables), costs_(tables.expressions(), assumptions) {}

  CostReport run() {
    for (const program::Segment& segment : tables_.segments) total_ += rule("segment " + name(segment.name), segment.rule);
    for (const program::Computed& computed : tables_.computed) total_ += rule("computed " + name(computed.name), computed.rule);
    for (const program::Intent& intent : tables_.intents) signals(intent);
    for (const program::Hold& hold : Tables::run(tables_.holds, tables_.site[0].holds)) total_ += rule("hold over " + name(hold.scope), hold.condition);
    for (const program::Experience& experience : tables_.experiences) {
      if (experience.journey == none) total_ += this->experience(experience, "page rule " + name(experience.id));
    }
    for (const program::Journey& journey : tables_.journeys) total_ += this->journey(journey);
    std::stable_sort(rules_.begin(), rules_.end(), [](const RuleCost& left, const RuleCost& right) { return left.steps > right.steps; });
    return {std::move(rules_), total_};
  }

 private:
  [[nodiscard]] std::string name(program::Text text) const { return std::string(tables_.view(text)); }

  std::uint64_t rule(std::string what, NodeIndex node) {
    if (node == none) return 0;
    const std::uint64_t steps = costs_.steps(node);
    rules_.push_back({std::move(what), steps});
    return std::min<std::uint64_t>(steps, EvaluationLimits{}.steps);  // where it is stopped
  }

  void signals(const program::Intent& intent) {
    std::size_t number = 0;
    for (const program::Signal& signal : Tables::run(tables_.signals, intent.signals)) {
      const std::uint64_t steps = rule("intent " + name(intent.name) + ", signal " + std::to_string(++number), signal.condition);
      if (on_page(signal.event)) total_ += steps;
    }
  }

  /// Whether the event is that of a page view, or any.
  [[nodiscard]] bool on_page(program::Text event) const { return event.size == 0 || tables_.view(event) == "page"; }

  std::uint64_t trigger(const std::string& what, const program::Trigger& trigger) {
    const std::uint64_t steps = rule(what, trigger.condition);
    return on_page(trigger.event) ? steps : 0;
  }

  std::uint64_t experience(const program::Experience& experience, const std::string& what) {
    return rule(what, experience.condition) + rule(what + ", score", tables_.terms_of(experience).score);
  }

  std::uint64_t actions(const std::string& what, program::Range range) {
    std::uint64_t steps = 0;
    for (const program::Action& action : Tables::run(tables_.actions, range)) {
      steps += rule(what + ", value set", action.value);
      for (const program::ActionProperty& property : Tables::run(tables_.action_properties, action.properties)) {
        steps += rule(what + ", property " + name(property.key), property.value);
      }
    }
    return steps;
  }

  /// One stage, as a page view may meet it.
  struct StageCost {
    std::uint64_t entering = 0;     // its actions
    std::uint64_t shows = 0;        // the experiences of it
    std::uint64_t asked = 0;        // conditions of the ways that a page event may take
    std::uint64_t asked_again = 0;  // of those that may continue at once
    std::vector<std::uint64_t> ways;  // actions, by transition
  };

  std::uint64_t journey(const program::Journey& journey) {
    const std::string what = "journey " + name(journey.id);
    std::uint64_t steps = trigger(what + ", entry", journey.enter) + trigger(what + ", goal", journey.goal) + rule(what + ", goal's value", journey.goal_value);
    std::size_t number = 0;
    for (const program::Exit& exit : Tables::run(tables_.exits, journey.exits)) steps += trigger(what + ", exit " + std::to_string(++number), exit.when);
    number = 0;
    for (const program::Hold& hold : Tables::run(tables_.holds, journey.holds)) steps += rule(what + ", hold " + std::to_string(++number), hold.condition);
    std::vector<StageCost> stages;
    std::uint64_t worst_shows = 0;
    for (const program::Stage& record : Tables::run(tables_.stages, journey.stages)) {
      stages.push_back(stage(what + ", stage " + name(record.name), record));
      worst_shows = std::max(worst_shows, stages.back().shows);
    }
    return steps + worst_way(journey, stages) + worst_shows;
  }

  /// Whoever enters goes on from the first stage, whoever is there by a way that the page event takes (design 7.3).
  std::uint64_t worst_way(const program::Journey& journey, const std::vector<StageCost>& stages) const {
    const auto at = [&](std::uint32_t stage) { return stage - journey.stages.first; };
    const std::vector<std::uint64_t> onwards = continuing(journey, stages);
    std::uint64_t worst = stages[at(journey.start)].entering + onwards[at(journey.start)];
    for (std::size_t from = 0; from < stages.size(); ++from) {
      std::uint64_t taken = 0;
      std::size_t way = 0;
      for (const program::Transition& transition : Tables::run(tables_.transitions, tables_.stages[journey.stages.first + from].transitions)) {
        const std::uint64_t actions = stages[from].ways[way++];
        if (is_timer(transition) || !on_page(transition.when.event)) continue;
        const bool stays = transition.go == none;
        taken = std::max(taken, actions + (stays ? onwards[from] : stages[at(transition.go)].entering + onwards[at(transition.go)]));
      }
      worst = std::max(worst, stages[from].asked + taken);
    }
    return worst;
  }

  /// What continuing at once takes at most from each stage: max_hops more stages, of each the ways that wait for no event.
  std::vector<std::uint64_t> continuing(const program::Journey& journey, const std::vector<StageCost>& stages) const {
    std::vector<std::uint64_t> costs(stages.size()), before;
    for (std::uint32_t hops = 0; hops <= max_hops; ++hops) {
      before = costs;
      for (std::size_t from = 0; from < stages.size(); ++from) {
        std::uint64_t next = 0;
        std::size_t way = 0;
        for (const program::Transition& transition : Tables::run(tables_.transitions, tables_.stages[journey.stages.first + from].transitions)) {
          const std::uint64_t actions = stages[from].ways[way++];
          if (hops == 0 || is_timer(transition) || transition.when.event.size > 0 || transition.go == none) continue;
          const std::size_t to = transition.go - journey.stages.first;
          next = std::max(next, actions + stages[to].entering + before[to]);
        }
        costs[from] = stages[from].asked_again + next;
      }
    }
    return costs;
  }

  static bool is_timer(const program::Transition& transition) { return transition.timing != program::Timing::untimed; }

  StageCost stage(const std::string& what, const program::Stage& stage) {
    StageCost cost;
    cost.entering = actions(what, stage.actions);
    for (const std::uint32_t index : Tables::run(tables_.indexes, stage.show)) {
      const program::Experience& experience = tables_.experiences[index];
      cost.shows += this->experience(experience, what + ", " + name(experience.id));
    }
    std::size_t number = 0;
    for (const program::Transition& transition : Tables::run(tables_.transitions, stage.transitions)) {
      const std::string way = what + ", way " + std::to_string(++number);
      const std::uint64_t asked = trigger(way, transition.when);
      if (!is_timer(transition)) cost.asked += asked;
      if (!is_timer(transition) && transition.when.event.size == 0 && transition.go != none) cost.asked_again += asked;
      cost.ways.push_back(actions(way, transition.actions));
    }
    return cost;
  }

  const Tables& tables_;
  Costs costs_;
  std::vector<RuleCost> rules_;
  std::uint64_t total_ = 0;
};

}  // namespace

CostReport cost_report(const Tables& tables, const CostAssumptions& assumptions) { return Report(tables, assumptions).run(); }

}  // namespace wayline::analysis
