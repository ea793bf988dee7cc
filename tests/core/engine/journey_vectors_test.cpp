// Runs tests/vectors/journeys: the clauses of core/spec/journeys.md, case by case.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>

#include "../support/programs.h"
#include "value/json.h"
#include "wayline/session.h"

namespace wayline {
namespace {

std::vector<std::filesystem::path> vector_files() {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator("tests/vectors/journeys")) {
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

/// What of `expected` is not in `actual`, with its place; empty when all is there.
std::string difference(const Value& expected, const Value& actual, const std::string& place) {
  if (expected.is_object() && actual.is_object()) {
    // An empty object means an empty one: there is nothing else that it could ask for.
    if (expected.as_object().empty() && place == ".journeys" && !actual.as_object().empty()) return place + ": expected nothing, got " + to_json(actual);
    for (const Member& member : expected.as_object()) {
      const std::string found = difference(member.value, actual.get(member.key), place + "." + std::string(member.key));
      if (!found.empty()) return found;
    }
    return {};
  }
  if (expected.is_list() && actual.is_list() && expected.as_list().size() == actual.as_list().size()) {
    for (std::size_t i = 0; i < expected.as_list().size(); ++i) {
      const std::string found = difference(expected.as_list()[i], actual.as_list()[i], place + "[" + std::to_string(i) + "]");
      if (!found.empty()) return found;
    }
    return {};
  }
  return equal(expected, actual) ? std::string() : place + ": expected " + to_json(expected) + ", got " + to_json(actual);
}

/// The program of these documents; null after a failure.
std::shared_ptr<const Program> program_of(const Value& files) {
  std::map<std::string, std::string> texts;
  for (const Member& file : files.as_object()) texts[std::string(file.key)] = to_json(file.value);
  return testing::program_of(std::move(texts));
}

Session stored_and_restored(const Session& session, Engine& engine, std::vector<std::string>& dropped) {
  Arena arena;
  const Result<Value> state = read_json(session.snapshot(), arena);
  Result<Session> restored = Session::restore(engine, state.value(), dropped);
  EXPECT_TRUE(restored.ok()) << restored.error().message;
  return std::move(restored).value();
}

class JourneyVectors : public ::testing::TestWithParam<std::filesystem::path> {};

TEST_P(JourneyVectors, AnswersAsTheClauseSays) {
  Arena arena;
  const std::string text = testing::file_text(GetParam());
  const Result<Value> parsed = read_json(text, arena);
  ASSERT_TRUE(parsed.ok()) << parsed.error().message;
  const Value document = parsed.value();

  const auto program = program_of(document.get("files"));
  ASSERT_TRUE(program);
  std::vector<std::unique_ptr<Engine>> engines;  // sessions point into theirs
  engines.push_back(std::make_unique<Engine>(program));
  std::map<std::string, Session> sessions;
  for (const Value& step : document.get("steps").as_list()) {
    if (step.get("files").is_object()) {
      const auto next = program_of(step.get("files"));
      ASSERT_TRUE(next);
      engines.push_back(std::make_unique<Engine>(next));
      for (auto& [name, stored] : sessions) {
        std::vector<std::string> dropped;
        stored = stored_and_restored(stored, *engines.back(), dropped);
        ListBuilder names(arena);
        for (const std::string& item : dropped) names.add(Value::string(arena.copy(item)));
        EXPECT_EQ(to_json(step.get("dropped")), to_json(names.build()));
      }
    }
    const Value line = step.get("in");
    const Value visitor = line.get("visitor");
    const std::string id(visitor.is_string() ? visitor.as_string() : "visitor");
    Engine& engine = *engines.back();
    Session& session = sessions.try_emplace(id, engine, id).first->second;
    const std::string before = session.snapshot();
    const Result<Value> answer = session.step(line);
    if (answer.ok()) {
      EXPECT_EQ("", difference(step.get("out"), answer.value(), "")) << "in " << to_json(line);
    } else {
      EXPECT_EQ(to_json(step.get("out").get("error").get("code")), "\"" + std::string(code_text(answer.error().code)) + "\"") << to_json(line);
      EXPECT_EQ(before, session.snapshot()) << "a refused input changes nothing";
    }
    if (const Value state = step.get("state"); state.is_object()) {
      const std::string snapshot = session.snapshot();
      EXPECT_EQ("", difference(state, read_json(snapshot, arena).value(), "state")) << "after " << to_json(line);
    }
    // The canonical state goes through a document and back without a difference, after every step.
    std::vector<std::string> dropped;
    Session restored = stored_and_restored(session, engine, dropped);
    EXPECT_EQ(session.snapshot(), restored.snapshot());
    EXPECT_TRUE(dropped.empty());
    session = std::move(restored);
  }
}

INSTANTIATE_TEST_SUITE_P(Cases, JourneyVectors, ::testing::ValuesIn(vector_files()), [](const auto& parameter) {
  std::string name = parameter.param.stem().string();
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
});

}  // namespace
}  // namespace wayline
