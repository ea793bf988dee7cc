#include "wayline/session.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "decision/decide.h"
#include "engine/output.h"
#include "journey/journeys.h"
#include "profile/snapshot.h"
#include "profile/update.h"
#include "value/json.h"

namespace wayline {

using program::none;
using program::Tables;

namespace {

CurrentEvent current(const Event& event) {
  return {event_kind_name(event.kind), event.name, event.properties, event.traits, event.at};
}

Result<std::vector<std::uint32_t>> slot_indexes(const Tables& tables, const std::vector<std::string_view>& names) {
  std::vector<std::uint32_t> slots;
  slots.reserve(names.size());
  for (const std::string_view name : names) {
    const std::uint32_t slot = tables.find(tables.slots, name);
    if (slot == none) return Error{ErrorCode::step_unknown_slot, "the pack has no slot `" + std::string(name) + "`"};
    if (std::find(slots.begin(), slots.end(), slot) == slots.end()) slots.push_back(slot);
  }
  return slots;
}

void add_missing(std::vector<std::uint32_t>& slots, std::vector<std::uint32_t> more) {
  slots.insert(slots.end(), more.begin(), more.end());
  std::sort(slots.begin(), slots.end());
  slots.erase(std::unique(slots.begin(), slots.end()), slots.end());
}

/// An exposure or a dismissal of an experience that the pack knows; others are of an older pack and count no more.
void apply_showing(State& state, const Tables& tables, const Event& event, Instant now, StateEnvironment& environment, Effects& effects) {
  const std::uint32_t experience = tables.find(tables.experiences, event.experience);
  if (experience == none) return;
  const program::Experience& record = tables.experiences[experience];
  if (event.kind == EventKind::dismiss) {
    if (record.dismissible) entry_of(state.experiences, &ExperienceMemory::experience, experience).dismissed_at = now;
    environment.changed();
    return;
  }
  const auto variants = Tables::run(tables.variants, record.variants);
  const bool known = std::any_of(variants.begin(), variants.end(), [&](const program::Variant& variant) { return tables.view(variant.id) == event.variant; });
  if (!known || !remember_exposure(state, tables, experience, event.variant, now)) return;
  environment.changed();
  ObjectBuilder properties(effects.arena());
  properties.add("experiment_id", Value::string(tables.view(record.id)));
  if (record.journey != none) properties.add("journey", Value::string(tables.view(tables.journeys[record.journey].id)));
  properties.add("slot", Value::string(tables.view(tables.slots[record.slot].name))).add("variation_id", Value::string(event.variant));
  effects.track("Experiment Viewed", properties.build(), now);
}

/// Another page than that of the latest step, for the time of one decision: each tab decides for the page that it shows.
class PageInPlace {
 public:
  PageInPlace(State& state, const Value& page, Arena& arena) : state_(state) {
    if (page.is_object()) kept_ = std::exchange(state_.page, OwnedValue(complete_page(page, arena)));
  }
  ~PageInPlace() {
    if (kept_) state_.page = std::move(*kept_);
  }
  PageInPlace(const PageInPlace&) = delete;
  PageInPlace& operator=(const PageInPlace&) = delete;

 private:
  State& state_;
  std::optional<OwnedValue> kept_;  // the page of the latest step, while another is in its place
};

}  // namespace

Engine::Engine(std::shared_ptr<const Program> program) : program_(std::move(program)), scratch_(std::make_unique<Scratch>(program_->tables())) {}
Engine::~Engine() = default;

Session::Session(Engine& engine, std::unique_ptr<State> state) : engine_(&engine), state_(std::move(state)) {}
Session::Session(Engine& engine, std::string visitor) : Session(engine, std::make_unique<State>()) { state_->visitor = std::move(visitor); }
Session::~Session() = default;
Session::Session(Session&&) noexcept = default;
Session& Session::operator=(Session&&) noexcept = default;

std::string_view Session::visitor() const { return state_->visitor; }

Result<Session> Session::restore(Engine& engine, const Value& document, std::vector<std::string>& dropped) {
  TRY(State state, read_state(document, engine.program_->tables(), dropped));
  return Session(engine, std::make_unique<State>(std::move(state)));
}

/// Design 7: time, then the event, then the journeys; a duplicate is only answered.
Result<Value> Session::step(const Value& input) {
  const Tables& tables = engine_->program_->tables();
  Scratch& scratch = *engine_->scratch_;
  TRY(const Event event, read_event(input));
  TRY(std::vector<std::uint32_t> slots, slot_indexes(tables, event.decide));
  TRY(const HoldChange hold_change, read_hold_change(event));
  scratch.arena.reset();

  State& state = *state_;
  const bool duplicate = !event.id.empty() && seen_before(state, event.id);
  const Instant now = std::max(state.clock, event.at);
  const std::string cause = event.id.empty() ? state.visitor + "-" + std::to_string(state.sequence + 1) : std::string(event.id);
  StateEnvironment environment(tables, state, scratch);
  Effects effects(scratch.arena, cause);
  environment.set_now(now);
  if (!duplicate) {
    Journeys journeys(tables, state, environment, effects, in_holdout(tables, state.visitor));
    const auto timer = journeys.advance(now);
    state.clock = now;
    ++state.sequence;
    environment.set_now(now);
    environment.set_event(current(event));
    apply_event(state, tables, event, now, environment, scratch.arena);
    if (event.kind == EventKind::exposure || event.kind == EventKind::dismiss) apply_showing(state, tables, event, now, environment, effects);
    journeys.change_hold(hold_change, now);
    journeys.react(now);
    const auto next = journeys.next_timer();
    if (next && next != timer) effects.timer(*next);
  }

  Decider decider(tables, state, environment, scratch.arena);
  if (event.kind == EventKind::page) add_missing(slots, decider.slots_of_page());
  std::vector<CandidateOutcome> outcomes;
  const auto decisions = decider.decide(slots, event.explain ? &outcomes : nullptr);
  digest_ = digest_decisions(tables, decisions, digest_);

  ObjectBuilder output(scratch.arena);
  output.add("decisions", decisions_value(tables, decisions, event.explain ? &outcomes : nullptr, environment, scratch.arena));
  if (duplicate) output.add("duplicate", Value::boolean(true));
  output.add("effects", effects.build()).add("journeys", journeys_value(tables, state, scratch.arena));
  return output.build();
}

Result<Value> Session::decide(const Value& request) {
  const Tables& tables = engine_->program_->tables();
  Scratch& scratch = *engine_->scratch_;
  TRY(const Instant at, read_instant(request.get("at")));
  std::vector<std::string_view> names;
  const Value asked = request.get("slots");
  if (!asked.is_nothing() && !asked.is_list()) return Error{ErrorCode::step_malformed, "`slots` must be a list of names"};
  for (const Value& slot : asked.is_list() ? asked.as_list() : std::span<const Value>()) {
    if (!slot.is_string()) return Error{ErrorCode::step_malformed, "`slots` must be a list of names"};
    names.push_back(slot.as_string());
  }
  TRY(std::vector<std::uint32_t> slots, slot_indexes(tables, names));
  scratch.arena.reset();
  const PageInPlace page(*state_, request.get("page"), scratch.arena);
  StateEnvironment environment(tables, *state_, scratch);
  environment.set_now(std::max(state_->clock, at));
  Decider decider(tables, *state_, environment, scratch.arena);
  if (!asked.is_list()) slots = decider.slots_of_page();
  const Value explain = request.get("explain");
  std::vector<CandidateOutcome> outcomes;
  auto* record = explain.is_boolean() && explain.as_boolean() ? &outcomes : nullptr;
  const auto decisions = decider.decide(slots, record);
  ObjectBuilder output(scratch.arena);
  return output.add("decisions", decisions_value(tables, decisions, record, environment, scratch.arena)).build();
}

Result<Value> Session::inspect(const Value& request) {
  const Tables& tables = engine_->program_->tables();
  Scratch& scratch = *engine_->scratch_;
  TRY(const Instant at, read_instant(request.get("at")));
  scratch.arena.reset();
  StateEnvironment environment(tables, *state_, scratch);
  environment.set_now(std::max(state_->clock, at));
  Effects effects(scratch.arena, {});
  const auto timer = Journeys(tables, *state_, environment, effects, false).next_timer();
  ObjectBuilder output(scratch.arena);
  for (const Member& member : inspection_value(tables, *state_, environment, scratch.arena).as_object()) output.add(member.key, member.value);
  output.add("timer", timer ? Value::string(scratch.arena.copy(format_instant(*timer))) : Value::null());
  return output.build();
}

std::string Session::snapshot() const {
  Arena arena;
  std::string text;
  write_json(state_document(*state_, engine_->program_->tables(), arena), text);
  return text;
}

}  // namespace wayline
