// The commands of `wayline`: each lives in a file of its own and is listed in help.cpp.
#pragma once

#include <span>
#include <string_view>

#include "cli/console.h"
#include "cli/options.h"

namespace wayline::cli {

struct Command {
  std::string_view name;
  std::string_view summary;  // one line of `wayline help`
  std::string_view details;  // what else `wayline help NAME` says; ends with a line feed, or is empty
  std::span<const ArgumentSpec> arguments;
  std::span<const OptionSpec> options;  // beside --json and --help, which every command has
  Exit (*run)(const Arguments& arguments, Console& console);
};

extern const Command check_command;
extern const Command test_command;
extern const Command build_command;
extern const Command run_command;
extern const Command eval_command;
extern const Command explain_command;
extern const Command verify_command;
extern const Command merge_command;
extern const Command replay_command;
extern const Command diff_command;
extern const Command graph_command;
extern const Command schema_command;
extern const Command help_command;
extern const Command version_command;

/// In the order in which help lists them.
[[nodiscard]] std::span<const Command* const> commands();
/// Null when there is none of that name.
[[nodiscard]] const Command* find_command(std::string_view name);
/// The command's own options and those that every command has.
[[nodiscard]] std::vector<OptionSpec> all_options(const Command& command);
/// What `wayline help NAME` says.
[[nodiscard]] std::string help_text(const Command& command);
/// What `wayline help` says.
[[nodiscard]] std::string overview_text();

/// Runs the command that the words (without the program's name) ask for.
[[nodiscard]] Exit run_command_line(std::span<const std::string_view> words, Console& console);

}  // namespace wayline::cli
