// What is remembered of past events (design 7.2.4): only what the pack's rules can ask for, and never more than there is room for.
#pragma once

#include <cstddef>
#include <span>

#include "profile/environment.h"
#include "profile/event.h"
#include "profile/state.h"
#include "program/tables.h"

namespace wayline {

/// What all past events of a visitor may cost together, so that a whole state stays below 64 KiB.
constexpr std::size_t max_history_bytes = 32 * 1024;
/// A property that is looked back at: ids, names, prices. Roughly in bytes.
constexpr std::size_t max_property_bytes = 512;

/// Remembers the event as one of `index`, of the program's history table.
void remember_event(State& state, const program::Tables& tables, std::uint32_t index, const Event& event, StateEnvironment& environment, Arena& arena);

/// Of an event's properties those that it is remembered with once it is no longer the latest.
[[nodiscard]] Value lasting_properties(const program::Tables& tables, const program::HistoryEvent& record, const Value& properties, Arena& arena);

/// Adds a past event behind the others. `properties` must be an object.
void append_past_event(EventHistory& history, Instant at, OwnedValue properties);

/// The events that rules can still ask for at `now`; those before them are forgotten at leisure.
[[nodiscard]] std::span<const PastEvent> remembered_events(const EventHistory& history, const program::HistoryEvent& record, Instant now);

/// Events whose cost is above the limit are forgotten, the oldest of the most expensive name first.
void make_room(State& state, const program::Tables& tables, StateEnvironment* environment);

}  // namespace wayline
