#include "collector/event.h"

#include <gtest/gtest.h>

#include <limits>
#include <nlohmann/json.hpp>
#include <string>

#include "base/instant.h"
#include "collector/limits.h"

namespace wayline::collector {
namespace {

using nlohmann::json;

json good_track() {
  return {{"messageId", "m1"}, {"type", "track"}, {"event", "Order Completed"}, {"anonymousId", "v1"}};
}

ErrorCode verdict(json message, const Envelope& envelope = {}) {
  const auto event = read_event(std::move(message), envelope);
  EXPECT_FALSE(event.ok());
  return event.ok() ? ErrorCode::usage : event.error().code;
}

json with(const char* key, json value) {
  json message = good_track();
  message[key] = std::move(value);
  return message;
}

json without(const char* key) {
  json message = good_track();
  message.erase(key);
  return message;
}

TEST(ReadEvent, FillsTheColumnsAndKeepsTheWholeBody) {
  json message = good_track();
  message["userId"] = "u1";
  message["timestamp"] = "2026-01-31T12:00:00.123+02:00";
  message["sentAt"] = "nonsense is kept as it is";
  message["context"] = {{"wayline", {{"sequence", 42}}}};
  message["properties"] = {{"total", 12.5}};
  const Event event = read_event(message, {}).value();
  EXPECT_EQ(event.message_id, "m1");
  EXPECT_EQ(event.type, "track");
  EXPECT_EQ(event.name, "Order Completed");
  EXPECT_EQ(event.anonymous_id, "v1");
  EXPECT_EQ(event.user_id, "u1");
  EXPECT_EQ(event.timestamp, "2026-01-31T12:00:00.123+02:00");
  EXPECT_EQ(event.sent_at, "nonsense is kept as it is");
  EXPECT_EQ(event.sequence, 42);
  EXPECT_EQ(json::parse(event.body), message);
}

TEST(ReadEvent, LeavesColumnsEmptyForWhatWasNotSent) {
  const Event event = read_event(good_track(), {}).value();
  EXPECT_EQ(event.user_id, std::nullopt);
  EXPECT_EQ(event.timestamp, std::nullopt);
  EXPECT_EQ(event.sent_at, std::nullopt);
  EXPECT_EQ(event.sequence, std::nullopt);
}

TEST(ReadEvent, InheritsSentAtOfTheBatchUnlessItHasItsOwn) {
  const Envelope envelope{"", "2026-02-01T00:00:00Z"};
  EXPECT_EQ(read_event(good_track(), envelope).value().sent_at, "2026-02-01T00:00:00Z");
  EXPECT_EQ(read_event(with("sentAt", "2026-02-02T00:00:00Z"), envelope).value().sent_at, "2026-02-02T00:00:00Z");
}

TEST(ReadEvent, DatesByTheAgeWhenThePageThatSentItCapturedIt) {
  constexpr std::int64_t received = 1'769'860'800'000;  // 2026-01-31T12:00:00Z
  Envelope envelope{"", "2026-01-31T12:00:00Z", received, "boot", 90'000};
  // Captured while the clock was a day ahead.
  json message = with("timestamp", "2026-02-01T11:59:00Z");
  message["context"]["wayline"] = {{"bootId", "boot"}, {"monotonic", 30'000}, {"sequence", 4}};
  EXPECT_EQ(read_event(message, envelope).value().occurred_at, "2026-01-31T11:59:00.000Z");
  EXPECT_EQ(read_event(message, envelope).value().sequence, 4);
  // Another page load's clock says nothing; then it is at least not in the future.
  envelope.boot_id = "another";
  EXPECT_EQ(read_event(message, envelope).value().occurred_at, "2026-01-31T12:00:00.000Z");
  EXPECT_EQ(read_event(good_track(), envelope).value().occurred_at, "2026-01-31T12:00:00.000Z");
}

TEST(ReadEvent, BelievesNoAgeBeyondAllTimes) {
  const std::int64_t received = *parse_instant("2026-01-31T12:00:00Z"), longest = std::numeric_limits<std::int64_t>::max();
  json message = with("timestamp", "2026-01-31T11:59:00Z");
  message["context"]["wayline"] = {{"bootId", "boot"}, {"monotonic", 0}};
  EXPECT_EQ(read_event(message, {"", "2026-01-31T12:00:00Z", received, "boot", longest}).value().occurred_at, "2026-01-31T11:59:00.000Z");
}

TEST(ReadEvent, TakesNumericIdentities) {
  EXPECT_EQ(read_event(with("userId", 17), {}).value().user_id, "17");
  EXPECT_EQ(read_event(with("userId", json::array()), {}).value().user_id, std::nullopt);
}

TEST(ReadEvent, TakesOnlyAnIntegerAsSequence) {
  const auto sequence = [](json value) {
    return read_event(with("context", {{"wayline", {{"sequence", std::move(value)}}}}), {}).value().sequence;
  };
  EXPECT_EQ(sequence(INT64_MAX), INT64_MAX);
  EXPECT_EQ(sequence(1.5), std::nullopt);
  EXPECT_EQ(sequence("1"), std::nullopt);
  EXPECT_EQ(sequence(UINT64_MAX), std::nullopt);
  EXPECT_EQ(read_event(with("context", 1), {}).value().sequence, std::nullopt);
  EXPECT_EQ(read_event(with("context", {{"wayline", 1}}), {}).value().sequence, std::nullopt);
}

TEST(ReadEvent, DoesNotStoreTheWriteKey) {
  EXPECT_EQ(read_event(with("writeKey", "k"), {}).value().body.find("writeKey"), std::string::npos);
}

TEST(ReadEvent, DemandsAnObject) {
  for (const json& message : {json(nullptr), json(1), json("track"), json::array({1})}) {
    EXPECT_EQ(verdict(message), ErrorCode::event_not_object) << message;
  }
}

TEST(ReadEvent, DemandsAMessageId) {
  EXPECT_EQ(verdict(without("messageId")), ErrorCode::event_bad_id);
  EXPECT_EQ(verdict(with("messageId", "")), ErrorCode::event_bad_id);
  EXPECT_EQ(verdict(with("messageId", 5)), ErrorCode::event_bad_id);
  EXPECT_TRUE(read_event(with("messageId", std::string(limits::message_id_bytes, 'x')), {}).ok());
  EXPECT_EQ(verdict(with("messageId", std::string(limits::message_id_bytes + 1, 'x'))), ErrorCode::event_bad_id);
}

TEST(ReadEvent, DemandsATypeOfSegments) {
  for (const char* type : {"page", "screen", "identify", "group", "alias", "track"}) {
    EXPECT_TRUE(read_event(with("type", type), {}).ok()) << type;
  }
  EXPECT_EQ(verdict(without("type")), ErrorCode::event_unknown_type);
  EXPECT_EQ(verdict(with("type", "Track")), ErrorCode::event_unknown_type);
  EXPECT_EQ(verdict(with("type", 1)), ErrorCode::event_unknown_type);
}

TEST(ReadEvent, TakesTheTypeOfItsRouteAndRefusesAnother) {
  const Event event = read_event(without("type"), {"track", {}}).value();
  EXPECT_EQ(event.type, "track");
  EXPECT_EQ(json::parse(event.body).at("type"), "track");
  EXPECT_EQ(verdict(good_track(), {"page", {}}), ErrorCode::event_unknown_type);
}

TEST(ReadEvent, DemandsTheNameOfATrackEventOnly) {
  EXPECT_EQ(verdict(without("event")), ErrorCode::event_missing_name);
  EXPECT_EQ(verdict(with("event", "")), ErrorCode::event_missing_name);
  EXPECT_EQ(verdict(with("event", 3)), ErrorCode::event_missing_name);
  json page = without("event");
  page["type"] = "page";
  page["name"] = "Home";
  EXPECT_EQ(read_event(page, {}).value().name, "Home");
}

TEST(ReadEvent, DemandsThatATimestampIsAnInstant) {
  for (const char* text : {"2026-01-31T12:00:00Z", "2026-01-31T12:00:00.123456+02:00", "2024-02-29T00:00:00Z"}) {
    EXPECT_TRUE(read_event(with("timestamp", text), {}).ok()) << text;
  }
  EXPECT_TRUE(read_event(with("timestamp", nullptr), {}).ok());
  for (const json& value : {json("yesterday"), json(""), json("2026-02-30T00:00:00Z"), json("2026-01-31T12:00:00"),
                            json("2026-01-31T25:00:00Z"), json(1769860800000), json::array()}) {
    EXPECT_EQ(verdict(with("timestamp", value)), ErrorCode::event_bad_timestamp) << value;
  }
}

TEST(ReadEvent, BoundsItsSize) {
  const std::size_t frame = read_event(with("text", ""), {}).value().body.size();
  EXPECT_TRUE(read_event(with("text", std::string(limits::event_bytes - frame, 'x')), {}).ok());
  EXPECT_EQ(verdict(with("text", std::string(limits::event_bytes - frame + 1, 'x'))), ErrorCode::event_too_large);
}

json nested(std::size_t depth) {
  json value = json::array();
  for (std::size_t i = 1; i < depth; ++i) {
    json outer = json::array();
    outer.push_back(std::move(value));
    value = std::move(outer);
  }
  return value;
}

TEST(ReadEvent, BoundsItsDepth) {
  EXPECT_TRUE(read_event(with("deep", nested(limits::event_depth - 1)), {}).ok());
  EXPECT_EQ(verdict(with("deep", nested(limits::event_depth))), ErrorCode::event_too_deep);
  EXPECT_EQ(verdict(with("deep", nested(10'000))), ErrorCode::event_too_deep);
}

}  // namespace
}  // namespace wayline::collector
