// The compact encoding in which a host's values come to the engine; it answers in JSON. wasm/README.md documents the bytes;
// tests/vectors/wire.json is run by this reader and by the writer in web/src/engine.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "wayline/result.h"
#include "wayline/value.h"

namespace wayline {

/// Deepest nesting of lists and objects that is read: deeper than any state or event of ours, shallow enough for
/// recursion on a 64 KiB stack.
inline constexpr std::uint32_t wire_depth_limit = 64;

/// Largest encoding that is read: a state takes less than a tenth, and its values, 16 times as large, still fit a page's memory.
inline constexpr std::size_t wire_size_limit = std::size_t{1} << 20;

/// Reads exactly one value that fills `bytes`. Strings and keys are not copied: they refer to `bytes`, which must
/// outlive the value. Memory taken from the arena is at most 16 times the size of `bytes`. Refuses what no writer
/// writes and what JSON can not say: ill-formed text, duplicate keys, NaN and infinities, over-long varints. Errors: wire.malformed, wire.truncated,
/// wire.too_deep, wire.too_large.
[[nodiscard]] Result<Value> decode_wire(std::span<const std::byte> bytes, Arena& arena, std::size_t size_limit = wire_size_limit);

}  // namespace wayline
