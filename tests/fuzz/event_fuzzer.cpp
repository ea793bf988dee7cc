// Steps as lines of JSON, as `wayline run` reads them, taken by one visitor of the small shop.
#include "support.h"

namespace wayline::fuzz {
namespace {

void step_lines(std::string_view lines) {
  static Engine engine(program_of_folder("tests/packs/hazel-small"));
  Session session(engine, "visitor");
  while (!lines.empty()) {
    const std::string_view line = lines.substr(0, lines.find('\n'));
    lines.remove_prefix(std::min(lines.size(), line.size() + 1));
    Arena arena;
    const Result<Value> input = read_json(line, arena, {.duplicate_keys = DuplicateKeys::keep_last});
    if (!input.ok()) continue;
    const std::string before = session.snapshot();
    const Result<Value> answer = session.step(input.value());
    if (!answer.ok()) {
      require(session.snapshot() == before, "a refused step changes nothing");
      continue;
    }
    Arena again;
    require(read_json(to_json(answer.value()), again).ok(), "an answer is JSON");
    const Result<Value> decision = session.decide(input.value());
    if (decision.ok()) (void)to_json(decision.value());
    require_stored_state(engine, session);
  }
}

}  // namespace
}  // namespace wayline::fuzz

extern "C" int LLVMFuzzerTestOneInput(const char* data, std::size_t size) {
  wayline::fuzz::step_lines({data, size});
  return 0;
}
