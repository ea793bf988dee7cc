#include "base/hash.h"

#include <string>

#include <bit>
#include <cstring>

#include "base/utf.h"

namespace wayline {
namespace {

// Both targets are little-endian; a big-endian one would have to swap here.
static_assert(std::endian::native == std::endian::little);

template <typename T>
inline T load(const char* from) {
  T value;
  std::memcpy(&value, from, sizeof value);
  return value;
}

constexpr std::uint64_t prime_1 = 0x9E3779B185EBCA87;
constexpr std::uint64_t prime_2 = 0xC2B2AE3D27D4EB4F;
constexpr std::uint64_t prime_3 = 0x165667B19E3779F9;
constexpr std::uint64_t prime_4 = 0x85EBCA77C2B2AE63;
constexpr std::uint64_t prime_5 = 0x27D4EB2F165667C5;

inline std::uint64_t xxh_round(std::uint64_t lane, std::uint64_t input) {
  return std::rotl(lane + input * prime_2, 31) * prime_1;
}

inline std::uint64_t xxh_merge(std::uint64_t hash, std::uint64_t lane) {
  return (hash ^ xxh_round(0, lane)) * prime_1 + prime_4;
}

/// Steps 1 to 3 of the specification: whole stripes of 32 bytes through four lanes.
std::uint64_t xxh_stripes(const char*& next, const char* end, std::uint64_t seed) {
  std::uint64_t lane_1 = seed + prime_1 + prime_2, lane_2 = seed + prime_2, lane_3 = seed, lane_4 = seed - prime_1;
  for (; end - next >= 32; next += 32) {
    lane_1 = xxh_round(lane_1, load<std::uint64_t>(next));
    lane_2 = xxh_round(lane_2, load<std::uint64_t>(next + 8));
    lane_3 = xxh_round(lane_3, load<std::uint64_t>(next + 16));
    lane_4 = xxh_round(lane_4, load<std::uint64_t>(next + 24));
  }
  std::uint64_t hash = std::rotl(lane_1, 1) + std::rotl(lane_2, 7) + std::rotl(lane_3, 12) + std::rotl(lane_4, 18);
  for (std::uint64_t lane : {lane_1, lane_2, lane_3, lane_4}) hash = xxh_merge(hash, lane);
  return hash;
}

}  // namespace

std::uint32_t fnv1a_utf16(std::string_view text, std::uint32_t state) {
  constexpr std::uint32_t prime = 0x01000193;
  const auto fold = [&state](std::uint32_t unit) { state = (state ^ unit) * prime; };
  for (std::size_t at = 0; at < text.size();) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if (byte < 0x80) {
      fold(byte);
      ++at;
      continue;
    }
    const CodePoint point = decode_utf8(text, at);
    at += point.bytes;
    if (point.value < 0x10000) {
      fold(point.value);
    } else {
      fold(high_surrogate(point.value));
      fold(low_surrogate(point.value));
    }
  }
  return state;
}

std::uint32_t murmur3_32(std::string_view bytes, std::uint32_t seed) {
  constexpr std::uint32_t c1 = 0xcc9e2d51, c2 = 0x1b873593;
  const auto scramble = [](std::uint32_t block) { return std::rotl(block * c1, 15) * c2; };
  std::uint32_t hash = seed;
  std::size_t at = 0;
  for (; at + 4 <= bytes.size(); at += 4) {
    hash = std::rotl(hash ^ scramble(load<std::uint32_t>(bytes.data() + at)), 13) * 5 + 0xe6546b64;
  }
  std::uint32_t tail = 0;
  for (std::size_t i = bytes.size(); i > at; --i) tail = (tail << 8) | static_cast<unsigned char>(bytes[i - 1]);
  hash ^= scramble(tail);
  hash ^= static_cast<std::uint32_t>(bytes.size());
  hash = (hash ^ (hash >> 16)) * 0x85ebca6b;
  hash = (hash ^ (hash >> 13)) * 0xc2b2ae35;
  return hash ^ (hash >> 16);
}

std::uint64_t hash64(std::string_view bytes, std::uint64_t seed) {
  const char* next = bytes.data();
  const char* end = next + bytes.size();
  std::uint64_t hash = bytes.size() >= 32 ? xxh_stripes(next, end, seed) : seed + prime_5;
  hash += bytes.size();
  for (; end - next >= 8; next += 8) {
    hash = std::rotl(hash ^ xxh_round(0, load<std::uint64_t>(next)), 27) * prime_1 + prime_4;
  }
  if (end - next >= 4) {
    hash = std::rotl(hash ^ (load<std::uint32_t>(next) * prime_1), 23) * prime_2 + prime_3;
    next += 4;
  }
  for (; next < end; ++next) hash = std::rotl(hash ^ (static_cast<unsigned char>(*next) * prime_5), 11) * prime_1;
  hash = (hash ^ (hash >> 33)) * prime_2;
  hash = (hash ^ (hash >> 29)) * prime_3;
  return hash ^ (hash >> 32);
}

double bucket_hash_v1(std::string_view seed, std::string_view value) { return static_cast<double>(fnv1a_utf16(seed, fnv1a_utf16(value)) % 1000) / 1000; }

double bucket_hash_v2(std::string_view seed, std::string_view value) {
  const std::uint32_t inner = fnv1a_utf16(value, fnv1a_utf16(seed));
  return static_cast<double>(fnv1a_utf16(std::to_string(inner)) % 10000) / 10000;
}

}  // namespace wayline
