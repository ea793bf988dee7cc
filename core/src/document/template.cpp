#include "document/template.h"

#include <algorithm>
#include <iterator>
#include <optional>

#include "base/ascii.h"
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
  return is_letter(c) || is_digit(c) || c == '_' || c == '-' || c == '.';
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

/// How other tools enclose what they fill in. Braces enclose little else; brackets and percent signs stand in plain texts, too.
struct Enclosure {
  char open, close;
  bool encloses_little_else;
};
constexpr Enclosure enclosures[] = {{'{', '}', true}, {'[', ']', false}, {'%', '%', false}};

/// The tags of other tools, which no text for people holds.
struct Tag {
  std::string_view open, close;
};
constexpr Tag tags[] = {{"<%", "%>"}, {"{%", "%}"}, {"*|", "|*"}};
constexpr std::string_view how_to_fill_in = "to fill in a value write its path and a default: {{profile.first_name | there}}";

/// What other tools do to a value behind a bar.
constexpr std::string_view filters[] = {"upper", "upcase", "uppercase", "lower", "downcase", "lowercase", "capitalize", "trim", "escape"};

bool is_rooted(std::string_view path) {
  const std::size_t dot = path.find('.');
  return dot != std::string_view::npos && std::find(roots.begin(), roots.end(), path.substr(0, dot)) != roots.end();
}

/// `first_name`, `customer.name`, `firstName`: names of programs, and no words. Each part begins with a letter.
bool is_program_name(std::string_view word) {
  bool is_name = false, begins = true;
  char before = 0;
  for (const char c : word) {
    if (begins && !is_upper(c) && !is_lower(c)) return false;
    is_name |= c == '_' || c == '.' || (is_upper(c) && is_lower(before));
    begins = c == '.';
    before = c;
  }
  return is_name && !begins;
}

/// A path or a name that is enclosed at `open` as other tools do: `{profile.first_name}`, `{first_name | there}`, `[name]`.
std::optional<TextProblem> enclosed_at(std::string_view text, std::size_t open, const Enclosure& enclosure) {
  const std::size_t close = text.find(enclosure.close, open + 1);
  if (close == std::string_view::npos) return std::nullopt;
  const std::string_view written = text.substr(open, close + 1 - open);
  std::string_view content = trimmed(written.substr(1, written.size() - 2));
  if (content.starts_with('$')) content.remove_prefix(1);
  const std::string_view name = trimmed(content.substr(0, content.find('|')));
  if (name.empty() || !std::all_of(name.begin(), name.end(), is_path_character)) return std::nullopt;
  TextProblem problem{open, written.size(), quoted(written) + " is shown as it stands", "to fill in the value write {{" + std::string(content) + "}}"};
  if (is_rooted(name)) return path_problem(name).message.empty() ? std::optional(problem) : std::nullopt;
  problem.hint = how_to_fill_in;
  problem.unrooted = content;
  problem.likeness = !enclosure.encloses_little_else ? Likeness::whole : is_program_name(name) ? Likeness::any : Likeness::word;
  return problem;
}

std::optional<TextProblem> tag_at(std::string_view text, std::size_t open) {
  for (const Tag& tag : tags) {
    if (!text.substr(open).starts_with(tag.open)) continue;
    const std::size_t close = text.find(tag.close, open + tag.open.size());
    if (close == std::string_view::npos) continue;
    const std::size_t length = close + tag.close.size() - open;
    return TextProblem{open, length, quoted(text.substr(open, length)) + " is shown as it stands", std::string(how_to_fill_in)};
  }
  return std::nullopt;
}

void find_in_literal(const TemplatePart& part, std::vector<TextProblem>& problems) {
  for (std::size_t at = 0; at < part.literal.size(); ++at) {
    std::optional<TextProblem> problem = tag_at(part.literal, at);
    for (const Enclosure& enclosure : enclosures) {
      if (!problem && part.literal[at] == enclosure.open) problem = enclosed_at(part.literal, at, enclosure);
    }
    if (!problem) continue;
    at += problem->length - 1;
    problem->offset += part.offset;
    problems.push_back(std::move(*problem));
  }
}

/// A default is plain text, and shown as it is written.
void find_in_default(const TemplatePart& part, std::vector<TextProblem>& problems) {
  std::string_view text = part.fallback;
  const auto is_quoted = [](std::string_view word) { return word.size() > 1 && (word.front() == '\'' || word.front() == '"') && word.back() == word.front(); };
  const auto write = [&](std::string_view fallback) { return "write {{" + std::string(part.path) + " | " + std::string(fallback) + "}}"; };
  if (std::find(std::begin(filters), std::end(filters), text) != std::end(filters)) {
    problems.push_back({part.offset, part.length, "there are no filters: " + quoted(text) + " is the text that is shown for want of a value", "behind the bar stands a default: {{" + std::string(part.path) + " | there}}"});
    return;
  }
  const bool is_call = text.starts_with("default:") || text.starts_with("default(");
  if (is_call) {
    text = trimmed(text.substr(text.find_first_of(":(") + 1));
    if (text.ends_with(')')) text.remove_suffix(1);
  }
  if (is_call || is_quoted(text)) {
    problems.push_back({part.offset, part.length, "the default is shown as it stands: " + quoted(part.fallback), write(is_quoted(text) ? text.substr(1, text.size() - 2) : text)});
  }
}

}  // namespace

std::vector<TextProblem> find_lookalikes(std::string_view text) {
  std::vector<TextProblem> problems;
  for (const TemplatePart& part : parse_template(text).parts) {
    if (part.path.empty()) {
      find_in_literal(part, problems);
    } else {
      find_in_default(part, problems);
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
