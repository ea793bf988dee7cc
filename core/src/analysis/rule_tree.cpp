#include "analysis/rule_tree.h"

#include <algorithm>
#include <vector>

#include "decision/explain.h"
#include "profile/environment.h"
#include "profile/event.h"
#include "profile/snapshot.h"
#include "rules/operators.h"
#include "value/json.h"

namespace wayline::analysis {

using program::none;
using program::Tables;

namespace {

/// Conditions nest less than this; a hostile program's definitions may use themselves.
constexpr int max_tree_depth = 64;

class TreeWriter {
 public:
  TreeWriter(const Tables& tables, StateEnvironment& environment, NodeIndex decided)
      : tables_(tables), expressions_(tables.expressions()), environment_(environment), decided_(decided) {}

  void write(NodeIndex index, int depth) {
    const Node& node = expressions_.nodes[index];
    if (node.op == Operator::constant) return;  // stands in the text of what it belongs to
    if (lines_ == max_tree_lines || depth == max_tree_depth) {
      if (!text.ends_with("…\n")) text += "…\n";
      return;
    }
    ++lines_;
    text.append(2 * static_cast<std::size_t>(depth), ' ').append(value_text(index)).append("  ").append(rule_text(tables_, index)).append(mark(index)).append("\n");
    if (node.op == Operator::segment) return write(tables_.segments[node.first].rule, depth + 1);
    const auto operands = operands_of(expressions_, node);
    for (const NodeIndex operand : operands.first(with_a_value(node, operands.size()))) write(operand, depth + 1);
  }

  std::string text;

 private:
  std::string value_text(NodeIndex index) {
    (void)environment_.take_over_budget();
    std::string value = to_json(environment_.evaluate_rule(index));
    if (environment_.take_over_budget()) return "over budget";
    if (value.size() <= max_tree_value) return value;
    std::size_t end = max_tree_value;
    while ((static_cast<unsigned char>(value[end]) & 0xC0u) == 0x80u) --end;  // not inside of a character
    return value.substr(0, end) + "…";
  }
  std::string_view mark(NodeIndex index) {
    if (index != decided_ || is_marked_) return {};
    is_marked_ = true;
    return "  <- this decided";
  }
  /// Of what is asked of each item there is no one value.
  static std::size_t with_a_value(const Node& node, std::size_t count) {
    if (info(node.op).family == Family::history) return 0;
    return info(node.op).family == Family::list && node.op != Operator::merge ? std::min<std::size_t>(count, 1) : count;
  }

  const Tables& tables_;
  Expressions expressions_;
  StateEnvironment& environment_;
  NodeIndex decided_;
  bool is_marked_ = false;
  std::size_t lines_ = 0;
};

Result<NodeIndex> condition_of(const Tables& tables, const Value& id) {
  for (const program::Experience& experience : tables.experiences) {
    if (id.is_string() && tables.view(experience.id) == id.as_string()) return experience.condition;
  }
  return Error{ErrorCode::step_malformed, "\"experience\" is not the id of one of the program's"};
}

}  // namespace

std::string rule_tree(const Tables& tables, NodeIndex condition, StateEnvironment& environment) {
  if (condition == none) return {};
  TreeWriter writer(tables, environment, deciding_part(tables, condition, environment));
  writer.write(condition, 0);
  return std::move(writer.text);
}

Result<std::string> rule_tree(const Tables& tables, const Value& document, const Value& request) {
  TRY(const NodeIndex condition, condition_of(tables, request.get("experience")));
  const auto at = read_instant(request.get("at"));
  if (!at) return Error{ErrorCode::step_malformed, "\"at\" is not an instant"};
  if (condition == none) return std::string();
  State state;
  std::vector<std::string> dropped;
  TRY([[maybe_unused]] const Done read, read_state(document, tables, state, dropped));
  Scratch scratch(tables);
  VisitorMemo memo;
  memo.visitor = ++scratch.generation;
  memo.changes.fill(memo.visitor);
  if (const Value page = request.get("page"); page.is_object()) state.page = OwnedValue(complete_page(page, scratch.arena));
  StateEnvironment environment(tables, state, scratch, memo);
  environment.set_now(std::max(state.clock, *at));
  return rule_tree(tables, condition, environment);
}

}  // namespace wayline::analysis
