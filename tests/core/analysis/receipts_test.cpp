// Receipts run again give the same bytes; a single changed one is found, with its link.
#include "analysis/receipts.h"

#include <gtest/gtest.h>

#include "../support/programs.h"
#include "base/sha256.h"
#include "value/json.h"

namespace wayline {
namespace {

std::shared_ptr<const Program> shop(const std::string& content) {
  return testing::program_of({{"site.json", R"({"site":"s","attributes":{"profile.tier":{"type":"string"}},"computed":{"views":{"count":"View"}},
                                "segments":{"keen":{">=":[{"var":"computed.views"},2]}}})"},
                              {"rules/r.json", R"({"id":"r","slot":"hero","page":{"path":"/**"},"if":{"segment":"keen"},"variants":[{"id":"a","content":{"text":")" + content + R"({{profile.tier}}"}}]})"}});
}

constexpr const char* lines[] = {R"({"at":1000,"track":"View","visitor":"a"})",
                                 R"({"at":2000,"identify":"u","traits":{"tier":"gold"},"visitor":"a"})",
                                 R"({"at":2500,"page":{"url":"https://s.test/"},"visitor":"b"})",
                                 R"({"at":3000,"track":7,"visitor":"a"})",
                                 R"({"at":4000,"track":"View","visitor":"a"})",
                                 R"({"at":5000,"page":{"url":"https://s.test/"},"visitor":"a"})"};

struct Chain {
  std::string text;
  std::string latest;
};

Chain run(const std::shared_ptr<const Program>& program) {
  Engine engine(program);
  Session begun(engine, "b");
  Arena before;
  EXPECT_TRUE(begun.step(read_json(R"({"at":500,"track":"View"})", before).value()).ok());
  std::map<std::string, Session> sessions;
  ReceiptChain chain(engine);
  std::string text = chain.head({&begun}) + "\n";
  sessions.emplace("b", std::move(begun));
  for (const char* line : lines) {
    Arena arena;
    const Value event = read_json(line, arena).value();
    const std::string visitor(event.get("visitor").as_string());
    std::string receipt;
    (void)chain.step(sessions.try_emplace(visitor, engine, visitor).first->second, event, receipt);
    text += receipt + "\n";
  }
  text += chain.end() + "\n";
  return {text, chain.latest()};
}

TEST(Receipts, RunAgainToTheSameBytes) {
  const auto program = shop("x");
  const Chain receipts = run(program);
  const ReceiptVerdict verdict = verify_receipts(program, receipts.text);
  ASSERT_TRUE(verdict.faults.empty()) << verdict.faults[0].line << ": " << verdict.faults[0].reason;
  EXPECT_EQ(verdict.links, 6u);
  EXPECT_EQ(verdict.latest, receipts.latest);
  EXPECT_NE(receipts.text.find(R"("reads":{"computed.views":[2],"history.View":[2],"profile.tier":["gold"],"segment.keen":[true]})"), std::string::npos) << receipts.text;
}

TEST(Receipts, ASingleChangedByteIsFoundInItsLink) {
  const auto program = shop("x");
  const Chain receipts = run(program);
  std::size_t line = 1;
  for (std::size_t at = 0; at < receipts.text.size(); ++at) {
    std::string changed = receipts.text;
    changed[at] = static_cast<char>(changed[at] ^ (at % 2 == 0 ? '\x01' : '\x10'));
    const ReceiptVerdict verdict = verify_receipts(program, changed);
    ASSERT_EQ(verdict.faults.size(), 1u) << "at byte " << at;
    ASSERT_EQ(verdict.faults[0].line, line) << "at byte " << at << ": " << verdict.faults[0].reason;
    if (receipts.text[at] == '\n') ++line;
  }
}

/// Somebody who changes a link and makes its hash right again is found by the next link, or by running it again.
TEST(Receipts, AForgedLinkIsFound) {
  const auto program = shop("x");
  const Chain receipts = run(program);
  const std::size_t first = receipts.text.find('\n') + 1, second = receipts.text.find('\n', first) + 1, end = receipts.text.find('\n', second);
  std::string forged = receipts.text.substr(second, end - second);
  const auto replace = [&forged](const std::string& what, const std::string& by) { forged.replace(forged.find(what), what.size(), by); };
  replace("gold", "none");
  const std::size_t hash = forged.find(R"("hash":")") + 8;
  std::string content = forged;
  content.erase(hash - 8, 8 + 64 + 2);
  forged.replace(hash, 64, sha256(content));
  const ReceiptVerdict verdict = verify_receipts(program, receipts.text.substr(0, second) + forged + receipts.text.substr(end));
  ASSERT_EQ(verdict.faults.size(), 1u);
  EXPECT_EQ(verdict.faults[0].line, 3u) << verdict.faults[0].reason;
  EXPECT_EQ(verdict.faults[0].reason, "the state after it is another");
}

TEST(Receipts, LinesThatAreMissingOrOfAnotherPackAreFound) {
  const auto program = shop("x");
  const Chain receipts = run(program);
  const std::string_view text = receipts.text;
  const auto fault = [&](const std::shared_ptr<const Program>& by, std::string_view chain) {
    const ReceiptVerdict verdict = verify_receipts(by, chain);
    return verdict.faults.empty() ? std::string("none") : std::to_string(verdict.faults[0].line) + ": " + verdict.faults[0].reason;
  };
  const std::size_t first = text.find('\n') + 1, second = text.find('\n', first) + 1;
  EXPECT_EQ(fault(program, std::string(text.substr(0, first)) + std::string(text.substr(second))), "2: it does not follow the line before it: one is missing, or was put in");
  EXPECT_EQ(fault(program, text.substr(0, text.rfind('\n', text.size() - 2) + 1)), "8: the chain does not end: its last lines are missing");
  EXPECT_EQ(fault(program, ""), "1: the chain does not end: its last lines are missing");
  EXPECT_EQ(fault(program, receipts.text + "{}\n"), "9: the chain has ended before this line");
  EXPECT_EQ(fault(shop("y"), text), "1: the receipts are of another pack, or of another version of it");
}

TEST(Sha256, AgreesWithTheStandardsExamples) {
  EXPECT_EQ(sha256(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"), "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(sha256(std::string(1'000'000, 'a')), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

}  // namespace
}  // namespace wayline
