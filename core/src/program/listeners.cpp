#include "program/listeners.h"

#include <algorithm>

#include "base/sort.h"

namespace wayline::program {

ListenerIndex::ListenerIndex(const Tables& tables) {
  for (const Signal& signal : tables.signals) names_.push_back(tables.view(signal.event));
  for (const Journey& journey : tables.journeys) names_.push_back(tables.view(journey.enter.event));
  for (const HistoryEvent& event : tables.history) names_.push_back(tables.view(event.name));
  sort_stably(std::span(names_));
  names_.erase(std::unique(names_.begin(), names_.end()), names_.end());
  named_.resize(names_.size());

  for (std::uint32_t event = 0; event < tables.history.size(); ++event) named_[place_of(tables.view(tables.history[event].name))].history = event;
  for (std::uint32_t intent = 0; intent < tables.intents.size(); ++intent) {
    for (const Signal& signal : Tables::run(tables.signals, tables.intents[intent].signals)) {
      named_[place_of(tables.view(signal.event))].signals.push_back({intent, &signal});
    }
  }
  for (const std::uint32_t journey : tables.journey_order) {
    const std::string_view event = tables.view(tables.journeys[journey].enter.event);
    if (!event.empty()) {
      named_[place_of(event)].entries.push_back(journey);
      continue;
    }
    // Entered by a condition alone: after any event.
    for (Listeners& listeners : named_) listeners.entries.push_back(journey);
    others_.entries.push_back(journey);
  }
}

std::size_t ListenerIndex::place_of(std::string_view event) const {
  return static_cast<std::size_t>(std::lower_bound(names_.begin(), names_.end(), event) - names_.begin());
}

const Listeners& ListenerIndex::of(std::string_view event) const {
  const std::size_t place = place_of(event);
  return place < names_.size() && names_[place] == event ? named_[place] : others_;
}

}  // namespace wayline::program
