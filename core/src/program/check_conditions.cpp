#include <algorithm>
#include <string>
#include <utility>

#include "program/checks.h"
#include "program/records.h"
#include "rules/coerce.h"

namespace wayline::program {

namespace {

/// Beside an event or a time.
constexpr std::string_view no_difference = "it makes no difference";

class ConditionsCheck {
 public:
  ConditionsCheck(const Conditions& conditions, Diagnostics& diagnostics) : conditions_(conditions), diagnostics_(diagnostics) {}

  void check(const document::Site& site) {
    for (const document::Segment& segment : site.segments) {
      check(segment.rule, "everybody is in the segment `" + segment.name.text + "`", "nobody is in the segment `" + segment.name.text + "`");
    }
    for (const document::Intent& intent : site.intents) {
      for (const document::Signal& signal : intent.signals) check(signal.condition, no_difference, "this signal never counts");
    }
    check(site.holds);
  }

  void check(const document::Experience& experience) {
    check(experience.condition, no_difference, "`" + experience.id.text + "` is never shown");
  }

  void check(const document::Journey& journey) {
    // Without `enter` the loader makes a plain `false`: check_reachability() tells who can enter then.
    if (!is_plain(journey.enter.condition)) check(journey.enter, "everybody enters", "nobody enters by this");
    if (journey.goal) check(journey.goal->when, "every pass reaches the goal at its next step", "the goal is never reached");
    for (const document::Exit& exit : journey.exits) check(exit.when, "every pass ends at its next step", "this exit is never taken");
    check(journey.holds);
    for (const document::Stage& stage : journey.stages) {
      for (const document::Experience& experience : stage.show) check(experience);
      for (const document::Transition& transition : stage.transitions) {
        const bool waits = transition.event || transition.wait || transition.until;
        check(transition.condition, waits ? no_difference : "this way is taken at once", "this way is never taken");
      }
    }
  }

 private:
  static bool is_plain(const document::Rule& condition) { return condition && condition.value->is_boolean(); }

  void check(const document::Trigger& when, std::string_view always, std::string_view never) { check(when.condition, when.event ? no_difference : always, never); }

  void check(const std::vector<document::Hold>& holds) {
    for (const document::Hold& hold : holds) check(hold.condition, "what it covers never speaks", "nothing is ever held by it");
  }

  /// A plain `true` says what it means, and what is no operation has been reported.
  void check(const document::Rule& condition, std::string_view always, std::string_view never) {
    const auto constant = condition ? conditions_.constant(condition) : std::nullopt;
    const bool is_operation = constant && condition.value->is_object() && condition.value->as_object().size() == 1;
    if (!constant || (!is_operation && (*constant || !is_plain(condition)))) return;
    const std::string hint = R"({"var": "profile.tier"} reads a value, a text is only itself)";
    diagnostics_.push_back({ErrorCode::pack_suspicious, Severity::warning, condition.positions->of(*condition.value),
                            "this condition is always " + std::string(*constant ? "true: " : "false: ") + std::string(*constant ? always : never),
                            !is_operation ? "write what it is to ask, or remove what never happens"
                            : *constant   ? "if that is meant write `true`; " + hint
                                          : "ask for something that can change: " + hint});
  }

  const Conditions& conditions_;
  Diagnostics& diagnostics_;
};

}  // namespace

Conditions::Conditions(const std::map<const Value*, NodeIndex>& nodes, const Expressions& lowered) : expressions(lowered), nodes_(nodes) {
  for (NodeIndex node = 0; node < expressions.nodes.size(); ++node) {
    if (const auto found = limit(node)) limits_[{found->subject, found->upward}].push_back(*found);
  }
}

std::optional<Conditions::Limit> Conditions::limit(NodeIndex index) const {
  const Node& node = expressions.nodes[index];
  if (node.op < Operator::less || node.op > Operator::greater_or_equal || node.count != 2) return std::nullopt;
  const auto operands = operands_of(expressions, node);
  const auto number = [&](NodeIndex operand) {
    const Node& constant = expressions.nodes[operand];
    return constant.op == Operator::constant && expressions.constants[constant.first].is_number() ? std::optional(expressions.constants[constant.first].as_number()) : std::nullopt;
  };
  const bool is_turned = number(operands[0]).has_value(), is_greater = node.op == Operator::greater || node.op == Operator::greater_or_equal;
  const auto bound = number(operands[is_turned ? 0 : 1]);
  if (!bound) return std::nullopt;
  return Limit{index, operands[is_turned ? 1 : 0], is_greater != is_turned, *bound, node.op == Operator::less_or_equal || node.op == Operator::greater_or_equal};
}

void Conditions::add_wider(NodeIndex condition, std::vector<NodeIndex>& found) const {
  const auto narrow = limit(condition);
  const auto limits = narrow ? limits_.find({narrow->subject, narrow->upward}) : limits_.end();
  if (limits == limits_.end()) return;
  // Of the bounds of one thing, how many are looked at: more than people write.
  constexpr std::size_t most_limits = 64;
  for (std::size_t i = 0; i < std::min(limits->second.size(), most_limits); ++i) {
    const Limit& wide = limits->second[i];
    const bool is_beyond = narrow->upward ? wide.bound < narrow->bound : wide.bound > narrow->bound;
    if (is_beyond || (wide.bound == narrow->bound && wide.inclusive && !narrow->inclusive)) found.push_back(wide.node);
  }
}

std::vector<NodeIndex> Conditions::alternatives(NodeIndex condition) const {
  std::vector<NodeIndex> all{condition};
  if (condition == none || expressions.nodes[condition].op != Operator::or_) return all;
  const auto operands = operands_of(expressions, expressions.nodes[condition]);
  all.insert(all.end(), operands.begin(), operands.end());
  return all;
}

std::vector<NodeIndex> Conditions::implied(NodeIndex condition) const {
  std::vector<NodeIndex> found{condition};
  if (condition == none) return found;
  add_wider(condition, found);
  const Node& node = expressions.nodes[condition];
  if (node.op != Operator::and_) return found;
  for (const NodeIndex part : operands_of(expressions, node)) {
    found.push_back(part);
    add_wider(part, found);
  }
  return found;
}

std::optional<NodeIndex> Conditions::find(const document::Rule& rule) const {
  const auto node = nodes_.find(rule.value);
  return node == nodes_.end() ? std::nullopt : std::optional(node->second);
}

std::optional<bool> Conditions::constant(const document::Rule& rule) const {
  const auto node = find(rule);
  if (!node || expressions.nodes[*node].op != Operator::constant) return std::nullopt;
  return truthy(expressions.constants[expressions.nodes[*node].first]);
}

void check_conditions(const document::Pack& pack, const Conditions& conditions, Diagnostics& diagnostics) {
  ConditionsCheck check(conditions, diagnostics);
  check.check(pack.site);
  for (const document::Experience& rule : pack.page_rules) check.check(rule);
  for (const document::Journey& journey : pack.journeys) check.check(journey);
}

}  // namespace wayline::program
