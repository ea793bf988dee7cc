#include <string>
#include <utility>

#include "program/checks.h"
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

std::optional<NodeIndex> Conditions::find(const document::Rule& rule) const {
  const auto node = nodes.find(rule.value);
  return node == nodes.end() ? std::nullopt : std::optional(node->second);
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
