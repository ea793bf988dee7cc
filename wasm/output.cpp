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

/// What may follow the decisions, but for `duplicate`.
constexpr std::array<std::pair<std::string_view, Value Outcome::*>, 8> parts{{{"candidates", &Outcome::candidates},
                                                                             {"changed", &Outcome::changed},
                                                                             {"contents", &Outcome::contents},
                                                                             {"effects", &Outcome::effects},
                                                                             {"journeys", &Outcome::journeys},
                                                                             {"notices", &Outcome::notices},
                                                                             {"previews", &Outcome::previews},
                                                                             {"withheld", &Outcome::withheld}}};

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
          .text("code", engine_code_text(error.code))
          .text("message", error.message)
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
  std::array<Member, parts.size() + 1> members;
  std::size_t count = 0;
  for (const auto& [key, part] : parts) {
    const Value& value = outcome.*part;
    if (!value.is_missing()) members[count++] = {key, value};
  }
  if (outcome.duplicate) members[count++] = {"duplicate", Value::boolean(true)};
  if (count > 0) {
    write_json(Value::object(std::span(members).first(count)), output());
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
