#include "cli/text.h"

#include <algorithm>

#include "base/utf.h"

namespace wayline::cli {
namespace {

constexpr std::size_t column_gap = 2;

std::size_t width_of(std::string_view text) {
  std::size_t width = 0;
  for (std::size_t at = 0; at < text.size(); at += decode_utf8(text, at).bytes) ++width;
  return width;
}

/// Bytes of the code of a style that the text begins with: ESC [ digits and semicolons m. 0 when it begins with none.
std::size_t style_code_size(std::string_view text) {
  if (!text.starts_with("\x1b[")) return 0;
  const std::size_t end = text.find_first_not_of("0123456789;", 2);
  return end != std::string_view::npos && text[end] == 'm' ? end + 1 : 0;
}

bool is_control(std::uint32_t code_point) {
  return (code_point < 0x20 && code_point != '\n' && code_point != '\t') || (code_point >= 0x7F && code_point < 0xA0);
}

}  // namespace

std::string grouped(std::uint64_t number) {
  std::string text = std::to_string(number);
  for (std::size_t at = text.size(); at > 3;) text.insert(at -= 3, ",");
  return text;
}

std::string harmless(std::string_view text) {
  std::string shown;
  for (std::size_t at = 0; at < text.size();) {
    if (const std::size_t style = style_code_size(text.substr(at)); style != 0) {
      shown += text.substr(at, style);
      at += style;
      continue;
    }
    const CodePoint point = decode_utf8(text, at);
    append_utf8(is_control(point.value) ? '?' : point.value, shown);
    at += point.bytes;
  }
  return shown;
}

std::string counted(std::uint64_t number, std::string_view noun) {
  return grouped(number).append(" ").append(noun).append(number == 1 ? "" : "s");
}

std::string hexadecimal(std::uint64_t number) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text(16, '0');
  for (std::size_t place = text.size(); place-- > 0; number >>= 4) text[place] = digits[number & 15];
  return text;
}

std::string aligned(const std::vector<std::vector<std::string>>& rows, std::size_t left, std::string_view indent) {
  std::vector<std::size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t column = 0; column < row.size(); ++column)
      widths[column] = std::max(widths[column], width_of(row[column]));
  }
  std::string text;
  for (const auto& row : rows) {
    text += indent;
    for (std::size_t column = 0; column < row.size(); ++column) {
      const std::string padding(widths[column] - width_of(row[column]), ' ');
      if (column > 0) text.append(column_gap, ' ');
      text += column < left ? row[column] + padding : padding + row[column];
    }
    text.erase(text.find_last_not_of(' ') + 1);
    text += '\n';
  }
  return text;
}

}  // namespace wayline::cli
