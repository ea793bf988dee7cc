// Comparisons with a declared attribute that can not mean what they say: with a value its `enum` lacks, or of a
// declared number with a text that is none.
#include <algorithm>
#include <cmath>
#include <iterator>
#include <map>

#include "base/number.h"
#include "document/documents.h"

namespace wayline::document {
namespace {

constexpr std::string_view equalities[] = {"==", "===", "!=", "!=="};
constexpr std::string_view orders[] = {"<", "<=", ">", ">="};
/// Operators inside which `var` means something else.
constexpr std::string_view scopes[] = {"map",   "filter", "reduce", "all",  "none",  "some",
                                       "count", "sum",    "first",  "last", "since", "distinct"};
/// Holds no rules.
constexpr std::string_view content_key = "content";

template <std::size_t count>
bool is_one_of(std::string_view word, const std::string_view (&words)[count]) {
  return std::find(std::begin(words), std::end(words), word) != std::end(words);
}

class Comparisons {
 public:
  Comparisons(const Site& site, Diagnostics& diagnostics) : diagnostics_(diagnostics) {
    for (const Attribute& attribute : site.attributes) attributes_.emplace(attribute.name.text, &attribute);
  }

  /// Documents nest no deeper than the reader allows.
  void check(const Value& value, const SourceMap& positions) {
    if (value.is_list()) {
      for (const Value& item : value.as_list()) check(item, positions);
    } else if (value.is_object()) {
      const bool may_be_operation = value.as_object().size() == 1;
      for (const Member& member : value.as_object()) {
        if (member.key == content_key || (may_be_operation && is_one_of(member.key, scopes))) continue;
        if (may_be_operation) check_operation(member, positions);
        check(member.value, positions);
      }
    }
  }

 private:
  void check_operation(const Member& operation, const SourceMap& positions) {
    if (!operation.value.is_list() || operation.value.as_list().size() != 2) return;
    const Value& left = operation.value.as_list()[0];
    const Value& right = operation.value.as_list()[1];
    if (operation.key == "in") {
      if (const Attribute* attribute = attribute_of(left); attribute != nullptr && right.is_list()) {
        for (const Value& item : right.as_list()) check_allowed(*attribute, item, positions, "never found");
      }
      return;
    }
    check_pair(operation.key, left, right, positions);
    check_pair(operation.key, right, left, positions);
  }

  void check_pair(std::string_view key, const Value& read, const Value& constant, const SourceMap& positions) {
    const Attribute* attribute = attribute_of(read);
    if (attribute == nullptr) return;
    if (is_one_of(key, equalities)) {
      check_allowed(*attribute, constant, positions, key.starts_with('!') ? "always true" : "always false");
    } else if (is_one_of(key, orders) && attribute->type == "number" && constant.is_string() &&
               std::isnan(string_to_number(constant.as_string()))) {
      warn(constant, positions,
           shown(constant) + " is no number, so comparing " + quoted(attribute->name.text) + " with it is always false",
           "write a number");
    }
  }

  void check_allowed(const Attribute& attribute, const Value& constant, const SourceMap& positions,
                     std::string_view consequence) {
    if (attribute.allowed.empty() || !constant.is_string()) return;
    const std::vector<std::string_view> allowed(attribute.allowed.begin(), attribute.allowed.end());
    if (std::find(allowed.begin(), allowed.end(), constant.as_string()) != allowed.end()) return;
    warn(constant, positions,
         quoted(attribute.name.text) + " can not be " + shown(constant) + ": this is " + std::string(consequence),
         hint_for(constant.as_string(), allowed));
  }

  /// The declared attribute that {"var": "profile.tier"} reads, or null.
  const Attribute* attribute_of(const Value& value) const {
    const Value* path = find(value, "var");
    if (path == nullptr || value.as_object().size() != 1 || !path->is_string()) return nullptr;
    const auto found = attributes_.find(path->as_string());
    return found == attributes_.end() ? nullptr : found->second;
  }

  void warn(const Value& at, const SourceMap& positions, std::string message, std::string hint) {
    diagnostics_.push_back(
        {ErrorCode::pack_suspicious, Severity::warning, positions.of(at), std::move(message), std::move(hint)});
  }

  Diagnostics& diagnostics_;
  std::map<std::string_view, const Attribute*> attributes_;
};

}  // namespace

void check_comparisons(const Pack& pack, Diagnostics& diagnostics) {
  Comparisons comparisons(pack.site, diagnostics);
  for (const auto& document : pack.documents) comparisons.check(*document->root, document->positions);
}

}  // namespace wayline::document
