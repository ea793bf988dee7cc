// The engine's answers as values: what `wayline run` prints and what crosses to the browser (design 9).
#pragma once

#include <span>
#include <vector>

#include "decision/decide.h"
#include "profile/environment.h"
#include "profile/state.h"
#include "program/tables.h"

namespace wayline {

/// {slot: {content, experience, journey, reason, variant}}, with `candidates` in each when there are outcomes.
[[nodiscard]] Value decisions_value(const program::Tables& tables, std::span<const SlotDecision> decisions, const std::vector<CandidateOutcome>* outcomes,
                                    StateEnvironment& environment, Arena& arena);

/// {id: {stage, status, outcome?}} of every journey that the visitor is or was in.
[[nodiscard]] Value journeys_value(const program::Tables& tables, const State& state, Arena& arena);

/// Everything that is known of the visitor, with provenance.
[[nodiscard]] Value inspection_value(const program::Tables& tables, const State& state, StateEnvironment& environment, Arena& arena);

/// Continues a digest with what was decided: slot, experience, variant and reason, by name.
[[nodiscard]] std::uint64_t digest_decisions(const program::Tables& tables, std::span<const SlotDecision> decisions, std::uint64_t digest);

}  // namespace wayline
