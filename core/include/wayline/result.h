// Result<T>: a value or an Error. The only way fallible functions of the engine report to a host.
#pragma once

#include <utility>
#include <variant>

#include "wayline/error.h"

namespace wayline {

template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : content_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : content_(std::in_place_index<1>, std::move(error)) {}

  [[nodiscard]] bool ok() const { return content_.index() == 0; }
  explicit operator bool() const { return ok(); }

  // Precondition of value(): ok(). Precondition of error(): not ok().
  [[nodiscard]] T& value() & { return *std::get_if<0>(&content_); }
  [[nodiscard]] const T& value() const& { return *std::get_if<0>(&content_); }
  [[nodiscard]] T&& value() && { return std::move(*std::get_if<0>(&content_)); }
  [[nodiscard]] const Error& error() const& { return *std::get_if<1>(&content_); }
  [[nodiscard]] Error&& error() && { return std::move(*std::get_if<1>(&content_)); }

 private:
  std::variant<T, Error> content_;
};

/// For functions that succeed with nothing.
struct Done {};

/// TRY(auto name, expression): binds the value of a Result or returns its error from the enclosing function.
#define WAYLINE_CONCAT_(a, b) a##b
#define WAYLINE_CONCAT(a, b) WAYLINE_CONCAT_(a, b)
#define TRY(declaration, expression)                                 \
  auto WAYLINE_CONCAT(result_, __LINE__) = (expression);             \
  if (!WAYLINE_CONCAT(result_, __LINE__).ok())                       \
    return std::move(WAYLINE_CONCAT(result_, __LINE__)).error();     \
  declaration = std::move(WAYLINE_CONCAT(result_, __LINE__)).value()

}  // namespace wayline
