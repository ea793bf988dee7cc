#include "engine/output.h"

#include <array>
#include <cmath>
#include <string>
#include <utility>

#include "base/hash.h"
#include "decision/content.h"
#include "decision/explain.h"
#include "journey/effects.h"
#include "journey/holds.h"

namespace wayline {

using program::none;
using program::Tables;

namespace {

Value journey_of(const Tables& tables, const program::Experience& experience) {
  return experience.journey == none ? Value::null() : Value::string(tables.view(tables.journeys[experience.journey].id));
}

Value candidates_of(const Tables& tables, const State& state, std::uint32_t slot, const std::vector<CandidateOutcome>& outcomes, StateEnvironment& environment,
                    Arena& arena) {
  ListBuilder list(arena);
  for (const CandidateOutcome& outcome : outcomes) {
    if (outcome.slot != slot) continue;
    const program::Experience& experience = tables.experiences[outcome.experience];
    ObjectBuilder candidate(arena);
    candidate.text("experience", tables.view(experience.id))
        .add("journey", journey_of(tables, experience))
        .number("priority", experience.priority)
        .text("reason", reason_text(outcome.reason));
    const std::string_view owner = tables.view(experience.journey == none ? tables.terms_of(experience).owner : tables.journeys[experience.journey].owner);
    const auto hold = outcome.reason == Reason::held ? hold_on(tables, state, environment, owner, experience.journey) : std::nullopt;
    if (hold) candidate.text("heldBy", arena.copy(hold->by)).text("heldFor", arena.copy(hold->reason));
    if (const auto deciding = deciding_predicate(tables, experience.condition, environment)) {
      candidate.text("predicate", arena.copy(deciding->text)).add("result", deciding->result).add("saw", copy(deciding->saw, arena));
    }
    list.add(candidate.build());
  }
  return list.build();
}

Value profile_value(const Tables& tables, const State& state, StateEnvironment& environment, Arena& arena) {
  ObjectBuilder profile(arena);
  for (std::uint32_t trait = 0; trait < tables.traits.size(); ++trait) {
    const TraitValue* readable = environment.readable_trait(trait);
    const TraitValue* shown = readable;
    for (const TraitValue& value : state.traits) {
      if (!shown && value.trait == trait) shown = &value;
    }
    if (!shown) continue;
    const program::Trait& record = tables.traits[trait];
    ObjectBuilder entry(arena);
    entry.add("observedAt", time_text(shown->observed_at, arena))
        .add("purpose", record.purpose == none ? Value::null() : Value::string(tables.view(tables.purposes[record.purpose])))
        .boolean("readable", readable != nullptr)
        .text("source", shown->source)
        .add("value", shown->value.get());
    profile.add(tables.view(record.name), entry.build());
  }
  return profile.build();
}

void add_enrolment(const Tables& tables, const Enrolment& enrolment, ObjectBuilder& journeys, Arena& arena) {
  ObjectBuilder entry(arena);
  if (!enrolment.outcome.empty()) entry.text("outcome", enrolment.outcome);
  entry.text("stage", tables.view(tables.stages[enrolment.stage].name));
  entry.text("status", enrolment_status_names[static_cast<std::size_t>(enrolment.status)]);
  journeys.add(tables.view(tables.journeys[enrolment.journey].id), entry.build());
}

/// The holds of people that are in force at `now`.
Value holds_value(const State& state, Instant now, Arena& arena) {
  ListBuilder holds(arena);
  for (const PlacedHold& hold : state.holds) {
    if (hold.until <= now) continue;
    ObjectBuilder entry(arena);
    describe_hold(hold, entry, arena);
    if (hold.until == max_instant) entry.add("expires", Value::null());
    holds.add(entry.add("at", time_text(hold.at, arena)).build());
  }
  return holds.build();
}

Value journey_details(const Tables& tables, const State& state, Arena& arena) {
  ObjectBuilder journeys(arena);
  for (std::uint32_t index = 0; index < tables.journeys.size(); ++index) {
    const program::Journey& journey = tables.journeys[index];
    const Enrolment* enrolment = find_entry(state.enrolments, &Enrolment::journey, index);
    ListBuilder stages(arena);
    for (const program::Stage& stage : Tables::run(tables.stages, journey.stages)) {
      ObjectBuilder entry(arena);
      entry.text("id", tables.view(stage.name))
          .boolean("momentOfTruth", stage.moment_of_truth != 0)
          .text("system", tables.view(stage.system))
          .text("team", tables.view(stage.team));
      stages.add(entry.build());
    }
    ObjectBuilder entry(arena);
    entry.text("owner", tables.view(journey.owner)).add("stages", stages.build());
    entry.add("status", enrolment ? Value::string(enrolment_status_names[static_cast<std::size_t>(enrolment->status)]) : Value::null());
    entry.add("stage", enrolment ? Value::string(tables.view(tables.stages[enrolment->stage].name)) : Value::null());
    if (enrolment) {
      entry.number("count", enrolment->count).add("enteredAt", time_text(enrolment->entered_at, arena)).add("stageAt", time_text(enrolment->stage_at, arena));
      if (!enrolment->outcome.empty()) entry.text("outcome", arena.copy(enrolment->outcome));
      const auto add_text = [&](std::string_view key, const std::string& text) {
        if (!text.empty()) entry.text(key, arena.copy(text));
      };
      if (!enrolment->handoff.id.empty()) {
        ObjectBuilder handoff(arena);
        handoff.add("due", time_text(enrolment->handoff.due, arena))
            .text("id", arena.copy(enrolment->handoff.id))
            .text("to", arena.copy(enrolment->handoff.to));
        entry.add("handoff", handoff.build());
      }
      add_text("heldBy", enrolment->held_by);
      add_text("reason", enrolment->reason);
      add_text("startedBy", enrolment->started_by);
    }
    journeys.add(tables.view(journey.id), entry.build());
  }
  return journeys.build();
}

}  // namespace

Value candidates_value(const Tables& tables, const State& state, std::span<const SlotDecision> decisions, const std::vector<CandidateOutcome>& outcomes,
                       StateEnvironment& environment, Arena& arena) {
  ListBuilder lists(arena);
  for (const SlotDecision& decision : decisions) lists.add(candidates_of(tables, state, decision.slot, outcomes, environment, arena));
  return lists.build();
}

Value previews_value(const Tables& tables, std::span<const SlotDecision> decisions, const PageAddress& page, Arena& arena) {
  ObjectBuilder previews(arena);
  for (const SlotDecision& decision : decisions) {
    for (const program::Experience& experience : tables.experiences) {
      if (experience.slot != decision.slot || !shows_on(tables, experience, page)) continue;
      ListBuilder variants(arena);
      for (const program::Variant& variant : Tables::run(tables.variants, experience.variants)) variants.add(Value::string(tables.view(variant.id)));
      previews.add(tables.view(experience.id), variants.build());
    }
  }
  return previews.build();
}

Value decisions_value(const Tables& tables, const Outcome& outcome, Arena& arena) {
  ObjectBuilder object(arena);
  std::size_t filled = 0;
  for (std::size_t i = 0; i < outcome.decisions.size(); ++i) {
    const SlotDecision& decision = outcome.decisions[i];
    ObjectBuilder entry(arena);
    if (outcome.candidates.is_list()) entry.add("candidates", outcome.candidates.as_list()[i]);
    if (decision.shows()) {
      const program::Experience& experience = tables.experiences[decision.experience];
      const program::Variant& variant = tables.variants[decision.variant];
      entry.add("content", variant.interpolates != 0 ? outcome.contents.as_list()[filled++] : tables.values[variant.content])
          .boolean("dismissible", tables.terms_of(experience).dismissible != 0)
          .text("experience", tables.view(experience.id))
          .add("journey", journey_of(tables, experience))
          .text("reason", reason_text(decision.reason))
          .text("variant", tables.view(variant.id));
    } else {
      entry.add("content", Value::null())
          .add("experience", Value::null())
          .add("journey", Value::null())
          .text("reason", reason_text(decision.reason))
          .add("variant", Value::null());
      if (decision.withheld != none) entry.text("withheld", tables.view(tables.experiences[decision.withheld].id));
    }
    object.add(tables.view(tables.slots[decision.slot].name), entry.build());
  }
  return object.build();
}

Value variant_value(const Tables& tables, const program::Experience& experience, const program::Variant& variant, Arena& arena) {
  ObjectBuilder entry(arena);
  if (variant.interpolates == 0) entry.add("content", tables.values[variant.content]);
  return entry.boolean("dismissible", tables.terms_of(experience).dismissible != 0)
      .text("experience", tables.view(experience.id))
      .add("journey", journey_of(tables, experience))
      .text("variant", tables.view(variant.id))
      .build();
}

Value journeys_value(const Tables& tables, const State& state, Arena& arena) {
  ObjectBuilder journeys(arena);
  for (const Enrolment& enrolment : state.enrolments) add_enrolment(tables, enrolment, journeys, arena);
  return journeys.build();
}

void tell_journeys(const Tables& tables, const State& state, VisitorMemo& memo, Outcome& outcome, Arena& arena) {
  const std::uint64_t changed = memo.changes[static_cast<std::size_t>(Part::journeys)];
  if (std::exchange(memo.told_as_of, changed) == changed) return;
  bool others = memo.told.size() != state.enrolments.size();
  memo.told.resize(state.enrolments.size());
  for (std::size_t i = 0; i < memo.told.size(); ++i) others |= memo.told[i].journey != state.enrolments[i].journey;
  ObjectBuilder news(arena);
  bool any = others;
  for (std::size_t i = 0; i < memo.told.size(); ++i) {
    const Enrolment& enrolment = state.enrolments[i];
    const VisitorMemo::Told now{enrolment.journey, enrolment.stage, enrolment.count, enrolment.status};
    if (!others && memo.told[i] == now) continue;
    memo.told[i] = now;
    add_enrolment(tables, enrolment, news, arena);
    any = true;
  }
  if (any) (others ? outcome.journeys : outcome.changed) = news.build();
}

Value notices_value(std::span<const Notice> notices, Arena& arena) {
  ListBuilder list(arena);
  for (const Notice& notice : notices) {
    ObjectBuilder entry(arena);
    list.add(entry.text("code", engine_code_text(notice.code)).text("name", notice.name).build());
  }
  return list.build();
}

Value inspection_value(const Tables& tables, const State& state, StateEnvironment& environment, Arena& arena) {
  ObjectBuilder consent(arena), segments(arena), intents(arena), computed(arena), session(arena);
  for (std::uint32_t purpose = 0; purpose < tables.purposes.size(); ++purpose) {
    consent.boolean(tables.view(tables.purposes[purpose]), environment.consented(purpose));
  }
  for (std::uint32_t i = 0; i < tables.segments.size(); ++i) segments.boolean(tables.view(tables.segments[i].name), environment.segment(i));
  for (std::uint32_t i = 0; i < tables.intents.size(); ++i) intents.number(tables.view(tables.intents[i].name), environment.intent(i, std::nan("")));
  for (const program::Computed& record : tables.computed) {
    const std::string path = std::string("computed.").append(tables.view(record.name));
    computed.add(tables.view(record.name), environment.path(path, arena));
  }
  session.number("number", state.session.number).number("pages", state.session.pages);
  ListBuilder slots(arena);
  for (const program::Slot& slot : tables.slots) slots.add(Value::string(tables.view(slot.name)));

  ObjectBuilder result(arena);
  result.add("computed", computed.build())
      .add("consent", consent.build())
      .boolean("holdout", environment.in_holdout())
      .add("holds", holds_value(state, environment.instant(), arena))
      .add("intents", intents.build())
      .add("journeys", journey_details(tables, state, arena))
      .add("page", state.page.get())
      .add("profile", profile_value(tables, state, environment, arena))
      .add("segments", segments.build())
      .add("session", session.build())
      .text("site", tables.view(tables.site[0].name))
      .add("slots", slots.build())
      .add("user", state.user.empty() ? Value::null() : Value::string(state.user))
      .text("visitor", state.visitor);
  return result.build();
}

std::uint64_t digest_decisions(std::span<const SlotDecision> decisions, std::uint64_t digest) {
  for (const SlotDecision& decision : decisions) {
    const std::uint32_t parts[]{decision.slot, decision.experience, decision.variant, static_cast<std::uint32_t>(decision.reason)};
    digest = hash64({reinterpret_cast<const char*>(parts), sizeof parts}, digest);
  }
  return digest;
}

}  // namespace wayline
