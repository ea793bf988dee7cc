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

  /// A derived event with the id `<cause>/<n>`, n counting from 1.
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
