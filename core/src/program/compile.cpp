#include "wayline/compile.h"

#include <algorithm>
#include <set>
#include <string>
#include <tuple>

#include "program/builder.h"

namespace wayline {

namespace {

void sort(Diagnostics& diagnostics) {
  std::stable_sort(diagnostics.begin(), diagnostics.end(), [](const Diagnostic& a, const Diagnostic& b) {
    return std::tie(a.range.file, a.range.line, a.range.column) < std::tie(b.range.file, b.range.line, b.range.column);
  });
}

/// Appends findings at places where no error has been told yet: one mistake in a document needs no second explanation.
void append_new(Diagnostics& told, const Diagnostics& more) {
  const auto place = [](const Diagnostic& item) { return std::tie(item.range.file, item.range.line, item.range.column); };
  std::set<std::tuple<std::string, std::uint32_t, std::uint32_t>> places;
  for (const Diagnostic& item : told) {
    if (item.severity == Severity::error) places.insert(place(item));
  }
  for (const Diagnostic& item : more) {
    if (places.contains(place(item))) continue;
    told.push_back(item);
    if (item.severity == Severity::error) places.insert(place(item));
  }
}

bool has_error(const Diagnostics& diagnostics) {
  return std::any_of(diagnostics.begin(), diagnostics.end(), [](const Diagnostic& item) { return item.severity == Severity::error; });
}

}  // namespace

Compiled compile(const CompileInput& input) {
  document::Loaded loaded = document::load_pack(input.files);
  Compiled compiled{std::move(loaded.diagnostics), {}};
  // Rules are checked even when a document has errors, so that an author meets all of them at once.
  Diagnostics findings;
  program::Builder builder(loaded.pack, findings);
  builder.build(input.zone_file);
  append_new(compiled.diagnostics, findings);
  if (!has_error(compiled.diagnostics)) compiled.program = builder.finish();
  sort(compiled.diagnostics);
  return compiled;
}

}  // namespace wayline
