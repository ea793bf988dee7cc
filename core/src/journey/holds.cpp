#include "journey/holds.h"

#include <algorithm>
#include <string>

#include "journey/journeys.h"
#include "profile/placed_holds.h"

namespace wayline {

using program::none;
using program::Tables;

namespace {

constexpr std::string_view team_scope = "team:";
constexpr std::string_view journey_scope = "journey:";

/// Names in packs are no longer; a longer one names nothing.
constexpr std::size_t longest_name = 100;
/// Bytes of a reason: a sentence for staff. The state keeps up to max_holds of them.
constexpr std::size_t longest_reason = 500;

bool is_scope(std::string_view scope) {
  if (scope == "everything") return true;
  const std::string_view prefix = scope.starts_with(team_scope) ? team_scope : journey_scope;
  return scope.starts_with(prefix) && scope.size() > prefix.size() && scope.size() - prefix.size() <= longest_name;
}

/// Reads a text of a property, which may be absent. False when it is of another type or too long.
bool read_text(const Value& properties, std::string_view key, std::size_t longest, std::string& text) {
  const Value value = properties.get(key);
  if (value.is_nothing()) return true;
  if (!value.is_string() || value.as_string().size() > longest) return false;
  text = value.as_string();
  return true;
}

/// `expires`: an instant, or a duration from the event on. The end of time when it is absent, nothing when it is neither.
std::optional<Instant> expiry(const Value& value, Instant from) {
  if (value.is_nothing()) return max_instant;
  if (value.is_string()) {
    if (const auto duration = parse_duration(value.as_string())) return std::min(from + *duration, max_instant);
  }
  return read_instant(value);
}

}  // namespace

bool covers(std::string_view scope, std::string_view by, std::string_view owner, std::string_view journey) {
  if (scope.starts_with(journey_scope)) return scope.substr(journey_scope.size()) == journey;
  if (scope.starts_with(team_scope)) return scope.substr(team_scope.size()) == owner;
  return owner != by;  // everything but what is the holder's own
}

std::optional<ActiveHold> hold_on(const Tables& tables, const State& state, StateEnvironment& environment, std::string_view owner, std::uint32_t journey) {
  const std::string_view id = journey == none ? std::string_view() : tables.view(tables.journeys[journey].id);
  environment.note(Part::journeys);
  for (const PlacedHold& hold : state.holds) {
    if (hold.until <= environment.instant()) continue;
    if (hold.until != max_instant) environment.note(Part::moment);
    if (covers(hold.scope, hold.by, owner, id)) return ActiveHold{hold.by, hold.reason};
  }
  if (journey != none) {
    for (const program::Hold& hold : Tables::run(tables.holds, tables.journeys[journey].holds)) {
      if (environment.holds(hold.condition)) return ActiveHold{tables.view(hold.by), tables.view(hold.reason)};
    }
  }
  for (const program::Hold& hold : Tables::run(tables.holds, tables.site[0].holds)) {
    const std::string_view by = tables.view(hold.by);
    if (covers(tables.view(hold.scope), by, owner, id) && environment.holds(hold.condition)) return ActiveHold{by, tables.view(hold.reason)};
  }
  return std::nullopt;
}

void describe_hold(const PlacedHold& hold, ObjectBuilder& members, Arena& arena) {
  members.text("by", arena.copy(hold.by)).text("reason", arena.copy(hold.reason)).text("scope", arena.copy(hold.scope));
  if (hold.until != max_instant) members.add("expires", time_text(hold.until, arena));
}

Result<Done> read_hold_change(const Event& event, HoldChange& change) {
  if (event.name == "Hold Placed") change.kind = HoldChangeKind::placed;
  if (event.name == "Hold Released") change.kind = HoldChangeKind::released;
  if (change.kind == HoldChangeKind::none) return Done{};
  PlacedHold& hold = change.hold;
  const auto until = expiry(event.properties.get("expires"), event.at);
  hold.at = event.at;
  hold.until = change.kind == HoldChangeKind::released ? event.at : until.value_or(event.at);
  const bool well_formed = read_text(event.properties, "by", longest_name, hold.by) && read_text(event.properties, "reason", longest_reason, hold.reason) &&
                           read_text(event.properties, "scope", journey_scope.size() + longest_name, hold.scope) && until;
  const bool complete = change.kind == HoldChangeKind::released || (!hold.by.empty() && !hold.scope.empty());
  if (well_formed && complete && (hold.scope.empty() || is_scope(hold.scope))) return Done{};
  return Error{ErrorCode::step_malformed, "a hold says `by` whom, its `scope` (everything, team:… or journey:…), and perhaps a `reason` and when it `expires`"};
}

// --- of the visitor's journeys

void Journeys::change_hold(const HoldChange& change, Instant now) {
  if (change.kind == HoldChangeKind::none) return;
  PlacedHold said = change.hold;
  // What has expired when it comes does not begin.
  if (said.until <= now) said.end();
  const bool begins = take_hold(state_.holds, said, [&](const PlacedHold& hold, bool is_forgotten) {
    tell_end(hold, is_forgotten ? "displaced" : change.kind == HoldChangeKind::placed ? "replaced" : "released", now);
  });
  if (begins) effects_.track("Hold Began", about(said).build(), now);
  environment_.changed(Part::journeys);
}

void Journeys::tell_end(const PlacedHold& hold, std::string_view cause, Instant now) {
  effects_.track("Hold Ended", about(hold).text("cause", cause).build(), now);
}

void Journeys::expire_holds(Instant now) {
  for (std::size_t i = state_.holds.size(); i-- > 0;) {
    PlacedHold& hold = state_.holds[i];
    if (hold.ended() || hold.until > now) continue;
    tell_end(hold, "expired", now);
    hold.end();
  }
  environment_.changed(Part::journeys);
  settle_holds(now);
}

/// What is settled stays so until something changes that was asked: mostly nothing.
void Journeys::settle_holds(Instant now) {
  VisitorMemo& memo = environment_.memo();
  if (environment_.recalls(memo.settled)) return;
  const std::uint64_t before = environment_.latest(Part::journeys);
  environment_.find(memo.settled, [&] {
    environment_.note(Part::journeys);
    for (Enrolment& enrolment : state_.enrolments) {
      if (enrolment.live() && tables_.journeys[enrolment.journey].status == program::Status::live) settle_hold(enrolment, now);
    }
  });
  if (environment_.latest(Part::journeys) != before) memo.settled = {};
}

void Journeys::settle_hold(Enrolment& enrolment, Instant now) {
  const auto hold = hold_on(tables_, state_, environment_, tables_.view(tables_.journeys[enrolment.journey].owner), enrolment.journey);
  const bool was_held = enrolment.status == EnrolmentStatus::held;
  if (hold ? was_held && enrolment.held_by == hold->by : !was_held) return;
  ObjectBuilder properties = about(enrolment);
  if (hold) {
    properties.add("by", own_text(hold->by)).add("reason", own_text(hold->reason));
  } else {
    properties.add("by", own_text(enrolment.held_by));
  }
  effects_.track(hold ? "Journey Held" : "Journey Resumed", properties.build(), now);
  enrolment.status = hold ? EnrolmentStatus::held : EnrolmentStatus::active;
  enrolment.held_by = hold ? hold->by : std::string_view();
  environment_.changed(Part::journeys);
}

ObjectBuilder Journeys::about(const PlacedHold& hold) {
  ListBuilder running(effects_.arena());
  for (const Enrolment& enrolment : state_.enrolments) {
    const program::Journey& journey = tables_.journeys[enrolment.journey];
    if (!enrolment.live() || !covers(hold.scope, hold.by, tables_.view(journey.owner), tables_.view(journey.id))) continue;
    const program::Stage& stage = tables_.stages[enrolment.stage];
    ObjectBuilder entry(effects_.arena());
    entry.add("journey", text(journey.id)).add("owner", text(journey.owner)).add("stage", text(stage.name)).add("team", text(stage.team));
    running.add(entry.build());
  }
  ObjectBuilder properties(effects_.arena());
  describe_hold(hold, properties, effects_.arena());
  properties.add("journeys", running.build());
  return properties;
}

}  // namespace wayline
