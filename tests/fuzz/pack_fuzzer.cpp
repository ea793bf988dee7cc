// A pack as one text: each file behind a line `=== path`. What compiles must load, and be visited without harm.
#include "support.h"

namespace wayline::fuzz {
namespace {

/// The files; one called `zone` is the time zone file of whatever zone the pack names.
std::map<std::string, std::string> split_files(std::string_view text) {
  constexpr std::string_view mark = "=== ";
  std::map<std::string, std::string> files;
  std::string* file = &files["site.json"];
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    if (line.starts_with(mark)) {
      file = &files[std::string(line.substr(mark.size()))];
    } else {
      file->append(line).push_back('\n');
    }
  }
  return files;
}

void compile_text(std::string_view text) {
  CompileInput input{split_files(text), {}};
  const auto zone = input.files.extract("zone");
  input.zone_file = [&](std::string_view) { return zone.empty() ? std::string() : zone.mapped(); };
  const Compiled compiled = compile(input);
  require(compiled.ok() || !compiled.diagnostics.empty(), "a pack compiles, or its author is told why not");
  if (!compiled.ok()) return;
  const auto program = Program::load(compiled.program);
  require(program.ok(), "what was compiled can be loaded");
  Engine engine(program.value());
  Session session(engine, "visitor");
  visit(session);
  require_stored_state(engine, session);
}

}  // namespace
}  // namespace wayline::fuzz

extern "C" int LLVMFuzzerTestOneInput(const char* data, std::size_t size) {
  wayline::fuzz::compile_text({data, size});
  return 0;
}
