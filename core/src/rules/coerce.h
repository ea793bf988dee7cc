// JavaScript's conversions and comparisons of values, as JsonLogic's operators use them. None allocates.
#pragma once

#include <cstdint>

#include "wayline/value.h"

namespace wayline {

/// JsonLogic's truth: empty lists are false, "0" and objects are true.
[[nodiscard]] inline bool truthy(const Value& value) {
  switch (value.kind()) {
    case Kind::missing:
    case Kind::null: return false;
    case Kind::boolean: return value.as_boolean();
    case Kind::number: return value.as_number() != 0 && value.as_number() == value.as_number();
    case Kind::string: return !value.as_string().empty();
    case Kind::list: return !value.as_list().empty();
    case Kind::object: return true;
  }
  return false;
}

/// ECMAScript ToNumber; lists go through their text.
[[nodiscard]] double to_number(const Value& value);
/// parseFloat(value).
[[nodiscard]] double to_float(const Value& value);

/// ===, with lists and objects compared by identity
[[nodiscard]] inline bool strictly_equal(const Value& left, const Value& right) {
  if (left.kind() != right.kind()) return false;
  switch (left.kind()) {
    case Kind::missing:
    case Kind::null: return true;
    case Kind::boolean: return left.as_boolean() == right.as_boolean();
    case Kind::number: return left.as_number() == right.as_number();
    case Kind::string: return left.as_string() == right.as_string();
    case Kind::list: return left.as_list().data() == right.as_list().data() && left.as_list().size() == right.as_list().size();
    case Kind::object: return left.as_object().data() == right.as_object().data() && left.as_object().size() == right.as_object().size();
  }
  return false;
}

/// == of values of different kinds. Comparing a list or an object with a text needs its text: the caller's work.
enum class Loosely : std::uint8_t { unequal, equal, needs_text };
[[nodiscard]] Loosely loosely_equal_kinds(const Value& left, const Value& right);

/// ToIntegerOrInfinity
[[nodiscard]] double to_integer(double number);

}  // namespace wayline
