// Actions of transitions and stages (design 5: `do`).
#include "base/utf.h"
#include "journey/journeys.h"
#include "profile/event.h"
#include "profile/update.h"

namespace wayline {

using program::ActionKind;
using program::Tables;

namespace {

/// The source of traits that a journey sets.
constexpr std::string_view journey_source = "journey";

/// What a stored state can hold of a computed value: well-formed text, and lists no deeper than an event's; deeper parts are null.
Value storable(const Value& value, Arena& arena, int depth = 0) {
  if (value.is_string() && !valid_utf8(value.as_string())) {
    std::string text;
    append_well_formed(value.as_string(), text);
    return Value::string(arena.copy(text));
  }
  if (!value.is_list() && !value.is_object()) return value;
  if (depth >= max_event_depth) return Value::null();
  if (value.is_list()) {
    ListBuilder list(arena);
    for (const Value& item : value.as_list()) list.add(storable(item, arena, depth + 1));
    return list.build();
  }
  ObjectBuilder object(arena);
  for (const Member& member : value.as_object()) object.add(member.key, storable(member.value, arena, depth + 1));
  return object.build();
}

}  // namespace

void Journeys::act(std::uint32_t journey, program::Range actions, Instant now) {
  Enrolment& enrolment = *enrolment_of(journey);
  for (const program::Action& action : Tables::run(tables_.actions, actions)) {
    switch (action.kind) {
      case ActionKind::emit: {
        ObjectBuilder properties = about(enrolment);
        for (const program::ActionProperty& property : Tables::run(tables_.action_properties, action.properties)) {
          const std::string_view key = tables_.view(property.key);
          if (key == "journey" || key == "stage" || key == "version" || key == "holdout") continue;
          // Copied: a later action may change what the value refers to.
          properties.add(key, copy(environment_.evaluate_rule(property.value), effects_.arena()));
        }
        effects_.track(tables_.view(action.name), properties.build(), now);
        break;
      }
      case ActionKind::set: {
        take_trait(state_, tables_, environment_, action.index, journey_source, storable(environment_.evaluate_rule(action.value), effects_.arena()), now, 0);
        environment_.changed(Part::person);
        break;
      }
      case ActionKind::intent:
        add_intent(state_, tables_, action.index, action.add, now);
        environment_.changed(part_of(Part::intents, action.index));
        break;
      case ActionKind::handoff: hand_off(enrolment, action, now); break;
    }
  }
}

// --- design 7.8: hand-offs

void Journeys::hand_off(Enrolment& enrolment, const program::Action& action, Instant now) {
  const std::string_view id = effects_.next_id();
  ObjectBuilder properties = about(enrolment);
  if (action.within > 0) {
    PendingHandoff& handoff = enrolment.handoff;
    handoff.id = id;
    handoff.to = tables_.view(action.name);
    handoff.due = std::min(now + action.within, max_instant);
    handoff.then = action.then;
    handoff.otherwise = action.otherwise;
    environment_.changed(Part::journeys);
    properties.add("acknowledge_by", time_text(handoff.due, effects_.arena()));
  }
  properties.text("handoff", id).add("reason", text(action.reason)).add("to", text(action.name));
  effects_.track("Handoff Requested", properties.build(), now);
}

bool Journeys::acknowledges(const Enrolment& enrolment) const {
  const CurrentEvent& event = environment_.event();
  if (enrolment.handoff.id.empty() || event.name != "Handoff Acknowledged") return false;
  const Value id = event.properties.get("handoff");
  return id.is_string() && id.as_string() == enrolment.handoff.id;
}

void Journeys::forget_handoff(Enrolment& enrolment) {
  if (enrolment.handoff.id.empty()) return;
  enrolment.handoff.id.clear();
  environment_.changed(Part::journeys);
}

void Journeys::miss_handoff(Enrolment& enrolment, Instant now) {
  PendingHandoff& handoff = enrolment.handoff;
  effects_.track("Handoff Missed", about(enrolment).add("handoff", own_text(handoff.id)).add("to", own_text(handoff.to)).build(), now);
  forget_handoff(enrolment);
  if (handoff.otherwise != program::none) move(enrolment.journey, handoff.otherwise, now);
}

}  // namespace wayline
