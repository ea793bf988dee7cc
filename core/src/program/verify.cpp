#include "program/verify.h"

#include <algorithm>
#include <cmath>

namespace wayline::program {

namespace {

/// Nested constants of a hostile file could otherwise exhaust the stack of whoever walks them.
constexpr int max_constant_depth = 64;

/// As long as a document can say, 999,999,999 weeks; further instants would leave the range of their type.
constexpr Duration max_wait = Duration{999'999'999} * 7 * day;

/// Deeper index trees cost more to walk than they save.
constexpr std::uint8_t max_index_depth = 32;

/// One overload of `check` a record type; each says what its fields may hold. Those of the large tables are functions of their own: a browser
/// makes functions faster that are called often, and never a running loop.
class Verifier {
 public:
  explicit Verifier(Tables& tables) : tables_(tables) {}

  bool run() {
    if (tables_.site.size() != 1 || !constants()) return false;
    const ReferenceLimits limits{size(tables_.attributes), size(tables_.segments), size(tables_.intents), size(tables_.journeys)};
    if (!well_formed(tables_.expressions(), limits)) return false;
    return all(tables_.site) && all(tables_.attributes) && all(tables_.traits) && all(tables_.texts) && all(tables_.purposes) &&
           all(tables_.segments) && all(tables_.computed) && all(tables_.intents) && all(tables_.signals) && all(tables_.history) &&
           all(tables_.slots) && all(tables_.index_edges) && index_tree() && indexes() && all(tables_.experiences) && all(tables_.variants) && all(tables_.caps) && journeys() &&
           all(tables_.stages) && all(tables_.transitions) && all(tables_.actions) && all(tables_.action_properties) &&
           all(tables_.exits) && all(tables_.holds) && all(tables_.limits) && all(tables_.migrations) && zone();
  }

 private:
  template <typename Record>
  static std::uint32_t size(std::span<const Record> table) { return static_cast<std::uint32_t>(table.size()); }

  template <typename Record>
  bool all(std::span<const Record> table) {
    for (const Record& record : table) {
      if (!check(record)) return false;
    }
    return true;
  }

  [[nodiscard]] bool is(Text text) const { return std::uint64_t{text.first} + text.size <= tables_.text.size(); }
  template <typename Record>
  [[nodiscard]] static bool is(Range range, std::span<const Record> table) {
    return std::uint64_t{range.first} + range.count <= table.size();
  }
  template <typename Record>
  [[nodiscard]] static bool index(std::uint32_t value, std::span<const Record> table) { return value < table.size(); }
  template <typename Record>
  [[nodiscard]] static bool maybe(std::uint32_t value, std::span<const Record> table) { return value == none || value < table.size(); }
  [[nodiscard]] bool node(NodeIndex value) const { return maybe(value, tables_.nodes); }
  [[nodiscard]] bool is(const Trigger& trigger) const { return is(trigger.event) && node(trigger.condition); }
  [[nodiscard]] static bool fraction(double value) { return value >= 0 && value <= 1; }

  bool constants() {
    // Sized first: the values of lists and objects point into these vectors.
    tables_.values.resize(tables_.constants.size());
    tables_.value_members.resize(tables_.members.size());
    std::vector<std::uint8_t> depth(tables_.constants.size(), 0);
    for (std::size_t i = tables_.constants.size(); i-- > 0;) {
      if (!constant(static_cast<std::uint32_t>(i), depth)) return false;
    }
    return true;
  }

  bool constant(std::uint32_t i, std::vector<std::uint8_t>& depth) {
    const Constant& record = tables_.constants[i];
    Value& value = tables_.values[i];
    switch (static_cast<Kind>(record.kind)) {
      case Kind::missing: value = Value(); return true;
      case Kind::null: value = Value::null(); return true;
      case Kind::boolean: value = Value::boolean(record.size != 0); return record.size <= 1;
      case Kind::number: value = Value::number(record.number); return true;
      case Kind::string: {
        const Text text{record.first, record.size};
        if (!is(text)) return false;
        value = Value::string(tables_.view(text));
        return true;
      }
      case Kind::list: {
        if (record.size > 0 && (record.first <= i || !is(Range{record.first, record.size}, tables_.constants))) return false;
        for (std::uint32_t item = record.first; item < record.first + record.size; ++item) deepen(depth, i, item);
        value = Value::list(std::span<const Value>(tables_.values).subspan(record.size > 0 ? record.first : 0, record.size));
        return depth[i] < max_constant_depth;
      }
      case Kind::object: {
        if (!is(Range{record.first, record.size}, tables_.members)) return false;
        for (std::uint32_t m = record.first; m < record.first + record.size; ++m) {
          const ConstantMember& member = tables_.members[m];
          if (!is(member.key) || member.value <= i || !index(member.value, tables_.constants)) return false;
          deepen(depth, i, member.value);
          tables_.value_members[m] = {tables_.view(member.key), tables_.values[member.value]};
        }
        value = Value::object({tables_.value_members.data() + record.first, record.size});
        return depth[i] < max_constant_depth;
      }
    }
    return false;
  }

  static void deepen(std::vector<std::uint8_t>& depth, std::uint32_t outer, std::uint32_t inner) {
    if (depth[inner] >= depth[outer] && depth[inner] < max_constant_depth) depth[outer] = static_cast<std::uint8_t>(depth[inner] + 1);
  }

  bool check(const Site& site) {
    return is(site.name) && is(site.zone_name) && is(site.pressure_caps, tables_.caps) && is(site.holds, tables_.holds) &&
           is(site.limits, tables_.limits) && site.quiet_of_visitor <= 1 && site.has_quiet_hours <= 1 &&
           maybe(site.events_purpose, tables_.purposes) && site.remembered <= max_remembered_exposures && fraction(site.holdout) && site.retention > 0 && site.session_timeout > 0;
  }
  bool check(const Attribute& attribute) {
    if (!is(attribute.path) || static_cast<std::uint32_t>(attribute.root) >= root_count) return false;
    switch (attribute.root) {
      case Root::profile: return maybe(attribute.index, tables_.traits);
      case Root::computed: return index(attribute.index, tables_.computed);
      case Root::consent: return maybe(attribute.index, tables_.purposes);
      case Root::experiment: return maybe(attribute.index, tables_.experiences);
      default: return attribute.index == none;
    }
  }
  bool check(const Trait& trait) {
    return is(trait.name) && trait.type <= TraitType::object && maybe(trait.purpose, tables_.purposes) && trait.ttl >= 0 &&
           is(trait.sources, tables_.texts) && is(trait.allowed, tables_.texts);
  }
  bool check(const Text& text) { return is(text); }
  bool check(const Segment& segment) { return is(segment.name) && node(segment.rule); }
  bool check(const Computed& computed) { return is(computed.name) && node(computed.rule); }
  bool check(const Intent& intent) {
    return is(intent.name) && is(intent.signals, tables_.signals) && intent.half_life >= 1 && std::isfinite(intent.half_life) && intent.cap >= 0 &&
           intent.floor <= 0 && std::isfinite(intent.floor);
  }
  bool check(const Signal& signal) { return is(signal.event) && node(signal.condition) && std::isfinite(signal.add); }
  bool check(const HistoryEvent& event) {
    return is(event.name) && is(event.properties, tables_.texts) && is(event.latest_properties, tables_.texts) && event.window >= 0 && event.latest_window >= 0;
  }
  bool check(const Slot& slot) {
    return is(slot.name) && is(slot.page_rules, tables_.indexes) && maybe(slot.index, tables_.index_nodes);
  }
  bool check(const IndexEdge& edge) { return std::isfinite(edge.bound) && is(edge.rules, tables_.indexes) && index(edge.child, tables_.index_nodes); }
  bool index_tree() {
    for (const std::uint32_t key : tables_.index_keys) {
      if (!index(key, tables_.nodes)) return false;
    }
    // Only later nodes are referred to, so depths are known from the end; a look-up recurses that deep.
    std::vector<std::uint8_t> depth(tables_.index_nodes.size(), 0);
    std::vector<bool> has_parent(tables_.index_nodes.size(), false);
    for (std::size_t i = tables_.index_nodes.size(); i-- > 0;) {
      if (!index_node(i, depth, has_parent)) return false;
    }
    return true;
  }
  [[gnu::noinline]] bool index_node(std::size_t i, std::vector<std::uint8_t>& depth, std::vector<bool>& has_parent) {
    const IndexNode& node = tables_.index_nodes[i];
    const bool keyed = node.kind == IndexKind::equal || node.kind == IndexKind::least || node.kind == IndexKind::most;
    if (node.kind > IndexKind::most || (keyed && !index(node.key, tables_.index_keys)) || !is(node.edges, tables_.index_edges) ||
        !is(node.rules, tables_.indexes)) {
      return false;
    }
    const auto below = [&](std::uint32_t child) {
      // A node with two parents would be walked from both, and a chain of such nodes for ever.
      if (child <= i || !index(child, tables_.index_nodes) || has_parent[child]) return false;
      has_parent[child] = true;
      depth[i] = std::max<std::uint8_t>(depth[i], static_cast<std::uint8_t>(depth[child] + 1));
      return depth[i] <= max_index_depth;
    };
    if (node.otherwise != none && !below(node.otherwise)) return false;
    for (const IndexEdge& edge : Tables::run(tables_.index_edges, node.edges)) {
      if (!below(edge.child)) return false;
    }
    return true;
  }
  bool check(const Cap& cap) { return cap.per >= -1; }
  [[gnu::noinline]] bool check(const Variant& variant) {
    return is(variant.id) && variant.kind <= ContentKind::json && index(variant.content, tables_.constants) && variant.interpolates <= 1 && fraction(variant.weight);
  }
  [[gnu::noinline]] bool check(const Experience& experience) {
    const bool page_rule = experience.journey == none;
    return is(experience.id) && is(experience.seed) && is(experience.group) && is(experience.name_space) && is(experience.owner) &&
           index(experience.slot, tables_.slots) && maybe(experience.journey, tables_.journeys) && maybe(experience.stage, tables_.stages) &&
           page_rule == (experience.stage == none) && node(experience.condition) && node(experience.score) &&
           maybe(experience.purpose, tables_.purposes) && is(experience.paths, tables_.texts) && is(experience.urls, tables_.texts) &&
           is(experience.names, tables_.texts) && is(experience.caps, tables_.caps) && is(experience.variants, tables_.variants) &&
           experience.variants.count > 0 && experience.remembered > 0 && experience.remembered <= max_remembered_exposures && experience.status <= Status::archived && experience.dismissible <= 1 && experience.dismiss_for >= 0 &&
           std::isfinite(experience.priority) && std::isfinite(experience.coverage) && std::isfinite(experience.name_space_from) &&
           std::isfinite(experience.name_space_to);
  }

  /// The indexes table holds experiences only.
  bool indexes() {
    for (const std::uint32_t experience : tables_.indexes) {
      if (!index(experience, tables_.experiences)) return false;
    }
    return all_slots_own_their_rules();
  }
  bool all_slots_own_their_rules() {
    for (std::uint32_t slot = 0; slot < tables_.slots.size(); ++slot) {
      for (const std::uint32_t experience : Tables::run(tables_.indexes, tables_.slots[slot].page_rules)) {
        if (tables_.experiences[experience].slot != slot || tables_.experiences[experience].journey != none) return false;
      }
    }
    return true;
  }

  bool check(const Journey& journey) {
    return is(journey.id) && is(journey.owner) && is(journey.enter) && is(journey.goal) && is(journey.goal_under) && node(journey.goal_value) &&
           maybe(journey.goal_start, tables_.journeys) && is(journey.goal_start_reason) && is(journey.migrations, tables_.migrations) && journey.has_goal <= 1 && journey.goal_ends <= 1 && journey.status <= Status::archived &&
           is(journey.exits, tables_.exits) && is(journey.holds, tables_.holds) && is(journey.stages, tables_.stages) &&
           journey.stages.count > 0 && inside(journey.start, journey.stages) && journey.reenter_after >= 0 && std::isfinite(journey.priority) &&
           journey.goal_credit <= GoalCredit::linear && journey.goal_within >= 0 && fraction(journey.holdout);
  }
  static bool inside(std::uint32_t value, Range range) { return value >= range.first && value - range.first < range.count; }

  bool journeys() {
    if (!all(tables_.journeys) || tables_.journey_order.size() != tables_.journeys.size()) return false;
    for (const std::uint32_t journey : tables_.journey_order) {
      if (!index(journey, tables_.journeys)) return false;
    }
    for (std::uint32_t j = 0; j < tables_.journeys.size(); ++j) {
      if (!stages_belong(j)) return false;
    }
    return true;
  }
  /// A stage belongs to its journey, and its transitions stay inside it.
  bool stages_belong(std::uint32_t journey) {
    const Range range = tables_.journeys[journey].stages;
    for (const Stage& stage : Tables::run(tables_.stages, range)) {
      if (stage.journey != journey || !is(stage.show, tables_.indexes) || !is(stage.transitions, tables_.transitions) || !stay_inside(stage.actions, range)) return false;
      for (const Transition& transition : Tables::run(tables_.transitions, stage.transitions)) {
        if (!maybe_inside(transition.go, range) || !stay_inside(transition.actions, range)) return false;
      }
    }
    for (const Migration& migration : Tables::run(tables_.migrations, tables_.journeys[journey].migrations)) {
      if (!maybe_inside(migration.stage, range)) return false;
    }
    return true;
  }
  static bool maybe_inside(std::uint32_t stage, Range range) { return stage == none || inside(stage, range); }
  bool stay_inside(Range actions, Range stages) {
    if (!is(actions, tables_.actions)) return false;
    for (const Action& action : Tables::run(tables_.actions, actions)) {
      if (!maybe_inside(action.then, stages) || !maybe_inside(action.otherwise, stages)) return false;
    }
    return true;
  }
  bool check(const Stage& stage) {
    return is(stage.name) && is(stage.team) && is(stage.system) && index(stage.journey, tables_.journeys) && stage.moment_of_truth <= 1 &&
           is(stage.actions, tables_.actions) && is(stage.show, tables_.indexes) && is(stage.transitions, tables_.transitions);
  }
  bool check(const Transition& transition) {
    return is(transition.when) && maybe(transition.go, tables_.stages) && maybe(transition.start, tables_.journeys) &&
           is(transition.start_reason) && is(transition.actions, tables_.actions) && transition.wait >= (transition.timing == Timing::date ? -1 : 0) &&
           timed(transition);
  }
  bool timed(const Transition& transition) {
    switch (transition.timing) {
      case Timing::untimed: return transition.wait == 0;
      case Timing::wait: return transition.wait > 0 && transition.wait <= max_wait;
      case Timing::time: return transition.wait <= day;
      case Timing::weekday: return transition.wait <= day && transition.until < 7;
      case Timing::date: return transition.wait <= day && index(transition.until, tables_.nodes);
    }
    return false;
  }
  bool check(const Action& action) {
    if (!is(action.name) || !is(action.reason) || !is(action.properties, tables_.action_properties) || !node(action.value) || action.within < 0 ||
        action.within > max_wait) {
      return false;
    }
    switch (action.kind) {
      case ActionKind::set: return index(action.index, tables_.traits) && action.value != none;
      case ActionKind::intent: return index(action.index, tables_.intents) && std::isfinite(action.add);
      case ActionKind::emit:
      case ActionKind::handoff: return action.index == none;
    }
    return false;
  }
  bool check(const ActionProperty& property) { return is(property.key) && index(property.value, tables_.nodes); }
  bool check(const Exit& exit) { return is(exit.when) && is(exit.outcome); }
  bool check(const Hold& hold) { return is(hold.by) && is(hold.reason) && is(hold.scope) && index(hold.condition, tables_.nodes); }
  bool check(const Limit& limit) {
    if (limit.max == 0 || !is(limit.journeys, tables_.journey_sets)) return false;
    for (const std::uint32_t journey : Tables::run(tables_.journey_sets, limit.journeys)) {
      if (!index(journey, tables_.journeys)) return false;
    }
    return true;
  }
  bool check(const Migration& migration) { return is(migration.from) && is(migration.outcome); }

  bool zone() {
    constexpr Duration widest = 26 * hour;  // wider than any offset on Earth
    for (std::size_t i = 0; i < tables_.zone.size(); ++i) {
      const ZoneTransition& transition = tables_.zone[i];
      if (transition.offset < -widest || transition.offset > widest) return false;
      if (i > 0 && transition.from <= tables_.zone[i - 1].from) return false;
    }
    return true;
  }

  Tables& tables_;
};

}  // namespace

bool verify(Tables& tables) { return Verifier(tables).run(); }

}  // namespace wayline::program
