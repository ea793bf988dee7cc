// What a body may be wrapped in: gzip or zlib, Basic credentials in base64, lone surrogates in JSON text. Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "wayline/result.h"

namespace wayline::collector {

/// The plain bytes of a body. Compression is told by the first bytes, never by a header: some clients label gzip
/// wrongly or not at all, and no JSON text starts as gzip or zlib does. batch_too_large when the plain bytes would
/// exceed `limit` (found while inflating, so a bomb costs no memory), batch_bad_encoding when they are damaged.
[[nodiscard]] Result<std::string> decompress(std::string body, std::size_t limit);

struct Credentials {
  std::string user;
  std::string password;  // empty when absent
};

/// What an `Authorization: Basic` value holds; nothing when it is of another scheme or damaged.
[[nodiscard]] std::optional<Credentials> basic_credentials(std::string_view authorization);

/// The user name of it alone.
[[nodiscard]] std::optional<std::string> basic_user(std::string_view authorization);

/// Replaces each \uD800..\uDFFF escape that has no partner by \uFFFD. A browser cuts an emoji in half easily and
/// JSON.stringify then writes such an escape; UTF-8 has no form for it, and one such event must not
/// cost the batch it travels in.
void repair_lone_surrogates(std::string& json_text);

}  // namespace wayline::collector
