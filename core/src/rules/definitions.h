// Definitions, which are segments and computed attributes: rules that other rules use by name.
#pragma once

#include <cstdint>

namespace wayline {

/// A rule and the definitions that use one another below it nest evaluations: more than people write, less than a wasm stack holds. A pack that
/// nests them deeper is refused, for its answers would depend on which of them are remembered and need not be evaluated.
constexpr std::uint32_t max_nesting = 16;

}  // namespace wayline
