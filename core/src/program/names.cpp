#include "program/names.h"

#include <algorithm>
#include <iterator>
#include <array>

#include "base/nearest.h"
#include "document/names.h"

namespace wayline::program {

namespace {

/// What `session` offers.
constexpr std::array<std::string_view, 5> session_fields{"duration", "new", "number", "pages", "started"};
/// What `event` offers.
constexpr std::array<std::string_view, 5> event_fields{"at", "name", "properties", "traits", "type"};

template <typename List, typename Project>
std::set<std::string> collect(const List& list, Project project) {
  std::set<std::string> names;
  for (const auto& item : list) names.insert(project(item));
  return names;
}

/// What has an operator of its own, and is no root of `var`: said in the singular or the plural.
constexpr std::array<std::string_view, 4> operator_roots{"segment", "intent", "score", "stage"};

std::string operator_for(std::string_view root, std::string_view rest) {
  if (root.ends_with('s')) root.remove_suffix(1);
  // {"var": "journey.trial.stage"}
  if (root == "journey") return "write {\"stage\": \"" + std::string(rest.substr(0, rest.find('.'))) + "\"}";
  if (std::find(operator_roots.begin(), operator_roots.end(), root) == operator_roots.end()) return {};
  return "write {\"" + std::string(root) + "\": \"" + std::string(rest) + "\"}";
}

/// What browsers and other tools call the parts of an address.
struct PartOfPage {
  std::string_view said, meant;
};
constexpr PartOfPage parts_of_page[] = {{"pathname", "page.path"}, {"href", "page.url"}, {"address", "page.url"}, {"hostname", "page.host"}, {"domain", "page.host"}, {"referer", "page.referrer"},
                                        {"params", "page.query"},  {"parameters", "page.query"}};
/// Of an address, as advertisers append them.
constexpr std::string_view parameters[] = {"gclid", "fbclid", "msclkid", "ref"};

std::string part_of_page(std::string_view name, std::string_view rest) {
  if (name.starts_with("utm_") || std::find(std::begin(parameters), std::end(parameters), name) != std::end(parameters)) return "page.query." + std::string(rest);
  const auto part = std::find_if(std::begin(parts_of_page), std::end(parts_of_page), [name](const PartOfPage& each) { return each.said == name; });
  return part == std::end(parts_of_page) ? std::string() : std::string(part->meant) + std::string(rest.substr(name.size()));
}

/// "it can be `pages` or `number`"
template <typename List>
std::string listed(const List& names) {
  std::string list;
  for (auto name = names.begin(); name != names.end(); ++name) list += std::string(name == names.begin() ? "" : std::next(name) == names.end() ? " or " : ", ") + "`" + std::string(*name) + "`";
  return list.empty() ? list : "it can be " + list;
}

std::string_view first_part(std::string_view path) { return path.substr(0, path.find('.')); }

bool is_profile(std::string_view name) { return name.starts_with("profile."); }

std::set<std::string> trait_names(const document::Site& site) {
  std::set<std::string> names;
  for (const document::Attribute& attribute : site.attributes) {
    if (is_profile(attribute.name.text)) names.insert(attribute.name.text.substr(8));
  }
  return names;
}

template <typename Visit>
void each_experience(const document::Pack& pack, Visit visit) {
  for (const document::Experience& experience : pack.page_rules) visit(experience);
  for (const document::Journey& journey : pack.journeys) {
    for (const document::Stage& stage : journey.stages) {
      for (const document::Experience& experience : stage.show) visit(experience);
    }
  }
}

std::set<std::string> emitted_names(const document::Pack& pack) {
  std::set<std::string> names(document::derived_events.begin(), document::derived_events.end());
  const auto collect_from = [&](const std::vector<document::Action>& actions) {
    for (const document::Action& action : actions) {
      if (const auto* emit = std::get_if<document::Emit>(&action)) names.insert(emit->event);
    }
  };
  for (const document::Journey& journey : pack.journeys) {
    for (const document::Stage& stage : journey.stages) {
      collect_from(stage.on_enter);
      for (const document::Transition& transition : stage.transitions) collect_from(transition.actions);
    }
  }
  return names;
}

}  // namespace

std::set<std::string> purpose_names(const document::Pack& pack) {
  std::set<std::string> names(pack.site.purposes.begin(), pack.site.purposes.end());
  for (const document::Attribute& attribute : pack.site.attributes) names.insert(attribute.purpose);
  each_experience(pack, [&](const document::Experience& experience) { names.insert(experience.purpose); });
  names.insert(pack.site.events_purpose);
  names.erase("");
  return names;
}

std::uint32_t NameTable::find(std::string_view name) const {
  const auto place = std::lower_bound(names_.begin(), names_.end(), name);
  return place != names_.end() && *place == name ? static_cast<std::uint32_t>(place - names_.begin()) : none;
}

namespace {

bool has_site(const document::Pack& pack) {
  return std::any_of(pack.documents.begin(), pack.documents.end(), [](const auto& document) { return document->file == "site.json"; });
}

}  // namespace

Names::Names(const document::Pack& pack, Writer& writer, Diagnostics& diagnostics)
    : writer_(writer), diagnostics_(diagnostics), is_complete_(pack.is_complete), has_site_(has_site(pack)), retention_(pack.site.retention) {
  const document::Site& site = pack.site;
  const auto by_name = [](const auto& item) { return item.name.text; };
  traits = NameTable(trait_names(site));
  purposes = NameTable(purpose_names(pack));
  segments = NameTable(collect(site.segments, by_name));
  computed = NameTable(collect(site.computed, by_name));
  intents = NameTable(collect(site.intents, by_name));
  std::set<std::string> score_names;
  for (const document::Intent& intent : site.intents) {
    if (intent.is_score) score_names.insert(intent.name.text);
  }
  scores = NameTable(std::move(score_names));
  journeys = NameTable(collect(pack.journeys, [](const document::Journey& journey) { return journey.id.text; }));
  events_ = NameTable(collect(site.events, by_name));
  emitted_ = NameTable(emitted_names(pack));
  std::set<std::string> slot_names = collect(site.slots, [](const document::Name& name) { return name.text; });
  std::set<std::string> experience_names, property_names;
  each_experience(pack, [&](const document::Experience& experience) {
    slot_names.insert(experience.slot);
    experience_names.insert(experience.id.text);
  });
  for (const document::Event& event : site.events) {
    for (const auto& [name, type] : event.properties) property_names.insert(name);
  }
  for (const document::Attribute& attribute : site.attributes) paths_.insert(attribute.name.text);
  for (const document::Journey& journey : pack.journeys) {
    for (const document::Stage& stage : journey.stages) stage_homes_.emplace(stage.name.text, journey.id.text);
  }
  slots = NameTable(std::move(slot_names));
  experiences = NameTable(std::move(experience_names));
  properties_ = NameTable(std::move(property_names));
}

std::optional<std::uint32_t> Names::unknown(std::string_view name, std::string_view what, std::string_view nearest, const SourceRange& at) {
  Diagnostic diagnostic{ErrorCode::pack_unknown_reference, Severity::error, at, {}, {}};
  diagnostic.message = "`" + std::string(name) + "` is " + std::string(what);
  if (!nearest.empty()) diagnostic.hint = "did you mean `" + std::string(nearest) + "`?";
  diagnostics_.push_back(std::move(diagnostic));
  return std::nullopt;
}

std::optional<std::uint32_t> Names::known(const NameTable& table, std::string_view name, std::string_view what, std::string_view prefix,
                                          const SourceRange& at) {
  const std::uint32_t index = table.find(name);
  if (index != none) return index;
  if (&table == &journeys || &table == &experiences ? !is_complete_ : !has_site_) return std::nullopt;
  const std::vector<std::string_view> candidates(table.all().begin(), table.all().end());
  const std::string_view near = nearest(name, candidates);
  return unknown(std::string(prefix) + std::string(name), what, near.empty() ? "" : std::string(prefix) + std::string(near), at);
}

void Names::unknown_event(std::string_view event, std::span<const std::string_view> known, const SourceRange& at) {
  if (!has_site_) return;
  std::vector<std::string_view> candidates(known.begin(), known.end());
  candidates.insert(candidates.end(), events_.all().begin(), events_.all().end());
  const bool is_emitted = emitted_.find(event) != none;
  (void)unknown(event, "no event of site.json", is_emitted ? std::string_view() : nearest(event, candidates), at);
  if (is_emitted) diagnostics_.back().hint = "what journeys and the engine emit does not come back to the engine: name the event that leads to it";
}

void Names::check_stepped(std::string_view event, const SourceRange& at) {
  const bool is_declared = events_.find(event) != none;
  const bool is_derived = std::find(document::derived_events.begin(), document::derived_events.end(), event) != document::derived_events.end();
  const std::string name = "`" + std::string(event) + "`";
  std::string message;
  if (event == "track") {
    message = "every event that a page sends is a `track`, and none can be called so: this never happens";
  } else if (is_derived && !(is_declared && event == "Experiment Viewed")) {  // which other tools send as well
    message = "the engine sends " + name + ", and does not take it in again: this never happens";
  } else if (!is_declared && emitted_.find(event) != none) {
    message = "journeys send " + name + ", which does not come back to them: this happens only when the page tracks an event of that name";
  }
  if (message.empty()) return;
  const auto hint = [event] {
    if (event == "track") return "name the event, such as `Product Viewed`";
    if (event == "Experiment Viewed") return "that an experience was seen is an `exposure`";
    if (event == "Experience Dismissed") return "that an experience was closed is a `dismiss`";
    return R"(name the event that leads to it; `start` begins another journey, {"stage": "…"} asks where a pass is)";
  };
  diagnostics_.push_back({ErrorCode::pack_suspicious, Severity::warning, at, std::move(message), hint()});
}

std::optional<std::uint32_t> Names::segment(std::string_view name, const SourceRange& at) {
  return known(segments, name, "no segment of site.json", "", at);
}
std::optional<std::uint32_t> Names::intent(std::string_view name, const SourceRange& at) {
  return known(intents, name, "no intent of site.json", "", at);
}
std::optional<std::uint32_t> Names::score(std::string_view name, const SourceRange& at) {
  if (!known(scores, name, "no score of site.json", "", at)) return std::nullopt;
  return intents.find(name);
}
std::optional<std::uint32_t> Names::journey(std::string_view id, const SourceRange& at) {
  const auto index = known(journeys, id, "no journey of the pack", "", at);
  const auto home = stage_homes_.find(id);
  if (!index && is_complete_ && home != stage_homes_.end() && diagnostics_.back().hint.empty()) {
    diagnostics_.back().hint = "it is a stage: write {\"==\": [{\"stage\": \"" + home->second + "\"}, \"" + std::string(id) + "\"]}";
  }
  return index;
}

std::optional<std::uint32_t> Names::attribute(std::string_view path, const SourceRange& at) {
  const auto seen = attributes_.find(path);
  if (seen != attributes_.end()) return seen->second;
  const std::string_view root = first_part(path);
  const std::string_view rest = root.size() < path.size() ? path.substr(root.size() + 1) : std::string_view();
  const std::optional<Attribute> record = resolve(root, rest, at);
  if (!record) return std::nullopt;
  writer_.attributes.push_back(*record);
  const auto index = static_cast<std::uint32_t>(writer_.attributes.size() - 1);
  attributes_.emplace(std::string(path), index);
  return index;
}

std::optional<Attribute> Names::resolve(std::string_view root, std::string_view rest, const SourceRange& at) {
  const auto place = std::find(root_names.begin(), root_names.end(), root);
  if (place == root_names.end()) {
    const std::string meant = rooted(std::string(root) + (rest.empty() ? "" : "." + std::string(rest)));
    (void)unknown(root, "no root of `var`: profile, page, session, device, event, computed, consent, experiment or now",
                  meant.empty() ? nearest(root, root_names) : meant, at);
    const NameTable& named = root.starts_with("segment") ? segments : root.starts_with("intent") ? intents : root.starts_with("score") ? scores : journeys;
    const std::string_view example = !rest.empty() ? rest : named.size() > 0 ? std::string_view(named.all().front()) : std::string_view("…");
    if (std::string hint = operator_for(root, example); !hint.empty() && meant.empty()) diagnostics_.back().hint = std::move(hint);
    return std::nullopt;
  }
  Attribute record{static_cast<Root>(place - root_names.begin()), none, writer_.intern(rest)};
  const auto field = [&](std::span<const std::string_view> fields) {
    const std::string_view name = first_part(rest);
    if (rest.empty() || std::find(fields.begin(), fields.end(), name) != fields.end()) return true;
    const bool is_property = root == "event" && properties_.find(name) != none;
    const std::string meant = is_property ? "event.properties." + std::string(rest) : std::string();
    (void)unknown(std::string(root) + "." + std::string(name), "not offered by `" + std::string(root) + "`", is_property ? std::string_view(meant) : nearest(name, fields), at);
    if (diagnostics_.back().hint.empty()) diagnostics_.back().hint = listed(fields);
    return false;
  };
  switch (record.root) {
    case Root::profile: return trait(rest, at);
    case Root::page: {
      const std::string meant = paths_.contains("page." + std::string(rest)) ? std::string() : part_of_page(first_part(rest), rest);
      if (!meant.empty()) {
        diagnostics_.push_back({ErrorCode::pack_suspicious, Severity::warning, at, "a page has no `" + std::string(first_part(rest)) + "` of its own",
                                "did you mean `" + meant + "`? what the page is announced with is declared in `attributes` of site.json"});
      }
      return record;
    }
    case Root::session: return field(session_fields) ? std::optional(record) : std::nullopt;
    case Root::event:
      if (!field(event_fields)) return std::nullopt;
      check_event_property(rest, at);
      return record;
    case Root::computed:
    case Root::consent:
    case Root::experiment: {
      const NameTable& table = record.root == Root::computed ? computed : record.root == Root::consent ? purposes : experiences;
      const auto index = known(table, rest, record.root == Root::experiment ? "no experience of the pack" : "not declared", std::string(root) + ".", at);
      if (!index && record.root == Root::consent && has_site_ && diagnostics_.back().hint.empty()) diagnostics_.back().hint = listed(purposes.all());
      if (!index) return std::nullopt;
      record.index = *index;
      record.path = {};
      return record;
    }
    default: return record;
  }
}

std::string Names::rooted(std::string_view path) const {
  if (computed.find(path) != none) return "computed." + std::string(path);
  for (std::string_view name = path; !name.empty();) {
    if (traits.find(name) != none) return "profile." + std::string(path);
    const std::size_t dot = name.rfind('.');
    name = dot == std::string_view::npos ? std::string_view() : name.substr(0, dot);
  }
  constexpr std::string_view properties = "properties.";
  if (path.starts_with(properties)) path.remove_prefix(properties.size());
  return properties_.find(first_part(path)) == none ? std::string() : "event.properties." + std::string(path);
}

std::optional<Attribute> Names::trait(std::string_view rest, const SourceRange& at) {
  // A trait may itself be called "address.city"; the longest declared prefix wins, what remains is a path inside its value.
  for (std::string_view name = rest; !name.empty();) {
    const std::uint32_t index = traits.find(name);
    if (index != none) {
      const std::string_view inner = name.size() < rest.size() ? rest.substr(name.size() + 1) : std::string_view();
      return Attribute{Root::profile, index, writer_.intern(inner)};
    }
    const std::size_t dot = name.rfind('.');
    name = dot == std::string_view::npos ? std::string_view() : name.substr(0, dot);
  }
  (void)known(traits, rest, "not declared in site.json's attributes", "profile.", at);
  return std::nullopt;
}

void Names::check_event_property(std::string_view rest, const SourceRange& at) {
  if (!rest.starts_with("properties.") || properties_.size() == 0) return;
  const std::string_view property = first_part(rest.substr(11));
  if (properties_.find(property) != none) return;
  const std::vector<std::string_view> candidates(properties_.all().begin(), properties_.all().end());
  const std::string_view near = nearest(property, candidates);
  diagnostics_.push_back({ErrorCode::pack_suspicious, Severity::warning, at,
                          "no event declares a property `" + std::string(property) + "`",
                          near.empty() ? "declare it with its event in site.json" : "did you mean `" + std::string(near) + "`?"});
}

bool Names::history_event(std::string_view event, Duration window, Looks looks, const SourceRange& at) {
  // Steps of these kinds are remembered by the name of the kind.
  static constexpr std::array<std::string_view, 6> kinds{"consent", "dismiss", "exposure", "identify", "logout", "page"};
  const bool is_kind = std::find(kinds.begin(), kinds.end(), event) != kinds.end();
  if (!is_kind && events_.size() > 0 && events_.find(event) == none) {
    unknown_event(event, {}, at);
    return false;
  }
  check_stepped(event, at);
  if (window > retention_) {
    diagnostics_.push_back({ErrorCode::pack_window_too_long, Severity::error, at, "looks back " + format_duration(window) + ", and the history is kept for " + format_duration(retention_), {}});
    return false;
  }
  Looking& looking = history[std::string(event)];
  Duration& longest = looks == Looks::at_all ? looking.window : looking.latest_window;
  longest = std::max(longest, window == 0 ? retention_ : window);
  return true;
}

void Names::history_property(std::string_view event, std::string_view path, Looks looks) {
  Looking& looking = history[std::string(event)];
  (looks == Looks::at_all ? looking.properties : looking.latest_properties).insert(std::string(path));
}

}  // namespace wayline::program
