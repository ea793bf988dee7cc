// segment, intent, score, stage: what the engine knows of the visitor. Each is a leaf with the index of a name.
#include <cmath>

#include "rules/evaluator.h"

namespace wayline::operators {

Value segment(Evaluator& evaluator, const Node& node) { return Value::boolean(evaluator.environment().segment(node.first)); }

Value intent(Evaluator& evaluator, const Node& node) { return Value::number(evaluator.environment().intent(node.first, std::nan(""))); }

/// Scores are kept among the intents.
Value score(Evaluator& evaluator, const Node& node) { return intent(evaluator, node); }

Value stage(Evaluator& evaluator, const Node& node) { return evaluator.environment().stage(node.first); }

}  // namespace wayline::operators
