#include "output.h"

#include <array>
#include <cstring>
#include <span>
#include <utility>

#include "value/json.h"

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
  write_json(value, output());
}

namespace {

constexpr std::size_t word = sizeof(std::uint32_t);
/// Beside a reason: the content is what an earlier answer told.
constexpr std::uint32_t told_bit = 0x80000000;

/// The number of decisions, the size of what follows them, then slot, experience, variant and reason of each.
void put_words(std::span<const SlotDecision> decisions) {
  std::string& bytes = output();
  bytes.resize((2 + 4 * decisions.size()) * word);
  char* next = bytes.data();
  const auto put_word = [&next](std::uint32_t value) {
    std::memcpy(next, &value, word);
    next += word;
  };
  put_word(static_cast<std::uint32_t>(decisions.size()));
  put_word(0);
  for (const SlotDecision& decision : decisions) {
    put_word(decision.slot);
    put_word(decision.experience);
    put_word(decision.variant);
    put_word(static_cast<std::uint32_t>(decision.reason) | (decision.told ? told_bit : 0));
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

const char* put_result(const Result<Value>& result) {
  if (!result.ok()) return put_error(result.error()), nullptr;
  put(result.value());
  return output().data();
}

const char* put_result(const Result<Outcome>& result) {
  if (!result.ok()) return put_error(result.error()), nullptr;
  const Outcome& outcome = result.value();
  const std::size_t words = (put_words(outcome.decisions), output().size());
  std::array<Member, 9> parts;
  std::size_t count = 0;
  const auto add = [&](std::string_view key, const Value& value) {
    if (!value.is_missing()) parts[count++] = {key, value};
  };
  add("candidates", outcome.candidates);
  add("changed", outcome.changed);
  add("contents", outcome.contents);
  if (outcome.duplicate) add("duplicate", Value::boolean(true));
  add("effects", outcome.effects);
  add("journeys", outcome.journeys);
  add("notices", outcome.notices);
  add("previews", outcome.previews);
  add("withheld", outcome.withheld);
  if (count > 0) {
    write_json(Value::object(std::span(parts).first(count)), output());
    const auto size = static_cast<std::uint32_t>(output().size() - words);
    std::memcpy(output().data() + word, &size, word);
  }
  return output().data();
}

Status put_text(std::string_view text) {
  output().assign(text);
  return 0;
}

}  // namespace wayline
