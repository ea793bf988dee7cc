// What happened in a replay, counted from the outputs of its steps.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "wayline/value.h"

namespace wayline::cli {

using Count = std::uint64_t;
using Counts = std::map<std::string, Count, std::less<>>;

class Tally {
 public:
  Tally() = default;
  Tally(const Tally&) = delete;
  Tally& operator=(const Tally&) = delete;

  /// One step's output.
  void add(const Value& output);
  /// Adds what another tally has counted.
  void add(const Tally& other);

  [[nodiscard]] Count events() const { return events_; }
  /// For people: journeys, then slots.
  [[nodiscard]] std::string text() const;
  /// {"duplicates", "events", "journeys", "slots"}; texts live as long as the tally.
  [[nodiscard]] Value value(Arena& arena) const;

 private:
  struct Journey {
    Count entries = 0;
    Count goals = 0;
    Counts stages;    // entered
    Counts outcomes;  // of those that ended
  };
  struct Slot {
    std::map<std::string, Counts, std::less<>> shown;  // experience -> variant -> decisions
    Counts defaults;                                   // reason -> decisions
  };

  /// A counter that was used lately; the names are those of the maps below.
  struct Recent {
    std::string_view slot, experience, variant;
    Count* count = nullptr;
  };
  /// A site has some dozens of experiences and variants; what does not fit is only slower.
  static constexpr std::size_t recent_count = 256;

  void add_effect(const Value& effect);
  void add_decision(std::string_view slot, const Value& decision);
  /// For the default content `experience` is empty and `variant` the reason.
  [[nodiscard]] Recent find_counter(std::string_view slot, std::string_view experience, std::string_view variant);

  Count events_ = 0;
  Count duplicates_ = 0;
  std::map<std::string, Journey, std::less<>> journeys_;
  std::map<std::string, Slot, std::less<>> slots_;
  std::array<Recent, recent_count> recent_;  // by the addresses of the names, which mostly are those of the program
};

}  // namespace wayline::cli
