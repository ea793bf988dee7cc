#include "collector/router.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "collector/paths.h"
#include "collector/replies.h"

namespace wayline::collector {

namespace asio = boost::asio;

namespace {

struct EventRoute {
  std::string_view path;
  std::string_view type;  // empty: a batch
};

/// Segment's HTTP Tracking API; the short forms are what its browser client uses.
constexpr std::array<EventRoute, 14> event_routes{{
    {"/v1/batch", ""},
    {"/v1/b", ""},
    {"/v1/track", "track"},
    {"/v1/t", "track"},
    {"/v1/page", "page"},
    {"/v1/p", "page"},
    {"/v1/screen", "screen"},
    {"/v1/s", "screen"},
    {"/v1/identify", "identify"},
    {"/v1/i", "identify"},
    {"/v1/group", "group"},
    {"/v1/g", "group"},
    {"/v1/alias", "alias"},
    {"/v1/a", "alias"},
}};

bool is_read(Method method) { return method == Method::get || method == Method::head; }

Response method_not_allowed(std::string allowed) {
  Response response = error_reply(ErrorCode::http_method_not_allowed);
  response.set("Allow", std::move(allowed));
  return response;
}

Response preflight() {
  Response response;
  response.status = 204;
  response.set("Access-Control-Allow-Methods", "GET, HEAD, POST, OPTIONS");
  response.set("Access-Control-Allow-Headers", "Authorization, Content-Type, Content-Encoding, If-None-Match");
  response.set("Access-Control-Max-Age", "86400");
  return response;
}

Response text_reply(std::string content_type, std::string text) {
  Response response;
  response.set("Content-Type", std::move(content_type));
  response.set("Cache-Control", "no-store");
  response.body = std::make_shared<const std::string>(std::move(text));
  return response;
}

}  // namespace

void allow_any_origin(Response& response) {
  response.set("Access-Control-Allow-Origin", "*");
  response.set("Access-Control-Expose-Headers", "Retry-After, ETag");
}

Router::Router(Ingest& ingest, Eraser& eraser, Profiles& profiles, StaticFiles& files, const Store& store, Metrics& metrics)
    : ingest_(ingest), eraser_(eraser), profiles_(profiles), files_(files), store_(store), metrics_(metrics) {}

asio::awaitable<Response> Router::answer(Request request) {
  if (!path_of(request.target).starts_with("/v1/")) co_return answer_page(request);
  Response response = co_await answer_api(std::move(request));
  allow_any_origin(response);
  co_return response;
}

asio::awaitable<Response> Router::answer_api(Request request) {
  if (request.method == Method::options) co_return preflight();
  const std::string path{path_of(request.target)};
  if (path == "/v1/pack") {
    co_return is_read(request.method) ? files_.serve_pack(request) : method_not_allowed("GET, HEAD, OPTIONS");
  }
  if (path == "/v1/erase") {
    if (request.method != Method::post) co_return method_not_allowed("POST, OPTIONS");
    Response response = co_await eraser_.receive(std::move(request));
    co_return response;
  }
  if (path == "/v1/profile") {
    Response response = co_await answer_profile(std::move(request));
    co_return response;
  }
  const auto* route = std::find_if(event_routes.begin(), event_routes.end(),
                                   [&](const EventRoute& candidate) { return candidate.path == path; });
  if (route == event_routes.end()) co_return error_reply(ErrorCode::http_not_found);
  if (request.method != Method::post) co_return method_not_allowed("POST, OPTIONS");
  Response response = co_await ingest_.receive(std::move(request), route->type);
  co_return response;
}

asio::awaitable<Response> Router::answer_profile(Request request) {
  if (request.method == Method::post) {
    Response merged = co_await profiles_.merge(std::move(request));
    co_return merged;
  }
  if (!is_read(request.method)) co_return method_not_allowed("GET, HEAD, POST, OPTIONS");
  Response stored = co_await profiles_.give(std::move(request));
  co_return stored;
}

Response Router::answer_page(const Request& request) {
  if (!is_read(request.method)) return method_not_allowed("GET, HEAD");
  const std::string_view path = path_of(request.target);
  if (path == "/metrics") return text_reply("text/plain; version=0.0.4; charset=utf-8", metrics_.text(store_));
  if (path == "/healthz") {
    if (!store_.healthy()) return error_reply(ErrorCode::collector_unavailable);
    return json_reply(200, "{\"status\":\"ok\"}\n");
  }
  return files_.serve(request);
}

}  // namespace wayline::collector
