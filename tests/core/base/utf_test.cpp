#include "base/utf.h"

#include <gtest/gtest.h>

namespace wayline {
namespace {

std::string joined(const Utf16Slice& slice) {
  std::string text;
  if (slice.low_before != 0) append_utf8(slice.low_before, text);
  text += slice.middle;
  if (slice.high_after != 0) append_utf8(slice.high_after, text);
  return text;
}

constexpr std::string_view high_half = "\xED\xA0\xBD";  // U+D83D
constexpr std::string_view low_half = "\xED\xB8\x80";   // U+DE00

TEST(Utf, CountsCodeUnits) {
  EXPECT_EQ(utf16_length(""), 0u);
  EXPECT_EQ(utf16_length("aé語😀"), 5u);
  EXPECT_EQ(utf16_length(high_half), 1u);
}

TEST(Utf, SlicesBetweenAndThroughPairs) {
  EXPECT_EQ(joined(utf16_slice("a😀b", 0, 4)), "a😀b");
  EXPECT_EQ(joined(utf16_slice("a😀b", 1, 3)), "😀");
  EXPECT_EQ(joined(utf16_slice("a😀b", 0, 2)), "a" + std::string(high_half));
  EXPECT_EQ(joined(utf16_slice("a😀b", 2, 4)), std::string(low_half) + "b");
  EXPECT_EQ(joined(utf16_slice("😀😀", 1, 3)), std::string(low_half) + std::string(high_half));
  EXPECT_EQ(joined(utf16_slice("😀", 1, 1)), "");
  EXPECT_EQ(joined(utf16_slice("ab", 5, 9)), "");
}

TEST(Utf, OrdersByCodeUnits) {
  EXPECT_LT(compare_utf16("a", "b"), 0);
  EXPECT_LT(compare_utf16("a", "ab"), 0);
  EXPECT_EQ(compare_utf16("é😀", "é😀"), 0);
  EXPECT_LT(compare_utf16("😀", "\uFFFD"), 0);          // a pair starts with U+D83D
  EXPECT_LT(compare_utf16("\uD7FF", "😀"), 0);
  EXPECT_LT(compare_utf16(high_half, "😀"), 0);          // its first half alone is a prefix
  EXPECT_LT(compare_utf16("😀", low_half), 0);
  EXPECT_LT(compare_utf16("😀", "😁"), 0);
}

TEST(Utf, FindsHalvesOfPairs) {
  EXPECT_TRUE(contains_utf16("x😀y", "😀"));
  EXPECT_TRUE(contains_utf16("x😀y", high_half));
  EXPECT_TRUE(contains_utf16("x😀y", std::string(low_half) + "y"));
  EXPECT_FALSE(contains_utf16("xy", high_half));
}

TEST(Utf, HalvesThatMeetJoin) {
  ASSERT_TRUE(joins_surrogates(high_half, low_half));
  EXPECT_EQ(joined_code_point(high_half, low_half), 0x1F600u);
  EXPECT_FALSE(joins_surrogates(low_half, high_half));
  EXPECT_FALSE(joins_surrogates("a", low_half));
}

TEST(Utf, ValidatesStrictly) {
  EXPECT_TRUE(valid_utf8("aé語😀"));
  for (const std::string_view bad : {"\xC0\x80", "\xE0\x80\x80", "\xF5\x80\x80\x80", "\xC3", "\x80", "\xF0\x9F\x98", "\xFF"}) {
    EXPECT_FALSE(valid_utf8(bad));
    EXPECT_FALSE(valid_wtf8(bad));
  }
  EXPECT_FALSE(valid_utf8(high_half));
  EXPECT_TRUE(valid_wtf8(high_half));
}

}  // namespace
}  // namespace wayline
