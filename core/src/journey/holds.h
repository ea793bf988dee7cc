// Holds: what keeps journeys and page rules silent (design 7.7).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "profile/environment.h"
#include "profile/event.h"
#include "profile/state.h"
#include "program/tables.h"

namespace wayline {

/// Who holds, and why. Views into the state or the program.
struct ActiveHold {
  std::string_view by;
  std::string_view reason;
};

/// The hold that silences, at the environment's instant, a journey, or for `program::none` a page rule of `owner`:
/// of those that people placed the oldest, else the journey's own, else the site's.
[[nodiscard]] std::optional<ActiveHold> hold_on(const program::Tables& tables, const State& state, StateEnvironment& environment, std::string_view owner,
                                                std::uint32_t journey);

/// Whether a hold with that scope silences what `owner` owns; `journey` is empty for page rules.
[[nodiscard]] bool covers(std::string_view scope, std::string_view by, std::string_view owner, std::string_view journey);

enum class HoldChangeKind : std::uint8_t { none, placed, released };

/// What an event says of a person's hold.
struct HoldChange {
  HoldChangeKind kind = HoldChangeKind::none;
  PlacedHold hold;  // of the event's own time
};

/// What is told of a hold: `by`, `scope`, `reason`, and when it `expires`, unless it lasts until it is released.
void describe_hold(const PlacedHold& hold, ObjectBuilder& members, Arena& arena);

/// Reads `Hold Placed` and `Hold Released` into `change`; any other event changes no hold. Error: step.malformed.
[[nodiscard]] Result<Done> read_hold_change(const Event& event, HoldChange& change);

}  // namespace wayline
