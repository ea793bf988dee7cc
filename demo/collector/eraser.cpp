#include "collector/eraser.h"

#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "collector/answered.h"
#include "collector/batch.h"
#include "collector/body_codec.h"
#include "collector/replies.h"

namespace wayline::collector {

namespace {

using nlohmann::json;

/// Not there, or a text: whoever names a person in another way must not believe that they were erased.
Result<std::optional<std::string>> identity(const json& document, const char* key) {
  const auto found = document.find(key);
  if (found == document.end() || found->is_null()) return std::optional<std::string>{};
  if (found->is_string() && !found->get_ref<const std::string&>().empty()) return std::optional{found->get<std::string>()};
  return Error{ErrorCode::batch_wrong_shape, std::string{key} + " is no text, or an empty one."};
}

}  // namespace

Eraser::Eraser(std::map<std::string, std::string> projects, Store& store, Metrics& metrics)
    : projects_(std::move(projects)), store_(store), metrics_(metrics) {}

boost::asio::awaitable<Response> Eraser::receive(Request request) {
  const auto project = projects_.find(basic_user(request.authorization).value_or(""));
  if (project == projects_.end()) co_return error_reply(ErrorCode::key_unknown);
  const auto document = read_document(std::move(request.body));
  if (!document.ok()) co_return error_reply(document.error());
  const auto user_id = identity(document.value(), "userId"), anonymous_id = identity(document.value(), "anonymousId");
  for (const auto* named : {&user_id, &anonymous_id}) {
    if (!named->ok()) co_return error_reply(named->error());
  }
  Erasure erasure{project->second, user_id.value(), anonymous_id.value()};
  if (!erasure.user_id && !erasure.anonymous_id) {
    co_return error_reply(Error{ErrorCode::batch_wrong_shape, "The body names no person: userId, anonymousId or both."});
  }
  const ErasureReceipt receipt = co_await answered<ErasureReceipt>(
      [this](Erasure submitted, Store::ErasureCallback answer) { store_.erase(std::move(submitted), std::move(answer)); },
      std::move(erasure));
  if (auto refused = refusal(receipt.outcome)) co_return std::move(*refused);
  Tally tally;
  tally.erased = receipt.deleted;
  metrics_.count_events(project->second, tally);
  co_return json_reply(200, json{{"deleted", receipt.deleted}, {"success", true}}.dump());
}

}  // namespace wayline::collector
