// What a page view may cost is no less than the dearest way through each journey, as the step takes it (design 7.3).
#include "analysis/costs.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>

#include "../support/programs.h"
#include "journey/journeys.h"

namespace wayline::analysis {
namespace {

const std::string site = R"({"site":"s","timezone":"UTC","teams":{"t":{}},"slots":{"hero":{}},"attributes":{"profile.a":{"type":"number"},"profile.b":{"type":"number"}},"events":{"E":{"properties":{}}}})";

/// Another one for each number, as dear as it has parts.
std::string condition(int number, int parts = 1) {
  std::string text = R"({"and":[)";
  for (int part = 0; part < parts; ++part) text += (part > 0 ? "," : "") + std::string(R"({">":[{"var":"profile.a"},)") + std::to_string(number * 100 + part) + "]}";
  return text + "]}";
}

CostReport report_of(const std::string& journey) {
  const auto program = testing::program_of({{"site.json", site}, {"journeys/j.json", journey}});
  return program ? cost_report(program->tables()) : CostReport{};
}

std::uint64_t steps_of(const CostReport& report, std::string_view what) {
  for (const RuleCost& rule : report.rules) {
    if (rule.what == what) return rule.steps;
  }
  ADD_FAILURE() << what;
  return 0;
}

/// What is settled of holds, when time brings something, asked before and behind the event, and the one slot.
constexpr std::uint64_t beside = 4;

std::string way_of(int stage) { return "journey j, stage s" + std::to_string(stage) + ", way 1"; }

std::string head(std::string_view enter) {
  return R"({"id":"j","owner":"t","status":"live","version":1,"priority":1,"enter":)" + std::string(enter) + R"(,"exit":[{"on":"E","outcome":"x"}],"start":"s0","stages":{)";
}

TEST(Costs, StagesThatContinueAtOnceAreAllPaidFor) {
  const int stages = static_cast<int>(max_hops) + 5;
  std::string journey = head(R"({"on":"page"})");
  for (int stage = 0; stage < stages; ++stage) {
    const std::string name = "\"s" + std::to_string(stage) + "\":";
    const std::string next = std::to_string(stage + 1);
    journey += name + R"({"team":"t","on":[{"if":)" + condition(stage + 1, 1 + stage % 3) + R"(,"go":"s)" + next + "\"}]},";
  }
  journey += "\"s" + std::to_string(stages) + R"(":{"team":"t"}}})";
  const CostReport report = report_of(journey);
  // Who is in a stage asks its way by the event, and then, as one who enters does, that of the next and of max_hops behind it.
  constexpr int asked = static_cast<int>(max_hops) + 2;
  std::uint64_t dearest = 0;
  for (int first = 0; first + asked <= stages; ++first) {
    std::uint64_t sum = 0;
    for (int stage = first; stage < first + asked; ++stage) sum += steps_of(report, way_of(stage));
    dearest = std::max(dearest, sum);
  }
  EXPECT_EQ(report.page_view, dearest + beside);
  EXPECT_GT(report.page_view, 10 * steps_of(report, way_of(2)));
}

TEST(Costs, OneWayIsTakenAndWhatItDoesIsPaidForOnce) {
  const auto way = [](std::string_view on, int number, std::string_view go) {
    return R"({)" + std::string(on) + R"("if":)" + condition(number, number) + R"(,"go":")" + std::string(go) + R"(","do":[{"set":{"profile.b":{"+":[{"var":"profile.a"},)" + std::to_string(number) + "]}}}]}";
  };
  const CostReport report = report_of(head(R"({"on":"E"})") + R"("s0":{"team":"t","on":[)" + way(R"("event":"page",)", 3, "s1") + "," + way(R"("event":"page",)", 5, "s2") + "," +
                                      way(R"("event":"E",)", 9, "s1") + R"(],"after":[{"wait":"1d","go":"s2"}]},"s1":{"team":"t"},"s2":{"team":"t"}}})");
  const std::string stage = "journey j, stage s0, way ";
  EXPECT_EQ(report.page_view, steps_of(report, stage + "1") + steps_of(report, stage + "2") + steps_of(report, stage + "2, value set") + beside);
}

TEST(Costs, ALoopIsPaidForAsOftenAsItTurns) {
  const CostReport report =
      report_of(head(R"({"on":"page"})") + R"("s0":{"team":"t","on":[{"if":)" + condition(1) + R"(,"go":"s1"}]},"s1":{"team":"t","on":[{"if":)" + condition(2) + R"(,"go":"s0"}]}}})");
  const std::uint64_t one = steps_of(report, way_of(0));
  EXPECT_EQ(one, steps_of(report, way_of(1)));
  EXPECT_EQ(report.page_view, (max_hops + 2) * one + beside) << "by the event once, and then as one who enters";
}

TEST(Costs, RulesAreCountedWhereTheyStand) {
  const auto pair = [](const std::string& before) { return "[" + before + R"("if":)" + condition(1) + "}," + before + R"("if":)" + condition(2, 4) + "}]"; };
  const std::string intents = R"(,"intents":{"i":{"half_life":"1d","signals":)" + pair(R"({"on":"E",)") + "}}}";
  const auto program = testing::program_of({{"site.json", site.substr(0, site.size() - 1) + intents},
                                            {"journeys/j.json", R"({"id":"j","owner":"t","status":"live","enter":{"on":"E"},"start":"s0","exit":)" + pair(R"({"on":"E",)") +
                                                                    R"(,"holds":)" + pair(R"({"by":"t","reason":"r",)") + R"(,"stages":{"s0":{"team":"t"}}})"}});
  ASSERT_TRUE(program);
  const CostReport report = cost_report(program->tables());
  for (const std::string what : {"journey j, exit ", "journey j, hold ", "intent i, signal "}) EXPECT_LT(steps_of(report, what + "1"), steps_of(report, what + "2")) << what;
}

/// Journeys that all enter by the same segment.
CostReport report_of_entries(int count, const std::string& segment) {
  std::map<std::string, std::string> files{{"site.json", R"({"site":"s","timezone":"UTC","attributes":{"profile.a":{"type":"number"}},"events":{"E":{}},"segments":{"heavy":)" + segment + "}}"}};
  for (int i = 0; i < count; ++i) {
    const std::string id = "j" + std::to_string(i);
    files["journeys/" + id + ".json"] = R"({"id":")" + id + R"(","status":"live","enter":{"on":"page","if":{"segment":"heavy"}},"start":"in","stages":{"in":{}}})";
  }
  const auto program = testing::program_of(files);
  return program ? cost_report(program->tables()) : CostReport{};
}

TEST(Costs, ASegmentIsPaidForAgainWhereItMayHaveChanged) {
  constexpr int journeys = 20;
  const std::string counting = R"({">":[{"sum":["E",{"of":"x"}]},3]})";
  const CostReport steady = report_of_entries(journeys, counting);
  const std::uint64_t once = steps_of(steady, "segment heavy");
  EXPECT_GE(steady.page_view, once);
  EXPECT_LT(steady.page_view, 2 * once) << "what no journey changes is evaluated once for all";
  const CostReport moving = report_of_entries(journeys, R"({"or":[)" + counting + R"(,{"==":[{"stage":"j3"},"in"]}]})");
  EXPECT_GE(moving.page_view, journeys * once) << "whoever enters may change what the next one asks for";
}

}  // namespace
}  // namespace wayline::analysis
