#include <array>
#include <string_view>
#include <utility>

#include "profile/history.h"
#include "profile/snapshot.h"

namespace wayline {

using program::Tables;

namespace {

Value number(auto value) { return Value::number(static_cast<double>(value)); }

Value instants(const std::vector<Instant>& list, Arena& arena) {
  ListBuilder builder(arena);
  Instant before = 0;
  for (const Instant instant : list) builder.add(number(instant - std::exchange(before, instant)));
  return builder.build();
}

/// A hash as 16 hexadecimal digits: doubles can not hold 64 bits.
Value hexadecimal(std::uint64_t hash, Arena& arena) {
  constexpr std::string_view digits = "0123456789abcdef";
  char* text = arena.allocate<char>(16);
  for (int i = 15; i >= 0; --i, hash >>= 4) text[i] = digits[hash & 15];
  return Value::string({text, 16});
}

/// Adds a member unless it has its default, so that documents stay small.
class Sparse {
 public:
  explicit Sparse(Arena& arena) : builder_(arena) {}
  Sparse& add(const char* key, Instant value) {
    if (value != 0) builder_.add(key, number(value));
    return *this;
  }
  Sparse& add(const char* key, std::string_view value) {
    if (!value.empty()) builder_.text(key, value);
    return *this;
  }
  Sparse& add_flag(const char* key, bool value) {
    if (value) builder_.boolean(key, true);
    return *this;
  }
  Sparse& add_object(const char* key, const Value& value) {
    if (!value.as_object().empty()) builder_.add(key, value);
    return *this;
  }
  Sparse& add_value(const char* key, const Value& value) {
    if (!value.is_missing()) builder_.add(key, value);
    return *this;
  }
  Value build() { return builder_.build(); }

 private:
  ObjectBuilder builder_;
};

Value traits_document(const State& state, const Tables& tables, Arena& arena) {
  ObjectBuilder traits(arena);
  for (std::size_t i = 0; i < state.traits.size();) {
    const std::uint32_t trait = state.traits[i].trait;
    ListBuilder values(arena);
    for (; i < state.traits.size() && state.traits[i].trait == trait; ++i) {
      const TraitValue& value = state.traits[i];
      Sparse entry(arena);
      entry.add("observedAt", value.observed_at).add("source", value.source).add("ttl", value.ttl).add_value("value", value.value.get());
      values.add(entry.build());
    }
    traits.add(tables.view(tables.traits[trait].name), values.build());
  }
  return traits.build();
}

/// A time is written as what it adds to the one before, alone or in a pair with the event's properties.
Value history_document(const State& state, const Tables& tables, Arena& arena) {
  ObjectBuilder history(arena);
  for (const EventHistory& entry : state.history) {
    const program::HistoryEvent& record = tables.history[entry.event];
    ListBuilder events(arena);
    Instant before = 0;
    for (const PastEvent& event : remembered_events(entry, record, state.clock)) {
      const Value at = number(event.at - std::exchange(before, event.at));
      if (event.properties.as_object().empty()) {
        events.add(at);
      } else {
        ListBuilder pair(arena);
        events.add(pair.add(at).add(event.properties).build());
      }
    }
    if (events.size() > 0) history.add(tables.view(record.name), events.build());
  }
  return history.build();
}

/// Up to when events were forgotten for want of room, as long as rules could still ask for them.
Value forgotten_document(const State& state, const Tables& tables, Arena& arena) {
  ObjectBuilder forgotten(arena);
  for (const EventHistory& entry : state.history) {
    const program::HistoryEvent& record = tables.history[entry.event];
    if (entry.forgotten != 0 && entry.forgotten >= state.clock - record.window) forgotten.add(tables.view(record.name), number(entry.forgotten));
  }
  return forgotten.build();
}

/// Those that are placed, or those that have ended: a list of its own, which an engine passes over that knows of none. Missing when there are none.
Value holds_document(const State& state, bool ended, Arena& arena) {
  ListBuilder holds(arena);
  for (const PlacedHold& hold : state.holds) {
    if (hold.ended() != ended) continue;
    Sparse entry(arena);
    entry.add("at", hold.at).add("by", hold.by).add("reason", hold.reason).add("scope", hold.scope);
    if (!ended) entry.add("until", hold.until == max_instant ? 0 : hold.until);
    holds.add(entry.build());
  }
  return holds.size() > 0 ? holds.build() : Value();
}

Value scores_document(const std::vector<IntentScore>& scores, const Tables& tables, Arena& arena) {
  ObjectBuilder document(arena);
  for (const IntentScore& score : scores) {
    const Member members[] = {{"at", number(score.at)}, {"value", Value::number(score.value)}};
    document.add(tables.view(tables.intents[score.intent].name), copy(Value::object(members), arena));
  }
  return document.build();
}

Value handoff_document(const PendingHandoff& handoff, const Tables& tables, Arena& arena) {
  const auto stage = [&](std::uint32_t index) { return index == program::none ? std::string_view() : tables.view(tables.stages[index].name); };
  Sparse entry(arena);
  entry.add("due", handoff.due).add("else", stage(handoff.otherwise)).add("id", handoff.id).add("then", stage(handoff.then)).add("to", handoff.to);
  return entry.build();
}

Value enrolment_document(const Enrolment& enrolment, const Tables& tables, Arena& arena) {
  Sparse entry(arena);
  if (!enrolment.handoff.id.empty()) entry.add_value("handoff", handoff_document(enrolment.handoff, tables, arena));
  entry.add("count", enrolment.count)
      .add("endedAt", enrolment.ended_at)
      .add("enteredAt", enrolment.entered_at)
      .add_flag("goalReached", enrolment.goal_reached)
      .add("heldBy", enrolment.held_by)
      .add("movedFrom", enrolment.moved_from)
      .add("movedVersion", enrolment.moved_version)
      .add("outcome", enrolment.outcome)
      .add("reason", enrolment.reason)
      .add("stage", tables.view(tables.stages[enrolment.stage].name))
      .add("stageAt", enrolment.stage_at)
      .add("startedBy", enrolment.started_by)
      .add("status", enrolment_status_names[static_cast<std::size_t>(enrolment.status)])
      .add("timersAt", enrolment.timers_at)
      .add("version", enrolment.version);
  return entry.build();
}

Value experience_document(const ExperienceMemory& memory, Arena& arena) {
  Sparse entry(arena);
  entry.add("dismissedAt", memory.dismissed_at)
      .add_value("seen", instants(memory.seen, arena))
      .add("seenInSession", memory.seen_in_session)
      .add("seenPage", memory.seen_page)
      .add("seenSession", memory.seen_session)
      .add("variant", memory.variant)
      .add("version", memory.version);
  return entry.build();
}

}  // namespace

Value state_document(const State& state, const Tables& tables, Arena& arena) {
  ObjectBuilder consent(arena), journeys(arena), experiences(arena), session(arena);
  for (const ConsentEntry& entry : state.consent) {
    const Member members[] = {{"at", number(entry.at)}, {"granted", Value::boolean(entry.granted)}};
    consent.add(tables.view(tables.purposes[entry.purpose]), copy(Value::object(members), arena));
  }
  for (const Enrolment& enrolment : state.enrolments) {
    journeys.add(tables.view(tables.journeys[enrolment.journey].id), enrolment_document(enrolment, tables, arena));
  }
  for (const ExperienceMemory& memory : state.experiences) {
    experiences.add(tables.view(tables.experiences[memory.experience].id), experience_document(memory, arena));
  }
  ListBuilder messages(arena);
  for (const std::uint64_t hash : state.messages.all()) messages.add(hexadecimal(hash, arena));
  session.add("last", number(state.session.last))
      .add("number", number(state.session.number))
      .add("pages", number(state.session.pages))
      .add("started", number(state.session.started));

  Sparse document(arena);
  document.add("clock", state.clock)
      .add_value("consent", consent.build())
      .add_value("device", state.device.get())
      .add_value("endedHolds", holds_document(state, true, arena))
      .add_value("experiences", experiences.build())
      .add_value("exposures", instants(state.exposures, arena))
      .add_object("falls", scores_document(state.falls, tables, arena))
      .add_object("forgotten", forgotten_document(state, tables, arena))
      .add_value("history", history_document(state, tables, arena))
      .add_value("holds", holds_document(state, false, arena))
      .add_value("intents", scores_document(state.intents, tables, arena))
      .add_value("journeys", journeys.build())
      .add_value("messages", messages.build())
      .add_value("page", state.page.get())
      .add("pageNumber", state.page_number)
      .add("sequence", static_cast<Instant>(state.sequence))
      .add_value("session", session.build())
      .add("site", tables.view(tables.site[0].name))
      .add_value("traits", traits_document(state, tables, arena))
      .add("user", state.user)
      .add("visitor", state.visitor)
      .add("wayline", state_version);
  return document.build();
}

}  // namespace wayline
