#include "analysis/costs.h"

#include <algorithm>
#include <optional>
#include <set>

#include "journey/journeys.h"
#include "profile/environment.h"
#include "rules/evaluate.h"

namespace wayline::analysis {

using program::none;
using program::Tables;

namespace {

/// The segments, then the computed attributes.
using Definition = std::size_t;

/// What rules cost a page, which evaluates a definition once at its event's moment, and again only when something that it reads has changed.
class Weights {
 public:
  Weights(const Tables& tables, const CostAssumptions& assumptions) : tables_(tables), costs_(tables.expressions(), assumptions), paid_(tables.expressions(), with_recall(tables, assumptions)) {
    sets_traits_ = std::any_of(tables.actions.begin(), tables.actions.end(), [](const program::Action& action) { return action.kind == program::ActionKind::set; });
    for (const program::Segment& segment : tables.segments) definitions_.push_back(segment.rule);
    for (const program::Computed& computed : tables.computed) definitions_.push_back(computed.rule);
    changing_.resize(definitions_.size(), Changes::unknown);
  }

  /// Steps of the rule's own budget.
  [[nodiscard]] std::uint64_t steps(NodeIndex rule) const { return rule == none ? 0 : costs_.steps(rule); }
  /// Operations of the page's budget; of definitions only that they are asked for.
  [[nodiscard]] std::uint64_t paid(NodeIndex rule) const {
    if (rule == none) return 0;
    constexpr std::uint64_t most = EvaluationLimits{}.steps;  // where it is stopped
    return std::min(costs_.steps(rule), most) + std::min(paid_.steps(rule) - costs_.steps(rule), most);
  }
  /// The same with those definitions that may have changed since they were last asked for.
  [[nodiscard]] std::uint64_t paid_anew(NodeIndex rule) { return paid(rule) + definitions_of(rule, false); }
  /// The same where nothing is known of any definition.
  [[nodiscard]] std::uint64_t paid_whole(NodeIndex rule) { return paid(rule) + definitions_of(rule, true); }
  /// Each definition once.
  [[nodiscard]] std::uint64_t definitions() const {
    std::uint64_t sum = 0;
    for (const NodeIndex rule : definitions_) sum += paid(rule);
    return sum;
  }

 private:
  enum class Changes : std::uint8_t { unknown, never, within_a_step };

  static CostAssumptions with_recall(const Tables& tables, CostAssumptions assumptions) {
    assumptions.recall = 1;
    for (const program::Attribute& attribute : tables.attributes) assumptions.definitions.push_back(attribute.root == program::Root::computed);
    return assumptions;
  }

  /// Visits each node below a rule once.
  template <typename Visit>
  void each_node(NodeIndex rule, const Visit& visit) const {
    std::vector<NodeIndex> open{rule};
    std::set<NodeIndex> met{rule};
    while (!open.empty()) {
      const Node& node = tables_.nodes[open.back()];
      open.pop_back();
      visit(node);
      for (const NodeIndex operand : operands_of(tables_.expressions(), node)) {
        if (met.insert(operand).second) open.push_back(operand);
      }
    }
  }

  [[nodiscard]] std::optional<Definition> definition(const Node& node) const {
    if (node.op == Operator::segment) return node.first;
    if (node.op != Operator::attribute || tables_.attributes[node.first].root != program::Root::computed || tables_.attributes[node.first].index == none) return std::nullopt;
    return tables_.segments.size() + tables_.attributes[node.first].index;
  }

  /// Whether an event of the step, or what journeys do, may change what the node reads behind the moment at which it is first asked.
  [[nodiscard]] bool changes(const Node& node) const {
    if (node.op == Operator::stage || node.op == Operator::intent || node.op == Operator::score || node.op == Operator::state_lookup) return true;
    const auto root = node.op == Operator::attribute ? tables_.attributes[node.first].root : program::Root::page;
    return (root == program::Root::profile || root == program::Root::consent) && sets_traits_;
  }

  /// Packs whose definitions use themselves are refused.
  bool is_changing(Definition index) {
    if (changing_[index] == Changes::unknown) {
      bool found = false;
      changing_[index] = Changes::never;
      if (definitions_[index] != none) {
        each_node(definitions_[index], [&](const Node& node) {
          const auto used = definition(node);
          found |= changes(node) || (used && is_changing(*used));
        });
      }
      if (found) changing_[index] = Changes::within_a_step;
    }
    return changing_[index] == Changes::within_a_step;
  }

  /// Of the definitions that the rule comes to, each once.
  std::uint64_t definitions_of(NodeIndex rule, bool whole) {
    if (rule == none) return 0;
    std::set<Definition> met;
    std::vector<NodeIndex> open{rule};
    std::uint64_t sum = 0;
    const auto come_to = [&](Definition index) {
      if (definitions_[index] == none || !met.insert(index).second) return;
      if (whole || is_changing(index)) sum += paid(definitions_[index]);
      open.push_back(definitions_[index]);
    };
    while (!open.empty()) {
      const NodeIndex next = open.back();
      open.pop_back();
      each_node(next, [&](const Node& node) {
        if (const auto used = definition(node)) come_to(*used);
        for (Definition index = 0; node.op == Operator::state_lookup && index < definitions_.size(); ++index) come_to(index);
      });
    }
    return sum;
  }

  const Tables& tables_;
  Costs costs_, paid_;
  std::vector<NodeIndex> definitions_;
  std::vector<Changes> changing_;
  bool sets_traits_ = false;
};

class Report {
 public:
  Report(const Tables& tables, const CostAssumptions& assumptions) : tables_(tables), weights_(tables, assumptions) {
    for (const program::Transition& transition : tables.transitions) started_.insert(transition.start);
    for (const program::Journey& journey : tables.journeys) started_.insert(journey.goal_start);
  }

  CostReport run() {
    for (const program::Segment& segment : tables_.segments) tell("segment " + name(segment.name), segment.rule);
    for (const program::Computed& computed : tables_.computed) tell("computed " + name(computed.name), computed.rule);
    total_ += weights_.definitions();
    for (const NodeIndex key : tables_.index_keys) total_ += weights_.paid(key);
    for (const program::Intent& intent : tables_.intents) signals(intent);
    for (const program::Hold& hold : Tables::run(tables_.holds, tables_.site[0].holds)) total_ += hold_of_site(hold);
    for (const program::Experience& experience : tables_.experiences) {
      if (experience.journey == none) total_ += this->experience(experience, "page rule " + name(experience.id));
    }
    for (const program::Journey& journey : tables_.journeys) total_ += this->journey(journey);
    // What is settled of holds, when time brings something, before and behind the event, and what each slot fills in.
    constexpr std::uint64_t settled_and_due = 3;
    total_ += settled_and_due + tables_.slots.size();
    std::stable_sort(rules_.begin(), rules_.end(), [](const RuleCost& left, const RuleCost& right) { return left.steps > right.steps; });
    return {std::move(rules_), total_};
  }

 private:
  [[nodiscard]] std::string name(program::Text text) const { return std::string(tables_.view(text)); }

  void tell(std::string what, NodeIndex node) {
    if (node != none) rules_.push_back({std::move(what), weights_.steps(node)});
  }
  /// A rule that journeys and signals ask, between which anything may change.
  std::uint64_t rule(std::string what, NodeIndex node) {
    tell(std::move(what), node);
    return weights_.paid_anew(node);
  }

  /// Asked for each journey, and for the page rules of each owner; in between it may be forgotten.
  std::uint64_t hold_of_site(const program::Hold& hold) {
    std::set<std::string_view> owners;
    std::uint64_t rules = 0;
    for (const program::Experience& experience : tables_.experiences) {
      if (experience.journey != none) continue;
      owners.insert(tables_.view(tables_.terms_of(experience).owner));
      ++rules;
    }
    const std::uint64_t again = tables_.journeys.size() + (owners.size() > 1 ? rules : owners.size());
    const bool is_kept = hold.condition == none || tables_.nodes[hold.condition].op == Operator::segment || tables_.nodes.size() <= remembered_conditions;
    return rule("hold over " + name(hold.scope), hold.condition) + again * (is_kept ? 1 : weights_.paid(hold.condition));
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

  /// Decisions change nothing: each definition is evaluated once for them all.
  std::uint64_t experience(const program::Experience& experience, const std::string& what) {
    const NodeIndex score = tables_.terms_of(experience).score;
    tell(what, experience.condition);
    tell(what + ", score", score);
    return weights_.paid(experience.condition) + weights_.paid(score);
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
    std::uint64_t dates = 0;        // what its waits are until
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
    std::uint64_t worst_shows = 0, worst_dates = 0;
    for (const program::Stage& record : Tables::run(tables_.stages, journey.stages)) {
      stages.push_back(stage(what + ", stage " + name(record.name), record));
      worst_shows = std::max(worst_shows, stages.back().shows);
      worst_dates = std::max(worst_dates, stages.back().dates);
    }
    return steps + worst_way(journey, stages) + worst_shows + 2 * worst_dates;  // asked before the event and behind it
  }

  /// Whoever enters goes on from the first stage, whoever is there by a way that the page event takes (design 7.3). A pass that this ends may be started
  /// anew by another journey.
  std::uint64_t worst_way(const program::Journey& journey, const std::vector<StageCost>& stages) const {
    const auto at = [&](std::uint32_t stage) { return stage - journey.stages.first; };
    const std::vector<std::uint64_t> onwards = continuing(journey, stages);
    const std::uint64_t entry = stages[at(journey.start)].entering + onwards[at(journey.start)];
    std::uint64_t worst = 0;
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
    const bool may_do_both = started_.contains(static_cast<std::uint32_t>(&journey - tables_.journeys.data()));
    return may_do_both ? entry + worst : std::max(entry, worst);
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
      if (transition.timing == program::Timing::date) {
        tell(way + ", date", transition.until);
        cost.dates += weights_.paid_whole(transition.until);
      }
      const std::uint64_t asked = trigger(way, transition.when);
      if (!is_timer(transition)) cost.asked += asked;
      if (!is_timer(transition) && transition.when.event.size == 0 && transition.go != none) cost.asked_again += asked;
      cost.ways.push_back(actions(way, transition.actions));
    }
    return cost;
  }

  const Tables& tables_;
  Weights weights_;
  std::set<std::uint32_t> started_;  // journeys that others start
  std::vector<RuleCost> rules_;
  std::uint64_t total_ = 0;
};

}  // namespace

CostReport cost_report(const Tables& tables, const CostAssumptions& assumptions) { return Report(tables, assumptions).run(); }

}  // namespace wayline::analysis
