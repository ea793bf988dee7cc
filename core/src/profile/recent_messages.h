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

/// Hashes of the latest message ids, oldest first.
class RecentMessages {
 public:
  [[nodiscard]] bool contains(std::uint64_t hash) const {
    return counts_[bucket(hash)] > 0 && std::find(hashes_.begin(), hashes_.end(), hash) != hashes_.end();
  }
  /// Beyond the limit the oldest is forgotten.
  void add(std::uint64_t hash) {
    if (hashes_.size() == max_remembered_messages) {
      --counts_[bucket(hashes_.front())];
      hashes_.erase(hashes_.begin());
    }
    hashes_.push_back(hash);
    ++counts_[bucket(hash)];
  }
  [[nodiscard]] std::span<const std::uint64_t> all() const { return hashes_; }

 private:
  static std::size_t bucket(std::uint64_t hash) { return hash % 512; }

  std::vector<std::uint64_t> hashes_;
  std::array<std::uint8_t, 512> counts_{};  // how many share their lowest bits: nearly every new id is told by that alone
};

}  // namespace wayline
