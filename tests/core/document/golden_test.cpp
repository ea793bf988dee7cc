// Diagnostics as authors see them, carets included: tests/golden/diagnostics/<case>/{pack/…, expected.txt}.
// tests/golden/regenerate writes the expected texts anew; what changed is then seen in the diff.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <vector>

#include "../support/files.h"
#include "document/render.h"
#include "document/story.h"
#include "wayline/compile.h"

namespace wayline::document {
namespace {

const std::filesystem::path cases = "tests/golden/diagnostics";
/// A folder that went missing must not pass for success.
constexpr std::size_t fewest_cases = 25;

std::vector<std::string> case_names() {
  std::vector<std::string> names;
  if (!std::filesystem::exists(cases)) return names;
  for (const auto& entry : std::filesystem::directory_iterator(cases))
    names.push_back(entry.path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

std::string rendered(const Files& files) {
  Diagnostics all = compile({files, testing::zone_file}).diagnostics;
  const LoadedStories stories = load_stories(files, load_pack(files).pack);
  all.insert(all.end(), stories.diagnostics.begin(), stories.diagnostics.end());
  std::string text;
  for (const Diagnostic& finding : all) text += render(finding, files, false) + "\n";
  return text + render_summary(all) + "\n";
}

class Golden : public ::testing::TestWithParam<std::string> {};

TEST_P(Golden, IsAsExpected) {
  const std::filesystem::path folder = cases / GetParam();
  const std::string actual = rendered(testing::pack_files(folder / "pack"));
  if (std::getenv("WAYLINE_REGENERATE") != nullptr) {
    std::ofstream(folder / "expected.txt", std::ios::binary) << actual;
    return;
  }
  EXPECT_EQ(actual, testing::file_text(folder / "expected.txt")) << "if this is meant: tests/golden/regenerate";
}

INSTANTIATE_TEST_SUITE_P(Diagnostics, Golden, ::testing::ValuesIn(case_names()), [](const auto& test) {
  std::string name = test.param;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
});

TEST(GoldenCases, AreAllThere) { EXPECT_GE(case_names().size(), fewest_cases); }

}  // namespace
}  // namespace wayline::document
