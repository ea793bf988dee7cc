#include "rules/coerce.h"

#include <cmath>
#include <limits>

#include "base/number.h"

namespace wayline {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// The value that String(list) consists of when the list has one item; a list of lists unwraps.
Value only_item(Value value) {
  while (value.is_list() && value.as_list().size() == 1) value = value.as_list()[0];
  return value;
}

}  // namespace

double to_number(const Value& value) {
  switch (value.kind()) {
    case Kind::null: return 0;
    case Kind::boolean: return value.as_boolean() ? 1 : 0;
    case Kind::number: return value.as_number();
    case Kind::string: return string_to_number(value.as_string());
    case Kind::list: {
      // The text of two or more items holds a comma, which no number does.
      const Value item = only_item(value);
      if (item.is_list()) return item.as_list().empty() ? 0 : nan;
      if (item.is_nothing()) return 0;
      return item.is_boolean() ? nan : to_number(item);
    }
    case Kind::missing:
    case Kind::object: return nan;
  }
  return nan;
}

double to_float(const Value& value) {
  switch (value.kind()) {
    // parseFloat(String(-0)) is 0
    case Kind::number: return value.as_number() == 0 ? 0 : value.as_number();
    case Kind::string: return parse_float(value.as_string());
    case Kind::list: {
      // What follows the first item starts with a comma, where every number ends.
      Value item = value;
      while (item.is_list() && !item.as_list().empty()) item = item.as_list()[0];
      return item.is_list() ? nan : to_float(item);
    }
    default: return nan;
  }
}

Loosely loosely_equal_kinds(const Value& left, const Value& right) {
  const auto answer = [](bool equal) { return equal ? Loosely::equal : Loosely::unequal; };
  if (left.is_nothing() || right.is_nothing()) return answer(left.is_nothing() && right.is_nothing());
  const bool left_compound = left.is_list() || left.is_object(), right_compound = right.is_list() || right.is_object();
  if (left_compound && right_compound) return Loosely::unequal;
  if ((left_compound && right.is_string()) || (right_compound && left.is_string())) return Loosely::needs_text;
  return answer(to_number(left) == to_number(right));
}

double to_integer(double number) { return std::isnan(number) ? 0 : std::trunc(number); }

}  // namespace wayline
