// A pack as its authors wrote it: typed, validated, names not yet resolved. Rules stay JSON, with their places.
// Keys and defaults follow design section 5; an absent optional rule is a null pointer and means "always".
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/instant.h"
#include "value/json.h"
#include "wayline/diagnostic.h"

namespace wayline::document {

/// A rule inside a parsed document, with the document's positions. Lives as long as the Pack.
struct Rule {
  const Value* value = nullptr;
  const SourceMap* positions = nullptr;
  explicit operator bool() const { return value != nullptr; }
};

/// A name together with where it was written, for references that are resolved later.
struct Name {
  std::string text;
  SourceRange range;
};

struct Schedule {
  std::optional<Instant> from;  // inclusive
  std::optional<Instant> to;    // exclusive
  struct Bound {
    Instant at;
    SourceRange range;
    std::optional<Duration> offset;  // from UTC, as it is written; absent: without a time of day
  };
  std::vector<Bound> bounds;
};

/// At most `max` in any window of `per`; `per` of 0 means one session, -1 one page.
struct Cap {
  std::uint32_t max = 0;
  Duration per = 0;
};

struct Attribute {
  Name name;                          // "profile.tier"
  std::string type;                   // string number boolean date list object
  std::vector<std::string> allowed;   // enum
  std::vector<std::string> sources;   // by declared precedence, first wins
  std::optional<Duration> ttl;
  std::string purpose;                // empty: none needed
  std::string team;                   // owner, empty when not said
};

struct Event {
  Name name;
  std::map<std::string, std::string> properties;  // name -> type
};

/// `computed.<name>`: a history aggregate under a name. The rule is the JSON of the equivalent operator,
/// made by the loader ({"count": "X", "within": "7d"} -> {"count": ["X", {"within": "7d"}]}), or any other rule.
struct Computed {
  Name name;
  Rule rule;
};

struct Segment {
  Name name;
  Rule rule;
};

struct Signal {
  Name event;
  Rule condition;
  double add = 1;
};

struct Intent {
  Name name;
  Duration half_life = 0;
  double cap = 0;    // 0: none
  double floor = 0;  // at most 0
  bool is_score = false;  // declared among `scores`
  std::vector<Signal> signals;
};

struct GoalNode {  // an entry of the goal tree in site.json
  Name name;
  std::string kind;
  std::optional<Name> under;
  std::string period;
  std::optional<double> target;
  std::string owner;
};

/// Where an experience may appear. Empty lists match every page.
struct PageMatch {
  std::vector<std::string> paths;  // URL patterns
  std::vector<std::string> urls;
  std::vector<std::string> names;  // exact page names
};

struct Variant {
  Name id;
  double weight = 1;
  Rule content;  // {"html"|"text"|"attributes"|"redirect"|"json": …} validated, templates inside strings
  std::vector<Name> reads;  // the paths of its well-formed {{interpolations}}, in order, not yet resolved
};

struct Experience {
  Name id;
  std::string slot;
  PageMatch page;
  Rule condition;
  Rule score;
  double priority = 0;
  std::string group;    // mutual exclusion; empty: none
  std::string purpose;  // consent it needs; empty: none
  Schedule schedule;
  std::vector<Cap> caps;
  bool dismissible = false;
  Duration dismiss_for = 0;  // cool-down after a dismissal; 0: for ever
  std::string seed;          // empty: the id
  double coverage = 1;
  std::string name_space;    // empty: none
  double name_space_from = 0, name_space_to = 1;
  std::uint32_t version = 1;
  std::string status = "live";
  std::string owner;
  std::vector<Variant> variants;
};

struct Emit { std::string event; Rule properties; };           // properties: an object of rules, may be absent
struct SetTrait { Name attribute; Rule value; };
struct AddIntent { Name intent; double add = 1; };
struct Handoff {
  Name team;
  std::string reason;
  std::optional<Duration> within;  // to be acknowledged in; absent: no acknowledgement is asked
  std::optional<Name> then;        // stage once acknowledged
  std::optional<Name> otherwise;   // stage when not acknowledged in time
};
using Action = std::variant<Emit, SetTrait, AddIntent, Handoff>;

/// A secondary need: another journey to start, and what its readers are told.
struct Start {
  Name journey;
  std::string reason;
};

/// A moment to wait for: a time of day, of any day or of a weekday, or a date that a rule yields.
struct Until {
  std::optional<Duration> time;        // since midnight in the site's zone
  std::optional<std::uint32_t> weekday;  // 0 Monday to 6 Sunday
  Rule date;
};

/// One way out of a stage. With `event`: when that event comes; with `wait` or `until`: at a time after the stage was
/// entered; with none of them: at once when the condition holds.
struct Transition {
  std::optional<Name> event;
  std::optional<Duration> wait;
  std::optional<Until> until;
  Rule condition;
  std::optional<Name> go;      // stage of the same journey; absent: stay, only act
  std::optional<Start> start;
  std::vector<Action> actions;
  SourceRange range;
};

struct Stage {
  Name name;
  std::string team;
  std::string system;
  std::vector<Name> needs;
  bool moment_of_truth = false;
  std::vector<Action> on_enter;  // "do" of the stage
  std::vector<Experience> show;
  std::vector<Transition> transitions;  // `on` in order, then `after` in order
};

struct Trigger {  // enter, goal and exit conditions: an event, a rule, or both
  std::optional<Name> event;
  Rule condition;
};

struct Exit {
  Trigger when;
  std::string outcome = "exited";
};

struct Hold {
  std::string by;
  Rule condition;
  std::string reason;
  std::string scope;  // of the site's holds: "everything", "team:<name>" or "journey:<id>"
};

/// At most `max` passes at a time through journeys of a team, through those listed, or, with neither, through any.
struct Limit {
  std::uint32_t max = 1;
  std::string team;
  std::vector<Name> journeys;
};

/// What becomes of passes of an older version that stand on a stage.
struct Migration {
  std::uint32_t version = 0;
  std::string from;
  std::optional<Name> stage;  // absent: the pass ends
  std::string outcome;        // of a pass that ends
};

struct JourneyGoal {
  Trigger when;
  std::optional<Name> under;
  std::optional<Start> start;
  bool ends = true;   // "ends": the enrolment is completed when the goal is reached
  Rule value;         // revenue, optional
  std::optional<Duration> attributed_within = {};  // "attribution"
  bool is_linear = false;                          // its model; else the last exposure takes all
};

struct Reenter {
  std::optional<Duration> after;  // pause since the end of the last enrolment
  std::uint32_t max = 1;          // enrolments in all; 0: no limit
};

struct Journey {
  Name id;
  std::string owner;
  std::string status = "draft";  // draft live paused archived
  std::uint32_t version = 1;
  double priority = 0;
  Schedule schedule;
  double holdout = 0;  // share of visitors who never see it
  Trigger enter;
  Reenter reenter;  // absent in the document: enter once
  std::optional<JourneyGoal> goal;
  std::vector<Exit> exits;
  std::vector<Hold> holds;
  std::vector<Migration> migrations;
  Name start;
  std::vector<Stage> stages;  // in document order
  bool is_whole = true;       // false: something was not taken as it is written, so that ways and ends may be missing for that reason alone
};

struct QuietHours {
  Duration from = 0, to = 0;  // times of day in the site's zone
  bool of_visitor = false;    // in the visitor's, where the device tells it
};

struct Site {
  std::string name;
  std::string time_zone = "UTC";
  SourceRange time_zone_range;
  std::vector<Name> teams;
  std::vector<Attribute> attributes;
  std::vector<Event> events;
  std::vector<Computed> computed;
  std::vector<Segment> segments;
  std::vector<Intent> intents;  // and scores
  std::vector<std::string> trait_sources;  // by precedence, after an attribute's own
  std::vector<GoalNode> goals;
  std::vector<Cap> pressure_caps;
  std::optional<QuietHours> quiet_hours;
  std::vector<Hold> holds;
  std::vector<Limit> limits;
  double holdout = 0;
  std::vector<std::string> purposes;
  std::string events_purpose;  // empty: events need no consent
  std::vector<Name> slots;
  Duration retention = 90 * day;
  Duration session_timeout = 30 * minute;
};

/// The whole pack. Owns the parsed documents its rules point into.
struct Pack {
  Site site;
  std::vector<Experience> page_rules;
  std::vector<Journey> journeys;  // by id
  std::vector<std::unique_ptr<JsonDocument>> documents;
  bool is_complete = true;  // false: a document could not be parsed, so names may be missing
  bool is_sound = true;     // false: there are errors, so what was read may be less than what was meant
};

/// Files of a pack: path relative to its folder, text. Hosts read the disk; the core never does.
using Files = std::map<std::string, std::string>;

/// Whether a file is a document by its name, or was to be one: editors and mail programs write "welcome.JSON" and "welcome.json.txt", people "welcome.jsonc" or YAML.
[[nodiscard]] bool is_meant_as_document(std::string_view file);

struct Loaded {
  Pack pack;                // also when there are errors, as far as it could be read
  Diagnostics diagnostics;  // by file, line and column
};
/// Parses and validates all documents but tests/*.json.
[[nodiscard]] Loaded load_pack(const Files& files);

}  // namespace wayline::document
