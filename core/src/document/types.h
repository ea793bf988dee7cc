// What the values of rules are, as far as site.json declares it.
#pragma once

#include <initializer_list>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "document/documents.h"

namespace wayline::document {

/// What `var` means where a rule stands.
struct Around {
  std::string_view list_operator;  // around it; empty: none
  const Event* event = nullptr;    // that `event` is, when that is known
  bool is_past = false;            // inside a history operator
};

/// Something that has a value of a known type, or none at all.
struct Typed {
  std::string name;
  std::string_view type;                              // string number boolean date list object
  const std::vector<std::string>* allowed = nullptr;  // of an enum; null or empty: anything
  const Value* stand_in = nullptr;                    // of the same type, for a missing value
  std::optional<double> least = {}, most = {};
  bool is_duration = false;                           // in milliseconds
  bool is_never_null = false;                         // 0 of what there is none of
  bool is_moment = false;                             // in milliseconds since 1970

  [[nodiscard]] bool is_enum() const { return allowed != nullptr && !allowed->empty(); }
  [[nodiscard]] bool is_one_of(std::initializer_list<std::string_view> types) const;
  /// "`profile.tier`, a text"
  [[nodiscard]] std::string described() const;
};

class Types {
 public:
  explicit Types(const Pack& pack);

  /// What an operation or a `var` gives, when that is known.
  [[nodiscard]] std::optional<Typed> of(const Value& value, const Around& place) const;
  [[nodiscard]] std::optional<Typed> of_path(std::string_view path, const Around& place) const;
  [[nodiscard]] std::vector<std::string_view> event_names() const;
  /// Null when none of this name is declared.
  [[nodiscard]] const Event* event(std::string_view name) const;
  /// Whether something that can be read is declared by this path.
  [[nodiscard]] bool is_path(std::string_view text) const;
  /// Whether any event declares it.
  [[nodiscard]] bool is_property(const std::string& name) const;

 private:
  [[nodiscard]] std::optional<Typed> of_operation(const Member& operation) const;
  [[nodiscard]] std::optional<Typed> of_seen(const Member& operation) const;
  [[nodiscard]] std::optional<Typed> of_variable(const Value& operands, const Around& place) const;
  [[nodiscard]] std::optional<Typed> of_property(std::string_view path, const Around& place) const;
  [[nodiscard]] std::optional<Typed> of_computed(std::string_view path) const;

  const Site& site_;
  std::map<std::string_view, const Attribute*> attributes_;
  std::map<std::string_view, const Event*> events_;
  std::map<std::string_view, std::vector<std::string>> stages_;  // by journey
  std::map<std::string_view, std::vector<std::string>> variants_;  // by experience, with that of the holdout
};

/// Of the properties of the event in question.
constexpr std::string_view event_properties = "event.properties.";
constexpr std::string_view page_path = "page.path";
constexpr std::string_view page_url = "page.url";
constexpr std::string_view page_host = "page.host";
constexpr std::string_view page_search = "page.search";
constexpr std::string_view page_referrer = "page.referrer";
constexpr std::string_view device_type = "device.type";
constexpr std::string_view device_offset = "device.utc_offset";
constexpr std::string_view event_name = "event.name";

/// The operands of an operation: its list, or its one value.
[[nodiscard]] std::span<const Value> operands_of(const Value& value);

/// Whether a value is of a declared type; a date is written as a text or in milliseconds.
[[nodiscard]] bool fits(const Value& value, std::string_view type);
/// Type as a message says it: "a text", "true or false".
[[nodiscard]] std::string_view type_noun(std::string_view type);

}  // namespace wayline::document
