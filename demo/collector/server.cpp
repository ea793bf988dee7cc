#include "collector/server.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/error_code.hpp>
#include <utility>

#include "collector/limits.h"

namespace wayline::collector {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);

/// After a failed accept, which mostly means that the process has no file descriptor left.
constexpr std::chrono::milliseconds accept_pause{100};

}  // namespace

Server::Server(asio::io_context& context, Router& router, Metrics& metrics)
    : context_(context),
      acceptor_(context),
      slot_freed_(context),
      drain_expired_(context),
      router_(router),
      metrics_(metrics) {}

Result<unsigned short> Server::listen(const std::string& host, unsigned short port) {
  const auto failed = [&](const error_code& failure) {
    return Error{ErrorCode::collector_unavailable, host + ":" + std::to_string(port) + ": " + failure.message()};
  };
  error_code failure;
  const auto address = asio::ip::make_address(host, failure);
  if (failure) return failed(failure);
  const asio::ip::tcp::endpoint endpoint{address, port};
  acceptor_.open(endpoint.protocol(), failure);
  if (!failure) acceptor_.set_option(asio::socket_base::reuse_address(true), failure);
  if (!failure) acceptor_.bind(endpoint, failure);
  if (!failure) acceptor_.listen(asio::socket_base::max_listen_connections, failure);
  if (failure) return failed(failure);
  const unsigned short bound = acceptor_.local_endpoint(failure).port();
  if (failure) return failed(failure);
  asio::co_spawn(context_, accept(), asio::detached);
  return bound;
}

asio::awaitable<void> Server::accept() {
  while (acceptor_.is_open()) {
    if (sessions_.size() >= limits::connections) {
      slot_freed_.expires_at(asio::steady_timer::time_point::max());
      co_await slot_freed_.async_wait(as_result);
      continue;
    }
    auto [failure, socket] = co_await acceptor_.async_accept(as_result);
    if (!acceptor_.is_open()) co_return;
    if (failure) {
      slot_freed_.expires_after(accept_pause);
      co_await slot_freed_.async_wait(as_result);
      continue;
    }
    error_code ignored;  // a connection that is gone already ends at its first read
    socket.set_option(asio::ip::tcp::no_delay(true), ignored);
    auto session = std::make_shared<Session>(std::move(socket), router_, metrics_);
    sessions_.insert(session);
    asio::co_spawn(context_, hold(std::move(session)), asio::detached);
  }
}

asio::awaitable<void> Server::hold(std::shared_ptr<Session> session) {
  metrics_.connection_opened();
  co_await session->run();
  metrics_.connection_closed();
  sessions_.erase(session);
  slot_freed_.cancel();
  if (sessions_.empty()) drain_expired_.cancel();
}

void Server::drain() {
  error_code ignored;  // closing twice is harmless
  acceptor_.close(ignored);
  slot_freed_.cancel();
  if (sessions_.empty()) return;
  for (const auto& session : sessions_) session->drain();
  drain_expired_.expires_after(limits::drain_wait);
  drain_expired_.async_wait([this](const error_code& cancelled) {
    if (cancelled) return;
    for (const auto& session : sessions_) session->cut();
  });
}

}  // namespace wayline::collector
