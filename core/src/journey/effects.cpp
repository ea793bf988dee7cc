#include "journey/effects.h"

#include <string>

namespace wayline {

std::string Effects::next_id() const {
  std::string id = id_.empty() ? std::string(visitor_) + "-" + std::to_string(number_) : std::string(id_);
  return id += "/" + std::to_string(derived_ + 1);
}

/// Design 7.6: a derived event is named after its cause, so that a step taken again derives the same ids.
void Effects::track(std::string_view event, Value properties, Instant at) {
  const std::string id = next_id();
  ++derived_;
  ObjectBuilder effect(arena_);
  effect.add("at", Value::string(arena_.copy(format_instant(at))))
      .add("event", Value::string(event))
      .add("id", Value::string(arena_.copy(id)))
      .add("properties", properties)
      .add("type", Value::string("track"));
  effects_.push(effect.build());
}

void Effects::timer(Instant at) {
  ObjectBuilder effect(arena_);
  effect.add("at", Value::string(arena_.copy(format_instant(at)))).add("type", Value::string("timer"));
  effects_.push(effect.build());
}

}  // namespace wayline
