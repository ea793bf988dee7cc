// Holds of people follow the order of time (design 7.7): whatever order their events come in, however often, and on however many devices,
// what holds is what a list of all that was said, read in the order of time, says.
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <map>
#include <optional>
#include <tuple>

#include "../support/programs.h"
#include "profile/state.h"
#include "random_pack.h"
#include "value/json.h"
#include "wayline/merge.h"
#include "wayline/session.h"

namespace wayline::properties {

struct Said {
  Instant at = 0;
  std::string by, scope, reason;  // of a release, empty stands for any
  std::optional<Duration> lasts;  // nothing: until it is released
  bool placed = false;
};

/// How a counterexample is printed.
void showValue(const Said& said, std::ostream& out) {
  out << (said.placed ? "placed" : "released") << " at " << format_duration(said.at - first_instant) << " by '" << said.by << "' scope '" << said.scope << "' reason '" << said.reason
      << "'" << (said.lasts ? " for " + format_duration(*said.lasts) : "") << "\n";
}

namespace {

/// From the first that is said to when is looked: some of what expires has expired by then.
constexpr Duration span = 30 * minute;

/// With `many`, of more teams and scopes than there is room for.
rc::Gen<Said> said(bool many) {
  return rc::gen::exec([many] {
    const auto below = [](int limit) { return *rc::gen::inRange(0, limit); };
    Said one;
    one.placed = below(3) > 0;
    one.at = first_instant + below(20) * minute;  // often the same moment
    static const std::string teams[] = {"sales", "service", "marketing", ""};
    static const std::string scopes[] = {"everything", "team:marketing", "journey:offer", ""};
    one.by = teams[below(one.placed ? 3 : 4)];
    one.scope = many && below(3) > 0 ? "journey:j" + std::to_string(below(40)) : scopes[below(one.placed ? 3 : 4)];
    if (one.placed && below(2) > 0) one.reason = below(2) > 0 ? "a" : "b";
    if (one.placed && below(2) > 0) one.lasts = below(20) * minute;
    return one;
  });
}

std::vector<Said> all_said() {
  const bool many = *rc::gen::inRange(0, 4) == 3;
  return many ? *rc::gen::resize(160, rc::gen::container<std::vector<Said>>(said(true))) : *rc::gen::resize(24, rc::gen::container<std::vector<Said>>(said(false)));
}

std::vector<Said> shuffled(std::vector<Said> list) {
  for (std::size_t i = list.size(); i > 1; --i) std::swap(list[i - 1], list[*rc::gen::inRange<std::size_t>(0, i)]);
  return list;
}

const std::shared_ptr<const Program>& shop() {
  static const std::shared_ptr<const Program> program = [] {
    const std::string variants = R"("variants":[{"id":"a","content":{"text":"x"}}])";
    const auto rule = [&](const std::string& owner) {
      return R"({"id":")" + owner + R"(-rule","owner":")" + owner + R"(","slot":")" + owner + R"(","page":{"path":"/**"},)" + variants + "}";
    };
    return testing::program_of({{"site.json", R"({"site":"shop","timezone":"UTC","teams":{"sales":{},"service":{},"marketing":{}}})"},
                                {"rules/all.json", "[" + rule("sales") + "," + rule("service") + "," + rule("marketing") + "]"},
                                {"journeys/offer.json", R"({"id":"offer","owner":"marketing","status":"live","version":1,"enter":{"on":"Enter"},"start":"one","stages":{
                                  "one":{"team":"marketing","show":[{"id":"e","slot":"hero",)" + variants + "}]}}}"}});
  }();
  return program;
}

/// "by/scope/reason".
std::string named(const Value& hold) {
  const auto text = [&](const char* key) { return std::string(hold.get(key).as_string()); };
  return text("by") + "/" + text("scope") + "/" + text("reason");
}

class Device {
 public:
  Device() : engine_(shop()), session_(Session(engine_, "v")) { (void)step(first_instant, R"("track":"Enter")"); }

  std::string step(Instant at, const std::string& body) {
    Arena arena;
    const Result<Value> answer = session_->step(read_json(R"({"at":)" + std::to_string(at) + "," + body + "}", arena).value());
    if (!answer.ok()) RC_FAIL("a good step is refused: " + answer.error().message);
    return to_json(answer.value());
  }
  /// The answer, which tells what begins and ends.
  std::string hear(const Said& said) {
    std::string properties;
    const auto add = [&](const char* name, const std::string& value) {
      if (!value.empty()) properties += std::string(properties.empty() ? "" : ",") + "\"" + name + "\":\"" + value + "\"";
    };
    add("by", said.by);
    add("scope", said.scope);
    add("reason", said.reason);
    if (said.lasts) add("expires", format_duration(*said.lasts));
    return step(said.at, std::string(R"("track":"Hold )") + (said.placed ? "Placed" : "Released") + R"(","properties":{)" + properties + "}");
  }
  void restore(const std::string& text) {
    Arena arena;
    std::vector<std::string> dropped;
    Result<Session> restored = Session::restore(engine_, read_json(text, arena).value(), dropped);
    if (!restored.ok()) RC_FAIL("a state can not be restored: " + restored.error().message);
    session_ = std::move(restored).value();
  }
  [[nodiscard]] std::string state() const { return session_->snapshot(); }
  /// What holds at the end of all that was said, what is remembered of it, and what shows.
  std::string end() {
    (void)step(first_instant + span, R"("tick":true)");
    Arena arena;
    const Value answer = read_json(step(first_instant + span, R"("page":{"url":"/"},"decide":["hero"])"), arena).value();
    const Value inspection = session_->inspect(read_json(R"({"at":)" + std::to_string(first_instant + span) + "}", arena).value()).value();
    const Value document = read_json(state(), arena).value();
    return to_json(inspection.get("holds")) + "\n" + to_json(document.get("holds")) + "\n" + to_json(document.get("endedHolds")) + "\n" +
           to_json(inspection.get("journeys").get("offer").get("heldBy")) + "\n" + to_json(answer.get("decisions"));
  }
  /// What holds at that time, oldest first.
  std::vector<std::string> in_force(Instant at) {
    Arena arena;
    const Value inspection = session_->inspect(read_json(R"({"at":)" + std::to_string(at) + "}", arena).value()).value();
    std::vector<std::string> holds;
    for (const Value& hold : inspection.get("holds").as_list()) holds.push_back(named(hold));
    return holds;
  }

 private:
  Engine engine_;
  std::optional<Session> session_;
};

/// The clause, over the whole list: of each team and scope the latest, the newest of them all, and of those what was not ended later and has not expired.
std::vector<std::string> by_the_clause(const std::vector<Said>& all) {
  const auto until = [](const Said& said) { return !said.placed ? said.at : said.lasts ? said.at + *said.lasts : max_instant; };
  std::map<std::pair<std::string, std::string>, Said> latest;
  for (const Said& said : all) {
    Said& known = latest.try_emplace({said.by, said.scope}, said).first->second;
    if (std::tuple(said.at, until(said), said.reason) > std::tuple(known.at, until(known), known.reason)) known = said;
  }
  std::vector<Said> kept;
  for (const auto& [name, one] : latest) kept.push_back(one);
  std::sort(kept.begin(), kept.end(), [](const Said& a, const Said& b) { return std::tie(a.at, a.by, a.scope) < std::tie(b.at, b.by, b.scope); });
  if (kept.size() > max_holds) kept.erase(kept.begin(), kept.end() - static_cast<std::ptrdiff_t>(max_holds));
  std::vector<std::string> holds;
  for (const Said& said : kept) {
    const bool released = std::any_of(kept.begin(), kept.end(), [&](const Said& other) {
      return until(other) == other.at && other.at > said.at && (other.by.empty() || other.by == said.by) && (other.scope.empty() || other.scope == said.scope);
    });
    if (said.placed && !released && until(said) > first_instant + span) holds.push_back(said.by + "/" + said.scope + "/" + said.reason);
  }
  return holds;
}

RC_GTEST_PROP(Holds, AreThoseOfTheClauseWhateverTheOrderOfArrival, ()) {
  const std::vector<Said> all = all_said();
  Device in_order, in_disorder;
  for (const Said& said : all) (void)in_order.hear(said);
  for (const Said& said : shuffled(all)) {
    (void)in_disorder.hear(said);
    if (*rc::gen::inRange(0, 4) == 0) (void)in_disorder.hear(all[*rc::gen::inRange<std::size_t>(0, all.size())]);
    if (*rc::gen::inRange(0, 4) == 0) in_disorder.restore(in_disorder.state());
  }
  RC_ASSERT(in_disorder.in_force(first_instant + span) == by_the_clause(all));
  RC_ASSERT(in_disorder.end() == in_order.end());
}

RC_GTEST_PROP(Holds, OfTwoDevicesMergeToThoseOfOne, ()) {
  const std::vector<Said> all = all_said();
  Device left, right, one;
  for (const Said& said : shuffled(all)) {
    const int who = *rc::gen::inRange(0, 3);
    if (who != 1) (void)left.hear(said);
    if (who != 0) (void)right.hear(said);
    (void)one.hear(said);
  }
  const auto merged = [](const std::string& a, const std::string& b) {
    Arena arena;
    const Result<std::string> both = merge_states(*shop(), read_json(a, arena).value(), read_json(b, arena).value());
    if (!both.ok()) RC_FAIL("states can not be merged: " + both.error().message);
    return both.value();
  };
  const std::string both = merged(left.state(), right.state());
  RC_ASSERT(both == merged(right.state(), left.state()));
  RC_ASSERT(both == merged(both, left.state()));
  RC_ASSERT(both == merged(right.state(), both));
  Device device;
  device.restore(both);
  RC_ASSERT(device.in_force(first_instant + span) == by_the_clause(all));
  RC_ASSERT(device.end() == one.end());
}

RC_GTEST_PROP(Holds, AreToldWhenTheyBeginAndWhenTheyEnd, ()) {
  // Who listens only to what is told knows what holds.
  Device device;
  std::vector<std::string> told;
  for (const Said& said : all_said()) {
    Arena arena;
    const Value answer = read_json(device.hear(said), arena).value();
    for (const Value& effect : answer.get("effects").as_list()) {
      const Value event = effect.get("event");
      if (event.is_missing()) continue;
      const std::string hold = named(effect.get("properties"));
      if (event.as_string() == "Hold Began") told.push_back(hold);
      if (event.as_string() != "Hold Ended") continue;
      const auto place = std::find(told.begin(), told.end(), hold);
      RC_ASSERT(place != told.end());
      told.erase(place);
    }
    std::vector<std::string> known = device.in_force(first_instant);
    std::sort(known.begin(), known.end());
    std::sort(told.begin(), told.end());
    RC_ASSERT(told == known);
  }
}

}  // namespace
}  // namespace wayline::properties
