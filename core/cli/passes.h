// Why a visitor stands where it stands in a journey and not elsewhere, in the words of the pack: for stories that expected something else.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "profile/environment.h"
#include "profile/event.h"
#include "wayline/session.h"

namespace wayline::cli {

/// What was expected of a pass; empty: nothing.
struct WantedPass {
  std::string stage, status, outcome;
  bool anywhere = false;  // every way on is asked for
};

/// The visitor right behind a step, or at an instant behind the latest. Conditions are asked as of then.
class Passes {
 public:
  /// `step`, which the session has accepted, outlives this.
  Passes(const Program& program, const Session& session, const Value& step);
  Passes(const Program& program, const Session& session, Instant at);

  /// From now on each condition that is told of is followed by its tree, in lines of its own.
  void show_trees() { shows_trees_ = true; }

  /// Why nobody entered the journey by this step; nothing when the visitor is in it.
  [[nodiscard]] std::optional<std::string> why_outside(std::string_view journey);
  /// Whether the step is what the journey is entered by.
  [[nodiscard]] bool tries(std::string_view journey) const;
  /// Since when the pass is where it is, and what keeps it from what was wanted.
  [[nodiscard]] std::vector<std::string> why_there(std::string_view journey, const WantedPass& wanted);
  /// Why what decided saw nothing of the profile, where it did: "`profile.tier` needs consent to `service`". Else empty. `predicate` is a rule as JSON.
  [[nodiscard]] std::string why_nothing(std::string_view predicate, const Value& saw);
  /// "{"segment":"keen"} is false, it saw 2"; followed by why it saw nothing of the profile, where it did.
  [[nodiscard]] std::string predicate_text(std::string_view predicate, const Value& result, const Value& saw);
  /// Why an experience is not even asked for.
  [[nodiscard]] std::string why_no_candidate(std::string_view experience, std::string_view slot);

 private:
  [[nodiscard]] bool is_event_of(const program::Trigger& trigger) const;
  enum class TriggerOf : std::uint8_t { way, end };  // an end is an exit or the goal of a pass
  /// "on Viewed if …; which this step is not", "…; {…} is false, it saw 2", "…; which is so now".
  [[nodiscard]] std::string trigger_text(const program::Trigger& trigger, TriggerOf of = TriggerOf::way);
  /// What trigger_text() says behind the last semicolon; empty when there is nothing to ask.
  [[nodiscard]] std::string state_of(const program::Trigger& trigger, TriggerOf of);
  [[nodiscard]] std::string hold_text(std::uint32_t journey);
  /// Of the first trait that a rule reads, or that this path names, and that can not be read; empty when all can.
  [[nodiscard]] std::string why_unread(const Value& rule);
  [[nodiscard]] std::string why_unread(std::string_view path);
  /// A line break and the tree, where trees are shown and there is a condition.
  [[nodiscard]] std::string tree_below(NodeIndex condition);
  [[nodiscard]] std::string way_text(const program::Transition& way, const Enrolment& pass);
  struct WayOn {
    std::uint32_t go;  // program::none: stay
    std::string text;
  };
  [[nodiscard]] std::vector<WayOn> handoff_ways(const Enrolment& pass);
  [[nodiscard]] std::vector<std::string> ways_out(const Enrolment& pass, const WantedPass& wanted);
  [[nodiscard]] std::string full_by(std::uint32_t journey) const;
  [[nodiscard]] const Enrolment* pass_of(std::uint32_t journey) const { return find_entry(state_.enrolments, &Enrolment::journey, journey); }
  [[nodiscard]] std::string stage_name(std::uint32_t stage) const { return std::string(tables_.view(tables_.stages[stage].name)); }

  const program::Tables& tables_;
  Arena arena_;
  State state_;
  Scratch scratch_;
  VisitorMemo memo_;
  StateEnvironment environment_;
  bool shows_trees_ = false;
};

/// "2026-11-27T08:00:00+01:00": as the site's clocks show it, which is how stories are written.
[[nodiscard]] std::string local_text(const program::Tables& tables, Instant instant);

}  // namespace wayline::cli
