// A program is untrusted: what is cut, changed or forged is refused or harmless.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <map>
#include <utility>

#include "../support/files.h"
#include "program/checksum.h"
#include "program/fields.h"
#include "program/records.h"
#include "program/tables.h"
#include "rules/expression.h"
#include "value/json.h"
#include "wayline/compile.h"
#include "wayline/session.h"

namespace wayline {
namespace {

std::vector<std::byte> compile_small_pack() {
  return compile({testing::pack_files("tests/packs/hazel-small"), testing::zone_file}).program;
}

const std::vector<std::byte>& small_program() {
  static const std::vector<std::byte> bytes = compile_small_pack();
  return bytes;
}

ErrorCode refusal(std::span<const std::byte> bytes) {
  const auto program = Program::load(bytes);
  EXPECT_FALSE(program.ok());
  return program.ok() ? ErrorCode::usage : program.error().code;
}

/// A visit that touches most of the engine. It must end; what it answers does not matter here.
void visit(const std::shared_ptr<const Program>& program) {
  Engine engine(program);
  Session session(engine, "visitor");
  for (const char* line : {R"({"at":"2026-03-01T10:00:00Z","consent":{"personalization":true,"service":true}})",
                           R"({"at":"2026-03-01T10:00:01Z","identify":"u","traits":{"tier":"gold","open_cases":2,"first_name":"Ada"}})",
                           R"({"at":"2026-03-01T10:00:02Z","track":"Product Viewed","properties":{"category":"dress","price":20}})",
                           R"({"at":"2026-03-01T10:00:03Z","track":"Case Opened"})", R"({"at":"2026-03-01T10:00:04Z","page":{"url":"/help"},"explain":true})",
                           R"({"at":"2026-03-01T10:00:05Z","track":"Case Updated"})", R"({"at":"2026-03-09T10:00:00Z","tick":true})",
                           R"({"at":"2026-03-09T10:00:00Z","track":"Hold Placed","properties":{"by":"sales","scope":"everything","expires":"1h"},"id":"h"})",
                           R"({"at":"2026-03-09T10:00:00Z","track":"Handoff Acknowledged","properties":{"handoff":"h/1"}})",
                           R"({"at":"2026-03-09T10:00:01Z","tick":true,"explain":true,"decide":["hero"]})",
                           R"({"at":"2026-03-09T10:00:01Z","track":"Case Closed","properties":{"rating":5}})"}) {
    Arena arena;
    (void)session.step(read_json(line, arena).value());
  }
  const std::string snapshot = session.snapshot();
  Arena arena;
  std::vector<std::string> dropped;
  // A forged program may give two things one name, or a name that is no text; then the state is no document.
  const Result<Value> state = read_json(snapshot, arena);
  if (state.ok()) (void)Session::restore(engine, state.value(), dropped);
}

TEST(Program, IsTheSameEachTimeAndRuns) {
  ASSERT_FALSE(small_program().empty()) << "the small pack must compile";
  EXPECT_EQ(small_program(), compile_small_pack());
  const auto program = Program::load(small_program());
  ASSERT_TRUE(program.ok()) << program.error().message;
  visit(program.value());
}

/// Every visitor transfers it, compressed: what repeats itself costs little, and what is written once least.
TEST(Program, WritesEqualPagesCapsAndTermsOnceAndNothingAlike) {
  std::map<std::string, std::string> files{{"site.json", R"({"site": "hazel", "timezone": "UTC"})"}};
  for (const std::string id : {"one", "two", "three"}) {
    const std::string pages = id == "three" ? R"(["/c"])" : R"(["/a", "/b"])";
    files["rules/" + id + ".json"] = R"({"id": ")" + id + R"(", "slot": "hero", "cap": {"max": 2, "per": "1d"}, "page": {"path": )" + pages +
                                     R"(}, "variants": [{"id": "a", "content": {"text": "A."}}]})";
  }
  const auto program = Program::load(compile({files, {}}).program);
  ASSERT_TRUE(program.ok()) << program.error().message;
  const program::Tables& tables = program.value()->tables();
  EXPECT_EQ(tables.texts.size(), 3u);
  EXPECT_EQ(tables.caps.size(), 1u);
  EXPECT_EQ(tables.terms.size(), 1u);
  for (const program::Experience& experience : tables.experiences) {
    EXPECT_EQ(experience.paths.count, tables.view(experience.id) == "three" ? 1u : 2u);
    const program::Terms& terms = tables.terms_of(experience);
    EXPECT_EQ(terms.caps.count, 1u);
    for (const program::Range none : {terms.urls, terms.names}) EXPECT_TRUE(none.first == 0 && none.count == 0);
  }
}

TEST(Program, EveryTruncationIsRefused) {
  const auto& bytes = small_program();
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const ErrorCode code = refusal(std::span(bytes).first(size));
    ASSERT_TRUE(code == ErrorCode::program_truncated) << size;
  }
}

TEST(Program, EverySingleByteChangeIsRefused) {
  std::vector<std::byte> bytes = small_program();
  for (std::size_t place = 0; place < bytes.size(); ++place) {
    const std::byte original = bytes[place];
    bytes[place] = original ^ std::byte{0x41};
    ASSERT_FALSE(Program::load(bytes).ok()) << place;
    bytes[place] = original;
  }
}

TEST(Program, EveryForgedByteIsRefusedOrHarmless) {
  // As above with the checksum made right again, as an attacker would: only the verification stands between.
  std::vector<std::byte> bytes = small_program();
  constexpr std::size_t unhashed = offsetof(program::Header, version);
  std::size_t loaded = 0;
  for (std::size_t place = unhashed; place < bytes.size(); ++place) {
    for (const int change : {0x01, 0x80, 0xff}) {
      const std::byte original = bytes[place];
      bytes[place] = original ^ static_cast<std::byte>(change);
      const std::uint64_t checksum = program::checksum_of(bytes);
      std::memcpy(bytes.data() + offsetof(program::Header, checksum), &checksum, sizeof checksum);
      const auto program = Program::load(bytes);
      if (program.ok()) {
        ++loaded;
        visit(program.value());
      }
      bytes[place] = original;
    }
  }
  EXPECT_GT(loaded, 0u) << "texts may change freely, so some must load";
}

/// The records of a table.
template <typename Record>
std::span<Record> table_of(std::vector<std::byte>& bytes, program::Table table) {
  const auto* sections = reinterpret_cast<const program::Section*>(bytes.data() + sizeof(program::Header));
  const program::Section& section = sections[static_cast<std::size_t>(table)];
  return {reinterpret_cast<Record*>(bytes.data() + section.offset), section.count};
}

bool loads(std::vector<std::byte>& bytes) {
  const std::uint64_t checksum = program::checksum_of(bytes);
  std::memcpy(bytes.data() + offsetof(program::Header, checksum), &checksum, sizeof checksum);
  return Program::load(bytes).ok();
}

/// Of a pack with two journeys of two stages, whose rules and contents have lists.
std::vector<std::byte> lists_and_journeys() {
  const auto journey = [](const std::string& id) {
    return R"({"id":")" + id + R"(","status":"live","version":2,"enter":{"on":"A"},"migrate":{"1":{"x":"a","y":"b"}},"start":"a","stages":{
      "a":{"do":[{"emit":"E"},{"emit":"F"}],"on":[{"event":"A","go":"b","do":[{"emit":"G"}]},{"event":"B","go":"b"}]},"b":{"on":[{"event":"C","go":"a"},{"event":"D","go":"a"}]}}})";
  };
  return compile({{{"site.json", R"({"site":"s","timezone":"UTC"})"},
                   {"journeys/j.json", journey("j")},
                   {"journeys/k.json", journey("k")},
                   {"rules/a.json", R"({"id":"r","slot":"s","page":{"path":"/"},"if":{"in":[{"var":"page.path"},{"if":[{"var":"page.url"},["a",["b","c"]],["d",["e","f"]]]}]},
                     "variants":[{"id":"a","content":{"json":{"k":[[1,2],[3,4]],"l":{"m":1},"n":{"o":2}}}}]})"}},
                  {}})
      .program;
}

TEST(Program, NothingIsPartOfTwoThings) {
  // Were parts shared, a small file could ask for work without end: of whoever walks its lists, and of the verification itself.
  using program::Table;
  const std::vector<std::byte> original = lists_and_journeys();
  std::vector<std::byte> bytes = original;
  ASSERT_TRUE(loads(bytes));
  std::size_t forged = 0;
  /// Lets each run begin where another of its table does.
  const auto share = [&]<typename Record>(Table table, const auto& run_of, Record*) {
    const std::size_t count = table_of<Record>(bytes, table).size();
    for (std::size_t to = 0; to < count; ++to) {
      for (std::size_t from = 0; from < count; ++from) {
        bytes = original;
        const auto records = table_of<Record>(bytes, table);
        const auto [first, size] = run_of(records[to]);
        const auto [other, other_size] = run_of(records[from]);
        if (size == 0 || other_size < size || *first == *other) continue;
        *first = *other;
        ++forged;
        EXPECT_FALSE(loads(bytes)) << "table " << static_cast<int>(table) << ", " << to << " like " << from;
      }
    }
    EXPECT_GT(std::exchange(forged, 0), 0u) << "table " << static_cast<int>(table);
  };
  const auto parts = [](Kind kind) {
    return [kind](program::Constant& constant) { return std::pair(&constant.first, constant.kind == static_cast<std::uint8_t>(kind) ? constant.size : 0); };
  };
  const auto run = [](program::Range& range) { return std::pair(&range.first, range.count); };
  share(Table::constants, parts(Kind::list), static_cast<program::Constant*>(nullptr));
  share(Table::constants, parts(Kind::object), static_cast<program::Constant*>(nullptr));
  share(Table::stages, [&](program::Stage& stage) { return run(stage.transitions); }, static_cast<program::Stage*>(nullptr));
  share(Table::transitions, [&](program::Transition& transition) { return run(transition.actions); }, static_cast<program::Transition*>(nullptr));
  share(Table::journeys, [&](program::Journey& journey) { return run(journey.migrations); }, static_cast<program::Journey*>(nullptr));
  const std::size_t nodes = table_of<Node>(bytes, Table::nodes).size();
  for (std::size_t to = 0; to < nodes; ++to) {
    for (std::size_t from = 0; from < to; ++from) {
      bytes = original;
      const auto records = table_of<Node>(bytes, Table::nodes);
      if (records[from].count == 0 || records[from].count < records[to].count || records[to].count == 0) continue;
      records[to].first = records[from].first;
      ++forged;
      EXPECT_FALSE(loads(bytes)) << "node " << to << " like " << from;
    }
  }
  EXPECT_GT(forged, 0u);
}

TEST(Program, KnowsThePurposeOfEventsThatNothingElseNeeds) {
  // Were it lost, events would be sent without consent.
  const auto purpose = [](const std::string& consent) {
    return std::string(Program::load(compile({{{"site.json", R"({"site":"s","timezone":"UTC")" + consent + "}"}}, {}}).program).value()->events_purpose());
  };
  EXPECT_EQ(purpose(R"(,"consent":{"events":"analytics"})"), "analytics");
  EXPECT_EQ(purpose(R"(,"consent":{"purposes":["analytics","ads"]})"), "");
}

/// Bytes of a number, to be written over a field.
template <typename Number>
std::vector<std::byte> bytes_of(std::initializer_list<Number> numbers) {
  std::vector<std::byte> bytes(sizeof(Number) * numbers.size());
  std::memcpy(bytes.data(), numbers.begin(), bytes.size());
  return bytes;
}

/// What lies just outside of what a field may hold. `size`: records of the table that it refers to.
std::vector<std::vector<std::byte>> just_outside(const program::Field& field, std::uint32_t size) {
  using program::Holds, program::none;
  const auto number = [](auto... numbers) { return std::vector{bytes_of<std::uint32_t>({numbers})...}; };
  switch (field.holds) {
    case Holds::index: return number(size, none);
    case Holds::index_or_none: return number(size, none - 1);
    case Holds::below: return number(field.limit, none);
    case Holds::one_to: return number(0u, field.limit + 1);  // of a limit of all numbers 0 again
    case Holds::run:
      return {bytes_of<std::uint32_t>({size + 1, 0}), bytes_of<std::uint32_t>({size, 1}), bytes_of<std::uint32_t>({0, size + 1}), bytes_of<std::uint32_t>({1, none})};
    case Holds::real: {
      constexpr double infinity = std::numeric_limits<double>::infinity();
      const auto& bounds = program::reals[field.limit];
      return {bytes_of({std::nextafter(bounds.least, -infinity)}), bytes_of({std::nextafter(bounds.most, infinity)}), bytes_of({std::nan("")})};
    }
    case Holds::time: {
      const auto& bounds = program::times[field.limit];
      return {bytes_of<Duration>({bounds.least - 1}), bytes_of<Duration>({bounds.most + 1})};
    }
  }
  return {};
}

TEST(Program, RefusesWhatLiesJustOutsideOfWhatAFieldMayHold) {
  // A forged byte mostly misses by far; a check that is off by one would read one record behind its table.
  const std::vector<std::byte> original = compile({testing::pack_files("demo/pack"), testing::zone_file}).program;
  std::vector<std::byte> bytes = original;
  ASSERT_TRUE(loads(bytes));
  const auto sections = [&] { return reinterpret_cast<const program::Section*>(bytes.data() + sizeof(program::Header)); };
  std::size_t forged = 0;
  for (std::uint32_t table = 0; table < program::table_count; ++table) {
    const program::Layout& layout = program::layouts[table];
    const program::Section section = sections()[table];
    for (const program::Field& field : layout.fields) {
      for (const auto& number : just_outside(field, sections()[static_cast<std::size_t>(field.table)].count)) {
        for (const std::uint32_t record : {0u, section.count - 1}) {
          if (record >= section.count) continue;
          std::memcpy(bytes.data() + section.offset + record * layout.record_size + field.offset, number.data(), number.size());
          EXPECT_FALSE(loads(bytes)) << "table " << table << ", record " << record << ", the field at " << field.offset;
          bytes = original;
          ++forged;
        }
      }
    }
  }
  EXPECT_GT(forged, 500u);
}

TEST(Program, KnowsWhichFieldsOfARecordGoTogether) {
  using program::none, program::Table, program::Timing;
  const std::vector<std::byte> original = compile({testing::pack_files("demo/pack"), testing::zone_file}).program;
  std::vector<std::byte> bytes = original;
  /// Whether the program still loads when `forge` changed the first record of which `is_it` holds.
  const auto loads_with = [&]<typename Record>(Table table, const auto& is_it, const auto& forge, Record*) {
    bytes = original;
    const auto records = table_of<Record>(bytes, table);
    const auto found = std::find_if(records.begin(), records.end(), is_it);
    EXPECT_NE(found, records.end()) << "table " << static_cast<int>(table);
    if (found != records.end()) forge(*found);
    return loads(bytes);
  };
  const auto count = [&]<typename Record>(Table table, Record*) { return static_cast<std::uint32_t>(table_of<Record>(bytes, table).size()); };

  const auto timed = [&](Timing timing, std::uint32_t until, Duration wait) {
    const auto is_timed = [](const program::Transition& transition) { return transition.timing == Timing::wait; };
    const auto forge = [&](program::Transition& transition) { transition.timing = timing, transition.until = until, transition.wait = wait; };
    return loads_with(Table::transitions, is_timed, forge, static_cast<program::Transition*>(nullptr));
  };
  constexpr Duration day = Duration{24} * 60 * 60 * 1000;
  EXPECT_TRUE(timed(Timing::untimed, none, 0));
  EXPECT_FALSE(timed(Timing::untimed, none, 1));
  EXPECT_TRUE(timed(Timing::wait, none, 1));
  EXPECT_FALSE(timed(Timing::wait, none, 0));
  for (const Timing timing : {Timing::time, Timing::weekday, Timing::date}) {
    EXPECT_TRUE(timed(timing, 6, 0));
    EXPECT_TRUE(timed(timing, 6, day));
    EXPECT_EQ(timed(timing, 6, -1), timing == Timing::date);  // at the time that the date itself has
    EXPECT_FALSE(timed(timing, 6, day + 1));
  }
  EXPECT_FALSE(timed(Timing::weekday, 7, 0));
  const std::uint32_t nodes = count(Table::nodes, static_cast<Node*>(nullptr));
  EXPECT_TRUE(timed(Timing::date, nodes - 1, 0));
  EXPECT_FALSE(timed(Timing::date, nodes, 0));

  const auto attribute = [&](program::Root root, std::uint32_t index) {
    const auto is_it = [&](const program::Attribute& each) { return each.root == root; };
    return loads_with(Table::attributes, is_it, [&](program::Attribute& each) { each.index = index; }, static_cast<program::Attribute*>(nullptr));
  };
  EXPECT_FALSE(attribute(program::Root::profile, count(Table::traits, static_cast<program::Trait*>(nullptr))));
  EXPECT_TRUE(attribute(program::Root::profile, none));
  EXPECT_FALSE(attribute(program::Root::computed, count(Table::computed, static_cast<program::Computed*>(nullptr))));
  EXPECT_FALSE(attribute(program::Root::computed, none));
  EXPECT_FALSE(attribute(program::Root::page, 0));

  const auto action = [&](program::ActionKind kind, std::uint32_t index, std::uint32_t value) {
    const auto forge = [&](program::Action& each) { each.kind = kind, each.index = index, each.value = value; };
    return loads_with(Table::actions, [](const program::Action&) { return true; }, forge, static_cast<program::Action*>(nullptr));
  };
  const std::uint32_t traits = count(Table::traits, static_cast<program::Trait*>(nullptr)), intents = count(Table::intents, static_cast<program::Intent*>(nullptr));
  EXPECT_TRUE(action(program::ActionKind::set, traits - 1, 0));
  EXPECT_FALSE(action(program::ActionKind::set, traits, 0));
  EXPECT_FALSE(action(program::ActionKind::set, traits - 1, none));
  EXPECT_TRUE(action(program::ActionKind::intent, intents - 1, none));
  EXPECT_FALSE(action(program::ActionKind::intent, intents, none));
  for (const auto kind : {program::ActionKind::emit, program::ActionKind::handoff}) {
    EXPECT_TRUE(action(kind, none, none));
    EXPECT_FALSE(action(kind, 0, none));
  }

  const auto beyond = [&](const auto& forge) {
    const auto has_two = [](const program::Journey& journey) { return journey.stages.count > 1; };
    return loads_with(Table::journeys, has_two, forge, static_cast<program::Journey*>(nullptr));
  };
  EXPECT_TRUE(beyond([](program::Journey& journey) { journey.start = journey.stages.first + journey.stages.count - 1; }));
  EXPECT_FALSE(beyond([](program::Journey& journey) { journey.start = journey.stages.first + journey.stages.count; }));
  EXPECT_FALSE(beyond([](program::Journey& journey) { journey.start = journey.stages.first - 1; }));

  const auto constant = [&](Kind kind, std::uint32_t behind_what) {
    const auto is_it = [&](const program::Constant& each) { return each.kind == static_cast<std::uint8_t>(kind) && each.size > 0; };
    return loads_with(Table::constants, is_it, [&](program::Constant& each) { each.first = behind_what; }, static_cast<program::Constant*>(nullptr));
  };
  EXPECT_FALSE(constant(Kind::list, count(Table::constants, static_cast<program::Constant*>(nullptr))));
  EXPECT_FALSE(constant(Kind::object, count(Table::members, static_cast<program::ConstantMember*>(nullptr))));
  EXPECT_FALSE(constant(Kind::string, count(Table::text, static_cast<char*>(nullptr))));
}

TEST(Program, SaysWhatItRefuses) {
  std::vector<std::byte> bytes = small_program();
  EXPECT_EQ(refusal({}), ErrorCode::program_truncated);
  std::vector<std::byte> noise(4096, std::byte{0x5a});
  EXPECT_EQ(refusal(noise), ErrorCode::program_malformed);
  bytes.push_back(std::byte{0});
  EXPECT_EQ(refusal(bytes), ErrorCode::program_malformed);
  bytes.pop_back();
  bytes[offsetof(program::Header, version)] = std::byte{99};
  EXPECT_EQ(refusal(bytes), ErrorCode::program_version);
}

}  // namespace
}  // namespace wayline
