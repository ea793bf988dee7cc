// Looks up which page rules of a slot could show now, through the index of the program: what the page and the visitor
// rule out is never touched (design 8; the index is described in program/records.h).
#pragma once

#include <cstdint>

#include "decision/page_rules.h"
#include "profile/environment.h"
#include "program/tables.h"

namespace wayline {

/// For one instant, state and page. Yields every page rule whose condition holds, and some whose does not.
class CandidateIndex {
 public:
  /// All must outlive the index.
  CandidateIndex(const program::Tables& tables, StateEnvironment& environment, PageRules& page)
      : tables_(tables), environment_(environment), page_(page) {}

  /// Appends page rules of the slot, unordered, perhaps more than once.
  void find(std::uint32_t slot, ArenaRun<std::uint32_t>& out);
  [[nodiscard]] PageRules& page() const { return page_; }

 private:
  void walk(std::uint32_t node, ArenaRun<std::uint32_t>& out);
  void walk_edges(std::span<const program::IndexEdge> edges, ArenaRun<std::uint32_t>& out);
  void walk_equal(const program::IndexNode& node, ArenaRun<std::uint32_t>& out);
  void walk_bounds(const program::IndexNode& node, ArenaRun<std::uint32_t>& out);

  const program::Tables& tables_;
  StateEnvironment& environment_;
  PageRules& page_;
};

}  // namespace wayline
