// A compiled program with some of its words overwritten, and the checksum made right again as an attacker would: only the
// verification stands between. The input is a list of edits of 6 bytes: which word of 4 bytes, and what it becomes; so a
// corpus outlives changes of the format. The whole input is also tried as a program itself.
#include <cstring>

#include "program/checksum.h"
#include "program/records.h"
#include "support.h"

namespace wayline::fuzz {
namespace {

void load(std::span<const std::byte> edits) {
  static const std::vector<std::byte> original = compiled_folder("tests/packs/hazel-small");
  (void)Program::load(edits);
  std::vector<std::byte> bytes = original;
  const std::size_t words = (bytes.size() - offsetof(program::Header, version)) / 4;
  for (; edits.size() >= 6; edits = edits.subspan(6)) {
    std::uint16_t word;
    std::memcpy(&word, edits.data(), sizeof word);
    std::memcpy(bytes.data() + offsetof(program::Header, version) + 4 * (word % words), edits.data() + 2, 4);
  }
  const std::uint64_t checksum = program::checksum_of(bytes);
  std::memcpy(bytes.data() + offsetof(program::Header, checksum), &checksum, sizeof checksum);
  const auto program = Program::load(bytes);
  if (!program.ok()) return;
  Engine engine(program.value());
  Session session(engine, "visitor");
  visit(session);
}

}  // namespace
}  // namespace wayline::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::byte* data, std::size_t size) {
  wayline::fuzz::load({data, size});
  return 0;
}
