#include "value/wire.h"

#include <fstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "value/json.h"

namespace wayline {
namespace {

using Json = nlohmann::ordered_json;

const Json& vectors() {
  static const Json all = Json::parse(std::ifstream("tests/vectors/wire.json"));
  return all;
}

std::string from_hex(const std::string& hex) {
  std::string bytes;
  for (std::size_t i = 0; i < hex.size(); i += 2)
    bytes.push_back(static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16)));
  return bytes;
}

Value from_json(const Json& json, Arena& arena) {
  if (json.is_boolean()) return Value::boolean(json.get<bool>());
  if (json.is_number()) return Value::number(json.get<double>());
  if (json.is_string()) return Value::string(arena.copy(json.get_ref<const std::string&>()));
  if (json.is_array()) {
    ListBuilder list(arena);
    for (const Json& item : json) list.add(from_json(item, arena));
    return list.build();
  }
  if (json.is_object()) {
    ObjectBuilder object(arena);
    for (const auto& [key, value] : json.items()) object.add(arena.copy(key), from_json(value, arena));
    return object.build();
  }
  return Value::null();
}

Result<Value> decode(const std::string& bytes, Arena& arena) {
  return decode_wire(std::as_bytes(std::span(bytes)), arena);
}

TEST(Wire, ReadsWhatTheBrowserWrites) {
  ASSERT_GT(vectors()["both"].size(), 20u);
  for (const Json& vector : vectors()["both"]) {
    SCOPED_TRACE(vector["name"].get<std::string>());
    Arena arena;
    const Value value = vector.contains("text") ? Value::number(-0.0) : from_json(vector["value"], arena);
    const std::string bytes = from_hex(vector["hex"].get<std::string>());
    const Result<Value> read = decode(bytes, arena);
    ASSERT_TRUE(read.ok()) << read.error().message;
    EXPECT_TRUE(equal(read.value(), value));
  }
}

TEST(Wire, ReadsWhatOthersMayWrite) {
  for (const Json& vector : vectors()["reads"]) {
    SCOPED_TRACE(vector["name"].get<std::string>());
    Arena arena;
    const std::string bytes = from_hex(vector["hex"].get<std::string>());
    const Result<Value> read = decode(bytes, arena);
    ASSERT_TRUE(read.ok()) << read.error().message;
    EXPECT_TRUE(equal(read.value(), from_json(vector["value"], arena)));
  }
}

TEST(Wire, RefusesWhatIsNotWellFormed) {
  ASSERT_GT(vectors()["invalid"].size(), 20u);
  for (const Json& vector : vectors()["invalid"]) {
    SCOPED_TRACE(vector["name"].get<std::string>());
    Arena arena;
    const std::string bytes = from_hex(vector["hex"].get<std::string>());
    const Result<Value> read = decode(bytes, arena);
    ASSERT_FALSE(read.ok());
    EXPECT_EQ(code_text(read.error().code), vector["code"].get<std::string>());
  }
}

TEST(Wire, EveryPrefixOfAValueIsTruncated) {
  for (const Json& vector : vectors()["both"]) {
    const std::string bytes = from_hex(vector["hex"].get<std::string>());
    for (std::size_t size = 0; size < bytes.size(); ++size) {
      Arena arena;
      const std::string prefix = bytes.substr(0, size);
      const Result<Value> read = decode(prefix, arena);
      ASSERT_FALSE(read.ok()) << vector["name"] << " cut to " << size;
      EXPECT_EQ(read.error().code, ErrorCode::wire_truncated) << vector["name"] << " cut to " << size;
    }
  }
}

TEST(Wire, EveryFlippedByteIsAnswered) {
  for (const Json& vector : vectors()["both"]) {
    const std::string bytes = from_hex(vector["hex"].get<std::string>());
    for (std::size_t at = 0; at < bytes.size(); ++at) {
      std::string flipped = bytes;
      flipped[at] = static_cast<char>(flipped[at] ^ 0xFF);
      Arena arena;
      const Result<Value> read = decode(flipped, arena);
      if (!read.ok()) continue;
      EXPECT_TRUE(Json::accept(to_json(read.value()))) << vector["name"] << " flipped at " << at;
    }
  }
}

TEST(Wire, KeepsLoneSurrogates) {
  Arena arena;
  const std::string bytes = "\x05\x03\xED\xA0\x80";  // the value refers to them
  const Result<Value> read = decode(bytes, arena);
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read.value().as_string(), "\xED\xA0\x80");
}

TEST(Wire, TakesMemoryInProportionToTheInput) {
  const std::string bytes = std::string("\x06\x80\x80\x04", 4) + std::string(65536, '\x00');
  Arena arena;
  ASSERT_TRUE(decode(bytes, arena).ok());
  EXPECT_LE(arena.used(), 16 * bytes.size());
}

TEST(Wire, NestedListsClaimNoByteTwice) {
  // Sixty lists inside one another, each of which says that all the bytes behind it are items of its own.
  std::string bytes;
  for (int i = 0; i < 60; ++i) bytes += std::string("\x06\x80\x80\x04", 4);
  bytes += std::string(65536, '\x00');
  Arena arena;
  const Result<Value> read = decode(bytes, arena);
  ASSERT_FALSE(read.ok());
  EXPECT_EQ(read.error().code, ErrorCode::wire_truncated);
  EXPECT_LE(arena.used(), 16 * bytes.size());
}

}  // namespace
}  // namespace wayline
