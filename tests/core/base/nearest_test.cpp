#include "base/nearest.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace wayline {
namespace {

const std::vector<std::string_view> attributes = {"profile.tier", "profile.open_cases", "profile.first_name",
                                                  "page.path"};

TEST(Nearest, FindsSlipsOfThePen) {
  EXPECT_EQ(nearest("profile.tire", attributes), "profile.tier");               // swapped
  EXPECT_EQ(nearest("profile.opencases", attributes), "profile.open_cases");    // left out
  EXPECT_EQ(nearest("profile.firstt_name", attributes), "profile.first_name");  // doubled
  EXPECT_EQ(nearest("page.bath", attributes), "page.path");                     // mistaken
}

TEST(Nearest, PrefersOtherCaseToOtherLetters) {
  const std::vector<std::string_view> words = {"livf", "live"};
  EXPECT_EQ(nearest("LIVE", words), "");
  EXPECT_EQ(nearest("Live", words), "live");
  EXPECT_EQ(nearest("livE", words), "live");
}

TEST(Nearest, SuggestsNothingFarAway) {
  EXPECT_EQ(nearest("device.language", attributes), "");
  EXPECT_EQ(nearest("", attributes), "");
  EXPECT_EQ(nearest("x", std::vector<std::string_view>{"y"}), "");
  EXPECT_EQ(nearest("a", {}), "");
}

TEST(Nearest, TakesTheEarliestOfEquals) {
  const std::vector<std::string_view> words = {"goal-b", "goal-c"};
  EXPECT_EQ(nearest("goal-a", words), "goal-b");
}

TEST(Nearest, RefusesWordsThatAreNoNames) {
  const std::string longest(201, 'a');
  const std::vector<std::string_view> words = {longest};
  EXPECT_EQ(nearest(longest, words), "");
  EXPECT_EQ(nearest(std::string(200, 'a'), std::vector<std::string_view>{longest.data()}), "");
}

}  // namespace
}  // namespace wayline
