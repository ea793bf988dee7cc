#include "cli/passes.h"

#include <algorithm>

#include "analysis/describe.h"
#include "analysis/rule_tree.h"
#include "decision/explain.h"
#include "journey/holds.h"
#include "journey/journeys.h"
#include "profile/snapshot.h"
#include "profile/update.h"
#include "value/json.h"

namespace wayline::cli {

using program::none;
using program::Tables;

namespace {

/// Nobody reads more ways.
constexpr std::size_t most_ways = 6;
/// Code points of a condition beside a way.
constexpr std::size_t longest_condition = 60;
constexpr std::string_view acknowledgement = "Handoff Acknowledged";

std::string quoted(std::string_view text) { return "`" + std::string(text) + "`"; }

std::string due_text(const Tables& tables, Instant due, Instant now) { return (due > now ? ", due " : ", was due ") + local_text(tables, due); }

/// Of texts, separated by commas.
std::string listed(const Tables& tables, program::Range texts) {
  std::string list;
  for (const program::Text& text : Tables::run(tables.texts, texts)) list += (list.empty() ? "" : ", ") + std::string(tables.view(text));
  return list;
}

}  // namespace

std::string local_text(const Tables& tables, Instant instant) {
  return format_instant(instant, tables.time_zone().offset_at(instant));
}

Passes::Passes(const Program& program, const Session& session, Instant at)
    : tables_(program.tables()), scratch_(tables_), environment_(tables_, state_, scratch_, memo_) {
  // A session's own document and a step that it took can be read.
  std::vector<std::string> dropped;
  const auto document = read_json(session.snapshot(), arena_);
  (void)read_state(document.value(), tables_, state_, dropped);
  memo_.visitor = ++scratch_.generation;  // nothing has been found of this visitor
  environment_.changed();
  environment_.set_now(std::max(state_.clock, at));
}

Passes::Passes(const Program& program, const Session& session, const Value& step) : Passes(program, session, Instant{0}) {
  if (const auto event = read_event(step); event.ok()) {
    const Event& read = event.value();
    environment_.set_event({event_kind_name(read.kind), read.name, read.properties, readable_traits(tables_, read.traits, environment_, arena_), read.at});
  }
}

bool Passes::is_event_of(const program::Trigger& trigger) const {
  const CurrentEvent& event = environment_.event();
  return trigger.event.size == 0 || tables_.view(trigger.event) == (event.type == "track" ? event.name : event.type);
}

std::string Passes::state_of(const program::Trigger& trigger, TriggerOf of) {
  const bool is_asked = environment_.event().type.empty();  // without a step only the condition can be told of
  if (!is_asked && !is_event_of(trigger)) return "which this step is not";
  if (is_asked && trigger.condition == none) return {};
  const auto deciding = deciding_predicate(tables_, trigger.condition, environment_);
  if (deciding && !environment_.holds(trigger.condition)) return predicate_text(deciding->text, deciding->result, deciding->saw);
  // Whoever comes to a stage is not asked at once for the ends of the pass (design 7.3).
  return of == TriggerOf::end && trigger.event.size == 0 ? "which is so now, and asked at the visitor's next event or wait" : "which is so now";
}

std::string Passes::why_nothing(std::string_view predicate, const Value& saw) {
  const auto rule = saw.is_nothing() ? read_json(predicate, arena_) : Result<Value>(Value());  // one that was shortened is no JSON
  return rule.ok() ? why_unread(rule.value()) : std::string();
}

std::string Passes::predicate_text(std::string_view predicate, const Value& result, const Value& saw) {
  const bool says_more = !saw.is_missing() && !equal(saw, result);
  const std::string why = why_nothing(predicate, saw);
  return std::string(predicate) + " is " + to_json(result) + (says_more ? ", it saw " + to_json(saw) : "") + (why.empty() ? why : ": " + why);
}

/// Of the first trait that it reads and that can not be read.
std::string Passes::why_unread(const Value& predicate) {
  std::string why;
  if (predicate.is_list()) {
    for (const Value& item : predicate.as_list()) why = why.empty() ? why_unread(item) : why;
  } else if (predicate.is_object()) {
    for (const Member& member : predicate.as_object()) {
      const Value& path = member.value.is_list() && !member.value.as_list().empty() ? member.value.as_list()[0] : member.value;
      const bool is_read = member.key == "var" && path.is_string();
      if (why.empty()) why = is_read ? why_unread(path.as_string()) : why_unread(member.value);
    }
  }
  return why;
}

std::string Passes::why_unread(std::string_view path) {
  constexpr std::string_view root = "profile.";
  if (!path.starts_with(root)) return {};
  const std::uint32_t index = tables_.find(tables_.traits, path.substr(root.size()));
  if (index == program::none || environment_.readable_trait(index) != nullptr) return {};
  const program::Trait& trait = tables_.traits[index];
  if (!environment_.consented(trait.purpose)) return quoted(path) + " needs consent to " + quoted(tables_.view(tables_.purposes[trait.purpose]));
  const auto known = std::find_if(state_.traits.begin(), state_.traits.end(), [index](const TraitValue& value) { return value.trait == index; });
  if (known == state_.traits.end()) return "nothing is known of " + quoted(path);
  return quoted(path) + " was known " + local_text(tables_, known->observed_at) + ", and stays fresh for " + format_duration(known->ttl > 0 ? known->ttl : trait.ttl);
}

std::string Passes::trigger_text(const program::Trigger& trigger, TriggerOf of) {
  const std::string text = analysis::trigger_text(tables_, trigger, longest_condition), state = state_of(trigger, of);
  return (state.empty() ? text : text + "; " + state) + tree_below(trigger.condition);
}

std::string Passes::tree_below(NodeIndex condition) {
  const std::string tree = shows_trees_ ? analysis::rule_tree(tables_, condition, environment_) : std::string();
  return tree.empty() ? tree : "\n" + tree;
}

/// "held by compliance: open complaint"; empty when nothing holds. The tree is of what the pack says: a hold that people placed has no condition.
std::string Passes::hold_text(std::uint32_t index) {
  const program::Journey& journey = tables_.journeys[index];
  const auto hold = hold_on(tables_, state_, environment_, tables_.view(journey.owner), index);
  if (!hold) return {};
  std::string text = "held by " + std::string(hold->by) + (hold->reason.empty() ? "" : ": " + std::string(hold->reason));
  for (const program::Range& holds : {journey.holds, tables_.site[0].holds}) {
    for (const program::Hold& said : Tables::run(tables_.holds, holds)) {
      const bool is_it = tables_.view(said.by).data() == hold->by.data() && tables_.view(said.reason).data() == hold->reason.data() &&
                         (said.scope.size == 0 || covers(tables_.view(said.scope), hold->by, tables_.view(journey.owner), tables_.view(journey.id)));
      if (is_it && environment_.holds(said.condition)) return text + tree_below(said.condition);
    }
  }
  return text;
}

bool Passes::tries(std::string_view name) const {
  const std::uint32_t journey = tables_.find(tables_.journeys, name);
  return journey != none && is_event_of(tables_.journeys[journey].enter);
}

std::string Passes::full_by(std::uint32_t journey) const {
  for (const program::Limit& limit : Tables::run(tables_.limits, tables_.site[0].limits)) {
    std::string inside;
    std::uint32_t count = 0;
    bool counts = false, was_inside = false;
    for (const std::uint32_t other : Tables::run(tables_.journey_sets, limit.journeys)) {
      counts |= other == journey;
      const Enrolment* pass = pass_of(other);
      // Goals are asked behind entries: a pass that this step completed had its room.
      const bool just_ended = pass != nullptr && pass->status == EnrolmentStatus::completed && pass->ended_at == state_.clock;
      if (pass == nullptr || !(pass->live() || just_ended)) continue;
      ++count;
      was_inside |= just_ended;
      inside += (inside.empty() ? "" : ", ") + quoted(tables_.view(tables_.journeys[other].id));
    }
    if (counts && count >= limit.max) return "`concurrency` has no room: the visitor is in " + inside + (was_inside ? ", and goals are reached behind entries" : "");
  }
  return {};
}

std::optional<std::string> Passes::why_outside(std::string_view name) {
  const std::uint32_t index = tables_.find(tables_.journeys, name);
  if (index == none) return std::nullopt;
  const program::Journey& journey = tables_.journeys[index];
  const Enrolment* pass = pass_of(index);
  if (pass != nullptr && pass->live()) return std::nullopt;
  if (journey.status != program::Status::live) return "its `status` is " + std::string(analysis::status_text(journey.status)) + ": nobody enters it";
  if (environment_.instant() < journey.from || environment_.instant() >= journey.to) return "its `schedule` " + (environment_.instant() < journey.from ? "begins " + local_text(tables_, journey.from) : "ended " + local_text(tables_, journey.to));
  if (pass != nullptr && pass->count > 0) {
    if (journey.reenter_max > 0 && pass->count >= journey.reenter_max) {
      return "it was entered as often as `reenter` allows: " + std::to_string(pass->count) + (pass->count == 1 ? " time" : " times");
    }
    if (environment_.instant() < pass->ended_at + journey.reenter_after) return "`reenter` lets the visitor in again from " + local_text(tables_, pass->ended_at + journey.reenter_after);
  }
  if (!analysis::has_entry(tables_, journey)) return std::string("it has no `enter`: another journey is to `start` it");
  const bool holds = is_event_of(journey.enter) && environment_.holds(journey.enter.condition);
  if (holds && !full_by(index).empty()) return full_by(index);
  return "it is entered " + trigger_text(journey.enter);
}

std::string Passes::way_text(const program::Transition& way, const Enrolment& pass) {
  const std::string to = way.go == none ? "stay" : "to " + quoted(stage_name(way.go));
  if (way.timing == program::Timing::untimed) {
    const bool came_first = way.when.event.size > 0 && pass.stage_at == state_.clock && is_event_of(way.when);
    return to + " " + (came_first ? analysis::trigger_text(tables_, way.when, longest_condition) + "; this step led here, and ways on wait for the next one" : trigger_text(way.when));
  }
  std::string text = to + " " + (way.timing == program::Timing::wait ? "after " : "") + analysis::timing_text(tables_, way, longest_condition);
  if (way.timing == program::Timing::wait) {
    text += due_text(tables_, pass.stage_at + way.wait, environment_.instant());
  }
  if (way.timing == program::Timing::date) text += ", which is " + to_json(environment_.evaluate_rule(way.until)) + " now";
  if (way.timing != program::Timing::wait) {
    Effects none_told(arena_, {}, {}, 0);
    if (const auto due = Journeys(tables_, state_, environment_, none_told).due(pass, way)) text += due_text(tables_, *due, environment_.instant());
  }
  const auto deciding = way.when.condition == none ? std::nullopt : deciding_predicate(tables_, way.when.condition, environment_);
  return deciding ? text + "; now " + predicate_text(deciding->text, deciding->result, deciding->saw) + tree_below(way.when.condition) : text;
}

/// What ends the waiting of a hand-off: the word of its team, or its time.
std::vector<Passes::WayOn> Passes::handoff_ways(const Enrolment& pass) {
  const PendingHandoff& handoff = pass.handoff;
  if (handoff.id.empty()) return {};
  const CurrentEvent& event = environment_.event();
  const bool is_word = event.name == acknowledgement;
  std::string word = (handoff.then == none ? "stay" : "to " + quoted(stage_name(handoff.then))) + " on " + std::string(acknowledgement) + " of " + quoted(handoff.id) + ", which waits for " + handoff.to;
  if (is_word) word += "; this step's `handoff` is " + to_json(event.properties.get("handoff"));
  if (!is_word && !event.type.empty()) word += "; which this step is not";
  std::vector<WayOn> ways{{handoff.then, std::move(word)}};
  if (handoff.otherwise != none) ways.push_back({handoff.otherwise, "to " + quoted(stage_name(handoff.otherwise)) + " when nobody acknowledges it" + due_text(tables_, handoff.due, environment_.instant())});
  return ways;
}

/// Those that lead to where the pass was wanted, or all when none does.
std::vector<std::string> Passes::ways_out(const Enrolment& pass, const WantedPass& wanted) {
  const program::Journey& journey = tables_.journeys[pass.journey];
  std::vector<std::string> wanted_ways, ways;
  for (const program::Exit& exit : Tables::run(tables_.exits, journey.exits)) {
    const std::string outcome(tables_.view(exit.outcome));
    const std::string text = "exit " + quoted(outcome) + " " + trigger_text(exit.when, TriggerOf::end);
    ways.push_back(text);
    if (outcome == wanted.outcome || (wanted.outcome.empty() && wanted.status == "exited")) wanted_ways.push_back(text);
  }
  for (WayOn& way : handoff_ways(pass)) {
    ways.push_back(std::move(way.text));
    if (way.go != none && stage_name(way.go) == wanted.stage) wanted_ways.push_back(ways.back());
  }
  for (const program::Transition& way : Tables::run(tables_.transitions, tables_.stages[pass.stage].transitions)) {
    if (way.go == none) continue;
    ways.push_back(way_text(way, pass));
    if (stage_name(way.go) == wanted.stage) wanted_ways.push_back(ways.back());
  }
  if (journey.has_goal != 0 && !pass.goal_reached) {
    ways.push_back("goal " + trigger_text(journey.goal, TriggerOf::end));
    if (wanted.status == "completed" || wanted.outcome == "goal") wanted_ways.push_back(ways.back());
  }
  std::vector<std::string>& told = wanted_ways.empty() ? ways : wanted_ways;
  // Who asks for every way is told every way.
  if (!wanted.anywhere && told.size() > most_ways) {
    const std::size_t left_out = told.size() - most_ways;
    told.resize(most_ways);
    told.push_back("and " + std::to_string(left_out) + " more");
  }
  return told;
}

std::vector<std::string> Passes::why_there(std::string_view name, const WantedPass& wanted) {
  const std::uint32_t index = tables_.find(tables_.journeys, name);
  const Enrolment* pass = index == none ? nullptr : pass_of(index);
  if (pass == nullptr || pass->count == 0) return {};
  if (!pass->live()) {
    std::vector<std::string> lines{"it ended " + local_text(tables_, pass->ended_at) + " on " + quoted(stage_name(pass->stage)) + " with the outcome " + quoted(pass->outcome)};
    const bool wants_more = wanted.status == "active" || wanted.status == "held" || (!wanted.stage.empty() && wanted.stage != stage_name(pass->stage));
    if (const auto outside = wants_more ? why_outside(name) : std::nullopt) lines.push_back("it did not begin again: " + *outside);
    return lines;
  }
  std::vector<std::string> lines{"at " + quoted(stage_name(pass->stage)) + " since " + local_text(tables_, pass->stage_at)};
  if (std::string hold = hold_text(index); !hold.empty() && !pass->held_by.empty()) lines.push_back(std::move(hold));
  const bool is_elsewhere = (!wanted.stage.empty() && wanted.stage != stage_name(pass->stage)) || wanted.status == "completed" || wanted.status == "exited" || !wanted.outcome.empty();
  if (!is_elsewhere && !wanted.anywhere) return lines;
  for (std::string& way : ways_out(*pass, wanted)) lines.push_back(std::move(way));
  return lines;
}

std::string Passes::why_no_candidate(std::string_view name, std::string_view slot) {
  const std::uint32_t index = tables_.find(tables_.experiences, name);
  if (index == none) return std::string(name) + " is not in the program";
  const program::Experience& experience = tables_.experiences[index];
  const program::Terms& terms = tables_.terms_of(experience);
  const std::string subject = std::string(name) + " is no candidate: ";
  const std::string_view own_slot = tables_.view(tables_.slots[experience.slot].name);
  if (own_slot != slot) return subject + "it is for the slot " + quoted(own_slot);
  if (terms.status != program::Status::live) return subject + "its `status` is " + std::string(analysis::status_text(terms.status));
  if (experience.journey != none) {
    const Enrolment* pass = pass_of(experience.journey);
    const std::string journey = quoted(tables_.view(tables_.journeys[experience.journey].id));
    if (pass == nullptr || !pass->live()) return subject + "the visitor is not in the journey " + journey;
    if (pass->stage != experience.stage) return subject + "it is shown on the stage " + quoted(stage_name(experience.stage)) + " of " + journey + ", and the visitor is on " + quoted(stage_name(pass->stage));
  }
  const Value path = state_.page.get().get("path");
  std::string pages;
  for (const program::Range& patterns : {experience.paths, terms.urls, terms.names}) {
    if (patterns.count > 0) pages += (pages.empty() ? "" : "; ") + listed(tables_, patterns);
  }
  return subject + "it is for the pages " + pages + ", and this is " + (path.is_string() ? std::string(path.as_string()) : "none");
}

}  // namespace wayline::cli
