// url and matches.
#include "rules/evaluator.h"
#include "rules/pattern.h"
#include "rules/url_pattern.h"

namespace wayline::operators {

// One pattern or a list of them, of which one must match. What is no text matches nothing.
Value url(Evaluator& evaluator, const Node& node) {
  const Value address = evaluator.operand(node, 0), pattern = evaluator.operand(node, 1);
  if (!address.is_string()) return Value::boolean(false);
  const std::span<const Value> patterns = pattern.is_list() ? pattern.as_list() : std::span(&pattern, 1);
  for (const Value& one : patterns) {
    if (!evaluator.spend(1 + address.as_string().size() / 8)) return {};
    if (one.is_string() && url_matches(address.as_string(), one.as_string())) return Value::boolean(true);
  }
  return Value::boolean(false);
}

// The second operand is a constant: the pattern as compiled.
Value matches(Evaluator& evaluator, const Node& node) {
  const Value text = evaluator.operand(node, 0);
  if (!text.is_string()) return Value::boolean(false);
  return Value::boolean(pattern_matches(evaluator, evaluator.operand(node, 1).as_string(), text.as_string()));
}

}  // namespace wayline::operators
