// Request and Response as the handlers see them: no Beast here, so every handler can be tested without a socket.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace wayline::collector {

enum class Method { get, head, post, options, other };

/// A request that was read whole. Absent headers are empty.
struct Request {
  Method method = Method::get;
  std::string target;  // path and query, still percent-encoded
  std::string authorization;
  std::string accept_encoding;
  std::string if_none_match;
  std::string body;
  std::int64_t received = 0;  // when its end was here, in epoch milliseconds
};

struct Response {
  unsigned status = 200;
  std::vector<std::pair<std::string, std::string>> headers;
  std::shared_ptr<const std::string> body;  // null: no body; shared with the file cache

  void set(std::string name, std::string value) { headers.emplace_back(std::move(name), std::move(value)); }
};

}  // namespace wayline::collector
