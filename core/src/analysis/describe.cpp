#include "analysis/describe.h"

#include <array>
#include <limits>

#include "analysis/infix.h"
#include "base/utf.h"
#include "decision/explain.h"
#include "value/json.h"

namespace wayline::analysis {

using program::none;
using program::Tables;

namespace {

/// A lowered rule in infix form, cut behind `longest` code points.
std::string rule_words(const Tables& tables, NodeIndex rule, std::size_t longest) {
  const std::string json = rule_text(tables, rule, std::numeric_limits<std::size_t>::max());
  Arena arena;
  const auto parsed = read_json(json, arena);
  const std::string text = parsed.ok() ? infix(parsed.value()) : json;
  std::size_t end = 0;
  for (std::size_t points = 0; end < text.size(); ++points) {
    if (points == longest) return text.substr(0, end) + "…";
    end += decode_utf8(text, end).bytes;
  }
  return text;
}

constexpr std::array<std::string_view, 4> statuses{"draft", "live", "paused", "archived"};

std::string action_text(const Tables& tables, const program::Action& action, std::size_t longest) {
  switch (action.kind) {
    case program::ActionKind::emit: {
      std::string text = "emit " + std::string(tables.view(action.name));
      for (const program::ActionProperty& property : Tables::run(tables.action_properties, action.properties)) {
        text.append(" ")
            .append(tables.view(property.key))
            .append("=")
            .append(condition_text(tables, property.value, longest));
      }
      return text;
    }
    case program::ActionKind::set:
      return "set " + std::string(tables.view(tables.traits[action.index].name)) + " to " +
             condition_text(tables, action.value, longest);
    case program::ActionKind::intent: {
      std::string text = "add ";
      write_json(Value::number(action.add), text);
      return text + " to intent " + std::string(tables.view(tables.intents[action.index].name));
    }
    case program::ActionKind::handoff:
      break;
  }
  std::string text = "hand off to " + std::string(tables.view(action.name));
  if (action.reason.size > 0) text.append(": ").append(tables.view(action.reason));
  if (action.within == 0) return text;
  const auto stage = [&tables](std::uint32_t index) {
    return index == none ? std::string("stay") : "go " + std::string(tables.view(tables.stages[index].name));
  };
  return text + ", acknowledged in " + format_duration(action.within) + " " + stage(action.then) + ", else " +
         stage(action.otherwise);
}

/// Whether one of the journey's ways, or its goal, starts the journey of this index.
bool starts(const Tables& tables, const program::Journey& journey, std::uint32_t index) {
  if (journey.goal_start == index) return true;
  for (const program::Stage& stage : Tables::run(tables.stages, journey.stages)) {
    for (const program::Transition& way : Tables::run(tables.transitions, stage.transitions)) {
      if (way.start == index) return true;
    }
  }
  return false;
}

}  // namespace

/// Of an instant of the first day in UTC, "1970-01-01T22:00:00.000Z", the hours and minutes.
std::string clock_text(Duration time) { return format_instant(time).substr(11, 5); }

std::string condition_text(const Tables& tables, NodeIndex condition, std::size_t longest) {
  return condition == none ? "always" : rule_words(tables, condition, longest);
}

std::string trigger_text(const Tables& tables, const program::Trigger& trigger, std::size_t longest) {
  std::string text;
  if (trigger.event.size > 0) text = "on " + std::string(tables.view(trigger.event));
  if (trigger.condition == none) return text.empty() ? "always" : text;
  if (!text.empty()) text += ' ';
  return text + "if " + rule_words(tables, trigger.condition, longest);
}

bool has_entry(const Tables& tables, const program::Journey& journey) {
  return journey.enter.event.size > 0 || condition_text(tables, journey.enter.condition, std::string_view("false").size() + 1) != "false";
}

std::string entry_text(const Tables& tables, const program::Journey& journey, std::size_t longest) {
  if (has_entry(tables, journey)) return trigger_text(tables, journey.enter, longest);
  const std::uint32_t index = tables.find(tables.journeys, tables.view(journey.id));
  std::string starters;
  for (const program::Journey& other : tables.journeys) {
    if (starts(tables, other, index)) starters += (starters.empty() ? "" : " or ") + std::string(tables.view(other.id));
  }
  return starters.empty() ? "never" : "when " + starters + " starts it";
}

std::string_view status_text(program::Status status) { return statuses[static_cast<std::size_t>(status)]; }

std::string actions_text(const Tables& tables, program::Range actions, std::size_t longest) {
  std::string text;
  for (const program::Action& action : Tables::run(tables.actions, actions)) {
    if (!text.empty()) text += ", ";
    text += action_text(tables, action, longest);
  }
  return text;
}

std::string timing_text(const Tables& tables, const program::Transition& transition, std::size_t longest) {
  constexpr std::array<std::string_view, 7> weekdays{"monday", "tuesday",  "wednesday", "thursday",
                                                     "friday", "saturday", "sunday"};
  switch (transition.timing) {
    case program::Timing::untimed:
      return {};
    case program::Timing::wait:
      return format_duration(transition.wait);
    case program::Timing::time:
      return "until " + clock_text(transition.wait);
    case program::Timing::weekday:
      return "until " + std::string(weekdays[transition.until]) + " " + clock_text(transition.wait);
    case program::Timing::date:
      break;
  }
  return "until " + rule_words(tables, transition.until, longest) +
         (transition.wait < 0 ? std::string() : " " + clock_text(transition.wait));
}

std::string caps_text(const Tables& tables, program::Range caps) {
  std::string text;
  for (const program::Cap& cap : Tables::run(tables.caps, caps)) {
    if (!text.empty()) text += " and ";
    text += "at most " + std::to_string(cap.max) + " in ";
    text += cap.per == 0 ? "a session" : cap.per < 0 ? "a page" : format_duration(cap.per);
  }
  return text;
}

}  // namespace wayline::analysis
