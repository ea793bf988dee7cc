// wayline run: plays steps, one line of JSON each, and answers each with one line (design 9).
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "analysis/receipts.h"
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
    {.name = "--receipts", .value = "FILE", .help = "write a receipt of every step, for `wayline verify`"},
    {.name = "--save-state", .value = "FILE", .help = "write the visitors' states at the end, one line each"},
};

/// The receipts of a run, written while it goes.
class ReceiptFile {
 public:
  explicit ReceiptFile(Visitors& visitors) : visitors_(visitors) {}

  [[nodiscard]] Result<Done> open(std::string path) {
    path_ = std::move(path);
    file_.open(path_, std::ios::binary | std::ios::trunc);
    chain_.emplace(visitors_.engine());
    std::vector<const Session*> begun;
    for (const Session& session : visitors_.all()) begun.push_back(&session);
    file_ << chain_->head(begun) << '\n';
    return outcome();
  }
  [[nodiscard]] bool is_open() const { return chain_.has_value(); }
  [[nodiscard]] Result<Value> step(std::string_view visitor, const Value& input) {
    std::string line;
    auto answer = chain_->step(visitors_.of(visitor), input, line);
    file_ << line << '\n';
    return answer;
  }
  [[nodiscard]] Result<Done> close() {
    if (!is_open()) return Done{};
    file_ << chain_->end() << '\n';
    file_.close();
    return outcome();
  }

 private:
  [[nodiscard]] Result<Done> outcome() const {
    if (file_.good()) return Done{};
    return Error{ErrorCode::output_unwritable, path_ + ": the receipts can not be written"};
  }

  Visitors& visitors_;
  std::string path_;
  std::ofstream file_;
  std::optional<ReceiptChain> chain_;
};

bool is_same_file(std::string_view one, std::string_view other) {
  if (one.empty() || other.empty()) return false;
  std::error_code missing;
  if (std::filesystem::equivalent(one, other, missing)) return true;
  const auto place = [&](std::string_view file) { return std::filesystem::weakly_canonical(std::filesystem::absolute(file, missing), missing); };
  return place(one) == place(other);  // two that are yet to be written
}

/// What is written must not be what is still read, nor the other output. The states of `--state` are read whole before they are written anew.
Result<Done> keep_apart(const Arguments& arguments) {
  const std::string_view receipts = arguments.value("--receipts"), states = arguments.value("--save-state");
  const auto clash = [](std::string_view option, std::string_view file) {
    return Error{ErrorCode::usage, std::string(option) + " would write over " + std::string(file) + ", which this run needs"};
  };
  for (const std::string_view read : {arguments.positional(0), arguments.positional(1)}) {
    if (is_same_file(receipts, read)) return clash("--receipts", read);
    if (is_same_file(states, read)) return clash("--save-state", read);
  }
  if (is_same_file(receipts, arguments.value("--state"))) return clash("--receipts", arguments.value("--state"));
  if (is_same_file(receipts, states)) return clash("--save-state", receipts);
  return Done{};
}

Exit run(const Arguments& arguments, Console& console) {
  if (const auto apart = keep_apart(arguments); !apart.ok()) return console.misuse("run", apart.error().message);
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
  ReceiptFile receipts(visitors);
  if (arguments.has("--receipts")) {
    const auto opened_file = receipts.open(std::string(arguments.value("--receipts")));
    if (!opened_file.ok()) return console.refuse(opened_file.error());
  }
  Arena arena;
  const auto answer = [&](std::string_view line) -> Result<Value> {
    arena.reset();
    TRY(const StepLine step, read_step_line(line, arena));
    return receipts.is_open() ? receipts.step(step.visitor, step.input) : visitors.step(step.visitor, step.input);
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
  const auto closed = receipts.close();
  if (!closed.ok()) return console.refuse(closed.error());
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
