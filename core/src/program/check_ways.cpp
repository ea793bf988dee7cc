#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "program/checks.h"
#include "program/records.h"

namespace wayline::program {

namespace {

/// Ways in the order in which the engine asks them: when an event comes, or a moment, the first whose condition holds is taken.
class Ways {
 public:
  struct Way {
    SourceRange range;
    bool always;
  };

  explicit Ways(const Conditions& conditions) : conditions_(conditions) {}

  /// `occasion`: an event or a moment; empty: any event. `condition`: none when it always holds.
  void add(const std::string& occasion, NodeIndex condition, const SourceRange& range) {
    for (const NodeIndex part : conditions_.alternatives(condition)) ways_.try_emplace({occasion, part}, Way{range, part == none});
  }

  /// One that is taken whenever a way of this occasion and condition could be; null when there is none.
  [[nodiscard]] const Way* before(const std::string& occasion, NodeIndex condition) const {
    for (const std::string& met : {std::string(), occasion}) {
      if (const Way* way = find(met, none)) return way;
      for (const NodeIndex asked : conditions_.implied(condition)) {
        if (const Way* way = find(met, asked)) return way;
      }
    }
    return nullptr;
  }

 private:
  [[nodiscard]] const Way* find(const std::string& occasion, NodeIndex condition) const {
    const auto way = ways_.find({occasion, condition});
    return way == ways_.end() ? nullptr : &way->second;
  }

  const Conditions& conditions_;
  std::map<std::pair<std::string, NodeIndex>, Way> ways_;
};

std::string occasion_of(const std::optional<document::Name>& event) { return event ? "on " + event->text : std::string(); }

/// Design 7.2.8: nobody is in a journey any more when the ways out of it are asked.
bool is_logout(const std::optional<document::Name>& event) { return event && event->text == "logout"; }

bool is_timed(const document::Transition& transition) { return transition.wait || transition.until; }
/// Taken on entering the stage too, where exits are not asked, nor ways of any other kind.
bool continues(const document::Transition& transition) { return !is_timed(transition) && !transition.event && transition.go; }

/// Equal when two waits of a stage are always due together; nothing where a date decides.
std::optional<std::string> moment_of(const document::Transition& transition) {
  if (transition.wait) return "after " + std::to_string(*transition.wait);
  const document::Until& until = *transition.until;
  if (until.date || !(until.weekday || until.time)) return std::nullopt;
  return "until " + std::to_string(until.weekday.value_or(none)) + " " + std::to_string(until.time.value_or(0));
}

/// The shortest wait that is taken whenever it is due, and leads on. One that stays takes the place of those behind it that are due at the same moment.
const document::Transition* surest_wait(const document::Stage& stage, const Conditions& conditions) {
  const document::Transition* surest = nullptr;
  std::set<Duration> staying;
  for (const document::Transition& transition : stage.transitions) {
    if (!is_timed(transition)) continue;
    if (!transition.go && !transition.wait) break;  // at whatever moment it may be due
    if (!transition.go) staying.insert(*transition.wait);
    if (!transition.go || !transition.wait || (surest && *surest->wait <= *transition.wait) || staying.contains(*transition.wait)) continue;
    if (!transition.condition || conditions.constant(transition.condition) == true) surest = &transition;
  }
  return surest;
}

class WaysCheck {
 public:
  WaysCheck(const Conditions& conditions, Diagnostics& diagnostics) : conditions_(conditions), diagnostics_(diagnostics) {}

  void check(const document::Journey& journey) {
    if (!journey.is_whole) return;
    Ways exits(conditions_), goals(conditions_);
    if (const auto condition = journey.goal && journey.goal->ends ? asked(journey.goal->when.condition) : std::nullopt) goals.add(occasion_of(journey.goal->when.event), *condition, journey.id.range);
    for (const document::Exit& exit : journey.exits) {
      const auto condition = asked(exit.when.condition);
      if (!condition || !(exit.when.event || exit.when.condition)) continue;
      const std::string occasion = occasion_of(exit.when.event);
      const SourceRange range = exit.when.event ? exit.when.event->range : exit.when.condition.positions->of(*exit.when.condition.value);
      if (is_logout(exit.when.event)) {
        report_logout(range, "this exit is never taken");
      } else if (const Ways::Way* goal = goals.before(occasion, *condition)) {
        report(range, "no pass ends with this outcome: the goal is asked first, and completes the pass " + when(*goal),
               R"(ask more of the goal, such as "if": {">=": [{"var": "event.properties.rating"}, 4]}, or let the exit wait for another event)");
      } else if (const Ways::Way* first = exits.before(occasion, *condition)) {
        report(range, "this exit is never taken: " + comes_first(*first, range), "the first exit that matches is taken: put the narrower one before the other");
      } else {
        exits.add(occasion, *condition, range);
      }
    }
    if (journey.goal && is_logout(journey.goal->when.event)) report_logout(journey.goal->when.event->range, "this goal is never reached");
    for (const document::Stage& stage : journey.stages) check(journey, stage, exits);
  }

 private:
  /// none: it always holds; nothing: it never does, or could not be lowered.
  [[nodiscard]] std::optional<NodeIndex> asked(const document::Rule& condition) const {
    if (!condition || conditions_.constant(condition) == true) return none;
    return conditions_.constant(condition) ? std::nullopt : conditions_.find(condition);
  }

  void check(const document::Journey& journey, const document::Stage& stage, const Ways& exits) {
    Ways ways(conditions_), at_once(conditions_);
    for (const document::Transition& transition : stage.transitions) {
      const auto condition = asked(transition.condition);
      if (is_timed(transition) || !condition || !(transition.event || transition.condition)) continue;
      const std::string occasion = occasion_of(transition.event);
      const SourceRange& range = transition.event ? transition.event->range : transition.range;
      const bool at_entry = continues(transition);
      if (is_logout(transition.event)) {
        report_logout(range, "this way is never taken");
        continue;
      }
      if (const Ways::Way* first = (at_entry ? at_once : ways).before(occasion, *condition)) {
        report(range, "this way is never taken: " + comes_first(*first, range),
               "the first way that matches is taken: put the narrower one before the other; what is to happen together belongs into one");
        continue;
      }
      if (const Ways::Way* exit = at_entry ? nullptr : exits.before(occasion, *condition)) {
        report(range, "this way is never taken: the exit" + place(exit->range, range) + " ends the pass first, " + when(*exit),
               R"(exits come before ways on: keep that one from this stage with {"!=": [{"stage": ")" + journey.id.text + R"("}, ")" + stage.name.text + R"("]})");
        continue;
      }
      ways.add(occasion, *condition, range);
      if (at_entry) at_once.add(occasion, *condition, range);
    }
    const Ways::Way* leads_on = at_once.before({}, none);
    check_waits(stage, leads_on && !may_stand_on(journey, stage) ? leads_on : nullptr);
  }

  /// Whether a pass can stand on a stage that a way leads on from at once: when it is migrated to it, until the next step, or where the hops of a circle are cut.
  static bool may_stand_on(const document::Journey& journey, const document::Stage& stage) {
    const auto leads_here = [&](const document::Migration& migration) { return migration.stage && migration.stage->text == stage.name.text; };
    const auto leads_on = [&](const document::Transition& transition) {
      if (!continues(transition)) return false;
      return std::any_of(journey.stages.begin(), journey.stages.end(), [&](const document::Stage& next) {
        return next.name.text == transition.go->text && std::any_of(next.transitions.begin(), next.transitions.end(), continues);
      });
    };
    return std::any_of(journey.migrations.begin(), journey.migrations.end(), leads_here) || std::any_of(stage.transitions.begin(), stage.transitions.end(), leads_on);
  }

  /// `leads_on`: a way that every pass takes on entering the stage; null when there is none.
  void check_waits(const document::Stage& stage, const Ways::Way* leads_on) {
    const document::Transition* surest = surest_wait(stage, conditions_);
    Ways moments(conditions_);
    for (const document::Transition& transition : stage.transitions) {
      const auto condition = asked(transition.condition);
      if (!is_timed(transition) || !condition) continue;
      const auto moment = moment_of(transition);
      const Ways::Way* first = moment ? moments.before(*moment, *condition) : nullptr;
      if (leads_on) {
        report(transition.range, "this wait is never over: the way" + place(leads_on->range, transition.range) + " always leads on at once", "give that way a condition or an event");
      } else if (first) {
        report(transition.range, "this wait is never taken: at the same moment " + comes_first(*first, transition.range),
               "of waits due together the first that matches is taken: what is to happen together belongs into one");
      } else if (surest && transition.wait > surest->wait) {
        report(transition.range, "this wait is never over: after " + format_duration(*surest->wait) + " the one" + place(surest->range, transition.range) + " always leads on",
               "waits count from entering the stage: give the shorter one a condition, or put this one into the stage that it leads to");
      } else if (moment) {
        moments.add(*moment, *condition, transition.range);
      }
    }
  }

  static std::string place(const SourceRange& other, const SourceRange& own) {
    return other.line == own.line ? " on the same line" : " on line " + std::to_string(other.line);
  }
  static std::string when(const Ways::Way& way) { return way.always ? "whatever else holds" : "whenever this one could be taken"; }
  static std::string comes_first(const Ways::Way& way, const SourceRange& own) { return "the one" + place(way.range, own) + " comes first, " + when(way); }

  void report(const SourceRange& range, std::string message, std::string hint) {
    diagnostics_.push_back({ErrorCode::pack_unreachable, Severity::warning, range, std::move(message), std::move(hint)});
  }

  void report_logout(const SourceRange& range, const std::string& what) {
    report(range, what + ": who signs out is in no journey any more when it is asked", "leave it out: a `logout` forgets the person, and every pass with it");
  }

  const Conditions& conditions_;
  Diagnostics& diagnostics_;
};

}  // namespace

void check_ways(const document::Pack& pack, const Conditions& conditions, Diagnostics& diagnostics) {
  WaysCheck check(conditions, diagnostics);
  for (const document::Journey& journey : pack.journeys) check.check(journey);
}

}  // namespace wayline::program
