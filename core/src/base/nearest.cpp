#include "base/nearest.h"

#include <algorithm>
#include <cstddef>
#include <vector>

#include "base/ascii.h"

namespace wayline {
namespace {

/// Names are shorter; longer ones are not worth quadratic time.
constexpr std::size_t longest_word = 200;
/// Costs are in halves, so that a difference of case is cheaper than a different letter.
constexpr std::size_t edit_cost = 2;
constexpr std::size_t case_cost = 1;

std::size_t substitution_cost(char a, char b) {
  if (a == b) return 0;
  return to_lower(a) == to_lower(b) ? case_cost : edit_cost;
}

/// Optimal string alignment distance, in halves.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before_last(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j * edit_cost;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i * edit_cost;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      row[j] = std::min({last[j] + edit_cost, row[j - 1] + edit_cost, last[j - 1] + substitution_cost(a[i - 1], b[j - 1])});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) row[j] = std::min(row[j], before_last[j - 2] + edit_cost);
    }
    before_last.swap(last);
    last.swap(row);
  }
  return last[b.size()];
}

/// A third of the letters may be wrong, at least one.
std::size_t farthest(std::size_t length) { return edit_cost * std::max<std::size_t>(1, length / 3); }

}  // namespace

std::string_view nearest(std::string_view word, std::span<const std::string_view> candidates) {
  std::string_view best;
  if (word.empty() || word.size() > longest_word) return best;
  std::size_t best_distance = farthest(word.size()) + 1;
  for (std::string_view candidate : candidates) {
    if (candidate.empty() || candidate.size() > longest_word) continue;
    const std::size_t gap = candidate.size() > word.size() ? candidate.size() - word.size() : word.size() - candidate.size();
    if (gap * edit_cost >= best_distance) continue;
    const std::size_t found = distance(word, candidate);
    // A candidate of which nothing is left is no suggestion.
    if (found < best_distance && found < edit_cost * std::max(word.size(), candidate.size())) {
      best = candidate;
      best_distance = found;
    }
  }
  return best;
}

}  // namespace wayline
