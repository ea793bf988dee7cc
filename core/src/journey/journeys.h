// Journeys of one visitor: timers, exits, transitions, entries, goals, holds, hand-offs (design 7.1, 7.3 to 7.5, 7.7 to 7.9).
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "journey/effects.h"
#include "journey/holds.h"
#include "profile/environment.h"
#include "profile/state.h"
#include "program/listeners.h"
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
  Journeys(const program::Tables& tables, State& state, StateEnvironment& environment, Effects& effects)
      : tables_(tables), state_(state), environment_(environment), effects_(effects) {}

  /// Design 7.1: due timers up to `now` fire in time order, each at its own instant.
  /// The environment's instant is the state's clock at first: a date that went stale behind the latest step may have been due before.
  /// Returns when the next timer was due before anything fired.
  std::optional<Instant> advance(Instant now);
  /// Design 7.7: what the event says of a person's hold.
  void change_hold(const HoldChange& change, Instant now);
  /// Design 7.3 to 7.5, for the event in the environment; then what is held is settled.
  void react(const program::Listeners& listeners, Instant now);
  /// When the next timer is due, if any.
  [[nodiscard]] std::optional<Instant> next_timer() const;
  /// When a timed transition of the pass's stage is due; nothing when that has been considered, or no moment is known.
  [[nodiscard]] std::optional<Instant> due(const Enrolment& enrolment, const program::Transition& transition) const;

 private:
  using Due = VisitorMemo::Due;
  // timers.cpp
  [[nodiscard]] std::optional<Instant> date_due(const program::Transition& transition) const;
  /// Found anew only when something changed that it depends on.
  [[nodiscard]] std::optional<Due> earliest_due() const;
  [[nodiscard]] std::optional<Due> find_earliest_due() const;
  /// What is due at `at`, at the step's instant for it, `now`.
  void fire(Enrolment& enrolment, Instant at, Instant now);
  void tell_moves(Instant now);

  // holds.cpp
  void tell_end(const PlacedHold& hold, std::string_view cause, Instant now);
  void expire_holds(Instant now);
  void settle_holds(Instant now);
  void settle_hold(Enrolment& enrolment, Instant now);
  /// The properties of what is told of a hold: with the journeys that it silences.
  [[nodiscard]] ObjectBuilder about(const PlacedHold& hold);

  struct Pass {
    std::uint32_t journey;
    std::uint32_t count;
  };
  /// In the order of journeys (design 7.3).
  [[nodiscard]] std::span<const Pass> live_passes();
  /// Its enrolment; null when it has ended, also when the journey was begun again.
  [[nodiscard]] Enrolment* still_live(const Pass& pass);
  void react_live(Enrolment& enrolment, Instant now);
  /// The first exit that matches; null for none.
  [[nodiscard]] const program::Exit* way_out(const Enrolment& enrolment);
  void leave(Enrolment& enrolment, const program::Exit& exit, Instant now);
  void follow_event(Enrolment& enrolment, Instant now);
  void continue_at_once(std::uint32_t journey, Instant now);
  void take(std::uint32_t journey, const program::Transition& transition, Instant now);
  /// Enters the stage and goes on from there, without a transition.
  void move(std::uint32_t journey, std::uint32_t stage, Instant now);
  void enter_stage(Enrolment& enrolment, std::uint32_t stage, Instant now);
  void try_enter(std::uint32_t journey, Instant now);
  [[nodiscard]] bool may_enter(std::uint32_t journey, Instant now) const;
  [[nodiscard]] bool has_room(std::uint32_t journey) const;
  void enter(std::uint32_t journey, Instant now, std::string_view started_by, std::string_view reason);
  void start(std::uint32_t journey, std::uint32_t by, program::Text reason, Instant now);
  void check_goal(Enrolment& enrolment, Instant now);
  void end(Enrolment& enrolment, EnrolmentStatus status, std::string_view outcome, Instant now);

  // actions.cpp
  void act(std::uint32_t journey, program::Range actions, Instant now);
  void hand_off(Enrolment& enrolment, const program::Action& action, Instant now);
  [[nodiscard]] bool acknowledges(const Enrolment& enrolment) const;
  void forget_handoff(Enrolment& enrolment);
  void miss_handoff(Enrolment& enrolment, Instant now);

  [[nodiscard]] bool matches(const program::Trigger& trigger);
  /// Null for a journey that was never entered. Valid until another is entered for the first time.
  [[nodiscard]] Enrolment* enrolment_of(std::uint32_t journey) { return find_entry(state_.enrolments, &Enrolment::journey, journey); }
  /// Properties that every derived event of a journey carries.
  [[nodiscard]] ObjectBuilder about(const Enrolment& enrolment);
  [[nodiscard]] Value text(program::Text record) const { return Value::string(tables_.view(record)); }
  /// A text that may change before the effects are read.
  [[nodiscard]] Value own_text(std::string_view text) { return Value::string(effects_.arena().copy(text)); }

  const program::Tables& tables_;
  State& state_;
  StateEnvironment& environment_;
  Effects& effects_;
  std::uint32_t starts_ = 0;
};

}  // namespace wayline
