// URL patterns: `*` within a segment, `**` across segments, `:name` for one whole or the start of one segment.
#pragma once

#include <cstddef>
#include <string_view>

namespace wayline {

/// Longer patterns match nothing; lowering and the pack's checks refuse them.
constexpr std::size_t max_url_pattern_bytes = 250;

/// A pattern that starts with `/` is compared with the path of the URL; others with the whole URL, without its scheme if
/// the pattern has none. The query takes part only when the pattern has a `?`, the fragment only when it has a `#`. A slash at the end of the
/// path may be absent from the pattern. Linear in the URL's length for any pattern.
[[nodiscard]] bool url_matches(std::string_view url, std::string_view pattern);

/// The path of a URL or of what already is a path, without query and fragment; "/" when it has none.
[[nodiscard]] std::string_view url_path(std::string_view url);

}  // namespace wayline
