// Hash functions. All are contracts with the outside (analysis tools, flag providers, stored programs): never changed.
#pragma once

#include <cstdint>
#include <string_view>

namespace wayline {

constexpr std::uint32_t fnv1a_start = 0x811c9dc5;

/// FNV-1a, 32 bits, over the UTF-16 code units of a UTF-8 text, as GrowthBook's JavaScript computes it: each whole
/// unit is folded in at once. Pass an earlier result as `state` to go on with a further piece of text.
[[nodiscard]] std::uint32_t fnv1a_utf16(std::string_view text, std::uint32_t state = fnv1a_start);

/// MurmurHash3_x86_32 over bytes, as flagd's `fractional` uses it.
[[nodiscard]] std::uint32_t murmur3_32(std::string_view bytes, std::uint32_t seed = 0);

/// XXH64 (specification 0.1.1) over bytes: checksums of programs, digests of decisions. Chain by passing the last
/// hash as the next seed.
[[nodiscard]] std::uint64_t hash64(std::string_view bytes, std::uint64_t seed = 0);

/// A number in [0, 1) for a seed and a value, as GrowthBook's hashing gives it: version 1 in thousandths, version 2 in ten-thousandths.
[[nodiscard]] double bucket_hash_v1(std::string_view seed, std::string_view value);
[[nodiscard]] double bucket_hash_v2(std::string_view seed, std::string_view value);

}  // namespace wayline
