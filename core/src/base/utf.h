// Text as JavaScript counts it (UTF-16 code units) over the engine's UTF-8. A lone surrogate is kept as its
// three-byte form (WTF-8), so every JavaScript string has exactly one spelling here.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace wayline {

struct CodePoint {
  std::uint32_t value = 0;  // a surrogate when the text holds a lone one; U+FFFD for a byte that is no UTF-8
  std::uint32_t bytes = 1;
};

/// The code point that starts at byte `at`, which must be inside the text. Malformed bytes count as U+FFFD, one each.
[[nodiscard]] CodePoint decode_utf8(std::string_view text, std::size_t at);
/// Appends a code point; a surrogate gets its three-byte form.
void append_utf8(std::uint32_t code_point, std::string& out);
/// As append_utf8, into at least four bytes; returns how many were written.
std::size_t write_utf8(std::uint32_t code_point, char* out);

constexpr std::uint32_t high_surrogate(std::uint32_t code_point) { return 0xD800 + ((code_point - 0x10000) >> 10); }
constexpr std::uint32_t low_surrogate(std::uint32_t code_point) { return 0xDC00 + ((code_point - 0x10000) & 0x3FF); }

/// Strict UTF-8: no overlong forms, no surrogates, nothing past U+10FFFF.
[[nodiscard]] bool valid_utf8(std::string_view text);
/// As valid_utf8, but lone surrogates are allowed.
[[nodiscard]] bool valid_wtf8(std::string_view text);

/// Appends `text` with everything that is no UTF-8, lone surrogates too, as U+FFFD.
void append_well_formed(std::string_view text, std::string& out);

/// JavaScript's String.length.
[[nodiscard]] std::size_t utf16_length(std::string_view text);

/// Part of a text between two UTF-16 positions. A cut through a surrogate pair leaves half of it at that end.
struct Utf16Slice {
  std::uint32_t low_before = 0;  // a lone low surrogate that comes first, or 0
  std::string_view middle;
  std::uint32_t high_after = 0;  // a lone high surrogate that comes last, or 0
};
/// Code units [from, to) of the text; positions past its end count as the end.
[[nodiscard]] Utf16Slice utf16_slice(std::string_view text, std::size_t from, std::size_t to);

/// JavaScript's order of strings, by UTF-16 code units: negative, 0 or positive.
[[nodiscard]] int compare_utf16(std::string_view left, std::string_view right);

/// Whether JavaScript's haystack.includes(needle): a lone surrogate of the needle may match half of a pair.
[[nodiscard]] bool contains_utf16(std::string_view haystack, std::string_view needle);

/// Whether appending `right` to `left` joins two halves of a surrogate pair; the last three bytes of the one and the
/// first three of the other then become one code point of four bytes.
[[nodiscard]] bool joins_surrogates(std::string_view left, std::string_view right);
/// That code point. Requires joins_surrogates(left, right).
[[nodiscard]] std::uint32_t joined_code_point(std::string_view left, std::string_view right);

}  // namespace wayline
