// JSON text in (nlohmann/json's parser) and canonical JSON text out. Reading is not part of the runtime wasm.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

#include "value/source_map.h"
#include "wayline/diagnostic.h"
#include "wayline/result.h"
#include "wayline/value.h"

namespace wayline {

enum class DuplicateKeys : std::uint8_t {
  refuse,
  keep_last,  // as JSON.parse: the first place, the last value
};

struct JsonLimits {
  std::uint32_t depth = 512;        // deeper documents are attacks, not documents
  std::uint32_t bytes = 64u << 20;  // well over the largest pack; keeps a hostile file from filling memory
  bool comments = false;
  DuplicateKeys duplicate_keys = DuplicateKeys::refuse;
};

/// Parses strict JSON; the value lives in `arena` alone, and `text` may go. Errors: json.syntax (line and column in the message; also of what is no
/// UTF-8, and of numbers beyond a double's range), json.too_deep, json.too_large, json.duplicate_key.
[[nodiscard]] Result<Value> read_json(std::string_view text, Arena& arena, const JsonLimits& limits = {});

/// A parsed document that knows where everything stands. Movable; addresses of its values are stable.
struct JsonDocument {
  std::string file;
  std::string text;
  Arena arena;
  std::unique_ptr<Value> root;
  SourceMap positions;
};

/// As read_json but with comments, whatever the limits say, for authors: the error is a diagnostic with its place.
[[nodiscard]] std::variant<JsonDocument, Diagnostic> read_document(std::string file, std::string text, JsonLimits limits = {});

/// Appends canonical JSON: keys sorted by UTF-16 code units, no spaces, numbers as ECMAScript writes them (RFC 8785),
/// non-finite numbers and missing as null, lone surrogates as \uXXXX.
void write_json(const Value& value, std::string& out);
[[nodiscard]] std::string to_json(const Value& value);

/// Appends a text as write_json writes it: a JSON string, quotes included.
void write_text(std::string_view text, std::string& out);

}  // namespace wayline
