// Text to the nearest double: short literals by one exact operation, the others by big integers.
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

#include "base/number.h"
#include "base/utf.h"

namespace wayline {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

/// Natural numbers of bounded size, enough for 10^(digits kept + smallest exponent) and a shift by 64.
class Natural {
 public:
  void multiply_add(std::uint32_t factor, std::uint32_t addend) {
    std::uint64_t carry = addend;
    for (std::size_t i = 0; i < size_; ++i) {
      carry += static_cast<std::uint64_t>(limbs_[i]) * factor;
      limbs_[i] = static_cast<std::uint32_t>(carry);
      carry >>= 32;
    }
    if (carry != 0) limbs_[size_++] = static_cast<std::uint32_t>(carry);
  }
  void multiply_by_power_of_ten(int exponent) {
    for (; exponent >= 9; exponent -= 9) multiply_add(1'000'000'000, 0);
    for (; exponent > 0; --exponent) multiply_add(10, 0);
  }
  void shift_left(std::size_t bits) {
    const std::size_t whole = bits / 32, part = bits % 32;
    for (std::size_t i = size_ + whole + 1; i-- > 0;) {
      const std::uint64_t low = i >= whole + 1 ? limb(i - whole - 1) : 0, high = i >= whole ? limb(i - whole) : 0;
      limbs_[i] = static_cast<std::uint32_t>(((high << 32 | low) << part) >> 32);
    }
    size_ += whole + 1;
    trim();
  }
  [[nodiscard]] std::size_t bits() const {
    return size_ == 0 ? 0 : 32 * size_ - static_cast<std::size_t>(std::countl_zero(limbs_[size_ - 1]));
  }
  [[nodiscard]] bool is_zero() const { return size_ == 0; }
  [[nodiscard]] bool at_least(const Natural& other) const {
    if (size_ != other.size_) return size_ > other.size_;
    for (std::size_t i = size_; i-- > 0;) {
      if (limbs_[i] != other.limbs_[i]) return limbs_[i] > other.limbs_[i];
    }
    return true;
  }
  void subtract(const Natural& other) {
    std::int64_t borrow = 0;
    for (std::size_t i = 0; i < size_; ++i) {
      borrow += static_cast<std::int64_t>(limbs_[i]) - other.limb(i);
      limbs_[i] = static_cast<std::uint32_t>(borrow);
      borrow >>= 32;
    }
    trim();
  }

 private:
  [[nodiscard]] std::uint32_t limb(std::size_t index) const { return index < size_ ? limbs_[index] : 0; }
  void trim() {
    while (size_ > 0 && limbs_[size_ - 1] == 0) --size_;
  }
  std::array<std::uint32_t, 160> limbs_{};
  std::size_t size_ = 0;
};

/// mantissa * 2^exponent, rounded to nearest even; `inexact` says that the true value is a little more. The mantissa's
/// top bit must be set.
double round_to_double(std::uint64_t mantissa, bool inexact, int exponent) {
  // Subnormals keep fewer bits: the last kept bit is worth 2^-1074 at least.
  int drop = 11;
  if (exponent + drop < -1074) drop = -1074 - exponent;
  if (drop > 64) return 0;
  const std::uint64_t kept = drop == 64 ? 0 : mantissa >> drop;
  const std::uint64_t half = std::uint64_t{1} << (drop - 1);
  const std::uint64_t rest = drop == 64 ? mantissa : mantissa & (half * 2 - 1);
  const bool up = rest > half || (rest == half && (inexact || (kept & 1) != 0));
  return std::ldexp(static_cast<double>(kept + (up ? 1 : 0)), exponent + drop);
}

/// 800 significant digits decide every rounding of a double; a non-zero digit beyond them is kept as one more 1.
constexpr std::size_t digits_kept = 800;

/// A decimal literal split into its parts, not yet a number.
struct Literal {
  std::string_view whole;
  std::string_view fraction;
  std::int64_t exponent = 0;
};

/// The exact way: digits * 10^exponent as a quotient of naturals, 64 bits of it, then one rounding.
double convert_exactly(const Literal& literal, std::int64_t exponent) {
  Natural numerator, denominator;
  std::size_t kept = 0;
  bool more = false;
  std::int64_t dropped = 0;
  for (const std::string_view part : {literal.whole, literal.fraction}) {
    for (const char digit : part) {
      if (kept == 0 && digit == '0') continue;
      if (kept < digits_kept) {
        numerator.multiply_add(10, static_cast<std::uint32_t>(digit - '0'));
        ++kept;
      } else {
        more |= digit != '0';
        ++dropped;
      }
    }
  }
  exponent += dropped;
  const std::int64_t magnitude = static_cast<std::int64_t>(kept) + exponent;  // value < 10^magnitude
  if (kept == 0 || magnitude < -323) return 0;
  if (magnitude > 309) return infinity;
  if (more) {
    numerator.multiply_add(10, 1);
    --exponent;
  }
  denominator.multiply_add(1, 1);
  if (exponent >= 0) numerator.multiply_by_power_of_ten(static_cast<int>(exponent));
  else denominator.multiply_by_power_of_ten(static_cast<int>(-exponent));
  // Scale so that the quotient is in [1, 2), then take its bits one by one.
  int power = static_cast<int>(numerator.bits()) - static_cast<int>(denominator.bits());
  if (power > 0) denominator.shift_left(static_cast<std::size_t>(power));
  if (power < 0) numerator.shift_left(static_cast<std::size_t>(-power));
  if (!numerator.at_least(denominator)) {
    numerator.shift_left(1);
    --power;
  }
  std::uint64_t mantissa = 0;
  for (int i = 0; i < 64; ++i) {
    mantissa <<= 1;
    if (numerator.at_least(denominator)) {
      numerator.subtract(denominator);
      mantissa |= 1;
    }
    numerator.shift_left(1);
  }
  return round_to_double(mantissa, !numerator.is_zero(), power - 63);
}

double convert(const Literal& literal) {
  constexpr double powers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                               1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
  const std::int64_t exponent = literal.exponent - static_cast<std::int64_t>(literal.fraction.size());
  if (literal.whole.size() + literal.fraction.size() <= 15 && exponent >= -22 && exponent <= 22) {
    // Both operands are exact, so the one operation rounds once and rightly (Clinger 1990).
    std::uint64_t digits = 0;
    for (const std::string_view part : {literal.whole, literal.fraction}) {
      for (const char digit : part) digits = digits * 10 + static_cast<std::uint64_t>(digit - '0');
    }
    const auto value = static_cast<double>(digits);
    return exponent < 0 ? value / powers[-exponent] : value * powers[exponent];
  }
  return convert_exactly(literal, exponent);
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string_view take_digits(std::string_view text, std::size_t& at) {
  const std::size_t from = at;
  while (at < text.size() && is_digit(text[at])) ++at;
  return text.substr(from, at - from);
}

/// StrDecimalLiteral: the longest one at the start of the text. `used` is 0 when there is none.
double read_decimal(std::string_view text, std::size_t& used) {
  used = 0;
  std::size_t at = 0;
  bool negative = false;
  if (at < text.size() && (text[at] == '+' || text[at] == '-')) negative = text[at++] == '-';
  if (text.substr(at).starts_with("Infinity")) {
    used = at + 8;
    return negative ? -infinity : infinity;
  }
  Literal literal;
  literal.whole = take_digits(text, at);
  if (at < text.size() && text[at] == '.') {
    std::size_t after = at + 1;
    literal.fraction = take_digits(text, after);
    if (!literal.whole.empty() || !literal.fraction.empty()) at = after;
  }
  if (literal.whole.empty() && literal.fraction.empty()) return nan;
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    std::size_t after = at + 1;
    bool down = false;
    if (after < text.size() && (text[after] == '+' || text[after] == '-')) down = text[after++] == '-';
    const std::string_view digits = take_digits(text, after);
    if (!digits.empty()) {
      // Far past every double, and yet safe to add a text's length to.
      constexpr std::int64_t ceiling = 1'000'000'000'000;
      for (const char digit : digits) literal.exponent = std::min(literal.exponent * 10 + (digit - '0'), ceiling);
      if (down) literal.exponent = -literal.exponent;
      at = after;
    }
  }
  used = at;
  const double value = convert(literal);
  return negative ? -value : value;
}

/// WhiteSpace and LineTerminator of ECMAScript.
bool is_space(std::uint32_t c) {
  return (c >= 0x09 && c <= 0x0D) || c == 0x20 || c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) ||
         c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000 || c == 0xFEFF;
}

std::string_view trim_start(std::string_view text) {
  while (!text.empty()) {
    const CodePoint point = decode_utf8(text, 0);
    if (!is_space(point.value)) break;
    text.remove_prefix(point.bytes);
  }
  return text;
}

std::string_view trim_end(std::string_view text) {
  while (!text.empty()) {
    std::size_t at = text.size() - 1;
    while (at > 0 && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80) --at;
    if (!is_space(decode_utf8(text, at).value)) break;
    text = text.substr(0, at);
  }
  return text;
}

/// NonDecimalIntegerLiteral without its prefix; radix 2, 8 or 16.
double read_integer(std::string_view digits, int bits_per_digit) {
  if (digits.empty()) return nan;
  std::uint64_t mantissa = 0;
  bool inexact = false;
  int exponent = 0;
  for (const char c : digits) {
    const char lower = static_cast<char>(c | 0x20);
    const int digit = is_digit(c) ? c - '0' : (lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : 16);
    if (digit >= 1 << bits_per_digit) return nan;
    for (int bit = bits_per_digit - 1; bit >= 0; --bit) {
      const auto value = static_cast<std::uint64_t>(digit >> bit & 1);
      if (mantissa >> 63 != 0) {
        inexact |= value != 0;
        if (exponent < 2000) ++exponent;
      } else {
        mantissa = mantissa << 1 | value;
      }
    }
  }
  if (mantissa == 0) return 0;
  const int zeros = std::countl_zero(mantissa);
  return round_to_double(mantissa << zeros, inexact, exponent - zeros);
}

}  // namespace

double string_to_number(std::string_view text) {
  text = trim_end(trim_start(text));
  if (text.empty()) return 0;
  if (text.size() > 1 && text[0] == '0') {
    switch (text[1] | 0x20) {
      case 'x': return read_integer(text.substr(2), 4);
      case 'o': return read_integer(text.substr(2), 3);
      case 'b': return read_integer(text.substr(2), 1);
      default: break;
    }
  }
  std::size_t used = 0;
  const double value = read_decimal(text, used);
  return used == text.size() ? value : nan;
}

double parse_float(std::string_view text) {
  std::size_t used = 0;
  return read_decimal(trim_start(text), used);
}

}  // namespace wayline
