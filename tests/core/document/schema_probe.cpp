// Answers whether documents satisfy a schema, for schema.test.mjs, which compares the answers with another validator's.
// Reads lines {"schema": name, "document": value}; writes a line "true" or "false" for each.
#include <iostream>
#include <string>

#include "document/schema_check.h"
#include "document/schemas.h"
#include "value/json.h"

int main() {
  using namespace wayline;
  for (std::string line; std::getline(std::cin, line);) {
    Arena arena;
    const Result<Value> question = read_json(line, arena);
    if (!question) {
      std::cerr << question.error().message << "\n";
      return 2;
    }
    const std::string_view name = question.value().get("schema").as_string();
    const SourceMap positions;
    document::SchemaChecker checker(positions, nullptr, nullptr);
    std::cout << (checker.check(question.value().get("document"), {name, document::schema_root(name)}) ? "true\n"
                                                                                                       : "false\n");
  }
}
