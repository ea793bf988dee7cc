#include "base/instant.h"

#include <gtest/gtest.h>

#include "../support/vectors.h"
#include "base/zone_file.h"

namespace wayline {
namespace {

Instant at(std::string_view text) { return parse_instant(text).value(); }

TEST(Instant, ReadsIso8601WithAZone) {
  EXPECT_EQ(at("1970-01-01T00:00:00Z"), 0);
  EXPECT_EQ(at("2026-11-21T10:00:00.250+02:00"), at("2026-11-21T08:00:00.25Z"));
  EXPECT_EQ(at("2026-11-21T10:00-0530"), at("2026-11-21T15:30:00Z"));
  EXPECT_EQ(at("2026-11-21"), at("2026-11-21T00:00:00Z"));
  EXPECT_EQ(at("2026-11-21T24:00:00Z"), at("2026-11-22"));
  EXPECT_EQ(at("2024-02-29"), at("2024-02-28") + day);
  EXPECT_EQ(at("0000-03-01"), at("0000-02-29") + day);
  EXPECT_EQ(at("+275760-09-13T00:00:00Z"), 8'640'000'000'000'000);
}

TEST(Instant, RefusesTheRest) {
  for (const char* text : {"", "2026", "2026-11", "2026-11-21T10:00:00", "2026-02-29", "2026-13-01", "2026-00-01", "2026-11-31", "2026-11-21T25:00Z",
                           "2026-11-21T24:00:01Z", "2026-11-21T10:60Z", "2026-11-21T10:00:00.Z", "2026-11-21T10:00:00Zx", "21.11.2026", "-000000-01-01",
                           "+275760-09-13T00:00:00.001Z", "2026-1-1"}) {
    EXPECT_FALSE(parse_instant(text)) << text;
  }
}

TEST(Instant, WritesWhatItReads) {
  for (const char* text : {"2026-11-21T10:00:00.250Z", "1969-12-31T23:59:59.999Z", "0000-01-01T00:00:00.000Z", "-000001-12-31T00:00:00.000Z",
                           "+010000-01-01T00:00:00.000Z", "2000-02-29T12:34:56.789Z"}) {
    EXPECT_EQ(format_instant(at(text)), text);
  }
}

TEST(Instant, IsWrittenAsClocksAheadOfUtcShowIt) {
  const Instant instant = at("2026-11-27T23:30:00.250Z");
  EXPECT_EQ(format_instant(instant, 0), "2026-11-27T23:30:00+00:00");
  EXPECT_EQ(format_instant(instant, hour), "2026-11-28T00:30:00+01:00");
  EXPECT_EQ(format_instant(instant, -(3 * hour + 30 * minute)), "2026-11-27T20:00:00-03:30");
  EXPECT_EQ(format_instant(max_instant, hour), "+275760-09-13T01:00:00+01:00");
}

TEST(Duration, ReadsOneNumberAndOneUnit) {
  EXPECT_EQ(parse_duration("30s"), 30 * second);
  EXPECT_EQ(parse_duration("15m"), 15 * minute);
  EXPECT_EQ(parse_duration("2h"), 2 * hour);
  EXPECT_EQ(parse_duration("7d"), 7 * day);
  EXPECT_EQ(parse_duration("4w"), 28 * day);
  EXPECT_EQ(parse_duration("999999999w"), 999999999LL * 7 * day);
  for (const char* text : {"", "7", "d", "7 d", "-7d", "1.5h", "1000000000s", "7D", "1h30m"}) EXPECT_FALSE(parse_duration(text)) << text;
}

TEST(TimeOfDay, ReadsHoursAndMinutes) {
  EXPECT_EQ(parse_time_of_day("07:30"), 7 * hour + 30 * minute);
  EXPECT_EQ(parse_time_of_day("24:00"), day);
  EXPECT_EQ(parse_time_of_day("23:59:59"), day - second);
  for (const char* text : {"", "7:30", "24:01", "07:60", "07", "07:30Z"}) EXPECT_FALSE(parse_time_of_day(text)) << text;
}

class Zone : public ::testing::Test {
 protected:
  void open(const std::string& name) {
    auto read = read_zone_file(testing::zone_file(name));
    ASSERT_TRUE(read.ok()) << name;
    transitions_ = std::move(read).value();
  }
  [[nodiscard]] TimeZone zone() const { return TimeZone(transitions_); }
  std::vector<ZoneTransition> transitions_;
};

TEST_F(Zone, WarsawChangesItsClocks) {
  open("Europe/Warsaw");
  EXPECT_EQ(zone().offset_at(at("2026-01-01")), 1 * hour);
  EXPECT_EQ(zone().offset_at(at("2026-03-29T00:59:59.999Z")), 1 * hour);
  EXPECT_EQ(zone().offset_at(at("2026-03-29T01:00:00Z")), 2 * hour);
  EXPECT_EQ(zone().offset_at(at("2026-10-25T00:59:59Z")), 2 * hour);
  EXPECT_EQ(zone().offset_at(at("2026-10-25T01:00:00Z")), 1 * hour);
  EXPECT_EQ(zone().offset_at(at("2100-07-01")), 2 * hour);
  EXPECT_EQ(zone().weekday(at("2026-11-22T23:30:00Z")), 0);  // already Monday there
}

TEST_F(Zone, TheNextTimeOfDay) {
  open("Europe/Warsaw");
  EXPECT_EQ(zone().next(at("2026-11-21T20:00:00Z"), 22 * hour), at("2026-11-21T21:00:00Z"));
  EXPECT_EQ(zone().next(at("2026-11-21T21:00:00Z"), 22 * hour), at("2026-11-22T21:00:00Z"));
  EXPECT_EQ(zone().next(at("2026-03-28T12:00:00Z"), 7 * hour), at("2026-03-29T05:00:00Z"));
  // 02:30 is skipped on that day: the moment of the change stands for it.
  EXPECT_EQ(zone().next(at("2026-03-28T12:00:00Z"), 2 * hour + 30 * minute), at("2026-03-29T01:00:00Z"));
  EXPECT_EQ(zone().next(at("2026-03-29T01:00:00Z"), 2 * hour + 30 * minute), at("2026-03-30T00:30:00Z"));
  // 02:30 comes twice on that day, and counts once.
  EXPECT_EQ(zone().next(at("2026-10-24T12:00:00Z"), 2 * hour + 30 * minute), at("2026-10-25T00:30:00Z"));
  for (const char* shown : {"2026-10-25T00:30:00Z", "2026-10-25T00:45:00Z", "2026-10-25T01:00:00Z", "2026-10-25T01:30:00Z"}) {
    EXPECT_EQ(zone().next(at(shown), 2 * hour + 30 * minute), at("2026-10-26T01:30:00Z")) << shown;
  }
  EXPECT_EQ(zone().next(at("2026-10-25T00:45:00Z"), 3 * hour), at("2026-10-25T02:00:00Z"));
  // Havana's midnight comes twice on that day, Lord Howe's clocks go back by half an hour.
  open("America/Havana");
  EXPECT_EQ(zone().next(at("2026-10-31T12:00:00Z"), 0), at("2026-11-01T04:00:00Z"));
  EXPECT_EQ(zone().next(at("2026-11-01T04:00:00Z"), 0), at("2026-11-02T05:00:00Z"));
  open("Australia/Lord_Howe");
  EXPECT_EQ(zone().next(at("2026-04-04T14:45:00Z"), 1 * hour + 45 * minute), at("2026-04-05T15:15:00Z"));
}

TEST_F(Zone, ATimeOnADate) {
  open("Europe/Warsaw");
  const Instant november = at("2026-11-21T00:00:00Z"), spring = at("2026-03-29T00:00:00Z"), autumn = at("2026-10-25T00:00:00Z");
  EXPECT_EQ(zone().on_date(november, 0), at("2026-11-20T23:00:00Z"));
  EXPECT_EQ(zone().on_date(november, 23 * hour), at("2026-11-21T22:00:00Z"));
  EXPECT_EQ(zone().on_date(spring, 0), at("2026-03-28T23:00:00Z"));
  EXPECT_EQ(zone().on_date(spring, 2 * hour + 30 * minute), at("2026-03-29T01:00:00Z"));
  EXPECT_EQ(zone().on_date(spring, 23 * hour), at("2026-03-29T21:00:00Z"));
  EXPECT_EQ(zone().on_date(autumn, 2 * hour + 30 * minute), at("2026-10-25T00:30:00Z"));
  EXPECT_EQ(zone().on_date(autumn, 23 * hour), at("2026-10-25T22:00:00Z"));
  EXPECT_EQ(TimeZone().on_date(november, 9 * hour), at("2026-11-21T09:00:00Z"));
}

TEST(TimeZone, ADateWithoutMidnight) {
  // Beirut's clocks go from midnight to one o'clock.
  const std::vector<ZoneTransition> beirut{{0, 2 * hour}, {at("2026-03-28T22:00:00Z"), 3 * hour}};
  EXPECT_EQ(TimeZone(beirut).on_date(at("2026-03-29T00:00:00Z"), 0), at("2026-03-28T22:00:00Z"));
  EXPECT_EQ(TimeZone(beirut).on_date(at("2026-03-29T00:00:00Z"), 30 * minute), at("2026-03-28T22:00:00Z"));
  EXPECT_EQ(TimeZone(beirut).on_date(at("2026-03-29T00:00:00Z"), 9 * hour), at("2026-03-29T06:00:00Z"));
}

TEST_F(Zone, OtherKindsOfZones) {
  open("Asia/Kolkata");
  EXPECT_EQ(zone().offset_at(at("2026-01-01")), 5 * hour + 30 * minute);
  open("Australia/Lord_Howe");
  EXPECT_EQ(zone().offset_at(at("2050-01-15")), 11 * hour);
  EXPECT_EQ(zone().offset_at(at("2050-07-15")), 10 * hour + 30 * minute);
  open("America/Sao_Paulo");
  EXPECT_EQ(zone().offset_at(at("2050-01-15")), -3 * hour);
  open("Africa/Casablanca");
  EXPECT_FALSE(transitions_.empty());
  open("Etc/UTC");
  EXPECT_EQ(zone().offset_at(at("2050-01-15")), 0);
}

TEST(TimeZone, NoTransitionsAreUtc) {
  EXPECT_EQ(TimeZone().offset_at(0), 0);
  EXPECT_EQ(TimeZone().next(0, 7 * hour), 7 * hour);
  EXPECT_EQ(TimeZone().weekday(0), 3);
}

TEST(ZoneFile, RefusesWhatIsNone) {
  EXPECT_FALSE(read_zone_file("").ok());
  EXPECT_FALSE(read_zone_file("not a zone").ok());
  const std::string whole = testing::zone_file("Europe/Warsaw");
  for (std::size_t size = 0; size < whole.size() - 40; size += 7) EXPECT_FALSE(read_zone_file(whole.substr(0, size)).ok()) << size;
}

/// A file of two offsets, of these times at which they take turns, in seconds, and of this rule for later.
std::string zone_file(const std::vector<std::int64_t>& times, std::int32_t first_offset, std::int32_t second_offset, const std::string& footer) {
  const auto big_endian = [](std::int64_t number, int size) {
    std::string bytes;
    for (int place = size; place-- > 0;) bytes.push_back(static_cast<char>(static_cast<std::uint64_t>(number) >> 8 * place));
    return bytes;
  };
  const auto header = [&](std::size_t time_count, std::size_t type_count) {
    std::string bytes = "TZif2" + std::string(15, '\0');
    for (const std::size_t count : {std::size_t{0}, std::size_t{0}, std::size_t{0}, time_count, type_count, std::size_t{0}}) bytes += big_endian(static_cast<std::int64_t>(count), 4);
    return bytes;
  };
  std::string file = header(0, 0) + header(times.size(), 2);
  for (const std::int64_t time : times) file += big_endian(time, 8);
  for (std::size_t i = 0; i < times.size(); ++i) file.push_back(i % 2 == 0 ? '\1' : '\0');
  for (const std::int32_t offset : {first_offset, second_offset}) file += big_endian(offset, 4) + std::string(2, '\0');
  return file + '\n' + footer + '\n';
}

TEST(ZoneFile, OfTwoChangesAtOneTimeTheLaterHolds) {
  const auto read = read_zone_file(zone_file({1000, 2000, 2000, 3000}, 0, 3600, ""));
  ASSERT_TRUE(read.ok());
  ASSERT_EQ(read.value().size(), 3u);
  EXPECT_EQ(read.value()[1].from, 1000 * second);
  EXPECT_EQ(read.value()[1].offset, 1 * hour);
  EXPECT_EQ(read.value()[2].from, 3000 * second);
  EXPECT_EQ(read.value()[2].offset, 0);
}

TEST(ZoneFile, ARuleForSummerTimeAllYearHoldsAllYear) {
  // RFC 8536, section 3.3.1: summer time begins with the year and ends when the next begins.
  const auto read = read_zone_file(zone_file({}, -5 * 3600, -4 * 3600, "EST5EDT,0/0,J365/25"));
  ASSERT_TRUE(read.ok());
  for (int year = 1971; year <= 2100; ++year) {
    for (const char* date : {"-01-01T12:00:00Z", "-07-01", "-12-31T12:00:00Z"}) {
      EXPECT_EQ(TimeZone(read.value()).offset_at(at(std::to_string(year) + date)), -4 * hour) << year << date;
    }
  }
}

TEST(ZoneFile, ClocksAreWithinADayOfEachOther) {
  EXPECT_TRUE(read_zone_file(zone_file({}, 0, 0, "AAA-24")).ok());
  EXPECT_FALSE(read_zone_file(zone_file({}, 0, 0, "AAA-25BBB,0,99")).ok());
  EXPECT_FALSE(read_zone_file(zone_file({}, 90'000, 0, "")).ok());
  EXPECT_FALSE(read_zone_file(zone_file({1000}, 0, -90'000, "")).ok());
}

}  // namespace
}  // namespace wayline
