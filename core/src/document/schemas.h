// The JSON Schemas of core/schema, compiled in: what the loader checks documents against and `wayline schema` prints.
#pragma once

#include <span>
#include <string_view>

#include "wayline/value.h"

namespace wayline::document {

struct Schema {
  std::string_view name;  // "site"; its file is <name>.schema.json
  std::string_view text;  // of the file, byte for byte
};

/// By name. Lives for ever.
[[nodiscard]] std::span<const Schema> schemas();

/// The parsed schema called `name`, or missing. Lives for ever.
[[nodiscard]] const Value& schema_root(std::string_view name);

struct SchemaPlace {
  std::string_view home;
  const Value* schema;
};
/// What a $ref such as "#/$defs/stage" or "common.schema.json#/$defs/id" leads to from within the schema `home`;
/// missing when nothing.
[[nodiscard]] SchemaPlace resolve_reference(std::string_view home, std::string_view reference);

}  // namespace wayline::document
