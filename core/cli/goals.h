// The goals that a pack declares, beside what its journeys reached of them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/tally.h"
#include "document/pack.h"

namespace wayline::cli {

/// Of a goal of site.json that journeys roll up to, over all of these. What a target counts is not declared, passes, their share or their value:
/// all three stand beside it.
struct GoalReached {
  std::string name;
  std::string period;
  std::optional<double> target;
  JourneyCounts counts;
  bool has_value = false;  // one of the journeys says what reaching its goal is worth
};

/// As declared. Passes of a holdout count as all others do.
[[nodiscard]] std::vector<GoalReached> goals_reached(const document::Pack& pack, const Tally& tally);

[[nodiscard]] std::string goals_text(const std::vector<GoalReached>& goals);
/// By name: {"entries", "reached", "target", "value"}.
[[nodiscard]] Value goals_value(const std::vector<GoalReached>& goals, Arena& arena);

}  // namespace wayline::cli
