// wayline check: everything that is wrong with a pack, at once, each with its place.
#include <algorithm>

#include "cli/command.h"
#include "cli/files.h"
#include "cli/packs.h"
#include "cli/text.h"
#include "document/render.h"
#include "document/story.h"
#include "value/json.h"

namespace wayline::cli {
namespace {

constexpr ArgumentSpec check_arguments[] = {{.name = "PACK", .help = "the pack's folder, or a program"}};
constexpr OptionSpec check_options[] = {{.name = "--strict", .help = "count warnings as errors"}};

std::size_t count(const Diagnostics& findings, Severity severity) {
  return static_cast<std::size_t>(
      std::count_if(findings.begin(), findings.end(),
                    [severity](const Diagnostic& finding) { return finding.severity == severity; }));
}

/// Findings of the stories, unless documents could not be parsed: the names they declare would all be unknown.
Diagnostics check_stories(const document::Files& files, const Diagnostics& findings) {
  const bool unparsed = std::any_of(findings.begin(), findings.end(), [](const Diagnostic& finding) {
    return finding.code >= ErrorCode::json_syntax && finding.code <= ErrorCode::json_duplicate_key;
  });
  if (unparsed) return {};
  return document::load_stories(files, document::load_pack(files).pack).diagnostics;
}

Exit check(const Arguments& arguments, Console& console) {
  const std::string path(arguments.positional(0));
  const auto files = read_pack(path);
  if (!files.ok()) {
    // No folder: a program, which is either whole or not.
    const OpenedProgram opened = open_program(path, console);
    if (!opened.program) return opened.exit;
    if (console.json()) {
      console.write("{\"errors\":0,\"findings\":[],\"warnings\":0}\n");
    } else {
      console.write(path + ": a program of \"" + std::string(opened.program->site()) + "\", no findings\n");
    }
    return Exit::fine;
  }
  Diagnostics findings = compile({files.value(), zone_file}).diagnostics;
  const Diagnostics stories = check_stories(files.value(), findings);
  findings.insert(findings.end(), stories.begin(), stories.end());

  const std::size_t errors = count(findings, Severity::error), warnings = count(findings, Severity::warning);
  if (console.json()) {
    console.write("{\"errors\":" + std::to_string(errors) + ",\"findings\":" + document::render_json(findings) +
                  ",\"warnings\":" + std::to_string(warnings) + "}\n");
  } else {
    for (const Diagnostic& finding : findings)
      console.write(document::render(finding, files.value(), console.colour()) + "\n");
    const Style style = errors > 0 ? Style::bad : Style::good;
    console.write(path + ": " + counted(files.value().size(), "document") + ", " +
                  console.styled(style, document::render_summary(findings)) + "\n");
  }
  const std::size_t counting = errors + (arguments.has("--strict") ? warnings : 0);
  return counting > 0 ? Exit::findings : Exit::fine;
}

}  // namespace

const Command check_command{
    .name = "check",
    .summary = "say all that is wrong with a pack",
    .details =
        "Documents, rules and stories are checked. Warnings alone end with exit code 0, unless --strict is given.\n",
    .arguments = check_arguments,
    .options = check_options,
    .run = check,
};

}  // namespace wayline::cli
