#include "document/wording.h"

#include <algorithm>
#include <cmath>

#include "base/nearest.h"
#include "base/number.h"

namespace wayline::document {
namespace {

/// How many allowed words a hint lists; more are a page, not a hint.
constexpr std::size_t longest_list = 12;
/// Characters of an author's text that a message repeats.
constexpr std::size_t longest_quote = 60;

bool is_whole(const Value& value) { return value.is_number() && std::trunc(value.as_number()) == value.as_number(); }

constexpr TypeRow types[] = {
    {"string", "a string", [](const Value& value) { return value.is_string(); }},
    {"integer", "a whole number", is_whole},
    {"number", "a number", [](const Value& value) { return value.is_number(); }},
    {"boolean", "true or false", [](const Value& value) { return value.is_boolean(); }},
    {"array", "a list", [](const Value& value) { return value.is_list(); }},
    {"object", "an object", [](const Value& value) { return value.is_object(); }},
    {"null", "null", [](const Value& value) { return value.is_nothing(); }},
};

std::string enclosed(std::string_view before, std::string_view text, std::string_view after) {
  std::string result(before);
  result += text;
  result += after;
  return result;
}

}  // namespace

const TypeRow* find_type(std::string_view name) {
  const auto found =
      std::find_if(std::begin(types), std::end(types), [name](const TypeRow& row) { return row.name == name; });
  return found == std::end(types) ? nullptr : found;
}

bool is_of_type(const Value& value, const std::vector<std::string_view>& names) {
  return std::any_of(names.begin(), names.end(), [&](std::string_view name) {
    const TypeRow* row = find_type(name);
    return row != nullptr && row->holds(value);
  });
}

std::string quoted(std::string_view text) { return enclosed("`", text, "`"); }

std::string found_noun(const Value& value) {
  if (value.is_boolean()) return value.as_boolean() ? "true" : "false";
  if (value.is_number()) return shown(value);
  for (const TypeRow& row : types) {
    if (row.holds(value)) return std::string(row.noun);
  }
  return "nothing";
}

std::string shown(const Value& value) {
  if (value.is_number()) {
    std::string text;
    append_number(value.as_number(), text);
    return text;
  }
  if (!value.is_string()) return found_noun(value);
  std::string_view text = value.as_string();
  if (text.size() <= longest_quote) return enclosed("\"", text, "\"");
  std::size_t end = longest_quote;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return enclosed("\"", text.substr(0, end), "…\"");
}

std::string named(const Label& label) {
  if (label.key.empty()) return label.item == 0 ? "the document" : "item " + std::to_string(label.item);
  if (label.item != 0) return "item " + std::to_string(label.item) + " of " + quoted(label.key);
  return quoted(label.key);
}

std::vector<std::string> quoted_all(const std::vector<std::string_view>& words) {
  std::vector<std::string> result;
  for (std::string_view word : words) {
    if (result.size() == longest_list) {
      result.push_back("…");
      break;
    }
    result.push_back(quoted(word));
  }
  return result;
}

std::string hint_for(std::string_view word, const std::vector<std::string_view>& choices) {
  if (const std::string_view near = nearest(word, choices); !near.empty()) return "did you mean " + quoted(near) + "?";
  return choices.empty() ? std::string() : "it can be " + joined(quoted_all(choices), " or ");
}

const Value* find(const Value& object, std::string_view key) {
  if (!object.is_object()) return nullptr;
  for (const Member& member : object.as_object()) {
    if (member.key == key) return &member.value;
  }
  return nullptr;
}

}  // namespace wayline::document
