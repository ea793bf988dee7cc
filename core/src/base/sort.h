// Sorting in little code: each instance of std::sort is 3 to 5 kB of the module that every page loads.
#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <span>
#include <utility>
#include <vector>

namespace wayline {

template <typename Item, typename Less>
void sort_several(std::span<Item> items, Less less);

/// Sorts stably, with at most n log n comparisons beyond short runs: insertion into runs, which are merged bottom-up through a second array
/// (Knuth, The Art of Computer Programming 3, 5.2.4).
template <typename Item, typename Less = std::less<Item>>
inline void sort_stably(std::span<Item> items, Less less = {}) {
  // Mostly there is nothing to sort, and a browser that is new to the page nothing to compile.
  if (items.size() > 1) sort_several(items, less);
}

template <typename Item, typename Less>
void sort_several(std::span<Item> items, Less less) {
  constexpr std::size_t run = 8;
  const std::size_t size = items.size();
  for (std::size_t at = 1; at < size; ++at) {
    const std::size_t first = at - at % run;
    if (at == first || !less(items[at], items[at - 1])) continue;
    Item item = std::move(items[at]);
    std::size_t place = at;
    do {
      items[place] = std::move(items[place - 1]);
    } while (--place > first && less(item, items[place - 1]));
    items[place] = std::move(item);
  }
  if (size <= run) return;
  std::vector<Item> merged(size);
  Item* from = items.data();
  Item* to = merged.data();
  for (std::size_t width = run; width < size; width *= 2) {
    for (std::size_t at = 0; at < size;) {
      std::size_t left = at;
      const std::size_t middle = std::min(at + width, size), end = std::min(middle + width, size);
      std::size_t right = middle;
      while (at < end) {
        const bool takes_right = left == middle || (right < end && less(from[right], from[left]));
        to[at++] = std::move(from[takes_right ? right++ : left++]);
      }
    }
    std::swap(from, to);
  }
  if (from != items.data()) std::move(from, from + size, items.data());
}

}  // namespace wayline
