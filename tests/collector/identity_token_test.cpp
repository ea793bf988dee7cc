// A token from another implementation, and every change of it; forged ones are tried against the program in profile.test.mjs.
#include "collector/identity_token.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace wayline::collector {
namespace {

/// {"alg":"HS256"}.{"sub":"ada","exp":2000000000} under "0123456789abcdef0123456789abcdef", made with `openssl dgst -sha256 -hmac`.
constexpr const char* token = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhZGEiLCJleHAiOjIwMDAwMDAwMDB9.QxC_ZXoRjjaV5sc-946Js0PHmqzscxbBsB7gm1tZvZI";
const std::vector<std::string> keys{"another key, which the site used before", "0123456789abcdef0123456789abcdef"};
constexpr std::int64_t end = 2'000'000'000;

TEST(PersonOf, IsTheSubject) { EXPECT_EQ(person_of(token, keys, end - 1).value(), "ada"); }

TEST(PersonOf, EndsWithTheToken) {
  EXPECT_EQ(person_of(token, keys, end).error().code, ErrorCode::token_refused);
  EXPECT_FALSE(person_of(token, keys, end + 1).ok());
}

TEST(PersonOf, NeedsAKey) {
  EXPECT_FALSE(person_of(token, {}, 0).ok());
  EXPECT_FALSE(person_of(token, std::span(keys).first(1), 0).ok());
}

TEST(PersonOf, RefusesEveryChangedLetter) {
  for (std::size_t i = 0; token[i] != '\0'; ++i) {
    std::string changed = token;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(person_of(changed, keys, 0).ok()) << i;
    EXPECT_FALSE(person_of(changed.erase(i), keys, 0).ok()) << i;
  }
}

}  // namespace
}  // namespace wayline::collector
