#include "wayline/value.h"

#include <gtest/gtest.h>

#include "value/json.h"

namespace wayline {
namespace {

Value parse(std::string_view text, Arena& arena) { return read_json(text, arena).value(); }

TEST(Arena, HandsOutAlignedRoomAndReusesIt) {
  Arena arena;
  for (const std::size_t size : {1u, 7u, 4000u, 100'000u}) {
    char* bytes = arena.allocate<char>(size);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(bytes) % 8, 0u);
    std::memset(bytes, 1, size);
  }
  EXPECT_GE(arena.used(), 104'008u);
  const char* first = (arena.reset(), arena.allocate<char>(1));
  arena.reset();
  EXPECT_EQ(arena.allocate<char>(1), first);
}

TEST(Value, ReadsMembers) {
  Arena arena;
  const Value value = parse(R"({"a":{"b":[1,"x"]}})", arena);
  EXPECT_EQ(value.get("a").get("b").as_list()[1].as_string(), "x");
  EXPECT_TRUE(value.get("z").is_missing());
  EXPECT_TRUE(Value::number(1).get("a").is_missing());
}

TEST(Value, EqualityIsDeepAndIgnoresTheOrderOfMembers) {
  Arena arena;
  EXPECT_TRUE(equal(parse(R"({"a":1,"b":[{}]})", arena), parse(R"({"b":[{}],"a":1.0})", arena)));
  EXPECT_FALSE(equal(parse("[1,2]", arena), parse("[2,1]", arena)));
  EXPECT_FALSE(equal(parse(R"({"a":1})", arena), parse(R"({"b":1})", arena)));
  EXPECT_FALSE(equal(Value::null(), Value()));
}

TEST(Value, CopiesOutliveTheirSource) {
  OwnedValue owned;
  Arena arena;
  {
    Arena source;
    const Value value = parse(R"({"key":["text",{"n":1.5}],"e":""})", source);
    owned = OwnedValue(value);
    const Value copied = copy(value, arena);
    EXPECT_TRUE(equal(copied, value));
  }
  const OwnedValue second = owned;
  owned = OwnedValue();
  EXPECT_EQ(to_json(second.get()), R"({"e":"","key":["text",{"n":1.5}]})");
}

TEST(Value, BuildersKeepTheirOrder) {
  Arena arena;
  const Value list = ListBuilder(arena).add(Value::number(1)).add(Value::null()).build();
  EXPECT_EQ(to_json(ObjectBuilder(arena).add("z", list).boolean("a", true).build()), R"({"a":true,"z":[1,null]})");
}

}  // namespace
}  // namespace wayline
