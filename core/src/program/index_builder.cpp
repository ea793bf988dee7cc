#include "program/index_builder.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <set>

#include "program/index.h"

namespace wayline::program {

namespace {

/// So few rules are examined faster than told apart.
constexpr std::size_t small_leaf = 4;
/// Splits below one another: each may be walked on two sides, so a look-up visits at most 2^6 leaves.
constexpr std::size_t max_splits = 6;
/// A rule is filed under each value of a set; larger sets are left to the rule itself.
constexpr std::size_t max_set = 64;
/// A rule of more alternatives than this is filed by what they have in common.
constexpr std::size_t max_alternatives = 8;
/// Operators inside of conditions, segments among them, are looked into that deep.
constexpr int max_depth = 8;

}  // namespace

void IndexBuilder::build() {
  for (std::uint32_t slot = 0; slot < writer_.slots.size(); ++slot) {
    std::vector<Rule> rules;
    const Range run = writer_.slots[slot].page_rules;
    for (std::uint32_t i = run.first; i < run.first + run.count; ++i) {
      const Experience& experience = writer_.experiences[writer_.indexes[i]];
      const Status status = writer_.terms[experience.terms].status;
      if (status == Status::draft || status == Status::archived) continue;
      Rule rule{writer_.indexes[i], {}, {}};
      for (std::uint32_t path = experience.paths.first; path < experience.paths.first + experience.paths.count; ++path) {
        const Text text = writer_.texts[path];
        const std::string_view beginning = fixed_beginning({writer_.text.data() + text.first, text.size});
        if (beginning.empty()) {
          rule.pages.clear();
          break;
        }
        rule.pages.push_back(page_hash(beginning));
      }
      for (Conjunction& alternative : alternatives_of(experience.condition, 0)) {
        rule.constraints = std::move(alternative);
        rules.push_back(rule);
      }
    }
    if (rules.empty()) continue;
    Rules all;
    for (const Rule& rule : rules) all.push_back(&rule);
    const std::uint32_t root = build_pages(all);
    writer_.slots[slot].index = root;
  }
}

// --- what a condition asks for

const Value* IndexBuilder::constant(NodeIndex node) const {
  const Node& record = expressions_.nodes[node];
  return record.op == Operator::constant ? &expressions_.constants[record.first] : nullptr;
}

std::vector<IndexBuilder::Conjunction> IndexBuilder::alternatives_of(NodeIndex condition, int depth) const {
  if (condition == none || depth > max_depth) return {{}};
  const Node& node = expressions_.nodes[condition];
  if (node.op == Operator::and_) return all_of(node, depth);
  if (node.op == Operator::segment) return alternatives_of(writer_.segments[node.first].rule, depth + 1);
  Constraint found;
  if (constraint(condition, found)) return {{std::move(found)}};
  if (node.op == Operator::or_) return any_of(node, depth);
  return {between(node)};
}

/// Each alternative of one operand together with each of the others, as far as they stay few.
std::vector<IndexBuilder::Conjunction> IndexBuilder::all_of(const Node& node, int depth) const {
  std::vector<Conjunction> result{{}};
  for (const NodeIndex operand : operands_of(expressions_, node)) {
    const std::vector<Conjunction> more = alternatives_of(operand, depth + 1);
    if (result.size() * more.size() > max_alternatives) continue;  // what is left out only narrows less
    std::vector<Conjunction> combined;
    for (const Conjunction& left : result) {
      for (const Conjunction& right : more) {
        combined.push_back(left);
        combined.back().insert(combined.back().end(), right.begin(), right.end());
      }
    }
    result = std::move(combined);
  }
  return result;
}

std::vector<IndexBuilder::Conjunction> IndexBuilder::any_of(const Node& node, int depth) const {
  std::vector<Conjunction> result;
  for (const NodeIndex operand : operands_of(expressions_, node)) {
    for (Conjunction& alternative : alternatives_of(operand, depth + 1)) {
      if (alternative.empty() || result.size() == max_alternatives) return {{}};
      result.push_back(std::move(alternative));
    }
  }
  if (result.empty()) result.emplace_back();
  return result;
}

/// `{"<=": [1, x, 5]}` asks for two bounds.
IndexBuilder::Conjunction IndexBuilder::between(const Node& node) const {
  Conjunction bounds;
  if (node.count != 3 || (node.op != Operator::less && node.op != Operator::less_or_equal)) return bounds;
  const NodeIndex* operands = &expressions_.operands[node.first];
  Constraint found;
  if (bounded_by(operands[0], operands[1], true, found)) bounds.push_back(found);
  if (bounded_by(operands[2], operands[1], false, found)) bounds.push_back(found);
  return bounds;
}

bool IndexBuilder::constraint(NodeIndex index, Constraint& out) const {
  const Node& node = expressions_.nodes[index];
  switch (node.op) {
    case Operator::equal:
    case Operator::same: return equality(node, out);
    case Operator::in: return membership(node, out);
    case Operator::or_: return alternatives(node, out);
    case Operator::less:
    case Operator::less_or_equal:
    case Operator::greater:
    case Operator::greater_or_equal: return bound(node, out);
    default: return false;
  }
}

bool IndexBuilder::add_value(const Value& value, bool loose, Constraint& out) const {
  switch (value.kind()) {
    case Kind::string: {
      out.hashes.push_back(text_hash(value.as_string()));
      // "5" == 5: a text that reads as a number is also filed as that number.
      const auto number = loose ? number_hash(to_number(value)) : std::nullopt;
      if (number) out.hashes.push_back(*number);
      return true;
    }
    case Kind::number:
    case Kind::boolean: {
      const auto number = number_hash(to_number(value));
      if (number) out.hashes.push_back(*number);
      return number.has_value();
    }
    default: return false;
  }
}

bool IndexBuilder::equality(const Node& node, Constraint& out) const {
  if (node.count != 2) return false;
  for (const std::uint32_t side : {0u, 1u}) {
    const NodeIndex key = expressions_.operands[node.first + side];
    const Value* value = constant(expressions_.operands[node.first + 1 - side]);
    if (!value || constant(key)) continue;
    out.kind = IndexKind::equal;
    out.key = key;
    return add_value(*value, node.op == Operator::equal, out);
  }
  return false;
}

bool IndexBuilder::membership(const Node& node, Constraint& out) const {
  if (node.count != 2) return false;
  out.kind = IndexKind::equal;
  out.key = expressions_.operands[node.first];
  const Value* list = constant(expressions_.operands[node.first + 1]);
  if (!list || !list->is_list() || list->as_list().size() > max_set || constant(out.key)) return false;
  return std::all_of(list->as_list().begin(), list->as_list().end(), [&](const Value& item) { return add_value(item, false, out); });
}

/// An `or` of equalities of one key is a set.
bool IndexBuilder::alternatives(const Node& node, Constraint& out) const {
  for (const NodeIndex operand : operands_of(expressions_, node)) {
    Constraint one;
    if (!constraint(operand, one) || one.kind != IndexKind::equal || (out.key != none && out.key != one.key)) return false;
    out.key = one.key;
    out.hashes.insert(out.hashes.end(), one.hashes.begin(), one.hashes.end());
  }
  out.kind = IndexKind::equal;
  return out.key != none && out.hashes.size() <= max_set;
}

bool IndexBuilder::bound(const Node& node, Constraint& out) const {
  if (node.count != 2) return false;
  const NodeIndex left = expressions_.operands[node.first], right = expressions_.operands[node.first + 1];
  const bool grows = node.op == Operator::greater || node.op == Operator::greater_or_equal;
  return bounded_by(right, left, grows, out) || bounded_by(left, right, !grows, out);
}

/// Bounds are filed as "reaches" and "does not pass": that an equal value may be refused is left to the rule.
bool IndexBuilder::bounded_by(NodeIndex constant_node, NodeIndex key, bool from_below, Constraint& out) const {
  const Value* value = constant(constant_node);
  if (!value || !value->is_number() || constant(key) || !std::isfinite(value->as_number())) return false;
  out = {from_below ? IndexKind::least : IndexKind::most, key, {}, value->as_number()};
  return true;
}

// --- the tree

Range IndexBuilder::ranked(const Rules& rules) {
  return Writer::appended(writer_.indexes, [&] {
    // The alternatives of a rule follow one another.
    std::uint32_t last = none;
    for (const Rule* rule : rules) {
      if (rule->experience != last) writer_.indexes.push_back(rule->experience);
      last = rule->experience;
    }
  });
}

std::uint32_t IndexBuilder::leaf(const Rules& rules) {
  const auto place = static_cast<std::uint32_t>(writer_.index_nodes.size());
  writer_.index_nodes.push_back({IndexKind::leaf, none, none, {0, 0}, ranked(rules)});
  return place;
}

std::uint32_t IndexBuilder::key_index(NodeIndex node) {
  const auto [place, fresh] = keys_.emplace(node, static_cast<std::uint32_t>(writer_.index_keys.size()));
  if (fresh) writer_.index_keys.push_back(node);
  return place->second;
}

/// The root tells pages apart. Its edges also list their rules by rank, from which comes the reason of a default.
std::uint32_t IndexBuilder::build_pages(const Rules& rules) {
  std::map<std::uint32_t, Rules> by_page;
  Rules anywhere;
  for (const Rule* rule : rules) {
    if (rule->pages.empty()) anywhere.push_back(rule);
    for (const std::uint32_t page : std::set<std::uint32_t>(rule->pages.begin(), rule->pages.end())) by_page[page].push_back(rule);
  }
  const auto place = static_cast<std::uint32_t>(writer_.index_nodes.size());
  writer_.index_nodes.push_back({IndexKind::page, none, none, {0, 0}, {0, 0}});
  std::vector<Key> used;
  std::vector<IndexEdge> edges;
  for (const auto& [hash, below] : by_page) {
    const Range run = ranked(below);
    edges.push_back({hash, build_node(below, used), 0, run});
  }
  writer_.index_nodes[place].rules = ranked(anywhere);
  const std::uint32_t otherwise = anywhere.empty() ? none : build_node(anywhere, used);
  writer_.index_nodes[place].otherwise = otherwise;
  writer_.index_nodes[place].edges = Writer::appended(writer_.index_edges, [&] { writer_.index_edges.insert(writer_.index_edges.end(), edges.begin(), edges.end()); });
  return place;
}

std::uint32_t IndexBuilder::build_node(const Rules& rules, std::vector<Key>& used) {
  if (rules.size() <= small_leaf || used.size() >= max_splits) return leaf(rules);
  const std::optional<Key> key = best_key(rules, used);
  return key ? build_split(*key, rules, used) : leaf(rules);
}

/// The key that leaves the fewest rules to look at, if each of its values were as likely as any other.
std::optional<IndexBuilder::Key> IndexBuilder::best_key(const Rules& rules, const std::vector<Key>& used) const {
  struct Use {
    std::size_t filed = 0;
    std::set<std::uint32_t> values;
    std::set<double> bounds;
  };
  std::map<Key, Use> uses;
  for (const Rule* rule : rules) {
    std::set<Key> seen;
    for (const Constraint& constraint : rule->constraints) {
      const Key key{constraint.kind, constraint.key};
      if (!seen.insert(key).second || std::find(used.begin(), used.end(), key) != used.end()) continue;
      Use& use = uses[key];
      use.filed += constraint.kind == IndexKind::equal ? constraint.hashes.size() : 1;
      use.values.insert(constraint.hashes.begin(), constraint.hashes.end());
      if (constraint.kind != IndexKind::equal) use.bounds.insert(constraint.bound);
    }
  }
  std::optional<Key> best;
  double most_saved = static_cast<double>(rules.size()) * 0.05;  // less is not worth a split
  for (const auto& [key, use] : uses) {
    const auto filed = static_cast<double>(use.filed);
    const double visited = key.kind == IndexKind::equal ? filed / static_cast<double>(std::max<std::size_t>(use.values.size(), 2)) : filed / 2;
    const double saved = std::min(filed, static_cast<double>(rules.size())) - visited;
    if (saved > most_saved) {
      most_saved = saved;
      best = key;
    }
  }
  return best;
}

std::uint32_t IndexBuilder::build_split(const Key& key, const Rules& rules, std::vector<Key>& used) {
  std::map<std::uint32_t, Rules> by_value;
  const auto before = [&](double left, double right) { return key.kind == IndexKind::most ? left > right : left < right; };
  std::map<double, Rules, decltype(before)> by_bound(before);
  Rules otherwise;
  for (const Rule* rule : rules) {
    const auto constraint = std::find_if(rule->constraints.begin(), rule->constraints.end(),
                                         [&](const Constraint& item) { return item.kind == key.kind && item.key == key.node; });
    if (constraint == rule->constraints.end()) {
      otherwise.push_back(rule);
    } else if (key.kind == IndexKind::equal) {
      for (const std::uint32_t hash : std::set<std::uint32_t>(constraint->hashes.begin(), constraint->hashes.end())) by_value[hash].push_back(rule);
    } else {
      by_bound[constraint->bound].push_back(rule);
    }
  }
  const auto place = static_cast<std::uint32_t>(writer_.index_nodes.size());
  writer_.index_nodes.push_back({key.kind, key_index(key.node), none, {0, 0}, {0, 0}});
  used.push_back(key);
  std::vector<IndexEdge> edges;
  for (const auto& [hash, below] : by_value) edges.push_back({hash, build_node(below, used), 0, {0, 0}});
  for (const auto& [bound, below] : by_bound) edges.push_back({0, build_node(below, used), bound, {0, 0}});
  const std::uint32_t rest = otherwise.empty() ? none : build_node(otherwise, used);
  used.pop_back();
  writer_.index_nodes[place].otherwise = rest;
  writer_.index_nodes[place].edges = Writer::appended(writer_.index_edges, [&] { writer_.index_edges.insert(writer_.index_edges.end(), edges.begin(), edges.end()); });
  return place;
}

}  // namespace wayline::program
