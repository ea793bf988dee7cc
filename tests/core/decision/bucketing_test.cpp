// GrowthBook's own cases, as far as they are shared, and what its source says of the others.
#include "decision/bucketing.h"

#include <gtest/gtest.h>

#include <cmath>

#include "../support/vectors.h"

namespace wayline {
namespace {

std::vector<double> numbers(const Value& list) {
  std::vector<double> result;
  if (list.is_list()) {
    for (const Value& item : list.as_list()) result.push_back(item.as_number());
  }
  return result;
}

std::vector<BucketRange> ranges(const Value& list) {
  std::vector<BucketRange> result;
  for (const Value& item : list.as_list()) result.push_back({item.as_list()[0].as_number(), item.as_list()[1].as_number()});
  return result;
}

/// Cases compare after flooring to eight decimals.
double floored(double number) { return std::floor(number * 1e8) / 1e8; }

class Bucketing : public ::testing::Test {
 protected:
  const testing::Vectors vectors_{"tests/vectors/bucketing/cases.json"};
};

TEST_F(Bucketing, Hash) {
  for (const Value& row : vectors_.list("hash")) {
    const auto entry = row.as_list();
    const auto hash = bucket_hash(entry[0].as_string(), entry[1].as_string(), static_cast<int>(entry[2].as_number()));
    const auto expected = entry[3].kind() == Kind::null ? std::nullopt : std::optional(entry[3].as_number());
    EXPECT_EQ(hash, expected) << entry[1].as_string();
  }
}

TEST_F(Bucketing, BucketRanges) {
  for (const Value& row : vectors_.list("getBucketRange")) {
    const auto input = row.as_list()[1].as_list();
    const auto found = bucket_ranges(static_cast<int>(input[0].as_number()), input[1].as_number(), numbers(input[2]));
    const auto expected = ranges(row.as_list()[2]);
    ASSERT_EQ(found.size(), expected.size());
    for (std::size_t i = 0; i < found.size(); ++i) {
      EXPECT_EQ(floored(found[i].from), floored(expected[i].from)) << row.as_list()[0].as_string();
      EXPECT_EQ(floored(found[i].to), floored(expected[i].to)) << row.as_list()[0].as_string();
    }
  }
}

TEST_F(Bucketing, ChooseVariation) {
  for (const Value& row : vectors_.list("chooseVariation")) {
    const auto entry = row.as_list();
    EXPECT_EQ(choose_variation(entry[1].as_number(), ranges(entry[2])), entry[3].as_number()) << entry[0].as_string();
  }
}

TEST_F(Bucketing, InNamespace) {
  for (const Value& row : vectors_.list("inNamespace")) {
    const auto entry = row.as_list(), space = entry[2].as_list();
    EXPECT_EQ(in_namespace(entry[1].as_string(), space[0].as_string(), space[1].as_number(), space[2].as_number()), entry[3].as_boolean())
        << entry[0].as_string();
  }
}

TEST_F(Bucketing, EqualWeights) {
  for (const Value& row : vectors_.list("getEqualWeights")) {
    const auto entry = row.as_list();
    const auto found = equal_weights(static_cast<int>(entry[0].as_number()));
    const auto expected = numbers(entry[1]);
    ASSERT_EQ(found.size(), expected.size());
    for (std::size_t i = 0; i < found.size(); ++i) EXPECT_EQ(floored(found[i]), floored(expected[i]));
  }
}

// What GrowthBook's source does where the shared cases say nothing.
TEST(BucketingEdges, WeightsAndCoverage) {
  const double short_weights[] = {0.4, 0.1}, nearly[] = {0.5, 0.495}, three[] = {0.2, 0.3, 0.5};
  EXPECT_EQ(bucket_ranges(2, 1, short_weights)[0].to, 0.5) << "weights below 0.99 count as equal";
  EXPECT_EQ(bucket_ranges(2, 1, nearly)[1].to, 0.995) << "weights from 0.99 to 1.01 stand";
  EXPECT_EQ(bucket_ranges(2, 1, three)[1].from, 0.5) << "another number of weights counts as equal";
  EXPECT_EQ(bucket_ranges(2, -0.5, {})[1].to, 0.5) << "coverage below 0 is 0";
  EXPECT_TRUE(bucket_ranges(0, 1, {}).empty());
}

// Computed by GrowthBook's JavaScript.
TEST(BucketingEdges, HashesCodeUnits) {
  EXPECT_EQ(bucket_hash("seed", "😀", 2), 0.4346);
  EXPECT_EQ(bucket_hash("séed", "用户-42", 2), 0.1594);
  EXPECT_EQ(bucket_hash("seed", "😀", 1), 0.429);
  EXPECT_EQ(bucket_hash("", "", 2), 0.2305);
  EXPECT_TRUE(in_namespace("ππ", "ns", 0.396, 0.3961));
}

TEST(ChooseVariation, IsTheSameWithoutRanges) {
  const std::vector<std::vector<double>> weight_lists{{1}, {0.5, 0.5}, {0.1, 0.2, 0.7}, {0.3, 0.3}, {0, 1}, {2, 2}, {}};
  for (const std::vector<double>& weights : weight_lists) {
    for (const double coverage : {-1.0, 0.0, 0.01, 0.5, 1.0, 3.0}) {
      const auto ranges = bucket_ranges(static_cast<int>(weights.size()), coverage, weights);
      for (int n = 0; n < 10'000; ++n) {
        ASSERT_EQ(choose_variation(n / 10'000.0, coverage, weights), choose_variation(n / 10'000.0, ranges)) << n << " " << coverage;
      }
    }
  }
}

}  // namespace
}  // namespace wayline
