// The parts of load_pack(): one reader for each kind of document, and the checks across documents.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "document/pack.h"
#include "document/reader.h"

namespace wayline::document {

// Typed readers. Shapes and names have been checked by the schemas; these report what schemas can not say.
void read_site(Reader& reader, Site& site);
void read_page_rules(Reader& reader, std::vector<Experience>& page_rules);
void read_journey(Reader& reader, Journey& journey);

/// The share of visitors who are held out; warns of one that leaves nobody, who then never see `what`.
[[nodiscard]] double read_holdout(Reader& reader, const Value& object, std::string_view what);

/// The scope of a hold; "team:<name>" and "journey:<id>" refer to what must be there.
std::string refer_scope(Reader& reader, const Value& hold);

/// An experience of a page rule, or of a stage, whose id is then `default_id` unless it has its own.
[[nodiscard]] Experience read_experience(Reader& reader, const Value& value, std::string_view default_id);
[[nodiscard]] std::vector<Action> read_actions(Reader& reader, const Value& object);
[[nodiscard]] Schedule read_schedule(Reader& reader, const Value& object);
/// One cap or a list of them.
[[nodiscard]] std::vector<Cap> read_caps(Reader& reader, const Value& object, std::string_view key);

/// Reports malformed interpolations and unsafe markup of a content; returns what its interpolations read.
[[nodiscard]] std::vector<Name> check_content(Reader& reader, const Value& content);

/// Cycles of the goal tree.
void check_goal_tree(const Site& site, Diagnostics& diagnostics);
/// Stages that no way leads to, or out of, journeys that nobody enters and nothing starts, goals that nobody reaches.
void check_reachability(const Pack& pack, Diagnostics& diagnostics);

/// What rules ask of values that, by what the site declares, they can not have.
void check_comparisons(const Pack& pack, Diagnostics& diagnostics);

/// What people put around documents that stand for themselves; then nothing else can be said of them.
[[nodiscard]] std::optional<Diagnostic> find_envelope(const JsonDocument& document, std::string_view schema);

/// Parses one document and checks it against a schema; null after a syntax error, or when it is not a document by itself. The document is kept in `documents`.
[[nodiscard]] JsonDocument* read_checked(const std::string& file, const std::string& text, std::string_view schema,
                                         std::vector<std::unique_ptr<JsonDocument>>& documents,
                                         Diagnostics& diagnostics, Names& names);

/// Says a JSON syntax error in an author's words: what was met, and what was probably meant.
void explain_syntax(std::string_view text, Diagnostic& finding);

/// By file, line and column; findings beyond a readable number are dropped, with a note that says so.
void finish(Diagnostics& diagnostics);

}  // namespace wayline::document
