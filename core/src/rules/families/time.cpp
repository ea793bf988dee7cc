// now, before, after, within, local_time: always from the step's instant and the site's zone.
#include <cmath>

#include "rules/evaluator.h"

namespace wayline {
namespace {

/// An instant as a number of milliseconds or ISO 8601 with a zone; not a number for the rest.
double to_instant(const Value& value) {
  if (value.is_number()) return value.as_number();
  if (!value.is_string()) return NAN;
  const std::optional<Instant> instant = parse_instant(value.as_string());
  return instant ? static_cast<double>(*instant) : NAN;
}

double to_duration(const Value& value) {
  if (value.is_number()) return value.as_number();
  if (!value.is_string()) return NAN;
  const std::optional<Duration> duration = parse_duration(value.as_string());
  return duration ? static_cast<double>(*duration) : NAN;
}

double to_time_of_day(const Value& value) {
  if (value.is_number()) return value.as_number();
  if (!value.is_string()) return NAN;
  const std::optional<Duration> time = parse_time_of_day(value.as_string());
  return time ? static_cast<double>(*time) : NAN;
}

}  // namespace

namespace operators {

Value now(Evaluator& evaluator, const Node&) { return Value::number(static_cast<double>(evaluator.environment().now())); }

// A comparison with something that is no time is false.
Value before(Evaluator& evaluator, const Node& node) {
  const double left = to_instant(evaluator.operand(node, 0)), right = to_instant(evaluator.operand(node, 1));
  return Value::boolean(left < right);
}

Value after(Evaluator& evaluator, const Node& node) {
  const double left = to_instant(evaluator.operand(node, 0)), right = to_instant(evaluator.operand(node, 1));
  return Value::boolean(left > right);
}

// Not in the future, and no longer ago than the duration.
Value within(Evaluator& evaluator, const Node& node) {
  const double instant = to_instant(evaluator.operand(node, 0)), duration = to_duration(evaluator.operand(node, 1));
  const auto present = static_cast<double>(evaluator.environment().now_between(instant, instant + duration));
  return Value::boolean(instant <= present && present - instant <= duration);
}

// From the first time of day up to, not including, the second; past midnight when the second is the earlier one.
Value local_time(Evaluator& evaluator, const Node& node) {
  const double from = to_time_of_day(evaluator.operand(node, 0)), to = to_time_of_day(evaluator.operand(node, 1));
  Environment& environment = evaluator.environment();
  const auto time = static_cast<double>(environment.zone().time_of_day(environment.now()));
  if (from <= to) return Value::boolean(time >= from && time < to);
  return Value::boolean(from > to && (time >= from || time < to));
}

}  // namespace operators
}  // namespace wayline
