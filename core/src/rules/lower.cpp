#include "rules/lower.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/ascii.h"
#include "base/nearest.h"
#include "base/number.h"
#include "rules/lowering.h"
#include "value/json.h"
#include "value/nesting.h"

namespace wayline {
namespace {

/// An object with one key is an operation (JsonLogic: is_logic).
bool is_operation(const Value& value) { return value.is_object() && value.as_object().size() == 1; }

/// No operation inside: a constant as it stands. Objects are data as a whole. Recursion ends at the depth limit of lowering.
bool is_plain_data(const Value& value, std::uint32_t depth) {
  if (is_operation(value) || depth == 0) return false;
  if (!value.is_list()) return true;
  return std::all_of(value.as_list().begin(), value.as_list().end(), [depth](const Value& item) { return is_plain_data(item, depth - 1); });
}

/// String(value) of a constant path; lists and objects never name anything.
std::string path_text(const Value& path) {
  if (path.is_string()) return std::string(path.as_string());
  if (path.is_boolean()) return path.as_boolean() ? "true" : "false";
  std::string text;
  if (path.is_number()) append_number(path.as_number(), text);
  return text;
}

/// Whether a path that is computed is known to begin at another root than `event`: `{"cat": ["profile.", …]}`.
bool begins_elsewhere(const Value& path) {
  if (!is_operation(path) || path.as_object()[0].key != "cat" || !path.as_object()[0].value.is_list() || path.as_object()[0].value.as_list().empty()) return false;
  const Value& begin = path.as_object()[0].value.as_list()[0];
  const std::string_view root = begin.is_string() ? begin.as_string().substr(0, begin.as_string().find('.')) : std::string_view();
  return !root.empty() && root.size() < begin.as_string().size() && root != "event" && root != "properties";
}

/// What other languages, and people, say for our operators.
struct Synonym {
  std::string_view said;
  std::string_view example;
};
constexpr std::string_view equal_example = R"({"==": [{"var": "profile.tier"}, "gold"]})";
constexpr std::string_view unequal_example = R"({"!=": [{"var": "profile.tier"}, "gold"]})";
constexpr std::string_view not_example = R"({"!": {"segment": "keen"}})";
constexpr std::string_view in_example = R"({"in": ["gold", {"var": "profile.tier"}]}, the value first)";
constexpr std::string_view any_value_example = R"({"!!": {"var": "profile.tier"}})";
constexpr std::string_view no_value_example = R"({"!": {"var": "profile.tier"}})";
constexpr std::string_view between_example = R"({"<=": [1, {"var": "session.pages"}, 10]})";
constexpr std::string_view average_example = R"({"/": [{"sum": ["Order Completed", {"of": "total"}]}, {"count": ["Order Completed"]}]})";
constexpr std::string_view none_of_example = R"({"!": [{"in": [{"var": "profile.tier"}, ["silver", "gold"]]}]})";
constexpr std::string_view clock_example = R"({"local_time": ["09:00", "17:00"]})";
constexpr std::string_view weekday_example = R"({"until": {"weekday": "monday"}} in `after` of a stage: rules know no days of the week)";
constexpr std::string_view or_example = R"({"or": [{"segment": "keen"}, {"segment": "new"}]})";
constexpr std::string_view and_example = R"({"and": [{"segment": "keen"}, {"segment": "new"}]})";
constexpr Synonym synonyms[] = {{"any", or_example},            {"any_of", or_example},         {"anyof", or_example},        {"all_of", and_example},      {"allof", and_example},
                                      {"||", or_example},           {"&&", and_example},
                                {"not", not_example},           {"is", equal_example},          {"eq", equal_example},        {"equal", equal_example},
                                {"equals", equal_example},      {"is_not", unequal_example},    {"<>", unequal_example},      {"ne", unequal_example},
                                {"neq", unequal_example},       {"not_equals", unequal_example}, {"contains", in_example},    {"includes", in_example},
                                {"has", in_example},            {"exists", any_value_example},  {"is_set", any_value_example}, {"defined", any_value_example},
                                {"is_empty", no_value_example}, {"empty", no_value_example},    {"between", between_example}, {"avg", average_example},
                                {"average", average_example},   {"mean", average_example},      {"gt", R"({">": […, 3]})"},    {"gte", R"({">=": […, 3]})"},
                                {"lt", R"({"<": […, 3]})"},      {"lte", R"({"<=": […, 3]})"},  {"=>", R"({">=": […, 3]})"},  {"=<", R"({"<=": […, 3]})"},
                                {"!in", none_of_example},       {"not_in", none_of_example},    {"notin", none_of_example},   {"nin", none_of_example},
                                {"hour", clock_example},        {"time", clock_example},        {"weekday", weekday_example}, {"day_of_week", weekday_example},
                                {"day", weekday_example}};

/// Roots of `var` that people take for operators.
constexpr std::string_view var_roots[] = {"profile", "page", "session", "device", "event", "computed", "consent", "experiment"};

std::string hint_for_operator(std::string_view word) {
  const std::string said = lower_case(word);
  if (find_operator(said)) return "did you mean `" + said + "`?";
  const auto* synonym = std::find_if(std::begin(synonyms), std::end(synonyms), [&](const Synonym& each) { return each.said == said; });
  if (synonym != std::end(synonyms)) return "write " + std::string(synonym->example);
  const std::string_view near = nearest(word, operator_spellings());
  return near.empty() ? std::string() : "did you mean `" + std::string(near) + "`?";
}

/// Names in a list are meant as any of them; a journey and its stage, as the stage it is at.
std::string hint_for_count(Operator op, std::span<const Value> arguments) {
  if (op == Operator::local_time) return "write " + std::string(clock_example) + ": from and to, by the clocks of the site";
  const std::string spelling = "{\"" + std::string(info(op).spelling) + "\": ";
  if (op == Operator::sum || op == Operator::distinct) return "name the property that it reads: " + spelling + "[\"Order Completed\", {\"of\": \"total\"}]}";
  const bool are_names = arguments.size() >= 2 && arguments[0].is_string() && arguments[1].is_string();
  if (!are_names || info(op).family != Family::state) return {};
  const auto quoted = [](const Value& name) { return "\"" + std::string(name.as_string()) + "\""; };
  if (op == Operator::stage) return "write {\"==\": [" + spelling + quoted(arguments[0]) + "}, " + quoted(arguments[1]) + "]}";
  return op == Operator::segment ? "for any of them write {\"or\": [" + spelling + quoted(arguments[0]) + "}, " + spelling + quoted(arguments[1]) + "}]}" : std::string();
}

bool is_scalar(const Value& value) { return !value.is_list() && !value.is_object(); }
bool names_whole_scope(const Value& path) { return path.is_nothing() || (path.is_string() && path.as_string().empty()); }

}  // namespace

std::optional<NodeIndex> lower(const Value& rule, LowerContext& context) { return Lowering(context).run(rule); }

Lowering::Lowered Lowering::run(const Value& rule) {
  const std::size_t before = context_.diagnostics.size();
  const Lowered result = node(rule);
  const bool failed = std::any_of(context_.diagnostics.begin() + static_cast<std::ptrdiff_t>(before), context_.diagnostics.end(),
                                  [](const Diagnostic& diagnostic) { return diagnostic.severity == Severity::error; });
  return failed ? std::nullopt : result;
}

SourceRange Lowering::range_of(const Value& value) const {
  return context_.positions == nullptr ? SourceRange{} : context_.positions->of(value);
}

SourceRange Lowering::range_of_key(const Value& object) const {
  return context_.positions == nullptr ? SourceRange{} : context_.positions->of_key(object.as_object()[0]);
}

Lowering::Lowered Lowering::error(ErrorCode code, const SourceRange& range, std::string message, std::string hint) {
  if (!stopped_) context_.diagnostics.push_back({code, Severity::error, range, std::move(message), std::move(hint)});
  return std::nullopt;
}

Lowering::Lowered Lowering::node(const Value& value) {
  if (stopped_) return std::nullopt;
  const LowerLimits& limits = context_.limits;
  if (++nodes_ > limits.nodes) {
    error(ErrorCode::rule_too_large, range_of(value), "has more than " + std::to_string(limits.nodes) + " operations and values");
    stopped_ = true;
    return std::nullopt;
  }
  if (!value.is_list() && !is_operation(value)) return constant(value);
  if (depth_ >= std::min(limits.depth, max_expression_depth)) {
    error(ErrorCode::rule_too_deep, range_of(value), "nests deeper than " + std::to_string(limits.depth) + " operations");
    stopped_ = true;
    return std::nullopt;
  }
  ++depth_;
  const Lowered result = nested(value);
  --depth_;
  return result;
}

Lowering::Lowered Lowering::operand(const Value& value, bool only_truth) {
  const bool outer = std::exchange(only_truth_, only_truth);
  const Lowered result = node(value);
  only_truth_ = outer;
  return result;
}

Lowering::Lowered Lowering::nested(const Value& value) {
  if (is_operation(value)) return operation(value);
  if (is_plain_data(value, context_.limits.depth - depth_)) return constant(value);
  return plain(Operator::list, value.as_list());
}

Lowering::Lowered Lowering::constant(const Value& value) {
  // A program refuses deeper constants when it is loaded; without a resolver there will be no program.
  if (context_.resolver == nullptr || nests_within(value, max_constant_depth)) return builder_.constant_node(value);
  return error(ErrorCode::rule_too_deep, range_of(value), "the data nests deeper than " + std::to_string(max_constant_depth) + " levels");
}

Lowering::Lowered Lowering::operation(const Value& object) {
  const Member& member = object.as_object()[0];
  const std::optional<Operator> op = find_operator(member.key);
  if (!op) {
    return error(ErrorCode::rule_unknown_operator, range_of_key(object), "there is no operator `" + std::string(member.key) + "`", hint_for_no_operator(member));
  }
  const Arguments arguments = member.value.is_list() ? member.value.as_list() : Arguments(&member.value, 1);
  return apply(*op, arguments, object);
}

/// {"profile.tier": "gold"}, and in `where` {"category": "dress"}, as if the key were to be equal to the value.
std::string Lowering::hint_for_no_operator(const Member& member) const {
  std::string hint = hint_for_operator(member.key);
  const bool is_path = member.key.find('.') != std::string_view::npos;
  // {"computed.views": {">": 3}}
  const bool is_inner = is_path && member.value.is_object() && member.value.as_object().size() == 1 && is_scalar(member.value.as_object()[0].value);
  if (hint.empty() && is_inner && find_operator(member.value.as_object()[0].key)) {
    const Member& inner = member.value.as_object()[0];
    return "the operator comes first: {\"" + std::string(inner.key) + "\": [{\"var\": \"" + std::string(member.key) + "\"}, " + to_json(inner.value) + "]}";
  }
  // {"computed": "views"}
  if (hint.empty() && member.value.is_string() && std::find(std::begin(var_roots), std::end(var_roots), member.key) != std::end(var_roots)) {
    return "write {\"var\": \"" + std::string(member.key) + "." + std::string(member.value.as_string()) + "\"}";
  }
  if (!hint.empty() || !is_scalar(member.value) || !(is_path || in_past_event_)) return hint;
  const std::string path = (is_path ? "" : "event.properties.") + std::string(member.key);
  std::string value = member.value.is_string() ? "\"" + std::string(member.value.as_string()) + "\"" : path_text(member.value);
  return "write {\"==\": [{\"var\": \"" + path + "\"}, " + (value.empty() ? "null" : value) + "]}";
}

bool Lowering::arity_fits(Operator op, Arguments arguments, const Value& at) {
  const OperatorInfo& about = info(op);
  if (arguments.size() >= about.least && (about.most == any_count || arguments.size() <= about.most)) return true;
  const std::string least = std::to_string(about.least), most = std::to_string(about.most);
  const std::string takes = about.least == about.most ? least : (about.most == any_count ? "at least " + least : least + " or " + most);
  error(ErrorCode::rule_bad_argument, range_of_key(at), "`" + std::string(about.spelling) + "` takes " + takes +
        (takes == "1" ? " argument" : " arguments") + ", not " + std::to_string(arguments.size()), hint_for_count(op, arguments));
  return false;
}

Lowering::Lowered Lowering::apply(Operator op, Arguments arguments, const Value& at) {
  const Family family = info(op).family;
  const bool as_flagd = family == Family::version || family == Family::fraction || op == Operator::starts_with || op == Operator::ends_with;
  if (as_flagd) return flagd(op, arguments, at);
  if (!arity_fits(op, arguments, at)) return std::nullopt;
  switch (op) {
    case Operator::var: return variable(arguments, at);
    case Operator::missing:
    case Operator::missing_some: return missing(op, arguments);
    case Operator::now: return plain(op, {});
    case Operator::url: return url(arguments);
    case Operator::matches: return matches(arguments);
    case Operator::map:
    case Operator::filter:
    case Operator::reduce:
    case Operator::all:
    case Operator::none:
    case Operator::some: return with_item_scope(op, arguments);
    default: break;
  }
  if (family == Family::state) return named(op, arguments, at);
  if (family == Family::history) return history(op, arguments);
  if (family == Family::time) return times(op, arguments);
  return plain(op, arguments);
}

/// All operands lowered where they stand. Goes on after an error, to report several.
Lowering::Lowered Lowering::plain(Operator op, Arguments arguments, std::uint8_t flags) {
  constexpr std::size_t most_operands = 0xFFFF;  // Node::count
  if (arguments.size() > most_operands) {
    return error(ErrorCode::rule_too_large, range_of(arguments[0]), "has more than " + std::to_string(most_operands) + " operands");
  }
  std::vector<NodeIndex> operands;
  bool complete = true;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const Lowered lowered = operand(arguments[i], only_truth_of(op, i, arguments.size()));
    complete = complete && lowered.has_value();
    operands.push_back(lowered.value_or(0));
  }
  if (!complete) return std::nullopt;
  // Costs are those of operators.def. What may look at much data, and so run out of budget, keeps its place behind what can not.
  if (only_truth_ && (op == Operator::and_ || op == Operator::or_)) {
    std::stable_sort(operands.begin(), operands.end(), [this](NodeIndex left, NodeIndex right) { return builder_.cost(left) < builder_.cost(right); });
  }
  return builder_.add(op, operands, flags);
}

/// Whether of that operand of an operator only the truth matters.
bool Lowering::only_truth_of(Operator op, std::size_t place, std::size_t count) const {
  switch (op) {
    case Operator::not_:
    case Operator::truth: return true;
    case Operator::and_:
    case Operator::or_: return only_truth_;
    case Operator::if_: return only_truth_ || (place % 2 == 0 && place + 1 < count);
    default: return false;
  }
}

/// map and its kind: source, what is asked of each item, and for reduce the first accumulator. Further operands are never looked at.
Lowering::Lowered Lowering::with_item_scope(Operator op, Arguments arguments) {
  const std::size_t used = std::min<std::size_t>(arguments.size(), op == Operator::reduce ? 3 : 2);
  std::vector<NodeIndex> operands;
  bool complete = true;
  for (std::size_t i = 0; i < used; ++i) {
    item_scopes_ += i == 1 ? 1 : 0;
    const bool is_test = i == 1 && op != Operator::map && op != Operator::reduce;
    const Lowered lowered = operand(arguments[i], is_test);
    item_scopes_ -= i == 1 ? 1 : 0;
    complete = complete && lowered.has_value();
    operands.push_back(lowered.value_or(0));
  }
  if (!complete) return std::nullopt;
  return builder_.add(op, operands);
}

// JsonLogic: var. Path, and what stands in when there is nothing.
Lowering::Lowered Lowering::variable(Arguments arguments, const Value& at) {
  const Lowered read = read_path(arguments.empty() ? Value() : arguments[0], arguments.empty() ? at : arguments[0]);
  if (arguments.size() < 2) return read;
  const Lowered stand_in = operand(arguments[1], false);
  if (!read || !stand_in) return std::nullopt;
  const NodeIndex operands[] = {*read, *stand_in};
  return builder_.add(Operator::or_default, operands);
}

/// A past event keeps the properties that rules name.
Lowering::Lowered Lowering::unknown_past_path(const Value& at) {
  return error(ErrorCode::rule_bad_argument, range_of(at), "inside `where` it must be written out which property is read: a past event keeps those alone that a rule names",
               R"(such as {"var": "event.properties.price"})");
}

/// `at`: where a diagnostic points, the path itself when the rule names one.
Lowering::Lowered Lowering::read_path(const Value& path, const Value& at) {
  Value known = path;
  if (!is_scalar(path)) {
    const Lowered computed = operand(path, false);
    if (!computed) return std::nullopt;
    const Value* folded = builder_.constant_of(*computed);
    if (folded == nullptr || !is_scalar(*folded)) {
      if (of_past_event() && !begins_elsewhere(path)) return unknown_past_path(at);
      const NodeIndex operands[] = {*computed};
      return builder_.add(rooted() ? Operator::state_lookup : Operator::scope_lookup, operands);
    }
    known = *folded;
  }
  if (names_whole_scope(known)) {
    if (!rooted()) return builder_.add(Operator::scope, {});
    return error(ErrorCode::rule_bad_argument, range_of(at), "`var` needs the name of an attribute here", "such as {\"var\": \"profile.tier\"}");
  }
  const std::string dotted = path_text(known);
  if (of_past_event()) {
    if (dotted == "event" || dotted == "event.properties") return unknown_past_path(at);
    if (const Lowered past = past_path(dotted)) return past;
  }
  if (!rooted()) return read_scope_path(dotted);
  const std::optional<std::uint32_t> attribute = context_.resolver->attribute(dotted, range_of(at));
  if (!attribute) return std::nullopt;
  const NodeIndex leaf = builder_.leaf(Operator::attribute, *attribute);
  if (dotted.starts_with("computed.")) builder_.set_costly(leaf);  // another rule stands behind it
  return leaf;
}

Lowering::Lowered Lowering::read_scope_path(std::string_view dotted) {
  std::vector<Value> parts;
  for (;;) {
    const std::size_t dot = dotted.find('.');
    parts.push_back(Value::string(dotted.substr(0, dot)));
    if (dot == std::string_view::npos) break;
    dotted.remove_prefix(dot + 1);
  }
  return builder_.leaf(Operator::scope_path, Value::list(parts));
}

// JsonLogic: missing, missing_some. In a pack, and of a past event, keys that are known now are read as `var` reads them, and checked like any other.
Lowering::Lowered Lowering::missing(Operator op, Arguments arguments) {
  if (!rooted() && !of_past_event()) return plain(op, arguments);
  const bool some = op == Operator::missing_some;
  Arguments keys = arguments;
  if (some) keys = arguments.size() < 2 ? Arguments() : arguments.subspan(1, 1);
  if (!keys.empty() && keys[0].is_list()) keys = keys[0].as_list();
  const bool known = std::all_of(keys.begin(), keys.end(), [](const Value& key) { return key.is_string(); });
  const auto computed = std::find_if(keys.begin(), keys.end(), [](const Value& key) { return key.is_object() && !begins_elsewhere(key); });
  if (of_past_event() && computed != keys.end()) return unknown_past_path(*computed);
  if (!known || (some && arguments.size() < 2)) return plain(op, arguments, rooted() ? rooted_flag : 0);
  std::vector<NodeIndex> operands;
  bool complete = true;
  if (some) {
    const Lowered needed = operand(arguments[0], false);
    complete = needed.has_value();
    operands.push_back(needed.value_or(0));
  }
  for (const Value& key : keys) {
    const Lowered attribute = read_path(key, key);
    complete = complete && attribute.has_value();
    operands.push_back(attribute.value_or(0));
    operands.push_back(builder_.constant_node(key));
  }
  if (!complete) return std::nullopt;
  return builder_.add(some ? Operator::missing_some_attributes : Operator::missing_attributes, operands);
}

}  // namespace wayline
