#include "cli/text.h"

#include <gtest/gtest.h>

namespace wayline::cli {
namespace {

TEST(Text, GroupsDigits) {
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(1000), "1,000");
  EXPECT_EQ(grouped(165'474), "165,474");
  EXPECT_EQ(grouped(18'446'744'073'709'551'615u), "18,446,744,073,709,551,615");
}

TEST(Text, CountsNouns) {
  EXPECT_EQ(counted(1, "visitor"), "1 visitor");
  EXPECT_EQ(counted(2000, "visitor"), "2,000 visitors");
}

TEST(Text, WritesHexadecimal) {
  EXPECT_EQ(hexadecimal(0), "0000000000000000");
  EXPECT_EQ(hexadecimal(0xd28df67fede5a404), "d28df67fede5a404");
}

TEST(Text, KeepsOfControlCharactersWhatSteersNothing) {
  EXPECT_EQ(harmless("caf\xC3\xA9\t1\n\x1b[1;31mred\x1b[0m"), "caf\xC3\xA9\t1\n\x1b[1;31mred\x1b[0m");
  EXPECT_EQ(harmless("\x1b]0;title\x07"), "?]0;title?");
  EXPECT_EQ(harmless("\x1b[2J\x1b[1"), "?[2J?[1");
  EXPECT_EQ(harmless("a\rb\x7f\xC2\x9B" "2J"), "a?b??2J");
  EXPECT_EQ(harmless("\xFF\x9B"), "\xEF\xBF\xBD\xEF\xBF\xBD");
}

TEST(Text, AlignsColumnsByCharacters) {
  EXPECT_EQ(aligned({{"é", "1"}, {"bcd", "10"}, {"x"}}, 1, "  "), "  é     1\n  bcd  10\n  x\n");
  EXPECT_EQ(aligned({}, 1, ""), "");
}

}  // namespace
}  // namespace wayline::cli
