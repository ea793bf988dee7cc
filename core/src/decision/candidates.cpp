#include "decision/candidates.h"

#include "program/index.h"

namespace wayline {

using program::IndexEdge;
using program::IndexKind;
using program::IndexNode;
using program::none;
using program::Tables;

void CandidateIndex::find(std::uint32_t slot, ArenaRun<std::uint32_t>& out) {
  const PageRules::Slot* rules = page_.find(slot);
  if (!rules) return;
  for (std::uint32_t root = rules->first_root; root < rules->first_root + rules->roots; ++root) walk(page_.roots[root], out);
}

/// The verification of the program bounds the depth.
void CandidateIndex::walk(std::uint32_t index, ArenaRun<std::uint32_t>& out) {
  const IndexNode& node = tables_.index_nodes[index];
  switch (node.kind) {
    case IndexKind::leaf:
      for (const std::uint32_t experience : Tables::run(tables_.indexes, node.rules)) out.push(experience);
      return;
    // Pages are told apart at the root of a slot's tree only; anywhere else nothing is known of them.
    case IndexKind::page: walk_edges(Tables::run(tables_.index_edges, node.edges), out); break;
    case IndexKind::equal: walk_equal(node, out); break;
    case IndexKind::least:
    case IndexKind::most: walk_bounds(node, out); break;
  }
  if (node.otherwise != none) walk(node.otherwise, out);
}

void CandidateIndex::walk_edges(std::span<const IndexEdge> edges, ArenaRun<std::uint32_t>& out) {
  for (const IndexEdge& edge : edges) walk(edge.child, out);
}

void CandidateIndex::walk_equal(const IndexNode& node, ArenaRun<std::uint32_t>& out) {
  const VisitorMemo::Key& key = environment_.index_key(node.key);
  const auto edges = Tables::run(tables_.index_edges, node.edges);
  if (key.unknown) return walk_edges(edges, out);
  if (key.text) walk_edges(program::edges_of(edges, *key.text), out);
  if (key.number) walk_edges(program::edges_of(edges, *key.number), out);
}

void CandidateIndex::walk_bounds(const IndexNode& node, ArenaRun<std::uint32_t>& out) {
  const VisitorMemo::Key& key = environment_.index_key(node.key);
  for (const IndexEdge& edge : Tables::run(tables_.index_edges, node.edges)) {
    const bool reached = node.kind == IndexKind::least ? edge.bound <= key.amount : edge.bound >= key.amount;
    if (!reached && !key.unknown) return;
    walk(edge.child, out);
  }
}

}  // namespace wayline
