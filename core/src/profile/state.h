// All that is known of one visitor on one device: the fold of the event log. Indexes are those of the program in use;
// the canonical document (profile/snapshot.h) has names instead.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/instant.h"
#include "profile/recent_messages.h"
#include "program/records.h"
#include "rules/evaluate.h"
#include "wayline/value.h"

namespace wayline {

/// One value of a trait, from one source.
struct TraitValue {
  std::uint32_t trait = 0;
  std::string source;
  OwnedValue value;
  Instant observed_at = 0;
  Duration ttl = 0;  // of this value; 0: the declared one
};

struct ConsentEntry {
  std::uint32_t purpose = 0;
  bool granted = false;
  Instant at = 0;
};

struct VisitSession {
  std::uint32_t number = 0;  // 0: none yet
  Instant started = 0;
  Instant last = 0;          // of its latest event
  std::uint32_t pages = 0;
};

/// Past events of one name, oldest first. The views point into `properties`, whose blocks do not move.
struct EventHistory {
  std::uint32_t event = 0;  // index in the program's history table
  std::size_t bytes = 0;    // what the events cost (profile/history.h)
  Instant forgotten = 0;    // of the latest event that was forgotten for want of room; 0: none
  std::vector<PastEvent> events;
  std::vector<OwnedValue> properties;
};

enum class EnrolmentStatus : std::uint8_t { active, held, completed, exited };
/// As documents and answers spell them, in the order of EnrolmentStatus.
inline constexpr std::array<std::string_view, 4> enrolment_status_names{"active", "held", "completed", "exited"};

/// A hand-off that waits for its acknowledgement.
struct PendingHandoff {
  std::string id;  // of its `Handoff Requested`; empty: none waits
  std::string to;
  Instant due = 0;
  std::uint32_t then = program::none;  // stages
  std::uint32_t otherwise = program::none;
};

/// A visitor's latest pass through a journey.
struct Enrolment {
  std::uint32_t journey = 0;
  std::uint32_t stage = 0;
  EnrolmentStatus status = EnrolmentStatus::active;
  bool goal_reached = false;
  std::uint32_t count = 0;    // passes begun, this one included
  std::uint32_t version = 0;  // of the journey
  Instant entered_at = 0;
  Instant stage_at = 0;       // the stage was entered
  Instant timers_at = 0;      // waits due up to here have been considered
  Instant ended_at = 0;
  std::string outcome;        // once ended
  std::string held_by;        // while held
  std::string started_by;     // the journey that started it; empty: entered by itself
  std::string reason;         // why it was started
  PendingHandoff handoff;
  std::string moved_from;     // the stage of an older version, until a step has told of the move
  std::uint32_t moved_version = 0;

  [[nodiscard]] bool live() const { return status <= EnrolmentStatus::held; }
};

/// What is remembered of an experience: the sticky variant, the times it was seen, a dismissal.
struct ExperienceMemory {
  std::uint32_t experience = 0;
  std::uint32_t version = 0;
  std::string variant;
  std::vector<Instant> seen;     // exposures, oldest first, at most max_remembered_exposures
  std::uint32_t seen_page = 0;   // State::page_number of the latest exposure
  std::uint32_t seen_session = 0;
  std::uint32_t seen_in_session = 0;
  Instant dismissed_at = 0;      // 0: never
};

/// What a person said of a hold (design 7.7): that it is placed or, when it lasts no longer than until it was said, that it has ended.
struct PlacedHold {
  std::string by;     // the team; of an end, empty stands for any
  std::string scope;  // "everything", "team:<name>" or "journey:<id>"; of an end, empty stands for any
  std::string reason;
  Instant at = 0;     // when it was said, which may be long before it came
  Instant until = max_instant;  // max_instant: until it is released

  [[nodiscard]] bool ended() const { return until <= at; }
  void end();
};

/// What a score rose by, or what it fell by.
struct IntentScore {
  std::uint32_t intent = 0;
  double value = 0;  // as of `at`
  Instant at = 0;
};

/// Of each team and scope the latest word, ends included: each team holds one or two at a time. No hold comes too late to be heard, so that an end is remembered for as long as
/// there is room, and not for a time.
constexpr std::size_t max_holds = 32;
/// Sources that one trait is remembered from; more than systems that know a customer.
constexpr std::size_t max_trait_sources = 8;
/// A trait's value, roughly in bytes: an address, a list of sizes; what is larger belongs on a server.
constexpr std::size_t max_trait_bytes = 1024;
/// A page as its host describes it, roughly in bytes: it is stored with the state.
constexpr std::size_t max_page_bytes = 16 * 1024;
/// All that is known of the device, roughly in bytes: hosts tell a handful of facts.
constexpr std::size_t max_device_bytes = 4 * 1024;

struct State {
  std::string visitor;
  std::string user;            // empty: anonymous
  Instant clock = 0;           // of the latest step; never goes back
  std::uint64_t sequence = 0;  // steps taken
  std::uint32_t page_number = 0;
  VisitSession session;
  OwnedValue page;
  OwnedValue device;
  // Each sorted by its first field.
  std::vector<ConsentEntry> consent;
  std::vector<TraitValue> traits;  // by trait, then source
  std::vector<EventHistory> history;
  std::vector<Enrolment> enrolments;
  std::vector<ExperienceMemory> experiences;
  std::vector<IntentScore> intents;    // what each rose by
  std::vector<IntentScore> falls;      // what each fell by: apart, so that of two states of one lineage the newer has the more of either
  std::vector<PlacedHold> holds;       // as profile/placed_holds.h keeps them
  std::vector<Instant> exposures;      // of all experiences, for pressure caps
  RecentMessages messages;
};

/// The place of the first entry of that index, or where it belongs, by binary search.
template <typename Entry>
[[nodiscard]] std::size_t first_entry(const std::vector<Entry>& entries, std::uint32_t Entry::*key, std::uint32_t index) {
  std::size_t low = 0, high = entries.size();
  while (low < high) {
    const std::size_t middle = (low + high) / 2;
    if (entries[middle].*key < index) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

/// Null when absent.
template <typename Entry>
[[nodiscard]] Entry* find_entry(std::vector<Entry>& entries, std::uint32_t Entry::*key, std::uint32_t index) {
  const std::size_t place = first_entry(entries, key, index);
  return place < entries.size() && entries[place].*key == index ? &entries[place] : nullptr;
}
template <typename Entry>
[[nodiscard]] const Entry* find_entry(const std::vector<Entry>& entries, std::uint32_t Entry::*key, std::uint32_t index) {
  return find_entry(const_cast<std::vector<Entry>&>(entries), key, index);
}

/// Puts an entry in its place. vector::insert would be more code, for each kind of entry.
template <typename Entry>
Entry& insert_at(std::vector<Entry>& entries, std::size_t place, Entry fresh) {
  entries.push_back(std::move(fresh));
  for (std::size_t i = entries.size() - 1; i > place; --i) std::swap(entries[i], entries[i - 1]);
  return entries[place];
}

/// The entry of that index, made where it belongs when absent.
template <typename Entry>
[[nodiscard]] Entry& entry_of(std::vector<Entry>& entries, std::uint32_t Entry::*key, std::uint32_t index) {
  std::size_t place = 0;
  while (place < entries.size() && entries[place].*key < index) ++place;
  if (place == entries.size() || entries[place].*key != index) insert_at(entries, place, Entry()).*key = index;
  return entries[place];
}

}  // namespace wayline
