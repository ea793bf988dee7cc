#include "document/html.h"

#include <algorithm>
#include <iterator>
#include <string>

#include "base/ascii.h"
#include "document/address.h"

namespace wayline::document {
namespace {

struct ForbiddenElement {
  std::string_view name;
  std::string_view hint;
};
constexpr std::string_view use_own_script = "react to events in the page's own script, with `wayline.on`";
constexpr std::string_view use_style_sheet = "set `class`, and keep what it means in the page's style sheet";
constexpr std::string_view use_own_page = "put it into the page itself";
constexpr std::string_view use_markup = "put the markup into the content itself";
/// What runs, loads or frames something, what changes attributes later, and what browsers read as raw text in one place
/// and as markup in another.
constexpr ForbiddenElement forbidden_elements[] = {
    {"script", use_own_script}, {"animate", use_style_sheet}, {"set", use_style_sheet},  {"style", use_style_sheet},
    {"link", use_own_page},     {"base", use_own_page},       {"meta", use_own_page},    {"iframe", use_own_page},
    {"object", use_own_page},   {"embed", use_own_page},      {"applet", use_own_page},  {"frame", use_own_page},
    {"frameset", use_own_page}, {"template", use_markup},     {"noscript", use_markup},  {"noembed", use_markup},
    {"noframes", use_markup},   {"xmp", use_markup},          {"plaintext", use_markup},
};
constexpr std::string_view forbidden_attributes[] = {"srcdoc"};
/// Their text is not markup, up to their own end tag; inside `svg`, though, a `title` holds markup.
constexpr std::string_view raw_text_tags[] = {"textarea", "title"};

/// What authors mark texts up with, and the characters that they name.
constexpr std::string_view text_tags[] = {"a",  "b",  "big", "br", "button", "code", "div", "em", "font", "h1", "h2", "h3", "h4", "h5",     "h6",    "hr", "i",  "img",
                                          "li", "ol", "p",   "s",  "small",  "span", "strong", "sub", "sup", "table", "td", "tr", "u", "ul", "mark", "section"};
constexpr std::string_view character_names[] = {"nbsp", "amp", "lt", "gt", "quot", "apos", "euro", "pound", "copy", "reg", "trade", "hellip", "ndash", "mdash", "shy", "times"};

constexpr std::string_view opening = "{{";
constexpr std::string_view closing = "}}";

/// HTML's own: a vertical tab is none.
bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r'; }
bool ends_name(char c) { return is_space(c) || c == '/' || c == '>'; }

template <std::size_t count>
bool is_one_of(std::string_view word, const std::string_view (&words)[count]) {
  return std::find(std::begin(words), std::end(words), word) != std::end(words);
}

/// Walks the markup as a browser's tokenizer would, as far as the findings need.
class Scanner {
 public:
  explicit Scanner(std::string_view html) : html_(html) {}

  HtmlFindings scan() {
    while (at_ < html_.size()) {
      if (html_[at_] != '<') {
        ++at_;
      } else if (starts("<!--")) {
        skip_comment();
      } else if (is_letter(character(at_ + 1)) || (starts("</") && is_letter(character(at_ + 2)))) {
        take_tag();
      } else if (starts("<![CDATA[")) {
        report(at_, 9, "`<![CDATA[` is not allowed in content", "write the text with `&lt;` and `&amp;`");
        at_ += 9;
      } else if (starts("<{{") || starts("</{{")) {
        const std::size_t length = starts("</") ? 4 : 3;
        report(at_, length, "a tag's name can not be interpolated", "write the tag's name out");
        at_ += length;
      } else if (starts("</") || starts("<!") || starts("<?")) {  // comments to a browser
        const std::size_t end = std::min(html_.find('>', at_), html_.size());
        refuse_interpolation(at_, end, "a comment");
        at_ = end;
      } else {
        ++at_;
      }
    }
    return std::move(found_);
  }

 private:
  [[nodiscard]] bool starts(std::string_view text) const { return html_.substr(at_).starts_with(text); }
  [[nodiscard]] char character(std::size_t at) const { return at < html_.size() ? html_[at] : '\0'; }
  [[nodiscard]] char current() const { return character(at_); }
  void report(std::size_t offset, std::size_t length, std::string message, std::string hint) {
    found_.unsafe.push_back({offset, length, std::move(message), std::move(hint)});
  }
  void skip_spaces() {
    while (is_space(current())) ++at_;
  }

  void skip_comment() {
    const std::size_t end = std::min({html_.find("-->", at_), html_.find("--!>", at_ + 4), html_.size()});
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

  /// An opening tag or an end tag: browsers read attributes in both.
  void take_tag() {
    const std::size_t start = at_;
    at_ += starts("</") ? 2 : 1;
    const std::size_t name_start = at_;
    while (at_ < html_.size() && !ends_name(html_[at_])) ++at_;
    const std::string name = lower_case(html_.substr(name_start, at_ - name_start));
    const bool opens = name_start == start + 1;
    refuse_interpolation(name_start, at_, "a tag's name");
    if (opens) refuse_element(name, start);
    while (take_attribute()) {
    }
    if (current() != '>') {
      report(start, at_ - start, "the tag `<" + name + "` is not closed", "end it with `>`");
      return;
    }
    ++at_;
    if (opens && is_one_of(name, raw_text_tags)) take_raw_text(name);
  }

  void refuse_element(const std::string& name, std::size_t start) {
    for (const ForbiddenElement& element : forbidden_elements) {
      if (element.name != name) continue;
      report(start, at_ - start, "`<" + name + ">` is not allowed in content", std::string(element.hint));
    }
  }

  /// Refuses what would read differently as markup, so that both readings are the same.
  void take_raw_text(const std::string& name) {
    at_ = std::min(html_.find('<', at_), html_.size());
    const std::size_t behind = at_ + 2 + name.size();
    const bool closes = lower_case(html_.substr(at_, 2 + name.size())) == "</" + name && (behind == html_.size() || ends_name(html_[behind]));
    if (at_ == html_.size() || closes) return;
    report(at_, 1, "`<" + name + ">` holds text, no tags", "write `&lt;` for `<`");
  }

  /// False at the end of the tag.
  bool take_attribute() {
    while (is_space(current()) || current() == '/') ++at_;
    if (at_ >= html_.size() || current() == '>') return false;
    const std::size_t start = at_;
    if (current() == '=') ++at_;  // a name may begin with it
    while (at_ < html_.size() && !ends_name(current()) && current() != '=') ++at_;
    const std::string name = lower_case(html_.substr(start, at_ - start));
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
      report(start, name.size(), "the handler `" + name + "` is not allowed in content", std::string(use_own_script));
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
    if (is_code_address(value, AddressText::markup)) {
      report(start, value.size(), "`" + name + "` holds code, not an address",
             "link to a page; react to clicks in the page's own script");
    } else if (is_address_attribute(name)) {
      if (const auto problem = find_open_address(value, AddressText::markup))
        report(start + problem->offset, problem->length, problem->message, problem->hint);
    }
    if (name == "style") refuse_interpolation(start, end, "a style");
    if (auto slip = find_attribute_slip(name, value)) {
      slip->offset += start;
      found_.slips.push_back(std::move(*slip));
    }
  }

  std::string_view html_;
  std::size_t at_ = 0;
  HtmlFindings found_;
};

}  // namespace

HtmlFindings check_html(std::string_view html) { return Scanner(html).scan(); }

std::optional<TextProblem> find_markup(std::string_view text) {
  const auto found = [&](std::size_t at, std::size_t end) {
    return TextProblem{at, end - at, "a `text` is no markup: `" + std::string(text.substr(at, end - at)) + "` is shown as it stands", "write it as `html`"};
  };
  for (std::size_t at = text.find_first_of("<&"); at != std::string_view::npos; at = text.find_first_of("<&", at + 1)) {
    if (text[at] == '&') {
      const std::size_t end = text.find(';', at);
      if (end != std::string_view::npos && (text[at + 1] == '#' || is_one_of(text.substr(at + 1, end - at - 1), character_names))) return found(at, end + 1);
      continue;
    }
    const std::size_t name = at + (text.substr(at).starts_with("</") ? 2 : 1);
    std::size_t after = name;
    while (after < text.size() && (is_letter(text[after]) || is_digit(text[after]))) ++after;
    const std::size_t end = text.find('>', after);
    if (end == std::string_view::npos || !is_one_of(lower_case(text.substr(name, after - name)), text_tags)) continue;
    if (end == after || is_space(text[after]) || text[after] == '/') return found(at, end + 1);
  }
  return std::nullopt;
}

}  // namespace wayline::document
