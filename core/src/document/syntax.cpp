// JSON syntax errors in an author's words.
#include <algorithm>
#include <cmath>
#include <iterator>
#include <utility>
#include <vector>

#include "base/ascii.h"
#include "base/number.h"
#include "base/utf.h"
#include "document/documents.h"
#include "document/formats.h"
#include "document/wording.h"

namespace wayline::document {
namespace {

constexpr std::string_view parser_preface = " - ";  // "syntax error while parsing value - unexpected ']'"
constexpr std::string_view parser_excerpt = "; last read";
constexpr std::string_view parser_expectation = "; expected";
constexpr std::string_view at_end = "unexpected end of input";

/// The byte at a line and column, both counted from 1.
std::size_t offset_of(std::string_view text, const SourceRange& range) {
  std::size_t at = 0;
  for (std::uint32_t line = 1; line < range.line; ++line) {
    const std::size_t end = text.find('\n', at);
    if (end == std::string_view::npos) return text.size();
    at = end + 1;
  }
  for (std::uint32_t column = 1; column < range.column && at < text.size(); ++column) at += decode_utf8(text, at).bytes;
  return at;
}

bool follows_comma(std::string_view text, std::size_t at) {
  const std::size_t last = at == 0 ? std::string_view::npos : text.find_last_not_of(" \t\r\n", at - 1);
  return last != std::string_view::npos && text[last] == ',';
}

struct Slip {
  std::string_view starts;  // characters at the place
  bool after_comma;
  std::string_view hint;
};
constexpr Slip slips[] = {
    {"]}", true, "remove the comma before it"},
    {",", true, "one comma is enough: remove it"},
    {"'", false, "strings stand in double quotes"},
    {"+", false, "numbers take no plus sign"},
    {"\"", false, "is a comma missing before it?"},
    {"{[", false, "is a comma missing before it?"},
    {"#", false, "comments begin with //"},
    {";", false, "members are parted by commas"},
    {"(", false, "an object stands in braces, a list in brackets"},
    {".", false, "leave it out"},
};

/// What the parser said, and what was probably meant.
struct Complaint {
  std::string_view says;
  std::string_view at;  // characters at the place; empty: any
  std::string_view hint;
};
constexpr Complaint complaints[] = {
    {"(HT)", "", "a tab inside of a text is written \\t"},
    {"(LF)", "", "is a quote missing at the end of the line? a new line inside of a text is written \\n"},
    {"(CR)", "", "is a quote missing at the end of the line? a new line inside of a text is written \\n"},
    {"after backslash", "", "a backslash inside of a text is written \\\\"},
    {"after '-'", "", R"(a list stands in brackets: ["a", "b"])"},
    {"; expected ':'", "", "between a key and its value stands a colon"},
    {"; expected ']'", ":", "a list has no keys: is a `]` missing before this one, or is an end before it one too many?"},
    {"; expected ']'", "}", "is a `]` missing before it, or is it one too many?"},
    {"; expected '}'", "]", "is a `}` missing before it, or is it one too many?"},
    {"expected end of input", "}]", "remove it, or is one too many before it?"},
    {"expected end of input", ",", "is an end before it one too many? a file holds one document, or one list of them"},
    {"expected end of input", "{[", "a file holds one document, or one list of them"},
};

/// Look like spaces, and are none: a no-break space, one without width, the mark of a file's beginning.
constexpr std::string_view false_spaces[] = {"\u00A0", "\u202F", "\u200B", "\uFEFF"};

/// What begins as a number and goes on as something else, all of it, around the place.
std::string_view number_like(std::string_view text, std::size_t at) {
  constexpr std::string_view parts = "0123456789.,:/-";
  std::size_t begin = at;
  while (begin > 0 && parts.find(text[begin - 1]) != std::string_view::npos) --begin;
  while (begin < at && !is_digit(text[begin])) ++begin;
  const std::size_t end = std::min(text.find_first_of(" \t\r\n,}]\"", at), text.size());
  const std::string_view token = text.substr(begin, end - begin);
  if (token.ends_with(',') && at < text.size() && text[at] == ',') return {};
  return !token.empty() && is_digit(token.front()) ? token : std::string_view();
}

/// Groups of three digits behind points or commas.
bool is_grouped(std::string_view token) {
  const std::size_t first = token.find_first_not_of("0123456789");
  if (first == std::string_view::npos || first > 3 || token.front() == '0') return false;
  for (std::size_t at = first; at < token.size(); at += 4) {
    if (token[at] != token[first] || (token[at] != '.' && token[at] != ',') || token.size() < at + 4 || !std::all_of(token.begin() + static_cast<std::ptrdiff_t>(at) + 1, token.begin() + static_cast<std::ptrdiff_t>(at) + 4, is_digit)) return false;
  }
  return true;
}

/// A text that must stand in quotes, when it is of this format or near it.
std::string in_quotes(std::string_view token, std::string_view name, std::string_view noun) {
  const Format* format = find_format(name);
  const std::string meant = format->holds(token) ? std::string(token) : format->suggest(token);
  return meant.empty() ? std::string() : std::string(noun) + " stands in quotes: \"" + meant + "\"";
}

std::string hint_for_number(std::string_view token) {
  if (token.ends_with('%')) {
    const double share = string_to_number(token.substr(0, token.size() - 1)) / 100;
    return std::isnan(share) ? std::string() : "percents are written as a share: " + shown(Value::number(share));
  }
  if (is_grouped(token)) {
    std::string digits(token);
    std::erase_if(digits, [](char c) { return !is_digit(c); });
    return "write " + digits + ", without separators";
  }
  const std::size_t comma = token.find(',');
  if (comma != std::string_view::npos && std::all_of(token.begin() + static_cast<std::ptrdiff_t>(comma) + 1, token.end(), is_digit)) {
    return "a point comes before decimals: " + std::string(token.substr(0, comma)) + "." + std::string(token.substr(comma + 1));
  }
  for (const auto& [format, noun] : {std::pair("wayline-instant", "a date"), std::pair("wayline-time-of-day", "a time of day"), std::pair("wayline-duration", "a duration")}) {
    if (std::string hint = in_quotes(token, format, noun); !hint.empty()) return hint;
  }
  if (token.size() > 1 && token.front() == '0' && std::all_of(token.begin(), token.end(), is_digit)) return "a number begins with no 0: write " + shown(Value::number(string_to_number(token)));
  return R"(a number is digits and perhaps a point; anything else stands in quotes: ")" + std::string(token) + "\"";
}

/// What word processors and chats make of straight quotes.
constexpr std::string_view curly_quotes[] = {"\u201C", "\u201D", "\u201E", "\u2018", "\u2019", "\u201A", "\u00AB", "\u00BB"};

/// Whether one stands at the place, or in the string that ends right before it: as a part of the string it did not end it where it should.
bool meets_curly_quote(std::string_view text, std::size_t at) {
  std::string_view before = text.substr(0, at);
  const bool ends_string = before.ends_with('"');
  if (ends_string) before.remove_suffix(1);
  const std::string_view string = ends_string ? before.substr(before.rfind('"') + 1) : std::string_view();
  return std::any_of(std::begin(curly_quotes), std::end(curly_quotes),
                     [&](std::string_view quote) { return text.substr(at).starts_with(quote) || string.find(quote) != std::string_view::npos; });
}

constexpr std::string_view in_utf8 = "save the file in UTF-8";

/// Written in UTF-16, as some editors save what is called Unicode there.
bool is_utf16(std::string_view text) { return text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF") || text.substr(0, 4).find('\0') != std::string_view::npos; }

/// A brace or bracket that was opened.
struct Open {
  char bracket;
  std::size_t line;    // from 1
  std::size_t indent;  // bytes of white space that its line begins with
};

std::string not_closed(const Open& open, std::string_view how) {
  return std::string("the file ends too early: the `") + open.bracket + "` of line " + std::to_string(open.line) + std::string(how);
}

/// Goes through a text outside of its strings and comments.
class Brackets {
 public:
  explicit Brackets(std::string_view text) : text_(text) {}

  /// The next character that is no white space; 0 at the end.
  char next() {
    for (; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (c == '\n') {
        begin_line();
      } else if (text_.substr(at_).starts_with("//")) {
        at_ = std::min(text_.find('\n', at_), text_.size()) - 1;
      } else if (text_.substr(at_).starts_with("/*")) {
        skip_comment();
      } else if (c != ' ' && c != '\t' && c != '\r') {
        return take(c);
      }
    }
    return 0;
  }
  [[nodiscard]] std::size_t line() const { return line_; }
  [[nodiscard]] std::size_t indent() const { return indent_; }
  /// Whether what next() gave is the first of its line.
  [[nodiscard]] bool begins_line() const { return begins_line_; }
  [[nodiscard]] bool ends_in_string() const { return in_string_; }

 private:
  void begin_line() {
    ++line_, line_begin_ = at_ + 1;
    indent_ = std::min(text_.find_first_not_of(" \t", line_begin_), text_.size()) - line_begin_;
  }
  void skip_comment() {
    const std::string_view comment = text_.substr(at_, text_.find("*/", at_) - at_);
    line_ += static_cast<std::size_t>(std::count(comment.begin(), comment.end(), '\n'));
    at_ += comment.size() + 1;  // up to the end's last character
  }
  char take(char c) {
    begins_line_ = at_ == line_begin_ + indent_;
    ++at_;
    if (c == '"') skip_string();
    return c;
  }
  void skip_string() {
    in_string_ = true;
    for (; at_ < text_.size() && in_string_; ++at_) {
      if (text_[at_] == '\\') ++at_;
      else if (text_[at_] == '\n') begin_line();
      else in_string_ = text_[at_] != '"';
    }
  }

  std::string_view text_;
  std::size_t at_ = 0, line_ = 1, line_begin_ = 0, indent_ = 0;
  bool begins_line_ = false, in_string_ = false;
};

/// The brace or bracket whose end stands further left than its own line, since it ends what is around it; else the innermost that is still open.
std::string hint_at_end(std::string_view text) {
  if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) return "the file is empty";
  std::vector<Open> open;
  Brackets brackets(text);
  while (const char c = brackets.next()) {
    if (c == '{' || c == '[') open.push_back({c, brackets.line(), brackets.indent()});
    if ((c != '}' && c != ']') || open.empty()) continue;
    if (brackets.begins_line() && brackets.indent() < open.back().indent) {
      return not_closed(open.back(), std::string(" is probably not closed: the `") + c + "` of line " + std::to_string(brackets.line()) + " stands further left");
    }
    open.pop_back();
  }
  if (brackets.ends_in_string() || open.empty()) return "the file ends too early; is it complete?";
  return not_closed(open.back(), " is not closed");
}

/// The end before a line that stands further right than those before it in what it then belongs to: one too many. Empty when no line does.
std::string hint_at_surplus(std::string_view text) {
  struct Level {
    std::size_t indent = std::string_view::npos;  // of the lines that begin with something of it; npos: none did
  };
  std::vector<Level> levels(1);
  Brackets brackets(text);
  char end = 0;  // that came last before a comma
  std::size_t end_line = 0;
  while (const char c = brackets.next()) {
    const bool closes = c == '}' || c == ']';
    if (brackets.begins_line() && !closes && c != ',') {
      Level& level = levels.back();
      if (end != 0 && level.indent != std::string_view::npos && brackets.indent() > level.indent) {
        return std::string("is a `") + end + "` of line " + std::to_string(end_line) + " one too many? what line " + std::to_string(brackets.line()) + " begins with stands further right than what it would belong to";
      }
      if (level.indent == std::string_view::npos) level.indent = brackets.indent();
    }
    if (c == '{' || c == '[') levels.emplace_back();
    if (closes && levels.size() == 1) return {};
    if (closes) levels.pop_back(), end = c, end_line = brackets.line();
    else if (c != ',') end = 0;
  }
  return {};
}

std::string hint_for_word(std::string_view text, std::size_t at, std::string_view message) {
  constexpr std::string_view ends = " \t\r\n,:{}[]\"";
  std::size_t begin = at;
  while (begin > 0 && ends.find(text[begin - 1]) == std::string_view::npos) --begin;
  const std::string_view word = text.substr(begin, std::min(text.find_first_of(ends, at), text.size()) - begin);
  if (begin > 0 && text[begin - 1] == '"') return "a text ends before it: is a quote missing or one too many? inside of a text it is written \\\"";
  if (word == "True" || word == "False" || word == "None" || word == "Null" || word == "NULL" || word == "TRUE" || word == "FALSE") return "write true, false or null";
  if (word == "yes" || word == "no") return "write true or false";
  if (message.find("; expected string literal") != std::string_view::npos) return "keys stand in double quotes";
  if (message.find("; expected '") != std::string_view::npos) return "behind a value comes a comma, or what closes the object or list";
  return text.find_first_not_of(" \t\r\n") == at ? "documents are JSON: an object begins with `{`, a list with `[`" : "texts stand in double quotes";
}

std::string hint_at(std::string_view text, std::size_t at, std::string_view message) {
  if (message.find("ill-formed UTF-8") != std::string_view::npos) return std::string(in_utf8);
  if (at >= text.size()) return {};
  if (meets_curly_quote(text, at)) return "use straight quotes: \"";
  const std::string_view rest = text.substr(at);
  if (std::any_of(std::begin(false_spaces), std::end(false_spaces), [rest](std::string_view space) { return rest.starts_with(space); })) return "this looks like a space and is none: type it anew";
  const bool is_number = message.find("invalid string") == std::string_view::npos && rest.front() != '"' && rest.front() != '}' && rest.front() != ']';
  if (const std::string_view token = is_number ? number_like(text, at) : std::string_view(); !token.empty()) return hint_for_number(token);
  const bool is_surplus = message.find("expected") != std::string_view::npos && std::string_view("}]:,").find(rest.front()) != std::string_view::npos;
  if (std::string hint = is_surplus ? hint_at_surplus(text.substr(0, at)) : std::string(); !hint.empty()) return hint;
  for (const Complaint& complaint : complaints) {
    if (message.find(complaint.says) != std::string_view::npos && (complaint.at.empty() || complaint.at.find(rest.front()) != std::string_view::npos)) return std::string(complaint.hint);
  }
  if (rest.front() == '.' && rest.size() > 1 && is_digit(rest[1])) return "write the digit before the point: 0.5";
  for (const Slip& slip : slips) {
    if (slip.starts.find(text[at]) != std::string_view::npos && (!slip.after_comma || follows_comma(text, at))) return std::string(slip.hint);
  }
  const bool is_closing = rest.front() == '}' || rest.front() == ']';
  return is_closing || rest.front() == ':' ? std::string() : hint_for_word(text, at, message);
}

}  // namespace

void explain_syntax(std::string_view text, Diagnostic& finding) {
  if (finding.code != ErrorCode::json_syntax) return;
  std::string& message = finding.message;
  if (const std::size_t preface = message.find(parser_preface); preface != std::string::npos)
    message.erase(0, preface + parser_preface.size());
  if (const std::size_t excerpt = message.find(parser_excerpt); excerpt != std::string::npos) {
    const std::size_t expectation = message.rfind(parser_expectation);
    message.erase(
        excerpt, expectation == std::string::npos || expectation < excerpt ? std::string::npos : expectation - excerpt);
  }
  if (is_utf16(text)) {
    finding.hint = in_utf8;
  } else if (message.starts_with(at_end)) {
    finding.hint = hint_at_end(text);
  } else {
    finding.hint = hint_at(text, offset_of(text, finding.range), message);
  }
}

}  // namespace wayline::document
