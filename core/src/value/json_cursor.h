// Finds the places of tokens by walking a text in step with a JSON parser's callbacks. The parser checks; this only
// counts, so it may assume that what it walks over is well formed.
#pragma once

#include <cstddef>
#include <string_view>

#include "value/source_map.h"

namespace wayline {

class JsonCursor {
 public:
  explicit JsonCursor(std::string_view text);
  /// Whether the next token starts with this character.
  [[nodiscard]] bool next_is(char first);
  /// The place of the next token, then moves past it. Brackets and braces are tokens, commas and colons are not.
  Place take();
  /// The place of a byte of the text, counted from its beginning.
  [[nodiscard]] Place place_at(std::size_t offset) const;

 private:
  void skip_between();
  void skip_comment();
  void advance(std::size_t to);

  std::string_view text_;
  std::size_t at_ = 0;
  std::uint32_t line_ = 1;
  std::uint32_t column_ = 1;
};

}  // namespace wayline
