#include "collector/batch.h"

#include <gtest/gtest.h>

#include <string>

#include "collector/limits.h"

namespace wayline::collector {
namespace {

using nlohmann::json;

constexpr std::int64_t now = 1'769'860'801'000;  // 2026-01-31T12:00:01Z

json page(const std::string& id) { return {{"messageId", id}, {"type", "page"}}; }

ErrorCode document_error(std::string body) {
  const auto document = read_document(std::move(body));
  EXPECT_FALSE(document.ok());
  return document.ok() ? ErrorCode::usage : document.error().code;
}

ErrorCode items_error(json document) {
  const auto items = read_items(std::move(document), "", now);
  EXPECT_FALSE(items.ok());
  return items.ok() ? ErrorCode::usage : items.error().code;
}

TEST(ReadDocument, RefusesWhatIsNoObjectOfJson) {
  EXPECT_EQ(document_error(""), ErrorCode::batch_malformed);
  EXPECT_EQ(document_error("{\"batch\":["), ErrorCode::batch_malformed);
  EXPECT_EQ(document_error("{\"batch\":[]} trailing"), ErrorCode::batch_malformed);
  EXPECT_EQ(document_error(std::string("{\"batch\":[]}\0{", 14)), ErrorCode::batch_malformed);
  EXPECT_EQ(document_error("{\"batch\":\"\xff\xfe\"}"), ErrorCode::batch_malformed);
  EXPECT_EQ(document_error("{\"number\":1e999}"), ErrorCode::batch_malformed);
  EXPECT_EQ(document_error("[]"), ErrorCode::batch_wrong_shape);
  EXPECT_EQ(document_error("null"), ErrorCode::batch_wrong_shape);
}

TEST(ReadDocument, SurvivesTheDeepestNestingThatFits) {
  const std::string open(limits::body_bytes / 2, '[');
  EXPECT_EQ(document_error(open), ErrorCode::batch_malformed);
  EXPECT_EQ(document_error(open + std::string(limits::body_bytes / 2, ']')), ErrorCode::batch_wrong_shape);
  const std::size_t depth = limits::body_bytes / 2 - 100;
  const std::string deep = "{\"batch\":[{\"messageId\":\"deep\",\"type\":\"page\",\"x\":" + std::string(depth, '[') +
                           std::string(depth, ']') + "}]}";
  auto document = read_document(deep);
  ASSERT_TRUE(document.ok());
  const auto items = read_items(std::move(document).value(), "", now);
  ASSERT_TRUE(items.ok());
  EXPECT_EQ(items.value().at(0).message_id, "deep");
  EXPECT_EQ(items.value().at(0).event.error().code, ErrorCode::event_too_deep);
}

TEST(ReadDocument, RepairsAnEmojiThatWasCutInHalf) {
  const json document = read_document(R"({"title":"\ud83d"})").value();
  EXPECT_EQ(document.at("title"), "\uFFFD");
}

TEST(ReadItems, DemandsAListCalledBatch) {
  EXPECT_EQ(items_error(json::object()), ErrorCode::batch_wrong_shape);
  EXPECT_EQ(items_error({{"batch", {{"messageId", "a"}}}}), ErrorCode::batch_wrong_shape);
}

TEST(ReadItems, BoundsTheNumberOfEvents) {
  json batch = json::array();
  for (std::size_t i = 0; i < limits::batch_events; ++i) batch.push_back(page(std::to_string(i)));
  EXPECT_EQ(read_items({{"batch", batch}}, "", now).value().size(), limits::batch_events);
  batch.push_back(page("one too many"));
  EXPECT_EQ(items_error({{"batch", batch}}), ErrorCode::batch_too_many);
}

TEST(ReadItems, JudgesEachEventByItself) {
  const json document = {{"batch", {page("good"), {{"messageId", "bad"}}, 7, page("also good")}},
                         {"sentAt", "2026-01-01T00:00:00Z"}};
  const auto items = read_items(document, "", now).value();
  ASSERT_EQ(items.size(), 4u);
  EXPECT_EQ(items[0].event.value().message_id, "good");
  EXPECT_EQ(items[0].event.value().sent_at, "2026-01-01T00:00:00Z");
  EXPECT_EQ(items[1].message_id, "bad");
  EXPECT_EQ(items[1].event.error().code, ErrorCode::event_unknown_type);
  EXPECT_TRUE(items[2].message_id.is_null());
  EXPECT_EQ(items[2].event.error().code, ErrorCode::event_not_object);
  EXPECT_TRUE(items[3].event.ok());
}

TEST(ReadItems, GivesNoEventWhatIsTooLongForATime) {
  const auto sent_at = [](std::size_t size) {
    return read_items({{"batch", {page("a")}}, {"sentAt", std::string(size, 'x')}}, "", now).value()[0].event.value().sent_at;
  };
  EXPECT_EQ(sent_at(limits::sent_at_bytes), std::string(limits::sent_at_bytes, 'x'));
  EXPECT_EQ(sent_at(limits::sent_at_bytes + 1), std::nullopt);
}

TEST(ReadItems, TakesTheDocumentItselfOnAMessageRoute) {
  const auto items = read_items({{"messageId", "a"}, {"event", "X"}, {"writeKey", "k"}}, "track", now).value();
  ASSERT_EQ(items.size(), 1u);
  EXPECT_EQ(items[0].event.value().type, "track");
}

TEST(WriteKeyOf, TakesOnlyAString) {
  EXPECT_EQ(write_key_of({{"writeKey", "k"}}), "k");
  EXPECT_EQ(write_key_of({{"writeKey", 1}}), "");
  EXPECT_EQ(write_key_of(json::object()), "");
}

}  // namespace
}  // namespace wayline::collector
