#include "output.h"

#include <utility>

#include "value/wire.h"

namespace wayline {

std::string& output() {
  static std::string text;
  return text;
}

void put(const Value& value) {
  output().clear();
  encode_wire(value, output());
}

Status put_error(const Error& error) {
  Arena arena;
  put(ObjectBuilder(arena)
          .add("code", Value::string(code_text(error.code)))
          .add("message", Value::string(error.message))
          .build());
  return 1;
}

Status put_result(const Result<Value>& result) {
  if (!result.ok()) return put_error(result.error());
  put(result.value());
  return 0;
}

Status put_text(std::string text) {
  output() = std::move(text);
  return 0;
}

}  // namespace wayline
