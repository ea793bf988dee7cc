// How deep a value nests: what is stored or sent must fit the depth that its readers accept.
#pragma once

#include <algorithm>
#include <cstdint>

#include "wayline/value.h"

namespace wayline {

/// Whether a value nests at most `levels` lists and objects; recursion ends there.
[[nodiscard]] inline bool nests_within(const Value& value, std::uint32_t levels) {
  if (!value.is_list() && !value.is_object()) return true;
  if (levels == 0) return false;
  if (value.is_list()) {
    return std::all_of(value.as_list().begin(), value.as_list().end(), [levels](const Value& item) { return nests_within(item, levels - 1); });
  }
  return std::all_of(value.as_object().begin(), value.as_object().end(), [levels](const Member& member) { return nests_within(member.value, levels - 1); });
}

}  // namespace wayline
