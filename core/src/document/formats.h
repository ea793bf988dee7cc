// What a text must spell: the wayline-* formats of the schemas.
#pragma once

#include <string>
#include <string_view>

namespace wayline::document {

struct Format {
  std::string_view name;  // "wayline-duration"
  bool (*holds)(std::string_view text);
  std::string_view noun;  // "a duration"
  std::string_view hint;
  std::string (*suggest)(std::string_view text);  // what was probably meant, or empty; may be null
  std::string (*advise)(std::string_view text) = nullptr;  // a hint for this text where nothing is suggested; as above
};

/// The format of that name, or null: unknown formats hold, as JSON Schema says.
[[nodiscard]] const Format* find_format(std::string_view name);

}  // namespace wayline::document
