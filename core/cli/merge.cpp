// wayline merge: two states of one person as one (core/spec/merging.md).
#include <string>

#include "cli/command.h"
#include "cli/files.h"
#include "cli/packs.h"
#include "value/json.h"
#include "wayline/merge.h"

namespace wayline::cli {
namespace {

constexpr ArgumentSpec merge_arguments[] = {{.name = "PACK", .help = "the pack's folder, or a program"},
                                            {.name = "STATE", .help = "a visitor's state"},
                                            {.name = "OTHER", .help = "another one of the same person"}};

Result<std::string> merged(const Program& program, const Arguments& arguments) {
  TRY(const std::string left, read_file(std::string(arguments.positional(1)), max_document_bytes));
  TRY(const std::string right, read_file(std::string(arguments.positional(2)), max_document_bytes));
  Arena arena;
  TRY(const Value first, read_json(left, arena));
  TRY(const Value second, read_json(right, arena));
  return merge_states(program, first, second);
}

Exit merge(const Arguments& arguments, Console& console) {
  const OpenedProgram opened = open_program(arguments.positional(0), console);
  if (!opened.program) return opened.exit;
  const auto state = merged(*opened.program, arguments);
  if (!state.ok()) return console.refuse(state.error());
  console.write(state.value() + "\n");
  return Exit::fine;
}

}  // namespace

const Command merge_command{
    .name = "merge",
    .summary = "make one state of two of the same person",
    .details = "The states are those of `wayline run --save-state`. The result is the same whichever comes first.\n",
    .arguments = merge_arguments,
    .options = {},
    .run = merge,
};

}  // namespace wayline::cli
