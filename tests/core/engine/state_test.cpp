// The stored state is untrusted, and outlives packs.
#include <gtest/gtest.h>

#include "../support/programs.h"
#include "engine/outcome.h"
#include "profile/event.h"
#include "profile/state.h"
#include "value/json.h"
#include "wayline/session.h"

namespace wayline {
namespace {

using testing::program_of;

const std::string site = R"({"site":"shop","timezone":"UTC","teams":{"marketing":{}},"attributes":{"profile.tier":{"type":"string","source":"crm"}}})";

std::string journey(const std::string& id, const std::string& stages) {
  return R"({"id":")" + id + R"(","owner":"marketing","status":"live","version":1,"enter":{"on":"Enter"},"start":"one","stages":{)" + stages + "}}";
}
const std::string one_stage = R"("one":{"team":"marketing"})";

std::shared_ptr<const Program> shop() {
  return program_of({{"site.json", site}, {"journeys/a.json", journey("a", R"("one":{"team":"marketing","on":[{"event":"Go","go":"two"}]},"two":{"team":"marketing"})")}});
}

std::string state_of(Engine& engine, std::initializer_list<const char*> lines) {
  Session session(engine, "v");
  for (const char* line : lines) {
    Arena arena;
    EXPECT_TRUE(session.step(read_json(line, arena).value()).ok()) << line;
  }
  return session.snapshot();
}

Result<Session> restore(Engine& engine, const std::string& text, std::vector<std::string>& dropped) {
  Arena arena;
  const Result<Value> document = read_json(text, arena);
  EXPECT_TRUE(document.ok());
  return Session::restore(engine, document.value(), dropped);
}

ErrorCode refusal(Engine& engine, const std::string& text) {
  std::vector<std::string> dropped;
  const auto result = restore(engine, text, dropped);
  EXPECT_FALSE(result.ok()) << text;
  return result.ok() ? ErrorCode::usage : result.error().code;
}

TEST(State, FromTheFutureIsRefused) {
  Engine engine(shop());
  EXPECT_EQ(refusal(engine, R"({"wayline":3,"site":"shop","visitor":"v"})"), ErrorCode::state_from_future);
}

TEST(State, MalformedIsRefused) {
  Engine engine(shop());
  for (const char* text : {"[]", "{}", R"({"wayline":"1"})", R"({"wayline":0.5,"site":"shop","visitor":"v"})", R"({"wayline":1,"site":"other","visitor":"v"})",
                           R"({"wayline":1,"site":"shop"})", R"({"wayline":1,"site":"shop","visitor":"v","clock":1e300})",
                           R"({"wayline":1,"site":"shop","visitor":"v","journeys":{"a":{"stage":"one","status":"flying"}}})",
                           R"({"wayline":1,"site":"shop","visitor":"v","traits":{"tier":{}}})", R"({"wayline":1,"site":"shop","visitor":"v","messages":["xyz"]})",
                           R"({"wayline":1,"site":"shop","visitor":"v","sequence":-1})", R"({"wayline":1,"site":"shop","visitor":"v","page":7})"}) {
    EXPECT_EQ(refusal(engine, text), ErrorCode::state_malformed) << text;
  }
}

/// A pack of which a state has something of every kind.
std::shared_ptr<const Program> everything(const std::string& tier = R"({"type":"string","source":"crm","purpose":"service"})") {
  return program_of({{"site.json", R"({"site":"shop","timezone":"UTC","teams":{"marketing":{}},"attributes":{"profile.tier":)" + tier + R"(},
                        "computed":{"views":{"count":"View","within":"7d"}},"pressure":{"caps":[{"max":9,"per":"1d"}]},
                        "intents":{"hot":{"half_life":"1h","signals":[{"on":"View","add":1}]}},"scores":{"mood":{"half_life":"1h","floor":-9,"signals":[{"on":"View","add":1}]}}})"},
                     {"journeys/a.json", journey("a", R"("one":{"team":"marketing","show":[{"id":"x","slot":"hero","cap":{"max":9,"per":"1d"},"variants":[{"id":"a","content":{"text":"x"}}]}]})")}});
}

TEST(State, RefusesEachPartThatIsNotAsDocumented) {
  Engine engine(everything());
  const auto with = [](const std::string& member) { return R"({"wayline":2,"site":"shop","visitor":"v","clock":9000,)" + member + "}"; };
  // A time and as much again: further instants would leave the range of their type in the end.
  const std::string far = "8640000000000000", long_ago = "-" + far;
  for (const char* member :
       {R"("consent":{"service":{"granted":false,"at":1}})", R"("traits":{"tier":[{"value":"gold","source":"a","observedAt":1,"ttl":1},{"value":"gold"}]})",
        R"("history":{"View":[1,[2,{}],[0,{"p":1}]]})", R"("forgotten":{"View":1})", R"("intents":{"hot":{"value":1.5,"at":1}})", R"("falls":{"mood":{"value":1,"at":1}})",
        R"("journeys":{"a":{"status":"active","stage":"one"}})", R"("experiences":{"x":{"seen":[1,2],"version":1}})", R"("messages":["00000000000000af"])",
        R"("exposures":[1,-1])", R"("holds":[{"by":"b","at":1}])", R"("session":{"number":1})"}) {
    std::vector<std::string> dropped;
    EXPECT_TRUE(restore(engine, with(member), dropped).ok()) << member;
    EXPECT_TRUE(dropped.empty()) << member;
  }
  const std::vector<std::string> malformed{
        R"("sequence":1.5)", R"("sequence":"1")", R"("user":7)", R"("device":[])", R"("pageNumber":-1)",
        R"("pageNumber":4294967296)", R"("consent":[])", R"("consent":{"service":{"at":1}})",
        R"("consent":{"service":{"granted":1,"at":1}})", R"("traits":{"tier":[{"value":"gold","ttl":-1}]})",
        R"("traits":{"tier":[{"value":"gold","source":"a"},{"value":"gold","source":"a"}]})",
        R"("traits":{"tier":[{"value":"gold","observedAt":"x"}]})", R"("history":{"View":7})", R"("history":{"View":[[]]})",
        R"("history":{"View":[[1,{},2]]})", R"("history":{"View":[[1,7]]})", R"("history":{"View":["1"]})",
        R"("history":{"View":[null]})", R"("history":{"View":[5,-1]})", R"("history":{"View":[)" + far + ",1]}",
        R"("history":{"View":[)" + long_ago + ",-1]}", R"("exposures":[)" + far + ",1]", R"("exposures":[)" + long_ago + ",-1]", R"("forgotten":{"View":"1"})",
        R"("intents":{"hot":{"value":"1"}})", R"("falls":{"mood":{}})", R"("journeys":{"a":{"stage":"one"}})",
        R"("journeys":{"a":{"status":"active","stage":"one","handoff":7}})", R"("journeys":{"a":{"status":"active","stage":"one","count":-1}})",
        R"("experiences":{"x":{"seen":7}})", R"("experiences":{"x":{"seen":[0.5]}})", R"("messages":["00000000000000aF"])",
        R"("messages":["0000000000000af"])", R"("messages":[7])", R"("holds":{})", R"("holds":[{"by":7}])",
        R"("session":7)", R"("session":{"pages":0.5})"};
  for (const std::string& member : malformed) {
    EXPECT_EQ(refusal(engine, with(member)), ErrorCode::state_malformed) << member;
  }
}

TEST(State, HoldsTextsAsLongAsEventsBringThemAndNoLonger) {
  Engine engine(program_of({{"site.json", site}, {"journeys/a.json", journey("a", R"("one":{"team":"marketing","on":[{"event":"Go","go":"two","do":[{"handoff":{"to":"marketing","reason":"why","acknowledge":{"within":"1d","else":"one"}}}]}]},"two":{"team":"marketing"})")}}));
  // The longest text of the event that a step takes.
  const auto longest = [&](const std::string& before, const std::string& after) {
    for (std::size_t size = max_event_bytes; size > 0; --size) {
      Session session(engine, std::string(2 * max_event_bytes, 'v'));
      Arena arena;
      if (!session.step(read_json(R"({"at":1,"track":"Enter"})", arena).value()).ok()) return std::string();
      if (session.step(read_json(R"({"at":1000,)" + before + std::string(size, 'x') + after + "}", arena).value()).ok()) return session.snapshot();
    }
    return std::string();
  };
  for (const auto& [before, after] : {std::pair{R"("identify":")", "\""}, {R"("identify":"u","traits":{"tier":{"value":"gold","source":")", "\"}}"}, {R"("track":"Go","id":")", "\""}}) {
    const std::string text = longest(before, after);
    const std::size_t place = text.find("xxx");
    ASSERT_NE(place, std::string::npos) << before;
    std::vector<std::string> dropped;
    ASSERT_TRUE(restore(engine, text, dropped).ok()) << before;
    EXPECT_EQ(restore(engine, text, dropped).value().snapshot(), text);
    EXPECT_EQ(refusal(engine, std::string(text).insert(place, std::string(1000, 'x'))), ErrorCode::state_malformed) << before;
  }
}

TEST(State, KeepsNoHandOffOfAPassThatEnded) {
  Engine engine(program_of({{"site.json", site}, {"journeys/a.json", R"({"id":"a","owner":"marketing","status":"live","enter":{"on":"Enter"},"exit":[{"on":"Leave"}],"start":"one",
    "stages":{"one":{"team":"marketing","do":[{"handoff":{"to":"marketing","reason":"why","acknowledge":{"within":"1d","else":"one"}}}]}}})"}}));
  EXPECT_NE(state_of(engine, {R"({"at":1,"track":"Enter"})"}).find("handoff"), std::string::npos);
  EXPECT_EQ(state_of(engine, {R"({"at":1,"track":"Enter"})", R"({"at":2,"track":"Leave"})"}).find("handoff"), std::string::npos);
}

TEST(State, KnowsOfHoldsWhateverTheOrderOfTheDocument) {
  Engine engine(shop());
  // An engine that knew of no ends wrote holds in the order in which they came.
  const auto document = [](const std::string& ended) {
    return R"({"wayline":2,"site":"shop","visitor":"v","clock":9000,"endedHolds":[{"at":3000,"by":"marketing"})" + ended + R"(],"holds":[
      {"at":5000,"by":"sales","scope":"everything"},{"at":2000,"by":"service","scope":"everything","until":99000}]})";
  };
  std::vector<std::string> dropped;
  auto session = restore(engine, document(""), dropped);
  ASSERT_TRUE(session.ok());
  const std::string text = session.value().snapshot();
  EXPECT_NE(text.find(R"("endedHolds":[{"at":3000,"by":"marketing"}])"), std::string::npos) << text;
  EXPECT_EQ(restore(engine, text, dropped).value().snapshot(), text);
  Arena arena;
  EXPECT_EQ(to_json(session.value().inspect(read_json(R"({"at":9000})", arena).value()).value().get("holds")),
            R"([{"at":"1970-01-01T00:00:02.000Z","by":"service","expires":"1970-01-01T00:01:39.000Z","reason":"","scope":"everything"},)"
            R"({"at":"1970-01-01T00:00:05.000Z","by":"sales","expires":null,"reason":"","scope":"everything"}])");
  std::string more;
  for (std::size_t i = 0; i + 2 < max_holds; ++i) more += R"(,{"at":900,"by":"sales","scope":"journey:j)" + std::to_string(i) + "\"}";
  EXPECT_EQ(refusal(engine, document(more)), ErrorCode::state_malformed) << "one more than are remembered";
}

/// Version 1 wrote each time of a list as it is, and not what it adds to the one before.
TEST(State, OfTheFirstVersionIsTakenOver) {
  Engine engine(program_of({{"site.json", R"({"site":"shop","timezone":"UTC","computed":{"views":{"count":"View","within":"7d"}},"pressure":{"caps":[{"max":9,"per":"1d"}]}})"},
                            {"journeys/a.json", R"({"id":"a","status":"live","enter":{"on":"View"},"start":"one","stages":{"one":{"show":[{"id":"x","slot":"hero","cap":{"max":9,"per":"1d"},
                              "variants":[{"id":"a","content":{"text":"x"}}]}]}}})"}}));
  const std::string text = state_of(engine, {R"({"at":1000,"track":"View"})", R"({"at":3000,"page":{"url":"/"}})", R"({"at":3000,"exposure":{"slot":"hero","experience":"x","variant":"a"}})",
                                             R"({"at":8000,"track":"View"})", R"({"at":9000,"page":{"url":"/"}})", R"({"at":9000,"exposure":{"slot":"hero","experience":"x","variant":"a"}})"});
  std::string first = text;
  for (const auto& [now, then] : {std::pair{R"("wayline":2)", R"("wayline":1)"}, {R"("seen":[3000,6000])", R"("seen":[3000,9000])"},
                                  {R"("exposures":[3000,6000])", R"("exposures":[3000,9000])"}, {R"("View":[1000,7000])", R"("View":[1000,8000])"}}) {
    const std::size_t place = first.find(now);
    ASSERT_NE(place, std::string::npos) << now << " in " << text;
    first.replace(place, std::string_view(now).size(), then);
  }
  std::vector<std::string> dropped;
  auto session = restore(engine, first, dropped);
  ASSERT_TRUE(session.ok()) << session.error().message;
  EXPECT_EQ(session.value().snapshot(), text);
}

TEST(State, SaysWhatANewPackDrops) {
  Engine old(shop());
  const std::string text = state_of(old, {R"({"at":1000,"track":"Enter"})", R"({"at":2000,"track":"Go"})", R"({"at":3000,"identify":"u","traits":{"tier":"gold"}})"});
  Engine fresh(program_of({{"site.json", R"({"site":"shop","timezone":"UTC","teams":{"marketing":{}}})"}, {"journeys/a.json", journey("a", one_stage)}}));
  std::vector<std::string> dropped;
  auto session = restore(fresh, text, dropped);
  ASSERT_TRUE(session.ok());
  EXPECT_EQ(dropped, (std::vector<std::string>{"traits.tier", "journeys.a.two"}));
  EXPECT_NE(session.value().snapshot().find(R"("outcome":"migrated")"), std::string::npos);
}

TEST(State, DropsWhatThePackKnowsNoMore) {
  const std::string document = R"({"wayline":2,"site":"shop","visitor":"v","clock":9000,"consent":{"service":{"granted":true,"at":1}},"traits":{"tier":[{"value":"gold"}]},
    "history":{"View":[1]},"intents":{"hot":{"value":1}},"falls":{"mood":{"value":1}},"journeys":{"a":{"status":"active","stage":"one"}},"experiences":{"x":{"version":1}}})";
  const auto dropped_by = [&](const std::shared_ptr<const Program>& pack) {
    Engine engine(pack);
    std::vector<std::string> dropped;
    EXPECT_TRUE(restore(engine, document, dropped).ok());
    return dropped;
  };
  EXPECT_EQ(dropped_by(everything()), std::vector<std::string>());
  EXPECT_EQ(dropped_by(program_of({{"site.json", R"({"site":"shop","timezone":"UTC"})"}})),
            (std::vector<std::string>{"consent.service", "traits.tier", "history.View", "journeys.a", "experiences.x", "intents.hot", "falls.mood"}));
  EXPECT_EQ(dropped_by(everything(R"({"type":"number","purpose":"service"})")), (std::vector<std::string>{"traits.tier"})) << "a value of another type";
}

TEST(State, IsTheFoldOfTheEvents) {
  // Stored and restored after every event, each event delivered twice: the state is that of the events alone.
  Engine engine(shop());
  const auto lines = {R"({"at":1000,"track":"Enter","id":"1"})", R"({"at":5000,"page":{"url":"/x?a=%41+b#c?d=1"},"id":"2"})", R"({"at":2000,"track":"Go","id":"3"})",
                      R"({"at":6000,"identify":"u","traits":{"tier":"gold"},"id":"4"})", R"({"at":99999000,"tick":true,"id":"5"})"};
  std::string stored = Session(engine, "v").snapshot();
  for (const char* line : lines) {
    for (const bool again : {false, true}) {
      std::vector<std::string> dropped;
      auto session = restore(engine, stored, dropped);
      ASSERT_TRUE(session.ok());
      Arena arena;
      const auto answer = session.value().step(read_json(line, arena).value());
      ASSERT_TRUE(answer.ok());
      EXPECT_EQ(again, !answer.value().get("duplicate").is_missing());
      stored = session.value().snapshot();
    }
  }
  EXPECT_EQ(stored, state_of(engine, lines));
}

TEST(State, OfAPageThatIsViewedIsThatOfThePageAsADocument) {
  Engine engine(shop());
  for (const bool whole : {true, false}) {
    Session viewed(engine, "v");
    const PageView view{1000, "p", "https://shop.test/a?b=c", whole ? "Title" : "", whole ? "https://search.test/" : ""};
    ASSERT_TRUE(viewed.advance(view).ok());
    const char* document = whole ? R"({"at":1000,"id":"p","page":{"url":"https://shop.test/a?b=c","title":"Title","referrer":"https://search.test/"}})"
                                 : R"({"at":1000,"id":"p","page":{"url":"https://shop.test/a?b=c"}})";
    EXPECT_EQ(viewed.snapshot(), state_of(engine, {document}));
  }
}

TEST(State, ExplainsAPageThatIsNotItsOwn) {
  Engine engine(program_of({{"site.json", site}, {"rules/r.json", R"({"id":"r","slot":"hero","page":{"path":"/**"},"if":{"==":[{"var":"page.query.a"},"a long enough value"]},
      "variants":[{"id":"a","content":{"text":"x"}}]})"}}));
  Session session(engine, "v");
  Arena arena;
  ASSERT_TRUE(session.step(read_json(R"({"at":1000,"page":{"url":"/here?a=b"}})", arena).value()).ok());
  const auto answer = session.decide(read_json(R"({"at":1000,"slots":["hero"],"explain":true,"page":{"url":"/there?a=another%20page's%20value"}})", arena).value());
  ASSERT_TRUE(answer.ok());
  const Value candidate = answer.value().get("decisions").get("hero").get("candidates").as_list()[0];
  EXPECT_EQ(to_json(candidate.get("saw")), R"("another page's value")");
  EXPECT_NE(session.snapshot().find("/here"), std::string::npos) << "deciding changes nothing";
}

TEST(State, ExplainsASlotBesideTheOthersOfItsPage) {
  Engine engine(program_of({{"site.json", site}, {"rules/r.json", R"([
      {"id":"first","slot":"hero","page":{"path":"/**"},"group":"one","variants":[{"id":"a","content":{"text":"x"}}]},
      {"id":"second","slot":"note","page":{"path":"/**"},"group":"one","variants":[{"id":"a","content":{"text":"y"}}]}])"}}));
  Session session(engine, "v");
  Arena arena;
  const auto page = session.step(read_json(R"({"at":1000,"page":{"url":"/"}})", arena).value());
  ASSERT_TRUE(page.ok());
  EXPECT_EQ(page.value().get("decisions").get("note").get("reason").as_string(), "excluded");
  const auto answer = session.decide(read_json(R"({"at":1000,"slots":["note"],"explain":true})", arena).value());
  ASSERT_TRUE(answer.ok());
  EXPECT_EQ(answer.value().get("decisions").get("note").get("reason").as_string(), "excluded") << "as on the page, where the slots' names decide between equal priorities";
  EXPECT_EQ(answer.value().get("decisions").as_object().size(), 1U) << "only the slot that was asked for is told of";
  EXPECT_EQ(to_json(answer.value().get("previews")), R"({"second":["a"]})");
}

}  // namespace
}  // namespace wayline
