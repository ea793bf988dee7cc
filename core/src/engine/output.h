// The engine's answers as values: what `wayline run` prints and what crosses to the browser (design 9).
#pragma once

#include <span>
#include <vector>

#include "engine/outcome.h"
#include "profile/environment.h"
#include "profile/state.h"
#include "program/tables.h"

namespace wayline {

/// {slot: {content, experience, journey, reason, variant}}, with `candidates` in each when they are explained.
[[nodiscard]] Value decisions_value(const program::Tables& tables, const Outcome& outcome, Arena& arena);

/// For each decision the list of its candidates and what became of them.
[[nodiscard]] Value candidates_value(const program::Tables& tables, const State& state, std::span<const SlotDecision> decisions,
                                     const std::vector<CandidateOutcome>& outcomes, StateEnvironment& environment, Arena& arena);

/// {experience: [variant]} of these slots on this page, whatever their conditions: what `force` takes (design 8.6).
[[nodiscard]] Value previews_value(const program::Tables& tables, std::span<const SlotDecision> decisions, const PageAddress& page, Arena& arena);

/// {content?, dismissible, experience, journey, variant}: all of a decision for a variant but what depends on the visitor.
[[nodiscard]] Value variant_value(const program::Tables& tables, const program::Experience& experience, const program::Variant& variant, Arena& arena);

/// {id: {stage, status, outcome?}} of every journey that the visitor is or was in. Texts live as long as the enrolments.
[[nodiscard]] Value journeys_value(const program::Tables& tables, const State& state, Arena& arena);

/// The same as news since the session's latest answer to a step: all of them in `journeys` where they are not the same journeys,
/// else those that changed in `changed`.
void tell_journeys(const program::Tables& tables, const State& state, VisitorMemo& memo, Outcome& outcome, Arena& arena);

/// [{code, name}]: what the step did not take as it was sent, or could not keep.
[[nodiscard]] Value notices_value(std::span<const Notice> notices, Arena& arena);

/// Everything that is known of the visitor, with provenance.
[[nodiscard]] Value inspection_value(const program::Tables& tables, const State& state, StateEnvironment& environment, Arena& arena);

/// Continues a digest with what was decided: slots, experiences, variants and reasons, by index.
[[nodiscard]] std::uint64_t digest_decisions(std::span<const SlotDecision> decisions, std::uint64_t digest);

}  // namespace wayline
