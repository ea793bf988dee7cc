// Result<T>: a value or an Error. The only way fallible functions of the engine report to a host.
#pragma once

#include <new>
#include <utility>

#include "wayline/error.h"

namespace wayline {

/// One that was moved from still says whether it was ok; its value or error is as moving leaves it.
/// Written out instead of as a std::variant, which goes through tables of functions whenever one is moved or destroyed.
template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : value_(std::move(value)), ok_(true) {}
  Result(Error error) : error_(std::move(error)), ok_(false) {}
  Result(Result&& other) noexcept : ok_(other.ok_) { take(other); }
  Result& operator=(Result&& other) noexcept {
    if (this == &other) return *this;
    destroy();
    ok_ = other.ok_;
    take(other);
    return *this;
  }
  ~Result() { destroy(); }

  [[nodiscard]] bool ok() const { return ok_; }
  explicit operator bool() const { return ok(); }

  // Precondition of value(): ok(). Precondition of error(): not ok().
  [[nodiscard]] T& value() & { return value_; }
  [[nodiscard]] const T& value() const& { return value_; }
  [[nodiscard]] T&& value() && { return std::move(value_); }
  [[nodiscard]] const Error& error() const& { return error_; }
  [[nodiscard]] Error&& error() && { return std::move(error_); }

 private:
  void take(Result& other) {
    if (ok_) {
      new (&value_) T(std::move(other.value_));
    } else {
      new (&error_) Error(std::move(other.error_));
    }
  }
  void destroy() {
    if (ok_) {
      value_.~T();
    } else {
      error_.~Error();
    }
  }

  union {
    T value_;
    Error error_;
  };
  bool ok_;
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
