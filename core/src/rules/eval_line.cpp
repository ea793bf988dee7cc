#include "rules/eval_line.h"

#include <algorithm>
#include <map>
#include <variant>
#include <vector>

#include "base/zone_file.h"
#include "rules/expression_builder.h"
#include "rules/lower.h"
#include "rules/no_environment.h"
#include "value/json.h"
#include "value/nesting.h"

namespace wayline {
namespace {

// A tool has seconds where a page has milliseconds; its wasm has 256 MiB.
constexpr EvaluationLimits eval_limits{.steps = 20'000'000, .memory = 64u << 20};
constexpr LowerLimits rule_limits{.depth = 256, .nodes = 1'000'000};
/// Deeper text is still read, so that a rule that nests too deep is told so; data may not.
constexpr std::uint32_t text_depth = 1'000'000;
constexpr std::uint32_t data_depth = 512;
constexpr std::uint32_t line_bytes = 64u << 20;

class LineEnvironment : public NoEnvironment {
 public:
  std::span<const PastEvent> history(std::string_view event, Duration length) override {
    const auto found = history_.find(event);
    return found == history_.end() ? std::span<const PastEvent>() : window(found->second, length, now_);
  }
  Instant now() override { return now_; }
  TimeZone zone() override { return TimeZone(transitions_); }

  Instant now_ = 0;
  std::map<std::string, std::vector<PastEvent>, std::less<>> history_;
  std::vector<ZoneTransition> transitions_;
};

std::string failure(const Error& error) {
  std::string out = "{\"error\":{\"code\":";
  write_json(Value::string(code_text(error.code)), out);
  out += ",\"message\":";
  write_json(Value::string(error.message), out);
  return out + "}}";
}

Error bad(std::string message) { return {ErrorCode::rule_bad_argument, std::move(message)}; }

std::optional<Instant> read_time(const Value& value) {
  constexpr double farthest = 8.64e15;
  if (value.is_number() && value.as_number() >= -farthest && value.as_number() <= farthest) return static_cast<Instant>(value.as_number());
  return value.is_string() ? parse_instant(value.as_string()) : std::nullopt;
}

Result<Done> read_history(const Value& history, LineEnvironment& environment) {
  if (history.is_missing()) return Done{};
  if (!history.is_list()) return bad("`history` must be a list");
  for (const Value& entry : history.as_list()) {
    const Value event = entry.get("event"), properties = entry.get("properties");
    const std::optional<Instant> at = read_time(entry.get("at"));
    if (!event.is_string() || !at) return bad("an entry of `history` needs `event` and `at`");
    environment.history_[std::string(event.as_string())].push_back({*at, properties.is_object() ? properties : Value::object({})});
  }
  for (auto& [name, events] : environment.history_) {
    std::stable_sort(events.begin(), events.end(), [](const PastEvent& a, const PastEvent& b) { return a.at < b.at; });
  }
  return Done{};
}

Result<Done> read_surroundings(const Value& line, const EvalHost& host, LineEnvironment& environment) {
  environment.now_ = host.now;
  if (const Value now = line.get("now"); !now.is_missing()) {
    const std::optional<Instant> instant = read_time(now);
    if (!instant) return bad("`now` must be ISO 8601 with a zone, or milliseconds");
    environment.now_ = *instant;
  }
  const Value zone = line.get("timezone");
  if (!zone.is_missing() && !(zone.is_string() && zone.as_string() == "UTC")) {
    if (!zone.is_string() || !host.zone_file) return bad("`timezone` is not known here; only UTC is");
    auto transitions = read_zone_file(host.zone_file(zone.as_string()));
    if (!transitions) return bad("there is no time zone `" + std::string(zone.as_string()) + "`");
    environment.transitions_ = std::move(transitions).value();
  }
  return read_history(line.get("history"), environment);
}

Result<Value> run(std::string_view line, const EvalHost& host, Arena& arena, ExpressionBuilder& builder, LineEnvironment& environment) {
  TRY(const Value input, read_json(line, arena, {.depth = text_depth, .bytes = line_bytes, .comments = false, .duplicate_keys = DuplicateKeys::keep_last}));
  if (!input.is_object()) return bad("a line must be an object with `rule` and `data`");
  const Value rule = input.get("rule");
  if (rule.is_missing()) return bad("the line has no `rule`");
  for (const Member& member : input.as_object()) {
    if (member.key != "rule" && !nests_within(member.value, data_depth)) {
      return Error{ErrorCode::json_too_deep, "`" + std::string(member.key) + "` nests deeper than " + std::to_string(data_depth) + " levels"};
    }
  }
  TRY([[maybe_unused]] const Done surroundings, read_surroundings(input, host, environment));

  Diagnostics diagnostics;
  LowerContext context{.builder = builder, .diagnostics = diagnostics, .limits = rule_limits};
  const std::optional<NodeIndex> node = lower(rule, context);
  if (!node) {
    const Diagnostic& first = diagnostics.front();
    return Error{first.code, first.hint.empty() ? first.message : first.message + "; " + first.hint};
  }
  const Evaluation evaluation = evaluate(builder.view(), *node, input.get("data"), environment, arena, eval_limits);
  if (evaluation.over_budget) return Error{ErrorCode::rule_budget, std::string(code_meaning(ErrorCode::rule_budget))};
  return evaluation.value;
}

}  // namespace

std::string eval_line(std::string_view line, const EvalHost& host) {
  Arena arena;
  ExpressionBuilder builder;
  LineEnvironment environment;
  const Result<Value> result = run(line, host, arena, builder, environment);
  if (!result) return failure(result.error());
  std::string out = "{\"result\":";
  write_json(result.value(), out);
  return out + "}";
}

}  // namespace wayline
