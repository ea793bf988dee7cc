#include <algorithm>
#include <iterator>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "program/checks.h"
#include "program/records.h"

namespace wayline::program {

namespace {

/// Of the experiences of one condition and page, how many are compared with each one behind them: more than people write.
constexpr std::size_t most_compared = 64;
constexpr std::string_view any_page;

/// An experience and where it belongs to: page rules to no stage.
struct Contender {
  const document::Experience* experience;
  double priority;
  std::string stage;
  NodeIndex condition;
};

bool ranks_before(const Contender& a, const Contender& b) { return a.priority != b.priority ? a.priority > b.priority : a.experience->id.text < b.experience->id.text; }

bool is_for_any_page(const document::PageMatch& page) {
  const auto is_any = [](const std::string& path) { return path == "/**" || path == "**"; };
  return page.urls.empty() && page.names.empty() && (page.paths.empty() || std::any_of(page.paths.begin(), page.paths.end(), is_any));
}

bool holds_all(const std::vector<std::string>& all, const std::vector<std::string>& some) {
  return all.empty() || (!some.empty() && std::all_of(some.begin(), some.end(), [&](const std::string& text) { return std::find(all.begin(), all.end(), text) != all.end(); }));
}

bool covers(const document::PageMatch& wide, const document::PageMatch& narrow) {
  return is_for_any_page(wide) || (holds_all(wide.paths, narrow.paths) && holds_all(wide.urls, narrow.urls) && holds_all(wide.names, narrow.names));
}

bool covers(const document::Schedule& wide, const document::Schedule& narrow) {
  return (!wide.from || (narrow.from && *wide.from <= *narrow.from)) && (!wide.to || (narrow.to && *narrow.to <= *wide.to));
}

/// Nothing of what a visitor saw or was drawn for keeps it away (design 8.1).
bool always_stands(const document::Experience& experience) {
  return experience.status == "live" && experience.caps.empty() && !experience.dismissible && experience.coverage == 1 && experience.name_space.empty();
}

/// Experiences of a slot that another is shown before whenever they could be (design 8.3).
class ShownCheck {
 public:
  ShownCheck(const document::Pack& pack, const Conditions& conditions, Diagnostics& diagnostics) : pack_(pack), conditions_(conditions), diagnostics_(diagnostics) {}

  void check() {
    for (const document::Experience& rule : pack_.page_rules) add(rule, rule.priority, {});
    for (const document::Journey& journey : pack_.journeys) {
      if (journey.status != "live") continue;
      for (const document::Stage& stage : journey.stages) {
        for (const document::Experience& experience : stage.show) add(experience, journey.priority + experience.priority, journey.id.text + "/" + stage.name.text);
      }
    }
    std::sort(contenders_.begin(), contenders_.end(), ranks_before);
    for (const Contender& contender : contenders_) {
      if (const Contender* first = before(contender)) {
        report(contender, *first);
      } else if (always_stands(*contender.experience)) {
        stand(contender);
      }
    }
  }

 private:
  using Key = std::tuple<std::string, std::string, NodeIndex, std::string>;  // slot, stage, condition, page

  void add(const document::Experience& experience, double priority, std::string stage) {
    if (experience.status != "live" || conditions_.constant(experience.condition) == false) return;
    const bool always = !experience.condition || conditions_.constant(experience.condition) == true;
    const auto condition = always ? std::optional(none) : conditions_.find(experience.condition);
    if (condition) contenders_.push_back({&experience, priority, std::move(stage), *condition});
  }

  static std::vector<std::string> pages_of(const document::PageMatch& page) {
    if (is_for_any_page(page)) return {std::string(any_page)};
    return !page.paths.empty() ? page.paths : !page.urls.empty() ? page.urls : page.names;
  }

  void stand(const Contender& contender) {
    const document::Experience& experience = *contender.experience;
    for (const NodeIndex part : conditions_.alternatives(contender.condition)) {
      for (const std::string& page : pages_of(experience.page)) standing_[{experience.slot, contender.stage, part, page}].push_back(&contender);
    }
  }

  /// One that is shown whenever the contender could be; null when there is none.
  [[nodiscard]] const Contender* before(const Contender& contender) const {
    std::vector<NodeIndex> asked = conditions_.implied(contender.condition);
    asked.push_back(none);
    std::vector<std::string> pages = pages_of(contender.experience->page);
    pages.resize(1);  // what covers them all has the first one
    pages.emplace_back(any_page);
    for (const bool own : {false, true}) {
      if (own && contender.stage.empty()) break;
      const std::string stage = own ? contender.stage : std::string();
      for (const NodeIndex condition : asked) {
        for (const std::string& page : pages) {
          const auto found = standing_.find({contender.experience->slot, stage, condition, page});
          if (found == standing_.end()) continue;
          const auto end = std::next(found->second.begin(), static_cast<std::ptrdiff_t>(std::min(found->second.size(), most_compared)));
          const auto first = std::find_if(found->second.begin(), end, [&](const Contender* each) { return hides(*each, contender); });
          if (first != end) return *first;
        }
      }
    }
    return nullptr;
  }

  /// Given that its condition holds whenever the other's does.
  [[nodiscard]] bool hides(const Contender& first, const Contender& second) const {
    const document::Experience &a = *first.experience, &b = *second.experience;
    const bool is_ranked = first.priority != second.priority || (!a.score && !b.score);
    const bool same_consent = a.purpose.empty() || a.purpose == b.purpose;
    const bool same_group = a.group.empty() || a.group == b.group;
    // Of the holds that people place nobody writes rules for.
    const bool same_holds = a.owner == b.owner || pack_.site.holds.empty();
    return is_ranked && same_consent && same_group && same_holds && covers(a.page, b.page) && covers(a.schedule, b.schedule);
  }

  void report(const Contender& hidden, const Contender& first) {
    const SourceRange &other = first.experience->id.range, &own = hidden.experience->id.range;
    const std::string place = other.file != own.file ? " of " + other.file : other.line != own.line ? " on line " + std::to_string(other.line) : "";
    const bool is_tie = first.priority == hidden.priority;
    diagnostics_.push_back({ErrorCode::pack_suspicious, Severity::warning, own,
                            "`" + hidden.experience->id.text + "` is never shown: whenever it could be, `" + first.experience->id.text + "`" + place + " comes before it" + (is_tie ? ", by its id" : ""),
                            is_tie ? "give it a higher `priority`, or that one a condition; to show each to a share of the visitors make them variants of one experience"
                                   : "give it a higher `priority` than that one, or that one a condition"});
  }

  const document::Pack& pack_;
  const Conditions& conditions_;
  Diagnostics& diagnostics_;
  std::vector<Contender> contenders_;
  std::map<Key, std::vector<const Contender*>> standing_;
};

}  // namespace

void check_shown(const document::Pack& pack, const Conditions& conditions, Diagnostics& diagnostics) { ShownCheck(pack, conditions, diagnostics).check(); }

}  // namespace wayline::program
