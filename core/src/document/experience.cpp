// Experiences, wherever they stand: in page rules and in the stages of journeys.
#include <algorithm>
#include <span>

#include "document/documents.h"
#include "document/formats.h"
#include "document/page_patterns.h"
#include "value/json.h"

namespace wayline::document {
namespace {

constexpr Duration per_session = 0;  // Cap::per
constexpr Duration per_page = -1;

Duration window_of(const Reader& reader, const Value& cap) {
  const std::string per = reader.text(cap, "per");
  if (per == "session") return per_session;
  if (per == "page") return per_page;
  return reader.duration(cap, "per").value_or(per_session);
}

Cap read_cap(const Reader& reader, const Value& value) {
  return {reader.whole(value, "max", 1), window_of(reader, value)};
}

/// Else it has been reported.
bool has_window(const Value& cap) { return cap.get("per").is_string() && find_format("wayline-window")->holds(cap.get("per").as_string()); }

std::string said(const Value& cap) { return to_json(cap.get("max")) + " per " + std::string(cap.get("per").as_string()); }

/// Whether the other refuses whatever the cap would. A session is as long as a visitor stays.
bool is_idle_beside(const Cap& cap, const Cap& other) {
  const bool longer = cap.per == other.per || (cap.per > 0 && other.per >= cap.per);
  return longer && other.max <= cap.max;
}

void check_cap(Reader& reader, const Value& value, std::span<const Value> others, bool of_experience) {
  const Cap cap = read_cap(reader, value);
  if (of_experience && cap.per == per_page) {
    reader.warning(ErrorCode::pack_suspicious, reader.of(value), "an experience is seen once on a page, and what is in view stays: this cap never counts",
                   "`session` or a time such as `1d` counts over pages; `pressure` of site.json limits how much one page shows");
    return;
  }
  for (const Value& other : others) {
    const Cap beside = read_cap(reader, other);
    // Of two that are alike the latter is told of.
    if (&other == &value || !has_window(other) || !is_idle_beside(cap, beside) || (is_idle_beside(beside, cap) && &other > &value)) continue;
    reader.warning(ErrorCode::pack_suspicious, reader.of(value), "this cap never counts: " + said(other) + " allows no more than " + said(value), "leave it out, or let the longer time allow more");
    return;
  }
}

void check_patterns(Reader& reader, const Value& page, std::string_view key, PatternOf of) {
  const Value* patterns = find(page, key);
  if (patterns == nullptr) return;
  const Format* format = find_format(of == PatternOf::path ? "wayline-path-pattern" : "wayline-url-pattern");
  std::vector<const Value*> alive;
  std::vector<std::string_view> texts;
  for (const Value& pattern : patterns->is_list() ? patterns->as_list() : std::span(patterns, 1)) {
    if (!pattern.is_string() || !format->holds(pattern.as_string())) continue;
    if (const auto problem = find_pattern_slip(pattern.as_string(), of)) {
      reader.warning(ErrorCode::pack_suspicious, reader.within(pattern, problem->offset, problem->length), problem->message, problem->hint);
    } else {
      alive.push_back(&pattern);
      texts.push_back(pattern.as_string());
    }
  }
  for (const IdlePattern& idle : find_idle_patterns(texts)) reader.warning(ErrorCode::pack_suspicious, reader.of(*alive[idle.index]), idle.message, idle.hint);
}

/// Names are compared as they stand.
void check_page_names(Reader& reader, const Value& page) {
  const Value* names = find(page, "name");
  if (names == nullptr) return;
  for (const Value& name : names->is_list() ? names->as_list() : std::span(names, 1)) {
    if (!name.is_string() || name.as_string().find('*') == std::string_view::npos) continue;
    reader.warning(ErrorCode::pack_suspicious, reader.of(name), "here `*` stands for itself: a page's name is compared as it is",
                   R"(list the names that are meant, or ask for a part with "if": {"starts_with": [{"var": "page.name"}, "product"]})");
  }
}

PageMatch read_page(Reader& reader, const Value& experience) {
  const Value page = experience.get("page");
  check_patterns(reader, page, "path", PatternOf::path);
  check_patterns(reader, page, "url", PatternOf::address);
  check_page_names(reader, page);
  return {reader.texts(page, "path"), reader.texts(page, "url"), reader.texts(page, "name")};
}

void read_dismissal(const Reader& reader, const Value& value, Experience& experience) {
  const Value* dismissible = find(value, "dismissible");
  if (dismissible == nullptr) return;
  experience.dismissible = dismissible->is_object() || reader.flag(value, "dismissible", false);
  experience.dismiss_for = reader.duration(*dismissible, "for").value_or(0);
}

void read_name_space(Reader& reader, const Value& value, Experience& experience) {
  const Value* range = find(value, "namespace");
  if (range == nullptr || !range->is_object()) return;
  experience.name_space = reader.text(*range, "name");
  experience.name_space_from = reader.number(*range, "from", 0);
  experience.name_space_to = reader.number(*range, "to", 1);
  if (experience.name_space_from < experience.name_space_to) return;
  reader.error(ErrorCode::pack_bad_value, reader.of(*range), "the range of `namespace` holds no visitor",
               "`from` must be less than `to`");
}

/// A weight that is written in percents; a share is less than 1.
constexpr double hundredths = 10;

void read_variants(Reader& reader, const Value& value, Experience& experience) {
  bool all_zero = true;
  double most = 0;
  for (const Value& item : reader.items(value, "variants")) most = std::max(most, reader.number(item, "weight", 1));
  for (const Value& item : reader.items(value, "variants")) {
    if (!item.is_object()) continue;
    Variant variant;
    variant.id = reader.name(item, "id").value_or(Name{"", reader.of(item)});
    if (variant.id.text == "holdout") {
      reader.error(ErrorCode::pack_bad_value, variant.id.range, "no variant can be called `holdout`: visitors who see none are measured under this name",
                   "call it `control`, or what it shows");
    }
    variant.weight = reader.number(item, "weight", 1);
    if (variant.weight > 0 && variant.weight < 1 && most >= hundredths) {
      reader.warning(ErrorCode::pack_suspicious, reader.of(*find(item, "weight")), "this weight is a share and another one of percents: hardly anybody sees " + quoted(variant.id.text),
                     "write all weights alike, such as 50 and 50, or 0.5 and 0.5");
    }
    variant.content = reader.rule(item, "content");
    if (variant.content) variant.reads = check_content(reader, *variant.content.value);
    all_zero = all_zero && variant.weight == 0;
    experience.variants.push_back(std::move(variant));
  }
  if (experience.variants.empty() || !all_zero) return;
  reader.error(ErrorCode::pack_bad_value, reader.of(*find(value, "variants")), "the weights of all variants are 0",
               "at least one needs a weight above 0; to show none set `status` to `paused`");
}

}  // namespace

std::vector<Cap> read_caps(Reader& reader, const Value& object, std::string_view key) {
  std::vector<Cap> caps;
  const Value* value = find(object, key);
  if (value == nullptr) return caps;
  const std::span<const Value> all = value->is_list() ? value->as_list() : std::span(value, 1);
  for (const Value& item : all) {
    if (has_window(item)) check_cap(reader, item, all, key == "cap");
  }
  if (value->is_object()) caps.push_back(read_cap(reader, *value));
  for (const Value& item : reader.items(object, key)) caps.push_back(read_cap(reader, item));
  return caps;
}

/// By how much the clocks of a written moment are ahead of UTC; nothing for a date alone.
std::optional<Duration> written_offset(std::string_view text, Instant at) {
  constexpr std::size_t date_alone = 10, to_seconds = 19;  // 2026-11-27, 2026-11-27T08:00:00
  if (text.size() <= date_alone) return std::nullopt;
  const auto as_utc = parse_instant(std::string(text.substr(0, to_seconds)) + "Z");
  return as_utc ? std::optional(*as_utc - at) : std::nullopt;
}

Schedule read_schedule(Reader& reader, const Value& object) {
  const Value* value = find(object, "schedule");
  if (value == nullptr) return {};
  Schedule schedule{reader.instant(*value, "from"), reader.instant(*value, "to"), {}};
  for (const std::string_view bound : {"from", "to"}) {
    const Value* text = find(*value, bound);
    const auto at = reader.instant(*value, bound);
    if (text == nullptr || !text->is_string() || !at) continue;
    schedule.bounds.push_back({*at, reader.of(*text), written_offset(text->as_string(), *at)});
  }
  if (schedule.from && schedule.to && *schedule.from >= *schedule.to) {
    reader.error(ErrorCode::pack_bad_value, reader.of(*find(*value, "to")), "the schedule ends before it begins",
                 "`to` must come after `from`");
  }
  return schedule;
}

Experience read_experience(Reader& reader, const Value& value, std::string_view default_id) {
  Experience experience;
  const std::optional<Name> id = reader.name(value, "id");
  experience.id = id.value_or(Name{std::string(default_id), reader.of(value)});
  if (!experience.id.text.empty())
    reader.names().declare(NameKind::experience, experience.id.text, experience.id.range);
  experience.slot = reader.text(value, "slot");
  experience.page = read_page(reader, value);
  experience.condition = reader.condition(value, "if");
  experience.score = reader.rule(value, "score");
  experience.priority = reader.number(value, "priority", 0);
  experience.group = reader.text(value, "group");
  experience.purpose = reader.text(value, "purpose");
  experience.schedule = read_schedule(reader, value);
  experience.caps = read_caps(reader, value, "cap");
  read_dismissal(reader, value, experience);
  experience.seed = reader.text(value, "seed");
  experience.coverage = reader.number(value, "coverage", 1);
  if (experience.coverage == 0) {
    reader.warning(ErrorCode::pack_suspicious, reader.of(*find(value, "coverage")), "nobody takes part: " + quoted(experience.id.text) + " is never shown",
                   "0.5 is half of the visitors; to switch it off set `status` to `paused`");
  }
  read_name_space(reader, value, experience);
  experience.version = reader.whole(value, "version", 1);
  experience.status = reader.text(value, "status", "live");
  experience.owner = reader.text(value, "owner");
  read_variants(reader, value, experience);
  return experience;
}

void read_page_rules(Reader& reader, std::vector<Experience>& page_rules) {
  const Value& root = reader.root();
  if (root.is_object()) page_rules.push_back(read_experience(reader, root, ""));
  if (!root.is_list()) return;
  for (const Value& item : root.as_list()) {
    if (item.is_object()) page_rules.push_back(read_experience(reader, item, ""));
  }
}

}  // namespace wayline::document
