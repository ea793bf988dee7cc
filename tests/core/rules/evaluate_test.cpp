#include "rules/evaluate.h"

#include <gtest/gtest.h>

#include "pack_rules.h"
#include "rules/expression_builder.h"
#include "rules/no_environment.h"
#include "value/json.h"

namespace wayline {
namespace {

class Evaluate : public ::testing::Test {
 protected:
  NodeIndex lowered(std::string_view rule, bool in_pack) {
    Diagnostics diagnostics;
    testing::FakeNames names(diagnostics);
    LowerContext context{.builder = builder_, .resolver = in_pack ? &names : nullptr, .diagnostics = diagnostics};
    const auto node = lower(read_json(rule, arena_).value(), context);
    EXPECT_TRUE(node) << (diagnostics.empty() ? "" : diagnostics.front().message);
    return node.value_or(0);
  }
  std::string result(std::string_view rule, std::string_view data = "null", const EvaluationLimits& limits = {}) {
    NoEnvironment nowhere;
    const NodeIndex node = lowered(rule, false);
    last_ = evaluate(builder_.view(), node, read_json(data, arena_).value(), nowhere, arena_, limits);
    return to_json(last_.value);
  }
  ExpressionBuilder builder_;
  Arena arena_;
  Evaluation last_;
};

TEST_F(Evaluate, StopsAtItsSteps) {
  const std::string all = R"({"all":[{"var":"list"},{"<":[{"var":""},100]}]})";
  std::string data = "{\"list\":[1";
  for (int i = 0; i < 1000; ++i) data += ",1";
  data += "]}";
  EXPECT_EQ(result(all, data), "true");
  EXPECT_FALSE(last_.over_budget);
  const std::uint32_t needed = last_.steps;
  EXPECT_GT(needed, 1000u);
  EXPECT_EQ(result(all, data, {.steps = needed}), "null");
  EXPECT_TRUE(last_.over_budget);
  EXPECT_EQ(result(all, data, {.steps = needed + 1}), "true");
}

TEST_F(Evaluate, StopsAtItsMemory) {
  EXPECT_EQ(result(R"({"cat":[{"var":"a"},{"var":"a"}]})", R"({"a":"0123456789"})", {.memory = 1000}), R"("01234567890123456789")");
  EXPECT_EQ(result(R"({"cat":[{"var":"a"},{"var":"a"}]})", R"({"a":"0123456789"})", {.memory = 16}), "null");
  EXPECT_TRUE(last_.over_budget);
}

TEST_F(Evaluate, SearchingLongTextsIsPaidFor) {
  const std::string text(400'000, 'a');
  EXPECT_EQ(result(R"({"in":[{"var":"b"},{"var":"a"}]})", "{\"a\":\"" + text + "\",\"b\":\"" + text.substr(200'000) + "b\"}"), "null");
  EXPECT_TRUE(last_.over_budget);
}

TEST_F(Evaluate, NestedResultsEndAtTheirLimit) {
  std::string data = "[1";
  for (int i = 0; i < 5000; ++i) data += ",1";
  EXPECT_EQ(result(R"({"reduce":[{"var":""},[{"var":"accumulator"}],0]})", data + "]"), "null");
  EXPECT_TRUE(last_.over_budget);
  EXPECT_EQ(result(R"({"cat":{"reduce":[{"var":""},[{"var":"accumulator"}],0]}})", data + "]"), "null");
  EXPECT_TRUE(last_.over_budget);
}

TEST_F(Evaluate, ConditionsStopEarly) {
  testing::FakeState state;
  const NodeIndex node = lowered(R"({"or":[{"==":[{"var":"profile.tier"},"gold"]},{"==":[{"var":"profile.visits"},1]},{"==":[{"var":"page.path"},"/"]}]})", true);
  EXPECT_EQ(to_json(evaluate(builder_.view(), node, Value(), state, arena_).value), "true");
  EXPECT_EQ(state.reads, 1);
}

TEST_F(Evaluate, HistorySeesOnlyItsWindow) {
  testing::FakeState state;
  const Value dress = read_json(R"({"category":"dress","price":10})", arena_).value();
  state.past["Viewed"] = {{2 * day, dress}, {3 * day, dress}, {10 * day, dress}, {11 * day, dress}};
  const auto value = [&](std::string_view rule) { return to_json(evaluate(builder_.view(), lowered(rule, true), Value(), state, arena_).value); };
  EXPECT_EQ(value(R"({"count":["Viewed",{"within":"7d"}]})"), "2") << "the window includes its first instant, and ends now";
  EXPECT_EQ(value(R"({"count":"Viewed"})"), "3");
  EXPECT_EQ(value(R"({"sum":["Viewed",{"of":"price","where":{"==":[{"var":"event.properties.category"},"dress"]}}]})"), "30");
  EXPECT_EQ(value(R"({"since":"Viewed"})"), "0");
  EXPECT_EQ(value(R"({"count":["Viewed",{"where":{"==":[{"var":"event.properties.price"},{"count":"Viewed"}]}}]})"), "0") << "history inside of a condition";
}

TEST_F(Evaluate, ADottedPropertyMayBeOneKey) {
  testing::FakeState state;
  state.past["Bought"] = {{day, read_json(R"({"total.net":3})", arena_).value()}, {day, read_json(R"({"total":{"net":4}})", arena_).value()}};
  const NodeIndex node = lowered(R"({"sum":["Bought",{"of":"total.net"}]})", true);
  EXPECT_EQ(to_json(evaluate(builder_.view(), node, Value(), state, arena_).value), "7");
}

TEST_F(Evaluate, ReusedArenasStopGrowing) {
  testing::FakeState state;
  const NodeIndex node = lowered(R"({"cat":[{"var":"profile.tier"},"-",{"var":"profile.visits"}]})", true);
  Arena arena;
  for (int i = 0; i < 100; ++i) {
    arena.reset();
    EXPECT_EQ(to_json(evaluate(builder_.view(), node, Value(), state, arena).value), R"("gold-7")");
    EXPECT_LT(arena.used(), 200u);
  }
}

/// A program changed by someone: every field of every node set to other values is either refused or harmless.
TEST_F(Evaluate, WellFormedRefusesWhatWouldReachOutside) {
  const NodeIndex root = lowered(R"({"and":[{"matches":[{"var":"page.path"},"^/s[a-z]+$"]},{"count":["Viewed",{"within":"7d"}]},
    {"some":[{"var":["profile.tier",["x"]]},{"var":"a.b"}]},{"segment":"keen"},{"missing":["profile.tier"]},{"<":[1,{"intent":"dress"},{"now":[]}]}]})", true);
  const Expressions good = builder_.view();
  const ReferenceLimits limits{4, 1, 1, 1};
  ASSERT_TRUE(well_formed(good, limits));
  std::size_t refused = 0, harmless = 0;
  for (std::size_t i = 0; i < good.nodes.size() + good.operands.size(); ++i) {
    for (const std::uint32_t change : {0u, 1u, 2u, 3u, 5u, 8u, 13u, 21u, 34u, 40u, 55u, 60u, 62u, 63u, 255u, 65535u, 0xFFFFFFFFu}) {
      for (int field = 0; field < 3; ++field) {
        std::vector<Node> nodes(good.nodes.begin(), good.nodes.end());
        std::vector<NodeIndex> operands(good.operands.begin(), good.operands.end());
        if (i >= nodes.size()) operands[i - nodes.size()] = change;
        else if (field == 0) nodes[i].op = static_cast<Operator>(change);
        else if (field == 1) nodes[i].count = static_cast<std::uint16_t>(change);
        else nodes[i].first = change;
        const Expressions changed{nodes, operands, good.constants};
        if (!well_formed(changed, limits)) {
          ++refused;
          continue;
        }
        ++harmless;
        testing::FakeState state;
        Arena arena;
        (void)evaluate(changed, root, Value(), state, arena, {.steps = 10'000});
      }
    }
  }
  EXPECT_GT(refused, 500u);
  EXPECT_GT(harmless, 100u);
}

TEST_F(Evaluate, WellFormedBoundsTheDepth) {
  std::vector<Node> nodes{{Operator::now, 0, 0, 0}};
  std::vector<NodeIndex> operands;
  for (std::uint32_t i = 0; i < max_expression_depth + 1; ++i) {
    operands.push_back(i);
    nodes.push_back({Operator::not_, 0, 1, i});
  }
  EXPECT_FALSE(well_formed({nodes, operands, {}}, {}));
  nodes.resize(max_expression_depth);
  EXPECT_TRUE(well_formed({nodes, operands, {}}, {}));
}

}  // namespace
}  // namespace wayline
