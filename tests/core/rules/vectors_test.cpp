// The vectors of tests/vectors and the examples of the reference, through eval_line. tests/vectors/rules.test.mjs runs
// the same through the command and the wasm module.
#include <gtest/gtest.h>

#include <filesystem>

#include "../support/vectors.h"
#include "rules/eval_line.h"
#include "rules/operators.h"

namespace wayline {
namespace {

/// The line that a vector stands for: all of it but what is expected.
std::string line_of(const Value& vector) {
  std::string line = "{";
  for (const Member& member : vector.as_object()) {
    if (member.key == "name" || member.key == "result" || member.key == "error") continue;
    line += (line.size() > 1 ? "," : "") + to_json(Value::string(member.key)) + ":" + to_json(member.value);
  }
  return line + "}";
}

void expect_answer(const Value& vector, const std::string& title) {
  const EvalHost host{.now = 0, .zone_file = testing::zone_file};
  const std::string answer = eval_line(line_of(vector), host);
  Arena arena;
  const auto parsed = read_json(answer, arena);
  ASSERT_TRUE(parsed.ok() || answer.find("\\ud83d") != std::string::npos) << answer;
  if (const Value error = vector.get("error"); error.is_string()) {
    EXPECT_EQ(to_json(parsed.value().get("error").get("code")), to_json(error)) << title << ": " << answer;
  } else {
    EXPECT_EQ(answer, "{\"result\":" + to_json(vector.get("result")) + "}") << title;
  }
}

TEST(RuleVectors, Official) {
  const testing::Vectors vectors("tests/vectors/jsonlogic-official/tests.json");
  std::size_t count = 0;
  for (const Value& row : vectors.root().as_list()) {
    if (!row.is_list()) continue;
    ++count;
    const auto entry = row.as_list();
    const std::string line = "{\"rule\":" + to_json(entry[0]) + ",\"data\":" + to_json(entry[1]) + "}";
    EXPECT_EQ(eval_line(line), "{\"result\":" + to_json(entry[2]) + "}") << line;
  }
  EXPECT_EQ(count, 277u);
}

/// Vectors with half of a surrogate pair are spelt as escapes that a strict reader refuses; JavaScript runs those.
std::string without_halves(std::string text) {
  std::string kept;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at);
    const std::string line = text.substr(at, end - at);
    if (line.find("\\ud83d") == std::string::npos) kept += line + "\n";
    at = end == std::string::npos ? text.size() : end + 1;
  }
  return kept;
}

TEST(RuleVectors, Own) {
  std::size_t count = 0;
  for (const auto& file : std::filesystem::directory_iterator("tests/vectors/operators")) {
    Arena arena;
    const auto parsed = read_json(without_halves(testing::file_text(file.path())), arena, {.depth = 600});
    ASSERT_TRUE(parsed.ok()) << file.path() << ": " << parsed.error().message;
    for (const Value& vector : parsed.value().get("cases").as_list()) {
      expect_answer(vector, file.path().filename().string() + ": " + std::string(vector.get("name").as_string()));
      ++count;
    }
  }
  EXPECT_GT(count, 350u);
}

TEST(RuleVectors, EveryOperatorOfTheLanguageHasAnExampleThatHolds) {
  const testing::Vectors reference("core/spec/operators.json");
  std::vector<std::string_view> described;
  for (const Value& entry : reference.list("operators")) {
    described.push_back(entry.get("name").as_string());
    ASSERT_TRUE(entry.get("examples").is_list() && !entry.get("examples").as_list().empty()) << described.back();
    for (const Value& example : entry.get("examples").as_list()) {
      if (example.get("steps").is_missing()) expect_answer(example, std::string(described.back()));
    }
  }
  for (const std::string_view spelling : operator_spellings()) {
    EXPECT_TRUE(spelling == "?:" || std::find(described.begin(), described.end(), spelling) != described.end()) << spelling;
  }
  EXPECT_EQ(described.size() + 1, operator_spellings().size());
}

}  // namespace
}  // namespace wayline
