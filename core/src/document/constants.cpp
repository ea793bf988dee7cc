// Constants that an operator can do nothing with: durations and times of day as bare numbers, moments of 1970, versions that are none.
#include <algorithm>
#include <cmath>
#include <iterator>

#include "base/ascii.h"
#include "base/number.h"
#include "document/operands.h"
#include "value/json.h"

namespace wayline::document {
namespace {

/// Earlier moments are seconds, or days and hours: nobody looks back to before March 1973.
constexpr double earliest_moment = 1e11;
constexpr double milliseconds_of_second = 1000;
constexpr double first_second = 1e9;  // of the year 2001, in seconds
constexpr std::string_view orders[] = {"<", "<=", ">", ">="};
constexpr std::string_view time_operators[] = {"before", "after"};
/// A text first, and what it is compared with second.
constexpr std::string_view directed_operators[] = {"starts_with", "ends_with", "url"};

template <std::size_t count>
bool is_among(std::string_view word, const std::string_view (&words)[count]) {
  return std::find(std::begin(words), std::end(words), word) != std::end(words);
}

std::string text_of(double number) {
  std::string text;
  append_number(number, text);
  return text;
}

/// Numbers between dots, with a `v` before them and perhaps more behind the third.
bool is_version(std::string_view text, std::size_t least_numbers) {
  if (text.starts_with('v')) text.remove_prefix(1);
  std::size_t numbers = 0;
  while (!text.empty() && is_digit(text.front()) && numbers < 3) {
    ++numbers;
    text.remove_prefix(std::min(text.find_first_not_of("0123456789"), text.size()));
    if (text.size() > 1 && text.front() == '.' && is_digit(text[1]) && numbers < 3) text.remove_prefix(1);
  }
  return numbers >= least_numbers && (text.empty() || (numbers == 3 && (text.front() == '-' || text.front() == '+')));
}

std::string operation_of(std::string_view key, const Value& first, const Value& second) { return "{\"" + std::string(key) + "\": [" + to_json(first) + ", " + to_json(second) + "]}"; }

void check_window(std::span<const Value> operands, const Suspicions& suspicions) {
  if (operands.size() < 2 || !operands[1].is_number() || std::abs(operands[1].as_number()) >= milliseconds_of_second) return;
  suspicions.warn(operands[1], "`within` takes milliseconds here, and " + shown(operands[1]) + " is less than a second", "write a duration in quotes: 30s, 15m, 2h, 7d, 4w");
}

void check_clock(std::span<const Value> operands, const Suspicions& suspicions) {
  for (const Value& time : operands) {
    if (time.is_number()) suspicions.warn(time, "`local_time` takes times of day, not " + shown(time), R"(write {"local_time": ["22:00", "07:00"]})");
  }
  if (operands.size() == 2 && operands[0].is_string() && equal(operands[0], operands[1])) {
    suspicions.warn(operands[1], "this time begins and ends at once: it is never so", "the end must be another time; a whole day needs no `local_time`");
  }
}

void check_versions(std::span<const Value> operands, const Suspicions& suspicions) {
  for (std::size_t i = 0; i < operands.size(); i += 2) {
    const Value& version = operands[i];
    if (version.is_number() || (version.is_string() && !is_version(version.as_string(), 1))) {
      suspicions.warn(version, shown(version) + " is no version: this is never true", version.is_number() ? "write \"" + shown(version) + ".0\"" : R"(write one such as "2.1.0")");
    }
  }
}

void check_order(const Member& operation, std::span<const Value> operands, const Types& types, const Around& place, const Suspicions& suspicions) {
  if (operands.size() != 2) return;
  const auto is_date = [&](const Value& operand) { return types.of(operand, place).value_or(Typed{}).type == "date"; };
  if (std::any_of(operands.begin(), operands.end(), is_date)) return;  // 27.11.2026 is told to be none
  for (const Value& version : operands) {
    if (!version.is_string() || !is_version(version.as_string(), 3)) continue;
    suspicions.warn(version, quoted(operation.key) + " compares texts by their letters: by them \"10.0.0\" is less than \"9.0.0\"",
                    "write {\"sem_ver\": [" + to_json(operands[0]) + ", \"" + std::string(operation.key) + "\", " + to_json(operands[1]) + "]}");
    return;
  }
}

void check_direction(const Member& operation, std::span<const Value> operands, const Suspicions& suspicions) {
  if (operands.size() != 2 || !operands[0].is_string() || !operands[1].is_object()) return;
  suspicions.warn(operands[0], quoted(operation.key) + " takes the text first, and what it is compared with second", "turn them round: " + operation_of(operation.key, operands[1], operands[0]));
}

/// `about`: "`before` is about moments".
void check_moment(const std::string& about, const Value& moment, const Types& types, const Around& place, const Suspicions& suspicions) {
  if (moment.is_number() && std::abs(moment.as_number()) < earliest_moment) {
    const double number = moment.as_number();
    suspicions.warn(moment, about + ", in milliseconds since 1970, and " + shown(moment) + " of them is long ago",
                    number >= first_second ? "seconds times 1000 are milliseconds: " + text_of(number * milliseconds_of_second) : "write a date, such as \"2026-11-27\"");
  } else if (moment.is_boolean() || moment.is_list()) {
    suspicions.warn(moment, about + ", not about " + shown(moment), R"(read one, such as {"var": "profile.renewal"})");
  }
  const auto typed = types.of(moment, place);
  if (!typed) return;
  // Enums hold no moments, and what is never below 0 counts something.
  const bool is_count = typed->type == "number" && typed->least;
  if (!is_count && (typed->is_one_of({"date", "number"}) || (typed->type == "string" && !typed->is_enum()))) return;
  suspicions.warn(moment, about + ", and " + quoted(typed->name) + " is " + (typed->is_duration ? "a stretch of time" : is_count ? "a count" : std::string(type_noun(typed->type))),
                  !is_count            ? R"(declare it as "date" if it is one)"
                  : typed->is_duration ? R"(whether it came lately says {">": [{"count": ["Product Viewed", {"within": "7d"}]}, 0]}; when it came says {"last": "Product Viewed"})"
                                       : R"(when it came says {"last": "Product Viewed"})");
}

}  // namespace

void check_until(const Value& date, const Types& types, const Around& place, const Suspicions& suspicions) {
  check_moment("`date` is about a moment", date, types, place, suspicions);
  if (!date.is_string() || parse_instant(date.as_string())) return;
  suspicions.warn(date, shown(date) + " is no moment: this wait is never over",
                  types.is_path(date.as_string()) ? "to read the value write {\"var\": " + to_json(date) + "}" : "write 2026-11-27T08:00:00+01:00, or a date such as 2026-11-27");
}

void check_constants(const Member& operation, std::span<const Value> operands, const Types& types, const Around& place, const Suspicions& suspicions) {
  if (operation.key == "within") {
    check_window(operands, suspicions);
    if (!operands.empty()) check_moment("`within` is about moments", operands[0], types, place, suspicions);
  } else if (is_among(operation.key, time_operators)) {
    for (const Value& operand : operands) check_moment(quoted(operation.key) + " is about moments", operand, types, place, suspicions);
  } else if (operation.key == "local_time") {
    check_clock(operands, suspicions);
  } else if (operation.key == "sem_ver") {
    check_versions(operands, suspicions);
  } else if (is_among(operation.key, orders)) {
    check_order(operation, operands, types, place, suspicions);
  } else if (is_among(operation.key, directed_operators)) {
    check_direction(operation, operands, suspicions);
  }
}

}  // namespace wayline::document
