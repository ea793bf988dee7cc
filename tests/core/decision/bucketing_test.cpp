// GrowthBook's own cases, as far as they are shared, and what its source says of the others. GrowthBook goes by lists of ranges; the engine's
// one function is asked what such a list would answer.
#include "decision/bucketing.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "../support/vectors.h"
#include "base/hash.h"

namespace wayline {
namespace {

class Bucketing : public ::testing::Test {
 protected:
  const testing::Vectors vectors_{"tests/vectors/bucketing/cases.json"};
};

TEST_F(Bucketing, Hash) {
  for (const Value& row : vectors_.list("hash")) {
    const auto entry = row.as_list();
    if (entry[3].is_nothing()) continue;  // of a version that nobody has
    const auto hash = entry[2].as_number() == 1 ? bucket_hash_v1 : bucket_hash_v2;
    EXPECT_EQ(hash(entry[0].as_string(), entry[1].as_string()), entry[3].as_number()) << entry[1].as_string();
  }
}

TEST_F(Bucketing, BucketRanges) {
  for (const Value& row : vectors_.list("getBucketRange")) {
    const auto input = row.as_list()[1].as_list(), ranges = row.as_list()[2].as_list();
    std::vector<double> weights(ranges.size());  // those of 0, which are no weights, are shared equally
    if (input[2].is_list()) std::transform(input[2].as_list().begin(), input[2].as_list().end(), weights.begin(), [](const Value& weight) { return weight.as_number(); });
    // Between the numbers that a hash can be: the bounds themselves are sums, whose last bits the cases leave open.
    for (double n = 0.00005; n < 1; n += 0.0001) {
      int expected = -1;
      for (std::size_t i = 0; i < ranges.size(); ++i) {
        if (n >= ranges[i].as_list()[0].as_number() && n < ranges[i].as_list()[1].as_number()) expected = static_cast<int>(i);
      }
      ASSERT_EQ(choose_variation(n, input[1].as_number(), weights), expected) << row.as_list()[0].as_string() << " " << n;
    }
  }
}

TEST_F(Bucketing, ChooseVariation) {
  for (const Value& row : vectors_.list("chooseVariation")) {
    const auto entry = row.as_list(), ranges = entry[2].as_list();
    const auto from = [&](std::size_t i) { return i < ranges.size() ? ranges[i].as_list()[0].as_number() : 1; };
    std::vector<double> weights;
    for (std::size_t i = 0; i < ranges.size(); ++i) weights.push_back(from(i + 1) - from(i));
    const double coverage = ranges[0].as_list()[1].as_number() / weights[0];
    EXPECT_EQ(choose_variation(entry[1].as_number(), coverage, weights), entry[3].as_number()) << entry[0].as_string();
  }
}

TEST_F(Bucketing, EqualWeights) {
  for (const Value& row : vectors_.list("getEqualWeights")) {
    const auto shares = row.as_list()[1].as_list();
    const std::vector<double> weights(shares.size());
    constexpr double last_digits = 1e-7;
    double start = 0;
    for (int i = 0; i < static_cast<int>(shares.size()); ++i) {
      EXPECT_EQ(choose_variation(start + last_digits, 1, weights), i);
      start += shares[static_cast<std::size_t>(i)].as_number();
      EXPECT_EQ(choose_variation(start - last_digits, 1, weights), i);
    }
  }
}

TEST_F(Bucketing, InNamespace) {
  for (const Value& row : vectors_.list("inNamespace")) {
    const auto entry = row.as_list(), space = entry[2].as_list();
    EXPECT_EQ(in_namespace(entry[1].as_string(), space[0].as_string(), space[1].as_number(), space[2].as_number()), entry[3].as_boolean())
        << entry[0].as_string();
  }
}

// What GrowthBook's source does where the shared cases say nothing.
TEST(BucketingEdges, WeightsAndCoverage) {
  const double short_weights[] = {0.4, 0.1}, nearly[] = {0.5, 0.495}, halves[] = {0.5, 0.5};
  EXPECT_EQ(choose_variation(0.45, 1, short_weights), 0) << "weights below 0.99 count as equal";
  EXPECT_EQ(choose_variation(0.9945, 1, nearly), 1) << "weights from 0.99 to 1.01 stand";
  EXPECT_EQ(choose_variation(0.9955, 1, nearly), -1);
  EXPECT_EQ(choose_variation(0, -0.5, halves), -1) << "coverage below 0 is 0";
  EXPECT_EQ(choose_variation(0, 1, {}), -1);
}

// Computed by GrowthBook's JavaScript.
TEST(BucketingEdges, HashesCodeUnits) {
  EXPECT_EQ(bucket_hash_v2("seed", "😀"), 0.4346);
  EXPECT_EQ(bucket_hash_v2("séed", "用户-42"), 0.1594);
  EXPECT_EQ(bucket_hash_v1("seed", "😀"), 0.429);
  EXPECT_EQ(bucket_hash_v2("", ""), 0.2305);
  EXPECT_TRUE(in_namespace("ππ", "ns", 0.396, 0.3961));
}

}  // namespace
}  // namespace wayline
