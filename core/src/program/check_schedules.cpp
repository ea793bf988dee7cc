#include <string>

#include "program/checks.h"

namespace wayline::program {

namespace {

/// The offset that the site's clocks have at another time of the year, as if they had not been changed.
void check_offset(const document::Schedule::Bound& bound, const document::Site& site, const TimeZone& zone, Diagnostics& diagnostics) {
  constexpr Duration half_year = 182 * day;
  const Duration offset = zone.offset_at(bound.at);
  if (*bound.offset == offset || (*bound.offset != zone.offset_at(bound.at + half_year) && *bound.offset != zone.offset_at(bound.at - half_year))) return;
  const Instant meant = bound.at + *bound.offset - offset;
  diagnostics.push_back({ErrorCode::pack_suspicious, Severity::warning, bound.range,
                         "clocks in " + site.time_zone + " are not set so on that day: there this is " + format_instant(bound.at, offset),
                         "write \"" + format_instant(meant, offset) + "\""});
}

void check(const document::Schedule& schedule, const document::Site& site, const TimeZone& zone, Diagnostics& diagnostics) {
  for (const document::Schedule::Bound& date : schedule.bounds) {
    if (date.offset) {
      // UTC is always meant as such.
      if (*date.offset != 0) check_offset(date, site, zone, diagnostics);
      continue;
    }
    const Instant midnight = zone.on_date(date.at, 0);
    if (midnight == date.at) continue;
    const std::string utc = format_instant(date.at).substr(0, 10);
    diagnostics.push_back({ErrorCode::pack_suspicious, Severity::warning, date.range,
                           "a date alone begins at midnight UTC, which in " + site.time_zone + " is " + format_instant(date.at, zone.offset_at(date.at)),
                           "write \"" + format_instant(midnight, zone.offset_at(midnight)) + "\", or \"" + utc + "T00:00:00Z\" if midnight UTC is meant"});
  }
}

}  // namespace

void check_schedules(const document::Pack& pack, const TimeZone& zone, Diagnostics& diagnostics) {
  for (const document::Experience& rule : pack.page_rules) check(rule.schedule, pack.site, zone, diagnostics);
  for (const document::Journey& journey : pack.journeys) {
    check(journey.schedule, pack.site, zone, diagnostics);
    for (const document::Stage& stage : journey.stages) {
      for (const document::Experience& shown : stage.show) check(shown.schedule, pack.site, zone, diagnostics);
    }
  }
}

}  // namespace wayline::program
