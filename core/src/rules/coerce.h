// JavaScript's conversions and comparisons of values, as JsonLogic's operators use them. None allocates.
#pragma once

#include "wayline/value.h"

namespace wayline {

/// JsonLogic's truth: empty lists are false, "0" and objects are true.
[[nodiscard]] bool truthy(const Value& value);

/// ECMAScript ToNumber; lists go through their text.
[[nodiscard]] double to_number(const Value& value);
/// parseFloat(value).
[[nodiscard]] double to_float(const Value& value);

/// ==, with lists and objects compared by identity. Comparing a list with a text needs the list's text: see loosely_equal.
enum class Loosely : std::uint8_t { unequal, equal, needs_text };
[[nodiscard]] Loosely loosely_equal(const Value& left, const Value& right);
/// ===
[[nodiscard]] bool strictly_equal(const Value& left, const Value& right);

/// ToIntegerOrInfinity
[[nodiscard]] double to_integer(double number);

}  // namespace wayline
