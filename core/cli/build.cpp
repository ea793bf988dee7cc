// wayline build: compiles a pack to the one file that browsers load.
#include <span>

#include "cli/command.h"
#include "cli/files.h"
#include "cli/packs.h"
#include "cli/text.h"

namespace wayline::cli {
namespace {

constexpr ArgumentSpec build_arguments[] = {{.name = "PACK", .help = "the pack's folder"}};
constexpr OptionSpec build_options[] = {
    {.name = "--output", .letter = 'o', .value = "FILE", .help = "where the program is written; needed"}};

Exit build(const Arguments& arguments, Console& console) {
  const std::string target(arguments.value("--output"));
  if (target.empty()) return console.misuse("build", "say where to write with -o FILE");
  const auto files = read_pack(std::string(arguments.positional(0)));
  if (!files.ok()) return console.refuse(files.error());
  const CompiledPack compiled = compile_pack(files.value(), console);
  if (compiled.bytes.empty()) return compiled.exit;
  const auto loaded = Program::load(compiled.bytes);
  if (!loaded.ok()) return console.refuse(loaded.error());
  const std::string_view bytes(reinterpret_cast<const char*>(compiled.bytes.data()), compiled.bytes.size());
  const auto written = write_file(target, bytes);
  if (!written.ok()) return console.refuse(written.error());
  const std::string hash = hexadecimal(loaded.value()->hash());
  if (!console.json()) {
    console.write(target + ": " + counted(bytes.size(), "byte") + ", " + hash + "\n");
    return Exit::fine;
  }
  Arena arena;
  ObjectBuilder object(arena);
  object.add("bytes", Value::number(static_cast<double>(bytes.size())))
      .add("file", Value::string(target))
      .add("hash", Value::string(hash));
  console.write_value(object.build());
  return Exit::fine;
}

}  // namespace

const Command build_command{
    .name = "build",
    .summary = "compile a pack to the one file that browsers load",
    .details =
        "The same documents always give the same bytes. The hash names what the program decides: equal hashes decide "
        "alike.\n",
    .arguments = build_arguments,
    .options = build_options,
    .run = build,
};

}  // namespace wayline::cli
