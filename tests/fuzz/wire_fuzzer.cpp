// Bytes in the compact encoding, from a page that may be hostile. What is decoded is the same through JSON, in which the engine answers.
#include "support.h"
#include "value/wire.h"

namespace wayline::fuzz {
namespace {

void decode(std::span<const std::byte> bytes) {
  Arena arena;
  const Result<Value> value = decode_wire(bytes, arena);
  require(arena.used() <= 16 * bytes.size() + 64, "decoding takes memory in proportion to its input");
  if (!value.ok()) return;
  const std::string text = to_json(value.value());
  // Half of a surrogate pair is written as an escape that strict readers refuse.
  if (text.find("\\ud") != std::string::npos) return;
  Arena again;
  const Result<Value> parsed = read_json(text, again);
  require(parsed.ok() && equal(parsed.value(), value.value()), "a value is the same through JSON");
}

}  // namespace
}  // namespace wayline::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::byte* data, std::size_t size) {
  wayline::fuzz::decode({data, size});
  return 0;
}
