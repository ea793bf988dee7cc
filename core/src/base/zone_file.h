// Reads a compiled time zone (TZif, RFC 8536) into the transitions that a program carries. A tool: hosts read the file.
#pragma once

#include <string_view>
#include <vector>

#include "base/instant.h"
#include "wayline/result.h"

namespace wayline {

/// Transitions from 1970 to the end of 2100, as the file and the rule in its footer give them; the first one says what
/// holds before. Error: input.unreadable when the bytes are no time zone.
[[nodiscard]] Result<std::vector<ZoneTransition>> read_zone_file(std::string_view bytes);

}  // namespace wayline
