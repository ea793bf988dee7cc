#include "collector/event.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "base/instant.h"
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

std::optional<std::int64_t> sequence_of(const json& message) {
  const auto context = message.find("context");
  if (context == message.end() || !context->is_object()) return std::nullopt;
  const auto wayline = context->find("wayline");
  if (wayline == context->end() || !wayline->is_object()) return std::nullopt;
  return integer_at(*wayline, "sequence");
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

  const auto timestamp = message.find("timestamp");
  if (timestamp != message.end() && !timestamp->is_null()) {
    event.timestamp = text_at(message, "timestamp");
    if (!event.timestamp || !parse_instant(*event.timestamp)) return rejection(ErrorCode::event_bad_timestamp);
  }
  event.anonymous_id = identity_at(message, "anonymousId");
  event.user_id = identity_at(message, "userId");
  event.sent_at = text_at(message, "sentAt");
  if (!event.sent_at) event.sent_at = envelope.sent_at;
  event.sequence = sequence_of(message);

  message.erase("writeKey");
  event.body = message.dump();
  if (event.body.size() > limits::event_bytes) return rejection(ErrorCode::event_too_large);
  return event;
}

}  // namespace wayline::collector
