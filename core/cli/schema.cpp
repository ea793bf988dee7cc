// wayline schema: the JSON Schemas of the documents, for editors.
#include <string>
#include <vector>

#include "base/nearest.h"
#include "cli/command.h"
#include "document/schemas.h"
#include "value/json.h"

namespace wayline::cli {
namespace {

constexpr std::string_view file_suffix = ".schema.json";
constexpr ArgumentSpec schema_arguments[] = {
    {.name = "NAME", .help = "the schema to print; without it their names are listed", .is_optional = true}};

std::string_view title_of(const document::Schema& schema) {
  const Value title = document::schema_root(schema.name).get("title");
  return title.is_string() ? title.as_string() : std::string_view();
}

Exit list_schemas(Console& console) {
  Arena arena;
  ListBuilder list(arena);
  for (const document::Schema& schema : document::schemas()) {
    ObjectBuilder entry(arena);
    list.add(entry.text("name", schema.name).text("title", title_of(schema)).build());
    if (!console.json()) console.write(std::string(schema.name) + "\n");
  }
  if (!console.json()) return Exit::fine;
  ObjectBuilder object(arena);
  console.write_value(object.add("schemas", list.build()).build());
  return Exit::fine;
}

Exit print_schema(const Arguments& arguments, Console& console) {
  std::string_view name = arguments.positional(0);
  if (name.empty()) return list_schemas(console);
  if (name.ends_with(file_suffix)) name.remove_suffix(file_suffix.size());
  std::vector<std::string_view> names;
  for (const document::Schema& schema : document::schemas()) {
    if (schema.name == name) {
      console.write(schema.text);
      return Exit::fine;
    }
    names.push_back(schema.name);
  }
  std::string message = "there is no schema \"" + std::string(name) + "\"";
  if (const std::string_view near = nearest(name, names); !near.empty())
    message.append("; did you mean \"").append(near).append("\"?");
  return console.misuse("schema", message);
}

}  // namespace

const Command schema_command{
    .name = "schema",
    .summary = "print the JSON Schema of a kind of document",
    .details = "Editors that know JSON Schema complete and check documents with them.\n",
    .arguments = schema_arguments,
    .options = {},
    .run = print_schema,
};

}  // namespace wayline::cli
