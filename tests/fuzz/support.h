// What fuzzers share: checks that end the run with a message, packs from the tree, and a short visit to any program.
#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "../core/support/files.h"
#include "value/json.h"
#include "wayline/compile.h"
#include "wayline/session.h"

namespace wayline::fuzz {

/// A property of the input that does not hold: libFuzzer keeps the input and says so.
inline void require(bool holds, const char* property) {
  if (holds) return;
  std::fprintf(stderr, "property broken: %s\n", property);
  std::abort();
}

/// A pack of the tree, compiled. Fuzzers run with the repository as working directory.
inline std::vector<std::byte> compiled_folder(const std::filesystem::path& folder) {
  Compiled compiled = compile({testing::pack_files(folder), testing::zone_file});
  require(compiled.ok(), "the pack of the tree compiles");
  return std::move(compiled.program);
}

inline std::shared_ptr<const Program> program_of_folder(const std::filesystem::path& folder) {
  const auto program = Program::load(compiled_folder(folder));
  require(program.ok(), "what was compiled can be loaded");
  return program.value();
}

/// Steps that touch most of an engine: consent, traits, history, timers, decisions. Some are given out of order.
inline constexpr std::string_view visit_steps[] = {
    R"({"at":"2026-03-01T10:00:00Z","id":"m1","consent":{"personalization":true,"service":true}})",
    R"({"at":"2026-03-01T10:00:01Z","identify":"u","traits":{"tier":"gold","open_cases":2,"first_name":"Ada"}})",
    R"({"at":"2026-03-01T10:00:02Z","id":"m2","track":"Product Viewed","properties":{"category":"dress","price":20}})",
    R"({"at":"2026-03-01T10:00:03Z","track":"Case Opened"})",
    R"({"at":"2026-03-01T10:00:04Z","page":{"url":"https://shop.example/help?a=b"},"explain":true})",
    R"({"at":"2026-03-01T09:00:00Z","id":"m2","track":"Case Updated"})",
    R"({"at":"2026-03-09T10:00:00Z","tick":true})",
    R"({"at":"2026-03-09T10:00:01Z","track":"Case Closed","properties":{"rating":5}})"};

/// State to document and back is a fixed point.
inline void require_stored_state(Engine& engine, const Session& session) {
  Arena arena;
  const std::string snapshot = session.snapshot();
  const Result<Value> document = read_json(snapshot, arena);
  require(document.ok(), "a snapshot is JSON");
  std::vector<std::string> dropped;
  const Result<Session> restored = Session::restore(engine, document.value(), dropped);
  require(restored.ok() && dropped.empty(), "a snapshot can be restored whole");
  require(restored.value().snapshot() == snapshot, "a restored state is the same");
}

/// Every answer of a session: steps, a decision, an inspection, the stored state.
inline void visit(Session& session) {
  for (const std::string_view line : visit_steps) {
    Arena arena;
    const Result<Value> answer = session.step(read_json(line, arena).value());
    if (answer.ok()) (void)to_json(answer.value());
  }
  Arena arena;
  const Value request = read_json(R"({"at":"2026-03-09T10:00:02Z","explain":true})", arena).value();
  if (const auto decided = session.decide(request); decided.ok()) (void)to_json(decided.value());
  if (const auto inspected = session.inspect(request); inspected.ok()) (void)to_json(inspected.value());
  (void)session.snapshot();
}

}  // namespace wayline::fuzz
