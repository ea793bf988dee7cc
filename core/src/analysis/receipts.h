// Receipts: a record of every decision that anybody with the pack can run again (core/spec/receipts.md). A chain is a text of canonical
// JSON lines, each with the hash of the one before it:
//
//   {"hash","pack","receipts":1,"site","states":[…]}            the head: what the run began with
//   {"after","answer","before","event","hash","link":1,"previous","reads","visitor"}
//   {"end":true,"hash","links","previous"}
//
// `hash` is SHA-256 over the line without it; `before` and `after` are hashes of the visitor's canonical state.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "wayline/result.h"
#include "wayline/session.h"

namespace wayline {

class RecordedReads;

/// The shape of the lines that this version writes and verifies.
constexpr int receipts_version = 1;

class ReceiptChain {
 public:
  /// Watches what rules of the engine's sessions read, until it goes.
  explicit ReceiptChain(Engine& engine);
  ~ReceiptChain();
  ReceiptChain(const ReceiptChain&) = delete;
  ReceiptChain& operator=(const ReceiptChain&) = delete;

  /// The first line, with the states of the sessions that there are already.
  [[nodiscard]] std::string head(const std::vector<const Session*>& sessions);
  /// Steps the session and gives the answer; `line` becomes the receipt. A refused step has one too.
  [[nodiscard]] Result<Value> step(Session& session, const Value& event, std::string& line);
  /// The last line.
  [[nodiscard]] std::string end();

  [[nodiscard]] std::size_t links() const { return links_; }
  /// Hash of the latest line: kept elsewhere, it proves that nothing was cut off or written anew.
  [[nodiscard]] const std::string& latest() const { return previous_; }

 private:
  std::string sealed(std::vector<Member> members);
  const std::string& state_hash(const Session& session);

  Engine& engine_;
  std::unique_ptr<RecordedReads> reads_;
  std::map<std::string, std::string, std::less<>> state_hashes_;  // by visitor, as of the latest link
  std::string previous_;
  std::size_t links_ = 0;
};

/// What is wrong with a chain: the line, from 1, and why it can not stand as it is.
struct ReceiptFault {
  std::size_t line = 0;
  std::string reason;
};
struct ReceiptVerdict {
  std::size_t links = 0;  // found right
  std::string latest;     // hash of the last line found right
  std::vector<ReceiptFault> faults;  // at most one: what follows a fault proves nothing
};

/// Runs a chain again, line by line. The text must outlive the call only.
[[nodiscard]] ReceiptVerdict verify_receipts(std::shared_ptr<const Program> program, std::string_view text);

}  // namespace wayline
