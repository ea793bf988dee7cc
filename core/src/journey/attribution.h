// Which exposures a goal is credited to (design 7.5).
#pragma once

#include <cstdint>

#include "profile/state.h"
#include "program/tables.h"

namespace wayline {

/// [{experience, seen, share, variant}] of what the journey showed inside its declared window before `now`: of each experience its
/// latest exposure, by id. Shares are equal and add up to 1. Empty when nothing of it was seen.
[[nodiscard]] Value attribution(const program::Tables& tables, const State& state, std::uint32_t journey, Instant now, Arena& arena);

}  // namespace wayline
