// The page rules that a page can show, whoever the visitor is: the first, page-level split of the index of the program
// (program/records.h), looked up once for a page and kept, since visitors come back to the pages of a site.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "program/tables.h"
#include "wayline/value.h"

namespace wayline {

/// The page being decided for, as page patterns read it.
struct PageAddress {
  explicit PageAddress(const Value& page) : path(page.get("path")), url(page.get("url")), name(page.get("name")) {}
  Value path, url, name;
};

/// Whether the patterns of the experience allow the page.
[[nodiscard]] bool shows_on(const program::Tables& tables, const program::Experience& experience, const PageAddress& page);

/// Verdicts kept for each page: of what its slots contest. An explanation, which asks about every rule, works out most anew.
constexpr std::size_t kept_verdicts = 64;

struct PageRules {
  struct Slot {
    std::uint32_t slot = 0;
    std::uint32_t first_root = 0, roots = 0;  // run of `roots`
    std::uint32_t best = program::none;       // the best-ranked rule of this page, whatever its condition
    bool fillable = false;                    // some live rule is for this page
  };
  std::vector<Slot> slots;           // those that a rule of this page may fill, by slot
  std::vector<std::uint32_t> roots;  // index nodes below which the rules of this page are

  /// Null when no rule of this page is for the slot.
  [[nodiscard]] const Slot* find(std::uint32_t slot) const;
  /// As shows_on(), and remembered. `page` must be the one that these rules are of.
  [[nodiscard]] bool shows(const program::Tables& tables, std::uint32_t experience, const PageAddress& page);

 private:
  friend class PageRulesCache;
  std::vector<std::uint32_t> verdicts_;  // the latest, by experience modulo their number: twice the experience, and one more where it shows
};

/// Pages kept: a visit goes back and forth among a few; on a server, and in a replay, there are many visits.
constexpr std::size_t max_kept_pages = sizeof(void*) == 4 ? 256 : 1024;

class PageRulesCache {
 public:
  explicit PageRulesCache(const program::Tables& tables);
  /// Valid until the next call.
  [[nodiscard]] PageRules& of(const PageAddress& page);
  /// Whether some experience of the program has a score.
  [[nodiscard]] bool has_scores() const { return has_scores_; }

 private:
  struct Kept {
    bool used = false;
    std::string path, url, name;
    PageRules rules;
  };
  void look_up(const PageAddress& page, PageRules& rules) const;

  const program::Tables& tables_;
  bool has_scores_ = false;
  bool reads_urls_ = false;  // some experience has patterns of whole URLs, which differ more than paths do
  std::array<Kept, max_kept_pages> kept_;  // by hash of the path
};

}  // namespace wayline
