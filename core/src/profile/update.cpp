#include "profile/update.h"

#include <algorithm>

#include "base/hash.h"

namespace wayline {

using program::none;
using program::Tables;

namespace {

/// Scores without a cap stop here, long before sums lose whole units or become infinite.
constexpr double max_score = 1e15;

/// Where a trait comes from when the host does not say.
constexpr std::string_view default_source = "page";

void touch_session(State& state, const Tables& tables, const Event& event, Instant now) {
  if (event.kind == EventKind::tick || event.kind == EventKind::consent) return;
  VisitSession& session = state.session;
  if (session.number == 0 || now - session.last >= tables.site[0].session_timeout) {
    session = {session.number + 1, now, now, 0};
  }
  session.last = now;
}

void merge_device(State& state, const Value& device, Arena& arena) {
  ObjectBuilder builder(arena);
  const Value& old = state.device.get();
  for (const Member& member : old.is_object() ? old.as_object() : std::span<const Member>()) {
    if (device.get(member.key).is_missing()) builder.add(member.key, member.value);
  }
  for (const Member& member : device.as_object()) builder.add(member.key, member.value);
  state.device = OwnedValue(builder.build());
}

void apply_consent(State& state, const Tables& tables, const Event& event, Instant now) {
  for (const Member& member : event.consent.as_object()) {
    const std::uint32_t purpose = tables.find(tables.purposes, member.key);
    if (purpose == none) continue;  // a purpose that no rule of this pack needs
    ConsentEntry& entry = entry_of(state.consent, &ConsentEntry::purpose, purpose);
    entry.granted = member.value.as_boolean();
    entry.at = now;
    if (entry.granted) continue;
    // Withdrawn means gone, not merely unread.
    std::erase_if(state.traits, [&](const TraitValue& value) { return tables.traits[value.trait].purpose == purpose; });
  }
}

void apply_trait(State& state, const Tables& tables, const Member& member, Instant at) {
  const std::uint32_t trait = tables.find(tables.traits, member.key);
  if (trait == none) return;  // only declared traits are kept: what nobody declared, nobody may use
  const std::uint32_t purpose = tables.traits[trait].purpose;
  if (purpose != none) {
    const ConsentEntry* entry = find_entry(state.consent, &ConsentEntry::purpose, purpose);
    if (!entry || !entry->granted) return;
  }
  if (!is_envelope(member.value)) {
    set_trait(state, trait, default_source, member.value, at, 0);
    return;
  }
  const Value source = member.value.get("source");
  const Value ttl = member.value.get("ttl");
  const auto duration = ttl.is_string() ? parse_duration(ttl.as_string()) : std::nullopt;
  const Result<Instant> observed = read_instant(member.value.get("observedAt"));
  // An observation of the future would outlive every later one.
  const Instant observed_at = observed.ok() ? std::min(observed.value(), at) : at;
  set_trait(state, trait, source.is_string() ? source.as_string() : default_source, member.value.get("value"), observed_at, duration.value_or(0));
}

/// A different person on the same device starts afresh: nothing of the first may show through.
void forget_person(State& state) {
  state.traits.clear();
  state.history.clear();
  state.enrolments.clear();
  state.experiences.clear();
  state.intents.clear();
  state.holds.clear();
  state.exposures.clear();
}

void apply_identify(State& state, const Tables& tables, const Event& event) {
  if (!event.user.empty() && event.user != state.user) {
    if (!state.user.empty()) forget_person(state);
    state.user = event.user;
  }
  for (const Member& member : event.traits.as_object()) apply_trait(state, tables, member, event.at);
}

Value stored_properties(const Tables& tables, const program::HistoryEvent& record, const Value& properties, Arena& arena) {
  ObjectBuilder builder(arena);
  std::string_view last;
  for (const program::Text path : Tables::run(tables.texts, record.properties)) {
    const std::string_view text = tables.view(path);
    const std::string_view top = text.substr(0, text.find('.'));
    const Value value = properties.get(top);
    if (top != last && !value.is_missing()) builder.add(top, value);
    last = top;
  }
  return builder.build();
}

void remember_event(State& state, const Tables& tables, const Event& event, Arena& arena) {
  const std::string_view name = event.kind == EventKind::track ? event.name : event_kind_name(event.kind);
  const std::uint32_t index = tables.find(tables.history, name);
  if (index == none) return;
  const program::HistoryEvent& record = tables.history[index];
  EventHistory& history = entry_of(state.history, &EventHistory::event, index);

  // Late events take their place in time, so the order of arrival does not matter.
  std::size_t place = history.events.size();
  while (place > 0 && history.events[place - 1].at > event.at) --place;
  const auto offset = static_cast<std::ptrdiff_t>(place);
  const auto value = history.properties.emplace(history.properties.begin() + offset, stored_properties(tables, record, event.properties, arena));
  history.events.insert(history.events.begin() + offset, {event.at, value->get()});

  const Duration window = record.window > 0 ? record.window : tables.site[0].retention;
  std::size_t old = 0;
  while (old < history.events.size() && history.events[old].at < state.clock - window) ++old;
  if (history.events.size() - old > max_past_events) old = history.events.size() - max_past_events;
  history.events.erase(history.events.begin(), history.events.begin() + static_cast<std::ptrdiff_t>(old));
  history.properties.erase(history.properties.begin(), history.properties.begin() + static_cast<std::ptrdiff_t>(old));
}

void apply_signals(State& state, const Tables& tables, const Event& event, Instant now, StateEnvironment& environment) {
  const std::string_view name = event.kind == EventKind::track ? event.name : event_kind_name(event.kind);
  for (std::uint32_t intent = 0; intent < tables.intents.size(); ++intent) {
    for (const program::Signal& signal : Tables::run(tables.signals, tables.intents[intent].signals)) {
      if (tables.view(signal.event) == name && environment.holds(signal.condition)) add_intent(state, tables, intent, signal.add, now);
    }
  }
}

}  // namespace

bool seen_before(State& state, std::string_view message_id) {
  const std::uint64_t hash = hash64(message_id);
  if (std::find(state.messages.rbegin(), state.messages.rend(), hash) != state.messages.rend()) return true;
  state.messages.push_back(hash);
  if (state.messages.size() > max_remembered_messages) state.messages.erase(state.messages.begin());
  return false;
}

void set_trait(State& state, std::uint32_t trait, std::string_view source, const Value& value, Instant observed_at, Duration ttl) {
  auto place = state.traits.begin();
  while (place != state.traits.end() && (place->trait < trait || (place->trait == trait && place->source < source))) ++place;
  if (place == state.traits.end() || place->trait != trait || place->source != source) {
    place = state.traits.emplace(place);
    place->trait = trait;
    place->source = source;
  } else if (observed_at < place->observed_at) {
    return;
  }
  place->value = OwnedValue(value);
  place->observed_at = observed_at;
  place->ttl = ttl;
}

void add_intent(State& state, const Tables& tables, std::uint32_t intent, double add, Instant now) {
  const program::Intent& record = tables.intents[intent];
  IntentScore& score = entry_of(state.intents, &IntentScore::intent, intent);
  const double value = decayed(score.value, score.at, now, record.half_life) + add;
  score.value = std::clamp(value, 0.0, record.cap > 0 ? std::min(record.cap, max_score) : max_score);
  score.at = now;
}

bool remember_exposure(State& state, const Tables& tables, std::uint32_t experience, std::string_view variant, Instant now) {
  ExperienceMemory& memory = entry_of(state.experiences, &ExperienceMemory::experience, experience);
  const bool again = !memory.seen.empty() && memory.seen_page == state.page_number;
  memory.variant = variant;
  memory.version = tables.experiences[experience].version;
  if (again) return false;
  const auto append = [now](std::vector<Instant>& list) {
    if (list.size() == max_remembered_exposures) list.erase(list.begin());
    list.push_back(now);
  };
  append(memory.seen);
  memory.seen_page = state.page_number;
  memory.seen_in_session = memory.seen_session == state.session.number ? memory.seen_in_session + 1 : 1;
  memory.seen_session = state.session.number;
  if (tables.experiences[experience].journey != none) append(state.exposures);
  return true;
}

void apply_event(State& state, const Tables& tables, const Event& event, Instant now, StateEnvironment& environment, Arena& arena) {
  touch_session(state, tables, event, now);
  if (event.device.is_object()) merge_device(state, event.device, arena);
  if (event.page.is_object()) state.page.assign(complete_page(event.page, arena));
  switch (event.kind) {
    case EventKind::page:
      ++state.page_number;
      ++state.session.pages;
      break;
    case EventKind::identify: apply_identify(state, tables, event); break;
    case EventKind::consent: apply_consent(state, tables, event, now); break;
    default: break;
  }
  if (event.kind != EventKind::tick) remember_event(state, tables, event, arena);
  if (event.kind == EventKind::identify || event.kind == EventKind::consent) environment.changed();
  environment.moved();
  apply_signals(state, tables, event, now, environment);
  environment.moved();
}

}  // namespace wayline
