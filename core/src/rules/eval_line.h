// One line of `wayline eval`: a rule and its data as JSON in, its result as JSON out. Never fails, whatever the line holds.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/instant.h"

namespace wayline {

/// What a line may leave to its host.
struct EvalHost {
  /// For lines without "now".
  Instant now = 0;
  /// Bytes of the zone file of that name, empty when there is none. Lines without "timezone" are in UTC.
  std::function<std::string(std::string_view zone)> zone_file;
};

/// `{"rule":…,"data":…}`, with "now" (ISO 8601 or milliseconds), "timezone" and "history" ([{"event","at","properties"}])
/// as the rule needs them, gives `{"result":…}` or `{"error":{"code":…,"message":…}}`, without a line end. Codes are those of read_json, of lower,
/// of which the first is told, and rule.budget.
[[nodiscard]] std::string eval_line(std::string_view line, const EvalHost& host = {});

}  // namespace wayline
