#include "profile/update.h"

#include <algorithm>

#include "base/hash.h"
#include "profile/history.h"
#include "profile/holdout.h"

namespace wayline {

using program::Listeners;
using program::none;
using program::Tables;

namespace {

/// Scores without a cap stop here, long before sums lose whole units or become infinite.
constexpr double max_score = 1e15;

/// Where a trait comes from when the host does not say.
constexpr std::string_view default_source = "page";

void touch_session(State& state, const Tables& tables, const Event& event, Instant now, StateEnvironment& environment) {
  if (event.kind == EventKind::tick || event.kind == EventKind::consent) return;
  VisitSession& session = state.session;
  if (session.number == 0 || now - session.last >= tables.site[0].session_timeout) {
    session = {session.number + 1, now, now, 0};
    environment.changed(Part::session);
  }
  session.last = now;
}

void merge_device(State& state, const Value& device, StateEnvironment& environment, Arena& arena) {
  ObjectBuilder builder(arena);
  const Value& old = state.device.get();
  const bool fits = rough_bytes(old) + rough_bytes(device) <= max_device_bytes;
  if (!fits) environment.notice(ErrorCode::device_too_large, "device");
  for (const Member& member : fits && old.is_object() ? old.as_object() : std::span<const Member>()) {
    if (device.get(member.key).is_missing()) builder.add(member.key, member.value);
  }
  for (const Member& member : device.as_object()) builder.add(member.key, member.value);
  state.device = OwnedValue(builder.build());
}

void apply_consent(State& state, const Tables& tables, const Event& event, Instant now, StateEnvironment& environment) {
  for (const Member& member : event.consent.as_object()) {
    const std::uint32_t purpose = tables.find(tables.purposes, member.key);
    if (purpose == none) {
      environment.notice(ErrorCode::consent_undeclared, member.key);
      continue;
    }
    ConsentEntry& entry = entry_of(state.consent, &ConsentEntry::purpose, purpose);
    entry.granted = member.value.as_boolean();
    entry.at = now;
    if (entry.granted) continue;
    // Withdrawn means gone, not merely unread.
    std::erase_if(state.traits, [&](const TraitValue& value) { return tables.traits[value.trait].purpose == purpose; });
  }
}

/// A trait of an event: stored from its source, or refused by name.
void apply_trait(State& state, const Tables& tables, const Member& member, Instant at, StateEnvironment& environment) {
  const std::uint32_t trait = tables.find(tables.traits, member.key);
  // Only declared traits are kept: what nobody declared, nobody may use.
  if (trait == none) return environment.notice(ErrorCode::trait_undeclared, member.key);
  if (!is_envelope(member.value)) return take_trait(state, tables, environment, trait, default_source, member.value, at, 0);
  const Value source = member.value.get("source");
  const Value ttl = member.value.get("ttl");
  const auto duration = ttl.is_string() ? parse_duration(ttl.as_string()) : std::nullopt;
  const std::optional<Instant> observed = read_instant(member.value.get("observedAt"));
  // An observation of the future would outlive every later one.
  const Instant observed_at = std::min(observed.value_or(at), at);
  take_trait(state, tables, environment, trait, source.is_string() ? source.as_string() : default_source, member.value.get("value"), observed_at,
             duration.value_or(0));
}

/// Design 7.2.8: a different person on the same device starts afresh, and nothing of the first may show through.
void forget_person(State& state) {
  state.traits.clear();
  state.history.clear();
  state.enrolments.clear();
  state.experiences.clear();
  state.intents.clear();
  state.falls.clear();
  state.holds.clear();
  state.exposures.clear();
  // What the first chose holds on this device until somebody chooses again. It is nobody's choice now: any that the next person made, anywhere, is later.
  for (ConsentEntry& entry : state.consent) entry.at = 0;
}

/// Identified, or signed out.
void apply_identify(State& state, const Tables& tables, const Event& event, StateEnvironment& environment) {
  const bool leaves = event.kind == EventKind::logout;
  if (leaves || (!event.user.empty() && event.user != state.user)) {
    if (leaves || !state.user.empty()) forget_person(state);
    state.user = event.user;
  }
  if (leaves) return;
  for (const Member& member : event.traits.as_object()) apply_trait(state, tables, member, event.at, environment);
}

/// Design 7.2.6.
void apply_signals(State& state, const Tables& tables, const Listeners& listeners, Instant now, StateEnvironment& environment) {
  for (const program::Heard& heard : listeners.signals) {
    const program::Signal& signal = tables.signals[heard.signal];
    if (!environment.holds(signal.condition)) continue;
    add_intent(state, tables, heard.intent, signal.add, now);
    environment.changed(part_of(Part::intents, heard.intent));
  }
}

}  // namespace

bool seen_before(State& state, std::string_view message_id) {
  const std::uint64_t hash = hash64(message_id);
  if (state.messages.contains(hash)) return true;
  state.messages.add(hash);
  return false;
}

std::optional<ErrorCode> trait_refusal(const Tables& tables, std::uint32_t trait, const Value& value) {
  const program::Trait& record = tables.traits[trait];
  if (value.is_nothing()) return std::nullopt;
  if (rough_bytes(value) > max_trait_bytes) return ErrorCode::trait_too_large;
  const auto fits = [&] {
    switch (record.type) {
      case program::TraitType::any: return true;
      case program::TraitType::string: return value.is_string();
      case program::TraitType::number: return value.is_number();
      case program::TraitType::boolean: return value.is_boolean();
      case program::TraitType::date: return read_instant(value).has_value();
      case program::TraitType::list: return value.is_list();
      case program::TraitType::object: return value.is_object();
    }
    return false;
  };
  if (!fits()) return ErrorCode::trait_wrong_type;
  if (record.allowed.count == 0) return std::nullopt;
  for (const program::Text allowed : Tables::run(tables.texts, record.allowed)) {
    if (value.is_string() && value.as_string() == tables.view(allowed)) return std::nullopt;
  }
  return ErrorCode::trait_not_allowed;
}

void take_trait(State& state, const Tables& tables, StateEnvironment& environment, std::uint32_t trait, std::string_view source, const Value& value,
                Instant observed_at, Duration ttl) {
  const auto refuse = [&](ErrorCode code) { environment.notice(code, tables.view(tables.traits[trait].name)); };
  if (!environment.consented(tables.traits[trait].purpose)) return refuse(ErrorCode::trait_no_consent);
  if (const auto refusal = trait_refusal(tables, trait, value)) return refuse(*refusal);
  std::size_t place = 0, sources = 0;
  for (; place < state.traits.size() && state.traits[place].trait <= trait; ++place) {
    if (state.traits[place].trait < trait) continue;
    if (state.traits[place].source >= source) break;
    ++sources;
  }
  if (place == state.traits.size() || state.traits[place].trait != trait || state.traits[place].source != source) {
    for (std::size_t i = place; i < state.traits.size() && state.traits[i].trait == trait; ++i) ++sources;
    if (sources >= max_trait_sources) return refuse(ErrorCode::trait_too_many_sources);
    TraitValue fresh;
    fresh.trait = trait;
    fresh.source = source;
    insert_at(state.traits, place, std::move(fresh));
  } else if (observed_at < state.traits[place].observed_at) {
    return;
  }
  TraitValue& known = state.traits[place];
  known.value = OwnedValue(value);
  known.observed_at = observed_at;
  known.ttl = ttl;
}

void add_intent(State& state, const Tables& tables, std::uint32_t intent, double add, Instant now) {
  const program::Intent& record = tables.intents[intent];
  const Score before = score_at(state, intent, record.half_life, now);
  const double value = std::clamp(before.value() + add, record.floor, record.cap > 0 ? std::min(record.cap, max_score) : max_score);
  const bool falls = value < before.value();
  IntentScore& part = entry_of(falls ? state.falls : state.intents, &IntentScore::intent, intent);
  part.value = falls ? before.risen - value : before.fallen + value;
  part.at = now;
}

Value readable_traits(const Tables& tables, const Value& traits, const StateEnvironment& environment, Arena& arena) {
  if (!traits.is_object()) return traits;
  ObjectBuilder readable(arena);
  for (const Member& member : traits.as_object()) {
    const std::uint32_t trait = tables.find(tables.traits, member.key);
    if (trait == none || !environment.consented(tables.traits[trait].purpose)) continue;
    const Value value = is_envelope(member.value) ? member.value.get("value") : member.value;
    if (!trait_refusal(tables, trait, value)) readable.add(member.key, member.value);
  }
  return readable.build();
}

bool remember_exposure(State& state, const Tables& tables, std::uint32_t experience, std::string_view variant, Instant now) {
  const program::Terms& terms = tables.terms_of(experience);
  ExperienceMemory& memory = entry_of(state.experiences, &ExperienceMemory::experience, experience);
  const bool unseen = variant == holdout_variant;
  const bool measured = unseen && memory.variant == variant && memory.version == terms.version;
  // That the default was seen in its place uses up no cap.
  if (memory.variant == holdout_variant && !unseen) memory.seen.clear(), memory.seen_in_session = 0;
  const bool again = !memory.seen.empty() && memory.seen_page == state.page_number;
  memory.variant = variant;
  memory.version = terms.version;
  if (again) return false;
  // Beyond what the caps can ask for, older exposures can not matter any more.
  const auto append = [now](std::vector<Instant>& list, std::uint32_t limit) {
    if (list.size() == limit) list.erase(list.begin());
    list.push_back(now);
  };
  append(memory.seen, terms.remembered);
  memory.seen_page = state.page_number;
  memory.seen_in_session = memory.seen_session == state.session.number ? memory.seen_in_session + 1 : 1;
  memory.seen_session = state.session.number;
  const std::uint32_t pressing = tables.site[0].remembered;
  if (tables.experiences[experience].journey != none && pressing > 0 && !unseen) append(state.exposures, pressing);
  return !measured;
}

void apply_event(State& state, const Tables& tables, const Listeners& listeners, const Event& event, Instant now, StateEnvironment& environment, Arena& arena) {
  touch_session(state, tables, event, now, environment);
  if (event.device.is_object()) {
    merge_device(state, event.device, environment, arena);
    environment.changed(Part::device);
  }
  if (event.page.is_object()) {
    state.page.assign(complete_page(event.page, arena));
    environment.changed(Part::page);
  }
  switch (event.kind) {
    case EventKind::page:
      ++state.page_number;
      ++state.session.pages;
      environment.changed(Part::session);
      break;
    case EventKind::identify:
    case EventKind::logout: apply_identify(state, tables, event, environment); break;
    case EventKind::consent: apply_consent(state, tables, event, now, environment); break;
    default: break;
  }
  if (event.kind != EventKind::tick && listeners.history != none) {
    remember_event(state, tables, listeners.history, event, environment, arena);
    environment.changed(part_of(Part::history, listeners.history));
  }
  if (event.kind == EventKind::identify || event.kind == EventKind::consent || event.kind == EventKind::logout) environment.changed();
  apply_signals(state, tables, listeners, now, environment);
}

}  // namespace wayline
