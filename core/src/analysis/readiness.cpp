#include "analysis/readiness.h"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>

#include "rules/operators.h"

namespace wayline::analysis {
namespace {

using document::Pack;

constexpr std::string_view profile_root = "profile.";
constexpr std::string_view computed_root = "computed.";

template <typename Item>
const Item* named(const std::vector<Item>& items, std::string_view name) {
  const auto found = std::find_if(items.begin(), items.end(), [name](const Item& item) { return item.name.text == name; });
  return found == items.end() ? nullptr : &*found;
}

/// Gathers the names that a journey's documents and the definitions they use read.
class Gatherer {
 public:
  explicit Gatherer(const Pack& pack) : pack_(pack) {}

  std::map<std::string, std::set<std::string>> names;  // with the stages that declare them

  void journey(const document::Journey& journey) {
    trigger(journey.enter);
    if (journey.goal) {
      trigger(journey.goal->when);
      rule(journey.goal->value);
    }
    for (const document::Exit& exit : journey.exits) trigger(exit.when);
    for (const document::Hold& hold : journey.holds) rule(hold.condition);
    for (const document::Stage& stage : journey.stages) this->stage(stage);
  }

 private:
  void trigger(const document::Trigger& trigger) {
    if (trigger.event) names[trigger.event->text];
    rule(trigger.condition);
  }

  void stage(const document::Stage& stage) {
    for (const document::Name& need : stage.needs) {
      names[need.text].insert(stage.name.text);
      path(need.text);
    }
    actions(stage.on_enter);
    for (const document::Experience& experience : stage.show) {
      rule(experience.condition);
      rule(experience.score);
      for (const document::Variant& variant : experience.variants) {
        for (const document::Name& read : variant.reads) path(read.text);
      }
    }
    for (const document::Transition& transition : stage.transitions) {
      if (transition.event) names[transition.event->text];
      if (transition.until) rule(transition.until->date);
      rule(transition.condition);
      actions(transition.actions);
    }
  }

  void actions(const std::vector<document::Action>& actions) {
    for (const document::Action& action : actions) {
      if (const auto* emit = std::get_if<document::Emit>(&action)) rule(emit->properties);
      if (const auto* set = std::get_if<document::SetTrait>(&action)) rule(set->value);
    }
  }

  void rule(const document::Rule& rule) {
    if (rule) value(*rule.value);
  }

  /// Documents nest no deeper than the reader allows.
  void value(const Value& value) {
    if (value.is_list()) {
      for (const Value& item : value.as_list()) this->value(item);
    } else if (value.is_object()) {
      for (const Member& member : value.as_object()) {
        if (value.as_object().size() == 1) operation(member);
        this->value(member.value);
      }
    }
  }

  void operation(const Member& operation) {
    const auto operands = operation.value.is_list() ? operation.value.as_list() : std::span(&operation.value, 1);
    const auto op = find_operator(operation.key);
    if (!op || operands.empty()) return;
    if (*op == Operator::missing || *op == Operator::missing_some) {
      for (const Value& operand : operands) paths(operand);
    } else if (operands[0].is_string()) {
      if (*op == Operator::var) path(operands[0].as_string());
      if (*op == Operator::segment) definition(named(pack_.site.segments, operands[0].as_string()));
      if (info(*op).family == Family::history) names[std::string(operands[0].as_string())];
    }
  }

  void paths(const Value& value) {
    if (value.is_string()) path(value.as_string());
    if (!value.is_list()) return;
    for (const Value& item : value.as_list()) paths(item);
  }

  /// A declared attribute by its longest name, a computed one with what stands behind it. Other roots are the page's own.
  void path(std::string_view text) {
    if (text.starts_with(computed_root)) {
      const document::Computed* computed = named(pack_.site.computed, text.substr(computed_root.size()));
      if (computed != nullptr) names[std::string(text)];
      return definition(computed);
    }
    for (std::string_view name = text; name.size() > 0;) {
      if (named(pack_.site.attributes, name) != nullptr) {
        names[std::string(name)];
        return;
      }
      const std::size_t dot = name.rfind('.');
      name = dot == std::string_view::npos ? std::string_view() : name.substr(0, dot);
    }
    if (text.starts_with(profile_root)) names[std::string(text)];
  }

  template <typename Definition>
  void definition(const Definition* definition) {
    // Definitions that use one another in a circle are errors of the pack, but are walked once all the same.
    if (definition != nullptr && open_.insert(definition).second) rule(definition->rule);
  }

  const Pack& pack_;
  std::set<const void*> open_;
};

Need describe(const Pack& pack, const std::string& name, const std::set<std::string>& stages) {
  Need need{.name = name, .type = {}, .sources = {}, .fresh = {}, .purpose = {}, .team = {}, .stages = {stages.begin(), stages.end()}};
  if (const document::Attribute* attribute = named(pack.site.attributes, name)) {
    need.type = attribute->type;
    need.sources = attribute->sources;
    if (attribute->ttl) need.fresh = format_duration(*attribute->ttl);
    need.purpose = attribute->purpose;
    need.team = attribute->team;
    need.declared = true;
  } else if (name.starts_with(computed_root)) {
    need.type = "computed";
    need.declared = true;
  } else if (!name.starts_with(profile_root)) {
    need.type = "event";
    need.declared = named(pack.site.events, name) != nullptr;
  }
  return need;
}

}  // namespace

std::vector<JourneyNeeds> data_needs(const Pack& pack) {
  std::vector<JourneyNeeds> all;
  for (const document::Journey& journey : pack.journeys) {
    Gatherer gatherer(pack);
    gatherer.journey(journey);
    JourneyNeeds needs{journey.id.text, journey.owner, {}};
    for (const auto& [name, stages] : gatherer.names) needs.needs.push_back(describe(pack, name, stages));
    all.push_back(std::move(needs));
  }
  return all;
}

}  // namespace wayline::analysis
