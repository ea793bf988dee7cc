// What happened in a replay, counted from the answers to its steps.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "engine/outcome.h"
#include "program/tables.h"
#include "wayline/value.h"

namespace wayline::cli {

using Count = std::uint64_t;
using Counts = std::map<std::string, Count, std::less<>>;

/// Passes of journeys: how many were entered, how often their goals were reached, and what that was worth.
struct JourneyCounts {
  Count entries = 0;
  Count goals = 0;
  double value = 0;

  void add(const JourneyCounts& other) {
    entries += other.entries;
    goals += other.goals;
    value += other.value;
  }
};

class Tally {
 public:
  /// Of steps through the program of `tables`, which must outlive the tally.
  explicit Tally(const program::Tables& tables);

  void add(const Outcome& outcome);
  /// Adds what another tally of the same program has counted.
  void add(const Tally& other);

  [[nodiscard]] Count events() const { return events_; }
  [[nodiscard]] JourneyCounts journey(std::string_view id) const;
  /// For people: journeys, then slots.
  [[nodiscard]] std::string text() const;
  /// {"duplicates", "events", "journeys", "slots"}; texts live as long as the tally.
  [[nodiscard]] Value value(Arena& arena) const;

 private:
  struct Journey {
    JourneyCounts counts;
    JourneyCounts held_out;  // of these, those who pass unseen
    Counts stages;    // entered
    Counts outcomes;  // of those that ended
  };
  using NamedCounts = std::map<std::string_view, Count>;
  struct Slot {
    std::map<std::string_view, NamedCounts> shown;  // experience -> variant -> decisions
    NamedCounts defaults;                           // reason -> decisions
  };

  void add_effect(const Value& effect);
  /// By name, without those that nothing was decided for.
  [[nodiscard]] std::map<std::string_view, Slot> slots() const;

  const program::Tables* tables_;
  Count events_ = 0;
  Count duplicates_ = 0;
  std::map<std::string, Journey, std::less<>> journeys_;
  std::vector<Count> shown_;     // decisions by variant
  std::vector<Count> defaults_;  // by slot and reason
};

}  // namespace wayline::cli
