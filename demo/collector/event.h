// One event: the rules it must keep to be stored, and the form in which it is. Pure.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "wayline/result.h"

namespace wayline::collector {

/// A row of the table `events`, before project and time of receipt. Times are kept as the client wrote them, with the
/// corrected one beside them (delivery S6); the columns repeat parts of `body` for those who query.
struct Event {
  std::string message_id;
  std::string type;
  std::optional<std::string> name;  // what a track event says happened; a page's or screen's name
  std::optional<std::string> anonymous_id;
  std::optional<std::string> user_id;
  std::optional<std::string> previous_id;  // of an alias: another id of the same person, a user's or an anonymous one; no column
  std::optional<std::string> timestamp;
  std::optional<std::string> sent_at;
  std::string occurred_at;               // by our clock; when it was received, if the client does not say
  std::optional<std::int64_t> sequence;  // the client's own order: context.wayline.sequence
  std::string body;                      // the whole event as JSON, without its write key
};

/// What a message inherits from the request it came in.
struct Envelope {
  std::string_view route_type;                        // the type that the route implies; empty for a batch
  std::optional<std::string> sent_at = std::nullopt;  // of the batch, unless it is longer than limits::sent_at_bytes
  std::int64_t received = 0;                          // epoch milliseconds
  /// Which page load sent it, and when by the clock of that page load, which nobody sets. Milliseconds.
  std::string boot_id = {};
  std::optional<std::int64_t> monotonic = std::nullopt;
};

/// Reads one message; the error is its verdict. Demanded: an object of bounded size and depth; a messageId that is a
/// string of 1 to limits::message_id_bytes; one of Segment's six types, which must agree with the route's; a non-empty
/// `event` when the type is track; a timestamp, if any, that is an ISO 8601 instant with a zone. Nothing else is
/// judged.
[[nodiscard]] Result<Event> read_event(nlohmann::json message, const Envelope& envelope);

}  // namespace wayline::collector
