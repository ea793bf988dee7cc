// One input of the step, read from the host's value. Views point into that value.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "base/instant.h"
#include "wayline/result.h"
#include "wayline/session.h"
#include "wayline/value.h"

namespace wayline {

enum class EventKind : std::uint8_t { page, track, identify, consent, exposure, dismiss, tick, logout };

/// The spelling that rules see as `event.type` and that journeys may listen to.
[[nodiscard]] std::string_view event_kind_name(EventKind kind);

struct Event {
  EventKind kind = EventKind::tick;
  Instant at = 0;
  std::string_view id;    // messageId; empty: none
  std::string_view name;  // track: the event's name
  Value properties;       // track, page: an object
  std::string_view user;  // identify; may be empty
  Value traits;           // identify: an object
  Value consent;          // consent: purpose -> boolean
  Value page;             // the page it happened on, or missing
  Value force;            // experience -> variant, for previews; or missing
  Value device;           // to merge into `device`, or missing
  std::string_view slot, experience, variant;  // exposure, dismiss
  std::span<const Value> decide;               // slots asked for, by name
  bool explain = false;
};

/// What a host asks without an event.
struct Question {
  Instant at = 0;
  Value page;   // that is shown, or missing
  Value force;  // as of an event
  bool names_slots = false;
  std::span<const Value> slots;  // by name
  bool explain = false;
};

/// Bytes of strings in one event: a page's URL, an order's lines; more is an attack or a mistake.
constexpr std::size_t max_event_bytes = 32 * 1024;
/// Nesting of one event: stored in a state it must still fit the wire's depth.
constexpr int max_event_depth = 32;
/// Slots decided by one step; pages have fewer than ten.
constexpr std::size_t max_decided_slots = 256;

/// Reads the input of `wayline run` (design 9). Errors: step.malformed, step.too_large.
[[nodiscard]] Result<Event> read_event(const Value& input);

/// Reads the request of Session::decide and Session::inspect. Errors: step.malformed.
[[nodiscard]] Result<Question> read_question(const Value& input);

/// Whether a page view may be taken as an event: same limits, same errors.
[[nodiscard]] Result<Done> check_page_view(const PageView& view);

/// Whether a trait's value comes in an envelope: {value, source?, observedAt?, ttl?, purpose?} and nothing else.
[[nodiscard]] bool is_envelope(const Value& value);

/// Roughly what a value takes as text; more than any limit when it nests too deep to be stored and read again.
[[nodiscard]] std::size_t rough_bytes(const Value& value, int depth = 0);

/// "at" of an input: ISO 8601 or epoch milliseconds.
[[nodiscard]] std::optional<Instant> read_instant(const Value& value);

/// The page as rules see it: `url` plus what follows from it and was not given: `path`, `host`, `query`.
[[nodiscard]] Value complete_page(const Value& page, Arena& arena);

}  // namespace wayline
