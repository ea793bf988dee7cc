#include "collector/identity_token.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <optional>

#include "collector/limits.h"

namespace wayline::collector {

namespace {

using nlohmann::json;

constexpr std::size_t digest_bytes = 32;
constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Base64 for URLs without padding (RFC 7515, 2).
std::optional<std::string> decode(std::string_view text) {
  std::string bytes;
  std::uint32_t bits = 0;
  int held = 0;
  for (const char letter : text) {
    const std::size_t value = letters.find(letter);
    if (value == std::string_view::npos) return std::nullopt;
    bits = bits << 6 | static_cast<std::uint32_t>(value);
    held += 6;
    if (held < 8) continue;
    held -= 8;
    bytes += static_cast<char>(bits >> held & 0xff);
  }
  if (held >= 6 || (bits & ((1u << held) - 1)) != 0) return std::nullopt;
  return bytes;
}

bool is_signed(std::string_view text, std::string_view signature, const std::string& key) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> expected{};
  unsigned int size = 0;
  const auto* made = HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), reinterpret_cast<const unsigned char*>(text.data()), text.size(),
                          expected.data(), &size);
  // In constant time: how much of a guess was right must not be measurable.
  return made != nullptr && size == digest_bytes && signature.size() == size && CRYPTO_memcmp(expected.data(), signature.data(), size) == 0;
}

json read(std::string_view part) {
  const auto text = decode(part);
  return text ? json::parse(*text, nullptr, false) : json();
}

/// A number of seconds; nothing when the claim is absent or no number.
std::optional<double> seconds_of(const json& claims, const char* name) {
  const auto claim = claims.find(name);
  return claim != claims.end() && claim->is_number() ? std::optional(claim->get<double>()) : std::nullopt;
}

}  // namespace

Result<std::string> person_of(std::string_view token, std::span<const std::string> keys, std::int64_t now) {
  const Error refused{ErrorCode::token_refused, std::string{code_meaning(ErrorCode::token_refused)}};
  const std::size_t first = token.find('.');
  const std::size_t last = token.rfind('.');
  if (token.size() > limits::token_bytes || first == last) return refused;
  const auto signature = decode(token.substr(last + 1));
  if (!signature) return refused;
  const bool known = std::any_of(keys.begin(), keys.end(), [&](const std::string& key) { return is_signed(token.substr(0, last), *signature, key); });
  if (!known) return refused;  // before anything of it is parsed

  const json header = read(token.substr(0, first));
  const json claims = read(token.substr(first + 1, last - first - 1));
  if (!header.is_object() || !claims.is_object() || header.value("alg", json()) != "HS256") return refused;
  // RFC 7515, 4.1.11: what it names must be understood, and nothing of the kind is understood here.
  if (header.contains("crit")) return refused;
  const auto expires = seconds_of(claims, "exp");
  const auto begins = seconds_of(claims, "nbf");
  const auto person = claims.find("sub");
  const auto moment = static_cast<double>(now);
  if (!expires || *expires <= moment || (claims.contains("nbf") && (!begins || *begins > moment))) return refused;
  if (person == claims.end() || !person->is_string() || person->get_ref<const std::string&>().empty()) return refused;
  return person->get<std::string>();
}

}  // namespace wayline::collector
