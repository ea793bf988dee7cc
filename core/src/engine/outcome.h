// What a step or a decision came to, by the indexes of its program: the narrow form, from which hosts that keep the names make the rest.
#pragma once

#include <span>

#include "decision/decide.h"
#include "wayline/value.h"

namespace wayline {

/// Lives in the engine's scratch, until the next call of any session of the engine.
struct Outcome {
  std::span<const SlotDecision> decisions;
  bool duplicate = false;
  // Each is missing when it would be empty.
  Value contents;    // list: the filled contents of those decisions whose variant interpolates, but for those told before, in their order
  Value effects;     // list
  Value journeys;    // object: of all enrolments, when they are not of the journeys that the host knows (tell_journeys())
  Value changed;     // object: of those that changed, when they are
  Value notices;     // list
  Value withheld;    // object: by slot what a holdout does not see
  Value candidates;  // list: for each decision the list of its candidates, when explained
  Value previews;    // object: what may be forced into the slots, when explained
};

}  // namespace wayline
