// Mappings as demo/data/README.md describes them: what they make of a row, and what they refuse.
#include "cli/mapping.h"

#include <gtest/gtest.h>

#include <string>

#include "value/json.h"

namespace wayline::cli {
namespace {

constexpr std::string_view at =
    R"("at": {"year": {"column": "y"}, "month": {"column": "m"}, "day": {"column": "d"}, "time": "10:00:00", "offset": "+02:00"})";

std::string mapping_text(std::string_view step, std::string_view more = "", std::string_view when = at) {
  return R"({"format": "csv", "version": 1, "separator": ",", "header": true, "visitor": {"column": "v"}, "id": {"template": "{v}-{n}"}, )" +
         std::string(when) + R"(, "step": )" + std::string(step) + std::string(more) + "}";
}

const Cells header{"y", "m", "d", "v", "n", "x"};
Cells row(std::string_view x, std::string_view n = "1") { return {"2026", "3", "2", "ada", n, x}; }

/// The step that a mapping makes of a row, or the error's message.
std::string mapped(const std::string& text, const Cells& cells, const Cells& first_row = header) {
  auto mapping = Mapping::read(text, "m.json");
  if (!mapping.ok()) return mapping.error().message;
  const auto bound = mapping.value().bind(first_row);
  if (!bound.ok()) return bound.error().message;
  const auto visitor = mapping.value().visitor(cells);
  if (!visitor.ok()) return visitor.error().message;
  const auto step = mapping.value().step(cells);
  return step.ok() ? to_json(step.value()) : step.error().message;
}

TEST(Mapping, FillsSourcesAndTakesTheRestLiterally) {
  EXPECT_EQ(
      mapped(
          mapping_text(
              R"({"track": "T", "properties": {"a": {"column": "x"}, "b": [{"template": "<{x}{n}>"}, 7], "c": {"columns": "x"}}})"),
          row("é")),
      R"({"at":1772438400000,"id":"ada-1","properties":{"a":"é","b":["<é1>",7],"c":{"columns":"x"}},"track":"T"})");
}

TEST(Mapping, ReadsNumbersAsJsonDoes) {
  const auto number = [](std::string_view cell) {
    return mapped(mapping_text(R"({"n": {"column": "x", "as": "number"}})"), row(cell));
  };
  for (const std::string_view cell : {"0", "7", "-7", "12345678", "1.5", "-0.25", "1e3", "2E-2"}) {
    Arena arena;
    const std::string expected = to_json(read_json(cell, arena).value());
    EXPECT_EQ(number(cell), R"({"at":1772438400000,"id":"ada-1","n":)" + expected + "}") << cell;
  }
  for (const std::string_view cell : {"", " 7", "7 ", "07", "+7", "1,5", ".5", "5.", "0x10", "NaN", "1e", "--1"}) {
    EXPECT_EQ(number(cell), "column \"x\": \"" + std::string(cell) + "\" is not a number") << cell;
  }
}

TEST(Mapping, LooksCodesUpInTables) {
  const std::string text = mapping_text(R"({"v": {"column": "x", "table": "t"}})",
                                        R"(, "tables": {"t": {"1": "one", "2": null, "3": true, "4": 4.5}})");
  EXPECT_EQ(mapped(text, row("1")), R"({"at":1772438400000,"id":"ada-1","v":"one"})");
  EXPECT_EQ(mapped(text, row("2")), R"({"at":1772438400000,"id":"ada-1","v":null})");
  EXPECT_EQ(mapped(text, row("4")), R"({"at":1772438400000,"id":"ada-1","v":4.5})");
  EXPECT_EQ(mapped(text, row("5")), "column \"x\": \"5\" is not in the table `t`");
}

TEST(Mapping, CountsTime) {
  const std::string plus =
      std::string(at.substr(0, at.size() - 1)) + R"(, "plus": {"column": "n", "first": 1, "each": "30s"}})";
  const auto instant = [&](const Cells& cells) { return mapped(mapping_text("{}", "", plus), cells); };
  EXPECT_EQ(instant(row("", "1")), R"({"at":1772438400000,"id":"ada-1"})");
  EXPECT_EQ(instant(row("", "11")), R"({"at":1772438700000,"id":"ada-11"})");
  EXPECT_EQ(instant({"2026", "2", "30", "ada", "1", ""}), "2026-2-30 is no date");
  EXPECT_EQ(instant({"2024", "2", "29", "ada", "1", ""}), R"({"at":1709193600000,"id":"ada-1"})");
  EXPECT_EQ(instant(row("", "1.5")), "column \"n\": \"1.5\" is not a whole number");
  EXPECT_EQ(instant(row("", "12345678901")), "column \"n\": \"12345678901\" is not a whole number");
}

TEST(Mapping, NamesColumnsByNumberWithoutAHeader) {
  std::string text = mapping_text(R"({"x": {"column": "6"}})");
  for (const auto& [from, to] :
       {std::pair("true", "false"), std::pair("\"y\"", "\"1\""), std::pair("\"m\"", "\"2\""),
        std::pair("\"d\"", "\"3\""), std::pair("\"v\"", "\"4\""), std::pair("{v}-{n}", "{4}-{5}")}) {
    text.replace(text.find(from), std::string_view(from).size(), to);
  }
  EXPECT_EQ(mapped(text, row("é"), row("é")), R"({"at":1772438400000,"id":"ada-1","x":"é"})");
  text.replace(text.find("\"6\""), 3, "\"7\"");
  EXPECT_EQ(mapped(text, row("é"), row("é")),
            "m.json: the data has no column \"7\"; without a header they are \"1\" to \"6\"");
}

TEST(Mapping, RefusesRowsOfAnotherWidthAndVisitorsWithoutId) {
  EXPECT_EQ(mapped(mapping_text("{}"), {"2026", "3"}), "the row has 2 cells instead of 6");
  EXPECT_EQ(mapped(mapping_text("{}"), {"2026", "3", "2", "", "1", ""}), "the visitor is not a text");
}

TEST(Mapping, SaysWhatIsWrongWithItself) {
  const std::string good = mapping_text("{}");
  const auto with = [&](std::string_view from, std::string_view to) {
    std::string text = good;
    text.replace(text.find(from), from.size(), to);
    return mapped(text, row(""));
  };
  EXPECT_EQ(with("\"csv\"", "\"tsv\""), "m.json: `format` can only be \"csv\"");
  EXPECT_EQ(with("1", "2"), "m.json: `version` can only be 1");
  EXPECT_EQ(with("\",\"", "\",,\""), "m.json: `separator` is one ASCII character, and no quote or line end");
  EXPECT_EQ(with("\"header\"", "\"headr\""), "m.json: a mapping has no key `headr`; did you mean `header`?");
  EXPECT_EQ(with("{v}-{n}", "{v}-{n"), "m.json: the template \"{v}-{n\" lacks a closing brace");
  EXPECT_EQ(with("\"10:00:00\"", "\"25:00:00\""), "m.json: `time` is a time of day such as \"10:00:00\"");
  EXPECT_EQ(with("\"+02:00\"", "\"02:00\""), "m.json: `offset` is a distance from UTC such as \"+02:00\"");
  EXPECT_EQ(with("\"step\": {}", "\"step\": {\"id\": 1}"),
            "m.json: `step` can not have `id`: that is a key of the mapping");
  EXPECT_EQ(with("\"step\": {}", "\"step\": {\"a\": {\"column\": \"x\", \"table\": \"t\"}}"),
            "m.json: there is no table `t`");
  EXPECT_EQ(with("{\"column\": \"v\"}", "{\"column\": \"w\"}"), "m.json: the data has no column \"w\"");
  EXPECT_EQ(Mapping::read("{", "m.json").error().code, ErrorCode::json_syntax);
}

}  // namespace
}  // namespace wayline::cli
