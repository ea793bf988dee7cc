// cat, substr, in, starts_with, ends_with. Positions and lengths count UTF-16 code units.
#include <algorithm>
#include <cmath>

#include "base/utf.h"
#include "rules/evaluator.h"

namespace wayline {
namespace {

/// String.prototype.substr: `length` of infinity takes the rest.
Value slice(Evaluator& evaluator, std::string_view text, double start, double length) {
  if (!evaluator.spend(text.size() / 64)) return {};
  const auto size = static_cast<double>(utf16_length(text));
  const double from = start < 0 ? std::max(size + start, 0.0) : std::min(start, size);
  const double to = std::min(from + std::min(std::max(length, 0.0), size), size);
  if (from >= to) return Value::string("");
  const Utf16Slice part = utf16_slice(text, static_cast<std::size_t>(from), static_cast<std::size_t>(to));
  if (part.low_before == 0 && part.high_after == 0) return Value::string(part.middle);
  TextBuilder result(evaluator);
  char half[4];
  if (part.low_before != 0) result.append({half, write_utf8(part.low_before, half)});
  result.append(part.middle);
  if (part.high_after != 0) result.append({half, write_utf8(part.high_after, half)});
  return result.build();
}

/// Searching is paid for by the product of the lengths: that is its worst case.
bool pay_for_search(Evaluator& evaluator, std::size_t haystack, std::size_t needle) {
  constexpr std::size_t comparisons_per_step = 64;
  return evaluator.spend(static_cast<std::uint64_t>(haystack) * std::min<std::size_t>(needle, haystack) / comparisons_per_step / 16);
}

}  // namespace

namespace operators {

// JsonLogic: cat joins as Array.prototype.join does.
Value cat(Evaluator& evaluator, const Node& node) {
  TextBuilder result(evaluator);
  for (std::uint32_t i = 0; i < node.count && !evaluator.over_budget(); ++i) result.append_item(evaluator.operand(node, i));
  return result.build();
}

// JsonLogic: substr. A negative length counts from the end.
Value substr(Evaluator& evaluator, const Node& node) {
  const std::string_view text = to_text(evaluator, evaluator.operand(node, 0));
  const Value start = evaluator.operand(node, 1), length = evaluator.operand(node, 2);
  const double from = start.is_missing() ? 0 : to_integer(to_number(start));
  if (length.is_missing()) return slice(evaluator, text, from, INFINITY);
  const double count = to_number(length);
  if (!(count < 0)) return slice(evaluator, text, from, to_integer(count));
  // The reference adds the length to a number; a text or a list would be appended to it, which is then no number.
  if (!length.is_number()) return Value::string("");
  const Value rest = slice(evaluator, text, from, INFINITY);
  if (!rest.is_string()) return {};
  return slice(evaluator, rest.as_string(), 0, to_integer(static_cast<double>(utf16_length(rest.as_string())) + count));
}

// JsonLogic: in is indexOf, of a text or a list.
Value in(Evaluator& evaluator, const Node& node) {
  const Value needle = evaluator.own_operand(node, 0), haystack = evaluator.operand(node, 1);
  if (haystack.is_list()) {
    const auto items = haystack.as_list();
    if (!evaluator.spend(items.size() / 8)) return {};
    return Value::boolean(std::any_of(items.begin(), items.end(), [&](const Value& item) { return strictly_equal(item, needle); }));
  }
  if (!haystack.is_string() || haystack.as_string().empty()) return Value::boolean(false);
  const std::string_view wanted = to_text(evaluator, needle);
  if (!pay_for_search(evaluator, haystack.as_string().size(), wanted.size())) return {};
  return Value::boolean(contains_utf16(haystack.as_string(), wanted));
}

// flagd: starts_with and ends_with compare texts; anything else has no answer.
Value starts_with(Evaluator& evaluator, const Node& node) {
  const Value text = evaluator.operand(node, 0), prefix = evaluator.operand(node, 1);
  if (!text.is_string() || !prefix.is_string()) return Value::null();
  return Value::boolean(text.as_string().starts_with(prefix.as_string()));
}

Value ends_with(Evaluator& evaluator, const Node& node) {
  const Value text = evaluator.operand(node, 0), suffix = evaluator.operand(node, 1);
  if (!text.is_string() || !suffix.is_string()) return Value::null();
  return Value::boolean(text.as_string().ends_with(suffix.as_string()));
}

}  // namespace operators
}  // namespace wayline
