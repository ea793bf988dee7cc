// Diagnostics: what an author of documents is told, several at once, each with its place.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "wayline/error.h"

namespace wayline {

enum class Severity : std::uint8_t { error, warning, note };

/// A stretch of one line of a file. Lines and columns start at 1; columns count Unicode code points.
struct SourceRange {
  std::string file;  // relative to the pack's folder, '/' between parts
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  std::uint32_t length = 1;
};

struct Diagnostic {
  ErrorCode code;
  Severity severity = Severity::error;
  SourceRange range;
  std::string message;
  std::string hint;  // empty: the catalogue's hint says it all
};

using Diagnostics = std::vector<Diagnostic>;

}  // namespace wayline
