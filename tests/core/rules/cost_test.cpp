// No vector takes more steps than its rule was said to take at most.
#include "rules/cost.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "../support/vectors.h"
#include "rules/evaluate.h"
#include "rules/expression_builder.h"
#include "rules/lower.h"
#include "rules/no_environment.h"

namespace wayline {
namespace {

class Rule {
 public:
  explicit Rule(const Value& rule) {
    LowerContext context{.builder = builder_, .diagnostics = diagnostics_};
    node_ = lower(rule, context);
  }
  [[nodiscard]] bool ok() const { return node_.has_value(); }
  [[nodiscard]] std::uint64_t most(const CostAssumptions& assumptions = {}) const { return Costs(builder_.view(), assumptions).steps(*node_); }
  [[nodiscard]] Evaluation run(const Value& data) {
    NoEnvironment nowhere;
    return evaluate(builder_.view(), *node_, data, nowhere, arena_);
  }

 private:
  ExpressionBuilder builder_;
  Diagnostics diagnostics_;
  std::optional<NodeIndex> node_;
  Arena arena_;
};

std::uint64_t most(std::string_view text, const CostAssumptions& assumptions = {}) {
  Arena arena;
  const Rule rule(read_json(text, arena).value());
  EXPECT_TRUE(rule.ok()) << text;
  return rule.most(assumptions);
}

TEST(Cost, IsNoLessThanWhatTheVectorsTake) {
  const testing::Vectors vectors("tests/vectors/jsonlogic-official/tests.json");
  std::size_t count = 0;
  for (const Value& row : vectors.root().as_list()) {
    if (!row.is_list()) continue;
    Rule rule(row.as_list()[0]);
    ASSERT_TRUE(rule.ok());
    const Evaluation evaluation = rule.run(row.as_list()[1]);
    EXPECT_LE(evaluation.steps, rule.most()) << to_json(row.as_list()[0]);
    ++count;
  }
  EXPECT_EQ(count, 277u);
}

TEST(Cost, FollowsTheData) {
  EXPECT_EQ(most(R"({"==":[{"var":"a"},1]})"), 3u);  // the comparison, its two operands
  const CostAssumptions ten{.past_events = 10, .list_items = 10, .text_bytes = 160};
  EXPECT_EQ(most(R"({"some":[{"var":"a"},{"var":"b"}]})", ten), 12u);
  EXPECT_EQ(most(R"({"count":"A"})", ten), most(R"({"count":["A",{"within":"7d"}]})", ten)) << "windows are found, not searched";
  EXPECT_GT(most(R"({"count":["A",{"where":{"var":"event.properties.a"}}]})", ten), 10u);
  EXPECT_GT(most(R"({"matches":[{"var":"a"},"^a+$"]})", ten), most(R"({"matches":[{"var":"a"},"^a+$"]})", {.text_bytes = 16}));
  EXPECT_LT(most(R"({"in":[{"var":"a"},["x","y"]]})"), 10u);
}

TEST(Cost, StopsAtANumberThatNothingReaches) {
  std::string rule = R"({"var":"a"})";
  for (int i = 0; i < 12; ++i) rule = R"({"map":[{"var":"a"},)" + rule + "]}";
  EXPECT_GT(most(rule), std::uint64_t{1} << 39);
}

}  // namespace
}  // namespace wayline
