#include "analysis/succession.h"

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <utility>

#include "program/names.h"

namespace wayline::analysis {

using program::Status;
using program::Tables;

namespace {

/// A version of a journey and a stage of it.
using Place = std::pair<std::uint32_t, std::string>;

std::string quoted(std::string_view text) { return "`" + std::string(text) + "`"; }

/// The places on which states stored under a pack can have passes: its own stages, and those that it migrates from.
std::set<Place> stored_places(const Tables& tables, const program::Journey& journey) {
  std::set<Place> places;
  for (const program::Stage& stage : Tables::run(tables.stages, journey.stages)) places.emplace(journey.version, tables.view(stage.name));
  for (const program::Migration& migration : Tables::run(tables.migrations, journey.migrations)) {
    places.emplace(migration.version, tables.view(migration.from));
  }
  return places;
}

bool is_migrated(const document::Journey& journey, const Place& place) {
  return std::any_of(journey.migrations.begin(), journey.migrations.end(), [&](const document::Migration& migration) {
    return migration.version == place.first && migration.from == place.second;
  });
}

/// The top of the document that no longer says something.
const SourceRange site_top{"site.json", 1, 1, 1};

bool has_stage(const document::Journey& journey, const std::string& name) {
  return std::any_of(journey.stages.begin(), journey.stages.end(), [&](const document::Stage& stage) { return stage.name.text == name; });
}

void check_place(const document::Journey& journey, const Place& place, Diagnostics& findings) {
  const auto& [version, stage] = place;
  const bool is_older = version < journey.version;
  if (has_stage(journey, stage) || (is_older && is_migrated(journey, place))) return;
  const std::string where = "the stage " + quoted(stage) + " of version " + std::to_string(version) + " of " + quoted(journey.id.text);
  if (is_older) {
    findings.push_back({ErrorCode::pack_no_successor, Severity::warning, journey.id.range, "passes on " + where + " end as `migrated`",
                        "if they are to go on, or to end otherwise, say so in `migrate`"});
  } else {
    findings.push_back({ErrorCode::pack_no_successor, Severity::error, journey.id.range, where + " is gone, and the version is not raised",
                        "raise `version`, and say in `migrate` where passes go on"});
  }
}

/// A draft is for nobody, so that passes end at the visitor's next event, as if the journey were archived: only `archived` says that this is meant.
void check_status(const program::Journey& before, const document::Journey& after, Diagnostics& findings) {
  if (after.status != "draft" || before.status == Status::archived) return;
  const std::string_view was = before.status == Status::paused ? "paused" : "live";
  findings.push_back({ErrorCode::pack_no_successor, Severity::error, after.id.range,
                      "the journey " + quoted(after.id.text) + " goes from " + quoted(was) + " to `draft`: its passes end as `archived`",
                      "write `paused` to keep them where they are, or `archived` if they are to end"});
}

/// What `migrate` says of the version before must be of stages that it had.
void check_names(const Tables& tables, const program::Journey& before, const document::Journey& after, Diagnostics& findings) {
  const std::set<Place> places = stored_places(tables, before);
  for (const document::Migration& migration : after.migrations) {
    if (migration.version != before.version || places.contains({migration.version, migration.from})) continue;
    findings.push_back({ErrorCode::pack_unknown_reference, Severity::warning, after.id.range,
                        "version " + std::to_string(migration.version) + " of " + quoted(after.id.text) + " had no stage " + quoted(migration.from),
                        "correct the name in `migrate`, or remove it"});
  }
}

/// Design 7.8 and 7.9: a pass that keeps its stage keeps its hand-off, whose ways may lead to stages that nothing takes the place of.
class Handoffs {
 public:
  Handoffs(const Tables& tables, const program::Journey& before, const document::Journey& after, Diagnostics& findings)
      : tables_(tables), before_(before), after_(after), findings_(findings) {}

  void check() {
    if (after_.version == before_.version || after_.status == "archived" || after_.status == "draft") return;  // told already, or they end
    for (const program::Stage& stage : Tables::run(tables_.stages, before_.stages)) {
      check(stage.actions, stage);
      for (const program::Transition& transition : Tables::run(tables_.transitions, stage.transitions)) {
        check(transition.actions, transition.go == program::none ? stage : tables_.stages[transition.go]);
      }
    }
  }

 private:
  void check(program::Range actions, const program::Stage& waiting) {
    const std::string_view name = tables_.view(waiting.name);
    if (successor(name) != name) return;
    for (const program::Action& action : Tables::run(tables_.actions, actions)) {
      if (action.kind != program::ActionKind::handoff || action.within == 0) continue;
      check_way(name, action.then, "acknowledged");
      check_way(name, action.otherwise, "missed");
    }
  }

  void check_way(std::string_view waiting, std::uint32_t way, std::string_view answer) {
    if (way == program::none) return;
    const std::string_view name = tables_.view(tables_.stages[way].name);
    if (!successor(name).empty() || !told_.emplace(std::string(waiting) + " " + std::string(answer), name).second) return;
    findings_.push_back({ErrorCode::pack_no_successor, Severity::warning, after_.id.range,
                         "passes on the stage " + quoted(waiting) + " of version " + std::to_string(before_.version) + " of " + quoted(after_.id.text) +
                             " stay there when their hand-off is " + std::string(answer) + ": no stage takes the place of " + quoted(name),
                         "name one in `migrate`, or say there where passes on " + quoted(waiting) + " go on"});
  }

  /// The stage that takes the place of one of the version before; empty when none does.
  [[nodiscard]] std::string_view successor(std::string_view stage) const {
    for (const document::Migration& migration : after_.migrations) {
      if (migration.version == before_.version && migration.from == stage) return migration.stage ? std::string_view(migration.stage->text) : std::string_view();
    }
    return has_stage(after_, std::string(stage)) ? stage : std::string_view();
  }

  const Tables& tables_;
  const program::Journey& before_;
  const document::Journey& after_;
  Diagnostics& findings_;
  std::set<std::pair<std::string, std::string_view>> told_;
};

/// A state is of one site: under another name it is refused as a whole.
void check_site(const Tables& before, const document::Site& after, Diagnostics& findings) {
  const std::string_view name = before.view(before.site[0].name);
  if (after.name == name) return;
  findings.push_back({ErrorCode::pack_lost_data, Severity::error, site_top,
                      "the site " + quoted(name) + " is called " + quoted(after.name) + " now: every stored state is refused",
                      "keep the name in `site`, which nobody sees"});
}

/// As records of attributes name their types.
constexpr std::array<std::string_view, 7> type_names{"any", "string", "number", "boolean", "date", "list", "object"};

/// Values are read again as the attribute is declared then; those that do not fit are dropped.
void check_values(const Tables& tables, const program::Trait& before, const document::Attribute& after, Diagnostics& findings) {
  const auto warn = [&](std::string what) {
    findings.push_back({ErrorCode::pack_lost_data, Severity::warning, after.name.range, "stored values of " + quoted(after.name.text) + " " + what + " are dropped",
                        "to keep them, keep what it may hold, and declare another attribute beside it"});
  };
  if (after.type != type_names[static_cast<std::size_t>(before.type)]) return warn("that are no " + after.type);
  if (after.allowed.empty()) return;
  if (before.allowed.count == 0) return warn("that are not in its new `enum`");
  for (const program::Text value : Tables::run(tables.texts, before.allowed)) {
    const std::string_view text = tables.view(value);
    if (std::find(after.allowed.begin(), after.allowed.end(), text) == after.allowed.end()) warn("that are " + quoted(text));
  }
}

/// Only the withdrawal of an attribute's own purpose deletes what is stored of it (design 7.2.5).
void check_purpose(const Tables& tables, const program::Trait& before, const document::Attribute& after, Diagnostics& findings) {
  if (before.purpose == program::none) return;
  const std::string_view purpose = tables.view(tables.purposes[before.purpose]);
  if (after.purpose == purpose) return;
  const std::string stays = ", and stays when that to " + quoted(purpose) + " is withdrawn";
  const bool is_open = after.purpose.empty();
  findings.push_back({ErrorCode::pack_unguarded, is_open ? Severity::error : Severity::warning, after.name.range,
                      "what is stored of " + quoted(after.name.text) + " was given for " + quoted(purpose) + ": it is read " +
                          (is_open ? "without any consent" : "with consent to " + quoted(after.purpose)) + stays,
                      "keep its `purpose`, or give the attribute another name: what is stored is forgotten then"});
}

void check_attributes(const Tables& before, const document::Site& after, Diagnostics& findings) {
  for (const program::Trait& trait : before.traits) {
    const std::string name = "profile." + std::string(before.view(trait.name));
    const auto next = std::find_if(after.attributes.begin(), after.attributes.end(), [&](const document::Attribute& item) { return item.name.text == name; });
    if (next == after.attributes.end()) {
      findings.push_back({ErrorCode::pack_lost_data, Severity::warning, site_top, "the attribute " + quoted(name) + " is gone: what is stored of it is dropped",
                          "if that is not meant, declare it as before"});
      continue;
    }
    check_values(before, trait, *next, findings);
    check_purpose(before, trait, *next, findings);
  }
}

void check_purposes(const Tables& before, const document::Pack& after, Diagnostics& findings) {
  const std::set<std::string> kept = program::purpose_names(after);
  for (const program::Text& purpose : before.purposes) {
    const std::string name(before.view(purpose));
    if (kept.contains(name)) continue;
    findings.push_back({ErrorCode::pack_lost_data, Severity::warning, site_top, "the purpose " + quoted(name) + " is gone: consent given to it is forgotten",
                        "keep its name, or ask visitors again"});
  }
}

}  // namespace

Diagnostics check_succession(const Tables& before, const document::Pack& after) {
  Diagnostics findings;
  if (after.is_complete) {
    check_site(before, after.site, findings);
    check_attributes(before, after.site, findings);
    check_purposes(before, after, findings);
  }
  for (const program::Journey& journey : before.journeys) {
    if (journey.status == Status::draft) continue;  // nobody ever entered it
    const std::string id(before.view(journey.id));
    const auto next = std::find_if(after.journeys.begin(), after.journeys.end(), [&](const document::Journey& item) { return item.id.text == id; });
    if (next == after.journeys.end()) {
      // Of an archived one only visitors who have not come since are still in it.
      const Severity severity = journey.status == Status::archived ? Severity::warning : Severity::error;
      findings.push_back({ErrorCode::pack_no_successor, severity, site_top, "the journey " + quoted(id) + " is gone: its passes would be lost",
                          "keep it with the status `archived` until nobody is in it"});
      continue;
    }
    check_status(journey, *next, findings);
    if (next->version < journey.version) {
      findings.push_back({ErrorCode::pack_no_successor, Severity::error, next->id.range,
                          "the version of " + quoted(id) + " goes back from " + std::to_string(journey.version) + " to " + std::to_string(next->version),
                          "versions only rise: take " + std::to_string(journey.version + 1) + ", and say in `migrate` where passes go on"});
      continue;
    }
    for (const Place& place : stored_places(before, journey)) check_place(*next, place, findings);
    check_names(before, journey, *next, findings);
    Handoffs(before, journey, *next, findings).check();
  }
  return findings;
}

}  // namespace wayline::analysis
