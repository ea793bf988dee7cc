// "Did you mean": the candidate nearest to a misspelt word.
#pragma once

#include <span>
#include <string_view>

namespace wayline {

/// The candidate nearest to `word` by edit distance (insertions, deletions, substitutions and swaps of neighbours
/// count one each; case counts half), the earliest among equals, or empty when none is near enough to suggest: a third of
/// the word's bytes may be wrong, at least one. Optimal string alignment; words beyond 200 bytes have no neighbours.
[[nodiscard]] std::string_view nearest(std::string_view word, std::span<const std::string_view> candidates);

}  // namespace wayline
