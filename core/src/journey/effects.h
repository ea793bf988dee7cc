// What a step asks of its host: events to send, a timer to set. Collected in order; ids come from their cause.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/instant.h"
#include "wayline/value.h"

namespace wayline {

/// As effects and answers write times: ISO 8601 in UTC, with milliseconds.
[[nodiscard]] Value time_text(Instant instant, Arena& arena);

class Effects {
 public:
  /// Values live in `arena`. `id` is the message id of the step; without one, its cause is `<visitor>-<number of the step>`.
  Effects(Arena& arena, std::string_view id, std::string_view visitor, std::uint64_t number)
      : arena_(arena), id_(id), visitor_(visitor), number_(number), effects_(arena) {}

  /// The id of the next derived event: `<cause>/<n>`, n counting from 1.
  [[nodiscard]] std::string_view next_id();
  /// A derived event.
  void track(std::string_view event, Value properties, Instant at);
  /// When the host should step next, if nothing else happens before.
  void timer(Instant at);
  /// Missing when there are none.
  [[nodiscard]] Value build() const { return effects_.empty() ? Value() : Value::list(effects_.items()); }
  [[nodiscard]] Arena& arena() { return arena_; }

 private:
  Arena& arena_;
  std::string_view id_, visitor_;
  std::uint64_t number_;
  ArenaRun<Value> effects_;
  std::uint32_t derived_ = 0;
  Instant at_ = 0;  // of the latest effect, and as a text: mostly that of the next one as well
  Value at_text_;
};

}  // namespace wayline
