#include "decision/candidates.h"

#include <algorithm>

#include "program/index.h"
#include "rules/url_pattern.h"

namespace wayline {

using program::IndexEdge;
using program::IndexKind;
using program::IndexNode;
using program::none;
using program::Tables;

CandidateIndex::CandidateIndex(const Tables& tables, StateEnvironment& environment, const Value& page, Arena& arena)
    : tables_(tables), environment_(environment), beginnings_(arena) {
  const Value value = page.get("path");
  if (!value.is_string()) return;
  // Patterns are no longer than this, so neither are their beginnings.
  std::string_view path = url_path(value.as_string());
  while (path.ends_with('/')) path.remove_suffix(1);
  for (std::size_t end = 1; end <= path.size() && end <= max_url_pattern_bytes; ++end) {
    if (end == path.size() || path[end] == '/') beginnings_.push(program::page_hash(path.substr(0, end)));
  }
}

void CandidateIndex::find(const program::Slot& slot, ArenaRun<std::uint32_t>& out) {
  if (slot.index != none) walk(slot.index, out);
}

/// The verification of the program bounds the depth.
void CandidateIndex::walk(std::uint32_t index, ArenaRun<std::uint32_t>& out) {
  const IndexNode& node = tables_.index_nodes[index];
  switch (node.kind) {
    case IndexKind::leaf:
      for (const std::uint32_t experience : Tables::run(tables_.indexes, node.rules)) out.push(experience);
      return;
    case IndexKind::page:
      for (const std::uint32_t hash : beginnings_.items()) walk_edges(edges_of(node, hash), out);
      break;
    case IndexKind::equal: walk_equal(node, out); break;
    case IndexKind::least:
    case IndexKind::most: walk_bounds(node, out); break;
  }
  if (node.otherwise != none) walk(node.otherwise, out);
}

void CandidateIndex::walk_edges(std::span<const IndexEdge> edges, ArenaRun<std::uint32_t>& out) {
  for (const IndexEdge& edge : edges) walk(edge.child, out);
}

std::span<const IndexEdge> CandidateIndex::edges_of(const IndexNode& node, std::uint32_t hash) const {
  const auto edges = Tables::run(tables_.index_edges, node.edges);
  const auto first = std::lower_bound(edges.begin(), edges.end(), hash, [](const IndexEdge& edge, std::uint32_t value) { return edge.hash < value; });
  auto last = first;
  while (last != edges.end() && last->hash == hash) ++last;
  return {first, last};
}

void CandidateIndex::walk_equal(const IndexNode& node, ArenaRun<std::uint32_t>& out) {
  const Scratch::Key& key = environment_.index_key(node.key);
  if (key.unknown) return walk_edges(Tables::run(tables_.index_edges, node.edges), out);
  if (key.text) walk_edges(edges_of(node, *key.text), out);
  if (key.number) walk_edges(edges_of(node, *key.number), out);
}

void CandidateIndex::walk_bounds(const IndexNode& node, ArenaRun<std::uint32_t>& out) {
  const Scratch::Key& key = environment_.index_key(node.key);
  for (const IndexEdge& edge : Tables::run(tables_.index_edges, node.edges)) {
    const bool reached = node.kind == IndexKind::least ? edge.bound <= key.amount : edge.bound >= key.amount;
    if (!reached && !key.unknown) return;
    walk(edge.child, out);
  }
}

}  // namespace wayline
