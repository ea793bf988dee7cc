// States of one person merge to one, whichever come first, however often, and in whatever groups (core/spec/merging.md), also when they were stepped last at the same moment.
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "../support/programs.h"
#include "profile/history.h"
#include "random_pack.h"
#include "value/json.h"
#include "wayline/merge.h"
#include "wayline/session.h"

namespace wayline::properties {
namespace {

using States = std::array<std::string, 3>;

/// Three devices of one pack. What happens to one may happen to others, and one may go on with what another has, as it is or merged with its own.
class Devices {
 public:
  explicit Devices(std::shared_ptr<const Program> program) : engine_(std::move(program)) {
    for (const char* name : {"v", "w", "x"}) sessions_.emplace_back(engine_, name);
  }

  /// The merged state, or the code of what is wrong: two persons have no common state, in whatever groups they are merged.
  std::string merged(const std::string& left, const std::string& right) const {
    if (left.empty() || right.empty()) return {};
    Arena arena;
    const Result<std::string> state = merge_states(engine_.program(), parsed(left, arena), parsed(right, arena));
    if (state.ok()) return state.value();
    if (state.error().code != ErrorCode::state_other_person) RC_FAIL("states can not be merged: " + state.error().message);
    return {};
  }
  void step(std::size_t device, Instant at, const std::string& id, const std::string& body) {
    Arena arena;
    const auto answer = sessions_[device].step(parsed(line_of(at, id, body), arena));
    if (!answer.ok()) RC_FAIL("a good step is refused: " + answer.error().message);
  }
  void become(std::size_t device, const std::string& state) {
    if (state.empty()) return;
    Arena arena;
    std::vector<std::string> dropped;
    Result<Session> restored = Session::restore(engine_, parsed(state, arena), dropped);
    if (!restored.ok() || !dropped.empty()) RC_FAIL("a state can not be restored whole: " + state);
    sessions_[device] = std::move(restored).value();
  }
  [[nodiscard]] std::string state(std::size_t device) const { return sessions_[device].snapshot(); }

  /// Each step on one of them or more; late, or at one moment, as it comes.
  States after(const std::vector<Step>& steps) {
    const auto below = [](std::size_t limit) { return *rc::gen::inRange<std::size_t>(0, limit); };
    Instant at = first_instant, latest = at;
    for (std::size_t number = 0; number < steps.size(); ++number) {
      at += steps[number].after;
      latest = std::max(latest, at);
      const std::size_t whom = 1 + below(7);
      for (std::size_t device = 0; device < 3; ++device) {
        if (whom >> device & 1) step(device, at, "m" + std::to_string(number), steps[number].body);
      }
      const std::size_t one = below(3), other = below(3);
      switch (below(6)) {
        case 5: become(one, state(other)); break;
        case 4: become(one, merged(state(one), state(other))); break;
        default: break;
      }
    }
    for (std::size_t device = 0; device < 3; ++device) {
      if (below(2) > 0) step(device, latest, "", R"("tick":true)");
    }
    States states{state(0), state(1), state(2)};
    if (below(2) > 0) {
      if (std::string both = merged(states[0], states[1]); !both.empty()) states[0] = std::move(both);
    }
    return states;
  }

 private:
  Engine engine_;
  std::vector<Session> sessions_;
};

void assert_laws(const Devices& devices, const std::string& a, const std::string& b) {
  const std::string both = devices.merged(a, b);
  RC_ASSERT(both == devices.merged(b, a));
  RC_ASSERT(devices.merged(a, a) == a);
  if (both.empty()) return;
  for (const std::string& each : {a, b, both}) {
    RC_ASSERT(both == devices.merged(both, each));
    RC_ASSERT(both == devices.merged(each, both));
  }
}

/// With the ids of messages in an order of their own: that of those from different states is nobody's.
std::string observable(const std::string& state) {
  if (state.empty()) return {};
  Arena arena;
  ObjectBuilder document(arena);
  for (const auto& [key, value] : parsed(state, arena).as_object()) {
    if (key != "messages") {
      document.add(key, value);
      continue;
    }
    std::vector<std::string> ids;
    for (const Value& id : value.as_list()) ids.emplace_back(id.as_string());
    std::sort(ids.begin(), ids.end());
    ListBuilder sorted(arena);
    for (const std::string& id : ids) sorted.add(Value::string(arena.copy(id)));
    document.add(key, sorted.build());
  }
  return to_json(document.build());
}

RC_GTEST_PROP(Properties, MergingIsCommutativeIdempotentAndAbsorbing, ()) {
  const Visit visit = *rc::gen::exec([] { return random_visit({}); }).as("a pack and a visit");
  Devices devices(program_of(visit));
  const auto [a, b, c] = devices.after(visit.steps);
  assert_laws(devices, a, b);
  assert_laws(devices, b, c);
}

RC_GTEST_PROP(Properties, MergingIsAssociative, ()) {
  Visit visit = *rc::gen::exec([] { return random_visit({}); }).as("a pack and a visit");
  for (Step& step : visit.steps) {
    // Which traits a withdrawal deletes that a later grant has replaced, depends on who hears of it first (11.3).
    if (step.body.starts_with(R"("consent")")) step.body = R"("consent":{"care":true,"ads":true})";
  }
  Devices devices(program_of(visit));
  const auto [a, b, c] = devices.after(visit.steps);
  const std::string all = observable(devices.merged(devices.merged(a, b), c));
  RC_ASSERT(all == observable(devices.merged(a, devices.merged(b, c))));
  RC_ASSERT(all == observable(devices.merged(devices.merged(a, c), b)));
}

/// Events that take more room together than there is.
RC_GTEST_PROP(Properties, MergingForgetsForGoodWhatThereIsNoRoomFor, ()) {
  static const std::shared_ptr<const Program> program = testing::program_of({{"site.json", R"({"site":"s","timezone":"UTC","events":{"A":{"properties":{"kind":"string","last":"string"}},"B":{"properties":{"kind":"string"}}},
    "computed":{"a":{"distinct":"A","of":"kind","within":"1d"},"b":{"distinct":"B","of":"kind"},"last":{"last":"A","of":"last"}}})"}});
  const auto steps = *rc::gen::resize(110, rc::gen::container<std::vector<Step>>(rc::gen::exec([] {
    const auto pick = [](const char* choices) { return std::string(1, choices[*rc::gen::inRange<std::size_t>(0, std::string_view(choices).size())]); };
    return Step{*rc::gen::element<Duration>(0, 0, 1, hour, -hour), R"("track":")" + pick("AB") + R"(","properties":{"kind":")" + std::string(480, 'x') + pick("abcdefgh") +
                                                                       R"(","last":")" + pick("xy") + "\"}"};
  })));
  Devices devices(program);
  const auto [a, b, c] = devices.after(steps);
  assert_laws(devices, a, b);
  assert_laws(devices, b, c);
  Arena arena;
  if (parsed(devices.merged(a, b), arena).get("forgotten").is_object()) RC_TAG("out of room");
}

}  // namespace
}  // namespace wayline::properties
