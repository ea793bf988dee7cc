// sem_ver, as flagd defines it: semver.org versions, a leading "v" and missing minor or patch numbers allowed.
#include <array>
#include <optional>

#include "rules/evaluator.h"

namespace wayline {
namespace {

struct Version {
  std::array<std::string_view, 3> numbers{"0", "0", "0"};  // without leading zeros, so longer means greater
  std::string_view prerelease;                             // without its hyphen
};

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_identifier(char c) { return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-'; }

bool all_digits(std::string_view text) {
  for (const char c : text) {
    if (!is_digit(c)) return false;
  }
  return !text.empty();
}

/// Takes a number without a leading zero from the front.
std::optional<std::string_view> take_number(std::string_view& text) {
  std::size_t size = 0;
  while (size < text.size() && is_digit(text[size])) ++size;
  if (size == 0 || (size > 1 && text[0] == '0')) return std::nullopt;
  const std::string_view number = text.substr(0, size);
  text.remove_prefix(size);
  return number;
}

/// Takes dot-separated identifiers up to `end` or the end of the text.
std::optional<std::string_view> take_identifiers(std::string_view& text, char end, bool leading_zeros) {
  const std::string_view whole = text.substr(0, end == 0 ? std::string_view::npos : text.find(end));
  text.remove_prefix(whole.size());
  for (std::string_view rest = whole;;) {
    const std::string_view part = rest.substr(0, rest.find('.'));
    if (part.empty()) return std::nullopt;
    for (const char c : part) {
      if (!is_identifier(c)) return std::nullopt;
    }
    if (!leading_zeros && part.size() > 1 && part[0] == '0' && all_digits(part)) return std::nullopt;
    if (part.size() == rest.size()) return whole;
    rest.remove_prefix(part.size() + 1);
  }
}

std::optional<Version> parse_version(const Value& value) {
  if (!value.is_string()) return std::nullopt;
  std::string_view text = value.as_string();
  if (text.starts_with('v')) text.remove_prefix(1);
  Version version;
  for (std::size_t i = 0; i < version.numbers.size(); ++i) {
    if (i > 0) {
      if (text.empty()) return version;  // "1" and "1.2" stand for "1.0.0" and "1.2.0"
      if (text[0] != '.') return std::nullopt;
      text.remove_prefix(1);
    }
    const auto number = take_number(text);
    if (!number) return std::nullopt;
    version.numbers[i] = *number;
  }
  if (text.starts_with('-')) {
    text.remove_prefix(1);
    const auto prerelease = take_identifiers(text, '+', false);
    if (!prerelease) return std::nullopt;
    version.prerelease = *prerelease;
  }
  if (text.starts_with('+')) {
    text.remove_prefix(1);
    if (!take_identifiers(text, 0, true)) return std::nullopt;
  }
  return text.empty() ? std::optional(version) : std::nullopt;
}

int compare_numbers(std::string_view left, std::string_view right) {
  if (left.size() != right.size()) return left.size() < right.size() ? -1 : 1;
  return left.compare(right);
}

/// semver.org, clause 11.4
int compare_prerelease(std::string_view left, std::string_view right) {
  if (left.empty() || right.empty()) return static_cast<int>(left.empty()) - static_cast<int>(right.empty());
  for (;;) {
    const std::string_view a = left.substr(0, left.find('.')), b = right.substr(0, right.find('.'));
    const bool a_number = all_digits(a), b_number = all_digits(b);
    if (a_number != b_number) return a_number ? -1 : 1;
    const int order = a_number ? compare_numbers(a, b) : a.compare(b);
    if (order != 0) return order;
    if (a.size() == left.size() || b.size() == right.size()) {
      return static_cast<int>(b.size() == right.size()) - static_cast<int>(a.size() == left.size());
    }
    left.remove_prefix(a.size() + 1);
    right.remove_prefix(b.size() + 1);
  }
}

int compare(const Version& left, const Version& right, std::size_t numbers) {
  for (std::size_t i = 0; i < numbers; ++i) {
    if (const int order = compare_numbers(left.numbers[i], right.numbers[i]); order != 0) return order;
  }
  return numbers < left.numbers.size() ? 0 : compare_prerelease(left.prerelease, right.prerelease);
}

}  // namespace

namespace operators {

// No answer when a version or the comparison is malformed.
Value sem_ver(Evaluator& evaluator, const Node& node) {
  const auto left = parse_version(evaluator.operand(node, 0)), right = parse_version(evaluator.operand(node, 2));
  const Value how = evaluator.operand(node, 1);
  if (!left || !right || !how.is_string()) return Value::null();
  const std::string_view sign = how.as_string();
  if (sign == "^") return Value::boolean(compare(*left, *right, 1) == 0);
  if (sign == "~") return Value::boolean(compare(*left, *right, 2) == 0);
  const int order = compare(*left, *right, 3);
  if (sign == "=") return Value::boolean(order == 0);
  if (sign == "!=") return Value::boolean(order != 0);
  if (sign == "<") return Value::boolean(order < 0);
  if (sign == "<=") return Value::boolean(order <= 0);
  if (sign == ">") return Value::boolean(order > 0);
  if (sign == ">=") return Value::boolean(order >= 0);
  return Value::null();
}

}  // namespace operators
}  // namespace wayline
