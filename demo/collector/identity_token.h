// Who somebody is, by the word of the site's own server: a JSON Web Token (RFC 7519) signed with HMAC-SHA256. Pure.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "wayline/result.h"

namespace wayline::collector {

/// HS256 asks for a key no shorter than its hash (RFC 7518, 3.2).
constexpr std::size_t least_identity_key_bytes = 32;

/// The person, "sub", that `token` names. It must be signed with one of the keys by HS256, whatever its header asks for; a header that names extensions as critical is refused. Its
/// "exp" must lie after `now`, its "nbf", if any, not after it; both and `now` in seconds since 1970. The error is token_refused,
/// and does not say more to whoever tries.
[[nodiscard]] Result<std::string> person_of(std::string_view token, std::span<const std::string> keys, std::int64_t now);

}  // namespace wayline::collector
