#include "value/wire.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <vector>

#include "base/sort.h"
#include "base/utf.h"

namespace wayline {
namespace {

enum class Tag : std::uint8_t { null, boolean_false, boolean_true, number, integer, string, list, object };

// Up to here, comparing every pair of keys is cheaper than sorting them.
constexpr std::size_t pairwise_key_limit = 12;

[[gnu::noinline]] bool has_duplicate_key_among_many(std::span<const Member> members) {
  std::vector<std::string_view> keys;
  keys.reserve(members.size());
  for (const Member& member : members) keys.push_back(member.key);
  sort_stably(std::span(keys));
  return std::adjacent_find(keys.begin(), keys.end()) != keys.end();
}

bool has_duplicate_key(std::span<const Member> members) {
  if (members.size() > pairwise_key_limit) return has_duplicate_key_among_many(members);
  for (std::size_t i = 1; i < members.size(); ++i)
    for (std::size_t j = 0; j < i; ++j)
      if (members[i].key == members[j].key) return true;
  return false;
}

/// What is wrong is remembered, and everything read after it is nothing: no step of the way has to be asked whether it failed.
class Reader {
 public:
  Reader(std::span<const std::byte> bytes, Arena& arena)
      : at_(reinterpret_cast<const unsigned char*>(bytes.data())), end_(at_ + bytes.size()), arena_(arena) {}

  Result<Value> read_whole() {
    const Value value = read_value(0);
    if (at_ != end_) refuse(ErrorCode::wire_malformed, "bytes follow the encoded value");
    if (why_ != nullptr) return Error{code_, why_};
    return value;
  }

 private:
  [[nodiscard]] std::size_t left() const { return static_cast<std::size_t>(end_ - at_); }

  /// The first reason counts. Nothing is left to read behind it.
  void refuse(ErrorCode code, const char* why) {
    if (why_ == nullptr) code_ = code, why_ = why;
    at_ = end_;
  }
  void truncated() { refuse(ErrorCode::wire_truncated, "the encoded value ends too early"); }
  void malformed(const char* why) { refuse(ErrorCode::wire_malformed, why); }

  [[gnu::always_inline]] std::uint8_t read_byte() {
    if (at_ != end_) return *at_++;
    truncated();
    return 0;
  }

  Value read_value(std::uint32_t depth) {
    switch (static_cast<Tag>(read_byte())) {
      case Tag::null: return Value::null();
      case Tag::boolean_false: return Value::boolean(false);
      case Tag::boolean_true: return Value::boolean(true);
      case Tag::number: return read_number();
      case Tag::integer: return Value::number(read_varint());
      case Tag::string: return Value::string(read_text());
      case Tag::list: return read_list(depth);
      case Tag::object: return read_object(depth);
    }
    malformed("unknown tag");
    return {};
  }

  /// Unsigned LEB128 of 32 bits, in its shortest form.
  std::uint32_t read_varint() {
    const std::uint32_t first = read_byte();
    return first < 0x80 ? first : read_long_varint(first & 0x7F);
  }
  std::uint32_t read_long_varint(std::uint32_t value) {
    for (std::uint32_t shift = 7;; shift += 7) {
      const std::uint32_t byte = read_byte();
      if (shift == 28 && byte > 0x0F) malformed("an integer exceeds 32 bits");
      value |= (byte & 0x7F) << shift;
      if (byte >= 0x80 && shift < 28) continue;
      if (byte == 0) malformed("an integer is not in its shortest form");
      return value;
    }
  }

  Value read_number() {
    if (left() < sizeof(double)) {
      truncated();
      return {};
    }
    double number = 0;  // little-endian, as this machine is (base/hash.h)
    std::memcpy(&number, at_, sizeof number);
    at_ += sizeof number;
    if (!std::isfinite(number)) malformed("a number is not finite");
    return Value::number(number);
  }

  std::string_view read_text() {
    const std::uint32_t size = read_varint();
    if (size > left()) {
      truncated();
      return {};
    }
    const std::string_view text(reinterpret_cast<const char*>(at_), size);
    at_ += size;
    if (!is_ascii(text) && !valid_wtf8(text)) malformed("text is not UTF-8");
    return text;
  }

  /// Of a text that was just read; false as well where what follows is too short to tell in words.
  bool is_ascii(std::string_view text) const {
    constexpr std::uint64_t high = 0x8080808080808080;
    std::uint64_t word = 0;
    std::size_t rest = text.size();
    for (const char* at = text.data();; at += sizeof word, rest -= sizeof word) {
      if (rest + left() < sizeof word) return rest == 0;
      std::memcpy(&word, at, sizeof word);
      if (rest < sizeof word) return rest == 0 || (word & high >> 8 * (sizeof word - rest)) == 0;
      if ((word & high) != 0) return false;
    }
  }

  /// The number of items of at least `item_size` bytes each, checked before anything is allocated against what is left and
  /// not owed to the items of the lists around: else each level of nesting could claim the same bytes again.
  std::uint32_t read_count(std::uint32_t depth, std::size_t item_size) {
    if (depth >= wire_depth_limit) refuse(ErrorCode::wire_too_deep, "lists and objects nest more than 64 deep");
    const std::uint32_t count = read_varint();
    if (owed_ > left() || count > (left() - owed_) / item_size) {
      truncated();
      return 0;
    }
    owed_ += count * item_size;
    return count;
  }

  Value read_list(std::uint32_t depth) {
    const std::uint32_t count = read_count(depth, 1);
    auto* items = arena_.allocate<Value>(count);
    for (std::uint32_t i = 0; i < count; ++i) {
      owed_ -= 1;
      new (&items[i]) Value(read_value(depth + 1));
    }
    return Value::list({items, count});
  }

  Value read_object(std::uint32_t depth) {
    const std::uint32_t count = read_count(depth, 2);
    auto* members = arena_.allocate<Member>(count);
    for (std::uint32_t i = 0; i < count; ++i) {
      owed_ -= 2;
      const std::string_view key = read_text();
      new (&members[i]) Member{key, read_value(depth + 1)};
    }
    if (has_duplicate_key({members, count})) malformed("an object names a key twice");
    return Value::object({members, count});
  }

  const unsigned char* at_;
  const unsigned char* end_;
  std::size_t owed_ = 0;  // at least what the open lists and objects still need
  Arena& arena_;
  ErrorCode code_ = ErrorCode::wire_malformed;
  const char* why_ = nullptr;
};

}  // namespace

Result<Value> decode_wire(std::span<const std::byte> bytes, Arena& arena, std::size_t size_limit) {
  if (bytes.size() > size_limit) return Error{ErrorCode::wire_too_large, "the value takes " + std::to_string(bytes.size()) + " bytes"};
  return Reader(bytes, arena).read_whole();
}

}  // namespace wayline
