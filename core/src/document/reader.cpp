#include "document/reader.h"

#include <algorithm>
#include <new>
#include <tuple>
#include <utility>

#include "base/utf.h"
#include "document/conditions.h"

namespace wayline::document {
namespace {

struct Stretch {
  std::size_t raw;      // bytes in the file
  std::size_t decoded;  // bytes in the value
  std::uint32_t columns;
};

constexpr std::size_t unicode_escape = 6;  // \uXXXX

std::uint32_t hex(std::string_view digits) {
  std::uint32_t value = 0;
  for (char c : digits) value = value * 16 + static_cast<std::uint32_t>(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
  return value;
}

std::size_t utf8_size(std::uint32_t code_point) {
  if (code_point < 0x80) return 1;
  return code_point < 0x800 ? 2 : 3;
}

/// One character of a JSON string as the file spells it, at byte `at`.
Stretch spelt_character(std::string_view text, std::size_t at) {
  if (text[at] != '\\') {
    const std::uint32_t bytes = decode_utf8(text, at).bytes;
    return {bytes, bytes, 1};
  }
  if (at + 1 >= text.size() || text[at + 1] != 'u') return {2, 1, 2};
  const std::uint32_t unit = hex(text.substr(at + 2, 4));
  const bool is_high = unit >= 0xD800 && unit < 0xDC00;
  const bool is_pair = is_high && text.substr(at + unicode_escape, 2) == "\\u";
  if (is_pair) return {2 * unicode_escape, 4, 2 * unicode_escape};
  return {unicode_escape, utf8_size(unit), unicode_escape};
}

}  // namespace

std::string Reader::text(const Value& object, std::string_view key, std::string_view fallback) const {
  const Value value = object.get(key);
  return std::string(value.is_string() ? value.as_string() : fallback);
}

double Reader::number(const Value& object, std::string_view key, double fallback) const {
  const Value value = object.get(key);
  return value.is_number() ? value.as_number() : fallback;
}

std::uint32_t Reader::whole(const Value& object, std::string_view key, std::uint32_t fallback) const {
  const double value = number(object, key, fallback);
  return value >= 0 && value <= 4294967295.0 ? static_cast<std::uint32_t>(value) : fallback;
}

bool Reader::flag(const Value& object, std::string_view key, bool fallback) const {
  const Value value = object.get(key);
  return value.is_boolean() ? value.as_boolean() : fallback;
}

std::optional<Duration> Reader::duration(const Value& object, std::string_view key) const {
  const Value value = object.get(key);
  return value.is_string() ? parse_duration(value.as_string()) : std::nullopt;
}

std::optional<Instant> Reader::instant(const Value& object, std::string_view key) const {
  const Value value = object.get(key);
  return value.is_string() ? parse_instant(value.as_string()) : std::nullopt;
}

std::optional<Name> Reader::name(const Value& object, std::string_view key) const {
  const Value* value = find(object, key);
  if (value == nullptr || !value->is_string()) return std::nullopt;
  return Name{std::string(value->as_string()), of(*value)};
}

Rule Reader::rule(const Value& object, std::string_view key) const {
  const Value* value = find(object, key);
  return value == nullptr ? Rule{} : rule_of(*value);
}

Rule Reader::condition(const Value& object, std::string_view key) {
  const Value* value = find(object, key);
  return value == nullptr ? Rule{} : condition_of(*value);
}

Rule Reader::condition_of(const Value& value) {
  for (NoCondition& found : find_no_conditions(value, false)) warning(ErrorCode::pack_suspicious, of(*found.at), std::move(found.message), std::move(found.hint));
  return rule_of(value);
}

std::vector<std::string> Reader::texts(const Value& object, std::string_view key) const {
  std::vector<std::string> result;
  const Value value = object.get(key);
  if (value.is_string()) result.emplace_back(value.as_string());
  for (const Value& item : items(object, key)) {
    if (item.is_string()) result.emplace_back(item.as_string());
  }
  return result;
}

std::span<const Value> Reader::items(const Value& object, std::string_view key) const {
  const Value* value = find(object, key);
  return value != nullptr && value->is_list() ? value->as_list() : std::span<const Value>();
}

std::span<const Member> Reader::members(const Value& object, std::string_view key) const {
  const Value* value = find(object, key);
  return value != nullptr && value->is_object() ? value->as_object() : std::span<const Member>();
}

const Value* Reader::make(const Value& value, const Value& like) {
  auto* made = new (document_.arena.allocate<Value>(1)) Value(value);
  const SourceRange range = of(like);
  document_.positions.add(made, {range.line, range.column, range.length});
  return made;
}

std::size_t Reader::offset_of(std::uint32_t line, std::uint32_t column) const {
  const std::string_view text = document_.text;
  if (std::tie(line, column) < std::tie(spot_.line, spot_.column)) spot_ = {};
  while (spot_.line < line) {
    const std::size_t end = text.find('\n', spot_.offset);
    if (end == std::string_view::npos) return text.size();
    spot_ = {spot_.line + 1, 1, end + 1};
  }
  for (; spot_.column < column && spot_.offset < text.size(); ++spot_.column)
    spot_.offset += decode_utf8(text, spot_.offset).bytes;
  return spot_.offset;
}

SourceRange Reader::within(const Value& string, std::size_t offset, std::size_t length) const {
  SourceRange range = of(string);
  const std::string_view text = document_.text;
  std::size_t at = offset_of(range.line, range.column) + 1;  // past the opening quote
  ++range.column;
  std::size_t decoded = 0;
  for (; decoded < offset && at < text.size();) {
    const Stretch step = spelt_character(text, at);
    at += step.raw;
    decoded += step.decoded;
    range.column += step.columns;
  }
  range.length = 0;
  for (const std::size_t end = offset + length; decoded < end && at < text.size();) {
    const Stretch step = spelt_character(text, at);
    at += step.raw;
    decoded += step.decoded;
    range.length += step.columns;
  }
  range.length = std::max(range.length, 1u);
  return range;
}

void Reader::error(ErrorCode code, SourceRange range, std::string message, std::string hint) {
  diagnostics_.push_back({code, Severity::error, std::move(range), std::move(message), std::move(hint)});
}

void Reader::warning(ErrorCode code, SourceRange range, std::string message, std::string hint) {
  diagnostics_.push_back({code, Severity::warning, std::move(range), std::move(message), std::move(hint)});
}

}  // namespace wayline::document
