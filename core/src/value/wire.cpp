#include "value/wire.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <vector>

#include "base/sort.h"

namespace wayline {
namespace {

enum class Tag : std::uint8_t { null, boolean_false, boolean_true, number, integer, string, list, object };

// Up to here, comparing every pair of keys is cheaper than sorting them.
constexpr std::size_t pairwise_key_limit = 12;

Error truncated() { return {ErrorCode::wire_truncated, "the encoded value ends too early"}; }
Error malformed(const char* why) { return {ErrorCode::wire_malformed, why}; }

/// Length of the well-formed UTF-8 sequence at `text`, or 0. Surrogates pass: value.h allows WTF-8.
std::size_t sequence_length(const unsigned char* text, std::size_t left) {
  const auto continues = [&](std::size_t index) { return index < left && (text[index] & 0xC0) == 0x80; };
  const unsigned char first = text[0];
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF) return continues(1) ? 2 : 0;
  if ((first & 0xF0) == 0xE0) {
    const bool shortest = first != 0xE0 || (left > 1 && text[1] >= 0xA0);
    return shortest && continues(1) && continues(2) ? 3 : 0;
  }
  if (first >= 0xF0 && first <= 0xF4) {
    if (left < 2 || (first == 0xF0 && text[1] < 0x90) || (first == 0xF4 && text[1] > 0x8F)) return 0;
    return continues(1) && continues(2) && continues(3) ? 4 : 0;
  }
  return 0;
}

bool is_well_formed(std::string_view text) {
  const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = sequence_length(bytes + at, text.size() - at);
    if (length == 0) return false;
    at += length;
  }
  return true;
}

bool has_duplicate_key(std::span<const Member> members) {
  if (members.size() <= pairwise_key_limit) {
    for (std::size_t i = 1; i < members.size(); ++i)
      for (std::size_t j = 0; j < i; ++j)
        if (members[i].key == members[j].key) return true;
    return false;
  }
  std::vector<std::string_view> keys;
  keys.reserve(members.size());
  for (const Member& member : members) keys.push_back(member.key);
  sort_stably(std::span(keys));
  return std::adjacent_find(keys.begin(), keys.end()) != keys.end();
}

class Reader {
 public:
  Reader(std::span<const std::byte> bytes, Arena& arena) : bytes_(bytes), arena_(arena) {}

  Result<Value> read_whole() {
    TRY(const Value value, read_value(0));
    if (left() != 0) return malformed("bytes follow the encoded value");
    return value;
  }

 private:
  [[nodiscard]] std::size_t left() const { return bytes_.size() - at_; }

  Result<Value> read_value(std::uint32_t depth) {
    if (left() == 0) return truncated();
    const auto tag = static_cast<std::uint8_t>(bytes_[at_++]);
    switch (static_cast<Tag>(tag)) {
      case Tag::null:
        return Value::null();
      case Tag::boolean_false:
        return Value::boolean(false);
      case Tag::boolean_true:
        return Value::boolean(true);
      case Tag::number:
        return read_number();
      case Tag::integer: {
        TRY(const std::uint32_t integer, read_varint());
        return Value::number(integer);
      }
      case Tag::string: {
        TRY(const std::string_view text, read_text());
        return Value::string(text);
      }
      case Tag::list:
        return read_list(depth);
      case Tag::object:
        return read_object(depth);
    }
    return malformed("unknown tag");
  }

  /// Unsigned LEB128 of 32 bits, in its shortest form.
  Result<std::uint32_t> read_varint() {
    std::uint32_t value = 0;
    for (std::uint32_t shift = 0; shift < 35; shift += 7) {
      if (left() == 0) return truncated();
      const auto byte = static_cast<std::uint32_t>(bytes_[at_++]);
      if (shift == 28 && byte > 0x0F) return malformed("an integer exceeds 32 bits");
      value |= (byte & 0x7F) << shift;
      if ((byte & 0x80) != 0) continue;
      if (byte == 0 && shift != 0) return malformed("an integer is not in its shortest form");
      return value;
    }
    return malformed("an integer exceeds 32 bits");
  }

  Result<Value> read_number() {
    if (left() < sizeof(double)) return truncated();
    std::uint64_t bits = 0;
    for (std::uint32_t i = 0; i < 8; ++i) bits |= std::to_integer<std::uint64_t>(bytes_[at_ + i]) << (8 * i);
    at_ += sizeof(double);
    double number = 0;
    std::memcpy(&number, &bits, sizeof number);
    if (!std::isfinite(number)) return malformed("a number is not finite");
    return Value::number(number);
  }

  Result<std::string_view> read_text() {
    TRY(const std::uint32_t size, read_varint());
    if (size > left()) return truncated();
    const std::string_view text(reinterpret_cast<const char*>(bytes_.data()) + at_, size);
    if (!is_well_formed(text)) return malformed("text is not UTF-8");
    at_ += size;
    return text;
  }

  /// The number of items of at least `item_size` bytes each, checked before anything is allocated against what is left and
  /// not owed to the items of the lists around: else each level of nesting could claim the same bytes again.
  Result<std::uint32_t> read_count(std::uint32_t depth, std::size_t item_size) {
    if (depth >= wire_depth_limit) return Error{ErrorCode::wire_too_deep, "lists and objects nest more than 64 deep"};
    TRY(const std::uint32_t count, read_varint());
    if (owed_ > left() || count > (left() - owed_) / item_size) return truncated();
    owed_ += count * item_size;
    return count;
  }

  Result<Value> read_list(std::uint32_t depth) {
    TRY(const std::uint32_t count, read_count(depth, 1));
    auto* items = arena_.allocate<Value>(count);
    for (std::uint32_t i = 0; i < count; ++i) {
      owed_ -= 1;
      TRY(items[i], read_value(depth + 1));
    }
    return Value::list({items, count});
  }

  Result<Value> read_object(std::uint32_t depth) {
    TRY(const std::uint32_t count, read_count(depth, 2));
    auto* members = arena_.allocate<Member>(count);
    for (std::uint32_t i = 0; i < count; ++i) {
      owed_ -= 2;
      TRY(members[i].key, read_text());
      TRY(members[i].value, read_value(depth + 1));
    }
    if (has_duplicate_key({members, count})) return malformed("an object names a key twice");
    return Value::object({members, count});
  }

  std::span<const std::byte> bytes_;
  std::size_t at_ = 0;
  std::size_t owed_ = 0;  // at least what the open lists and objects still need
  Arena& arena_;
};

void put_tag(Tag tag, std::string& out) { out.push_back(static_cast<char>(tag)); }

void put_varint(std::uint32_t value, std::string& out) {
  while (value >= 0x80) {
    out.push_back(static_cast<char>(value | 0x80));
    value >>= 7;
  }
  out.push_back(static_cast<char>(value));
}

void put_text(std::string_view text, std::string& out) {
  put_varint(static_cast<std::uint32_t>(text.size()), out);
  out.append(text);
}

void put_number(double number, std::string& out) {
  if (!std::isfinite(number)) return put_tag(Tag::null, out);
  if (number >= 0 && number <= std::numeric_limits<std::uint32_t>::max() && number == std::floor(number) &&
      !std::signbit(number)) {
    put_tag(Tag::integer, out);
    return put_varint(static_cast<std::uint32_t>(number), out);
  }
  put_tag(Tag::number, out);
  std::uint64_t bits = 0;
  std::memcpy(&bits, &number, sizeof bits);
  for (std::uint32_t i = 0; i < 8; ++i) out.push_back(static_cast<char>(bits >> (8 * i)));
}

}  // namespace

Result<Value> decode_wire(std::span<const std::byte> bytes, Arena& arena, std::size_t size_limit) {
  if (bytes.size() > size_limit) return Error{ErrorCode::wire_too_large, "the value takes " + std::to_string(bytes.size()) + " bytes"};
  return Reader(bytes, arena).read_whole();
}

void encode_wire(const Value& value, std::string& out) {
  switch (value.kind()) {
    case Kind::missing:
    case Kind::null:
      return put_tag(Tag::null, out);
    case Kind::boolean:
      return put_tag(value.as_boolean() ? Tag::boolean_true : Tag::boolean_false, out);
    case Kind::number:
      return put_number(value.as_number(), out);
    case Kind::string:
      put_tag(Tag::string, out);
      return put_text(value.as_string(), out);
    case Kind::list:
      put_tag(Tag::list, out);
      put_varint(static_cast<std::uint32_t>(value.as_list().size()), out);
      for (const Value& item : value.as_list()) encode_wire(item, out);
      return;
    case Kind::object:
      put_tag(Tag::object, out);
      put_varint(static_cast<std::uint32_t>(value.as_object().size()), out);
      for (const Member& member : value.as_object()) {
        put_text(member.key, out);
        encode_wire(member.value, out);
      }
      return;
  }
}

}  // namespace wayline
