// What a pack says and can not mean, seen once its rules are lowered: what always says the same is a constant then, and what asks the same is one node.
#pragma once

#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "base/instant.h"
#include "document/pack.h"
#include "rules/expression.h"

namespace wayline::program {

/// The conditions of a pack, by where they stand in its documents. What could not be lowered, which has been reported, is not among them.
class Conditions {
 public:
  /// `nodes` must outlive the conditions.
  Conditions(const std::map<const Value*, NodeIndex>& nodes, const Expressions& expressions);

  [[nodiscard]] std::optional<NodeIndex> find(const document::Rule& rule) const;
  /// What the condition always says; nothing when that depends.
  [[nodiscard]] std::optional<bool> constant(const document::Rule& rule) const;
  /// Those of which any suffices for the condition: itself, and the parts of an `or`.
  [[nodiscard]] std::vector<NodeIndex> alternatives(NodeIndex condition) const;
  /// What holds whenever the condition does: itself, the parts of an `and`, and comparisons with bounds that are wider; of very many only some.
  [[nodiscard]] std::vector<NodeIndex> implied(NodeIndex condition) const;

  Expressions expressions;

 private:
  /// A comparison with a number.
  struct Limit {
    NodeIndex node, subject;
    bool upward;  // more than the bound, or less
    double bound;
    bool inclusive;
  };
  [[nodiscard]] std::optional<Limit> limit(NodeIndex node) const;
  void add_wider(NodeIndex condition, std::vector<NodeIndex>& found) const;

  const std::map<const Value*, NodeIndex>& nodes_;
  std::map<std::pair<NodeIndex, bool>, std::vector<Limit>> limits_;  // by subject and direction
};

/// Dates of schedules, which begin at midnight UTC, where that is not the site's midnight.
void check_schedules(const document::Pack& pack, const TimeZone& zone, Diagnostics& diagnostics);

/// Conditions that always say the same.
void check_conditions(const document::Pack& pack, const Conditions& conditions, Diagnostics& diagnostics);

/// Ways on, waits and exits that are never taken, because another always is before them (design 7.1, 7.3).
void check_ways(const document::Pack& pack, const Conditions& conditions, Diagnostics& diagnostics);

/// Experiences that are never shown, because another of their slot always is before them (design 8.3).
void check_shown(const document::Pack& pack, const Conditions& conditions, Diagnostics& diagnostics);

}  // namespace wayline::program
