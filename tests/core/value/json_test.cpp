#include "value/json.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <utility>

#include "base/utf.h"

namespace wayline {
namespace {

std::string round_trip(std::string_view text, const JsonLimits& limits = {}) {
  Arena arena;
  const auto value = read_json(text, arena, limits);
  return value ? to_json(value.value()) : std::string(code_text(value.error().code));
}

TEST(Json, WritesCanonically) {
  EXPECT_EQ(round_trip(R"( {"b":[1.0,2e1,null], "a": "x", "": true} )"), R"({"":true,"a":"x","b":[1,20,null]})");
  EXPECT_EQ(round_trip(R"("\u0000\b\t\n\u001f\"\\\/é")"), R"("\u0000\b\t\n\u001f\"\\/é")");
  EXPECT_EQ(round_trip("[-0, 1e21, 9007199254740993]"), "[0,1e+21,9007199254740992]");
  EXPECT_EQ(round_trip("{\"\xEF\xBF\xBD\":1,\"😀\":2}"), "{\"😀\":2,\"\xEF\xBF\xBD\":1}") << "keys sort by UTF-16 code units";
}

TEST(Json, EscapesAtEachPlaceOfAText) {
  const std::pair<std::string, std::string> pieces[] = {{"\"", "\\\""}, {"\\", "\\\\"}, {"\n", "\\n"}, {"\x01", "\\u0001"}, {std::string(1, '\0'), "\\u0000"},
                                                        {"\x0B", "\\u000b"}, {"\x1F", "\\u001f"}, {"\x7F", "\x7F"}, {"\xED\x9F\xBF", "\xED\x9F\xBF"}, {"\xED\xA0\x80", "\\ud800"},
                                                        {"\xE2\x82\xAC", "\xE2\x82\xAC"}, {"", ""}};
  for (const auto& [piece, written] : pieces) {
    for (std::size_t before = 0; before < 18; ++before) {
      for (std::size_t after = 0; after < 18; ++after) {
        const std::string left(before, 'a'), right(after, 'z');
        std::string out = "[";
        wayline::write_json(Value::string(left + piece + right + piece), out);
        EXPECT_EQ(out, "[\"" + left + written + right + written + "\"") << before << ' ' << after;
      }
    }
  }
}

TEST(Json, WritesWhatJsonDoesNotKnowAsNull) {
  EXPECT_EQ(to_json(Value()), "null");
  EXPECT_EQ(to_json(Value::number(std::numeric_limits<double>::infinity())), "null");
  EXPECT_EQ(to_json(Value::string("a\xED\xA0\xBD")), "\"a\\ud83d\"");
}

TEST(Json, KeepsTheSignOfZero) {
  Arena arena;
  const auto value = read_json("-0", arena);
  ASSERT_TRUE(value.ok());
  EXPECT_TRUE(std::signbit(value.value().as_number()));
}

TEST(Json, RefusesWithACode) {
  for (const char* text : {"", "{", "[1,]", "{\"a\":1,}", "01", "nul", "\"\x01\"", "[1] 2", "// c\n1", "\"\xC3\"", "\"\\ud83d\"", "1e400"}) {
    EXPECT_EQ(round_trip(text), "json.syntax") << text;
  }
  for (const std::string_view text : {std::string_view("1\0", 2), std::string_view("[1]\0[2]", 7), std::string_view("\0[1]", 4), std::string_view("[1]\n\0", 5)}) {
    EXPECT_EQ(round_trip(text), "json.syntax") << text.size();
  }
  EXPECT_EQ(round_trip(std::string("[1] // d\0", 9), {.comments = true}), "json.syntax");
  EXPECT_EQ(round_trip(R"({"a":1,"b":2,"a":3})"), "json.duplicate_key");
  EXPECT_EQ(round_trip(std::string(600, '[') + std::string(600, ']')), "json.too_deep");
  EXPECT_EQ(round_trip("[1,2,3]", {.bytes = 3}), "json.too_large");
}

TEST(Json, LimitsAreOptions) {
  EXPECT_EQ(round_trip("[[1]]", {.depth = 2}), "[[1]]");
  EXPECT_EQ(round_trip("[[1]]", {.depth = 1}), "json.too_deep");
  EXPECT_EQ(round_trip("/* c */ [1] // d", {.comments = true}), "[1]");
  EXPECT_EQ(round_trip(R"({"a":1,"b":2,"a":3,"a":4})", {.duplicate_keys = DuplicateKeys::keep_last}), R"({"a":4,"b":2})");
}

TEST(Json, SaysWhereItIsWrong) {
  Arena arena;
  const auto value = read_json("{\n  \"é\": tru\n}", arena);
  ASSERT_FALSE(value.ok());
  EXPECT_TRUE(value.error().message.starts_with("line 2, column 11:")) << value.error().message;
  const auto latin = read_json("[\"caf\xE9\"]", arena);
  ASSERT_FALSE(latin.ok());
  EXPECT_TRUE(valid_utf8(latin.error().message)) << latin.error().message;
}

class Document : public ::testing::Test {
 protected:
  void read(std::string text) {
    auto result = read_document("rules/a.json", std::move(text));
    ASSERT_TRUE(std::holds_alternative<JsonDocument>(result)) << std::get<Diagnostic>(result).message;
    document_ = std::move(std::get<JsonDocument>(result));
  }
  static std::string place(const SourceRange& range) {
    return std::to_string(range.line) + ":" + std::to_string(range.column) + "+" + std::to_string(range.length);
  }
  JsonDocument document_;
};

TEST_F(Document, KnowsWhereEverythingStands) {
  read("// first\n{ \"a\": [1, /* é */ \"😀\", {\"b\": -2.5}],\n  \"cc\": {} }");
  const auto members = document_.root->as_object();
  EXPECT_EQ(place(document_.positions.of(*document_.root)), "2:1+1");
  EXPECT_EQ(place(document_.positions.of_key(members[0])), "2:3+3");
  const auto items = members[0].value.as_list();
  EXPECT_EQ(place(document_.positions.of(items[0])), "2:9+1");
  EXPECT_EQ(place(document_.positions.of(items[1])), "2:20+3");
  EXPECT_EQ(place(document_.positions.of(items[2].as_object()[0].value)), "2:31+4");
  EXPECT_EQ(place(document_.positions.of_key(members[1])), "3:3+4");
  EXPECT_EQ(document_.positions.of(items[0]).file, "rules/a.json");
}

TEST_F(Document, AddressesSurviveMoving) {
  read(R"({"a":["x"]})");
  const Value* item = document_.root->as_object()[0].value.as_list().data();
  const JsonDocument moved = std::move(document_);
  EXPECT_EQ(moved.root->as_object()[0].value.as_list().data(), item);
  EXPECT_EQ(place(moved.positions.of(*item)), "1:7+3");
}

TEST(DocumentErrors, HaveAPlace) {
  const auto broken = read_document("a.json", "{\n  \"a\": 1,\n  \"a\": 2\n}");
  ASSERT_TRUE(std::holds_alternative<Diagnostic>(broken));
  const Diagnostic& diagnostic = std::get<Diagnostic>(broken);
  EXPECT_EQ(diagnostic.code, ErrorCode::json_duplicate_key);
  EXPECT_EQ(diagnostic.range.line, 3u);
  EXPECT_EQ(diagnostic.range.column, 3u);
}

}  // namespace
}  // namespace wayline
