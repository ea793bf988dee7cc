// The reasons that stories may expect are those that the engine gives.
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "../support/vectors.h"
#include "decision/decide.h"

namespace wayline {
namespace {

/// The enumeration that holds "matched", wherever in the schema it stands.
void collect_reasons(const Value& value, std::set<std::string>& out) {
  if (value.is_object()) {
    for (const Member& member : value.as_object()) collect_reasons(member.value, out);
  }
  if (!value.is_list()) return;
  const auto items = value.as_list();
  const bool found = !items.empty() && items[0].is_string() && items[0].as_string() == "matched";
  for (const Value& item : items) {
    if (found) out.emplace(item.as_string());
    collect_reasons(item, out);
  }
}

TEST(Reasons, AreThoseOfTheSchema) {
  const testing::Vectors schema("core/schema/story.schema.json");
  std::set<std::string> expected, given;
  collect_reasons(schema.root(), expected);
  // `outranked` is of candidates, not of slots.
  for (const std::string_view reason : reason_texts) {
    if (reason != reason_text(Reason::outranked)) given.emplace(reason);
  }
  EXPECT_EQ(given, expected);
}

}  // namespace
}  // namespace wayline
