// Design 7.1: what falls due as time passes.
#include <algorithm>

#include "journey/journeys.h"
#include "profile/event.h"

namespace wayline {

using program::none;
using program::Tables;
using program::Timing;

namespace {

constexpr std::size_t date_without_time = 10;  // "2026-11-21"

/// Midnight UTC of the date that the zone's clocks show.
Instant date_of(const TimeZone& zone, Instant instant) { return instant + zone.offset_at(instant) - zone.time_of_day(instant); }

}  // namespace

std::optional<Instant> Journeys::date_due(const program::Transition& transition) const {
  const Value value = environment_.evaluate_rule(transition.until);
  const std::optional<Instant> instant = read_instant(value);
  if (!instant) return std::nullopt;
  const bool whole_day = value.is_string() && value.as_string().size() == date_without_time;
  if (!whole_day && transition.wait < 0) return instant;
  const TimeZone zone = tables_.time_zone();
  return zone.on_date(whole_day ? *instant : date_of(zone, *instant), std::max<Duration>(transition.wait, 0));
}

std::optional<Instant> Journeys::due(const Enrolment& enrolment, const program::Transition& transition) const {
  const TimeZone zone = tables_.time_zone();
  Instant at = enrolment.stage_at;
  switch (transition.timing) {
    case Timing::untimed: return std::nullopt;
    case Timing::wait: at += transition.wait; break;
    case Timing::time: at = zone.next(at, transition.wait); break;
    case Timing::weekday:
      do {
        at = zone.next(at, transition.wait);
      } while (zone.weekday(at) != static_cast<int>(transition.until));
      break;
    case Timing::date: {
      const auto date = date_due(transition);
      if (!date) return std::nullopt;
      at = std::max(*date, at + 1);
      break;
    }
  }
  return at > enrolment.timers_at ? std::optional(at) : std::nullopt;
}

std::optional<Journeys::Due> Journeys::earliest_due() const {
  VisitorMemo& memo = environment_.memo();
  if (!environment_.recalls(memo.due_found)) environment_.find(memo.due_found, [&] { memo.due = find_earliest_due(); });
  return memo.due;
}

std::optional<Journeys::Due> Journeys::find_earliest_due() const {
  environment_.note(Part::journeys);
  std::optional<Due> earliest;
  const auto consider = [&](const Due& due) {
    const auto priority = [&](std::uint32_t journey) { return tables_.journeys[journey].priority; };
    if (earliest && due.at >= earliest->at) {
      if (due.at > earliest->at || earliest->journey == none) return;
      if (due.journey != none && priority(due.journey) <= priority(earliest->journey)) return;  // journeys come in the order of their ids
    }
    earliest = due;
  };
  for (const PlacedHold& hold : state_.holds) {
    if (!hold.ended() && hold.until != max_instant) consider({hold.until, none});
  }
  for (const Enrolment& enrolment : state_.enrolments) {
    if (!enrolment.live() || tables_.journeys[enrolment.journey].status != program::Status::live) continue;
    if (!enrolment.handoff.id.empty()) consider({enrolment.handoff.due, enrolment.journey});
    for (const program::Transition& transition : Tables::run(tables_.transitions, tables_.stages[enrolment.stage].transitions)) {
      if (const auto at = due(enrolment, transition)) consider({*at, enrolment.journey});
    }
  }
  return earliest;
}

std::optional<Instant> Journeys::next_timer() const {
  const auto due = earliest_due();
  return due ? std::optional(due->at) : std::nullopt;
}

std::optional<Instant> Journeys::advance(Instant now) {
  tell_moves(now);
  auto due = earliest_due();
  const auto next = due ? std::optional(due->at) : std::nullopt;
  Instant instant = state_.clock;
  for (std::uint32_t fired = 0; due && due->at <= now && fired < max_timers && environment_.steps_spent() < max_timer_operations; ++fired) {
    // A date that became known too late, or a wait that a new pack made shorter, is due before the clock, which never goes back.
    instant = std::max(due->at, instant);
    environment_.set_now(instant);
    if (due->journey == none) {
      expire_holds(instant);
    } else {
      fire(*enrolment_of(due->journey), due->at, instant);
      // A pass whose time is over ends now, not when the visitor comes back: the pause before the next one counts from here.
      if (Enrolment* enrolment = enrolment_of(due->journey); enrolment->live()) {
        if (const program::Exit* exit = way_out(*enrolment)) end(*enrolment, EnrolmentStatus::exited, tables_.view(exit->outcome), instant);
      }
    }
    due = earliest_due();
  }
  return next;
}

/// A hand-off that was not acknowledged comes first; of the waits due at one instant the first whose condition holds is taken.
void Journeys::fire(Enrolment& enrolment, Instant at, Instant now) {
  if (!enrolment.handoff.id.empty() && enrolment.handoff.due == at) return miss_handoff(enrolment, now);
  const std::uint32_t journey = enrolment.journey;
  for (const program::Transition& transition : Tables::run(tables_.transitions, tables_.stages[enrolment.stage].transitions)) {
    if (due(enrolment, transition) != at || !environment_.holds(transition.when.condition)) continue;
    enrolment.timers_at = at;
    environment_.changed(Part::journeys);
    take(journey, transition, now);
    return continue_at_once(journey, now);
  }
  enrolment.timers_at = at;
  environment_.changed(Part::journeys);
}

/// Design 7.9: a move to another version was made when the state was restored; the next step tells of it.
void Journeys::tell_moves(Instant now) {
  for (Enrolment& enrolment : state_.enrolments) {
    if (enrolment.moved_from.empty()) continue;
    ObjectBuilder properties = about(enrolment);
    properties.add("from_stage", own_text(enrolment.moved_from)).number("from_version", enrolment.moved_version);
    if (!enrolment.live()) properties.add("outcome", own_text(enrolment.outcome));
    effects_.track(enrolment.live() ? "Journey Migrated" : "Journey Exited", properties.build(), now);
    enrolment.moved_from.clear();
    enrolment.moved_version = 0;
  }
}

}  // namespace wayline
