#include "cli/reasons.h"

#include <algorithm>
#include <array>

namespace wayline::cli {
namespace {

struct ReasonRow {
  std::string_view reason, meaning;
};
// The panel says the same: web/src/panel/words.ts.
constexpr std::array<ReasonRow, 17> reasons{{
    {"matched", "everything allows it, and nothing ranks higher"},
    {"no_candidate", "no page rule is for this slot on this page, nor a stage that the visitor is in"},
    {"not_matched", "its condition does not hold"},
    {"holdout", "the visitor is in a holdout and sees the default, for comparison"},
    {"not_covered", "the visitor is outside of the experiment's coverage"},
    {"capped", "it was seen as often as its cap allows"},
    {"pressure", "the site has shown as much as its pressure caps allow"},
    {"quiet_hours", "the site is quiet at this hour"},
    {"held", "a person or a condition keeps it silent"},
    {"dismissed", "the visitor closed it"},
    {"consent", "the visitor has not agreed to what it needs"},
    {"excluded", "another one of its group won a slot"},
    {"budget", "its condition took more steps than a page has"},
    {"schedule", "it is outside of its dates"},
    {"paused", "it is paused"},
    {"outranked", "it could show, but another one ranks higher"},
    {"forced", "a preview, on this page only: it is neither counted nor kept"},
}};

}  // namespace

std::string meaning_of(std::string_view reason) {
  const auto found = std::find_if(reasons.begin(), reasons.end(), [reason](const ReasonRow& row) { return row.reason == reason; });
  return std::string(found == reasons.end() ? reason : found->meaning);
}

std::string holder_of(const Value& candidate) {
  const Value by = candidate.get("heldBy"), because = candidate.get("heldFor");
  if (!by.is_string()) return {};
  std::string text(by.as_string());
  if (because.is_string() && !because.as_string().empty()) text.append(": ").append(because.as_string());
  return text;
}

}  // namespace wayline::cli
