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

TEST(Text, AlignsColumnsByCharacters) {
  EXPECT_EQ(aligned({{"é", "1"}, {"bcd", "10"}, {"x"}}, 1, "  "), "  é     1\n  bcd  10\n  x\n");
  EXPECT_EQ(aligned({}, 1, ""), "");
}

}  // namespace
}  // namespace wayline::cli
