#include "collector/event.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "base/instant.h"
#include "collector/clock_skew.h"
#include "collector/limits.h"

namespace wayline::collector {

namespace {

using nlohmann::json;

constexpr std::array<std::string_view, 6> types{"track", "page", "screen", "identify", "group", "alias"};

/// Whether `value`, a list or an object, nests deeper than `limit`. Does not recurse: the input may nest as deep as its
/// size allows.
bool deeper_than(const json& value, std::size_t limit) {
  std::vector<std::pair<const json*, std::size_t>> open{{&value, 1}};
  while (!open.empty()) {
    const auto [current, depth] = open.back();
    open.pop_back();
    if (depth > limit) return true;
    for (const json& child : *current) {
      if (child.is_structured()) open.emplace_back(&child, depth + 1);
    }
  }
  return false;
}

std::optional<std::string> text_at(const json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end() || !found->is_string()) return std::nullopt;
  return found->get<std::string>();
}

/// An identity: a string, or a number, which some clients send for numeric user ids.
std::optional<std::string> identity_at(const json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end()) return std::nullopt;
  if (found->is_string()) return found->get<std::string>();
  if (found->is_number()) return found->dump();
  return std::nullopt;
}

std::optional<std::int64_t> integer_at(const json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end() || !found->is_number_integer()) return std::nullopt;
  if (found->is_number_unsigned() && found->get<std::uint64_t>() > INT64_MAX) return std::nullopt;
  return found->get<std::int64_t>();
}

/// What Wayline's own client says of its clocks and its order: context.wayline; null when it is not ours.
const json* wayline_part(const json& message) {
  const auto context = message.find("context");
  if (context == message.end() || !context->is_object()) return nullptr;
  const auto wayline = context->find("wayline");
  return wayline == context->end() || !wayline->is_object() ? nullptr : &*wayline;
}

/// Between the event and the request by the page's own clock, if one page load did both.
std::optional<std::int64_t> age_of(const json* wayline, const Envelope& envelope) {
  if (wayline == nullptr || !envelope.monotonic || envelope.boot_id.empty()) return std::nullopt;
  if (text_at(*wayline, "bootId") != envelope.boot_id) return std::nullopt;
  const auto captured = integer_at(*wayline, "monotonic");
  if (!captured || *captured < 0 || *captured > *envelope.monotonic || *envelope.monotonic > max_instant) return std::nullopt;
  return *envelope.monotonic - *captured;
}

/// `captured` is a valid instant; one of the request that is not is as good as none.
std::int64_t occurred(Instant captured, const std::optional<std::string>& sent_at, std::optional<std::int64_t> age,
                      std::int64_t received) {
  const auto sent = sent_at ? parse_instant(*sent_at) : std::nullopt;
  return corrected_instant({captured, sent, age}, received);
}

Error rejection(ErrorCode code) { return {code, std::string{code_meaning(code)}}; }

}  // namespace

Result<Event> read_event(json message, const Envelope& envelope) {
  if (!message.is_object()) return rejection(ErrorCode::event_not_object);
  if (deeper_than(message, limits::event_depth)) return rejection(ErrorCode::event_too_deep);
  Event event;

  auto message_id = text_at(message, "messageId");
  if (!message_id || message_id->empty() || message_id->size() > limits::message_id_bytes) {
    return rejection(ErrorCode::event_bad_id);
  }
  event.message_id = std::move(*message_id);

  if (!message.contains("type") && !envelope.route_type.empty()) message["type"] = envelope.route_type;
  event.type = text_at(message, "type").value_or("");
  const bool known = std::find(types.begin(), types.end(), event.type) != types.end();
  if (!known || (!envelope.route_type.empty() && event.type != envelope.route_type)) {
    return rejection(ErrorCode::event_unknown_type);
  }

  event.name = text_at(message, event.type == "track" ? "event" : "name");
  if (event.type == "track" && event.name.value_or("").empty()) return rejection(ErrorCode::event_missing_name);

  std::optional<Instant> captured;
  const auto timestamp = message.find("timestamp");
  if (timestamp != message.end() && !timestamp->is_null()) {
    event.timestamp = text_at(message, "timestamp");
    if (event.timestamp) captured = parse_instant(*event.timestamp);
    if (!captured) return rejection(ErrorCode::event_bad_timestamp);
  }
  event.anonymous_id = identity_at(message, "anonymousId");
  event.user_id = identity_at(message, "userId");
  if (event.type == "alias") event.previous_id = identity_at(message, "previousId");
  event.sent_at = text_at(message, "sentAt");
  if (!event.sent_at) event.sent_at = envelope.sent_at;
  const json* wayline = wayline_part(message);
  if (wayline != nullptr) event.sequence = integer_at(*wayline, "sequence");
  const std::int64_t instant =
      captured ? occurred(*captured, event.sent_at, age_of(wayline, envelope), envelope.received) : envelope.received;
  event.occurred_at = format_instant(instant);

  message.erase("writeKey");
  event.body = message.dump();
  if (event.body.size() > limits::event_bytes) return rejection(ErrorCode::event_too_large);
  return event;
}

}  // namespace wayline::collector
