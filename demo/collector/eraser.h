// POST /v1/erase: a person is deleted from the store and kept out of it (delivery S7).
#pragma once

#include <boost/asio/awaitable.hpp>
#include <map>
#include <string>

#include "collector/http_message.h"
#include "collector/metrics.h"
#include "collector/store.h"

namespace wayline::collector {

class Eraser {
 public:
  /// `projects` maps each erase key to its project; without any, nobody can erase. Store and metrics must outlive this.
  Eraser(std::map<std::string, std::string> projects, Store& store, Metrics& metrics);

  /// The body names a person: {"userId", "anonymousId"}, at least one. The key is the Basic user name: write keys, which
  /// every visitor can read, do not erase. Replies 200 {"success":true,"deleted":n} once it is committed.
  [[nodiscard]] boost::asio::awaitable<Response> receive(Request request);

 private:
  const std::map<std::string, std::string> projects_;
  Store& store_;
  Metrics& metrics_;
};

}  // namespace wayline::collector
