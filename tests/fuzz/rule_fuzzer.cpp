// A rule and its data as one line of JSON, `{"rule":…,"data":…}`: lowered and evaluated within the limits of a page.
#include "rules/expression_builder.h"
#include "rules/lower.h"
#include "rules/no_environment.h"
#include "support.h"

namespace wayline::fuzz {
namespace {

class ThreeEvents : public NoEnvironment {
 public:
  std::span<const PastEvent> history(std::string_view, Duration length) override { return window(events_, length, now()); }
  Instant now() override { return 1'772'359'200'000; }

 private:
  const PastEvent events_[3] = {{0, {}}, {1'772'300'000'000, {}}, {1'772'359'199'999, {}}};
};

void evaluate_line(std::string_view line) {
  Arena arena;
  const Result<Value> input = read_json(line, arena, {.duplicate_keys = DuplicateKeys::keep_last});
  if (!input.ok()) return;
  ExpressionBuilder builder;
  Diagnostics diagnostics;
  LowerContext context{.builder = builder, .diagnostics = diagnostics};
  const std::optional<NodeIndex> node = lower(input.value().get("rule"), context);
  require(node.has_value() == diagnostics.empty(), "a rule is lowered, or the author is told why not");
  if (!node) return;
  require(well_formed(builder.view(), {}), "lowering makes well-formed expressions");
  ThreeEvents environment;
  const Evaluation first = evaluate(builder.view(), *node, input.value().get("data"), environment, arena);
  require(first.steps <= EvaluationLimits{}.steps, "an evaluation stays within its budget");
  const std::string text = to_json(first.value);
  Arena again;
  require(text == to_json(evaluate(builder.view(), *node, input.value().get("data"), environment, again).value), "a rule always gives the same");
  // Half of a surrogate pair, which `substr` can make, is written as an escape that strict readers refuse.
  if (text.find("\\ud") != std::string::npos) return;
  require(read_json(text, again, {.depth = 2 * max_result_depth}).ok(), "a result is JSON");
}

}  // namespace
}  // namespace wayline::fuzz

extern "C" int LLVMFuzzerTestOneInput(const char* data, std::size_t size) {
  wayline::fuzz::evaluate_line({data, size});
  return 0;
}
