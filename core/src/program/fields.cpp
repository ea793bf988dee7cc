#include "program/fields.h"

#include <limits>

namespace wayline::program {

namespace {

constexpr double largest = std::numeric_limits<double>::max();

/// As long as a document can say, 999,999,999 weeks; further instants would leave the range of their type.
constexpr Duration max_wait = Duration{999'999'999} * 7 * day;
/// Wider than any offset on Earth.
constexpr Duration max_zone_offset = 26 * hour;

// Places in the lists of bounds below.
enum Real : std::uint32_t { finite, fraction, not_negative, not_positive, one_or_more };
enum Time : std::uint32_t { any_time, some_time, time_or_none, zone_offset };

constexpr Field field(std::size_t offset, Holds holds, Table table, std::uint32_t limit) { return {static_cast<std::uint16_t>(offset), holds, table, limit}; }
constexpr Field index(std::size_t offset, Table table) { return field(offset, Holds::index, table, 0); }
constexpr Field maybe(std::size_t offset, Table table) { return field(offset, Holds::index_or_none, table, 0); }
constexpr Field run(std::size_t offset, Table table) { return field(offset, Holds::run, table, 0); }
constexpr Field text(std::size_t offset) { return run(offset, Table::text); }
constexpr Field rule(std::size_t offset) { return maybe(offset, Table::nodes); }
constexpr Field below(std::size_t offset, std::uint32_t limit) { return field(offset, Holds::below, Table::text, limit); }
constexpr Field flag(std::size_t offset) { return below(offset, 2); }
constexpr Field one_to(std::size_t offset, std::uint32_t most) { return field(offset, Holds::one_to, Table::text, most); }
constexpr Field some(std::size_t offset) { return one_to(offset, none); }
constexpr Field real(std::size_t offset, Real bounds) { return field(offset, Holds::real, Table::text, bounds); }
constexpr Field time(std::size_t offset, Time bounds) { return field(offset, Holds::time, Table::text, bounds); }
template <typename Enumeration>
constexpr Field one_of(std::size_t offset, Enumeration last) {
  return below(offset, static_cast<std::uint32_t>(last) + 1);
}

// --- the tables, in their order

constexpr std::array<Field, 0> text_fields{};
constexpr std::array site_fields{
    text(offsetof(Site, name)), text(offsetof(Site, zone_name)), run(offsetof(Site, pressure_caps), Table::caps), run(offsetof(Site, holds), Table::holds),
    run(offsetof(Site, limits), Table::limits), flag(offsetof(Site, quiet_of_visitor)), flag(offsetof(Site, has_quiet_hours)),
    maybe(offsetof(Site, events_purpose), Table::purposes), below(offsetof(Site, remembered), max_remembered_exposures + 1),
    real(offsetof(Site, holdout), fraction), time(offsetof(Site, retention), some_time), time(offsetof(Site, session_timeout), some_time)};
constexpr std::array<Field, 0> constants_fields{};  // by their kind
constexpr std::array members_fields{text(offsetof(ConstantMember, key)), index(offsetof(ConstantMember, value), Table::constants)};
constexpr std::array<Field, 0> nodes_fields{};  // well_formed()
constexpr std::array<Field, 0> operands_fields{};
constexpr std::array attributes_fields{text(offsetof(Attribute, path)), below(offsetof(Attribute, root), root_count)};
constexpr std::array traits_fields{text(offsetof(Trait, name)), one_of(offsetof(Trait, type), TraitType::object), maybe(offsetof(Trait, purpose), Table::purposes),
                                   time(offsetof(Trait, ttl), any_time), run(offsetof(Trait, sources), Table::texts), run(offsetof(Trait, allowed), Table::texts)};
constexpr std::array texts_fields{text(0)};
constexpr std::array purposes_fields{text(0)};
constexpr std::array segments_fields{text(offsetof(Segment, name)), rule(offsetof(Segment, rule))};
constexpr std::array computed_fields{text(offsetof(Computed, name)), rule(offsetof(Computed, rule))};
constexpr std::array intents_fields{text(offsetof(Intent, name)), run(offsetof(Intent, signals), Table::signals), real(offsetof(Intent, half_life), one_or_more),
                                    real(offsetof(Intent, cap), not_negative), real(offsetof(Intent, floor), not_positive)};
constexpr std::array signals_fields{text(offsetof(Signal, event)), rule(offsetof(Signal, condition)), real(offsetof(Signal, add), finite)};
constexpr std::array history_fields{text(offsetof(HistoryEvent, name)), run(offsetof(HistoryEvent, properties), Table::texts),
                                    run(offsetof(HistoryEvent, latest_properties), Table::texts), time(offsetof(HistoryEvent, window), any_time),
                                    time(offsetof(HistoryEvent, latest_window), any_time)};
constexpr std::array slots_fields{text(offsetof(Slot, name)), run(offsetof(Slot, page_rules), Table::indexes), maybe(offsetof(Slot, index), Table::index_nodes)};
constexpr std::array index_nodes_fields{one_of(offsetof(IndexNode, kind), IndexKind::most), maybe(offsetof(IndexNode, key), Table::index_keys),
                                        maybe(offsetof(IndexNode, otherwise), Table::index_nodes), run(offsetof(IndexNode, edges), Table::index_edges),
                                        run(offsetof(IndexNode, rules), Table::indexes)};
constexpr std::array index_edges_fields{index(offsetof(IndexEdge, child), Table::index_nodes), real(offsetof(IndexEdge, bound), finite),
                                        run(offsetof(IndexEdge, rules), Table::indexes)};
constexpr std::array index_keys_fields{index(0, Table::nodes)};
constexpr std::array indexes_fields{index(0, Table::experiences)};
constexpr std::array terms_fields{
    text(offsetof(Terms, group)), text(offsetof(Terms, name_space)), text(offsetof(Terms, owner)), run(offsetof(Terms, urls), Table::texts),
    run(offsetof(Terms, names), Table::texts), run(offsetof(Terms, caps), Table::caps), rule(offsetof(Terms, score)), maybe(offsetof(Terms, purpose), Table::purposes),
    one_of(offsetof(Terms, status), Status::archived), flag(offsetof(Terms, dismissible)), one_to(offsetof(Terms, remembered), max_remembered_exposures),
    time(offsetof(Terms, dismiss_for), any_time), real(offsetof(Terms, coverage), finite), real(offsetof(Terms, name_space_from), finite),
    real(offsetof(Terms, name_space_to), finite)};
constexpr std::array experiences_fields{
    text(offsetof(Experience, id)), text(offsetof(Experience, seed)), run(offsetof(Experience, paths), Table::texts), run(offsetof(Experience, variants), Table::variants),
    some(offsetof(Experience, variants.count)), index(offsetof(Experience, terms), Table::terms), index(offsetof(Experience, slot), Table::slots),
    maybe(offsetof(Experience, journey), Table::journeys), maybe(offsetof(Experience, stage), Table::stages), rule(offsetof(Experience, condition)),
    real(offsetof(Experience, priority), finite)};
constexpr std::array variants_fields{text(offsetof(Variant, id)), one_of(offsetof(Variant, kind), ContentKind::json), index(offsetof(Variant, content), Table::constants),
                                     flag(offsetof(Variant, interpolates)), real(offsetof(Variant, weight), fraction)};
constexpr std::array caps_fields{time(offsetof(Cap, per), time_or_none)};
constexpr std::array journeys_fields{
    text(offsetof(Journey, id)), text(offsetof(Journey, owner)), text(offsetof(Journey, enter.event)), rule(offsetof(Journey, enter.condition)),
    text(offsetof(Journey, goal.event)), rule(offsetof(Journey, goal.condition)), text(offsetof(Journey, goal_under)), rule(offsetof(Journey, goal_value)),
    maybe(offsetof(Journey, goal_start), Table::journeys), text(offsetof(Journey, goal_start_reason)), flag(offsetof(Journey, has_goal)),
    flag(offsetof(Journey, goal_ends)), one_of(offsetof(Journey, status), Status::archived), run(offsetof(Journey, exits), Table::exits),
    run(offsetof(Journey, holds), Table::holds), run(offsetof(Journey, stages), Table::stages), some(offsetof(Journey, stages.count)),
    run(offsetof(Journey, migrations), Table::migrations), one_of(offsetof(Journey, goal_credit), GoalCredit::linear),
    time(offsetof(Journey, reenter_after), any_time), real(offsetof(Journey, priority), finite), real(offsetof(Journey, holdout), fraction),
    time(offsetof(Journey, goal_within), any_time)};
constexpr std::array journey_order_fields{index(0, Table::journeys)};
constexpr std::array stages_fields{text(offsetof(Stage, name)), text(offsetof(Stage, team)), text(offsetof(Stage, system)), index(offsetof(Stage, journey), Table::journeys),
                                   flag(offsetof(Stage, moment_of_truth)), run(offsetof(Stage, actions), Table::actions), run(offsetof(Stage, show), Table::indexes),
                                   run(offsetof(Stage, transitions), Table::transitions)};
constexpr std::array transitions_fields{
    text(offsetof(Transition, when.event)), rule(offsetof(Transition, when.condition)), maybe(offsetof(Transition, go), Table::stages),
    maybe(offsetof(Transition, start), Table::journeys), text(offsetof(Transition, start_reason)), run(offsetof(Transition, actions), Table::actions),
    one_of(offsetof(Transition, timing), Timing::date), time(offsetof(Transition, wait), time_or_none)};
constexpr std::array actions_fields{one_of(offsetof(Action, kind), ActionKind::handoff), text(offsetof(Action, name)), text(offsetof(Action, reason)),
                                    run(offsetof(Action, properties), Table::action_properties), rule(offsetof(Action, value)), real(offsetof(Action, add), finite),
                                    time(offsetof(Action, within), any_time)};
constexpr std::array action_properties_fields{text(offsetof(ActionProperty, key)), index(offsetof(ActionProperty, value), Table::nodes)};
constexpr std::array exits_fields{text(offsetof(Exit, when.event)), rule(offsetof(Exit, when.condition)), text(offsetof(Exit, outcome))};
constexpr std::array holds_fields{text(offsetof(Hold, by)), text(offsetof(Hold, reason)), text(offsetof(Hold, scope)), index(offsetof(Hold, condition), Table::nodes)};
constexpr std::array limits_fields{some(offsetof(Limit, max)), run(offsetof(Limit, journeys), Table::journey_sets)};
constexpr std::array journey_sets_fields{index(0, Table::journeys)};
constexpr std::array migrations_fields{text(offsetof(Migration, from)), text(offsetof(Migration, outcome))};
constexpr std::array listeners_fields{text(offsetof(Listener, name)), maybe(offsetof(Listener, history), Table::history), run(offsetof(Listener, entries), Table::journey_sets),
                                      run(offsetof(Listener, signals), Table::heard)};
constexpr std::array heard_fields{index(offsetof(Heard, intent), Table::intents), index(offsetof(Heard, signal), Table::signals)};
constexpr std::array zone_fields{time(offsetof(ZoneTransition, offset), zone_offset)};

}  // namespace

const std::array<Bounds<double>, 5> reals{{{-largest, largest}, {0, 1}, {0, largest}, {-largest, 0}, {1, largest}}};
const std::array<Bounds<Duration>, 4> times{{{0, max_wait}, {1, max_wait}, {-1, max_wait}, {-max_zone_offset, max_zone_offset}}};

const std::array<Layout, table_count> layouts{{
#define WAYLINE_TABLE(name, record) {sizeof(record), name##_fields},
    WAYLINE_PROGRAM_TABLES(WAYLINE_TABLE)
#undef WAYLINE_TABLE
}};

}  // namespace wayline::program
