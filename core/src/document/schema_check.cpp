#include "document/schema_check.h"

#include <algorithm>
#include <cmath>

#include "base/nearest.h"
#include "base/number.h"
#include "base/utf.h"
#include "document/formats.h"
#include "document/schemas.h"
#include "document/wording.h"
#include "value/json.h"

namespace wayline::document {

/// One keyword of a schema meeting one value.
struct SchemaChecker::Visit {
  const Value& value;
  const SchemaNode& node;  // the schema that holds the keyword
  const Value& operand;    // what the keyword says
  const Label& label;
};

struct SchemaChecker::Keyword {
  std::string_view name;
  bool (SchemaChecker::*check)(const Visit& visit);
};

// Applied in this order, so that a wrong type is told before anything finer. Keywords that only speak to people and
// editors (title, description, default, pattern, …) are not here; schema_check_test.cpp knows them all.
const SchemaChecker::Keyword SchemaChecker::keywords[] = {
    {"type", &SchemaChecker::check_type},
    {"$ref", &SchemaChecker::check_reference},
    {"const", &SchemaChecker::check_const},
    {"enum", &SchemaChecker::check_enum},
    {"format", &SchemaChecker::check_format},
    {"minLength", &SchemaChecker::check_min_length},
    {"maxLength", &SchemaChecker::check_max_length},
    {"minimum", &SchemaChecker::check_minimum},
    {"exclusiveMinimum", &SchemaChecker::check_exclusive_minimum},
    {"maximum", &SchemaChecker::check_maximum},
    {"minItems", &SchemaChecker::check_min_items},
    {"maxItems", &SchemaChecker::check_max_items},
    {"required", &SchemaChecker::check_required},
    {"dependentRequired", &SchemaChecker::check_dependent_required},
    {"minProperties", &SchemaChecker::check_min_properties},
    {"maxProperties", &SchemaChecker::check_max_properties},
    {"if", &SchemaChecker::check_if},
    {"allOf", &SchemaChecker::check_all_of},
    {"anyOf", &SchemaChecker::check_any_of},
    {"oneOf", &SchemaChecker::check_one_of},
    {"propertyNames", &SchemaChecker::check_property_names},
    {"properties", &SchemaChecker::check_properties},
    {"additionalProperties", &SchemaChecker::check_additional_properties},
    {"items", &SchemaChecker::check_items},
    {"x-declares", &SchemaChecker::declare_name},
    {"x-refers-to", &SchemaChecker::refer_to_name},
};

namespace {

constexpr double hundred = 100;

/// The keys that a schema names, its $ref included.
std::vector<std::string_view> known_keys(const SchemaNode& node) {
  std::vector<std::string_view> keys;
  if (const Value* properties = find(node.schema, "properties")) {
    for (const Member& member : properties->as_object()) keys.push_back(member.key);
  }
  if (const Value* reference = find(node.schema, "$ref")) {
    const SchemaPlace place = resolve_reference(node.home, reference->as_string());
    const std::vector<std::string_view> more = known_keys({place.home, *place.schema});
    keys.insert(keys.end(), more.begin(), more.end());
  }
  return keys;
}

bool is_known(std::string_view key, const std::vector<std::string_view>& keys) {
  return std::find(keys.begin(), keys.end(), key) != keys.end();
}

/// Whether some key of the object is misspelt; what it lacks is then told by that finding.
bool has_unknown_key(const Value& object, const std::vector<std::string_view>& keys) {
  const std::span<const Member> members = object.as_object();
  return std::any_of(members.begin(), members.end(), [&](const Member& member) { return !is_known(member.key, keys); });
}

/// What other tools, and people, call a key; several keys where it depends on the object which is meant.
struct Synonym {
  std::string_view word, key;
};
constexpr Synonym synonyms[] = {{"condition", "if"},  {"conditions", "if"}, {"when", "if"},       {"where", "if"},      {"filter", "if"},    {"rule", "if"},      {"segment", "if"},     {"segments", "if"},
                                {"audience", "if"},   {"targeting", "if"},  {"delay", "wait"},    {"duration", "wait"}, {"next", "go"},      {"goto", "go"},      {"target", "go"},      {"content", "variants"},
                                {"html", "variants"}, {"text", "variants"}, {"html", "content"},  {"text", "content"}, {"steps", "stages"},  {"states", "stages"}, {"trigger", "enter"}, {"entry", "enter"},  {"event", "track"},    {"event", "on"},
                                {"actions", "do"},    {"action", "do"},     {"url", "page"},      {"path", "page"},     {"pages", "page"},   {"name", "id"},      {"name", "story"},     {"title", "story"},
                                {"place", "slot"},    {"position", "slot"}, {"enabled", "status"}, {"active", "status"}, {"frequency", "cap"}, {"limit", "cap"}, {"percentage", "coverage"}, {"traffic", "coverage"},
                                {"split", "weight"},  {"percent", "weight"}, {"exits", "exit"},   {"control", "holdout"}, {"time", "at"},    {"date", "at"},      {"assert", "expect"},  {"then", "expect"}};

/// What databases and programming languages call the types of values.
constexpr Synonym type_names[] = {{"text", "string"}, {"integer", "number"}, {"int", "number"}, {"float", "number"}, {"decimal", "number"}, {"bool", "boolean"}, {"datetime", "date"}, {"timestamp", "date"}, {"time", "date"}, {"array", "list"}, {"map", "object"}};

/// The key of the object that such a word means; empty when there is none.
std::string_view meant_key(std::string_view word, const std::vector<std::string_view>& keys) {
  const auto found = std::find_if(std::begin(synonyms), std::end(synonyms), [&](const Synonym& synonym) { return synonym.word == word && is_known(synonym.key, keys); });
  return found != std::end(synonyms) ? found->key : nearest(word, keys);
}

/// Whether an unknown key of the object looks like a misspelling of `key`.
bool is_misspelt(std::string_view key, const Value& object, const std::vector<std::string_view>& keys) {
  const std::span<const Member> members = object.as_object();
  return std::any_of(members.begin(), members.end(), [&](const Member& member) {
    return !is_known(member.key, keys) && meant_key(member.key, keys) == key;
  });
}

std::string hint_for_key(const Member& member, const std::vector<std::string_view>& keys) {
  const std::string_view meant = meant_key(member.key, keys);
  if (meant.empty()) return hint_for(member.key, keys);
  if (meant == "if" && member.value.is_string()) return R"(a condition stands in `if`, of a segment: "if": {"segment": )" + shown(member.value) + "}";
  if (meant == "variants") return R"(what is shown stands in a variant: "variants": [{"id": "a", "content": {…}}])";
  if (meant == "content") return "what is shown stands in `content`: \"content\": {\"" + std::string(member.key) + "\": …}";
  if (meant == "page" && member.key != "pages") return "the pages stand in `page`: \"page\": {\"" + std::string(member.key) + "\": …}";
  return "did you mean " + quoted(meant) + "?";
}

/// The one key that a branch such as {"required": ["emit"]} asks for, or empty when the branch is of another form.
std::string_view required_key(const Value& branch) {
  const Value* required = find(branch, "required");
  return required != nullptr && required->as_list().size() == 1 ? required->as_list()[0].as_string()
                                                                : std::string_view();
}

/// What a schema says of itself, or what it refers to says.
std::string description_of(const SchemaNode& node) {
  if (const Value* description = find(node.schema, "description")) return std::string(description->as_string());
  const Value* reference = find(node.schema, "$ref");
  if (reference == nullptr) return {};
  const SchemaPlace place = resolve_reference(node.home, reference->as_string());
  return description_of({place.home, *place.schema});
}

/// Descriptions begin with what matters; a hint is one line.
std::string first_sentence(const std::string& text) {
  const std::size_t end = text.find(". ");
  return end == std::string::npos ? text : text.substr(0, end + 1);
}

/// The description of a property, for hints.
std::string description_of(const SchemaNode& node, std::string_view key) {
  if (const Value* properties = find(node.schema, "properties")) {
    if (const Value* property = find(*properties, key)) return description_of({node.home, *property});
  }
  const Value* reference = find(node.schema, "$ref");
  if (reference == nullptr) return {};
  const SchemaPlace place = resolve_reference(node.home, reference->as_string());
  return description_of({place.home, *place.schema}, key);
}

/// The types that a schema allows, through its $ref and its choices.
std::vector<std::string_view> allowed_types(const SchemaNode& node) {
  std::vector<std::string_view> result;
  if (const Value* type = find(node.schema, "type")) {
    if (type->is_string()) return {type->as_string()};
    for (const Value& item : type->as_list()) result.push_back(item.as_string());
    return result;
  }
  if (const Value* reference = find(node.schema, "$ref")) {
    const SchemaPlace place = resolve_reference(node.home, reference->as_string());
    return allowed_types({place.home, *place.schema});
  }
  for (std::string_view keyword : {"oneOf", "anyOf"}) {
    const Value* branches = find(node.schema, keyword);
    if (branches == nullptr) continue;
    for (const Value& branch : branches->as_list()) {
      for (std::string_view type : allowed_types({node.home, branch})) result.push_back(type);
    }
  }
  return result;
}

std::size_t code_points(std::string_view text) {
  std::size_t count = 0;
  for (std::size_t at = 0; at < text.size(); at += decode_utf8(text, at).bytes) ++count;
  return count;
}

}  // namespace

bool SchemaChecker::check(const Value& value, const SchemaNode& node, const Label& label) {
  const auto scopes = scopes_;
  if (const Value* scope = find(node.schema, "x-scope"); scope != nullptr && names_ != nullptr) {
    if (const auto kind = name_kind(scope->as_string())) scopes_[static_cast<std::size_t>(*kind)] = names_->new_scope();
  }
  bool holds = true;
  for (const Clause& clause : clauses_of(node.schema)) {
    if (!holds && clause.keyword->check == &SchemaChecker::refer_to_name)
      continue;  // a name that is misspelt refers to nothing
    if ((this->*clause.keyword->check)({value, node, *clause.operand, label})) continue;
    holds = false;
    if (clause.keyword->name == "type") break;  // nothing finer can be said of a value of the wrong type
  }
  scopes_ = scopes;
  return holds;
}

const std::vector<SchemaChecker::Clause>& SchemaChecker::clauses_of(const Value& schema) {
  const auto [entry, is_new] = clauses_.try_emplace(&schema);
  if (is_new) {
    for (const Keyword& keyword : keywords) {
      if (const Value* operand = find(schema, keyword.name)) entry->second.push_back({&keyword, operand});
    }
  }
  return entry->second;
}

bool SchemaChecker::holds_silently(const Value& value, const SchemaNode& node) const {
  return SchemaChecker(positions_, nullptr, nullptr).check(value, node);
}

SourceRange SchemaChecker::range_of(const Value& value, const Label& label) const {
  return label.as_key != nullptr ? positions_.of_key(*label.as_key) : positions_.of(value);
}

bool SchemaChecker::report(ErrorCode code, const Visit& visit, std::string message, std::string hint) {
  if (diagnostics_ != nullptr) {
    if (hint.empty() && visit.label.whole != nullptr) hint = first_sentence(description_of(*visit.label.whole));
    diagnostics_->push_back(
        {code, Severity::error, range_of(visit.value, visit.label), std::move(message), std::move(hint)});
  }
  return false;
}

// --- schemas within schemas

bool SchemaChecker::check_reference(const Visit& visit) {
  const SchemaPlace place = resolve_reference(visit.node.home, visit.operand.as_string());
  return check(visit.value, {place.home, *place.schema}, visit.label);
}

bool SchemaChecker::check_if(const Visit& visit) {
  const bool holds = holds_silently(visit.value, {visit.node.home, visit.operand});
  const Value* branch = find(visit.node.schema, holds ? "then" : "else");
  return branch == nullptr || check(visit.value, {visit.node.home, *branch}, visit.label);
}

bool SchemaChecker::check_all_of(const Visit& visit) {
  bool holds = true;
  for (const Value& branch : visit.operand.as_list())
    holds &= check(visit.value, {visit.node.home, branch}, visit.label);
  return holds;
}

bool SchemaChecker::check_any_of(const Visit& visit) { return check_choice(visit, false); }
bool SchemaChecker::check_one_of(const Visit& visit) { return check_choice(visit, true); }

bool SchemaChecker::check_choice(const Visit& visit, bool exactly_one) {
  const std::span<const Value> branches = visit.operand.as_list();
  const bool by_type = std::all_of(branches.begin(), branches.end(), [&](const Value& branch) {
    return !allowed_types({visit.node.home, branch}).empty();
  });
  return by_type ? check_choice_of_types(visit) : check_choice_of_keys(visit, exactly_one);
}

/// Branches that differ in their types: the value's own type says which one was meant.
bool SchemaChecker::check_choice_of_types(const Visit& visit) {
  for (const Value& branch : visit.operand.as_list()) {
    const SchemaNode node{visit.node.home, branch};
    if (is_of_type(visit.value, allowed_types(node))) return check(visit.value, node, visit.label);
  }
  return report_type(visit, allowed_types(visit.node));
}

/// Branches that ask for keys, such as {"required": ["emit"]}.
bool SchemaChecker::check_choice_of_keys(const Visit& visit, bool exactly_one) {
  std::vector<std::string_view> wanted, found;
  for (const Value& branch : visit.operand.as_list()) {
    const std::string_view key = required_key(branch);
    wanted.push_back(key);
    if (holds_silently(visit.value, {visit.node.home, branch})) found.push_back(key);
  }
  if (found.size() == 1 || (found.size() > 1 && !exactly_one)) return true;
  if (!visit.value.is_object()) return false;
  if (found.size() > 1) {
    return report(ErrorCode::pack_bad_value, visit,
                  named(visit.label) + " has " + joined(quoted_all(found), " and ") + ", but takes only one of them");
  }
  // A misspelt key has been told already.
  if (visit.label.whole != nullptr && has_unknown_key(visit.value, known_keys(*visit.label.whole))) return false;
  return report(
      ErrorCode::pack_missing_key, visit,
      named(visit.label) + (exactly_one ? " needs exactly one of " : " needs ") + joined(quoted_all(wanted), " or "));
}

/// How a value of another type is written here; empty when that can not be told.
std::string SchemaChecker::hint_for_type(const Visit& visit, const std::vector<std::string_view>& allowed) const {
  const auto takes = [&](std::string_view type) { return std::find(allowed.begin(), allowed.end(), type) != allowed.end(); };
  const std::string begin = "write \"" + std::string(visit.label.key) + "\": ";
  if (visit.value.is_string()) {
    const std::string_view text = visit.value.as_string();
    const bool is_percent = text.ends_with('%');
    const double number = string_to_number(text.substr(0, text.size() - (is_percent ? 1 : 0)));
    const Value* most = find(visit.node.schema, "maximum");
    const bool is_share = most != nullptr && most->is_number() && most->as_number() == 1;
    if (takes("number") || takes("integer")) {
      if (std::isnan(number) || text.empty()) return {};
      if (is_percent && !is_share) return "write it without quotes and percent sign: " + shown(Value::number(number));
      return is_percent ? shown(Value::number(number)) + " percent is " + shown(Value::number(number / hundred)) : "write it without quotes: " + shown(Value::number(number));
    }
    if (takes("boolean") && (allowed.size() == 1 || text == "true" || text == "false")) return "write true or false, without quotes";
  }
  if (visit.label.key.empty() || visit.label.item != 0) return {};
  if (allowed.size() == 1 && takes("array") && (visit.value.is_string() || visit.value.is_object())) {
    const Value* items = find(visit.node.schema, "items");
    const std::vector<std::string_view> types = items == nullptr ? std::vector<std::string_view>() : allowed_types({visit.node.home, *items});
    const bool are_keys = visit.value.is_object() && types.size() == 1 && types[0] == "string" && !visit.value.as_object().empty();
    return "a list stands in brackets: " + begin + (visit.value.is_string() ? "[" + shown(visit.value) + "]" : are_keys ? "[" + shown(Value::string(visit.value.as_object()[0].key)) + ", …]" : "[{…}]");
  }
  const bool are_names = visit.value.is_list() && !visit.value.as_list().empty() && visit.value.as_list()[0].is_string();
  const Value* named = find(visit.node.schema, "additionalProperties");
  if (allowed.size() != 1 || !takes("object") || !are_names || named == nullptr || !named->is_object()) return {};
  const std::vector<std::string_view> types = allowed_types({visit.node.home, *named});
  const bool is_truth = types.size() == 1 && types[0] == "boolean", is_text = types.empty() || (types.size() == 1 && types[0] == "string");
  return "names are keys here: " + begin + "{" + shown(visit.value.as_list()[0]) + (is_truth ? ": true, …}" : is_text ? ": \"string\", …}" : ": {}, …}");
}

bool SchemaChecker::report_type(const Visit& visit, const std::vector<std::string_view>& allowed) {
  std::vector<std::string_view> nouns;
  for (std::string_view name : allowed) nouns.push_back(find_type(name)->noun);
  const Value* name = find(visit.node.schema, "format");
  const Format* format = name == nullptr ? nullptr : find_format(name->as_string());
  const Value* examples = visit.label.whole == nullptr ? nullptr : find(visit.label.whole->schema, "examples");
  const std::string meant = hint_for_type(visit, allowed);
  const std::string hint = !meant.empty()        ? meant
                           : examples != nullptr ? "such as \"" + std::string(visit.label.key) + "\": " + to_json(examples->as_list()[0])
                           : format != nullptr && nouns.size() == 1 ? std::string(format->hint) + "; in quotes"
                                                                    : std::string();
  return report(ErrorCode::pack_wrong_type, visit, named(visit.label) + " must be " + joined(nouns, " or ") + ", not " + found_noun(visit.value), hint);
}

// --- single values

bool SchemaChecker::check_type(const Visit& visit) {
  const std::vector<std::string_view> allowed = allowed_types(visit.node);
  if (is_of_type(visit.value, allowed)) return true;
  return report_type(visit, allowed);
}

bool SchemaChecker::check_enum(const Visit& visit) {
  std::vector<std::string_view> choices;
  for (const Value& choice : visit.operand.as_list()) {
    if (equal(choice, visit.value)) return true;
    if (choice.is_string()) choices.push_back(choice.as_string());
  }
  if (!visit.value.is_string()) {
    return report(ErrorCode::pack_wrong_type, visit,
                  named(visit.label) + " must be a string, not " + found_noun(visit.value), hint_for("", choices));
  }
  const auto* type = std::find_if(std::begin(type_names), std::end(type_names), [&](const Synonym& name) { return name.word == visit.value.as_string(); });
  const bool is_type = type != std::end(type_names) && is_known(type->key, choices);
  return report(ErrorCode::pack_bad_value, visit, named(visit.label) + " can not be " + shown(visit.value),
                is_type ? "did you mean " + quoted(type->key) + "?" : hint_for(visit.value.as_string(), choices));
}

bool SchemaChecker::check_const(const Visit& visit) {
  if (equal(visit.operand, visit.value)) return true;
  return report(ErrorCode::pack_bad_value, visit, named(visit.label) + " can only be " + shown(visit.operand));
}

bool SchemaChecker::check_format(const Visit& visit) {
  const Format* format = find_format(visit.operand.as_string());
  if (format == nullptr || !visit.value.is_string() || format->holds(visit.value.as_string())) return true;
  const std::string suggestion = format->suggest == nullptr ? std::string() : format->suggest(visit.value.as_string());
  const std::string advice = format->advise == nullptr ? std::string() : format->advise(visit.value.as_string());
  const std::string subject = visit.label.as_key != nullptr ? "the key" : named(visit.label);
  return report(ErrorCode::pack_bad_value, visit,
                subject + " is not " + std::string(format->noun) + ": " + shown(visit.value),
                !suggestion.empty() ? "did you mean " + quoted(suggestion) + "?" : advice.empty() ? std::string(format->hint) : advice);
}

bool SchemaChecker::check_min_length(const Visit& visit) {
  if (!visit.value.is_string() ||
      static_cast<double>(code_points(visit.value.as_string())) >= visit.operand.as_number())
    return true;
  return report(ErrorCode::pack_bad_value, visit,
                (visit.label.as_key != nullptr ? "a key" : named(visit.label)) + " is empty");
}

bool SchemaChecker::check_max_length(const Visit& visit) {
  if (!visit.value.is_string() ||
      static_cast<double>(code_points(visit.value.as_string())) <= visit.operand.as_number())
    return true;
  return report(ErrorCode::pack_bad_value, visit,
                named(visit.label) + " is longer than " + shown(visit.operand) + " characters");
}

bool SchemaChecker::check_minimum(const Visit& visit) {
  if (!visit.value.is_number() || visit.value.as_number() >= visit.operand.as_number()) return true;
  return report(ErrorCode::pack_bad_value, visit,
                named(visit.label) + " must be " + shown(visit.operand) + " or more, not " + shown(visit.value));
}

bool SchemaChecker::check_exclusive_minimum(const Visit& visit) {
  if (!visit.value.is_number() || visit.value.as_number() > visit.operand.as_number()) return true;
  return report(ErrorCode::pack_bad_value, visit,
                named(visit.label) + " must be more than " + shown(visit.operand) + ", not " + shown(visit.value));
}

bool SchemaChecker::check_maximum(const Visit& visit) {
  if (!visit.value.is_number() || visit.value.as_number() <= visit.operand.as_number()) return true;
  // What can be 1 at most is a share.
  const double share = visit.value.as_number() / 100;
  const bool is_percent = visit.operand.as_number() == 1 && share <= 1;
  return report(ErrorCode::pack_bad_value, visit, named(visit.label) + " must be " + shown(visit.operand) + " or less, not " + shown(visit.value),
                is_percent ? shown(visit.value) + " percent is " + shown(Value::number(share)) : std::string());
}

// --- lists

bool SchemaChecker::check_items(const Visit& visit) {
  if (!visit.value.is_list()) return true;
  bool holds = true;
  const std::span<const Value> items = visit.value.as_list();
  const SchemaNode node{visit.node.home, visit.operand};
  for (std::size_t i = 0; i < items.size(); ++i) {
    holds &= check(items[i], node, {visit.label.key, i + 1, nullptr, &node});
  }
  return holds;
}

bool SchemaChecker::check_min_items(const Visit& visit) {
  if (!visit.value.is_list() || static_cast<double>(visit.value.as_list().size()) >= visit.operand.as_number())
    return true;
  return report(ErrorCode::pack_bad_value, visit, named(visit.label) + " is empty", "it needs at least one entry");
}

bool SchemaChecker::check_max_items(const Visit& visit) {
  if (!visit.value.is_list() || static_cast<double>(visit.value.as_list().size()) <= visit.operand.as_number())
    return true;
  return report(ErrorCode::pack_bad_value, visit,
                named(visit.label) + " has more than " + shown(visit.operand) + " entries");
}

// --- objects

bool SchemaChecker::check_properties(const Visit& visit) {
  if (!visit.value.is_object()) return true;
  bool holds = true;
  for (const Member& member : visit.value.as_object()) {
    const Value* schema = find(visit.operand, member.key);
    if (schema == nullptr) continue;
    const SchemaNode node{visit.node.home, *schema};
    holds &= check(member.value, node, {member.key, 0, nullptr, &node});
  }
  return holds;
}

bool SchemaChecker::check_additional_properties(const Visit& visit) {
  if (!visit.value.is_object()) return true;
  const Value* properties = find(visit.node.schema, "properties");
  bool holds = true;
  for (const Member& member : visit.value.as_object()) {
    if (properties != nullptr && find(*properties, member.key) != nullptr) continue;
    if (!visit.operand.is_boolean()) {
      const SchemaNode node{visit.node.home, visit.operand};
      holds &= check(member.value, node, {member.key, 0, nullptr, &node});
    } else if (!visit.operand.as_boolean()) {
      report_unknown_key(visit, member);
      holds = false;
    }
  }
  return holds;
}

void SchemaChecker::report_unknown_key(const Visit& visit, const Member& member) {
  if (diagnostics_ == nullptr) return;
  std::vector<std::string_view> keys = known_keys(visit.node);
  std::erase(keys, "$schema");
  diagnostics_->push_back({ErrorCode::pack_unknown_key, Severity::error, positions_.of_key(member),
                           "unknown key " + quoted(member.key), hint_for_key(member, keys)});
}

bool SchemaChecker::check_property_names(const Visit& visit) {
  if (!visit.value.is_object()) return true;
  bool holds = true;
  for (const Member& member : visit.value.as_object()) {
    const SchemaNode node{visit.node.home, visit.operand};
    holds &= check(Value::string(member.key), node, {member.key, 0, &member, &node});
  }
  return holds;
}

bool SchemaChecker::check_required(const Visit& visit) {
  if (!visit.value.is_object()) return true;
  bool holds = true;
  for (const Value& key : visit.operand.as_list()) {
    if (find(visit.value, key.as_string()) != nullptr) continue;
    holds = false;
    if (is_misspelt(key.as_string(), visit.value, known_keys(visit.node))) continue;
    report(ErrorCode::pack_missing_key, visit, named(visit.label) + " lacks the key " + quoted(key.as_string()),
           first_sentence(description_of(visit.node, key.as_string())));
  }
  return holds;
}

bool SchemaChecker::check_dependent_required(const Visit& visit) {
  if (!visit.value.is_object()) return true;
  bool holds = true;
  for (const Member& rule : visit.operand.as_object()) {
    if (find(visit.value, rule.key) == nullptr) continue;
    for (const Value& key : rule.value.as_list()) {
      if (find(visit.value, key.as_string()) != nullptr) continue;
      holds = false;
      report(ErrorCode::pack_missing_key, visit, quoted(rule.key) + " needs " + quoted(key.as_string()) + " beside it");
    }
  }
  return holds;
}

bool SchemaChecker::check_min_properties(const Visit& visit) {
  if (!visit.value.is_object() || static_cast<double>(visit.value.as_object().size()) >= visit.operand.as_number())
    return true;
  const std::vector<std::string_view> keys = known_keys(visit.node);
  return report(ErrorCode::pack_missing_key, visit, named(visit.label) + " is empty",
                keys.empty() ? "it needs at least one entry" : "it takes " + joined(quoted_all(keys), " or "));
}

bool SchemaChecker::check_max_properties(const Visit& visit) {
  if (!visit.value.is_object() || static_cast<double>(visit.value.as_object().size()) <= visit.operand.as_number())
    return true;
  std::vector<std::string_view> keys;
  for (const Member& member : visit.value.as_object()) keys.push_back(member.key);
  return report(ErrorCode::pack_bad_value, visit,
                named(visit.label) + " takes only one key, and has " + joined(quoted_all(keys), " and "));
}

// --- names

bool SchemaChecker::declare_name(const Visit& visit) {
  const auto kind = name_kind(visit.operand.as_string());
  if (names_ != nullptr && kind && visit.value.is_string()) {
    names_->declare(*kind, visit.value.as_string(), range_of(visit.value, visit.label),
                    scopes_[static_cast<std::size_t>(*kind)]);
  }
  return true;
}

bool SchemaChecker::refer_to_name(const Visit& visit) {
  const auto kind = name_kind(visit.operand.as_string());
  if (names_ != nullptr && kind && visit.value.is_string()) {
    names_->refer(*kind, visit.value.as_string(), range_of(visit.value, visit.label),
                  scopes_[static_cast<std::size_t>(*kind)]);
  }
  return true;
}

}  // namespace wayline::document
