#include "decision/bucketing.h"

#include <algorithm>
#include <string>

#include "base/hash.h"

namespace wayline {

std::optional<double> bucket_hash(std::string_view seed, std::string_view value, int version) {
  if (version == 2) return bucket_hash_v2(seed, value);
  if (version == 1) return static_cast<double>(fnv1a_utf16(seed, fnv1a_utf16(value)) % 1000) / 1000;
  return std::nullopt;
}

std::vector<double> equal_weights(int count) {
  if (count <= 0) return {};
  return std::vector<double>(static_cast<std::size_t>(count), 1.0 / count);
}

std::vector<BucketRange> bucket_ranges(int count, double coverage, std::span<const double> weights) {
  coverage = std::clamp(coverage, 0.0, 1.0);
  const std::vector<double> equal = equal_weights(count);
  double total = 0;
  for (const double weight : weights) total += weight;
  if (weights.size() != equal.size() || total < 0.99 || total > 1.01) weights = equal;

  std::vector<BucketRange> ranges;
  double start = 0;
  for (const double weight : weights) {
    ranges.push_back({start, start + coverage * weight});
    start += weight;
  }
  return ranges;
}

int choose_variation(double n, std::span<const BucketRange> ranges) {
  for (std::size_t i = 0; i < ranges.size(); ++i) {
    if (n >= ranges[i].from && n < ranges[i].to) return static_cast<int>(i);
  }
  return -1;
}

int choose_variation(double n, double coverage, std::span<const double> weights) {
  coverage = std::clamp(coverage, 0.0, 1.0);
  double total = 0;
  for (const double weight : weights) total += weight;
  const bool is_equal = total < 0.99 || total > 1.01;
  const double share = 1.0 / static_cast<double>(weights.size());
  double start = 0;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const double weight = is_equal ? share : weights[i];
    if (n >= start && n < start + coverage * weight) return static_cast<int>(i);
    start += weight;
  }
  return -1;
}

bool in_namespace(std::string_view value, std::string_view name, double from, double to) {
  const double n = *bucket_hash("__" + std::string(name), value, 1);
  return n >= from && n < to;
}

}  // namespace wayline
