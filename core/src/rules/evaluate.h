// Evaluation of lowered rules. Never throws, never loops without bound: a rule past its budget stops, and says so.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "base/instant.h"
#include "rules/coerce.h"
#include "rules/expression.h"
#include "wayline/value.h"

namespace wayline {

/// One event of the visitor's history, as the history operators see it.
struct PastEvent {
  Instant at = 0;
  Value properties;  // an object; a dotted path is looked for as one key first, then part by part
};

/// What a rule may ask of its surroundings. The engine implements it over a visitor's state; `wayline eval` over a
/// JSON document. Returned values live at least until the evaluation's arena is reset.
class Environment {
 public:
  virtual ~Environment() = default;
  /// An entry of the program's attribute table (`profile.tier`, `event.properties.price`, …); missing when it has no
  /// value, is stale or lacks consent.
  virtual Value attribute(std::uint32_t index, Arena& arena) = 0;
  /// A path only known at run time, from the roots of design section 6.
  virtual Value path(std::string_view dotted, Arena& arena) = 0;
  /// Whether the visitor is in it now. This index and those below are of the program's tables.
  virtual bool segment(std::uint32_t index) = 0;
  /// The score as it has decayed up to now. `bound` is the number that it is compared with; NaN when it is used otherwise.
  virtual double intent(std::uint32_t index, double bound) = 0;
  /// Id of the current stage of a journey, or null.
  virtual Value stage(std::uint32_t journey) = 0;
  /// Past events of that name in the last `length` milliseconds (0: all that are kept) up to now, oldest first. The view lives until the state
  /// changes.
  virtual std::span<const PastEvent> history(std::string_view event, Duration length) = 0;
  virtual Instant now() = 0;
  /// The same, for an answer that no other clock changes than one that reaches one of these instants; NaN is never reached.
  virtual Instant now_between(double /*one*/, double /*other*/) { return now(); }
  /// The site's zone.
  virtual TimeZone zone() = 0;
};

/// Those of events, oldest first, that are in the last `length` milliseconds (0: of any time) up to `now`; an event of exactly that age is among them.
[[nodiscard]] std::span<const PastEvent> window(std::span<const PastEvent> events, Duration length, Instant now);

struct EvaluationLimits {
  /// Operations of one rule; a page has milliseconds, and one operation takes some tens of nanoseconds.
  std::uint32_t steps = 100'000;
  /// Bytes of intermediate strings and lists of one rule.
  std::uint32_t memory = 1 << 20;
};

/// Parts that the list or object a rule gives may have, shared ones counted each time: whoever writes it out walks them all.
constexpr std::uint32_t max_result_parts = 1'000'000;
/// How deep it may nest: data and what a rule wraps around it, well below what recursion over values can take.
constexpr std::uint32_t max_result_depth = 600;

struct Evaluation {
  Value value;                // null when the budget ran out
  bool over_budget = false;
  std::uint32_t steps = 0;    // used
};

/// Evaluates `root`. `data` is what `var` reads in nodes lowered without a resolver (plain JsonLogic), else unused.
/// The value lives in `arena`, the program, or what `environment` returned. The expressions must be well formed.
[[nodiscard]] Evaluation evaluate(const Expressions& expressions, NodeIndex root, const Value& data, Environment& environment,
                                  Arena& arena, const EvaluationLimits& limits = {});

}  // namespace wayline
