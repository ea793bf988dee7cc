// What golden files can not hold: colour, JSON, and places that are not in the file.
#include "document/render.h"

#include <gtest/gtest.h>

namespace wayline::document {
namespace {

Diagnostic finding(Severity severity, std::uint32_t line, std::uint32_t column, std::uint32_t length) {
  return {ErrorCode::pack_unknown_key,
          severity,
          {"site.json", line, column, length},
          "unknown key `a`",
          "did you mean `b`?"};
}

TEST(Render, ColoursOnlyWhenAsked) {
  const Files files = {{"site.json", "{ \"a\": 1 }"}};
  const std::string plain = render(finding(Severity::error, 1, 3, 3), files, false);
  const std::string coloured = render(finding(Severity::error, 1, 3, 3), files, true);
  EXPECT_EQ(plain.find('\x1b'), std::string::npos);
  EXPECT_NE(coloured.find("\x1b[1;31merror:\x1b[0m"), std::string::npos);
  EXPECT_NE(coloured.find("\x1b[1;31m^~~\x1b[0m"), std::string::npos);
  EXPECT_NE(render(finding(Severity::warning, 1, 3, 3), files, true).find("\x1b[1;33mwarning:"), std::string::npos);
}

TEST(Render, FallsBackToTheCataloguesHint) {
  Diagnostic bare = finding(Severity::error, 1, 1, 1);
  bare.hint.clear();
  EXPECT_NE(render(bare, {}, false).find("hint: " + std::string(code_hint(bare.code))), std::string::npos);
}

TEST(Render, SurvivesPlacesThatAreNotThere) {
  const Files files = {{"site.json", "{}\n"}};
  EXPECT_NE(render(finding(Severity::error, 99, 99, 99), files, false).find("site.json:99:99:"), std::string::npos);
  EXPECT_NE(render(finding(Severity::error, 1, 99, 99), files, false).find("\n      |   ^\n"), std::string::npos);
  EXPECT_NE(render(finding(Severity::error, 0, 0, 0), files, false).find("^\n"), std::string::npos);
  EXPECT_EQ(render(finding(Severity::error, 1, 1, 1), {}, false).find('^'), std::string::npos);
}

TEST(Render, KeepsTerminalsSafeFromTheFile) {
  const Files files = {{"site.json", "{ \"\x1b[2J\": 1 }"}};
  EXPECT_EQ(render(finding(Severity::error, 1, 3, 3), files, false).find('\x1b'), std::string::npos);
}

TEST(Render, WritesJson) {
  EXPECT_EQ(
      render_json({finding(Severity::warning, 2, 3, 4)}),
      R"([{"code":"pack.unknown_key","column":3,"file":"site.json","hint":"did you mean `b`?","length":4,"line":2,"message":"unknown key `a`","severity":"warning"}])");
  EXPECT_EQ(render_json({}), "[]");
}

TEST(Render, CountsFindings) {
  const Diagnostic error = finding(Severity::error, 1, 1, 1), warning = finding(Severity::warning, 1, 1, 1);
  EXPECT_EQ(render_summary({}), "no findings");
  EXPECT_EQ(render_summary({error}), "1 error");
  EXPECT_EQ(render_summary({error, warning, warning}), "1 error, 2 warnings");
}

}  // namespace
}  // namespace wayline::document
