// One connection: reads requests one after another, within the limits, and writes the router's replies.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <chrono>
#include <memory>
#include <optional>

#include "collector/http_message.h"
#include "collector/metrics.h"
#include "collector/router.h"

namespace wayline::collector {

/// Owned by a shared_ptr: a clock that has run out finds out whether the session is still there.
class Session : public std::enable_shared_from_this<Session> {
 public:
  /// Router and metrics must outlive this.
  Session(boost::asio::ip::tcp::socket socket, Router& router, Metrics& metrics);

  /// Returns when the connection is over: closed by either side, out of time, or drained. Throws nothing.
  [[nodiscard]] boost::asio::awaitable<void> run();

  /// Finishes the request under way, if there is one, with `Connection: close`; otherwise closes at once.
  void drain();
  using Moment = std::optional<std::chrono::steady_clock::time_point>;
  /// Since when no byte of a next request is here; nothing while one is under way.
  [[nodiscard]] Moment idle_since() const { return idle_since_; }
  /// Since when the client takes its time over sending a request or taking its answer; nothing while it is the one who waits.
  [[nodiscard]] Moment held_up_since() const { return held_up_since_; }
  /// Ends the connection, which is idle or held up.
  void dismiss();
  /// Closes the connection whatever it is doing.
  void cut();

 private:
  /// Whether a request has begun. Empty lines before it are none of it, and are dropped.
  [[nodiscard]] bool has_begun();
  /// Waits for a first byte; false when the connection is over.
  [[nodiscard]] boost::asio::awaitable<bool> wait_for_request();
  /// Reads and answers one request; true when another may follow.
  [[nodiscard]] boost::asio::awaitable<bool> serve_request();
  /// After `wait` what is being read of a request ends, and `late_` is true. The stream's own clock would close the connection without a word.
  void start_clock(std::chrono::seconds wait);
  void stop_clock();
  /// What to say of a request that could not be read, then the end of the connection.
  [[nodiscard]] boost::asio::awaitable<void> refuse(boost::beast::error_code failure, unsigned http_version);
  [[nodiscard]] boost::asio::awaitable<bool> write(Response response, unsigned http_version, bool keep, bool head);
  /// Reads and drops what the client still sends, within limits::linger_bytes and linger_wait.
  [[nodiscard]] boost::asio::awaitable<void> linger();

  boost::beast::tcp_stream stream_;
  boost::beast::flat_buffer buffer_;
  boost::asio::steady_timer clock_;
  Router& router_;
  Metrics& metrics_;
  Moment idle_since_;
  Moment held_up_since_;
  bool late_ = false;      // the request that is being read did not come in time
  bool draining_ = false;  // the reply under way is the last one
};

}  // namespace wayline::collector
