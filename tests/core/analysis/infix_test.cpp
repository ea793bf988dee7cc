#include "analysis/infix.h"

#include <gtest/gtest.h>

#include "value/json.h"

namespace wayline::analysis {
namespace {

std::string written(std::string_view rule) {
  Arena arena;
  return infix(read_json(rule, arena).value());
}

TEST(Infix, ReadsAsPeopleWrite) {
  EXPECT_EQ(written(R"({">=":[{"intent":"dress"},2.5]})"), "intent dress >= 2.5");
  EXPECT_EQ(written(R"({"==":[{"var":"page.path"},"/"]})"), R"(page.path == "/")");
  EXPECT_EQ(written(R"({"<":[1,{"var":["profile.age",30]},65]})"), "1 < (profile.age else 30) < 65");
  EXPECT_EQ(written(R"({"in":[{"stage":"basket"},["left","reminded"]]})"),
            R"(stage of basket in ["left", "reminded"])");
  EXPECT_EQ(written(R"({"!!":{"var":"profile.owner"}})"), "profile.owner");
  EXPECT_EQ(written(R"({"count":["Product Viewed",{"within":"7d"}]})"), R"(count("Product Viewed", within 7d))");
  EXPECT_EQ(
      written(R"({"sum":["Order Completed",{"of":"total","where":{">":[{"var":"event.properties.total"},10]}}]})"),
      R"(sum("Order Completed", of total, where event.properties.total > 10))");
  EXPECT_EQ(written(R"({"starts_with":[{"var":"page.path"},"/help"]})"), R"(starts_with(page.path, "/help"))");
  EXPECT_EQ(written(R"({"now":[]})"), "now");
  EXPECT_EQ(written("true"), "true");
}

TEST(Infix, PutsParenthesesWhereTheyAreNeeded) {
  EXPECT_EQ(written(R"({"and":[{"or":[{"segment":"a"},{"segment":"b"}]},{"!":{"segment":"c"}}]})"),
            "(segment a or segment b) and not segment c");
  EXPECT_EQ(written(R"({"!":{"and":[{"segment":"a"},{"segment":"b"}]}})"), "not (segment a and segment b)");
  EXPECT_EQ(written(R"({"*":[{"+":[1,2]},3]})"), "(1 + 2) * 3");
  EXPECT_EQ(written(R"({"-":[1,{"-":[2,3]}]})"), "1 - (2 - 3)");
}

TEST(Infix, EndsWithJsonWhereItIsTooDeep) {
  std::string rule = "1";
  for (int i = 0; i < 200; ++i) rule = R"({"!":[)" + rule + "]}";
  EXPECT_NE(written(rule).find(R"({"!":[{"!":)"), std::string::npos);
}

}  // namespace
}  // namespace wayline::analysis
