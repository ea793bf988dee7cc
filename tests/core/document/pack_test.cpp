// What the typed Pack holds, and how the loader behaves at its limits. Findings themselves are golden files.
#include "document/pack.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "../support/files.h"
#include "document/address.h"
#include "document/html.h"
#include "document/render.h"
#include "document/story.h"
#include "document/template.h"
#include "value/json.h"
#include "wayline/compile.h"

namespace wayline::document {
namespace {

const std::filesystem::path hazel = "tests/packs/hazel-small";

std::string all_findings(const Loaded& loaded, const Files& files) {
  std::string text;
  for (const Diagnostic& finding : loaded.diagnostics) text += render(finding, files, false);
  return text;
}

bool has_errors(const Diagnostics& diagnostics) {
  return std::any_of(diagnostics.begin(), diagnostics.end(),
                     [](const Diagnostic& finding) { return finding.severity == Severity::error; });
}

class Hazel : public ::testing::Test {
 protected:
  const Files files = testing::pack_files(hazel);
  const Loaded loaded = load_pack(files);
  const Pack& pack = loaded.pack;
};

TEST_F(Hazel, HasNoFindings) { EXPECT_EQ(all_findings(loaded, files), ""); }

TEST_F(Hazel, HoldsTheSite) {
  const Site& site = pack.site;
  EXPECT_EQ(site.name, "hazel");
  EXPECT_EQ(site.time_zone, "Europe/Warsaw");
  EXPECT_EQ(site.teams.size(), 3u);
  EXPECT_EQ(site.holdout, 0.05);
  EXPECT_EQ(site.purposes, (std::vector<std::string>{"personalization", "service"}));
  ASSERT_EQ(site.attributes.size(), 5u);
  EXPECT_EQ(site.attributes[0].name.text, "profile.tier");
  EXPECT_EQ(site.attributes[0].allowed, (std::vector<std::string>{"none", "gold"}));
  EXPECT_EQ(site.attributes[0].ttl, 30 * day);
  EXPECT_EQ(site.attributes[0].purpose, "personalization");
  EXPECT_EQ(site.attributes[1].sources, (std::vector<std::string>{"crm", "shop"}));
  EXPECT_EQ(site.attributes[2].team, "service");
  EXPECT_EQ(site.events.front().properties.at("price"), "number");
  ASSERT_TRUE(site.quiet_hours);
  EXPECT_EQ(site.quiet_hours->from, 22 * hour);
  EXPECT_EQ(site.quiet_hours->to, 7 * hour);
  ASSERT_EQ(site.pressure_caps.size(), 1u);
  EXPECT_EQ(site.pressure_caps[0].per, day);
  ASSERT_EQ(site.goals.size(), 2u);
  EXPECT_EQ(site.goals[1].under->text, "retention");
  EXPECT_EQ(site.goals[1].target, 0.8);
  ASSERT_EQ(site.intents.size(), 1u);
  EXPECT_EQ(site.intents[0].half_life, 3 * day);
  EXPECT_EQ(to_json(*site.intents[0].signals[0].condition.value),
            R"({"==":[{"var":"event.properties.category"},"dress"]})");
}

TEST_F(Hazel, HoldsAndLimitsJourneys) {
  ASSERT_EQ(pack.site.holds.size(), 1u);
  EXPECT_EQ(pack.site.holds[0].by, "sales");
  EXPECT_EQ(pack.site.holds[0].scope, "team:marketing");
  ASSERT_EQ(pack.site.limits.size(), 2u);
  EXPECT_EQ(pack.site.limits[0].max, 3u);
  EXPECT_EQ(pack.site.limits[1].team, "marketing");
}

TEST_F(Hazel, WritesShortFormsOutAndKeepsTheirPlaces) {
  const Rule& rule = pack.site.computed.front().rule;
  EXPECT_EQ(to_json(*rule.value), R"({"count":["Product Viewed",{"within":"7d"}]})");
  const Value& operands = rule.value->as_object()[0].value;
  EXPECT_EQ(rule.positions->of(operands.as_list()[0]).line, 26u);
  EXPECT_EQ(rule.positions->of(operands.as_list()[0]).column, 28u);
  EXPECT_EQ(rule.positions->of(operands.as_list()[1].as_object()[0].value).column, 56u);
  EXPECT_EQ(rule.positions->of(*rule.value).line, 26u);
}

TEST_F(Hazel, HoldsPageRules) {
  ASSERT_EQ(pack.page_rules.size(), 2u);
  const Experience& dress = pack.page_rules[0];
  EXPECT_EQ(dress.id.text, "dress-lover");
  EXPECT_EQ(dress.page.paths, (std::vector<std::string>{"/", "/women/**"}));
  EXPECT_EQ(dress.priority, 10);
  EXPECT_TRUE(dress.dismissible);
  EXPECT_EQ(dress.dismiss_for, 7 * day);
  EXPECT_EQ(dress.caps[0].max, 5u);
  EXPECT_EQ(dress.status, "live");
  EXPECT_EQ(pack.page_rules[1].coverage, 0.5);
  EXPECT_EQ(pack.page_rules[1].version, 2u);
}

TEST_F(Hazel, HoldsTheJourney) {
  ASSERT_EQ(pack.journeys.size(), 1u);
  const Journey& journey = pack.journeys[0];
  EXPECT_EQ(journey.status, "live");
  EXPECT_EQ(journey.version, 3u);
  EXPECT_EQ(journey.enter.event->text, "Case Opened");
  EXPECT_EQ(journey.reenter.after, 7 * day);
  EXPECT_EQ(journey.reenter.max, 5u);
  EXPECT_EQ(journey.goal->under->text, "recover-q4");
  EXPECT_TRUE(journey.goal->ends);
  EXPECT_EQ(journey.exits[0].outcome, "closed");
  EXPECT_EQ(journey.holds[0].by, "sales");
  ASSERT_EQ(journey.stages.size(), 2u);
  const Stage& acknowledge = journey.stages[0];
  EXPECT_TRUE(acknowledge.moment_of_truth);
  EXPECT_EQ(acknowledge.show[0].id.text, "service-recovery.acknowledge.hero");
  ASSERT_EQ(acknowledge.transitions.size(), 2u);
  EXPECT_EQ(std::get<Emit>(acknowledge.transitions[0].actions[0]).event, "Follow-up Requested");
  EXPECT_EQ(acknowledge.transitions[1].wait, 2 * day);
  const Stage& reassure = journey.stages[1];
  EXPECT_EQ(std::get<SetTrait>(reassure.on_enter[0]).attribute.text, "profile.helped");
  EXPECT_EQ(std::get<Handoff>(reassure.transitions[0].actions[0]).team.text, "service");
  EXPECT_FALSE(reassure.transitions[0].go);
  EXPECT_EQ(std::get<Handoff>(reassure.transitions[0].actions[0]).within, day);
  EXPECT_EQ(std::get<Handoff>(reassure.transitions[0].actions[0]).otherwise->text, "acknowledge");
  ASSERT_EQ(reassure.transitions.size(), 2u);
  EXPECT_EQ(reassure.transitions[1].until->weekday, 0u);
  EXPECT_EQ(reassure.transitions[1].until->time, 9 * hour);
  ASSERT_EQ(journey.migrations.size(), 3u);
  EXPECT_EQ(journey.migrations[0].version, 2u);
  EXPECT_EQ(journey.migrations[0].from, "waiting");
  EXPECT_EQ(journey.migrations[0].stage->text, "acknowledge");
  EXPECT_FALSE(journey.migrations[1].stage);
  EXPECT_EQ(journey.migrations[1].outcome, "closed");
  EXPECT_EQ(journey.migrations[2].outcome, "migrated");
}

TEST(LoadPack, GivesAJourneyWithoutEnterAnEntryThatNeverHolds) {
  const Loaded loaded = load_pack(
      {{"site.json", R"({"site":"s"})"}, {"journeys/a.json", R"({"id":"a","start":"one","stages":{"one":{}}})"}});
  const Trigger& enter = loaded.pack.journeys.at(0).enter;
  EXPECT_FALSE(enter.event);
  ASSERT_TRUE(enter.condition);
  EXPECT_EQ(to_json(*enter.condition.value), "false");
}

TEST(LoadPack, ReadsWindowsOfSessionsAndPages) {
  const Loaded loaded = load_pack(
      {{"site.json",
        R"({"site":"s","pressure":{"caps":[{"max":1,"per":"page"},{"max":2,"per":"session"},{"max":3,"per":"2h"}]}})"}});
  const std::vector<Cap>& caps = loaded.pack.site.pressure_caps;
  ASSERT_EQ(caps.size(), 3u);
  EXPECT_EQ(caps[0].per, -1);
  EXPECT_EQ(caps[1].per, 0);
  EXPECT_EQ(caps[2].per, 2 * hour);
}

TEST(LoadPack, SortsJourneysByIdAndFindingsByPlace) {
  const std::string journey = R"(","status":"draft","start":"one","colour":1,"stages":{"one":{}},"enter":{"on":"A"}})";
  const Loaded loaded = load_pack({{"site.json", R"({"site":"s"})"},
                                   {"journeys/1.json", R"({"id":"b)" + journey},
                                   {"journeys/2.json", R"({"id":"a)" + journey}});
  EXPECT_EQ(loaded.pack.journeys[0].id.text, "a");
  ASSERT_EQ(loaded.diagnostics.size(), 2u);
  EXPECT_EQ(loaded.diagnostics[0].range.file, "journeys/1.json");
}

TEST(LoadPack, StopsListingAtAReadableNumber) {
  std::string rules = "[";
  for (int i = 0; i < 2000; ++i) rules += i == 0 ? "1" : ",1";
  const Loaded loaded = load_pack({{"site.json", R"({"site":"s"})"}, {"rules/a.json", rules + "]"}});
  ASSERT_EQ(loaded.diagnostics.size(), 501u);
  EXPECT_EQ(loaded.diagnostics.back().severity, Severity::note);
  EXPECT_EQ(loaded.diagnostics.back().message, "and 1500 findings more");
}

/// Places of a document that are tried: every fourth, so that the sanitizer build stays in seconds. Prime to the five
/// bytes below.
constexpr std::size_t stride = 4;

/// A truncated document is told, wherever it was cut, and nothing else breaks.
TEST_F(Hazel, TellsTruncation) {
  for (const auto& [file, text] : files) {
    for (std::size_t size = 0; size < text.find_last_of("]}"); size += stride) {
      Files cut = files;
      cut[file] = text.substr(0, size);
      const Loaded result = load_pack(cut);
      const LoadedStories stories = load_stories(cut, result.pack);
      EXPECT_TRUE(has_errors(result.diagnostics) || has_errors(stories.diagnostics)) << file << " cut to " << size;
    }
  }
}

/// A changed byte may make another valid pack; it may never break the loader. The sanitizer build is where this counts.
TEST_F(Hazel, SurvivesChangedBytes) {
  constexpr std::string_view others("\0\"{9\xff", 5);
  for (const auto& [file, text] : files) {
    for (std::size_t at = 0; at < text.size(); at += stride) {
      Files changed = files;
      changed[file][at] = others[at % others.size()];
      const Loaded result = load_pack(changed);
      const LoadedStories stories = load_stories(changed, result.pack);
      for (const Diagnostic& finding : result.diagnostics) EXPECT_FALSE(render(finding, changed, false).empty());
    }
  }
}

// --- templates and markup, beyond what the golden files show

TEST(LoadPack, SaysHowAFileOfOtherLettersIsSaved) {
  using namespace std::string_literals;
  for (const std::string& text : {"\xFF\xFE{\0 \0}\0"s, "{\0 \0}\0"s, "{ \"site\": \"caf\xE9\" }"s}) {
    const Loaded loaded = load_pack({{"site.json", text}});
    ASSERT_FALSE(loaded.diagnostics.empty());
    EXPECT_EQ(loaded.diagnostics.front().hint, "save the file in UTF-8") << loaded.diagnostics.front().message;
  }
}

TEST(Template, SplitsATextIntoParts) {
  const Template parsed = parse_template("Hi {{profile.first_name | dear friend}}, {{ page.title }}!");
  ASSERT_TRUE(parsed.problems.empty());
  ASSERT_EQ(parsed.parts.size(), 5u);
  EXPECT_EQ(parsed.parts[0].literal, "Hi ");
  EXPECT_EQ(parsed.parts[1].path, "profile.first_name");
  EXPECT_EQ(parsed.parts[1].fallback, "dear friend");
  EXPECT_EQ(parsed.parts[1].offset, 3u);
  EXPECT_EQ(parsed.parts[3].path, "page.title");
  EXPECT_EQ(parsed.parts[3].fallback, "");
  EXPECT_EQ(parsed.parts[4].literal, "!");
}

TEST(Template, LeavesPlainTextAlone) {
  EXPECT_TRUE(parse_template("").parts.empty());
  EXPECT_EQ(parse_template("a } b }} { c").parts.size(), 1u);
}

TEST(Html, AllowsOrdinaryMarkup) {
  for (std::string_view html :
       {"", "a < b", "<p>x</p>", "<br/>", "<a href='/x?y=1&amp;z=2'>x</a>", "<!-- note --><b>x</b>",
        "<img src=/a.png alt=x>", "<p class=\"on\" data-once=\"1\">on-time = good</p>",
        "<svg viewBox=\"0 0 1 1\"><title>Hat</title><path d=\"M0 0\"/></svg>", "<textarea>a &lt; b</textarea>",
        "<!-- a --!><p>x</p>", "</p title='>'>"}) {
    EXPECT_TRUE(check_html(html).unsafe.empty()) << html;
  }
}

TEST(Html, SeesThroughDisguises) {
  for (std::string_view html :
       {"<SCRIPT src=x>", "<p/onclick=x>", "<p a=1 b onclick>", "<svg onload=x>", "<svg><animate to='javascript:x'>",
        "<a href=' &#x6A;avascript:x'>", "<a href='java&Tab;script:x'>", "<a href='\x01javascript:x'>",
        "<form action=JaVaScRiPt:x>", "<!-- --!><img src=x onerror=x> -->",
        "<svg><style><img src=x onerror=x></style></svg>", "<svg><title><img src=x></title></svg>",
        "</p title=\"><a title='\"><img src=x onerror=x>'>", "<svg><![CDATA[><a title=\"]]><img src=x onerror=x>\">",
        "<svg><set attributeName=href to=javascript:x>", "<p title=\v\"><img src=x onerror=x>\">",
        "<title></titles title=\"</title><img src=x onerror=x>\"></title>", "</{{profile.tag}}>", "<!{{profile.dashes}}>", "<?{{profile.dashes}}>"}) {
    EXPECT_FALSE(check_html(html).unsafe.empty()) << html;
  }
}

/// The two lists are one: content that check accepts is shown whole.
TEST(Html, RefusesWhatThePageRemoves) {
  const std::string source = testing::file_text("web/src/slots/safe-content.ts");
  const std::string_view before = "forbiddenElements = '";
  const std::size_t found = source.find(before);
  ASSERT_NE(found, std::string::npos);
  const std::size_t start = found + before.size();
  std::istringstream names(source.substr(start, source.find('\'', start) - start));
  std::size_t count = 0;
  for (std::string name; std::getline(names >> std::ws, name, ','); ++count)
    EXPECT_FALSE(check_html("<" + name + "></" + name + ">").unsafe.empty()) << name;
  EXPECT_GE(count, 8u);
}

TEST(Address, IsClosedBeforeTheFirstValue) {
  for (std::string_view address :
       {"/p/{{page.id}}", "/search?q={{page.q}}", "p/{{page.id}}", "?q={{page.q}}", "#{{page.q}}", "https://a.example",
        "https://a.example/{{page.q}}", "https://a.example?q={{page.q}}", "//a.example/{{page.q}}",
        "mailto:{{profile.team}}", "{plain}"}) {
    EXPECT_FALSE(find_open_address(address, AddressText::plain)) << address;
  }
  for (std::string_view address :
       {"{{page.q}}", " {{page.q}}", "java{{page.q}}", "/{{page.q}}", "/\t{{page.q}}", "\\{{page.q}}", "//{{page.q}}",
        "//a.example{{page.q}}", "https:{{page.q}}", "https://{{page.q}}/x", "https:///{{page.q}}",
        "https://a.example{{page.q}}", "https://a.example:{{page.q}}/", "data:text/{{page.q}}"}) {
    EXPECT_TRUE(find_open_address(address, AddressText::plain)) << address;
  }
  EXPECT_TRUE(find_open_address("&sol;/{{page.q}}", AddressText::markup));
  EXPECT_TRUE(find_open_address("https://a.example&num{{page.q}}", AddressText::markup));
  EXPECT_FALSE(find_open_address("https://a.example&#47;{{page.q}}", AddressText::markup));
}

TEST(Html, EndsOnAnyInput) {
  const std::string alphabet = "<>\"'/={}!-a o\n";
  for (std::size_t seed = 0; seed < 20'000; ++seed) {
    std::string html;
    for (std::size_t i = 0, state = seed; i < 8; ++i, state /= 3) html += alphabet[(state + i * 5) % alphabet.size()];
    EXPECT_LE(check_html(html).unsafe.size(), html.size());
  }
}

/// Circles of goals are golden; those of rules show only when the rules are lowered.
TEST(Compile, CallsACircleOfSegmentsACycle) {
  const Compiled compiled = compile({{{"site.json", R"({"site": "hazel", "segments": {
    "one": {"segment": "two"}, "two": {"!": {"segment": "one"}}, "three": {"segment": "one"}}})"}},
                                     {}});
  EXPECT_FALSE(compiled.ok());
  ASSERT_FALSE(compiled.diagnostics.empty());
  for (const Diagnostic& finding : compiled.diagnostics) EXPECT_EQ(finding.code, ErrorCode::pack_cycle);
}

/// The findings of a pack whose journey sets `profile.copy` to a value.
Diagnostics setting(const std::string& purpose, const std::string& value) {
  return compile({{{"site.json", R"({"site": "hazel", "consent": {"purposes": ["p", "q"]},
    "attributes": {"profile.secret": {"type": "string", "purpose": "p"}, "profile.open": {"type": "string"}, "profile.copy": {"type": "string")" + purpose + R"(}},
    "segments": {"known": {"!!": {"var": "profile.secret"}}, "known_well": {"segment": "known"}, "seen": {"!!": {"var": "profile.open"}}},
    "computed": {"greeting": {"cat": ["Dear ", {"var": "profile.secret"}]}}})"},
                   {"journeys/j.json", R"({"id": "j", "status": "live", "enter": {"on": "identify"}, "exit": [{"on": "Done"}], "start": "one",
    "stages": {"one": {"on": [{"event": "Go", "do": [{"set": {"profile.copy": )" + value + "}}]}]}}}"}}, {}}).diagnostics;
}

/// Withdrawal of a purpose deletes its own traits alone, so that what is made of them must be of it as well.
TEST(Compile, RefusesToSetWhatOutlivesAConsent) {
  const std::string secret = R"({"var": "profile.secret"})";
  const std::string of_other = R"(, "purpose": "q")";
  for (const std::string& value : {secret, R"({"cat": ["v", )" + secret + "]}", std::string(R"({"var": "computed.greeting"})"), std::string(R"({"var": "event.traits.secret"})"),
                                   std::string(R"({"if": [{"segment": "known_well"}, "yes", "no"]})"), std::string(R"({"if": [{"missing": ["profile.secret"]}, "no", "yes"]})")}) {
    for (const std::string& purpose : {std::string(), of_other}) {
      const Diagnostics findings = setting(purpose, value);
      ASSERT_EQ(findings.size(), 1U) << value;
      EXPECT_EQ(findings[0].code, ErrorCode::pack_unguarded);
      EXPECT_EQ(findings[0].severity, Severity::error);
      EXPECT_EQ(findings[0].message, "`profile.copy` is set from `profile.secret`, which needs consent to `p`: it stays when that is withdrawn");
    }
    EXPECT_TRUE(setting(R"(, "purpose": "p")", value).empty()) << value;
  }
  for (const char* value : {R"({"var": "profile.open"})", R"({"if": [{"segment": "seen"}, "yes", "no"]})", R"({"var": "event.properties.by"})", R"({"if": [{"var": "consent.p"}, "a", "b"]})"}) {
    EXPECT_TRUE(setting("", value).empty()) << value;
    EXPECT_TRUE(setting(of_other, value).empty()) << value;
  }
}

}  // namespace
}  // namespace wayline::document
