#include <map>

#include "program/builder.h"

namespace wayline::program {

void Builder::add_listeners() {
  struct Named {
    Listener listener{{}, none, {}, {}};
    std::vector<std::uint32_t> entries;
    std::vector<Heard> signals;
  };
  std::map<std::string_view, Named> names;
  const auto named = [&](Text name) -> Named& {
    Named& found = names[{writer_.text.data() + name.first, name.size}];
    found.listener.name = name;
    return found;
  };
  named(writer_.intern(""));  // the events that nobody names
  for (std::uint32_t event = 0; event < writer_.history.size(); ++event) named(writer_.history[event].name).listener.history = event;
  for (std::uint32_t intent = 0; intent < writer_.intents.size(); ++intent) {
    const Range signals = writer_.intents[intent].signals;
    for (std::uint32_t signal = signals.first; signal < signals.first + signals.count; ++signal) {
      named(writer_.signals[signal].event).signals.push_back({intent, signal});
    }
  }
  for (const Journey& journey : writer_.journeys) named(journey.enter.event);
  for (const std::uint32_t journey : writer_.journey_order) {
    const Text event = writer_.journeys[journey].enter.event;
    if (event.size > 0) {
      named(event).entries.push_back(journey);
      continue;
    }
    // Entered by a condition alone: after any event.
    for (auto& [name, any] : names) any.entries.push_back(journey);
  }

  std::map<std::vector<std::uint32_t>, Range> lists;  // many names have the same
  const auto appended = []<typename Record>(std::vector<Record>& table, const std::vector<Record>& run) {
    return Writer::appended(table, [&] { table.insert(table.end(), run.begin(), run.end()); });
  };
  for (auto& [name, found] : names) {
    const auto [list, fresh] = lists.emplace(found.entries, Range{});
    if (fresh) list->second = appended(writer_.journey_sets, found.entries);
    found.listener.entries = list->second;
    found.listener.signals = appended(writer_.heard, found.signals);
    writer_.listeners.push_back(found.listener);
  }
}

}  // namespace wayline::program
