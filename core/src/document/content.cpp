// Contents: what a template or markup gets wrong, told at its place inside the string.
#include <algorithm>
#include <iterator>

#include "document/address.h"
#include "document/documents.h"
#include "document/formats.h"
#include "document/html.h"
#include "document/template.h"

namespace wayline::document {
namespace {

/// A broken text repeats one mistake; the first few say it all.
constexpr std::size_t findings_of_one_text = 10;

void report(Reader& reader, ErrorCode code, const Value& text, const std::vector<TextProblem>& problems) {
  for (std::size_t i = 0; i < std::min(problems.size(), findings_of_one_text); ++i) {
    const TextProblem& problem = problems[i];
    const SourceRange range = reader.within(text, problem.offset, problem.length);
    if (problem.unrooted.empty()) {
      reader.error(code, range, problem.message, problem.hint);
    } else {
      reader.names().report_unrooted(problem.unrooted, {code, Severity::error, range, problem.message, problem.hint});
    }
  }
}

void warn(Reader& reader, const Value& text, const TextProblem& problem) {
  reader.warning(ErrorCode::pack_suspicious, reader.within(text, problem.offset, problem.length), problem.message, problem.hint);
}

using Reads = std::vector<Name>;

void check_template(Reader& reader, const Value& text, Reads& reads) {
  const Template parsed = parse_template(text.as_string());
  report(reader, ErrorCode::pack_bad_template, text, parsed.problems);
  for (const TemplatePart& part : parsed.parts) {
    if (part.path.empty()) continue;
    const auto offset = static_cast<std::size_t>(part.path.data() - text.as_string().data());
    reads.push_back({std::string(part.path), reader.within(text, offset, part.path.size())});
  }
}

void check_address(Reader& reader, const Value& text) {
  const std::string_view address = text.as_string();
  if (is_code_address(address, AddressText::plain)) {
    reader.error(ErrorCode::pack_unsafe_content, reader.of(text), "this is code, not an address",
                 "write https://… or a path");
  } else if (auto problem = find_open_address(address, AddressText::plain)) {
    report(reader, ErrorCode::pack_unsafe_content, text, {std::move(*problem)});
  }
}

/// What people read. Data of the page's own script may mean anything by its braces.
void check_shown(Reader& reader, const Value& text, Reads& reads) {
  check_template(reader, text, reads);
  const std::vector<TextProblem> lookalikes = find_lookalikes(text.as_string());
  for (std::size_t i = 0; i < std::min(lookalikes.size(), findings_of_one_text); ++i) {
    const TextProblem& problem = lookalikes[i];
    if (problem.unrooted.empty()) {
      warn(reader, text, problem);
    } else {
      reader.names().report_lookalike(problem.unrooted, problem.likeness,
                                      {ErrorCode::pack_suspicious, Severity::warning, reader.within(text, problem.offset, problem.length), problem.message, problem.hint});
    }
  }
}

void check_text(Reader& reader, const Value& value, Reads& reads) {
  if (!value.is_string()) return;
  check_shown(reader, value, reads);
  if (const auto markup = find_markup(value.as_string())) warn(reader, value, *markup);
}

void check_markup(Reader& reader, const Value& value, Reads& reads) {
  if (!value.is_string()) return;
  check_shown(reader, value, reads);
  const HtmlFindings found = check_html(value.as_string());
  report(reader, ErrorCode::pack_unsafe_content, value, found.unsafe);
  for (const TextProblem& slip : found.slips) warn(reader, value, slip);
}

constexpr std::string_view code_attributes[] = {"style", "srcdoc"};

template <std::size_t count>
bool is_one_of(std::string_view word, const std::string_view (&words)[count]) {
  return std::find(std::begin(words), std::end(words), word) != std::end(words);
}

void check_attributes(Reader& reader, const Value& value, Reads& reads) {
  if (!value.is_object()) return;
  for (const Member& attribute : value.as_object()) {
    if (!attribute.value.is_string()) continue;
    check_shown(reader, attribute.value, reads);
    if (is_address_attribute(attribute.key)) check_address(reader, attribute.value);
    if (const auto slip = find_attribute_slip(attribute.key, attribute.value.as_string())) warn(reader, attribute.value, *slip);
    if (is_one_of(attribute.key, code_attributes)) {
      reader.error(ErrorCode::pack_unsafe_content, reader.of_key(attribute),
                   "the attribute " + quoted(attribute.key) + " can not be set",
                   "set `class`, and keep what it means in the page's style sheet");
    }
  }
}

/// A redirect that is no address, or begins with an interpolation, has been refused by its format.
void check_redirect(Reader& reader, const Value& value, Reads& reads) {
  if (!value.is_string()) return;
  check_shown(reader, value, reads);
  if (find_format("wayline-redirect")->holds(value.as_string())) check_address(reader, value);
}

/// Every string inside, at any depth; JSON documents nest no deeper than the reader allows.
void check_json(Reader& reader, const Value& value, Reads& reads) {
  if (value.is_string()) check_template(reader, value, reads);
  if (value.is_list()) {
    for (const Value& item : value.as_list()) check_json(reader, item, reads);
  } else if (value.is_object()) {
    for (const Member& member : value.as_object()) check_json(reader, member.value, reads);
  }
}

struct ContentKind {
  std::string_view key;
  void (*check)(Reader& reader, const Value& value, Reads& reads);
};
constexpr ContentKind kinds[] = {
    {"html", check_markup},       {"text", check_text}, {"attributes", check_attributes},
    {"redirect", check_redirect}, {"json", check_json},
};

}  // namespace

std::vector<Name> check_content(Reader& reader, const Value& content) {
  Reads reads;
  for (const ContentKind& kind : kinds) {
    if (const Value* value = find(content, kind.key)) kind.check(reader, *value, reads);
  }
  return reads;
}

}  // namespace wayline::document
