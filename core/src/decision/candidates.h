// Looks up which page rules of a slot could show now, through the index of the program: what the page and the visitor
// rule out is never touched (design 8; the index is described in program/records.h).
#pragma once

#include <cstdint>
#include <string_view>

#include "profile/environment.h"
#include "program/tables.h"

namespace wayline {

/// For one instant, state and page. Yields every page rule whose condition holds, and some whose does not.
class CandidateIndex {
 public:
  CandidateIndex(const program::Tables& tables, StateEnvironment& environment, const Value& page, Arena& arena);

  /// Appends page rules of the slot, unordered, perhaps more than once.
  void find(const program::Slot& slot, ArenaRun<std::uint32_t>& out);

  /// Calls `visit(experiences by rank)` for each list of page rules that could be for this page, whatever their conditions,
  /// until one of the calls returns true.
  template <typename Visit>
  void each_of_page(const program::Slot& slot, Visit visit) const {
    if (slot.index == program::none) return;
    const program::IndexNode& node = tables_.index_nodes[slot.index];
    const auto list = [&](program::Range range) { return visit(program::Tables::run(tables_.indexes, range)); };
    for (const std::uint32_t hash : beginnings_.items()) {
      for (const program::IndexEdge& edge : edges_of(node, hash)) {
        if (list(edge.rules)) return;
      }
    }
    (void)list(node.rules);
  }

 private:
  void walk(std::uint32_t node, ArenaRun<std::uint32_t>& out);
  void walk_edges(std::span<const program::IndexEdge> edges, ArenaRun<std::uint32_t>& out);
  void walk_equal(const program::IndexNode& node, ArenaRun<std::uint32_t>& out);
  void walk_bounds(const program::IndexNode& node, ArenaRun<std::uint32_t>& out);
  /// The edges with that hash; edges are sorted by it.
  [[nodiscard]] std::span<const program::IndexEdge> edges_of(const program::IndexNode& node, std::uint32_t hash) const;

  const program::Tables& tables_;
  StateEnvironment& environment_;
  ArenaRun<std::uint32_t> beginnings_;  // hashes of the page's path, cut at each segment
};

}  // namespace wayline
