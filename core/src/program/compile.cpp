#include "wayline/compile.h"

#include <algorithm>
#include <tuple>

#include "program/builder.h"

namespace wayline {

namespace {

void sort(Diagnostics& diagnostics) {
  std::stable_sort(diagnostics.begin(), diagnostics.end(), [](const Diagnostic& a, const Diagnostic& b) {
    return std::tie(a.range.file, a.range.line, a.range.column) < std::tie(b.range.file, b.range.line, b.range.column);
  });
}

bool has_error(const Diagnostics& diagnostics) {
  return std::any_of(diagnostics.begin(), diagnostics.end(), [](const Diagnostic& item) { return item.severity == Severity::error; });
}

}  // namespace

Compiled compile(const CompileInput& input) {
  document::Loaded loaded = document::load_pack(input.files);
  Compiled compiled{std::move(loaded.diagnostics), {}};
  // Rules are checked even when a document has errors, so that an author meets all of them at once.
  program::Builder builder(loaded.pack, compiled.diagnostics);
  builder.build(input.zone_file);
  if (!has_error(compiled.diagnostics)) compiled.program = builder.finish();
  sort(compiled.diagnostics);
  return compiled;
}

}  // namespace wayline
