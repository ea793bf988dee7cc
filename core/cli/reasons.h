// What the reasons of a decision mean to the people who write packs.
#pragma once

#include <string>
#include <string_view>

#include "wayline/value.h"

namespace wayline::cli {

/// "its condition does not hold"; the reason itself when it is none.
[[nodiscard]] std::string meaning_of(std::string_view reason);

/// "compliance: open complaint", of a candidate in an explanation; empty when nobody holds it.
[[nodiscard]] std::string holder_of(const Value& candidate);

}  // namespace wayline::cli
