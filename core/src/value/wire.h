// The compact encoding in which values cross between a host and the engine. wasm/README.md documents the bytes;
// tests/vectors/wire.json is run by this codec and by the one in web/src/engine.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "wayline/result.h"
#include "wayline/value.h"

namespace wayline {

/// Deepest nesting of lists and objects that is read: deeper than any state or event of ours, shallow enough for
/// recursion on a 64 KiB stack.
inline constexpr std::uint32_t wire_depth_limit = 64;

/// Largest encoding that is read: a state takes less than a tenth, and its values, 16 times as large, still fit a page's memory.
inline constexpr std::size_t wire_size_limit = std::size_t{1} << 20;

/// Reads exactly one value that fills `bytes`. Strings and keys are not copied: they refer to `bytes`, which must
/// outlive the value. Memory taken from the arena is at most 16 times the size of `bytes`. Refuses what encode_wire
/// never writes and what JSON can not say: ill-formed text, duplicate keys, NaN and infinities, over-long varints.
[[nodiscard]] Result<Value> decode_wire(std::span<const std::byte> bytes, Arena& arena, std::size_t size_limit = wire_size_limit);

/// Appends the encoding of `value` to `out`. Missing values and numbers that JSON can not say are written as null.
void encode_wire(const Value& value, std::string& out);

}  // namespace wayline
