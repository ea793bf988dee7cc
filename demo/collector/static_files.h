// GET and HEAD of files: the shop below its root, and the compiled pack.
#pragma once

#include <filesystem>
#include <string>

#include "collector/file_cache.h"
#include "collector/http_message.h"
#include "wayline/result.h"

namespace wayline::collector {

/// Whether an If-None-Match value names the tag (RFC 9110, 13.1.2: weak comparison, a list, or *).
[[nodiscard]] bool names_etag(std::string_view if_none_match, std::string_view etag);

/// Whether an Accept-Encoding value takes Brotli (RFC 9110, 12.5.3: not when its weight is 0).
[[nodiscard]] bool accepts_brotli(std::string_view accept_encoding);

class StaticFiles {
 public:
  /// Precondition: `root` is an existing folder. `database` and the files beside it are not served, wherever they are. `content_security_policy` goes with every page; empty: none.
  StaticFiles(const std::filesystem::path& root, std::filesystem::path pack, const std::filesystem::path& database, std::string content_security_policy);

  /// A file below the root (paths.h says how its name is found), else the root's 404.html with status 404. Symbolic
  /// links are followed only while they stay below the root.
  [[nodiscard]] Response serve(const Request& request);

  /// The compiled pack as it is on disk now, so that a rebuild is live at once; collector_unavailable while there is
  /// none.
  [[nodiscard]] Response serve_pack(const Request& request);

 private:
  [[nodiscard]] std::filesystem::path find(std::string_view relative_path) const;
  /// The regular file that `path` leads to, if it may be served: below the root, and not the database. Otherwise empty.
  [[nodiscard]] std::filesystem::path served(const std::filesystem::path& path) const;
  [[nodiscard]] Response not_found(const Request& request);
  /// `file`, or its compressed sibling, which may be empty, or 304.
  [[nodiscard]] Response reply(const Request& request, const std::filesystem::path& path, const LoadedFile& file, const std::filesystem::path& sibling);
  void add_page_headers(Response& response) const;

  const std::filesystem::path root_;  // canonical
  const std::filesystem::path pack_;
  const std::filesystem::path database_;  // canonical
  const std::string content_security_policy_;
  FileCache cache_;
};

}  // namespace wayline::collector
