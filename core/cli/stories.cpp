#include "cli/stories.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <span>

#include "cli/passes.h"
#include "cli/reasons.h"
#include "program/tables.h"
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
  StoryRun(const Story& story, Engine& engine) : story_(story), program_(engine.program()), session_(engine, story.visitor) {
    for (const Step& step : story.steps) {
      for (const JourneyExpectation& expected : step.expectation.journeys) journeys_.insert(expected.journey.text);
    }
  }

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
  [[nodiscard]] std::vector<std::string> explain(const Step& step, const SlotExpectation& expected, const Value& decision);
  [[nodiscard]] std::vector<std::string> explain(const Step& step, const JourneyExpectation& expected, const Value& actual);
  /// Remembers why journeys that the story asks for were not entered by a step that might have.
  void note_entries(const Step& step, const Value& journeys);
  void fail(const Step& step, std::string subject, std::string expected, std::string actual,
            std::vector<std::string> because = {}) {
    failures_.push_back({step.range, std::move(subject), std::move(expected), std::move(actual), std::move(because)});
  }

  struct Attempt {
    std::uint32_t line;
    std::string why;
  };

  const Story& story_;
  const Program& program_;
  Session session_;
  std::set<std::string> journeys_;           // that the story asks for
  std::map<std::string, Attempt> attempts_;  // the latest to enter them by an event, which failed
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
  note_entries(step, kept.get("journeys"));
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

/// "experience "x", variant "a", reason matched", or "the default content (capped)". A page view decides the slots that its page can fill.
std::string decision_text(const Step& step, const Value& decision) {
  if (decision.is_missing()) return step.input.get("decide").is_missing() ? "the default content (no_candidate)" : "the slot was not decided: `decide` does not name it";
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
    return fail(step, subject, "the default content", decision_text(step, decision), explain(step, expected, decision));
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
    actual = decision_text(step, decision);
  } else if (!expected.reason) {
    actual += " (" + text_or(decision.get("reason"), "") + ")";
  }
  fail(step, subject, comparison.expected(), actual, explain(step, expected, decision));
}

void StoryRun::compare_journey(const Step& step, const JourneyExpectation& expected, const Value& journeys) {
  const std::string subject = "journey " + expected.journey.text;
  const Value actual = journeys.get(expected.journey.text);
  Comparison comparison;
  if (expected.stage) comparison.compare("stage", expected.stage->text, actual.get("stage"));
  if (expected.status) comparison.compare("status", expected.status->text, actual.get("status"));
  if (expected.outcome) comparison.compare("outcome", expected.outcome->text, actual.get("outcome"));
  if (expected.is_absent || actual.is_missing()) {
    if (expected.is_absent && actual.is_missing()) return;
    const std::string named = comparison.expected().empty() ? "entered" : comparison.expected();
    fail(step, subject, expected.is_absent ? "never entered" : named, actual.is_missing() ? "never entered" : to_json(actual), explain(step, expected, actual));
  } else if (comparison.differs()) {
    fail(step, subject, comparison.expected(), comparison.actual(), explain(step, expected, actual));
  }
}

void StoryRun::note_entries(const Step& step, const Value& journeys) {
  std::optional<Passes> passes;
  for (const std::string& journey : journeys_) {
    const Value status = journeys.get(journey).get("status");
    if (status.is_string() && (status.as_string() == "active" || status.as_string() == "held")) {
      attempts_.erase(journey);
      continue;
    }
    if (!passes) passes.emplace(program_, session_, step.input);
    const auto why = passes->tries(journey) ? passes->why_outside(journey) : std::nullopt;
    if (why) attempts_.insert_or_assign(journey, Attempt{step.range.line, *why});
  }
}

std::vector<std::string> StoryRun::explain(const Step& step, const JourneyExpectation& expected, const Value& actual) {
  Passes passes(program_, session_, step.input);
  if (!actual.is_missing()) {
    const auto text = [](const std::optional<document::Name>& name) { return name ? name->text : std::string(); };
    return passes.why_there(expected.journey.text, {text(expected.stage), text(expected.status), text(expected.outcome)});
  }
  const auto attempt = attempts_.find(expected.journey.text);
  const auto why = attempt == attempts_.end() ? passes.why_outside(expected.journey.text) : std::nullopt;
  if (why) return {*why};
  if (attempt == attempts_.end()) return {};
  return {(attempt->second.line == step.range.line ? "" : "at line " + std::to_string(attempt->second.line) + ": ") + attempt->second.why};
}

/// Effects or notices as a failure shows them: of those that are of the wanted event, when there are some, no others.
std::string told_text(const Value& told, const Value& event) {
  std::string all, wanted;
  for (const Value& each : items_of(told)) {
    const bool is_track = !each.get("event").is_missing();
    const std::string text = is_track ? to_json(each.get("event")) + " " + to_json(each.get("properties")) : to_json(each);
    std::string& texts = event.is_string() && equal(each.get("event"), event) ? wanted : all;
    texts += (texts.empty() ? "" : ", ") + text;
  }
  return !wanted.empty() ? wanted : all.empty() ? "none" : all;
}

void StoryRun::compare_effects(const Step& step, std::string_view what, const std::vector<document::Rule>& expected, const Value& effects) {
  for (const document::Rule& like : expected) {
    if (std::any_of(items_of(effects).begin(), items_of(effects).end(), [&](const Value& effect) { return includes(effect, *like.value); })) continue;
    fail(step, std::string(what), "one like " + to_json(*like.value), told_text(effects, like.value->get("event")));
  }
}

constexpr ErrorCode trait_refusals[] = {ErrorCode::trait_undeclared,  ErrorCode::trait_no_consent, ErrorCode::trait_wrong_type,
                                        ErrorCode::trait_not_allowed, ErrorCode::trait_too_large,  ErrorCode::trait_too_many_sources};

/// What the trait would have needed; the catalogue's hint where it is not declared.
std::string declared_text(const Program& program, ErrorCode refusal, const std::string& name) {
  constexpr std::string_view types[] = {"anything", "a text", "a number", "true or false", "a date", "a list", "an object"};
  const program::Tables& tables = program.tables();
  const std::uint32_t index = tables.find(tables.traits, name);
  if (index == program::none) return std::string(code_hint(refusal));
  const program::Trait& trait = tables.traits[index];
  if (refusal == ErrorCode::trait_wrong_type) return "It is declared as " + std::string(types[static_cast<std::size_t>(trait.type)]) + ".";
  if (refusal == ErrorCode::trait_no_consent && trait.purpose != program::none) {
    return "Let the visitor agree first: \"consent\": {\"" + std::string(tables.view(tables.purposes[trait.purpose])) + "\": true}.";
  }
  if (refusal != ErrorCode::trait_not_allowed) return std::string(code_hint(refusal));
  std::string allowed;
  for (const program::Text& text : program::Tables::run(tables.texts, trait.allowed)) allowed += (allowed.empty() ? "" : ", ") + to_json(Value::string(tables.view(text)));
  return "It can be " + allowed + ".";
}

/// Traits that a step brings are taken, unless it expects otherwise: the story would be about somebody else.
void StoryRun::compare_traits(const Step& step, const std::vector<document::Rule>& expected, const Value& notices) {
  const Value traits = step.input.get("traits");
  for (const Value& notice : items_of(notices)) {
    const std::string name = text_or(notice.get("name"), ""), text = text_or(notice.get("code"), "");
    const auto code = std::find_if(std::begin(trait_refusals), std::end(trait_refusals), [&](ErrorCode refusal) { return code_text(refusal) == text; });
    if (code == std::end(trait_refusals) || traits.get(name).is_missing()) continue;
    if (std::any_of(expected.begin(), expected.end(), [&](const document::Rule& like) { return includes(notice, *like.value); })) continue;
    fail(step, "trait " + name, "to be stored", "refused [" + text + "]", {std::string(code_meaning(*code)), declared_text(program_, *code, name)});
  }
}

/// "greeting: its condition does not hold (not_matched), {"segment":"keen"} is false, it saw 2"
std::string candidate_text(const Value& candidate, Passes& passes) {
  const std::string reason = text_or(candidate.get("reason"), ""), holder = holder_of(candidate);
  const Value predicate = candidate.get("predicate");
  std::string text = text_or(candidate.get("experience"), "") + ": " + meaning_of(reason) + " (" + reason + ")";
  if (!holder.empty()) text += ", held by " + holder;
  // What is kept away by something else than its condition.
  const bool decided = reason == "not_matched" || reason == "matched" || reason == "outranked" || reason == "budget";
  if (decided && predicate.is_string()) text += "; " + passes.predicate_text(predicate.as_string(), candidate.get("result"), candidate.get("saw"));
  return text;
}

/// One line for each candidate that matters: the one that was expected and the one that won; without an expected one,
/// all.
std::vector<std::string> StoryRun::explain(const Step& step, const SlotExpectation& expected, const Value& decision) {
  const Value slots[] = {Value::string(expected.slot.text)};
  ObjectBuilder request(arena_);
  request.number("at", static_cast<double>(step.at))
      .boolean("explain", true)
      .add("slots", Value::list(slots));
  Passes passes(program_, session_, step.input);
  const auto explained = session_.decide(request.build());
  if (!explained.ok()) return {explained.error().message};
  const Value candidates = explained.value().get("decisions").get(expected.slot.text).get("candidates");
  const std::string wanted =
      expected.experience && expected.experience->text ? *expected.experience->text : std::string();
  std::vector<std::string> lines;
  bool wanted_seen = false;
  for (const Value& candidate : candidates.is_list() ? candidates.as_list() : std::span<const Value>()) {
    const std::string experience = text_or(candidate.get("experience"), "");
    wanted_seen |= experience == wanted;
    if (wanted.empty() || experience == wanted || text_or(candidate.get("reason"), "") == "matched") lines.push_back(candidate_text(candidate, passes));
  }
  if (!wanted.empty() && !wanted_seen) lines.push_back(passes.why_no_candidate(wanted, expected.slot.text));
  if (lines.empty()) lines.push_back(meaning_of("no_candidate"));
  const bool is_other_variant = expected.variant && expected.variant->text && decision.get("variant").is_string() && *expected.variant->text != decision.get("variant").as_string();
  if (is_other_variant && text_or(decision.get("experience"), "") == wanted) lines.push_back("the visitor's id draws the variant: another `visitor.id` may draw the other one");
  return lines;
}

}  // namespace

std::vector<StoryFailure> run_story(const Story& story, Engine& engine) { return StoryRun(story, engine).run(); }

}  // namespace wayline::cli
