#include "document/formats.h"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <iterator>
#include <utility>

#include "base/ascii.h"
#include "base/instant.h"
#include "base/nearest.h"
#include "base/number.h"
#include "document/time_zones.h"

namespace wayline::document {
namespace {

constexpr std::size_t longest_id = 100;

bool is_word(char c) { return is_letter(c) || is_digit(c) || c == '_'; }
bool is_path(char c) { return is_word(c) || c == '.' || c == '-'; }

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

/// "Free trial" and "Größe" mean Free-trial and Groesse. The text is UTF-8.
std::string suggest_id(std::string_view text) {
  constexpr std::pair<std::string_view, std::string_view> letters[] = {{"ä", "ae"}, {"ö", "oe"}, {"ü", "ue"}, {"Ä", "Ae"}, {"Ö", "Oe"}, {"Ü", "Ue"}, {"ß", "ss"},
                                                                      {"é", "e"},  {"è", "e"},  {"ê", "e"},  {"á", "a"},  {"à", "a"},  {"ó", "o"},  {"ç", "c"}, {"ñ", "n"}, {"ł", "l"}, {"ś", "s"}, {"ż", "z"}};
  std::string id;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto* letter = std::find_if(std::begin(letters), std::end(letters), [&](const auto& each) { return text.substr(at).starts_with(each.first); });
    if (letter != std::end(letters)) {
      id += letter->second;
      at += letter->first.size() - 1;
    } else if (is_path(text[at])) {
      id += text[at];
    } else if (static_cast<unsigned char>(text[at]) >= 0x80 && static_cast<unsigned char>(text[at]) < 0xF0) {
      return {};  // a letter of another script; what begins with F0 is an emoji, and left out
    } else if (static_cast<unsigned char>(text[at]) >= 0xF0) {
      at += 3;
    } else if ((text[at] == ' ' || text[at] == '/' || text[at] == ':') && !id.empty() && id.back() != '-') {
      id += '-';
    }
  }
  while (id.ends_with('-')) id.pop_back();
  return is_id(id) ? id : std::string();
}

/// What stands without its root is mostly of the profile.
std::string suggest_attribute(std::string_view text) {
  const std::string path = "profile." + std::string(text);
  return text.find('.') == std::string_view::npos && is_trait(path) ? path : std::string();
}

std::string suggest_path_pattern(std::string_view text) {
  if (const std::size_t scheme = text.find("://"); scheme != std::string_view::npos) {
    const std::size_t path = text.find('/', scheme + 3);
    return path == std::string_view::npos ? "/" : std::string(text.substr(path));
  }
  const std::size_t slash = text.find('/');
  if (slash != std::string_view::npos && text.substr(0, slash).find('.') != std::string_view::npos) return std::string(text.substr(slash));
  return text.empty() || is_space(text.front()) || text.front() == '!' ? std::string() : "/" + std::string(text);
}

/// Cities by the names that they have at home or next door, and those that share a zone.
constexpr std::pair<std::string_view, std::string_view> other_names[] = {
    {"wien", "Europe/Vienna"},    {"warszawa", "Europe/Warsaw"}, {"warschau", "Europe/Warsaw"},    {"praha", "Europe/Prague"},     {"prag", "Europe/Prague"},      {"roma", "Europe/Rome"},
    {"rom", "Europe/Rome"},       {"mailand", "Europe/Rome"},    {"milano", "Europe/Rome"},        {"milan", "Europe/Rome"},       {"lissabon", "Europe/Lisbon"},  {"lisboa", "Europe/Lisbon"},
    {"athen", "Europe/Athens"},   {"bruxelles", "Europe/Brussels"}, {"kopenhagen", "Europe/Copenhagen"}, {"moskau", "Europe/Moscow"}, {"bukarest", "Europe/Bucharest"}, {"barcelona", "Europe/Madrid"},
    {"munich", "Europe/Berlin"},  {"münchen", "Europe/Berlin"},  {"hamburg", "Europe/Berlin"},     {"frankfurt", "Europe/Berlin"}, {"köln", "Europe/Berlin"},      {"cologne", "Europe/Berlin"},
    {"krakow", "Europe/Warsaw"},  {"kraków", "Europe/Warsaw"},   {"zürich", "Europe/Zurich"},      {"genf", "Europe/Zurich"},      {"geneva", "Europe/Zurich"},    {"geneve", "Europe/Zurich"},
    {"lyon", "Europe/Paris"},     {"brüssel", "Europe/Brussels"}, {"germany", "Europe/Berlin"},    {"austria", "Europe/Vienna"},   {"poland", "Europe/Warsaw"},    {"france", "Europe/Paris"},
    {"mumbai", "Asia/Kolkata"},   {"delhi", "Asia/Kolkata"},     {"beijing", "Asia/Shanghai"},     {"peking", "Asia/Shanghai"},    {"washington", "America/New_York"}, {"san_francisco", "America/Los_Angeles"}};

std::string_view city_of(std::string_view zone) { return zone.substr(zone.rfind('/') + 1); }

/// "London" and "new york" are the ends of names. An offset is no zone, for zones have summers, and an abbreviation is that of one half of the year.
std::string suggest_time_zone(std::string_view text) {
  if (std::any_of(text.begin(), text.end(), is_digit)) return {};
  std::string city = lower_case(city_of(text));
  std::replace(city.begin(), city.end(), ' ', '_');
  const auto* found = std::find_if(std::begin(time_zone_names), std::end(time_zone_names), [&](std::string_view name) {
    return name.find('/') != std::string_view::npos && lower_case(city_of(name)) == city;
  });
  if (found != std::end(time_zone_names)) return std::string(*found);
  const auto* other = std::find_if(std::begin(other_names), std::end(other_names), [&](const auto& each) { return each.first == city; });
  if (other != std::end(other_names)) return std::string(other->second);
  // One town is not another for sharing most of its letters.
  const std::string_view near = nearest(text, time_zone_names);
  const std::string_view own_city = city_of(near);
  const std::string_view cities[] = {own_city};
  const bool is_abbreviation = text.find('/') == std::string_view::npos && text.size() < 5;
  return is_abbreviation || near.empty() || to_lower(own_city.front()) != city.front() || nearest(city_of(text), cities).empty() ? std::string() : std::string(near);
}

struct Unit {
  std::string_view word;
  char letter;
  int times = 1;
};
constexpr Unit units[] = {{"tag", 'd'}, {"tage", 'd'}, {"tagen", 'd'}, {"woche", 'w'}, {"wochen", 'w'}, {"stunde", 'h'}, {"stunden", 'h'}, {"std", 'h'}, {"std.", 'h'}, {"minuten", 'm'}, {"min.", 'm'}, {"sekunde", 's'},
                          {"sekunden", 's'}, {"monat", 'd', 30}, {"monate", 'd', 30}, {"jahr", 'd', 365}, {"jahre", 'd', 365}, {"jour", 'd'}, {"semaine", 'w'}, {"heure", 'h'}, {"mois", 'd', 30}, {"an", 'd', 365},
                          {"dzień", 'd'}, {"dni", 'd'}, {"tydzień", 'w'}, {"tygodnie", 'w'}, {"tygodni", 'w'}, {"godzina", 'h'}, {"godziny", 'h'}, {"godzin", 'h'}, {"godz.", 'h'}, {"día", 'd'}, {"dia", 'd'}, {"semana", 'w'}, {"hora", 'h'},
                          {"daily", 'd'}, {"hourly", 'h'}, {"weekly", 'w'}, {"monthly", 'd', 30},
                          {"second", 's'}, {"sec", 's'}, {"minute", 'm'}, {"min", 'm'}, {"hour", 'h'}, {"hr", 'h'}, {"day", 'd'}, {"week", 'w'}, {"month", 'd', 30}, {"year", 'd', 365},
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

/// "day" means 1d; "30 days", "3 Tage", "2H", "1.5h" and "P14D" mean 30d, 3d, 2h, 90m and 14d; a month is 30 days, "1M" may be a month or a minute.
std::string suggest_duration(std::string_view text) {
  const bool is_iso = text.size() > 2 && text.front() == 'P';
  if (is_iso) text.remove_prefix(text[1] == 'T' ? 2 : 1);
  const auto letters = std::find_if_not(text.begin(), text.end(), [](char c) { return is_digit(c) || c == '.' || c == ','; });
  std::string number(text.begin(), letters), word;
  std::copy_if(letters, text.end(), std::back_inserter(word), [](char c) { return !is_space(c); });
  std::replace(number.begin(), number.end(), ',', '.');
  if (number.empty() && word.size() > 1 && !is_iso) number = "1";
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
  if (word == "uhr" || word == "h" || word == "o'clock") word = part == 0 ? "o'clock" : "";
  const bool is_morning = word == "am" || word == "a.m.", is_evening = word == "pm" || word == "p.m.";
  const bool is_clock = digits[0].size() == 1 || digits[0].size() == 2;
  if (!is_clock || (part == 0 ? word.empty() : digits[1].size() != 2) || (!word.empty() && word != "o'clock" && !is_morning && !is_evening)) return {};
  auto hours = static_cast<int>(string_to_number(digits[0]));
  if (is_evening && hours < 12) hours += 12;
  if ((is_morning && hours == 12) || hours == 24) hours = 0;
  std::string time = (hours < 10 ? "0" : "") + std::to_string(hours) + ":" + (part == 0 ? "00" : digits[1]);
  return is_time_of_day(time) ? time : std::string();
}

/// "27.11.2026" and "1.12.2026": with points the day comes first everywhere.
std::string suggest_instant(std::string_view text) {
  const std::size_t month = text.find('.') + 1, year = month == 0 ? 0 : text.find('.', month) + 1;
  if (month < 2 || month > 3 || year < month + 2 || year > month + 3 || text.size() != year + 4) return {};
  const auto two_digits = [](std::string_view number) { return (number.size() == 1 ? "0" : "") + std::string(number); };
  std::string date = std::string(text.substr(year)) + "-" + two_digits(text.substr(month, year - month - 1)) + "-" + two_digits(text.substr(0, month - 1));
  return is_instant(date) ? date : std::string();
}

/// What is wrong with a moment that begins as one.
std::string advise_instant(std::string_view text) {
  constexpr std::size_t date_size = 10;  // 2026-11-27
  const std::string_view date = text.substr(0, date_size);
  if (std::count(text.begin(), text.end(), '/') == 2) return "the year comes first: 2026-11-27";
  const std::string first(is_instant(date) ? std::string(date) : suggest_instant(date.substr(0, date.find(' '))));
  if (first.empty()) return {};
  const std::size_t digit = text.find_first_of("0123456789", std::min(text.find_first_of("T ", first.size() - 2), text.size()));
  if (digit == std::string_view::npos || !is_time_of_day(text.substr(digit, 5))) return {};
  const std::string moment = first + "T" + std::string(text.substr(digit, 5)) + ":00";
  return "with `T` before the time and its zone behind it: " + moment + "+01:00, or " + moment + "Z for UTC";
}

constexpr Format formats[] = {
    {"wayline-id", is_id, "an identifier", "use letters, digits, `_`, `.` and `-`, at most 100 characters", suggest_id},
    {"wayline-duration", is_duration, "a duration", "write a whole number above 0 and a unit: 30s, 15m, 2h, 7d, 4w",
     suggest_duration},
    {"wayline-pause", is_pause, "a duration", "write a whole number and a unit: 0s, 15m, 2h, 7d, 4w", suggest_duration},
    {"wayline-window", is_window, "a duration, `session` or `page`", "write 30s, 15m, 2h, 7d, 4w, `session` or `page`",
     suggest_duration},
    {"wayline-instant", is_instant, "a moment with its time zone", "write 2026-11-27T08:00:00+01:00, or a date such as 2026-11-27",
     suggest_instant, advise_instant},
    {"wayline-time-of-day", is_time_of_day, "a time of day", "write HH:MM, 00:00 to 23:59", suggest_time_of_day},
    {"wayline-time-zone", is_time_zone, "a time zone",
     "use a name of the IANA time zone database, such as Europe/Warsaw", suggest_time_zone},
    {"wayline-attribute", is_attribute, "an attribute's path",
     "begin with `profile.`, `page.`, `session.` or `device.`", suggest_attribute},
    {"wayline-trait", is_trait, "a trait", "only the profile can be set: begin with `profile.`", suggest_attribute},
    {"wayline-period", is_period, "a year, quarter or month", "write 2026, 2026-Q4 or 2026-11", nullptr},
    {"wayline-scope", is_scope, "a scope", "write `everything`, `team:<name>` or `journey:<id>`", nullptr},
    {"wayline-version", is_version, "a version", "write the number that `version` had, such as \"1\"", nullptr},
    {"wayline-path-pattern", is_path_pattern, "a path pattern", "begin with `/`, or with `**` for any", suggest_path_pattern},
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
