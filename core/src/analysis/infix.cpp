#include "analysis/infix.h"

#include <algorithm>
#include <array>
#include <span>

#include "value/json.h"

namespace wayline::analysis {
namespace {

/// How tightly an operator binds; operands that bind less are put in parentheses.
enum Binding : int { alternative = 1, conjunction, negation, comparison, sum, product, operand };

struct Sign {
  std::string_view op;
  std::string_view text;
  Binding binding;
};
constexpr std::array<Sign, 17> signs{{{"or", " or ", alternative},
                                      {"and", " and ", conjunction},
                                      {"==", " == ", comparison},
                                      {"===", " === ", comparison},
                                      {"!=", " != ", comparison},
                                      {"!==", " !== ", comparison},
                                      {"<", " < ", comparison},
                                      {"<=", " <= ", comparison},
                                      {">", " > ", comparison},
                                      {">=", " >= ", comparison},
                                      {"in", " in ", comparison},
                                      {"+", " + ", sum},
                                      {"-", " - ", sum},
                                      {"*", " * ", product},
                                      {"/", " / ", product},
                                      {"%", " % ", product},
                                      {"cat", " & ", sum}}};

/// Their second operand are options.
constexpr std::array<std::string_view, 6> histories{"count", "sum", "first", "last", "distinct", "since"};

/// Deeper rules are shown as JSON: the loader refuses them long before they matter.
constexpr int max_depth = 64;

struct Text {
  std::string text;
  Binding binding = operand;
};

std::span<const Value> operands_of(const Value& value) {
  return value.is_list() ? value.as_list() : std::span<const Value>(&value, 1);
}

class Writer {
 public:
  Text write(const Value& rule, int depth) const {
    if (depth > max_depth) return {to_json(rule)};
    if (rule.is_list()) return {"[" + list(rule.as_list(), depth) + "]"};
    if (!rule.is_object() || rule.as_object().size() != 1) return {to_json(rule)};
    const Member& operation = rule.as_object()[0];
    return call(operation.key, operands_of(operation.value), depth + 1);
  }

 private:
  std::string within(Binding binding, const Value& rule, int depth) const {
    Text part = write(rule, depth);
    return part.binding > binding ? std::move(part.text) : "(" + part.text + ")";
  }

  std::string list(std::span<const Value> items, int depth) const {
    std::string text;
    for (const Value& item : items) text += (text.empty() ? "" : ", ") + write(item, depth).text;
    return text;
  }

  static std::string name(const Value& value) {
    return value.is_string() ? std::string(value.as_string()) : to_json(value);
  }

  Text call(std::string_view op, std::span<const Value> parts, int depth) const {
    const auto sign = std::find_if(signs.begin(), signs.end(), [op](const Sign& row) { return row.op == op; });
    if (sign != signs.end() && parts.size() >= 2) {
      std::string text;
      for (const Value& part : parts)
        text += (text.empty() ? "" : std::string(sign->text)) + within(sign->binding, part, depth);
      return {text, sign->binding};
    }
    if (op == "var" && !parts.empty()) return variable(parts, depth);
    if (op == "!" && parts.size() == 1) return {"not " + within(negation, parts[0], depth), negation};
    if (op == "!!" && parts.size() == 1) return write(parts[0], depth);
    if ((op == "segment" || op == "intent") && parts.size() == 1) return {std::string(op) + " " + name(parts[0])};
    if (op == "stage" && parts.size() == 1) return {"stage of " + name(parts[0])};
    if (op == "now" && parts.empty()) return {"now"};
    const bool is_history = std::find(histories.begin(), histories.end(), op) != histories.end();
    if (is_history && parts.size() == 2 && parts[1].is_object()) return history(op, parts[0], parts[1], depth);
    return {std::string(op) + "(" + list(parts, depth) + ")"};
  }

  /// `count("Product Viewed", within 7d, where …)`
  Text history(std::string_view op, const Value& event, const Value& options, int depth) const {
    std::string text = std::string(op) + "(" + write(event, depth).text;
    for (const Member& option : options.as_object()) {
      text.append(", ")
          .append(option.key)
          .append(" ")
          .append(option.key == "where" ? write(option.value, depth).text : name(option.value));
    }
    return {text + ")"};
  }

  Text variable(std::span<const Value> parts, int depth) const {
    const std::string path = parts[0].is_object() ? "var(" + write(parts[0], depth).text + ")" : name(parts[0]);
    const std::string shown = path.empty() ? "item" : path;
    if (parts.size() < 2) return {shown};
    return {shown + " else " + within(comparison, parts[1], depth), comparison};
  }
};

}  // namespace

std::string infix(const Value& rule) { return Writer().write(rule, 0).text; }

}  // namespace wayline::analysis
