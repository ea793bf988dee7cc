// The C functions that only wayline-studio.wasm has: evaluation of single rules, the compiler of packs, and the
// trees of conditions. See wasm/README.md.
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "analysis/rule_tree.h"
#include "document/render.h"
#include "output.h"
#include "rules/eval_line.h"
#include "value/wire.h"
#include "wayline/compile.h"
#include "wayline/program.h"

namespace wayline {
namespace {

/// All texts of a pack together; the studio's memory holds them parsed.
constexpr std::size_t max_pack_bytes = std::size_t{8} << 20;

/// The program of the last compilation; empty when it failed.
std::vector<std::byte>& compiled_program() {
  static std::vector<std::byte> program;
  return program;
}

/// The host's map of path -> text; anything else is not a pack.
Result<CompileInput> read_pack(const Value& input) {
  CompileInput pack;
  const Value files = input.get("files");
  if (!files.is_object()) return Error{ErrorCode::step_malformed, "\"files\" is not an object of texts by path"};
  for (const auto& [path, text] : files.as_object()) {
    if (!text.is_string()) return Error{ErrorCode::step_malformed, "a file is not a text"};
    pack.files.emplace(path, text.as_string());
  }
  // A browser has no zone files: packs of the studio are those whose zone the engine knows by itself.
  pack.zone_file = [](std::string_view) { return std::string(); };
  return pack;
}

}  // namespace
}  // namespace wayline

using namespace wayline;

extern "C" {

Status wayline_studio_eval(const char* pointer, std::uint32_t size) { return put_text(eval_line({pointer, size})); }

Status wayline_studio_compile(const std::byte* pointer, std::uint32_t size) {
  compiled_program().clear();
  Arena arena;
  const Result<Value> input = decode_wire({pointer, size}, arena, max_pack_bytes);
  if (!input.ok()) return put_error(input.error());
  const Result<CompileInput> pack = read_pack(input.value());
  if (!pack.ok()) return put_error(pack.error());
  Compiled compiled = compile(pack.value());
  compiled_program() = std::move(compiled.program);
  return put_text(document::render_json(compiled.diagnostics));
}

const std::byte* wayline_studio_program_pointer() { return compiled_program().data(); }

std::uint32_t wayline_studio_program_size() { return static_cast<std::uint32_t>(compiled_program().size()); }

Status wayline_studio_explain(std::byte* program, std::uint32_t program_size, const std::byte* pointer, std::uint32_t size) {
  const auto loaded = Program::load(Allocation(program), program_size);
  if (!loaded.ok()) return put_error(loaded.error());
  Arena arena;
  const Result<Value> input = decode_wire({pointer, size}, arena);
  if (!input.ok()) return put_error(input.error());
  const Result<std::string> tree = analysis::rule_tree(loaded.value()->tables(), input.value().get("state"), input.value());
  return tree.ok() ? put_text(tree.value()) : put_error(tree.error());
}

}  // extern "C"
