// Assignment to variations, bit for bit as GrowthBook's SDKs do it, so that tools which read GrowthBook's exposures
// read ours. Source: GrowthBook's "Building your own SDK", hashing and bucketing.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace wayline {

struct BucketRange {
  double from = 0;  // inclusive
  double to = 0;    // exclusive
};

/// A number in [0, 1) for a seed and a value; nothing for a version other than 1 and 2.
[[nodiscard]] std::optional<double> bucket_hash(std::string_view seed, std::string_view value, int version);
/// One share each; empty for a count of zero or less.
[[nodiscard]] std::vector<double> equal_weights(int count);
/// `coverage` is clamped to [0, 1]. Weights of another number, or that do not add up to about 1, count as equal.
[[nodiscard]] std::vector<BucketRange> bucket_ranges(int count, double coverage, std::span<const double> weights);
/// The first range that holds `n`, or -1.
[[nodiscard]] int choose_variation(double n, std::span<const BucketRange> ranges);
/// choose_variation() over bucket_ranges() of as many variations as there are weights, without making the ranges.
[[nodiscard]] int choose_variation(double n, double coverage, std::span<const double> weights);
[[nodiscard]] bool in_namespace(std::string_view value, std::string_view name, double from, double to);

}  // namespace wayline
