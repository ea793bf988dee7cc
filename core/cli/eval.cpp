// wayline eval: evaluates rules, one line of JSON each (design 9).
#include <chrono>

#include "cli/command.h"
#include "cli/files.h"
#include "cli/lines.h"
#include "cli/packs.h"
#include "rules/eval_line.h"

namespace wayline::cli {
namespace {

/// Rules with their data; test data of a megabyte is real, more is not.
constexpr std::size_t max_line_bytes = std::size_t{16} << 20;

constexpr ArgumentSpec eval_arguments[] = {
    {.name = "FILE", .help = "the lines; standard input when absent", .is_optional = true}};

Exit eval(const Arguments& arguments, Console& console) {
  const std::string_view file = arguments.positional(0);
  auto input = Input::open(std::string(file.empty() ? "-" : file));
  if (!input.ok()) return console.refuse(input.error());
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const EvalHost host{std::chrono::duration_cast<std::chrono::milliseconds>(now).count(), zone_file};
  return answer_lines(std::move(input).value(), max_line_bytes, console, [&](std::string_view line) {
    std::string answer = eval_line(line, host);
    const bool is_error = answer.starts_with("{\"error\"");
    console.write(answer += '\n');
    return !is_error;
  });
}

}  // namespace

const Command eval_command{
    .name = "eval",
    .summary = "evaluate rules, one JSON line each",
    .details =
        "A line is {\"rule\":…,\"data\":…}, with \"now\", \"timezone\" and \"history\" where the rule needs them; it "
        "is answered with\n"
        "{\"result\":…} or {\"error\":{\"code\",\"message\"}}.\n",
    .arguments = eval_arguments,
    .options = {},
    .run = eval,
};

}  // namespace wayline::cli
