// wayline run: plays steps, one line of JSON each, and answers each with one line (design 9).
#include <string>

#include "cli/command.h"
#include "cli/files.h"
#include "cli/lines.h"
#include "cli/packs.h"
#include "cli/visitors.h"

namespace wayline::cli {
namespace {

constexpr ArgumentSpec run_arguments[] = {
    {.name = "PACK", .help = "the pack's folder, or a program"},
    {.name = "FILE", .help = "the steps; standard input when absent", .is_optional = true}};
constexpr OptionSpec run_options[] = {
    {.name = "--state", .value = "FILE", .help = "go on from these visitors' states"},
    {.name = "--save-state", .value = "FILE", .help = "write the visitors' states at the end, one line each"},
};

Exit run(const Arguments& arguments, Console& console) {
  const OpenedProgram opened = open_program(arguments.positional(0), console);
  if (!opened.program) return opened.exit;
  Visitors visitors(opened.program);
  if (arguments.has("--state")) {
    const auto restored = visitors.restore_file(arguments.value("--state"), console);
    if (!restored.ok()) return console.refuse(restored.error());
  }
  const std::string_view file = arguments.positional(1);
  auto input = Input::open(std::string(file.empty() ? "-" : file));
  if (!input.ok()) return console.refuse(input.error());
  Arena arena;
  const auto answer = [&](std::string_view line) -> Result<Value> {
    arena.reset();
    TRY(const StepLine step, read_step_line(line, arena));
    return visitors.step(step.visitor, step.input);
  };
  const Exit exit = answer_lines(std::move(input).value(), max_step_line_bytes, console, [&](std::string_view line) {
    const auto output = answer(line);
    if (output.ok()) {
      console.write_value(output.value());
    } else {
      write_error(output.error(), console);
    }
    return output.ok();
  });
  if (arguments.has("--save-state")) {
    const auto saved = write_file(std::string(arguments.value("--save-state")), visitors.save());
    if (!saved.ok()) return console.refuse(saved.error());
  }
  return exit;
}

}  // namespace

const Command run_command{
    .name = "run",
    .summary = "play steps, one JSON line each, and answer each with one line",
    .details =
        "A step is {\"at\":ISO,\"page\":{\"url\":…}}, or track, identify, consent, exposure, dismiss or tick instead "
        "of page; \"visitor\" says\n"
        "whose it is. A refused line is answered with {\"error\":{\"code\",\"message\"}}; the run goes on and ends "
        "with exit code 1.\n",
    .arguments = run_arguments,
    .options = run_options,
    .run = run,
};

}  // namespace wayline::cli
