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

using namespace std::string_view_literals;

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

  /// Room for that many bytes and for one that put() adds behind them.
  void reserve(std::size_t size) {
    if (static_cast<std::size_t>(end_ - next_) <= size) grow(size);
  }
  void grow(std::size_t size) {
    constexpr std::size_t more = 512;  // than what was asked for
    const std::size_t before = used();
    out_.resize(before + size + more);
    next_ = out_.data() + before;
    end_ = out_.data() + out_.size();
  }
  /// In the room that was reserved with what is before it.
  void put(char c) { *next_++ = c; }
  void put(std::string_view text) {
    reserve(text.size());
    for (const char c : text) *next_++ = c;
  }

  void write_number(double number) {
    if (!std::isfinite(number)) return put("null");
    reserve(number_text_size);
    next_ += wayline::write_number(number, next_);
  }

  /// JSON.stringify's QuoteJSONString: only what must be is escaped; lone surrogates become \uXXXX. Words of bytes are copied whole, and the
  /// next is written over what of the last one does not belong there.
  void write_string(std::string_view text) {
    reserve(text.size() + 2 + sizeof(Word));
    *next_++ = '"';
    char* next = next_;  // a local one: the bytes written could be those of a member
    for (std::size_t at = 0; at < text.size();) {
      const Word word = word_at(text, at);
      std::memcpy(next, &word, sizeof word);
      const std::size_t plain = std::min(plain_bytes(word), text.size() - at);
      next += plain;
      at += plain;
      if (plain == sizeof word || at == text.size()) continue;
      next_ = next;
      at += write_special(text, at);
      next = next_;
    }
    *next = '"';
    next_ = next + 1;
  }

  using Word = std::uint64_t;
  /// The bytes from there on; what is above the last one is not said.
  static Word word_at(std::string_view text, std::size_t at) {
    Word word = 0;
    const std::size_t size = text.size();
    if (size - at >= sizeof word) {
      std::memcpy(&word, text.data() + at, sizeof word);
      return word;
    }
    if (size >= sizeof word) {
      std::memcpy(&word, text.data() + size - sizeof word, sizeof word);
      return word >> 8 * (sizeof word - (size - at));
    }
    std::uint32_t end = 0;
    if (size < sizeof end) {
      for (std::size_t i = size; i-- > at;) word = word << 8 | static_cast<unsigned char>(text[i]);
      return word;
    }
    std::memcpy(&word, text.data(), sizeof end);
    std::memcpy(&end, text.data() + size - sizeof end, sizeof end);
    return (word | Word{end} << 8 * (size - sizeof end)) >> 8 * at;
  }
  /// How many bytes, from the lowest on, are written as they are; 8 when all are.
  static std::size_t plain_bytes(Word word) {
    constexpr Word each = 0x0101010101010101, high = each << 7;
    // The high bit of each byte: of those below 0x80 whether it is a control, a quote or a backslash, of the others whether it is 0xED. Behind
    // the first that is, others may be marked as well.
    const Word ascii = (word - each * 0x20) | ((word ^ each * '"') - each) | ((word ^ each * '\\') - each), other = (word ^ each * 0xED) - each;
    return static_cast<std::size_t>(std::countr_zero(((ascii & ~word) | (other & word)) & high)) / 8;
  }
  /// A byte that may have to be escaped. How many of the text were written.
  std::size_t write_special(std::string_view text, std::size_t at) {
    reserve(longest_escape + text.size() - at + sizeof(Word));
    const auto byte = static_cast<unsigned char>(text[at]);
    if (byte == '"' || byte == '\\') {
      next_[0] = '\\';
      next_[1] = text[at];
      next_ += 2;
      return 1;
    }
    if (byte == 0xED) {
      const bool surrogate = at + 2 < text.size() && static_cast<unsigned char>(text[at + 1]) >= 0xA0;
      if (surrogate) write_escape(decode_utf8(text, at).value);
      else *next_++ = text[at];
      return surrogate ? 3 : 1;
    }
    static constexpr std::string_view letters = "btn\0fr"sv;  // from 0x08 on
    const char letter = byte >= 8 && byte - 8u < letters.size() ? letters[byte - 8u] : '\0';
    if (letter == 0) return write_escape(byte), 1;
    *next_++ = '\\';
    *next_++ = letter;
    return 1;
  }
  void write_escape(std::uint32_t unit) {
    static constexpr std::string_view digits = "0123456789abcdef";
    *next_++ = '\\';
    *next_++ = 'u';
    for (int shift = 12; shift >= 0; shift -= 4) *next_++ = digits[unit >> shift & 15];
  }

  void write_list(std::span<const Value> items) {
    reserve(0);
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
    // Objects are mostly built in order already.
    if (!std::is_sorted(members.begin(), members.end(), less)) {
      std::vector<Member> sorted(members.begin(), members.end());
      sort_stably(std::span(sorted), less);
      return write_sorted(sorted);
    }
    write_sorted(members);
  }

  void write_sorted(std::span<const Member> members) {
    reserve(0);
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

void write_json(const Value& value, std::string& out) { Writer(out).write(value); }

void write_text(std::string_view text, std::string& out) { Writer(out).write(text); }

std::string to_json(const Value& value) {
  std::string out;
  write_json(value, out);
  return out;
}

}  // namespace wayline
