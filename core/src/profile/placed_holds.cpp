#include "profile/placed_holds.h"

#include <utility>

namespace wayline {

void PlacedHold::end() {
  until = at;
  reason.clear();
}

bool is_older(const PlacedHold& a, const PlacedHold& b) { return a.at != b.at ? a.at < b.at : a.by != b.by ? a.by < b.by : a.scope < b.scope; }

void insert_hold(std::vector<PlacedHold>& holds, const PlacedHold& hold) {
  holds.push_back(hold);
  for (std::size_t i = holds.size() - 1; i > 0 && is_older(hold, holds[i - 1]); --i) std::swap(holds[i], holds[i - 1]);
}

bool is_of_same(const PlacedHold& a, const PlacedHold& b) { return a.by == b.by && a.scope == b.scope; }

bool outdoes(const PlacedHold& a, const PlacedHold& b) {
  if (a.at != b.at) return a.at > b.at;
  return a.until != b.until ? a.until > b.until : a.reason > b.reason;
}

bool ends(const PlacedHold& end, const PlacedHold& hold) {
  return end.ended() && end.at > hold.at && (end.by.empty() || end.by == hold.by) && (end.scope.empty() || end.scope == hold.scope);
}

}  // namespace wayline
