// The index over page rules: how values and pages become the hashes by which its edges are found. Builder and look-up
// share this, so that what the one files the other finds.
//
// The index only narrows: whatever it yields is examined in full, so it must never miss a rule that could match, and may
// well yield one that does not.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "base/hash.h"
#include "program/records.h"
#include "rules/coerce.h"
#include "wayline/value.h"

namespace wayline::program {

/// The two classes in which `==`, `===` and `in` can find scalars equal: as texts, and as numbers.
[[nodiscard]] inline std::uint32_t text_hash(std::string_view text) { return static_cast<std::uint32_t>(hash64(text, 1)); }
/// Nothing for NaN, which equals nothing.
[[nodiscard]] inline std::optional<std::uint32_t> number_hash(double number) {
  if (number != number) return std::nullopt;
  if (number == 0) number = 0;  // -0 equals 0
  return static_cast<std::uint32_t>(hash64({reinterpret_cast<const char*>(&number), sizeof number}, 2));
}

/// The fixed beginning of a page pattern, cut where a segment ends: "/product" for "/product/*". Empty when there is none, or when the pattern
/// is about more than the path.
[[nodiscard]] inline std::string_view fixed_beginning(std::string_view pattern) {
  if (!pattern.starts_with('/') || pattern.find_first_of("?#") != std::string_view::npos) return {};
  const std::size_t wild = pattern.find_first_of("*:");
  if (wild != std::string_view::npos) pattern = pattern.substr(0, pattern.rfind('/', wild));
  while (pattern.ends_with('/')) pattern.remove_suffix(1);
  return pattern;
}
[[nodiscard]] inline std::uint32_t page_hash(std::string_view beginning) { return static_cast<std::uint32_t>(hash64(beginning, 3)); }

/// The edges with that hash, of edges sorted by it.
[[nodiscard]] inline std::span<const IndexEdge> edges_of(std::span<const IndexEdge> edges, std::uint32_t hash) {
  std::size_t low = 0, high = edges.size();
  while (low < high) {
    const std::size_t middle = (low + high) / 2;
    if (edges[middle].hash < hash) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  std::size_t end = low;
  while (end < edges.size() && edges[end].hash == hash) ++end;
  return edges.subspan(low, end - low);
}

}  // namespace wayline::program
