#include "document/story.h"

#include <gtest/gtest.h>

#include "../support/files.h"
#include "value/json.h"

namespace wayline::document {
namespace {

class HazelStories : public ::testing::Test {
 protected:
  const Files files = testing::pack_files("tests/packs/hazel-small");
  const Loaded loaded = load_pack(files);
  const LoadedStories tests = load_stories(files, loaded.pack);
};

TEST_F(HazelStories, HaveNoFindings) {
  EXPECT_TRUE(tests.diagnostics.empty());
  ASSERT_EQ(tests.stories.size(), 4u);
}

TEST_F(HazelStories, BecomeCompleteInputs) {
  const Story& story = tests.stories.at(0);
  EXPECT_EQ(story.visitor, "v1");
  ASSERT_EQ(story.setup.size(), 2u);
  EXPECT_EQ(
      to_json(story.setup[0].input),
      R"({"at":"2026-11-20T09:00:00.000Z","consent":{"personalization":true,"service":true},"id":"setup-consent","visitor":"v1"})");
  EXPECT_EQ(
      to_json(story.setup[1].input),
      R"({"at":"2026-11-20T09:00:00.000Z","id":"setup-identify","identify":"v1","traits":{"first_name":"Ada","open_cases":1},"visitor":"v1"})");
  ASSERT_EQ(story.steps.size(), 4u);
  EXPECT_EQ(to_json(story.steps[0].input),
            R"({"at":"2026-11-20T09:00:00.000Z","id":"step-1","track":"Case Opened","visitor":"v1"})");
  EXPECT_EQ(
      to_json(story.steps[1].input),
      R"({"at":"2026-11-20T10:00:00.000Z","id":"step-2","page":{"url":"https://hazel.example/"},"visitor":"v1"})");
  EXPECT_EQ(story.steps[3].at, *parse_instant("2026-11-21T12:00:00+01:00"));
}

TEST_F(HazelStories, KeepWhatIsExpectedAndWhere) {
  const Step& step = tests.stories.at(0).steps.at(1);
  EXPECT_EQ(step.range.file, "tests/service.json");
  EXPECT_EQ(step.range.line, 7u);
  ASSERT_EQ(step.expectation.slots.size(), 1u);
  const SlotExpectation& hero = step.expectation.slots[0];
  EXPECT_EQ(hero.slot.text, "hero");
  EXPECT_FALSE(hero.is_default);
  EXPECT_EQ(hero.experience->text, "service-recovery.acknowledge.hero");
  EXPECT_FALSE(hero.variant);
  EXPECT_EQ(hero.reason->text, "matched");
  const Expectation& last = tests.stories.at(3).steps.back().expectation;
  EXPECT_TRUE(last.slots[0].journey);
  EXPECT_FALSE(last.slots[0].journey->text);  // null: a page rule
  EXPECT_TRUE(last.slots[1].is_default);
  EXPECT_EQ(to_json(*tests.stories.at(0).steps[2].expectation.effects[0].value),
            R"({"event":"Follow-up Requested","type":"track"})");
}

TEST_F(HazelStories, TurnAStepThatOnlyWaitsIntoATick) {
  EXPECT_EQ(to_json(tests.stories.at(2).steps.at(1).input),
            R"({"at":"2026-11-22T09:00:00.000Z","id":"step-2","tick":true,"visitor":"visitor"})");
}

TEST(LoadStories, DecideWhatANonPageStepExpects) {
  const LoadedStories tests = load_stories(
      {{"tests/a.json", R"({"story":"s","steps":[{"at":"2026-01-01","track":"A","expect":{"slots":{"hero":null}}}]})"}},
      Pack());
  EXPECT_TRUE(tests.diagnostics.empty());
  EXPECT_EQ(to_json(tests.stories.at(0).steps.at(0).input.get("decide")), R"(["hero"])");
}

TEST(LoadStories, DecideWhatAnEventOnAPageExpects) {
  const LoadedStories tests = load_stories(
      {{"tests/a.json", R"({"story":"s","steps":[{"at":"2026-01-01","track":"A","page":{"url":"https://a.example/"},"expect":{"slots":{"hero":null}}}]})"}},
      Pack());
  EXPECT_TRUE(tests.diagnostics.empty());
  EXPECT_EQ(to_json(tests.stories.at(0).steps.at(0).input.get("decide")), R"(["hero"])");
}

TEST(LoadStories, ForgiveNamesOfAPackThatCouldNotBeRead) {
  const std::string story =
      R"({"story":"s","steps":[{"at":"2026-01-01","track":"A","expect":{"journeys":{"a":null}}}]})";
  const Files broken = {
      {"site.json", R"({"site":"s"})"}, {"journeys/a.json", R"({"id":"a",)"}, {"tests/a.json", story}};
  EXPECT_TRUE(load_stories(broken, load_pack(broken).pack).diagnostics.empty());
  const Files without = {{"site.json", R"({"site":"s"})"}, {"tests/a.json", story}};
  EXPECT_EQ(load_stories(without, load_pack(without).pack).diagnostics.size(), 1u);
}

TEST(LoadStories, ReadOnlyTheirOwnFolder) {
  const LoadedStories tests = load_stories({{"site.json", "{"}, {"tests/notes.md", "#"}}, Pack());
  EXPECT_TRUE(tests.stories.empty());
  EXPECT_TRUE(tests.diagnostics.empty());
}

}  // namespace
}  // namespace wayline::document
