// Random packs and visits for the property tests. rapidcheck shrinks a failing one: every choice is a number that it makes smaller.
#pragma once

#include <iosfwd>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/instant.h"
#include "wayline/program.h"
#include "wayline/value.h"

namespace wayline::properties {

/// 2026-03-27T12:00:00Z: two days before the site's clocks go forward.
constexpr Instant first_instant = 1'774'612'800'000;

/// A pack and one visitor's steps, each a line of JSON without "at" and "id", which the runner adds.
struct Step {
  Duration after = 0;  // since the step before; below 0: the event is late
  std::string body;    // members of the line, such as `"tick":true`
};

struct Visit {
  std::map<std::string, std::string> files;
  std::vector<Step> steps;
};

/// How a counterexample is printed.
void showValue(const Visit& visit, std::ostream& out);

/// What random packs may have; a property leaves out what it is not about.
struct Features {
  bool journeys = true;
  bool intents = true;
  bool page_rules = true;
  bool grants = true;   // steps may grant the consent to `ads`
  bool context = true;  // conditions may ask for session, device, page and event
};

/// Draws from rapidcheck's current source; call it inside a generator.
[[nodiscard]] Visit random_visit(const Features& features);

/// The visit's pack, which has no errors.
[[nodiscard]] std::shared_ptr<const Program> program_of(const Visit& visit);

/// JSON that the property itself made.
[[nodiscard]] Value parsed(const std::string& text, Arena& arena);

/// The line of a step, as `wayline run` reads it.
[[nodiscard]] std::string line_of(Instant at, const std::string& id, const std::string& body);

}  // namespace wayline::properties
