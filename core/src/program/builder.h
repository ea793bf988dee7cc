// Builds the tables of a program from a validated pack. Internal to program/.
#pragma once

#include <functional>
#include <map>

#include "document/pack.h"
#include "program/names.h"
#include "program/writer.h"
#include "rules/expression_builder.h"

namespace wayline::program {

class Builder {
 public:
  Builder(const document::Pack& pack, Diagnostics& diagnostics);

  /// Fills every table. Errors are in the diagnostics.
  void build(const std::function<std::string(std::string_view)>& zone_file);
  [[nodiscard]] std::vector<std::byte> finish();

 private:
  // builder.cpp: the site
  /// A rule whose value is used, and one of which only the truth is.
  NodeIndex rule(const document::Rule& rule) { return lowered(rule, false); }
  NodeIndex condition(const document::Rule& rule) { return lowered(rule, true); }
  NodeIndex lowered(const document::Rule& rule, bool is_condition);
  void check_costs();
  Trigger trigger(const document::Trigger& trigger);
  Range caps(const std::vector<document::Cap>& caps);
  [[nodiscard]] static std::uint32_t most_asked(const std::vector<document::Cap>& caps);
  void add_site();
  void add_zone(const std::function<std::string(std::string_view)>& zone_file);
  void add_traits();
  void add_rules();
  void add_intents();
  void add_history();
  [[nodiscard]] std::vector<std::vector<std::size_t>> used_definitions() const;
  void check_definitions();
  void check_event(const std::optional<document::Name>& event);

  // build_experiences.cpp
  void add_experiences();
  Terms terms(const document::Experience& source, const document::Journey* journey);
  void add_experience(const document::Experience& source, const document::Journey* journey, std::uint32_t stage);
  Variant variant(const document::Variant& source, double total_weight, std::size_t count);
  void add_slots();

  // build_listeners.cpp: when all else that listens is there
  void add_listeners();

  // build_journeys.cpp
  void number_stages();
  void add_journeys();
  void add_holds_and_limits();
  Range holds(const std::vector<document::Hold>& source);
  Journey journey(const document::Journey& source, std::uint32_t index);
  Stage stage(const document::Stage& source, const document::Journey& journey, std::uint32_t journey_index);
  Transition transition(const document::Transition& source, std::uint32_t journey_index);
  void timing(const document::Transition& source, Transition& record);
  Range actions(const std::vector<document::Action>& source, std::uint32_t journey_index);
  Action action(const document::Action& source, std::uint32_t journey_index);
  [[nodiscard]] std::vector<std::uint32_t> traits_read(NodeIndex rule) const;
  void check_guard(const document::SetTrait& source, const Action& record);
  std::uint32_t stage_index(std::uint32_t journey, std::string_view name) const;

  const document::Pack& pack_;
  Diagnostics& diagnostics_;
  Writer writer_;
  Names names_;
  ExpressionBuilder expressions_;
  struct Written {
    NodeIndex node;
    SourceRange range;
  };
  std::vector<Written> rules_;  // all of the pack
  std::map<const Value*, NodeIndex> conditions_;  // those of which only the truth is used, by their place in the documents
  std::vector<Range> stage_ranges_;  // by journey
  std::vector<std::string> stage_names_;
};

}  // namespace wayline::program
