#include "program/checksum.h"

#include "program/records.h"

namespace wayline::program {

namespace {

constexpr std::uint64_t prime = 0x9E3779B185EBCA87;

/// One to one in either argument, so that no change is lost.
inline std::uint64_t fold(std::uint64_t state, std::uint64_t word) {
  state = (state ^ word) * prime;
  return state ^ state >> 32;
}

}  // namespace

std::uint64_t checksum_of(std::span<const std::byte> file) {
  static_assert(offsetof(Header, version) == offsetof(Header, checksum) + sizeof(Header::checksum));
  const auto* next = reinterpret_cast<const std::uint64_t*>(file.data() + offsetof(Header, version));
  const auto* const end = reinterpret_cast<const std::uint64_t*>(file.data() + file.size());
  std::uint64_t lane_1 = 1, lane_2 = 2, lane_3 = 3, lane_4 = 4;
  for (; end - next >= 4; next += 4) {
    lane_1 = fold(lane_1, next[0]);
    lane_2 = fold(lane_2, next[1]);
    lane_3 = fold(lane_3, next[2]);
    lane_4 = fold(lane_4, next[3]);
  }
  for (; next < end; ++next) lane_1 = fold(lane_1, *next);
  return fold(fold(fold(fold(file.size(), lane_1), lane_2), lane_3), lane_4);
}

}  // namespace wayline::program
