#include <algorithm>
#include <vector>

#include "base/nearest.h"
#include "cli/command.h"
#include "cli/text.h"
#include "value/json.h"

namespace wayline::cli {
namespace {

constexpr const Command* command_list[] = {&check_command, &test_command,    &build_command,  &run_command,
                                           &verify_command, &merge_command, &eval_command,  &explain_command, &replay_command, &diff_command,
                                           &graph_command, &schema_command,  &help_command,   &version_command};

constexpr OptionSpec common_options[] = {{.name = "--json", .help = "results and errors as JSON on standard output"},
                                         {.name = "--help", .letter = 'h', .help = "this text"}};

constexpr std::string_view exit_codes =
    "Exit codes: 0 fine, 1 findings, failed tests or refused lines, 2 bad usage or unreadable input.\n";

std::string usage_line(const Command& command) {
  std::string text = "usage: wayline " + std::string(command.name);
  for (const OptionSpec& option : command.options) {
    text.append(" [").append(option.name);
    if (!option.value.empty()) text.append(" ").append(option.value);
    text.append(option.repeats ? "]..." : "]");
  }
  for (const ArgumentSpec& argument : command.arguments) {
    text.append(argument.is_optional ? " [" : " ")
        .append(argument.name)
        .append(argument.is_optional ? "]" : "");
  }
  return text + "\n";
}

std::string option_title(const OptionSpec& option) {
  std::string title = option.letter == '\0' ? std::string("    ") : std::string("-") + option.letter + ", ";
  title += option.name;
  if (!option.value.empty()) title.append(" ").append(option.value);
  return title;
}

Value describe(const Command& command, Arena& arena) {
  ListBuilder arguments(arena), options(arena);
  for (const ArgumentSpec& argument : command.arguments) {
    ObjectBuilder entry(arena);
    arguments.add(entry.text("help", argument.help)
                      .text("name", argument.name)
                      .boolean("optional", argument.is_optional)
                      .build());
  }
  for (const OptionSpec& option : all_options(command)) {
    ObjectBuilder entry(arena);
    entry.text("help", option.help).text("name", option.name);
    options.add(entry.add("value", option.value.empty() ? Value::null() : Value::string(option.value)).build());
  }
  ObjectBuilder object(arena);
  return object.add("arguments", arguments.build())
      .text("name", command.name)
      .add("options", options.build())
      .text("summary", command.summary)
      .build();
}

Exit unknown_command(std::string_view name, Console& console) {
  std::vector<std::string_view> names;
  for (const Command* command : commands()) names.push_back(command->name);
  std::string message = "there is no command \"" + std::string(name) + "\"";
  if (const std::string_view near = nearest(name, names); !near.empty())
    message.append("; did you mean \"").append(near).append("\"?");
  return console.misuse({}, message);
}

Exit show_help(const Arguments& arguments, Console& console) {
  const std::string_view name = arguments.positional(0);
  const Command* command = find_command(name);
  if (!name.empty() && command == nullptr) return unknown_command(name, console);
  if (!console.json()) {
    console.write(command == nullptr ? overview_text() : help_text(*command));
    return Exit::fine;
  }
  Arena arena;
  if (command != nullptr) {
    console.write_value(describe(*command, arena));
    return Exit::fine;
  }
  ListBuilder list(arena);
  for (const Command* each : commands()) list.add(describe(*each, arena));
  ObjectBuilder object(arena);
  console.write_value(object.add("commands", list.build()).build());
  return Exit::fine;
}

Exit show_version(const Arguments&, Console& console) {
  if (!console.json()) {
    console.write("wayline " WAYLINE_VERSION "\n");
    return Exit::fine;
  }
  Arena arena;
  ObjectBuilder object(arena);
  console.write_value(object.text("version", WAYLINE_VERSION).build());
  return Exit::fine;
}

constexpr ArgumentSpec help_arguments[] = {{.name = "COMMAND", .help = "the command to explain", .is_optional = true}};

/// `wayline --help`, `wayline help` and their like, before any command is known.
std::string_view command_name(std::string_view first) {
  if (first == "--help" || first == "-h") return help_command.name;
  if (first == "--version") return version_command.name;
  return first;
}

}  // namespace

const Command help_command{.name = "help",
                           .summary = "say what the commands do",
                           .details = {},
                           .arguments = help_arguments,
                           .options = {},
                           .run = show_help};
const Command version_command{.name = "version",
                              .summary = "say which version this is",
                              .details = {},
                              .arguments = {},
                              .options = {},
                              .run = show_version};

std::span<const Command* const> commands() { return command_list; }

const Command* find_command(std::string_view name) {
  const auto found = std::find_if(std::begin(command_list), std::end(command_list),
                                  [name](const Command* command) { return command->name == name; });
  return found == std::end(command_list) ? nullptr : *found;
}

std::vector<OptionSpec> all_options(const Command& command) {
  std::vector<OptionSpec> options(command.options.begin(), command.options.end());
  options.insert(options.end(), std::begin(common_options), std::end(common_options));
  return options;
}

std::string help_text(const Command& command) {
  std::string text = usage_line(command);
  text.append("\n").append(command.summary).append("\n");
  if (!command.details.empty()) text.append("\n").append(command.details);
  std::vector<std::vector<std::string>> rows;
  for (const ArgumentSpec& argument : command.arguments)
    rows.push_back({std::string(argument.name), std::string(argument.help)});
  for (const OptionSpec& option : all_options(command))
    rows.push_back({option_title(option), std::string(option.help)});
  return text.append("\n").append(aligned(rows, 2, "  ")).append("\n").append(exit_codes);
}

std::string overview_text() {
  std::vector<std::vector<std::string>> rows;
  for (const Command* command : commands()) {
    std::string call(command->name);
    for (const ArgumentSpec& argument : command->arguments) {
      call.append(argument.is_optional ? " [" : " ").append(argument.name).append(argument.is_optional ? "]" : "");
    }
    rows.push_back({call, std::string(command->summary)});
  }
  std::string text = "usage: wayline COMMAND [options] [arguments]\n\n";
  text.append(aligned(rows, 2, "  "));
  text.append("\nA PACK is a folder of documents or a program that `wayline build` made of one.\n");
  text.append("Every command takes --json and --help. ").append(exit_codes);
  return text;
}

Exit run_command_line(std::span<const std::string_view> words, Console& console) {
  const auto options_end = std::find(words.begin(), words.end(), "--");
  if (std::find(words.begin(), options_end, "--json") != options_end) console.use_json();
  if (words.empty()) return console.misuse({}, "a command is missing");
  const Command* command = find_command(command_name(words[0]));
  if (command == nullptr) return unknown_command(words[0], console);
  const std::vector<OptionSpec> options = all_options(*command);
  const auto arguments = read_arguments(words.subspan(1), command->arguments, options);
  if (!arguments.ok()) return console.misuse(command->name, arguments.error().message);
  if (arguments.value().has("--help")) {
    console.write(help_text(*command));
    return Exit::fine;
  }
  return command->run(arguments.value(), console);
}

}  // namespace wayline::cli
