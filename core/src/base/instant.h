// Time as the engine knows it: always handed in, never asked for.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace wayline {

/// Milliseconds since 1970-01-01T00:00:00Z, leap seconds ignored. Within +-8.64e15, the range of JavaScript's Date.
using Instant = std::int64_t;
/// Milliseconds.
using Duration = std::int64_t;

/// The range of JavaScript's Date, well inside of what doubles hold exactly.
constexpr Instant max_instant = 8'640'000'000'000'000;

constexpr Duration second = 1000;
constexpr Duration minute = 60 * second;
constexpr Duration hour = 60 * minute;
constexpr Duration day = 24 * hour;

/// "2026-11-21T10:00:00Z", "2026-11-21T10:00:00.250+02:00", "2026-11-21" (midnight UTC). Nothing when it is none, lacks a zone, or is no date.
[[nodiscard]] std::optional<Instant> parse_instant(std::string_view text);
/// ISO 8601 in UTC with milliseconds, as JavaScript's toISOString.
[[nodiscard]] std::string format_instant(Instant instant);
/// To the second, as clocks show it that are so far ahead of UTC: "2026-11-27T08:00:00+01:00". Seconds of the offset are left out.
[[nodiscard]] std::string format_instant(Instant instant, Duration offset);
/// In UTC with milliseconds into a buffer; how long it is.
constexpr std::size_t instant_text_size = 27;
std::size_t write_instant(Instant instant, char (&text)[instant_text_size]);
/// "30s", "15m", "2h", "7d", "4w"; an integer of at most nine digits and one unit. Nothing when it is none.
[[nodiscard]] std::optional<Duration> parse_duration(std::string_view text);
/// The same in the largest unit of seconds to days that divides it: "7d", "90m"; milliseconds as "250ms".
[[nodiscard]] std::string format_duration(Duration duration);

/// "07:00", "22:30:15" as milliseconds since midnight; "24:00" is the end of the day. Nothing when it is none.
[[nodiscard]] std::optional<Duration> parse_time_of_day(std::string_view text);

/// From `from` on, local time is UTC plus `offset` milliseconds. 16 bytes, stored as it is in a program.
struct ZoneTransition {
  Instant from;
  Duration offset;
};

/// A view of a zone's transitions, sorted by `from`; before the first one its offset holds. Empty means UTC.
class TimeZone {
 public:
  TimeZone() = default;
  explicit TimeZone(std::span<const ZoneTransition> transitions) : transitions_(transitions) {}
  [[nodiscard]] Duration offset_at(Instant instant) const;
  /// Milliseconds since local midnight, 0 to 86,399,999.
  [[nodiscard]] Duration time_of_day(Instant instant) const;
  /// 0 Monday to 6 Sunday.
  [[nodiscard]] int weekday(Instant instant) const;
  /// The first instant after `instant` at which local clocks show `time_of_day`; a time skipped by a change of
  /// clocks counts as the moment of the change.
  [[nodiscard]] Instant next(Instant instant, Duration time_of_day) const;
  /// When clocks show `time_of_day` on a date, given by its midnight in UTC; a time that is skipped as in next().
  [[nodiscard]] Instant on_date(Instant date, Duration time_of_day) const;

 private:
  std::span<const ZoneTransition> transitions_;
};

}  // namespace wayline
