// wayline: checks, tests, builds and runs packs of customer journeys.
#include <fcntl.h>
#include <unistd.h>

#include <string_view>
#include <vector>

#include "cli/command.h"

namespace {

/// A file that is opened while a standard stream is closed gets its number, and with it what is meant for the stream. What holds the number instead
/// is opened the wrong way round, so that reading or writing the stream fails as it would.
void hold_closed_streams() {
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (fcntl(stream, F_GETFD) == -1) [[maybe_unused]] const int held = open("/dev/null", stream == STDIN_FILENO ? O_WRONLY : O_RDONLY);
  }
}

}  // namespace

int main(int argument_count, char** argument_values) {
  using namespace wayline::cli;
  hold_closed_streams();
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
