#include "cli/tally.h"

#include <vector>

#include "cli/text.h"

namespace wayline::cli {
namespace {

/// The entry of that name, made when absent; only then is the name copied.
template <typename Entry>
Entry& entry_of(std::map<std::string, Entry, std::less<>>& entries, std::string_view name) {
  const auto found = entries.find(name);
  return found != entries.end() ? found->second : entries.emplace(name, Entry()).first->second;
}

void add_counts(Counts& counts, const Counts& more) {
  for (const auto& [name, count] : more) counts[name] += count;
}

std::string_view text_of(const Value& value) { return value.is_string() ? value.as_string() : std::string_view(); }

Value number(Count count) { return Value::number(static_cast<double>(count)); }

template <typename Names>
Value counts_value(const Names& counts, Arena& arena) {
  ObjectBuilder object(arena);
  for (const auto& [name, count] : counts) object.add(name, number(count));
  return object.build();
}

}  // namespace

Tally::Tally(const program::Tables& tables)
    : tables_(&tables), shown_(tables.variants.size()), defaults_(tables.slots.size() * reason_texts.size()) {}

void Tally::add(const Outcome& outcome) {
  ++events_;
  if (outcome.duplicate) ++duplicates_;
  for (const Value& effect : outcome.effects.is_list() ? outcome.effects.as_list() : std::span<const Value>()) add_effect(effect);
  for (const SlotDecision& decision : outcome.decisions) {
    ++(decision.shows() ? shown_[decision.variant] : defaults_[decision.slot * reason_texts.size() + static_cast<std::size_t>(decision.reason)]);
  }
}

void Tally::add_effect(const Value& effect) {
  const std::string_view event = text_of(effect.get("event"));
  if (event.empty()) return;  // a timer
  const Value properties = effect.get("properties");
  const std::string_view id = text_of(properties.get("journey"));
  const bool held_out = !properties.get("holdout").is_missing();
  if (event == "Journey Entered") {
    ++entry_of(journeys_, id).counts.entries;
    if (held_out) ++entry_of(journeys_, id).held_out.entries;
  } else if (event == "Stage Entered") {
    ++entry_of(entry_of(journeys_, id).stages, text_of(properties.get("stage")));
  } else if (event == "Goal Reached") {
    const Value value = properties.get("value");
    const JourneyCounts reached{0, 1, value.is_number() ? value.as_number() : 0};
    entry_of(journeys_, id).counts.add(reached);
    if (held_out) entry_of(journeys_, id).held_out.add(reached);
  } else if (event == "Journey Exited") {
    ++entry_of(entry_of(journeys_, id).outcomes, text_of(properties.get("outcome")));
  }
}

std::map<std::string_view, Tally::Slot> Tally::slots() const {
  std::map<std::string_view, Slot> slots;
  const auto of = [&](std::uint32_t slot) -> Slot& { return slots[tables_->view(tables_->slots[slot].name)]; };
  for (const program::Experience& experience : tables_->experiences) {
    for (std::uint32_t variant = experience.variants.first; variant < experience.variants.first + experience.variants.count; ++variant) {
      if (shown_[variant] > 0) of(experience.slot).shown[tables_->view(experience.id)][tables_->view(tables_->variants[variant].id)] = shown_[variant];
    }
  }
  for (std::uint32_t slot = 0; slot < tables_->slots.size(); ++slot) {
    for (std::size_t reason = 0; reason < reason_texts.size(); ++reason) {
      const Count count = defaults_[slot * reason_texts.size() + reason];
      if (count > 0) of(slot).defaults[reason_texts[reason]] = count;
    }
  }
  return slots;
}

void Tally::add(const Tally& other) {
  events_ += other.events_;
  duplicates_ += other.duplicates_;
  for (const auto& [id, journey] : other.journeys_) {
    Journey& mine = journeys_[id];
    mine.counts.add(journey.counts);
    mine.held_out.add(journey.held_out);
    add_counts(mine.stages, journey.stages);
    add_counts(mine.outcomes, journey.outcomes);
  }
  for (std::size_t i = 0; i < shown_.size(); ++i) shown_[i] += other.shown_[i];
  for (std::size_t i = 0; i < defaults_.size(); ++i) defaults_[i] += other.defaults_[i];
}

JourneyCounts Tally::journey(std::string_view id) const {
  const auto found = journeys_.find(id);
  return found == journeys_.end() ? JourneyCounts() : found->second.counts;
}

std::string Tally::text() const {
  std::string text;
  std::vector<std::vector<std::string>> rows;
  for (const auto& [id, journey] : journeys_) {
    const bool is_compared = journey.held_out.entries > 0;
    rows.push_back({"journey " + id, "entries", grouped(journey.counts.entries)});
    if (is_compared) rows.push_back({"", "of them held out", grouped(journey.held_out.entries)});
    for (const auto& [stage, count] : journey.stages) rows.push_back({"", "stage " + stage, grouped(count)});
    rows.push_back({"", "goals", grouped(journey.counts.goals)});
    if (is_compared) rows.push_back({"", "of them held out", grouped(journey.held_out.goals)});
    for (const auto& [outcome, count] : journey.outcomes) rows.push_back({"", "outcome " + outcome, grouped(count)});
  }
  for (const auto& [name, slot] : slots()) {
    std::string title = "slot " + std::string(name);
    for (const auto& [experience, variants] : slot.shown) {
      for (const auto& [variant, count] : variants) {
        rows.push_back({title, std::string(experience) + ", variant " + std::string(variant), grouped(count)});
        title.clear();
      }
    }
    for (const auto& [reason, count] : slot.defaults) {
      rows.push_back({title, "default, " + std::string(reason), grouped(count)});
      title.clear();
    }
  }
  if (duplicates_ > 0) text += counted(duplicates_, "duplicate event") + "\n";
  return text + aligned(rows, 2, "");
}

Value Tally::value(Arena& arena) const {
  ObjectBuilder journeys(arena), slots(arena), result(arena);
  for (const auto& [id, journey] : journeys_) {
    ObjectBuilder entry(arena);
    entry.add("entries", number(journey.counts.entries))
        .add("goals", number(journey.counts.goals));
    if (journey.held_out.entries > 0) {
      ObjectBuilder held_out(arena);
      entry.add("holdout", held_out.add("entries", number(journey.held_out.entries)).add("goals", number(journey.held_out.goals)).build());
    }
    entry.add("outcomes", counts_value(journey.outcomes, arena));
    journeys.add(id, entry.add("stages", counts_value(journey.stages, arena)).build());
  }
  for (const auto& [name, slot] : Tally::slots()) {
    ObjectBuilder shown(arena), entry(arena);
    for (const auto& [experience, variants] : slot.shown) shown.add(experience, counts_value(variants, arena));
    slots.add(name, entry.add("defaults", counts_value(slot.defaults, arena)).add("shown", shown.build()).build());
  }
  return result.add("duplicates", number(duplicates_))
      .add("events", number(events_))
      .add("journeys", journeys.build())
      .add("slots", slots.build())
      .build();
}

}  // namespace wayline::cli
