#include "collector/replies.h"

#include <memory>
#include <nlohmann/json.hpp>
#include <random>
#include <utility>

#include "collector/limits.h"

namespace wayline::collector {

namespace {

int jittered_retry_after() {
  thread_local std::minstd_rand generator{std::random_device{}()};
  return std::uniform_int_distribution<int>{limits::retry_after_least_seconds,
                                            limits::retry_after_most_seconds}(generator);
}

}  // namespace

unsigned status_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::key_unknown:
    case ErrorCode::token_refused:
      return 401;
    case ErrorCode::http_timeout:
      return 408;
    case ErrorCode::pack_unavailable:
      return 409;
    case ErrorCode::event_suppressed:
      return 410;
    case ErrorCode::http_not_found:
      return 404;
    case ErrorCode::http_method_not_allowed:
      return 405;
    case ErrorCode::batch_too_large:
    case ErrorCode::batch_too_many:
    case ErrorCode::state_too_large:
      return 413;
    case ErrorCode::http_headers_too_large:
      return 431;
    case ErrorCode::collector_busy:
    case ErrorCode::collector_unavailable:
      return 503;
    default:
      return 400;
  }
}

Response json_reply(unsigned status, std::string body) {
  Response response;
  response.status = status;
  response.set("Content-Type", "application/json");
  response.set("Cache-Control", "no-store");
  response.body = std::make_shared<const std::string>(std::move(body));
  return response;
}

Response error_reply(const Error& error) {
  const unsigned status = status_of(error.code);
  const nlohmann::json body = {{"error", {{"code", code_text(error.code)}, {"message", error.message}}}};
  // A message may quote what was sent, so bytes that are no UTF-8 are replaced rather than thrown at.
  Response response = json_reply(status, body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
  if (status == 503) response.set("Retry-After", std::to_string(jittered_retry_after()));
  return response;
}

Response error_reply(ErrorCode code) {
  return error_reply(Error{code, std::string{code_meaning(code)} + " " + std::string{code_hint(code)}});
}

std::optional<Response> refusal(Receipt::Outcome outcome) {
  switch (outcome) {
    case Receipt::Outcome::committed:
      return std::nullopt;
    case Receipt::Outcome::busy:
      return error_reply(ErrorCode::collector_busy);
    case Receipt::Outcome::unavailable:
      return error_reply(ErrorCode::collector_unavailable);
  }
  return std::nullopt;
}

}  // namespace wayline::collector
