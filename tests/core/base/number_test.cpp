#include "base/number.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <random>

namespace wayline {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

std::string text_of(double number) {
  std::string text;
  append_number(number, text);
  return text;
}

// ECMA-262, Number::toString
TEST(Number, WritesAsJavaScript) {
  EXPECT_EQ(text_of(0), "0");
  EXPECT_EQ(text_of(-0.0), "0");
  EXPECT_EQ(text_of(100), "100");
  EXPECT_EQ(text_of(-1.5), "-1.5");
  EXPECT_EQ(text_of(0.1), "0.1");
  EXPECT_EQ(text_of(0.000001), "0.000001");
  EXPECT_EQ(text_of(1e-7), "1e-7");
  EXPECT_EQ(text_of(1.25e-7), "1.25e-7");
  EXPECT_EQ(text_of(123456789012345680000.0), "123456789012345680000");
  EXPECT_EQ(text_of(1e21), "1e+21");
  EXPECT_EQ(text_of(5e-324), "5e-324");
  EXPECT_EQ(text_of(-1.7976931348623157e308), "-1.7976931348623157e+308");
  EXPECT_EQ(text_of(infinity), "Infinity");
  EXPECT_EQ(text_of(-infinity), "-Infinity");
  EXPECT_EQ(text_of(NAN), "NaN");
}

// ECMA-262, StringToNumber
TEST(Number, ReadsAsJavaScript) {
  EXPECT_EQ(string_to_number(""), 0);
  EXPECT_EQ(string_to_number(" \t\n12\xC2\xA0\xE2\x80\xA8 "), 12);
  EXPECT_EQ(string_to_number("0x1F"), 31);
  EXPECT_EQ(string_to_number("0b101"), 5);
  EXPECT_EQ(string_to_number("0o17"), 15);
  EXPECT_EQ(string_to_number("5."), 5);
  EXPECT_EQ(string_to_number("-.5e1"), -5);
  EXPECT_EQ(string_to_number("1e400"), infinity);
  EXPECT_EQ(string_to_number("1e-400"), 0);
  EXPECT_EQ(string_to_number("-Infinity"), -infinity);
  EXPECT_EQ(string_to_number("0x20000000000001"), 9007199254740992);
  EXPECT_EQ(string_to_number("0x20000000000003"), 9007199254740996);
  for (const char* text : {"abc", "1_0", "+0x10", "0x", "1e", ".", "-", "12px", "infinity", "0b2", "1 2"}) {
    EXPECT_TRUE(std::isnan(string_to_number(text))) << text;
  }
}

TEST(Number, ParseFloatTakesTheLongestPrefix) {
  EXPECT_EQ(parse_float("12px"), 12);
  EXPECT_EQ(parse_float("  -3.5.7"), -3.5);
  EXPECT_EQ(parse_float("1e"), 1);
  EXPECT_EQ(parse_float("1e+5x"), 100000);
  EXPECT_EQ(parse_float("0x10"), 0);
  EXPECT_EQ(parse_float("Infinitybeyond"), infinity);
  EXPECT_TRUE(std::isnan(parse_float("")));
  EXPECT_TRUE(std::isnan(parse_float("px12")));
}

TEST(Number, EveryDoubleSurvivesItsText) {
  std::mt19937_64 random(7);
  for (int i = 0; i < 100'000; ++i) {
    const std::uint64_t bits = random();
    double number;
    std::memcpy(&number, &bits, sizeof number);
    if (!std::isfinite(number)) continue;
    ASSERT_EQ(string_to_number(text_of(number)), number) << text_of(number);
  }
}

TEST(Number, RoundsLikeTheLibraryHalfwayAndFarOff) {
  for (const char* text : {"9007199254740993", "9007199254740992.5000000000000000000000001", "2.4703282292062327e-324", "2.4703282292062328e-324",
                           "1.7976931348623158e308", "1.7976931348623159e308", "123456789012345678901234567890", "0.1000000000000000055511151231257827",
                           "4.4501477170144023e-308", "179769313486231580793e289"}) {
    EXPECT_EQ(string_to_number(text), std::strtod(text, nullptr)) << text;
  }
  std::mt19937_64 random(8);
  for (int i = 0; i < 20'000; ++i) {
    const std::string text = std::to_string(random()) + "." + std::to_string(random()) + "e" + std::to_string(static_cast<int>(random() % 660) - 340);
    ASSERT_EQ(string_to_number(text), std::strtod(text.c_str(), nullptr)) << text;
  }
}

TEST(Number, LongLiteralsEndQuickly) {
  EXPECT_EQ(string_to_number(std::string(1'000'000, '0') + "7"), 7);
  EXPECT_EQ(string_to_number("0." + std::string(1'000'000, '1')), 1.0 / 9);
  EXPECT_EQ(string_to_number("1" + std::string(1'000'000, '0') + "e-1000000"), 1);
  EXPECT_EQ(string_to_number("1e" + std::string(1000, '9')), infinity);
}

}  // namespace
}  // namespace wayline
