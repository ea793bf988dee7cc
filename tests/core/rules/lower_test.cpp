#include "rules/lower.h"

#include <gtest/gtest.h>

#include "pack_rules.h"
#include "rules/expression_builder.h"
#include "value/json.h"

namespace wayline {
namespace {

class Lower : public ::testing::Test {
 protected:
  /// Lowers inside a pack; what it says is in `diagnostics_`.
  std::optional<NodeIndex> lower_in_pack(std::string text, LowerLimits limits = {}, bool is_condition = false) {
    documents_.push_back(std::make_unique<JsonDocument>(std::get<JsonDocument>(read_document("rules/a.json", std::move(text), {.depth = 20'000}))));
    const JsonDocument& document = *documents_.back();
    LowerContext context{.builder = builder_, .resolver = &names_, .positions = &document.positions, .diagnostics = diagnostics_, .limits = limits, .is_condition = is_condition};
    return lower(*document.root, context);
  }
  [[nodiscard]] Value value_of(NodeIndex node) {
    const Evaluation evaluation = evaluate(builder_.view(), node, Value(), state_, arena_);
    EXPECT_FALSE(evaluation.over_budget);
    return evaluation.value;
  }
  /// "code line:column+length message | hint", one line each.
  [[nodiscard]] std::string said() const {
    std::string text;
    for (const Diagnostic& diagnostic : diagnostics_) {
      text += std::string(code_text(diagnostic.code)) + " " + std::to_string(diagnostic.range.line) + ":" + std::to_string(diagnostic.range.column) + "+" +
              std::to_string(diagnostic.range.length) + " " + diagnostic.message + (diagnostic.hint.empty() ? "" : " | " + diagnostic.hint) + "\n";
    }
    return text;
  }

  std::vector<std::unique_ptr<JsonDocument>> documents_;
  Diagnostics diagnostics_;
  testing::FakeNames names_{diagnostics_};
  testing::FakeState state_;
  ExpressionBuilder builder_;
  Arena arena_;
};

TEST_F(Lower, ResolvesNamesOfThePack) {
  const auto node = lower_in_pack(R"({"and":[{"==":[{"var":"profile.tier"},"gold"]},{"segment":"keen"},{">":[{"intent":"dress"},2]},{"stage":"service"}]})");
  ASSERT_TRUE(node) << said();
  EXPECT_EQ(to_json(value_of(*node)), R"("acknowledge")");
}

TEST_F(Lower, DefaultsStandInForWhatIsMissing) {
  const auto node = lower_in_pack(R"([{"var":["event.properties.price",5]},{"var":["profile.visits",5]},{"var":"event.properties.price"}])");
  ASSERT_TRUE(node) << said();
  EXPECT_EQ(to_json(value_of(*node)), "[5,7,null]");
}

TEST_F(Lower, MissingAsksTheAttributes) {
  const auto node = lower_in_pack(R"([{"missing":["profile.tier","event.properties.price"]},{"missing_some":[1,["profile.tier","event.properties.price"]]},
    {"missing_some":[2,["profile.tier","event.properties.price"]]},{"missing":{"merge":["profile.tier",{"cat":["event.properties.","price"]}]}}])");
  ASSERT_TRUE(node) << said();
  EXPECT_EQ(to_json(value_of(*node)), R"([["event.properties.price"],[],["event.properties.price"],["event.properties.price"]])");
  EXPECT_FALSE(lower_in_pack(R"({"missing":["profile.tire"]})"));
}

TEST_F(Lower, PathsOfRunTimeStartAtTheRoots) {
  const auto node = lower_in_pack(R"({"map":[["tier","visits"],{"var":""}]})");
  ASSERT_TRUE(node) << said();
  const auto read = lower_in_pack(R"({"var":{"cat":["profile.",{"if":[{"segment":"keen"},"tier","visits"]}]}})");
  ASSERT_TRUE(read) << said();
  EXPECT_EQ(to_json(value_of(*read)), R"("gold")");
}

TEST_F(Lower, HistoryTellsWhatItReads) {
  ASSERT_TRUE(lower_in_pack(R"({"count":["Viewed",{"within":"7d","where":{"and":[{"==":[{"var":"event.properties.category"},"dress"]},
    {"==":[{"var":"profile.tier"},"gold"]}]}}]})")) << said();
  ASSERT_TRUE(lower_in_pack(R"({"sum":["Bought",{"of":"total.net"}]})")) << said();
  EXPECT_EQ(names_.windows.at("Viewed"), 7 * day);
  EXPECT_EQ(names_.windows.at("Bought"), 0);
  EXPECT_EQ(names_.properties, (std::set<std::pair<std::string, std::string>>{{"Bought", "total.net"}, {"Viewed", "category"}}));
}

TEST_F(Lower, EqualRulesShareTheirNodes) {
  const auto first = lower_in_pack(R"({"==":[{"var":"profile.tier"},"gold"]})");
  const std::size_t nodes = builder_.view().nodes.size();
  const auto second = lower_in_pack(R"({"==":[{"var":["profile.tier"]},"gold"]})");
  EXPECT_EQ(first, second);
  EXPECT_EQ(builder_.view().nodes.size(), nodes);
}

TEST_F(Lower, ConstantsFold) {
  const auto folded = [&](std::string rule) {
    const auto node = lower_in_pack(std::move(rule));
    EXPECT_TRUE(node) << said();
    const Value* value = node ? builder_.constant_of(*node) : nullptr;
    return value == nullptr ? std::string("not constant") : to_json(*value);
  };
  EXPECT_EQ(folded(R"({"+":[1,{"*":[2,3]}]})"), "7");
  EXPECT_EQ(folded(R"({"and":[false,{"var":"profile.tier"}]})"), "false");
  EXPECT_EQ(folded(R"({"if":[{"<":[1,2]},["a",{"cat":["b","c"]}],{"var":"profile.tier"}]})"), R"(["a","bc"])");
  EXPECT_EQ(folded(R"({"==":[[1],[1]]})"), "false");
  EXPECT_EQ(folded(R"({"and":[true,{"var":"profile.tier"}]})"), "not constant");
  EXPECT_EQ(folded(R"({"now":[]})"), "not constant");
}

/// Both rules as conditions are one and the same, or, as values, are not.
TEST_F(Lower, ConditionsAreOrderedByCost) {
  const auto condition = [&](std::string text) { return lower_in_pack(std::move(text), {}, true); };
  const std::string cheap = R"({"==":[{"var":"profile.tier"},"gold"]})", dear = R"({">":[{"intent":"dress"},1]})", costly = R"({">":[{"count":"Viewed"},3]})";
  const auto list = [](std::initializer_list<std::string> parts) {
    std::string text;
    for (const std::string& part : parts) text += (text.empty() ? "" : ",") + part;
    return text;
  };
  const auto joined = condition(R"({"and":[)" + list({cheap, dear, costly}) + "]}");
  EXPECT_EQ(joined, condition(R"({"and":[)" + list({costly, dear, cheap}) + "]}"));
  EXPECT_EQ(condition(R"({"!":{"or":[)" + list({costly, cheap}) + "]}}"), condition(R"({"!":[{"or":[)" + list({cheap, costly}) + "]}]}"));
  EXPECT_EQ(condition(R"({"some":[[1,2],{"and":[{">":[{"var":""},1]},{"==":[1,{"var":""}]}]}]})").has_value(), true);
  // What may look at much data stays in its order.
  const std::string other = R"({">":[{"count":"Ordered"},3]})";
  EXPECT_NE(condition(R"({"or":[)" + list({costly, other}) + "]}"), condition(R"({"or":[)" + list({other, costly}) + "]}"));
  // A value is that of an operand, so the order counts.
  EXPECT_NE(lower_in_pack(R"({"or":[)" + list({costly, cheap}) + "]}"), lower_in_pack(R"({"or":[)" + list({cheap, costly}) + "]}"));
  EXPECT_NE(condition(R"({"==":[{"or":[)" + list({costly, cheap}) + "]},1]}"), condition(R"({"==":[{"or":[)" + list({cheap, costly}) + "]},1]}"));
  EXPECT_TRUE(diagnostics_.empty()) << said();
}

TEST_F(Lower, LongListsStayOneConstant) {
  std::string list = "[0";
  for (int i = 1; i < 10'000; ++i) list += "," + std::to_string(i);
  const auto node = lower_in_pack(R"({"in":[{"var":"profile.visits"},)" + list + "]]}");
  ASSERT_TRUE(node) << said();
  EXPECT_LT(builder_.view().nodes.size(), 5u);
  EXPECT_EQ(to_json(value_of(*node)), "true");
}

TEST_F(Lower, ReportsSeveralErrorsWithTheirPlaces) {
  EXPECT_FALSE(lower_in_pack("{\"and\": [\n  {\"==\": [{\"var\": \"profile.tire\"}, 1]},\n  {\"statrs_with\": [\"a\", \"b\"]},\n"
                             "  {\"within\": [1, \"7 days\"]},\n  {\"before\": [1]}\n]}"));
  EXPECT_EQ(said(),
            "pack.unknown_reference 2:19+14 `profile.tire` is unknown\n"
            "rule.unknown_operator 3:4+13 there is no operator `statrs_with` | did you mean `starts_with`?\n"
            "rule.bad_argument 4:18+8 `7 days` is no duration | a duration is a number and s, m, h, d or w, such as 30s, 15m, 2h, 7d, 4w\n"
            "rule.bad_argument 5:4+8 `before` takes 2 arguments, not 1\n");
}

TEST_F(Lower, MistakesOfAuthors) {
  const auto first = [&](std::string rule) {
    diagnostics_.clear();
    EXPECT_FALSE(lower_in_pack(std::move(rule)));
    return diagnostics_.empty() ? std::string() : diagnostics_.front().message + (diagnostics_.front().hint.empty() ? "" : " | " + diagnostics_.front().hint);
  };
  EXPECT_EQ(first(R"({"var":""})"), R"(`var` needs the name of an attribute here | such as {"var": "profile.tier"})");
  EXPECT_EQ(first(R"({"segment":{"var":"profile.tier"}})"), "the name must be a text written out in the rule");
  EXPECT_EQ(first(R"({"sum":["Bought",{"off":"total"}]})"), "there is no option `off` | did you mean `of`?");
  EXPECT_EQ(first(R"({"sum":["Bought",{}]})"), R"(`sum` needs the option `of`: the property it reads | such as {"of": "price"})");
  EXPECT_EQ(first(R"({"sem_ver":["1.0.0","==","1.0.0"]})"), "`==` is no comparison of versions | one of = != < <= > >= ~ ^");
  EXPECT_EQ(first(R"({"fractional":[["a",1],["b",1]]})"), R"(`fractional` needs what to divide visitors by first | such as {"var": "profile.id"})");
  EXPECT_EQ(first(R"({"matches":[{"var":"page.path"},"(a"]})"), "the pattern can not be used: missing `)` at character 3");
  EXPECT_EQ(first(R"({"not":{"var":"profile.tier"}})"), R"(there is no operator `not` | write {"!": {"segment": "keen"}})");
  EXPECT_EQ(first(R"({"Contains":[{"var":"profile.tier"},"gold"]})"), R"(there is no operator `Contains` | write {"in": ["gold", {"var": "profile.tier"}]}, the value first)");
  EXPECT_EQ(first(R"({"AND":[true]})"), "there is no operator `AND` | did you mean `and`?");
  EXPECT_EQ(first(R"({"horoscope":"monday"})"), "there is no operator `horoscope`");
  EXPECT_EQ(first(R"({"weekday":"monday"})"), R"(there is no operator `weekday` | write {"until": {"weekday": "monday"}} in `after` of a stage: rules know no days of the week)");
  EXPECT_EQ(first(R"({"local_time":["22:00"]})"), R"(`local_time` takes 2 arguments, not 1 | write {"local_time": ["09:00", "17:00"]}: from and to, by the clocks of the site)");
  EXPECT_EQ(first(R"({"count":["Viewed",{"where":{"var":"event.propertis.x"}}]})"), "`event.propertis.x` is unknown");
}

TEST_F(Lower, LimitsAreOptionsAndAreTold) {
  const auto nested = [](std::size_t depth) {
    std::string text = "1";
    for (std::size_t i = 0; i < depth; ++i) text = "{\"!\":" + text + "}";
    return text;
  };
  EXPECT_TRUE(lower_in_pack(nested(128)));
  EXPECT_FALSE(lower_in_pack(nested(129)));
  EXPECT_EQ(diagnostics_.back().code, ErrorCode::rule_too_deep);
  EXPECT_FALSE(lower_in_pack(nested(10'000)));
  EXPECT_EQ(diagnostics_.back().code, ErrorCode::rule_too_deep);
  EXPECT_FALSE(lower_in_pack(nested(5), {.depth = 4}));
  EXPECT_FALSE(lower_in_pack(R"({"cat":[1,2,3,4,5]})", {.nodes = 5}));
  EXPECT_EQ(diagnostics_.back().code, ErrorCode::rule_too_large);
  EXPECT_EQ(diagnostics_.size(), 4u) << "one for each rule";
}

TEST_F(Lower, ConstantsOfAProgramMayNotNestTooDeep) {
  EXPECT_FALSE(lower_in_pack(R"({"in":[1,)" + std::string(61, '[') + std::string(61, ']') + "]}"));
  EXPECT_EQ(diagnostics_.back().code, ErrorCode::rule_too_deep);
}

}  // namespace
}  // namespace wayline
