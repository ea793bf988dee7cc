// The listening socket and the sessions it begat.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstddef>
#include <memory>
#include <set>
#include <string>

#include "collector/metrics.h"
#include "collector/router.h"
#include "collector/session.h"
#include "wayline/result.h"

namespace wayline::collector {

class Server {
 public:
  /// Router and metrics must outlive this.
  Server(boost::asio::io_context& context, Router& router, Metrics& metrics);

  /// Binds and starts to accept; returns the port, which the system chooses when `port` is 0.
  [[nodiscard]] Result<unsigned short> listen(const std::string& host, unsigned short port);

  /// Stops accepting, lets requests under way finish within limits::drain_wait, closes the rest; the io_context then
  /// runs out of work.
  void drain();

 private:
  [[nodiscard]] boost::asio::awaitable<void> accept();
  /// Waits until somebody knocks, then for a session to end: at once that which can best be spared, if one can.
  [[nodiscard]] boost::asio::awaitable<void> free_slot();
  /// The session that is idle longest, else the one that is held up longest by its client, beyond limits::crowded_wait; null when there is none.
  [[nodiscard]] Session* most_dispensable() const;
  [[nodiscard]] boost::asio::awaitable<void> hold(std::shared_ptr<Session> session);

  boost::asio::io_context& context_;
  boost::asio::ip::tcp::acceptor acceptor_;
  boost::asio::steady_timer slot_freed_;  // cancelled when a session ends
  boost::asio::steady_timer drain_expired_;
  Router& router_;
  Metrics& metrics_;
  std::set<std::shared_ptr<Session>> sessions_;
  const std::size_t capacity_;  // sessions at a time
};

}  // namespace wayline::collector
