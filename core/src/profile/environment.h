// What rules read of a visitor: the Environment of rules/evaluate.h over a State.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "profile/finding.h"
#include "profile/state.h"
#include "program/tables.h"
#include "rules/evaluate.h"
#include "wayline/error.h"

namespace wayline {

/// The event being stepped, as the root `event` shows it.
struct CurrentEvent {
  std::string_view type;  // page track identify consent exposure dismiss tick; empty: none
  std::string_view name;  // of a track event
  Value properties;
  Value traits;
  Instant at = 0;
};

/// What was found out of one visitor and stays true from step to step, until something changes that it was read from.
struct VisitorMemo {
  /// The value of an index key, in the classes in which the index files values.
  struct Key : Finding {
    std::optional<std::uint32_t> text;
    std::optional<std::uint32_t> number;
    double amount = 0;     // as a number, for bounds; may be NaN, which reaches none
    bool unknown = false;  // out of budget, or no scalar: any edge may apply
  };
  /// What time brings next.
  struct Due {
    Instant at = 0;
    std::uint32_t journey = program::none;  // none: the hold of a person expires
  };
  std::uint64_t visitor = 0;  // tells the sessions of an engine apart; a generation, of which none is older than the session
  Changes changes{};
  std::string event_name;       // of the latest event
  std::string_view event_type;  // one of those of event_kind_name()
  Finding settled;  // whom holds silence
  Finding due_found;
  std::optional<Due> due;
  /// Where the visitor falls by hash, which is the same for ever: in the site's holdout, then in those of the journeys.
  enum class Draw : std::uint8_t { unknown, in, out };
  std::vector<Draw> draws;
  /// The variants that hashes gave, which is for ever as well; the latest, by experience modulo their number.
  struct Assigned {
    std::uint32_t experience = program::none;
    std::uint32_t variant = program::none;  // none: outside of the experiment
  };
  std::array<Assigned, 32> assigned;
  /// What the host was last told of an enrolment. A pass has one outcome, so the number of the pass stands for it.
  struct Told {
    std::uint32_t journey = program::none;
    std::uint32_t stage = 0;
    std::uint32_t pass = 0;
    EnrolmentStatus status = EnrolmentStatus::active;
    bool operator==(const Told&) const = default;
  };
  std::uint64_t told_as_of = 0;  // when the journeys had changed last
  std::vector<Told> told;        // by enrolment
  /// The latest of the filled contents that the host was told, by variant modulo their number.
  struct Content : Finding {
    std::uint32_t variant = program::none;
  };
  std::vector<Content> contents;  // made when first asked for
  std::vector<Key> keys;  // by index key; made when first asked for
};

/// Something of an event that was not taken as it was sent, or could not be kept.
struct Notice {
  ErrorCode code = ErrorCode::trait_undeclared;
  std::string_view name;  // of the trait or the event; lives as long as the input and the program
};
/// Notices of one step; an event of the largest size can not be wrong in many more ways that anybody reads.
constexpr std::size_t max_notices = 100;

/// Told what rules read, for receipts. Texts and values live as long as those of the evaluation.
class ReadObserver {
 public:
  enum class What : std::uint8_t { attribute, path, segment, intent, stage, history };
  virtual ~ReadObserver() = default;
  /// `index` is one of the program's tables; of a path only known at run time there is its text instead.
  virtual void read(What what, std::uint32_t index, std::string_view path, const Value& value) = 0;
};

/// The latest conditions that are remembered, by rule modulo their number: as many as a page and a dozen journeys ask for.
constexpr std::size_t remembered_conditions = 256;

/// Memory of one engine that is reused from step to step: no allocation in the steady state.
struct Scratch {
  explicit Scratch(const program::Tables& tables);

  struct Memo : Finding {
    bool open = false;  // being evaluated: guards against definitions that use themselves
    Value value;        // a text, list or object of the arena does not outlive its moment
  };
  struct Condition : Finding {
    NodeIndex rule = program::none;
    bool holds = false;
  };
  /// What an attribute of the event was found to be: many rules ask about a few of its properties.
  struct Field {
    std::uint64_t event = 0;
    Value value;
    std::string_view property;  // when it is one of the event's, by its key
    Part part = Part::moment;
  };
  /// Rules that only compare something at hand with a constant, and those that ask for all or any of some such.
  enum class Compares : std::uint8_t { unknown, nothing, event, stage, intent, all, any };
  Arena arena;
  std::uint64_t generation = 1;  // raised by whatever may change an answer
  std::vector<Memo> segments;
  std::vector<Memo> computed;
  std::vector<Field> fields;    // by attribute
  std::uint64_t event = 0;      // the generation of the current one
  std::vector<Compares> compares;  // by node; found out when first asked, for few of a large program's nodes ever are
  std::array<Condition, remembered_conditions> conditions;
  std::vector<Notice> notices;  // of the step
  std::vector<std::uint32_t> asked;  // slots that a host named last
  ReadObserver* observer = nullptr;
};

/// Operations of all rules of one step together; beyond it every rule is false. Some tens of milliseconds in a page.
constexpr std::uint64_t max_step_operations = 4'000'000;

class StateEnvironment final : public Environment {
 public:
  /// All must outlive the environment. What is found is remembered in `scratch` and `memo` (profile/finding.h).
  StateEnvironment(const program::Tables& tables, const State& state, Scratch& scratch, VisitorMemo& memo)
      : tables_(tables), state_(state), scratch_(scratch), memo_(memo) {
    set_event({});
  }

  void set_now(Instant now) { now_ = now, changed(Part::moment); }
  void set_event(const CurrentEvent& event);
  /// To be called after every change of the state, with the part that it is of.
  void changed(Part part) { memo_.changes[static_cast<std::size_t>(part)] = ++scratch_.generation; }
  /// Of an enrolment: another stage, begun or ended.
  void moved(std::uint32_t journey) { changed(part_of(Part::stages, journey)), changed(Part::journeys); }
  /// The generation of its latest change.
  [[nodiscard]] std::uint64_t latest(Part part) const { return memo_.changes[static_cast<std::size_t>(part)]; }
  /// The same where several of them did.
  void changed() { memo_.changes.fill(++scratch_.generation); }
  /// Tells the host, as a part of the step's answer.
  void notice(ErrorCode code, std::string_view name) {
    if (scratch_.notices.size() < max_notices) scratch_.notices.push_back({code, name});
  }
  [[nodiscard]] const CurrentEvent& event() const { return event_; }

  /// Evaluates a condition; `none` is true. A rule over its budget is false and sets over_budget().
  [[nodiscard]] bool holds(NodeIndex rule);
  [[nodiscard]] Value evaluate_rule(NodeIndex rule);
  /// Operations spent since the environment was made: one step's, or one decision's.
  [[nodiscard]] std::uint64_t steps_spent() const { return steps_spent_; }
  /// Whether a rule ran out of budget since the last call.
  [[nodiscard]] bool take_over_budget() { return std::exchange(over_budget_, false); }

  [[nodiscard]] VisitorMemo& memo() { return memo_; }
  /// Whether it would be found again as it was. Who takes it over calls this, and find() otherwise.
  [[nodiscard]] bool recalls(const Finding& finding);
  /// Does the work that finds something, and notes in `finding` what was read for it.
  template <typename Work>
  void find(Finding& finding, const Work& work) {
    const Search outer = begin();
    work();
    end(finding, outer);
  }
  void note(Part part) const { reads_.note(part); }

  /// Valid until the scratch's generation changes.
  [[nodiscard]] const VisitorMemo::Key& index_key(std::uint32_t index);

  Value attribute(std::uint32_t index, Arena& arena) override;
  Value path(std::string_view dotted, Arena& arena) override;
  bool segment(std::uint32_t index) override;
  double intent(std::uint32_t index, double bound) override;
  Value stage(std::uint32_t journey) override;
  std::span<const PastEvent> history(std::string_view event, Duration length) override;
  Instant now() override {
    note(Part::moment);
    return now_;
  }
  Instant now_between(double one, double other) override {
    // Not remembered around a turn, which may be a fraction of a millisecond, or a sum that was rounded.
    constexpr double around = 2;
    for (const double turn : {one, other}) {
      if (turn + around > static_cast<double>(now_) && turn < max_instant) reads_.note_until(static_cast<Instant>(turn - around));
    }
    return now_;
  }
  /// The same for those who do not evaluate a rule.
  [[nodiscard]] Instant instant() const { return now_; }
  TimeZone zone() override { return tables_.time_zone(); }

  /// Whether the visitor is in the site's holdout.
  [[nodiscard]] bool in_holdout();
  /// Whether the visitor is in the site's holdout, or in that of the journey.
  [[nodiscard]] bool in_journey_holdout(std::uint32_t journey);
  /// Whether the visitor sees the default where the experience would show.
  [[nodiscard]] bool withheld(std::uint32_t experience);

  /// The value of a trait that may be used now: consented, fresh, of the best source; null when there is none.
  [[nodiscard]] const TraitValue* readable_trait(std::uint32_t trait) const;
  [[nodiscard]] bool consented(std::uint32_t purpose) const;
  [[nodiscard]] bool fresh(const TraitValue& value) const;

 private:
  /// What find() puts aside.
  struct Search {
    Reads reads;
    std::uint64_t steps_spent;
    bool over_budget;
  };
  /// As evaluate_rule(), as a condition.
  [[nodiscard]] bool is_true(NodeIndex rule);
  [[nodiscard]] Scratch::Compares compares(NodeIndex rule);
  [[nodiscard]] std::optional<bool> compare(NodeIndex rule);
  [[nodiscard]] Search begin();
  void end(Finding& finding, const Search& outer);
  /// What was read for a finding was read for whoever asks for it.
  void take_over(const Finding& finding);
  Value read(program::Root root, std::uint32_t index, std::string_view path);
  Value told(ReadObserver::What what, std::uint32_t index, std::string_view path, Value value) const {
    if (scratch_.observer) scratch_.observer->read(what, index, path, value);
    return value;
  }
  /// The value of a definition, missing for one that uses itself.
  Value defined(Scratch::Memo& memo, NodeIndex rule, bool as_condition);
  Value session_field(std::string_view field) const;
  /// The part of `value` at a dotted path, as `var` finds it in data; the value itself for an empty path.
  Value inside(const Value& value, std::string_view path);
  Value event_field(std::string_view path);
  Value computed(std::uint32_t index);
  Value assigned_variant(std::uint32_t experience) const;

  const program::Tables& tables_;
  const State& state_;
  Scratch& scratch_;
  VisitorMemo& memo_;
  CurrentEvent event_;
  Instant now_ = 0;
  mutable Reads reads_;  // of what is being found
  std::uint64_t steps_spent_ = 0;
  std::uint32_t nesting_ = 0;
  bool over_budget_ = false;
};

/// `value` decayed from `at` to `now` with that half-life in milliseconds: value * 2^-((now - at) / half_life), the same bits on every target. Time
/// that has not passed changes nothing.
[[nodiscard]] double decayed(double value, Instant at, Instant now, double half_life);

/// A score at one time.
struct Score {
  double risen = 0, fallen = 0;
  [[nodiscard]] double value() const { return risen - fallen; }
};
[[nodiscard]] Score score_at(const State& state, std::uint32_t intent, double half_life, Instant now);
/// For how long at least a score that is `value` now stays on its side of `bound` while it decays.
[[nodiscard]] Duration time_beyond(double value, double bound, double half_life);

}  // namespace wayline
