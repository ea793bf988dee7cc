#include "random_pack.h"

#include <rapidcheck.h>

#include <array>
#include <cstdlib>
#include <initializer_list>
#include <iterator>

#include "../support/files.h"
#include "value/json.h"
#include "wayline/compile.h"

namespace wayline::properties {
namespace {

/// A number from 0 to limit - 1; 0 is the simplest.
int below(int limit) { return *rc::gen::inRange(0, limit); }
bool chance(int one_in) { return below(one_in) == one_in - 1; }

std::string pick(std::initializer_list<const char*> choices) { return choices.begin()[below(static_cast<int>(choices.size()))]; }

std::string joined(const std::vector<std::string>& parts) {
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : ",") + part;
  return text;
}

/// `make()` between `least` and `most` times, joined with commas.
template <typename Make>
std::string some(int least, int most, Make make) {
  std::vector<std::string> parts;
  for (int count = least + below(most - least + 1); count > 0; --count) parts.push_back(make());
  return joined(parts);
}

class PackMaker {
 public:
  explicit PackMaker(const Features& features) : features_(features), journeys_(features.journeys ? 1 + below(3) : 0) {}

  std::map<std::string, std::string> files() {
    std::map<std::string, std::string> files{{"site.json", site()}};
    if (features_.page_rules) files["rules/all.json"] = "[" + some(1, 4, [&] { return page_rule(); }) + "]";
    for (int journey = 0; journey < journeys_; ++journey) files["journeys/j" + std::to_string(journey) + ".json"] = this->journey(journey);
    return files;
  }

 private:
  std::string number() { return pick({"0", "1", "2", "3", "5", "0.5"}); }
  std::string duration() { return pick({"1d", "1h", "10m", "30s", "7d"}); }

  std::string leaf() {
    for (;;) {
      switch (below(26)) {
        case 0: return pick({"true", "false"});
        case 1: return R"({"==":[{"var":"profile.tier"},")" + pick({"gold", "none"}) + "\"]}";
        case 2: return R"({">=":[{"var":"profile.cases"},)" + number() + "]}";
        case 3: return R"({">=":[{"var":"computed.views"},)" + number() + "]}";
        case 4: return R"({"<":[{"var":"computed.spent"},)" + number() + "]}";
        case 5: return R"({">":[{"count":[")" + pick({"A", "B", "page"}) + R"(",{"within":")" + duration() + R"("}]},)" + number() + "]}";
        case 6: return R"({"===":[{"last":["A",{"of":"kind"}]},")" + pick({"x", "y"}) + "\"]}";
        case 7: return R"({"missing":[")" + pick({"profile.tier", "profile.name", "profile.cases"}) + "\"]}";
        case 8: return R"({"var":"consent.)" + pick({"care", "ads"}) + "\"}";
        case 9: return R"({"in":[{"var":"profile.name"},["ada","bo"]]})";
        case 10: return R"({"local_time":[")" + pick({"09:00\",\"17:00", "22:00\",\"07:00", "02:00\",\"03:00"}) + "\"]}";
        case 11: if (features_.intents) return R"({">":[{"intent":"i"},)" + number() + "]}"; break;
        case 12: if (features_.journeys) return R"({"==":[{"stage":"j)" + std::to_string(below(journeys_)) + R"("},")" + stage_name(below(3)) + "\"]}"; break;
        case 13: if (features_.context) return R"({"==":[{"var":"event.properties.kind"},")" + pick({"x", "y"}) + "\"]}"; break;
        case 14: if (features_.context) return R"({"starts_with":[{"var":"page.path"},")" + pick({"/a", "/b"}) + "\"]}"; break;
        case 15: if (features_.context) return R"({"<":[{"var":"session.pages"},)" + number() + "]}"; break;
        case 16: if (features_.context) return R"({"==":[{"var":"event.)" + pick({"name\"},\"A\"]}", "name\"},\"B\"]}", "type\"},\"page\"]}"}); break;
        case 17: if (features_.context) return R"({"==":[{"var":"device.kind"},")" + pick({"phone", "desk"}) + "\"]}"; break;
        // The session begins when its first event comes, late or not.
        case 18: if (features_.journeys) return R"({"<":[{"var":"session.duration"},)" + pick({"60000", "1200000"}) + "]}"; break;
        case 19: if (features_.page_rules) return R"({"==":[{"var":"experiment.r0"},")" + pick({"a", "b", "holdout"}) + "\"]}"; break;
        case 20: if (features_.intents) return pick({R"({"<":[0.5,{"intent":"i"},2]})", R"({"==":[{"intent":"i"},1]})", R"({"<":[{"score":"m"},-0.5]})", R"({">=":[{"score":"m"},{"intent":"i"}]})"}); break;
        case 21: return R"({"within":[{"var":"profile.due"},")" + duration() + "\"]}";
        case 22: return R"({")" + pick({"before", "after"}) + R"(":[{"var":"profile.due"},{"now":[]}]})";
        case 23: return R"({"<":[{"since":["A"]},)" + pick({"60000", "7200000"}) + "]}";
        case 24: return R"({">":[{"distinct":["B",{"of":"kind","within":")" + duration() + R"("}]},1]})";
        default: return R"({"and":[)" + leaf() + "," + leaf() + "]}";
      }
    }
  }

  std::string condition(int depth = 2) {
    if (depth == 0 || below(3) < 2) return in_segment_ || below(8) > 0 ? leaf() : pick({R"({"segment":"s"})", R"({"segment":"t"})"});
    switch (below(3)) {
      case 0: return R"({"!":[)" + condition(depth - 1) + "]}";
      case 1: return R"({"and":[)" + some(1, 3, [&] { return condition(depth - 1); }) + "]}";
      default: return R"({"or":[)" + some(1, 3, [&] { return condition(depth - 1); }) + "]}";
    }
  }
  /// As a member, or nothing.
  std::string maybe_if() { return chance(2) ? R"(,"if":)" + condition() : ""; }

  std::string site() {
    std::string text = R"({"site":"random","timezone":"Europe/Warsaw","teams":{"team":{},"other":{}},"slots":{"hero":{},"note":{}},
      "consent":{"purposes":["ads","care"]},
      "attributes":{"profile.tier":{"type":"string","source":["crm","page"],"purpose":"ads"},"profile.cases":{"type":"number","ttl":"1d","purpose":"care"},
        "profile.name":{"type":"string"},"profile.flag":{"type":"number","source":["journey","page"]},"profile.due":{"type":"date"}},
      "events":{"A":{"properties":{"kind":"string","n":"number"}},"B":{"properties":{"kind":"string","n":"number"}},"C":{"properties":{"kind":"string","n":"number"}},"D":{}},
      "computed":{"views":{"count":"A","within":")" + duration() + R"("},"spent":{"sum":"B","of":"n","within":")" + duration() + "\"}}";
    in_segment_ = true;
    text += R"(,"segments":{"s":)" + condition() + R"(,"t":{"or":[{"segment":"s"},)" + condition() + "]}}";
    in_segment_ = false;
    if (features_.intents) text += R"(,"intents":{"i":{"half_life":"1d","cap":4,"signals":[{"on":"B","add":1},{"on":"A")" + maybe_if() + R"(,"add":0.5}]}},"scores":{"m":{"half_life":"6h","floor":-3,"signals":[{"on":"B","add":-1},{"on":"C","add":0.5}]}})";
    if (chance(2)) text += R"(,"pressure":{"caps":[)" + some(1, 2, [&] { return cap(); }) + "]" + quiet_hours() + "}";
    if (chance(4)) text += R"(,"holds":[{"by":"other","if":)" + condition() + R"(,"scope":")" + pick({"everything", "team:team"}) + R"(","reason":"random"}])";
    if (chance(4)) text += R"(,"concurrency":[{"max":1}])";
    if (chance(4)) text += R"(,"holdout":0.5)";
    return text + "}";
  }

  std::string quiet_hours() { return chance(3) ? R"(,"quiet_hours":{"from":"22:00","to":"07:00","zone":")" + pick({"site", "visitor"}) + "\"}" : ""; }

  std::string cap() { return R"({"max":)" + pick({"1", "2", "3"}) + R"(,"per":")" + pick({"1d", "1h", "session"}) + "\"}"; }

  std::string timed() {
    if (chance(2)) return R"("wait":")" + duration() + "\"";
    return R"("until":{)" + pick({R"("time":"02:30")", R"("weekday":"sunday","time":"09:00")", R"("weekday":"monday")", R"("date":{"var":"profile.due"})", R"("date":{"var":"profile.due"},"time":"08:00")"}) + "}";
  }

  /// Members that a page rule and what a stage shows have in common.
  std::string experience() {
    std::string text = R"("slot":")" + pick({"hero", "note"}) + R"(","priority":)" + number() + maybe_if();
    if (chance(2)) text += R"(,"cap":)" + cap();
    if (chance(4)) text += R"(,"group":"g")";
    if (chance(4)) text += R"(,"purpose":")" + pick({"care", "ads"}) + "\"";
    if (chance(4)) text += R"(,"coverage":0.5)";
    if (chance(4)) text += R"(,"score":{"var":"computed.views"})";
    if (chance(4)) text += R"(,"dismissible":)" + pick({"true", R"({"for":"1h"})"});
    text += R"(,"variants":[{"id":"a","content":{"html":"<b>{{profile.name | you}}</b>"}})";
    return text + (chance(2) ? R"(,{"id":"b","weight":2,"content":{"text":"b {{profile.tier}}"}}])" : "]");
  }

  std::string page_rule() {
    return R"({"id":"r)" + std::to_string(experiences_++) + R"(","page":{"path":")" + pick({"/**", "/a/*", "/b"}) + "\"}," + (chance(2) ? R"("owner":"team",)" : "") + experience() + "}";
  }

  static std::string stage_name(int index) { return std::string("stage") + static_cast<char>('0' + index); }

  std::string actions() {
    return "[" + some(1, 2, [&] {
             switch (below(5)) {
               case 0: return std::string(R"({"emit":"Emitted","properties":{"n":{"var":"computed.views"}}})");
               case 1: return R"({"set":{"profile.)" + pick({"flag", "cases"}) + R"(":)" + number() + "}}";
               case 2: return features_.intents ? std::string(R"({"intent":{"i":1}})") : std::string(R"({"emit":"Emitted"})");
                case 3: return R"({"handoff":{"to":"team","reason":"random","acknowledge":{"within":")" + duration() + R"(","then":"stage0","else":"stage0"}}})";
               default: return std::string(R"({"handoff":{"to":"team","reason":"random"}})");
             }
           }) + "]";
  }

  /// The way to the next stage, so that each can be reached, and others anywhere.
  std::string stage(int index, int count) {
    const int next = (index + 1) % count;
    std::string text = "\"" + stage_name(index) + R"(":{"team":"team","on":[)";
    text += R"({"event":")" + pick({"C", "A", "page"}) + R"(","go":")" + stage_name(next) + "\"" + (chance(3) ? R"(,"do":)" + actions() : "") + "}";
    if (chance(2)) text += R"(,{"if":)" + condition() + R"(,"go":")" + stage_name(below(count)) + "\"}";
    text += "]";
    if (chance(2)) text += R"(,"after":[{)" + timed() + R"(,"go":")" + stage_name(below(count)) + "\"" + maybe_if() + "}]";
    if (chance(3)) text += R"(,"do":)" + actions();
    if (chance(2)) text += R"(,"show":[{"id":"e)" + std::to_string(experiences_++) + "\"," + experience() + "}]";
    return text + "}";
  }

  std::string journey(int index) {
    const int count = 1 + below(3);
    std::string text = R"({"id":"j)" + std::to_string(index) + R"(","owner":"team","status":")" + (chance(8) ? "paused" : "live") + R"(","version":1,"priority":)" + number();
    text += R"(,"enter":{"on":")" + pick({"A", "page", "B"}) + "\"" + maybe_if() + "}";
    if (chance(2)) text += R"(,"reenter":{"after":")" + duration() + "\"}";
    if (chance(2)) text += R"(,"goal":{"on":"D")" + maybe_if() + (chance(3) ? R"(,"start":"j)" + std::to_string(below(journeys_)) + "\"" : "") + "}";
    if (chance(2)) text += R"(,"exit":[{"on":")" + pick({"D", "C"}) + R"(","outcome":"left")" + maybe_if() + "}]";
    if (chance(2)) text += R"(,"holds":[{"by":"team","if":)" + condition() + R"(,"reason":"random"}])";
    text += R"(,"start":")" + stage_name(0) + R"(","stages":{)";
    std::vector<std::string> stages;
    for (int i = 0; i < count; ++i) stages.push_back(stage(i, count));
    return text + joined(stages) + "}}";
  }

  const Features features_;
  const int journeys_;
  int experiences_ = 0;
  bool in_segment_ = false;
};

Step random_step(const Features& features) {
  static constexpr std::array<Duration, 9> pauses{1'000, 0, minute, 10 * minute, hour, 6 * hour, day, 4 * day, -2 * hour};
  Step step{pauses[static_cast<std::size_t>(below(static_cast<int>(pauses.size())))], {}};
  const int kind = below(30);
  if (kind < 9) {
    step.body = R"("track":")" + pick({"A", "B", "C", "D"}) + R"(","properties":{"kind":")" + pick({"x", "y"}) + R"(","n":)" + pick({"1", "2", "0.25"}) + "}";
  } else if (kind < 15) {
    step.body = R"("page":{"url":"https://shop.example)" + pick({"/", "/a/one", "/b"}) + "\"}";
  } else if (kind < 17) {
    step.body = R"("identify":")" + std::string(chance(6) ? "other" : "user") + R"(","traits":{"tier":")" + pick({"gold", "none"}) + R"(","name":")" + pick({"ada", "bo", "<i>"}) +
                R"(","cases":)" + pick({"0", "1", "4"}) + R"(,"due":)" + pick({"\"2026-03-29\"", "\"2026-03-28T10:00:00Z\"", "1774786200000", R"({"value":"2026-03-30","source":"crm","ttl":"6h"})"}) + "}";
  } else if (kind < 19) {
    step.body = R"("consent":{"care":)" + pick({"true", "false"}) + R"(,"ads":)" + (features.grants && chance(2) ? "true" : "false") + "}";
  } else if (kind < 20) {
    step.body = R"("tick":true)";
  } else if (kind < 22) {
    step.body = R"("exposure":{"slot":"hero","experience":")" + pick({"r0", "r1", "e1", "e2", "e3"}) + R"(","variant":")" + pick({"a", "b", "holdout"}) + "\"}";
  } else if (kind < 23) {
    step.body = R"("dismiss":{"slot":"hero","experience":")" + pick({"r0", "r1", "e1", "e2"}) + R"(","variant":"a"})";
  } else if (kind < 25) {
    step.body = R"("track":"Hold Placed","properties":{"by":")" + pick({"sales", "other", "team"}) + R"(","scope":")" + pick({"everything", "team:team", "journey:j0"}) + "\"" +
                (chance(2) ? R"(,"expires":")" + pick({"10m", "6h"}) + "\"" : "") + "}";
  } else if (kind < 26) {
    step.body = R"("track":"Hold Released","properties":{)" + pick({R"("by":"sales")", R"("by":"other")", R"("by":"sales","scope":"everything")", R"("scope":"team:team")", ""}) + "}";
  } else if (kind < 28) {
    step.body = R"("tick":true,"device":{"kind":")" + pick({"phone", "desk"}) + R"(","utc_offset":)" + pick({"0", "600", "-300"}) + "}";
  } else if (kind < 29) {
    step.body = R"("track":"Handoff Acknowledged","properties":{"handoff":"m)" + std::to_string(1 + below(12)) + "/" + pick({"1", "2", "3"}) + "\"}";
  } else {
    step.body = R"("logout":true)";
  }
  return step;
}

}  // namespace

void showValue(const Visit& visit, std::ostream& out) {
  for (const auto& [path, text] : visit.files) out << "--- " << path << "\n" << text << "\n";
  out << "--- steps\n";
  for (const Step& step : visit.steps) out << (step.after < 0 ? "late " : "after ") << format_duration(std::abs(step.after)) << ": " << step.body << "\n";
}

Visit random_visit(const Features& features) {
  Visit visit{PackMaker(features).files(), {}};
  constexpr int most_steps = 30;
  for (int count = below(most_steps); count > 0; --count) visit.steps.push_back(random_step(features));
  return visit;
}

std::shared_ptr<const Program> program_of(const Visit& visit) {
  static const std::string warsaw = testing::zone_file("Europe/Warsaw");
  const Compiled compiled = compile({visit.files, [](std::string_view) { return warsaw; }});
  for (const Diagnostic& finding : compiled.diagnostics) {
    if (finding.severity == Severity::error) RC_FAIL("the random pack is refused: " + finding.range.file + ": " + finding.message);
  }
  const auto program = Program::load(compiled.program);
  if (!program.ok()) RC_FAIL("what was compiled can not be loaded: " + program.error().message);
  return program.value();
}

Value parsed(const std::string& text, Arena& arena) {
  const Result<Value> value = read_json(text, arena);
  if (!value.ok()) RC_FAIL("not JSON: " + text);
  return value.value();
}

std::string line_of(Instant at, const std::string& id, const std::string& body) {
  return R"({"at":)" + std::to_string(at) + R"(,"id":")" + id + "\"," + body + "}";
}

}  // namespace wayline::properties
