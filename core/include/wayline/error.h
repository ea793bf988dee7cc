// Errors a host meets: a stable code, a message for people. Authors' errors are diagnostics (diagnostic.h);
// errors inside rules are values of the rule language.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace wayline {

/// Every code of errors.def, in its order.
enum class ErrorCode : std::uint16_t {
#define WAYLINE_ERROR(name, text, meaning, hint) name,
#include "wayline/errors.def"
#undef WAYLINE_ERROR
};

/// The published spelling of a code, such as "rule.too_deep". Lives for ever.
[[nodiscard]] std::string_view code_text(ErrorCode code);
/// The same for those that the engine itself uses, which is all that its module for pages knows. Precondition: no later than `engine_disposed`.
[[nodiscard]] std::string_view engine_code_text(ErrorCode code);
/// One sentence saying what the code means, for the reference. Lives for ever.
[[nodiscard]] std::string_view code_meaning(ErrorCode code);
/// What the reader should do about it. Lives for ever.
[[nodiscard]] std::string_view code_hint(ErrorCode code);

struct Error {
  ErrorCode code;
  std::string message;

  Error(ErrorCode error, std::string text) : code(error), message(std::move(text)) {}
  /// Most texts are literals: made in one place, they take less code.
  template <std::size_t Size>
  Error(ErrorCode error, const char (&literal)[Size]) : Error(error, literal, Size - 1) {}

 private:
  Error(ErrorCode error, const char* text, std::size_t size);
};

}  // namespace wayline
