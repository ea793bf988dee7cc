#include "decision/page_rules.h"

#include <algorithm>

#include "program/index.h"
#include "rules/url_pattern.h"

namespace wayline {

using program::IndexEdge;
using program::IndexNode;
using program::none;
using program::Status;
using program::Tables;

namespace {

/// What is no text, and so matches no pattern, is not kept as any text is: none has this byte.
std::string_view text_of(const Value& value) { return value.is_string() ? value.as_string() : std::string_view("\xff"); }

bool any_pattern(const Tables& tables, program::Range patterns, const Value& value) {
  if (!value.is_string()) return false;
  const auto texts = Tables::run(tables.texts, patterns);
  return std::any_of(texts.begin(), texts.end(), [&](const program::Text pattern) { return url_matches(value.as_string(), tables.view(pattern)); });
}

/// Hashes of the page's path, cut at each segment: those of the fixed beginnings that its patterns may have.
std::vector<std::uint32_t> beginnings(const Value& page_path) {
  std::vector<std::uint32_t> hashes;
  if (!page_path.is_string()) return hashes;
  std::string_view path = url_path(page_path.as_string());
  while (path.ends_with('/')) path.remove_suffix(1);
  // Patterns are no longer than this, so neither are their beginnings.
  for (std::size_t end = 1; end <= path.size() && end <= max_url_pattern_bytes; ++end) {
    if (end == path.size() || path[end] == '/') hashes.push_back(program::page_hash(path.substr(0, end)));
  }
  return hashes;
}

}  // namespace

bool shows_on(const Tables& tables, const program::Experience& experience, const PageAddress& page) {
  if (experience.paths.count > 0 && !any_pattern(tables, experience.paths, page.path)) return false;
  const program::Terms& terms = tables.terms_of(experience);
  if (terms.urls.count > 0 && !any_pattern(tables, terms.urls, page.url)) return false;
  if (terms.names.count == 0) return true;
  const auto names = Tables::run(tables.texts, terms.names);
  return page.name.is_string() &&
         std::any_of(names.begin(), names.end(), [&](const program::Text text) { return tables.view(text) == page.name.as_string(); });
}

const PageRules::Slot* PageRules::find(std::uint32_t slot) const {
  for (const Slot& entry : slots) {
    if (entry.slot == slot) return &entry;
  }
  return nullptr;
}

bool PageRules::shows(const Tables& tables, std::uint32_t index, const PageAddress& page) {
  const program::Experience& experience = tables.experiences[index];
  const program::Terms& terms = tables.terms_of(experience);
  if (experience.paths.count + terms.urls.count + terms.names.count == 0) return true;
  std::uint32_t& verdict = verdicts_[index % kept_verdicts];
  if (verdict / 2 != index) verdict = index * 2 + (shows_on(tables, experience, page) ? 1 : 0);
  return verdict % 2 == 1;
}

PageRulesCache::PageRulesCache(const Tables& tables) : tables_(tables) {
  for (const program::Terms& terms : tables.terms) {
    reads_urls_ |= terms.urls.count > 0;
    has_scores_ |= terms.score != none;
  }
}

PageRules& PageRulesCache::of(const PageAddress& page) {
  const std::string_view path = text_of(page.path), name = text_of(page.name);
  const std::string_view url = reads_urls_ ? text_of(page.url) : std::string_view();
  const std::size_t place = hash64(path) % kept_.size();
  const auto is = [&](const Kept& kept) { return kept.used && kept.path == path && kept.url == url && kept.name == name; };
  if (is(kept_[place])) return kept_[place].rules;
  // Of pages that fall together the first stays, and the latest of the others beside it.
  Kept& kept = kept_[kept_[place].used ? (place + 1) % kept_.size() : place];
  if (is(kept)) return kept.rules;
  kept.path = path, kept.url = url, kept.name = name;
  look_up(page, kept.rules);
  kept.used = true;
  return kept.rules;
}

void PageRulesCache::look_up(const PageAddress& page, PageRules& rules) const {
  rules.slots.clear();
  rules.roots.clear();
  rules.verdicts_.assign(kept_verdicts, none);
  const std::vector<std::uint32_t> hashes = beginnings(page.path);
  for (std::uint32_t slot = 0; slot < tables_.slots.size(); ++slot) {
    if (tables_.slots[slot].index == none) continue;
    const IndexNode& node = tables_.index_nodes[tables_.slots[slot].index];
    PageRules::Slot found{slot, static_cast<std::uint32_t>(rules.roots.size()), 0, none, false};
    // Each list is by rank; the best of the page is the best of their first ones that are for it.
    const auto consider = [&](program::Range listed) {
      bool first = true;
      for (const std::uint32_t experience : Tables::run(tables_.indexes, listed)) {
        if (!first && found.fillable) break;
        if (!rules.shows(tables_, experience, page)) continue;
        if (first && (found.best == none || tables_.ranks_before(experience, found.best))) found.best = experience;
        first = false;
        found.fillable |= tables_.terms_of(experience).status == Status::live;
      }
    };
    for (const std::uint32_t hash : hashes) {
      for (const IndexEdge& edge : program::edges_of(Tables::run(tables_.index_edges, node.edges), hash)) {
        consider(edge.rules);
        rules.roots.push_back(edge.child);
      }
    }
    consider(node.rules);
    if (node.otherwise != none) rules.roots.push_back(node.otherwise);
    found.roots = static_cast<std::uint32_t>(rules.roots.size()) - found.first_root;
    if (found.best != none) rules.slots.push_back(found);
  }
}

}  // namespace wayline
