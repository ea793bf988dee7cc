#include "base/instant.h"

#include <algorithm>
#include <cstdlib>

namespace wayline {
namespace {

/// Days since 1970-01-01 of a date of the proleptic Gregorian calendar (Howard Hinnant, days_from_civil).
constexpr std::int64_t days_from_civil(std::int64_t year, unsigned month, unsigned day_of_month) {
  year -= month <= 2;
  const std::int64_t era = (year >= 0 ? year : year - 399) / 400;
  const auto year_of_era = static_cast<unsigned>(year - era * 400);
  const unsigned day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day_of_month - 1;
  const unsigned day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146097 + static_cast<std::int64_t>(day_of_era) - 719468;
}

struct CivilDate {
  std::int64_t year;
  unsigned month;
  unsigned day_of_month;
};

constexpr CivilDate civil_from_days(std::int64_t days) {
  days += 719468;
  const std::int64_t era = (days >= 0 ? days : days - 146096) / 146097;
  const auto day_of_era = static_cast<unsigned>(days - era * 146097);
  const unsigned year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const unsigned day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const unsigned shifted = (5 * day_of_year + 2) / 153;
  const unsigned month = shifted < 10 ? shifted + 3 : shifted - 9;
  return {static_cast<std::int64_t>(year_of_era) + era * 400 + (month <= 2), month,
          day_of_year - (153 * shifted + 2) / 5 + 1};
}

constexpr std::int64_t floor_divide(std::int64_t value, std::int64_t by) {
  return value / by - (value % by < 0 ? 1 : 0);
}

constexpr unsigned days_in_month(std::int64_t year, unsigned month) {
  constexpr unsigned days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return month == 2 && leap ? 29 : days[month - 1];
}

/// Reads fixed-width fields from the front of a text.
class Fields {
 public:
  explicit Fields(std::string_view text) : text_(text) {}
  [[nodiscard]] bool done() const { return text_.empty(); }
  bool take(char expected) {
    if (text_.empty() || text_.front() != expected) return false;
    text_.remove_prefix(1);
    return true;
  }
  [[nodiscard]] bool next_is_digit() const { return !text_.empty() && text_[0] >= '0' && text_[0] <= '9'; }
  /// Exactly `width` digits with a value of at most `most`; -1 otherwise.
  int digits(std::size_t width, int most) {
    if (text_.size() < width) return -1;
    int value = 0;
    for (std::size_t i = 0; i < width; ++i) {
      if (text_[i] < '0' || text_[i] > '9') return -1;
      value = value * 10 + (text_[i] - '0');
    }
    text_.remove_prefix(width);
    return value <= most ? value : -1;
  }

 private:
  std::string_view text_;
};

/// "22:30" or "22:30:15" from the front, as milliseconds, at most a day. -1 when malformed.
Duration hours_and_minutes(Fields& fields) {
  const int hours = fields.digits(2, 24);
  if (hours < 0 || !fields.take(':')) return -1;
  const int minutes = fields.digits(2, 59);
  if (minutes < 0) return -1;
  const int seconds = fields.take(':') ? fields.digits(2, 59) : 0;
  if (seconds < 0) return -1;
  const Duration time = hours * hour + minutes * minute + seconds * second;
  return time <= day ? time : -1;
}

/// ".250" as milliseconds; digits past the third are dropped. -1 when malformed.
Duration fraction(Fields& fields) {
  if (!fields.next_is_digit()) return -1;
  Duration value = 0;
  for (Duration unit = 100; fields.next_is_digit(); unit /= 10) value += unit * fields.digits(1, 9);
  return value;
}

/// "Z", "+02:00" or "+0200" as milliseconds east of UTC.
std::optional<Duration> zone_offset(Fields& fields) {
  if (fields.take('Z') || fields.take('z')) return 0;
  const bool west = fields.take('-');
  if (!west && !fields.take('+')) return std::nullopt;
  const int hours = fields.digits(2, 23);
  fields.take(':');
  const int minutes = fields.digits(2, 59);
  if (hours < 0 || minutes < 0) return std::nullopt;
  const Duration offset = hours * hour + minutes * minute;
  return west ? -offset : offset;
}

/// Time of day after the date, with its zone, as milliseconds since that date's midnight in UTC.
std::optional<Duration> clock_time(Fields& fields) {
  Duration time = hours_and_minutes(fields);
  if (time < 0) return std::nullopt;
  if (fields.take('.')) {
    const Duration part = fraction(fields);
    if (part < 0 || time + part > day) return std::nullopt;
    time += part;
  }
  const std::optional<Duration> offset = zone_offset(fields);
  if (!offset) return std::nullopt;
  return time - *offset;
}

}  // namespace

std::optional<Instant> parse_instant(std::string_view text) {
  Fields fields(text);
  int year = 0;
  const bool negative = fields.take('-');
  if (negative || fields.take('+')) {  // ECMAScript's expanded years: a sign and six digits
    year = fields.digits(6, 999'999);
    if (year < 0 || (negative && year == 0)) return std::nullopt;
    if (negative) year = -year;
  } else {
    year = fields.digits(4, 9999);
    if (year < 0) return std::nullopt;
  }
  if (!fields.take('-')) return std::nullopt;
  const int month = fields.digits(2, 12);
  if (month < 1 || !fields.take('-')) return std::nullopt;
  const int day_of_month = fields.digits(2, 31);
  if (day_of_month < 1 || day_of_month > static_cast<int>(days_in_month(year, static_cast<unsigned>(month)))) {
    return std::nullopt;
  }
  Instant instant = days_from_civil(year, static_cast<unsigned>(month), static_cast<unsigned>(day_of_month)) * day;
  if (!fields.done()) {
    if (!fields.take('T') && !fields.take('t') && !fields.take(' ')) return std::nullopt;
    const std::optional<Duration> time = clock_time(fields);
    if (!time || !fields.done()) return std::nullopt;
    instant += *time;
  }
  if (instant > max_instant || instant < -max_instant) return std::nullopt;
  return instant;
}

/// By hand: printf would bring its whole machinery into the wasm.
std::size_t write_instant(Instant instant, char (&text)[instant_text_size]) {
  const std::int64_t days = floor_divide(instant, day);
  const auto time = static_cast<std::uint32_t>(instant - days * day);
  const CivilDate date = civil_from_days(days);
  const bool plain_year = date.year >= 0 && date.year <= 9999;
  const std::size_t size = plain_year ? 24 : instant_text_size;
  // From the end, where all is in its place.
  char* next = text + size;
  const auto put = [&next](std::uint32_t number, int width, char after) {
    *--next = after;
    for (; width > 0; --width, number /= 10) *--next = static_cast<char>('0' + number % 10);
  };
  put(time % 1000, 3, 'Z');
  put(time / 1000 % 60, 2, '.');
  put(time / 60'000 % 60, 2, ':');
  put(time / 3'600'000, 2, ':');
  put(static_cast<std::uint32_t>(date.day_of_month), 2, 'T');
  put(static_cast<std::uint32_t>(date.month), 2, '-');
  put(static_cast<std::uint32_t>(date.year < 0 ? -date.year : date.year), plain_year ? 4 : 6, '-');
  if (!plain_year) *text = date.year < 0 ? '-' : '+';
  return size;
}

std::string format_instant(Instant instant) {
  char text[instant_text_size];
  return {text, write_instant(instant, text)};
}

std::string format_instant(Instant instant, Duration offset) {
  constexpr std::size_t date_size = 11, hours_and_minutes = 5, fraction_and_zone = 5;
  std::string text = format_instant(instant + offset);
  text.resize(text.size() - fraction_and_zone);
  return text + (offset < 0 ? "-" : "+") + format_instant(std::abs(offset)).substr(date_size, hours_and_minutes);
}

std::optional<Duration> parse_duration(std::string_view text) {
  constexpr std::size_t most_digits = 9;  // 999,999,999 weeks still fit an Instant's type
  if (text.size() < 2 || text.size() > most_digits + 1) return std::nullopt;
  Duration count = 0;
  for (const char c : text.substr(0, text.size() - 1)) {
    if (c < '0' || c > '9') return std::nullopt;
    count = count * 10 + (c - '0');
  }
  switch (text.back()) {
    case 's': return count * second;
    case 'm': return count * minute;
    case 'h': return count * hour;
    case 'd': return count * day;
    case 'w': return count * 7 * day;
    default: return std::nullopt;
  }
}

std::string format_duration(Duration duration) {
  struct Unit {
    Duration size;
    char letter;
  };
  constexpr Unit units[] = {{day, 'd'}, {hour, 'h'}, {minute, 'm'}, {second, 's'}};
  for (const Unit& unit : units) {
    if (duration != 0 && duration % unit.size == 0) return std::to_string(duration / unit.size) + unit.letter;
  }
  return std::to_string(duration) + (duration == 0 ? "s" : "ms");
}

std::optional<Duration> parse_time_of_day(std::string_view text) {
  Fields fields(text);
  const Duration time = hours_and_minutes(fields);
  if (time < 0 || !fields.done()) return std::nullopt;
  return time;
}

Duration TimeZone::offset_at(Instant instant) const {
  if (transitions_.empty()) return 0;
  const auto after = std::upper_bound(transitions_.begin(), transitions_.end(), instant,
                                      [](Instant value, const ZoneTransition& change) { return value < change.from; });
  return after == transitions_.begin() ? transitions_.front().offset : std::prev(after)->offset;
}

Duration TimeZone::time_of_day(Instant instant) const {
  const Instant local = instant + offset_at(instant);
  return local - floor_divide(local, day) * day;
}

int TimeZone::weekday(Instant instant) const {
  const std::int64_t days = floor_divide(instant + offset_at(instant), day);
  constexpr std::int64_t thursday = 3;  // 1970-01-01
  return static_cast<int>((days + thursday) - floor_divide(days + thursday, 7) * 7);
}

Instant TimeZone::on_date(Instant date, Duration time_of_day) const {
  // From about noon of the day before: whatever clocks do around midnight, that date's midnight is the next.
  const Instant midnight = next(date - offset_at(date) - day / 2, 0);
  return next(midnight - 1, time_of_day);
}

Instant TimeZone::next(Instant instant, Duration time_of_day) const {
  // Clocks change at most a few times in any three days: walk the stretches of constant offset from `instant` on.
  Instant from = instant;
  for (;;) {
    const auto change = std::upper_bound(transitions_.begin(), transitions_.end(), from,
                                         [](Instant value, const ZoneTransition& item) { return value < item.from; });
    const Duration offset = offset_at(from);
    const Instant local = from + offset;
    Instant candidate = floor_divide(local, day) * day + time_of_day;
    // The start of a stretch itself counts, unless it is the instant asked from.
    if (candidate < local || (candidate == local && from == instant)) candidate += day;
    candidate -= offset;
    // What clocks show again because they were put back, they have shown before.
    if (change - transitions_.begin() >= 2 && candidate - change[-1].from < change[-2].offset - offset) candidate += day;
    if (change == transitions_.end() || candidate < change->from) return candidate;
    // Skipped by the change: clocks jump over it, or land on it.
    const Instant local_before = change->from + offset, local_after = change->from + change->offset;
    const Instant wall = candidate + offset;
    if (wall >= local_before && wall <= local_after) return change->from;
    from = change->from;
  }
}

}  // namespace wayline
