#include "document/schemas.h"

#include <utility>
#include <vector>

#include "document/embedded_schemas.h"
#include "value/json.h"

namespace wayline::document {
namespace {

constexpr std::string_view file_suffix = ".schema.json";
constexpr std::string_view definitions = "#/$defs/";

/// The parsed schemas, in the order of schemas(). Parsed once; the texts are compiled in and tested, so they parse.
struct Parsed {
  Arena arena;
  std::vector<Value> roots;
  Parsed() {
    for (const Schema& schema : schemas()) {
      const Result<Value> root = read_json(schema.text, arena);
      roots.push_back(root.ok() ? root.value() : Value());
    }
  }
};

const Value missing;

}  // namespace

std::span<const Schema> schemas() { return embedded_schemas; }

const Value& schema_root(std::string_view name) {
  static const Parsed parsed;
  const std::span<const Schema> all = schemas();
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all[i].name == name) return parsed.roots[i];
  }
  return missing;
}

SchemaPlace resolve_reference(std::string_view home, std::string_view reference) {
  const std::size_t hash = reference.find(definitions);
  if (hash == std::string_view::npos) return {home, &missing};
  const std::string_view name = reference.substr(hash + definitions.size());
  std::string_view file = reference.substr(0, hash);
  if (file.ends_with(file_suffix)) file.remove_suffix(file_suffix.size());
  // The name must outlive the call, so it is that of the table, not that of the argument.
  for (const Schema& schema : schemas()) {
    if (schema.name != (file.empty() ? home : file)) continue;
    for (const Member& root : schema_root(schema.name).as_object()) {
      if (root.key != "$defs") continue;
      for (const Member& definition : root.value.as_object()) {
        if (definition.key == name) return {schema.name, &definition.value};
      }
    }
  }
  return {home, &missing};
}

}  // namespace wayline::document
