// wayline diff: what changed between two packs, or between what two runs answered.
#include <filesystem>
#include <string>
#include <system_error>
#include <vector>

#include "analysis/difference.h"
#include "cli/command.h"
#include "cli/files.h"
#include "cli/outputs.h"
#include "cli/packs.h"
#include "cli/text.h"
#include "value/json.h"

namespace wayline::cli {
namespace {

constexpr std::size_t max_line_bytes = std::size_t{16} << 20;  // an output line repeats the contents of a page's slots
constexpr std::string_view program_start = "WAYLRGM1";
constexpr std::size_t most_changes = 1000;  // shown of two runs; people read fewer

constexpr ArgumentSpec diff_arguments[] = {
    {.name = "OLD", .help = "a pack, a program, or a file that `wayline run` wrote"},
    {.name = "NEW", .help = "one of the same kind to compare with"}};

enum class Subject : std::uint8_t { program, outputs };

/// Folders and programs are compared as programs, all other files as outputs of a run.
Result<Subject> subject_of(const std::string& path) {
  std::error_code failure;
  if (std::filesystem::is_directory(path, failure)) return Subject::program;
  TRY(Input input, Input::open(path));
  std::string start(program_start.size(), '\0');
  TRY(const std::size_t got, input.read(start.data(), start.size()));
  return start.substr(0, got) == program_start ? Subject::program : Subject::outputs;
}

// --- programs

Value change_value(const analysis::Change& change, Arena& arena) {
  constexpr std::string_view kinds[] = {"added", "removed", "changed"};
  const auto text = [](const std::string& part) { return part.empty() ? Value::null() : Value::string(part); };
  ObjectBuilder object(arena);
  object.add("after", text(change.after))
      .add("before", text(change.before))
      .text("kind", kinds[static_cast<std::size_t>(change.kind)]);
  return object.add("property", text(change.property)).text("subject", change.subject).build();
}

std::string change_text(const analysis::Change& change, const Console& console) {
  constexpr std::string_view marks[] = {"+ ", "- ", "~ "};
  constexpr Style styles[] = {Style::good, Style::bad, Style::bold};
  const auto kind = static_cast<std::size_t>(change.kind);
  std::string text = console.styled(styles[kind], std::string(marks[kind]) + change.subject);
  if (change.property.empty()) return text + "\n";
  std::string before = change.before, after = change.after;
  shorten_both(before, after);
  text += ": " + change.property;
  switch (change.kind) {
    case analysis::ChangeKind::added:
      return text + " " + after + "\n";
    case analysis::ChangeKind::removed:
      return text + " " + before + "\n";
    case analysis::ChangeKind::changed:
      break;
  }
  return text + "\n    was " + before + "\n    now " + after + "\n";
}

Exit compare_packs(std::string_view old_path, std::string_view new_path, Console& console) {
  const OpenedProgram before = open_program(old_path, console);
  if (!before.program) return before.exit;
  const OpenedProgram after = open_program(new_path, console);
  if (!after.program) return after.exit;
  const std::vector<analysis::Change> changes =
      analysis::compare_programs(before.program->tables(), after.program->tables());
  if (console.json()) {
    Arena arena;
    ListBuilder list(arena);
    for (const analysis::Change& change : changes) list.add(change_value(change, arena));
    ObjectBuilder object(arena);
    console.write_value(object.add("changes", list.build()).build());
  } else {
    for (const analysis::Change& change : changes) console.write(change_text(change, console));
    console.write((changes.empty() ? "no changes" : counted(changes.size(), "change")) + "\n");
  }
  return changes.empty() ? Exit::fine : Exit::findings;
}

// --- outputs of runs

/// Reads both line by line, since runs can be long; of the changes the first ones are kept.
class OutputComparison {
 public:
  explicit OutputComparison(Console& console) : console_(console) {}

  Result<Exit> run(const std::string& old_path, const std::string& new_path) {
    TRY(Input old_input, Input::open(old_path));
    TRY(Input new_input, Input::open(new_path));
    LineReader old_reader(std::move(old_input), max_line_bytes), new_reader(std::move(new_input), max_line_bytes);
    for (;;) {
      std::string_view before, after;
      TRY(const bool has_before, read(old_reader, old_path, before));
      TRY(const bool has_after, read(new_reader, new_path, after));
      if (!has_before && !has_after) return finish();
      const std::size_t line = has_before ? old_reader.number() : new_reader.number();
      if (!has_before || !has_after) {
        report(line, {"answer", has_before ? std::string(before) : "none", has_after ? std::string(after) : "none"});
      } else if (before != after) {
        TRY([[maybe_unused]] const Done done, compare(line, old_path, before, new_path, after));
      }
    }
  }

 private:
  static Result<bool> read(LineReader& reader, const std::string& path, std::string_view& line) {
    switch (reader.next(line)) {
      case LineReader::Next::line:
        return true;
      case LineReader::Next::end:
        return false;
      case LineReader::Next::failed:
        return reader.error();
      case LineReader::Next::too_long:
        break;
    }
    return Error{ErrorCode::json_too_large,
                 path + ":" + std::to_string(reader.number()) + ": the line is longer than 16 MiB"};
  }

  Result<Done> compare(std::size_t line, const std::string& old_path, std::string_view before,
                       const std::string& new_path, std::string_view after) {
    arena_.reset();
    const auto parse = [&](const std::string& path, std::string_view text) {
      auto value = read_json(text, arena_);
      if (!value.ok()) value = Error{value.error().code, path + ":" + std::to_string(line) + ": " + value.error().message};
      return value;
    };
    TRY(const Value old, parse(old_path, before));
    TRY(const Value now, parse(new_path, after));
    for (const OutputChange& change : compare_outputs(old, now)) report(line, change);
    return Done{};
  }

  void report(std::size_t line, OutputChange change) {
    if (++count_ <= most_changes) changes_.push_back({line, std::move(change)});
  }

  Exit finish() {
    if (console_.json()) {
      Arena arena;
      ListBuilder list(arena);
      for (const Found& found : changes_) {
        ObjectBuilder entry(arena);
        entry.text("after", found.change.after).text("before", found.change.before);
        list.add(entry.number("line", static_cast<double>(found.line))
                     .text("subject", found.change.subject)
                     .build());
      }
      ObjectBuilder object(arena);
      console_.write_value(
          object.add("changes", list.build()).number("count", static_cast<double>(count_)).build());
    } else {
      for (Found& found : changes_) {
        shorten_both(found.change.before, found.change.after);
        console_.write(
            console_.styled(Style::bold, "line " + std::to_string(found.line) + ", " + found.change.subject));
        console_.write("\n    was " + found.change.before + "\n    now " + found.change.after + "\n");
      }
      if (count_ > most_changes) console_.write("… and " + counted(count_ - most_changes, "change") + " more\n");
      console_.write((count_ == 0 ? "no changes" : counted(count_, "change")) + "\n");
    }
    return count_ == 0 ? Exit::fine : Exit::findings;
  }

  struct Found {
    std::size_t line;
    OutputChange change;
  };

  Console& console_;
  Arena arena_;
  std::vector<Found> changes_;
  std::size_t count_ = 0;
};

Exit diff(const Arguments& arguments, Console& console) {
  const std::string before(arguments.positional(0)), after(arguments.positional(1));
  const auto old_subject = subject_of(before);
  if (!old_subject.ok()) return console.refuse(old_subject.error());
  const auto new_subject = subject_of(after);
  if (!new_subject.ok()) return console.refuse(new_subject.error());
  if (old_subject.value() != new_subject.value())
    return console.misuse("diff", "a pack can not be compared with the output of a run");
  if (old_subject.value() == Subject::program) return compare_packs(before, after, console);
  const auto exit = OutputComparison(console).run(before, after);
  return exit.ok() ? exit.value() : console.refuse(exit.error());
}

}  // namespace

const Command diff_command{
    .name = "diff",
    .summary = "say what changed between two packs, or between two runs",
    .details = "Ends with exit code 1 when there are changes. Outputs of `wayline run` are compared line by line.\n",
    .arguments = diff_arguments,
    .options = {},
    .run = diff,
};

}  // namespace wayline::cli
