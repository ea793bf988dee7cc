// Assignment to variations, bit for bit as GrowthBook's SDKs do it, so that tools which read GrowthBook's exposures
// read ours. Source: GrowthBook's "Building your own SDK", hashing (base/hash.h) and bucketing.
#pragma once

#include <span>
#include <string_view>

namespace wayline {

/// Of as many variations as there are weights, the one in whose range `n`, in [0, 1), falls; -1 for none. `coverage`, the share of each range
/// that counts, is clamped to [0, 1]. Weights that do not add up to about 1 count as equal.
[[nodiscard]] int choose_variation(double n, double coverage, std::span<const double> weights);
/// Whether the value falls in that part of the namespace, from `from` up to below `to`.
[[nodiscard]] bool in_namespace(std::string_view value, std::string_view name, double from, double to);

}  // namespace wayline
