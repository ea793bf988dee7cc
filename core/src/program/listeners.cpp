#include "program/listeners.h"

namespace wayline::program {

Listeners listeners_of(const Tables& tables, std::string_view event) {
  const std::uint32_t found = tables.find(tables.listeners, event);
  const Listener& listener = tables.listeners[found == none ? 0 : found];
  return {listener.history, Tables::run(tables.journey_sets, listener.entries), Tables::run(tables.heard, listener.signals)};
}

}  // namespace wayline::program
