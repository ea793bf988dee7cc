#include "collector/session.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/http.hpp>
#include <ctime>
#include <string_view>
#include <utility>

#include "collector/limits.h"
#include "collector/paths.h"
#include "collector/replies.h"

namespace wayline::collector {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;

namespace {

/// Completion with a tuple of error and result: a lost connection is no exception here.
constexpr auto as_result = asio::as_tuple(asio::use_awaitable);

Method method_of(http::verb verb) {
  switch (verb) {
    case http::verb::get:
      return Method::get;
    case http::verb::head:
      return Method::head;
    case http::verb::post:
      return Method::post;
    case http::verb::options:
      return Method::options;
    default:
      return Method::other;
  }
}

Request request_of(http::request<http::string_body>&& message) {
  Request request;
  request.method = method_of(message.method());
  request.target = origin_form({message.target().data(), message.target().size()});
  request.authorization = std::string{message[http::field::authorization]};
  request.accept_encoding = std::string{message[http::field::accept_encoding]};
  request.if_none_match = std::string{message[http::field::if_none_match]};
  request.body = std::move(message.body());
  request.received = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
  return request;
}

/// RFC 9110, 5.6.7, for Date: clients compare it with their own clock.
std::string http_date() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  gmtime_r(&now, &parts);
  char text[32];
  return {text, std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &parts)};
}

http::response<http::span_body<const char>> message_of(const Response& response, unsigned http_version, bool keep) {
  http::response<http::span_body<const char>> message{static_cast<http::status>(response.status), http_version};
  for (const auto& [name, value] : response.headers) message.set(name, value);
  message.set(http::field::date, http_date());
  message.keep_alive(keep);
  if (response.body) message.body() = {response.body->data(), response.body->size()};
  // A reply without content has no length either (RFC 9110, 8.6): 204 must not, and 304 would announce a length of 0.
  if (response.body) message.content_length(response.body->size());
  return message;
}

}  // namespace

Session::Session(asio::ip::tcp::socket socket, Router& router, Metrics& metrics)
    : stream_(std::move(socket)), buffer_(limits::read_buffer_bytes), clock_(stream_.get_executor()), router_(router), metrics_(metrics) {}

void Session::drain() {
  draining_ = true;
  if (idle_since_) stream_.cancel();
}

void Session::dismiss() {
  idle_since_.reset();  // others are to be looked at next
  held_up_since_.reset();
  stream_.cancel();
}

void Session::cut() { stream_.close(); }

asio::awaitable<void> Session::run() {
  bool open = true;
  while (open && !draining_) {
    open = co_await wait_for_request();
    if (open) open = co_await serve_request();
  }
  beast::error_code ignored;  // the other side may have closed first
  stream_.socket().shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
  stream_.close();
}

bool Session::has_begun() {  // RFC 9112, 2.2: some clients send an empty line behind a body
  const auto bytes = [this] { return std::string_view{static_cast<const char*>(buffer_.data().data()), buffer_.size()}; };
  while (bytes().starts_with("\r\n")) buffer_.consume(2);
  return !bytes().empty() && bytes() != "\r";
}

asio::awaitable<bool> Session::wait_for_request() {
  if (has_begun()) co_return true;  // pipelined behind the last one
  idle_since_ = std::chrono::steady_clock::now();
  stream_.expires_after(limits::idle_wait);
  bool open = true;
  while (open && !has_begun()) {
    auto [failure, size] = co_await stream_.async_read_some(buffer_.prepare(limits::header_bytes), as_result);
    if (!failure) buffer_.commit(size);
    open = !failure;
  }
  idle_since_.reset();
  co_return open;
}

void Session::start_clock(std::chrono::seconds wait) {
  late_ = false;
  stream_.expires_after(wait + std::chrono::seconds{1});  // should there be nothing to cancel at that moment
  clock_.expires_after(wait);
  clock_.async_wait([weak = weak_from_this()](const beast::error_code& cancelled) {
    const auto self = weak.lock();
    // It may have been set anew after it ran out and before this was called.
    if (cancelled || !self || self->clock_.expiry() > std::chrono::steady_clock::now()) return;
    self->late_ = true;
    self->stream_.cancel();
  });
}

void Session::stop_clock() {
  stream_.expires_never();
  clock_.expires_at(std::chrono::steady_clock::time_point::max());
}

asio::awaitable<bool> Session::serve_request() {
  http::request_parser<http::string_body> parser;
  parser.header_limit(limits::header_bytes);
  parser.body_limit(limits::body_bytes);

  held_up_since_ = std::chrono::steady_clock::now();
  start_clock(limits::header_wait);
  auto [header_failure, header_size] = co_await http::async_read_header(stream_, buffer_, parser, as_result);
  if (header_failure) {
    co_await refuse(header_failure, parser.get().version());
    co_return false;
  }
  // RFC 9112, 3.2: whoever is between us and the client may have gone by another one.
  const std::size_t hosts = parser.get().count(http::field::host);
  if (hosts > 1 || (hosts == 0 && parser.get().version() > 10)) {
    co_await refuse(http::error::bad_field, parser.get().version());
    co_return false;
  }
  // Of any other coding the body's end is unknown: its bytes would be taken for the next request (RFC 9112, 6.3).
  if (parser.get().count(http::field::transfer_encoding) > 0 && !parser.chunked()) {
    co_await refuse(http::error::bad_transfer_encoding, parser.get().version());
    co_return false;
  }
  start_clock(limits::body_wait);
  // RFC 9110, 15.2: HTTP/1.0 knows no answer before the answer.
  if (parser.get().version() > 10 && beast::iequals(parser.get()[http::field::expect], "100-continue") && !parser.is_done()) {
    http::response<http::empty_body> go_on{http::status::continue_, parser.get().version()};
    auto [failure, size] = co_await http::async_write(stream_, go_on, as_result);
    if (failure) co_return false;
  }
  auto [body_failure, body_size] = co_await http::async_read(stream_, buffer_, parser, as_result);
  if (body_failure) {
    co_await refuse(body_failure, parser.get().version());
    co_return false;
  }
  held_up_since_.reset();
  stop_clock();  // while the store works, time is the store's

  const bool head = parser.get().method() == http::verb::head;
  const bool keep = parser.get().keep_alive();
  const unsigned version = parser.get().version();
  Request request = request_of(parser.release());
  Response response = co_await router_.answer(std::move(request));
  co_return co_await write(std::move(response), version, keep && !draining_, head);
}

asio::awaitable<void> Session::refuse(beast::error_code failure, unsigned http_version) {
  stop_clock();
  const bool timed_out = late_ && failure == asio::error::operation_aborted;
  if (!timed_out && failure.category() != make_error_code(http::error::bad_version).category()) co_return;  // the connection is lost
  if (failure == http::error::end_of_stream || failure == http::error::partial_message) co_return;
  Error error{ErrorCode::http_malformed, "This is not an HTTP request: " + failure.message() + "."};
  if (timed_out) {
    error = {ErrorCode::http_timeout, std::string{code_meaning(ErrorCode::http_timeout)}};
  } else if (failure == http::error::body_limit) {
    error = {ErrorCode::batch_too_large, "The body has more than " + std::to_string(limits::body_bytes) + " bytes."};
  } else if (failure == http::error::header_limit || failure == http::error::buffer_overflow) {
    error = {ErrorCode::http_headers_too_large,
             "The headers have more than " + std::to_string(limits::header_bytes) + " bytes."};
  }
  Response response = error_reply(error);
  allow_any_origin(response);
  if (http_version < 10) http_version = 11;  // refused before its version was read
  const bool kept = co_await write(std::move(response), http_version, false, false);
  if (!kept) co_await linger();
}

asio::awaitable<bool> Session::write(Response response, unsigned http_version, bool keep, bool head) {
  metrics_.count_reply(response.status);
  auto message = message_of(response, http_version, keep);
  http::response_serializer<http::span_body<const char>> serializer{message};
  held_up_since_ = std::chrono::steady_clock::now();
  stream_.expires_after(limits::reply_wait);
  beast::error_code failure;
  if (head) {
    auto [header_failure, size] = co_await http::async_write_header(stream_, serializer, as_result);
    failure = header_failure;
  } else {
    auto [write_failure, size] = co_await http::async_write(stream_, serializer, as_result);
    failure = write_failure;
  }
  held_up_since_.reset();
  co_return !failure && keep;
}

asio::awaitable<void> Session::linger() {
  beast::error_code ignored;
  stream_.socket().shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
  stream_.expires_after(limits::linger_wait);
  buffer_.clear();
  for (std::size_t dropped = 0; dropped < limits::linger_bytes;) {
    auto [failure, size] = co_await stream_.async_read_some(buffer_.prepare(limits::read_buffer_bytes), as_result);
    if (failure) co_return;
    dropped += size;
  }
}

}  // namespace wayline::collector
