#include "journey/journeys.h"

#include "base/sort.h"
#include "journey/attribution.h"

#include <algorithm>

namespace wayline {

using program::none;
using program::Status;
using program::Tables;

namespace {

constexpr std::string_view goal_outcome = "goal";

bool is_timer(const program::Transition& transition) { return transition.timing != program::Timing::untimed; }
bool is_immediate(const program::Transition& transition) { return !is_timer(transition) && transition.when.event.size == 0; }

}  // namespace

// --- design 7.3: live enrolments

bool Journeys::matches(const program::Trigger& trigger) {
  if (trigger.event.size > 0) {
    const CurrentEvent& event = environment_.event();
    if (tables_.view(trigger.event) != (event.type == "track" ? event.name : event.type)) return false;
  }
  return environment_.holds(trigger.condition);
}

std::span<const Journeys::Pass> Journeys::live_passes() {
  ArenaRun<Pass> live(effects_.arena());
  for (const Enrolment& enrolment : state_.enrolments) {
    if (enrolment.live()) live.push({enrolment.journey, enrolment.count});
  }
  const auto items = live.items();
  sort_stably(items, [&](const Pass& left, const Pass& right) {
    const double a = tables_.journeys[left.journey].priority, b = tables_.journeys[right.journey].priority;
    return a != b ? a > b : left.journey < right.journey;
  });
  return items;
}

Enrolment* Journeys::still_live(const Pass& pass) {
  Enrolment* enrolment = enrolment_of(pass.journey);
  return enrolment->live() && enrolment->count == pass.count ? enrolment : nullptr;
}

void Journeys::react(const program::Listeners& listeners, Instant now) {
  const auto live = live_passes();
  for (const Pass& pass : live) {
    if (Enrolment* enrolment = still_live(pass)) react_live(*enrolment, now);
  }
  for (const std::uint32_t journey : listeners.entries) {
    if (std::none_of(live.begin(), live.end(), [&](const Pass& pass) { return pass.journey == journey; })) try_enter(journey, now);
  }
  for (const Pass& pass : live) {
    if (Enrolment* enrolment = still_live(pass)) check_goal(*enrolment, now);
  }
  settle_holds(now);
}

void Journeys::react_live(Enrolment& enrolment, Instant now) {
  const program::Journey& journey = tables_.journeys[enrolment.journey];
  if (journey.status == Status::archived || journey.status == Status::draft) return end(enrolment, EnrolmentStatus::exited, "archived", now);
  const bool acknowledged = acknowledges(enrolment);
  const std::uint32_t then = enrolment.handoff.then;
  if (acknowledged) forget_handoff(enrolment);
  if (journey.status == Status::paused) return;
  if (const program::Exit* exit = way_out(enrolment)) return leave(enrolment, *exit, now);
  if (acknowledged && then != none) return move(enrolment.journey, then, now);
  follow_event(enrolment, now);
}

const program::Exit* Journeys::way_out(const Enrolment& enrolment) {
  for (const program::Exit& exit : Tables::run(tables_.exits, tables_.journeys[enrolment.journey].exits)) {
    if (matches(exit.when)) return &exit;
  }
  return nullptr;
}

/// One event may both reach the goal and end the pass: that the goal was reached is what counts.
void Journeys::leave(Enrolment& enrolment, const program::Exit& exit, Instant now) {
  const Pass pass{enrolment.journey, enrolment.count};
  check_goal(enrolment, now);
  if (Enrolment* stays = still_live(pass)) end(*stays, EnrolmentStatus::exited, tables_.view(exit.outcome), now);
}

void Journeys::follow_event(Enrolment& enrolment, Instant now) {
  const std::uint32_t journey = enrolment.journey;
  for (const program::Transition& transition : Tables::run(tables_.transitions, tables_.stages[enrolment.stage].transitions)) {
    if (is_timer(transition) || !matches(transition.when)) continue;
    take(journey, transition, now);
    continue_at_once(journey, now);
    return;
  }
}

void Journeys::continue_at_once(std::uint32_t journey, Instant now) {
  for (std::uint32_t hop = 0;; ++hop) {
    const Enrolment* enrolment = enrolment_of(journey);
    if (!enrolment->live()) return;
    const program::Transition* next = nullptr;
    for (const program::Transition& transition : Tables::run(tables_.transitions, tables_.stages[enrolment->stage].transitions)) {
      if (!is_immediate(transition) || transition.go == none || !environment_.holds(transition.when.condition)) continue;
      next = &transition;
      break;
    }
    if (!next) return;
    if (hop == max_hops) return environment_.notice(ErrorCode::journey_endless, tables_.view(tables_.journeys[journey].id));
    take(journey, *next, now);
  }
}

void Journeys::move(std::uint32_t journey, std::uint32_t stage, Instant now) {
  enter_stage(*enrolment_of(journey), stage, now);
  continue_at_once(journey, now);
}

/// A hand-off waits on the stage that it was asked on, or that the way leads to on which it was asked (design 7.8).
/// A journey that is started moves enrolments in memory, so this one is looked up again behind it.
void Journeys::take(std::uint32_t journey, const program::Transition& transition, Instant now) {
  if (transition.go != none) forget_handoff(*enrolment_of(journey));
  act(journey, transition.actions, now);
  if (transition.start != none) start(transition.start, journey, transition.start_reason, now);
  Enrolment* enrolment = enrolment_of(journey);
  if (transition.go != none && enrolment->live()) enter_stage(*enrolment, transition.go, now);
}

void Journeys::enter_stage(Enrolment& enrolment, std::uint32_t stage, Instant now) {
  const std::uint32_t journey = enrolment.journey;
  const program::Stage& record = tables_.stages[stage];
  enrolment.stage = stage;
  enrolment.stage_at = enrolment.timers_at = now;
  environment_.moved(journey);
  ObjectBuilder properties = about(enrolment);
  if (record.moment_of_truth) properties.boolean("moment_of_truth", true);
  effects_.track("Stage Entered", properties.add("team", text(record.team)).build(), now);
  act(journey, record.actions, now);
}

// --- design 7.4: entries

bool Journeys::may_enter(std::uint32_t index, Instant now) const {
  const program::Journey& journey = tables_.journeys[index];
  if (journey.status != Status::live || now < journey.from || now >= journey.to) return false;
  const Enrolment* enrolment = find_entry(state_.enrolments, &Enrolment::journey, index);
  if (!enrolment || enrolment->count == 0) return true;
  if (enrolment->live() || (journey.reenter_max > 0 && enrolment->count >= journey.reenter_max)) return false;
  return now >= enrolment->ended_at + journey.reenter_after;
}

void Journeys::try_enter(std::uint32_t journey, Instant now) {
  if (may_enter(journey, now) && matches(tables_.journeys[journey].enter) && has_room(journey)) enter(journey, now, {}, {});
}

bool Journeys::has_room(std::uint32_t journey) const {
  for (const program::Limit& limit : Tables::run(tables_.limits, tables_.site[0].limits)) {
    std::uint32_t live = 0;
    bool counts = false;
    for (const std::uint32_t other : Tables::run(tables_.journey_sets, limit.journeys)) {
      const Enrolment* enrolment = find_entry(state_.enrolments, &Enrolment::journey, other);
      live += enrolment && enrolment->live();
      counts |= other == journey;
    }
    if (counts && live >= limit.max) return false;
  }
  return true;
}

void Journeys::start(std::uint32_t journey, std::uint32_t by, program::Text reason, Instant now) {
  if (starts_ >= max_starts || !may_enter(journey, now) || !has_room(journey)) return;
  ++starts_;
  const std::string_view starter = tables_.view(tables_.journeys[by].id);
  enter(journey, now, starter, reason.size > 0 ? tables_.view(reason) : starter);
}

void Journeys::enter(std::uint32_t index, Instant now, std::string_view started_by, std::string_view reason) {
  const program::Journey& journey = tables_.journeys[index];
  Enrolment& enrolment = entry_of(state_.enrolments, &Enrolment::journey, index);
  const std::uint32_t count = enrolment.count + 1;
  enrolment = Enrolment();
  enrolment.journey = index;
  enrolment.count = count;
  enrolment.version = journey.version;
  enrolment.entered_at = now;
  enrolment.stage = journey.start;
  enrolment.started_by = started_by;
  enrolment.reason = reason;
  environment_.moved(index);
  ObjectBuilder properties = about(enrolment);
  properties.number("count", count);
  if (!started_by.empty()) properties.text("reason", reason).text("started_by", started_by);
  effects_.track("Journey Entered", properties.build(), now);
  enter_stage(enrolment, journey.start, now);
  continue_at_once(index, now);
}

// --- design 7.5: goals

void Journeys::check_goal(Enrolment& enrolment, Instant now) {
  const std::uint32_t index = enrolment.journey;
  const program::Journey& journey = tables_.journeys[index];
  if (!journey.has_goal || journey.status != Status::live || enrolment.goal_reached || !matches(journey.goal)) return;
  enrolment.goal_reached = true;
  ObjectBuilder properties = about(enrolment);
  if (journey.goal_under.size > 0) properties.add("goal", text(journey.goal_under));
  if (journey.goal_value != none) properties.add("value", copy(environment_.evaluate_rule(journey.goal_value), effects_.arena()));
  if (journey.goal_within > 0) properties.add("attribution", attribution(tables_, state_, index, now, effects_.arena()));
  effects_.track("Goal Reached", properties.build(), now);
  if (journey.goal_ends) end(enrolment, EnrolmentStatus::completed, goal_outcome, now);
  environment_.changed(Part::journeys);
  if (journey.goal_start != none) start(journey.goal_start, index, journey.goal_start_reason, now);
}

// --- ends, and what is told

void Journeys::end(Enrolment& enrolment, EnrolmentStatus status, std::string_view outcome, Instant now) {
  enrolment.status = status;
  enrolment.outcome = outcome;
  enrolment.ended_at = now;
  enrolment.held_by.clear();
  enrolment.handoff.id.clear();
  environment_.moved(enrolment.journey);
  effects_.track("Journey Exited", about(enrolment).text("outcome", outcome).build(), now);
}

ObjectBuilder Journeys::about(const Enrolment& enrolment) {
  const program::Journey& journey = tables_.journeys[enrolment.journey];
  ObjectBuilder properties(effects_.arena());
  if (environment_.in_journey_holdout(enrolment.journey)) properties.boolean("holdout", true);
  properties.add("journey", text(journey.id)).add("stage", text(tables_.stages[enrolment.stage].name)).number("version", enrolment.version);
  return properties;
}

}  // namespace wayline
