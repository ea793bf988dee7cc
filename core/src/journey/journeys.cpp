#include "journey/journeys.h"

#include <algorithm>

namespace wayline {

using program::none;
using program::Status;
using program::Tables;

namespace {

constexpr std::string_view goal_outcome = "goal";

bool is_timer(const program::Transition& transition) { return transition.wait > 0; }
bool is_immediate(const program::Transition& transition) { return transition.wait == 0 && transition.when.event.size == 0; }

}  // namespace

// --- design 7.1: time

std::optional<Journeys::Due> Journeys::earliest_due() const {
  std::optional<Due> earliest;
  const auto before = [&](const Due& due) {
    if (!earliest || due.at != earliest->at) return !earliest || due.at < earliest->at;
    const double left = tables_.journeys[due.journey].priority, right = tables_.journeys[earliest->journey].priority;
    return left > right || (left == right && due.journey < earliest->journey);
  };
  for (const Enrolment& enrolment : state_.enrolments) {
    if (!enrolment.live() || tables_.journeys[enrolment.journey].status != Status::live) continue;
    for (const program::Transition& transition : Tables::run(tables_.transitions, tables_.stages[enrolment.stage].transitions)) {
      if (!is_timer(transition)) continue;
      const Due due{enrolment.stage_at + transition.wait, enrolment.journey};
      if (due.at > enrolment.timers_at && before(due)) earliest = due;
    }
  }
  return earliest;
}

std::optional<Instant> Journeys::next_timer() const {
  const auto due = earliest_due();
  return due ? std::optional(due->at) : std::nullopt;
}

std::optional<Instant> Journeys::advance(Instant now) {
  environment_.set_event({});
  auto due = earliest_due();
  const auto next = due ? std::optional(due->at) : std::nullopt;
  for (std::uint32_t fired = 0; due && due->at <= now && fired < max_timers && environment_.steps_spent() < max_timer_operations; ++fired) {
    environment_.set_now(due->at);
    fire(*enrolment_of(due->journey), due->at);
    due = earliest_due();
  }
  return next;
}

/// Of the waits due at one instant the first whose condition holds is taken.
void Journeys::fire(Enrolment& enrolment, Instant at) {
  const std::uint32_t journey = enrolment.journey;
  enrolment.timers_at = at;
  update_hold(enrolment, at);
  for (const program::Transition& transition : Tables::run(tables_.transitions, tables_.stages[enrolment.stage].transitions)) {
    if (!is_timer(transition) || enrolment.stage_at + transition.wait != at || !environment_.holds(transition.when.condition)) continue;
    take(journey, transition, at);
    continue_at_once(journey, at);
    return;
  }
}

// --- design 7.3 to 7.5: events

bool Journeys::matches(const program::Trigger& trigger) {
  if (trigger.event.size > 0) {
    const CurrentEvent& event = environment_.event();
    if (tables_.view(trigger.event) != (event.type == "track" ? event.name : event.type)) return false;
  }
  return environment_.holds(trigger.condition);
}

void Journeys::react(Instant now) {
  std::vector<std::uint32_t> live;
  for (const std::uint32_t journey : tables_.journey_order) {
    const Enrolment* enrolment = enrolment_of(journey);
    if (enrolment && enrolment->live()) live.push_back(journey);
  }
  for (const std::uint32_t journey : live) {
    Enrolment* enrolment = enrolment_of(journey);
    if (enrolment && enrolment->live()) react_live(*enrolment, now);
  }
  for (const std::uint32_t journey : tables_.journey_order) {
    if (std::find(live.begin(), live.end(), journey) == live.end()) try_enter(journey, now);
  }
  for (const std::uint32_t journey : live) check_goal(journey, now);
}

void Journeys::react_live(Enrolment& enrolment, Instant now) {
  const program::Journey& journey = tables_.journeys[enrolment.journey];
  if (journey.status == Status::archived || journey.status == Status::draft) return end(enrolment, EnrolmentStatus::exited, "archived", now);
  if (journey.status == Status::paused || leave(enrolment, now)) return;
  update_hold(enrolment, now);
  follow_event(enrolment, now);
}

bool Journeys::leave(Enrolment& enrolment, Instant now) {
  for (const program::Exit& exit : Tables::run(tables_.exits, tables_.journeys[enrolment.journey].exits)) {
    if (!matches(exit.when)) continue;
    end(enrolment, EnrolmentStatus::exited, tables_.view(exit.outcome), now);
    return true;
  }
  return false;
}

void Journeys::update_hold(Enrolment& enrolment, Instant now) {
  const auto holds = Tables::run(tables_.holds, tables_.journeys[enrolment.journey].holds);
  const auto hold = std::find_if(holds.begin(), holds.end(), [&](const program::Hold& item) { return environment_.holds(item.condition); });
  const bool held = hold != holds.end();
  if (held == (enrolment.status == EnrolmentStatus::held)) return;
  if (held) {
    enrolment.status = EnrolmentStatus::held;
    enrolment.held_by = tables_.view(hold->by);
    effects_.track("Journey Held", about(enrolment).add("by", text(hold->by)).add("reason", text(hold->reason)).build(), now);
  } else {
    effects_.track("Journey Resumed", about(enrolment).add("by", Value::string(effects_.arena().copy(enrolment.held_by))).build(), now);
    enrolment.status = EnrolmentStatus::active;
    enrolment.held_by.clear();
  }
  environment_.changed();
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
  for (std::uint32_t hop = 0; hop < max_hops; ++hop) {
    const Enrolment* enrolment = enrolment_of(journey);
    if (!enrolment || !enrolment->live()) return;
    const program::Transition* next = nullptr;
    for (const program::Transition& transition : Tables::run(tables_.transitions, tables_.stages[enrolment->stage].transitions)) {
      if (!is_immediate(transition) || transition.go == none || !environment_.holds(transition.when.condition)) continue;
      next = &transition;
      break;
    }
    if (!next) return;
    take(journey, *next, now);
  }
}

/// A journey that is started moves enrolments in memory, so this one is looked up again behind it.
void Journeys::take(std::uint32_t journey, const program::Transition& transition, Instant now) {
  act(journey, transition.actions, now);
  if (transition.start != none) start(transition.start, now, tables_.view(tables_.journeys[journey].id));
  Enrolment* enrolment = enrolment_of(journey);
  if (transition.go != none && enrolment && enrolment->live()) enter_stage(*enrolment, transition.go, now);
}

void Journeys::enter_stage(Enrolment& enrolment, std::uint32_t stage, Instant now) {
  const std::uint32_t journey = enrolment.journey;
  const program::Stage& record = tables_.stages[stage];
  enrolment.stage = stage;
  enrolment.stage_at = enrolment.timers_at = now;
  environment_.changed();
  ObjectBuilder properties = about(enrolment);
  if (record.moment_of_truth) properties.add("moment_of_truth", Value::boolean(true));
  effects_.track("Stage Entered", properties.add("team", text(record.team)).build(), now);
  act(journey, record.actions, now);
}

bool Journeys::may_enter(std::uint32_t index, Instant now) const {
  const program::Journey& journey = tables_.journeys[index];
  if (journey.status != Status::live || now < journey.from || now >= journey.to) return false;
  const Enrolment* enrolment = find_entry(state_.enrolments, &Enrolment::journey, index);
  if (!enrolment || enrolment->count == 0) return true;
  if (enrolment->live() || (journey.reenter_max > 0 && enrolment->count >= journey.reenter_max)) return false;
  return now >= enrolment->ended_at + journey.reenter_after;
}

void Journeys::try_enter(std::uint32_t journey, Instant now) {
  if (may_enter(journey, now) && matches(tables_.journeys[journey].enter)) enter(journey, now, {});
}

void Journeys::start(std::uint32_t journey, Instant now, std::string_view reason) {
  if (starts_ >= max_starts || !may_enter(journey, now)) return;
  ++starts_;
  enter(journey, now, reason);
}

void Journeys::enter(std::uint32_t index, Instant now, std::string_view reason) {
  const program::Journey& journey = tables_.journeys[index];
  Enrolment& enrolment = entry_of(state_.enrolments, &Enrolment::journey, index);
  const std::uint32_t count = enrolment.count + 1;
  enrolment = Enrolment();
  enrolment.journey = index;
  enrolment.count = count;
  enrolment.version = journey.version;
  enrolment.entered_at = now;
  enrolment.stage = journey.start;
  environment_.changed();
  ObjectBuilder properties = about(enrolment);
  properties.add("count", Value::number(count));
  if (!reason.empty()) properties.add("reason", Value::string(reason));
  effects_.track("Journey Entered", properties.build(), now);
  update_hold(enrolment, now);
  enter_stage(enrolment, journey.start, now);
  continue_at_once(index, now);
}

void Journeys::check_goal(std::uint32_t index, Instant now) {
  const program::Journey& journey = tables_.journeys[index];
  Enrolment* enrolment = enrolment_of(index);
  if (!journey.has_goal || journey.status != Status::live || !enrolment || enrolment->goal_reached || !matches(journey.goal)) return;
  enrolment->goal_reached = true;
  ObjectBuilder properties = about(*enrolment);
  if (journey.goal_under.size > 0) properties.add("goal", text(journey.goal_under));
  if (journey.goal_value != none) properties.add("value", copy(environment_.evaluate_rule(journey.goal_value), effects_.arena()));
  effects_.track("Goal Reached", properties.build(), now);
  if (journey.goal_ends && enrolment->live()) end(*enrolment, EnrolmentStatus::completed, goal_outcome, now);
  // An exit on the same event has ended the pass already; that the goal was reached is what counts.
  if (journey.goal_ends && !enrolment->live()) enrolment->status = EnrolmentStatus::completed;
  environment_.changed();
  if (journey.goal_start != none) start(journey.goal_start, now, tables_.view(journey.id));
}

void Journeys::end(Enrolment& enrolment, EnrolmentStatus status, std::string_view outcome, Instant now) {
  enrolment.status = status;
  enrolment.outcome = outcome;
  enrolment.ended_at = now;
  enrolment.held_by.clear();
  environment_.changed();
  effects_.track("Journey Exited", about(enrolment).add("outcome", Value::string(outcome)).build(), now);
}

ObjectBuilder Journeys::about(const Enrolment& enrolment) {
  const program::Journey& journey = tables_.journeys[enrolment.journey];
  ObjectBuilder properties(effects_.arena());
  if (holdout_) properties.add("holdout", Value::boolean(true));
  properties.add("journey", text(journey.id)).add("stage", text(tables_.stages[enrolment.stage].name)).add("version", Value::number(enrolment.version));
  return properties;
}

}  // namespace wayline
