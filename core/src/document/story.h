// Stories: tests of a pack, written as a visitor's steps and what is expected after each. `wayline test` runs them.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "document/pack.h"

namespace wayline::document {

/// A name that is expected, or that nothing is (null in the document).
struct ExpectedName {
  std::optional<std::string> text;  // nothing: null is expected
  SourceRange range;
};

/// What is expected of one slot's decision; what is absent is not compared.
struct SlotExpectation {
  Name slot;
  bool is_default = false;  // null: the default content
  std::optional<ExpectedName> experience;
  std::optional<ExpectedName> variant;
  std::optional<ExpectedName> journey;
  std::optional<Name> reason;
  Rule content;  // compared in the keys that it names
};

/// What is expected of one journey's enrolment.
struct JourneyExpectation {
  Name journey;
  bool is_absent = false;  // null: never entered
  std::optional<Name> stage;
  std::optional<Name> status;
  std::optional<Name> outcome;
};

struct Expectation {
  std::vector<SlotExpectation> slots;
  std::vector<JourneyExpectation> journeys;
  std::vector<Rule> notices;  // as effects
  std::vector<Rule> effects;  // each must be among the step's effects, compared in the keys that it names
};

/// One input of the engine.
struct Step {
  Instant at = 0;
  /// A line of `wayline run`, complete: "at" in UTC, "id", "visitor", and what happens; a step that only waits is a
  /// tick. "decide" is as the author wrote it; without it, a step that is no page view decides the slots it expects
  /// something of.
  Value input;
  Expectation expectation;
  SourceRange range;  // of the step, where failures point
};

struct Story {
  Name title;
  std::string visitor;
  std::vector<Step> setup;  // consent and traits, at the time of the first step
  std::vector<Rule> setup_notices;  // expected of these together, as those of a step
  std::vector<Step> steps;
};

struct LoadedStories {
  std::vector<Story> stories;                            // by file, then as written
  std::vector<std::unique_ptr<JsonDocument>> documents;  // own what the stories point into
  Diagnostics diagnostics;
};

/// Parses and checks tests/*.json; names are checked against the pack, which is only read during the call.
[[nodiscard]] LoadedStories load_stories(const Files& files, const Pack& pack);

}  // namespace wayline::document
