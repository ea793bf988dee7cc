// site.json
#include <algorithm>
#include <iterator>
#include <memory>

#include "document/documents.h"

namespace wayline::document {
namespace {

std::vector<Name> key_names(const Reader& reader, const Value& object, std::string_view key) {
  std::vector<Name> names;
  for (const Member& member : reader.members(object, key)) names.push_back(reader.key_name(member));
  return names;
}

/// Types that an enumeration of strings contradicts.
constexpr std::string_view types_without_enum[] = {"number", "boolean", "date", "list", "object"};

void read_attributes(Reader& reader, const Value& root, Site& site) {
  for (const Member& member : reader.members(root, "attributes")) {
    const Value& value = member.value;
    Attribute attribute;
    attribute.name = reader.key_name(member);
    attribute.type = reader.text(value, "type", "string");
    attribute.allowed = reader.texts(value, "enum");
    attribute.sources = reader.texts(value, "source");
    attribute.ttl = reader.duration(value, "ttl");
    attribute.purpose = reader.text(value, "purpose");
    attribute.team = reader.text(value, "team");
    const bool takes_none = std::find(std::begin(types_without_enum), std::end(types_without_enum), attribute.type) !=
                            std::end(types_without_enum);
    if (!attribute.allowed.empty() && takes_none) {
      reader.error(ErrorCode::pack_bad_value, reader.of(*find(value, "enum")),
                   "`enum` lists strings, but the type is `" + attribute.type + "`",
                   "leave out `enum`, or make the type `string`");
    }
    site.attributes.push_back(std::move(attribute));
  }
}

/// What `track` refuses as a name, and when what waits for it is met.
struct Kind {
  std::string_view name;
  std::string_view when;
};
constexpr Kind kinds[] = {{"page", "a page is viewed"},         {"identify", "the visitor is identified"},          {"consent", "consent is given or withdrawn"},
                          {"exposure", "an experience is seen"}, {"dismiss", "the visitor closes an experience"},    {"logout", "the visitor signs out"},
                          {"tick", "time passes"}};

/// That of a page view may declare what its properties are.
void check_kind(Reader& reader, const Member& event) {
  const auto kind = std::find_if(std::begin(kinds), std::end(kinds), [&](const Kind& each) { return each.name == event.key; });
  if (kind == std::end(kinds) || (kind->name == "page" && find(event.value, "properties") != nullptr)) return;
  reader.warning(ErrorCode::pack_suspicious, reader.of_key(event),
                 quoted(kind->name) + " is a kind of step, and no name for `track`: what waits for it is met whenever " + std::string(kind->when),
                 "leave it out, since it needs no declaration; an event of your own needs another name");
}

void read_events(Reader& reader, const Value& root, Site& site) {
  for (const Member& member : reader.members(root, "events")) {
    check_kind(reader, member);
    Event event{reader.key_name(member), {}};
    for (const Member& property : reader.members(member.value, "properties")) {
      if (property.value.is_string()) event.properties.emplace(property.key, property.value.as_string());
    }
    site.events.push_back(std::move(event));
  }
}

constexpr std::string_view history_operators[] = {"count", "sum", "first", "last", "distinct", "since"};

/// The member of a short form that names its operator, or null: {"count": "Product Viewed", "within": "7d"}.
const Member* short_form(const Value& value) {
  if (!value.is_object()) return nullptr;
  for (const Member& member : value.as_object()) {
    const bool is_operator = std::find(std::begin(history_operators), std::end(history_operators), member.key) !=
                             std::end(history_operators);
    if (is_operator && member.value.is_string()) return &member;
  }
  return nullptr;
}

/// {"count": "X", "within": "7d"} becomes {"count": ["X", {"within": "7d"}]}, at the same places.
const Value& long_form(Reader& reader, const Value& value, const Member& operation) {
  const std::span<const Member> given = value.as_object();
  auto* options = reader.arena().allocate<Member>(given.size() - 1);
  std::size_t count = 0;
  for (const Member& member : given) {
    if (&member == &operation) continue;
    const Member* option = new (&options[count++]) Member(member);
    const SourceRange range = reader.of(member.value), key = reader.of_key(member);
    reader.positions().add(&option->value, {range.line, range.column, range.length});
    reader.positions().add_key(option, {key.line, key.column, key.length});
  }
  auto* operands = reader.arena().allocate<Value>(2);
  new (&operands[0]) Value(operation.value);
  new (&operands[1]) Value(Value::object({options, count}));
  const SourceRange event = reader.of(operation.value), whole = reader.of(value), key = reader.of_key(operation);
  reader.positions().add(&operands[0], {event.line, event.column, event.length});
  reader.positions().add(&operands[1], {whole.line, whole.column, whole.length});
  auto* member =
      new (reader.arena().allocate<Member>(1)) Member{operation.key, Value::list({operands, count == 0 ? 1u : 2u})};
  reader.positions().add(&member->value, {event.line, event.column, event.length});
  reader.positions().add_key(member, {key.line, key.column, key.length});
  return *reader.make(Value::object({member, 1}), value);
}

void read_computed(Reader& reader, const Value& root, Site& site) {
  for (const Member& member : reader.members(root, "computed")) {
    const Member* operation = short_form(member.value);
    const Value& rule = operation == nullptr ? member.value : long_form(reader, member.value, *operation);
    site.computed.push_back({reader.key_name(member), reader.rule_of(rule)});
  }
}

void read_segments(Reader& reader, const Value& root, Site& site) {
  for (const Member& member : reader.members(root, "segments")) {
    site.segments.push_back({reader.key_name(member), reader.condition_of(member.value)});
  }
}

void read_intents(Reader& reader, const Value& root, std::string_view key, Site& site) {
  for (const Member& member : reader.members(root, key)) {
    Intent intent;
    intent.name = reader.key_name(member);
    intent.is_score = key == "scores";
    intent.floor = reader.number(member.value, "floor", 0);
    const auto twin = std::find_if(site.intents.begin(), site.intents.end(), [&](const Intent& other) { return other.name.text == intent.name.text; });
    if (twin != site.intents.end() && intent.is_score != twin->is_score) {
      reader.error(ErrorCode::pack_duplicate, intent.name.range, "an intent is called " + quoted(intent.name.text) + " as well",
                   "give the score another name");
      continue;
    }
    intent.half_life = reader.duration(member.value, "half_life").value_or(0);
    intent.cap = reader.number(member.value, "cap", 0);
    for (const Value& item : reader.items(member.value, "signals")) {
      const std::optional<Name> event = reader.name(item, "on");
      if (event) intent.signals.push_back({*event, reader.condition(item, "if"), reader.number(item, "add", 1)});
      if (reader.number(item, "add", 1) != 0) continue;
      reader.warning(ErrorCode::pack_suspicious, reader.of(*find(item, "add")), "this signal adds nothing", "say by how much it raises " + quoted(intent.name.text) + ", or leave it out");
    }
    site.intents.push_back(std::move(intent));
  }
}

constexpr std::string_view usual_window = "14d";

/// Builds the rules of `service_contact`, every part of which stands where the event or else the declaration does.
class ContactRules {
 public:
  ContactRules(Reader& reader, const Value& declaration) : reader_(reader), place_(reader.of(declaration)), within_(reader.text(declaration, "within", usual_window)) {
    if (!parse_duration(within_)) within_ = usual_window;  // told of by the schema, and not once more for each event
  }

  void stand_at(const SourceRange& place) { place_ = place; }

  /// {op: [operands]}
  Value call(std::string_view op, std::span<const Value> operands) {
    auto* kept = reader_.arena().allocate<Value>(operands.size());
    std::uninitialized_copy(operands.begin(), operands.end(), kept);
    for (std::size_t i = 0; i < operands.size(); ++i) add(kept[i]);
    auto* member = new (reader_.arena().allocate<Member>(1)) Member{op, Value::list({kept, operands.size()})};
    add(member->value);
    reader_.positions().add_key(member, {place_.line, place_.column, place_.length});
    return Value::object({member, 1});
  }
  /// {op: [event, {"within": …}]}
  Value looking_back(std::string_view op, const Value& event) {
    auto* option = new (reader_.arena().allocate<Member>(1)) Member{"within", Value::string(reader_.arena().copy(within_))};
    add(option->value);
    reader_.positions().add_key(option, {place_.line, place_.column, place_.length});
    const Value operands[] = {event, Value::object({option, 1})};
    return call(op, operands);
  }
  Rule rule(const Value& value) { return reader_.rule_of(*reader_.make(value, reader_.root())); }

 private:
  void add(const Value& value) { reader_.positions().add(&value, {place_.line, place_.column, place_.length}); }

  Reader& reader_;
  SourceRange place_;
  std::string within_;
};

constexpr std::string_view contact_name = "service_contact";

/// A contact is recent when any of its events has been inside the window: a segment, and the moment of the latest.
void read_service_contact(Reader& reader, const Value& root, Site& site) {
  const Value* declaration = find(root, contact_name);
  if (declaration == nullptr || !declaration->is_object()) return;
  ContactRules rules(reader, *declaration);
  std::vector<Value> recent, moments;
  for (const Value& event : reader.items(*declaration, "events")) {
    rules.stand_at(reader.of(event));
    const Value known[] = {rules.looking_back("since", event), Value::null()};
    recent.push_back(rules.call("!==", known));
    moments.push_back(rules.looking_back("last", event));
  }
  const Name name{std::string(contact_name), reader.of(*declaration)};
  rules.stand_at(name.range);
  const Value segment_name[] = {Value::string(contact_name)};
  const Value latest[] = {rules.call("segment", segment_name), rules.call("max", moments), Value::null()};
  site.segments.push_back({name, rules.rule(rules.call("or", recent))});
  site.computed.push_back({name, rules.rule(rules.call("if", latest))});
  reader.names().declare(NameKind::segment, contact_name, name.range);
  reader.names().declare(NameKind::computed, contact_name, name.range);
}

/// Once the site declares its sources, one that is not among them is likely misspelled.
void read_sources(Reader& reader, const Value& root, Site& site) {
  site.trait_sources = reader.texts(root, "sources");
  if (site.trait_sources.empty()) return;
  const std::vector<std::string_view> known(site.trait_sources.begin(), site.trait_sources.end());
  for (const Member& member : reader.members(root, "attributes")) {
    for (const std::string& source : reader.texts(member.value, "source")) {
      if (std::find(known.begin(), known.end(), source) != known.end()) continue;
      reader.error(ErrorCode::pack_unknown_reference, reader.of(*find(member.value, "source")), "there is no source " + quoted(source),
                   hint_for(source, known));
    }
  }
}

void read_goals(Reader& reader, const Value& root, Site& site) {
  for (const Member& member : reader.members(root, "goals")) {
    const Value& value = member.value;
    GoalNode goal{reader.key_name(member),
                  reader.text(value, "kind"),
                  reader.name(value, "under"),
                  reader.text(value, "period"),
                  {},
                  reader.text(value, "owner")};
    if (const Value* target = find(value, "target"); target != nullptr && target->is_number())
      goal.target = target->as_number();
    site.goals.push_back(std::move(goal));
  }
}

constexpr std::size_t minutes_offset = 3;  // of "HH:MM"

/// The loader has checked the form HH:MM.
std::optional<Duration> time_of_day(const Reader& reader, const Value& object, std::string_view key) {
  const std::string text = reader.text(object, key);
  if (text.size() != 5) return std::nullopt;
  const auto digits = [&](std::size_t at) { return (text[at] - '0') * 10 + (text[at + 1] - '0'); };
  return digits(0) * hour + digits(minutes_offset) * minute;
}

void read_pressure(Reader& reader, const Value& root, Site& site) {
  const Value pressure = root.get("pressure");
  site.pressure_caps = read_caps(reader, pressure, "caps");
  const Value* quiet = find(pressure, "quiet_hours");
  if (quiet == nullptr) return;
  const std::optional<Duration> from = time_of_day(reader, *quiet, "from");
  const std::optional<Duration> to = time_of_day(reader, *quiet, "to");
  if (!from || !to) return;
  site.quiet_hours = QuietHours{*from, *to, reader.text(*quiet, "zone") == "visitor"};
  if (*from == *to) {
    reader.warning(ErrorCode::pack_suspicious, reader.of(*quiet), "the quiet hours begin and end at the same time",
                   "leave them out, or give them a length");
  }
}

void read_holds_and_limits(Reader& reader, const Value& root, Site& site) {
  for (const Value& item : reader.items(root, "holds")) {
    site.holds.push_back(
        {reader.text(item, "by"), reader.condition(item, "if"), reader.text(item, "reason"), refer_scope(reader, item)});
  }
  for (const Value& item : reader.items(root, "concurrency")) {
    Limit limit{reader.whole(item, "max", 1), reader.text(item, "team"), {}};
    for (const Value& journey : reader.items(item, "journeys")) {
      if (journey.is_string()) limit.journeys.push_back({std::string(journey.as_string()), reader.of(journey)});
    }
    if (!limit.team.empty() && !limit.journeys.empty()) {
      reader.error(ErrorCode::pack_bad_value, reader.of(item), "a limit has `team` and `journeys`, but takes only one of them",
                   "list the journeys, or count all that the team owns");
    }
    site.limits.push_back(std::move(limit));
  }
}

}  // namespace

std::string refer_scope(Reader& reader, const Value& hold) {
  const std::optional<Name> scope = reader.name(hold, "scope");
  if (!scope) return {};
  const bool is_team = scope->text.starts_with("team:");
  if (is_team || scope->text.starts_with("journey:")) {
    const std::size_t name = scope->text.find(':') + 1;
    reader.names().refer(is_team ? NameKind::team : NameKind::journey, scope->text.substr(name),
                         reader.within(*find(hold, "scope"), name, scope->text.size() - name));
  }
  return scope->text;
}

double read_holdout(Reader& reader, const Value& object, std::string_view what) {
  const double share = reader.number(object, "holdout", 0);
  if (share != 1) return share;
  reader.warning(ErrorCode::pack_suspicious, reader.of(*find(object, "holdout")), "everybody is held out: nobody ever sees " + std::string(what) + ", and there is nobody to compare with",
                 "0.05 holds out five percent");
  return share;
}

void read_site(Reader& reader, Site& site) {
  const Value& root = reader.root();
  site.name = reader.text(root, "site");
  site.time_zone = reader.text(root, "timezone", "UTC");
  site.time_zone_range = reader.name(root, "timezone").value_or(Name{"", reader.of(root)}).range;
  site.teams = key_names(reader, root, "teams");
  read_attributes(reader, root, site);
  read_events(reader, root, site);
  read_computed(reader, root, site);
  read_segments(reader, root, site);
  read_intents(reader, root, "intents", site);
  read_intents(reader, root, "scores", site);
  read_service_contact(reader, root, site);
  read_sources(reader, root, site);
  read_goals(reader, root, site);
  read_pressure(reader, root, site);
  read_holds_and_limits(reader, root, site);
  site.holdout = read_holdout(reader, root, "what journeys and page rules show");
  const Value consent = root.get("consent");
  site.purposes = reader.texts(consent, "purposes");
  site.events_purpose = reader.text(consent, "events");
  site.slots = key_names(reader, root, "slots");
  // One of 0 has been reported; it would make every window too long as well.
  const Duration retention = reader.duration(root, "retention").value_or(0);
  if (retention > 0) site.retention = retention;
  site.session_timeout = reader.duration(root.get("session"), "timeout").value_or(site.session_timeout);
}

}  // namespace wayline::document
