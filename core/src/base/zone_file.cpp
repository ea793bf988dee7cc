#include "base/zone_file.h"

#include <algorithm>
#include <optional>

namespace wayline {
namespace {

constexpr int last_year = 2100;
constexpr std::size_t header_size = 44;
/// More than any real zone has; a hostile file could ask for billions.
constexpr std::uint32_t most_transitions = 10'000;

/// Big-endian integers from the front of the bytes; zero past their end, which `failed` remembers.
class Bytes {
 public:
  explicit Bytes(std::string_view bytes) : bytes_(bytes) {}
  [[nodiscard]] bool failed() const { return failed_; }
  [[nodiscard]] std::string_view rest() const { return bytes_; }
  std::string_view take(std::size_t size) {
    if (size > bytes_.size()) {
      failed_ = true;
      bytes_ = {};
      return {};
    }
    const std::string_view taken = bytes_.substr(0, size);
    bytes_.remove_prefix(size);
    return taken;
  }
  std::uint64_t unsigned_integer(std::size_t size) {
    std::uint64_t value = 0;
    for (const char byte : take(size)) value = value << 8 | static_cast<unsigned char>(byte);
    return value;
  }
  std::int64_t seconds64() { return static_cast<std::int64_t>(unsigned_integer(8)); }
  std::int32_t seconds32() { return static_cast<std::int32_t>(static_cast<std::uint32_t>(unsigned_integer(4))); }

 private:
  std::string_view bytes_;
  bool failed_ = false;
};

struct Counts {
  std::uint32_t ut_indicators, standard_indicators, leaps, times, types, characters;
};

std::optional<Counts> read_header(Bytes& bytes) {
  if (bytes.take(4) != "TZif") return std::nullopt;
  bytes.take(16);
  Counts counts{};
  for (std::uint32_t* count : {&counts.ut_indicators, &counts.standard_indicators, &counts.leaps, &counts.times, &counts.types, &counts.characters}) {
    *count = static_cast<std::uint32_t>(bytes.unsigned_integer(4));
    if (*count > most_transitions) return std::nullopt;
  }
  return bytes.failed() ? std::nullopt : std::optional(counts);
}

std::size_t data_size(const Counts& counts, std::size_t time_size) {
  return counts.times * (time_size + 1) + counts.types * 6 + counts.characters + counts.leaps * (time_size + 4) +
         counts.standard_indicators + counts.ut_indicators;
}

/// A date of the footer's rule: "M3.5.0/2", "J60", "59".
struct RuleDate {
  enum class Form : std::uint8_t { weekday, julian, day_of_year } form = Form::weekday;
  int month = 0, week = 0, weekday = 0;  // weekday: Sunday is 0
  int day_number = 0;
  Duration time = 2 * hour;
};

/// A POSIX TZ string (RFC 8536, section 3.3.1): "CET-1CEST,M3.5.0,M10.5.0/3".
struct FooterRule {
  Duration standard = 0;
  std::optional<Duration> summer;
  RuleDate to_summer, to_standard;
};

class FooterReader {
 public:
  explicit FooterReader(std::string_view text) : text_(text) {}

  std::optional<FooterRule> read() {
    FooterRule rule;
    skip_name();
    rule.standard = -time(true);
    if (!text_.empty()) {
      skip_name();
      const bool offset_follows = !text_.empty() && text_.front() != ',';
      rule.summer = offset_follows ? -time(true) : rule.standard + hour;
      rule.to_summer = date();
      rule.to_standard = date();
    }
    return failed_ || !text_.empty() ? std::nullopt : std::optional(rule);
  }

 private:
  bool take(char c) {
    if (text_.empty() || text_.front() != c) return false;
    text_.remove_prefix(1);
    return true;
  }
  void skip_name() {
    if (take('<')) {
      const std::size_t end = text_.find('>');
      failed_ |= end == std::string_view::npos;
      text_.remove_prefix(failed_ ? text_.size() : end + 1);
      return;
    }
    std::size_t size = 0;
    while (size < text_.size() && ((text_[size] | 0x20) >= 'a' && (text_[size] | 0x20) <= 'z')) ++size;
    failed_ |= size < 3;
    text_.remove_prefix(size);
  }
  int number(int most) {
    int value = 0;
    std::size_t digits = 0;
    while (digits < text_.size() && text_[digits] >= '0' && text_[digits] <= '9' && value <= most) {
      value = value * 10 + (text_[digits] - '0');
      ++digits;
    }
    failed_ |= digits == 0 || value > most;
    text_.remove_prefix(digits);
    return value;
  }
  /// Hours, up to a week of them, with minutes and seconds.
  Duration time(bool sign) {
    const bool negative = take('-');
    if (!negative && sign) take('+');
    Duration value = number(167) * hour;
    if (take(':')) value += number(59) * minute;
    if (take(':')) value += number(59) * second;
    return negative ? -value : value;
  }
  RuleDate date() {
    RuleDate date;
    failed_ |= !take(',');
    if (take('M')) {
      date.month = number(12);
      failed_ |= !take('.') || date.month < 1;
      date.week = number(5);
      failed_ |= !take('.') || date.week < 1;
      date.weekday = number(6);
    } else {
      date.form = take('J') ? RuleDate::Form::julian : RuleDate::Form::day_of_year;
      date.day_number = number(365);
    }
    if (take('/')) date.time = time(true);
    return date;
  }

  std::string_view text_;
  bool failed_ = false;
};

bool is_leap(int year) { return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0; }

/// Days from 1970-01-01 to the first of January.
std::int64_t days_before_year(int year) {
  const int past = year - 1;
  return 365LL * (year - 1970) + (past / 4 - past / 100 + past / 400) - (1969 / 4 - 1969 / 100 + 1969 / 400);
}

/// Local time, as milliseconds since 1970, at which the rule's date comes in that year.
Instant local_instant(const RuleDate& date, int year) {
  constexpr int days_before[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365};
  std::int64_t days = days_before_year(year);
  if (date.form == RuleDate::Form::day_of_year) {
    days += date.day_number;
  } else if (date.form == RuleDate::Form::julian) {
    days += date.day_number - 1 + (is_leap(year) && date.day_number >= 60 ? 1 : 0);
  } else {
    const int leap_day = is_leap(year) ? 1 : 0;
    const std::int64_t first = days + days_before[date.month - 1] + (date.month > 2 ? leap_day : 0);
    const int length = days_before[date.month] - days_before[date.month - 1] + (date.month == 2 ? leap_day : 0);
    const int weekday = static_cast<int>((first + 4) % 7);  // 1970-01-01 was a Thursday; years before 1970 are not asked for
    int day_of_month = (date.weekday - weekday + 7) % 7 + (date.week - 1) * 7;
    while (day_of_month >= length) day_of_month -= 7;
    days = first + day_of_month;
  }
  return days * day + date.time;
}

/// Appends what the rule says after the last transition of the table.
void extend(std::vector<ZoneTransition>& transitions, const FooterRule& rule) {
  const Instant after = transitions.empty() ? 0 : transitions.back().from;
  std::vector<ZoneTransition> further;
  if (!rule.summer) {
    if (transitions.empty()) transitions.push_back({0, rule.standard});
    return;
  }
  for (int year = 1970; year <= last_year; ++year) {
    further.push_back({local_instant(rule.to_summer, year) - rule.standard, *rule.summer});
    further.push_back({local_instant(rule.to_standard, year) - *rule.summer, rule.standard});
  }
  // Stably: where it is summer all year, a summer begins at the moment at which the one before it ends, and is the later change.
  std::stable_sort(further.begin(), further.end(), [](const auto& a, const auto& b) { return a.from < b.from; });
  for (const ZoneTransition& change : further) {
    if (transitions.empty() || change.from > after) transitions.push_back(change);
  }
}

/// Only what matters from 1970 on, each a real change, and of two at one time the later; the first says what holds before.
std::vector<ZoneTransition> trimmed(const std::vector<ZoneTransition>& all) {
  std::vector<ZoneTransition> kept;
  for (const ZoneTransition& change : all) {
    if (change.from <= 0) kept.clear();
    if (!kept.empty() && kept.back().from == change.from) kept.pop_back();
    if (kept.empty() || kept.back().offset != change.offset) kept.push_back(change);
  }
  return kept;
}

}  // namespace

Result<std::vector<ZoneTransition>> read_zone_file(std::string_view file) {
  const Error malformed{ErrorCode::input_unreadable, "not a time zone file"};
  Bytes bytes(file);
  const std::size_t version_at = 4;
  const bool wide = file.size() > header_size && file[version_at] >= '2';
  std::optional<Counts> counts = read_header(bytes);
  if (!counts) return malformed;
  if (wide) {  // the first block repeats the second with 32-bit times
    bytes.take(data_size(*counts, 4));
    counts = read_header(bytes);
    if (!counts) return malformed;
  }
  if (counts->types == 0) return malformed;

  std::vector<Instant> times(counts->times);
  for (Instant& time : times) {
    const std::int64_t seconds = wide ? bytes.seconds64() : bytes.seconds32();
    constexpr std::int64_t bound = 8'640'000'000'000;  // of ECMAScript's time range
    time = std::clamp(seconds, -bound, bound) * second;
  }
  const std::string_view indexes = bytes.take(counts->times);
  std::vector<Duration> offsets(counts->types);
  for (Duration& offset : offsets) {
    offset = bytes.seconds32() * second;
    bytes.take(2);
  }
  bytes.take(counts->characters + counts->leaps * ((wide ? 8 : 4) + 4) + counts->standard_indicators + counts->ut_indicators);
  if (bytes.failed()) return malformed;

  std::vector<ZoneTransition> transitions;
  constexpr Instant always = -8'640'000'000'000'000;
  transitions.push_back({always, offsets[0]});
  for (std::size_t i = 0; i < times.size(); ++i) {
    const auto type = static_cast<unsigned char>(indexes[i]);
    if (type >= offsets.size() || (i > 0 && times[i] < times[i - 1])) return malformed;
    transitions.push_back({times[i], offsets[type]});
  }
  if (wide) {
    std::string_view footer = bytes.rest();
    if (footer.size() >= 2 && footer.front() == '\n' && footer.find('\n', 1) != std::string_view::npos) {
      footer = footer.substr(1, footer.find('\n', 1) - 1);
      const std::optional<FooterRule> rule = footer.empty() ? std::nullopt : FooterReader(footer).read();
      if (rule) extend(transitions, *rule);
      else if (!footer.empty()) return malformed;
    }
  }
  transitions = trimmed(transitions);
  const bool plausible = std::all_of(transitions.begin(), transitions.end(), [](const ZoneTransition& change) { return change.offset >= -day && change.offset <= day; });
  return plausible ? Result(std::move(transitions)) : malformed;
}

}  // namespace wayline
