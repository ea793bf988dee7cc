// What people said of holds, in the order of time and whatever the order in which it came (design 7.7).
#pragma once

#include <vector>

#include "profile/state.h"

namespace wayline {

/// Oldest first; of one moment by the names.
[[nodiscard]] bool is_older(const PlacedHold& a, const PlacedHold& b);
/// Puts it into its place.
void insert_hold(std::vector<PlacedHold>& holds, const PlacedHold& hold);
[[nodiscard]] bool is_of_same(const PlacedHold& a, const PlacedHold& b);
/// Of one team and scope: what was said later; at one moment the hold that lasts longer, then the greater reason.
[[nodiscard]] bool outdoes(const PlacedHold& a, const PlacedHold& b);
/// Whether an end, of which what is empty stands for any, ends what was said of that hold.
[[nodiscard]] bool ends(const PlacedHold& end, const PlacedHold& hold);

/// Takes up what was said among what was said before: of each team and scope the latest, at most max_holds, sorted. The result is the same for
/// every order in which the same is taken up, and however often. `tell(hold, is_forgotten)` is called of a hold that is in force no more; `said` is ended
/// by what ended it later.
/// Whether the hold is in force by what was said.
template <typename Tell>
bool take_hold(std::vector<PlacedHold>& holds, PlacedHold& said, const Tell& tell) {
  PlacedHold* place = nullptr;  // of what was said of the same before
  for (PlacedHold& other : holds) {
    if (is_of_same(other, said)) {
      place = &other;
    } else if (ends(other, said)) {
      said.end();
    } else if (ends(said, other) && !other.ended()) {
      tell(other, false);
      other.end();
    }
  }
  const bool forgets = !place && holds.size() == max_holds;
  if (forgets) place = &holds[0];
  if (place && (forgets ? is_older(said, *place) : !outdoes(said, *place))) return false;
  if (place && !place->ended()) tell(*place, forgets);
  if (place) holds.erase(holds.begin() + (place - holds.data()));
  insert_hold(holds, said);
  return !said.ended();
}

}  // namespace wayline
