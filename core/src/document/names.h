// Names that documents declare and use, gathered while reading, resolved when every document has been read.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "wayline/diagnostic.h"

namespace wayline::document {

enum class NameKind : std::uint8_t {
  team,
  attribute,
  event,
  computed,
  segment,
  intent,
  score,
  goal,
  purpose,
  slot,
  journey,
  stage,
  experience,
  variant,
  story
};
constexpr std::size_t name_kind_count = 15;

/// The kind called `text` in the schemas' x-declares, x-refers-to and x-scope.
[[nodiscard]] std::optional<NameKind> name_kind(std::string_view text);
/// As people say it: "team", "segment".
[[nodiscard]] std::string_view noun(NameKind kind);

/// What rules of journeys, intents and scores can wait for without declaring it: events that the engine understands, and the kinds of input.
constexpr std::array<std::string_view, 10> known_events{"Handoff Acknowledged", "Hold Placed", "Hold Released", "consent", "dismiss",
                                                        "exposure",             "identify",    "logout",        "page",    "tick"};

/// Events that the engine makes itself. They are not stepped: nothing can wait for them.
constexpr std::array<std::string_view, 13> derived_events{"Journey Entered",   "Stage Entered",     "Goal Reached",       "Journey Exited", "Journey Migrated",
                                                          "Journey Held",      "Journey Resumed",   "Hold Began",         "Hold Ended",     "Handoff Requested",
                                                          "Handoff Missed",    "Experiment Viewed", "Experience Dismissed"};

/// How like a declared name something must be that may stand for it.
enum class Likeness : std::uint8_t {
  whole,  // but for its spelling
  word,   // or one of the words that it consists of
  any,    // not even that
};

/// Where names of a kind are known: 0 for the whole pack, else one document or one part of it.
using Scope = std::uint32_t;

class Names {
 public:
  void declare(NameKind kind, std::string_view text, SourceRange range, Scope scope = 0);
  /// A name declared elsewhere, where it has been checked for uniqueness.
  void know(NameKind kind, std::string_view text, SourceRange range);
  void refer(NameKind kind, std::string_view text, SourceRange range, Scope scope = 0);
  /// A path that lacks its root: reported with the declared path that is likely meant, which may not have been read yet.
  void report_unrooted(std::string_view path, Diagnostic finding);
  /// A name, perhaps with a default behind a bar, that stands as if it were filled in: reported when it is so like a declared one.
  void report_lookalike(std::string_view name, Likeness likeness, Diagnostic finding);
  [[nodiscard]] Scope new_scope() { return ++last_scope_; }
  /// A document that may declare such names could not be read: unknown ones are no findings.
  void excuse(NameKind kind) { excused_[static_cast<std::size_t>(kind)] = true; }
  void excuse_all() { excused_.fill(true); }

  /// Reports names used but not declared, and names declared twice that must be unique.
  void resolve(Diagnostics& diagnostics) const;

 private:
  struct Use {
    std::string text;
    SourceRange range;
    Scope scope;
    bool is_own = true;  // not only known
  };
  struct Unrooted {
    std::string path;
    Diagnostic finding;
  };
  struct Lookalike {
    std::string name;
    Likeness likeness;
    Diagnostic finding;
  };
  void report_duplicates(NameKind kind, Diagnostics& diagnostics) const;
  void report_unknown(NameKind kind, Diagnostics& diagnostics) const;
  [[nodiscard]] std::vector<std::string_view> candidates(NameKind kind, Scope scope) const;

  /// The path with the root under which its name is declared; empty when there is none.
  [[nodiscard]] std::string rooted(std::string_view path) const;
  void report_lookalikes(Diagnostics& diagnostics) const;
  /// The declared path of which the name is another spelling, `firstName` of `profile.first_name`, or a word; else empty.
  [[nodiscard]] std::string respelt(std::string_view name, Likeness likeness) const;

  std::array<std::vector<Use>, name_kind_count> declared_;
  std::array<std::vector<Use>, name_kind_count> used_;
  std::array<bool, name_kind_count> excused_{};
  std::vector<Unrooted> unrooted_;
  std::vector<Lookalike> lookalikes_;
  Scope last_scope_ = 0;
};

}  // namespace wayline::document
