// What `wayline check` lists of a pack when asked, for people and as JSON: costs, and data that is needed.
#pragma once

#include <string>
#include <vector>

#include "analysis/costs.h"
#include "analysis/readiness.h"
#include "wayline/value.h"

namespace wayline::cli {

/// Lines below a heading, the most expensive rules first, each list after an empty line.
[[nodiscard]] std::string costs_text(const analysis::CostReport& costs);
[[nodiscard]] std::string data_text(const std::vector<analysis::Needs>& all);

/// All of it. Texts live as long as what is listed.
[[nodiscard]] Value costs_value(const analysis::CostReport& costs, Arena& arena);
[[nodiscard]] Value data_value(const std::vector<analysis::Needs>& all, Arena& arena);

}  // namespace wayline::cli
