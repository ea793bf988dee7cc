#include "base/number.h"

#include <cmath>
#include <cstring>

#define FMT_HEADER_ONLY
#include <fmt/format.h>

namespace wayline {

// ECMA-262, Number::toString(x, 10)
std::size_t write_number(double number, char* out) {
  const auto text = [out](std::string_view word) {
    std::memcpy(out, word.data(), word.size());
    return word.size();
  };
  if (std::isnan(number)) return text("NaN");
  if (number == 0) return text("0");
  char* next = out;
  if (number < 0) *next++ = '-';
  if (std::isinf(number)) {
    std::memcpy(next, "Infinity", 8);
    return static_cast<std::size_t>(next - out) + 8;
  }
  const auto decimal = fmt::detail::dragonbox::to_decimal(std::fabs(number));
  char digits[20];
  int count = 0;
  for (auto rest = decimal.significand; rest != 0; rest /= 10) digits[count++] = static_cast<char>('0' + rest % 10);
  // digits are in reverse; the clause's n is the position of the decimal point, k the count.
  const int point = count + decimal.exponent;
  const auto put = [&](int from, int to) {
    for (int i = from; i < to; ++i) *next++ = i < count ? digits[count - 1 - i] : '0';
  };
  if (point > 0 && point <= 21) {
    put(0, point);
    if (count > point) {
      *next++ = '.';
      put(point, count);
    }
  } else if (point > -6 && point <= 0) {
    *next++ = '0';
    *next++ = '.';
    for (int i = point; i < 0; ++i) *next++ = '0';
    put(0, count);
  } else {
    put(0, 1);
    if (count > 1) {
      *next++ = '.';
      put(1, count);
    }
    int exponent = point - 1;
    *next++ = 'e';
    *next++ = exponent < 0 ? '-' : '+';
    exponent = exponent < 0 ? -exponent : exponent;
    if (exponent >= 100) *next++ = static_cast<char>('0' + exponent / 100);
    if (exponent >= 10) *next++ = static_cast<char>('0' + exponent / 10 % 10);
    *next++ = static_cast<char>('0' + exponent % 10);
  }
  return static_cast<std::size_t>(next - out);
}

void append_number(double number, std::string& out) {
  char buffer[number_text_size];
  out.append(buffer, write_number(number, buffer));
}

}  // namespace wayline
