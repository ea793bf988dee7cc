#include "collector/clock_skew.h"

#include <gtest/gtest.h>

#include "base/instant.h"

namespace wayline::collector {
namespace {

constexpr std::int64_t received = 1'769'860'800'000;  // 2026-01-31T12:00:00Z
constexpr std::int64_t age = 30 * second;
constexpr std::int64_t truth = received - age;
constexpr std::int64_t travel = 400;  // milliseconds from the page to us

/// What the page writes whose wall clock was wrong by `then` at the event and by `now` at the request.
ClientClock clock_of(std::int64_t then, std::int64_t now) { return {truth + then, received - travel + now, age - travel}; }

std::int64_t error_of(const ClientClock& clock) { return corrected_instant(clock, received) - truth; }

TEST(CorrectedInstant, TakesARightClockAtItsWord) {
  EXPECT_EQ(error_of(clock_of(0, 0)), 0);
  EXPECT_EQ(error_of(clock_of(1500, 1500)), 1500);
}

TEST(CorrectedInstant, CorrectsAClockThatIsWrongAllTheTime) {
  EXPECT_LE(std::abs(error_of(clock_of(day, day))), travel);
  EXPECT_LE(std::abs(error_of(clock_of(-day, -day))), travel);
  ClientClock without_age = clock_of(-day, -day);
  without_age.age.reset();
  EXPECT_LE(std::abs(error_of(without_age)), travel);
}

TEST(CorrectedInstant, FollowsAClockThatIsSetBetweenEventAndRequest) {
  EXPECT_LE(std::abs(error_of(clock_of(0, day))), travel);
  EXPECT_LE(std::abs(error_of(clock_of(0, -day))), travel);
  EXPECT_LE(std::abs(error_of(clock_of(day, 0))), travel);
  EXPECT_LE(std::abs(error_of(clock_of(day, -day))), travel);
}

TEST(CorrectedInstant, TakesASleepingDeviceForWhatItIs) {
  const ClientClock slept{received - 8 * hour, received - travel, 5 * second};
  EXPECT_EQ(corrected_instant(slept, received), received - 8 * hour);
}

TEST(CorrectedInstant, IsNeverInTheFutureNorBefore1970) {
  EXPECT_EQ(corrected_instant({received + day, std::nullopt, std::nullopt}, received), received);
  EXPECT_EQ(corrected_instant({received + day, received, std::nullopt}, received), received);
  EXPECT_EQ(corrected_instant({-5, received, std::nullopt}, received), 0);
  EXPECT_EQ(corrected_instant({0, received + 2 * received, std::nullopt}, received), 0);
}

}  // namespace
}  // namespace wayline::collector
