// Which handler answers which request.
#pragma once

#include <boost/asio/awaitable.hpp>

#include "collector/eraser.h"
#include "collector/http_message.h"
#include "collector/ingest.h"
#include "collector/metrics.h"
#include "collector/profiles.h"
#include "collector/static_files.h"
#include "collector/store.h"

namespace wayline::collector {

/// Routes: POST /v1/{batch,b,track,t,page,p,screen,s,identify,i,group,g,alias,a} · OPTIONS /v1/… (CORS preflight) ·
/// POST /v1/erase · GET and POST /v1/profile · GET /v1/pack · GET /healthz · GET /metrics · GET of anything else: a file. HEAD is answered as GET; the session
/// leaves the body out.
class Router {
 public:
  /// Everything passed must outlive this.
  Router(Ingest& ingest, Eraser& eraser, Profiles& profiles, StaticFiles& files, const Store& store, Metrics& metrics);

  [[nodiscard]] boost::asio::awaitable<Response> answer(Request request);

 private:
  [[nodiscard]] boost::asio::awaitable<Response> answer_api(Request request);
  [[nodiscard]] boost::asio::awaitable<Response> answer_profile(Request request);
  [[nodiscard]] Response answer_page(const Request& request);

  Ingest& ingest_;
  Eraser& eraser_;
  Profiles& profiles_;
  StaticFiles& files_;
  const Store& store_;
  Metrics& metrics_;
};

/// Adds what lets any web page read a reply of /v1: no cookies are involved, so any origin may.
void allow_any_origin(Response& response);

}  // namespace wayline::collector
