#include "document/formats.h"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <iterator>

#include "base/instant.h"
#include "base/nearest.h"
#include "base/number.h"
#include "document/time_zones.h"

namespace wayline::document {
namespace {

constexpr std::size_t longest_id = 100;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_letter(char c) { return is_lower(c) || (c >= 'A' && c <= 'Z'); }
bool is_word(char c) { return is_letter(c) || is_digit(c) || c == '_'; }
bool is_path(char c) { return is_word(c) || c == '.' || c == '-'; }
char to_lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool all_of(std::string_view text, bool (*holds)(char)) { return std::all_of(text.begin(), text.end(), holds); }

/// A path below one of the roots, such as "profile.tier".
template <std::size_t count>
bool is_below(std::string_view text, const std::string_view (&roots)[count]) {
  return std::any_of(std::begin(roots), std::end(roots), [text](std::string_view root) {
    return text.starts_with(root) && text.size() > root.size() && all_of(text.substr(root.size()), is_path);
  });
}

constexpr std::string_view attribute_roots[] = {"profile.", "page.", "session.", "device."};
constexpr std::string_view trait_roots[] = {"profile."};

bool is_id(std::string_view text) {
  return !text.empty() && text.size() <= longest_id && is_word(text.front()) && all_of(text, is_path);
}
bool is_pause(std::string_view text) { return parse_duration(text).has_value(); }
bool is_duration(std::string_view text) { return parse_duration(text).value_or(0) > 0; }
bool is_window(std::string_view text) { return text == "session" || text == "page" || is_duration(text); }
bool is_instant(std::string_view text) { return parse_instant(text).has_value(); }
bool is_attribute(std::string_view text) { return is_below(text, attribute_roots); }
bool is_trait(std::string_view text) { return is_below(text, trait_roots); }

bool is_time_of_day(std::string_view text) {
  if (text.size() != 5 || text[2] != ':') return false;
  if (!is_digit(text[0]) || !is_digit(text[1]) || !is_digit(text[3]) || !is_digit(text[4])) return false;
  return (text[0] - '0') * 10 + (text[1] - '0') < 24 && text[3] < '6';
}

bool is_scope(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) return text == "everything";
  const std::string_view kind = text.substr(0, colon);
  return (kind == "team" || kind == "journey") && is_id(text.substr(colon + 1));
}

bool is_version(std::string_view text) {
  constexpr std::size_t most_digits = 7;  // of the largest version, 1,000,000
  return !text.empty() && text.size() <= most_digits && text.front() != '0' && all_of(text, is_digit);
}

bool is_period(std::string_view text) {
  if (text.size() < 4 || !all_of(text.substr(0, 4), is_digit)) return false;
  if (text.size() == 4) return true;
  if (text.size() != 7 || text[4] != '-') return false;
  if (text[5] == 'Q') return text[6] >= '1' && text[6] <= '4';
  if (!is_digit(text[5]) || !is_digit(text[6])) return false;
  const int month = (text[5] - '0') * 10 + (text[6] - '0');
  return month >= 1 && month <= 12;
}

bool is_path_pattern(std::string_view text) { return text.starts_with('/') || text.starts_with('*'); }

bool has_scheme(std::string_view text) { return text.starts_with("http://") || text.starts_with("https://"); }

bool is_url_pattern(std::string_view text) { return has_scheme(text) || text.starts_with('*'); }

bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

/// Not "//host" and not "/\host", which browsers take for another site.
bool is_redirect(std::string_view text) {
  if (has_scheme(text)) {
    const std::string_view host = text.substr(text.find("//") + 2);
    return !host.empty() && host.front() != '/' && !is_space(host.front());
  }
  return text.starts_with('/') && !text.starts_with("//") && !text.starts_with("/\\");
}

bool is_html_attribute(std::string_view text) {
  if (text.empty() || !is_lower(text.front())) return false;
  if (text.size() >= 2 && to_lower(text[0]) == 'o' && to_lower(text[1]) == 'n') return false;
  return all_of(text, [](char c) { return is_lower(c) || is_digit(c) || c == '-'; });
}

bool is_time_zone(std::string_view text) {
  return std::find(std::begin(time_zone_names), std::end(time_zone_names), text) != std::end(time_zone_names);
}

std::string lower_case(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(), to_lower);
  return result;
}

/// "London" and "new york" are the ends of names. An offset is no zone, for zones have summers.
std::string suggest_time_zone(std::string_view text) {
  if (std::any_of(text.begin(), text.end(), is_digit)) return {};
  std::string city = lower_case(text);
  std::replace(city.begin(), city.end(), ' ', '_');
  const auto* found = std::find_if(std::begin(time_zone_names), std::end(time_zone_names), [&](std::string_view name) {
    return name.find('/') != std::string_view::npos && lower_case(name.substr(name.rfind('/') + 1)) == city;
  });
  return std::string(found != std::end(time_zone_names) ? *found : nearest(text, time_zone_names));
}

struct Unit {
  std::string_view word;
  char letter;
  int times = 1;
};
constexpr Unit units[] = {{"second", 's'}, {"sec", 's'}, {"minute", 'm'}, {"min", 'm'}, {"hour", 'h'}, {"hr", 'h'}, {"day", 'd'}, {"week", 'w'}, {"month", 'd', 30}, {"year", 'd', 365},
                          {"yr", 'd', 365}, {"y", 'd', 365}, {"s", 's'}, {"m", 'm'}, {"h", 'h'}, {"d", 'd'}, {"w", 'w'}};
/// The next smaller unit, for parts of one.
constexpr Unit parts[] = {{"w", 'd', 7}, {"d", 'h', 24}, {"h", 'm', 60}, {"m", 's', 60}};
constexpr std::size_t most_digits = 6;  // of a number that is turned into another

std::string duration_of(double number, char letter) {
  if (!(number < 1e9)) return {};  // a number with two points is none
  const auto whole = static_cast<long>(number);
  const std::string text = std::to_string(whole) + letter;
  return static_cast<double>(whole) == number && is_duration(text) ? text : std::string();
}

/// "30 days", "2H", "1.5h" and "P14D" mean 30d, 2h, 90m and 14d; a month is 30 days, "1M" may be a month or a minute.
std::string suggest_duration(std::string_view text) {
  const bool is_iso = text.size() > 2 && text.front() == 'P';
  if (is_iso) text.remove_prefix(text[1] == 'T' ? 2 : 1);
  const auto letters = std::find_if_not(text.begin(), text.end(), [](char c) { return is_digit(c) || c == '.' || c == ','; });
  std::string number(text.begin(), letters), word;
  std::copy_if(letters, text.end(), std::back_inserter(word), [](char c) { return !is_space(c); });
  std::replace(number.begin(), number.end(), ',', '.');
  if (number.empty() || number.size() > most_digits || (word == "M" && !is_iso)) return {};
  word = lower_case(word);
  const double amount = string_to_number(number);
  for (const Unit& unit : units) {
    if (word != unit.word && word != std::string(unit.word) + "s") continue;
    if (std::string whole = duration_of(amount * unit.times, unit.letter); !whole.empty()) return whole;
    const auto* part = std::find_if(std::begin(parts), std::end(parts), [&](const Unit& each) { return each.word.front() == unit.letter; });
    return part == std::end(parts) ? std::string() : duration_of(amount * unit.times * part->times, part->letter);
  }
  return {};
}

/// "7:00", "22.30" and "10 pm" mean 07:00, 22:30 and 22:00.
std::string suggest_time_of_day(std::string_view text) {
  std::string digits[2], word;
  std::size_t part = 0;
  for (const char c : text) {
    if (is_digit(c) && word.empty()) {
      digits[part] += c;
    } else if ((c == ':' || c == '.') && part == 0) {
      ++part;
    } else if (!is_space(c)) {
      word += c;
    }
  }
  word = lower_case(word);
  const bool is_morning = word == "am" || word == "a.m.", is_evening = word == "pm" || word == "p.m.";
  const bool is_clock = digits[0].size() == 1 || digits[0].size() == 2;
  if (!is_clock || (part == 0 ? word.empty() : digits[1].size() != 2) || (!word.empty() && !is_morning && !is_evening)) return {};
  auto hours = static_cast<int>(string_to_number(digits[0]));
  if (is_evening && hours < 12) hours += 12;
  if ((is_morning && hours == 12) || hours == 24) hours = 0;
  std::string time = (hours < 10 ? "0" : "") + std::to_string(hours) + ":" + (part == 0 ? "00" : digits[1]);
  return is_time_of_day(time) ? time : std::string();
}

/// "27.11.2026": with points the day comes first everywhere.
std::string suggest_instant(std::string_view text) {
  if (text.size() != 10 || text[2] != '.' || text[5] != '.') return {};
  std::string date = std::string(text.substr(6)) + "-" + std::string(text.substr(3, 2)) + "-" + std::string(text.substr(0, 2));
  return is_instant(date) ? date : std::string();
}

constexpr Format formats[] = {
    {"wayline-id", is_id, "an identifier", "use letters, digits, `_`, `.` and `-`, at most 100 characters", nullptr},
    {"wayline-duration", is_duration, "a duration", "write a whole number above 0 and a unit: 30s, 15m, 2h, 7d, 4w",
     suggest_duration},
    {"wayline-pause", is_pause, "a duration", "write a whole number and a unit: 0s, 15m, 2h, 7d, 4w", suggest_duration},
    {"wayline-window", is_window, "a duration, `session` or `page`", "write 30s, 15m, 2h, 7d, 4w, `session` or `page`",
     suggest_duration},
    {"wayline-instant", is_instant, "a moment with its time zone", "write 2026-11-27T08:00:00+01:00, or a date such as 2026-11-27",
     suggest_instant},
    {"wayline-time-of-day", is_time_of_day, "a time of day", "write HH:MM, 00:00 to 23:59", suggest_time_of_day},
    {"wayline-time-zone", is_time_zone, "a time zone",
     "use a name of the IANA time zone database, such as Europe/Warsaw", suggest_time_zone},
    {"wayline-attribute", is_attribute, "an attribute's path",
     "begin with `profile.`, `page.`, `session.` or `device.`", nullptr},
    {"wayline-trait", is_trait, "a trait", "only the profile can be set: begin with `profile.`", nullptr},
    {"wayline-period", is_period, "a year, quarter or month", "write 2026, 2026-Q4 or 2026-11", nullptr},
    {"wayline-scope", is_scope, "a scope", "write `everything`, `team:<name>` or `journey:<id>`", nullptr},
    {"wayline-version", is_version, "a version", "write the number that `version` had, such as \"1\"", nullptr},
    {"wayline-path-pattern", is_path_pattern, "a path pattern", "begin with `/`, or with `**` for any", nullptr},
    {"wayline-url-pattern", is_url_pattern, "an address pattern",
     "begin with `https://` or `**`; to compare only the path use `path`", nullptr},
    {"wayline-redirect", is_redirect, "an address to go to",
     "write https://…, http://… or a path of this site that begins with one `/`", nullptr},
    {"wayline-html-attribute", is_html_attribute, "an attribute that may be set",
     "lower-case letters, digits and `-`; handlers (`on…`) are never allowed", nullptr},
};

}  // namespace

const Format* find_format(std::string_view name) {
  const auto found = std::find_if(std::begin(formats), std::end(formats),
                                  [name](const Format& format) { return format.name == name; });
  return found == std::end(formats) ? nullptr : found;
}

}  // namespace wayline::document
