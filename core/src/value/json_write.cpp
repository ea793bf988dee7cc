#include <algorithm>
#include <cmath>
#include <vector>

#include "base/number.h"
#include "base/sort.h"
#include "base/utf.h"
#include "value/json.h"

namespace wayline {
namespace {

void write_escape(std::uint32_t unit, std::string& out) {
  constexpr char digits[] = "0123456789abcdef";
  out += "\\u";
  for (int shift = 12; shift >= 0; shift -= 4) out += digits[unit >> shift & 15];
}

void write_control(char c, std::string& out) {
  switch (c) {
    case '"': out += "\\\""; return;
    case '\\': out += "\\\\"; return;
    case '\b': out += "\\b"; return;
    case '\f': out += "\\f"; return;
    case '\n': out += "\\n"; return;
    case '\r': out += "\\r"; return;
    case '\t': out += "\\t"; return;
    default: write_escape(static_cast<unsigned char>(c), out); return;
  }
}

/// JSON.stringify's QuoteJSONString: only what must be is escaped; lone surrogates become \uXXXX.
void write_string(std::string_view text, std::string& out) {
  out += '"';
  std::size_t plain = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto byte = static_cast<unsigned char>(text[at]);
    const bool control = byte < 0x20 || byte == '"' || byte == '\\';
    const bool surrogate = byte == 0xED && at + 2 < text.size() && static_cast<unsigned char>(text[at + 1]) >= 0xA0;
    if (!control && !surrogate) continue;
    out.append(text, plain, at - plain);
    if (control) {
      write_control(text[at], out);
    } else {
      write_escape(decode_utf8(text, at).value, out);
      at += 2;
    }
    plain = at + 1;
  }
  out.append(text, plain, text.size() - plain);
  out += '"';
}

void write_object(std::span<const Member> members, std::string& out) {
  const auto less = [](const Member* a, const Member* b) { return compare_utf16(a->key, b->key) < 0; };
  std::vector<const Member*> sorted;
  sorted.reserve(members.size());
  for (const Member& member : members) sorted.push_back(&member);
  // Objects are mostly built in order already.
  if (!std::is_sorted(sorted.begin(), sorted.end(), less)) sort_stably(std::span(sorted), less);
  out += '{';
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    if (i != 0) out += ',';
    write_string(sorted[i]->key, out);
    out += ':';
    write_json(sorted[i]->value, out);
  }
  out += '}';
}

}  // namespace

void write_number(double number, std::string& out) { append_number(number, out); }

void write_json(const Value& value, std::string& out) {
  switch (value.kind()) {
    case Kind::missing:
    case Kind::null: out += "null"; return;
    case Kind::boolean: out += value.as_boolean() ? "true" : "false"; return;
    case Kind::number:
      if (std::isfinite(value.as_number())) append_number(value.as_number(), out);
      else out += "null";
      return;
    case Kind::string: write_string(value.as_string(), out); return;
    case Kind::list: {
      out += '[';
      bool first = true;
      for (const Value& item : value.as_list()) {
        if (!first) out += ',';
        first = false;
        write_json(item, out);
      }
      out += ']';
      return;
    }
    case Kind::object: write_object(value.as_object(), out); return;
  }
}

std::string to_json(const Value& value) {
  std::string out;
  write_json(value, out);
  return out;
}

}  // namespace wayline
