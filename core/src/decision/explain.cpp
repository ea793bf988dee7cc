#include "decision/explain.h"

#include <array>
#include <utility>

#include "rules/operators.h"
#include "value/json.h"

namespace wayline {

using program::none;
using program::Tables;

namespace {

/// Conditions nest less than this; deeper parts are not taken apart further.
constexpr int max_descent = 64;

class Writer {
 public:
  Writer(const Tables& tables, std::size_t longest) : tables_(tables), expressions_(tables.expressions()), longest_(longest) {}

  void write(NodeIndex index, int depth) {
    const Node& node = expressions_.nodes[index];
    if (text.size() > longest_ || depth > max_descent) {
      if (!text.ends_with("…")) text += "…";
      return;
    }
    switch (node.op) {
      case Operator::constant: write_json(expressions_.constants[node.first], text); return;
      case Operator::attribute: return named("var", attribute_path(tables_, node.first));
      case Operator::segment: return named("segment", tables_.view(tables_.segments[node.first].name));
      case Operator::intent: return named("intent", tables_.view(tables_.intents[node.first].name));
      case Operator::score: return named("score", tables_.view(tables_.intents[node.first].name));
      case Operator::stage: return named("stage", tables_.view(tables_.journeys[node.first].id));
      case Operator::past_property: return named("var", "event.properties." + std::string(expressions_.constants[node.first].as_string()));
      case Operator::past_time: return named("var", "event.at");
      case Operator::scope: return named("var", "");
      case Operator::scope_path: return named("var", joined(expressions_.constants[node.first]));
      case Operator::list: return list(node, depth);
      case Operator::or_default:
      case Operator::state_lookup:
      case Operator::scope_lookup: return call("var", node, depth);
      case Operator::missing_attributes:
      case Operator::missing_some_attributes: return call("missing", node, depth);
      case Operator::count:
      case Operator::sum:
      case Operator::first:
      case Operator::last:
      case Operator::distinct:
      case Operator::since: return history(node, depth);
      case Operator::within:
      case Operator::local_time: return times(node, depth);
      default: return call(info(node.op).spelling, node, depth);
    }
  }

  std::string text;

 private:
  void named(std::string_view op, std::string_view name) {
    text += "{\"" + std::string(op) + "\":";
    write_json(Value::string(name), text);
    text += '}';
  }
  void call(std::string_view spelling, const Node& node, int depth) {
    text += "{\"" + std::string(spelling) + "\":";
    list(node, depth);
    text += '}';
  }
  void list(const Node& node, int depth) {
    text += '[';
    bool first = true;
    for (const NodeIndex operand : operands_of(expressions_, node)) {
      if (!first) text += ',';
      first = false;
      write(operand, depth + 1);
    }
    text += ']';
  }
  /// Lowered to event, condition, window in milliseconds and property; each but the event may say nothing.
  void history(const Node& node, int depth) {
    const auto operands = operands_of(expressions_, node);
    const auto constant = [this](NodeIndex index) {
      const Node& leaf = expressions_.nodes[index];
      return leaf.op == Operator::constant ? expressions_.constants[leaf.first] : Value();
    };
    const Value where = constant(operands[1]), window = constant(operands[2]), property = constant(operands[3]);
    text += "{\"" + std::string(info(node.op).spelling) + "\":[";
    write(operands[0], depth + 1);
    std::string before = ",{";
    const auto option = [&](std::string_view name) {
      text += std::exchange(before, ",") + "\"" + std::string(name) + "\":";
    };
    if (property.is_string() && !property.as_string().empty()) {
      option("of");
      write_json(property, text);
    }
    if (window.is_number() && window.as_number() > 0) {
      option("within");
      write_json(Value::string(format_duration(static_cast<Duration>(window.as_number()))), text);
    }
    if (!where.is_boolean() || !where.as_boolean()) {
      option("where");
      write(operands[1], depth + 1);
    }
    text += before == "," ? "}]}" : "]}";
  }
  /// Durations and times of day are lowered to milliseconds.
  void times(const Node& node, int depth) {
    text += "{\"" + std::string(info(node.op).spelling) + "\":[";
    const auto operands = operands_of(expressions_, node);
    for (std::size_t i = 0; i < operands.size(); ++i) {
      if (i > 0) text += ',';
      const Node& operand = expressions_.nodes[operands[i]];
      const Value constant = operand.op == Operator::constant ? expressions_.constants[operand.first] : Value();
      const bool is_duration = node.op == Operator::within && i == 1;
      if (!constant.is_number() || (node.op == Operator::within && !is_duration)) {
        write(operands[i], depth + 1);
      } else {
        const auto time = static_cast<Duration>(constant.as_number());
        // Of an instant of the first day in UTC, "1970-01-01T22:00:00.000Z", the hours and minutes.
        write_json(Value::string(is_duration ? format_duration(time) : format_instant(time).substr(11, 5)), text);
      }
    }
    text += "]}";
  }
  static std::string joined(const Value& parts) {
    std::string path;
    for (const Value& part : parts.is_list() ? parts.as_list() : std::span<const Value>()) {
      if (!path.empty()) path += '.';
      if (part.is_string()) path += part.as_string();
    }
    return path;
  }

  const Tables& tables_;
  Expressions expressions_;
  std::size_t longest_;
};

bool reads(const Tables& tables, NodeIndex index) { return tables.nodes[index].op != Operator::constant; }

}  // namespace

NodeIndex deciding_part(const Tables& tables, NodeIndex index, StateEnvironment& environment) {
  const Expressions expressions = tables.expressions();
  for (int descent = 0; descent < max_descent; ++descent) {
    const Node& node = expressions.nodes[index];
    NodeIndex next = none;
    if (node.op == Operator::segment) {
      next = tables.segments[node.first].rule;
    } else if (node.op == Operator::not_ || node.op == Operator::truth) {
      if (node.count > 0) next = expressions.operands[node.first];
      // The predicate itself is what a person wants to see, not the bare attribute below it.
      if (next != none && operands_of(expressions, expressions.nodes[next]).empty() && expressions.nodes[next].op != Operator::segment) next = none;
    } else if (node.op == Operator::and_ || node.op == Operator::or_) {
      for (const NodeIndex operand : operands_of(expressions, node)) {
        if (environment.holds(operand) != (node.op == Operator::or_)) continue;
        next = operand;
        break;
      }
    }
    if (next == none) return index;
    index = next;
  }
  return index;
}

std::string attribute_path(const Tables& tables, std::uint32_t index) {
  const program::Attribute& attribute = tables.attributes[index];
  std::string path(program::root_names[static_cast<std::size_t>(attribute.root)]);
  const auto add = [&path](std::string_view part) {
    if (!part.empty()) path += "." + std::string(part);
  };
  if (attribute.index != none) {
    switch (attribute.root) {
      case program::Root::profile: add(tables.view(tables.traits[attribute.index].name)); break;
      case program::Root::computed: add(tables.view(tables.computed[attribute.index].name)); break;
      case program::Root::consent: add(tables.view(tables.purposes[attribute.index])); break;
      case program::Root::experiment: add(tables.view(tables.experiences[attribute.index].id)); break;
      default: break;
    }
  }
  add(tables.view(attribute.path));
  return path;
}

std::string rule_text(const Tables& tables, NodeIndex rule, std::size_t longest) {
  Writer writer(tables, longest);
  writer.write(rule, 0);
  return std::move(writer.text);
}

std::optional<DecidingPredicate> deciding_predicate(const Tables& tables, NodeIndex condition, StateEnvironment& environment) {
  if (condition == none) return std::nullopt;
  const NodeIndex index = deciding_part(tables, condition, environment);
  NodeIndex seen = index;
  for (const NodeIndex operand : operands_of(tables.expressions(), tables.nodes[index])) {
    if (!reads(tables, operand)) continue;
    seen = operand;
    break;
  }
  return DecidingPredicate{rule_text(tables, index), Value::boolean(environment.holds(index)), environment.evaluate_rule(seen)};
}

}  // namespace wayline
