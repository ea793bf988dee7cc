// Merging two states of one person (core/spec/merging.md).
#include "wayline/merge.h"

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <map>
#include <utility>
#include <vector>

#include "profile/environment.h"
#include "profile/history.h"
#include "profile/placed_holds.h"
#include "profile/snapshot.h"
#include "value/json.h"

namespace wayline {

using program::none;
using program::Tables;

namespace {

std::string document_text(const State& state, const Tables& tables) {
  Arena arena;
  return to_json(state_document(state, tables, arena));
}

/// The latest time at which the state says that something of the person happened.
Instant latest_time(const State& state) {
  Instant latest = 0;
  const auto happened = [&latest](std::initializer_list<Instant> times) { latest = std::max(latest, std::max(times)); };
  for (const ConsentEntry& entry : state.consent) happened({entry.at});
  for (const TraitValue& value : state.traits) happened({value.observed_at});
  for (const EventHistory& history : state.history) happened({history.forgotten, history.events.empty() ? 0 : history.events.back().at});
  for (const Enrolment& each : state.enrolments) happened({each.entered_at, each.stage_at, each.timers_at, each.ended_at});
  for (const ExperienceMemory& memory : state.experiences) happened({memory.dismissed_at, memory.seen.empty() ? 0 : memory.seen.back()});
  for (const IntentScore& score : state.intents) happened({score.at});
  for (const PlacedHold& hold : state.holds) happened({hold.at});
  if (!state.exposures.empty()) happened({state.exposures.back()});
  return latest;
}

/// Sorted times of both, each once, the newest `limit`.
std::vector<Instant> united(const std::vector<Instant>& left, const std::vector<Instant>& right, std::size_t limit) {
  std::vector<Instant> all;
  std::set_union(left.begin(), left.end(), right.begin(), right.end(), std::back_inserter(all));
  if (all.size() > limit) all.erase(all.begin(), all.end() - static_cast<std::ptrdiff_t>(limit));
  return all;
}

/// A state into which an earlier one is taken up. "Later" is by the clock; what is equal there is told apart by the text.
class Merger {
 public:
  Merger(const Tables& tables, const State& earlier, State later) : tables_(tables), earlier_(earlier), merged_(std::move(later)) {}

  State run() {
    if (merged_.user.empty()) merged_.user = earlier_.user;
    merged_.sequence = std::max(merged_.sequence, earlier_.sequence);
    merge_consent();
    merge_traits();
    for (const EventHistory& history : earlier_.history) merge_history(history);
    make_room(merged_, tables_, nullptr);
    for (const Enrolment& enrolment : earlier_.enrolments) merge_enrolment(enrolment);
    for (const ExperienceMemory& memory : earlier_.experiences) merge_experience(memory);
    for (const IntentScore& score : earlier_.intents) merge_score(score);
    merged_.exposures = united(merged_.exposures, earlier_.exposures, tables_.site[0].remembered);
    for (const PlacedHold& hold : earlier_.holds) merge_hold(hold);
    merge_messages();
    return std::move(merged_);
  }

 private:
  void merge_consent() {
    for (const ConsentEntry& entry : earlier_.consent) {
      ConsentEntry* known = find_entry(merged_.consent, &ConsentEntry::purpose, entry.purpose);
      if (!known) {
        entry_of(merged_.consent, &ConsentEntry::purpose, entry.purpose) = entry;
      } else if (entry.at > known->at || (entry.at == known->at && !entry.granted)) {
        *known = entry;
      }
    }
  }

  [[nodiscard]] bool consented(std::uint32_t trait) const {
    const std::uint32_t purpose = tables_.traits[trait].purpose;
    if (purpose == none) return true;
    const ConsentEntry* entry = find_entry(merged_.consent, &ConsentEntry::purpose, purpose);
    return entry && entry->granted;
  }

  void merge_traits() {
    for (const TraitValue& value : earlier_.traits) {
      const auto known = std::find_if(merged_.traits.begin(), merged_.traits.end(),
                                      [&](const TraitValue& other) { return other.trait == value.trait && other.source == value.source; });
      if (known == merged_.traits.end()) {
        merged_.traits.push_back(value);
      } else if (value.observed_at > known->observed_at ||
                 (value.observed_at == known->observed_at && to_json(value.value.get()) > to_json(known->value.get()))) {
        *known = value;
      }
    }
    std::erase_if(merged_.traits, [&](const TraitValue& value) { return !consented(value.trait); });
    // Beyond the sources that there is room for, the latest observations stay.
    std::sort(merged_.traits.begin(), merged_.traits.end(), [](const TraitValue& a, const TraitValue& b) {
      return a.trait != b.trait ? a.trait < b.trait : a.observed_at != b.observed_at ? a.observed_at > b.observed_at : a.source < b.source;
    });
    std::size_t sources = 0;
    std::vector<TraitValue> kept;
    for (TraitValue& value : merged_.traits) {
      sources = !kept.empty() && kept.back().trait == value.trait ? sources : 0;
      if (sources++ < max_trait_sources) kept.push_back(std::move(value));
    }
    std::sort(kept.begin(), kept.end(),
              [](const TraitValue& a, const TraitValue& b) { return a.trait != b.trait ? a.trait < b.trait : a.source < b.source; });
    merged_.traits = std::move(kept);
  }

  /// What every event of a name is remembered with, as text: the same event may be the latest of one state only.
  std::string lasting(const program::HistoryEvent& record, const PastEvent& event) {
    arena_.reset();
    return to_json(lasting_properties(tables_, record, event.properties, arena_));
  }

  void merge_history(const EventHistory& other) {
    EventHistory& known = entry_of(merged_.history, &EventHistory::event, other.event);
    const program::HistoryEvent& record = tables_.history[other.event];
    std::vector<const PastEvent*> all;
    auto left = known.events.begin();
    auto right = other.events.begin();
    while (left != known.events.end() || right != other.events.end()) {
      const Instant at = right == other.events.end() || (left != known.events.end() && left->at <= right->at) ? left->at : right->at;
      std::vector<const PastEvent*> moment, more;
      for (; left != known.events.end() && left->at == at; ++left) moment.push_back(&*left);
      for (; right != other.events.end() && right->at == at; ++right) more.push_back(&*right);
      unite_moment(record, moment, more);
      all.insert(all.end(), moment.begin(), moment.end());
    }
    EventHistory united_history;
    united_history.event = other.event;
    united_history.forgotten = std::max(known.forgotten, other.forgotten);
    for (std::size_t i = 0; i < all.size(); ++i) {
      arena_.reset();
      const bool latest = i + 1 == all.size();
      append_past_event(united_history, all[i]->at,
                        OwnedValue(latest ? all[i]->properties : lasting_properties(tables_, record, all[i]->properties, arena_)));
    }
    known = std::move(united_history);
  }

  /// Adds those of `more` that `moment` lacks; what both have is kept with the more that one of them remembers.
  void unite_moment(const program::HistoryEvent& record, std::vector<const PastEvent*>& moment, const std::vector<const PastEvent*>& more) {
    if (more.empty()) return;
    std::multimap<std::string, std::size_t> known;  // places in `moment` that have no twin yet
    for (std::size_t place = 0; place < moment.size(); ++place) known.emplace(lasting(record, *moment[place]), place);
    bool added = false;
    for (const PastEvent* event : more) {
      const auto twin = known.find(lasting(record, *event));
      if (twin == known.end()) {
        moment.push_back(event);
        added = true;
        continue;
      }
      const PastEvent*& kept = moment[twin->second];
      if (event->properties.as_object().size() > kept->properties.as_object().size()) kept = event;
      known.erase(twin);
    }
    if (!added) return;
    std::vector<std::pair<std::string, const PastEvent*>> sorted;
    for (const PastEvent* event : moment) sorted.emplace_back(to_json(event->properties), event);
    std::sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    std::transform(sorted.begin(), sorted.end(), moment.begin(), [](const auto& item) { return item.second; });
  }

  void merge_enrolment(const Enrolment& other) {
    Enrolment* known = find_entry(merged_.enrolments, &Enrolment::journey, other.journey);
    if (!known) {
      entry_of(merged_.enrolments, &Enrolment::journey, other.journey) = other;
      return;
    }
    const auto moved = [](const Enrolment& enrolment) { return std::max({enrolment.entered_at, enrolment.stage_at, enrolment.ended_at}); };
    const std::uint32_t count = std::max(known->count, other.count);
    const bool reached = known->entered_at == other.entered_at && (known->goal_reached || other.goal_reached);
    if (moved(other) > moved(*known) || (moved(other) == moved(*known) && known->live() && !other.live())) *known = other;
    known->count = count;
    known->goal_reached |= reached;
  }

  void merge_experience(const ExperienceMemory& other) {
    ExperienceMemory* known = find_entry(merged_.experiences, &ExperienceMemory::experience, other.experience);
    const std::uint32_t limit = tables_.experiences[other.experience].remembered;
    if (!known) {
      ExperienceMemory& added = entry_of(merged_.experiences, &ExperienceMemory::experience, other.experience);
      added = other;
      // Pages and sessions are counted on each device for itself.
      added.seen_page = added.seen_session = added.seen_in_session = 0;
      return;
    }
    const auto last = [](const ExperienceMemory& memory) { return memory.seen.empty() ? Instant{0} : memory.seen.back(); };
    if (other.version > known->version || (other.version == known->version && last(other) > last(*known))) {
      known->variant = other.variant;
      known->version = other.version;
    }
    known->seen = united(known->seen, other.seen, limit);
    known->dismissed_at = std::max(known->dismissed_at, other.dismissed_at);
  }

  void merge_score(const IntentScore& other) {
    IntentScore* known = find_entry(merged_.intents, &IntentScore::intent, other.intent);
    if (!known) {
      entry_of(merged_.intents, &IntentScore::intent, other.intent) = other;
      return;
    }
    const Instant at = std::max(known->at, other.at);
    const double half_life = tables_.intents[other.intent].half_life;
    const double left = decayed(known->value, known->at, at, half_life), right = decayed(other.value, other.at, at, half_life);
    const bool takes_right = std::abs(right) > std::abs(left) || (std::abs(right) == std::abs(left) && right > left);
    *known = {other.intent, takes_right ? right : left, at};
  }

  void merge_hold(PlacedHold other) {
    // Where it silenced a journey, the next step tells.
    take_hold(merged_.holds, other, [](const PlacedHold&, bool) {});
  }

  void merge_messages() {
    RecentMessages all;
    for (const std::uint64_t hash : earlier_.messages.all()) {
      if (!merged_.messages.contains(hash)) all.add(hash);
    }
    for (const std::uint64_t hash : merged_.messages.all()) all.add(hash);
    merged_.messages = std::move(all);
  }

  const Tables& tables_;
  const State& earlier_;
  State merged_;
  Arena arena_;
};

}  // namespace

Result<std::string> merge_states(const Program& program, const Value& left, const Value& right) {
  const Tables& tables = program.tables();
  std::vector<std::string> dropped;
  TRY(State earlier, read_state(left, tables, dropped));
  TRY(State later, read_state(right, tables, dropped));
  // Of each choice and observation the later counts, so that one of the future would count for ever.
  for (const State* state : {&earlier, &later}) {
    if (latest_time(*state) > state->clock) return Error{ErrorCode::state_malformed, "the state says that something happened after its clock"};
  }
  if (!earlier.user.empty() && !later.user.empty() && earlier.user != later.user) {
    return Error{ErrorCode::state_other_person, "the states are of the users \"" + earlier.user + "\" and \"" + later.user + "\""};
  }
  const bool in_order = earlier.clock != later.clock ? earlier.clock < later.clock : document_text(earlier, tables) <= document_text(later, tables);
  if (!in_order) std::swap(earlier, later);
  return document_text(Merger(tables, earlier, std::move(later)).run(), tables);
}

}  // namespace wayline
