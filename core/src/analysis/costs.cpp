#include "analysis/costs.h"

#include <algorithm>

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

  std::uint64_t journey(const program::Journey& journey) {
    const std::string what = "journey " + name(journey.id);
    std::uint64_t steps = trigger(what + ", entry", journey.enter) + trigger(what + ", goal", journey.goal) + rule(what + ", goal's value", journey.goal_value);
    std::size_t number = 0;
    for (const program::Exit& exit : Tables::run(tables_.exits, journey.exits)) steps += trigger(what + ", exit " + std::to_string(++number), exit.when);
    number = 0;
    for (const program::Hold& hold : Tables::run(tables_.holds, journey.holds)) steps += rule(what + ", hold " + std::to_string(++number), hold.condition);
    std::uint64_t worst_stage = 0;
    for (const program::Stage& record : Tables::run(tables_.stages, journey.stages)) worst_stage = std::max(worst_stage, stage(what + ", stage " + name(record.name), record));
    return steps + worst_stage;
  }

  std::uint64_t stage(const std::string& what, const program::Stage& stage) {
    std::uint64_t steps = actions(what, stage.actions);
    for (const std::uint32_t index : Tables::run(tables_.indexes, stage.show)) {
      const program::Experience& experience = tables_.experiences[index];
      steps += this->experience(experience, what + ", " + name(experience.id));
    }
    std::size_t number = 0;
    for (const program::Transition& transition : Tables::run(tables_.transitions, stage.transitions)) {
      const std::string way = what + ", way " + std::to_string(++number);
      steps += trigger(way, transition.when) + actions(way, transition.actions);
    }
    return steps;
  }

  const Tables& tables_;
  Costs costs_;
  std::vector<RuleCost> rules_;
  std::uint64_t total_ = 0;
};

}  // namespace

CostReport cost_report(const Tables& tables, const CostAssumptions& assumptions) { return Report(tables, assumptions).run(); }

}  // namespace wayline::analysis
