#include "wayline/error.h"

#include <algorithm>
#include <array>

namespace wayline {
namespace {

// Three tables, so that a build which only needs the codes does not carry the sentences.
constexpr auto texts = std::to_array<std::string_view>({
#define WAYLINE_ERROR(name, text, meaning, hint) text,
#include "wayline/errors.def"
#undef WAYLINE_ERROR
});
constexpr auto meanings = std::to_array<std::string_view>({
#define WAYLINE_ERROR(name, text, meaning, hint) meaning,
#include "wayline/errors.def"
#undef WAYLINE_ERROR
});
constexpr auto hints = std::to_array<std::string_view>({
#define WAYLINE_ERROR(name, text, meaning, hint) hint,
#include "wayline/errors.def"
#undef WAYLINE_ERROR
});

constexpr std::size_t engine_codes = static_cast<std::size_t>(ErrorCode::engine_disposed) + 1;
constexpr auto engine_texts = [] {
  std::array<std::string_view, engine_codes> result;
  std::copy_n(texts.begin(), engine_codes, result.begin());
  return result;
}();

}  // namespace

Error::Error(ErrorCode error, const char* text, std::size_t size) : code(error), message(text, size) {}

std::string_view code_text(ErrorCode code) { return texts[static_cast<std::size_t>(code)]; }
std::string_view engine_code_text(ErrorCode code) { return engine_texts[static_cast<std::size_t>(code)]; }
std::string_view code_meaning(ErrorCode code) { return meanings[static_cast<std::size_t>(code)]; }
std::string_view code_hint(ErrorCode code) { return hints[static_cast<std::size_t>(code)]; }

}  // namespace wayline
