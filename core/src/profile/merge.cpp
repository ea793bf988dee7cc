// Merging two states of one person (core/spec/merging.md).
#include "wayline/merge.h"

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <map>
#include <set>
#include <tuple>
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

/// The latest time at which the state says that something of the person happened.
Instant latest_time(const State& state) {
  Instant latest = 0;
  const auto happened = [&latest](std::initializer_list<Instant> times) { latest = std::max(latest, std::max(times)); };
  for (const ConsentEntry& entry : state.consent) happened({entry.at});
  for (const TraitValue& value : state.traits) happened({value.observed_at});
  for (const EventHistory& history : state.history) happened({history.forgotten, history.events.empty() ? 0 : history.events.back().at});
  for (const Enrolment& each : state.enrolments) happened({each.entered_at, each.stage_at, each.timers_at, each.ended_at});
  for (const ExperienceMemory& memory : state.experiences) happened({memory.dismissed_at, memory.seen.empty() ? 0 : memory.seen.back()});
  for (const auto* scores : {&state.intents, &state.falls}) {
    for (const IntentScore& score : *scores) happened({score.at});
  }
  for (const PlacedHold& hold : state.holds) happened({hold.at});
  if (!state.exposures.empty()) happened({state.exposures.back()});
  return latest;
}

/// Sorted times of both, each as often as one of them has it, the newest `limit`.
std::vector<Instant> united(const std::vector<Instant>& left, const std::vector<Instant>& right, std::size_t limit) {
  std::vector<Instant> all;
  std::set_union(left.begin(), left.end(), right.begin(), right.end(), std::back_inserter(all));
  if (all.size() > limit) all.erase(all.begin(), all.end() - static_cast<std::ptrdiff_t>(limit));
  return all;
}

/// A state as it was read. A pass that a merge took from an earlier state carries that one's clock as `clock`, which steps neither read nor write.
struct Known {
  State state;
  std::map<std::uint32_t, Instant> clocks;  // of each pass, by its journey: the clock of the state that it was last stepped in
};

Result<Known> read_known(const Value& document, const Tables& tables) {
  std::vector<std::string> dropped;
  Known known;
  TRY([[maybe_unused]] const Done read, read_state(document, tables, known.state, dropped));
  const Instant clock = known.state.clock;
  // Of each choice and observation the later counts, so that one of the future would count for ever.
  bool is_past = latest_time(known.state) <= clock;
  for (const Enrolment& each : known.state.enrolments) {
    const Value own = document.get("journeys").get(tables.view(tables.journeys[each.journey].id)).get("clock");
    const double at = own.is_missing() ? static_cast<double>(clock) : own.is_number() ? std::floor(own.as_number()) : -1;
    is_past = is_past && at >= 0 && at <= static_cast<double>(clock);
    known.clocks[each.journey] = is_past ? static_cast<Instant>(at) : 0;
  }
  if (!is_past) return Error{ErrorCode::state_malformed, "the state says that something happened after its clock"};
  return known;
}

/// A past event, and as text what every event of its name is remembered with: the same event may be the latest of one state only.
struct Past {
  std::string lasting;
  const PastEvent* event = nullptr;

  bool operator<(const Past& other) const { return lasting < other.lasting; }
  bool operator==(const Past& other) const { return lasting == other.lasting; }
};

/// Of `events` those that the other state has as well: it has forgotten all others of that time.
void keep_common(std::vector<Past>& events, const std::vector<Past>& others) {
  std::multiset<std::string> known;
  for (const Past& other : others) known.insert(other.lasting);
  std::erase_if(events, [&](const Past& event) {
    const auto twin = known.find(event.lasting);
    if (twin == known.end()) return true;
    known.erase(twin);
    return false;
  });
}

/// Adds those of `more` that `moment` lacks. Of one moment nobody knows the order once two states tell it differently; a latest one there must be.
/// When `lacks_none`, those of `more` are only compared, and the order stays.
void unite_moment(std::vector<Past>& moment, std::vector<Past> more, bool lacks_none) {
  if (more.empty()) return;
  if (moment.empty()) return moment.swap(more);
  if (!lacks_none && moment != more) {
    const std::string latest = std::max(moment.back(), more.back()).lasting;
    std::vector<Past> left = moment, right = more;
    std::stable_sort(left.begin(), left.end());
    std::stable_sort(right.begin(), right.end());
    moment.clear();
    std::set_union(left.begin(), left.end(), right.begin(), right.end(), std::back_inserter(moment));
    const auto behind = std::upper_bound(moment.begin(), moment.end(), Past{latest, nullptr});
    std::rotate(behind - 1, behind, moment.end());
    more.insert(more.end(), left.begin(), left.end());
  }
  // Only the latest is remembered with more, and perhaps in one of the states only.
  const auto richness = [](const Past& past) { return std::pair(past.event->properties.as_object().size(), to_json(past.event->properties)); };
  for (const Past& twin : more) {
    if (twin == moment.back() && richness(twin) > richness(moment.back())) moment.back() = twin;
  }
}

/// How large a score is at any time after it, as a number that needs no common time to be compared: what it is at the next whole number of
/// half-lives since 1970, by its exponent, which takes in those half-lives, and its mantissa.
std::tuple<bool, double, double> size_of(const IntentScore& score, double declared) {
  // Every duration lies between. Only a forged program holds more, which would leave the range of Instant.
  const double half_life = std::min(std::max(1.0, declared), 1e18);
  const double halvings = std::ceil(static_cast<double>(score.at) / half_life);
  int exponent = 0;
  const double mantissa = std::frexp(std::abs(decayed(score.value, score.at, static_cast<Instant>(halvings * half_life), half_life)), &exponent);
  return {mantissa > 0, halvings + exponent, mantissa};
}

/// A state into which another one is taken up. Each part has an order of its own, so that it does not matter which of the states is which.
class Merger {
 public:
  Merger(const Tables& tables, Known& known, const Known& other) : tables_(tables), known_(known), merged_(known.state), from_(other), other_(other.state) {}

  /// In this order: messages and devices are told apart by both clocks, so they come before the clock becomes the later one; which traits stay is
  /// asked of the consent of both.
  std::string run() {
    merge_messages();
    merge_device();
    merged_.clock = std::max(merged_.clock, other_.clock);
    if (merged_.user.empty()) merged_.user = other_.user;
    merged_.sequence = std::max(merged_.sequence, other_.sequence);
    merge_consent();
    merge_traits();
    for (const EventHistory& history : other_.history) (void)entry_of(merged_.history, &EventHistory::event, history.event);
    for (EventHistory& history : merged_.history) merge_history(history);
    make_room(merged_, tables_, nullptr);
    for (const Enrolment& enrolment : other_.enrolments) merge_enrolment(enrolment);
    for (const IntentScore& score : other_.intents) merge_score(merged_.intents, score);
    for (const IntentScore& score : other_.falls) merge_score(merged_.falls, score);
    merged_.exposures = united(merged_.exposures, other_.exposures, tables_.site[0].remembered);
    for (const PlacedHold& hold : other_.holds) merge_hold(hold);
    return document();
  }

 private:
  /// The canonical JSON of a state that is no more than that part: what tells two parts apart that agree in all that has a meaning for their order.
  [[nodiscard]] std::string text_of(const State& part) {
    arena_.reset();
    return to_json(state_document(part, tables_, arena_));
  }

  [[nodiscard]] std::tuple<Instant, Instant, std::string> device_order(const State& state) {
    State part;
    part.visitor = state.visitor;
    part.page_number = state.page_number;
    part.session = state.session;
    part.page = state.page;
    part.device = state.device;
    return {state.clock, state.session.last, text_of(part)};
  }

  /// Design 11.2. Pages and sessions are counted on each device for itself, those of experiences as well.
  void merge_device() {
    const auto left = device_order(merged_), right = device_order(other_);
    if (right > left) {
      merged_.visitor = other_.visitor;
      merged_.page_number = other_.page_number;
      merged_.session = other_.session;
      merged_.page = other_.page;
      merged_.device = other_.device;
      for (ExperienceMemory& memory : merged_.experiences) memory.seen_page = memory.seen_session = memory.seen_in_session = 0;
    }
    for (const ExperienceMemory& memory : other_.experiences) merge_experience(memory, right >= left);
  }

  /// Design 11.3.
  void merge_consent() {
    for (const ConsentEntry& entry : other_.consent) {
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
    const auto order = [](const TraitValue& value) { return std::tuple(value.observed_at, to_json(value.value.get()), value.ttl); };
    for (const TraitValue& value : other_.traits) {
      const auto known = std::find_if(merged_.traits.begin(), merged_.traits.end(),
                                      [&](const TraitValue& other) { return other.trait == value.trait && other.source == value.source; });
      if (known == merged_.traits.end()) {
        merged_.traits.push_back(value);
      } else if (order(value) > order(*known)) {
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

  /// The next events that are all of that time; nobody asks for their texts unless both states have some.
  std::vector<Past> moment(const program::HistoryEvent& record, std::vector<PastEvent>::const_iterator& next, std::vector<PastEvent>::const_iterator end, Instant at,
                           bool both) {
    std::vector<Past> events;
    for (; next != end && next->at == at; ++next) {
      arena_.reset();
      events.push_back({both ? to_json(lasting_properties(tables_, record, next->properties, arena_)) : std::string(), &*next});
    }
    return events;
  }

  /// Design 11.4.
  void merge_history(EventHistory& known) {
    static const EventHistory nothing;
    const EventHistory* found = find_entry(other_.history, &EventHistory::event, known.event);
    const EventHistory& other = found ? *found : nothing;
    const Instant forgotten = std::max(known.forgotten, other.forgotten);
    const program::HistoryEvent& record = tables_.history[known.event];
    std::vector<Past> all;
    auto left = known.events.cbegin(), right = other.events.cbegin();
    const auto left_end = known.events.cend(), right_end = other.events.cend();
    while (left != left_end || right != right_end) {
      const Instant at = right == right_end || (left != left_end && left->at <= right->at) ? left->at : right->at;
      const bool both = left != left_end && right != right_end && left->at == right->at;
      std::vector<Past> events = moment(record, left, left_end, at, both), more = moment(record, right, right_end, at, both);
      const std::vector<Past> before = events;
      if (at <= other.forgotten) keep_common(events, more);
      if (at <= known.forgotten) keep_common(more, before);
      // What forgot more has the order that it had when it forgot, and by now all that is left.
      if (at <= other.forgotten && known.forgotten < other.forgotten) events.swap(more);
      unite_moment(events, std::move(more), at <= forgotten && known.forgotten != other.forgotten);
      all.insert(all.end(), events.begin(), events.end());
    }
    EventHistory united_history;
    united_history.event = known.event;
    united_history.forgotten = forgotten;
    for (std::size_t i = 0; i < all.size(); ++i) {
      arena_.reset();
      const PastEvent& event = *all[i].event;
      append_past_event(united_history, event.at, OwnedValue(i + 1 == all.size() ? event.properties : lasting_properties(tables_, record, event.properties, arena_)));
    }
    known = std::move(united_history);
  }

  /// What has no meaning for the order of two passes of one time, and what both count, is left out of the text.
  [[nodiscard]] std::tuple<Instant, Instant, bool, Instant, std::string> pass_order(const Enrolment& pass, const Known& known) {
    State part;
    part.enrolments = {pass};
    part.enrolments[0].count = 0;
    part.enrolments[0].goal_reached = false;
    return {pass.entered_at, std::max(pass.stage_at, pass.ended_at), !pass.live(), known.clocks.at(pass.journey), text_of(part)};
  }

  /// Design 11.5.
  void merge_enrolment(const Enrolment& other) {
    Enrolment* known = find_entry(merged_.enrolments, &Enrolment::journey, other.journey);
    const bool is_new = !known;
    if (is_new) known = &entry_of(merged_.enrolments, &Enrolment::journey, other.journey);
    const std::uint32_t count = std::max(known->count, other.count);
    const bool reached = known->entered_at == other.entered_at && (known->goal_reached || other.goal_reached);
    if (is_new || pass_order(other, from_) > pass_order(*known, known_)) {
      *known = other;
      known_.clocks[other.journey] = from_.clocks.at(other.journey);
    }
    known->count = count;
    known->goal_reached |= reached;
  }

  /// Design 11.6. Of what is counted on a device that of the other state's device is taken with it.
  void merge_experience(const ExperienceMemory& other, bool counts) {
    ExperienceMemory& known = entry_of(merged_.experiences, &ExperienceMemory::experience, other.experience);
    const auto counted = [](auto& memory) { return std::tie(memory.seen_page, memory.seen_session, memory.seen_in_session); };
    if (counts && counted(other) > counted(known)) counted(known) = counted(other);
    const auto variant = [](const ExperienceMemory& memory) { return std::tuple(memory.seen.empty() ? 0 : memory.seen.back(), memory.version, memory.variant); };
    if (variant(other) > variant(known)) {
      known.variant = other.variant;
      known.version = other.version;
    }
    known.seen = united(known.seen, other.seen, tables_.terms_of(other.experience).remembered);
    known.dismissed_at = std::max(known.dismissed_at, other.dismissed_at);
  }

  /// Design 11.8.
  void merge_score(std::vector<IntentScore>& scores, const IntentScore& other) {
    IntentScore& known = entry_of(scores, &IntentScore::intent, other.intent);
    const double half_life = tables_.intents[other.intent].half_life;
    const auto order = [half_life](const IntentScore& score) { return std::tuple_cat(size_of(score, half_life), std::tuple(score.value, score.at)); };
    if (order(other) > order(known)) known = other;
  }

  /// Design 11.7. Where it silenced a journey, the next step tells.
  void merge_hold(PlacedHold other) {
    take_hold(merged_.holds, other, [](const PlacedHold&, bool) {});
  }

  /// Design 11.9. Ids have no times: those of the state that was stepped last are the newest.
  void merge_messages() {
    const auto order = [](const State& state) {
      const auto ids = state.messages.all();
      return std::pair(state.clock, std::vector<std::uint64_t>(ids.rbegin(), ids.rend()));
    };
    const bool is_later = order(other_) > order(merged_);
    const RecentMessages& newest = is_later ? other_.messages : merged_.messages;
    RecentMessages all;
    for (const std::uint64_t hash : (is_later ? merged_ : other_).messages.all()) {
      if (!newest.contains(hash)) all.add(hash);
    }
    for (const std::uint64_t hash : newest.all()) all.add(hash);
    merged_.messages = std::move(all);
  }

  /// The merged state, with the clocks of passes that are of an earlier one.
  std::string document() {
    arena_.reset();
    const Value written = state_document(merged_, tables_, arena_);
    ObjectBuilder journeys(arena_), document(arena_);
    for (const Enrolment& pass : merged_.enrolments) {
      const std::string_view id = tables_.view(tables_.journeys[pass.journey].id);
      ObjectBuilder members(arena_);
      for (const auto& [key, value] : written.get("journeys").get(id).as_object()) members.add(key, value);
      const Instant clock = known_.clocks.at(pass.journey);
      if (clock != merged_.clock) members.number("clock", static_cast<double>(clock));
      journeys.add(id, members.build());
    }
    for (const auto& [key, value] : written.as_object()) document.add(key, key == "journeys" ? journeys.build() : value);
    return to_json(document.build());
  }

  const Tables& tables_;
  Known& known_;
  State& merged_;
  const Known& from_;
  const State& other_;
  Arena arena_;
};

}  // namespace

/// Design 11.1: states of one person, of whom none says what is still to come.
Result<std::string> merge_states(const Program& program, const Value& left, const Value& right) {
  const Tables& tables = program.tables();
  TRY(Known known, read_known(left, tables));
  TRY(const Known other, read_known(right, tables));
  const std::string &user = known.state.user, &other_user = other.state.user;
  if (!user.empty() && !other_user.empty() && user != other_user) {
    return Error{ErrorCode::state_other_person, "the states are of the users \"" + user + "\" and \"" + other_user + "\""};
  }
  return Merger(tables, known, other).run();
}

}  // namespace wayline
