#include "analysis/readiness.h"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>

#include "document/names.h"
#include "journey/holds.h"
#include "rules/operators.h"

namespace wayline::analysis {
namespace {

using document::Pack;

constexpr std::string_view profile_root = "profile.";
constexpr std::string_view computed_root = "computed.";
constexpr std::string_view acknowledgement = "Handoff Acknowledged";

template <typename Item>
const Item* named(const std::vector<Item>& items, std::string_view name) {
  const auto found = std::find_if(items.begin(), items.end(), [name](const Item& item) { return item.name.text == name; });
  return found == items.end() ? nullptr : &*found;
}

/// Gathers the names that documents and the definitions they use read.
class Gatherer {
 public:
  explicit Gatherer(const Pack& pack) : pack_(pack) {}

  std::map<std::string, std::set<std::string>> names;  // with who says that it needs them

  void journey(const document::Journey& journey) {
    trigger(journey.enter);
    if (journey.goal) {
      trigger(journey.goal->when);
      rule(journey.goal->value);
    }
    for (const document::Exit& exit : journey.exits) trigger(exit.when);
    for (const document::Hold& hold : journey.holds) rule(hold.condition);
    for (const document::Stage& stage : journey.stages) this->stage(stage);
    site_holds(journey.owner, journey.id.text);
  }

  void page_rule(const document::Experience& experience) {
    reader_ = experience.id.text;
    open_.clear();
    this->experience(experience);
    reader_.clear();
    site_holds(experience.owner, {});
  }

 private:
  void read(std::string_view name) {
    std::set<std::string>& readers = names[std::string(name)];
    if (!reader_.empty()) readers.insert(reader_);
  }

  /// What tells whether the site's holds silence it.
  void site_holds(std::string_view owner, std::string_view journey) {
    for (const document::Hold& hold : pack_.site.holds) {
      if (covers(hold.scope, hold.by, owner, journey)) rule(hold.condition);
    }
  }

  void trigger(const document::Trigger& trigger) {
    if (trigger.event) read(trigger.event->text);
    rule(trigger.condition);
  }

  void stage(const document::Stage& stage) {
    for (const document::Name& need : stage.needs) {
      names[need.text].insert(stage.name.text);
      path(need.text);
    }
    actions(stage.on_enter, stage.name.text);
    for (const document::Experience& experience : stage.show) this->experience(experience);
    for (const document::Transition& transition : stage.transitions) {
      if (transition.event) read(transition.event->text);
      if (transition.until) rule(transition.until->date);
      rule(transition.condition);
      actions(transition.actions, stage.name.text);
    }
  }

  void experience(const document::Experience& experience) {
    rule(experience.condition);
    rule(experience.score);
    for (const document::Variant& variant : experience.variants) {
      for (const document::Name& read : variant.reads) path(read.text);
    }
  }

  void actions(const std::vector<document::Action>& actions, const std::string& stage) {
    for (const document::Action& action : actions) {
      const auto* handoff = std::get_if<document::Handoff>(&action);
      if (handoff != nullptr && handoff->within) names[std::string(acknowledgement)].insert(stage);
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
      if (*op == Operator::intent || *op == Operator::score) signals(named(pack_.site.intents, operands[0].as_string()));
      if (info(*op).family == Family::history) read(operands[0].as_string());
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
      if (computed != nullptr) read(text);
      return definition(computed);
    }
    for (std::string_view name = text; name.size() > 0;) {
      if (named(pack_.site.attributes, name) != nullptr) {
        read(name);
        return;
      }
      const std::size_t dot = name.rfind('.');
      name = dot == std::string_view::npos ? std::string_view() : name.substr(0, dot);
    }
    if (text.starts_with(profile_root)) read(text);
  }

  template <typename Definition>
  void definition(const Definition* definition) {
    // Definitions that use one another in a circle are errors of the pack, but are walked once all the same.
    if (definition != nullptr && open_.insert(definition).second) rule(definition->rule);
  }

  /// What an intent or a score grows by.
  void signals(const document::Intent* intent) {
    if (intent == nullptr || !open_.insert(intent).second) return;
    for (const document::Signal& signal : intent->signals) {
      read(signal.event.text);
      rule(signal.condition);
    }
  }

  const Pack& pack_;
  std::string reader_;  // the page rule that is walked; empty otherwise
  std::set<const void*> open_;
};

Need describe(const Pack& pack, const std::string& name, const std::set<std::string>& by) {
  Need need{.name = name, .type = {}, .sources = {}, .fresh = {}, .purpose = {}, .team = {}, .by = {by.begin(), by.end()}};
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
    const auto& known = document::known_events;
    need.declared = named(pack.site.events, name) != nullptr || std::find(known.begin(), known.end(), name) != known.end();
  }
  return need;
}

Needs describe(const Pack& pack, std::string journey, std::string owner, const Gatherer& gatherer) {
  Needs needs{std::move(journey), std::move(owner), {}};
  for (const auto& [name, by] : gatherer.names) needs.needs.push_back(describe(pack, name, by));
  return needs;
}

}  // namespace

std::vector<Needs> data_needs(const Pack& pack) {
  std::vector<Needs> all;
  for (const document::Journey& journey : pack.journeys) {
    Gatherer gatherer(pack);
    gatherer.journey(journey);
    all.push_back(describe(pack, journey.id.text, journey.owner, gatherer));
  }
  std::map<std::string, Gatherer> owners;
  for (const document::Experience& rule : pack.page_rules) owners.try_emplace(rule.owner, pack).first->second.page_rule(rule);
  for (const auto& [owner, gatherer] : owners) all.push_back(describe(pack, {}, owner, gatherer));
  return all;
}

}  // namespace wayline::analysis
