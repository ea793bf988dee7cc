// Where the parts of a parsed document stand in its text.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <utility>

#include "wayline/diagnostic.h"
#include "wayline/value.h"

namespace wayline {

/// A SourceRange without its file.
struct Place {
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  std::uint32_t length = 1;
};

/// Ranges of values and of keys, found by the address of the Value or Member inside the parsed tree. Look-up only.
class SourceMap {
 public:
  SourceMap() = default;
  explicit SourceMap(std::string file) : file_(std::move(file)) {}
  void add(const Value* value, Place place) { values_.emplace(value, place); }
  void add_key(const Member* member, Place place) { keys_.emplace(member, place); }
  /// The file's first line for what is not in the document.
  [[nodiscard]] SourceRange of(const Value& value) const { return range(values_, &value); }
  [[nodiscard]] SourceRange of_key(const Member& member) const { return range(keys_, &member); }
  [[nodiscard]] const std::string& file() const { return file_; }

 private:
  template <typename Key>
  SourceRange range(const std::unordered_map<Key, Place>& places, Key key) const {
    const auto found = places.find(key);
    const Place place = found == places.end() ? Place{1, 1, 1} : found->second;
    return {file_, place.line, place.column, place.length};
  }

  std::string file_;
  std::unordered_map<const Value*, Place> values_;
  std::unordered_map<const Member*, Place> keys_;
};

}  // namespace wayline
