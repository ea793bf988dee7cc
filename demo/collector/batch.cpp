#include "collector/batch.h"

#include <utility>

#include "collector/body_codec.h"
#include "collector/limits.h"

namespace wayline::collector {

namespace {

using nlohmann::json;

Item read_item(json message, const Envelope& envelope) {
  json message_id;
  if (message.is_object()) {
    const auto found = message.find("messageId");
    if (found != message.end() && found->is_string()) message_id = *found;
  }
  return {std::move(message_id), read_event(std::move(message), envelope)};
}

/// When, and by which page load, the batch was sent.
void read_sender(const json& document, Envelope& envelope) {
  const auto sent_at = document.find("sentAt");
  if (sent_at != document.end() && sent_at->is_string() && sent_at->get_ref<const std::string&>().size() <= limits::sent_at_bytes) {
    envelope.sent_at = sent_at->get<std::string>();
  }
  const auto wayline = document.find("wayline");
  if (wayline == document.end() || !wayline->is_object()) return;
  const auto boot_id = wayline->find("bootId");
  const auto monotonic = wayline->find("monotonic");
  if (boot_id != wayline->end() && boot_id->is_string()) envelope.boot_id = boot_id->get<std::string>();
  if (monotonic != wayline->end() && monotonic->is_number_integer()) {
    envelope.monotonic = monotonic->get<std::int64_t>();
  }
}

}  // namespace

Result<json> read_document(std::string body) {
  TRY(std::string text, decompress(std::move(body), limits::body_bytes));
  repair_lone_surrogates(text);
  json document = json::parse(text, nullptr, false);
  // The parser takes a NUL for the end of the text, and whatever follows it for nothing.
  if (document.is_discarded() || text.find('\0') != std::string::npos) return Error{ErrorCode::batch_malformed, "The body is not JSON in UTF-8."};
  if (!document.is_object()) return Error{ErrorCode::batch_wrong_shape, "The body is JSON, but not an object."};
  return document;
}

std::string write_key_of(const json& document) {
  const auto found = document.find("writeKey");
  return found != document.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

Result<std::vector<Item>> read_items(json document, std::string_view route_type, std::int64_t received) {
  Envelope envelope{route_type, std::nullopt, received};
  std::vector<Item> items;
  if (!route_type.empty()) {
    items.push_back(read_item(std::move(document), envelope));
    return items;
  }
  read_sender(document, envelope);
  const auto batch = document.find("batch");
  if (batch == document.end() || !batch->is_array()) {
    return Error{ErrorCode::batch_wrong_shape, "The body has no list called \"batch\"."};
  }
  if (batch->size() > limits::batch_events) {
    return Error{ErrorCode::batch_too_many, "The batch has " + std::to_string(batch->size()) + " events; at most " +
                                                std::to_string(limits::batch_events) + " are taken."};
  }
  items.reserve(batch->size());
  for (json& message : *batch) items.push_back(read_item(std::move(message), envelope));
  return items;
}

}  // namespace wayline::collector
