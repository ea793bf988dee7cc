#include "cli/tally.h"

#include <vector>

#include "cli/text.h"

namespace wayline::cli {
namespace {

/// The entry of that name, made when absent; only then is the name copied.
template <typename Entry>
auto& node_of(std::map<std::string, Entry, std::less<>>& entries, std::string_view name) {
  const auto found = entries.find(name);
  return found != entries.end() ? *found : *entries.emplace(name, Entry()).first;
}
template <typename Entry>
Entry& entry_of(std::map<std::string, Entry, std::less<>>& entries, std::string_view name) {
  return node_of(entries, name).second;
}

void add_counts(Counts& counts, const Counts& more) {
  for (const auto& [name, count] : more) counts[name] += count;
}

std::string_view text_of(const Value& value) { return value.is_string() ? value.as_string() : std::string_view(); }

Value number(Count count) { return Value::number(static_cast<double>(count)); }

Value counts_value(const Counts& counts, Arena& arena) {
  ObjectBuilder object(arena);
  for (const auto& [name, count] : counts) object.add(name, number(count));
  return object.build();
}

}  // namespace

void Tally::add(const Value& output) {
  ++events_;
  if (!output.get("duplicate").is_missing()) ++duplicates_;
  const Value effects = output.get("effects");
  for (const Value& effect : effects.is_list() ? effects.as_list() : std::span<const Value>()) add_effect(effect);
  const Value decisions = output.get("decisions");
  for (const Member& decision : decisions.is_object() ? decisions.as_object() : std::span<const Member>())
    add_decision(decision.key, decision.value);
}

void Tally::add_effect(const Value& effect) {
  const std::string_view event = text_of(effect.get("event"));
  const Value properties = effect.get("properties");
  const std::string_view id = text_of(properties.get("journey"));
  if (event == "Journey Entered") {
    ++entry_of(journeys_, id).entries;
  } else if (event == "Stage Entered") {
    ++entry_of(entry_of(journeys_, id).stages, text_of(properties.get("stage")));
  } else if (event == "Goal Reached") {
    ++entry_of(journeys_, id).goals;
  } else if (event == "Journey Exited") {
    ++entry_of(entry_of(journeys_, id).outcomes, text_of(properties.get("outcome")));
  }
}

Tally::Recent Tally::find_counter(std::string_view slot, std::string_view experience, std::string_view variant) {
  auto& [slot_name, counts] = node_of(slots_, slot);
  if (experience.empty()) {
    auto& [reason, count] = node_of(counts.defaults, variant);
    return {slot_name, {}, reason, &count};
  }
  auto& [experience_name, variants] = node_of(counts.shown, experience);
  auto& [variant_name, count] = node_of(variants, variant);
  return {slot_name, experience_name, variant_name, &count};
}

void Tally::add_decision(std::string_view slot, const Value& decision) {
  const std::string_view experience = text_of(decision.get("experience"));
  const std::string_view variant = text_of(decision.get(experience.empty() ? "reason" : "variant"));
  const auto address = [](std::string_view text) { return reinterpret_cast<std::uintptr_t>(text.data()); };
  Recent& recent = recent_[(address(slot) ^ address(experience) * 31 ^ address(variant) * 7) % recent_count];
  // The addresses only say where to look; the texts decide.
  if (recent.count == nullptr || recent.slot != slot || recent.experience != experience || recent.variant != variant) {
    recent = find_counter(slot, experience, variant);
  }
  ++*recent.count;
}

void Tally::add(const Tally& other) {
  events_ += other.events_;
  duplicates_ += other.duplicates_;
  for (const auto& [id, journey] : other.journeys_) {
    Journey& mine = journeys_[id];
    mine.entries += journey.entries;
    mine.goals += journey.goals;
    add_counts(mine.stages, journey.stages);
    add_counts(mine.outcomes, journey.outcomes);
  }
  for (const auto& [name, slot] : other.slots_) {
    Slot& mine = slots_[name];
    add_counts(mine.defaults, slot.defaults);
    for (const auto& [experience, variants] : slot.shown) add_counts(mine.shown[experience], variants);
  }
}

std::string Tally::text() const {
  std::string text;
  std::vector<std::vector<std::string>> rows;
  for (const auto& [id, journey] : journeys_) {
    rows.push_back({"journey " + id, "entries", grouped(journey.entries)});
    for (const auto& [stage, count] : journey.stages) rows.push_back({"", "stage " + stage, grouped(count)});
    rows.push_back({"", "goals", grouped(journey.goals)});
    for (const auto& [outcome, count] : journey.outcomes) rows.push_back({"", "outcome " + outcome, grouped(count)});
  }
  for (const auto& [name, slot] : slots_) {
    std::string title = "slot " + name;
    for (const auto& [experience, variants] : slot.shown) {
      for (const auto& [variant, count] : variants) {
        rows.push_back({title, experience + ", variant " + variant, grouped(count)});
        title.clear();
      }
    }
    for (const auto& [reason, count] : slot.defaults) {
      rows.push_back({title, "default, " + reason, grouped(count)});
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
    entry.add("entries", number(journey.entries))
        .add("goals", number(journey.goals))
        .add("outcomes", counts_value(journey.outcomes, arena));
    journeys.add(id, entry.add("stages", counts_value(journey.stages, arena)).build());
  }
  for (const auto& [name, slot] : slots_) {
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
