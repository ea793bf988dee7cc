// wayline test: runs a pack's stories and says, for each expectation that is not met, what decided.
#include <algorithm>
#include <string>

#include "base/ascii.h"
#include "cli/command.h"
#include "cli/packs.h"
#include "cli/stories.h"
#include "cli/text.h"
#include "value/json.h"

namespace wayline::cli {
namespace {

constexpr ArgumentSpec test_arguments[] = {{.name = "PACK", .help = "the pack's folder"}};
constexpr OptionSpec test_options[] = {
    {.name = "--filter", .value = "TEXT", .help = "only stories whose title or file holds this"}};

struct StoryResult {
  const document::Story* story;
  std::vector<StoryFailure> failures;
};

bool is_wanted(const document::Story& story, std::string_view filter) {
  const std::string wanted = lower_case(filter);
  return lower_case(story.title.text).find(wanted) != std::string::npos ||
         lower_case(story.title.range.file).find(wanted) != std::string::npos;
}

std::string place_text(const SourceRange& range) { return range.file + ":" + std::to_string(range.line); }

void write_result(const StoryResult& result, Console& console) {
  const bool passed = result.failures.empty();
  console.write(console.styled(passed ? Style::good : Style::bad, passed ? "pass" : "FAIL") + "  " +
                result.story->title.text + "\n");
  for (const StoryFailure& failure : result.failures) {
    console.write("      " + console.styled(Style::bold, place_text(failure.range) + ": " + failure.subject) + "\n");
    std::vector<std::vector<std::string>> rows{{"expected", failure.expected}, {"actual", failure.actual}};
    for (std::size_t i = 0; i < failure.because.size(); ++i)
      rows.push_back({i == 0 ? "because" : "", failure.because[i]});
    console.write(aligned(rows, 2, "        "));
  }
}

Value result_value(const StoryResult& result, Arena& arena) {
  ListBuilder failures(arena);
  for (const StoryFailure& failure : result.failures) {
    ListBuilder because(arena);
    for (const std::string& line : failure.because) because.add(Value::string(line));
    ObjectBuilder entry(arena);
    entry.text("actual", failure.actual)
        .add("because", because.build())
        .text("expected", failure.expected);
    entry.text("file", failure.range.file)
        .number("line", failure.range.line)
        .text("subject", failure.subject);
    failures.add(entry.build());
  }
  ObjectBuilder object(arena);
  object.add("failures", failures.build()).text("file", result.story->title.range.file);
  return object.number("line", result.story->title.range.line)
      .boolean("passed", result.failures.empty())
      .text("story", result.story->title.text)
      .build();
}

Exit write_results(const std::vector<StoryResult>& results, Console& console) {
  const auto failed = static_cast<std::size_t>(std::count_if(
      results.begin(), results.end(), [](const StoryResult& result) { return !result.failures.empty(); }));
  const std::size_t passed = results.size() - failed;
  if (console.json()) {
    Arena arena;
    ListBuilder stories(arena);
    for (const StoryResult& result : results) stories.add(result_value(result, arena));
    ObjectBuilder object(arena);
    object.number("failed", static_cast<double>(failed))
        .number("passed", static_cast<double>(passed));
    console.write_value(object.add("stories", stories.build()).build());
  } else {
    for (const StoryResult& result : results) write_result(result, console);
    const std::string summary = std::to_string(passed) + " passed, " + std::to_string(failed) + " failed";
    console.write(console.styled(failed > 0 ? Style::bad : Style::good, summary) + "\n");
  }
  return failed > 0 ? Exit::findings : Exit::fine;
}

Exit test(const Arguments& arguments, Console& console) {
  const auto files = read_pack(std::string(arguments.positional(0)));
  if (!files.ok()) return console.refuse(files.error());
  const CompiledPack compiled = compile_pack(files.value(), console);
  if (compiled.bytes.empty()) return compiled.exit;
  auto program = Program::load(compiled.bytes);
  if (!program.ok()) return console.refuse(program.error());
  const document::LoadedStories loaded = document::load_stories(files.value(), document::load_pack(files.value()).pack);
  const bool broken = std::any_of(loaded.diagnostics.begin(), loaded.diagnostics.end(),
                                  [](const Diagnostic& finding) { return finding.severity == Severity::error; });
  if (broken) return report_findings(loaded.diagnostics, files.value(), console);
  if (!loaded.diagnostics.empty() && !console.json()) (void)report_findings(loaded.diagnostics, files.value(), console);

  const std::string_view filter = arguments.value("--filter");
  Engine engine(std::move(program).value());
  std::vector<StoryResult> results;
  for (const document::Story& story : loaded.stories) {
    if (is_wanted(story, filter)) results.push_back({&story, run_story(story, engine)});
  }
  if (results.empty() && !filter.empty())
    return console.misuse("test", "no story's title or file holds \"" + std::string(filter) + "\"");
  return write_results(results, console);
}

}  // namespace

const Command test_command{
    .name = "test",
    .summary = "run a pack's stories",
    .details =
        "A story (tests/*.json) is a visitor's steps and what is expected after each. A failure says what was "
        "expected, what came,\n"
        "and why: of slots which predicate decided, with the value that it saw, of journeys what keeps the visitor where it is.\n",
    .arguments = test_arguments,
    .options = test_options,
    .run = test,
};

}  // namespace wayline::cli
