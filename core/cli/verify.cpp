// wayline verify: runs the receipts of a run again, and finds the first that does not stand (core/spec/receipts.md).
#include <string>

#include "analysis/receipts.h"
#include "cli/command.h"
#include "cli/files.h"
#include "cli/packs.h"

namespace wayline::cli {
namespace {

/// Some hundred thousand receipts; a chain is cut by starting another run.
constexpr std::size_t max_receipts_bytes = std::size_t{2} << 30;

constexpr ArgumentSpec verify_arguments[] = {{.name = "PACK", .help = "the pack that decided: its folder, or a program"},
                                             {.name = "FILE", .help = "what `wayline run --receipts` wrote"}};
constexpr OptionSpec verify_options[] = {
    {.name = "--latest", .value = "HASH", .help = "the hash that the last line must have, when it was kept elsewhere"},
};

Value verdict_value(const ReceiptVerdict& verdict, Arena& arena) {
  ListBuilder faults(arena);
  for (const ReceiptFault& fault : verdict.faults) {
    ObjectBuilder entry(arena);
    faults.add(entry.number("line", static_cast<double>(fault.line)).text("reason", fault.reason).build());
  }
  ObjectBuilder object(arena);
  return object.add("faults", faults.build())
      .text("latest", verdict.latest)
      .number("links", static_cast<double>(verdict.links))
      .build();
}

Exit verify(const Arguments& arguments, Console& console) {
  const OpenedProgram opened = open_program(arguments.positional(0), console);
  if (!opened.program) return opened.exit;
  const std::string file(arguments.positional(1));
  const auto text = read_file(file, max_receipts_bytes);
  if (!text.ok()) return console.refuse(text.error());
  ReceiptVerdict verdict = verify_receipts(opened.program, text.value());
  const std::string_view expected = arguments.value("--latest");
  if (verdict.faults.empty() && !expected.empty() && expected != verdict.latest) {
    verdict.faults.push_back({verdict.links + 2, "the chain is sound, but it is another: the hash of its last line is " + verdict.latest});
  }
  if (console.json()) {
    Arena arena;
    console.write_value(verdict_value(verdict, arena));
  } else if (verdict.faults.empty()) {
    console.write(file + ": " + std::to_string(verdict.links) + " links, each as the pack gives it; latest " + verdict.latest + "\n");
  } else {
    const ReceiptFault& fault = verdict.faults.front();
    console.write(file + ":" + std::to_string(fault.line) + ": " + (fault.line > 1 ? "link " + std::to_string(fault.line - 1) : std::string("the head")) + ": " +
                  fault.reason + "\n");
  }
  return verdict.faults.empty() ? Exit::fine : Exit::findings;
}

}  // namespace

const Command verify_command{
    .name = "verify",
    .summary = "run the receipts of a run again, and find what was changed",
    .details = "Every line must have its hash, follow the one before, and be what the pack gives for its event and state. The first\n"
               "that does not stand is named; what comes after it proves nothing.\n",
    .arguments = verify_arguments,
    .options = verify_options,
    .run = verify,
};

}  // namespace wayline::cli
