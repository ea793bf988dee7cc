// Parts of a program in words, as its author would say them.
#pragma once

#include <string>

#include "base/instant.h"
#include "program/tables.h"

namespace wayline::analysis {

/// "on Product Added if segment keen", "if …", "always"; a condition longer than `longest` code points is cut.
[[nodiscard]] std::string trigger_text(const program::Tables& tables, const program::Trigger& trigger,
                                       std::size_t longest);

/// A condition in infix form, cut behind `longest` code points; "always" when there is none.
[[nodiscard]] std::string condition_text(const program::Tables& tables, NodeIndex condition, std::size_t longest);

/// Whether a visitor may enter by an event or condition of the journey's own, and not only when another journey starts it.
[[nodiscard]] bool has_entry(const program::Tables& tables, const program::Journey& journey);

/// As `trigger_text`; of a journey without an entry of its own "when trial or basket starts it".
[[nodiscard]] std::string entry_text(const program::Tables& tables, const program::Journey& journey, std::size_t longest);

/// "draft", "live", "paused", "archived"
[[nodiscard]] std::string_view status_text(program::Status status);

/// "emit Follow-up Requested, hand off to sales"; empty when there are none.
[[nodiscard]] std::string actions_text(const program::Tables& tables, program::Range actions, std::size_t longest);

/// Of a time of day, "22:00".
[[nodiscard]] std::string clock_text(Duration time);

/// "2d", "until 09:00", "until monday 09:00", "until profile.renewal"; empty for a transition that waits for no time.
[[nodiscard]] std::string timing_text(const program::Tables& tables, const program::Transition& transition,
                                      std::size_t longest);

/// "at most 3 in 1d"
[[nodiscard]] std::string caps_text(const program::Tables& tables, program::Range caps);

}  // namespace wayline::analysis
