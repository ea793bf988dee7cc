#include "cli/outputs.h"

#include <gtest/gtest.h>

#include "base/utf.h"
#include "value/json.h"

namespace wayline::cli {
namespace {

std::vector<OutputChange> compared(std::string_view before, std::string_view after) {
  Arena arena;
  return compare_outputs(read_json(before, arena).value(), read_json(after, arena).value());
}

TEST(CompareOutputs, FindsNothingInEqualOutputs) {
  EXPECT_TRUE(compared(R"({"decisions":{}})", R"({"decisions":{}})").empty());
}

TEST(CompareOutputs, NamesSlotsJourneysAndEffects) {
  const auto changes = compared(
      R"({"decisions":{"a":{"experience":"x","variant":"1","reason":"matched"}},"effects":[],"journeys":{}})",
      R"({"decisions":{"b":{"experience":null,"reason":"capped"}},"effects":[{"type":"timer","at":"t"}],"journeys":{"j":{"stage":"s","status":"exited","outcome":"o"}}})");
  ASSERT_EQ(changes.size(), 4u);
  EXPECT_EQ(changes[0].subject + "|" + changes[0].before + "|" + changes[0].after,
            "slot a|x, variant 1 (matched)|not decided");
  EXPECT_EQ(changes[1].subject + "|" + changes[1].before + "|" + changes[1].after,
            "slot b|not decided|the default content (capped)");
  EXPECT_EQ(changes[2].subject + "|" + changes[2].before + "|" + changes[2].after,
            "journey j|not entered|s, exited (o)");
  EXPECT_EQ(changes[3].subject + "|" + changes[3].before, "effects|none");
}

TEST(CompareOutputs, ShowsContentThatDiffersUnderTheSameName) {
  const auto changes =
      compared(R"({"decisions":{"a":{"experience":"x","variant":"1","reason":"matched","content":{"text":"A"}}}})",
               R"({"decisions":{"a":{"experience":"x","variant":"1","reason":"matched","content":{"text":"B"}}}})");
  ASSERT_EQ(changes.size(), 1u);
  EXPECT_NE(changes[0].before.find(R"("text":"A")"), std::string::npos);
  EXPECT_NE(changes[0].after.find(R"("text":"B")"), std::string::npos);
}

TEST(CompareOutputs, TakesErrorsAsAnswers) {
  EXPECT_EQ(compared(R"({"error":{"code":"x"}})", R"({"decisions":{}})")[0].subject, "answer");
}

TEST(ShortenBoth, KeepsWhatDiffers) {
  std::string before = std::string(200, 'a') + "1" + std::string(200, 'z'),
              after = std::string(200, 'a') + "22" + std::string(200, 'z');
  shorten_both(before, after);
  EXPECT_EQ(before, "…" + std::string(24, 'a') + "1" + std::string(24, 'z') + "…");
  EXPECT_EQ(after, "…" + std::string(24, 'a') + "22" + std::string(24, 'z') + "…");
}

TEST(ShortenBoth, LeavesShortTextsAndWholeCharacters) {
  std::string before = "a", after = "b";
  shorten_both(before, after);
  EXPECT_EQ(before + after, "ab");
  for (int length = 50; length < 60; ++length) {
    std::string accents, left, right;
    for (int i = 0; i < length; ++i) accents += "é";
    left = accents + "x" + accents;
    right = accents + accents;
    shorten_both(left, right);
    EXPECT_TRUE(valid_utf8(left) && valid_utf8(right)) << length;
    EXPECT_NE(left, right);
  }
}

}  // namespace
}  // namespace wayline::cli
