#include "base/utf.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace wayline {
namespace {

constexpr std::uint32_t replacement = 0xFFFD;

unsigned char byte_at(std::string_view text, std::size_t at) { return static_cast<unsigned char>(text[at]); }

bool is_continuation(std::string_view text, std::size_t at) {
  return at < text.size() && (byte_at(text, at) & 0xC0) == 0x80;
}

bool is_surrogate(std::uint32_t code_point) { return code_point >= 0xD800 && code_point <= 0xDFFF; }

bool starts_with_low(std::string_view text) {
  return text.size() >= 3 && byte_at(text, 0) == 0xED && byte_at(text, 1) >= 0xB0;
}

bool ends_with_high(std::string_view text) {
  const std::size_t size = text.size();
  return size >= 3 && byte_at(text, size - 3) == 0xED && (byte_at(text, size - 2) & 0xF0) == 0xA0;
}

/// Walks a text unit by unit.
class Units {
 public:
  Units(std::string_view text, std::size_t at) : text_(text), at_(at) {}
  /// The next code unit, or -1 at the end.
  std::int32_t next() {
    if (pending_ != 0) return static_cast<std::int32_t>(std::exchange(pending_, 0));
    if (at_ >= text_.size()) return -1;
    const CodePoint point = decode_utf8(text_, at_);
    at_ += point.bytes;
    if (point.value < 0x10000) return static_cast<std::int32_t>(point.value);
    pending_ = low_surrogate(point.value);
    return static_cast<std::int32_t>(high_surrogate(point.value));
  }

 private:
  std::string_view text_;
  std::size_t at_;
  std::uint32_t pending_ = 0;
};

bool valid(std::string_view text, bool surrogates) {
  for (std::size_t at = 0; at < text.size();) {
    // Nearly all text is ASCII: eight bytes at a time.
    std::uint64_t word = 0;
    if (text.size() - at >= sizeof word) {
      std::memcpy(&word, text.data() + at, sizeof word);
      if ((word & 0x8080808080808080) == 0) {
        at += sizeof word;
        continue;
      }
    }
    if (byte_at(text, at) < 0x80) {
      ++at;
      continue;
    }
    const CodePoint point = decode_utf8(text, at);
    if (point.bytes == 1 || (!surrogates && is_surrogate(point.value))) return false;
    at += point.bytes;
  }
  return true;
}

}  // namespace

CodePoint decode_utf8(std::string_view text, std::size_t at) {
  const std::uint32_t first = byte_at(text, at);
  if (first < 0x80) return {first, 1};
  const auto bits = [&](std::size_t offset) { return static_cast<std::uint32_t>(byte_at(text, at + offset) & 0x3F); };
  if (first >= 0xC2 && first <= 0xDF && is_continuation(text, at + 1)) return {(first & 0x1F) << 6 | bits(1), 2};
  if ((first & 0xF0) == 0xE0 && is_continuation(text, at + 1) && is_continuation(text, at + 2)) {
    const std::uint32_t value = (first & 0x0F) << 12 | bits(1) << 6 | bits(2);
    if (value >= 0x800) return {value, 3};
  }
  if (first >= 0xF0 && first <= 0xF4 && is_continuation(text, at + 1) && is_continuation(text, at + 2) &&
      is_continuation(text, at + 3)) {
    const std::uint32_t value = (first & 0x07) << 18 | bits(1) << 12 | bits(2) << 6 | bits(3);
    if (value >= 0x10000 && value <= 0x10FFFF) return {value, 4};
  }
  return {replacement, 1};
}

std::size_t write_utf8(std::uint32_t code_point, char* out) {
  const auto put = [out](std::size_t index, std::uint32_t byte) { out[index] = static_cast<char>(byte); };
  if (code_point < 0x80) {
    put(0, code_point);
    return 1;
  }
  if (code_point < 0x800) {
    put(0, 0xC0 | code_point >> 6);
    put(1, 0x80 | (code_point & 0x3F));
    return 2;
  }
  if (code_point < 0x10000) {
    put(0, 0xE0 | code_point >> 12);
    put(1, 0x80 | ((code_point >> 6) & 0x3F));
    put(2, 0x80 | (code_point & 0x3F));
    return 3;
  }
  put(0, 0xF0 | code_point >> 18);
  put(1, 0x80 | ((code_point >> 12) & 0x3F));
  put(2, 0x80 | ((code_point >> 6) & 0x3F));
  put(3, 0x80 | (code_point & 0x3F));
  return 4;
}

void append_utf8(std::uint32_t code_point, std::string& out) {
  char bytes[4];
  out.append(bytes, write_utf8(code_point, bytes));
}

bool valid_utf8(std::string_view text) { return valid(text, false); }
bool valid_wtf8(std::string_view text) { return valid(text, true); }

void append_well_formed(std::string_view text, std::string& out) {
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint point = decode_utf8(text, at);
    const bool surrogate = point.value >= 0xD800 && point.value <= 0xDFFF;
    append_utf8(surrogate ? 0xFFFD : point.value, out);
    at += point.bytes;
  }
}

std::size_t utf16_length(std::string_view text) {
  // One unit for each byte that starts a code point, one more for those of four bytes.
  std::size_t units = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    units += static_cast<std::size_t>((byte & 0xC0) != 0x80) + static_cast<std::size_t>(byte >= 0xF0);
  }
  return units;
}

Utf16Slice utf16_slice(std::string_view text, std::size_t from, std::size_t to) {
  Utf16Slice slice;
  if (from >= to) return slice;
  std::size_t at = 0, unit = 0;
  while (at < text.size() && unit < from) {
    const CodePoint point = decode_utf8(text, at);
    at += point.bytes;
    unit += point.value >= 0x10000 ? 2 : 1;
    if (unit > from) slice.low_before = low_surrogate(point.value);
  }
  const std::size_t begin = at;
  while (at < text.size() && unit < to) {
    const CodePoint point = decode_utf8(text, at);
    unit += point.value >= 0x10000 ? 2 : 1;
    if (unit > to) {
      slice.high_after = high_surrogate(point.value);
      break;
    }
    at += point.bytes;
  }
  slice.middle = text.substr(begin, at - begin);
  return slice;
}

int compare_utf16(std::string_view left, std::string_view right) {
  const std::size_t common = std::min(left.size(), right.size());
  std::size_t at = 0;
  while (at < common && left[at] == right[at]) ++at;
  if (at == common) return left.size() == right.size() ? 0 : (left.size() < right.size() ? -1 : 1);
  // Byte order is unit order unless a pair (0xF0 and up) meets U+D800..U+FFFF (0xED and up).
  if (byte_at(left, at) < 0xED || byte_at(right, at) < 0xED) return byte_at(left, at) < byte_at(right, at) ? -1 : 1;
  Units left_units(left, at), right_units(right, at);
  for (;;) {
    const std::int32_t a = left_units.next(), b = right_units.next();
    if (a != b) return a < b ? -1 : 1;
    if (a < 0) return 0;
  }
}

bool contains_utf16(std::string_view haystack, std::string_view needle) {
  const bool low_first = starts_with_low(needle), high_last = ends_with_high(needle);
  if (!low_first && !high_last) return haystack.find(needle) != std::string_view::npos;
  // The halves at the needle's ends may stand alone or be part of a pair; what is between them stands as it is.
  std::u16string units, wanted;
  for (Units walk(haystack, 0);;) {
    const std::int32_t unit = walk.next();
    if (unit < 0) break;
    units.push_back(static_cast<char16_t>(unit));
  }
  for (Units walk(needle, 0);;) {
    const std::int32_t unit = walk.next();
    if (unit < 0) break;
    wanted.push_back(static_cast<char16_t>(unit));
  }
  return units.find(wanted) != std::u16string::npos;
}

bool joins_surrogates(std::string_view left, std::string_view right) {
  return starts_with_low(right) && ends_with_high(left);
}

std::uint32_t joined_code_point(std::string_view left, std::string_view right) {
  const std::uint32_t high = decode_utf8(left, left.size() - 3).value, low = decode_utf8(right, 0).value;
  return 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
}

}  // namespace wayline
