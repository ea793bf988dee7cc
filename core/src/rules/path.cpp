#include "rules/path.h"

#include <optional>

#include "base/utf.h"

namespace wayline {
namespace {

/// A canonical array index: digits without a leading zero, below 2^32 - 1.
std::optional<std::size_t> array_index(std::string_view key) {
  constexpr std::size_t most_digits = 10;
  if (key.empty() || key.size() > most_digits || (key[0] == '0' && key.size() > 1)) return std::nullopt;
  std::uint64_t index = 0;
  for (const char digit : key) {
    if (digit < '0' || digit > '9') return std::nullopt;
    index = index * 10 + static_cast<std::uint64_t>(digit - '0');
  }
  if (index >= 0xFFFFFFFF) return std::nullopt;
  return static_cast<std::size_t>(index);
}

Value code_unit(std::string_view text, std::size_t index, Arena& arena) {
  const Utf16Slice slice = utf16_slice(text, index, index + 1);
  if (!slice.middle.empty()) return Value::string(slice.middle);
  const std::uint32_t half = slice.low_before != 0 ? slice.low_before : slice.high_after;
  if (half == 0) return {};
  char* bytes = arena.allocate<char>(3);
  return Value::string({bytes, write_utf8(half, bytes)});
}

std::uint64_t cost_of(const Value& value) { return value.is_string() ? value.as_string().size() / 64 : 0; }

}  // namespace

Value step_into(const Value& value, std::string_view key, Arena& arena) {
  if (value.is_object()) return value.get(key);
  if (!value.is_list() && !value.is_string()) return {};
  if (key == "length") return Value::number(static_cast<double>(value.is_list() ? value.as_list().size() : utf16_length(value.as_string())));
  const std::optional<std::size_t> index = array_index(key);
  if (!index) return {};
  if (value.is_string()) return *index < value.as_string().size() ? code_unit(value.as_string(), *index, arena) : Value();
  return *index < value.as_list().size() ? value.as_list()[*index] : Value();
}

Value walk_path(Value value, std::string_view dotted, Arena& arena, std::uint64_t& cost) {
  for (;;) {
    const std::size_t dot = dotted.find('.');
    cost += cost_of(value);
    value = step_into(value, dotted.substr(0, dot), arena);
    if (dot == std::string_view::npos || value.is_missing()) return value;
    dotted.remove_prefix(dot + 1);
  }
}

Value walk_path(Evaluator& evaluator, const Value& value, std::string_view dotted) {
  std::uint64_t cost = 0;
  const Value found = walk_path(value, dotted, evaluator.arena(), cost);
  return evaluator.spend(cost) ? found : Value();
}

Value walk_parts(Evaluator& evaluator, Value value, std::span<const Value> parts) {
  for (const Value& part : parts) {
    if (!evaluator.spend(cost_of(value))) return {};
    value = step_into(value, part.as_string(), evaluator.arena());
    if (value.is_missing()) return value;
  }
  return value;
}

}  // namespace wayline
