// Two states of one person as one: of two devices, or of what was known before and after a visitor was recognised.
#pragma once

#include <string>

#include "wayline/program.h"
#include "wayline/result.h"
#include "wayline/value.h"

namespace wayline {

/// The canonical JSON of the merged state, the same whichever state comes first (core/spec/merging.md). What the program
/// does not know is left out. Errors: those of Session::restore, state.other_person; state.malformed also when something
/// happened after a state's own clock.
[[nodiscard]] Result<std::string> merge_states(const Program& program, const Value& left, const Value& right);

}  // namespace wayline
