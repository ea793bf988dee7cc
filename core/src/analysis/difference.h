// What changed between two programs, in the words of their authors.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "program/tables.h"

namespace wayline::analysis {

enum class ChangeKind : std::uint8_t { added, removed, changed };

struct Change {
  ChangeKind kind = ChangeKind::changed;
  std::string subject;   // "journey abandoned-basket, stage left"
  std::string property;  // "after"; empty when the subject as a whole was added or removed
  std::string before;    // empty when added
  std::string after;     // empty when removed
};

/// By subject, then property. Empty when both decide alike.
[[nodiscard]] std::vector<Change> compare_programs(const program::Tables& before, const program::Tables& after);

}  // namespace wayline::analysis
