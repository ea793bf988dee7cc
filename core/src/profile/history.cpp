#include "profile/history.h"

#include <algorithm>
#include <utility>

namespace wayline {

using program::none;
using program::Tables;

namespace {

/// What an event without properties costs: its time.
constexpr std::size_t event_bytes = 12;

std::size_t cost(const PastEvent& event) {
  return event.properties.as_object().empty() ? event_bytes : event_bytes + rough_bytes(event.properties);
}

/// Adds the members that the dotted paths are about, each once.
void select(const Tables& tables, program::Range paths, const Value& properties, ArenaRun<Member>& selected) {
  for (const program::Text path : Tables::run(tables.texts, paths)) {
    const std::string_view text = tables.view(path);
    const std::string_view key = text.substr(0, text.find('.'));
    const Value value = properties.get(key);
    if (!value.is_missing() && Value::object(selected.items()).get(key).is_missing()) selected.push({key, value});
  }
}

/// Removes the `count` oldest.
void forget_oldest(EventHistory& history, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) history.bytes -= cost(history.events[i]);
  history.events.erase(history.events.begin(), history.events.begin() + static_cast<std::ptrdiff_t>(count));
  history.properties.erase(history.properties.begin(), history.properties.begin() + static_cast<std::ptrdiff_t>(count));
}

/// Gives back the former ones.
OwnedValue replace_properties(EventHistory& history, std::size_t place, const Value& properties) {
  history.bytes -= cost(history.events[place]);
  OwnedValue former = std::exchange(history.properties[place], OwnedValue(properties));
  history.events[place].properties = history.properties[place].get();
  history.bytes += cost(history.events[place]);
  return former;
}

void forget_expired(State& state, const Tables& tables, EventHistory& history) {
  forget_oldest(history, history.events.size() - remembered_events(history, tables.history[history.event], state.clock).size());
}

std::size_t total_cost(const State& state) {
  std::size_t total = 0;
  for (const EventHistory& history : state.history) total += history.bytes;
  return total;
}

}  // namespace

std::span<const PastEvent> remembered_events(const EventHistory& history, const program::HistoryEvent& record, Instant now) {
  const std::span<const PastEvent> events = history.events;
  auto first = events.end();
  if (record.window > 0) {
    first = std::lower_bound(events.begin(), events.end(), now - record.window, [](const PastEvent& event, Instant instant) { return event.at < instant; });
  }
  if (first == events.end() && first != events.begin() && record.latest_window > 0 && events.back().at >= now - record.latest_window) --first;
  return {first, events.end()};
}

Value lasting_properties(const Tables& tables, const program::HistoryEvent& record, const Value& properties, Arena& arena) {
  ArenaRun<Member> lasting(arena);
  select(tables, record.properties, properties, lasting);
  return Value::object(lasting.items());
}

void append_past_event(EventHistory& history, Instant at, OwnedValue properties) {
  history.properties.push_back(std::move(properties));
  history.events.push_back({at, history.properties.back().get()});
  history.bytes += cost(history.events.back());
}

void make_room(State& state, const Tables& tables, StateEnvironment* environment) {
  if (total_cost(state) <= max_history_bytes) return;
  if (environment) environment->changed();
  for (EventHistory& history : state.history) forget_expired(state, tables, history);
  while (total_cost(state) > max_history_bytes) {
    EventHistory* largest = &state.history.front();
    for (EventHistory& history : state.history) {
      if (history.bytes > largest->bytes) largest = &history;
    }
    // Some at a time: the next events then find room at once.
    const std::size_t count = largest->events.size() / 16 + 1;
    largest->forgotten = largest->events[count - 1].at;
    forget_oldest(*largest, count);
    if (environment) environment->notice(ErrorCode::history_full, tables.view(tables.history[largest->event].name));
  }
}

void remember_event(State& state, const Tables& tables, std::uint32_t index, const Event& event, StateEnvironment& environment, Arena& arena) {
  const program::HistoryEvent& record = tables.history[index];
  EventHistory& history = entry_of(state.history, &EventHistory::event, index);

  // Late events take their place in time, so the order of arrival does not matter.
  std::size_t place = history.events.size();
  while (place > 0 && history.events[place - 1].at > event.at) --place;
  const bool latest = place == history.events.size();

  ArenaRun<Member> selected(arena);
  select(tables, record.properties, event.properties, selected);
  if (latest) select(tables, record.latest_properties, event.properties, selected);
  std::size_t kept = 0;
  for (const Member& member : selected.items()) {
    if (rough_bytes(member.value) <= max_property_bytes) {
      selected.items()[kept++] = member;
    } else {
      environment.notice(ErrorCode::history_property_too_large, member.key);
    }
  }
  selected.truncate(kept);
  OwnedValue properties;
  if (latest && place > 0 && record.latest_properties.count > 0) {
    properties = replace_properties(history, place - 1, lasting_properties(tables, record, history.events[place - 1].properties, arena));
  }
  properties.assign(Value::object(selected.items()));
  const OwnedValue& value = insert_at(history.properties, place, std::move(properties));
  history.bytes += cost(insert_at(history.events, place, PastEvent{event.at, value.get()}));

  const std::size_t expired = history.events.size() - remembered_events(history, record, state.clock).size();
  // Moving all events for each that expires would cost more than letting a quarter of them lie.
  if (record.window == 0 || expired * 4 > history.events.size()) forget_oldest(history, expired);
  make_room(state, tables, &environment);
}

}  // namespace wayline
