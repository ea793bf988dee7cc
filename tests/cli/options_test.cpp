// Reading the words of a call, and what is said of wrong ones.
#include "cli/options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace wayline::cli {
namespace {

constexpr std::string_view formats[] = {"dot", "json"};
constexpr ArgumentSpec pack_and_file[] = {{.name = "PACK", .help = "the pack"}, {.name = "FILE", .help = "more", .is_optional = true}};
constexpr OptionSpec options[] = {{.name = "--output", .letter = 'o', .value = "FILE", .help = "where"},
                                  {.name = "--slot", .value = "NAME", .help = "which", .repeats = true},
                                  {.name = "--format", .value = "FORMAT", .help = "how", .choices = formats},
                                  {.name = "--json", .help = "as JSON"},
                                  {.name = "--help", .letter = 'h', .help = "this"}};

Result<Arguments> read(const std::vector<std::string_view>& words) { return read_arguments(words, pack_and_file, options); }
std::string refusal(const std::vector<std::string_view>& words) {
  const auto result = read(words);
  if (result.ok()) return "accepted";
  EXPECT_EQ(result.error().code, ErrorCode::usage);
  return result.error().message;
}

TEST(ReadArguments, TakesPositionalsInOrder) {
  const auto result = read({"a", "b"}).value();
  EXPECT_EQ(result.positional(0), "a");
  EXPECT_EQ(result.positional(1), "b");
  EXPECT_EQ(result.positional(2), "");
}

TEST(ReadArguments, TakesOptionsInEachSpelling) {
  for (const std::vector<std::string_view>& words :
       {std::vector<std::string_view>{"-o", "x", "p"}, {"p", "--output", "x"}, {"--output=x", "p"}}) {
    const auto result = read(words).value();
    EXPECT_EQ(result.value("--output"), "x");
    EXPECT_EQ(result.positional(0), "p");
  }
  EXPECT_EQ(read({"p"}).value().value("--output", "otherwise"), "otherwise");
  EXPECT_TRUE(read({"p", "--json"}).value().has("--json"));
  EXPECT_EQ(read({"--output", "--json", "p"}).value().value("--output"), "--json");
}

TEST(ReadArguments, CollectsWhatRepeats) {
  EXPECT_THAT(read({"p", "--slot", "a", "--slot=b"}).value().values("--slot"), testing::ElementsAre("a", "b"));
  EXPECT_EQ(refusal({"p", "-o", "a", "--output", "b"}), "--output was given twice");
}

TEST(ReadArguments, EndsOptionsAtTwoDashes) {
  EXPECT_EQ(read({"--", "--json", "-"}).value().positional(0), "--json");
  EXPECT_EQ(read({"-"}).value().positional(0), "-");
}

TEST(ReadArguments, SaysWhatWouldBeRight) {
  EXPECT_EQ(refusal({}), "PACK is missing: the pack");
  EXPECT_EQ(refusal({"a", "b", "c"}), "\"c\" is one argument too many");
  EXPECT_EQ(refusal({"p", "--ouput", "x"}), "there is no option --ouput; did you mean --output?");
  EXPECT_EQ(refusal({"p", "-x"}), "there is no option -x");
  EXPECT_EQ(refusal({"p", "--output"}), "--output needs a value: FILE");
  EXPECT_EQ(refusal({"p", "--output="}), "--output needs a value: FILE");
  EXPECT_EQ(refusal({"p", "--json=yes"}), "--json takes no value");
  EXPECT_EQ(refusal({"p", "--format", "svg"}), "--format can not be \"svg\": it is one of dot, json");
}

TEST(ReadArguments, StopsAtHelp) { EXPECT_TRUE(read({"--help", "--nonsense"}).value().has("--help")); }

}  // namespace
}  // namespace wayline::cli
