// When an event happened by the collector's clock, from what the client's clocks say. Pure.
#pragma once

#include <cstdint>
#include <optional>

namespace wayline::collector {

/// All in milliseconds; instants since 1970.
struct ClientClock {
  std::int64_t captured = 0;        // the wall clock at the event
  std::optional<std::int64_t> sent; // the wall clock at the request that brought it
  /// Between the two by a clock that nobody sets, where the page that captured the event is the page that sent it.
  std::optional<std::int64_t> age;
};

/// Delivery S6: the event's instant by our clock, which read `received` when the request came. The client's word is taken
/// as it is while it is within limits::clock_skew of being right, for a request takes time as well; and it is never later
/// than `received`, nor before 1970.
///
/// - The wall clock was set back since the event: only its age is of use.
/// - It went on further than the age: it was set forward, or the device slept, when the other clock may stand still. The
///   captured time stands if either explains it, that is if the clock is right now, or wrong by the difference.
/// - Else it is as wrong now as it was then, by the difference between sent and received.
[[nodiscard]] std::int64_t corrected_instant(const ClientClock& clock, std::int64_t received);

}  // namespace wayline::collector
