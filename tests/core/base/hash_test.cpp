#include "base/hash.h"

#include <gtest/gtest.h>

#include <set>

#include "../support/vectors.h"

namespace wayline {
namespace {

TEST(Hash, SharedVectorsOfFnvAndMurmur) {
  const testing::Vectors vectors("tests/vectors/hash/fnv1a-utf16.json");
  ASSERT_FALSE(vectors.list("cases").empty());
  for (const Value& entry : vectors.list("cases")) {
    const std::string_view input = entry.get("input").as_string();
    EXPECT_EQ(fnv1a_utf16(input), entry.get("fnv1a32_utf16_units").as_number()) << input;
    EXPECT_EQ(murmur3_32(input), entry.get("murmur3_32_seed0_utf8").as_number()) << input;
    EXPECT_EQ(murmur3_32(input, 467569525), entry.get("murmur3_32_seed467569525_utf8").as_number()) << input;
  }
}

TEST(Hash, FnvGoesOnWithFurtherText) { EXPECT_EQ(fnv1a_utf16("é😀", fnv1a_utf16("seed")), fnv1a_utf16("seedé😀")); }

// Published values of XXH64.
TEST(Hash, Xxh64) {
  EXPECT_EQ(hash64(""), 0xef46db3751d8e999u);
  EXPECT_EQ(hash64("a"), 0xd24ec4f1a98c6e5bu);
  EXPECT_EQ(hash64("abc"), 0x44bc2cf5ad770999u);
  EXPECT_EQ(hash64("Nobody inspects the spammish repetition"), 0xfbcea83c8a378bf1u);
}

TEST(Hash, Xxh64SeesEveryLengthAndSeed) {
  const std::string text(100, 'x');
  std::set<std::uint64_t> seen;
  for (std::size_t size = 0; size <= text.size(); ++size) seen.insert(hash64({text.data(), size}));
  for (std::uint64_t seed = 1; seed <= 100; ++seed) seen.insert(hash64("x", seed));
  EXPECT_EQ(seen.size(), 201u);
}

}  // namespace
}  // namespace wayline
