// Experiences, their variants and contents, and the slots that show them.
#include <algorithm>
#include <array>
#include <limits>

#include "base/nearest.h"
#include "program/builder.h"
#include "value/nesting.h"

namespace wayline::program {

namespace {

constexpr std::array<std::string_view, 5> content_kinds{"html", "text", "attributes", "redirect", "json"};
constexpr std::array<std::string_view, 4> statuses{"draft", "live", "paused", "archived"};

/// Answers hold contents some levels deep, and must fit the wire's depth.
constexpr std::uint32_t max_content_depth = 32;

Status status_of(std::string_view text) {
  const auto place = std::find(statuses.begin(), statuses.end(), text);
  return place == statuses.end() ? Status::draft : static_cast<Status>(place - statuses.begin());
}

struct Sourced {
  const document::Experience* experience;
  const document::Journey* journey;
  std::string stage;
};

std::vector<Sourced> all_experiences(const document::Pack& pack) {
  std::vector<Sourced> all;
  for (const document::Experience& experience : pack.page_rules) all.push_back({&experience, nullptr, {}});
  for (const document::Journey& journey : pack.journeys) {
    for (const document::Stage& stage : journey.stages) {
      for (const document::Experience& experience : stage.show) all.push_back({&experience, &journey, stage.name.text});
    }
  }
  std::sort(all.begin(), all.end(), [](const Sourced& a, const Sourced& b) { return a.experience->id.text < b.experience->id.text; });
  return all;
}

}  // namespace

void Builder::add_experiences() {
  for (const Sourced& source : all_experiences(pack_)) {
    const std::uint32_t journey = source.journey ? names_.journeys.find(source.journey->id.text) : none;
    add_experience(*source.experience, source.journey, source.journey ? stage_index(journey, source.stage) : none);
  }
}

Terms Builder::terms(const document::Experience& source, const document::Journey* journey) {
  Terms record{};
  record.group = writer_.intern(source.group);
  record.name_space = writer_.intern(source.name_space);
  record.owner = writer_.intern(!source.owner.empty() || !journey ? source.owner : journey->owner);
  record.urls = writer_.intern_all(source.page.urls);
  record.names = writer_.intern_all(source.page.names);
  record.caps = caps(source.caps);
  record.score = rule(source.score);
  record.purpose = source.purpose.empty() ? none : names_.purposes.find(source.purpose);
  record.status = status_of(source.status);
  record.version = source.version;
  record.dismissible = source.dismissible ? 1 : 0;
  record.remembered = std::max(most_asked(source.caps), 1u);
  record.dismiss_for = source.dismiss_for;
  record.coverage = source.coverage;
  record.name_space_from = source.name_space_from;
  record.name_space_to = source.name_space_to;
  return record;
}

void Builder::add_experience(const document::Experience& source, const document::Journey* journey, std::uint32_t stage) {
  Experience record{};
  record.id = writer_.intern(source.id.text);
  record.seed = writer_.intern(source.seed.empty() ? source.id.text : source.seed);
  record.paths = writer_.intern_all(source.page.paths);
  record.terms = writer_.intern(terms(source, journey));
  record.slot = names_.slots.find(source.slot);
  record.journey = journey ? names_.journeys.find(journey->id.text) : none;
  record.stage = stage;
  record.condition = condition(source.condition);
  record.from = source.schedule.from.value_or(std::numeric_limits<Instant>::min());
  record.to = source.schedule.to.value_or(std::numeric_limits<Instant>::max());
  record.priority = source.priority + (journey ? journey->priority : 0);

  double total = 0;
  for (const document::Variant& item : source.variants) total += item.weight;
  record.variants = Writer::appended(writer_.variants, [&] {
    for (const document::Variant& item : source.variants) writer_.variants.push_back(variant(item, total, source.variants.size()));
  });
  writer_.experiences.push_back(record);
}

Variant Builder::variant(const document::Variant& source, double total_weight, std::size_t count) {
  Variant record{};
  record.id = writer_.intern(source.id.text);
  // Weights that add up to about 1 stay as they are written, as GrowthBook buckets them; others are shares, such as 50 and 50.
  const bool normal = total_weight >= 0.99 && total_weight <= 1.01;
  record.weight = normal ? source.weight : total_weight > 0 ? source.weight / total_weight : 1 / static_cast<double>(count);
  for (const document::Name& path : source.reads) names_.interpolation(path.text, path.range);
  if (!source.content) return record;  // reported by the documents' checks
  for (std::size_t kind = 0; kind < content_kinds.size(); ++kind) {
    const Value content = source.content.value->get(content_kinds[kind]);
    if (content.is_missing()) continue;
    record.kind = static_cast<ContentKind>(kind);
    if (!nests_within(content, max_content_depth)) {
      diagnostics_.push_back({ErrorCode::json_too_deep, Severity::error, source.content.positions->of(content), "the content nests deeper than 32 levels", {}});
    }
    record.interpolates = source.reads.empty() ? 0 : 1;
    const Member whole[] = {{content_kinds[kind], content}};
    record.content = expressions_.constant(Value::object(whole));
    break;
  }
  return record;
}

void Builder::add_slots() {
  for (std::uint32_t slot = 0; slot < names_.slots.size(); ++slot) {
    std::vector<std::uint32_t> rules;
    for (std::uint32_t i = 0; i < writer_.experiences.size(); ++i) {
      if (writer_.experiences[i].slot == slot && writer_.experiences[i].journey == none) rules.push_back(i);
    }
    // Experiences are in the order of their ids, which a stable sort keeps within one priority.
    std::stable_sort(rules.begin(), rules.end(), [&](std::uint32_t a, std::uint32_t b) {
      return writer_.experiences[a].priority > writer_.experiences[b].priority;
    });
    const Range run = Writer::appended(writer_.indexes, [&] { writer_.indexes.insert(writer_.indexes.end(), rules.begin(), rules.end()); });
    writer_.slots.push_back({writer_.intern(names_.slots.all()[slot]), run, none, 0});
  }
}

}  // namespace wayline::program
