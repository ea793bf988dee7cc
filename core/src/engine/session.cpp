#include "wayline/session.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "decision/content.h"
#include "engine/outcome.h"
#include "engine/output.h"
#include "journey/journeys.h"
#include "profile/snapshot.h"
#include "profile/update.h"
#include "program/listeners.h"
#include "value/json.h"

namespace wayline {

using program::none;
using program::Tables;

namespace {

CurrentEvent current(const Event& event, const Tables& tables, StateEnvironment& environment, Arena& arena) {
  return {event_kind_name(event.kind), event.name, event.properties, readable_traits(tables, event.traits, environment, arena), event.at};
}

[[gnu::noinline]] Error unknown_slot(std::string_view name) {
  Error error{ErrorCode::step_unknown_slot, "the pack has no slot `"};
  error.message += name;
  error.message += '`';
  return error;
}

/// Adds the slots of those names, each once. A host mostly asks for the same ones as before: those of `latest`.
Result<Done> add_slots(const Tables& tables, std::span<const Value> names, std::vector<std::uint32_t>& latest, ArenaRun<std::uint32_t>& slots) {
  latest.resize(names.size());
  for (std::size_t i = 0; i < names.size(); ++i) {
    const std::string_view name = names[i].as_string();
    std::uint32_t& slot = latest[i];
    if (slot >= tables.slots.size() || tables.view(tables.slots[slot].name) != name) slot = tables.find(tables.slots, name);
    if (slot == none) return unknown_slot(name);
    const auto known = slots.items();
    if (std::find(known.begin(), known.end(), slot) == known.end()) slots.push(slot);
  }
  return Done{};
}

/// An exposure or a dismissal of an experience that the pack knows; others are of an older pack and count no more.
void apply_showing(State& state, const Tables& tables, const Event& event, Instant now, StateEnvironment& environment, Effects& effects) {
  const std::uint32_t experience = tables.find(tables.experiences, event.experience);
  // What a preview shows is nobody's assignment and nobody's exposure.
  if (experience == none || !event.force.get(event.experience).is_missing()) return;
  const program::Experience& record = tables.experiences[experience];
  if (event.kind == EventKind::dismiss) {
    if (tables.terms_of(record).dismissible) entry_of(state.experiences, &ExperienceMemory::experience, experience).dismissed_at = now;
    environment.changed(Part::assignments);
    return;
  }
  const auto variants = Tables::run(tables.variants, record.variants);
  // Who is held out sees the default, whatever an older pack had decided.
  const bool known = environment.withheld(experience)
                         ? event.variant == holdout_variant
                         : std::any_of(variants.begin(), variants.end(), [&](const program::Variant& variant) { return tables.view(variant.id) == event.variant; });
  if (!known) return;
  environment.changed(Part::assignments);
  if (!remember_exposure(state, tables, experience, event.variant, now)) return;
  ObjectBuilder properties(effects.arena());
  properties.text("experiment_id", tables.view(record.id));
  if (record.journey != none) properties.text("journey", tables.view(tables.journeys[record.journey].id));
  properties.text("slot", tables.view(tables.slots[record.slot].name)).text("variation_id", event.variant);
  effects.track("Experiment Viewed", properties.build(), now);
}

/// Contents of which a session remembers what it told: more than a page has slots whose contents are filled in.
constexpr std::size_t told_contents = 16;

/// What an answer tells.
struct Inquiry {
  std::span<const std::uint32_t> slots;  // that are decided, each beside the others
  std::span<const std::uint32_t> told;   // those of them that the answer is about
  bool explain = false;                  // what became of each of their candidates
  bool news = false;                     // of filled contents only those that the host was not told before
};

/// Decides, and fills in what the slots show that the answer is about.
Outcome conclude(const Tables& tables, const State& state, Decider& decider, const Inquiry& inquiry, StateEnvironment& environment, Arena& arena) {
  Outcome outcome;
  std::vector<CandidateOutcome> candidates;
  const auto decisions = decider.decide(inquiry.slots, inquiry.told, inquiry.explain ? &candidates : nullptr);
  outcome.decisions = decisions;
  ListBuilder contents(arena);
  for (SlotDecision& decision : decisions) {
    if (!decision.shows() || tables.variants[decision.variant].interpolates == 0) continue;
    const auto fill = [&] { contents.add(render_content(tables, tables.variants[decision.variant], environment, arena)); };
    if (!inquiry.news) {
      fill();
      continue;
    }
    auto& known = environment.memo().contents;
    if (known.empty()) known = std::vector<VisitorMemo::Content>(told_contents);
    VisitorMemo::Content& content = known[decision.variant % known.size()];
    decision.told = content.variant == decision.variant && environment.recalls(content);
    content.variant = decision.variant;
    if (!decision.told) environment.find(content, fill);
  }
  if (contents.size() > 0) outcome.contents = contents.build();
  ObjectBuilder withheld(arena);
  bool is_withheld = false;
  for (const SlotDecision& decision : outcome.decisions) {
    if (decision.withheld == none) continue;
    is_withheld = true;
    withheld.text(tables.view(tables.slots[decision.slot].name), tables.view(tables.experiences[decision.withheld].id));
  }
  if (is_withheld) outcome.withheld = withheld.build();
  if (inquiry.explain) {
    outcome.candidates = candidates_value(tables, state, outcome.decisions, candidates, environment, arena);
    outcome.previews = previews_value(tables, outcome.decisions, decider.page(), arena);
  }
  return outcome;
}

/// Another page than that of the latest step, for the time of one decision: each tab decides for the page that it shows.
class PageInPlace {
 public:
  PageInPlace(State& state, const Value& page, StateEnvironment& environment, Arena& arena) : state_(state), environment_(environment) {
    if (!page.is_object()) return;
    kept_ = std::exchange(state_.page, OwnedValue(complete_page(page, arena)));
    environment_.changed(Part::page);
  }
  ~PageInPlace() {
    if (!kept_) return;
    state_.page = std::move(*kept_);
    environment_.changed(Part::page);
  }
  PageInPlace(const PageInPlace&) = delete;
  PageInPlace& operator=(const PageInPlace&) = delete;

 private:
  State& state_;
  StateEnvironment& environment_;
  std::optional<OwnedValue> kept_;  // the page of the latest step, while another is in its place
};

}  // namespace

Engine::Engine(std::shared_ptr<const Program> program)
    : program_(std::move(program)), scratch_(std::make_unique<Scratch>(program_->tables())),
      pages_(std::make_unique<PageRulesCache>(program_->tables())) {}
Engine::~Engine() = default;
void Engine::observe_reads(ReadObserver* observer) { scratch_->observer = observer; }

Session::Session(Engine& engine, std::unique_ptr<State> state)
    : engine_(&engine), state_(std::move(state)), memo_(std::make_unique<VisitorMemo>()) {
  memo_->visitor = ++engine.scratch_->generation;
  memo_->changes.fill(memo_->visitor);
}
Session::Session(Engine& engine, std::string visitor) : Session(engine, std::make_unique<State>()) { state_->visitor = std::move(visitor); }
Session::~Session() = default;
Session::Session(Session&&) noexcept = default;
Session& Session::operator=(Session&&) noexcept = default;

std::string_view Session::visitor() const { return state_->visitor; }

Result<Session> Session::restore(Engine& engine, const Value& document, std::vector<std::string>& dropped) {
  auto state = std::make_unique<State>();
  TRY([[maybe_unused]] const Done read, read_state(document, engine.program_->tables(), *state, dropped));
  return Session(engine, std::move(state));
}

Result<Value> Session::step(const Value& input) {
  TRY(const Event event, read_event(input));
  Arena& arena = engine_->scratch_->arena;
  arena.reset();
  TRY(const Outcome outcome, take(event, false));
  ObjectBuilder output(arena);
  output.add("decisions", decisions_value(engine_->program_->tables(), outcome, arena));
  if (outcome.duplicate) output.boolean("duplicate", true);
  output.add("effects", outcome.effects.is_list() ? outcome.effects : Value::list({}));
  output.add("journeys", journeys_value(engine_->program_->tables(), *state_, arena));
  if (outcome.notices.is_list()) output.add("notices", outcome.notices);
  return output.build();
}

Result<Outcome> Session::advance(const Value& input) {
  const Result<Event> event = read_event(input);
  if (!event.ok()) return event.error();
  engine_->scratch_->arena.reset();
  return take(event.value(), true);
}

Result<Outcome> Session::advance(const PageView& view) {
  TRY(const Done well_formed, check_page_view(view));
  (void)well_formed;
  Arena& arena = engine_->scratch_->arena;
  arena.reset();
  ObjectBuilder page(arena);
  page.text("url", view.url);
  if (!view.title.empty()) page.text("title", view.title);
  if (!view.referrer.empty()) page.text("referrer", view.referrer);
  Event event;
  event.kind = EventKind::page;
  event.at = view.at;
  event.id = view.id;
  event.page = event.properties = page.build();
  return take(event, true);
}

/// Design 7: time, then the event, then the journeys; a duplicate is only answered.
Result<Outcome> Session::take(const Event& event, bool news) {
  const Tables& tables = engine_->program_->tables();
  Scratch& scratch = *engine_->scratch_;
  Arena& arena = scratch.arena;
  ArenaRun<std::uint32_t> slots(arena);
  TRY(const Done known, add_slots(tables, event.decide, scratch.asked, slots));
  (void)known;
  HoldChange hold_change;
  if (event.kind == EventKind::track) {
    TRY([[maybe_unused]] const Done read, read_hold_change(event, hold_change));
  }
  scratch.notices.clear();

  State& state = *state_;
  const bool duplicate = !event.id.empty() && seen_before(state, event.id);
  const Instant now = std::max(state.clock, event.at);
  StateEnvironment environment(tables, state, scratch, *memo_);
  Effects effects(arena, event.id, state.visitor, state.sequence + 1);
  environment.set_now(duplicate ? now : state.clock);  // timers first ask about the time since the latest step; a duplicate fires none
  if (!duplicate) {
    const program::Listeners listeners = program::listeners_of(tables, event.kind == EventKind::track ? event.name : event_kind_name(event.kind));
    Journeys journeys(tables, state, environment, effects);
    const auto timer = journeys.advance(now);
    state.clock = now;
    ++state.sequence;
    environment.set_now(now);
    environment.set_event(current(event, tables, environment, arena));
    apply_event(state, tables, listeners, event, now, environment, arena);
    if (event.kind == EventKind::exposure || event.kind == EventKind::dismiss) apply_showing(state, tables, event, now, environment, effects);
    journeys.change_hold(hold_change, now);
    journeys.react(listeners, now);
    const auto next = journeys.next_timer();
    if (next && next != timer) effects.timer(*next);
  }

  Outcome outcome;
  if (event.kind == EventKind::page || !slots.items().empty()) {
    Decider decider(tables, state, environment, *engine_->pages_, arena);
    decider.force(event.force);
    if (event.kind == EventKind::page) decider.add_slots_of_page(slots);
    outcome = conclude(tables, state, decider, {slots.items(), slots.items(), event.explain, news}, environment, arena);
    digest_ = digest_decisions(outcome.decisions, digest_);
  }
  outcome.duplicate = duplicate;
  outcome.effects = effects.build();
  if (news) tell_journeys(tables, state, *memo_, outcome, arena);
  if (!scratch.notices.empty()) outcome.notices = notices_value(scratch.notices, arena);
  return outcome;
}

Result<Value> Session::decide(const Value& request) {
  TRY(const Outcome outcome, decide_narrowly(request));
  Arena& arena = engine_->scratch_->arena;
  ObjectBuilder answer(arena);
  answer.add("decisions", decisions_value(engine_->program_->tables(), outcome, arena));
  if (outcome.previews.is_object()) answer.add("previews", outcome.previews);
  return answer.build();
}

Result<Outcome> Session::decide_narrowly(const Value& request) {
  const Tables& tables = engine_->program_->tables();
  Scratch& scratch = *engine_->scratch_;
  TRY(const Question question, read_question(request));
  scratch.arena.reset();
  ArenaRun<std::uint32_t> slots(scratch.arena), told(scratch.arena);
  TRY(const Done known, add_slots(tables, question.slots, scratch.asked, slots));
  (void)known;
  StateEnvironment environment(tables, *state_, scratch, *memo_);
  const PageInPlace page(*state_, question.page, environment, scratch.arena);
  environment.set_now(std::max(state_->clock, question.at));
  Decider decider(tables, *state_, environment, *engine_->pages_, scratch.arena);
  decider.force(question.force);
  for (const std::uint32_t slot : slots.items()) told.push(slot);
  // What shows in another slot of the page takes its group, and from the caps on pressure: why one shows what it shows is told as of them all.
  if (!question.names_slots || question.explain) decider.add_slots_of_page(slots);
  const Inquiry inquiry{slots.items(), question.names_slots ? told.items() : slots.items(), question.explain};
  return conclude(tables, *state_, decider, inquiry, environment, scratch.arena);
}

Result<Value> Session::inspect(const Value& request) {
  const Tables& tables = engine_->program_->tables();
  Scratch& scratch = *engine_->scratch_;
  TRY(const Question question, read_question(request));
  scratch.arena.reset();
  StateEnvironment environment(tables, *state_, scratch, *memo_);
  environment.set_now(std::max(state_->clock, question.at));
  Effects effects(scratch.arena, {}, {}, 0);
  const auto timer = Journeys(tables, *state_, environment, effects).next_timer();
  ObjectBuilder output(scratch.arena);
  for (const Member& member : inspection_value(tables, *state_, environment, scratch.arena).as_object()) output.add(member.key, member.value);
  output.add("timer", timer ? time_text(*timer, scratch.arena) : Value::null());
  return output.build();
}

std::string Session::snapshot() const {
  Arena arena;
  std::string text;
  write_json(state_document(*state_, engine_->program_->tables(), arena), text);
  return text;
}

}  // namespace wayline
