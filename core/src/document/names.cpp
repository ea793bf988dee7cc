#include "document/names.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "base/ascii.h"
#include "base/nearest.h"
#include "document/wording.h"

namespace wayline::document {
namespace {

/// When a name that nobody declared is an error.
enum class Strictness : std::uint8_t {
  always,
  once_declared,  // once site.json declares one of the kind: small packs need not declare everything
};

struct KindRow {
  NameKind kind;
  std::string_view text;
  std::string_view noun;
  Strictness strictness;
  bool unique;
  std::string_view how_to_declare;
};

constexpr KindRow kinds[] = {
    {NameKind::team, "team", "team", Strictness::once_declared, true, "declare it in `teams` of site.json"},
    {NameKind::attribute, "attribute", "attribute", Strictness::once_declared, true,
     "declare it in `attributes` of site.json"},
    {NameKind::event, "event", "event", Strictness::once_declared, false, "declare it in `events` of site.json"},
    {NameKind::computed, "computed", "computed value", Strictness::always, true,
     "declare it in `computed` of site.json"},
    {NameKind::segment, "segment", "segment", Strictness::always, true, "declare it in `segments` of site.json"},
    {NameKind::intent, "intent", "intent", Strictness::always, true, "declare it in `intents` of site.json"},
    {NameKind::score, "score", "score", Strictness::always, true, "declare it in `scores` of site.json"},
    {NameKind::goal, "goal", "goal", Strictness::always, true, "declare it in `goals` of site.json"},
    {NameKind::purpose, "purpose", "purpose", Strictness::once_declared, true,
     "declare it in `consent.purposes` of site.json"},
    {NameKind::slot, "slot", "slot", Strictness::once_declared, true, "declare it in `slots` of site.json"},
    {NameKind::journey, "journey", "journey", Strictness::always, true, "add a journey with this id"},
    {NameKind::stage, "stage", "stage", Strictness::always, true, "add it to `stages` of this journey"},
    {NameKind::experience, "experience", "experience", Strictness::always, true, "add an experience with this id"},
    {NameKind::variant, "variant", "variant", Strictness::always, true, "add a variant with this id"},
    {NameKind::story, "story", "story", Strictness::always, true, ""},
};
static_assert(std::size(kinds) == name_kind_count);

constexpr std::string_view site_file = "site.json";
constexpr std::string_view computed_root = "computed.";

constexpr std::size_t index_of(NameKind kind) { return static_cast<std::size_t>(kind); }
const KindRow& row(NameKind kind) { return kinds[index_of(kind)]; }

/// Without what tells `firstName`, `FIRST_NAME` and `first-name` apart.
std::string plain(std::string_view name) {
  std::string result;
  for (const char c : name) {
    if (c != '_' && c != '-') result += to_lower(c);
  }
  return result;
}

/// Whether `word` is one of those that `_` joins to the name.
bool has_word(std::string_view name, std::string_view word) {
  for (std::size_t at = 0; at < name.size();) {
    const std::size_t end = std::min(name.find('_', at), name.size());
    if (name.substr(at, end - at) == word) return true;
    at = end + 1;
  }
  return false;
}

}  // namespace

std::optional<NameKind> name_kind(std::string_view text) {
  for (const KindRow& entry : kinds) {
    if (entry.text == text) return entry.kind;
  }
  return std::nullopt;
}

std::string_view noun(NameKind kind) { return row(kind).noun; }

void Names::declare(NameKind kind, std::string_view text, SourceRange range, Scope scope) {
  declared_[index_of(kind)].push_back({std::string(text), std::move(range), scope});
}

void Names::know(NameKind kind, std::string_view text, SourceRange range) {
  declared_[index_of(kind)].push_back({std::string(text), std::move(range), 0, false});
}

void Names::refer(NameKind kind, std::string_view text, SourceRange range, Scope scope) {
  if (kind == NameKind::attribute && text.starts_with(computed_root)) {
    return refer(NameKind::computed, text.substr(computed_root.size()), std::move(range), scope);
  }
  used_[index_of(kind)].push_back({std::string(text), std::move(range), scope});
}

void Names::report_unrooted(std::string_view path, Diagnostic finding) { unrooted_.push_back({std::string(path), std::move(finding)}); }

std::string Names::rooted(std::string_view path) const {
  const auto leads_to = [path](std::string_view name) { return path.starts_with(name) && (path.size() == name.size() || path[name.size()] == '.'); };
  for (const Use& use : declared_[index_of(NameKind::attribute)]) {
    const std::size_t dot = use.text.find('.') + 1;
    if (leads_to(std::string_view(use.text).substr(dot))) return use.text.substr(0, dot) + std::string(path);
  }
  for (const Use& use : declared_[index_of(NameKind::computed)]) {
    if (leads_to(use.text)) return std::string(computed_root) + std::string(path);
  }
  return {};
}

void Names::report_lookalike(std::string_view name, Likeness likeness, Diagnostic finding) { lookalikes_.push_back({std::string(name), likeness, std::move(finding)}); }

std::string Names::respelt(std::string_view name, Likeness likeness) const {
  const std::string word = plain(name.substr(name.rfind('.') + 1));
  for (const auto& [kind, root] : {std::pair(NameKind::attribute, std::string_view()), std::pair(NameKind::computed, computed_root)}) {
    for (const Use& use : declared_[index_of(kind)]) {
      const std::string_view declared = std::string_view(use.text).substr(use.text.rfind('.') + 1);
      if (plain(declared) == word || (likeness != Likeness::whole && has_word(declared, word))) return std::string(root) + use.text;
    }
  }
  return {};
}

void Names::report_lookalikes(Diagnostics& diagnostics) const {
  for (const Lookalike& lookalike : lookalikes_) {
    const std::string_view text = lookalike.name;
    const std::size_t bar = std::min(text.find('|'), text.size());
    const std::string_view name = text.substr(0, text.find_last_not_of(' ', bar - 1) + 1);
    std::string path = rooted(name);
    if (path.empty()) path = respelt(name, lookalike.likeness);
    if (path.empty() && lookalike.likeness != Likeness::any) continue;
    Diagnostic finding = lookalike.finding;
    if (!path.empty()) finding.hint = "to fill in the value write {{" + path + (bar == text.size() ? "" : " " + std::string(text.substr(bar))) + "}}";
    diagnostics.push_back(std::move(finding));
  }
}

void Names::resolve(Diagnostics& diagnostics) const {
  for (const Unrooted& unrooted : unrooted_) {
    Diagnostic finding = unrooted.finding;
    if (const std::string path = rooted(unrooted.path); !path.empty()) finding.hint = "did you mean " + quoted(path) + "?";
    diagnostics.push_back(std::move(finding));
  }
  report_lookalikes(diagnostics);
  for (const KindRow& entry : kinds) {
    if (entry.unique) report_duplicates(entry.kind, diagnostics);
    if (!excused_[index_of(entry.kind)]) report_unknown(entry.kind, diagnostics);
  }
}

void Names::report_duplicates(NameKind kind, Diagnostics& diagnostics) const {
  std::map<std::pair<Scope, std::string_view>, const Use*> first;
  for (const Use& use : declared_[index_of(kind)]) {
    const auto [entry, is_new] = first.try_emplace({use.scope, use.text}, &use);
    if (is_new || !use.is_own) continue;
    const SourceRange& other = entry->second->range;
    diagnostics.push_back({ErrorCode::pack_duplicate, Severity::error, use.range,
                           "the " + std::string(noun(kind)) + " " + quoted(use.text) + " is declared twice",
                           "the first is at " + other.file + ":" + std::to_string(other.line) + "; give each its own"});
  }
}

std::vector<std::string_view> Names::candidates(NameKind kind, Scope scope) const {
  std::vector<std::string_view> result;
  for (const Use& use : declared_[index_of(kind)]) {
    if (use.scope == scope) result.push_back(use.text);
  }
  if (kind == NameKind::event) {
    result.insert(result.end(), known_events.begin(), known_events.end());
    result.insert(result.end(), derived_events.begin(), derived_events.end());
  }
  return result;
}

void Names::report_unknown(NameKind kind, Diagnostics& diagnostics) const {
  const std::vector<Use>& declared = declared_[index_of(kind)];
  const bool any =
      std::any_of(declared.begin(), declared.end(), [](const Use& use) { return use.range.file == site_file; });
  if (row(kind).strictness == Strictness::once_declared && !any) return;

  std::set<std::pair<Scope, std::string_view>> known;
  for (const Use& use : declared) known.emplace(use.scope, use.text);
  if (kind == NameKind::event) {
    for (std::string_view event : known_events) known.emplace(Scope{0}, event);
    for (std::string_view event : derived_events) known.emplace(Scope{0}, event);
  }
  for (const Use& use : used_[index_of(kind)]) {
    if (known.contains({use.scope, use.text})) continue;
    const std::string path = kind == NameKind::attribute ? rooted(use.text) : std::string();
    const bool is_path = path.starts_with(computed_root) || known.contains({use.scope, path});
    const std::string_view near = is_path ? path : nearest(use.text, candidates(kind, use.scope));
    diagnostics.push_back(
        {ErrorCode::pack_unknown_reference, Severity::error, use.range,
         "there is no " + std::string(noun(kind)) + " " + quoted(use.text),
         near.empty() ? std::string(row(kind).how_to_declare) : "did you mean " + quoted(near) + "?"});
  }
}

}  // namespace wayline::document
