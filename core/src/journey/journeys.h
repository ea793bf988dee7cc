// Journeys of one visitor: timers, exits, holds, transitions, entries, goals (design 7.1, 7.3, 7.4, 7.5).
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "journey/effects.h"
#include "profile/environment.h"
#include "profile/state.h"
#include "program/tables.h"

namespace wayline {

/// Stages that continue at once, in one enrolment and one step (design 7.3). A loop of conditions is cut here.
constexpr std::uint32_t max_hops = 16;
/// Timers that fire in one step. A visitor who comes back after years meets the rest at the next step.
constexpr std::uint32_t max_timers = 4096;
/// Operations that timers may take of one step; the rest is for the event itself.
constexpr std::uint64_t max_timer_operations = max_step_operations / 4;
/// Journeys started by journeys in one step.
constexpr std::uint32_t max_starts = 16;

/// Lives for one step. Changes the state in place and adds to the effects.
class Journeys {
 public:
  Journeys(const program::Tables& tables, State& state, StateEnvironment& environment, Effects& effects, bool holdout)
      : tables_(tables), state_(state), environment_(environment), effects_(effects), holdout_(holdout) {}

  /// Design 7.1: due timers up to `now` fire in time order, each at its own instant.
  /// Returns when the next timer was due before anything fired.
  std::optional<Instant> advance(Instant now);
  /// Design 7.3 to 7.5, for the event in the environment.
  void react(Instant now);
  /// When the next timer is due, if any.
  [[nodiscard]] std::optional<Instant> next_timer() const;

 private:
  struct Due {
    Instant at;
    std::uint32_t journey;
  };
  [[nodiscard]] std::optional<Due> earliest_due() const;
  void fire(Enrolment& enrolment, Instant at);

  void react_live(Enrolment& enrolment, Instant now);
  [[nodiscard]] bool leave(Enrolment& enrolment, Instant now);
  void update_hold(Enrolment& enrolment, Instant now);
  void follow_event(Enrolment& enrolment, Instant now);
  void continue_at_once(std::uint32_t journey, Instant now);
  void take(std::uint32_t journey, const program::Transition& transition, Instant now);
  void enter_stage(Enrolment& enrolment, std::uint32_t stage, Instant now);
  void try_enter(std::uint32_t journey, Instant now);
  [[nodiscard]] bool may_enter(std::uint32_t journey, Instant now) const;
  void enter(std::uint32_t journey, Instant now, std::string_view reason);
  void start(std::uint32_t journey, Instant now, std::string_view reason);
  void check_goal(std::uint32_t journey, Instant now);
  void end(Enrolment& enrolment, EnrolmentStatus status, std::string_view outcome, Instant now);
  void act(std::uint32_t journey, program::Range actions, Instant now);

  [[nodiscard]] bool matches(const program::Trigger& trigger);
  [[nodiscard]] Enrolment* enrolment_of(std::uint32_t journey) { return find_entry(state_.enrolments, &Enrolment::journey, journey); }
  /// Properties that every derived event of a journey carries.
  [[nodiscard]] ObjectBuilder about(const Enrolment& enrolment);
  [[nodiscard]] Value text(program::Text record) const { return Value::string(tables_.view(record)); }

  const program::Tables& tables_;
  State& state_;
  StateEnvironment& environment_;
  Effects& effects_;
  bool holdout_;
  std::uint32_t starts_ = 0;
};

}  // namespace wayline
