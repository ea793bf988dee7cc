#include "collector/clock_skew.h"

#include <algorithm>

#include "collector/limits.h"

namespace wayline::collector {

namespace {

constexpr std::int64_t tolerance = limits::clock_skew.count();

bool tolerable(std::int64_t difference) { return -tolerance <= difference && difference <= tolerance; }

std::int64_t by_the_clocks(const ClientClock& clock, std::int64_t received) {
  if (!clock.sent) return clock.captured;
  const std::int64_t skew = *clock.sent - received;
  if (clock.age) {
    const std::int64_t set_forward = *clock.sent - clock.captured - *clock.age;
    if (set_forward < -tolerance) return received - *clock.age;
    if (set_forward > tolerance && (tolerable(skew) || tolerable(skew - set_forward))) return clock.captured;
  }
  return tolerable(skew) ? clock.captured : clock.captured - skew;
}

}  // namespace

std::int64_t corrected_instant(const ClientClock& clock, std::int64_t received) {
  return std::clamp<std::int64_t>(by_the_clocks(clock, received), 0, received);
}

}  // namespace wayline::collector
