// The decision (design 8): which experience, in which variant, each slot shows. Reads the state, changes nothing.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "decision/candidates.h"
#include "profile/holdout.h"
#include "profile/environment.h"
#include "profile/state.h"
#include "program/tables.h"

namespace wayline {

/// Why a slot shows what it shows, or why a candidate does not. The spellings are a contract.
enum class Reason : std::uint8_t {
  matched,
  no_candidate,  // no page rule is for this slot on this page, nor a stage that the visitor is in
  not_matched,   // its condition does not hold
  holdout,       // the visitor is never treated, for comparison
  not_covered,   // outside of the experiment's coverage or namespace
  capped,        // its own cap is reached
  pressure,      // the site's cap over all journeys is reached
  quiet_hours,
  held,          // a person or a condition keeps the journey silent
  dismissed,
  consent,       // lacks the consent it needs
  excluded,      // another experience of its group won a slot
  budget,        // its condition ran out of budget
  schedule,      // outside of its dates
  paused,
  outranked,     // another candidate of the slot won; only in explanations
  forced,        // a preview asked for it
};
/// As answers spell them, in the order of Reason.
inline constexpr std::array<std::string_view, 17> reason_texts{"matched", "no_candidate", "not_matched", "holdout",   "not_covered", "capped",   "pressure", "quiet_hours",
                                                               "held",    "dismissed",    "consent",     "excluded", "budget",      "schedule", "paused",   "outranked",
                                                               "forced"};
[[nodiscard]] std::string_view reason_text(Reason reason);

struct SlotDecision {
  std::uint32_t slot = 0;
  std::uint32_t experience = program::none;
  std::uint32_t variant = program::none;  // index in the variants table
  Reason reason = Reason::no_candidate;
  std::uint32_t withheld = program::none;  // holdout: the experience that others would see
  bool told = false;                       // its filled content is what the host was told before

  [[nodiscard]] bool shows() const { return experience != program::none; }
};

/// A candidate of a slot and what became of it, for explanations.
struct CandidateOutcome {
  std::uint32_t slot = 0;
  std::uint32_t experience = 0;
  Reason reason = Reason::matched;
};

class Decider {
 public:
  /// All must outlive the decider. `environment` has the instant of the decision.
  Decider(const program::Tables& tables, const State& state, StateEnvironment& environment, PageRulesCache& pages, Arena& arena)
      : tables_(tables), state_(state), environment_(environment), arena_(arena), page_(state.page.get()), index_(tables, environment, pages.of(page_)), has_scores_(pages.has_scores()), taken_groups_(arena) {}

  /// For previews: experience -> variant, shown on their pages whatever their conditions (design 8.6). Names that the pack
  /// does not know force nothing. To be called before anything is decided. `variants` must outlive the decider.
  void force(const Value& variants) { force_ = variants; }
  [[nodiscard]] const PageAddress& page() const { return page_; }
  /// Decides `slots`, each beside the others, and returns the decisions of those of them that are `told`, in their order, in the arena. With
  /// `outcomes`, every candidate of what is told is examined and recorded.
  [[nodiscard]] std::span<SlotDecision> decide(std::span<const std::uint32_t> slots, std::span<const std::uint32_t> told, std::vector<CandidateOutcome>* outcomes);

  /// Adds the slots that some experience of the current page may fill: what a page step decides. Sorts them all; slots are in the order of their names.
  void add_slots_of_page(ArenaRun<std::uint32_t>& slots);

 private:
  enum class Stands : std::uint8_t { unknown, yes, no };
  struct Candidate {
    double priority;          // or its score among those of its priority
    std::uint32_t place;      // of its slot among those that are decided
    std::uint32_t experience;
    std::uint32_t variant = program::none;
    Stands stands = Stands::unknown;  // whether it may show, once it was examined

    /// The better one first.
    bool operator<(const Candidate& other) const {
      if (priority != other.priority) return priority > other.priority;
      return place != other.place ? place < other.place : experience < other.experience;
    }
  };
  /// What becomes of a slot.
  struct Contest {
    std::uint32_t first_refused = program::none;
    Reason first_reason = Reason::no_candidate;
    bool settled = false;
    bool told = false;
  };

  /// The forced decision of a slot; one that shows nothing when there is none.
  [[nodiscard]] SlotDecision forced(std::uint32_t slot);
  /// The candidates of all open slots, in the arena, the best first.
  [[nodiscard]] std::span<Candidate> line_up();
  /// Those of one priority, in the order of scores, slots and ids.
  void contest_level(std::span<Candidate> level);
  /// Puts the scores of a slot's candidates of one priority in its place.
  void score(std::span<Candidate> level);
  /// Whether its candidates are all examined, and recorded.
  [[nodiscard]] bool explains(const Contest& contest) const { return outcomes_ && contest.told; }
  /// Examines it if need be; one of a settled slot only for explanations. Whether it may show.
  [[nodiscard]] bool examined(Candidate& candidate);
  void contest(Candidate& candidate);
  void note(const Candidate& candidate, Reason reason);
  /// Why a slot without a winner shows its default: what refused the best-ranked candidate of this page (design 8.5).
  [[nodiscard]] Reason default_reason(const Contest& contest, std::uint32_t slot);
  [[nodiscard]] Reason examine(std::uint32_t experience, std::uint32_t& variant);
  /// What refuses an experience before its condition is looked at, or `matched`.
  [[nodiscard]] Reason admit(std::uint32_t experience);
  [[nodiscard]] bool on_page(std::uint32_t experience) const { return index_.page().shows(tables_, experience, page_); }
  [[nodiscard]] Reason timing(const program::Experience& experience, const program::Terms& terms);
  [[nodiscard]] Reason memory(std::uint32_t experience) const;
  [[nodiscard]] bool capped(const program::Terms& terms, const ExperienceMemory& memory) const;
  [[nodiscard]] bool under_pressure(std::uint32_t experience, std::size_t unseen) const;
  /// Whether it is quiet for journeys now; found when first asked.
  [[nodiscard]] bool quiet();
  /// Milliseconds since midnight of the clock that the quiet hours go by: the site's, or the visitor's where it is known.
  [[nodiscard]] Duration time_of_quiet_hours() const;
  /// Whether a hold silences the page rules of this owner.
  [[nodiscard]] bool held(std::string_view owner);
  /// Experiences of journeys that were seen on the current page.
  [[nodiscard]] std::size_t seen_on_page() const;
  [[nodiscard]] bool seen_on_this_page(std::uint32_t experience) const;
  [[nodiscard]] std::uint32_t assign(std::uint32_t experience) const;
  [[nodiscard]] std::uint32_t assign_by_hash(const program::Experience& experience) const;

  const program::Tables& tables_;
  const State& state_;
  StateEnvironment& environment_;
  Arena& arena_;
  PageAddress page_;
  CandidateIndex index_;
  std::vector<CandidateOutcome>* outcomes_ = nullptr;
  bool has_scores_;  // some experience of the program has one
  std::span<Contest> contests_;
  std::span<SlotDecision> decisions_;
  ArenaRun<std::string_view> taken_groups_;
  std::size_t unseen_ = 0;  // winners of journeys that are not yet counted as exposures of this page
  std::optional<bool> quiet_;
  std::optional<std::pair<std::string_view, bool>> held_;  // the owner of page rules that was asked for last, and whether a hold silences them
  Value force_;
};

}  // namespace wayline
