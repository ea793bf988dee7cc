#include "cli/listings.h"

#include "cli/text.h"
#include "profile/environment.h"
#include "rules/evaluate.h"

namespace wayline::cli {
namespace {

/// Rules that are listed; a pack of thousands has a few that matter.
constexpr std::size_t most_rules = 50;

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

Value texts_value(const std::vector<std::string>& texts, Arena& arena) {
  ListBuilder list(arena);
  for (const std::string& text : texts) list.add(Value::string(text));
  return list.build();
}

}  // namespace

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

}  // namespace wayline::cli
