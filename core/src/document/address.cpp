#include "document/address.h"

#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <string>

#include "base/ascii.h"
#include "document/wording.h"

namespace wayline::document {
namespace {

constexpr std::string_view address_attributes[] = {"href",   "src",  "action",     "formaction", "xlink:href",
                                                   "poster", "data", "background", "srcset",     "ping"};
constexpr std::string_view code_schemes[] = {"javascript:", "vbscript:", "data:text/html"};
/// They name no host, and nothing after them runs.
constexpr std::string_view schemes_without_host[] = {"mailto:", "tel:", "sms:"};
constexpr std::string_view opening = "{{";

/// Browsers read `\` as `/` in the addresses of sites.
bool is_slash(char c) { return c == '/' || c == '\\'; }

struct NamedCharacter {
  std::string_view name;
  char character;
};
/// Those that mean something in an address, as HTML spells them; they count only with their semicolon.
constexpr NamedCharacter named_characters[] = {{"colon;", ':'}, {"Tab;", '\t'},  {"NewLine;", '\n'}, {"sol;", '/'},
                                               {"bsol;", '\\'}, {"quest;", '?'}, {"num;", '#'}};
/// Stands for any character outside ASCII: none of them means anything in an address.
constexpr char other_character = '~';

/// The character that a reference such as "&#106;" or "&colon;" at `at` stands for; moves past it. '&' when it is none.
char take_reference(std::string_view text, std::size_t& at) {
  const std::string_view rest = text.substr(++at);
  for (const NamedCharacter& entry : named_characters) {
    if (!rest.starts_with(entry.name)) continue;
    at += entry.name.size();
    return entry.character;
  }
  if (!rest.starts_with('#')) return '&';
  const bool is_hex = rest.size() > 1 && to_lower(rest[1]) == 'x';
  const std::size_t start = is_hex ? 2 : 1;
  std::size_t end = start;
  while (end < rest.size() && (is_digit(rest[end]) || (is_hex && to_lower(rest[end]) >= 'a' && to_lower(rest[end]) <= 'f')))
    ++end;
  if (end == start) return '&';
  const std::string digits(rest.substr(start, end - start));
  const unsigned long code = std::strtoul(digits.c_str(), nullptr, is_hex ? 16 : 10);
  at += end < rest.size() && rest[end] == ';' ? end + 1 : end;
  return code < 0x80 ? static_cast<char>(code) : other_character;
}

/// The address as a browser reads it, in lower case: without line feeds and tabs, and without what is blank before it.
std::string plain_address(std::string_view address, AddressText text) {
  std::string plain;
  for (std::size_t at = 0; at < address.size();) {
    const bool is_reference = text == AddressText::markup && address[at] == '&';
    const char c = is_reference ? take_reference(address, at) : address[at++];
    const bool is_blank = static_cast<unsigned char>(c) <= ' ';
    if (c != '\t' && c != '\n' && c != '\r' && (!is_blank || !plain.empty())) plain += to_lower(c);
  }
  return plain;
}

template <std::size_t count>
bool begins_with_one_of(std::string_view text, const std::string_view (&words)[count]) {
  return std::any_of(std::begin(words), std::end(words), [&](std::string_view word) { return text.starts_with(word); });
}

/// Whether "shop.example/" names a host and ends it.
bool ends_host(std::string_view after_scheme) {
  const auto host = std::find_if_not(after_scheme.begin(), after_scheme.end(), is_slash);
  return std::any_of(host, after_scheme.end(), is_slash);
}

/// Whether what follows `before` can choose neither scheme nor host. A `?` or `#` ends both; so does a path that has
/// begun, but "/" alone does not, because the value may begin with another.
bool is_settled(std::string_view before) {
  if (before.starts_with("data:")) return false;
  if (begins_with_one_of(before, schemes_without_host)) return true;
  if (before.find_first_of("?#") != std::string_view::npos) return true;
  const std::size_t special = before.find_first_of(":/\\");
  if (special == std::string_view::npos) return false;
  if (before[special] == ':') return ends_host(before.substr(special + 1));
  const bool names_host = before.size() > 1 && is_slash(before[0]) && is_slash(before[1]);
  return names_host ? ends_host(before) : before.size() > 1;
}

}  // namespace

bool is_address_attribute(std::string_view attribute) {
  return std::find(std::begin(address_attributes), std::end(address_attributes), attribute) !=
         std::end(address_attributes);
}

bool is_code_address(std::string_view address, AddressText text) {
  return begins_with_one_of(plain_address(address, text), code_schemes);
}

std::optional<TextProblem> find_open_address(std::string_view address, AddressText text) {
  const std::size_t open = address.find(opening);
  if (open == std::string_view::npos) return std::nullopt;
  const std::string before = plain_address(address.substr(0, open), text);
  if (is_settled(before)) return std::nullopt;
  if (before.empty()) {
    return TextProblem{open, opening.size(), "an address can not begin with an interpolation",
                       "begin with https:// and the host, or with a path, such as /search?q={{…}}"};
  }
  return TextProblem{open, opening.size(), "a value here could choose the site that the address leads to",
                     "end the host with `/` and begin the path before it, such as /search?q={{…}}"};
}

std::optional<TextProblem> find_attribute_slip(std::string_view attribute, std::string_view value) {
  constexpr std::string_view alone[] = {"hidden", "inert"};  // of every element; elements that a page defines may read the others as they like
  if (is_address_attribute(attribute) && value.starts_with("www.")) {
    return TextProblem{0, value.size(), "without `https://` this is a page below the present one", "write " + quoted("https://" + std::string(value))};
  }
  if (value != "false" || std::find(std::begin(alone), std::end(alone), attribute) == std::end(alone)) return std::nullopt;
  return TextProblem{0, value.size(), quoted(attribute) + " counts wherever it stands, whatever it says", "leave the attribute out"};
}

}  // namespace wayline::document
