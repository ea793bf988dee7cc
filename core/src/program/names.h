// The names of a pack and the indexes they get, and what rules say of the events they look back on.
#pragma once

#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "document/pack.h"
#include "program/writer.h"
#include "rules/lower.h"

namespace wayline::program {

/// Sorted names; the index of a name is its place.
class NameTable {
 public:
  explicit NameTable(std::set<std::string> names = {}) : names_(names.begin(), names.end()) {}
  /// none when absent
  [[nodiscard]] std::uint32_t find(std::string_view name) const;
  [[nodiscard]] const std::vector<std::string>& all() const { return names_; }
  [[nodiscard]] std::uint32_t size() const { return static_cast<std::uint32_t>(names_.size()); }

 private:
  std::vector<std::string> names_;
};

/// Those that the site declares and those that anything needs.
[[nodiscard]] std::set<std::string> purpose_names(const document::Pack& pack);

/// Resolves the names that rules use; reports what it does not know with the nearest name it does.
class Names : public Resolver {
 public:
  Names(const document::Pack& pack, Writer& writer, Diagnostics& diagnostics);

  std::optional<std::uint32_t> attribute(std::string_view path, const SourceRange& at) override;
  std::optional<std::uint32_t> segment(std::string_view name, const SourceRange& at) override;
  std::optional<std::uint32_t> intent(std::string_view name, const SourceRange& at) override;
  std::optional<std::uint32_t> score(std::string_view name, const SourceRange& at) override;
  std::optional<std::uint32_t> journey(std::string_view id, const SourceRange& at) override;
  bool history_event(std::string_view event, Duration window, Looks looks, const SourceRange& at) override;
  void history_property(std::string_view event, std::string_view path, Looks looks) override;

  /// Warns of an event that is never stepped: what waits for it or counts it does so in vain.
  void check_stepped(std::string_view event, const SourceRange& at);
  /// Says that nothing sends an event of this name, where it is waited for or looked back at. `known` are other events than the site's.
  void unknown_event(std::string_view event, std::span<const std::string_view> known, const SourceRange& at);

  /// Checks the paths of {{interpolations}} as those of `var`.
  void interpolation(std::string_view path, const SourceRange& at) { (void)attribute(path, at); }

  /// How far back rules look at events of one name, and what they read there; a window of 0: they do not look.
  struct Looking {
    Duration window = 0, latest_window = 0;
    std::set<std::string> properties, latest_properties;
  };

  NameTable scores;  // those of the intents that are scores; indexes are the intents'
  NameTable traits, purposes, segments, computed, intents, slots, experiences, journeys;
  std::map<std::string, Looking, std::less<>> history;

 private:
  std::optional<std::uint32_t> known(const NameTable& table, std::string_view name, std::string_view what, std::string_view prefix,
                                     const SourceRange& at);
  std::optional<Attribute> resolve(std::string_view root, std::string_view rest, const SourceRange& at);
  /// The path with the root under which its name is declared; empty when there is none.
  [[nodiscard]] std::string rooted(std::string_view path) const;
  std::optional<Attribute> trait(std::string_view rest, const SourceRange& at);
  void check_event_property(std::string_view rest, const SourceRange& at);
  std::optional<std::uint32_t> unknown(std::string_view name, std::string_view what, std::string_view nearest, const SourceRange& at);

  Writer& writer_;
  Diagnostics& diagnostics_;
  // Otherwise a document that could not be read may declare what is not known: any, or site.json.
  const bool is_complete_, has_site_;
  Duration retention_;
  NameTable events_, properties_;
  std::set<std::string, std::less<>> paths_;                      // of the declared attributes
  std::map<std::string, std::string, std::less<>> stage_homes_;  // a journey that has the stage
  NameTable emitted_;  // by journeys, or by the engine itself
  std::map<std::string, std::uint32_t, std::less<>> attributes_;
};

}  // namespace wayline::program
