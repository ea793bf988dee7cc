// The checksum of a program's file, which is also the program's identity.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace wayline::program {

/// Of all that follows the header's own field for it. `file` holds at least a header, is aligned to 8 bytes, and of a size that is a multiple
/// of them. A change of one word changes it for certain. Made for a browser that has not optimised anything yet: multiplications and shifts,
/// in four lanes; a rotation, which XXH64 is made of, is the call of a function there.
[[nodiscard]] std::uint64_t checksum_of(std::span<const std::byte> file);

}  // namespace wayline::program
