// From JSON rules to the flat graph: names resolved, constants folded, equal sub-expressions shared.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/instant.h"
#include "rules/expression.h"
#include "value/source_map.h"
#include "wayline/diagnostic.h"
#include "wayline/value.h"

namespace wayline {

/// Where names of a rule lead. Returns nothing after having reported a diagnostic of its own.
/// A lowering without a resolver is plain JsonLogic over a data document.
class Resolver {
 public:
  virtual ~Resolver() = default;
  virtual std::optional<std::uint32_t> attribute(std::string_view path, const SourceRange& at) = 0;
  virtual std::optional<std::uint32_t> segment(std::string_view name, const SourceRange& at) = 0;
  virtual std::optional<std::uint32_t> intent(std::string_view name, const SourceRange& at) = 0;
  /// A declared score; its index is one of the intents'.
  virtual std::optional<std::uint32_t> score(std::string_view name, const SourceRange& at) = 0;
  virtual std::optional<std::uint32_t> journey(std::string_view id, const SourceRange& at) = 0;
  /// Which events of a name an operator can ask for.
  enum class Looks : std::uint8_t { at_all, at_the_latest };
  /// An event named by a history operator, and how far back it looks (0: as far as the history goes). Dotted
  /// `properties` paths it reads there are reported one by one through history_property, so that the engine stores
  /// only what rules can ask.
  virtual bool history_event(std::string_view event, Duration window, Looks looks, const SourceRange& at) = 0;
  virtual void history_property(std::string_view event, std::string_view path, Looks looks) = 0;
};

struct LowerLimits {
  std::uint32_t depth = 128;     // nested operations and lists of one rule; people write fewer than ten. At most max_expression_depth.
  std::uint32_t nodes = 20'000;  // of one rule; generated ones list some thousand values
};

class ExpressionBuilder;  // expression_builder.h

struct LowerContext {
  ExpressionBuilder& builder;
  Resolver* resolver = nullptr;             // null: plain JsonLogic
  const SourceMap* positions = nullptr;     // null: ranges are empty
  Diagnostics& diagnostics;
  LowerLimits limits = {};
  /// The rule decides: only whether its value is true matters, so `and` and `or` may try their operands cheapest first.
  bool is_condition = false;
};

/// The node of `rule`, or nothing when an error was added to the diagnostics. Several errors are reported at once. Codes: rule.unknown_operator,
/// rule.bad_argument, rule.bad_pattern, rule.too_deep, rule.too_large, and whatever the resolver reports. The rule is copied and may go.
[[nodiscard]] std::optional<NodeIndex> lower(const Value& rule, LowerContext& context);

}  // namespace wayline
