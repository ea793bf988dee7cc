#include "rules/operators.h"

#include <array>

namespace wayline {
namespace {

constexpr std::uint8_t any = any_count;
constexpr Purity pure = Purity::pure, reads = Purity::reads;

constexpr auto table = std::to_array<OperatorInfo>({
#define WAYLINE_NODE(id, family, cost) {"", Family::family, 0, any, cost, reads},
#define WAYLINE_OPERATOR(id, spelling, family, least, most, cost, purity) {spelling, Family::family, least, most, cost, purity},
#include "rules/operators.def"
});

constexpr auto spellings = std::to_array<std::string_view>({
    "?:",
#define WAYLINE_OPERATOR(id, spelling, family, least, most, cost, purity) spelling,
#include "rules/operators.def"
});

}  // namespace

const OperatorInfo& info(Operator op) { return table[static_cast<std::size_t>(op)]; }

std::optional<Operator> find_operator(std::string_view spelling) {
  if (spelling == "?:") return Operator::if_;
  if (spelling.empty()) return std::nullopt;
  for (std::size_t i = 0; i < table.size(); ++i) {
    if (table[i].spelling == spelling) return static_cast<Operator>(i);
  }
  return std::nullopt;
}

std::span<const std::string_view> operator_spellings() { return spellings; }

}  // namespace wayline
