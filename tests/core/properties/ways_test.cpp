// What the compiler calls never taken can be left out: no event and no moment shows a difference. Runs with the properties' own number of cases and seed.
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <array>
#include <set>

#include "random_pack.h"
#include "value/json.h"
#include "wayline/compile.h"
#include "wayline/session.h"

namespace wayline::properties {
namespace {

int below(int limit) { return *rc::gen::inRange(0, limit); }
std::string pick(std::initializer_list<const char*> choices) { return choices.begin()[below(static_cast<int>(choices.size()))]; }
std::string stage() { return pick({"a", "b", "c"}); }

/// Few conditions, so that many are alike.
std::string condition(int depth = 2) {
  const int kind = below(depth > 0 ? 7 : 4);
  if (kind < 4) {
    return pick({R"({"==":[{"var":"profile.tier"},"gold"]})", R"({">":[{"var":"profile.spent"},5]})", R"({"==":[{"var":"event.properties.kind"},"x"]})",
                 R"({"==":[{"stage":"j"},"b"]})"});
  }
  if (kind == 4) return R"({"!":)" + condition(depth - 1) + "}";
  if (kind == 5) return pick({"true", R"({"==":[1,1]})"});
  return "{\"" + pick({"and", "or"}) + "\":[" + condition(depth - 1) + "," + condition(depth - 1) + "]}";
}
std::string maybe_if() { return below(2) == 0 ? "" : R"(,"if":)" + condition(); }

/// One that only acts, or leads on as well; each says another thing when it is taken.
std::string outcome(int number) {
  const std::string act = R"(,"do":[{"emit":"E)" + std::to_string(number) + "\"}" +
                          (below(8) == 7 ? R"(,{"handoff":{"to":"t","acknowledge":{"within":"1d","else":")" + stage() + "\"}}}" : "") + "]";
  return below(3) == 0 ? act : R"(,"go":")" + stage() + "\"" + act;
}

/// A journey with each exit and each way on a line of its own, where the compiler's findings point.
class Ways {
 public:
  Ways() {
    lines_ = {{R"({"id":"j","status":"live","enter":{"on":"X"},"reenter":{},"start":"a",)" + pick({"", R"("goal":{"on":"Z"},)", R"("goal":{"on":"Y","ends":false},)"}) + R"("exit":[)", 0}};
    list(3, [](int number) {
      const std::string when = below(4) == 3 ? R"("if":)" + condition() : R"("on":")" + pick({"X", "Y", "Z"}) + "\"" + maybe_if();
      return "{" + when + R"(,"outcome":"o)" + std::to_string(number) + "\"}";
    });
    for (const char* name : {"a", "b", "c"}) {
      lines_.push_back({std::string(*name == 'a' ? "],\"stages\":{" : "]},") + "\"" + name + R"(":{"on":[)", 0});
      list(5, [](int number) {
        const std::string when = below(4) == 3 ? R"("if":)" + condition() : R"("event":")" + pick({"X", "Y", "page"}) + "\"" + maybe_if();
        return "{" + when + outcome(number) + "}";
      });
      lines_.push_back({R"(],"after":[)", 0});
      list(4, [](int number) {
        const std::string when = below(3) == 2 ? R"("until":{)" + pick({R"("time":"09:00")", R"("weekday":"monday","time":"09:00")"}) + "}"
                                               : R"("wait":")" + pick({"12h", "1d", "24h", "2d"}) + "\"";
        return "{" + when + maybe_if() + outcome(number) + "}";
      });
    }
    lines_.push_back({"]}}}", 0});
  }

  /// Left out lines stay empty, so that the others keep their numbers.
  [[nodiscard]] std::string text(const std::set<std::uint32_t>& left_out) const {
    std::string text;
    std::set<int> begun;
    for (std::uint32_t i = 0; i < lines_.size(); ++i) {
      const auto& [line, list] = lines_[i];
      if (!left_out.contains(i + 1)) text += (list != 0 && !begun.insert(list).second ? "," : "") + line;
      text += "\n";
    }
    return text;
  }

 private:
  template <typename Make>
  void list(int most, Make make) {
    ++lists_;
    for (int count = below(most + 1); count > 0; --count) lines_.emplace_back(make(++number_), lists_);
  }

  std::vector<std::pair<std::string, int>> lines_;  // with the number of their list; 0: the frame
  int lists_ = 0;
  int number_ = 0;
};

Compiled compiled(const std::string& journey) {
  return compile({{{"site.json", R"({"site":"s","teams":{"t":{}},"attributes":{"profile.tier":{"type":"string"},"profile.spent":{"type":"number"}},
                      "events":{"X":{"properties":{"kind":"string"}},"Y":{"properties":{"kind":"string"}},"Z":{}}})"},
                   {"journeys/j.json", journey}},
                  {}});
}

std::string random_body() {
  switch (below(6)) {
    case 0: return R"("identify":"u","traits":{"tier":")" + pick({"gold", "none"}) + R"(","spent":)" + pick({"1", "9"}) + "}";
    case 1: return R"("page":{"url":"https://s.example/"})";
    case 2: return R"("tick":true)";
    default: return R"("track":")" + pick({"X", "Y", "Z"}) + R"(","properties":{"kind":")" + pick({"x", "y"}) + "\"}";
  }
}

/// What a visitor's journeys do, without when to step next: a wait that is never over may be waited for.
std::string answers(const Compiled& pack, const std::vector<Step>& steps) {
  auto program = Program::load(pack.program);
  if (!program.ok()) RC_FAIL("what was compiled can not be loaded: " + program.error().message);
  Engine engine(program.value());
  Session session(engine, "visitor");
  Instant at = first_instant;
  std::string text;
  int number = 0;
  for (const Step& step : steps) {
    Arena arena;
    at += step.after;
    const Result<Value> answer = session.step(parsed(line_of(at, "m" + std::to_string(++number), step.body), arena));
    if (!answer.ok()) RC_FAIL("a good step is refused: " + answer.error().message);
    for (const Value& effect : answer.value().get("effects").as_list()) {
      if (effect.get("type").as_string() != "timer") text += to_json(effect) + "\n";
    }
    text += to_json(answer.value().get("journeys")) + "\n";
  }
  return text;
}

RC_GTEST_PROP(Ways, WhatIsNeverTakenCanBeLeftOut, ()) {
  const Ways ways = *rc::gen::exec([] { return Ways(); });
  const std::string whole = ways.text({});
  const Compiled before = compiled(whole);
  std::set<std::uint32_t> left_out;
  for (const Diagnostic& finding : before.diagnostics) {
    if (finding.severity == Severity::error) RC_FAIL("the random journey is refused: " + finding.message + "\n" + whole);
    const bool is_never = finding.message.find("is never taken") != std::string::npos || finding.message.find("is never over") != std::string::npos;
    if (finding.code == ErrorCode::pack_unreachable && is_never) left_out.insert(finding.range.line);
  }
  RC_CLASSIFY(!left_out.empty());
  std::vector<Step> steps;
  static constexpr std::array<Duration, 6> pauses{1000, 0, hour, 6 * hour, day, 50 * hour};
  for (int count = below(30); count > 0; --count) steps.push_back({pauses[static_cast<std::size_t>(below(6))], random_body()});
  const std::string shorter = ways.text(left_out);
  if (answers(before, steps) != answers(compiled(shorter), steps)) RC_FAIL("they differ:\n" + whole + "\nand without what is never taken:\n" + shorter);
}

}  // namespace
}  // namespace wayline::properties
