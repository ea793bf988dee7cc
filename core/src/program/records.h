// The layout of a compiled program: flat tables of plain records that refer to one another by 32-bit index.
// The file is these tables, little-endian, each aligned to 8 bytes, behind a header; it is used in place.
//
//   Header | Section[table_count] | table bytes …
//
// The tables follow one another in the order of their sections.
// A change of any record raises `format_version`.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "base/instant.h"
#include "rules/expression.h"

namespace wayline::program {

constexpr std::uint64_t magic = 0x314d47524c594157;  // "WAYLRGM1"
constexpr std::uint32_t format_version = 5;
/// An index that refers to nothing; for conditions: always true.
constexpr std::uint32_t none = 0xffffffff;

struct Header {
  std::uint64_t magic;
  std::uint64_t checksum;  // program/checksum.h of every word after this field
  std::uint32_t version;
  std::uint32_t size;      // of the whole file, bytes
  std::uint32_t table_count;
  std::uint32_t reserved;  // zero
};
static_assert(sizeof(Header) == 32);

struct Section {
  std::uint32_t offset;  // from the start of the file, a multiple of 8
  std::uint32_t count;   // records
};

/// A string in the text table.
struct Text {
  std::uint32_t first;
  std::uint32_t size;
};

/// A run of records in another table.
struct Range {
  std::uint32_t first;
  std::uint32_t count;
};

/// A constant of the rules or of contents. Lists refer to a run of constants, objects to a run of members.
struct Constant {
  std::uint8_t kind;    // Kind
  std::uint8_t height;  // more than that of any part of it: then nothing is a part of itself
  std::uint8_t reserved[2];
  std::uint32_t size;  // boolean: 0 or 1; string, list, object: length
  union {
    double number;
    std::uint32_t first;
  };
};
static_assert(sizeof(Constant) == 16);

struct ConstantMember {
  Text key;
  std::uint32_t value;  // constant
};

enum class Root : std::uint32_t { profile, page, session, device, event, computed, consent, experiment, now };
constexpr std::uint32_t root_count = 9;
/// As authors write them, in the order of Root.
inline constexpr std::array<std::string_view, root_count> root_names{"profile", "page",     "session",    "device", "event",
                                                                     "computed", "consent", "experiment", "now"};

/// An entry of the attribute table: something that a rule reads.
struct Attribute {
  Root root;
  std::uint32_t index;  // profile: trait; computed: computed; consent: purpose; experiment: experience; else none
  Text path;            // what follows the root, dotted; may be empty
};

enum class TraitType : std::uint32_t { any, string, number, boolean, date, list, object };

struct Trait {
  Text name;  // without "profile."
  TraitType type;
  std::uint32_t purpose;  // none: no consent needed
  Duration ttl;           // 0: never stale
  Range sources;          // texts, by precedence
  Range allowed;          // texts: the only values; none: any
};

struct Segment {
  Text name;
  NodeIndex rule;
};

struct Computed {
  Text name;
  NodeIndex rule;
};

struct Intent {
  Text name;
  Range signals;
  double half_life;  // milliseconds
  double cap;        // 0: none
  double floor;      // at most 0
};

struct Signal {
  Text event;
  NodeIndex condition;
  std::uint32_t reserved;
  double add;
};

/// An event that history operators ask for, and the properties they read of it. By name.
struct HistoryEvent {
  Text name;
  Range properties;         // texts: dotted paths below `properties`, of every event
  Range latest_properties;  // of the latest event besides
  Duration window;          // how far back every event is remembered; 0: only the latest is
  Duration latest_window;   // how long the latest is remembered for its own sake; 0: not
};

struct Cap {
  std::uint32_t max;
  std::uint32_t reserved;
  Duration per;  // 0: per session, -1: per page
};

/// Exposures that one cap can count, and so the most that are remembered of an experience or of all together.
constexpr std::uint32_t max_remembered_exposures = 100;

enum class Status : std::uint32_t { draft, live, paused, archived };
enum class ContentKind : std::uint32_t { html, text, attributes, redirect, json };

struct Variant {
  Text id;
  ContentKind kind;
  std::uint32_t content;      // constant: {"html"|"text"|"attributes"|"redirect"|"json": …}
  std::uint32_t interpolates;  // whether strings in it hold {{interpolations}}
  std::uint32_t reserved;
  double weight;  // the weights of an experience add up to about 1
};

/// On which terms experiences are shown: whose they are, to whom, how often, beside which others. Those of equal terms share a record.
struct Terms {
  Text group;       // empty: none
  Text name_space;  // empty: none
  Text owner;
  Range urls;   // texts: URL patterns
  Range names;  // texts
  Range caps;
  NodeIndex score;
  std::uint32_t purpose;
  Status status;
  std::uint32_t version;
  std::uint32_t dismissible;
  std::uint32_t remembered;  // exposures that its caps can ask for, at least 1
  Duration dismiss_for;  // 0: for ever
  double coverage;
  double name_space_from;
  double name_space_to;
};
static_assert(sizeof(Terms) == 104 && sizeof(Cap) == 16, "no padding: they are told apart by their bytes");

struct Experience {
  Text id;
  Text seed;
  Range paths;  // texts: URL patterns; empty as the URLs and names of the terms are: every page
  Range variants;
  std::uint32_t terms;
  std::uint32_t slot;
  std::uint32_t journey;  // none: a page rule
  std::uint32_t stage;    // none: a page rule
  NodeIndex condition;
  std::uint32_t reserved;
  Instant from;  // inclusive
  Instant to;    // exclusive
  double priority;  // with the journey's added
};

struct Slot {
  Text name;
  Range page_rules;     // indexes table: experiences, by descending priority, then id
  std::uint32_t index;  // index node over the page rules that can show; none: there are none
  std::uint32_t reserved;
};

/// How an index node tells its rules apart by a value (program/index.h has the classes of values).
enum class IndexKind : std::uint32_t {
  leaf,   // rules, by rank
  page,   // edges by the fixed beginning of the page patterns, by hash
  equal,  // edges by the values that the key may be equal to, by hash
  least,  // edges by the bound that the key must reach, ascending
  most,   // edges by the bound that the key must not pass, descending
};

/// A decision tree over the page rules of a slot: what a page and a visitor can not match is never looked at.
/// Rules that do not depend on the node's key are in `otherwise`. Its tree is written out in order:
/// a node, what is below its edges, what is below `otherwise`.
struct IndexNode {
  IndexKind kind;
  std::uint32_t key;        // equal, least, most: index keys table
  std::uint32_t otherwise;  // index node or none
  Range edges;
  Range rules;              // leaf: indexes table
};

struct IndexEdge {
  std::uint32_t hash;   // page, equal
  std::uint32_t child;  // index node
  double bound;         // least, most
  Range rules;          // page: indexes table, every rule below this edge, by rank
};

struct Trigger {
  Text event;  // empty: any step
  NodeIndex condition;
};

/// Which exposures a goal is credited to: the last one, or all in equal shares.
enum class GoalCredit : std::uint32_t { last, linear };

enum class ActionKind : std::uint32_t { emit, set, intent, handoff };

struct Action {
  ActionKind kind;
  std::uint32_t index;      // set: trait; intent: intent
  Text name;                // emit: event; handoff: team
  Text reason;              // handoff
  Range properties;         // emit: ActionProperty
  NodeIndex value;          // set
  std::uint32_t then;       // handoff: stage once acknowledged, none: stay
  std::uint32_t otherwise;  // handoff: stage when not acknowledged in time, none: stay
  std::uint32_t reserved;
  double add;               // intent
  Duration within;          // handoff: to be acknowledged in; 0: no acknowledgement is asked
};

struct ActionProperty {
  Text key;
  NodeIndex value;
};

/// What a transition waits for, counted from when its stage was entered.
enum class Timing : std::uint32_t {
  untimed,  // no timer
  wait,     // `wait` milliseconds
  time,     // the next time that clocks of the site show `wait` since midnight
  weekday,  // the same on the weekday `until`
  date,     // the moment that the rule `until` yields; with `wait` of 0 or more at that time of its day
};

struct Transition {
  Trigger when;
  std::uint32_t go;     // stage, none: stay
  std::uint32_t start;  // journey, none
  Text start_reason;    // may be empty
  Range actions;
  Timing timing;
  std::uint32_t until;  // weekday: 0 Monday to 6; date: the rule's node; else none
  std::uint32_t reserved;
  Duration wait;  // wait: how long; time, weekday: since midnight; date: the same, -1 for its own time; untimed: 0
};

struct Stage {
  Text name;
  Text team;
  Text system;
  std::uint32_t journey;
  std::uint32_t moment_of_truth;
  Range actions;      // on entry
  Range show;         // indexes table: experiences
  Range transitions;  // in document order
};

struct Exit {
  Trigger when;
  Text outcome;
};

struct Hold {
  Text by;
  Text reason;
  Text scope;  // "everything", "team:<name>" or "journey:<id>"; of a journey's own holds empty
  NodeIndex condition;
  std::uint32_t reserved;
};

/// At most `max` passes at a time through these journeys.
struct Limit {
  std::uint32_t max;
  Range journeys;  // journey_sets table
};

/// An intent that a signal adds to.
struct Heard {
  std::uint32_t intent;
  std::uint32_t signal;
};

/// Who listens to the events of some name. The first has no name and is for those that nobody names, the others are by name.
struct Listener {
  Text name;
  std::uint32_t history;  // where history operators look for it; none: nowhere
  Range entries;          // journey_sets table: journeys that it may enter, in their order
  Range signals;          // heard table, in the order of the intents
};

/// What becomes of a pass through an older version of a journey that stands on the stage `from`.
struct Migration {
  std::uint32_t version;
  std::uint32_t stage;  // none: the pass ends
  Text from;
  Text outcome;         // of a pass that ends
};

struct Journey {
  Text id;
  Text owner;
  Trigger enter;
  Trigger goal;         // has_goal says whether there is one
  Text goal_under;
  NodeIndex goal_value;
  std::uint32_t goal_start;
  Text goal_start_reason;
  std::uint32_t has_goal;
  std::uint32_t goal_ends;
  Status status;
  std::uint32_t version;
  std::uint32_t start;  // stage
  std::uint32_t reenter_max;  // 0: no limit
  Range exits;
  Range holds;
  Range stages;
  Range migrations;
  GoalCredit goal_credit;
  std::uint32_t reserved;
  Duration reenter_after;
  Instant from;
  Instant to;
  double priority;
  double holdout;        // share of visitors who never see it
  Duration goal_within;  // how far back exposures are credited; 0: the goal credits none
};

struct Site {
  Text name;
  Text zone_name;
  Range pressure_caps;
  Range holds;   // over several journeys
  Range limits;
  std::uint32_t quiet_of_visitor;  // quiet hours are those of the visitor's clock, where the device tells it
  std::uint32_t has_quiet_hours;
  std::uint32_t events_purpose;  // none: events need no consent
  std::uint32_t remembered;      // exposures that the pressure caps can ask for
  double quiet_from;  // milliseconds since local midnight
  double quiet_to;
  double holdout;
  Duration retention;
  Duration session_timeout;
};

/// Every table of the file, in the order of the sections: X(name, record).
#define WAYLINE_PROGRAM_TABLES(X)                 \
  X(text, char)                                   \
  X(site, Site)                                   \
  X(constants, Constant)                          \
  X(members, ConstantMember)                      \
  X(nodes, Node)                                  \
  X(operands, std::uint32_t)                      \
  X(attributes, Attribute)                        \
  X(traits, Trait)                                \
  X(texts, Text)                                  \
  X(purposes, Text)                               \
  X(segments, Segment)                            \
  X(computed, Computed)                           \
  X(intents, Intent)                              \
  X(signals, Signal)                              \
  X(history, HistoryEvent)                        \
  X(slots, Slot)                                  \
  X(index_nodes, IndexNode)                       \
  X(index_edges, IndexEdge)                       \
  X(index_keys, std::uint32_t)                    \
  X(indexes, std::uint32_t)                       \
  X(terms, Terms)                                 \
  X(experiences, Experience)                      \
  X(variants, Variant)                            \
  X(caps, Cap)                                    \
  X(journeys, Journey)                            \
  X(journey_order, std::uint32_t)                 \
  X(stages, Stage)                                \
  X(transitions, Transition)                      \
  X(actions, Action)                              \
  X(action_properties, ActionProperty)            \
  X(exits, Exit)                                  \
  X(holds, Hold)                                  \
  X(limits, Limit)                                \
  X(journey_sets, std::uint32_t)                  \
  X(migrations, Migration)                        \
  X(listeners, Listener)                          \
  X(heard, Heard)                                 \
  X(zone, ZoneTransition)

/// The tables by number.
enum class Table : std::uint8_t {
#define WAYLINE_TABLE(name, record) name,
  WAYLINE_PROGRAM_TABLES(WAYLINE_TABLE)
#undef WAYLINE_TABLE
};
constexpr std::uint32_t table_count = 0
#define WAYLINE_TABLE(name, record) +1
    WAYLINE_PROGRAM_TABLES(WAYLINE_TABLE)
#undef WAYLINE_TABLE
    ;

/// Where the table after one that ends there begins.
template <typename Size>
[[nodiscard]] constexpr Size aligned(Size end) {
  return (end + 7) / 8 * 8;
}

}  // namespace wayline::program
