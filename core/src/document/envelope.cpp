// Documents inside of something that people put around them: a list where each has a file of its own, or an object that says what they are.
// Checked against the schema, such a file lacks every key that it has one level further in.
#include <algorithm>
#include <iterator>

#include "document/documents.h"
#include "document/schemas.h"
#include "document/wording.h"

namespace wayline::document {
namespace {

struct Form {
  std::string_view schema;
  bool takes_list;
  std::string_view of_list;    // what to do with one where none is taken
  std::string_view of_object;  // what the file is instead
  std::string_view sign;       // the key that no other form has
  std::string_view noun;       // what such a document is
  std::string_view home;       // where it belongs
};
constexpr Form forms[] = {
    {"site", false, "leave the brackets around it out: there is one site", "", "site", "the site", "what the site shares stands in site.json"},
    {"journey", false, "one journey to a file: write each into its own, such as journeys/welcome.json, without the brackets",
     R"(one journey to a file: begin it with {"id": "welcome", …})", "stages", "a journey", "move it into the folder `journeys`"},
    {"rules", true, "", R"(a file holds one experience, or a list of them: begin it with [{"id": "welcome", …})", "variants", "a page rule", "move it into the folder `rules`"},
    {"story", true, "", R"(a file holds one story, or a list of them: begin it with [{"story": "Whoever…", …})", "story", "a story", "move it into the folder `tests`"},
};

/// What editors and people may write beside anything.
constexpr std::string_view keys_of_any[] = {"$schema", "description"};

bool is_of_any(std::string_view key) { return std::find(std::begin(keys_of_any), std::end(keys_of_any), key) != std::end(keys_of_any); }

bool takes_key(std::string_view schema, std::string_view key) {
  SchemaPlace place{schema, &schema_root(schema)};
  if (const Value* choices = find(*place.schema, "oneOf")) place.schema = &choices->as_list()[0];
  while (place.schema->is_object()) {
    if (const Value* properties = find(*place.schema, "properties"); properties != nullptr && find(*properties, key) != nullptr) return true;
    const Value* reference = find(*place.schema, "$ref");
    if (reference == nullptr) break;
    place = resolve_reference(place.home, reference->as_string());
  }
  return false;
}

bool holds_objects(const Value& value) {
  const auto is_object = [](const Value& item) { return item.is_object(); };
  return value.is_object() || (value.is_list() && !value.as_list().empty() && std::all_of(value.as_list().begin(), value.as_list().end(), is_object));
}

/// A document that lies where others belong.
std::optional<Diagnostic> find_misplaced(const JsonDocument& document, const Form& form) {
  const Value& root = *document.root;
  const Value& first = root.is_list() && !root.as_list().empty() ? root.as_list()[0] : root;
  if (!first.is_object() || find(first, form.sign) != nullptr) return std::nullopt;
  for (const Member& member : first.as_object()) {
    const auto* other = std::find_if(std::begin(forms), std::end(forms), [&](const Form& each) { return each.sign == member.key; });
    if (other == std::end(forms) || takes_key(form.schema, member.key)) continue;
    return Diagnostic{ErrorCode::pack_stray_file, Severity::error, document.positions.of_key(member), "this is " + std::string(other->noun) + ", and does not belong into this file", std::string(other->home)};
  }
  return std::nullopt;
}

}  // namespace

std::optional<Diagnostic> find_envelope(const JsonDocument& document, std::string_view schema) {
  const Value& root = *document.root;
  const auto* form = std::find_if(std::begin(forms), std::end(forms), [schema](const Form& each) { return each.schema == schema; });
  if (auto misplaced = find_misplaced(document, *form)) return misplaced;
  if (root.is_list() && !form->takes_list) {
    return Diagnostic{ErrorCode::pack_wrong_type, Severity::error, document.positions.of(root), "the document must be an object, not a list", std::string(form->of_list)};
  }
  if (!root.is_object() || form->of_object.empty()) return std::nullopt;
  const Member* first = nullptr;
  for (const Member& member : root.as_object()) {
    if (is_of_any(member.key)) continue;
    if (!holds_objects(member.value) || takes_key(schema, member.key)) return std::nullopt;
    if (first == nullptr) first = &member;
  }
  if (first == nullptr) return std::nullopt;
  return Diagnostic{ErrorCode::pack_unknown_key, Severity::error, document.positions.of_key(*first), "unknown key " + quoted(first->key), std::string(form->of_object)};
}

}  // namespace wayline::document
