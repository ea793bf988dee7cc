// How findings speak of values: one wording for all of them.
#pragma once

#include <cstddef>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "wayline/value.h"

namespace wayline::document {

/// A type of JSON Schema.
struct TypeRow {
  std::string_view name;  // "array"
  std::string_view noun;  // "a list"
  bool (*holds)(const Value& value);
};
/// Null when there is no such type.
[[nodiscard]] const TypeRow* find_type(std::string_view name);
/// Whether the value has one of the types called so.
[[nodiscard]] bool is_of_type(const Value& value, const std::vector<std::string_view>& names);

/// A schema and the file it stands in, which its references start from.
struct SchemaNode {
  std::string_view home;
  const Value& schema;
};

/// What a value is called in messages, and where a key stands when the value checked is itself a key.
struct Label {
  std::string_view key;               // empty: the document
  std::size_t item = 0;               // counted from 1 in a list called `key`; 0: no list item
  const Member* as_key = nullptr;     // the value is this member's key
  const SchemaNode* whole = nullptr;  // the schema that the value was first met with; outlives the label
};

/// "`ttl`", "item 2 of `signals`", "the document".
[[nodiscard]] std::string named(const Label& label);
/// "`text`"
[[nodiscard]] std::string quoted(std::string_view text);
/// Each word quoted; after a dozen "…".
[[nodiscard]] std::vector<std::string> quoted_all(const std::vector<std::string_view>& words);
/// What was found: "a list", "true".
[[nodiscard]] std::string found_noun(const Value& value);
/// The value as a message repeats it, shortened.
[[nodiscard]] std::string shown(const Value& value);
/// "did you mean `x`?", else "it can be `a`, `b` or `c`"; empty without choices.
[[nodiscard]] std::string hint_for(std::string_view word, const std::vector<std::string_view>& choices);

/// "a, b or c"
template <typename Words>
[[nodiscard]] std::string joined(const Words& words, std::string_view last_separator) {
  std::string text;
  const std::size_t count = std::size(words);
  for (std::size_t i = 0; i < count; ++i) {
    if (i != 0) text += i + 1 == count ? last_separator : ", ";
    text += words[i];
  }
  return text;
}

/// The member of an object, or null; its address is what a SourceMap knows.
[[nodiscard]] const Value* find(const Value& object, std::string_view key);

}  // namespace wayline::document
