// fractional, as flagd defines it since its high-precision bucketing: murmur3 of the bucketing value, spread over the
// whole weights by one 64-bit product, (hash * total) >> 32.
#include <cmath>

#include "base/hash.h"
#include "rules/evaluator.h"

namespace wayline {
namespace {

constexpr double largest_total = 2147483647;  // flagd's limit, so that products fit every language's integers

/// The weight of one distribution `[variant, weight]`; 1 when it is not said, negative when it is malformed.
double weight_of(const Value& distribution) {
  if (!distribution.is_list() || distribution.as_list().empty()) return -1;
  const auto parts = distribution.as_list();
  if (parts[0].is_list() || parts[0].is_object()) return -1;
  if (parts.size() < 2 || parts[1].is_nothing()) return 1;
  if (!parts[1].is_number() || parts[1].as_number() != std::trunc(parts[1].as_number())) return -1;
  return parts[1].as_number();
}

/// Where the rule names no bucketing value: flag key and targeting key of a flagd context.
Value default_key(Evaluator& evaluator) {
  const Value targeting_key = evaluator.root().get("targetingKey");
  if (!targeting_key.is_string()) return {};
  TextBuilder key(evaluator);
  const Value flag_key = evaluator.root().get("$flagd").get("flagKey");
  if (flag_key.is_string()) key.append(flag_key.as_string());
  key.append(targeting_key.as_string());
  return key.build();
}

}  // namespace

namespace operators {

// No answer when a distribution is malformed or there is nothing to bucket by.
Value fractional(Evaluator& evaluator, const Node& node) {
  Value key = evaluator.operand(node, 0);
  const std::uint32_t from = key.is_string() || key.is_nothing() ? 1 : 0;
  if (!key.is_string()) key = default_key(evaluator);
  if (!key.is_string() || from == node.count) return Value::null();

  Value* distributions = evaluator.new_list(node.count - from);
  if (distributions == nullptr) return {};
  double total = 0;
  for (std::uint32_t i = from; i < node.count; ++i) {
    const Value distribution = evaluator.operand(node, i);
    const double weight = weight_of(distribution);
    if (weight < 0 || weight > largest_total) return Value::null();
    total = total + weight;
    distributions[i - from] = distribution;
  }
  if (total > largest_total) return Value::null();
  if (total == 0) return Value::string("");

  const std::uint64_t bucket = (static_cast<std::uint64_t>(murmur3_32(key.as_string())) * static_cast<std::uint64_t>(total)) >> 32;
  double end = 0;
  for (std::uint32_t i = from; i < node.count; ++i) {
    end = end + weight_of(distributions[i - from]);
    if (static_cast<double>(bucket) < end) return distributions[i - from].as_list()[0];
  }
  return Value::null();
}

}  // namespace operators
}  // namespace wayline
