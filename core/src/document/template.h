// {{path | default}} inside the texts of contents.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "document/names.h"

namespace wayline::document {

/// Something wrong inside a text: a stretch of its bytes.
struct TextProblem {
  std::size_t offset = 0;
  std::size_t length = 0;
  std::string message;
  std::string hint;
  std::string_view unrooted = {};  // a path that begins with no root, perhaps with its default; into the text
  Likeness likeness = Likeness::any;  // what of it must be declared for it to be wrong
};

/// A literal, or an interpolation: then `path` is not empty.
struct TemplatePart {
  std::string_view literal;
  std::string_view path;      // "profile.first_name"
  std::string_view fallback;  // trimmed; empty when not said
  std::size_t offset = 0;     // of the part, in the whole text
  std::size_t length = 0;
};

struct Template {
  std::vector<TemplatePart> parts;  // in order; views into the text
  std::vector<TextProblem> problems;
};

/// Splits a text. A malformed interpolation is reported and becomes part of no literal.
[[nodiscard]] Template parse_template(std::string_view text);

/// What other tools fill in, `{profile.first_name}` and `{first_name}`, and defaults as they write them: shown to visitors as it stands.
[[nodiscard]] std::vector<TextProblem> find_lookalikes(std::string_view text);

}  // namespace wayline::document
