#include "collector/server.h"

#include <sys/resource.h>

#include <algorithm>
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

/// After a failed accept, which mostly means that the process has no file descriptor left; and how often a full server looks for a session to end.
constexpr std::chrono::milliseconds accept_pause{100};

/// As many sessions as there are file descriptors for, beside those that the process keeps for itself; as many as the system lets it have.
std::size_t room_for_sessions() {
  rlimit files{};
  if (getrlimit(RLIMIT_NOFILE, &files) != 0) return limits::connections;
  const rlim_t wanted = limits::connections + limits::own_files;
  if (files.rlim_cur < wanted) {
    files.rlim_cur = std::min(wanted, files.rlim_max);
    setrlimit(RLIMIT_NOFILE, &files);  // where this is refused, the lower limit below is kept
    getrlimit(RLIMIT_NOFILE, &files);
  }
  const rlim_t left = files.rlim_cur > limits::own_files ? files.rlim_cur - limits::own_files : 1;
  return std::min<rlim_t>(left, limits::connections);
}

}  // namespace

Server::Server(asio::io_context& context, Router& router, Metrics& metrics)
    : context_(context),
      acceptor_(context),
      slot_freed_(context),
      drain_expired_(context),
      router_(router),
      metrics_(metrics),
      capacity_(room_for_sessions()) {}

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
    if (sessions_.size() >= capacity_) {
      co_await free_slot();
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

Session* Server::most_dispensable() const {
  const auto longest = [this](Session::Moment (Session::*since)() const) {
    Session* found = nullptr;
    for (const auto& session : sessions_) {
      const Session::Moment moment = (*session.*since)();
      if (moment && (found == nullptr || *moment < *(found->*since)())) found = session.get();
    }
    return found;
  };
  if (Session* idle = longest(&Session::idle_since)) return idle;
  Session* held_up = longest(&Session::held_up_since);
  const bool is_spared = held_up == nullptr || std::chrono::steady_clock::now() - *held_up->held_up_since() < limits::crowded_wait;
  return is_spared ? nullptr : held_up;
}

asio::awaitable<void> Server::free_slot() {
  auto [failure] = co_await acceptor_.async_wait(asio::ip::tcp::acceptor::wait_read, as_result);
  if (failure || sessions_.size() < capacity_) co_return;
  if (Session* session = most_dispensable()) session->dismiss();
  slot_freed_.expires_after(accept_pause);  // a session that becomes idle frees none by itself
  co_await slot_freed_.async_wait(as_result);
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
