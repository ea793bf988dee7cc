// Runs stories (tests/*.json) against a program and says what differs from what they expect.
#pragma once

#include <string>
#include <vector>

#include "document/story.h"
#include "wayline/session.h"

namespace wayline::cli {

/// One expectation that was not met.
struct StoryFailure {
  SourceRange range;    // of the step
  std::string subject;  // "slot hero"
  std::string expected;
  std::string actual;
  std::vector<std::string> because;  // for slots: what decided, one line each
};

/// Plays the story from its beginning with a visitor of its own. Goes on after a failure, so that all are seen; stops
/// at a step that the engine refuses.
[[nodiscard]] std::vector<StoryFailure> run_story(const document::Story& story, Engine& engine);

}  // namespace wayline::cli
