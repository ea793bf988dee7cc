// Phase 2 of the step (design 7.2): what an event changes in the profile, the session, the consent and the history.
#pragma once

#include <optional>

#include "profile/environment.h"
#include "profile/event.h"
#include "profile/state.h"
#include "program/listeners.h"

namespace wayline {

/// Whether a message id was seen before; remembers it otherwise. Ids are remembered by hash, the newest 128 of them.
[[nodiscard]] bool seen_before(State& state, std::string_view message_id);

/// Applies the event. `now` is the step's instant, never before State::clock; the event's own may be earlier.
void apply_event(State& state, const program::Tables& tables, const program::Listeners& listeners, const Event& event, Instant now, StateEnvironment& environment,
                 Arena& arena);

/// Why the value can not be that of the trait; nothing when it can. No value at all can always.
[[nodiscard]] std::optional<ErrorCode> trait_refusal(const program::Tables& tables, std::uint32_t trait, const Value& value);

/// Sets the value of a trait from one source, unless a newer one of that source is known. A value that lacks consent, does not
/// fit its declaration or finds no room is refused with a notice.
void take_trait(State& state, const program::Tables& tables, StateEnvironment& environment, std::uint32_t trait, std::string_view source, const Value& value,
                Instant observed_at, Duration ttl);

/// Moves an intent or a score at `now` by `add`, which may be negative, within its floor and its cap.
void add_intent(State& state, const program::Tables& tables, std::uint32_t intent, double add, Instant now);

/// The traits of an event as rules may read them: without those that would be refused.
[[nodiscard]] Value readable_traits(const program::Tables& tables, const Value& traits, const StateEnvironment& environment, Arena& arena);

/// Remembers an exposure. Whether it counts as a new one: the experience was not yet seen on this page view, nor, of what a
/// holdout does not see, before in this version of the experience.
[[nodiscard]] bool remember_exposure(State& state, const program::Tables& tables, std::uint32_t experience, std::string_view variant, Instant now);

}  // namespace wayline
