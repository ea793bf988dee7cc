// wayline: checks, tests, builds and runs packs of customer journeys.
#include <unistd.h>

#include <string_view>
#include <vector>

#include "cli/command.h"

int main(int argument_count, char** argument_values) {
  using namespace wayline::cli;
  const std::vector<std::string_view> words(argument_values + (argument_count > 0 ? 1 : 0),
                                            argument_values + argument_count);
  Output out(STDOUT_FILENO);
  Output error(STDERR_FILENO);
  Console console(out, error);
  const Exit exit = run_command_line(words, console);
  out.flush();
  if (out.failed())
    return static_cast<int>(
        console.refuse({wayline::ErrorCode::output_unwritable, "standard output could not be written"}));
  return static_cast<int>(exit);
}
