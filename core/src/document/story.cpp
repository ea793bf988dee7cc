#include "document/story.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/nearest.h"
#include "document/documents.h"
#include "document/types.h"

namespace wayline::document {
namespace {

constexpr std::string_view folder = "tests/";
constexpr std::string_view extension = ".json";
constexpr std::string_view default_visitor = "visitor";

/// What a step can be. A page may stand beside the kinds that happen on one.
struct StepKind {
  std::string_view key;
  bool on_page;
};
constexpr StepKind kinds[] = {{"track", true}, {"identify", true},  {"consent", false},
                              {"tick", false}, {"exposure", false}, {"dismiss", false}, {"logout", false}};

/// Keys that mean something only beside another.
struct Companion {
  std::string_view key;
  std::string_view needs;
};
constexpr Companion companions[] = {{"properties", "track"}, {"traits", "identify"}};

/// The variant of who is held out.
constexpr std::string_view holdout_name = "holdout";

/// Keys of a step that the engine reads as they are.
constexpr std::string_view engine_keys[] = {"page", "track",    "properties", "identify", "traits", "consent",
                                            "tick", "exposure", "dismiss",    "device",   "decide", "force",  "logout"};

/// What the engine refuses as the name of an event: each kind is the key of a step.
bool is_kind(std::string_view name) {
  return name == "page" || name == "track" || (std::any_of(std::begin(kinds), std::end(kinds), [name](const StepKind& kind) { return kind.key == name; }));
}

// --- names of the pack

void know_events(const std::vector<Action>& actions, Names& names) {
  for (const Action& action : actions) {
    if (const auto* emit = std::get_if<Emit>(&action)) names.know(NameKind::event, emit->event, {});
  }
}

void know_names(const Pack& pack, Names& names) {
  const SourceRange site{"site.json", 1, 1, 1};
  for (const Name& team : pack.site.teams) names.know(NameKind::team, team.text, team.range);
  for (const Attribute& attribute : pack.site.attributes)
    names.know(NameKind::attribute, attribute.name.text, attribute.name.range);
  for (const Event& event : pack.site.events) names.know(NameKind::event, event.name.text, event.name.range);
  for (const std::string& purpose : pack.site.purposes) names.know(NameKind::purpose, purpose, site);
  for (const Name& slot : pack.site.slots) names.know(NameKind::slot, slot.text, slot.range);
  for (const Experience& rule : pack.page_rules) names.know(NameKind::experience, rule.id.text, rule.id.range);
  for (const Journey& journey : pack.journeys) {
    names.know(NameKind::journey, journey.id.text, journey.id.range);
    for (const Stage& stage : journey.stages) {
      for (const Experience& shown : stage.show) names.know(NameKind::experience, shown.id.text, shown.id.range);
      know_events(stage.on_enter, names);
      for (const Transition& transition : stage.transitions) know_events(transition.actions, names);
    }
  }
}

// --- expectations

std::optional<ExpectedName> expected_name(const Reader& reader, const Value& object, std::string_view key) {
  const Value* value = find(object, key);
  if (value == nullptr) return std::nullopt;
  ExpectedName name{std::nullopt, reader.of(*value)};
  if (value->is_string()) name.text = std::string(value->as_string());
  return name;
}

SlotExpectation read_slot(const Reader& reader, const Member& member) {
  const Value& value = member.value;
  return {reader.key_name(member),
          value.is_nothing(),
          expected_name(reader, value, "experience"),
          expected_name(reader, value, "variant"),
          expected_name(reader, value, "journey"),
          reader.name(value, "reason"),
          reader.rule(value, "content")};
}

JourneyExpectation read_enrolment(const Reader& reader, const Member& member) {
  const Value& value = member.value;
  return {reader.key_name(member), value.is_nothing(), reader.name(value, "stage"), reader.name(value, "status"),
          reader.name(value, "outcome")};
}

Expectation read_expectation(const Reader& reader, const Value& step) {
  Expectation expectation;
  const Value* expect = find(step, "expect");
  if (expect == nullptr) return expectation;
  for (const Member& member : reader.members(*expect, "slots")) expectation.slots.push_back(read_slot(reader, member));
  for (const Member& member : reader.members(*expect, "journeys"))
    expectation.journeys.push_back(read_enrolment(reader, member));
  for (const Value& effect : reader.items(*expect, "effects")) expectation.effects.push_back(reader.rule_of(effect));
  for (const Value& notice : reader.items(*expect, "notices")) expectation.notices.push_back(reader.rule_of(notice));
  return expectation;
}

/// Names that are known only inside something else: stages of a journey, variants of an experience.
void check_part(Reader& reader, std::string_view kind, const Name& name, const std::string& whole,
                const std::vector<std::string_view>& known) {
  if (std::find(known.begin(), known.end(), name.text) != known.end()) return;
  reader.error(ErrorCode::pack_unknown_reference, name.range,
               quoted(whole) + " has no " + std::string(kind) + " " + quoted(name.text), hint_for(name.text, known));
}

void check_stage(Reader& reader, const JourneyExpectation& expected, const Pack& pack) {
  if (!expected.stage) return;
  for (const Journey& journey : pack.journeys) {
    if (journey.id.text != expected.journey.text) continue;
    std::vector<std::string_view> stages;
    for (const Stage& stage : journey.stages) stages.push_back(stage.name.text);
    check_part(reader, "stage", *expected.stage, journey.id.text, stages);
  }
}

const Experience* find_experience(const Pack& pack, const std::string& id) {
  for (const Experience& rule : pack.page_rules) {
    if (rule.id.text == id) return &rule;
  }
  for (const Journey& journey : pack.journeys) {
    for (const Stage& stage : journey.stages) {
      for (const Experience& shown : stage.show) {
        if (shown.id.text == id) return &shown;
      }
    }
  }
  return nullptr;
}

void check_variant(Reader& reader, const SlotExpectation& expected, const Pack& pack) {
  if (!expected.experience || !expected.experience->text || !expected.variant || !expected.variant->text) return;
  const Experience* experience = find_experience(pack, *expected.experience->text);
  if (experience == nullptr) return;
  std::vector<std::string_view> variants;
  for (const Variant& variant : experience->variants) variants.push_back(variant.id.text);
  check_part(reader, "variant", {*expected.variant->text, expected.variant->range}, experience->id.text, variants);
}

constexpr std::string_view profile_root = "profile.";

void refer_traits(Reader& reader, const Value& object) {
  for (const Member& trait : reader.members(object, "traits")) {
    if (trait.key.starts_with(profile_root)) {
      reader.error(ErrorCode::pack_unknown_reference, reader.of_key(trait), "traits are named without `profile.`", "write " + quoted(trait.key.substr(profile_root.size())));
      continue;
    }
    reader.names().refer(NameKind::attribute, "profile." + std::string(trait.key), reader.of_key(trait));
  }
}

/// A hold by nobody, or over nothing, would pass for one that is there.
void refer_hold(Reader& reader, const Value& step) {
  const std::string event = reader.text(step, "track");
  const Value* properties = find(step, "properties");
  if ((event != "Hold Placed" && event != "Hold Released") || properties == nullptr) return;
  if (const auto by = reader.name(*properties, "by")) reader.names().refer(NameKind::team, by->text, by->range);
  refer_scope(reader, *properties);
}

/// Properties that the event does not declare, or declares of another type: rules that ask for them never meet them.
void check_properties(Reader& reader, const Value& step, const Pack& pack) {
  const std::string name = reader.text(step, "track");
  const auto event = std::find_if(pack.site.events.begin(), pack.site.events.end(), [&](const Event& each) { return each.name.text == name; });
  if (event == pack.site.events.end() || event->properties.empty()) return;
  std::vector<std::string_view> known;
  for (const auto& [property, type] : event->properties) known.push_back(property);
  for (const Member& property : reader.members(step, "properties")) {
    const auto declared = event->properties.find(std::string(property.key));
    if (declared == event->properties.end()) {
      reader.warning(ErrorCode::pack_suspicious, reader.of_key(property), quoted(name) + " declares no property " + quoted(property.key), hint_for(property.key, known));
    } else if (const std::string_view noun = type_noun(declared->second); noun != declared->second && !property.value.is_nothing() && !fits(property.value, declared->second)) {
      reader.warning(ErrorCode::pack_suspicious, reader.of(property.value), quoted(property.key) + " of " + quoted(name) + " is declared as " + std::string(noun) + ", and this is " + shown(property.value),
                     declared->second == "date" ? "a date is written such as \"2026-11-27\"" : "write " + std::string(noun));
    }
  }
}

/// An exposure of a variant that the experience has not is not counted.
void check_exposure(Reader& reader, const Value& step, const Pack& pack) {
  const Value* exposure = find(step, "exposure");
  if (exposure == nullptr) return;
  const auto name = reader.name(*exposure, "experience"), variant = reader.name(*exposure, "variant");
  const Experience* experience = name ? find_experience(pack, name->text) : nullptr;
  if (experience == nullptr || !variant) return;
  std::vector<std::string_view> variants{holdout_name};
  for (const Variant& each : experience->variants) variants.push_back(each.id.text);
  check_part(reader, "variant", *variant, name->text, variants);
}

/// What the engine and the journeys send.
std::vector<std::string_view> sent_events(const Pack& pack) {
  std::vector<std::string_view> sent(derived_events.begin(), derived_events.end());
  const auto add = [&](const std::vector<Action>& actions) {
    for (const Action& action : actions) {
      if (const auto* emit = std::get_if<Emit>(&action)) sent.push_back(emit->event);
    }
  };
  for (const Journey& journey : pack.journeys) {
    for (const Stage& stage : journey.stages) {
      add(stage.on_enter);
      for (const Transition& transition : stage.transitions) add(transition.actions);
    }
  }
  return sent;
}

/// An effect that no step has.
void check_effects(Reader& reader, const Value& step, const Pack& pack) {
  for (const Value& effect : reader.items(step.get("expect"), "effects")) {
    const auto event = reader.name(effect, "event");
    if (!event || !pack.is_complete) continue;
    const std::vector<std::string_view> sent = sent_events(pack);
    if (std::find(sent.begin(), sent.end(), event->text) != sent.end()) continue;
    const std::string_view near = nearest(event->text, sent);
    reader.warning(ErrorCode::pack_suspicious, event->range, "neither the engine nor a journey sends " + quoted(event->text) + ": this is never among the effects",
                   near.empty() ? "effects are what the engine derives, such as `Goal Reached`, and what `emit` names; what the page tracks is none" : "did you mean " + quoted(near) + "?");
  }
}

// --- steps

void check_kinds(Reader& reader, const Value& step) {
  std::vector<std::string_view> found;
  bool on_page = true;
  for (const StepKind& kind : kinds) {
    if (find(step, kind.key) == nullptr) continue;
    found.push_back(kind.key);
    on_page = on_page && kind.on_page;
  }
  if (found.size() > 1) {
    reader.error(ErrorCode::pack_bad_story, reader.of(step),
                 "a step is one thing, not " + joined(quoted_all(found), " and "), "make it several steps");
  } else if (!on_page && find(step, "page") != nullptr) {
    reader.error(ErrorCode::pack_bad_story, reader.of(step), "`page` can not stand beside " + quoted(found.front()),
                 "make it two steps");
  }
  const Value* page = find(step, "page");
  if (page != nullptr && found.empty() && find(*page, "url") == nullptr && (find(*page, "path") != nullptr || find(*page, "name") != nullptr)) {
    reader.error(ErrorCode::pack_bad_story, reader.of(*page), "a page view needs the whole address of the page", R"(such as "page": {"url": "https://shop.example/women"})");
  }
  if (const auto url = page == nullptr ? std::nullopt : reader.name(*page, "url"); url && url->text.find("://") == std::string::npos) {
    reader.warning(ErrorCode::pack_suspicious, url->range, quoted(url->text) + " is no whole address: no pattern of `url` matches it", "write it as browsers do, such as https://shop.example/women");
  }
  if (const auto event = reader.name(step, "track"); event && is_kind(event->text)) {
    reader.error(ErrorCode::pack_bad_story, event->range, quoted(event->text) + " is a kind of step, and no name for `track`", "write it as a key of the step, such as \"page\": {…} or \"tick\": true");
  }
  for (const Companion& companion : companions) {
    const Value* value = find(step, companion.key);
    if (value == nullptr || find(step, companion.needs) != nullptr) continue;
    reader.error(ErrorCode::pack_bad_story, reader.of(*value),
                 quoted(companion.key) + " needs " + quoted(companion.needs) + " beside it");
  }
}

/// The time of a step after one at `last`, or nothing for a first step that does not say.
std::optional<Instant> time_of(Reader& reader, const Value& step, std::optional<Instant> last) {
  const Value* at = find(step, "at");
  const Value* wait = find(step, "wait");
  if (at != nullptr && wait != nullptr) {
    reader.error(ErrorCode::pack_bad_story, reader.of(*wait), "a step has `at` or `wait`, not both");
  }
  if (at != nullptr) {
    const std::optional<Instant> time = reader.instant(step, "at");
    if (time && last && *time < *last) {
      reader.warning(ErrorCode::pack_suspicious, reader.of(*at), "this is before the step before it, at " + format_instant(*last) + ": time does not go back, so this happens at that moment",
                     "put the steps into the order of their times, or say `wait`");
    }
    return time;
  }
  if (!last) {
    reader.error(ErrorCode::pack_bad_story, reader.of(step), "the first step does not say when it happens",
                 "give it `at`, such as 2026-11-27T08:00:00+01:00");
    return std::nullopt;
  }
  return *last + reader.duration(step, "wait").value_or(0);
}

/// Strings of the input live in the document's arena.
Value text_value(Reader& reader, std::string_view text) { return Value::string(reader.arena().copy(text)); }

ObjectBuilder input_at(Reader& reader, Instant at, const std::string& id, const std::string& visitor) {
  ObjectBuilder input(reader.arena());
  input.add("at", text_value(reader, format_instant(at)));
  input.add("id", text_value(reader, id));
  input.add("visitor", text_value(reader, visitor));
  return input;
}

bool happens(const Value& step) {
  return find(step, "page") != nullptr || std::any_of(std::begin(kinds), std::end(kinds), [&](const StepKind& kind) {
           return find(step, kind.key) != nullptr;
         });
}

/// A page view decides all that its page can fill; beside something else `page` only says where that happened.
bool decides_by_itself(const Value& step) {
  const bool is_more = std::any_of(std::begin(kinds), std::end(kinds), [&](const StepKind& kind) { return find(step, kind.key) != nullptr; });
  return find(step, "decide") != nullptr || (find(step, "page") != nullptr && !is_more);
}

Value read_input(Reader& reader, const Value& value, const Step& step, std::size_t number, const std::string& visitor) {
  ObjectBuilder input = input_at(reader, step.at, reader.text(value, "id", "step-" + std::to_string(number)), visitor);
  for (std::string_view key : engine_keys) {
    if (const Value* part = find(value, key)) input.add(key, *part);
  }
  if (!happens(value)) input.boolean("tick", true);
  if (!decides_by_itself(value) && !step.expectation.slots.empty()) {
    ListBuilder slots(reader.arena());
    for (const SlotExpectation& slot : step.expectation.slots) slots.add(text_value(reader, slot.slot.text));
    input.add("decide", slots.build());
  }
  return input.build();
}

/// Consent first, because traits may need it.
std::vector<Step> read_setup(Reader& reader, const Value& visitor, Instant at, const std::string& id) {
  std::vector<Step> setup;
  if (const Value* consent = find(visitor, "consent")) {
    ObjectBuilder input = input_at(reader, at, "setup-consent", id);
    setup.push_back({at, input.add("consent", *consent).build(), {}, reader.of(*consent)});
  }
  const Value* traits = find(visitor, "traits");
  if (traits != nullptr || find(visitor, "user") != nullptr) {
    ObjectBuilder input = input_at(reader, at, "setup-identify", id);
    input.add("identify", text_value(reader, reader.text(visitor, "user", id)));
    if (traits != nullptr) input.add("traits", *traits);
    setup.push_back({at, input.build(), {}, reader.of(visitor)});
  }
  return setup;
}

/// Without `user` the traits are those of a customer who is called like the visitor: who signs in by another name is another person.
void check_person(Reader& reader, const Value& story, const std::string& visitor) {
  const Value who = story.get("visitor");
  if (find(who, "traits") == nullptr || find(who, "user") != nullptr) return;
  for (const Value& step : reader.items(story, "steps")) {
    if (find(step, "logout") != nullptr) return;
    const auto person = reader.name(step, "identify");
    if (!person) continue;
    if (person->text != visitor) {
      reader.warning(ErrorCode::pack_suspicious, person->range, "the visitor's traits are forgotten here: without `user` they are those of " + quoted(visitor) + ", and " + quoted(person->text) + " is another person",
                     "say who has them: \"visitor\": {\"user\": \"" + person->text + "\", …}");
    }
    return;
  }
}

/// Only what is named is compared: an empty list, which may be meant as "nothing of this kind", passes whatever comes.
void check_empty_expectations(Reader& reader, const Value& step) {
  for (const Member& part : reader.members(step, "expect")) {
    const bool is_empty = (part.value.is_list() && part.value.as_list().empty()) || (part.value.is_object() && part.value.as_object().empty());
    if (!is_empty) continue;
    reader.warning(ErrorCode::pack_suspicious, reader.of(part.value), "an empty " + quoted(part.key) + " expects nothing: the step passes whatever comes",
                   part.key == "slots"      ? R"(name what the slot shows; the default content is {"hero": null})"
                   : part.key == "journeys" ? R"(name where the visitor stands; never entered is {"welcome": null})"
                                            : "name what must be among them, or leave it out; that a journey does nothing is said by `journeys`, that nothing shows by `slots`");
  }
  for (const std::string_view part : {"slots", "journeys"}) {
    for (const Member& named : reader.members(step.get("expect"), part)) {
      if (!named.value.is_object() || !named.value.as_object().empty()) continue;
      reader.warning(ErrorCode::pack_suspicious, reader.of(named.value), "an empty " + quoted(named.key) + " expects nothing: the step passes whatever comes",
                     part == "slots" ? "name what it shows, such as {\"experience\": \"welcome\"}; the default content is null" : "name where the visitor stands, such as {\"status\": \"active\"}; never entered is null");
    }
  }
}

/// A story that compares nothing passes whatever is shown; only traits must be stored.
void check_expects(Reader& reader, const Value& story, const Name& title) {
  const auto checks = [](const Value& part) { return find(part, "expect") != nullptr || find(part, "traits") != nullptr || find(part, "notices") != nullptr; };
  const auto steps = reader.items(story, "steps");
  if (steps.empty() || checks(story.get("visitor")) || std::any_of(steps.begin(), steps.end(), checks)) return;
  reader.warning(ErrorCode::pack_suspicious, title.range, "this story expects nothing: it passes whatever is shown",
                 R"(say what is to be after a step, such as "expect": {"slots": {"hero": null}})");
}

Story read_story(Reader& reader, const Value& value, const Pack& pack) {
  Story story;
  const Value visitor = value.get("visitor");
  story.title = reader.name(value, "story").value_or(Name{"", reader.of(value)});
  story.visitor = reader.text(visitor, "id", default_visitor);
  refer_traits(reader, visitor);
  std::optional<Instant> last;
  for (const Value& item : reader.items(value, "steps")) {
    if (!item.is_object()) continue;
    check_kinds(reader, item);
    refer_traits(reader, item);
    refer_hold(reader, item);
    check_properties(reader, item, pack);
    check_exposure(reader, item, pack);
    check_effects(reader, item, pack);
    check_empty_expectations(reader, item);
    const std::optional<Instant> at = time_of(reader, item, last);
    last = at ? at : last.value_or(0);
    Step step{*last, {}, read_expectation(reader, item), reader.of(item)};
    for (const JourneyExpectation& expected : step.expectation.journeys) check_stage(reader, expected, pack);
    for (const SlotExpectation& expected : step.expectation.slots) check_variant(reader, expected, pack);
    step.input = read_input(reader, item, step, story.steps.size() + 1, story.visitor);
    story.steps.push_back(std::move(step));
  }
  if (const Value* who = find(value, "visitor"); who != nullptr && !story.steps.empty()) {
    story.setup = read_setup(reader, *who, story.steps.front().at, story.visitor);
    for (const Value& notice : reader.items(*who, "notices")) story.setup_notices.push_back(reader.rule_of(notice));
    if (story.setup.empty() && !story.setup_notices.empty()) {
      reader.error(ErrorCode::pack_bad_story, reader.of(*find(*who, "notices")), "`notices` needs `consent` or `traits` beside it");
    }
  }
  check_person(reader, value, story.visitor);
  check_expects(reader, value, story.title);
  return story;
}

void read_stories(Reader& reader, const Pack& pack, std::vector<Story>& stories) {
  const Value& root = reader.root();
  if (root.is_object()) stories.push_back(read_story(reader, root, pack));
  if (!root.is_list()) return;
  for (const Value& item : root.as_list()) {
    if (item.is_object()) stories.push_back(read_story(reader, item, pack));
  }
}

}  // namespace

LoadedStories load_stories(const Files& files, const Pack& pack) {
  LoadedStories loaded;
  Names names;
  for (const auto& [file, text] : files) {
    if (!file.starts_with(folder) || !file.ends_with(extension)) continue;
    JsonDocument* document = read_checked(file, text, "story", loaded.documents, loaded.diagnostics, names);
    if (document == nullptr) continue;
    Reader reader(*document, loaded.diagnostics, names);
    read_stories(reader, pack, loaded.stories);
  }
  know_names(pack, names);
  if (!pack.is_complete) names.excuse_all();
  names.resolve(loaded.diagnostics);
  finish(loaded.diagnostics);
  return loaded;
}

}  // namespace wayline::document
