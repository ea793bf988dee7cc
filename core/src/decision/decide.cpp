#include "decision/decide.h"

#include <algorithm>
#include <cmath>

#include "base/sort.h"
#include "decision/bucketing.h"
#include "journey/holds.h"

namespace wayline {

using program::none;
using program::Status;
using program::Tables;

namespace {


/// Exposures since `since` (exclusive), of a list in time order.
std::size_t seen_since(const std::vector<Instant>& seen, Instant since) {
  return static_cast<std::size_t>(seen.end() - std::upper_bound(seen.begin(), seen.end(), since));
}

}  // namespace

std::string_view reason_text(Reason reason) { return reason_texts[static_cast<std::size_t>(reason)]; }

/// Design 8.6: the best-ranked of the experiences that a preview forces into this slot on this page.
SlotDecision Decider::forced(std::uint32_t slot) {
  SlotDecision decision{slot};
  for (const Member& member : force_.is_object() ? force_.as_object() : std::span<const Member>()) {
    const std::uint32_t index = tables_.find(tables_.experiences, member.key);
    if (index == none || tables_.experiences[index].slot != slot || !on_page(index)) continue;
    if (decision.shows() && tables_.ranks_before(decision.experience, index)) continue;
    const program::Range variants = tables_.experiences[index].variants;
    for (std::uint32_t variant = variants.first; variant < variants.first + variants.count; ++variant) {
      if (member.value.is_string() && tables_.view(tables_.variants[variant].id) == member.value.as_string()) decision = {slot, index, variant, Reason::forced};
    }
  }
  return decision;
}

std::span<SlotDecision> Decider::decide(std::span<const std::uint32_t> slots, std::vector<CandidateOutcome>* outcomes) {
  outcomes_ = outcomes;
  ArenaRun<SlotDecision> decided(arena_);
  ArenaRun<Contest> contested(arena_);
  for (const std::uint32_t slot : slots) {
    decided.push(forced(slot));
    contested.push(open(slot));
  }
  const auto decisions = decided.items();
  const auto contests = contested.items();
  ArenaRun<std::string_view> taken_groups(arena_);
  for (std::size_t i = 0; i < slots.size(); ++i) {
    if (!decisions[i].shows()) continue;
    contests[i].settled = true;
    if (outcomes_) outcomes_->push_back({slots[i], decisions[i].experience, Reason::forced});
  }
  std::size_t unseen = 0;  // winners of journeys that are not yet counted as exposures of this page

  // Design 8.3: the best candidate over all open slots wins its slot, so that groups and caps go to the most important first.
  while (true) {
    std::size_t winner = slots.size();
    const Candidate* leader = nullptr;
    for (std::size_t i = 0; i < slots.size(); ++i) {
      if (contests[i].settled) continue;
      const Candidate* candidate = best(contests[i], slots[i]);
      if (!candidate) {
        contests[i].settled = true;
        decisions[i].reason = default_reason(contests[i], slots[i]);
        continue;
      }
      if (!leader || candidate->priority > leader->priority || (candidate->priority == leader->priority && candidate->score > leader->score)) {
        leader = candidate;
        winner = i;
      }
    }
    if (!leader) break;

    const Candidate candidate = *leader;
    Contest& contest = contests[winner];
    contest.level.truncate(contest.level.size() - 1);
    const program::Experience& experience = tables_.experiences[candidate.experience];
    const std::string_view group = tables_.view(experience.group);
    const auto taken = taken_groups.items();
    const bool excluded = !group.empty() && std::find(taken.begin(), taken.end(), group) != taken.end();
    const bool pressed = !excluded && under_pressure(candidate.experience, unseen);
    const bool holdout = !excluded && !pressed && environment_.withheld(candidate.experience);
    if (excluded || pressed || holdout) {
      note(contest, slots[winner], candidate.experience, excluded ? Reason::excluded : pressed ? Reason::pressure : Reason::holdout);
      if (holdout) {
        contest.settled = true;
        decisions[winner].reason = Reason::holdout;
        decisions[winner].withheld = candidate.experience;
        note_outranked(contest, slots[winner]);
      }
      continue;
    }
    contest.settled = true;
    decisions[winner] = {slots[winner], candidate.experience, candidate.variant, Reason::matched};
    if (!group.empty()) taken_groups.push(group);
    if (experience.journey != none && !seen_on_this_page(candidate.experience)) ++unseen;
    if (outcomes_) outcomes_->push_back({slots[winner], candidate.experience, Reason::matched});
    note_outranked(contest, slots[winner]);
  }
  return decisions;
}

void Decider::note_outranked(Contest& contest, std::uint32_t slot) {
  if (!outcomes_) return;
  while (const Candidate* other = best(contest, slot)) {
    outcomes_->push_back({slot, other->experience, Reason::outranked});
    contest.level.truncate(contest.level.size() - 1);
  }
}

Decider::Contest Decider::open(std::uint32_t slot) {
  Contest contest(arena_);
  const program::Slot& record = tables_.slots[slot];
  if (outcomes_) {
    // An explanation names every candidate, also those that the index would pass over.
    for (const std::uint32_t experience : Tables::run(tables_.indexes, record.page_rules)) contest.ranked.push(experience);
  } else {
    index_.find(slot, contest.ranked);
  }
  for (const Enrolment& enrolment : state_.enrolments) {
    if (!enrolment.live()) continue;
    for (const std::uint32_t experience : Tables::run(tables_.indexes, tables_.stages[enrolment.stage].show)) {
      if (tables_.experiences[experience].slot == slot) contest.ranked.push(experience);
    }
  }
  const auto ranked = contest.ranked.items();
  sort_stably(ranked, [&](std::uint32_t a, std::uint32_t b) { return tables_.ranks_before(a, b); });
  contest.ranked.truncate(static_cast<std::size_t>(std::unique(ranked.begin(), ranked.end()) - ranked.begin()));
  return contest;
}

void Decider::note(Contest& contest, std::uint32_t slot, std::uint32_t experience, Reason reason) {
  if (reason == Reason::no_candidate) return;
  if (contest.first_refused == none || tables_.ranks_before(experience, contest.first_refused)) {
    contest.first_refused = experience;
    contest.first_reason = reason;
  }
  if (outcomes_) outcomes_->push_back({slot, experience, reason});
}

Reason Decider::default_reason(const Contest& contest, std::uint32_t slot) {
  // The index passes over rules that can not match; the best-ranked of this page may be one of them.
  const PageRules::Slot* rules = index_.page().find(slot);
  const bool passed_over = rules && (contest.first_refused == none || tables_.ranks_before(rules->best, contest.first_refused));
  if (!passed_over) return contest.first_reason;
  const Reason reason = admit(rules->best);
  return reason == Reason::matched ? Reason::not_matched : reason;
}

const Decider::Candidate* Decider::best(Contest& contest, std::uint32_t slot) {
  const auto ranked = contest.ranked.items();
  while (contest.level.empty() && contest.next < ranked.size()) {
    const double priority = tables_.experiences[ranked[contest.next]].priority;
    bool scored = false;
    for (std::size_t i = contest.next; i < ranked.size() && tables_.experiences[ranked[i]].priority == priority; ++i) scored |= tables_.experiences[ranked[i]].score != none;
    while (contest.next < ranked.size() && tables_.experiences[ranked[contest.next]].priority == priority && (scored || contest.level.empty())) {
      const std::uint32_t experience = ranked[contest.next++];
      std::uint32_t variant = none;
      const Reason reason = examine(experience, variant);
      if (reason != Reason::matched) {
        note(contest, slot, experience, reason);
        continue;
      }
      const NodeIndex rule = tables_.experiences[experience].score;
      const Value score = rule == none ? Value::number(0) : environment_.evaluate_rule(rule);
      // NaN would make the order depend on the sort: it counts as no score.
      const double number = score.is_number() && score.as_number() == score.as_number() ? score.as_number() : 0;
      contest.level.push({experience, priority, number, variant});
    }
    const auto level = contest.level.items();
    sort_stably(level,
                [](const Candidate& a, const Candidate& b) { return a.score != b.score ? a.score < b.score : a.experience > b.experience; });
  }
  return contest.level.empty() ? nullptr : &contest.level.items().back();
}

/// Design 8.1: cheap and frequent refusals come first; the condition, which may cost most, last but the assignment.
Reason Decider::examine(std::uint32_t index, std::uint32_t& variant) {
  const Reason admitted = admit(index);
  if (admitted != Reason::matched) return admitted;
  (void)environment_.take_over_budget();
  if (!environment_.holds(tables_.experiences[index].condition)) return environment_.take_over_budget() ? Reason::budget : Reason::not_matched;
  variant = assign(index);
  return variant == none ? Reason::not_covered : Reason::matched;
}

Reason Decider::admit(std::uint32_t index) const {
  const program::Experience& experience = tables_.experiences[index];
  if (experience.status == Status::draft || experience.status == Status::archived || !on_page(index)) return Reason::no_candidate;
  const Reason time = timing(experience);
  if (time != Reason::matched) return time;
  if (!environment_.consented(experience.purpose)) return Reason::consent;
  return memory(index);
}

Reason Decider::timing(const program::Experience& experience) const {
  const Instant now = environment_.instant();
  if (experience.status == Status::paused) return Reason::paused;
  if (now < experience.from || now >= experience.to) return Reason::schedule;
  if (experience.journey == none) {
    const bool held = (tables_.site[0].holds.count > 0 || !state_.holds.empty()) && hold_on(tables_, state_, environment_, tables_.view(experience.owner), none);
    return held ? Reason::held : Reason::matched;
  }
  if (tables_.journeys[experience.journey].status != Status::live) return Reason::paused;
  const Enrolment* enrolment = find_entry(state_.enrolments, &Enrolment::journey, experience.journey);
  if (enrolment && enrolment->status == EnrolmentStatus::held) return Reason::held;
  return quiet() ? Reason::quiet_hours : Reason::matched;
}

Duration Decider::time_of_quiet_hours() const {
  const Instant now = environment_.instant();
  const Value offset = state_.device.get().get("utc_offset");
  constexpr double widest = 26 * 60;  // minutes, wider than any zone on Earth
  if (tables_.site[0].quiet_of_visitor == 0 || !offset.is_number() || !(std::abs(offset.as_number()) <= widest)) return tables_.time_zone().time_of_day(now);
  return TimeZone().time_of_day(now + static_cast<Duration>(offset.as_number() * minute));
}

bool Decider::quiet() const {
  const program::Site& site = tables_.site[0];
  if (!site.has_quiet_hours) return false;
  const auto time = static_cast<double>(time_of_quiet_hours());
  return site.quiet_from <= site.quiet_to ? time >= site.quiet_from && time < site.quiet_to : time >= site.quiet_from || time < site.quiet_to;
}

bool Decider::seen_on_this_page(std::uint32_t experience) const {
  const ExperienceMemory* memory = find_entry(state_.experiences, &ExperienceMemory::experience, experience);
  return memory && !memory->seen.empty() && memory->seen_page == state_.page_number;
}

Reason Decider::memory(std::uint32_t index) const {
  const ExperienceMemory* memory = find_entry(state_.experiences, &ExperienceMemory::experience, index);
  if (!memory) return Reason::matched;
  const program::Experience& experience = tables_.experiences[index];
  const bool cooled = experience.dismiss_for > 0 && environment_.instant() >= memory->dismissed_at + experience.dismiss_for;
  if (memory->dismissed_at != 0 && !cooled) return Reason::dismissed;
  return capped(experience, *memory) ? Reason::capped : Reason::matched;
}

bool Decider::capped(const program::Experience& experience, const ExperienceMemory& memory) const {
  // What is being seen on this page stays: a cap must not take away what the visitor is looking at.
  if (memory.variant == holdout_variant || (memory.seen_page == state_.page_number && !memory.seen.empty())) return false;
  for (const program::Cap& cap : Tables::run(tables_.caps, experience.caps)) {
    std::size_t seen = 0;
    if (cap.per > 0) seen = seen_since(memory.seen, environment_.instant() - cap.per);
    if (cap.per == 0 && memory.seen_session == state_.session.number) seen = memory.seen_in_session;
    if (seen >= cap.max) return true;
  }
  return false;
}

std::size_t Decider::seen_on_page() const {
  return static_cast<std::size_t>(std::count_if(state_.experiences.begin(), state_.experiences.end(), [&](const ExperienceMemory& memory) {
    return tables_.experiences[memory.experience].journey != none && !memory.seen.empty() && memory.seen_page == state_.page_number &&
           memory.variant != holdout_variant;
  }));
}

/// Pressure is what journeys exert together; page rules are part of the page.
bool Decider::under_pressure(std::uint32_t index, std::size_t unseen) const {
  if (tables_.experiences[index].journey == none || seen_on_this_page(index)) return false;
  for (const program::Cap& cap : Tables::run(tables_.caps, tables_.site[0].pressure_caps)) {
    std::size_t seen = 0;
    if (cap.per < 0) seen = seen_on_page();
    if (cap.per == 0) seen = seen_since(state_.exposures, state_.session.started - 1);
    if (cap.per > 0) seen = seen_since(state_.exposures, environment_.instant() - cap.per);
    if (seen + unseen >= cap.max) return true;
  }
  return false;
}

/// Design 8.4: the variant seen before, else by hash; none for a visitor outside of the experiment.
std::uint32_t Decider::assign(std::uint32_t index) const {
  const program::Experience& experience = tables_.experiences[index];
  const auto variants = Tables::run(tables_.variants, experience.variants);
  const ExperienceMemory* memory = find_entry(state_.experiences, &ExperienceMemory::experience, index);
  if (memory && memory->version == experience.version && !memory->variant.empty()) {
    for (std::uint32_t i = 0; i < variants.size(); ++i) {
      if (tables_.view(variants[i].id) == memory->variant) return experience.variants.first + i;
    }
  }
  if (experience.name_space.size > 0 &&
      !in_namespace(state_.visitor, tables_.view(experience.name_space), experience.name_space_from, experience.name_space_to)) {
    return none;
  }
  if (variants.size() == 1 && experience.coverage >= 1) return experience.variants.first;
  ArenaRun<double> weights(arena_);
  for (const program::Variant& variant : variants) weights.push(variant.weight);
  const int choice = choose_variation(environment_.bucket(index), experience.coverage, weights.items());
  return choice < 0 ? none : experience.variants.first + static_cast<std::uint32_t>(choice);
}

void Decider::add_slots_of_page(ArenaRun<std::uint32_t>& slots) {
  for (const PageRules::Slot& entry : index_.page().slots) {
    if (entry.fillable) slots.push(entry.slot);
  }
  for (const Member& member : force_.is_object() ? force_.as_object() : std::span<const Member>()) {
    const std::uint32_t experience = tables_.find(tables_.experiences, member.key);
    if (experience != none && on_page(experience)) slots.push(tables_.experiences[experience].slot);
  }
  for (const Enrolment& enrolment : state_.enrolments) {
    if (!enrolment.live()) continue;
    for (const std::uint32_t index : Tables::run(tables_.indexes, tables_.stages[enrolment.stage].show)) {
      const program::Experience& experience = tables_.experiences[index];
      if (experience.status == Status::live && on_page(index)) slots.push(experience.slot);
    }
  }
  const auto items = slots.items();
  sort_stably(items);
  slots.truncate(static_cast<std::size_t>(std::unique(items.begin(), items.end()) - items.begin()));
}

}  // namespace wayline
