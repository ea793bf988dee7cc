// The stored state is untrusted, and outlives packs.
#include <gtest/gtest.h>

#include "value/json.h"
#include "wayline/compile.h"
#include "wayline/session.h"

namespace wayline {
namespace {

std::shared_ptr<const Program> program_of(const std::map<std::string, std::string>& files) {
  const Compiled compiled = compile({files, {}});
  EXPECT_TRUE(compiled.ok());
  return Program::load(compiled.program).value();
}

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
  EXPECT_EQ(refusal(engine, R"({"wayline":2,"site":"shop","visitor":"v"})"), ErrorCode::state_from_future);
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

TEST(State, IsTheFoldOfTheEvents) {
  Engine engine(shop());
  const auto lines = {R"({"at":1000,"track":"Enter","id":"1"})", R"({"at":2000,"track":"Go","id":"2"})", R"({"at":3000,"page":{"url":"/x?a=%41+b"},"id":"3"})"};
  EXPECT_EQ(state_of(engine, lines), state_of(engine, lines));
}

}  // namespace
}  // namespace wayline
