// What data each journey of a pack needs: where it lives, how fresh it must be, who owns it, and what is not said of it.
#pragma once

#include <string>
#include <vector>

#include "document/pack.h"

namespace wayline::analysis {

/// One attribute or event that a journey reads or waits for.
struct Need {
  std::string name;                  // "profile.tier", "computed.views_7d", or an event's name
  std::string type;                  // of an attribute, or "event"
  std::vector<std::string> sources;  // by precedence; empty: not said
  std::string fresh;                 // "1h"; empty: never stale
  std::string purpose;               // the consent it needs; empty: none
  std::string team;                  // its owner; empty: not said
  std::vector<std::string> stages;   // that declare it under `needs`
  bool declared = false;             // in site.json
};

struct JourneyNeeds {
  std::string id;
  std::string owner;
  std::vector<Need> needs;  // by name
};

/// By journey. What segments and computed attributes read counts as read by who uses them.
[[nodiscard]] std::vector<JourneyNeeds> data_needs(const document::Pack& pack);

}  // namespace wayline::analysis
