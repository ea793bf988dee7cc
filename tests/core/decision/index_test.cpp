// The index over page rules only narrows: with it and without it every decision is the same.
#include <gtest/gtest.h>

#include <random>
#include <string>

#include "../support/programs.h"
#include "value/json.h"
#include "wayline/session.h"

namespace wayline {
namespace {

using Random = std::mt19937;

std::size_t below(Random& random, std::size_t limit) { return random() % limit; }

template <std::size_t count>
std::string one_of(Random& random, const char* const (&choices)[count]) {
  return choices[below(random, count)];
}

std::string scalar(Random& random) {
  return one_of(random, {"\"pl\"", "\"de\"", "\"5\"", "\"\"", "5", "0", "-0.0", "7.5", "true", "false", "null", "\"true\"", "\" 5 \"", "[5]", "[\"pl\"]", "1e300"});
}

std::string attribute(Random& random) {
  return R"({"var":")" + one_of(random, {"page.query.a", "page.query.b", "event.properties.x", "event.properties.y", "session.pages", "profile.tier", "device.type"}) + "\"}";
}

std::string condition(Random& random, int depth) {
  const std::size_t kind = below(random, depth > 0 ? 12 : 8);
  const std::string key = attribute(random);
  switch (kind) {
    case 0:
    case 1: return R"({"==":[)" + key + "," + scalar(random) + "]}";
    case 2: return R"({"===":[)" + scalar(random) + "," + key + "]}";
    case 3: return R"({"in":[)" + key + ",[" + scalar(random) + "," + scalar(random) + "," + scalar(random) + "]]}";
    case 4: return "{\"" + one_of(random, {"<", "<=", ">", ">="}) + "\":[" + key + "," + one_of(random, {"5", "0", "7.5", "-3"}) + "]}";
    case 5: return "{\"" + one_of(random, {"<", "<=", ">", ">="}) + "\":[" + one_of(random, {"5", "0", "7.5", "-3"}) + "," + key + "]}";
    case 6: return R"({"!=":[)" + key + "," + scalar(random) + "]}";
    case 7: return one_of(random, {R"({"segment":"young"})", R"({"segment":"known"})", R"({">=":[{"count":"View"},2]})", "true"});
    case 8:
    case 9: return R"({"and":[)" + condition(random, depth - 1) + "," + condition(random, depth - 1) + "]}";
    case 10: return R"({"or":[)" + condition(random, depth - 1) + "," + condition(random, depth - 1) + "]}";
    default: return R"({"or":[{"==":[)" + key + "," + scalar(random) + R"(]},{"==":[)" + key + "," + scalar(random) + "]}]}";
  }
}

std::shared_ptr<const Program> random_pack(Random& random, std::size_t rules) {
  std::string list;
  for (std::size_t i = 0; i < rules; ++i) {
    if (i > 0) list += ",";
    list += R"({"id":"r)" + std::to_string(i) + R"(","slot":")" + one_of(random, {"hero", "note"}) + R"(","page":{"path":)" +
            one_of(random, {"\"/**\"", "\"/\"", "\"/a/*\"", "\"/a/b\"", "\"/a/:id/c\"", "[\"/b/**\",\"/a/**\"]", "\"/a/b/\""}) + R"(},"priority":)" +
            std::to_string(below(random, 4)) + R"(,"if":)" + condition(random, 2) + (below(random, 8) == 0 ? R"(,"group":"g")" : "") +
            (below(random, 8) == 0 ? R"(,"status":")" + one_of(random, {"paused", "draft"}) + "\"" : "") + R"(,"variants":[{"id":"a","content":{"text":"x"}}]})";
  }
  return testing::program_of({{"site.json", R"({"site":"s","timezone":"UTC","attributes":{"profile.tier":{"type":"string"}},
      "segments":{"young":{"<":[{"var":"session.pages"},3]},"known":{"==":[{"var":"profile.tier"},"gold"]}}})"},
                              {"rules/r.json", "[" + list + "]"}});
}

std::string event(Random& random, int at) {
  const std::string when = R"({"at":)" + std::to_string(1'000'000 + at * 1000) + ",";
  switch (below(random, 4)) {
    case 0: return when + R"("track":"View","properties":{"x":)" + scalar(random) + R"(,"y":)" + scalar(random) + R"(},"device":{"type":)" + scalar(random) + "}}";
    case 1: return when + R"("identify":"u","traits":{"tier":)" + one_of(random, {"\"gold\"", "\"none\"", "5"}) + "}}";
    default:
      return when + R"("page":{"url":"https://s.test)" + one_of(random, {"/", "/a", "/a/b", "/a/b/", "/a/x/c", "/b/q/r?a=5&b=pl", "/a/b?a=pl&b=0", "/c?a="}) + "\"}}";
  }
}

/// {"decisions": …} without what only explanations have.
std::string decisions(Session& session, bool explain) {
  Arena arena;
  const std::string request = std::string(R"({"at":9000000,"slots":["hero","note"],"explain":)") + (explain ? "true}" : "false}");
  const Result<Value> answer = session.decide(read_json(request, arena).value());
  EXPECT_TRUE(answer.ok());
  std::string text;
  for (const Member& slot : answer.value().get("decisions").as_object()) {
    text += std::string(slot.key) + ":" + to_json(slot.value.get("experience")) + to_json(slot.value.get("reason")) + " ";
  }
  return text;
}

TEST(Index, NeverChangesADecision) {
  std::size_t shown = 0;
  for (std::uint32_t seed = 0; seed < 60; ++seed) {
    Random random(seed);
    const auto program = random_pack(random, 4 + below(random, 80));
    Engine engine(program);
    Session session(engine, "visitor");
    for (int step = 0; step < 60; ++step) {
      Arena arena;
      const std::string line = event(random, step);
      ASSERT_TRUE(session.step(read_json(line, arena).value()).ok()) << line;
      const std::string indexed = decisions(session, false);
      ASSERT_EQ(indexed, decisions(session, true)) << "seed " << seed << ", step " << step << ": " << line;
      if (indexed.find("matched\" ") != std::string::npos) ++shown;
    }
  }
  EXPECT_GT(shown, 1000u) << "the test must see rules that match";
}

}  // namespace
}  // namespace wayline
