#include "analysis/difference.h"

#include <limits>
#include <map>

#include "analysis/describe.h"
#include "base/number.h"
#include "value/json.h"

namespace wayline::analysis {

using program::none;
using program::Tables;

namespace {

/// Nothing is cut: a change may be anywhere in a rule.
constexpr std::size_t whole = std::numeric_limits<std::size_t>::max();

/// What can be said of one subject. The empty property stands for its being there at all.
using Properties = std::map<std::string, std::string>;
using Subjects = std::map<std::string, Properties>;

std::string number_text(double number) {
  std::string text;
  append_number(number, text);
  return text;
}

class Description {
 public:
  explicit Description(const Tables& tables) : tables_(tables) {}

  Subjects describe() {
    site();
    traits();
    rules();
    intents();
    for (const program::Slot& slot : tables_.slots) subject("slot " + text(slot.name));
    for (const program::Experience& experience : tables_.experiences) {
      if (experience.journey == none) this->experience("page rule " + text(experience.id), experience);
    }
    for (const program::Journey& journey : tables_.journeys) this->journey(journey);
    return std::move(subjects_);
  }

 private:
  [[nodiscard]] std::string text(program::Text record) const { return std::string(tables_.view(record)); }
  [[nodiscard]] std::string texts(program::Range range) const {
    std::string result;
    for (const program::Text record : Tables::run(tables_.texts, range))
      result += (result.empty() ? "" : ", ") + text(record);
    return result;
  }
  [[nodiscard]] std::string because(program::Text reason) const {
    return reason.size == 0 ? std::string() : " because " + text(reason);
  }
  [[nodiscard]] std::string hold(const program::Hold& hold) const {
    const std::string scope = hold.scope.size == 0 ? std::string() : text(hold.scope) + " ";
    return scope + "by " + text(hold.by) + " if " + condition_text(tables_, hold.condition, whole) + ": " +
           text(hold.reason);
  }
  [[nodiscard]] std::string condition(NodeIndex index) const {
    return index == none ? std::string() : condition_text(tables_, index, whole);
  }
  [[nodiscard]] std::string purpose(std::uint32_t index) const {
    return index == none ? std::string() : text(tables_.purposes[index]);
  }

  Properties& subject(const std::string& name) {
    Properties& properties = subjects_[name];
    properties[""] = "";
    return properties;
  }
  /// Properties that say nothing are left out, so that a default and an absent key read alike.
  static void put(Properties& properties, const std::string& name, std::string value) {
    if (!value.empty()) properties[name] = std::move(value);
  }
  static std::string flag(std::uint32_t value) { return value != 0 ? "yes" : ""; }
  static std::string schedule(Instant from, Instant to) {
    constexpr Instant limit = 8'640'000'000'000'000;  // further away: open
    std::string result;
    if (from > -limit) result = "from " + format_instant(from);
    if (to < limit) result += (result.empty() ? "to " : " to ") + format_instant(to);
    return result;
  }

  void site();
  void traits();
  void rules();
  void intents();
  void experience(const std::string& name, const program::Experience& experience);
  void journey(const program::Journey& journey);
  void stage(const std::string& journey, const program::Stage& stage);
  [[nodiscard]] std::string transition(const program::Transition& transition) const;

  const Tables& tables_;
  Subjects subjects_;
};

void Description::site() {
  const program::Site& site = tables_.site[0];
  Properties& properties = subject("site");
  put(properties, "name", text(site.name));
  put(properties, "timezone", text(site.zone_name));
  put(properties, "retention", format_duration(site.retention));
  put(properties, "session timeout", format_duration(site.session_timeout));
  put(properties, "holdout", number_text(site.holdout));
  put(properties, "pressure", caps_text(tables_, site.pressure_caps));
  put(properties, "consent for events", purpose(site.events_purpose));
  std::size_t number = 0;
  for (const program::Hold& item : Tables::run(tables_.holds, site.holds))
    put(properties, "hold " + std::to_string(++number), hold(item));
  number = 0;
  for (const program::Limit& limit : Tables::run(tables_.limits, site.limits)) {
    std::string journeys;
    for (const std::uint32_t journey : Tables::run(tables_.journey_sets, limit.journeys))
      journeys += (journeys.empty() ? "" : ", ") + text(tables_.journeys[journey].id);
    put(properties, "concurrency " + std::to_string(++number), "at most " + std::to_string(limit.max) + " of " + journeys);
  }
  if (site.has_quiet_hours == 0) return;
  put(properties, "quiet hours",
      clock_text(static_cast<Duration>(site.quiet_from)) + " to " + clock_text(static_cast<Duration>(site.quiet_to)) + " by the clocks of the " + (site.quiet_of_visitor != 0 ? "visitor" : "site"));
}

void Description::traits() {
  constexpr std::string_view types[] = {"any", "string", "number", "boolean", "date", "list", "object"};
  for (const program::Trait& trait : tables_.traits) {
    Properties& properties = subject("attribute profile." + text(trait.name));
    put(properties, "type", std::string(types[static_cast<std::size_t>(trait.type)]));
    put(properties, "ttl", trait.ttl == 0 ? std::string() : format_duration(trait.ttl));
    put(properties, "purpose", purpose(trait.purpose));
    put(properties, "sources", texts(trait.sources));
  }
  for (const program::Text record : tables_.purposes) subject("purpose " + text(record));
}

void Description::rules() {
  for (const program::Segment& segment : tables_.segments)
    put(subject("segment " + text(segment.name)), "rule", condition(segment.rule));
  for (const program::Computed& computed : tables_.computed)
    put(subject("computed " + text(computed.name)), "rule", condition(computed.rule));
}

void Description::intents() {
  for (const program::Intent& intent : tables_.intents) {
    Properties& properties = subject("intent " + text(intent.name));
    put(properties, "half-life", format_duration(static_cast<Duration>(intent.half_life)));
    put(properties, "cap", intent.cap == 0 ? std::string() : number_text(intent.cap));
    std::string signals;
    for (const program::Signal& signal : Tables::run(tables_.signals, intent.signals)) {
      signals += (signals.empty() ? "" : "; ") + trigger_text(tables_, {signal.event, signal.condition}, whole) +
                 " add " + number_text(signal.add);
    }
    put(properties, "signals", std::move(signals));
  }
}

void Description::experience(const std::string& name, const program::Experience& experience) {
  const program::Terms& terms = tables_.terms_of(experience);
  Properties& properties = subject(name);
  put(properties, "slot", text(tables_.slots[experience.slot].name));
  put(properties, "status", std::string(status_text(terms.status)));
  put(properties, "owner", text(terms.owner));
  put(properties, "paths", texts(experience.paths));
  put(properties, "urls", texts(terms.urls));
  put(properties, "page names", texts(terms.names));
  put(properties, "if", condition(experience.condition));
  put(properties, "score", condition(terms.score));
  put(properties, "priority", number_text(experience.priority));
  put(properties, "group", text(terms.group));
  put(properties, "purpose", purpose(terms.purpose));
  put(properties, "schedule", schedule(experience.from, experience.to));
  put(properties, "cap", caps_text(tables_, terms.caps));
  put(properties, "dismissible", flag(terms.dismissible));
  put(properties, "dismissed for",
      terms.dismiss_for == 0 ? std::string() : format_duration(terms.dismiss_for));
  put(properties, "seed", text(experience.seed));
  put(properties, "coverage", number_text(terms.coverage));
  put(properties, "version", number_text(terms.version));
  if (terms.name_space.size > 0) {
    put(properties, "namespace",
        text(terms.name_space) + " " + number_text(terms.name_space_from) + " to " +
            number_text(terms.name_space_to));
  }
  for (const program::Variant& variant : Tables::run(tables_.variants, experience.variants)) {
    Properties& parts = subject(name + ", variant " + text(variant.id));
    put(parts, "weight", number_text(variant.weight));
    put(parts, "content", to_json(tables_.values[variant.content]));
  }
}

void Description::journey(const program::Journey& journey) {
  const std::string name = "journey " + text(journey.id);
  Properties& properties = subject(name);
  put(properties, "owner", text(journey.owner));
  put(properties, "status", std::string(status_text(journey.status)));
  put(properties, "version", number_text(journey.version));
  put(properties, "priority", number_text(journey.priority));
  put(properties, "schedule", schedule(journey.from, journey.to));
  put(properties, "enter", entry_text(tables_, journey, whole));
  put(properties, "reenter",
      (journey.reenter_max == 0 ? "any number of times" : std::to_string(journey.reenter_max) + " in all") +
          std::string(", after ") + format_duration(journey.reenter_after));
  put(properties, "start", text(tables_.stages[journey.start].name));
  if (journey.has_goal != 0) {
    put(properties, "goal", trigger_text(tables_, journey.goal, whole));
    put(properties, "goal under", text(journey.goal_under));
    put(properties, "goal value", condition(journey.goal_value));
    put(properties, "goal ends", journey.goal_ends != 0 ? "yes" : "no");
    put(properties, "goal starts",
        journey.goal_start == none ? std::string()
                                   : text(tables_.journeys[journey.goal_start].id) + because(journey.goal_start_reason));
  }
  std::size_t number = 0;
  for (const program::Exit& exit : Tables::run(tables_.exits, journey.exits)) {
    put(properties, "exit " + std::to_string(++number),
        text(exit.outcome) + " " + trigger_text(tables_, exit.when, whole));
  }
  number = 0;
  for (const program::Hold& hold : Tables::run(tables_.holds, journey.holds)) {
    put(properties, "hold " + std::to_string(++number), this->hold(hold));
  }
  for (const program::Migration& migration : Tables::run(tables_.migrations, journey.migrations)) {
    put(properties, "migrate " + std::to_string(migration.version) + " " + text(migration.from),
        migration.stage == none ? "end as " + text(migration.outcome) : "to " + text(tables_.stages[migration.stage].name));
  }
  for (const program::Stage& record : Tables::run(tables_.stages, journey.stages)) stage(name, record);
}

void Description::stage(const std::string& journey, const program::Stage& stage) {
  const std::string name = journey + ", stage " + text(stage.name);
  Properties& properties = subject(name);
  put(properties, "team", text(stage.team));
  put(properties, "system", text(stage.system));
  put(properties, "moment of truth", flag(stage.moment_of_truth));
  put(properties, "do", actions_text(tables_, stage.actions, whole));
  std::map<std::string, int> numbers;
  for (const program::Transition& record : Tables::run(tables_.transitions, stage.transitions)) {
    const std::string kind = record.when.event.size > 0 ? "on " + text(record.when.event)
                             : record.timing != program::Timing::untimed ? "after"
                                                                      : "at once";
    const int number = ++numbers[kind];
    put(properties, number == 1 ? kind : kind + " (" + std::to_string(number) + ")", transition(record));
  }
  for (const std::uint32_t index : Tables::run(tables_.indexes, stage.show)) {
    const program::Experience& shown = tables_.experiences[index];
    experience(name + ", shows " + text(shown.id), shown);
  }
}

std::string Description::transition(const program::Transition& transition) const {
  std::string result = timing_text(tables_, transition, whole);
  const auto add = [&result](const std::string& part) { result += (result.empty() ? "" : ", ") + part; };
  if (transition.when.condition != none) add("if " + condition_text(tables_, transition.when.condition, whole));
  if (transition.actions.count > 0) add(actions_text(tables_, transition.actions, whole));
  if (transition.start != none) add("start " + text(tables_.journeys[transition.start].id) + because(transition.start_reason));
  add(transition.go == none ? "stay" : "go " + text(tables_.stages[transition.go].name));
  return result;
}

void compare(const std::string& subject, const Properties& before, const Properties& after,
             std::vector<Change>& changes) {
  Properties names = before;
  names.insert(after.begin(), after.end());
  for (const auto& [name, ignored] : names) {
    const auto old = before.find(name);
    const auto now = after.find(name);
    if (old == before.end()) {
      changes.push_back({ChangeKind::added, subject, name, {}, now->second});
    } else if (now == after.end()) {
      changes.push_back({ChangeKind::removed, subject, name, old->second, {}});
    } else if (old->second != now->second) {
      changes.push_back({ChangeKind::changed, subject, name, old->second, now->second});
    }
  }
}

/// Whether the subject belongs to another one of the list, which then speaks for it.
bool is_part_of_another(const std::string& subject, const Subjects& only) {
  for (std::size_t comma = subject.find(", "); comma != std::string::npos; comma = subject.find(", ", comma + 1)) {
    if (only.contains(subject.substr(0, comma))) return true;
  }
  return false;
}

}  // namespace

std::vector<Change> compare_programs(const Tables& before, const Tables& after) {
  const Subjects old = Description(before).describe(), now = Description(after).describe();
  Subjects removed, added;
  for (const auto& [name, properties] : old) {
    if (!now.contains(name)) removed.emplace(name, properties);
  }
  for (const auto& [name, properties] : now) {
    if (!old.contains(name)) added.emplace(name, properties);
  }
  Subjects all = old;
  all.insert(now.begin(), now.end());
  std::vector<Change> changes;
  for (const auto& [name, ignored] : all) {
    if (removed.contains(name)) {
      if (!is_part_of_another(name, removed)) changes.push_back({ChangeKind::removed, name, {}, {}, {}});
    } else if (added.contains(name)) {
      if (!is_part_of_another(name, added)) changes.push_back({ChangeKind::added, name, {}, {}, {}});
    } else {
      compare(name, old.at(name), now.at(name), changes);
    }
  }
  return changes;
}

}  // namespace wayline::analysis
