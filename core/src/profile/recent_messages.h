// The message ids by which a visitor's duplicates are known.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace wayline {

/// Ids that are remembered; a client retries the newest of its events, not the oldest.
constexpr std::size_t max_remembered_messages = 128;
/// Of one visit: room for them is made at once.
constexpr std::size_t usual_messages = 16;

/// Hashes of the latest message ids, oldest first.
class RecentMessages {
 public:
  [[nodiscard]] bool contains(std::uint64_t hash) const {
    const auto hashes = all();
    return counts_[bucket(hash)] > 0 && std::find(hashes.begin(), hashes.end(), hash) != hashes.end();
  }
  /// Beyond the limit the oldest is forgotten.
  void add(std::uint64_t hash) {
    if (hashes_.size() >= max_remembered_messages) --counts_[bucket(all().front())];
    // Forgotten at leisure: moving all of them for each that is added would cost more than adding it.
    if (hashes_.size() == 2 * max_remembered_messages) hashes_.erase(hashes_.begin(), hashes_.begin() + max_remembered_messages);
    if (hashes_.empty()) hashes_.reserve(usual_messages);
    hashes_.push_back(hash);
    ++counts_[bucket(hash)];
  }
  [[nodiscard]] std::span<const std::uint64_t> all() const {
    const std::span<const std::uint64_t> hashes = hashes_;
    return hashes.last(std::min(hashes.size(), max_remembered_messages));
  }

 private:
  static std::size_t bucket(std::uint64_t hash) { return hash % 512; }

  std::vector<std::uint64_t> hashes_;  // and up to as many before those
  std::array<std::uint8_t, 512> counts_{};  // how many share their lowest bits: nearly every new id is told by that alone
};

}  // namespace wayline
