// What is remembered from step to step (profile/finding.h): a session that remembers answers as one does that was just restored.
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <random>
#include <string>

#include "../support/programs.h"
#include "profile/environment.h"
#include "value/json.h"
#include "wayline/session.h"

namespace wayline {
namespace {

constexpr Instant start = 1'772'000'000'000;

TEST(Findings, AScoreStaysOnItsSideAsLongAsIsSaid) {
  std::mt19937 random(7);
  std::uniform_real_distribution<double> part(0, 1), number(-10, 10);
  for (int round = 0; round < 20'000; ++round) {
    const double half_life = std::exp2(10 + 25 * part(random));
    const double bound = round % 7 == 0 ? 0 : number(random);
    // Often just beside the bound, where rounding could put it on the other side.
    const double value = round % 3 == 0 ? bound * (1 + (part(random) - 0.5) * 1e-7) : number(random);
    const Duration kept = time_beyond(value, bound, half_life);
    for (const double share : {0.0, part(random), 0.9999999999, 1.0}) {
      const Duration later = static_cast<Duration>(share * static_cast<double>(std::min<Duration>(kept, day * 10'000) - 1));
      if (kept == 0) continue;
      const double then = decayed(value, start, start + later, half_life);
      ASSERT_EQ(then < bound, value < bound) << value << " " << bound << " " << half_life << " after " << later;
      ASSERT_EQ(then > bound, value > bound) << value << " " << bound << " " << half_life << " after " << later;
    }
  }
}

TEST(Findings, AScoreIsLookedAtAgainBeforeItCrosses) {
  EXPECT_EQ(time_beyond(1, 2, 1000), max_instant);
  EXPECT_EQ(time_beyond(-1, 2, 1000), max_instant);
  EXPECT_EQ(time_beyond(0, -2, 1000), max_instant);
  EXPECT_EQ(time_beyond(2, 2, 1000), 0);
  EXPECT_GT(time_beyond(4, 2, 1000), 500);
  EXPECT_LE(time_beyond(4, 2, 1000), 1000);
  EXPECT_EQ(time_beyond(4, std::nan(""), 1000), 0);
}

const char site[] = R"({"site":"shop","timezone":"UTC","teams":{"team":{}},"slots":{"above":{},"below":{},"mixed":{},"named":{},"seen":{},"on":{},"sum":{},"label":{},"there":{},"shown":{}},
  "computed":{"label":{"cat":["last n ",{"last":["A",{"of":"n"}]},", ",{"count":["C"]}," of C"]}},
  "intents":{"hot":{"half_life":"1h","cap":9,"signals":[{"on":"A","if":{">":[{"var":"event.properties.n"},1]}},{"on":"B","add":2}]}},
  "scores":{"mood":{"half_life":"2h","floor":-9,"cap":9,"signals":[{"on":"C","add":-1.5},{"on":"A","add":0.5}]}},
  "segments":{"bitter":{"<":[{"score":"mood"},-1]},"under-way":{"==":[{"stage":"walk"},"two"]}}})";

std::string rule(const std::string& slot, const std::string& condition, const std::string& text = "x") {
  return R"({"id":"r-)" + slot + R"(","owner":"team","slot":")" + slot + R"(","page":{"path":"/**"},"if":)" + condition +
         R"(,"variants":[{"id":"a","content":{"text":")" + text + R"("}}]})";
}

std::shared_ptr<const Program> program() {
  return testing::program_of({{"site.json", site},
                              {"rules/all.json", "[" + rule("above", R"({">=":[{"intent":"hot"},1.5]})") + "," + rule("below", R"({"segment":"bitter"})") + "," +
                                                     rule("mixed", R"({"or":[{"<=":[2,{"intent":"hot"}]},{"and":[{"<":[{"score":"mood"},0.25]},{"==":[{"stage":"walk"},"one"]}]}]})") + "," +
                                                     rule("named", R"({"or":[{"==":[{"var":"event.name"},"B"]},{">":[{"intent":"hot"},{"+":[{"score":"mood"},0.5]}]}]})") + "," +
                                                     rule("seen", R"({">=":[{"count":["C",{"within":"1h"}]},2]})") + "," + rule("on", R"({"segment":"under-way"})") + "," +
                                                     rule("sum", R"({">":[{"+":[{"intent":"hot"},{"score":"mood"}]},1.25]})") + "," +
                                                     rule("label", R"({"in":["0,",{"var":"computed.label"}]})", "{{computed.label}}") + "," +
                                                     rule("there", R"({"==":[{"var":"page.path"},"/there"]})") + "," + rule("shown", R"({"!!":{"var":"experiment.r-above"}})") + "]"},
                              {"journeys/walk.json", R"({"id":"walk","owner":"team","status":"live","version":1,"enter":{"on":"A"},"reenter":{"after":"0s","max":100},
        "exit":[{"on":"C","if":{">=":[{"var":"event.properties.n"},3]},"outcome":"far"},{"if":{"==":[{"stage":"walk"},"two"]},"outcome":"done"}],"start":"one",
        "holds":[{"by":"team","if":{"segment":"bitter"},"reason":"x"}],
        "stages":{"one":{"team":"team","on":[{"event":"B","if":{"==":[{"var":"event.properties.n"},2]},"go":"two"}]},"two":{"team":"team"}}})"}});
}

TEST(Findings, ASessionAnswersAsOneThatWasJustRestored) {
  Engine engine(program());
  // The sessions of an engine share what they remember in.
  Engine another(program());
  Session kept(engine, "v");
  std::mt19937 random(11);
  Instant at = start;
  Arena first;
  ASSERT_TRUE(kept.step(read_json(R"({"at":1771999999000,"page":{"url":"/"}})", first).value()).ok());
  const std::string all = R"(["above","below","mixed","named","seen","on","sum","label","there","shown"])";
  const auto event = [&]() -> std::string {
    if (random() % 16 == 0) return R"("page":{"url":")" + std::string(random() % 2 == 0 ? "/" : "/there") + "\"}";
    if (random() % 64 == 0) return R"("exposure":{"slot":"above","experience":"r-above","variant":"a"})";
    const char name = static_cast<char>('A' + random() % 4);
    return R"("track":")" + std::string(1, name) + R"(","properties":{"n":)" + std::to_string(random() % 4) + "}";
  };
  const auto question = [&]() -> std::string {
    if (random() % 2 == 0) return R"("slots":["label"])";
    return R"("slots":)" + all + (random() % 4 == 0 ? R"(,"page":{"url":"/there"})" : "");  // that of another tab
  };
  for (int number = 0; number < 4'000; ++number) {
    at += static_cast<Instant>(std::exp2(static_cast<double>(random() % 240) / 10));
    const bool asks = random() % 3 == 0;
    const std::string text = R"({"at":)" + std::to_string(at) + "," + (asks ? question() : event() + R"(,"decide":)" + all) + "}";
    Arena arena;
    std::vector<std::string> dropped;
    Session fresh = Session::restore(another, read_json(kept.snapshot(), arena).value(), dropped).value();
    const Value input = read_json(text, arena).value();
    const auto answer = [&](Session& session) {
      std::string json;
      write_json((asks ? session.decide(input) : session.step(input)).value(), json);
      return json;
    };
    const std::string expected = answer(fresh);
    ASSERT_EQ(answer(kept), expected) << number << ": " << text;
    if (!asks) {
      ASSERT_EQ(kept.snapshot(), fresh.snapshot()) << number;
    }
  }
}

TEST(Findings, WhatIsForgottenIsSoForADecisionThatComesLaterThanAnyStep) {
  Engine engine(testing::program_of({{"site.json", R"({"site":"shop","timezone":"UTC","teams":{"team":{}},"slots":{"seen":{}},"retention":"10d"})"},
                                    {"rules/all.json", rule("seen", R"({">":[{"count":["A"]},0]})")}}));
  Session session(engine, "v");
  Arena arena;
  ASSERT_TRUE(session.step(read_json(R"({"at":)" + std::to_string(start) + R"(,"track":"A"})", arena).value()).ok());
  for (const Duration later : {day, 10 * day, 10 * day + 1}) {
    const Value answer = session.decide(read_json(R"({"at":)" + std::to_string(start + later) + R"(,"slots":["seen"],"page":{"url":"/"}})", arena).value()).value();
    EXPECT_EQ(answer.get("decisions").get("seen").get("reason").as_string(), later <= 10 * day ? "matched" : "not_matched") << later;
  }
}

TEST(Findings, WithinTurnsAtItsMillisecond) {
  Engine engine(testing::program_of({{"site.json", R"({"site":"shop","timezone":"UTC","teams":{"team":{}},"slots":{"due":{}},"attributes":{"profile.due":{"type":"number"}}})"},
                                    {"rules/all.json", rule("due", R"({"within":[{"var":"profile.due"},2000]})")}}));
  for (const double due : {0.0, 0.5, -3000.0, 5000.0, 5000.25}) {
    Session session(engine, "v");
    Arena arena;
    const auto number = [](double value) { return to_json(Value::number(static_cast<double>(start) + value)); };
    ASSERT_TRUE(session.step(read_json(R"({"at":)" + number(0) + R"(,"identify":"v","traits":{"due":)" + number(due) + "}}", arena).value()).ok());
    for (int later = 0; later < 9000; later += later % 1000 == 3 ? 993 : 1) {
      const Value answer = session.decide(read_json(R"({"at":)" + number(later) + R"(,"slots":["due"],"page":{"url":"/"}})", arena).value()).value();
      const bool holds = due <= later && later - due <= 2000;
      ASSERT_EQ(answer.get("decisions").get("due").get("reason").as_string(), holds ? "matched" : "not_matched") << due << " after " << later;
    }
  }
}

TEST(Findings, APathThatIsNoTextIsNotTheEmptyOne) {
  Engine engine(program());
  const auto reason = [&](const std::string& path) {
    Session session(engine, "v");
    Arena arena;
    const std::string text = R"({"at":1772000000000,"slots":["below"],"page":{"url":"/","path":)" + path + "}}";
    return std::string(session.decide(read_json(text, arena).value()).value().get("decisions").get("below").get("reason").as_string());
  };
  EXPECT_EQ(reason("5"), "no_candidate");
  EXPECT_EQ(reason(R"("")"), "not_matched") << "an empty path is that of the root";
  EXPECT_EQ(reason("5"), "no_candidate");
}

/// What one rule may make, bytes of its own: it must not matter whether the definitions below it were evaluated for it or remembered.
TEST(Findings, WhatDefinitionsMakeIsNotTheirUsers) {
  std::string texts;
  for (int i = 0; i < 24; ++i) texts += R"({"var":"page.url"},)";
  std::string segments, asked;
  for (int i = 0; i < 8; ++i) {
    const std::string name = "\"s" + std::to_string(i) + "\"";
    segments += (i > 0 ? "," : "") + name + R"(:{"!=":[{"cat":[)" + texts + name + R"(]},"x"]})";
    asked += R"({"segment":)" + name + "},";
  }
  Engine engine(testing::program_of({{"site.json", R"({"site":"shop","timezone":"UTC","teams":{"team":{}},"slots":{"long":{}},"segments":{)" + segments + "}}"},
                                    {"rules/all.json", rule("long", R"({"and":[)" + asked + R"({"!=":[{"cat":[{"var":"page.url"},{"var":"page.title"}]},"x"]}]})")}}));
  Session session(engine, "v");
  Arena arena;
  const auto reason = [&](const Result<Value>& answer) { return std::string(answer.value().get("decisions").get("long").get("reason").as_string()); };
  const std::string page = R"({"at":1772000000000,"page":{"url":"/)" + std::string(5'000, 'a') + R"(","title":"t"}})";
  EXPECT_EQ(reason(session.step(read_json(page, arena).value())), "matched");
  EXPECT_EQ(reason(session.decide(read_json(R"({"at":1772000001000,"slots":["long"]})", arena).value())), "matched");
}

/// Heavy work is not remembered from step to step, but within one: what nothing of it reads has changed is not evaluated again, whatever journeys do meanwhile.
TEST(Findings, HeavySegmentsAreEvaluatedOnceInAStep) {
  constexpr int count = 60;
  std::map<std::string, std::string> files{{"site.json", R"({"site":"shop","timezone":"UTC","slots":{"hero":{}},"segments":{"heavy":{"!":{"matches":[{"var":"page.a"},"^(y{1,30}){30}$"]}}}})"}};
  for (int i = 0; i < count; ++i) {
    const std::string id = "j" + std::to_string(i);
    files["journeys/" + id + ".json"] = R"({"id":")" + id + R"(","status":"live","enter":{"on":"page","if":{"segment":"heavy"}},"start":"in","stages":{"in":{}}})";
  }
  Engine engine(testing::program_of(files));
  Session session(engine, "v");
  Arena arena;
  const auto answer = session.step(read_json(R"({"at":1772000000000,"page":{"url":"/","a":")" + std::string(600, 'y') + R"(z"}})", arena).value());
  ASSERT_TRUE(answer.ok());
  EXPECT_EQ(answer.value().get("journeys").as_object().size(), static_cast<std::size_t>(count)) << "evaluated for each of them it would be over the step's budget";
}

}  // namespace
}  // namespace wayline
