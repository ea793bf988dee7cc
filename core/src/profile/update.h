// Phase 2 of the step (design 7.2): what an event changes in the profile, the session, the consent and the history.
#pragma once

#include "profile/environment.h"
#include "profile/event.h"
#include "profile/state.h"
#include "program/tables.h"

namespace wayline {

/// Whether a message id was seen before; remembers it otherwise. Ids are remembered by hash, the newest 128 of them.
[[nodiscard]] bool seen_before(State& state, std::string_view message_id);

/// Applies the event. `now` is the step's instant, never before State::clock; the event's own may be earlier.
void apply_event(State& state, const program::Tables& tables, const Event& event, Instant now, StateEnvironment& environment, Arena& arena);

/// Sets the value of a trait from one source, unless a newer one of that source is known.
void set_trait(State& state, std::uint32_t trait, std::string_view source, const Value& value, Instant observed_at, Duration ttl);

/// Raises an intent's score at `now`, within its cap.
void add_intent(State& state, const program::Tables& tables, std::uint32_t intent, double add, Instant now);

/// An exposure that counts: the experience was not yet seen on this page view.
[[nodiscard]] bool remember_exposure(State& state, const program::Tables& tables, std::uint32_t experience, std::string_view variant, Instant now);

}  // namespace wayline
