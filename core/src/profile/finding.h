// What was found out of a visitor, and what it was read from: rules are evaluated again only when something that they read has changed.
//
// While something is found, the environment notes what is read: which parts of the state, and when the clock alone would change the answer.
// Each part has the generation of its latest change; a finding that is younger than those of the parts it read is found again as it was. So:
// - Every read goes through the environment, which notes its part; every change is told to it, StateEnvironment::changed().
// - Nothing but light work is remembered beyond its moment. It counts as one operation of the budget, remembered or not: a session that
//   remembers and one that was just restored spend the same, and so answer the same.
// - Whatever depends on the event or on the clock without end is of the moment, and true until the next one only. A step has one moment for its
//   event, which signals, journeys and decisions share, and one for each instant at which timers fire.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "base/instant.h"

namespace wayline {

/// The parts of a state that change apart from one another.
enum class Part : std::uint8_t {
  person,       // profile and consent
  page,
  session,
  device,
  journeys,     // enrolments, holds of people
  assignments,  // variants seen
  name,         // of the event, and its type: often those of the event before
  stages,       // eight, by journey
  history = stages + 8,  // eight, by the event's name
  intents = history + 8,
  moment = intents + 8,  // the event, and the clock: another with every step
};
/// What an event moves is one journey, and what it adds to one score and one history: what is known of others stays known. More than eight share.
[[nodiscard]] constexpr Part part_of(Part first, std::uint32_t index) { return static_cast<Part>(static_cast<std::uint32_t>(first) + index % 8); }
constexpr std::size_t part_count = static_cast<std::size_t>(Part::moment) + 1;

/// What was read.
struct Reads {
  std::uint32_t parts = 0;       // bits by Part
  std::uint32_t weight = 0;      // operations, those of definitions that were asked for included
  Instant until = max_instant;   // when the clock changes the answer, exclusive

  void note(Part part) { parts |= std::uint32_t{1} << static_cast<std::uint32_t>(part); }
  void note_until(Instant instant) { until = std::min(until, instant); }
  [[nodiscard]] bool has(Part part) const { return (parts >> static_cast<std::uint32_t>(part) & 1) != 0; }
};

/// The heaviest work that counts as one operation: some comparisons, a look at the history.
constexpr std::uint32_t light_weight = 64;

struct Finding {
  std::uint64_t visitor = 0;     // whose; 0: nothing was found yet
  std::uint64_t generation = 0;  // when
  Instant from = 0;              // the clock then: a decision may look ahead of the next step
  Reads reads;
  bool over_budget = false;
};

/// The generation of the latest change of each part of one visitor's state.
using Changes = std::array<std::uint64_t, part_count>;

}  // namespace wayline
