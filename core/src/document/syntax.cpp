// JSON syntax errors in an author's words.
#include <algorithm>
#include <iterator>

#include "base/utf.h"
#include "document/documents.h"

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
    {"'", false, "strings stand in double quotes"},
    {".", false, "write the digit before the point: 0.5"},
    {"+", false, "numbers take no plus sign"},
    {"TFN", false, "write true, false or null"},
    {"\"", false, "is a comma missing before it?"},
    {"{[", false, "is a comma missing before it?"},
};

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

std::string_view hint_at(std::string_view text, std::size_t at, std::string_view message) {
  if (message.find("ill-formed UTF-8") != std::string_view::npos) return in_utf8;
  if (at >= text.size()) return {};
  if (meets_curly_quote(text, at)) return "use straight quotes: \"";
  for (const Slip& slip : slips) {
    if (slip.starts.find(text[at]) != std::string_view::npos && (!slip.after_comma || follows_comma(text, at)))
      return slip.hint;
  }
  return {};
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
    finding.hint = "the file ends too early; is it complete?";
  } else {
    finding.hint = hint_at(text, offset_of(text, finding.range), message);
  }
}

}  // namespace wayline::document
