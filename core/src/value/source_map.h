// Where the parts of a parsed document stand in its text.
#pragma once

#include <unordered_map>

#include "wayline/diagnostic.h"
#include "wayline/value.h"

namespace wayline {

/// Ranges of values and of keys, found by the address of the Value or Member inside the parsed tree. Look-up only.
class SourceMap {
 public:
  void add(const Value* value, SourceRange range) { values_.emplace(value, std::move(range)); }
  void add_key(const Member* member, SourceRange range) { keys_.emplace(member, std::move(range)); }
  [[nodiscard]] SourceRange of(const Value& value) const;
  [[nodiscard]] SourceRange of_key(const Member& member) const;

 private:
  std::unordered_map<const Value*, SourceRange> values_;
  std::unordered_map<const Member*, SourceRange> keys_;
};

}  // namespace wayline
