// What holds for every pack and every sequence of events. WAYLINE_RANDOM_PACKS says how many of each property (1,000), WAYLINE_SEED where to
// begin; a failure prints what rapidcheck shrank it to, and how to run it again.
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <map>
#include <optional>
#include <set>

#include "engine/outcome.h"
#include "journey/journeys.h"
#include "program/tables.h"
#include "random_pack.h"
#include "value/json.h"
#include "wayline/session.h"

namespace wayline::properties {
namespace {

const bool configured = [] {
  const char* packs = std::getenv("WAYLINE_RANDOM_PACKS");
  const char* seed = std::getenv("WAYLINE_SEED");
  const std::string parameters = std::string("max_success=") + (packs ? packs : "1000") + " seed=" + (seed ? seed : "1") + " max_discard_ratio=10";
  return setenv("RC_PARAMS", parameters.c_str(), 0) == 0;
}();

Visit visits(const Features& features = {}) {
  return *rc::gen::exec([features] { return random_visit(features); }).as("a pack and a visit");
}

/// One visitor, whose session can be stored and restored, and the time of its steps.
class Visitor {
 public:
  explicit Visitor(std::shared_ptr<const Program> program) : engine_(std::move(program)), session_(Session(engine_, "visitor")) {}

  /// Moves on by the step's pause and takes it; the answer as JSON.
  std::string take(const Step& step) {
    last_at_ = clock_ + step.after;
    clock_ = std::max(clock_, last_at_);
    return send(step.body, "m" + std::to_string(++number_));
  }
  /// The latest step once more.
  std::string again(const Step& step) { return send(step.body, "m" + std::to_string(number_)); }
  std::string send(const std::string& body, const std::string& id) {
    Arena arena;
    line_ = line_of(last_at_, id, body);
    const Result<Value> answer = session_->step(parsed(line_, arena));
    if (!answer.ok()) RC_FAIL("a good step is refused: " + answer.error().message);
    return to_json(answer.value());
  }
  std::string ask(Result<Value> (Session::*question)(const Value&), const std::string& members = {}, Duration ahead = 0) {
    Arena arena;
    const Result<Value> answer = (*session_.*question)(parsed(R"({"at":)" + std::to_string(clock_ + ahead) + members + "}", arena));
    if (!answer.ok()) RC_FAIL("a good question is refused: " + answer.error().message);
    return to_json(answer.value());
  }
  void store_and_restore() {
    Arena arena;
    std::vector<std::string> dropped;
    Result<Session> restored = Session::restore(engine_, parsed(session_->snapshot(), arena), dropped);
    if (!restored.ok() || !dropped.empty()) RC_FAIL("a stored state can not be restored whole");
    session_ = std::move(restored).value();
  }
  [[nodiscard]] const Session& session() const { return *session_; }
  /// The latest step as it was sent.
  [[nodiscard]] const std::string& line() const { return line_; }
  [[nodiscard]] Instant clock() const { return clock_; }
  void set_time(Instant at) {
    last_at_ = at;
    clock_ = std::max(clock_, at);
  }

 private:
  Engine engine_;
  std::optional<Session> session_;
  std::string line_;
  Instant clock_ = first_instant;
  Instant last_at_ = first_instant;
  int number_ = 0;
};

RC_GTEST_PROP(Properties, ReplayEqualsFold, ()) {
  const Visit visit = visits();
  Visitor once(program_of(visit)), again(program_of(visit));
  for (const Step& step : visit.steps) RC_ASSERT(once.take(step) == again.take(step));
  RC_ASSERT(once.session().snapshot() == again.session().snapshot());
  RC_ASSERT(once.session().digest() == again.session().digest());
}

RC_GTEST_PROP(Properties, StoringAndRestoringAnywhereChangesNothing, ()) {
  const Visit visit = visits();
  Visitor kept(program_of(visit)), stored(program_of(visit));
  for (const Step& step : visit.steps) {
    stored.store_and_restore();
    // Decisions in between, also of later instants, leave what is remembered; previews as well.
    for (const auto& [ahead, more] : {std::pair(hour, R"(,"page":{"url":"https://shop.example/b"})"), std::pair(Duration{0}, R"(,"force":{"r0":"a","e1":"a"})")}) {
      RC_ASSERT(kept.ask(&Session::decide, more, ahead) == stored.ask(&Session::decide, more, ahead));
    }
    if (kept.clock() % 3 == 0) RC_ASSERT(kept.ask(&Session::inspect) == stored.ask(&Session::inspect));
    RC_ASSERT(kept.take(step) == stored.take(step));
    RC_ASSERT(kept.session().snapshot() == stored.session().snapshot());
  }
}

/// What a host knows who was told the news of each step.
class Told {
 public:
  explicit Told(const program::Tables& tables) : tables_(tables) {}

  void hear(const Outcome& outcome) {
    if (outcome.journeys.is_object()) journeys_.clear();
    for (const Value& news : {outcome.journeys, outcome.changed}) {
      for (const Member& journey : news.is_object() ? news.as_object() : std::span<const Member>()) journeys_[std::string(journey.key)] = to_json(journey.value);
    }
    shown_.clear();
    std::size_t filled = 0;
    for (const SlotDecision& decision : outcome.decisions) {
      if (!decision.shows()) continue;
      const program::Variant& variant = tables_.variants[decision.variant];
      if (variant.interpolates != 0 && !decision.told) contents_[decision.variant] = to_json(outcome.contents.as_list()[filled++]);
      shown_[std::string(tables_.view(tables_.slots[decision.slot].name))] =
          variant.interpolates != 0 ? contents_.at(decision.variant) : to_json(tables_.values[variant.content]);
    }
  }
  void agree_with(const Value& answer) const {
    std::map<std::string, std::string> journeys, shown;
    for (const Member& journey : answer.get("journeys").as_object()) journeys[std::string(journey.key)] = to_json(journey.value);
    for (const Member& slot : answer.get("decisions").as_object()) {
      if (slot.value.get("content").is_object()) shown[std::string(slot.key)] = to_json(slot.value.get("content"));
    }
    RC_ASSERT(journeys_ == journeys);
    RC_ASSERT(shown_ == shown);
  }

 private:
  const program::Tables& tables_;
  std::map<std::string, std::string> journeys_, shown_;
  std::map<std::uint32_t, std::string> contents_;
};

RC_GTEST_PROP(Properties, NewsAddUpToWholeAnswers, ()) {
  const Visit visit = visits();
  const auto program = program_of(visit);
  Visitor whole(program);
  Engine engine(program);
  Session session(engine, "visitor");
  Told told(program->tables());
  for (const Step& step : visit.steps) {
    Arena arena;
    const Value answer = parsed(whole.take(step), arena);
    const Result<Outcome> news = session.advance(parsed(whole.line(), arena));
    RC_ASSERT(news.ok());
    told.hear(news.value());
    told.agree_with(answer);
    // Decisions for other pages and later instants in between are nobody's news.
    const std::string later = R"({"at":)" + std::to_string(whole.clock() + hour) + R"(,"page":{"url":"https://shop.example/b"}})";
    RC_ASSERT(session.decide(parsed(later, arena)).ok());
  }
  RC_ASSERT(session.snapshot() == whole.session().snapshot());
  RC_ASSERT(session.digest() == whole.session().digest());
}

RC_GTEST_PROP(Properties, DuplicatesChangeNothing, ()) {
  const Visit visit = visits();
  Visitor visitor(program_of(visit));
  for (const Step& step : visit.steps) {
    (void)visitor.take(step);
    const std::string before = visitor.session().snapshot();
    Arena arena;
    const Value answer = parsed(visitor.again(step), arena);
    RC_ASSERT(answer.get("duplicate").is_boolean());
    RC_ASSERT(answer.get("effects").as_list().empty());
    RC_ASSERT(visitor.session().snapshot() == before);
  }
}

RC_GTEST_PROP(Properties, DecidingAndInspectingChangeNothing, ()) {
  const Visit visit = visits();
  Visitor visitor(program_of(visit));
  for (const Step& step : visit.steps) {
    (void)visitor.take(step);
    const std::string before = visitor.session().snapshot();
    (void)visitor.ask(&Session::inspect);
    RC_ASSERT(visitor.ask(&Session::decide) == visitor.ask(&Session::decide));
    RC_ASSERT(visitor.session().snapshot() == before);
  }
}

/// What an explanation decides, which examines every candidate, without its list of them.
std::string without_candidates(const Value& decisions) {
  Arena arena;
  ObjectBuilder slots(arena);
  for (const Member& slot : decisions.as_object()) {
    ObjectBuilder decision(arena);
    for (const Member& member : slot.value.as_object()) {
      if (member.key != "candidates") decision.add(member.key, member.value);
    }
    slots.add(slot.key, decision.build());
  }
  return to_json(slots.build());
}

RC_GTEST_PROP(Properties, TheIndexPassesOverNothingThatCouldShow, ()) {
  const Visit visit = visits();
  Visitor visitor(program_of(visit));
  for (const Step& step : visit.steps) {
    (void)visitor.take(step);
    Arena arena;
    const std::string slots = R"(,"slots":["hero","note"])";
    const Value plain = parsed(visitor.ask(&Session::decide, slots), arena), explained = parsed(visitor.ask(&Session::decide, slots + R"(,"explain":true)"), arena);
    RC_ASSERT(to_json(plain.get("decisions")) == without_candidates(explained.get("decisions")));
  }
}

RC_GTEST_PROP(Properties, LateEventsConverge, ()) {
  // Past events and holds of people count at their own time, whatever the order in which they come; journeys and scores follow the order of arrival.
  const Visit visit = visits({.journeys = false, .intents = false});
  const auto program = program_of(visit);
  struct Dated {
    Instant at;
    Step step;
  };
  std::vector<Dated> events;
  Instant at = first_instant;
  std::set<std::string> moment;  // names of the events that are all of this moment
  for (const Step& step : visit.steps) {
    if (!step.body.starts_with(R"("track")")) continue;
    const std::string name = step.body.substr(0, step.body.find(','));
    // Of one moment those of a name stay in the order in which they came, for there is no other; holds of people have one.
    const bool apart = !name.starts_with(R"("track":"Hold )") && moment.contains(name);
    if (const Duration pause = std::max<Duration>(step.after, apart ? 1 : 0); pause > 0) {
      at += pause;
      moment.clear();
    }
    moment.insert(name);
    events.push_back({at, step});
  }
  const auto answers = [&](const std::vector<std::size_t>& order) {
    Visitor visitor(program);
    for (const std::size_t index : order) {
      visitor.set_time(events[index].at);
      (void)visitor.send(events[index].step.body, "event" + std::to_string(index));
    }
    visitor.set_time(at + minute);
    std::string decided = visitor.send(R"("page":{"url":"https://shop.example/a/one"})", "page");
    Arena arena;
    const Value inspection = parsed(visitor.ask(&Session::inspect), arena);
    return decided + to_json(inspection.get("computed")) + to_json(inspection.get("holds")) + to_json(inspection.get("segments"));
  };
  std::vector<std::size_t> order(events.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  const std::string in_time = answers(order);
  for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[*rc::gen::inRange<std::size_t>(0, i)]);
  RC_ASSERT(answers(order) == in_time);
}

/// What was seen, in the order of time: exposures that count, one for each experience and page view.
struct Seen {
  Instant at;
  std::uint32_t experience;
  std::uint32_t session;
  int page;
};

bool cap_kept(const std::vector<Seen>& seen, const program::Cap& cap, const auto& counts) {
  for (std::size_t i = 0; i < seen.size(); ++i) {
    if (!counts(seen[i])) continue;
    const auto together = std::count_if(seen.begin(), seen.begin() + static_cast<std::ptrdiff_t>(i) + 1, [&](const Seen& other) {
      if (!counts(other)) return false;
      return cap.per > 0 ? other.at > seen[i].at - cap.per : cap.per == 0 ? other.session == seen[i].session : other.page == seen[i].page;
    });
    if (together > cap.max) return false;
  }
  return true;
}

RC_GTEST_PROP(Properties, CapsAreNeverExceeded, ()) {
  const Visit visit = visits();
  const auto program = program_of(visit);
  const program::Tables& tables = program->tables();
  Visitor visitor(program);
  std::vector<Seen> seen;
  int page = 0;
  for (const Step& step : visit.steps) {
    Arena arena;
    const Value answer = parsed(visitor.take(step), arena);
    // Another person has seen nothing yet.
    if (step.body.find(R"("identify":"other")") != std::string::npos || step.body.find("logout") != std::string::npos) return;
    if (!step.body.starts_with(R"("page")")) continue;
    ++page;
    visitor.set_time(visitor.clock());
    for (const Member& slot : answer.get("decisions").as_object()) {
      const Value experience = slot.value.get("experience"), variant = slot.value.get("variant");
      if (!experience.is_string()) continue;
      const std::string body = R"("exposure":{"slot":")" + std::string(slot.key) + R"(","experience":")" + std::string(experience.as_string()) + R"(","variant":")" +
                               std::string(variant.as_string()) + "\"}";
      (void)visitor.send(body, "seen" + std::to_string(seen.size()));
      const auto session = parsed(visitor.ask(&Session::inspect), arena).get("session").get("number").as_number();
      seen.push_back({visitor.clock(), tables.find(tables.experiences, experience.as_string()), static_cast<std::uint32_t>(session), page});
    }
  }
  for (std::uint32_t experience = 0; experience < tables.experiences.size(); ++experience) {
    for (const program::Cap& cap : program::Tables::run(tables.caps, tables.terms_of(experience).caps)) {
      RC_ASSERT(cap_kept(seen, cap, [&](const Seen& item) { return item.experience == experience; }));
    }
  }
  for (const program::Cap& cap : program::Tables::run(tables.caps, tables.site[0].pressure_caps)) {
    RC_ASSERT(cap_kept(seen, cap, [&](const Seen& item) { return tables.experiences[item.experience].journey != program::none; }));
  }
}

RC_GTEST_PROP(Properties, AHeldJourneyNeverSpeaks, ()) {
  const Visit visit = visits();
  Visitor visitor(program_of(visit));
  for (const Step& step : visit.steps) {
    Arena arena;
    const Value answer = parsed(visitor.take(step), arena);
    const Value decided = parsed(visitor.ask(&Session::decide, R"(,"slots":["hero","note"])"), arena);
    for (const Value& decisions : {answer.get("decisions"), decided.get("decisions")}) {
      for (const Member& slot : decisions.as_object()) {
        const Value journey = slot.value.get("journey");
        if (!journey.is_string()) continue;
        const Value enrolment = answer.get("journeys").get(journey.as_string());
        RC_ASSERT(enrolment.get("status").as_string() == "active");
      }
    }
  }
}

RC_GTEST_PROP(Properties, ValuesWithoutConsentNeverMatter, ()) {
  // `profile.tier` needs a consent that no step grants: another value, or none, gives the same answers and the same state.
  Visit visit = visits({.grants = false});
  Visitor told(program_of(visit)), other(program_of(visit)), untold(program_of(visit));
  for (const Step& step : visit.steps) {
    const auto with = [&](std::string_view value, std::string_view replacement) {
      Step changed = step;
      const std::size_t place = changed.body.find(value);
      if (place != std::string::npos) changed.body.replace(place, value.size(), replacement);
      return changed;
    };
    const std::string answer = told.take(step);
    RC_ASSERT(answer == other.take(with(R"("tier":"gold")", R"("tier":"none")")));
    // That a value was refused is told, so the notices differ; nothing else may.
    Arena arena;
    const Value heard = parsed(answer, arena), unheard = parsed(untold.take(with(R"("tier")", R"("unknown")")), arena);
    for (const std::string_view part : {"decisions", "effects", "journeys"}) RC_ASSERT(equal(heard.get(part), unheard.get(part)));
    RC_ASSERT(told.session().snapshot() == other.session().snapshot());
    RC_ASSERT(told.session().snapshot() == untold.session().snapshot());
  }
}

RC_GTEST_PROP(Properties, EveryStepEndsWithinItsBound, ()) {
  const Visit visit = visits();
  const auto program = program_of(visit);
  Visitor visitor(program);
  const std::size_t journeys = program->tables().journeys.size();
  // Each journey follows one transition and enters at most once, besides those that others start; each time it may hop on.
  const std::size_t by_event = (2 * journeys + max_starts) * (1 + max_hops);
  for (const Step& step : visit.steps) {
    Arena arena;
    const Instant before = visitor.clock();
    const Value answer = parsed(visitor.take(step), arena);
    std::size_t entered = 0;
    bool timers_fired = false;
    for (const Value& effect : answer.get("effects").as_list()) {
      entered += effect.get("event").is_string() && effect.get("event").as_string() == "Stage Entered" ? 1 : 0;
      timers_fired = timers_fired || effect.get("at").as_string() != format_instant(visitor.clock());
    }
    RC_ASSERT(entered <= by_event + (visitor.clock() > before ? std::size_t{max_timers} * (1 + max_hops) : 0));
    if (!timers_fired) RC_ASSERT(entered <= by_event + journeys * (1 + max_hops));
  }
}

}  // namespace
}  // namespace wayline::properties
