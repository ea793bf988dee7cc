// Conditions that do not go together: what can not hold at once, what always holds, and branches that are never taken.
#include <cmath>
#include <limits>
#include <map>
#include <set>
#include <tuple>
#include <utility>
#include <vector>

#include "base/number.h"
#include "document/operands.h"
#include "rules/coerce.h"
#include "value/json.h"

namespace wayline::document {
namespace {

/// One comparison of something with a constant, as if the constant were the second operand.
struct Compared {
  std::string what;  // as JSON
  std::string_view key;
  const Value* constant;
};

constexpr std::string_view turned_orders[][2] = {{"<", ">"}, {"<=", ">="}, {">", "<"}, {">=", "<="}};

bool is_constant(const Value& value) { return value.is_string() || value.is_number() || value.is_boolean(); }

std::optional<Compared> comparison(const Value& condition) {
  if (!condition.is_object() || condition.as_object().size() != 1) return std::nullopt;
  const Member& operation = condition.as_object()[0];
  const auto operands = operands_of(operation.value);
  if (operands.size() != 2 || !(is_constant(operands[0]) || is_constant(operands[1]))) return std::nullopt;
  if (is_constant(operands[1])) return Compared{to_json(operands[0]), operation.key, &operands[1]};
  std::string_view key = operation.key;
  for (const auto& [from, to] : turned_orders) {
    if (operation.key == from) key = to;
  }
  return Compared{to_json(operands[1]), key, &operands[0]};
}

/// Texts that are no numbers, and so equal no other text however loosely.
bool is_plain_text(const Value& value) { return value.is_string() && std::isnan(string_to_number(value.as_string())); }

bool differ(const Value& left, const Value& right) {
  if (left.is_number() && right.is_number()) return left.as_number() != right.as_number();
  return is_plain_text(left) && is_plain_text(right) && left.as_string() != right.as_string();
}

struct Bounds {
  double low = -std::numeric_limits<double>::infinity(), high = std::numeric_limits<double>::infinity();
  bool takes_low = true, takes_high = true;
  const Value *at_low = nullptr, *at_high = nullptr;

  [[nodiscard]] bool narrow(std::string_view key, const Value& constant) {
    const double number = constant.as_number();
    if ((key == ">" || key == ">=") && (number > low || (number == low && key == ">"))) {
      low = number, takes_low = key == ">=", at_low = &constant;
    } else if ((key == "<" || key == "<=") && (number < high || (number == high && key == "<"))) {
      high = number, takes_high = key == "<=", at_high = &constant;
    }
    return low < high || (low == high && takes_low && takes_high);
  }
  [[nodiscard]] std::string described() const {
    return (takes_low ? "at least " : "more than ") + shown(*at_low) + (takes_high ? " and at most " : " and less than ") + shown(*at_high);
  }
};

/// What one thing is compared with that stands in the same list.
struct Known {
  const Value* equal = nullptr;
  Bounds bounds;
  bool is_told = false;
};

std::string both(const Compared& compared, const Value& other) { return compared.what + " can not be " + shown(other) + " and " + shown(*compared.constant) + " at once"; }

/// A condition without the operators that only negate it, so that it is found again as its own opposite.
struct Asked {
  std::string what;  // as JSON
  bool negated = false;

  bool operator<(const Asked& other) const { return std::tie(what, negated) < std::tie(other.what, other.negated); }
  [[nodiscard]] Asked opposite() const { return {what, !negated}; }
};

bool is_operation(const Value& value) { return value.is_object() && value.as_object().size() == 1; }

Asked asked(const Value& condition) {
  const Value* at = &condition;
  bool negated = false;
  // Documents nest no deeper than the reader allows.
  while (is_operation(*at)) {
    const Member& operation = at->as_object()[0];
    const auto operands = operands_of(operation.value);
    if (operands.size() == 2 && (operation.key == "!=" || operation.key == "!==")) {
      return {"{\"" + std::string(operation.key == "!=" ? "==" : "===") + "\":" + to_json(operation.value) + "}", !negated};
    }
    if (operands.size() != 1 || (operation.key != "!" && operation.key != "!!")) break;
    negated ^= operation.key == "!";
    at = operands.data();
  }
  return {to_json(*at), negated};
}

/// What is asked twice in one list, and what is asked there together with its opposite.
void check_repeated(std::string_view key, std::span<const Value> operands, const Suspicions& suspicions) {
  std::set<Asked> met;
  for (const Value& operand : operands) {
    if (!is_operation(operand)) continue;
    const Asked condition = asked(operand);
    if (met.contains(condition)) {
      suspicions.warn(operand, "this stands in the same " + quoted(key) + " before: it adds nothing", "ask for something else, or leave it out");
    } else if (met.contains(condition.opposite())) {
      suspicions.warn(operand, "this is the opposite of what stands in the same " + quoted(key) + " before: " + (key == "and" ? "it is always false" : "one of the two always holds"), "leave one of the two out");
    }
    met.insert(condition);
  }
}

// --- branches

/// Comparisons with numbers that were asked before, by what they compare.
class Limits {
 public:
  /// The limit before that holds whenever this one does; null when there is none.
  [[nodiscard]] const Value* before(const Compared& compared) const {
    const auto [begin, end] = limits_.equal_range(compared.what);
    for (auto limit = begin; limit != end; ++limit) {
      if (covers(limit->second, compared)) return limit->second.constant;
    }
    return nullptr;
  }
  void add(const Compared& compared) { limits_.emplace(compared.what, compared); }

 private:
  static bool covers(const Compared& wide, const Compared& narrow) {
    if (!wide.constant->is_number() || !narrow.constant->is_number() || wide.key.front() != narrow.key.front()) return false;
    const double bound = wide.constant->as_number(), number = narrow.constant->as_number();
    const bool equal = bound == number && (wide.key.ends_with('=') || !narrow.key.ends_with('='));
    return (wide.key.front() == '>' && number > bound) || (wide.key.front() == '<' && number < bound) || (equal && (wide.key.front() == '<' || wide.key.front() == '>'));
  }

  std::multimap<std::string, Compared> limits_;
};

/// The conditions of an `if`, from the first on: only where one is false the next is asked.
class Branches {
 public:
  explicit Branches(const Suspicions& suspicions) : suspicions_(suspicions) {}

  /// False when none behind it is ever asked, which has been told.
  bool take(const Value& condition, const Value* behind) {
    if (!is_operation(condition)) return take_constant(condition, behind);
    const Asked question = asked(condition);
    const auto compared = comparison(condition);
    const Value* wider = compared ? limits_.before(*compared) : nullptr;
    if (met_.contains(question)) {
      suspicions_.warn(condition, "the same is asked before: this branch is never taken", "ask for something else, or leave it out");
    } else if (wider != nullptr) {
      suspicions_.warn(condition, "this branch is never taken: the one for " + shown(*wider) + " comes before it, and takes all of it", "put the narrower one first");
    } else if (met_.contains(question.opposite()) && behind != nullptr) {
      suspicions_.warn(*behind, "this is never taken: one of the conditions before it always holds", "leave it out, or ask for less before it");
      return false;
    }
    met_.insert(question);
    if (compared) limits_.add(*compared);
    return true;
  }

 private:
  bool take_constant(const Value& condition, const Value* behind) {
    if (!condition.is_boolean()) return true;
    if (!condition.as_boolean()) suspicions_.warn(condition, "this branch is never taken", "write what it is to ask, or leave it out");
    if (!condition.as_boolean() || behind == nullptr) return true;
    suspicions_.warn(*behind, "this is never taken: the `true` before it always holds", "what is left when nothing else holds stands last, without a condition");
    return false;
  }

  const Suspicions& suspicions_;
  std::set<Asked> met_;
  Limits limits_;
};

/// Whatever the conditions say, with what stands last for when none holds.
void check_outcomes(std::span<const Value> operands, const Suspicions& suspicions) {
  if (operands.size() < 3 || operands.size() % 2 == 0) return;
  const std::string last = to_json(operands.back());
  for (std::size_t outcome = 1; outcome < operands.size(); outcome += 2) {
    if (to_json(operands[outcome]) != last) return;
  }
  suspicions.warn(operands.back(), "whatever is asked, this `if` gives " + shown(operands.back()), "give each branch its own, or write the value without `if`");
}

void check_branches(std::span<const Value> operands, const Suspicions& suspicions) {
  Branches branches(suspicions);
  for (std::size_t at = 0; at + 1 < operands.size(); at += 2) {
    if (!branches.take(operands[at], at + 2 < operands.size() ? &operands[at + 2] : nullptr)) break;
  }
  check_outcomes(operands, suspicions);
}

/// {"<": [5, x, 1]}
void check_between(const Member& operation, std::span<const Value> operands, const Suspicions& suspicions) {
  if (operands.size() != 3) return;
  const Value &low = operands[0], &high = operands[2];
  const bool are_numbers = low.is_number() && high.is_number(), are_texts = is_plain_text(low) && is_plain_text(high);
  const bool is_turned = (are_numbers && low.as_number() > high.as_number()) || (are_texts && low.as_string() > high.as_string());
  const bool is_point = operation.key == "<" && ((are_numbers && low.as_number() == high.as_number()) || (are_texts && low.as_string() == high.as_string()));
  if (!is_turned && !is_point) return;
  const bool strict = operation.key == "<";
  const std::string begin = "write {\"" + std::string(operation.key) + "\": [", value = to_json(operands[1]);
  suspicions.warn(low, "nothing is " + std::string(strict ? "more than " : "at least ") + shown(low) + " and " + (strict ? "less than " : "at most ") + shown(high) + ": this is always false",
                  is_point ? "to ask whether it is that write {\"==\": [" + value + ", " + to_json(low) + "]}" : begin + to_json(high) + ", " + value + ", " + to_json(low) + "]}");
}

}  // namespace

void check_together(const Member& operation, std::span<const Value> operands, const Suspicions& suspicions) {
  if (operation.key == "if" || operation.key == "?:") return check_branches(operands, suspicions);
  if (operation.key == "<" || operation.key == "<=") return check_between(operation, operands, suspicions);
  const bool all = operation.key == "and";
  if (!all && operation.key != "or") return;
  check_repeated(operation.key, operands, suspicions);
  std::map<std::string, Known> known;
  for (const Value& operand : operands) {
    const auto compared = comparison(operand);
    if (!compared) continue;
    Known& before = known[compared->what];
    if (before.is_told) continue;
    const bool is_equality = all ? compared->key == "==" || compared->key == "===" : compared->key == "!=" || compared->key == "!==";
    if (is_equality && before.equal != nullptr && differ(*before.equal, *compared->constant)) {
      before.is_told = true;
      const std::string list = "{\"in\": [" + compared->what + ", [" + to_json(*before.equal) + ", " + to_json(*compared->constant) + "]]}";
      suspicions.warn(*compared->constant, both(*compared, *before.equal) + (all ? ": this is always false" : ": one of the two is always so, and this is always true"),
                      all ? "for either of them write " + list : "for neither of them write {\"!\": [" + list + "]}");
    } else if (is_equality) {
      before.equal = compared->constant;
    } else if (all && compared->constant->is_number() && !before.bounds.narrow(compared->key, *compared->constant)) {
      before.is_told = true;
      suspicions.warn(*compared->constant, "no number is " + before.bounds.described() + ": this is always false",
                      "if either is meant write `or`, or turn one of the two round");
    }
  }
}

}  // namespace wayline::document
