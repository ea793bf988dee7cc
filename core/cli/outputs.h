// Comparing two outputs of `wayline run`, step by step, in the words of a pack's authors.
#pragma once

#include <string>
#include <vector>

#include "wayline/value.h"

namespace wayline::cli {

struct OutputChange {
  std::string subject;  // "slot hero", "journey abandoned-basket", "effects"
  std::string before;
  std::string after;
};

/// What differs between two output lines of the same step. Keys that say the same in other words differ as well: the
/// outputs are canonical.
[[nodiscard]] std::vector<OutputChange> compare_outputs(const Value& before, const Value& after);

/// Cuts what both texts begin and end with, when they are long, so that what differs is seen.
void shorten_both(std::string& before, std::string& after);

}  // namespace wayline::cli
