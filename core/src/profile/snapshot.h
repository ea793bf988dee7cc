// The canonical document of a state: names instead of indexes, so that it outlives the program it was made with.
#pragma once

#include <string>
#include <vector>

#include "profile/state.h"
#include "program/tables.h"
#include "wayline/result.h"

namespace wayline {

/// The newest shape of the document that this engine reads and the one that it writes.
/// Version 1 wrote every time in full; version 2 writes those of a list as what they add to the one before.
constexpr int state_version = 2;

/// The document, in `arena`. Equal states give equal canonical JSON.
[[nodiscard]] Value state_document(const State& state, const program::Tables& tables, Arena& arena);

/// Reads a document, which is untrusted, into a new state; one that is refused leaves it unusable. What the program no longer knows is dropped
/// and named in `dropped`, such as "journeys.winter-sale". Errors: state.malformed, state.from_future.
[[nodiscard]] Result<Done> read_state(const Value& document, const program::Tables& tables, State& state, std::vector<std::string>& dropped);

}  // namespace wayline
