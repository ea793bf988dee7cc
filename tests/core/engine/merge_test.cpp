// Merging states of one person (core/spec/merging.md): whichever comes first, and however often.
#include <gtest/gtest.h>

#include <iterator>
#include <random>

#include "../support/programs.h"
#include "value/json.h"
#include "wayline/merge.h"
#include "wayline/session.h"

namespace wayline {
namespace {

std::shared_ptr<const Program> shop() {
  return testing::program_of({{"site.json", R"({"site":"s","consent":{"purposes":["personal"]},"attributes":{"profile.tier":{"type":"string","purpose":"personal"},"profile.size":{"type":"number"}},
      "computed":{"views":{"count":"View"},"latest":{"last":"View","of":"id"},"spent":{"sum":"Buy","of":"total"}},"pressure":{"caps":[{"max":5,"per":"1d"}]},
      "intents":{"dress":{"half_life":"1d","cap":9,"signals":[{"on":"View"}]}},"scores":{"mood":{"half_life":"1d","floor":-9,"signals":[{"on":"Bad","add":-2},{"on":"Buy"}]}}})"},
                              {"journeys/j.json", R"({"id":"j","status":"live","enter":{"on":"View"},"reenter":{},"goal":{"on":"Buy"},"start":"one","stages":{"one":{"on":[{"event":"Bad","go":"two"}],
      "show":[{"id":"x","slot":"hero","cap":{"max":3,"per":"1d"},"dismissible":true,"variants":[{"id":"a","content":{"text":"a"}},{"id":"b","content":{"text":"b"}}]}]},"two":{}}})"}});
}

/// Some events of one device, or of both when they were one until then.
std::vector<std::string> random_events(std::mt19937& random, std::int64_t& at, int count) {
  std::vector<std::string> lines;
  for (int i = 0; i < count; ++i) {
    at += static_cast<std::int64_t>(random() % 40'000'000);
    const auto number = std::to_string(random() % 5);
    const std::string kinds[] = {R"("track":"View","properties":{"id":")" + number + R"("})", R"("track":"Buy","properties":{"total":)" + number + "}", R"("track":"Bad")",
                                 R"("page":{"url":"https://s.test/)" + number + R"("})", R"("identify":"u","traits":{"tier":"t)" + number + R"(","size":)" + number + "}",
                                 R"("consent":{"personal":)" + std::string(random() % 2 ? "true" : "false") + "}",
                                 R"("exposure":{"slot":"hero","experience":"x","variant":")" + std::string(random() % 2 ? "a" : "b") + R"("})",
                                 R"("dismiss":{"slot":"hero","experience":"x"})",
                                 R"("track":"Hold Placed","properties":{"by":"sales","scope":"everything","reason":")" + number + "\"}",
                                 R"("track":"Hold Placed","properties":{"by":"service","scope":"everything","expires":")" + number + "h\"}",
                                 R"("track":"Hold Released","properties":{"by":"sales"})"};
    lines.push_back(R"({"at":)" + std::to_string(at) + R"(,"id":"m)" + std::to_string(at) + R"(",)" + kinds[random() % std::size(kinds)] + "}");
  }
  return lines;
}

Session stepped(Engine& engine, const std::vector<std::string>& lines) {
  Session session(engine, "v");
  for (const std::string& line : lines) {
    Arena arena;
    EXPECT_TRUE(session.step(read_json(line, arena).value()).ok()) << line;
  }
  return session;
}

std::string merged(const Program& program, const std::string& left, const std::string& right) {
  Arena arena;
  const auto state = merge_states(program, read_json(left, arena).value(), read_json(right, arena).value());
  EXPECT_TRUE(state.ok()) << state.error().message;
  return state.ok() ? state.value() : std::string();
}

Value computed(Engine& engine, const std::string& state, std::string_view name, Arena& arena) {
  std::vector<std::string> dropped;
  Session session = Session::restore(engine, read_json(state, arena).value(), dropped).value();
  return copy(session.inspect(read_json(R"({"at":0})", arena).value()).value().get("computed").get(name), arena);
}

TEST(Merge, IsTheSameWhicheverComesFirstAndHoweverOften) {
  Engine engine(shop());
  const Program& program = engine.program();
  for (std::uint32_t seed = 0; seed < 100; ++seed) {
    std::mt19937 random(seed);
    std::int64_t at = 1'767'258'000'000;
    const std::vector<std::string> shared = random_events(random, at, static_cast<int>(random() % 10));
    std::int64_t left_at = at, right_at = at + 1;
    std::vector<std::string> left = shared, right = shared;
    for (const std::string& line : random_events(random, left_at, 12)) left.push_back(line);
    for (const std::string& line : random_events(random, right_at, 12)) right.push_back(line);
    const std::string a = stepped(engine, left).snapshot(), b = stepped(engine, right).snapshot();
    const std::string both = merged(program, a, b);
    ASSERT_EQ(both, merged(program, b, a)) << "seed " << seed;
    ASSERT_EQ(both, merged(program, both, a)) << "seed " << seed;
    ASSERT_EQ(both, merged(program, both, b)) << "seed " << seed;
    ASSERT_EQ(a, merged(program, a, a)) << "seed " << seed;
    // What one device alone would know of past events, had it met those of both.
    std::vector<std::string> all = left;
    all.insert(all.end(), right.begin() + static_cast<std::ptrdiff_t>(shared.size()), right.end());
    const std::string together = stepped(engine, all).snapshot();
    for (const char* name : {"views", "latest", "spent"}) {
      Arena arena;
      ASSERT_EQ(to_json(computed(engine, both, name, arena)), to_json(computed(engine, together, name, arena))) << name << ", seed " << seed;
    }
  }
}

TEST(Merge, ACopyOfBeforeChangesNoScore) {
  Engine engine(shop());
  for (std::uint32_t seed = 0; seed < 100; ++seed) {
    std::mt19937 random(seed);
    std::int64_t at = 1'700'000'000'000;
    const auto lines = random_events(random, at, 60);
    const std::string now = stepped(engine, lines).snapshot();
    const std::string before = stepped(engine, {lines.begin(), lines.begin() + random() % 60}).snapshot();
    Arena arena;
    const Value known = read_json(now, arena).value(), state = read_json(merged(engine.program(), now, before), arena).value();
    for (const std::string_view part : {"intents", "falls"}) EXPECT_EQ(to_json(state.get(part)), to_json(known.get(part))) << "seed " << seed;
  }
}

TEST(Merge, ALaterWithdrawalWins) {
  Engine engine(shop());
  const std::string open = stepped(engine, {R"({"at":1000,"consent":{"personal":true}})", R"({"at":2000,"identify":"u","traits":{"tier":"gold"}})"}).snapshot();
  const std::string closed = stepped(engine, {R"({"at":3000,"consent":{"personal":false}})"}).snapshot();
  EXPECT_EQ(merged(engine.program(), open, closed).find("gold"), std::string::npos);
  const std::string earlier = stepped(engine, {R"({"at":500,"consent":{"personal":false}})"}).snapshot();
  EXPECT_NE(merged(engine.program(), open, earlier).find("gold"), std::string::npos);
}

TEST(Merge, AChoiceThatSomebodyElseLeftBehindIsEarlierThanAnyOwnOne) {
  Engine engine(shop());
  const std::string own = stepped(engine, {R"({"at":1000,"identify":"bo"})", R"({"at":1000,"consent":{"personal":false}})"}).snapshot();
  const auto left_by_ada = [&](const char* last) {
    return stepped(engine, {R"({"at":2000,"identify":"ada"})", R"({"at":3000,"consent":{"personal":true}})", last}).snapshot();
  };
  for (const char* last : {R"({"at":4000,"identify":"bo"})", R"({"at":4000,"logout":true})"}) {
    EXPECT_NE(merged(engine.program(), own, left_by_ada(last)).find(R"("consent":{"personal":{"at":1000,"granted":false}})"), std::string::npos) << last;
  }
}

TEST(Merge, AReleaseOnOneDeviceEndsTheHoldOnTheOther) {
  Engine engine(shop());
  const char* placed = R"({"at":1000,"track":"Hold Placed","properties":{"by":"sales","scope":"everything"}})";
  const std::string held = stepped(engine, {placed, R"({"at":9000,"track":"View"})"}).snapshot();
  const std::string released = stepped(engine, {placed, R"({"at":2000,"track":"Hold Released","properties":{"by":"sales"}})"}).snapshot();
  const std::string again = stepped(engine, {placed, R"({"at":3000,"track":"Hold Placed","properties":{"by":"sales","scope":"everything"}})"}).snapshot();
  EXPECT_NE(held.find(R"("holds")"), std::string::npos);
  const std::string both = merged(engine.program(), held, released);
  EXPECT_EQ(both.find(R"("holds")"), std::string::npos) << both;
  EXPECT_NE(merged(engine.program(), both, again).find(R"("holds":[{"at":3000,)"), std::string::npos);
  // The journey that it silenced is let go of by the next step.
  Arena arena;
  std::vector<std::string> dropped;
  Session session = Session::restore(engine, read_json(both, arena).value(), dropped).value();
  const std::string answer = to_json(session.step(read_json(R"({"at":9500,"tick":true})", arena).value()).value());
  EXPECT_NE(answer.find(R"("event":"Journey Resumed")"), std::string::npos) << answer;
}

TEST(Merge, RefusesTwoPersons) {
  Engine engine(shop());
  const std::string ada = stepped(engine, {R"({"at":1000,"identify":"ada"})"}).snapshot(), bo = stepped(engine, {R"({"at":1000,"identify":"bo"})"}).snapshot();
  Arena arena;
  const auto state = merge_states(engine.program(), read_json(ada, arena).value(), read_json(bo, arena).value());
  ASSERT_FALSE(state.ok());
  EXPECT_EQ(state.error().code, ErrorCode::state_other_person);
}

TEST(Merge, RefusesWhatHappenedAfterTheClock) {
  Engine engine(shop());
  const std::string whole = stepped(engine, {R"({"at":1000,"consent":{"personal":true}})", R"({"at":2000,"identify":"u","traits":{"tier":"gold"}})", R"({"at":3000,"track":"View","properties":{"id":"A"}})",
                                             R"({"at":4000,"exposure":{"slot":"hero","experience":"x","variant":"a"}})", R"({"at":5000,"dismiss":{"slot":"hero","experience":"x"}})",
                                             R"({"at":6000,"track":"Hold Placed","properties":{"by":"sales","scope":"everything"}})"}).snapshot();
  const auto refusal = [&](const std::string& text) {
    Arena arena;
    const auto state = merge_states(engine.program(), read_json(text, arena).value(), read_json(whole, arena).value());
    return state.ok() ? "" : std::string(code_text(state.error().code));
  };
  EXPECT_EQ(refusal(whole), "");
  const std::string members[] = {R"("personal":{"at":1000)", R"("observedAt":2000)", R"("View":[[3000)", R"("enteredAt":3000)", R"("stageAt":3000)", R"("seen":[4000)", R"("exposures":[4000)",
                                 R"("dismissedAt":5000)", R"("at":6000)"};
  for (const std::string& member : members) {
    std::string text = whole;
    const std::size_t place = text.find(member);
    ASSERT_NE(place, std::string::npos) << member << " in " << whole;
    text.replace(place + member.size() - 4, 4, "6001");
    EXPECT_EQ(refusal(text), "state.malformed") << member;
  }
}

TEST(Merge, UnitesManyEventsOfOneMoment) {
  Engine engine(shop());
  // Three have a twin, whichever order they come in; of what is the same twice in one state only as many are the same in the other.
  const auto views = [&](std::initializer_list<int> ids, int more) {
    std::vector<std::string> lines;
    for (const int id : ids) lines.push_back(R"({"at":1000,"track":"Buy","properties":{"total":)" + std::to_string(id) + "}}");
    for (int i = 0; i < more; ++i) lines.push_back(R"({"at":1000,"track":"View","properties":{"id":"A"}})");
    return stepped(engine, lines).snapshot();
  };
  const std::string left = views({1, 2, 2, 3}, 1200), right = views({3, 2, 4, 1}, 900);
  const std::string both = merged(engine.program(), left, right);
  EXPECT_EQ(both, merged(engine.program(), right, left));
  EXPECT_EQ(both, merged(engine.program(), both, right));
  Arena arena;
  EXPECT_EQ(to_json(computed(engine, both, "spent", arena)), "12");
  EXPECT_EQ(to_json(computed(engine, both, "views", arena)), "1200");
}

TEST(Merge, RecognisesAnAnonymousVisitor) {
  Engine engine(shop());
  const std::string anonymous = stepped(engine, {R"({"at":1000,"track":"View","properties":{"id":"A"}})"}).snapshot();
  const std::string known = stepped(engine, {R"({"at":500,"identify":"ada","traits":{"size":40}})", R"({"at":600,"track":"View","properties":{"id":"B"}})"}).snapshot();
  const std::string both = merged(engine.program(), anonymous, known);
  Arena arena;
  EXPECT_EQ(to_json(computed(engine, both, "views", arena)), "2");
  EXPECT_EQ(to_json(computed(engine, both, "latest", arena)), "\"A\"");
  EXPECT_NE(both.find(R"("user":"ada")"), std::string::npos);
}

}  // namespace
}  // namespace wayline
