#include "collector/body_codec.h"

#include <zlib.h>

#include <array>
#include <cstdint>
#include <utility>

namespace wayline::collector {

namespace {

bool is_gzip(std::string_view body) { return body.starts_with("\x1f\x8b"); }

/// RFC 1950: method 8 (deflate), and the first two bytes as a number divide by 31.
bool is_zlib(std::string_view body) {
  if (body.size() < 2) return false;
  const auto first = static_cast<unsigned char>(body[0]);
  const auto second = static_cast<unsigned char>(body[1]);
  return (first & 0x0f) == 8 && (first >> 4) <= 7 && (first * 256 + second) % 31 == 0;
}

Error bad_encoding() { return {ErrorCode::batch_bad_encoding, "The body starts as gzip or zlib, but is damaged."}; }

/// zlib's stream, ended when it leaves scope.
class Inflater {
 public:
  Inflater() { ready_ = inflateInit2(&stream_, MAX_WBITS + 32) == Z_OK; }  // +32: gzip and zlib, told apart by zlib
  ~Inflater() {
    if (ready_) inflateEnd(&stream_);
  }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  Result<std::string> run(std::string& body, std::size_t limit) {
    if (!ready_) return bad_encoding();
    std::string plain;
    std::array<char, 16 * 1024> chunk;
    stream_.next_in = reinterpret_cast<Bytef*>(body.data());
    stream_.avail_in = static_cast<uInt>(body.size());
    while (true) {
      stream_.next_out = reinterpret_cast<Bytef*>(chunk.data());
      stream_.avail_out = static_cast<uInt>(chunk.size());
      const int status = inflate(&stream_, Z_NO_FLUSH);
      const std::size_t produced = chunk.size() - stream_.avail_out;
      if (plain.size() + produced > limit) {
        return Error{ErrorCode::batch_too_large,
                     "The body decompresses to more than " + std::to_string(limit) + " bytes."};
      }
      plain.append(chunk.data(), produced);
      if (status == Z_STREAM_END) break;
      // Z_BUF_ERROR with nothing left to read: the stream was cut.
      if (status != Z_OK) return bad_encoding();
    }
    if (stream_.avail_in != 0) return bad_encoding();
    return plain;
  }

 private:
  z_stream stream_{};
  bool ready_ = false;
};

int base64_digit(char character) {
  if (character >= 'A' && character <= 'Z') return character - 'A';
  if (character >= 'a' && character <= 'z') return character - 'a' + 26;
  if (character >= '0' && character <= '9') return character - '0' + 52;
  if (character == '+') return 62;
  if (character == '/') return 63;
  return -1;
}

std::optional<std::string> decode_base64(std::string_view text) {
  while (text.ends_with('=')) text.remove_suffix(1);
  if (text.size() % 4 == 1) return std::nullopt;
  std::string bytes;
  std::uint32_t bits = 0;
  int held = 0;
  for (const char character : text) {
    const int digit = base64_digit(character);
    if (digit < 0) return std::nullopt;
    bits = (bits << 6 | static_cast<std::uint32_t>(digit)) & 0xffffffu;
    held += 6;
    if (held >= 8) {
      held -= 8;
      bytes.push_back(static_cast<char>(bits >> held & 0xffu));
    }
  }
  return bytes;
}

/// The code unit of the \uXXXX escape at `at`, or nothing when there is none.
std::optional<unsigned> escaped_unit(std::string_view text, std::size_t at) {
  if (at + 6 > text.size() || text[at] != '\\' || text[at + 1] != 'u') return std::nullopt;
  unsigned unit = 0;
  for (const char character : text.substr(at + 2, 4)) {
    unsigned digit = 0;
    if (character >= '0' && character <= '9')
      digit = static_cast<unsigned>(character - '0');
    else if (character >= 'a' && character <= 'f')
      digit = static_cast<unsigned>(character - 'a') + 10;
    else if (character >= 'A' && character <= 'F')
      digit = static_cast<unsigned>(character - 'A') + 10;
    else
      return std::nullopt;
    unit = unit * 16 + digit;
  }
  return unit;
}

bool is_high_surrogate(unsigned unit) { return unit >= 0xd800 && unit <= 0xdbff; }
bool is_low_surrogate(unsigned unit) { return unit >= 0xdc00 && unit <= 0xdfff; }

}  // namespace

Result<std::string> decompress(std::string body, std::size_t limit) {
  if (is_gzip(body) || is_zlib(body)) return Inflater{}.run(body, limit);
  if (body.size() > limit) {
    return Error{ErrorCode::batch_too_large, "The body has more than " + std::to_string(limit) + " bytes."};
  }
  return body;
}

std::optional<Credentials> basic_credentials(std::string_view authorization) {
  constexpr std::string_view scheme = "basic ";
  if (authorization.size() < scheme.size()) return std::nullopt;
  for (std::size_t i = 0; i < scheme.size(); ++i) {
    if ((authorization[i] | 0x20) != (scheme[i] | 0x20)) return std::nullopt;
  }
  authorization.remove_prefix(scheme.size());
  while (authorization.starts_with(' ')) authorization.remove_prefix(1);
  auto credentials = decode_base64(authorization);
  if (!credentials) return std::nullopt;
  const std::size_t colon = credentials->find(':');
  return Credentials{credentials->substr(0, colon), colon == std::string::npos ? std::string{} : credentials->substr(colon + 1)};
}

std::optional<std::string> basic_user(std::string_view authorization) {
  auto credentials = basic_credentials(authorization);
  if (!credentials) return std::nullopt;
  return std::move(credentials->user);
}

void repair_lone_surrogates(std::string& json_text) {
  for (std::size_t at = json_text.find('\\'); at != std::string::npos; at = json_text.find('\\', at)) {
    const auto unit = escaped_unit(json_text, at);
    if (!unit) {
      at += 2;  // some other escape, such as \\ or \n
      continue;
    }
    const auto next = is_high_surrogate(*unit) ? escaped_unit(json_text, at + 6) : std::nullopt;
    if (next && is_low_surrogate(*next)) {
      at += 12;
      continue;
    }
    if (is_high_surrogate(*unit) || is_low_surrogate(*unit)) json_text.replace(at + 2, 4, "fffd");
    at += 6;
  }
}

}  // namespace wayline::collector
