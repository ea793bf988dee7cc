#include "decision/decide.h"

#include <algorithm>
#include <cmath>

#include "base/hash.h"
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

/// Design 8.3: the best candidate over all open slots wins its slot, so that groups and caps go to the most important first.
std::span<SlotDecision> Decider::decide(std::span<const std::uint32_t> slots, std::span<const std::uint32_t> told, std::vector<CandidateOutcome>* outcomes) {
  outcomes_ = outcomes;
  ArenaRun<Contest> contests(arena_);
  ArenaRun<SlotDecision> decisions(arena_);
  for (const std::uint32_t slot : slots) {
    decisions.push(force_.is_object() ? forced(slot) : SlotDecision{slot});
    const SlotDecision& decision = decisions.items().back();
    contests.push({.settled = decision.shows(), .told = std::find(told.begin(), told.end(), slot) != told.end()});
    if (decision.shows() && explains(contests.items().back())) outcomes_->push_back({slot, decision.experience, Reason::forced});
  }
  contests_ = contests.items();
  decisions_ = decisions.items();

  auto line = line_up();
  while (!line.empty()) {
    std::size_t size = 1;
    while (size < line.size() && line[size].priority == line[0].priority) ++size;
    contest_level(line.first(size));
    line = line.subspan(size);
  }
  std::size_t size = 0;
  for (std::size_t place = 0; place < slots.size(); ++place) {
    if (!contests_[place].told) continue;
    if (!contests_[place].settled) decisions_[place].reason = default_reason(contests_[place], slots[place]);
    decisions_[size++] = decisions_[place];
  }
  return decisions_.first(size);
}

std::span<Decider::Candidate> Decider::line_up() {
  ArenaRun<Candidate> candidates(arena_);
  ArenaRun<std::uint32_t> rules(arena_);
  for (std::uint32_t place = 0; place < decisions_.size(); ++place) {
    if (contests_[place].settled) continue;
    const std::uint32_t slot = decisions_[place].slot;
    const auto add = [&](std::uint32_t experience) { candidates.push({tables_.experiences[experience].priority, place, experience}); };
    rules.truncate(0);
    const bool explained = explains(contests_[place]);
    if (!explained) index_.find(slot, rules);
    // An explanation names every candidate, also those that the index would pass over.
    for (const std::uint32_t experience : explained ? Tables::run(tables_.indexes, tables_.slots[slot].page_rules) : rules.items()) add(experience);
    for (const Enrolment& enrolment : state_.enrolments) {
      if (!enrolment.live()) continue;
      for (const std::uint32_t experience : Tables::run(tables_.indexes, tables_.stages[enrolment.stage].show)) {
        if (tables_.experiences[experience].slot == slot) add(experience);
      }
    }
  }
  const auto line = candidates.items();
  sort_stably(line);
  const auto same = [](const Candidate& left, const Candidate& right) { return left.experience == right.experience && left.place == right.place; };
  return line.first(static_cast<std::size_t>(std::unique(line.begin(), line.end(), same) - line.begin()));
}

void Decider::contest_level(std::span<Candidate> level) {
  if (has_scores_) {
    for (auto rest = level; !rest.empty();) {
      std::size_t size = 1;
      while (size < rest.size() && rest[size].place == rest[0].place) ++size;
      score(rest.first(size));
      rest = rest.subspan(size);
    }
    sort_stably(level);
  }
  for (Candidate& candidate : level) contest(candidate);
}

/// Where none of them has a score they stay unexamined, each with a score of 0.
void Decider::score(std::span<Candidate> level) {
  const auto rule_of = [&](const Candidate& candidate) { return tables_.terms_of(candidate.experience).score; };
  const bool has_scores = std::any_of(level.begin(), level.end(), [&](const Candidate& candidate) { return rule_of(candidate) != none; });
  for (Candidate& candidate : level) {
    const NodeIndex rule = rule_of(candidate);
    const Value score = has_scores && examined(candidate) && rule != none ? environment_.evaluate_rule(rule) : Value::number(0);
    // NaN would make the order depend on the sort: it counts as no score.
    candidate.priority = score.is_number() && score.as_number() == score.as_number() ? score.as_number() : 0;
  }
}

bool Decider::examined(Candidate& candidate) {
  if (candidate.stands == Stands::unknown) {
    const Contest& contest = contests_[candidate.place];
    const Reason reason = contest.settled && !explains(contest) ? Reason::outranked : examine(candidate.experience, candidate.variant);
    candidate.stands = reason == Reason::matched ? Stands::yes : Stands::no;
    if (reason != Reason::matched && reason != Reason::outranked) note(candidate, reason);
  }
  return candidate.stands == Stands::yes;
}

void Decider::contest(Candidate& candidate) {
  Contest& contest = contests_[candidate.place];
  if ((contest.settled && !explains(contest)) || !examined(candidate)) return;
  SlotDecision& decision = decisions_[candidate.place];
  const auto tell = [&](Reason reason) {
    if (explains(contest)) outcomes_->push_back({decision.slot, candidate.experience, reason});
  };
  if (contest.settled) return tell(Reason::outranked);
  const program::Experience& experience = tables_.experiences[candidate.experience];
  const std::string_view group = tables_.view(tables_.terms_of(experience).group);
  const auto taken = taken_groups_.items();
  if (!group.empty() && std::find(taken.begin(), taken.end(), group) != taken.end()) return note(candidate, Reason::excluded);
  if (under_pressure(candidate.experience, unseen_)) return note(candidate, Reason::pressure);
  contest.settled = true;
  if (environment_.withheld(candidate.experience)) {
    note(candidate, Reason::holdout);
    decision.reason = Reason::holdout;
    decision.withheld = candidate.experience;
    return;
  }
  decision = {decision.slot, candidate.experience, candidate.variant, Reason::matched};
  if (!group.empty()) taken_groups_.push(group);
  if (experience.journey != none && !seen_on_this_page(candidate.experience)) ++unseen_;
  tell(Reason::matched);
}

void Decider::note(const Candidate& candidate, Reason reason) {
  if (reason == Reason::no_candidate) return;
  Contest& contest = contests_[candidate.place];
  if (contest.first_refused == none || tables_.ranks_before(candidate.experience, contest.first_refused)) {
    contest.first_refused = candidate.experience;
    contest.first_reason = reason;
  }
  if (explains(contest)) outcomes_->push_back({decisions_[candidate.place].slot, candidate.experience, reason});
}

Reason Decider::default_reason(const Contest& contest, std::uint32_t slot) {
  // The index passes over rules that can not match; the best-ranked of this page may be one of them.
  const PageRules::Slot* rules = index_.page().find(slot);
  const bool passed_over = rules && (contest.first_refused == none || tables_.ranks_before(rules->best, contest.first_refused));
  if (!passed_over) return contest.first_reason;
  const Reason reason = admit(rules->best);
  return reason == Reason::matched ? Reason::not_matched : reason;
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

Reason Decider::admit(std::uint32_t index) {
  const program::Experience& experience = tables_.experiences[index];
  const program::Terms& terms = tables_.terms_of(experience);
  if (terms.status == Status::draft || terms.status == Status::archived || !on_page(index)) return Reason::no_candidate;
  const Reason time = timing(experience, terms);
  if (time != Reason::matched) return time;
  if (!environment_.consented(terms.purpose)) return Reason::consent;
  return memory(index);
}

Reason Decider::timing(const program::Experience& experience, const program::Terms& terms) {
  const Instant now = environment_.instant();
  if (terms.status == Status::paused || (experience.journey != none && tables_.journeys[experience.journey].status != Status::live)) return Reason::paused;
  if (now < experience.from || now >= experience.to) return Reason::schedule;
  if (experience.journey == none) return held(tables_.view(terms.owner)) ? Reason::held : Reason::matched;
  const Enrolment* enrolment = find_entry(state_.enrolments, &Enrolment::journey, experience.journey);
  if (enrolment && enrolment->status == EnrolmentStatus::held) return Reason::held;
  return quiet() ? Reason::quiet_hours : Reason::matched;
}

bool Decider::held(std::string_view owner) {
  if (tables_.site[0].holds.count == 0 && state_.holds.empty()) return false;
  if (!held_ || owner != held_->first) held_.emplace(owner, hold_on(tables_, state_, environment_, owner, none).has_value());
  return held_->second;
}

Duration Decider::time_of_quiet_hours() const {
  const Instant now = environment_.instant();
  const Value offset = state_.device.get().get("utc_offset");
  constexpr double widest = 26 * 60;  // minutes, wider than any zone on Earth
  if (tables_.site[0].quiet_of_visitor == 0 || !offset.is_number() || !(std::abs(offset.as_number()) <= widest)) return tables_.time_zone().time_of_day(now);
  return TimeZone().time_of_day(now + static_cast<Duration>(offset.as_number() * minute));
}

bool Decider::quiet() {
  const program::Site& site = tables_.site[0];
  if (!site.has_quiet_hours) return false;
  if (!quiet_) {
    const auto time = static_cast<double>(time_of_quiet_hours());
    const bool begun = time >= site.quiet_from, goes_on = time < site.quiet_to;
    quiet_ = site.quiet_from <= site.quiet_to ? begun && goes_on : begun || goes_on;
  }
  return *quiet_;
}

bool Decider::seen_on_this_page(std::uint32_t experience) const {
  const ExperienceMemory* memory = find_entry(state_.experiences, &ExperienceMemory::experience, experience);
  return memory && !memory->seen.empty() && memory->seen_page == state_.page_number;
}

Reason Decider::memory(std::uint32_t index) const {
  const ExperienceMemory* memory = find_entry(state_.experiences, &ExperienceMemory::experience, index);
  if (!memory) return Reason::matched;
  const program::Terms& terms = tables_.terms_of(index);
  const bool cooled = terms.dismiss_for > 0 && environment_.instant() >= memory->dismissed_at + terms.dismiss_for;
  if (memory->dismissed_at != 0 && !cooled) return Reason::dismissed;
  return capped(terms, *memory) ? Reason::capped : Reason::matched;
}

bool Decider::capped(const program::Terms& terms, const ExperienceMemory& memory) const {
  // What is being seen on this page stays: a cap must not take away what the visitor is looking at.
  if (memory.variant == holdout_variant || (memory.seen_page == state_.page_number && !memory.seen.empty())) return false;
  for (const program::Cap& cap : Tables::run(tables_.caps, terms.caps)) {
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
    if (cap.per >= 0 && state_.exposures.size() + unseen < cap.max) continue;
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
  if (memory && memory->version == tables_.terms_of(experience).version && !memory->variant.empty()) {
    for (std::uint32_t i = 0; i < variants.size(); ++i) {
      if (tables_.view(variants[i].id) == memory->variant) return experience.variants.first + i;
    }
  }
  auto& known = environment_.memo().assigned;
  VisitorMemo::Assigned& assigned = known[index % known.size()];
  if (assigned.experience != index) assigned = {index, assign_by_hash(experience)};
  return assigned.variant;
}

std::uint32_t Decider::assign_by_hash(const program::Experience& experience) const {
  const auto variants = Tables::run(tables_.variants, experience.variants);
  const program::Terms& terms = tables_.terms_of(experience);
  if (terms.name_space.size > 0 && !in_namespace(state_.visitor, tables_.view(terms.name_space), terms.name_space_from, terms.name_space_to)) return none;
  if (variants.size() == 1 && terms.coverage >= 1) return experience.variants.first;
  ArenaRun<double> weights(arena_);
  for (const program::Variant& variant : variants) weights.push(variant.weight);
  const int choice = choose_variation(bucket_hash_v2(tables_.view(experience.seed), state_.visitor), terms.coverage, weights.items());
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
      if (tables_.terms_of(experience).status == Status::live && on_page(index)) slots.push(experience.slot);
    }
  }
  const auto items = slots.items();
  sort_stably(items);
  slots.truncate(static_cast<std::size_t>(std::unique(items.begin(), items.end()) - items.begin()));
}

}  // namespace wayline
