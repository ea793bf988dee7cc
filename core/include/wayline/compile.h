// From a pack's documents to a program. Part of the tools, not of the page's runtime.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "wayline/diagnostic.h"

namespace wayline {

struct CompileInput {
  /// Path relative to the pack's folder -> text.
  std::map<std::string, std::string> files;
  /// The bytes of a zone's TZif file, such as /usr/share/zoneinfo/Europe/Warsaw; empty when there is no such zone. May itself be absent: then only UTC
  /// is known.
  std::function<std::string(std::string_view zone)> zone_file;
};

struct Compiled {
  Diagnostics diagnostics;         // sorted by file, line, column
  std::vector<std::byte> program;  // empty when a diagnostic is an error

  [[nodiscard]] bool ok() const { return !program.empty(); }
};

/// Deterministic: the same files give the same bytes.
[[nodiscard]] Compiled compile(const CompileInput& input);

}  // namespace wayline
