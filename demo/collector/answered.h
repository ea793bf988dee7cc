// How a coroutine of the I/O thread waits for the store's thread.
#pragma once

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/execution/outstanding_work.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <memory>
#include <utility>

namespace wayline::collector {

/// Calls `submit(work, answer)`, and resumes on the caller's executor with what `answer` is called with, from any thread.
template <typename Receipt, typename Submit, typename Work>
boost::asio::awaitable<Receipt> answered(Submit submit, Work work) {
  namespace asio = boost::asio;
  const auto start = [submit = std::move(submit)](auto handler, Work submitted) {
    // The store's callback must be copyable and a handler is not. Tracked work keeps the io_context running
    // while only the store's thread knows of the request, as it is during a drain.
    auto executor = asio::prefer(asio::get_associated_executor(handler), asio::execution::outstanding_work.tracked);
    auto shared = std::make_shared<decltype(handler)>(std::move(handler));
    submit(std::move(submitted), [executor, shared](Receipt receipt) {
      asio::post(executor, [shared, receipt = std::move(receipt)]() mutable { (*shared)(std::move(receipt)); });
    });
  };
  return asio::async_initiate<const asio::use_awaitable_t<>&, void(Receipt)>(start, asio::use_awaitable, std::move(work));
}

}  // namespace wayline::collector
