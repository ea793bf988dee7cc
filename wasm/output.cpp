#include "output.h"

#include <cstring>
#include <utility>

#include "value/wire.h"

namespace wayline {

std::string& output() {
  // Reserved beyond what a string keeps inside of itself, so that its bytes are aligned as blocks are.
  static std::string text = [] {
    std::string reserved;
    reserved.reserve(4096);
    return reserved;
  }();
  return text;
}

void put(const Value& value) {
  output().clear();
  encode_wire(value, output());
}

namespace {

/// The number of decisions, whether more follows them, then slot, experience, variant and reason of each.
void put_words(std::span<const SlotDecision> decisions, bool is_all) {
  constexpr std::size_t word = sizeof(std::uint32_t);
  std::string& bytes = output();
  bytes.resize((2 + 4 * decisions.size()) * word);
  char* next = bytes.data();
  const auto put_word = [&next](std::uint32_t value) {
    std::memcpy(next, &value, word);
    next += word;
  };
  put_word(static_cast<std::uint32_t>(decisions.size()));
  put_word(is_all ? 0 : 1);
  for (const SlotDecision& decision : decisions) {
    put_word(decision.slot);
    put_word(decision.experience);
    put_word(decision.variant);
    put_word(static_cast<std::uint32_t>(decision.reason));
  }
}

}  // namespace

Status put_error(const Error& error) {
  Arena arena;
  put(ObjectBuilder(arena)
          .add("code", Value::string(code_text(error.code)))
          .add("message", Value::string(error.message))
          .build());
  return 1;
}

Status put_result(const Result<Value>& result) {
  if (!result.ok()) return put_error(result.error());
  put(result.value());
  return 0;
}

Status put_result(const Result<Outcome>& result) {
  if (!result.ok()) return put_error(result.error());
  const Outcome& outcome = result.value();
  Arena arena;
  ObjectBuilder rest(arena);
  bool empty = true;
  const auto add = [&](std::string_view key, const Value& value) {
    if (value.is_missing()) return;
    rest.add(key, value);
    empty = false;
  };
  add("candidates", outcome.candidates);
  add("contents", outcome.contents);
  if (outcome.duplicate) add("duplicate", Value::boolean(true));
  add("effects", outcome.effects);
  if (outcome.journeys_changed) add("journeys", outcome.journeys.is_missing() ? Value::null() : outcome.journeys);
  add("notices", outcome.notices);
  add("previews", outcome.previews);
  add("withheld", outcome.withheld);
  put_words(outcome.decisions, empty);
  if (!empty) encode_wire(rest.build(), output());
  return 0;
}

Status put_text(std::string_view text) {
  output().assign(text);
  return 0;
}

}  // namespace wayline
