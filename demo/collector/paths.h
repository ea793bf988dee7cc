// From a request's target to the names a file may have below the root. Pure: touches no file system.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "wayline/result.h"

namespace wayline::collector {

/// The part of a target before its query, still percent-encoded.
[[nodiscard]] std::string_view path_of(std::string_view target);

/// A target in the form in which clients send it to a server: of `http://host/path`, which is meant for proxies and must be
/// understood (RFC 9112, 3.2.2), what follows the host. Any other target stays what it is.
[[nodiscard]] std::string origin_form(std::string_view target);

/// A target's path relative to the root: decoded once, without leading slash ("" is the root itself), a trailing
/// slash kept. http_malformed for what no honest client sends: no leading slash, a damaged %XX, an encoded slash, a
/// backslash or a control character, `.` and `..` as segments (clients resolve those before they send), an empty
/// segment. http_not_found for hidden names (a leading dot), which are never served.
[[nodiscard]] Result<std::string> relative_path(std::string_view target);

/// Where the file of a relative path may be, best first: "a" -> a, a.html, a/index.html; "a/" -> a/index.html, a.html;
/// "" -> index.html.
[[nodiscard]] std::vector<std::string> file_candidates(std::string_view relative_path);

/// The Content-Type for a file's name; application/octet-stream when its extension is not known.
[[nodiscard]] std::string_view content_type(std::string_view file_name);

/// The Cache-Control for a file's name. Pages, code and data keep their names across builds, so they are revalidated at
/// each use; pictures and fonts seldom change and may be used unasked for ten minutes.
[[nodiscard]] std::string_view cache_control(std::string_view file_name);

}  // namespace wayline::collector
