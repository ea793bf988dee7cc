// An environment that knows nothing: for folding constants and for plain JsonLogic.
#pragma once

#include "rules/evaluate.h"

namespace wayline {

class NoEnvironment : public Environment {
 public:
  Value attribute(std::uint32_t, Arena&) override { return {}; }
  Value path(std::string_view, Arena&) override { return {}; }
  bool segment(std::uint32_t) override { return false; }
  double intent(std::uint32_t, double) override { return 0; }
  Value stage(std::uint32_t) override { return Value::null(); }
  std::span<const PastEvent> history(std::string_view, Duration) override { return {}; }
  Instant now() override { return 0; }
  TimeZone zone() override { return {}; }
};

}  // namespace wayline
