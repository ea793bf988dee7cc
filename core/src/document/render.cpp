#include "document/render.h"

#include <algorithm>
#include <array>
#include <iterator>

#include "base/utf.h"
#include "value/json.h"

namespace wayline::document {
namespace {

/// Code points of a source line that are shown; a minified document is one line of thousands.
constexpr std::size_t widest_excerpt = 120;
/// Of those, how many stand before the caret in a line that is cut.
constexpr std::size_t excerpt_before = 40;
/// Width of the line numbers, so that short files line up.
constexpr std::size_t number_width = 5;
/// Findings that name one place on a long line need no longer underline.
constexpr std::uint32_t longest_underline = 80;

struct SeverityRow {
  std::string_view word;
  std::string_view plural;
  std::string_view colour;  // ANSI
};
constexpr SeverityRow severities[] = {
    {"error", "errors", "\x1b[1;31m"}, {"warning", "warnings", "\x1b[1;33m"}, {"note", "notes", "\x1b[1;36m"}};

const SeverityRow& row(Severity severity) { return severities[static_cast<std::size_t>(severity)]; }

constexpr std::string_view bold = "\x1b[1m";
constexpr std::string_view plain = "\x1b[0m";

/// Text in a colour, or as it is.
class Paint {
 public:
  explicit Paint(bool colour) : colour_(colour) {}
  [[nodiscard]] std::string operator()(std::string_view style, std::string_view text) const {
    return colour_ ? std::string(style) + std::string(text) + std::string(plain) : std::string(text);
  }

 private:
  bool colour_;
};

/// The line's text without its line end; nothing when the file has no such line.
std::string_view line_of(std::string_view text, std::uint32_t line) {
  std::size_t start = 0;
  for (std::uint32_t current = 1; current < line; ++current) {
    const std::size_t end = text.find('\n', start);
    if (end == std::string_view::npos) return {};
    start = end + 1;
  }
  std::string_view result = text.substr(start, text.find('\n', start) - start);
  if (result.ends_with('\r')) result.remove_suffix(1);
  return result;
}

/// One cell for each code point; tabs stay, so that the terminal gives them the same width in both lines.
std::vector<std::string> cells_of(std::string_view line) {
  std::vector<std::string> cells;
  for (std::size_t at = 0; at < line.size();) {
    const CodePoint point = decode_utf8(line, at);
    const bool is_control = (point.value < 0x20 && point.value != '\t') || (point.value >= 0x7F && point.value < 0xA0);
    cells.emplace_back(is_control ? "?" : line.substr(at, point.bytes));
    at += point.bytes;
  }
  return cells;
}

struct Excerpt {
  std::string text;
  std::string indent;    // below the text, up to the caret
  std::size_t room = 0;  // cells from the caret to the end of the text
};

Excerpt excerpt_of(std::string_view line, std::uint32_t column) {
  const std::vector<std::string> cells = cells_of(line);
  const std::size_t caret = std::min<std::size_t>(column == 0 ? 0 : column - 1, cells.size());
  const bool is_cut = cells.size() > widest_excerpt;
  const std::size_t first = is_cut && caret > excerpt_before ? caret - excerpt_before : 0;
  const std::size_t last = is_cut ? std::min(cells.size(), first + widest_excerpt) : cells.size();
  Excerpt excerpt;
  if (first > 0) {
    excerpt.text = "…";
    excerpt.indent = " ";
  }
  for (std::size_t i = first; i < last; ++i) {
    excerpt.text += cells[i];
    if (i < caret) excerpt.indent += cells[i] == "\t" ? "\t" : " ";
  }
  if (last < cells.size()) excerpt.text += "…";
  excerpt.room = last - caret;
  return excerpt;
}

std::string gutter(std::string_view number) {
  std::string text(number_width > number.size() ? number_width - number.size() : 0, ' ');
  text.append(number).append(" | ");
  return text;
}

std::string underline(const SourceRange& range, std::size_t room) {
  const std::size_t length = std::min<std::size_t>({range.length, room, longest_underline});
  std::string text = "^";
  text.append(length > 1 ? length - 1 : 0, '~');
  return text;
}

}  // namespace

std::string render(const Diagnostic& diagnostic, const Files& files, bool colour) {
  const Paint paint(colour);
  const SourceRange& range = diagnostic.range;
  const SeverityRow& severity = row(diagnostic.severity);
  std::string place = range.file;
  place.append(":").append(std::to_string(range.line)).append(":").append(std::to_string(range.column)).append(":");
  std::string word(severity.word);
  word += ':';
  std::string text = paint(bold, place);
  text.append(" ").append(paint(severity.colour, word)).append(" ").append(paint(bold, diagnostic.message));
  text.append(" [").append(code_text(diagnostic.code)).append("]\n");
  if (const auto file = files.find(range.file); file != files.end()) {
    const Excerpt excerpt = excerpt_of(line_of(file->second, range.line), range.column);
    text.append(gutter(std::to_string(range.line))).append(excerpt.text).append("\n");
    text.append(gutter(""))
        .append(excerpt.indent)
        .append(paint(severity.colour, underline(range, excerpt.room)))
        .append("\n");
  }
  const std::string_view hint =
      diagnostic.hint.empty() ? code_hint(diagnostic.code) : std::string_view(diagnostic.hint);
  text.append(number_width + 1, ' ').append("hint: ").append(hint).append("\n");
  return text;
}

std::string render_json(const Diagnostics& diagnostics) {
  Arena arena;
  ListBuilder list(arena);
  for (const Diagnostic& finding : diagnostics) {
    const std::string_view hint = finding.hint.empty() ? code_hint(finding.code) : std::string_view(finding.hint);
    ObjectBuilder object(arena);
    object.text("code", code_text(finding.code));
    object.text("severity", row(finding.severity).word);
    object.text("file", finding.range.file);
    object.number("line", finding.range.line);
    object.number("column", finding.range.column);
    object.number("length", finding.range.length);
    object.text("message", finding.message);
    object.text("hint", hint);
    list.add(object.build());
  }
  return to_json(list.build());
}

std::string render_summary(const Diagnostics& diagnostics) {
  std::array<std::size_t, std::size(severities)> counts{};
  for (const Diagnostic& finding : diagnostics) ++counts[static_cast<std::size_t>(finding.severity)];
  std::string text;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] == 0) continue;
    if (!text.empty()) text += ", ";
    text += std::to_string(counts[i]) + " " + std::string(counts[i] == 1 ? severities[i].word : severities[i].plural);
  }
  return text.empty() ? "no findings" : text;
}

}  // namespace wayline::document
