#include "document/pack.h"

#include <algorithm>
#include <cctype>
#include <tuple>
#include <utility>

#include "base/nearest.h"
#include "document/documents.h"
#include "document/schema_check.h"
#include "document/schemas.h"

namespace wayline::document {
namespace {

/// Nobody reads more at once, and a hostile pack must not fill the memory with findings.
constexpr std::size_t most_findings = 500;

constexpr std::string_view extension = ".json";
/// What people write instead: JSON with comments is called so elsewhere, and other tools are told by YAML.
constexpr std::string_view extensions_like_json[] = {".json", ".jsonc", ".json5"};
constexpr std::string_view extensions_of_yaml[] = {".yaml", ".yml"};
constexpr std::string_view site_file = "site.json";

struct Folder {
  std::string_view name;
  std::string_view schema;
  void (*read)(Reader& reader, Pack& pack);  // null: story.h reads them
  std::span<const NameKind> declares;
};

constexpr NameKind declared_by_site[] = {NameKind::team,     NameKind::attribute, NameKind::event,
                                         NameKind::computed, NameKind::segment,   NameKind::intent,
                                         NameKind::goal,     NameKind::purpose,   NameKind::slot,
                                         NameKind::score};
constexpr NameKind declared_by_rules[] = {NameKind::experience};
constexpr NameKind declared_by_journeys[] = {NameKind::journey, NameKind::experience, NameKind::event};

void add_site(Reader& reader, Pack& pack) { read_site(reader, pack.site); }
void add_page_rules(Reader& reader, Pack& pack) { read_page_rules(reader, pack.page_rules); }

void add_journey(Reader& reader, Pack& pack) {
  if (reader.root().is_object()) read_journey(reader, pack.journeys.emplace_back());
}

constexpr Folder folders[] = {
    {"rules", "rules", add_page_rules, declared_by_rules},
    {"journeys", "journey", add_journey, declared_by_journeys},
    {"tests", "story", nullptr, {}},
};

/// site.json is a folder's worth of its own.
constexpr Folder site_folder = {"", "site", add_site, declared_by_site};

const Folder* find_folder(std::string_view name) {
  const auto found = std::find_if(std::begin(folders), std::end(folders),
                                  [name](const Folder& folder) { return folder.name == name; });
  return found == std::end(folders) ? nullptr : found;
}

/// Where a finding about a whole file stands.
SourceRange top_of(std::string_view file) {
  SourceRange range;
  range.file = file;
  range.line = range.column = 1;
  return range;
}

/// A JSON file of the pack's own folders that nothing reads is a misspelling, not a choice.
void report_stray(const std::string& file, Diagnostics& diagnostics) {
  const std::size_t slash = file.find('/');
  const std::string_view folder =
      slash == std::string::npos ? std::string_view() : std::string_view(file).substr(0, slash);
  std::vector<std::string_view> names;
  for (const Folder& entry : folders) names.push_back(entry.name);
  const std::string_view near = folder.empty() ? std::string_view() : nearest(folder, names);
  std::string hint = "a pack holds site.json, rules/*.json, journeys/*.json and tests/*.json";
  if (const std::string_view site[] = {site_file}; folder.empty() && !nearest(file, site).empty()) hint = "did you mean " + quoted(site_file) + "?";
  if (!near.empty() && near != folder) hint = "did you mean the folder " + quoted(near) + "?";
  if (near == folder && !near.empty()) hint = "move it up: files lie directly in " + quoted(near);
  diagnostics.push_back(
      {ErrorCode::pack_stray_file, Severity::warning, top_of(file), "this file is not part of the pack", hint});
}

/// Where a file belongs by its path; null when nowhere.
const Folder* folder_of(const std::string& file) {
  if (file == site_file) return &site_folder;
  const std::size_t slash = file.find('/');
  if (slash == std::string::npos || file.find('/', slash + 1) != std::string::npos) return nullptr;
  return find_folder(std::string_view(file).substr(0, slash));
}

bool ends_with_one_of(std::string_view name, std::span<const std::string_view> endings) {
  return std::any_of(endings.begin(), endings.end(), [name](std::string_view ending) { return name.ends_with(ending); });
}

/// YAML may lie beside a pack for other tools, but not where its documents are.
bool is_other_yaml(const std::string& file) { return ends_with_one_of(file, extensions_of_yaml) && !file.starts_with("site.") && folder_of(file) == nullptr; }

void read_file(const std::string& file, const std::string& text, Pack& pack, Diagnostics& diagnostics, Names& names) {
  if (!file.ends_with(extension)) {
    if (!is_meant_as_document(file) || is_other_yaml(file)) return;
    diagnostics.push_back({ErrorCode::pack_stray_file, Severity::warning, top_of(file), "this file is not part of the pack",
                           ends_with_one_of(file, extensions_of_yaml) ? "documents are JSON: write it so, and let its name end with `.json`" : "let its name end with `.json`"});
    return;
  }
  const Folder* folder = folder_of(file);
  if (folder == nullptr) return report_stray(file, diagnostics);
  if (folder->read == nullptr) return;
  JsonDocument* document = read_checked(file, text, folder->schema, pack.documents, diagnostics, names);
  if (document == nullptr) {
    pack.is_complete = false;
    for (NameKind kind : folder->declares) names.excuse(kind);
    return;
  }
  Reader reader(*document, diagnostics, names);
  folder->read(reader, pack);
}

/// Journeys in whose files keys or values were refused.
void mark_journeys(Pack& pack, const Diagnostics& diagnostics) {
  constexpr ErrorCode of_shape[] = {ErrorCode::pack_unknown_key, ErrorCode::pack_missing_key, ErrorCode::pack_wrong_type};
  for (Journey& journey : pack.journeys) {
    journey.is_whole = std::none_of(diagnostics.begin(), diagnostics.end(), [&](const Diagnostic& finding) {
      return finding.range.file == journey.id.range.file && std::find(std::begin(of_shape), std::end(of_shape), finding.code) != std::end(of_shape);
    });
  }
}

}  // namespace

JsonDocument* read_checked(const std::string& file, const std::string& text, std::string_view schema,
                           std::vector<std::unique_ptr<JsonDocument>>& documents, Diagnostics& diagnostics,
                           Names& names) {
  auto parsed = read_document(file, text);
  if (auto* failure = std::get_if<Diagnostic>(&parsed)) {
    explain_syntax(text, *failure);
    diagnostics.push_back(std::move(*failure));
    return nullptr;
  }
  JsonDocument& document =
      *documents.emplace_back(std::make_unique<JsonDocument>(std::move(*std::get_if<JsonDocument>(&parsed))));
  if (auto envelope = find_envelope(document, schema)) {
    diagnostics.push_back(std::move(*envelope));
    return nullptr;
  }
  SchemaChecker checker(document.positions, &diagnostics, &names);
  const SchemaNode node{schema, schema_root(schema)};
  checker.check(*document.root, node, {{}, 0, nullptr, &node});
  return &document;
}

void finish(Diagnostics& diagnostics) {
  const auto place = [](const Diagnostic& finding) {
    return std::tie(finding.range.file, finding.range.line, finding.range.column);
  };
  std::stable_sort(diagnostics.begin(), diagnostics.end(),
                   [&](const Diagnostic& a, const Diagnostic& b) { return place(a) < place(b); });
  if (diagnostics.size() <= most_findings) return;
  const std::size_t dropped = diagnostics.size() - most_findings;
  diagnostics.resize(most_findings, diagnostics.front());
  Diagnostic note = diagnostics.back();
  note.severity = Severity::note;
  note.message = "and " + std::to_string(dropped) + " findings more";
  note.hint = "correct these first";
  diagnostics.push_back(std::move(note));
}

bool is_meant_as_document(std::string_view file) {
  std::string name(file);
  std::transform(name.begin(), name.end(), name.begin(), [](unsigned char letter) { return static_cast<char>(std::tolower(letter)); });
  if (name.ends_with(".txt")) name.resize(name.size() - 4);
  return ends_with_one_of(name, extensions_like_json) || ends_with_one_of(name, extensions_of_yaml);
}

Loaded load_pack(const Files& files) {
  Loaded loaded;
  Names names;
  if (!files.contains(std::string(site_file))) {
    loaded.pack.is_complete = false;
    loaded.diagnostics.push_back(
        {ErrorCode::pack_missing_file, Severity::error, top_of(site_file), "the pack has no site.json", {}});
  }
  for (const auto& [file, text] : files) read_file(file, text, loaded.pack, loaded.diagnostics, names);
  auto& journeys = loaded.pack.journeys;
  std::stable_sort(journeys.begin(), journeys.end(),
                   [](const Journey& a, const Journey& b) { return a.id.text < b.id.text; });
  names.resolve(loaded.diagnostics);
  mark_journeys(loaded.pack, loaded.diagnostics);
  check_goal_tree(loaded.pack.site, loaded.diagnostics);
  check_reachability(loaded.pack, loaded.diagnostics);
  check_comparisons(loaded.pack, loaded.diagnostics);
  loaded.pack.is_sound = std::none_of(loaded.diagnostics.begin(), loaded.diagnostics.end(), [](const Diagnostic& finding) { return finding.severity == Severity::error; });
  finish(loaded.diagnostics);
  return loaded;
}

}  // namespace wayline::document
