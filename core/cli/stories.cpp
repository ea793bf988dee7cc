#include "cli/stories.h"

#include <algorithm>
#include <optional>
#include <span>

#include "value/json.h"

namespace wayline::cli {
namespace {

using document::Expectation;
using document::JourneyExpectation;
using document::SlotExpectation;
using document::Step;
using document::Story;

std::string text_or(const Value& value, std::string_view otherwise) {
  return std::string(value.is_string() ? value.as_string() : otherwise);
}

std::span<const Value> items_of(const Value& list) { return list.is_list() ? list.as_list() : std::span<const Value>(); }

/// Whether everything that `expected` names is so in `actual`: objects in their named keys, all else as a whole.
bool includes(const Value& actual, const Value& expected) {
  if (!expected.is_object()) return equal(actual, expected);
  if (!actual.is_object()) return false;
  const auto members = expected.as_object();
  return std::all_of(members.begin(), members.end(), [&](const Member& member) {
    const Value found = actual.get(member.key);
    return member.value.is_nothing() ? found.is_nothing() : includes(found, member.value);
  });
}

/// The keys of `actual` that `expected` names, so that only what was compared is shown.
Value named_part(const Value& actual, const Value& expected, Arena& arena) {
  if (!actual.is_object() || !expected.is_object()) return actual;
  ObjectBuilder part(arena);
  for (const Member& member : expected.as_object()) {
    const Value found = actual.get(member.key);
    if (!found.is_missing()) part.add(member.key, named_part(found, member.value, arena));
  }
  return part.build();
}

class StoryRun {
 public:
  StoryRun(const Story& story, Engine& engine) : story_(story), session_(engine, story.visitor) {}

  std::vector<StoryFailure> run() {
    Arena arena;
    ListBuilder told(arena);
    for (const Step& step : story_.setup) {
      const auto notices = play(step, story_.setup_notices);
      if (!notices) return std::move(failures_);
      for (const Value& notice : items_of(*notices)) told.add(copy(notice, arena));
    }
    if (!story_.setup.empty()) compare_effects(story_.setup.back(), "notices", story_.setup_notices, told.build());
    for (const Step& step : story_.steps) {
      if (!play(step, step.expectation.notices)) return std::move(failures_);
    }
    return std::move(failures_);
  }

 private:
  /// The step's notices, of which those like `noticed` are no failures; nothing when the step is refused.
  std::optional<Value> play(const Step& step, const std::vector<document::Rule>& noticed);
  void compare_slot(const Step& step, const SlotExpectation& expected, const Value& decision);
  void compare_journey(const Step& step, const JourneyExpectation& expected, const Value& journeys);
  void compare_traits(const Step& step, const std::vector<document::Rule>& expected, const Value& notices);
  void compare_effects(const Step& step, std::string_view what, const std::vector<document::Rule>& expected, const Value& effects);
  [[nodiscard]] std::vector<std::string> explain(const Step& step, const SlotExpectation& expected);
  void fail(const Step& step, std::string subject, std::string expected, std::string actual,
            std::vector<std::string> because = {}) {
    failures_.push_back({step.range, std::move(subject), std::move(expected), std::move(actual), std::move(because)});
  }

  const Story& story_;
  Session session_;
  Arena arena_;
  std::vector<StoryFailure> failures_;
};

std::optional<Value> StoryRun::play(const Step& step, const std::vector<document::Rule>& noticed) {
  arena_.reset();
  const auto output = session_.step(step.input);
  if (!output.ok()) {
    fail(step, "the step", "to be accepted",
         output.error().message + " [" + std::string(code_text(output.error().code)) + "]");
    return std::nullopt;
  }
  // Explaining a failure asks the session again, and the output lives only until then.
  const Value kept = copy(output.value(), arena_);
  for (const SlotExpectation& expected : step.expectation.slots)
    compare_slot(step, expected, kept.get("decisions").get(expected.slot.text));
  for (const JourneyExpectation& expected : step.expectation.journeys)
    compare_journey(step, expected, kept.get("journeys"));
  compare_effects(step, "effects", step.expectation.effects, kept.get("effects"));
  compare_effects(step, "notices", step.expectation.notices, kept.get("notices"));
  compare_traits(step, noticed, kept.get("notices"));
  return kept.get("notices");
}

/// Collects the parts of an expectation that are named, those that differ, and both as text.
class Comparison {
 public:
  void compare(std::string_view what, const std::optional<std::string>& expected, const Value& actual) {
    const Value wanted = expected ? Value::string(*expected) : Value::null();
    compare(what, wanted, actual.is_missing() ? Value::null() : actual);
  }
  void compare(std::string_view what, const Value& expected, const Value& actual) {
    add(expected_, what, expected);
    add(actual_, what, actual);
    differs_ |= !includes(actual, expected);
  }
  [[nodiscard]] bool differs() const { return differs_; }
  [[nodiscard]] const std::string& expected() const { return expected_; }
  [[nodiscard]] const std::string& actual() const { return actual_; }

 private:
  static void add(std::string& text, std::string_view what, const Value& value) {
    if (!text.empty()) text += ", ";
    text.append(what).append(" ");
    write_json(value, text);
  }
  std::string expected_, actual_;
  bool differs_ = false;
};

/// "experience "x", variant "a", reason matched", or "the default content (capped)".
std::string decision_text(const Value& decision) {
  if (decision.is_missing()) return "the slot was not decided";
  const std::string reason = text_or(decision.get("reason"), "");
  if (decision.get("experience").is_nothing()) return "the default content (" + reason + ")";
  return "experience " + to_json(decision.get("experience")) + ", variant " + to_json(decision.get("variant")) + " (" +
         reason + ")";
}

void StoryRun::compare_slot(const Step& step, const SlotExpectation& expected, const Value& decision) {
  const std::string subject = "slot " + expected.slot.text;
  if (expected.is_default) {
    // A page decides the slots that it can fill: one that is not among them keeps its default content.
    if (decision.get("experience").is_nothing()) return;
    return fail(step, subject, "the default content", decision_text(decision), explain(step, expected));
  }
  Comparison comparison;
  if (expected.experience) comparison.compare("experience", expected.experience->text, decision.get("experience"));
  if (expected.variant) comparison.compare("variant", expected.variant->text, decision.get("variant"));
  if (expected.journey) comparison.compare("journey", expected.journey->text, decision.get("journey"));
  if (expected.reason) comparison.compare("reason", expected.reason->text, decision.get("reason"));
  if (expected.content)
    comparison.compare("content", *expected.content.value,
                       named_part(decision.get("content"), *expected.content.value, arena_));
  if (!comparison.differs()) return;
  std::string actual = comparison.actual();
  if (decision.get("experience").is_nothing()) {
    actual = decision_text(decision);
  } else if (!expected.reason) {
    actual += " (" + text_or(decision.get("reason"), "") + ")";
  }
  fail(step, subject, comparison.expected(), actual, explain(step, expected));
}

void StoryRun::compare_journey(const Step& step, const JourneyExpectation& expected, const Value& journeys) {
  const std::string subject = "journey " + expected.journey.text;
  const Value actual = journeys.get(expected.journey.text);
  if (expected.is_absent || actual.is_missing()) {
    if (expected.is_absent && actual.is_missing()) return;
    fail(step, subject, expected.is_absent ? "never entered" : "entered",
         actual.is_missing() ? "never entered" : to_json(actual));
    return;
  }
  Comparison comparison;
  if (expected.stage) comparison.compare("stage", expected.stage->text, actual.get("stage"));
  if (expected.status) comparison.compare("status", expected.status->text, actual.get("status"));
  if (expected.outcome) comparison.compare("outcome", expected.outcome->text, actual.get("outcome"));
  if (comparison.differs()) fail(step, subject, comparison.expected(), comparison.actual());
}

void StoryRun::compare_effects(const Step& step, std::string_view what, const std::vector<document::Rule>& expected, const Value& effects) {
  std::string seen;
  for (const Value& effect : items_of(effects)) {
    const bool is_track = !effect.get("event").is_missing();
    seen += (seen.empty() ? "" : ", ") +
            (is_track ? to_json(effect.get("event")) + " " + to_json(effect.get("properties")) : to_json(effect));
  }
  for (const document::Rule& like : expected) {
    if (std::any_of(items_of(effects).begin(), items_of(effects).end(), [&](const Value& effect) { return includes(effect, *like.value); })) continue;
    fail(step, std::string(what), "one like " + to_json(*like.value), seen.empty() ? "none" : seen);
  }
}

constexpr ErrorCode trait_refusals[] = {ErrorCode::trait_undeclared,  ErrorCode::trait_no_consent, ErrorCode::trait_wrong_type,
                                        ErrorCode::trait_not_allowed, ErrorCode::trait_too_large,  ErrorCode::trait_too_many_sources};

/// Traits that a step brings are taken, unless it expects otherwise: the story would be about somebody else.
void StoryRun::compare_traits(const Step& step, const std::vector<document::Rule>& expected, const Value& notices) {
  const Value traits = step.input.get("traits");
  for (const Value& notice : items_of(notices)) {
    const std::string name = text_or(notice.get("name"), ""), text = text_or(notice.get("code"), "");
    const auto code = std::find_if(std::begin(trait_refusals), std::end(trait_refusals), [&](ErrorCode refusal) { return code_text(refusal) == text; });
    if (code == std::end(trait_refusals) || traits.get(name).is_missing()) continue;
    if (std::any_of(expected.begin(), expected.end(), [&](const document::Rule& like) { return includes(notice, *like.value); })) continue;
    fail(step, "trait " + name, "to be stored", "refused [" + text + "]", {std::string(code_meaning(*code)), std::string(code_hint(*code))});
  }
}

/// "`{"segment":"keen"}` is false: it saw 2"
std::string predicate_text(const Value& candidate) {
  const Value predicate = candidate.get("predicate");
  if (!predicate.is_string()) return {};
  std::string text = ": " + std::string(predicate.as_string()) + " is " + to_json(candidate.get("result"));
  const Value saw = candidate.get("saw");
  if (!saw.is_missing()) text += ", it saw " + to_json(saw);
  return text;
}

/// One line for each candidate that matters: the one that was expected and the one that won; without an expected one,
/// all.
std::vector<std::string> StoryRun::explain(const Step& step, const SlotExpectation& expected) {
  const Value slots[] = {Value::string(expected.slot.text)};
  ObjectBuilder request(arena_);
  request.number("at", static_cast<double>(step.at))
      .boolean("explain", true)
      .add("slots", Value::list(slots));
  const auto explained = session_.decide(request.build());
  if (!explained.ok()) return {explained.error().message};
  const Value candidates = explained.value().get("decisions").get(expected.slot.text).get("candidates");
  const std::string wanted =
      expected.experience && expected.experience->text ? *expected.experience->text : std::string();
  std::vector<std::string> lines;
  bool wanted_seen = false;
  for (const Value& candidate : candidates.is_list() ? candidates.as_list() : std::span<const Value>()) {
    const std::string experience = text_or(candidate.get("experience"), "");
    const std::string reason = text_or(candidate.get("reason"), "");
    wanted_seen |= experience == wanted;
    if (wanted.empty() || experience == wanted || reason == "matched")
      lines.push_back(experience + " " + reason + predicate_text(candidate));
  }
  if (!wanted.empty() && !wanted_seen)
    lines.push_back(wanted + " is no candidate: it is not for this slot, this page or this stage");
  if (lines.empty()) lines.emplace_back("no page rule is for this slot on this page, nor a stage that the visitor is in");
  return lines;
}

}  // namespace

std::vector<StoryFailure> run_story(const Story& story, Engine& engine) { return StoryRun(story, engine).run(); }

}  // namespace wayline::cli
