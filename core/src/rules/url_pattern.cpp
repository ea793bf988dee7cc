#include "rules/url_pattern.h"

#include <algorithm>
#include <array>
#include <bitset>
#include <cstdint>

namespace wayline {
namespace {

bool ends_segment(char c) { return c == '/' || c == '?' || c == '#'; }
bool ends_literal(char c) { return c == '*' || c == ':' || c == '?' || c == '#'; }
bool starts_name(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool continues_name(char c) { return starts_name(c) || (c >= '0' && c <= '9'); }

// In this order: what stands for one character, what may be absent, what repeats.
enum class Kind : std::uint8_t { literal, one_in_segment, last_slash, any_in_segment, anything };

struct Token {
  Kind kind;
  char character;
};

/// A pattern's tokens; `:name` is one character of a segment, then any. Where the path ends, before a query that is asked for, a slash may stand.
class Tokens {
 public:
  Tokens(std::string_view pattern, char before, bool is_root) {
    const std::size_t path_end = std::min(pattern.find('?'), pattern.size());
    for (std::size_t at = 0;; ++at) {
      if (at == path_end && !is_root) add({Kind::last_slash, '/'});
      if (at == pattern.size()) break;
      if (pattern[at] == '*') {
        const bool across = at + 1 < pattern.size() && pattern[at + 1] == '*';
        add({across ? Kind::anything : Kind::any_in_segment, 0});
        if (across) ++at;
      } else if (pattern[at] == ':' && before == '/' && at + 1 < pattern.size() && starts_name(pattern[at + 1])) {
        while (at + 1 < pattern.size() && continues_name(pattern[at + 1])) ++at;
        add({Kind::one_in_segment, 0});
        add({Kind::any_in_segment, 0});
      } else {
        add({Kind::literal, pattern[at]});
      }
      before = pattern[at];
    }
  }
  [[nodiscard]] std::size_t size() const { return size_; }
  const Token& operator[](std::size_t index) const { return tokens_[index]; }

 private:
  void add(Token token) { tokens_[size_++] = token; }
  // No token but the last slash is made of less than one byte of the pattern; `:name` makes two of at least two.
  std::array<Token, max_url_pattern_bytes + 1> tokens_;
  std::size_t size_ = 0;
};

bool takes(const Token& token, char c) {
  switch (token.kind) {
    case Kind::literal:
    case Kind::last_slash: return token.character == c;
    case Kind::anything: return true;
    default: return !ends_segment(c);
  }
}

bool repeats(const Token& token) { return token.kind >= Kind::any_in_segment; }
bool may_be_absent(const Token& token) { return token.kind >= Kind::last_slash; }

using Positions = std::bitset<max_url_pattern_bytes + 2>;

/// Adds a position, and those behind tokens that may match nothing.
void arrive(Positions& positions, std::size_t position, const Tokens& tokens) {
  positions.set(position);
  while (position < tokens.size() && may_be_absent(tokens[position])) positions.set(++position);
}

/// All positions of the pattern are followed at once, so no text makes it look twice.
bool matches_tokens(std::string_view text, const Tokens& tokens) {
  Positions now;
  arrive(now, 0, tokens);
  for (const char c : text) {
    Positions next;
    for (std::size_t i = 0; i < tokens.size(); ++i) {
      if (now.test(i) && takes(tokens[i], c)) arrive(next, repeats(tokens[i]) ? i : i + 1, tokens);
    }
    if (next.none()) return false;
    now = next;
  }
  return now.test(tokens.size());
}

std::string_view without_scheme(std::string_view url) {
  const std::size_t scheme = url.find("://");
  return scheme == std::string_view::npos ? url : url.substr(scheme + 3);
}

/// The URL from its path on.
std::string_view from_path(std::string_view url) {
  if (url.starts_with('/') && !url.starts_with("//")) return url;
  const std::string_view rest = url.starts_with("//") ? url.substr(2) : without_scheme(url);
  const std::size_t end = rest.find_first_of("/?#");
  return end == std::string_view::npos || rest[end] != '/' ? std::string_view("/") : rest.substr(end);
}

/// Whether what is left of the part before the `#`, or the one behind it, fits; without its query unless the pattern asks for one. `pattern` is what
/// there is of it from its first wildcard on, and `before` the character in front of that.
bool fits(std::string_view part, std::string_view pattern, char before) {
  if (pattern.find('?') == std::string_view::npos) part = part.substr(0, part.find('?'));
  if (pattern == "**") return true;  // "/**", the most frequent pattern of all
  // The path of the root is a slash that no pattern leaves out.
  return matches_tokens(part, Tokens(pattern, before, before == '\0' && part.size() <= 1));
}

}  // namespace

std::string_view url_path(std::string_view url) {
  const std::string_view path = from_path(url);
  return path.substr(0, path.find_first_of("?#"));
}

bool url_matches(std::string_view url, std::string_view pattern) {
  if (pattern.size() > max_url_pattern_bytes) return false;
  if (pattern.starts_with('/')) url = from_path(url);
  else if (pattern.find("://") == std::string_view::npos && !pattern.starts_with('*')) url = without_scheme(url);
  // Most patterns start with a literal that most URLs do not have.
  std::size_t same = 0;
  while (same < pattern.size() && !ends_literal(pattern[same])) ++same;
  if (!url.starts_with(pattern.substr(0, same))) return false;
  const char before = same > 0 ? pattern[same - 1] : '\0';
  pattern.remove_prefix(same);
  url.remove_prefix(same);
  const std::size_t hash = url.find('#'), asked = pattern.find('#');
  if (!fits(url.substr(0, hash), pattern.substr(0, asked), before)) return false;
  return asked == std::string_view::npos || (hash != std::string_view::npos && fits(url.substr(hash + 1), pattern.substr(asked + 1), '\0'));
}

}  // namespace wayline
