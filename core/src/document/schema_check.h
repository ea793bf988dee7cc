// A JSON Schema validator that speaks to authors. It knows the part of draft 2020-12 that core/schema uses, plus
// x-declares, x-refers-to and x-scope, through which it gathers the names of a document.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "document/names.h"
#include "document/wording.h"
#include "value/source_map.h"
#include "wayline/diagnostic.h"
#include "wayline/value.h"

namespace wayline::document {

class SchemaChecker {
 public:
  /// Without `diagnostics` it only answers; without `names` it gathers none. All must outlive the checker.
  SchemaChecker(const SourceMap& positions, Diagnostics* diagnostics, Names* names)
      : positions_(positions), diagnostics_(diagnostics), names_(names) {}

  /// Whether `value` satisfies the schema; each way in which it does not is reported.
  bool check(const Value& value, const SchemaNode& node, const Label& label = {});

 private:
  struct Keyword;
  struct Visit;
  struct Clause {  // a keyword of a schema, and what it says there
    const Keyword* keyword;
    const Value* operand;
  };
  static const Keyword keywords[];

  /// In the order of `keywords`. The reference lives as long as the checker.
  const std::vector<Clause>& clauses_of(const Value& schema);
  bool check_reference(const Visit& visit);
  bool check_if(const Visit& visit);
  bool check_all_of(const Visit& visit);
  bool check_any_of(const Visit& visit);
  bool check_one_of(const Visit& visit);
  bool check_type(const Visit& visit);
  bool check_enum(const Visit& visit);
  bool check_const(const Visit& visit);
  bool check_format(const Visit& visit);
  bool check_min_length(const Visit& visit);
  bool check_max_length(const Visit& visit);
  bool check_minimum(const Visit& visit);
  bool check_exclusive_minimum(const Visit& visit);
  bool check_maximum(const Visit& visit);
  bool check_items(const Visit& visit);
  bool check_min_items(const Visit& visit);
  bool check_max_items(const Visit& visit);
  bool check_properties(const Visit& visit);
  bool check_additional_properties(const Visit& visit);
  bool check_property_names(const Visit& visit);
  bool check_required(const Visit& visit);
  bool check_dependent_required(const Visit& visit);
  bool check_min_properties(const Visit& visit);
  bool check_max_properties(const Visit& visit);
  bool declare_name(const Visit& visit);
  bool refer_to_name(const Visit& visit);

  bool check_choice(const Visit& visit, bool exactly_one);
  bool check_choice_of_types(const Visit& visit);
  bool check_choice_of_keys(const Visit& visit, bool exactly_one);
  bool holds_silently(const Value& value, const SchemaNode& node) const;
  void report_unknown_key(const Visit& visit, const Member& member);
  [[nodiscard]] std::string hint_for_type(const Visit& visit, const std::vector<std::string_view>& allowed) const;
  bool report_type(const Visit& visit, const std::vector<std::string_view>& allowed);
  bool report(ErrorCode code, const Visit& visit, std::string message, std::string hint = {});
  [[nodiscard]] SourceRange range_of(const Value& value, const Label& label) const;

  const SourceMap& positions_;
  Diagnostics* diagnostics_;
  Names* names_;
  std::array<Scope, name_kind_count> scopes_{};
  std::unordered_map<const Value*, std::vector<Clause>> clauses_;  // look-up only: each schema is met many times
};

}  // namespace wayline::document
