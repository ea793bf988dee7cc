// Numbers to text and back, as ECMAScript defines them, the same on every target and in every locale.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace wayline {

/// Enough room for any number: sign, 17 digits, point, up to six zeros, exponent.
constexpr std::size_t number_text_size = 32;

/// Number::toString in radix 10: "NaN", "Infinity", "1e+21", "0.1". Writes at most number_text_size characters and
/// returns how many.
std::size_t write_number(double number, char* out);
/// The same, appended.
void append_number(double number, std::string& out);

/// StringToNumber: white space around is ignored, "" is 0, hexadecimal, octal and binary literals count; NaN for the rest.
[[nodiscard]] double string_to_number(std::string_view text);

/// parseFloat: the longest decimal literal at the start, after white space; NaN when there is none.
[[nodiscard]] double parse_float(std::string_view text);

}  // namespace wayline
