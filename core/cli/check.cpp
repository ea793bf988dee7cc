// wayline check: everything that is wrong with a pack, at once, each with its place.
#include <algorithm>
#include <optional>

#include "analysis/succession.h"
#include "cli/command.h"
#include "cli/listings.h"
#include "cli/packs.h"
#include "cli/text.h"
#include "document/render.h"
#include "document/story.h"
#include "profile/environment.h"
#include "rules/evaluate.h"
#include "value/json.h"

namespace wayline::cli {
namespace {

constexpr ArgumentSpec check_arguments[] = {
    {.name = "PACK", .help = "the pack's folder, or a program"},
    {.name = "NEW", .help = "the folder of the pack that is to follow it", .is_optional = true}};
constexpr OptionSpec check_options[] = {
    {.name = "--strict", .help = "count warnings as errors"},
    {.name = "--costs", .help = "list what each rule may cost at most"},
    {.name = "--data", .help = "list what data journeys and page rules need, and where it comes from"},
};

/// What was found in a pack, and what is listed of it.
struct Report {
  std::string path;
  document::Files files;
  Diagnostics findings;
  std::optional<analysis::CostReport> costs;        // nothing when the pack has errors: there is no program then
  std::optional<std::vector<analysis::Needs>> data;  // when it was asked for

  [[nodiscard]] std::size_t count(Severity severity) const {
    return static_cast<std::size_t>(std::count_if(findings.begin(), findings.end(), [severity](const Diagnostic& finding) { return finding.severity == severity; }));
  }
  void add(const Diagnostics& more) { findings.insert(findings.end(), more.begin(), more.end()); }
};

/// Nothing when the pack has errors: there is no program then.
std::optional<analysis::CostReport> costs_of(const Compiled& compiled) {
  if (!compiled.ok()) return std::nullopt;
  const auto program = Program::load(compiled.program);
  return program.ok() ? std::optional(analysis::cost_report(program.value()->tables())) : std::nullopt;
}

void warn_of_page_view(const analysis::CostReport& costs, Diagnostics& findings) {
  if (costs.page_view <= max_step_operations) return;
  findings.push_back({ErrorCode::rule_budget, Severity::warning, {"site.json", 1, 1, 1},
                      "a page view may take " + grouped(costs.page_view) + " steps, of which a page allows " + grouped(max_step_operations) +
                          ": beyond them every rule is false",
                      "`wayline check --costs` lists the rules"});
}

void print_json(const Report& report, bool lists_costs, Console& console) {
  Arena arena;
  std::string line = "{";
  if (report.costs && lists_costs) line += "\"costs\":" + to_json(costs_value(*report.costs, arena)) + ",";
  if (report.data) line += "\"data\":" + to_json(data_value(*report.data, arena)) + ",";
  console.write(line + "\"errors\":" + std::to_string(report.count(Severity::error)) + ",\"findings\":" + document::render_json(report.findings) +
                ",\"warnings\":" + std::to_string(report.count(Severity::warning)) + "}\n");
}

void print_text(const Report& report, bool lists_costs, Console& console) {
  for (const Diagnostic& finding : report.findings) console.write(document::render(finding, report.files, console.colour()) + "\n");
  const Style style = report.count(Severity::error) > 0 ? Style::bad : Style::good;
  console.write(report.path + ": " + counted(report.files.size(), "document") + ", " + console.styled(style, document::render_summary(report.findings)) + "\n");
  if (report.costs && !report.costs->rules.empty()) {
    const analysis::RuleCost& first = report.costs->rules.front();
    console.write("a page view takes at most " + counted(report.costs->page_view, "step") + " of " + grouped(max_step_operations) + "; the most expensive rule, " +
                  first.what + ", " + grouped(first.steps) + " of " + grouped(EvaluationLimits{}.steps) + "\n");
    if (lists_costs) console.write(costs_text(*report.costs));
  }
  if (report.data) console.write(data_text(*report.data));
}

/// A program is either whole or not.
Exit check_program(const std::string& path, Console& console) {
  const OpenedProgram opened = open_program(path, console);
  if (!opened.program) return opened.exit;
  if (console.json()) {
    console.write("{\"errors\":0,\"findings\":[],\"warnings\":0}\n");
  } else {
    console.write(path + ": a program of \"" + std::string(opened.program->site()) + "\", no findings\n");
  }
  return Exit::fine;
}

Exit check(const Arguments& arguments, Console& console) {
  const bool follows = !arguments.positional(1).empty();
  const std::string path(arguments.positional(follows ? 1 : 0));
  auto files = read_pack(path);
  if (!files.ok()) return follows ? console.refuse(files.error()) : check_program(path, console);

  Report report{path, std::move(files).value(), {}, {}, {}};
  const Compiled compiled = compile({report.files, zone_file});
  report.findings = compiled.diagnostics;
  report.costs = costs_of(compiled);
  if (report.costs) warn_of_page_view(*report.costs, report.findings);
  const document::Loaded loaded = document::load_pack(report.files);
  report.add(document::load_stories(report.files, loaded.pack).diagnostics);
  if (follows) {
    const OpenedProgram before = open_program(arguments.positional(0), console);
    if (!before.program) return before.exit;
    report.add(analysis::check_succession(before.program->tables(), loaded.pack));
  }
  if (arguments.has("--data")) report.data = analysis::data_needs(loaded.pack);

  (console.json() ? print_json : print_text)(report, arguments.has("--costs"), console);
  const std::size_t counting = report.count(Severity::error) + (arguments.has("--strict") ? report.count(Severity::warning) : 0);
  return counting > 0 ? Exit::findings : Exit::fine;
}

}  // namespace

const Command check_command{
    .name = "check",
    .summary = "say all that is wrong with a pack",
    .details =
        "Documents, rules and stories are checked. Warnings alone end with exit code 0, unless --strict is given.\n"
        "With NEW, it is checked, and so is what becomes of the states that visitors have stored with PACK.\n",
    .arguments = check_arguments,
    .options = check_options,
    .run = check,
};

}  // namespace wayline::cli
