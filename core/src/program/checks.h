// What a pack says and can not mean, seen once its rules are lowered: what always says the same is a constant then, and what asks the same is one node.
#pragma once

#include <map>
#include <optional>

#include "document/pack.h"
#include "rules/expression.h"

namespace wayline::program {

/// The conditions of a pack, by where they stand in its documents. What could not be lowered, which has been reported, is not among them.
struct Conditions {
  const std::map<const Value*, NodeIndex>& nodes;
  Expressions expressions;

  [[nodiscard]] std::optional<NodeIndex> find(const document::Rule& rule) const;
  /// What the condition always says; nothing when that depends.
  [[nodiscard]] std::optional<bool> constant(const document::Rule& rule) const;
};

/// Conditions that always say the same.
void check_conditions(const document::Pack& pack, const Conditions& conditions, Diagnostics& diagnostics);

/// Ways on, waits and exits that are never taken, because another always is before them (design 7.1, 7.3).
void check_ways(const document::Pack& pack, const Conditions& conditions, Diagnostics& diagnostics);

/// Experiences that are never shown, because another of their slot always is before them (design 8.3).
void check_shown(const document::Pack& pack, const Conditions& conditions, Diagnostics& diagnostics);

}  // namespace wayline::program
