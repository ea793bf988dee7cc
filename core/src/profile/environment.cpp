#include "profile/environment.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

#include "base/hash.h"
#include "profile/history.h"
#include "profile/holdout.h"
#include "program/index.h"
#include "rules/coerce.h"
#include "rules/comparison.h"
#include "rules/definitions.h"
#include "rules/path.h"

namespace wayline {

using program::none;
using program::Root;

namespace {

std::pair<std::string_view, std::string_view> split(std::string_view path) {
  const std::size_t dot = path.find('.');
  if (dot == std::string_view::npos) return {path, {}};
  return {path.substr(0, dot), path.substr(dot + 1)};
}

}  // namespace

double decayed(double value, Instant at, Instant now, double half_life) {
  if (now <= at) return value;
  // exp2 of a whole number is exact everywhere; the fraction goes through a polynomial of our own, because the C libraries
  // of browser and server differ in the last bit (fdlibm's reduction, Taylor terms to below 2^-53).
  const double halvings = static_cast<double>(now - at) / half_life;
  if (halvings > 1000) return 0;
  const double whole = std::floor(halvings);
  const double x = -(halvings - whole) * 0.6931471805599453;
  double sum = 1, term = 1;
  for (int n = 1; n <= 20; ++n) {
    term = term * x / n;
    if (sum + term == sum) break;  // nor would the next, which are smaller, change anything
    sum = sum + term;
  }
  return value * std::ldexp(sum, -static_cast<int>(whole));
}

Score score_at(const State& state, std::uint32_t intent, double half_life, Instant now) {
  const auto part = [&](const std::vector<IntentScore>& parts) {
    const IntentScore* entry = find_entry(parts, &IntentScore::intent, intent);
    return entry ? decayed(entry->value, entry->at, now, half_life) : 0;
  };
  return {part(state.intents), part(state.falls)};
}

Duration time_beyond(double value, double bound, double half_life) {
  constexpr double margin = 1e-9;         // far more than decayed() is off by
  constexpr double for_ever = max_instant;
  const double far = std::abs(value), near = std::abs(bound) * (1 + margin);
  // It goes to zero and never across: what is nearer stays nearer, and what is on the other side of zero stays there.
  if (far < std::abs(bound) * (1 - margin) || value == 0 || value * bound < 0) return max_instant;
  // 2^-x is above its tangent at 0, 1 - x ln 2.
  const double halvings = (1 - near / far) / 0.6931471805599454;
  return halvings > 0 ? static_cast<Duration>(std::min(halvings * half_life * (1 - margin), for_ever)) : 0;
}

namespace {

/// What a node compares with a constant.
Scratch::Compares comparison(const program::Tables& tables, const Node& node) {
  using Compares = Scratch::Compares;
  const bool compares = node.op == Operator::equal || (node.op >= Operator::less && node.op <= Operator::greater_or_equal);
  if (!compares || node.count != 2) return Compares::nothing;
  const auto operands = tables.operands.subspan(node.first, 2);
  if (tables.nodes[operands[1]].op != Operator::constant) return Compares::nothing;
  const Node& subject = tables.nodes[operands[0]];
  const bool number = tables.values[tables.nodes[operands[1]].first].is_number();
  if (subject.op == Operator::stage) return Compares::stage;
  if ((subject.op == Operator::intent || subject.op == Operator::score) && number) return Compares::intent;
  return subject.op == Operator::attribute && tables.attributes[subject.first].root == Root::event ? Compares::event : Compares::nothing;
}

/// The same, and whether it asks for all or any of a few such comparisons.
Scratch::Compares comparisons(const program::Tables& tables, const Node& node) {
  using Compares = Scratch::Compares;
  if (node.op != Operator::and_ && node.op != Operator::or_) return comparison(tables, node);
  if (node.count == 0 || node.count > light_weight / 4) return Compares::nothing;
  for (const NodeIndex operand : tables.operands.subspan(node.first, node.count)) {
    if (comparison(tables, tables.nodes[operand]) == Compares::nothing) return Compares::nothing;
  }
  return node.op == Operator::and_ ? Compares::all : Compares::any;
}

}  // namespace

Scratch::Scratch(const program::Tables& tables)
    : segments(tables.segments.size()), computed(tables.computed.size()), fields(tables.attributes.size()), compares(tables.nodes.size()) {
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const auto [field, rest] = split(tables.view(tables.attributes[i].path));
    if (field == "name" || field == "type") fields[i].part = Part::name;
    if (field == "properties" && rest.find('.') == std::string_view::npos) fields[i].property = rest;
  }
}

void StateEnvironment::set_event(const CurrentEvent& event) {
  event_ = event;
  changed(Part::moment);
  scratch_.event = scratch_.generation;
  if (event.type.empty() || (event.name == memo_.event_name && event.type == memo_.event_type)) return;
  memo_.event_name = event.name;
  memo_.event_type = event.type;
  changed(Part::name);
}

Scratch::Compares StateEnvironment::compares(NodeIndex rule) {
  Scratch::Compares& compares = scratch_.compares[rule];
  if (compares == Scratch::Compares::unknown) compares = comparisons(tables_, tables_.nodes[rule]);
  return compares;
}

bool StateEnvironment::holds(NodeIndex rule) {
  if (rule == none) return true;
  const Node& node = tables_.nodes[rule];
  // The event is another each time: there is nothing to remember.
  if (compares(rule) == Scratch::Compares::event) {
    if (const auto compared = compare(rule)) return *compared;
  }
  // What most holds and entries ask.
  if (node.op == Operator::segment && nesting_ < max_nesting) return segment(node.first);
  Scratch::Condition& condition = scratch_.conditions[rule % scratch_.conditions.size()];
  if (condition.rule != rule || scratch_.observer || !recalls(condition)) {
    condition.rule = rule;
    find(condition, [&] { condition.holds = is_true(rule); });
  }
  return condition.holds;
}

bool StateEnvironment::is_true(NodeIndex rule) {
  const Scratch::Compares kind = compares(rule);
  if (kind >= Scratch::Compares::all) {
    ++reads_.weight;
    const Node& node = tables_.nodes[rule];
    const bool any = kind == Scratch::Compares::any;
    for (const NodeIndex operand : tables_.operands.subspan(node.first, node.count)) {
      if (is_true(operand) == any) return any;
    }
    return !any;
  }
  const auto compared = compare(rule);
  return compared ? *compared : truthy(evaluate_rule(rule));
}

/// What most signals, transitions and exits ask: how a property of the event, a stage or a score compares with a constant. Where nothing
/// has to be converted, the evaluator need not be called.
std::optional<bool> StateEnvironment::compare(NodeIndex rule) {
  const Scratch::Compares kind = compares(rule);
  if (kind == Scratch::Compares::nothing || scratch_.observer || steps_spent_ + light_weight > max_step_operations) return std::nullopt;
  const Node& node = tables_.nodes[rule];
  const std::uint32_t subject = tables_.nodes[tables_.operands[node.first]].first;
  const Value& constant = tables_.values[tables_.nodes[tables_.operands[node.first + 1]].first];
  const Value value = kind == Scratch::Compares::event    ? attribute(subject, scratch_.arena)
                      : kind == Scratch::Compares::stage ? stage(subject)
                                                         : Value::number(intent(subject, constant.as_number()));
  const auto holds = holds_unconverted(node.op, value, constant);
  if (!holds) return std::nullopt;
  ++steps_spent_;
  reads_.weight += 2;
  return holds;
}

bool StateEnvironment::recalls(const Finding& finding) {
  if (finding.visitor != memo_.visitor) return false;
  if (finding.generation != scratch_.generation) {
    const Reads& reads = finding.reads;
    if ((reads.has(Part::name) && event_.type.empty()) || now_ < finding.from || now_ >= reads.until || scratch_.observer) return false;
    for (std::uint32_t parts = reads.parts; parts != 0; parts &= parts - 1) {
      if (memo_.changes[static_cast<std::size_t>(std::countr_zero(parts))] > finding.generation) return false;
    }
    // Near the end of the budget everything is found anew, as by whoever remembers nothing.
    if (steps_spent_ + light_weight > max_step_operations) return false;
  }
  if (finding.reads.weight <= light_weight) ++steps_spent_;
  take_over(finding);
  return true;
}

StateEnvironment::Search StateEnvironment::begin() {
  return {std::exchange(reads_, Reads()), steps_spent_, std::exchange(over_budget_, false)};
}

void StateEnvironment::end(Finding& finding, const Search& outer) {
  const bool light = reads_.weight <= light_weight && !over_budget_;
  if (light) steps_spent_ = outer.steps_spent + 1;
  if (!light) reads_.note(Part::moment);
  finding.visitor = memo_.visitor;
  finding.generation = scratch_.generation;
  finding.from = now_;
  finding.reads = reads_;
  finding.over_budget = over_budget_;
  reads_ = outer.reads;
  over_budget_ = outer.over_budget;
  take_over(finding);
}

void StateEnvironment::take_over(const Finding& finding) {
  reads_.parts |= finding.reads.parts;
  reads_.weight += finding.reads.weight;
  reads_.note_until(finding.reads.until);
  over_budget_ |= finding.over_budget;
}

Value StateEnvironment::evaluate_rule(NodeIndex rule) {
  if (nesting_ >= max_nesting) {
    over_budget_ = true;
    return Value::boolean(false);
  }
  EvaluationLimits limits;
  limits.steps = static_cast<std::uint32_t>(std::min<std::uint64_t>(limits.steps, max_step_operations - std::min(steps_spent_, max_step_operations)));
  ++nesting_;
  const Evaluation result = evaluate(tables_.expressions(), rule, Value::null(), *this, scratch_.arena, limits);
  --nesting_;
  steps_spent_ += result.steps;
  reads_.weight += result.steps;
  if (!result.over_budget) return result.value;
  over_budget_ = true;
  return Value::boolean(false);
}

const VisitorMemo::Key& StateEnvironment::index_key(std::uint32_t index) {
  if (memo_.keys.empty()) memo_.keys = std::vector<VisitorMemo::Key>(tables_.index_keys.size());
  VisitorMemo::Key& key = memo_.keys[index];
  const bool was_over_budget = over_budget_;
  if (scratch_.observer || !recalls(key)) {
    Value value;
    find(key, [&] { value = evaluate_rule(tables_.index_keys[index]); });
    key.unknown = key.over_budget || value.is_list() || value.is_object();
    key.amount = to_number(value);
    key.text.reset();
    key.number.reset();
    if (value.is_string()) key.text = program::text_hash(value.as_string());
    if (!value.is_nothing()) key.number = program::number_hash(key.amount);
  }
  over_budget_ = was_over_budget;
  return key;
}

bool StateEnvironment::in_holdout() {
  if (memo_.draws.empty()) memo_.draws = std::vector<VisitorMemo::Draw>(1 + tables_.journeys.size());
  VisitorMemo::Draw& draw = memo_.draws.front();
  if (draw == VisitorMemo::Draw::unknown) draw = wayline::in_holdout(tables_, state_.visitor) ? VisitorMemo::Draw::in : VisitorMemo::Draw::out;
  return draw == VisitorMemo::Draw::in;
}

bool StateEnvironment::in_journey_holdout(std::uint32_t journey) {
  if (in_holdout()) return true;
  VisitorMemo::Draw& draw = memo_.draws[1 + journey];
  if (draw == VisitorMemo::Draw::unknown) draw = wayline::in_journey_holdout(tables_, journey, state_.visitor) ? VisitorMemo::Draw::in : VisitorMemo::Draw::out;
  return draw == VisitorMemo::Draw::in;
}

bool StateEnvironment::withheld(std::uint32_t experience) {
  const std::uint32_t journey = tables_.experiences[experience].journey;
  return journey == none ? in_holdout() : in_journey_holdout(journey);
}

bool StateEnvironment::consented(std::uint32_t purpose) const {
  if (purpose == none) return true;
  note(Part::person);
  const ConsentEntry* entry = find_entry(state_.consent, &ConsentEntry::purpose, purpose);
  return entry && entry->granted;
}

bool StateEnvironment::fresh(const TraitValue& value) const {
  const Duration ttl = value.ttl > 0 ? value.ttl : tables_.traits[value.trait].ttl;
  // What is stale stays so: only what is fresh may cease to be.
  const bool fresh = ttl == 0 || now_ - value.observed_at < ttl;
  if (fresh && ttl > 0) reads_.note_until(value.observed_at + ttl);
  return fresh;
}

const TraitValue* StateEnvironment::readable_trait(std::uint32_t index) const {
  const program::Trait& trait = tables_.traits[index];
  note(Part::person);
  if (!consented(trait.purpose)) return nullptr;
  const auto sources = program::Tables::run(tables_.texts, trait.sources);
  const auto rank = [&](const TraitValue& value) {
    std::size_t place = 0;
    while (place < sources.size() && tables_.view(sources[place]) != value.source) ++place;
    return place;
  };
  const TraitValue* best = nullptr;
  for (std::size_t place = first_entry(state_.traits, &TraitValue::trait, index); place < state_.traits.size(); ++place) {
    const TraitValue& value = state_.traits[place];
    if (value.trait != index) break;
    if (!fresh(value)) continue;
    if (!best || rank(value) < rank(*best) || (rank(value) == rank(*best) && value.observed_at > best->observed_at)) best = &value;
  }
  return best;
}

Value StateEnvironment::attribute(std::uint32_t index, Arena&) {
  const program::Attribute& record = tables_.attributes[index];
  if (record.root == Root::event) {
    Scratch::Field& field = scratch_.fields[index];
    if (field.event != scratch_.event) {
      field.event = scratch_.event;
      field.value = field.property.empty() ? event_field(tables_.view(record.path)) : event_.properties.get(field.property);
    }
    note(event_.type.empty() ? Part::moment : field.part);
    return told(ReadObserver::What::attribute, index, {}, field.value);
  }
  return told(ReadObserver::What::attribute, index, {}, read(record.root, record.index, tables_.view(record.path)));
}

Value StateEnvironment::read(Root root, std::uint32_t index, std::string_view path) {
  switch (root) {
    case Root::profile: {
      if (index == none) return Value();
      const TraitValue* value = readable_trait(index);
      return value ? inside(value->value.get(), path) : Value();
    }
    case Root::page: note(Part::page); return inside(state_.page.get(), path);
    case Root::device: note(Part::device); return inside(state_.device.get(), path);
    case Root::session: return session_field(path);
    case Root::event: note(Part::moment); return event_field(path);
    case Root::computed: return index == none ? Value() : computed(index);
    case Root::consent: return index == none ? Value() : Value::boolean(consented(index));
    case Root::experiment: return index == none ? Value() : assigned_variant(index);
    case Root::now: return Value::number(static_cast<double>(now()));
  }
  return Value();
}

Value StateEnvironment::inside(const Value& value, std::string_view path) {
  if (path.empty()) return value;
  std::uint64_t cost = 0;
  const Value found = walk_path(value, path, scratch_.arena, cost);
  steps_spent_ += cost;
  reads_.weight += static_cast<std::uint32_t>(cost);
  return found;
}

Value StateEnvironment::path(std::string_view dotted, Arena&) {
  const auto [name, rest] = split(dotted);
  for (std::uint32_t root = 0; root < program::root_count; ++root) {
    if (program::root_names[root] != name) continue;
    std::uint32_t index = none;
    std::string_view inner = rest;
    switch (static_cast<Root>(root)) {
      case Root::profile:
        // As at build time: the longest declared name wins.
        for (std::string_view trait = rest; !trait.empty() && index == none;) {
          index = tables_.find(tables_.traits, trait);
          if (index != none) inner = trait.size() < rest.size() ? rest.substr(trait.size() + 1) : std::string_view();
          const std::size_t dot = trait.rfind('.');
          trait = dot == std::string_view::npos ? std::string_view() : trait.substr(0, dot);
        }
        break;
      case Root::computed: index = tables_.find(tables_.computed, rest); break;
      case Root::consent: index = tables_.find(tables_.purposes, rest); break;
      case Root::experiment: index = tables_.find(tables_.experiences, rest); break;
      default: break;
    }
    return told(ReadObserver::What::path, index, dotted, read(static_cast<Root>(root), index, inner));
  }
  return Value();
}

Value StateEnvironment::session_field(std::string_view field) const {
  note(Part::session);
  const VisitSession& session = state_.session;
  const auto number = [](auto value) { return Value::number(static_cast<double>(value)); };
  if (field == "pages") return number(session.pages);
  if (field == "number") return number(session.number);
  if (field == "new") return Value::boolean(session.number <= 1);
  if (session.number == 0) return Value();
  if (field == "started") return number(session.started);
  if (field == "duration") {
    note(Part::moment);
    return number(now_ - session.started);
  }
  return Value();
}

Value StateEnvironment::event_field(std::string_view path) {
  if (event_.type.empty()) return Value();
  // What nearly every rule about events asks for.
  if (path.starts_with("properties.")) return inside(event_.properties, path.substr(sizeof "properties"));
  const auto [field, rest] = split(path);
  if (field == "properties") return event_.properties;
  if (field == "traits") return inside(event_.traits, rest);
  if (field == "name") return event_.name.empty() ? Value() : Value::string(event_.name);
  if (field == "type") return Value::string(event_.type);
  if (field == "at") return Value::number(static_cast<double>(event_.at));
  return Value();
}

Value StateEnvironment::defined(Scratch::Memo& memo, NodeIndex rule, bool as_condition) {
  if (memo.open) {
    note(Part::moment);
    return Value();
  }
  const bool passing = memo.value.is_string() || memo.value.is_list() || memo.value.is_object();
  if ((passing && memo.generation < latest(Part::moment)) || !recalls(memo)) {
    memo.open = true;
    find(memo, [&] {
      if (as_condition) {
        memo.value = Value::boolean(rule == none || is_true(rule));
      } else {
        memo.value = rule == none ? Value() : evaluate_rule(rule);
      }
    });
    memo.open = false;
  }
  return memo.value;
}

Value StateEnvironment::computed(std::uint32_t index) { return defined(scratch_.computed[index], tables_.computed[index].rule, false); }

bool StateEnvironment::segment(std::uint32_t index) {
  const Value member = defined(scratch_.segments[index], tables_.segments[index].rule, true);
  return told(ReadObserver::What::segment, index, {}, Value::boolean(truthy(member))).as_boolean();
}

double StateEnvironment::intent(std::uint32_t index, double bound) {
  note(part_of(Part::intents, index));
  const double half_life = tables_.intents[index].half_life;
  const Score score = score_at(state_, index, half_life, now_);
  const double value = score.value();
  // Of what nearly cancels out nobody knows so exactly when it crosses the bound.
  if (!std::isnan(bound) && score.risen + score.fallen <= std::abs(value) * 1e6) {
    reads_.note_until(now_ + time_beyond(value, bound, half_life));
  } else if (score.risen != 0 || score.fallen != 0) {
    note(Part::moment);
  }
  return told(ReadObserver::What::intent, index, {}, Value::number(value)).as_number();
}

Value StateEnvironment::stage(std::uint32_t journey) {
  note(part_of(Part::stages, journey));
  const Enrolment* enrolment = find_entry(state_.enrolments, &Enrolment::journey, journey);
  const bool live = enrolment && enrolment->live();
  return told(ReadObserver::What::stage, journey, {}, live ? Value::string(tables_.view(tables_.stages[enrolment->stage].name)) : Value::null());
}

std::span<const PastEvent> StateEnvironment::history(std::string_view event, Duration length) {
  const std::uint32_t index = tables_.find(tables_.history, event);
  if (index == none) return {};
  note(part_of(Part::history, index));
  const program::HistoryEvent& record = tables_.history[index];
  const EventHistory* entry = find_entry(state_.history, &EventHistory::event, index);
  const auto remembered = entry ? remembered_events(*entry, record, std::max(state_.clock, now_)) : std::span<const PastEvent>();
  (void)told(ReadObserver::What::history, index, {}, Value::number(static_cast<double>(remembered.size())));
  const auto events = window(remembered, length, now_);
  // The oldest leaves first.
  if (!events.empty() && length > 0) reads_.note_until(events.front().at + length + 1);
  if (!remembered.empty()) {
    const Duration latest = record.latest_window, kept = record.window > 0 && (latest == 0 || record.window < latest) ? record.window : latest;
    if (kept > 0) reads_.note_until(remembered.front().at + kept + 1);
    if (remembered.back().at > now_) note(Part::moment);  // it is still to come
  }
  return events;
}

Value StateEnvironment::assigned_variant(std::uint32_t experience) const {
  note(Part::assignments);
  const ExperienceMemory* memory = find_entry(state_.experiences, &ExperienceMemory::experience, experience);
  return memory && !memory->variant.empty() ? Value::string(memory->variant) : Value();
}

}  // namespace wayline
