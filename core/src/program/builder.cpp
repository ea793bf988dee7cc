#include "program/builder.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/zone_file.h"
#include "document/names.h"
#include "rules/cost.h"
#include "rules/definitions.h"
#include "rules/evaluate.h"
#include "program/checks.h"
#include "program/index_builder.h"

namespace wayline::program {

Builder::Builder(const document::Pack& pack, Diagnostics& diagnostics)
    : pack_(pack), diagnostics_(diagnostics), names_(pack, writer_, diagnostics) {}

void Builder::build(const std::function<std::string(std::string_view)>& zone_file) {
  for (const std::string& name : names_.purposes.all()) writer_.purposes.push_back(writer_.intern(name));
  add_site();
  add_zone(zone_file);
  add_traits();
  add_rules();
  add_intents();
  number_stages();
  add_experiences();
  add_slots();
  add_journeys();
  add_holds_and_limits();
  add_history();
  add_listeners();
  check_definitions();
  check_costs();
  const Conditions conditions{conditions_, expressions_.view()};
  check_schedules(pack_, TimeZone(writer_.zone), diagnostics_);
  check_conditions(pack_, conditions, diagnostics_);
  check_ways(pack_, conditions, diagnostics_);
  if (pack_.is_sound) check_shown(pack_, conditions, diagnostics_);
}

std::vector<std::byte> Builder::finish() {
  const Expressions expressions = expressions_.view();
  writer_.nodes.assign(expressions.nodes.begin(), expressions.nodes.end());
  writer_.operands.assign(expressions.operands.begin(), expressions.operands.end());
  writer_.add_constants(expressions.constants);
  IndexBuilder(writer_, expressions).build();
  return writer_.finish();
}

NodeIndex Builder::lowered(const document::Rule& rule, bool is_condition) {
  if (!rule) return none;
  LowerContext context{.builder = expressions_, .resolver = &names_, .positions = rule.positions, .diagnostics = diagnostics_, .is_condition = is_condition};
  const std::optional<NodeIndex> node = lower(*rule.value, context);
  if (!node) return none;
  rules_.push_back({*node, rule.positions->of(*rule.value)});
  if (is_condition) conditions_.emplace(rule.value, *node);
  return *node;
}

/// A rule that may run out of budget is false just when there is most to look at.
void Builder::check_costs() {
  const Costs costs(expressions_.view());
  for (const Written& rule : rules_) {
    const std::uint64_t steps = costs.steps(rule.node);
    if (steps <= EvaluationLimits{}.steps) continue;
    diagnostics_.push_back({ErrorCode::rule_budget, Severity::warning, rule.range,
                            "may take " + std::to_string(steps) + " steps, of which a page allows " + std::to_string(EvaluationLimits{}.steps) + ": beyond them it is false",
                            "ask for less: a shorter window, one list inside another at most, a simpler pattern"});
  }
}

Trigger Builder::trigger(const document::Trigger& trigger) {
  check_event(trigger.event);
  return {writer_.intern(trigger.event ? trigger.event->text : std::string_view()), condition(trigger.condition)};
}

/// Journeys listen to declared events, to those that the engine knows, or to the kinds of input themselves.
void Builder::check_event(const std::optional<document::Name>& event) {
  const auto& kinds = document::known_events;
  if (!event || std::find(kinds.begin(), kinds.end(), event->text) != kinds.end()) return;
  const auto& declared = pack_.site.events;
  const bool is_known = declared.empty() || std::any_of(declared.begin(), declared.end(), [&](const document::Event& other) { return other.name.text == event->text; });
  if (is_known) return names_.check_stepped(event->text, event->range);
  names_.unknown_event(event->text, kinds, event->range);
}

Range Builder::caps(const std::vector<document::Cap>& caps) {
  std::vector<Cap> records;
  for (const document::Cap& cap : caps) records.push_back({cap.max, 0, cap.per});
  return writer_.intern_all(records);
}

/// The exposures that caps over time or a session can count: beyond its maximum a cap asks no further.
std::uint32_t Builder::most_asked(const std::vector<document::Cap>& caps) {
  std::uint32_t most = 0;
  for (const document::Cap& cap : caps) {
    if (cap.per >= 0) most = std::max(most, cap.max);
  }
  return most;
}

void Builder::add_site() {
  const document::Site& source = pack_.site;
  Site site{};
  site.name = writer_.intern(source.name);
  site.zone_name = writer_.intern(source.time_zone);
  site.pressure_caps = caps(source.pressure_caps);
  site.has_quiet_hours = source.quiet_hours ? 1 : 0;
  if (source.quiet_hours) {
    site.quiet_from = static_cast<double>(source.quiet_hours->from);
    site.quiet_to = static_cast<double>(source.quiet_hours->to);
    site.quiet_of_visitor = source.quiet_hours->of_visitor ? 1 : 0;
  }
  site.events_purpose = source.events_purpose.empty() ? none : names_.purposes.find(source.events_purpose);
  site.holdout = source.holdout;
  site.remembered = most_asked(source.pressure_caps);
  site.retention = source.retention;
  site.session_timeout = source.session_timeout;
  writer_.site.push_back(site);
}

void Builder::add_zone(const std::function<std::string(std::string_view)>& zone_file) {
  const std::string& name = pack_.site.time_zone;
  if (name == "UTC") return;
  auto transitions = read_zone_file(zone_file ? zone_file(name) : std::string());
  if (transitions.ok()) {
    writer_.zone = std::move(transitions).value();
    return;
  }
  Diagnostic diagnostic{ErrorCode::pack_bad_value, Severity::error, pack_.site.time_zone_range, "the time zone `" + name + "` is unknown",
                        "use a name of the tz database, such as Europe/Warsaw"};
  diagnostics_.push_back(std::move(diagnostic));
}

void Builder::add_traits() {
  static constexpr std::array<std::string_view, 7> types{"any", "string", "number", "boolean", "date", "list", "object"};
  for (const std::string& name : names_.traits.all()) {
    const auto source = std::find_if(pack_.site.attributes.begin(), pack_.site.attributes.end(),
                                     [&](const document::Attribute& attribute) { return attribute.name.text == "profile." + name; });
    Trait trait{};
    trait.name = writer_.intern(name);
    const auto type = std::find(types.begin(), types.end(), source->type);
    trait.type = type == types.end() ? TraitType::any : static_cast<TraitType>(type - types.begin());
    trait.purpose = source->purpose.empty() ? none : names_.purposes.find(source->purpose);
    trait.ttl = source->ttl.value_or(0);
    std::vector<std::string> sources = source->sources;
    for (const std::string& other : pack_.site.trait_sources) {
      if (std::find(sources.begin(), sources.end(), other) == sources.end()) sources.push_back(other);
    }
    trait.sources = writer_.intern_all(sources);
    trait.allowed = writer_.intern_all(source->allowed);
    writer_.traits.push_back(trait);
  }
}

/// Segments and computed attributes, in the order of their names.
void Builder::add_rules() {
  const auto find = [](const auto& list, const std::string& name) {
    return std::find_if(list.begin(), list.end(), [&](const auto& item) { return item.name.text == name; });
  };
  for (const std::string& name : names_.segments.all()) {
    writer_.segments.push_back({writer_.intern(name), condition(find(pack_.site.segments, name)->rule)});
  }
  for (const std::string& name : names_.computed.all()) {
    writer_.computed.push_back({writer_.intern(name), rule(find(pack_.site.computed, name)->rule)});
  }
}

void Builder::add_intents() {
  for (const std::string& name : names_.intents.all()) {
    const auto source = std::find_if(pack_.site.intents.begin(), pack_.site.intents.end(),
                                     [&](const document::Intent& intent) { return intent.name.text == name; });
    std::vector<Signal> signals;
    for (const document::Signal& signal : source->signals) {
      check_event(signal.event);
      signals.push_back({writer_.intern(signal.event.text), condition(signal.condition), 0, signal.add});
    }
    const Range run = Writer::appended(writer_.signals, [&] { writer_.signals.insert(writer_.signals.end(), signals.begin(), signals.end()); });
    writer_.intents.push_back({writer_.intern(name), run, static_cast<double>(source->half_life), source->cap, source->floor});
  }
}

void Builder::add_history() {
  for (const auto& [name, looking] : names_.history) {
    const std::vector<std::string> properties(looking.properties.begin(), looking.properties.end());
    const std::vector<std::string> latest(looking.latest_properties.begin(), looking.latest_properties.end());
    const Text text = writer_.intern(name);
    const Range every = writer_.intern_all(properties), of_latest = writer_.intern_all(latest);
    writer_.history.push_back({text, every, of_latest, looking.window, looking.latest_window});
  }
}

/// Which definitions, the segments before the computed attributes, each of them uses, in the order in which its rule names them.
std::vector<std::vector<std::size_t>> Builder::used_definitions() const {
  const Expressions expressions = expressions_.view();
  const std::size_t segment_count = writer_.segments.size();
  std::vector<std::vector<std::size_t>> uses(segment_count + writer_.computed.size());
  std::vector<std::size_t> seen(expressions.nodes.size(), uses.size());  // by whose rule a node was seen last: equal ones share nodes
  for (std::size_t definition = 0; definition < uses.size(); ++definition) {
    const NodeIndex rule = definition < segment_count ? writer_.segments[definition].rule : writer_.computed[definition - segment_count].rule;
    std::vector<NodeIndex> pending;
    if (rule != none) pending.push_back(rule);
    while (!pending.empty()) {
      const NodeIndex next = pending.back();
      pending.pop_back();
      if (std::exchange(seen[next], definition) == definition) continue;
      const Node& node = expressions.nodes[next];
      if (node.op == Operator::segment) uses[definition].push_back(node.first);
      if (node.op == Operator::attribute && writer_.attributes[node.first].root == Root::computed) {
        uses[definition].push_back(segment_count + writer_.attributes[node.first].index);
      }
      for (const NodeIndex operand : operands_of(expressions, node)) pending.push_back(operand);
    }
  }
  return uses;
}

/// Segments and computed attributes may use one another, but not themselves, and only so deep.
void Builder::check_definitions() {
  const auto uses = used_definitions();
  enum class Mark : std::uint8_t { fresh, open, closed };
  std::vector<Mark> marks(uses.size(), Mark::fresh);
  std::vector<std::uint32_t> heights(uses.size(), 0);  // how many use one another from there on, itself included

  /// The circle that it leads into, empty when there is none. Chains of them are as long as a pack makes them, so that this does not recurse.
  const auto measure = [&](std::size_t definition) -> std::vector<std::size_t> {
    struct Visit {
      std::size_t definition;
      std::size_t next = 0;  // of those that it uses
    };
    std::vector<Visit> open{{definition}};
    while (!open.empty()) {
      Visit& visit = open.back();
      marks[visit.definition] = Mark::open;
      if (visit.next == uses[visit.definition].size()) {
        ++heights[visit.definition];
        marks[visit.definition] = Mark::closed;
        open.pop_back();
        continue;
      }
      const std::size_t used = uses[visit.definition][visit.next];
      if (marks[used] == Mark::open) {
        std::vector<std::size_t> circle;
        for (const Visit& each : open) {
          if (each.definition == used || !circle.empty()) circle.push_back(each.definition);
          marks[each.definition] = Mark::closed;  // told of once
        }
        return circle;
      }
      if (marks[used] == Mark::fresh) {
        open.push_back({used});
        continue;
      }
      heights[visit.definition] = std::max(heights[visit.definition], heights[used]);
      ++visit.next;
    }
    return {};
  };
  std::vector<const document::Name*> named(uses.size());
  for (const document::Segment& segment : pack_.site.segments) named[names_.segments.find(segment.name.text)] = &segment.name;
  for (const document::Computed& computed : pack_.site.computed) named[writer_.segments.size() + names_.computed.find(computed.name.text)] = &computed.name;
  const auto check = [&](const auto& list, std::size_t base, const NameTable& names) {
    for (const auto& item : list) {
      const std::size_t definition = base + names.find(item.name.text);
      const std::vector<std::size_t> circle = marks[definition] == Mark::closed ? std::vector<std::size_t>() : measure(definition);
      if (!circle.empty()) {
        std::string way;
        for (const std::size_t each : circle) way += named[each]->text + " → ";
        const document::Name& first = *named[circle[0]];
        diagnostics_.push_back({ErrorCode::pack_cycle, Severity::error, first.range,
                                circle.size() == 1 ? "`" + first.text + "` is defined by itself" : "definitions use one another in a circle: " + way + first.text,
                                "break the circle: one of the definitions must not use the others"});
      }
      marks[definition] = Mark::closed;
      // Those that use this one are deeper still; the rule that asks takes a place itself.
      if (heights[definition] != max_nesting) continue;
      diagnostics_.push_back({ErrorCode::rule_too_deep, Severity::error, item.name.range,
                              "`" + item.name.text + "` is the top of " + std::to_string(max_nesting) + " definitions that use one another, one more than may",
                              "let one definition say what several do"});
    }
  };
  check(pack_.site.segments, 0, names_.segments);
  check(pack_.site.computed, writer_.segments.size(), names_.computed);
}

}  // namespace wayline::program
