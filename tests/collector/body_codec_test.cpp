#include "collector/body_codec.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include <string>

namespace wayline::collector {
namespace {

constexpr std::size_t limit = 1000;

/// `window_bits` 15: zlib; 31: gzip.
std::string compress(const std::string& plain, int window_bits) {
  z_stream stream{};
  EXPECT_EQ(deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, window_bits, 8, Z_DEFAULT_STRATEGY), Z_OK);
  std::string packed(deflateBound(&stream, plain.size()) + 32, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(plain.data()));
  stream.avail_in = static_cast<uInt>(plain.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

ErrorCode error_of(const Result<std::string>& result) {
  EXPECT_FALSE(result.ok());
  return result.ok() ? ErrorCode::usage : result.error().code;
}

TEST(Decompress, LeavesPlainTextAlone) {
  EXPECT_EQ(decompress("{\"batch\":[]}", limit).value(), "{\"batch\":[]}");
  EXPECT_EQ(decompress("", limit).value(), "");
}

TEST(Decompress, TellsGzipAndZlibByTheirFirstBytes) {
  const std::string plain = R"({"batch":[{"messageId":"a"}]})";
  EXPECT_EQ(decompress(compress(plain, 31), limit).value(), plain);
  EXPECT_EQ(decompress(compress(plain, 15), limit).value(), plain);
}

TEST(Decompress, KeepsTheLimitForPlainAndPackedBodies) {
  EXPECT_TRUE(decompress(std::string(limit, ' '), limit).ok());
  EXPECT_EQ(error_of(decompress(std::string(limit + 1, ' '), limit)), ErrorCode::batch_too_large);
  EXPECT_TRUE(decompress(compress(std::string(limit, ' '), 31), limit).ok());
  EXPECT_EQ(error_of(decompress(compress(std::string(limit + 1, ' '), 31), limit)), ErrorCode::batch_too_large);
}

TEST(Decompress, StopsABombAtTheLimit) {
  const std::string bomb = compress(std::string(50'000'000, ' '), 31);
  ASSERT_LT(bomb.size(), 60'000u);
  EXPECT_EQ(error_of(decompress(bomb, limit)), ErrorCode::batch_too_large);
}

TEST(Decompress, RefusesEveryDamagedStream) {
  const std::string packed = compress(R"({"batch":[{"messageId":"a"}]})", 31);
  for (std::size_t length = 2; length < packed.size(); ++length) {
    EXPECT_EQ(error_of(decompress(packed.substr(0, length), limit)), ErrorCode::batch_bad_encoding) << length;
  }
  EXPECT_EQ(error_of(decompress(packed + "x", limit)), ErrorCode::batch_bad_encoding);
  std::string flipped = packed;
  flipped[packed.size() / 2] = static_cast<char>(flipped[packed.size() / 2] ^ 0x55);
  EXPECT_EQ(error_of(decompress(flipped, limit)), ErrorCode::batch_bad_encoding);
}

TEST(BasicUser, ReadsTheNameBeforeTheColon) {
  EXPECT_EQ(basic_user("Basic a2V5Og=="), "key");           // key:
  EXPECT_EQ(basic_user("basic  a2V5OnNlY3JldA=="), "key");  // key:secret
  EXPECT_EQ(basic_user("Basic a2V5"), "key");               // key, without a colon
  EXPECT_EQ(basic_user("Basic Og=="), "");                  // :
}

TEST(BasicUser, KnowsNoOtherSchemeAndNoDamage) {
  EXPECT_EQ(basic_user(""), std::nullopt);
  EXPECT_EQ(basic_user("Bearer a2V5Og=="), std::nullopt);
  EXPECT_EQ(basic_user("Basic a2V5O"), std::nullopt);
  EXPECT_EQ(basic_user("Basic a2V5 Og="), std::nullopt);
  EXPECT_EQ(basic_user("Basic \xff\xff"), std::nullopt);
}

std::string repaired(std::string text) {
  repair_lone_surrogates(text);
  return text;
}

TEST(RepairLoneSurrogates, KeepsPairsAndOtherEscapes) {
  const std::string text = R"({"a":"\ud83d\ude00 \u00e9 \\ud83d \" \n","b":"\\\ud83d\ude00"})";
  EXPECT_EQ(repaired(text), text);
}

TEST(RepairLoneSurrogates, ReplacesHalvesAlone) {
  EXPECT_EQ(repaired(R"("\ud83d")"), R"("\ufffd")");
  EXPECT_EQ(repaired(R"("\ude00\ud83d")"), R"("\ufffd\ufffd")");
  EXPECT_EQ(repaired(R"("\uD83D\ud83d\ude00")"), R"("\ufffd\ud83d\ude00")");
  EXPECT_EQ(repaired(R"("\ud83dx")"), R"("\ufffdx")");
  EXPECT_EQ(repaired(R"("\\\ud83d")"), R"("\\\ufffd")");
}

TEST(RepairLoneSurrogates, SurvivesTextThatEndsInAnEscape) {
  for (const char* text : {"\\", "\\u", "\\ud8", "\\ud83", "\\ud83d\\", "\\ud83d\\u", "\\ud83d\\ude0"}) {
    EXPECT_NO_FATAL_FAILURE((void)repaired(text)) << text;
  }
}

}  // namespace
}  // namespace wayline::collector
