// A year of a faithful customer's life in the shop: what the engine remembers stays small, and what it costs stays little.
#include <gtest/gtest.h>
#include <time.h>

#include <algorithm>
#include <iostream>
#include <map>

#include "../support/programs.h"
#include "value/json.h"
#include "wayline/session.h"

namespace wayline {
namespace {

constexpr std::size_t max_state_bytes = 64 * 1024;
constexpr int events_of_a_year = 3'000;
/// Of the optimised engine, with its answers: twice what a slow machine takes.
constexpr double max_year_ms = 50;
constexpr double start = 1767258000000;  // 2026-01-01T09:00Z
constexpr double day_ms = 86'400'000;

std::shared_ptr<const Program> shop() { return testing::program_of(testing::pack_files("demo/pack")); }

class Year {
 public:
  explicit Year(Arena& arena) : arena_(arena) {
    add(R"({"consent":{"analytics":true,"personalization":true,"service":true}})");
    add(R"({"identify":"ada","traits":{"first_name":"Ada","tier":"gold","email":"ada@example.com"}})");
    for (int visit = 0; events_.size() < events_of_a_year; ++visit) add_visit(visit);
    events_.resize(events_of_a_year);
  }
  [[nodiscard]] const std::vector<Value>& events() const { return events_; }

 private:
  void add_visit(int visit) {
    at_ = start + visit * day_ms * 365 / 375 + visit % 3 * 3'600'000;
    const auto number = [](int value) { return std::to_string(value); };
    add(R"({"page":{"url":"https://hazel.example/","title":"Hazel"}})");
    add(R"({"exposure":{"slot":"hero","experience":"category-interest.sale.hero","variant":"rolls"}})");
    for (int look = 0; look < 3; ++look) {
      static constexpr const char* shelves[] = {"trousers", "skirts", "blouses", "sale"};
      const std::string piece = "A" + number((visit * 3 + look) % 80);
      add(R"({"page":{"url":"https://hazel.example/product/)" + piece + R"(/"}})");
      add(R"({"track":"Product Viewed","properties":{"product_id":")" + piece + R"(","name":"Wide trousers number )" + number(look) + R"(","category":")" +
          shelves[(visit + look) % 4] + R"(","colour":"blue","price":)" + number(40 + look * 20) + R"(,"currency":"USD","sale":false}})");
    }
    if (visit % 7 == 0) add(R"({"track":"Product Added","properties":{"product_id":"A1","category":"sale","price":40,"quantity":1}})");
    if (visit % 14 == 0) add(R"({"track":"Order Completed","properties":{"order_id":"o)" + number(visit) + R"(","total":80,"revenue":80,"pieces":2}})");
    if (visit % 60 == 0) add(R"({"track":"Case Opened","properties":{"case_id":"c","topic":"size"}})");
    if (visit % 60 == 3) add(R"({"track":"Case Closed","properties":{"case_id":"c","rating":5}})");
  }

  void add(const std::string& line) {
    ObjectBuilder event(arena_);
    event.number("at", at_ += 20'000).text("id", arena_.copy("m" + std::to_string(events_.size())));
    for (const Member& member : read_json(arena_.copy(line), arena_).value().as_object()) event.add(member.key, member.value);
    events_.push_back(event.build());
  }

  Arena& arena_;
  std::vector<Value> events_;
  double at_ = start;
};

/// What this thread computed, so that a busy machine does not fail the test.
double processor_ms() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) * 1000 + static_cast<double>(time.tv_nsec) / 1e6;
}

TEST(Year, StaysBelow64KibInTheShop) {
  Arena arena;
  const Year year(arena);
  Engine engine(shop());
  Session session(engine, "v");
  std::size_t largest = 0;
  for (std::size_t i = 0; i < year.events().size(); ++i) {
    const auto answer = session.step(year.events()[i]);
    ASSERT_TRUE(answer.ok()) << answer.error().message;
    EXPECT_TRUE(answer.value().get("notices").is_missing()) << to_json(answer.value().get("notices"));
    if (i % 50 == 0) largest = std::max(largest, session.snapshot().size());
  }
  largest = std::max(largest, session.snapshot().size());
  RecordProperty("state_bytes", static_cast<int>(largest));
  std::cout << "largest state of the year: " << largest << " bytes\n";
  EXPECT_LT(largest, max_state_bytes);
}

TEST(Year, StepsInMilliseconds) {
  Arena arena;
  const Year year(arena);
  Engine engine(shop());
  double best = 1e9;
  for (int round = 0; round < 40; ++round) {
    Session session(engine, "v");
    const double before = processor_ms();
    for (const Value& event : year.events()) (void)session.step(event);
    best = std::min(best, processor_ms() - before);
  }
  std::cout << events_of_a_year << " steps: " << best << " ms\n";
#if defined(NDEBUG) && !defined(__SANITIZE_ADDRESS__)
  EXPECT_LT(best, max_year_ms);
#endif
}

/// Events of the largest size that a pack can ask to be remembered, for a year.
TEST(Year, StaysBelow64KibForAHostileHost) {
  Engine engine(testing::program_of({{"site.json", R"({"site":"s","retention":"365d","attributes":{"profile.a":{"type":"string"},"profile.b":{"type":"list"}},
    "computed":{"a":{"sum":"A","of":"x"},"b":{"distinct":"B","of":"y"},"c":{"count":"C"}},"pressure":{"caps":[{"max":100,"per":"52w"}]}})"}}));
  Session session(engine, "v");
  const std::string text(500, 't');
  bool told = false;
  for (int i = 0; i < events_of_a_year * 4; ++i) {
    Arena arena;
    const std::string at = R"({"at":)" + std::to_string(1'000'000 + i * 100'000);
    const std::string source = "s" + std::to_string(i % 20);
    const std::string lines[] = {at + R"(,"track":"A","properties":{"x":")" + text + R"("}})", at + R"(,"track":"B","properties":{"y":{"deep":[1,2,")" + text + R"("]}}})",
                                 at + R"(,"track":"C"})", at + R"(,"device":{"k)" + std::to_string(i) + R"(":")" + text + R"("},"tick":true})",
                                 at + R"(,"identify":"u","traits":{"a":{"value":")" + text + R"(","source":")" + source + R"("},"b":{"value":[")" + text + R"("],"source":")" + source + R"("}}})",
                                 at + R"(,"page":{"url":"https://s.test/)" + std::string(2000, 'u') + R"("}})"};
    const auto answer = session.step(read_json(lines[i % 6], arena).value());
    ASSERT_TRUE(answer.ok()) << answer.error().message;
    told |= !answer.value().get("notices").is_missing();
    if (i % 500 == 0) {
      ASSERT_LT(session.snapshot().size(), max_state_bytes) << i;
    }
  }
  EXPECT_TRUE(told) << "what finds no room is reported";
  EXPECT_LT(session.snapshot().size(), max_state_bytes);
}

}  // namespace
}  // namespace wayline
