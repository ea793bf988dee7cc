// wayline check: everything that is wrong with a pack, at once, each with its place.
#include <algorithm>
#include <optional>

#include "analysis/costs.h"
#include "analysis/readiness.h"
#include "analysis/succession.h"
#include "cli/command.h"
#include "cli/files.h"
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

/// Rules listed by --costs; a pack of thousands has a few that matter.
constexpr std::size_t most_rules = 50;

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

// --- costs

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

std::string costs_text(const analysis::CostReport& costs) {
  std::vector<std::vector<std::string>> rows;
  for (const analysis::RuleCost& rule : costs.rules) {
    if (rows.size() == most_rules) break;
    rows.push_back({rule.what, grouped(rule.steps)});
  }
  std::string text = "\nsteps at most, of " + grouped(EvaluationLimits{}.steps) + " for each rule:\n" + aligned(rows, 1, "  ");
  if (costs.rules.size() > most_rules) text += "  … and " + counted(costs.rules.size() - most_rules, "cheaper rule") + "\n";
  return text;
}

Value costs_value(const analysis::CostReport& costs, Arena& arena) {
  ListBuilder rules(arena);
  for (const analysis::RuleCost& rule : costs.rules) {
    rules.add(ObjectBuilder(arena).text("rule", rule.what).number("steps", static_cast<double>(rule.steps)).build());
  }
  return ObjectBuilder(arena)
      .number("pageView", static_cast<double>(costs.page_view))
      .number("pageViewBudget", static_cast<double>(max_step_operations))
      .number("ruleBudget", EvaluationLimits{}.steps)
      .add("rules", rules.build())
      .build();
}

// --- data

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

/// Where it lives, how fresh it must be, what consent it needs and who owns it; what nobody said is said too.
std::string need_text(const analysis::Need& need) {
  if (need.type == "event") return need.declared ? "" : "not declared";
  if (need.type == "computed") return "of the device's history";
  if (!need.declared) return "not declared";
  std::string text = need.sources.empty() ? "source not said" : "from " + joined(need.sources);
  text += need.fresh.empty() ? ", never stale" : ", fresh for " + need.fresh;
  if (!need.purpose.empty()) text += ", with consent to " + need.purpose;
  return text + (need.team.empty() ? ", owner not said" : ", owned by " + need.team);
}

std::string data_text(const std::vector<analysis::Needs>& all) {
  std::string text;
  for (const analysis::Needs& needs : all) {
    text += "\n" + (needs.journey.empty() ? "page rules" : needs.journey) + (needs.owner.empty() ? "" : ", of " + needs.owner) + "\n";
    std::vector<std::vector<std::string>> rows;
    for (const analysis::Need& need : needs.needs) {
      rows.push_back({need.name, need.type, need_text(need), need.by.empty() ? "" : "needed by " + joined(need.by)});
    }
    text += aligned(rows, 4, "  ");
  }
  return text;
}

Value texts_value(const std::vector<std::string>& texts, Arena& arena) {
  ListBuilder list(arena);
  for (const std::string& text : texts) list.add(Value::string(text));
  return list.build();
}

Value data_value(const std::vector<analysis::Needs>& all, Arena& arena) {
  const auto text_or_null = [](const std::string& text) { return text.empty() ? Value::null() : Value::string(text); };
  ListBuilder list(arena);
  for (const analysis::Needs& needs : all) {
    ListBuilder entries(arena);
    for (const analysis::Need& need : needs.needs) {
      entries.add(ObjectBuilder(arena)
                    .boolean("declared", need.declared)
                    .add("fresh", text_or_null(need.fresh))
                    .text("name", need.name)
                    .add("purpose", text_or_null(need.purpose))
                    .add("sources", texts_value(need.sources, arena))
                    .add(needs.journey.empty() ? "rules" : "stages", texts_value(need.by, arena))
                    .add("team", text_or_null(need.team))
                    .add("type", text_or_null(need.type))
                    .build());
    }
    list.add(ObjectBuilder(arena)
                 .add("id", text_or_null(needs.journey))
                 .add("needs", entries.build())
                 .add("owner", text_or_null(needs.owner))
                 .build());
  }
  return list.build();
}

// --- the command

Exit check(const Arguments& arguments, Console& console) {
  const bool follows = !arguments.positional(1).empty();
  const std::string path(arguments.positional(follows ? 1 : 0));
  const auto files = read_pack(path);
  if (follows && !files.ok()) return console.refuse(files.error());
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
  const Compiled compiled = compile({files.value(), zone_file});
  const auto costs = costs_of(compiled);
  Diagnostics findings = compiled.diagnostics;
  if (costs) warn_of_page_view(*costs, findings);
  const Diagnostics stories = check_stories(files.value(), findings);
  findings.insert(findings.end(), stories.begin(), stories.end());
  if (follows) {
    const OpenedProgram before = open_program(arguments.positional(0), console);
    if (!before.program) return before.exit;
    const Diagnostics lost = analysis::check_succession(before.program->tables(), document::load_pack(files.value()).pack);
    findings.insert(findings.end(), lost.begin(), lost.end());
  }

  const std::size_t errors = count(findings, Severity::error), warnings = count(findings, Severity::warning);
  if (console.json()) {
    Arena arena;
    std::string line = "{";
    if (costs && arguments.has("--costs")) line += "\"costs\":" + to_json(costs_value(*costs, arena)) + ",";
    if (arguments.has("--data")) line += "\"data\":" + to_json(data_value(analysis::data_needs(document::load_pack(files.value()).pack), arena)) + ",";
    console.write(line + "\"errors\":" + std::to_string(errors) + ",\"findings\":" + document::render_json(findings) +
                  ",\"warnings\":" + std::to_string(warnings) + "}\n");
  } else {
    for (const Diagnostic& finding : findings)
      console.write(document::render(finding, files.value(), console.colour()) + "\n");
    const Style style = errors > 0 ? Style::bad : Style::good;
    console.write(path + ": " + counted(files.value().size(), "document") + ", " +
                  console.styled(style, document::render_summary(findings)) + "\n");
    if (costs && !costs->rules.empty()) {
      const analysis::RuleCost& first = costs->rules.front();
      console.write("a page view takes at most " + counted(costs->page_view, "step") + " of " + grouped(max_step_operations) + "; the most expensive rule, " +
                    first.what + ", " + grouped(first.steps) + " of " + grouped(EvaluationLimits{}.steps) + "\n");
      if (arguments.has("--costs")) console.write(costs_text(*costs));
    }
    if (arguments.has("--data")) console.write(data_text(analysis::data_needs(document::load_pack(files.value()).pack)));
  }
  const std::size_t counting = errors + (arguments.has("--strict") ? warnings : 0);
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
