#include "decision/bucketing.h"

#include <algorithm>
#include <string>

#include "base/hash.h"

namespace wayline {

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
  const double n = bucket_hash_v1(std::string("__").append(name), value);
  return n >= from && n < to;
}

}  // namespace wayline
