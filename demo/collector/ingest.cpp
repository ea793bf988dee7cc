#include "collector/ingest.h"

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/execution/outstanding_work.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <memory>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "base/instant.h"
#include "collector/batch.h"
#include "collector/body_codec.h"
#include "collector/replies.h"

namespace wayline::collector {

namespace asio = boost::asio;

namespace {

using nlohmann::json;

std::string now_text() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return format_instant(std::chrono::duration_cast<std::chrono::milliseconds>(now).count());
}

/// Hands the batch to the store and resumes on the caller's executor with its receipt.
asio::awaitable<Receipt> commit(Store& store, Batch batch) {
  const auto start = [&store](auto handler, Batch submitted) {
    // The store's callback must be copyable and a handler is not. Tracked work keeps the io_context running
    // while only the store's thread knows of the request, as it is during a drain.
    auto executor = asio::prefer(asio::get_associated_executor(handler), asio::execution::outstanding_work.tracked);
    auto shared = std::make_shared<decltype(handler)>(std::move(handler));
    store.submit(std::move(submitted), [executor, shared](Receipt receipt) {
      asio::post(executor, [shared, receipt = std::move(receipt)]() mutable { (*shared)(std::move(receipt)); });
    });
  };
  return asio::async_initiate<const asio::use_awaitable_t<>&, void(Receipt)>(start, asio::use_awaitable,
                                                                             std::move(batch));
}

/// Takes the storable events out of their items.
Batch batch_of(std::vector<Item>& items, std::string project) {
  Batch batch{std::move(project), now_text(), {}, 0};
  for (Item& item : items) {
    if (item.event.ok())
      batch.events.push_back(std::move(item.event).value());
    else
      ++batch.rejected;
  }
  return batch;
}

json verdict_json(const Item& item, Verdict verdict) {
  json result = {{"messageId", item.message_id}};
  switch (verdict) {
    case Verdict::accepted:
      result["status"] = "accepted";
      break;
    case Verdict::duplicate:
      result["status"] = "duplicate";
      break;
    case Verdict::rejected:
      result["status"] = "rejected";
      result["code"] = code_text(item.event.error().code);
      result["message"] = item.event.error().message;
      result["retryable"] = false;  // the same bytes would be rejected again
      break;
  }
  return result;
}

}  // namespace

Ingest::Ingest(std::map<std::string, std::string> projects, Store& store, Metrics& metrics)
    : projects_(std::move(projects)), store_(store), metrics_(metrics) {
  for (const auto& [key, project] : projects_) metrics_.add_project(project);
}

asio::awaitable<Response> Ingest::receive(Request request, std::string_view route_type) {
  auto document = read_document(std::move(request.body));
  if (!document.ok()) co_return error_reply(document.error());

  std::string key = basic_user(request.authorization).value_or("");
  if (key.empty()) key = write_key_of(document.value());
  const auto project = projects_.find(key);
  if (project == projects_.end()) co_return error_reply(ErrorCode::key_unknown);

  auto items = read_items(std::move(document).value(), route_type);
  if (!items.ok()) co_return error_reply(items.error());

  Tally tally;
  Batch batch = batch_of(items.value(), project->second);
  tally.rejected = batch.rejected;
  const Receipt receipt = co_await commit(store_, std::move(batch));
  if (receipt.outcome == Receipt::Outcome::busy) co_return error_reply(ErrorCode::collector_busy);
  if (receipt.outcome == Receipt::Outcome::unavailable) co_return error_reply(ErrorCode::collector_unavailable);

  json results = json::array();
  auto verdict = receipt.verdicts.begin();
  for (const Item& item : items.value()) {
    results.push_back(verdict_json(item, item.event.ok() ? *verdict++ : Verdict::rejected));
  }
  for (const Verdict stored : receipt.verdicts) ++(stored == Verdict::accepted ? tally.accepted : tally.duplicate);
  metrics_.count_events(project->second, tally);
  co_return json_reply(200, json{{"results", std::move(results)}, {"success", true}}.dump());
}

}  // namespace wayline::collector
