// Who in a program listens to an event of some name: found once, when a program is taken into use, so that a step asks only those.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "program/tables.h"

namespace wayline::program {

struct Listeners {
  struct Heard {
    std::uint32_t intent = none;
    const Signal* signal = nullptr;
  };
  std::uint32_t history = none;        // where history operators look for it
  std::vector<std::uint32_t> entries;  // journeys that it may enter, in their order
  std::vector<Heard> signals;          // in the order of the intents
};

class ListenerIndex {
 public:
  /// `tables` must outlive the index.
  explicit ListenerIndex(const Tables& tables);
  /// Of the event's name, or of its type where it has none.
  [[nodiscard]] const Listeners& of(std::string_view event) const;

 private:
  [[nodiscard]] std::size_t place_of(std::string_view event) const;

  std::vector<std::string_view> names_;  // sorted
  std::vector<Listeners> named_;         // by the place of the name
  Listeners others_;                     // to a name that nobody names
};

}  // namespace wayline::program
