// What a step asks of its host: events to send, a timer to set. Collected in order; ids come from their cause.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/instant.h"
#include "wayline/value.h"

namespace wayline {

class Effects {
 public:
  /// Values live in `arena`. `cause` is the message id of the step; it must outlive the effects.
  Effects(Arena& arena, std::string_view cause) : arena_(arena), cause_(cause) {}

  /// The id of the next derived event: `<cause>/<n>`, n counting from 1.
  [[nodiscard]] std::string next_id() const { return std::string(cause_) + "/" + std::to_string(derived_ + 1); }
  /// A derived event.
  void track(std::string_view event, Value properties, Instant at);
  /// When the host should step next, if nothing else happens before.
  void timer(Instant at);
  [[nodiscard]] Value build();
  [[nodiscard]] Arena& arena() { return arena_; }

 private:
  Arena& arena_;
  std::string_view cause_;
  std::vector<Value> effects_;
  std::uint32_t derived_ = 0;
};

}  // namespace wayline
