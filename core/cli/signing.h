// Signed programs (delivery C13): what lets a page refuse a program that is not its site's, or an old one.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "wayline/result.h"

namespace wayline::cli {

/// A private Ed25519 key.
class SigningKey {
 public:
  /// From a file in PEM, as `openssl genpkey -algorithm ed25519` writes it. Error: key.unusable.
  [[nodiscard]] static Result<SigningKey> read(const std::string& path);
  SigningKey(SigningKey&&) noexcept;
  ~SigningKey();

  /// 32 bytes.
  [[nodiscard]] const std::string& public_bytes() const { return public_bytes_; }
  /// What the page is given: the public bytes in base64.
  [[nodiscard]] std::string public_text() const;
  /// 64 bytes.
  [[nodiscard]] Result<std::string> sign(std::string_view message) const;

 private:
  struct Handle;
  SigningKey(std::unique_ptr<Handle> handle, std::string public_bytes);
  std::unique_ptr<Handle> handle_;
  std::string public_bytes_;
};

/// Both are whole numbers below 2^53, which is what a page can hold.
struct SealTerms {
  std::uint64_t version = 0;  // a page refuses a lower one than it has
  std::uint64_t expires = 0;  // epoch milliseconds
};

/// The program and, behind it, little-endian: "WLSG", the first 4 bytes of the public key, version and expiry as 64-bit
/// floats, and the signature of everything before it.
[[nodiscard]] Result<std::string> sealed(std::string program, const SealTerms& terms, const SigningKey& key);

/// What the engine loads: the bytes without their seal, if they have one. Trusts nothing: it only looks for the mark.
[[nodiscard]] std::string_view without_seal(std::string_view bytes);

}  // namespace wayline::cli
