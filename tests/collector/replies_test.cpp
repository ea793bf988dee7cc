#include "collector/replies.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "collector/limits.h"

namespace wayline::collector {
namespace {

TEST(ErrorReply, PublishesTheCode) {
  const Response response = error_reply(ErrorCode::batch_too_large);
  EXPECT_EQ(response.status, 413u);
  const auto body = nlohmann::json::parse(*response.body);
  EXPECT_EQ(body.at("error").at("code"), "batch.too_large");
  EXPECT_FALSE(body.at("error").at("message").get<std::string>().empty());
}

TEST(ErrorReply, QuotesBytesThatAreNoUtf8) {
  const Response response = error_reply(Error{ErrorCode::http_not_found, "/\xff"});
  EXPECT_TRUE(nlohmann::json::accept(*response.body));
}

TEST(ErrorReply, SpreadsRetries) {
  std::set<int> waits;
  for (int i = 0; i < 200; ++i) {
    for (const auto& [name, value] : error_reply(ErrorCode::collector_busy).headers) {
      if (name == "Retry-After") waits.insert(std::stoi(value));
    }
  }
  EXPECT_EQ(*waits.begin(), limits::retry_after_least_seconds);
  EXPECT_EQ(*waits.rbegin(), limits::retry_after_most_seconds);
}

}  // namespace
}  // namespace wayline::collector
