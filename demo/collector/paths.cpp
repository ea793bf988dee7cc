#include "collector/paths.h"

#include <algorithm>
#include <array>

namespace wayline::collector {

namespace {

struct FileKind {
  std::string_view extension;
  std::string_view content_type;
  bool seldom_changes;
};

constexpr std::array<FileKind, 22> file_kinds{{
    {".html", "text/html; charset=utf-8", false},
    {".js", "text/javascript; charset=utf-8", false},
    {".mjs", "text/javascript; charset=utf-8", false},
    {".wasm", "application/wasm", false},
    {".css", "text/css; charset=utf-8", false},
    {".json", "application/json", false},
    {".map", "application/json", false},
    {".webmanifest", "application/manifest+json", false},
    {".xml", "application/xml", false},
    {".txt", "text/plain; charset=utf-8", false},
    {".csv", "text/csv; charset=utf-8", false},
    {".wayline", "application/octet-stream", false},
    {".svg", "image/svg+xml", true},
    {".png", "image/png", true},
    {".jpg", "image/jpeg", true},
    {".jpeg", "image/jpeg", true},
    {".webp", "image/webp", true},
    {".avif", "image/avif", true},
    {".gif", "image/gif", true},
    {".ico", "image/x-icon", true},
    {".woff2", "font/woff2", true},
    {".woff", "font/woff", true},
}};
constexpr FileKind unknown_kind{"", "application/octet-stream", false};

const FileKind& kind_of(std::string_view file_name) {
  const auto dot = file_name.rfind('.');
  if (dot == std::string_view::npos) return unknown_kind;
  const std::string_view extension = file_name.substr(dot);
  const auto* found = std::find_if(file_kinds.begin(), file_kinds.end(),
                                   [&](const FileKind& kind) { return kind.extension == extension; });
  return found == file_kinds.end() ? unknown_kind : *found;
}

int hex_digit(char character) {
  if (character >= '0' && character <= '9') return character - '0';
  if (character >= 'a' && character <= 'f') return character - 'a' + 10;
  if (character >= 'A' && character <= 'F') return character - 'A' + 10;
  return -1;
}

Error malformed(std::string reason) { return {ErrorCode::http_malformed, "The path " + std::move(reason) + "."}; }

/// `word` is in lower case, `text` in any.
bool starts_with_word(std::string_view text, std::string_view word) {
  return text.size() >= word.size() && std::equal(word.begin(), word.end(), text.begin(), [](char lower, char character) {
           return character == lower || (character >= 'A' && character <= 'Z' && character + ('a' - 'A') == lower);
         });
}

Result<std::string> decode_segment(std::string_view encoded) {
  std::string decoded;
  for (std::size_t i = 0; i < encoded.size(); ++i) {
    char character = encoded[i];
    if (character == '%') {
      const int high = i + 1 < encoded.size() ? hex_digit(encoded[i + 1]) : -1;
      const int low = i + 2 < encoded.size() ? hex_digit(encoded[i + 2]) : -1;
      if (high < 0 || low < 0) return malformed("has a % without two hexadecimal digits");
      character = static_cast<char>(high * 16 + low);
      i += 2;
    }
    if (character == '/' || character == '\\') return malformed("has an encoded slash or a backslash");
    if (static_cast<unsigned char>(character) < 0x20 || character == 0x7f) return malformed("has a control character");
    decoded.push_back(character);
  }
  if (decoded == "." || decoded == "..") return malformed("has a dot segment");
  if (decoded.starts_with('.')) return Error{ErrorCode::http_not_found, "Hidden files are not served."};
  return decoded;
}

}  // namespace

std::string_view path_of(std::string_view target) { return target.substr(0, target.find_first_of("?#")); }

std::string origin_form(std::string_view target) {
  const std::string_view scheme = starts_with_word(target, "http://") ? "http://" : "https://";
  if (!starts_with_word(target, scheme)) return std::string{target};
  target.remove_prefix(scheme.size());
  target.remove_prefix(std::min(target.find_first_of("/?#"), target.size()));
  return (target.starts_with('/') ? "" : "/") + std::string{target};
}

Result<std::string> relative_path(std::string_view target) {
  std::string_view path = path_of(target);
  if (!path.starts_with('/')) return malformed("does not start with a slash");
  path.remove_prefix(1);
  std::string relative;
  while (!path.empty()) {
    const std::size_t length = std::min(path.find('/'), path.size());
    if (length == 0) return malformed("has an empty segment");
    TRY(const std::string segment, decode_segment(path.substr(0, length)));
    relative += segment;
    path.remove_prefix(length);
    if (path.starts_with('/')) {
      relative += '/';
      path.remove_prefix(1);
    }
  }
  return relative;
}

std::vector<std::string> file_candidates(std::string_view relative_path) {
  std::string name{relative_path};
  if (name.empty()) return {"index.html"};
  if (name.ends_with('/')) {
    const std::string stem = name.substr(0, name.size() - 1);
    return {name + "index.html", stem + ".html"};
  }
  return {name, name + ".html", name + "/index.html"};
}

std::string_view content_type(std::string_view file_name) { return kind_of(file_name).content_type; }

std::string_view cache_control(std::string_view file_name) {
  return kind_of(file_name).seldom_changes ? "public, max-age=600" : "no-cache";
}

}  // namespace wayline::collector
