// Builds the index over each slot's page rules: a decision tree whose nodes split by page, by equality, by bounds.
#pragma once

#include <map>
#include <vector>

#include "program/writer.h"

namespace wayline::program {

class IndexBuilder {
 public:
  /// `writer` has every table that rules refer to; `expressions` are its rules.
  IndexBuilder(Writer& writer, const Expressions& expressions) : writer_(writer), expressions_(expressions) {}
  /// Fills the index tables and the slots' roots.
  void build();

 private:
  /// What a rule asks of one key: a value of a set, or a bound.
  struct Constraint {
    IndexKind kind = IndexKind::equal;
    NodeIndex key = none;
    std::vector<std::uint32_t> hashes;  // equal
    double bound = 0;                   // least, most
  };
  /// All of them must hold.
  using Conjunction = std::vector<Constraint>;
  /// A rule, or one of the alternatives that it consists of: it is filed under each.
  struct Rule {
    std::uint32_t experience = 0;
    Conjunction constraints;
    std::vector<std::uint32_t> pages;  // hashes of fixed beginnings; empty: any page
  };
  using Rules = std::vector<const Rule*>;
  struct Key {
    IndexKind kind;
    NodeIndex node;
    auto operator<=>(const Key&) const = default;
  };

  /// Of these at least one holds whenever the condition does; one without constraints says nothing.
  [[nodiscard]] std::vector<Conjunction> alternatives_of(NodeIndex condition, int depth) const;
  [[nodiscard]] std::vector<Conjunction> all_of(const Node& node, int depth) const;
  [[nodiscard]] std::vector<Conjunction> any_of(const Node& node, int depth) const;
  [[nodiscard]] Conjunction between(const Node& node) const;
  [[nodiscard]] bool constraint(NodeIndex node, Constraint& out) const;
  [[nodiscard]] bool equality(const Node& node, Constraint& out) const;
  [[nodiscard]] bool membership(const Node& node, Constraint& out) const;
  [[nodiscard]] bool alternatives(const Node& node, Constraint& out) const;
  [[nodiscard]] bool bound(const Node& node, Constraint& out) const;
  [[nodiscard]] bool bounded_by(NodeIndex constant_node, NodeIndex key, bool from_below, Constraint& out) const;
  [[nodiscard]] bool add_value(const Value& value, bool loose, Constraint& out) const;
  [[nodiscard]] const Value* constant(NodeIndex node) const;

  std::uint32_t build_pages(const Rules& rules);
  std::uint32_t build_node(const Rules& rules, std::vector<Key>& used);
  [[nodiscard]] std::optional<Key> best_key(const Rules& rules, const std::vector<Key>& used) const;
  std::uint32_t build_split(const Key& key, const Rules& rules, std::vector<Key>& used);
  std::uint32_t leaf(const Rules& rules);
  Range ranked(const Rules& rules);
  std::uint32_t key_index(NodeIndex node);

  Writer& writer_;
  Expressions expressions_;
  std::map<NodeIndex, std::uint32_t> keys_;
};

}  // namespace wayline::program
