// Operations that can do nothing with their operands, and operands that do not go together.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "document/types.h"

namespace wayline::document {

/// Where what is suspicious in a document is told.
struct Suspicions {
  Diagnostics& diagnostics;
  const SourceMap* positions = nullptr;

  void warn(const Value& at, std::string message, std::string hint) const;
};

/// What is wrong, and what to write.
struct Slip {
  std::string message, hint;
};

/// An operation whose operands are of types that it can do nothing with, or too few or too many.
void check_operands(const Member& operation, std::span<const Value> operands, const Types& types, const Around& place, const Suspicions& suspicions);

/// Constants that an operation can do nothing with, and moments that are none.
void check_constants(const Member& operation, std::span<const Value> operands, const Types& types, const Around& place, const Suspicions& suspicions);

/// What reads nothing, or not what it seems to.
void check_idle(const Member& operation, std::span<const Value> operands, const Types& types, const Suspicions& suspicions);

/// {"count": "Viewed", "within": "7d"}, as site.json writes a computed value, as it is written in a rule; empty when it is something else.
[[nodiscard]] std::string history_operation(const Value& value);

/// What the page's path or address is asked for and can not be.
void check_page_conditions(const Member& operation, std::span<const Value> operands, const Types& types, const Around& place, const Suspicions& suspicions);

/// What keeps the attribute of the page called `name` from being equal to a constant text; nothing where it may be equal, or is no attribute of the page. `rule` reads it.
[[nodiscard]] std::optional<Slip> page_text_slip(std::string_view name, const Value& rule, const Value& constant);

/// The rule that a wait's `until` yields its moment by.
void check_until(const Value& date, const Types& types, const Around& place, const Suspicions& suspicions);

/// `and` of what can not hold together, `or` of what always holds, branches of an `if` that are never taken, and a range that holds nothing.
void check_together(const Member& operation, std::span<const Value> operands, const Suspicions& suspicions);

}  // namespace wayline::document
