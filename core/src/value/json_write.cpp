#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/number.h"
#include "base/sort.h"
#include "base/utf.h"
#include "value/json.h"

namespace wayline {
namespace {

/// Writes behind what a text holds, in room that it takes some hundreds of bytes at a time and gives back in the end:
/// asking a std::string for room for each character would take longer than all the rest.
class Writer {
 public:
  explicit Writer(std::string& out) : out_(out), next_(out.data() + out.size()), end_(next_) {}
  ~Writer() { out_.resize(used()); }
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  void write(const Value& value) {
    switch (value.kind()) {
      case Kind::missing:
      case Kind::null: return put("null");
      case Kind::boolean: return put(value.as_boolean() ? std::string_view("true") : std::string_view("false"));
      case Kind::number: return write_number(value.as_number());
      case Kind::string: return write_string(value.as_string());
      case Kind::list: return write_list(value.as_list());
      case Kind::object: return write_object(value.as_object());
    }
  }
  void write(std::string_view text) { write_string(text); }

 private:
  [[nodiscard]] std::size_t used() const { return static_cast<std::size_t>(next_ - out_.data()); }

  void reserve(std::size_t size) {
    if (static_cast<std::size_t>(end_ - next_) < size) grow(size);
  }
  void grow(std::size_t size) {
    constexpr std::size_t more = 512;
    const std::size_t before = used();
    out_.resize(before + size + more);
    next_ = out_.data() + before;
    end_ = out_.data() + out_.size();
  }
  void put(char c) {
    reserve(1);
    *next_++ = c;
  }
  void put(std::string_view text) {
    reserve(text.size());
    for (const char c : text) *next_++ = c;
  }

  void write_number(double number) {
    if (!std::isfinite(number)) return put("null");
    reserve(number_text_size);
    next_ += wayline::write_number(number, next_);
  }

  /// JSON.stringify's QuoteJSONString: only what must be is escaped; lone surrogates become \uXXXX.
  void write_string(std::string_view text) {
    reserve(text.size() + 2);
    *next_++ = '"';
    for (std::size_t at = 0; at < text.size(); ++at) {
      at = copy_plain(text, at);
      if (at == text.size()) break;
      const auto byte = static_cast<unsigned char>(text[at]);
      if (byte < 0x20 || byte == '"' || byte == '\\') {
        reserve(longest_escape + text.size() - at);
        write_control(text[at]);
      } else if (byte == 0xED && at + 2 < text.size() && static_cast<unsigned char>(text[at + 1]) >= 0xA0) {
        reserve(longest_escape + text.size() - at);
        write_escape(decode_utf8(text, at).value);
        at += 2;
      } else {
        *next_++ = text[at];
      }
    }
    *next_++ = '"';
  }
  /// Copies words of bytes that are written as they are, up to the first that may not be or the last that are less than a word. Where it stopped.
  std::size_t copy_plain(std::string_view text, std::size_t at) {
    using Word = std::uint64_t;
    constexpr Word each = 0x0101010101010101, high = each << 7;
    // In the high bit of each byte whether it is below a limit; behind the first that is, others may be marked as well.
    const auto below = [](Word word, Word limit) { return (word - each * limit) & ~word; };
    for (Word word = 0; text.size() - at >= sizeof word; at += sizeof word, next_ += sizeof word) {
      std::memcpy(&word, text.data() + at, sizeof word);
      std::memcpy(next_, &word, sizeof word);
      const Word found = (below(word, 0x20) | below(word ^ each * '"', 1) | below(word ^ each * '\\', 1) | below(word ^ each * 0xED, 1)) & high;
      if (found == 0) continue;
      const auto plain = static_cast<std::size_t>(std::countr_zero(found)) / 8;
      next_ += plain;
      return at + plain;
    }
    return at;
  }
  void write_control(char c) {
    static constexpr std::string_view controls = "\"\\\b\f\n\r\t", letters = "\"\\bfnrt";
    const std::size_t place = c == '"' ? 0 : controls.find(c);  // most are quotes
    if (place == std::string_view::npos) return write_escape(static_cast<unsigned char>(c));
    *next_++ = '\\';
    *next_++ = letters[place];
  }
  void write_escape(std::uint32_t unit) {
    static constexpr std::string_view digits = "0123456789abcdef";
    *next_++ = '\\';
    *next_++ = 'u';
    for (int shift = 12; shift >= 0; shift -= 4) *next_++ = digits[unit >> shift & 15];
  }

  void write_list(std::span<const Value> items) {
    char before = '[';
    for (const Value& item : items) {
      put(before);
      before = ',';
      write(item);
    }
    put(items.empty() ? std::string_view("[]") : std::string_view("]"));
  }

  void write_object(std::span<const Member> members) {
    const auto less = [](const Member& a, const Member& b) { return compare_utf16(a.key, b.key) < 0; };
    std::vector<Member> sorted;
    // Objects are mostly built in order already.
    if (!std::is_sorted(members.begin(), members.end(), less)) {
      sorted.assign(members.begin(), members.end());
      sort_stably(std::span(sorted), less);
      members = sorted;
    }
    char before = '{';
    for (const Member& member : members) {
      put(before);
      before = ',';
      write_string(member.key);
      put(':');
      write(member.value);
    }
    put(members.empty() ? std::string_view("{}") : std::string_view("}"));
  }

  static constexpr std::size_t longest_escape = 6;  // and the closing quote is among the bytes that are left

  std::string& out_;
  char* next_;
  char* end_;
};

}  // namespace

void write_number(double number, std::string& out) { append_number(number, out); }

void write_json(const Value& value, std::string& out) { Writer(out).write(value); }

void write_text(std::string_view text, std::string& out) { Writer(out).write(text); }

std::string to_json(const Value& value) {
  std::string out;
  write_json(value, out);
  return out;
}

}  // namespace wayline
