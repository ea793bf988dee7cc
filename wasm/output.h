// What a call leaves for the host to copy out. One buffer for all: valid until the next call.
#pragma once

#include <cstdint>
#include <string>

#include "engine/outcome.h"
#include "wayline/result.h"
#include "wayline/value.h"

namespace wayline {

using Status = std::uint32_t;  // 0: fine, 1: the output is {"code","message"}

[[nodiscard]] std::string& output();

void put(const Value& value);
Status put_error(const Error& error);
/// Where the output begins; null for an error.
const char* put_result(const Result<Value>& result);
/// The compact answer of wasm/README.md.
const char* put_result(const Result<Outcome>& result);
Status put_text(std::string_view text);

}  // namespace wayline
