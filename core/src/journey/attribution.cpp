#include "journey/attribution.h"

#include "journey/effects.h"

namespace wayline {

Value attribution(const program::Tables& tables, const State& state, std::uint32_t journey, Instant now, Arena& arena) {
  const program::Journey& record = tables.journeys[journey];
  ArenaRun<const ExperienceMemory*> credited(arena);
  for (const ExperienceMemory& memory : state.experiences) {
    if (tables.experiences[memory.experience].journey != journey || memory.seen.empty()) continue;
    const Instant seen = memory.seen.back();
    if (seen < now - record.goal_within) continue;
    if (record.goal_credit == program::GoalCredit::last && !credited.empty()) {
      if (seen <= credited.items()[0]->seen.back()) continue;
      credited.truncate(0);
    }
    credited.push(&memory);
  }
  ListBuilder list(arena);
  for (const ExperienceMemory* memory : credited.items()) {
    ObjectBuilder entry(arena);
    entry.text("experience", tables.view(tables.experiences[memory->experience].id))
        .add("seen", time_text(memory->seen.back(), arena))
        .number("share", 1 / static_cast<double>(credited.size()))
        .text("variant", arena.copy(memory->variant));
    list.add(entry.build());
  }
  return list.build();
}

}  // namespace wayline
