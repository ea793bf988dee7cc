#include "journey/effects.h"

#include <cstring>
#include <string>

#include "base/number.h"

namespace wayline {

Value time_text(Instant instant, Arena& arena) {
  char text[instant_text_size];
  const std::size_t size = write_instant(instant, text);
  return Value::string(arena.copy({text, size}));
}

std::string_view Effects::next_id() {
  if (id_.empty()) id_ = arena_.copy(std::string(visitor_) + "-" + std::to_string(number_));
  char* text = arena_.allocate<char>(id_.size() + 1 + number_text_size);
  std::memcpy(text, id_.data(), id_.size());
  text[id_.size()] = '/';
  return {text, id_.size() + 1 + write_number(derived_ + 1, text + id_.size() + 1)};
}

/// Design 7.6: a derived event is named after its cause, so that a step taken again derives the same ids.
void Effects::track(std::string_view event, Value properties, Instant at) {
  const std::string_view id = next_id();
  ++derived_;
  ObjectBuilder effect(arena_);
  if (at != at_ || at_text_.is_missing()) at_text_ = time_text(at_ = at, arena_);
  effect.add("at", at_text_)
      .text("event", event)
      .text("id", id)
      .add("properties", properties)
      .text("type", "track");
  effects_.push(effect.build());
}

void Effects::timer(Instant at) {
  ObjectBuilder effect(arena_);
  effect.add("at", time_text(at, arena_)).text("type", "timer");
  effects_.push(effect.build());
}

}  // namespace wayline
