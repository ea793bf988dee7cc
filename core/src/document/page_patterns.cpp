#include "document/page_patterns.h"

#include <algorithm>
#include <iterator>

#include "base/ascii.h"
#include "base/utf.h"
#include "document/wording.h"
#include "rules/url_pattern.h"

namespace wayline::document {
namespace {

/// What browsers encode in a path (URL Standard, path percent-encode set), and `\`, which they turn round. Those of text beyond ASCII as well.
constexpr std::string_view encoded_in_paths = " \"<>`{}\\";
/// Enclose the name of a part in the routes of other tools.
constexpr std::string_view opening_brackets = "{<";
constexpr std::string_view closing_brackets = "}>";
/// No address that people write patterns for holds these.
constexpr std::string_view of_expressions[] = {"/.*", "/.+", "[0-9", "[a-z", "[A-Z", "[^", "(?:", "|", "^"};
constexpr std::string_view of_lists[] = {",/", ";/"};

bool is_ascii(char c) { return static_cast<unsigned char>(c) < 0x80; }

bool starts_name(char c) { return is_letter(c) || c == '_'; }
bool continues_name(char c) { return starts_name(c) || is_digit(c); }

std::string encoded(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string result;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (is_ascii(c) && encoded_in_paths.find(c) == std::string_view::npos) {
      result += c;
    } else {
      result += '%';
      result += digits[byte >> 4U];
      result += digits[byte & 0xFU];
    }
  }
  return result;
}

std::optional<TextProblem> find_tail(std::string_view path) {
  const std::size_t end = path.find_first_of("?#");
  if (end == std::string_view::npos) return std::nullopt;
  const std::size_t equals = path.find('=', end);
  const bool is_query = path[end] == '?' && equals != std::string_view::npos;
  return TextProblem{end, path.size() - end, "a page's path ends before " + quoted(path.substr(end, 1)) + ": no page matches this",
                     is_query ? R"(ask for the rest with "if": {"==": [{"var": "page.query.)" + std::string(path.substr(end + 1, equals - end - 1)) + R"("}, ")" + std::string(path.substr(equals + 1)) + R"("]})"
                              : "write " + quoted(path.substr(0, end))};
}

/// One `*` takes no `/`: behind it a path must go on with its first, and an address with those of `https://`.
std::optional<TextProblem> find_narrow_beginning(std::string_view pattern, PatternOf of) {
  if (!pattern.starts_with('*') || pattern.starts_with("**")) return std::nullopt;
  const std::size_t slash = pattern.find('/');
  const bool is_wide = pattern.find("**") < slash;
  const std::string_view behind = slash == std::string_view::npos ? std::string_view() : pattern.substr(slash + 1);
  const std::string_view scheme = pattern.substr(0, slash);
  const bool leads_on = (behind.starts_with('/') || behind.starts_with("**")) && (url_matches("https:", scheme) || url_matches("http:", scheme));
  if (is_wide || (of == PatternOf::address ? leads_on : slash == 1)) return std::nullopt;
  const std::string_view rest = pattern.substr(1);
  return TextProblem{0, 1, "one `*` takes no `/`, and " + std::string(of == PatternOf::address ? "an address" : "a path") + " begins with more than it takes: no page matches this",
                     "write " + quoted(of == PatternOf::address && rest.starts_with('.') ? "https://*" + std::string(rest) : rest.empty() && of != PatternOf::address ? "/**" : "**" + std::string(rest))};
}

std::string hint_for_character(std::string_view pattern, std::size_t at) {
  if (at > 0 && pattern[at] == ' ' && (pattern[at - 1] == ',' || pattern[at - 1] == ';')) return R"(several patterns are a list: ["/women/**", "/men/**"])";
  const std::size_t bracket = opening_brackets.find(pattern[at]);
  const std::size_t close = bracket == std::string_view::npos ? bracket : pattern.find(closing_brackets[bracket], at);
  if (close != std::string_view::npos) return "for one segment write " + quoted(std::string(pattern.substr(0, at)) + "*" + std::string(pattern.substr(close + 1)));
  if (pattern[at] != '\\') return "write " + quoted(encoded(pattern));
  std::string turned(pattern);
  std::replace(turned.begin(), turned.end(), '\\', '/');
  return "write " + quoted(turned);
}

/// Only up to the query: there browsers encode less.
std::optional<TextProblem> find_encoded(std::string_view pattern, std::size_t from) {
  const std::size_t end = std::min(pattern.find_first_of("?#"), pattern.size());
  for (std::size_t at = from; at < end; ++at) {
    if (is_ascii(pattern[at]) && encoded_in_paths.find(pattern[at]) == std::string_view::npos) continue;
    const std::size_t length = decode_utf8(pattern, at).bytes;
    const std::string_view character = pattern.substr(at, length);
    const std::string written = character == "\\" ? "/" : encoded(character);
    return TextProblem{at, length, "an address holds " + quoted(written) + " where people write " + quoted(character) + ": no page matches this", hint_for_character(pattern, at)};
  }
  return std::nullopt;
}

std::optional<TextProblem> find_expression(std::string_view pattern, PatternOf of) {
  for (const std::string_view sign : of_expressions) {
    const std::size_t at = pattern.find(sign);
    if (at == std::string_view::npos) continue;
    return TextProblem{at, sign.size(), "a pattern is no regular expression: " + quoted(sign) + " stands for itself",
                       sign == "|" ? R"(several patterns are a list: ["/women/**", "/men/**"])"
                                   : "`*` stands for anything within a segment, `**` across segments; an expression is asked for with \"if\": {\"matches\": [{\"var\": \"" +
                                         std::string(of == PatternOf::address ? "page.url" : "page.path") + "\"}, …]}"};
  }
  return std::nullopt;
}

/// `//shop.example/sale` where only a path is compared.
std::optional<TextProblem> find_host(std::string_view path) {
  if (!path.starts_with("//")) return std::nullopt;
  const std::size_t end = std::min(path.find('/', 2), path.size());
  if (path.substr(2, end - 2).find('.') == std::string_view::npos) return std::nullopt;
  return TextProblem{0, end, "a path holds no host: no page matches this", end == path.size() ? "for its pages write \"url\": \"https:" + std::string(path) + "/**\"" : "write " + quoted(path.substr(end)) + "; of one host alone \"url\": \"https:" + std::string(path) + "\""};
}

/// `/sale**`, which takes `/sale-terms` as well. What has other wild cards before is meant so.
std::optional<TextProblem> find_open_end(std::string_view pattern) {
  constexpr std::string_view wild = "**";
  if (!pattern.starts_with('/') || !pattern.ends_with(wild) || pattern.find_first_of("*:?#") + wild.size() != pattern.size() || pattern.size() < 4) return std::nullopt;
  const std::string page(pattern.substr(0, pattern.size() - wild.size()));
  if (!continues_name(page.back())) return std::nullopt;
  return TextProblem{page.size(), wild.size(), quoted(pattern) + " is every path that begins so, " + quoted(page + "-x") + " too",
                     "for the page and all below it list " + quoted(page) + " and " + quoted(page + "/**") + "; if that is meant, " + quoted(page + "*") + " and " + quoted(page + "*/**")};
}

/// `/women,/men` in one text.
std::optional<TextProblem> find_list(std::string_view pattern) {
  for (const std::string_view sign : of_lists) {
    const std::size_t at = pattern.find(sign);
    if (at != std::string_view::npos) return TextProblem{at, 1, "this is one pattern: " + quoted(sign.substr(0, 1)) + " stands for itself", R"(several patterns are a list: ["/women/**", "/men/**"])"};
  }
  return std::nullopt;
}

std::optional<TextProblem> find_in_host(std::string_view pattern, std::size_t begin, std::size_t end) {
  const std::string_view host = pattern.substr(begin, end - begin);
  const auto letter = std::find_if(host.begin(), host.end(), [](char c) { return is_upper(c) || !is_ascii(c); });
  if (letter == host.end()) return std::nullopt;
  return TextProblem{begin, host.size(), "browsers write a host in lower case and in ASCII: no page matches this",
                     std::all_of(host.begin(), host.end(), is_ascii) ? "write " + quoted(lower_case(host)) : R"(write it as browsers send it, such as `xn--bcher-kva.example`)"};
}

/// Patterns that are compared with each other: more than people list.
constexpr std::size_t most_compared = 64;
/// What stands in for `*` and `:name`, and for `**`, when a pattern is itself asked whether another matches it; no pattern has this character.
constexpr std::string_view stand_ins[][2] = {{"", ""}, {"\1", ""}, {"", "\1"}, {"\1", "\1"}, {"\1\1", "\1/\1"}, {"\1", "/\1/\1/\1/"}};
constexpr std::string_view some_host = "https://host";

/// An address that the pattern matches.
std::string filled_in(std::string_view pattern, std::string_view within_segment, std::string_view across) {
  std::string address;
  for (std::size_t at = 0; at < pattern.size(); ++at) {
    const std::string_view rest = pattern.substr(at);
    if (rest.starts_with("**")) {
      address += across;
      ++at;
    } else if (rest.front() == '*') {
      address += within_segment;
    } else if (rest.size() > 1 && rest.front() == ':' && address.ends_with('/') && starts_name(rest[1])) {
      address += within_segment.empty() ? "\1" : within_segment;
      while (at + 1 < pattern.size() && continues_name(pattern[at + 1])) ++at;
    } else {
      address += rest.front();
    }
  }
  return address;
}

bool is_wider(std::string_view wide, std::string_view narrow) {
  if (wide == narrow || wide == "**") return true;
  const bool is_path = narrow.starts_with('/');
  if (narrow.starts_with('*') && wide.starts_with('/')) return false;
  return std::all_of(std::begin(stand_ins), std::end(stand_ins), [&](const auto& stand_in) {
    const std::string address = filled_in(narrow, stand_in[0], stand_in[1]);
    return url_matches(is_path && wide.starts_with('/') ? std::string(some_host) + address : address, wide);
  });
}

}  // namespace

std::vector<IdlePattern> find_idle_patterns(std::span<const std::string_view> patterns) {
  std::vector<IdlePattern> idle;
  patterns = patterns.first(std::min(patterns.size(), most_compared));
  for (std::size_t index = 0; index < patterns.size(); ++index) {
    for (std::size_t other = 0; other < patterns.size(); ++other) {
      const std::string_view narrow = patterns[index], wide = patterns[other];
      if (index == other || !is_wider(wide, narrow) || (index < other && is_wider(narrow, wide))) continue;
      idle.push_back({index, other, narrow == wide ? quoted(narrow) + " is in this list twice" : quoted(narrow) + " adds nothing: " + quoted(wide) + " of the same list matches whatever it does",
                      narrow == wide ? "leave it out" : "leave it out; where only it is meant, leave " + quoted(wide) + " out"});
      break;
    }
  }
  return idle;
}

std::optional<TextProblem> find_pattern_slip(std::string_view pattern, PatternOf of) {
  if (auto problem = of == PatternOf::path ? find_tail(pattern) : std::nullopt) return problem;
  if (auto problem = find_narrow_beginning(pattern, of)) return problem;
  if (auto problem = find_list(pattern)) return problem;
  if (auto problem = of == PatternOf::address ? std::nullopt : find_host(pattern)) return problem;
  const std::size_t scheme = pattern.find("://");
  const std::size_t host = scheme == std::string_view::npos ? 0 : scheme + 3;
  const std::size_t path = of == PatternOf::address ? std::min(pattern.find('/', host), pattern.size()) : 0;
  if (auto problem = of == PatternOf::address ? find_in_host(pattern, host, path) : std::nullopt) return problem;
  if (auto problem = find_encoded(pattern, path)) return problem;
  if (auto problem = find_expression(pattern, of)) return problem;
  return of == PatternOf::address ? std::nullopt : find_open_end(pattern);
}

}  // namespace wayline::document
