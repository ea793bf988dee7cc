#include "wayline/value.h"

#include <algorithm>
#include <new>
#include <utility>

namespace wayline {
namespace {

constexpr std::size_t first_block = 4096;
constexpr std::size_t largest_block = 1 << 20;

std::size_t aligned(std::size_t size) { return (size + 7) & ~std::size_t{7}; }

/// Bytes that a deep copy of the value needs.
std::size_t deep_size(const Value& value) {
  switch (value.kind()) {
    case Kind::string: return aligned(value.as_string().size());
    case Kind::list: {
      std::size_t size = value.as_list().size() * sizeof(Value);
      for (const Value& item : value.as_list()) size += deep_size(item);
      return size;
    }
    case Kind::object: {
      std::size_t size = value.as_object().size() * sizeof(Member);
      for (const Member& member : value.as_object()) size += aligned(member.key.size()) + deep_size(member.value);
      return size;
    }
    default: return 0;
  }
}

/// Copies what the value refers to, to `next` and behind it, aligned to 8; as many bytes as deep_size() says.
Value copy_to(std::byte*& next, const Value& value) {
  const auto take = [&next](std::size_t bytes) -> void* { return std::exchange(next, next + aligned(bytes)); };
  const auto copy_text = [&take](std::string_view text) {
    if (text.empty()) return std::string_view();
    char* bytes = static_cast<char*>(take(text.size()));
    std::memcpy(bytes, text.data(), text.size());
    return std::string_view(bytes, text.size());
  };
  switch (value.kind()) {
    case Kind::string: return Value::string(copy_text(value.as_string()));
    case Kind::list: {
      const auto from = value.as_list();
      auto* items = static_cast<Value*>(take(from.size_bytes()));
      for (std::size_t i = 0; i < from.size(); ++i) new (&items[i]) Value(copy_to(next, from[i]));
      return Value::list({items, from.size()});
    }
    case Kind::object: {
      const auto from = value.as_object();
      auto* members = static_cast<Member*>(take(from.size_bytes()));
      for (std::size_t i = 0; i < from.size(); ++i) {
        const std::string_view key = copy_text(from[i].key);
        new (&members[i]) Member{key, copy_to(next, from[i].value)};
      }
      return Value::object({members, from.size()});
    }
    default: return value;
  }
}

}  // namespace

std::string_view Arena::copy(std::string_view text) {
  if (text.empty()) return {};
  char* bytes = allocate<char>(text.size());
  std::memcpy(bytes, text.data(), text.size());
  return {bytes, text.size()};
}

void Arena::reset() {
  if (blocks_.size() > 1) blocks_.resize(1);
  next_ = blocks_.empty() ? nullptr : blocks_.front().bytes.get();
  left_ = blocks_.empty() ? 0 : blocks_.front().size;
  used_ = 0;
}

void* Arena::allocate_slow(std::size_t size) {
  const std::size_t wanted = blocks_.empty() ? first_block : std::min(blocks_.back().size * 2, largest_block);
  const std::size_t block = std::max(size, wanted);
  // Not value-initialised: whoever allocates writes.
  blocks_.push_back({std::unique_ptr<std::byte[]>(new std::byte[block]), block});
  next_ = blocks_.back().bytes.get();
  left_ = block;
  return allocate_bytes(size);
}

Value Value::get(std::string_view key) const {
  if (kind_ != Kind::object) return {};
  for (const Member& member : as_object()) {
    // Keys of one length mostly differ in their first byte; comparing that first saves the call.
    if (member.key.size() != key.size()) continue;
    if (key.empty() || (member.key[0] == key[0] && std::memcmp(member.key.data(), key.data(), key.size()) == 0)) return member.value;
  }
  return {};
}

Value copy(const Value& value, Arena& arena) {
  auto* next = arena.allocate<std::byte>(deep_size(value));
  return copy_to(next, value);
}

bool equal(const Value& left, const Value& right) {
  if (left.kind() != right.kind()) return false;
  switch (left.kind()) {
    case Kind::missing:
    case Kind::null: return true;
    case Kind::boolean: return left.as_boolean() == right.as_boolean();
    case Kind::number: return left.as_number() == right.as_number();
    case Kind::string: return left.as_string() == right.as_string();
    case Kind::list: {
      const auto a = left.as_list(), b = right.as_list();
      return std::equal(a.begin(), a.end(), b.begin(), b.end(), equal);
    }
    case Kind::object: {
      const auto members = left.as_object(), others = right.as_object();
      if (members.size() != others.size()) return false;
      return std::all_of(members.begin(), members.end(), [others](const Member& member) {
        const auto other = std::find_if(others.begin(), others.end(), [&](const Member& it) { return it.key == member.key; });
        return other != others.end() && equal(member.value, other->value);
      });
    }
  }
  return false;
}

ObjectBuilder& ObjectBuilder::add(const char* key, std::size_t key_size, const Value& value) {
  members_.push({{key, key_size}, value});
  return *this;
}
ObjectBuilder& ObjectBuilder::text(const char* key, std::size_t key_size, const char* value, std::size_t size) {
  return add(key, key_size, Value::string({value, size}));
}
ObjectBuilder& ObjectBuilder::number(const char* key, std::size_t key_size, double value) { return add(key, key_size, Value::number(value)); }
ObjectBuilder& ObjectBuilder::boolean(const char* key, std::size_t key_size, bool value) { return add(key, key_size, Value::boolean(value)); }

OwnedValue::OwnedValue(const Value& value) { assign(value); }

void OwnedValue::assign(const Value& value) {
  const std::size_t size = deep_size(value);
  if (size > capacity_) {
    block_ = std::unique_ptr<std::byte[]>(new std::byte[size]);
    capacity_ = size;
  }
  std::byte* next = block_.get();
  value_ = copy_to(next, value);
}

}  // namespace wayline
