// The operators as an enumeration, and what the table operators.def says of each.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace wayline {

enum class Operator : std::uint8_t {
#define WAYLINE_NODE(id, family, cost) id,
#define WAYLINE_OPERATOR(id, spelling, family, least, most, cost, purity) id,
#include "rules/operators.def"
};

constexpr std::uint32_t operator_count = 0
#define WAYLINE_NODE(id, family, cost) +1
#define WAYLINE_OPERATOR(id, spelling, family, least, most, cost, purity) +1
#include "rules/operators.def"
    ;

enum class Family : std::uint8_t { data, logic, comparison, arithmetic, text, list, state, history, time, version, fraction, pattern };
enum class Purity : std::uint8_t { pure, reads };

struct OperatorInfo {
  std::string_view spelling;  // empty: not in the language
  Family family;
  std::uint8_t least;         // operands
  std::uint8_t most;          // any_count: no bound
  std::uint8_t cost;          // of one evaluation without its operands, to put cheaper operands first
  Purity purity;
};
constexpr std::uint8_t any_count = 255;

[[nodiscard]] const OperatorInfo& info(Operator op);
/// By its spelling in the language; `?:` is another one of `if`.
[[nodiscard]] std::optional<Operator> find_operator(std::string_view spelling);
/// All spellings, for suggestions.
[[nodiscard]] std::span<const std::string_view> operator_spellings();

}  // namespace wayline
