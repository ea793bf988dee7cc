#include "collector/ingest.h"

#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "base/instant.h"
#include "collector/answered.h"
#include "collector/batch.h"
#include "collector/body_codec.h"
#include "collector/replies.h"

namespace wayline::collector {

namespace asio = boost::asio;

namespace {

using nlohmann::json;

/// Takes the storable events out of their items.
Batch batch_of(std::vector<Item>& items, std::string project, std::int64_t received) {
  Batch batch{std::move(project), format_instant(received), {}, 0};
  for (Item& item : items) {
    if (item.event.ok())
      batch.events.push_back(std::move(item.event).value());
    else
      ++batch.rejected;
  }
  return batch;
}

void reject(json& result, ErrorCode code, std::string_view message) {
  result["status"] = "rejected";
  result["code"] = code_text(code);
  result["message"] = message;
  result["retryable"] = false;  // the same bytes would be rejected again
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
      reject(result, item.event.error().code, item.event.error().message);
      break;
    case Verdict::suppressed:
      reject(result, ErrorCode::event_suppressed, code_meaning(ErrorCode::event_suppressed));
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

  auto items = read_items(std::move(document).value(), route_type, request.received);
  if (!items.ok()) co_return error_reply(items.error());

  Tally tally;
  Batch batch = batch_of(items.value(), project->second, request.received);
  tally.rejected = batch.rejected;
  const Receipt receipt = co_await answered<Receipt>(
      [this](Batch submitted, Store::Callback answer) { store_.submit(std::move(submitted), std::move(answer)); },
      std::move(batch));
  if (auto refused = refusal(receipt.outcome)) co_return std::move(*refused);

  json results = json::array();
  auto verdict = receipt.verdicts.begin();
  for (const Item& item : items.value()) {
    results.push_back(verdict_json(item, item.event.ok() ? *verdict++ : Verdict::rejected));
  }
  for (const Verdict stored : receipt.verdicts) tally.count(stored);
  metrics_.count_events(project->second, tally);
  co_return json_reply(200, json{{"results", std::move(results)}, {"success", true}}.dump());
}

}  // namespace wayline::collector
