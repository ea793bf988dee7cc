// Proof by running twice (7.2.5): values that lack their consent change no answer and no state, whatever they are.
#include <gtest/gtest.h>

#include <random>

#include "../support/programs.h"
#include "value/json.h"
#include "wayline/session.h"

namespace wayline {
namespace {

/// Every way in which a pack can read a trait: conditions, contents, scores, holds, transitions, emitted events, goals, set values.
const std::map<std::string, std::string> pack{
    {"site.json", R"({"site":"s","consent":{"purposes":["personal","service"]},
      "attributes":{"profile.secret":{"type":"string","purpose":"personal"},"profile.case":{"type":"number","purpose":"service","ttl":"1d","source":["crm","web"]},
        "profile.open":{"type":"string"},"profile.copied":{"type":"string","purpose":"personal"}},
      "segments":{"known":{"!!":[{"var":"profile.secret"}]},"urgent":{">":[{"var":"profile.case"},0]}},
      "intents":{"leave":{"half_life":"1d","signals":[{"on":"identify","if":{"!!":[{"var":"event.traits.secret"}]}}]}},
      "scores":{"mood":{"half_life":"1d","floor":-5,"signals":[{"on":"page","if":{"segment":"urgent"},"add":-1}]}}})"},
    {"rules/r.json", R"([{"id":"named","slot":"hero","page":{"path":"/**"},"if":{"segment":"known"},"variants":[{"id":"a","content":{"text":"{{profile.secret}}"}}]},
      {"id":"plain","slot":"note","page":{"path":"/**"},"score":{"var":"profile.case"},"variants":[{"id":"a","content":{"html":"<p>{{profile.secret | -}}{{profile.case | -}}{{profile.open | -}}</p>"}}]},
      {"id":"rival","slot":"note","page":{"path":"/**"},"score":{"intent":"leave"},"variants":[{"id":"a","content":{"json":{"k":"{{profile.copied | -}}"}}}]},
      {"id":"missing","slot":"foot","page":{"path":"/**"},"if":{"missing":["profile.secret","profile.case"]},"variants":[{"id":"a","content":{"text":"x"}}]}])"},
    {"journeys/j.json", R"({"id":"j","status":"live","enter":{"on":"identify","if":{"!!":[{"var":"event.traits.secret"}]}},"start":"one","stages":{"one":{}}})"},
    {"journeys/k.json", R"({"id":"k","status":"live","enter":{"on":"page"},"reenter":{},"holds":[{"if":{"segment":"urgent"}}],"goal":{"on":"Buy","value":{"var":"profile.case"}},
      "exit":[{"on":"Leave","if":{"var":"profile.secret"}}],"start":"one",
      "stages":{"one":{"show":[{"slot":"hero","variants":[{"id":"a","content":{"text":"k"}}]}],
        "do":[{"set":{"profile.copied":{"cat":["v",{"var":"profile.secret"}]}}},{"emit":"Copied","properties":{"case":{"var":"profile.case"}}}],
        "on":[{"event":"Go","if":{"==":[{"var":"profile.secret"},"b"]},"go":"two"}],"after":[{"wait":"1h","if":{"segment":"urgent"},"go":"two"}]},"two":{}}})"}};

/// One history in two versions that differ only in values of traits whose purpose is never, or not at that time, granted.
struct Histories {
  std::vector<std::string> left, right;
};

Histories random_histories(std::uint32_t seed) {
  std::mt19937 random(seed);
  const auto below = [&](std::uint32_t limit) { return static_cast<std::uint32_t>(random() % limit); };
  static constexpr const char* texts[] = {R"("a")", R"("b")", "null", "7", R"(["x"])", R"("longer than the others")"};
  static constexpr const char* numbers[] = {"0", "1", "2", R"("3")", "-5", "1e9"};
  Histories histories;
  std::int64_t at = 1'767'258'000'000;
  bool personal = false, service = false;
  const auto both = [&](const std::string& line) {
    histories.left.push_back(line);
    histories.right.push_back(line);
  };
  for (int i = 0; i < 60; ++i) {
    at += below(4) == 0 ? 90'000'000 : 60'000;
    const std::string head = R"({"at":)" + std::to_string(at) + R"(,"id":"m)" + std::to_string(i) + R"(",)";
    switch (below(7)) {
      case 0:
      case 1: both(head + R"("page":{"url":"https://s.test/p"},"explain":true})"); break;
      case 2: both(head + R"("track":")" + std::array{"Go", "Buy", "Leave"}[below(3)] + R"(","decide":["hero","note","foot"]})"); break;
      case 3: both(head + R"("tick":true,"decide":["hero"]})"); break;
      case 4: {
        personal = below(4) == 0, service = below(4) == 0;
        both(head + R"("consent":{"personal":)" + (personal ? "true" : "false") + R"(,"service":)" + (service ? "true" : "false") + "}}");
        break;
      }
      default: {
        // A value with consent is the same in both histories; one without is not.
        const auto traits = [&](std::uint32_t secret, std::uint32_t number, bool envelope) {
          const std::string value = numbers[number];
          return head + R"("identify":"u","traits":{"open":"o","secret":)" + texts[secret] + R"(,"case":)" +
                 (envelope ? R"({"value":)" + value + R"(,"source":"crm","ttl":"2h"})" : value) + "}}";
        };
        const std::uint32_t secret = below(6), number = below(6);
        const bool envelope = below(2) == 0;
        histories.left.push_back(traits(secret, number, envelope));
        histories.right.push_back(traits(personal ? secret : below(6), service ? number : below(6), envelope));
      }
    }
  }
  return histories;
}

std::string play(Engine& engine, const std::vector<std::string>& lines) {
  Session session(engine, "v");
  std::string text;
  for (const std::string& line : lines) {
    Arena arena;
    const auto answer = session.step(read_json(line, arena).value());
    text += answer.ok() ? to_json(answer.value()) : answer.error().message;
    text += "\n" + session.snapshot() + "\n";
    text += to_json(session.inspect(read_json(R"({"at":1767258000000})", arena).value()).value()) + "\n";
  }
  return text;
}

TEST(Consent, NoUnconsentedValueChangesAByte) {
  Engine engine(testing::program_of(pack));
  int different = 0, withheld = 0;
  for (std::uint32_t seed = 0; seed < 100; ++seed) {
    const Histories histories = random_histories(seed);
    different += histories.left != histories.right;
    const std::string left = play(engine, histories.left);
    ASSERT_EQ(left, play(engine, histories.right)) << "seed " << seed;
    withheld += left.find("trait.no_consent") != std::string::npos;
  }
  EXPECT_GT(different, 60) << "the histories must differ for this to prove anything";
  EXPECT_GT(withheld, 60);
}

TEST(Consent, AConsentedValueDoesChangeSomething) {
  Engine engine(testing::program_of(pack));
  const auto with = [](const std::string& secret) {
    return std::vector<std::string>{R"({"at":1000,"consent":{"personal":true}})", R"({"at":2000,"identify":"u","traits":{"secret":")" + secret + R"("}})",
                                    R"({"at":3000,"page":{"url":"https://s.test/"}})"};
  };
  EXPECT_NE(play(engine, with("a")), play(engine, with("b")));
}

}  // namespace
}  // namespace wayline
