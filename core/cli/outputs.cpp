#include "cli/outputs.h"

#include <algorithm>
#include <functional>
#include <set>

#include "value/json.h"

namespace wayline::cli {
namespace {

constexpr std::size_t longest_text = 100;  // shown whole
constexpr std::size_t context = 24;        // bytes of what is the same, kept on both sides

std::string text_of(const Value& value) { return value.is_string() ? std::string(value.as_string()) : to_json(value); }

std::string decision_text(const Value& decision) {
  if (decision.is_missing()) return "not decided";
  const std::string reason = " (" + text_of(decision.get("reason")) + ")";
  if (decision.get("experience").is_nothing()) return "the default content" + reason;
  return text_of(decision.get("experience")) + ", variant " + text_of(decision.get("variant")) + reason;
}

std::string journey_text(const Value& journey) {
  if (journey.is_missing()) return "not entered";
  std::string text = text_of(journey.get("stage")) + ", " + text_of(journey.get("status"));
  if (!journey.get("outcome").is_missing()) text += " (" + text_of(journey.get("outcome")) + ")";
  return text;
}

std::string effect_text(const Value& effect) {
  if (effect.get("event").is_missing()) return to_json(effect);
  return text_of(effect.get("event")) + " " + to_json(effect.get("properties")) + " at " + text_of(effect.get("at"));
}

std::string effects_text(const Value& effects) {
  std::string text;
  for (const Value& effect : effects.is_list() ? effects.as_list() : std::span<const Value>())
    text += (text.empty() ? "" : "; ") + effect_text(effect);
  return text.empty() ? "none" : text;
}

std::span<const Member> members_of(const Value& object) {
  return object.is_object() ? object.as_object() : std::span<const Member>();
}

/// Compares the members of two objects by key. What reads alike but is not equal is shown as JSON.
void compare_members(const std::string& noun, const Value& before, const Value& after,
                     const std::function<std::string(const Value&)>& text, std::vector<OutputChange>& changes) {
  std::set<std::string_view> keys;
  for (const Member& member : members_of(before)) keys.insert(member.key);
  for (const Member& member : members_of(after)) keys.insert(member.key);
  for (const std::string_view key : keys) {
    const Value old = before.get(key), now = after.get(key);
    if (old.is_missing() == now.is_missing() && equal(old, now)) continue;
    OutputChange change{noun + " " + std::string(key), text(old), text(now)};
    if (change.before == change.after) {
      change.before = to_json(old);
      change.after = to_json(now);
    }
    changes.push_back(std::move(change));
  }
}

bool is_output(const Value& line) { return line.get("decisions").is_object(); }

bool is_continuation(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) == 0x80; }

}  // namespace

std::vector<OutputChange> compare_outputs(const Value& before, const Value& after) {
  std::vector<OutputChange> changes;
  if (equal(before, after)) return changes;
  if (!is_output(before) || !is_output(after)) {
    changes.push_back({"answer", to_json(before), to_json(after)});
    return changes;
  }
  compare_members("slot", before.get("decisions"), after.get("decisions"), decision_text, changes);
  compare_members("journey", before.get("journeys"), after.get("journeys"), journey_text, changes);
  if (!equal(before.get("effects"), after.get("effects")))
    changes.push_back({"effects", effects_text(before.get("effects")), effects_text(after.get("effects"))});
  if (before.get("duplicate").is_missing() != after.get("duplicate").is_missing()) {
    changes.push_back({"duplicate", to_json(before.get("duplicate")), to_json(after.get("duplicate"))});
  }
  return changes;
}

void shorten_both(std::string& before, std::string& after) {
  if (before.size() <= longest_text && after.size() <= longest_text) return;
  const std::size_t shorter = std::min(before.size(), after.size());
  std::size_t start = 0, end = 0;
  while (start < shorter && before[start] == after[start]) ++start;
  while (end < shorter - start && before[before.size() - 1 - end] == after[after.size() - 1 - end]) ++end;
  start = start > context ? start - context : 0;
  end = end > context ? end - context : 0;
  for (std::string* text : {&before, &after}) {
    std::size_t from = start, to = text->size() - end;
    while (from > 0 && is_continuation((*text)[from])) --from;
    while (to < text->size() && is_continuation((*text)[to])) ++to;
    *text = (from > 0 ? "…" : "") + text->substr(from, to - from) + (to < text->size() ? "…" : "");
  }
}

}  // namespace wayline::cli
