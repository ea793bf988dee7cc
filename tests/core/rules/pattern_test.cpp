// The vectors say what patterns mean; here: agreement with another engine, bounds, and changed programs.
#include "rules/pattern.h"

#include <gtest/gtest.h>

#include <chrono>
#include <random>
#include <regex>
#include <vector>

#include "rules/no_environment.h"
#include "rules/pattern_compile.h"
#include "rules/url_pattern.h"

namespace wayline {
namespace {

bool matches(std::string_view pattern, std::string_view text) {
  Arena arena;
  NoEnvironment nowhere;
  Evaluator evaluator({}, Value(), nowhere, arena, {.steps = 100'000'000, .memory = 1 << 24});
  return pattern_matches(evaluator, pattern, text);
}

std::string compiled(std::string_view pattern, const PatternLimits& limits = {}) {
  const auto result = compile_pattern(pattern, limits);
  return result ? result.value() : "refused: " + result.error().message;
}

class RandomPattern {
 public:
  explicit RandomPattern(std::uint32_t seed) : random_(seed) {}
  std::string pattern(int depth) {
    std::string text;
    for (std::uint32_t parts = 1 + below(3); parts > 0; --parts) text += quantified(depth);
    return below(6) == 0 && depth > 0 ? text + "|" + pattern(depth - 1) : text;
  }
  std::string text() {
    std::string text;
    for (std::uint32_t size = below(9); size > 0; --size) text += "abc-"[below(4)];
    return text;
  }

 private:
  std::uint32_t below(std::uint32_t limit) { return static_cast<std::uint32_t>(random_() % limit); }
  std::string quantified(int depth) {
    static constexpr const char* quantifiers[] = {"", "", "", "*", "+", "?", "{2}", "{1,2}", "{0,1}", "*?", "+?"};
    return atom(depth) + quantifiers[below(11)];
  }
  std::string atom(int depth) {
    static constexpr const char* atoms[] = {"a", "b", "c", ".", "[ab]", "[^a]", "\\w", "[a-c]", "-"};
    if (depth > 0 && below(4) == 0) return (below(2) == 0 ? "(" : "(?:") + pattern(depth - 1) + ")";
    return atoms[below(9)];
  }
  std::mt19937 random_;
};

TEST(Pattern, AgreesWithStandardRegex) {
  for (std::uint32_t seed = 0; seed < 4'000; ++seed) {
    RandomPattern random(seed);
    std::string pattern = random.pattern(2);
    if (seed % 3 == 0) pattern = "^(?:" + pattern + ")$";
    const std::string program = compiled(pattern);
    ASSERT_TRUE(valid_pattern(program)) << pattern << ": " << program;
    // Without this extension of libstdc++ the peer backtracks, and some of these patterns take it hours.
    const std::regex peer(pattern, std::regex::ECMAScript | std::regex_constants::__polynomial);
    for (int i = 0; i < 20; ++i) {
      const std::string text = random.text();
      ASSERT_EQ(matches(program, text), std::regex_search(text, peer)) << pattern << " on " << text;
    }
  }
}

TEST(Pattern, TimeIsLinearInTheText) {
  using Clock = std::chrono::steady_clock;
  const auto milliseconds = [](const std::string& program, std::size_t size) {
    const std::string text = std::string(size, 'a') + "!";
    const auto start = Clock::now();
    EXPECT_FALSE(matches(program, text));
    return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
  };
  for (const char* pattern : {"^(a+)+$", "^(a|a)*$", "^(a|aa)+$", "(a*)*b", "^(a?){20}a{20}$", "(.*)(.*)(.*)(.*)x"}) {
    const std::string program = compiled(pattern);
    (void)milliseconds(program, 1'000);
    EXPECT_LT(milliseconds(program, 100'000), 2'000) << pattern;
  }
}

TEST(Pattern, LimitsAreOptionsAndAreTold) {
  EXPECT_EQ(compiled("aaaa", {.bytes = 3}), "refused: longer than 3 bytes");
  EXPECT_EQ(compiled("((a))", {.depth = 1}), "refused: groups nest too deep at character 3");
  EXPECT_EQ(compiled("a{50}", {.instructions = 20}), "refused: more than 20 instructions once repetitions are unrolled");
  EXPECT_EQ(compiled("((((a{9}){9}){9}){9}){9}").substr(0, 8), "refused:");
}

TEST(Pattern, TextPaysForItsLength) {
  Arena arena;
  NoEnvironment nowhere;
  Evaluator evaluator({}, Value(), nowhere, arena, {.steps = 1'000});
  EXPECT_FALSE(pattern_matches(evaluator, compiled("a"), std::string(100'000, 'b')));
  EXPECT_TRUE(evaluator.over_budget());
}

TEST(Pattern, ChangedProgramsAreRefusedOrStayInside) {
  const std::string good = compiled("^(a|[b-d\\s]+)x{1,3}\\b$");
  ASSERT_TRUE(valid_pattern(good));
  for (std::size_t size = 0; size < good.size(); ++size) {
    const std::string_view shorter(good.data(), size);
    if (valid_pattern(shorter)) (void)matches(shorter, "abcx x");
  }
  for (std::size_t i = 0; i < good.size(); ++i) {
    for (int value = 0; value < 256; ++value) {
      std::string changed = good;
      changed[i] = static_cast<char>(value);
      if (valid_pattern(changed)) (void)matches(changed, "abcx x");
    }
  }
}

TEST(Pattern, NothingOfAProgramLiesBehindItsEnd) {
  const auto valid = [](const std::vector<std::uint32_t>& words) { return valid_pattern({reinterpret_cast<const char*>(words.data()), words.size() * sizeof words[0]}); };
  const auto op = [](PatternOp what, std::uint32_t argument = 0) { return static_cast<std::uint32_t>(what) | argument << 8; };
  const std::uint32_t match = op(PatternOp::match), any = op(PatternOp::any);
  for (const PatternOp leads : {PatternOp::jump, PatternOp::split}) {
    EXPECT_TRUE(valid({2, op(leads, 1), match}));
    EXPECT_FALSE(valid({2, op(leads, 2), match}));
  }
  EXPECT_TRUE(valid({2, op(PatternOp::set, 3), match, 1, 'a', 'b'}));
  EXPECT_TRUE(valid({2, op(PatternOp::set, 5), match, 1, 'a', 0}));
  EXPECT_FALSE(valid({2, op(PatternOp::set, 2), match, 1, 'a', 'b'})) << "an instruction is no set";
  EXPECT_FALSE(valid({2, op(PatternOp::set, 6), match, 1, 'a', 'b'}));
  EXPECT_FALSE(valid({2, op(PatternOp::set, 3), match, 2, 'a', 'b'}));
  EXPECT_FALSE(valid({2, op(PatternOp::set, 4), match, 0, 1, 'a'}));
  EXPECT_FALSE(valid({1, any})) << "falls off the end";
  EXPECT_FALSE(valid({1, op(PatternOp::split, 0)}));
  EXPECT_TRUE(valid({1, match}));
  EXPECT_FALSE(valid({2, match}));
  EXPECT_FALSE(valid({0, match}));
  EXPECT_FALSE(valid({0}));
  EXPECT_FALSE(valid({2, op(static_cast<PatternOp>(static_cast<int>(PatternOp::not_word_boundary) + 1)), match}));
  for (const std::uint32_t more : {0u, 1u}) {
    std::vector<std::uint32_t> words(max_pattern_instructions + more + 1, any);
    words.front() = max_pattern_instructions + more;
    words.back() = match;
    EXPECT_EQ(valid(words), more == 0);
  }
}

TEST(UrlPattern, PathOfAUrl) {
  EXPECT_EQ(url_path("https://shop.example/a/b?c#d"), "/a/b");
  EXPECT_EQ(url_path("https://shop.example"), "/");
  EXPECT_EQ(url_path("https://shop.example?x=/y"), "/");
  EXPECT_EQ(url_path("//shop.example/a"), "/a");
  EXPECT_EQ(url_path("/a?b"), "/a");
  EXPECT_EQ(url_path(""), "/");
}

TEST(UrlPattern, EndsWhereItsTextEnds) {
  // In a program the next text follows at once.
  const std::string_view texts = "/u/:id/:";
  EXPECT_FALSE(url_matches("/u/x", texts.substr(0, 4)));
  EXPECT_TRUE(url_matches("/u/:", texts.substr(0, 4)));
  EXPECT_TRUE(url_matches("/u/x", texts.substr(0, 5)));
  EXPECT_FALSE(url_matches("/u/x/y", texts.substr(0, 7)));
  EXPECT_FALSE(url_matches("/a/b/c", std::string_view("/a/**").substr(0, 4)));
}

TEST(UrlPattern, LongUrlsAndPatternsEndQuickly) {
  std::string pattern = "/";
  while (pattern.size() + 4 < max_url_pattern_bytes) pattern += "**a*";
  EXPECT_FALSE(url_matches("/" + std::string(100'000, 'a') + "!", pattern + "b"));
  EXPECT_FALSE(url_matches("/", std::string(max_url_pattern_bytes + 1, '*')));
}

}  // namespace
}  // namespace wayline
