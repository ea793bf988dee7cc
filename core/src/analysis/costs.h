// What the rules of a program, and one page view, may cost at most, in steps of the budgets (rules/cost.h).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "program/tables.h"
#include "rules/cost.h"

namespace wayline::analysis {

struct RuleCost {
  std::string what;  // "segment keen", "journey basket, hold 1"
  std::uint64_t steps = 0;
};

struct CostReport {
  std::vector<RuleCost> rules;  // most expensive first, then by name
  /// A page event and its decisions: every page rule of every slot, every journey along its most expensive way through as many stages as continue at
  /// once (max_hops), each segment and computed attribute once, and once more for each rule that may come to it when something that it reads has changed
  /// within the step. Timers that fire are paid for by themselves (design 7.1).
  std::uint64_t page_view = 0;
};

[[nodiscard]] CostReport cost_report(const program::Tables& tables, const CostAssumptions& assumptions = {});

}  // namespace wayline::analysis
