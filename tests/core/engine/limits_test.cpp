// The limits of one step and of what is remembered: docs/limits.md lists them all, with the test of each.
#include <gtest/gtest.h>
#include <pthread.h>

#include <cstdlib>
#include <functional>
#include <memory>

#include "../support/programs.h"
#include "journey/journeys.h"
#include "profile/environment.h"
#include "profile/event.h"
#include "profile/history.h"
#include "profile/state.h"
#include "program/records.h"
#include "rules/definitions.h"
#include "value/json.h"
#include "wayline/compile.h"
#include "wayline/session.h"

namespace wayline {
namespace {

using program::max_remembered_exposures;

const std::string site = R"({"site":"shop","timezone":"UTC","teams":{"team":{}},"slots":{"hero":{}},"attributes":{"profile.name":{"type":"string"}},
  "computed":{"views":{"count":"A"}})";
const std::string shown = R"("variants":[{"id":"a","content":{"text":"x"}}])";

/// Runs it where so many bytes of stack are all that there is.
void on_a_stack_of(std::size_t bytes, std::function<void()> work) {
  pthread_attr_t attributes;
  ASSERT_EQ(pthread_attr_init(&attributes), 0);
  ASSERT_EQ(pthread_attr_setstacksize(&attributes, bytes), 0);
  pthread_t thread;
  const auto run = [](void* given) -> void* {
    (*static_cast<std::function<void()>*>(given))();
    return nullptr;
  };
  ASSERT_EQ(pthread_create(&thread, &attributes, run, &work), 0);
  ASSERT_EQ(pthread_join(thread, nullptr), 0);
  ASSERT_EQ(pthread_attr_destroy(&attributes), 0);
}

class Limits : public ::testing::Test {
 protected:
  void open(std::map<std::string, std::string> files) {
    files.try_emplace("site.json", site + "}");
    engine_ = std::make_unique<Engine>(testing::program_of(std::move(files)));
    session_ = std::make_unique<Session>(*engine_, "v");
  }
  Result<Value> step(const std::string& members) {
    arena_.reset();
    return session_->step(read_json(R"({"at":)" + std::to_string(at_ += 1000) + "," + members + "}", arena_).value());
  }
  ErrorCode refusal(const std::string& members) {
    const Result<Value> answer = step(members);
    EXPECT_FALSE(answer.ok());
    return answer.ok() ? ErrorCode::usage : answer.error().code;
  }
  Value inspected() { return session_->inspect(read_json(R"({"at":)" + std::to_string(at_) + "}", arena_).value()).value(); }
  static std::string nested(int depth) { return std::string(static_cast<std::size_t>(depth), '[') + std::string(static_cast<std::size_t>(depth), ']'); }

  std::unique_ptr<Engine> engine_;
  std::unique_ptr<Session> session_;
  Arena arena_;
  Instant at_ = 1'772'000'000'000;
};

TEST_F(Limits, AnEventHoldsSoManyBytes) {  // max_event_bytes
  open({});
  const auto event = [](std::size_t size) { return R"("track":"A","properties":{"a":")" + std::string(size, 'x') + "\"}"; };
  EXPECT_TRUE(step(event(max_event_bytes - 1000)).ok());
  EXPECT_EQ(refusal(event(max_event_bytes)), ErrorCode::step_too_large);
}

TEST_F(Limits, AnEventNestsSoDeep) {  // max_event_depth
  open({});
  EXPECT_TRUE(step(R"("track":"A","properties":{"a":)" + nested(max_event_depth - 4) + "}").ok());
  EXPECT_EQ(refusal(R"("track":"A","properties":{"a":)" + nested(max_event_depth + 1) + "}"), ErrorCode::step_too_large);
}

TEST_F(Limits, AStepDecidesSoManySlots) {  // max_decided_slots
  open({});
  const auto decide = [](std::size_t count) {
    std::string text = R"("tick":true,"decide":[)";
    for (std::size_t i = 0; i < count; ++i) text += (i > 0 ? "," : "") + std::string("\"hero\"");
    return text + "]";
  };
  EXPECT_TRUE(step(decide(max_decided_slots)).ok());
  EXPECT_EQ(refusal(decide(max_decided_slots + 1)), ErrorCode::step_malformed);
}

TEST_F(Limits, TheLatestMessagesAreRemembered) {  // max_remembered_messages
  open({});
  const auto is_duplicate = [&](std::size_t id) {
    const Result<Value> answer = step(R"("tick":true,"id":"m)" + std::to_string(id) + "\"");
    return answer.ok() && !answer.value().get("duplicate").is_missing();
  };
  for (std::size_t id = 0; id < max_remembered_messages; ++id) EXPECT_FALSE(is_duplicate(id));
  EXPECT_TRUE(is_duplicate(0));
  EXPECT_FALSE(is_duplicate(max_remembered_messages));
  EXPECT_FALSE(is_duplicate(0)) << "the oldest is forgotten";
}

TEST_F(Limits, PastEventsHaveSoMuchRoom) {  // max_history_bytes
  open({});
  // Without properties an event costs its time.
  constexpr std::size_t event_bytes = 12, fitting = max_history_bytes / event_bytes;
  for (std::size_t i = 0; i < fitting; ++i) ASSERT_TRUE(step(R"("track":"A")").ok());
  EXPECT_EQ(inspected().get("computed").get("views").as_number(), static_cast<double>(fitting));
  const auto answer = step(R"("track":"A")");
  ASSERT_TRUE(answer.ok());
  EXPECT_EQ(to_json(answer.value().get("notices")), R"([{"code":"history.full","name":"A"}])");
  EXPECT_LT(inspected().get("computed").get("views").as_number(), static_cast<double>(fitting));
}

TEST_F(Limits, SoManyExposuresAreKept) {  // max_remembered_exposures
  open({{"rules/a.json", R"([{"id":"r","slot":"hero","page":{"path":"/**"},"cap":{"max":100,"per":"1d"},)" + shown + R"(},{"id":"s","slot":"hero","page":{"path":"/**"},)" + shown + "}]"}});
  for (std::size_t i = 0; i < max_remembered_exposures + 5; ++i) {
    ASSERT_TRUE(step(R"("page":{"url":"/"})").ok());
    ASSERT_TRUE(step(R"("exposure":{"slot":"hero","experience":"r","variant":"a"})").ok());
    ASSERT_TRUE(step(R"("exposure":{"slot":"hero","experience":"s","variant":"a"})").ok());
  }
  const std::string snapshot = session_->snapshot();
  Arena arena;
  const Value experiences = read_json(snapshot, arena).value().get("experiences");
  EXPECT_EQ(experiences.get("r").get("seen").as_list().size(), max_remembered_exposures);
  EXPECT_EQ(experiences.get("s").get("seen").as_list().size(), 1u) << "no cap of its asks for more";
}

TEST_F(Limits, TheLatestWordOnSoManyHoldsIsRemembered) {  // max_holds
  open({});
  const auto say = [&](const std::string& what, std::size_t scope) {
    const std::string properties = R"({"by":"sales","scope":"journey:)" + std::to_string(scope) + "\"}";
    return to_json(step(R"("track":"Hold )" + what + R"(","properties":)" + properties).value().get("effects"));
  };
  const Instant first = at_;
  for (std::size_t scope = 0; scope < max_holds; ++scope) (void)say(scope % 2 == 0 ? "Placed" : "Released", scope);
  EXPECT_EQ(inspected().get("holds").as_list().size(), max_holds / 2);
  EXPECT_NE(say("Released", max_holds).find(R"("cause":"displaced")"), std::string::npos) << "the oldest is forgotten";
  EXPECT_EQ(inspected().get("holds").as_list().size(), max_holds / 2 - 1);
  at_ = first;
  EXPECT_EQ(say("Placed", 1), "[]") << "its release is remembered";
  EXPECT_EQ(say("Placed", 0), "[]") << "older than all that is remembered";
  EXPECT_EQ(inspected().get("holds").as_list().size(), max_holds / 2 - 1);
}

TEST_F(Limits, ATraitHasSoManySources) {  // max_trait_sources
  open({});
  const auto known_from = [&](std::size_t source) {
    return step(R"("identify":"u","traits":{"name":{"value":"x","source":"s)" + std::to_string(source) + R"("}})").value().get("notices");
  };
  for (std::size_t source = 0; source < max_trait_sources; ++source) EXPECT_TRUE(known_from(source).is_missing());
  EXPECT_EQ(to_json(known_from(max_trait_sources)), R"([{"code":"trait.too_many_sources","name":"name"}])");
  EXPECT_TRUE(known_from(0).is_missing()) << "a known source goes on telling";
}

TEST_F(Limits, AStepGivesSoManyNotices) {  // max_notices
  open({});
  std::string traits;
  for (std::size_t i = 0; i < max_notices + 5; ++i) traits += std::string(i > 0 ? "," : "") + "\"t" + std::to_string(i) + "\":1";
  EXPECT_EQ(step(R"("identify":"u","traits":{)" + traits + "}").value().get("notices").as_list().size(), max_notices);
}

TEST_F(Limits, WhatARuleStoresNestsSoDeep) {  // max_event_depth
  const auto nested = [](int depth) { return std::string(static_cast<std::size_t>(depth), '[') + "1" + std::string(static_cast<std::size_t>(depth), ']'); };
  const auto stored = [&](int depth) {
    open({{"site.json", R"({"site":"shop","timezone":"UTC","teams":{"team":{}},"slots":{},"attributes":{"profile.deep":{"type":"list","source":"journey"}}})"},
          {"journeys/a.json", R"({"id":"a","owner":"team","status":"live","enter":{"on":"A"},"start":"one","stages":{"one":{"do":[{"set":{"profile.deep":)" + nested(depth) + "}}]}}}"}});
    EXPECT_TRUE(step(R"("track":"A")").ok());
    const Value state = read_json(session_->snapshot(), arena_).value();
    std::vector<std::string> dropped;
    EXPECT_TRUE(Session::restore(*engine_, state, dropped).ok());
    EXPECT_TRUE(dropped.empty());
    return session_->snapshot();
  };
  EXPECT_NE(stored(max_event_depth).find(nested(max_event_depth)), std::string::npos);
  const std::string cut = std::string(max_event_depth, '[') + "null" + std::string(max_event_depth, ']');
  EXPECT_NE(stored(max_event_depth + 1).find(cut), std::string::npos);
}

TEST_F(Limits, ALoopOfStagesIsCut) {  // max_hops
  open({{"journeys/a.json", R"({"id":"a","owner":"team","status":"live","enter":{"on":"A"},"start":"one","stages":{
    "one":{"on":[{"if":true,"go":"two"}]},"two":{"on":[{"if":true,"go":"one"}]}}})"}});
  const Result<Value> answer = step(R"("track":"A")");
  ASSERT_TRUE(answer.ok());
  std::size_t entered = 0;
  for (const Value& effect : answer.value().get("effects").as_list()) entered += effect.get("event").is_string() && effect.get("event").as_string() == "Stage Entered";
  EXPECT_EQ(entered, 1 + max_hops);
}

TEST_F(Limits, AStepStartsSoManyJourneys) {  // max_starts
  std::map<std::string, std::string> files;
  const auto name = [](std::uint32_t number) { return "j" + std::to_string(number); };
  for (std::uint32_t i = 0; i < max_starts + 4; ++i) {
    files["journeys/" + name(i) + ".json"] = R"({"id":")" + name(i) + R"(","owner":"team","status":"live","enter":{"on":")" + (i == 0 ? "A" : "never") +
                                             R"("},"start":"one","stages":{"one":{"on":[{"if":true,"go":"two","start":")" + name((i + 1) % (max_starts + 4)) +
                                             R"("}]},"two":{}}})";
  }
  open(files);
  const Result<Value> answer = step(R"("track":"A")");
  ASSERT_TRUE(answer.ok());
  EXPECT_EQ(answer.value().get("journeys").as_object().size(), 1 + max_starts) << "each starts the next";
}

/// The reason for which a page shows the default in the slot of a rule with that condition.
std::string reason(const Result<Value>& answer) {
  return answer.ok() ? std::string(answer.value().get("decisions").get("hero").get("reason").as_string()) : std::string();
}

TEST_F(Limits, ARuleOverItsBudgetIsFalseAndSaysSo) {  // EvaluationLimits::steps
  open({{"rules/a.json", R"({"id":"r","slot":"hero","page":{"path":"/**"},"if":{"!":{"matches":[{"var":"page.a"},"^(y{1,30}){30}$"]}},)" + shown + "}"}});
  const auto page = [](std::size_t size) { return R"("page":{"url":"/","a":")" + std::string(size, 'y') + "z\"}"; };
  EXPECT_EQ(reason(step(page(100))), "matched");
  EXPECT_EQ(reason(step(page(10'000))), "budget") << "although what it denies is false";
}

TEST_F(Limits, ARuleWhoseKeyInTheIndexIsOverItsBudgetSaysSo) {
  const std::string key = R"({"if":[{"matches":[{"var":"page.a"},"^(y{1,30}){30}$"]},1,9]})";
  for (const char* comparison : {"==", ">=", "<="}) {
    std::string rules;
    for (int i = 0; i < 8; ++i) {
      rules += std::string(i > 0 ? "," : "") + R"({"id":"r)" + std::to_string(i) + R"(","slot":"hero","page":{"path":"/**"},"if":{")" + comparison + "\":[" + key + "," +
               std::to_string(9 + (comparison[0] == '<' ? i : -i)) + "]}," + shown + "}";
    }
    open({{"rules/a.json", "[" + rules + "]"}});
    const auto page = [](std::size_t size) { return R"("page":{"url":"/","a":")" + std::string(size, 'y') + "z\"}"; };
    EXPECT_EQ(reason(step(page(100))), "matched") << comparison;
    EXPECT_EQ(reason(step(page(10'000))), "budget") << comparison;
  }
}

TEST_F(Limits, TheRulesOfAStepShareABudget) {  // max_step_operations
  std::string rules;
  constexpr int count = 80;
  for (int i = 0; i < count; ++i) {
    rules += std::string(i > 0 ? "," : "") + R"({"id":"r)" + std::to_string(100 + i) + R"(","slot":"hero","page":{"path":"/**"},"if":{"matches":[{"var":"page.a"},"^(y{1,30}){30})" +
             std::to_string(i) + R"($"]},)" + shown + "}";  // each its own: one that is asked for again was found already
  }
  open({{"rules/a.json", "[" + rules + "]"}});
  const Result<Value> answer = step(R"("explain":true,"page":{"url":"/","a":")" + std::string(600, 'y') + "z\"}");
  ASSERT_TRUE(answer.ok());
  const auto candidates = answer.value().get("decisions").get("hero").get("candidates").as_list();
  ASSERT_EQ(candidates.size(), static_cast<std::size_t>(count));
  EXPECT_EQ(candidates.front().get("reason").as_string(), "not_matched");
  EXPECT_EQ(candidates.back().get("reason").as_string(), "budget") << "no single rule is over its own";
}

TEST_F(Limits, SoManyTimersFireInAStep) {  // max_timers
  open({{"journeys/a.json", R"({"id":"a","owner":"team","status":"live","enter":{"on":"A"},"start":"one","stages":{
    "one":{"after":[{"wait":"30s","go":"two"}]},"two":{"after":[{"wait":"30s","go":"one"}]}}})"}});
  ASSERT_TRUE(step(R"("track":"A")").ok());
  at_ += 365 * day;
  const auto fired = [&] {
    const Result<Value> answer = step(R"("tick":true)");
    std::size_t count = 0;
    for (const Value& effect : answer.value().get("effects").as_list()) count += effect.get("event").is_string() && effect.get("event").as_string() == "Stage Entered";
    return count;
  };
  EXPECT_EQ(fired(), max_timers);
  EXPECT_EQ(fired(), 1u) << "what is left is overdue: it fires at the clock, where the next wait begins";
}

TEST_F(Limits, DefinitionsUseOneAnotherOnlySoDeep) {  // max_nesting
  const auto chain = [](std::uint32_t length) -> std::map<std::string, std::string> {
    std::string segments;
    for (std::uint32_t i = length; i > 1; --i) segments += "\"s" + std::to_string(i) + R"(":{"segment":"s)" + std::to_string(i - 1) + "\"},";
    return {{"site.json", site + R"(,"segments":{)" + segments + R"("s1":{"var":"page.path"}}})"},
            {"rules/a.json", R"({"id":"r","slot":"hero","page":{"path":"/**"},"if":{"!!":[{"segment":"s)" + std::to_string(length) + "\"}]}," + shown + "}"}};
  };
  open(chain(max_nesting - 1));
  EXPECT_EQ(reason(step(R"("page":{"url":"/"})")), "matched");
  const Compiled deeper = compile({chain(max_nesting + 1), {}});
  ASSERT_EQ(deeper.diagnostics.size(), 1u) << "one for the whole chain";
  EXPECT_EQ(deeper.diagnostics.front().code, ErrorCode::rule_too_deep);
  EXPECT_EQ(deeper.diagnostics.front().message, "`s16` is the top of 16 definitions that use one another, one more than may");
  // However long it is: nothing recurses along it, so that a small stack is enough.
  Compiled deepest;
  on_a_stack_of(std::size_t{1} << 20, [&] { deepest = compile({chain(20'000), {}}); });
  ASSERT_EQ(deepest.diagnostics.size(), 1u);
  EXPECT_EQ(deepest.diagnostics.front().code, ErrorCode::rule_too_deep);
}

TEST_F(Limits, InterpolatedValuesAreCut) {  // max_interpolated_bytes
  open({{"rules/a.json", R"({"id":"r","slot":"hero","page":{"path":"/**"},"variants":[{"id":"a","content":{"text":"{{page.name}}"}}]})"}});
  const Result<Value> answer = step(R"("page":{"url":"/","name":")" + std::string(5'000, 'n') + "\"}");
  ASSERT_TRUE(answer.ok());
  EXPECT_EQ(answer.value().get("decisions").get("hero").get("content").get("text").as_string().size(), 1'000u);
}

TEST_F(Limits, AQueryHasSoManyParameters) {  // max_query_parameters
  open({});
  std::string url = "/?";
  for (int i = 0; i < 50; ++i) url += "p" + std::to_string(i) + "=1&";
  ASSERT_TRUE(step(R"("page":{"url":")" + url + "\"}").ok());
  EXPECT_EQ(inspected().get("page").get("query").as_object().size(), 32u);
}

TEST(ProgramLimits, AProgramHasSoManyBytes) {  // max_program_bytes
  constexpr std::size_t size = (std::size_t{256} << 20) + 1;
  const std::unique_ptr<void, decltype(&std::free)> memory(std::calloc(size, 1), &std::free);  // untouched, so it takes no memory
  ASSERT_NE(memory, nullptr);
  const auto program = Program::load({static_cast<const std::byte*>(memory.get()), size});
  ASSERT_FALSE(program.ok());
  EXPECT_EQ(program.error().message, "larger than this engine loads");  // and not that it begins as no program does
}

}  // namespace
}  // namespace wayline
