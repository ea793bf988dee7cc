#include "document/template.h"

#include <algorithm>
#include <iterator>

#include "document/wording.h"

namespace wayline::document {
namespace {

constexpr std::string_view opening = "{{";
constexpr std::string_view closing = "}}";

/// What an interpolation may read: the roots of `var` (design section 6).
const std::vector<std::string_view> roots = {"profile",  "page",    "session",    "device", "event",
                                             "computed", "consent", "experiment", "now"};

/// Only these may stand around a path; the engine trims no others.
bool is_space(char c) { return c == ' '; }

bool is_path_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.';
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

/// What is wrong with a path, or an empty message.
TextProblem path_problem(std::string_view path) {
  const std::string_view root = path.substr(0, path.find('.'));
  if (path.empty()) return {0, 0, "an interpolation names no value", "write {{profile.first_name | there}}"};
  if (path.front() == '{') return {0, 0, "an interpolation begins with a third brace", "two are enough, and what is filled in is escaped: {{profile.first_name | there}}"};
  const bool is_plain = std::all_of(path.begin(), path.end(), is_path_character);
  if (!is_plain || path.back() == '.' || path.find("..") != std::string_view::npos) {
    return {0, 0, quoted(path) + " is not a path",
            "an interpolation holds a path and perhaps a default, no rule: {{profile.first_name | there}}"};
  }
  if (std::find(roots.begin(), roots.end(), root) == roots.end()) {
    return {0, 0, "nothing is called " + quoted(root), hint_for(root, roots), path};
  }
  return {};
}

/// How other tools enclose what they fill in.
struct Enclosure {
  char open, close;
};
constexpr Enclosure enclosures[] = {{'{', '}'}, {'[', ']'}, {'%', '%'}};

/// The end of what stands enclosed at `open` and looks like a path or a path with a default: `{profile.first_name}`; nowhere when it does not.
std::size_t end_of_enclosed(std::string_view text, std::size_t open, const Enclosure& enclosure) {
  const std::size_t close = text.find(enclosure.close, open + 1);
  if (close == std::string_view::npos) return close;
  const std::string_view content = text.substr(open + 1, close - open - 1);
  const std::string_view path = trimmed(content.substr(0, content.find('|')));
  const std::size_t dot = path.find('.');
  const bool is_rooted = dot != std::string_view::npos && std::find(roots.begin(), roots.end(), path.substr(0, dot)) != roots.end();
  return is_rooted && path_problem(path).message.empty() ? close + 1 : std::string_view::npos;
}

}  // namespace

std::vector<TextProblem> find_lookalikes(std::string_view text) {
  std::vector<TextProblem> problems;
  for (const TemplatePart& part : parse_template(text).parts) {
    for (std::size_t at = 0; at < part.literal.size(); ++at) {
      for (const Enclosure& enclosure : enclosures) {
        if (part.literal[at] != enclosure.open) continue;
        const std::size_t end = end_of_enclosed(part.literal, at, enclosure);
        if (end == std::string_view::npos) continue;
        const std::string_view written = part.literal.substr(at, end - at);
        const std::string path(trimmed(written.substr(1, written.size() - 2)));
        problems.push_back({part.offset + at, end - at, quoted(written) + " is shown as it stands", "to fill in the value write {{" + path + "}}"});
        at = end - 1;
        break;
      }
    }
  }
  return problems;
}

Template parse_template(std::string_view text) {
  Template result;
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t open = std::min(text.find(opening, at), text.size());
    if (open > at) result.parts.push_back({text.substr(at, open - at), {}, {}, at, open - at});
    if (open == text.size()) break;
    const std::size_t inside = open + opening.size();
    const std::size_t close = text.find(closing, inside);
    const std::size_t next = text.find(opening, inside);
    if (close == std::string_view::npos || next < close) {
      result.problems.push_back({open, opening.size(), "`{{` is not closed", "end it with `}}`"});
      at = inside;
      continue;
    }
    const std::string_view content = text.substr(inside, close - inside);
    const std::size_t bar = std::min(content.find('|'), content.size());
    const std::string_view path = trimmed(content.substr(0, bar));
    const std::string_view fallback = bar == content.size() ? std::string_view() : trimmed(content.substr(bar + 1));
    at = close + closing.size();
    TextProblem problem = path_problem(path);
    if (problem.message.empty() && fallback.find('|') != std::string_view::npos) {
      problem = {0, 0, "an interpolation has a second `|`",
                 "one `|` comes before the default, which is plain text: {{profile.first_name | there}}"};
    }
    if (!problem.message.empty()) {
      problem.offset = open;
      problem.length = at - open;
      result.problems.push_back(std::move(problem));
      continue;
    }
    result.parts.push_back({{}, path, fallback, open, at - open});
  }
  return result;
}

}  // namespace wayline::document
