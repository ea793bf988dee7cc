#include "analysis/succession.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

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

}  // namespace

Diagnostics check_succession(const Tables& before, const document::Pack& after) {
  Diagnostics findings;
  for (const program::Journey& journey : before.journeys) {
    if (journey.status == Status::draft) continue;  // nobody ever entered it
    const std::string id(before.view(journey.id));
    const auto next = std::find_if(after.journeys.begin(), after.journeys.end(), [&](const document::Journey& item) { return item.id.text == id; });
    if (next == after.journeys.end()) {
      // Of an archived one only visitors who have not come since are still in it.
      const Severity severity = journey.status == Status::archived ? Severity::warning : Severity::error;
      findings.push_back({ErrorCode::pack_no_successor, severity, {"site.json", 1, 1, 1}, "the journey " + quoted(id) + " is gone: its passes would be lost",
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
  }
  return findings;
}

}  // namespace wayline::analysis
