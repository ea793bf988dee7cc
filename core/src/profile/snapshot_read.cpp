#include <array>
#include <algorithm>
#include <cmath>
#include <string_view>

#include "base/sort.h"
#include "profile/history.h"
#include "profile/placed_holds.h"
#include "profile/snapshot.h"
#include "profile/update.h"

namespace wayline {

using program::none;
using program::Tables;

namespace {

/// Reads members strictly: a wrong type marks the document as malformed and says where; absent members take their default.
class Reader {
 public:
  Reader(const Tables& tables, std::vector<std::string>& dropped) : tables_(tables), dropped_(dropped) {}

  [[nodiscard]] const std::string& problem() const { return problem_; }
  void fail(const char* what) {
    if (problem_.empty()) problem_ = what;
  }
  void drop(std::string_view area, std::string_view name) { dropped_.push_back(std::string(area) + "." + std::string(name)); }

  Instant integer(const Value& object, const char* key) {
    const Value value = object.get(key);
    if (value.is_missing()) return 0;
    if (!value.is_number() || !(std::abs(value.as_number()) <= max_instant) || std::floor(value.as_number()) != value.as_number()) {
      fail(key);
      return 0;
    }
    return static_cast<Instant>(value.as_number());
  }
  std::uint32_t count(const Value& object, const char* key) {
    const Instant value = integer(object, key);
    if (value < 0 || value > 0xffffffff) fail(key);
    return static_cast<std::uint32_t>(value);
  }
  /// What came with an event, or from the pack, where texts are shorter; nothing else is written.
  std::string text(const Value& object, const char* key, std::size_t longest = max_event_bytes) {
    const Value value = object.get(key);
    if (value.is_missing()) return {};
    if (!value.is_string() || value.as_string().size() > longest) {
      fail(key);
      return {};
    }
    return std::string(value.as_string());
  }
  std::span<const Member> members(const Value& object, const char* key) {
    const Value value = object.get(key);
    if (value.is_object()) return value.as_object();
    if (!value.is_missing()) fail(key);
    return {};
  }
  std::span<const Value> items(const Value& object, const char* key) {
    const Value value = object.get(key);
    if (value.is_list()) return value.as_list();
    if (!value.is_missing()) fail(key);
    return {};
  }
  std::vector<Instant> instants(const Value& object, const char* key, std::size_t limit) {
    std::vector<Instant> result;
    Instant before = 0;
    for (const Value& item : items(object, key)) result.push_back(before = time_after(before, item, key));
    sort_stably(std::span(result));
    if (result.size() > limit) result.erase(result.begin(), result.end() - static_cast<std::ptrdiff_t>(limit));
    return result;
  }

  /// A time in a list: what it adds to the one before, or, in documents of version 1, the time itself.
  Instant time_after(Instant before, const Value& value, const char* key) {
    const Member wrapped[] = {{key, value}};
    const Instant time = integer(Value::object(wrapped), key) + (is_first_version ? 0 : before);
    if (value.is_number() && time >= -max_instant && time <= max_instant) return time;
    fail(key);
    return 0;
  }
  bool is_first_version = false;

  void consent(const Value& document, State& state);
  void traits(const Value& document, State& state);
  void history(const Value& document, State& state);
  void journeys(const Value& document, State& state);
  void experiences(const Value& document, State& state);
  void holds(const Value& document, bool ended, State& state);
  void scores(const Value& document, const char* name, std::vector<IntentScore>& scores);
  void messages(const Value& document, State& state);
  void session(const Value& document, State& state);

 private:
  void trait_value(std::uint32_t trait, const Value& source, State& state);
  Instant past_event(Instant before, const Value& source, EventHistory& history);
  void forgotten(const Value& document, State& state);
  bool status(const Value& source, Enrolment& enrolment);
  [[nodiscard]] std::uint32_t stage(const program::Journey& journey, std::uint32_t version, std::string_view name, std::string_view& outcome) const;
  void handoff(const Value& source, const program::Journey& journey, Enrolment& enrolment);
  void place(const program::Journey& journey, const std::string& stage, Enrolment& enrolment, Instant clock);

  const Tables& tables_;
  std::vector<std::string>& dropped_;
  std::string problem_;
};

void Reader::consent(const Value& document, State& state) {
  for (const Member& member : members(document, "consent")) {
    const std::uint32_t purpose = tables_.find(tables_.purposes, member.key);
    if (purpose == none) {
      drop("consent", member.key);
      continue;
    }
    ConsentEntry& entry = entry_of(state.consent, &ConsentEntry::purpose, purpose);
    const Value granted = member.value.get("granted");
    if (!granted.is_boolean()) fail("consent");
    entry.granted = granted.is_boolean() && granted.as_boolean();
    entry.at = integer(member.value, "at");
  }
}

void Reader::traits(const Value& document, State& state) {
  for (const Member& member : members(document, "traits")) {
    const std::uint32_t trait = tables_.find(tables_.traits, member.key);
    if (trait == none) {
      drop("traits", member.key);
      continue;
    }
    // Each source is held against the others: more than are ever remembered would only cost time.
    const bool plausible = member.value.is_list() && member.value.as_list().size() <= max_trait_sources;
    if (!plausible) fail("traits");
    if (plausible) {
      for (const Value& source : member.value.as_list()) trait_value(trait, source, state);
    }
  }
  sort_stably(std::span(state.traits), [](const TraitValue& a, const TraitValue& b) {
    return a.trait != b.trait ? a.trait < b.trait : a.source < b.source;
  });
}

void Reader::trait_value(std::uint32_t trait, const Value& source, State& state) {
  TraitValue value;
  value.trait = trait;
  value.source = text(source, "source");
  value.value = OwnedValue(source.get("value"));
  value.observed_at = integer(source, "observedAt");
  value.ttl = integer(source, "ttl");
  if (trait_refusal(tables_, trait, value.value.get())) return drop("traits", tables_.view(tables_.traits[trait].name));
  if (value.ttl < 0) fail("ttl");
  for (const TraitValue& other : state.traits) {
    if (other.trait == trait && other.source == value.source) fail("traits");
  }
  state.traits.push_back(std::move(value));
}

void Reader::history(const Value& document, State& state) {
  for (const Member& member : members(document, "history")) {
    const std::uint32_t event = tables_.find(tables_.history, member.key);
    if (event == none) {
      drop("history", member.key);
      continue;
    }
    EventHistory& entry = entry_of(state.history, &EventHistory::event, event);
    if (!member.value.is_list()) {
      fail("history");
      continue;
    }
    Instant before = 0;
    for (const Value& source : member.value.as_list()) before = past_event(before, source, entry);
    if (!std::is_sorted(entry.events.begin(), entry.events.end(), [](const PastEvent& a, const PastEvent& b) { return a.at < b.at; })) fail("history");
  }
  forgotten(document, state);
  make_room(state, tables_, nullptr);
}

void Reader::forgotten(const Value& document, State& state) {
  for (const Member& member : members(document, "forgotten")) {
    const std::uint32_t event = tables_.find(tables_.history, member.key);
    if (event != none) entry_of(state.history, &EventHistory::event, event).forgotten = time_after(0, member.value, "forgotten");
  }
}

/// A time alone, or in a pair with the event's properties. Returns the time.
Instant Reader::past_event(Instant before, const Value& source, EventHistory& history) {
  const auto parts = source.is_list() ? source.as_list() : std::span<const Value>(&source, 1);
  if (parts.empty() || parts.size() > 2 || (parts.size() == 2 && !parts[1].is_object())) {
    fail("history");
    return 0;
  }
  const Instant at = time_after(before, parts[0], "history");
  append_past_event(history, at, OwnedValue(parts.size() == 2 ? parts[1] : Value::object({})));
  return at;
}

bool Reader::status(const Value& source, Enrolment& enrolment) {
  const std::string name = text(source, "status");
  const auto place = std::find(enrolment_status_names.begin(), enrolment_status_names.end(), name);
  if (place == enrolment_status_names.end()) return false;
  enrolment.status = static_cast<EnrolmentStatus>(place - enrolment_status_names.begin());
  return true;
}

/// Design 7.9: where a pass on that stage of that version goes on; none when it ends, with that outcome.
std::uint32_t Reader::stage(const program::Journey& journey, std::uint32_t version, std::string_view name, std::string_view& outcome) const {
  for (const program::Migration& migration : Tables::run(tables_.migrations, journey.migrations)) {
    if (version == journey.version || migration.version != version || tables_.view(migration.from) != name) continue;
    outcome = tables_.view(migration.outcome);
    return migration.stage;
  }
  const program::Range range = journey.stages;
  for (std::uint32_t index = range.first; index < range.first + range.count; ++index) {
    if (tables_.view(tables_.stages[index].name) == name) return index;
  }
  outcome = "migrated";
  return none;
}

void Reader::handoff(const Value& source, const program::Journey& journey, Enrolment& enrolment) {
  const Value document = source.get("handoff");
  if (document.is_missing()) return;
  if (!document.is_object()) fail("handoff");
  std::string_view ignored;
  const auto way = [&](const char* key) {
    const std::string name = text(document, key);
    return name.empty() ? none : stage(journey, enrolment.version, name, ignored);
  };
  enrolment.handoff.id = text(document, "id");
  enrolment.handoff.to = text(document, "to");
  enrolment.handoff.due = integer(document, "due");
  enrolment.handoff.then = way("then");
  enrolment.handoff.otherwise = way("else");
}

/// Puts the pass on its stage of the journey as it is now.
void Reader::place(const program::Journey& journey, const std::string& name, Enrolment& enrolment, Instant clock) {
  std::string_view outcome;
  const std::uint32_t index = stage(journey, enrolment.version, name, outcome);
  const bool stays = index != none && tables_.view(tables_.stages[index].name) == name;
  enrolment.stage = index == none ? journey.start : index;
  if (index == none) drop(std::string("journeys.").append(tables_.view(journey.id)), name);
  if (!enrolment.live() || (stays && enrolment.version == journey.version)) return;
  if (enrolment.moved_from.empty()) {
    enrolment.moved_from = name;
    enrolment.moved_version = enrolment.version;
  }
  enrolment.version = journey.version;
  if (stays) return;
  enrolment.handoff.id.clear();
  enrolment.stage_at = enrolment.timers_at = clock;
  if (index != none) return;
  enrolment.status = EnrolmentStatus::exited;
  enrolment.outcome = outcome;
  enrolment.ended_at = clock;
  enrolment.held_by.clear();
}

void Reader::journeys(const Value& document, State& state) {
  for (const Member& member : members(document, "journeys")) {
    const std::uint32_t journey = tables_.find(tables_.journeys, member.key);
    if (journey == none) {
      drop("journeys", member.key);
      continue;
    }
    Enrolment enrolment;
    enrolment.journey = journey;
    if (!status(member.value, enrolment)) fail("status");
    enrolment.goal_reached = member.value.get("goalReached").is_boolean() && member.value.get("goalReached").as_boolean();
    enrolment.count = count(member.value, "count");
    enrolment.version = count(member.value, "version");
    enrolment.entered_at = integer(member.value, "enteredAt");
    enrolment.stage_at = integer(member.value, "stageAt");
    enrolment.timers_at = integer(member.value, "timersAt");
    enrolment.ended_at = integer(member.value, "endedAt");
    enrolment.outcome = text(member.value, "outcome");
    enrolment.held_by = text(member.value, "heldBy");
    enrolment.started_by = text(member.value, "startedBy");
    enrolment.reason = text(member.value, "reason");
    enrolment.moved_from = text(member.value, "movedFrom");
    enrolment.moved_version = count(member.value, "movedVersion");
    handoff(member.value, tables_.journeys[journey], enrolment);
    place(tables_.journeys[journey], text(member.value, "stage"), enrolment, state.clock);
    entry_of(state.enrolments, &Enrolment::journey, journey) = std::move(enrolment);
  }
}

void Reader::experiences(const Value& document, State& state) {
  for (const Member& member : members(document, "experiences")) {
    const std::uint32_t experience = tables_.find(tables_.experiences, member.key);
    if (experience == none) {
      drop("experiences", member.key);
      continue;
    }
    ExperienceMemory& memory = entry_of(state.experiences, &ExperienceMemory::experience, experience);
    memory.version = count(member.value, "version");
    memory.variant = text(member.value, "variant");
    memory.seen = instants(member.value, "seen", tables_.terms_of(experience).remembered);
    memory.seen_page = count(member.value, "seenPage");
    memory.seen_session = count(member.value, "seenSession");
    memory.seen_in_session = count(member.value, "seenInSession");
    memory.dismissed_at = integer(member.value, "dismissedAt");
  }
}

void Reader::holds(const Value& document, bool ended, State& state) {
  for (const Value& item : items(document, ended ? "endedHolds" : "holds")) {
    if (state.holds.size() == max_holds) return fail("holds");
    const Instant at = integer(item, "at"), until = integer(item, "until");
    insert_hold(state.holds, {text(item, "by"), text(item, "scope"), text(item, "reason"), at, ended ? at : until != 0 ? until : max_instant});
  }
}

void Reader::scores(const Value& document, const char* name, std::vector<IntentScore>& scores) {
  for (const Member& member : members(document, name)) {
    const std::uint32_t intent = tables_.find(tables_.intents, member.key);
    if (intent == none) {
      drop(name, member.key);
      continue;
    }
    IntentScore& score = entry_of(scores, &IntentScore::intent, intent);
    const Value value = member.value.get("value");
    if (!value.is_number() || !std::isfinite(value.as_number())) fail(name);
    score.value = value.is_number() ? value.as_number() : 0;
    score.at = integer(member.value, "at");
  }
}

void Reader::messages(const Value& document, State& state) {
  for (const Value& item : items(document, "messages")) {
    std::uint64_t hash = 0;
    if (!item.is_string() || item.as_string().size() != 16) return fail("messages");
    for (const char digit : item.as_string()) {
      const int value = digit >= '0' && digit <= '9' ? digit - '0' : digit >= 'a' && digit <= 'f' ? digit - 'a' + 10 : -1;
      if (value < 0) return fail("messages");
      hash = hash << 4 | static_cast<std::uint64_t>(value);
    }
    state.messages.add(hash);
  }
}

void Reader::session(const Value& document, State& state) {
  const Value session = document.get("session");
  if (!session.is_missing() && !session.is_object()) fail("session");
  state.session.number = count(session, "number");
  state.session.pages = count(session, "pages");
  state.session.started = integer(session, "started");
  state.session.last = integer(session, "last");
}

OwnedValue object_member(Reader& reader, const Value& document, const char* key) {
  const Value value = document.get(key);
  if (!value.is_missing() && !value.is_object()) reader.fail(key);
  return value.is_object() ? OwnedValue(value) : OwnedValue();
}

}  // namespace

Result<Done> read_state(const Value& document, const Tables& tables, State& state, std::vector<std::string>& dropped) {
  if (!document.is_object()) return Error{ErrorCode::state_malformed, "the state is not an object"};
  const Value version = document.get("wayline");
  if (!version.is_number()) return Error{ErrorCode::state_malformed, "the state has no version"};
  if (version.as_number() > state_version) return Error{ErrorCode::state_from_future, "the state was written by a newer engine"};
  if (version.as_number() != state_version && version.as_number() != 1) return Error{ErrorCode::state_malformed, "the state's version is unknown"};

  Reader reader(tables, dropped);
  reader.is_first_version = version.as_number() == 1;
  if (reader.text(document, "site") != tables.view(tables.site[0].name)) reader.fail("site");
  state.visitor = reader.text(document, "visitor", std::string::npos);  // the host's own name, as long as it likes
  if (state.visitor.empty()) reader.fail("visitor");
  state.user = reader.text(document, "user");
  state.clock = reader.integer(document, "clock");
  const Instant sequence = reader.integer(document, "sequence");
  if (sequence < 0) reader.fail("sequence");
  state.sequence = static_cast<std::uint64_t>(sequence);
  state.page_number = reader.count(document, "pageNumber");
  state.page = object_member(reader, document, "page");
  state.device = object_member(reader, document, "device");
  reader.session(document, state);
  reader.consent(document, state);
  reader.traits(document, state);
  reader.history(document, state);
  reader.journeys(document, state);
  reader.experiences(document, state);
  reader.holds(document, false, state);
  reader.holds(document, true, state);
  reader.scores(document, "intents", state.intents);
  reader.scores(document, "falls", state.falls);
  reader.messages(document, state);
  state.exposures = reader.instants(document, "exposures", tables.site[0].remembered);
  if (!reader.problem().empty()) return Error{ErrorCode::state_malformed, "the state's `" + reader.problem() + "` is not as documented"};
  return Done{};
}

}  // namespace wayline
