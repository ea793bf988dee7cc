// One run of lower(): the walk over a rule. Internal to rules/.
#pragma once

#include <string>
#include <vector>

#include "rules/expression_builder.h"
#include "rules/lower.h"

namespace wayline {

class Lowering {
 public:
  explicit Lowering(LowerContext& context) : context_(context), builder_(context.builder), only_truth_(context.is_condition) {}
  [[nodiscard]] std::optional<NodeIndex> run(const Value& rule);

 private:
  using Lowered = std::optional<NodeIndex>;
  /// The operands of an operator: its list, or the one value that stands for a list of one.
  using Arguments = std::span<const Value>;

  // lower.cpp: the walk, and what reads data
  Lowered node(const Value& value);
  /// As node(), where only the truth of the value matters, or where all of it does.
  Lowered operand(const Value& value, bool only_truth);
  Lowered nested(const Value& value);
  Lowered constant(const Value& value);
  Lowered operation(const Value& object);
  Lowered apply(Operator op, Arguments arguments, const Value& at);
  Lowered plain(Operator op, Arguments arguments, std::uint8_t flags = 0);
  [[nodiscard]] bool only_truth_of(Operator op, std::size_t place, std::size_t count) const;
  Lowered with_item_scope(Operator op, Arguments arguments);
  Lowered variable(Arguments arguments, const Value& at);
  Lowered read_path(const Value& path, const Value& at);
  Lowered read_scope_path(std::string_view dotted);
  Lowered missing(Operator op, Arguments arguments);
  [[nodiscard]] std::string hint_for_no_operator(const Member& member) const;
  [[nodiscard]] bool arity_fits(Operator op, Arguments arguments, const Value& at);
  /// Whether `var` means a path from the roots of the pack here.
  [[nodiscard]] bool rooted() const { return context_.resolver != nullptr && item_scopes_ == 0; }
  /// Whether `event` means the past event here.
  [[nodiscard]] bool of_past_event() const { return in_past_event_ && item_scopes_ == scopes_of_past_event_; }

  // lower_special.cpp: operators with constants of their own
  Lowered named(Operator op, Arguments arguments, const Value& at);
  Lowered history(Operator op, Arguments arguments);
  struct Options {
    const Value* where = nullptr;
    std::string property;
    Duration window = 0;
  };
  [[nodiscard]] bool read_options(Operator op, Arguments arguments, Options& options);
  [[nodiscard]] bool read_option(const Member& option, Options& options);
  Lowered past_path(std::string_view path);
  Lowered unknown_past_path(const Value& at);
  Lowered times(Operator op, Arguments arguments);
  Lowered url(Arguments arguments);
  Lowered matches(Arguments arguments);
  Lowered flagd(Operator op, Arguments arguments, const Value& at);
  /// A constant text operand, or nothing after a diagnostic that says it must be one.
  [[nodiscard]] std::optional<std::string_view> constant_text(const Value& value, std::string_view what);

  Lowered error(ErrorCode code, const SourceRange& range, std::string message, std::string hint = {});
  [[nodiscard]] SourceRange range_of(const Value& value) const;
  [[nodiscard]] SourceRange range_of_key(const Value& object) const;

  LowerContext& context_;
  ExpressionBuilder& builder_;
  std::uint32_t depth_ = 0;
  std::uint32_t nodes_ = 0;
  std::uint32_t item_scopes_ = 0;          // list operators around
  std::string_view past_event_;            // named by the history operator whose condition this is
  bool in_past_event_ = false;
  std::uint32_t scopes_of_past_event_ = 0;  // list operators around that history operator
  bool only_truth_;                        // of the value that is being lowered
  bool stopped_ = false;                   // a limit was reached: one diagnostic is enough
};

}  // namespace wayline
