// Compares and searches memory; to copy and to fill it are instructions. Emscripten's library goes byte by byte where places are not aligned, or
// everywhere; WebAssembly reads words at any place. Compiled without LTO and builtins: these are what the compiler calls.
#include <cstddef>
#include <cstdint>

namespace {

struct __attribute__((packed)) Word {
  std::uint64_t bits;
};
struct __attribute__((packed)) HalfWord {
  std::uint32_t bits;
};
constexpr std::uint64_t each_byte = 0x0101010101010101;

template <typename Unit>
const Unit& at(const void* place) {
  return *static_cast<const Unit*>(place);
}

}  // namespace

extern "C" {

int memcmp(const void* left, const void* right, std::size_t size) {
  const auto* a = static_cast<const unsigned char*>(left);
  const auto* b = static_cast<const unsigned char*>(right);
  for (; size >= sizeof(Word) && at<Word>(a).bits == at<Word>(b).bits; size -= sizeof(Word)) a += sizeof(Word), b += sizeof(Word);
  if (size >= sizeof(HalfWord) && at<HalfWord>(a).bits == at<HalfWord>(b).bits) {
    size -= sizeof(HalfWord), a += sizeof(HalfWord), b += sizeof(HalfWord);
  }
  for (; size > 0; --size, ++a, ++b) {
    if (*a != *b) return *a - *b;
  }
  return 0;
}

void* memchr(const void* in, int byte, std::size_t size) {
  const auto* place = static_cast<const unsigned char*>(in);
  const auto wanted = static_cast<unsigned char>(byte);
  for (; size >= sizeof(Word); size -= sizeof(Word), place += sizeof(Word)) {
    // A byte that is wanted becomes zero, and only a word with such a byte borrows into a high bit that was none.
    const std::uint64_t others = at<Word>(place).bits ^ each_byte * wanted;
    if (((others - each_byte) & ~others & each_byte << 7) != 0) break;
  }
  for (; size > 0; --size, ++place) {
    if (*place == wanted) return const_cast<unsigned char*>(place);
  }
  return nullptr;
}

}  // extern "C"
