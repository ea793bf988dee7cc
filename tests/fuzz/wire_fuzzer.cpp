// Bytes in the compact encoding, from a page that may be hostile. What is decoded is encoded in one way, the shortest.
#include "support.h"
#include "value/wire.h"

namespace wayline::fuzz {
namespace {

void decode(std::span<const std::byte> bytes) {
  Arena arena;
  const Result<Value> value = decode_wire(bytes, arena);
  require(arena.used() <= 16 * bytes.size() + 64, "decoding takes memory in proportion to its input");
  if (!value.ok()) return;
  std::string encoded, again_encoded;
  encode_wire(value.value(), encoded);
  require(encoded.size() <= bytes.size(), "the encoder writes no longer form than the decoder takes");
  Arena again;
  const Result<Value> decoded = decode_wire(std::as_bytes(std::span(encoded)), again);
  require(decoded.ok() && equal(decoded.value(), value.value()), "what was encoded is decoded again");
  encode_wire(decoded.value(), again_encoded);
  require(encoded == again_encoded, "a value has one encoding");
  const std::string text = to_json(value.value());
  // Half of a surrogate pair is written as an escape that strict readers refuse.
  if (text.find("\\ud") != std::string::npos) return;
  const Result<Value> parsed = read_json(text, again);
  require(parsed.ok() && equal(parsed.value(), value.value()), "a value is the same through JSON");
}

}  // namespace
}  // namespace wayline::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::byte* data, std::size_t size) {
  wayline::fuzz::decode({data, size});
  return 0;
}
