// Lowering of the operators that take constants of their own: names, history options, times, patterns.
#include <algorithm>
#include <array>
#include <utility>

#include "base/nearest.h"
#include "rules/lowering.h"
#include "rules/pattern_compile.h"
#include "rules/url_pattern.h"

namespace wayline {
namespace {

constexpr std::string_view duration_hint = "a duration is a number and s, m, h, d or w, such as 30s, 15m, 2h, 7d, 4w";
constexpr std::string_view instant_hint = "a time is ISO 8601 with a zone, such as 2026-11-21T10:00:00Z, or milliseconds since 1970";
constexpr std::string_view clock_hint = "a time of day is 00:00 to 24:00, such as 22:30";

std::string quoted(std::string_view text) { return "`" + std::string(text) + "`"; }

Value milliseconds(Duration duration) { return Value::number(static_cast<double>(duration)); }

}  // namespace

std::optional<std::string_view> Lowering::constant_text(const Value& value, std::string_view what) {
  if (value.is_string() && !value.as_string().empty()) return value.as_string();
  error(ErrorCode::rule_bad_argument, range_of(value), std::string(what) + " must be a text written out in the rule");
  return std::nullopt;
}

/// segment, intent, score, stage: a name of the pack.
Lowering::Lowered Lowering::named(Operator op, Arguments arguments, const Value& at) {
  if (context_.resolver == nullptr) {
    return error(ErrorCode::rule_bad_argument, range_of_key(at), quoted(info(op).spelling) + " has a meaning only inside a pack");
  }
  const std::optional<std::string_view> name = constant_text(arguments[0], "the name");
  if (!name) return std::nullopt;
  const SourceRange range = range_of(arguments[0]);
  Resolver& resolver = *context_.resolver;
  const std::optional<std::uint32_t> index = op == Operator::segment  ? resolver.segment(*name, range)
                                             : op == Operator::intent ? resolver.intent(*name, range)
                                             : op == Operator::score  ? resolver.score(*name, range)
                                                                      : resolver.journey(*name, range);
  if (!index) return std::nullopt;
  return builder_.leaf(op, *index);
}

bool Lowering::read_option(const Member& option, Options& options) {
  static constexpr std::array<std::string_view, 4> known{"within", "where", "of", "property"};
  if (option.key == "where") {
    options.where = &option.value;
    return true;
  }
  if (option.key == "of" || option.key == "property") {
    const auto path = constant_text(option.value, "the property");
    if (path) options.property = *path;
    return path.has_value();
  }
  if (option.key == "within") {
    const auto text = constant_text(option.value, "the window");
    if (!text) return false;
    const std::optional<Duration> window = parse_duration(*text);
    if (!window || *window == 0) {
      error(ErrorCode::rule_bad_argument, range_of(option.value), quoted(*text) + " is no duration", std::string(duration_hint));
      return false;
    }
    options.window = *window;
    return true;
  }
  const std::string_view near = nearest(option.key, known);
  error(ErrorCode::rule_bad_argument, context_.positions == nullptr ? SourceRange{} : context_.positions->of_key(option),
        "there is no option " + quoted(option.key), near.empty() ? std::string("options are within, where and of") : "did you mean " + quoted(near) + "?");
  return false;
}

bool Lowering::read_options(Operator op, Arguments arguments, Options& options) {
  if (arguments.size() > 1) {
    if (!arguments[1].is_object()) {
      error(ErrorCode::rule_bad_argument, range_of(arguments[1]), "the options must be an object", "such as {\"within\": \"7d\"}");
      return false;
    }
    bool good = true;
    for (const Member& option : arguments[1].as_object()) good = read_option(option, options) && good;
    if (!good) return false;
  }
  const bool needs_property = op == Operator::sum || op == Operator::distinct;
  if (needs_property && options.property.empty()) {
    error(ErrorCode::rule_bad_argument, range_of(arguments[0]), quoted(info(op).spelling) + " needs the option `of`: the property it reads",
          "such as {\"of\": \"price\"}");
    return false;
  }
  return true;
}

/// count, sum, first, last, distinct, since. Inside `where`, `event` is the past event.
Lowering::Lowered Lowering::history(Operator op, Arguments arguments) {
  const std::optional<std::string_view> event = constant_text(arguments[0], "the event");
  Options options;
  if (!event || !read_options(op, arguments, options)) return std::nullopt;
  if (context_.resolver != nullptr) {
    const bool latest = (op == Operator::last || op == Operator::since) && options.where == nullptr;
    const Resolver::Looks looks = latest ? Resolver::Looks::at_the_latest : Resolver::Looks::at_all;
    if (!context_.resolver->history_event(*event, options.window, looks, range_of(arguments[0]))) return std::nullopt;
    if (!options.property.empty()) context_.resolver->history_property(*event, options.property, looks);
  }
  Lowered where = builder_.constant_node(Value::boolean(true));
  if (options.where != nullptr) {
    const std::string_view outer_event = std::exchange(past_event_, *event);
    const bool outer = std::exchange(in_past_event_, true);
    const std::uint32_t outer_scopes = std::exchange(scopes_of_past_event_, item_scopes_);
    where = operand(*options.where, true);
    past_event_ = outer_event;
    in_past_event_ = outer;
    scopes_of_past_event_ = outer_scopes;
  }
  if (!where) return std::nullopt;
  const NodeIndex operands[] = {builder_.constant_node(Value::string(*event)), *where, builder_.constant_node(milliseconds(options.window)),
                                builder_.constant_node(Value::string(options.property))};
  return builder_.add(op, operands);
}

/// What a path means inside `where`: `event.properties.x`, short `properties.x`, and `event.at` are of the past event.
Lowering::Lowered Lowering::past_path(std::string_view path) {
  if (path.starts_with("event.")) path.remove_prefix(6);
  if (path == "at") return builder_.add(Operator::past_time, {});
  if (!path.starts_with("properties.")) return std::nullopt;
  path.remove_prefix(11);
  if (context_.resolver != nullptr) context_.resolver->history_property(past_event_, path, Resolver::Looks::at_all);
  return builder_.leaf(Operator::past_property, Value::string(path));
}

/// before, after, within, local_time: texts that are constants are read now, once.
Lowering::Lowered Lowering::times(Operator op, Arguments arguments) {
  std::vector<NodeIndex> operands;
  bool complete = true;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const Value& argument = arguments[i];
    if (!argument.is_string()) {
      const Lowered lowered = operand(argument, false);
      complete = complete && lowered.has_value();
      operands.push_back(lowered.value_or(0));
      continue;
    }
    const bool clock = op == Operator::local_time, duration = op == Operator::within && i == 1;
    const std::string_view text = argument.as_string();
    const std::optional<std::int64_t> read = clock ? parse_time_of_day(text) : duration ? parse_duration(text) : parse_instant(text);
    if (!read) {
      error(ErrorCode::rule_bad_argument, range_of(argument), quoted(text) + (clock ? " is no time of day" : duration ? " is no duration" : " is no time"),
            std::string(clock ? clock_hint : duration ? duration_hint : instant_hint));
      complete = false;
      continue;
    }
    operands.push_back(builder_.constant_node(milliseconds(*read)));
  }
  if (!complete) return std::nullopt;
  return builder_.add(op, operands);
}

Lowering::Lowered Lowering::url(Arguments arguments) {
  const Lowered result = plain(Operator::url, arguments);
  const Arguments patterns = arguments[1].is_list() ? arguments[1].as_list() : arguments.subspan(1, 1);
  for (const Value& pattern : patterns) {
    if (pattern.is_string() && pattern.as_string().size() > max_url_pattern_bytes) {
      return error(ErrorCode::rule_bad_pattern, range_of(pattern), "the pattern is longer than " + std::to_string(max_url_pattern_bytes) + " bytes");
    }
  }
  return result;
}

Lowering::Lowered Lowering::matches(Arguments arguments) {
  const Lowered text = operand(arguments[0], false);
  if (!arguments[1].is_string()) {
    return error(ErrorCode::rule_bad_argument, range_of(arguments[1]), "the pattern must be a text written out in the rule");
  }
  const Result<std::string> pattern = compile_pattern(arguments[1].as_string());
  if (!pattern) return error(pattern.error().code, range_of(arguments[1]), "the pattern can not be used: " + pattern.error().message);
  if (!text) return std::nullopt;
  const NodeIndex operands[] = {*text, builder_.constant_node(Value::string(pattern.value()))};
  return builder_.add(Operator::matches, operands);
}

/// starts_with, ends_with, sem_ver, fractional give null for wrong operands, as flagd does; in a pack they are mistakes.
Lowering::Lowered Lowering::flagd(Operator op, Arguments arguments, const Value& at) {
  static constexpr std::array<std::string_view, 8> comparisons{"=", "!=", "<", "<=", ">", ">=", "~", "^"};
  if (context_.resolver != nullptr) {
    if (!arity_fits(op, arguments, at)) return std::nullopt;
    if (op == Operator::fractional && arguments[0].is_list()) {
      return error(ErrorCode::rule_bad_argument, range_of(arguments[0]), "`fractional` needs what to divide visitors by first",
                   "such as {\"var\": \"profile.id\"}");
    }
    const bool comparison_known = op != Operator::sem_ver || !arguments[1].is_string() ||
                                  std::find(comparisons.begin(), comparisons.end(), arguments[1].as_string()) != comparisons.end();
    if (!comparison_known) {
      return error(ErrorCode::rule_bad_argument, range_of(arguments[1]), quoted(arguments[1].as_string()) + " is no comparison of versions",
                   "one of = != < <= > >= ~ ^");
    }
  }
  return plain(op, arguments);
}

}  // namespace wayline
