#include "document/html.h"

#include <algorithm>
#include <iterator>
#include <string>

#include "base/utf.h"
#include "document/wording.h"

namespace wayline::document {
namespace {

constexpr std::string_view forbidden_tags[] = {"script", "object", "embed", "applet",
                                               "base",   "meta",   "frame", "frameset"};
constexpr std::string_view forbidden_attributes[] = {"srcdoc"};
constexpr std::string_view address_attributes[] = {"href",   "src",  "action",     "formaction", "xlink:href",
                                                   "poster", "data", "background", "srcset",     "ping"};
constexpr std::string_view code_schemes[] = {"javascript:", "vbscript:", "data:text/html"};
/// Their text is not markup, up to their own end tag; interpolations in `style` would be escaped for the wrong
/// language.
constexpr std::string_view raw_text_tags[] = {"script", "style", "textarea", "title"};

constexpr std::string_view opening = "{{";
constexpr std::string_view closing = "}}";

bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::string lowered(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(), lower);
  return result;
}

template <std::size_t count>
bool is_one_of(std::string_view word, const std::string_view (&words)[count]) {
  return std::find(std::begin(words), std::end(words), word) != std::end(words);
}

struct NamedCharacter {
  std::string_view name;
  char character;
};
/// Those that could disguise a scheme.
constexpr NamedCharacter named_characters[] = {
    {"colon", ':'}, {"tab", '\t'}, {"newline", '\n'}, {"lpar", '('}, {"rpar", ')'}};

/// The character that a reference such as "&#106;" or "&colon;" at `at` stands for; moves past it. '&' when it is none.
char take_character(std::string_view text, std::size_t& at) {
  const std::size_t start = at++;
  if (text[start] != '&') return text[start];
  std::size_t end = start + 1;
  while (end < text.size() && (is_letter(text[end]) || (text[end] >= '0' && text[end] <= '9') || text[end] == '#'))
    ++end;
  const std::string name = lowered(text.substr(start + 1, end - start - 1));
  const std::size_t past = end < text.size() && text[end] == ';' ? end + 1 : end;
  if (name.starts_with('#')) {
    const bool is_hex = name.size() > 1 && name[1] == 'x';
    const unsigned long code = std::strtoul(name.c_str() + (is_hex ? 2 : 1), nullptr, is_hex ? 16 : 10);
    at = past;
    return code < 0x80 ? static_cast<char>(code) : '?';
  }
  for (const NamedCharacter& entry : named_characters) {
    if (entry.name != name) continue;
    at = past;
    return entry.character;
  }
  return '&';
}

/// Walks the markup as a browser's tokenizer would, as far as the findings need.
class Scanner {
 public:
  explicit Scanner(std::string_view html) : html_(html) {}

  std::vector<TextProblem> scan() {
    while (at_ < html_.size()) {
      if (html_[at_] != '<') {
        ++at_;
      } else if (starts("<!--")) {
        skip_comment();
      } else if (at_ + 1 < html_.size() && is_letter(html_[at_ + 1])) {
        take_tag();
      } else if (starts("</") || starts("<!") || starts("<?")) {
        at_ = std::min(html_.find('>', at_), html_.size());
      } else if (starts("<{{")) {
        report(at_, 3, "a tag's name can not be interpolated", "write the tag's name out");
        at_ += 3;
      } else {
        ++at_;
      }
    }
    return std::move(problems_);
  }

 private:
  [[nodiscard]] bool starts(std::string_view text) const { return html_.substr(at_).starts_with(text); }
  [[nodiscard]] char current() const { return at_ < html_.size() ? html_[at_] : '\0'; }
  void report(std::size_t offset, std::size_t length, std::string message, std::string hint) {
    problems_.push_back({offset, length, std::move(message), std::move(hint)});
  }
  void skip_spaces() {
    while (is_space(current())) ++at_;
  }

  void skip_comment() {
    const std::size_t end = std::min(html_.find("-->", at_), html_.size());
    refuse_interpolation(at_, end, "a comment");
    if (end == html_.size()) report(at_, 4, "the comment is not closed", "end it with `-->`");
    at_ = end;
  }

  void refuse_interpolation(std::size_t from, std::size_t to, std::string_view where) {
    const std::size_t open = html_.substr(from, to - from).find(opening);
    if (open == std::string_view::npos) return;
    report(from + open, opening.size(), "an interpolation in " + std::string(where) + " can not be escaped",
           "interpolate text or quoted attributes");
  }

  void take_tag() {
    const std::size_t start = at_++;
    const std::size_t name_start = at_;
    while (at_ < html_.size() && !is_space(html_[at_]) && html_[at_] != '>' && html_[at_] != '/') ++at_;
    const std::string name = lowered(html_.substr(name_start, at_ - name_start));
    refuse_interpolation(name_start, at_, "a tag's name");
    if (is_one_of(name, forbidden_tags)) {
      report(start, at_ - start, "`<" + name + ">` is not allowed in content",
             "react to events in the page's own script, with `wayline.on`");
    }
    while (take_attribute()) {
    }
    if (current() != '>') {
      report(start, at_ - start, "the tag `<" + name + "` is not closed", "end it with `>`");
      return;
    }
    ++at_;
    if (is_one_of(name, raw_text_tags)) skip_raw_text(name);
  }

  void skip_raw_text(const std::string& name) {
    const std::string end_tag = "</" + name;
    const auto found = std::search(html_.begin() + static_cast<std::ptrdiff_t>(at_), html_.end(), end_tag.begin(),
                                   end_tag.end(), [](char a, char b) { return lower(a) == b; });
    const auto end = static_cast<std::size_t>(found - html_.begin());
    if (name == "style") refuse_interpolation(at_, end, "a style sheet");
    at_ = end;
  }

  /// False at the end of the tag.
  bool take_attribute() {
    while (is_space(current()) || current() == '/') ++at_;
    if (at_ >= html_.size() || current() == '>') return false;
    const std::size_t start = at_;
    if (current() == '=') ++at_;  // a name may begin with it
    while (at_ < html_.size() && !is_space(current()) && current() != '=' && current() != '>' && current() != '/')
      ++at_;
    const std::string name = lowered(html_.substr(start, at_ - start));
    if (name.find(opening) != std::string::npos) {
      refuse_interpolation(start, at_, "a tag outside a quoted value");
      at_ = std::min(html_.find(closing, start), html_.size() - closing.size()) + closing.size();
      return true;
    }
    check_attribute_name(name, start);
    skip_spaces();
    if (current() != '=') return true;
    ++at_;
    skip_spaces();
    take_value(name);
    return true;
  }

  void check_attribute_name(const std::string& name, std::size_t start) {
    if (name.starts_with("on") && name.size() > 2) {
      report(start, name.size(), "the handler `" + name + "` is not allowed in content",
             "react to events in the page's own script, with `wayline.on`");
    } else if (is_one_of(name, forbidden_attributes)) {
      report(start, name.size(), "the attribute `" + name + "` is not allowed in content",
             "put the markup into the content itself");
    }
  }

  void take_value(const std::string& name) {
    const char quote = current();
    if (quote == '"' || quote == '\'') {
      const std::size_t start = ++at_;
      const std::size_t end = std::min(html_.find(quote, start), html_.size());
      check_value(name, start, end);
      at_ = std::min(end + 1, html_.size());
      return;
    }
    const std::size_t start = at_;
    while (at_ < html_.size() && !is_space(current()) && current() != '>') {
      at_ = starts(opening) ? std::min(html_.find(closing, at_), html_.size() - 1) + 1 : at_ + 1;
    }
    const std::size_t open = html_.substr(start, at_ - start).find(opening);
    if (open != std::string_view::npos) {
      report(start + open, opening.size(), "an interpolated attribute needs quotes", "write " + name + "=\"{{…}}\"");
    }
    check_value(name, start, at_);
  }

  void check_value(const std::string& name, std::size_t start, std::size_t end) {
    const std::string_view value = html_.substr(start, end - start);
    if (is_code_address(value)) {
      report(start, value.size(), "`" + name + "` holds code, not an address",
             "link to a page; react to clicks in the page's own script");
    }
    if (is_one_of(name, address_attributes) && value.starts_with(opening)) {
      report(start, opening.size(), "an address can not begin with an interpolation",
             "write the scheme and the host, or `/`, before it");
    }
    if (name == "style") refuse_interpolation(start, end, "a style");
  }

  std::string_view html_;
  std::size_t at_ = 0;
  std::vector<TextProblem> problems_;
};

}  // namespace

std::vector<TextProblem> find_unsafe_html(std::string_view html) { return Scanner(html).scan(); }

bool is_code_address(std::string_view address) {
  std::string plain;
  for (std::size_t at = 0; at < address.size();) {
    const char c = take_character(address, at);
    // Browsers ignore line feeds and tabs anywhere in an address, and control characters before it.
    const bool is_ignored =
        c == '\t' || c == '\n' || c == '\r' || (plain.empty() && static_cast<unsigned char>(c) <= ' ');
    if (!is_ignored) plain += lower(c);
  }
  return std::any_of(std::begin(code_schemes), std::end(code_schemes),
                     [&](std::string_view scheme) { return plain.starts_with(scheme); });
}

}  // namespace wayline::document
