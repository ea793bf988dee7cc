#include "decision/content.h"

#include <span>
#include <string>

#include "base/number.h"

namespace wayline {

using program::ContentKind;

namespace {

/// A name that visitors give is short; what is longer would only break the page.
constexpr std::size_t max_interpolated_bytes = 1000;

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

void append_html(std::string_view text, std::string& out) {
  std::size_t begin = 0;  // of what is not copied yet
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::string_view entity;
    switch (text[i]) {
      case '&': entity = "&amp;"; break;
      case '<': entity = "&lt;"; break;
      case '>': entity = "&gt;"; break;
      case '"': entity = "&quot;"; break;
      case '\'': entity = "&#39;"; break;
      case '`': entity = "&#96;"; break;
      default: continue;
    }
    out += text.substr(begin, i - begin);
    out += entity;
    begin = i + 1;
  }
  out += text.substr(begin);
}

/// ECMAScript's encodeURIComponent over UTF-8.
void append_uri_component(std::string_view text, std::string& out) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  constexpr std::string_view unreserved = "-_.!~*'()";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool alphanumeric = (byte | 32) >= 'a' ? (byte | 32) <= 'z' : byte >= '0' && byte <= '9';
    if (alphanumeric || unreserved.find(c) != std::string_view::npos) {
      out += c;
    } else {
      out += {'%', digits[byte >> 4], digits[byte & 15]};
    }
  }
}

/// Text, numbers and booleans can be interpolated; a list or an object, like nothing, gives the default.
/// Numbers are written into `buffer`.
std::string_view text_of(const Value& value, std::span<char, number_text_size> buffer) {
  switch (value.kind()) {
    case Kind::string: break;
    case Kind::number: return {buffer.data(), write_number(value.as_number(), buffer.data())};
    case Kind::boolean: return value.as_boolean() ? "true" : "false";
    default: return {};
  }
  const std::string_view text = value.as_string();
  if (text.size() <= max_interpolated_bytes) return text;
  std::size_t end = max_interpolated_bytes;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;  // not inside of a character
  return text.substr(0, end);
}

class Renderer {
 public:
  Renderer(ContentKind kind, StateEnvironment& environment, Arena& arena) : kind_(kind), environment_(environment), arena_(arena) {}

  // Contents nest at most as deep as the program's verification allows.
  Value render(const Value& value) {
    switch (value.kind()) {
      case Kind::string: return Value::string(fill(value.as_string()));
      case Kind::list: {
        ListBuilder list(arena_);
        for (const Value& item : value.as_list()) list.add(render(item));
        return list.build();
      }
      case Kind::object: {
        ObjectBuilder object(arena_);
        for (const Member& member : value.as_object()) object.add(member.key, render(member.value));
        return object.build();
      }
      default: return value;
    }
  }

 private:
  std::string_view fill(std::string_view text) {
    std::size_t open = text.find("{{");
    if (open == std::string_view::npos) return text;
    std::string out;
    while (open != std::string_view::npos) {
      const std::size_t close = text.find("}}", open + 2);
      if (close == std::string_view::npos) break;
      out += text.substr(0, open);
      append(text.substr(open + 2, close - open - 2), out);
      text.remove_prefix(close + 2);
      open = text.find("{{");
    }
    out += text;
    return arena_.copy(out);
  }

  void append(std::string_view expression, std::string& out) {
    const std::size_t bar = expression.find('|');
    char buffer[number_text_size];
    std::string_view value = text_of(environment_.path(trimmed(expression.substr(0, bar)), arena_), buffer);
    if (value.empty() && bar != std::string_view::npos) value = trimmed(expression.substr(bar + 1));
    switch (kind_) {
      case ContentKind::html: append_html(value, out); break;
      case ContentKind::redirect: append_uri_component(value, out); break;
      default: out += value;
    }
  }

  ContentKind kind_;
  StateEnvironment& environment_;
  Arena& arena_;
};

}  // namespace

Value render_content(const program::Tables& tables, const program::Variant& variant, StateEnvironment& environment, Arena& arena) {
  const Value content = tables.values[variant.content];
  return variant.interpolates ? Renderer(variant.kind, environment, arena).render(content) : content;
}

}  // namespace wayline
