// Value: what rules compute with, a view of 16 bytes, and Arena: where its strings, lists and objects live.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <string_view>
#include <type_traits>
#include <vector>

namespace wayline {

/// Bump allocator. Everything it hands out lives until reset() or destruction. Never throws: the budget is
/// a soft one, kept by whoever fills it (see rules/evaluate.h and value/json.h). Moving it moves nothing of what it handed out.
class Arena {
 public:
  Arena() = default;
  Arena(Arena&&) noexcept = default;
  Arena& operator=(Arena&&) noexcept = default;

  /// Uninitialised room for `count` objects of a trivial type.
  template <typename T>
  [[nodiscard]] T* allocate(std::size_t count) {
    static_assert(std::is_trivially_destructible_v<T> && alignof(T) <= 8);
    return static_cast<T*>(allocate_bytes(count * sizeof(T)));
  }
  /// A copy of the text that lives as long as the arena.
  [[nodiscard]] std::string_view copy(std::string_view text);
  /// Bytes handed out since the last reset.
  [[nodiscard]] std::size_t used() const { return used_; }
  /// Forgets everything; keeps the first block, so a reused arena stops allocating.
  void reset();

 private:
  struct Block {
    std::unique_ptr<std::byte[]> bytes;
    std::size_t size = 0;
  };
  /// Aligned to 8. Zero bytes give a pointer that must not be read.
  [[nodiscard]] void* allocate_bytes(std::size_t size) {
    size = (size + 7) & ~std::size_t{7};
    if (size > left_) return allocate_slow(size);
    std::byte* at = next_;
    next_ += size;
    left_ -= size;
    used_ += size;
    return at;
  }
  [[nodiscard]] void* allocate_slow(std::size_t size);

  std::vector<Block> blocks_;
  std::byte* next_ = nullptr;
  std::size_t left_ = 0;
  std::size_t used_ = 0;
};

class Value;
struct Member;

/// The kinds of JSON, and `missing` for what JavaScript calls undefined. `missing` never leaves the engine: it is written as null.
enum class Kind : std::uint8_t { missing, null, boolean, number, string, list, object };

/// Trivially copyable view. Strings, lists and objects belong to an Arena or to a Program and must outlive the value.
/// Strings are UTF-8; a lone surrogate, which `substr` can make, is kept as its three-byte form (WTF-8). Sizes must fit into 32 bits: whatever is
/// read is limited to less.
class Value {
 public:
  constexpr Value() : number_(0) {}
  static constexpr Value null() { return Value(Kind::null); }
  static constexpr Value boolean(bool value) {
    Value result(Kind::boolean);
    result.size_ = value ? 1 : 0;
    return result;
  }
  static constexpr Value number(double value) {
    Value result(Kind::number);
    result.number_ = value;
    return result;
  }
  static constexpr Value string(std::string_view text) {
    Value result(Kind::string);
    result.size_ = static_cast<std::uint32_t>(text.size());
    result.text_ = text.data();
    return result;
  }
  static constexpr Value list(std::span<const Value> items) {
    Value result(Kind::list);
    result.size_ = static_cast<std::uint32_t>(items.size());
    result.items_ = items.data();
    return result;
  }
  /// Keys must be unique; order is kept.
  static constexpr Value object(std::span<const Member> members);

  [[nodiscard]] constexpr Kind kind() const { return kind_; }
  [[nodiscard]] constexpr bool is_missing() const { return kind_ == Kind::missing; }
  /// null or missing
  [[nodiscard]] constexpr bool is_nothing() const { return kind_ <= Kind::null; }
  [[nodiscard]] constexpr bool is_boolean() const { return kind_ == Kind::boolean; }
  [[nodiscard]] constexpr bool is_number() const { return kind_ == Kind::number; }
  [[nodiscard]] constexpr bool is_string() const { return kind_ == Kind::string; }
  [[nodiscard]] constexpr bool is_list() const { return kind_ == Kind::list; }
  [[nodiscard]] constexpr bool is_object() const { return kind_ == Kind::object; }

  // Each requires its kind.
  [[nodiscard]] constexpr bool as_boolean() const { return size_ != 0; }
  [[nodiscard]] constexpr double as_number() const { return number_; }
  [[nodiscard]] constexpr std::string_view as_string() const { return {text_, size_}; }
  [[nodiscard]] constexpr std::span<const Value> as_list() const { return {items_, size_}; }
  [[nodiscard]] constexpr std::span<const Member> as_object() const;

  /// The member called `key`, or missing when there is none or this is no object.
  [[nodiscard]] Value get(std::string_view key) const;

 private:
  constexpr explicit Value(Kind kind) : kind_(kind), number_(0) {}

  Kind kind_ = Kind::missing;
  std::uint32_t size_ = 0;
  union {
    double number_;
    const char* text_;
    const Value* items_;
    const Member* members_;
  };
};

struct Member {
  std::string_view key;
  Value value;
};

constexpr Value Value::object(std::span<const Member> members) {
  Value result(Kind::object);
  result.size_ = static_cast<std::uint32_t>(members.size());
  result.members_ = members.data();
  return result;
}

constexpr std::span<const Member> Value::as_object() const { return {members_, size_}; }

/// A deep copy of `value` whose parts all live in `arena`, texts and keys too. Recurses as deep as the value nests, which readers limit.
[[nodiscard]] Value copy(const Value& value, Arena& arena);

/// Deep equality of JSON documents; numbers by value, members in any order, texts by their bytes. Missing is not null, and NaN equals nothing.
[[nodiscard]] bool equal(const Value& left, const Value& right);

/// A growing run of trivial items in an arena. Outgrown runs stay behind until the arena is reset.
template <typename Item>
class ArenaRun {
 public:
  explicit ArenaRun(Arena& arena) : arena_(&arena) {}
  void push(const Item& item) {
    if (size_ == capacity_) grow();
    new (items_ + size_++) Item(item);
  }
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] bool empty() const { return size_ == 0; }
  [[nodiscard]] std::span<const Item> items() const { return {items_, size_}; }
  [[nodiscard]] std::span<Item> items() { return {items_, size_}; }
  /// Keeps the first `size` items.
  void truncate(std::size_t size) { size_ = size; }

 private:
  void grow() {
    constexpr std::size_t first_capacity = 8;  // most objects of an answer fit
    capacity_ = capacity_ == 0 ? first_capacity : capacity_ * 2;
    Item* larger = arena_->allocate<Item>(capacity_);
    std::uninitialized_copy(items_, items_ + size_, larger);
    items_ = larger;
  }

  Arena* arena_;
  Item* items_ = nullptr;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

/// Builds an object member by member in an arena.
class ObjectBuilder {
 public:
  explicit ObjectBuilder(Arena& arena) : members_(arena) {}
  /// `key` must outlive the arena's content, and so must a text.
  ObjectBuilder& add(std::string_view key, const Value& value) { return add(key.data(), key.size(), value); }
  ObjectBuilder& text(std::string_view key, std::string_view value) { return text(key.data(), key.size(), value.data(), value.size()); }
  ObjectBuilder& number(std::string_view key, double value) { return number(key.data(), key.size(), value); }
  ObjectBuilder& boolean(std::string_view key, bool value) { return boolean(key.data(), key.size(), value); }
  /// What was added up to now; adding more leaves it as it is.
  [[nodiscard]] Value build() const { return Value::object(members_.items()); }

 private:
  // Called with nothing but words: WebAssembly's C ABI passes views, and values, through memory that each caller would have to fill.
  ObjectBuilder& add(const char* key, std::size_t key_size, const Value& value);
  ObjectBuilder& text(const char* key, std::size_t key_size, const char* value, std::size_t size);
  ObjectBuilder& number(const char* key, std::size_t key_size, double value);
  ObjectBuilder& boolean(const char* key, std::size_t key_size, bool value);

  ArenaRun<Member> members_;
};

/// Builds a list item by item in an arena.
class ListBuilder {
 public:
  explicit ListBuilder(Arena& arena) : items_(arena) {}
  ListBuilder& add(Value value) {
    items_.push(value);
    return *this;
  }
  [[nodiscard]] std::size_t size() const { return items_.size(); }
  [[nodiscard]] Value build() const { return Value::list(items_.items()); }

 private:
  ArenaRun<Value> items_;
};

/// A value that owns what it refers to. Copying copies deeply; scalars allocate nothing. One that was moved from may only be assigned to or destroyed.
class OwnedValue {
 public:
  OwnedValue() = default;
  explicit OwnedValue(const Value& value);
  OwnedValue(const OwnedValue& other) : OwnedValue(other.value_) {}
  OwnedValue(OwnedValue&& other) noexcept = default;
  OwnedValue& operator=(const OwnedValue& other) { return *this = OwnedValue(other.value_); }
  OwnedValue& operator=(OwnedValue&& other) noexcept = default;
  [[nodiscard]] const Value& get() const { return value_; }
  /// Takes another value, in the same block where it fits. `value` must not refer to what this owns.
  void assign(const Value& value);

 private:
  Value value_;
  std::unique_ptr<std::byte[]> block_;
  std::size_t capacity_ = 0;  // bytes of the block
};

}  // namespace wayline
