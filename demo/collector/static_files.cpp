#include "collector/static_files.h"

#include <algorithm>
#include <cstdlib>
#include <system_error>
#include <utility>

#include "collector/paths.h"
#include "collector/replies.h"

namespace wayline::collector {

namespace filesystem = std::filesystem;

namespace {

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ') || text.starts_with('\t')) text.remove_prefix(1);
  while (text.ends_with(' ') || text.ends_with('\t')) text.remove_suffix(1);
  return text;
}

/// Calls `visit` with each trimmed part of a list until it returns true; whether it did.
template <typename Visit>
bool any_part(std::string_view list, char separator, Visit visit) {
  while (!list.empty()) {
    const std::size_t length = std::min(list.find(separator), list.size());
    if (visit(trimmed(list.substr(0, length)))) return true;
    list.remove_prefix(std::min(length + 1, list.size()));
  }
  return false;
}

bool is_below(const filesystem::path& path, const filesystem::path& root) {
  return std::mismatch(root.begin(), root.end(), path.begin(), path.end()).first == root.end();
}

/// Whether it is the database, or what SQLite keeps beside it.
bool is_of_database(const filesystem::path& path, const filesystem::path& database) {
  const auto is = [&](const char* suffix) { return path.native() == database.native() + suffix; };
  return is("") || is("-wal") || is("-shm") || is("-journal");
}

/// The compressed sibling, unless it is older than the file: then it is left over from an earlier build.
filesystem::path fresh_brotli_sibling(const filesystem::path& path) {
  filesystem::path sibling = path;
  sibling += ".br";
  std::error_code failed;
  const auto sibling_time = filesystem::last_write_time(sibling, failed);
  if (failed) return {};
  const auto file_time = filesystem::last_write_time(path, failed);
  return failed || sibling_time < file_time ? filesystem::path{} : sibling;
}

}  // namespace

bool names_etag(std::string_view if_none_match, std::string_view etag) {
  return any_part(if_none_match, ',', [&](std::string_view candidate) {
    if (candidate.starts_with("W/")) candidate.remove_prefix(2);
    return candidate == "*" || candidate == etag;
  });
}

bool accepts_brotli(std::string_view accept_encoding) {
  return any_part(accept_encoding, ',', [](std::string_view coding) {
    const std::size_t semicolon = std::min(coding.find(';'), coding.size());
    if (trimmed(coding.substr(0, semicolon)) != "br") return false;
    coding.remove_prefix(semicolon);
    const std::size_t weight = coding.find("q=");
    return weight == std::string_view::npos || std::strtod(std::string{coding.substr(weight + 2)}.c_str(), nullptr) > 0;
  });
}

StaticFiles::StaticFiles(const filesystem::path& root, filesystem::path pack, const filesystem::path& database, std::string content_security_policy)
    : root_(filesystem::canonical(root)),
      pack_(std::move(pack)),
      database_(filesystem::weakly_canonical(database)),
      content_security_policy_(std::move(content_security_policy)) {}

Response StaticFiles::serve(const Request& request) {
  const Result<std::string> relative = relative_path(request.target);
  if (!relative.ok()) {
    return relative.error().code == ErrorCode::http_not_found ? not_found(request) : error_reply(relative.error());
  }
  const filesystem::path path = find(relative.value());
  const auto file = path.empty() ? nullptr : cache_.load(path);
  return file ? reply(request, path, *file, served(fresh_brotli_sibling(path))) : not_found(request);
}

Response StaticFiles::serve_pack(const Request& request) {
  const auto file = cache_.load(pack_);
  if (!file) {
    return error_reply(Error{ErrorCode::collector_unavailable, "There is no compiled pack to serve at this moment."});
  }
  return reply(request, pack_, *file, fresh_brotli_sibling(pack_));
}

filesystem::path StaticFiles::find(std::string_view relative_path) const {
  for (const std::string& candidate : file_candidates(relative_path)) {
    filesystem::path path = served(root_ / candidate);
    if (!path.empty()) return path;
  }
  return {};
}

filesystem::path StaticFiles::served(const filesystem::path& path) const {
  std::error_code failed;
  filesystem::path canonical = filesystem::canonical(path, failed);
  const bool may_be = !failed && is_below(canonical, root_) && !is_of_database(canonical, database_) && filesystem::is_regular_file(canonical, failed);
  return may_be ? canonical : filesystem::path{};
}

Response StaticFiles::not_found(const Request& request) {
  const auto page = cache_.load(served(root_ / "404.html"));
  if (!page) return error_reply(Error{ErrorCode::http_not_found, "Nothing is served at " + request.target + "."});
  Response response;
  response.status = 404;
  response.set("Content-Type", std::string{content_type("404.html")});
  response.set("Cache-Control", "no-store");
  add_page_headers(response);
  response.body = page->bytes;
  return response;
}

Response StaticFiles::reply(const Request& request, const filesystem::path& path, const LoadedFile& file, const filesystem::path& sibling) {
  Response response;
  const LoadedFile* chosen = &file;
  std::shared_ptr<const LoadedFile> compressed;
  if (!sibling.empty()) {
    response.set("Vary", "Accept-Encoding");
    if (accepts_brotli(request.accept_encoding)) compressed = cache_.load(sibling);
    if (compressed) chosen = compressed.get();
  }
  response.set("ETag", chosen->etag);
  response.set("Cache-Control", std::string{cache_control(path.native())});
  add_page_headers(response);
  if (names_etag(request.if_none_match, chosen->etag)) {
    response.status = 304;
    return response;
  }
  response.set("Content-Type", std::string{content_type(path.native())});
  if (compressed) response.set("Content-Encoding", "br");
  response.body = chosen->bytes;
  return response;
}

void StaticFiles::add_page_headers(Response& response) const {
  if (!content_security_policy_.empty()) response.set("Content-Security-Policy", content_security_policy_);
  response.set("X-Content-Type-Options", "nosniff");
  response.set("Referrer-Policy", "strict-origin-when-cross-origin");
}

}  // namespace wayline::collector
