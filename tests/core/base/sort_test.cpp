#include "base/sort.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace wayline {
namespace {

using Pair = std::pair<unsigned, std::string>;

std::vector<Pair> sequence(std::size_t size, unsigned keys, std::mt19937& random) {
  std::vector<Pair> items;
  for (std::size_t i = 0; i < size; ++i) items.emplace_back(static_cast<unsigned>(random() % keys), "item " + std::to_string(i));
  return items;
}

bool less(const Pair& left, const Pair& right) { return left.first < right.first; }

TEST(Sort, KeepsTheOrderOfEquals) {
  std::mt19937 random(7);
  for (std::size_t size = 0; size < 200; ++size) {
    for (const unsigned keys : {1U, 3U, 1000U}) {
      auto items = sequence(size, keys, random), expected = items;
      sort_stably(std::span(items), less);
      std::stable_sort(expected.begin(), expected.end(), less);
      ASSERT_EQ(items, expected) << size << " items of " << keys << " keys";
    }
  }
}

TEST(Sort, ComparesNoMoreThanItSays) {
  std::mt19937 random(8);
  auto items = sequence(1 << 14, 1 << 20, random);
  for (const bool reversed : {false, true}) {
    if (reversed) std::reverse(items.begin(), items.end());
    std::size_t compared = 0;
    sort_stably(std::span(items), [&](const Pair& left, const Pair& right) { return ++compared, less(left, right); });
    EXPECT_LE(compared, items.size() * 16);
    EXPECT_TRUE(std::is_sorted(items.begin(), items.end(), less));
  }
}

}  // namespace
}  // namespace wayline
