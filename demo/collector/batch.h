// A body of POST /v1/...: from bytes to events with a verdict each. Pure.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "collector/event.h"
#include "wayline/result.h"

namespace wayline::collector {

/// The JSON object in a body that may be compressed. Errors concern the whole request (batch_*).
[[nodiscard]] Result<nlohmann::json> read_document(std::string body);

/// The write key in the document, or empty.
[[nodiscard]] std::string write_key_of(const nlohmann::json& document);

/// One message of a batch. `message_id` is what the client sent, so that the reply can name it: null when it sent none.
struct Item {
  nlohmann::json message_id;
  Result<Event> event;  // the error is the verdict `rejected`
};

/// The messages of a document: those of its "batch" when `route_type` is empty, else the document itself.
/// `received` is now, in epoch milliseconds. Errors concern the whole request; an event that breaks a rule is an Item
/// with an error.
[[nodiscard]] Result<std::vector<Item>> read_items(nlohmann::json document, std::string_view route_type,
                                                   std::int64_t received);

}  // namespace wayline::collector
