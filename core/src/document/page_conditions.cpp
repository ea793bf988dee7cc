// Conditions that ask for the page's path, address or parameters, and can not be meant: patterns that match none, texts that none equals, and what none
// begins with.
#include <algorithm>
#include <vector>

#include "base/ascii.h"
#include "document/operands.h"
#include "document/page_patterns.h"
#include "value/json.h"

namespace wayline::document {
namespace {

/// `/^\/women/i`: an expression as JavaScript encloses it.
bool is_enclosed(std::string_view expression) {
  const std::size_t end = expression.rfind('/');
  const bool has_ends = expression.size() > 2 && expression.starts_with('/') && end > 1;
  return has_ends && (expression[1] == '^' || expression[end - 1] == '$') && std::all_of(expression.begin() + static_cast<std::ptrdiff_t>(end) + 1, expression.end(), is_letter);
}

std::string path_with(std::string_view key, std::string_view what) { return "{\"" + std::string(key) + "\": [{\"var\": \"page.path\"}, \"" + std::string(what) + "\"]}"; }

/// Whether there is nothing wrong with the pattern.
bool check_pattern(const Value& pattern, bool is_path, const Suspicions& suspicions) {
  const std::string_view text = pattern.as_string();
  const PatternOf of = is_path ? PatternOf::path : text.starts_with('/') ? PatternOf::tail : PatternOf::address;
  if (is_path && !text.starts_with('/') && !text.starts_with('*')) {
    const std::size_t scheme = text.find("://");
    suspicions.warn(pattern, "a path begins with `/`, and " + shown(pattern) + " does not: this is never so",
                    scheme == std::string_view::npos ? "write \"/" + std::string(text) + "\"" : R"(the whole address is {"var": "page.url"})");
  } else if (const auto problem = find_pattern_slip(text, of)) {
    suspicions.warn(pattern, problem->message, problem->hint);
  } else {
    return true;
  }
  return false;
}

/// The path of a `var`, which is not of the items of a list; else empty.
std::string_view path_of(const Value& value, const Around& place) {
  if (!place.list_operator.empty() || !value.is_object() || value.as_object().size() != 1 || value.as_object()[0].key != "var") return {};
  const auto operands = operands_of(value.as_object()[0].value);
  return !operands.empty() && operands[0].is_string() ? operands[0].as_string() : std::string_view();
}

constexpr std::string_view page_query = "page.query.";
constexpr std::string_view of_texts[] = {"==", "===", "!=", "!==", "in", "starts_with"};

/// "?utm_source=google" where the value alone stands.
void check_parameter(const Value& constant, std::string_view name, const Suspicions& suspicions) {
  if (!constant.is_string()) return;
  std::string_view text = constant.as_string();
  if (text.starts_with('?') || text.starts_with('&')) text.remove_prefix(1);
  if (text.size() <= name.size() || !text.starts_with(name) || text[name.size()] != '=') return;
  text.remove_prefix(name.size() + 1);
  suspicions.warn(constant, quoted(std::string(page_query) + std::string(name)) + " is what stands behind `" + std::string(name) + "=` in the address, without it: never " + shown(constant),
                  "write " + to_json(Value::string(text.substr(0, text.find('&')))));
}

void check_parameters(const Member& operation, std::span<const Value> operands, const Around& place, const Suspicions& suspicions) {
  if (std::find(std::begin(of_texts), std::end(of_texts), operation.key) == std::end(of_texts)) return;
  for (std::size_t i = 0; i < operands.size(); ++i) {
    const std::string_view path = path_of(operands[i], place);
    if (!path.starts_with(page_query)) continue;
    for (const Value& constant : operands_of(operands[1 - i])) check_parameter(constant, path.substr(page_query.size()), suspicions);
  }
}

void check_beginning(const Value& beginning, bool is_path, const Suspicions& suspicions) {
  const std::string_view text = beginning.as_string();
  constexpr std::string_view longest_scheme = "https://";
  if (is_path && !text.empty() && !text.starts_with('/')) {
    suspicions.warn(beginning, "a path begins with `/`, and " + shown(beginning) + " does not: this is never so", "write \"/" + std::string(text) + "\"");
  } else if (!is_path && !text.starts_with("http") && !longest_scheme.starts_with(text)) {
    suspicions.warn(beginning, "an address begins with `https://`, and " + shown(beginning) + " does not: this is never so",
                    text.starts_with('/') ? "to ask for the path write " + path_with("starts_with", text) : R"(write the whole beginning, such as "https://shop.example/")");
  }
}

/// {"in": ["/sale/*", {"var": "page.path"}]}
void check_contained(std::span<const Value> operands, const Types& types, const Around& place, const Suspicions& suspicions) {
  const auto typed = types.of(operands[1], place);
  const bool is_page = typed && (typed->name == page_path || typed->name == page_url);
  if (!is_page || !operands[0].is_string() || operands[0].as_string().find('*') == std::string_view::npos) return;
  suspicions.warn(operands[0], "here `*` stands for itself: this is never found", "to compare with a pattern write {\"url\": [" + to_json(operands[1]) + ", " + to_json(operands[0]) + "]}");
}

/// "shop.example" of "https://shop.example/women".
std::string_view host_of(std::string_view address) {
  if (const std::size_t scheme = address.find("://"); scheme != std::string_view::npos) address.remove_prefix(scheme + 3);
  return address.substr(0, address.find('/'));
}

std::optional<Slip> path_slip(const Value& rule, const Value& constant) {
  const std::string_view path = constant.as_string();
  if (!path.starts_with('/')) return Slip{"a path begins with `/`, and " + shown(constant) + " does not", "write \"/" + std::string(path) + "\""};
  if (path.find('*') != std::string_view::npos) return Slip{"here `*` stands for itself", "to compare with a pattern write {\"url\": [" + to_json(rule) + ", " + to_json(constant) + "]}"};
  const std::size_t end = path.find_first_of("?#");
  if (end == std::string_view::npos) return std::nullopt;
  return Slip{"a page's path ends before `?` and `#`", "write \"" + std::string(path.substr(0, end)) + "\"; what follows `?` is read by {\"var\": \"page.query.…\"}"};
}

std::optional<Slip> host_slip(std::string_view text) {
  const std::string host = lower_case(host_of(text)), hint = "write \"" + host + "\"";
  if (text.find('/') != std::string_view::npos) return Slip{"a host has no `/`", hint};
  return host != text ? std::optional(Slip{"browsers write a host in lower case", hint}) : std::nullopt;
}

}  // namespace

std::optional<Slip> page_text_slip(std::string_view name, const Value& rule, const Value& constant) {
  const std::string_view text = constant.as_string();
  if (name == page_path) return path_slip(rule, constant);
  if (name == page_host) return host_slip(text);
  if (name == page_search && !text.empty() && !text.starts_with('?')) {
    return Slip{quoted(name) + " begins with `?`, and " + shown(constant) + " does not", R"(to ask for one parameter write {"==": [{"var": "page.query.utm_source"}, "google"]})"};
  }
  // Who came from nowhere has an empty referrer; a page's address is never empty.
  const bool is_address = name == page_url || (name == page_referrer && !text.empty());
  if (!is_address || text.find("://") != std::string_view::npos) return std::nullopt;
  return Slip{"an address begins with `https://`, and " + shown(constant) + " does not",
              name == page_url ? R"(to compare the path alone write {"==": [{"var": "page.path"}, "/women"]})"
                               : "to ask for its host write {\"url\": [" + to_json(rule) + ", \"https://" + std::string(host_of(text)) + "/**\"]}, with `*.` before the host for those below it"};
}

void check_page_conditions(const Member& operation, std::span<const Value> operands, const Types& types, const Around& place, const Suspicions& suspicions) {
  if (operands.size() != 2) return;
  check_parameters(operation, operands, place, suspicions);
  if (operation.key == "in") return check_contained(operands, types, place, suspicions);
  if (operation.key == "matches" && operands[1].is_string() && is_enclosed(operands[1].as_string())) {
    const std::string_view text = operands[1].as_string();
    suspicions.warn(operands[1], "the slashes around it, and letters behind them, belong to this expression: it matches nothing",
                    "write " + to_json(Value::string(text.substr(1, text.rfind('/') - 1))));
    return;
  }
  const auto typed = types.of(operands[0], place);
  if (!typed || (typed->name != page_path && typed->name != page_url)) return;
  const bool is_path = typed->name == page_path;
  if (operation.key == "url") {
    std::vector<const Value*> patterns;
    std::vector<std::string_view> texts;
    for (const Value& pattern : operands_of(operands[1])) {
      if (!pattern.is_string() || !check_pattern(pattern, is_path, suspicions)) continue;
      patterns.push_back(&pattern);
      texts.push_back(pattern.as_string());
    }
    for (const IdlePattern& idle : find_idle_patterns(texts)) suspicions.warn(*patterns[idle.index], idle.message, idle.hint);
  } else if (operation.key == "starts_with" && operands[1].is_string()) {
    check_beginning(operands[1], is_path, suspicions);
  } else if (operation.key == "matches" && operands[1].is_string()) {
    const std::string_view text = operands[1].as_string();
    if (text.ends_with("/*") && !text.ends_with("\\/*")) {
      suspicions.warn(operands[1], "in an expression `/*` is any number of `/`, none too: at its end it makes no difference", "with a pattern write {\"url\": [" + to_json(operands[0]) + ", …]}; in an expression `.*` stands for anything");
      return;
    }
    const bool never = text.size() > 1 && text[0] == '^' && is_letter(text[1]) && (is_path || text[1] != 'h') && text.find('|') == std::string_view::npos;
    if (never) suspicions.warn(operands[1], std::string(is_path ? "a path begins with `/`" : "an address begins with `https://`") + ": this never matches", is_path ? "write \"^/" + std::string(text.substr(1)) + "\"" : R"(without `^` it may stand anywhere)");
  }
}

}  // namespace wayline::document
