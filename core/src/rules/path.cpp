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

Value code_unit(Evaluator& evaluator, std::string_view text, std::size_t index) {
  if (!evaluator.spend(index / 64)) return {};
  const Utf16Slice slice = utf16_slice(text, index, index + 1);
  if (!slice.middle.empty()) return Value::string(slice.middle);
  const std::uint32_t half = slice.low_before != 0 ? slice.low_before : slice.high_after;
  if (half == 0) return {};
  char* bytes = evaluator.new_text(3);
  if (bytes == nullptr) return {};
  return Value::string({bytes, write_utf8(half, bytes)});
}

}  // namespace

Value step_into(Evaluator& evaluator, const Value& value, std::string_view key) {
  switch (value.kind()) {
    case Kind::object: return value.get(key);
    case Kind::list: {
      if (key == "length") return Value::number(static_cast<double>(value.as_list().size()));
      const std::optional<std::size_t> index = array_index(key);
      return index && *index < value.as_list().size() ? value.as_list()[*index] : Value();
    }
    case Kind::string: {
      if (key == "length") return Value::number(static_cast<double>(utf16_length(value.as_string())));
      const std::optional<std::size_t> index = array_index(key);
      return index && *index < value.as_string().size() ? code_unit(evaluator, value.as_string(), *index) : Value();
    }
    default: return {};
  }
}

Value walk_parts(Evaluator& evaluator, Value value, std::span<const Value> parts) {
  for (const Value& part : parts) {
    value = step_into(evaluator, value, part.as_string());
    if (value.is_missing()) return value;
  }
  return value;
}

Value walk_path(Evaluator& evaluator, Value value, std::string_view dotted) {
  for (;;) {
    const std::size_t dot = dotted.find('.');
    value = step_into(evaluator, value, dotted.substr(0, dot));
    if (dot == std::string_view::npos || value.is_missing()) return value;
    dotted.remove_prefix(dot + 1);
  }
}

}  // namespace wayline
