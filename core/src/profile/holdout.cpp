#include "profile/holdout.h"

#include <string>

#include "base/hash.h"

namespace wayline {

using program::Tables;

namespace {

/// Seeds of the site's holdout and, before their ids, of the journeys': who is in one of them is so by chance in another.
constexpr std::string_view site_seed = "holdout";
constexpr std::string_view journey_seed = "holdout.";

bool in_share(double share, std::string_view seed, std::string_view visitor) { return share > 0 && bucket_hash_v2(seed, visitor) < share; }

}  // namespace

bool in_holdout(const Tables& tables, std::string_view visitor) { return in_share(tables.site[0].holdout, site_seed, visitor); }

bool in_journey_holdout(const Tables& tables, std::uint32_t journey, std::string_view visitor) {
  const program::Journey& record = tables.journeys[journey];
  return record.holdout > 0 && in_share(record.holdout, std::string(journey_seed).append(tables.view(record.id)), visitor);
}

}  // namespace wayline
