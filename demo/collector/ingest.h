// POST of events: bytes in, verdicts out, the store's commit between them.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <map>
#include <string>
#include <string_view>

#include "collector/http_message.h"
#include "collector/metrics.h"
#include "collector/store.h"

namespace wayline::collector {

class Ingest {
 public:
  /// `projects` maps each known write key to its project. Store and metrics must outlive this.
  Ingest(std::map<std::string, std::string> projects, Store& store, Metrics& metrics);

  /// `route_type` is the event type that a single-message route implies, empty for a batch. Replies 200 with a verdict
  /// for each event, in their order, once they are committed; else an error of the whole request, and then nothing of
  /// it was stored. The key of a Basic header counts before the one in the body.
  [[nodiscard]] boost::asio::awaitable<Response> receive(Request request, std::string_view route_type);

 private:
  const std::map<std::string, std::string> projects_;
  Store& store_;
  Metrics& metrics_;
};

}  // namespace wayline::collector
