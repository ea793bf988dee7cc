// Who in a program listens to an event of some name, so that a step asks only those.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "program/tables.h"

namespace wayline::program {

struct Listeners {
  std::uint32_t history;                   // where history operators look for it; none: nowhere
  std::span<const std::uint32_t> entries;  // journeys that it may enter, in their order
  std::span<const Heard> signals;          // in the order of the intents
};

/// Of the event's name, or of its type where it has none.
[[nodiscard]] Listeners listeners_of(const Tables& tables, std::string_view event);

}  // namespace wayline::program
