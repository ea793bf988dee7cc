#include "cli/signing.h"

#include <openssl/evp.h>
#include <openssl/pem.h>

#include <bit>
#include <cstdio>
#include <utility>

namespace wayline::cli {

namespace {

constexpr std::string_view mark = "WLSG";
constexpr std::size_t key_id_bytes = 4;
constexpr std::size_t number_bytes = 8;
constexpr std::size_t public_key_bytes = 32;
constexpr std::size_t signature_bytes = 64;
constexpr std::size_t seal_bytes = mark.size() + key_id_bytes + 2 * number_bytes + signature_bytes;

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

unsigned char* bytes_of(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

const unsigned char* bytes_of(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

Error unusable(const std::string& path, std::string_view why) {
  return {ErrorCode::key_unusable, std::string(path).append(": ").append(why)};
}

void append_number(std::string& text, std::uint64_t number) {
  const auto bits = std::bit_cast<std::uint64_t>(static_cast<double>(number));
  for (std::size_t byte = 0; byte < number_bytes; ++byte) text += static_cast<char>(bits >> (8 * byte) & 0xff);
}

}  // namespace

struct SigningKey::Handle {
  explicit Handle(EVP_PKEY* pkey) : key(pkey) {}
  ~Handle() { EVP_PKEY_free(key); }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  EVP_PKEY* key;  // owned
};

SigningKey::SigningKey(std::unique_ptr<Handle> handle, std::string public_bytes)
    : handle_(std::move(handle)), public_bytes_(std::move(public_bytes)) {}
SigningKey::SigningKey(SigningKey&&) noexcept = default;
SigningKey::~SigningKey() = default;

Result<SigningKey> SigningKey::read(const std::string& path) {
  const std::unique_ptr<std::FILE, CloseFile> file(std::fopen(path.c_str(), "rb"));
  if (file == nullptr) return unusable(path, "can not be read");
  // A key behind a password can not be asked for: an empty one is tried instead of a prompt.
  char no_password[] = "";
  EVP_PKEY* key = PEM_read_PrivateKey(file.get(), nullptr, nullptr, no_password);
  if (key == nullptr) return unusable(path, "is not a private key in PEM without a password");
  auto handle = std::make_unique<Handle>(key);
  if (EVP_PKEY_get_id(key) != EVP_PKEY_ED25519) return unusable(path, "is not an Ed25519 key");
  std::string public_bytes(public_key_bytes, '\0');
  std::size_t size = public_bytes.size();
  if (EVP_PKEY_get_raw_public_key(key, bytes_of(public_bytes), &size) != 1 || size != public_key_bytes) {
    return unusable(path, "has no public part");
  }
  return SigningKey(std::move(handle), std::move(public_bytes));
}

std::string SigningKey::public_text() const {
  std::string text(4 * ((public_key_bytes + 2) / 3) + 1, '\0');  // and the zero that OpenSSL writes
  EVP_EncodeBlock(bytes_of(text), bytes_of(std::string_view(public_bytes_)), static_cast<int>(public_key_bytes));
  text.pop_back();
  return text;
}

Result<std::string> SigningKey::sign(std::string_view message) const {
  const std::unique_ptr<EVP_MD_CTX, FreeContext> context(EVP_MD_CTX_new());
  std::string signature(signature_bytes, '\0');
  std::size_t size = signature.size();
  const bool signed_it =
      context != nullptr && EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, handle_->key) == 1 &&
      EVP_DigestSign(context.get(), bytes_of(signature), &size, bytes_of(message), message.size()) == 1;
  if (!signed_it || size != signature_bytes) return Error{ErrorCode::key_unusable, "The key does not sign."};
  return signature;
}

Result<std::string> sealed(std::string program, const SealTerms& terms, const SigningKey& key) {
  program.append(mark).append(key.public_bytes(), 0, key_id_bytes);
  append_number(program, terms.version);
  append_number(program, terms.expires);
  TRY(const std::string signature, key.sign(program));
  return program.append(signature);
}

std::string_view without_seal(std::string_view bytes) {
  if (bytes.size() < seal_bytes) return bytes;
  const std::size_t program = bytes.size() - seal_bytes;
  return bytes.substr(program, mark.size()) == mark ? bytes.substr(0, program) : bytes;
}

}  // namespace wayline::cli
