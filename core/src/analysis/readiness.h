// What data the journeys and page rules of a pack need: where it lives, how fresh it must be, who owns it, and what is not said of it.
#pragma once

#include <string>
#include <vector>

#include "document/pack.h"

namespace wayline::analysis {

/// One attribute or event that a journey or a page rule reads or waits for.
struct Need {
  std::string name;                  // "profile.tier", "computed.views_7d", or an event's name
  std::string type;                  // of an attribute, or "event"
  std::vector<std::string> sources;  // by precedence; empty: not said
  std::string fresh;                 // "1h"; empty: never stale
  std::string purpose;               // the consent it needs; empty: none
  std::string team;                  // its owner; empty: not said
  std::vector<std::string> by;       // stages that declare it under `needs` or wait for it to acknowledge a hand-off; ids of page rules
  bool declared = false;             // in site.json, or known to the engine
};

/// Of a journey, or of the page rules that have one owner.
struct Needs {
  std::string journey;  // its id; empty: of page rules
  std::string owner;
  std::vector<Need> needs;  // by name
};

/// By journey, then by owner of page rules. What segments, computed attributes, intents and scores read counts as read by who uses them,
/// and so does what the holds read that can silence them.
[[nodiscard]] std::vector<Needs> data_needs(const document::Pack& pack);

}  // namespace wayline::analysis
