// Visitors who are never treated, so that there is something to compare with (design 8.4).
#pragma once

#include <cstdint>
#include <string_view>

#include "program/tables.h"

namespace wayline {

/// The variant under which an experience that a holdout did not see is measured. No variant of a pack is called so.
inline constexpr std::string_view holdout_variant = "holdout";

/// Whether the visitor is in the site's holdout.
[[nodiscard]] bool in_holdout(const program::Tables& tables, std::string_view visitor);
/// Whether the visitor is in the holdout of the journey alone.
[[nodiscard]] bool in_journey_holdout(const program::Tables& tables, std::uint32_t journey, std::string_view visitor);

}  // namespace wayline
