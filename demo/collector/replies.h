// The replies that every route shares: JSON, and the published form of an error.
#pragma once

#include <optional>
#include <string>

#include "collector/http_message.h"
#include "collector/store.h"
#include "wayline/error.h"

namespace wayline::collector {

/// `body` is sent as application/json and never cached.
[[nodiscard]] Response json_reply(unsigned status, std::string body);

/// {"error":{"code","message"}} with the status that belongs to the code. The two retryable refusals
/// (503) carry a jittered Retry-After (delivery S5).
[[nodiscard]] Response error_reply(const Error& error);

/// The same, with the catalogue's own sentence as message.
[[nodiscard]] Response error_reply(ErrorCode code);

/// The 503 of what the store did not commit.
[[nodiscard]] std::optional<Response> refusal(Receipt::Outcome outcome);

/// The HTTP status of a code; the same code always gets the same status (delivery S4).
[[nodiscard]] unsigned status_of(ErrorCode code);

}  // namespace wayline::collector
