// The names of the IANA time zone database, backward links included, for checking how a zone is spelt.
// Whether a build has the zone's rules is another question, answered by whoever reads them (base/zone_file.h).
#pragma once

#include <string_view>

namespace wayline::document {

inline constexpr std::string_view time_zone_names[] = {
#include "document/time_zones.inc"
};

}  // namespace wayline::document
