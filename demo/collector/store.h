// The store: a bounded queue, and one thread that drains it into SQLite by group commits, then answers.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "collector/event.h"
#include "wayline/result.h"

namespace wayline::collector {

enum class Verdict : std::uint8_t { accepted, duplicate, rejected };

/// How many events of a project got which verdict since its first one (delivery S8). What was received is their sum.
struct Tally {
  std::int64_t accepted = 0;
  std::int64_t duplicate = 0;
  std::int64_t rejected = 0;
  [[nodiscard]] std::int64_t received() const { return accepted + duplicate + rejected; }
};

/// The events of one request that may be stored, and the count of those that may not.
struct Batch {
  std::string project;
  std::string received_at;  // ISO 8601
  std::vector<Event> events;
  std::int64_t rejected = 0;
};

/// `committed`: the verdicts of the events, in order, are on disk. `busy`: the queue was full, nothing was tried.
/// `unavailable`: the commit failed and nothing of the batch was stored.
struct Receipt {
  enum class Outcome : std::uint8_t { committed, busy, unavailable } outcome = Outcome::unavailable;
  std::vector<Verdict> verdicts;
};

/// Durability (S1): WAL with synchronous=FULL, and a receipt is given only after the commit. Uniqueness (S2) and the
/// ledger (S8) are kept in the same transaction as the events.
class Store {
 public:
  using Callback = std::function<void(Receipt)>;

  /// Opens or creates the database; `queue_limit` batches may be unanswered at a time.
  [[nodiscard]] static Result<std::unique_ptr<Store>> open(const std::string& path, std::size_t queue_limit);
  /// Commits and answers what is queued, then closes the database.
  ~Store();
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;

  /// Calls `answer` exactly once: at once when the queue is full (S5), else from the writer's thread.
  void submit(Batch batch, Callback answer);

  /// The ledger as it stood when the store was opened.
  [[nodiscard]] const std::map<std::string, Tally>& opening_ledger() const { return opening_ledger_; }

  // For /metrics and /healthz, from any thread.
  [[nodiscard]] std::size_t queue_limit() const { return queue_limit_; }
  [[nodiscard]] std::size_t queued() const { return unanswered_; }
  [[nodiscard]] std::uint64_t commits() const { return commits_; }
  [[nodiscard]] std::uint64_t failed_commits() const { return failed_commits_; }
  [[nodiscard]] std::uint64_t commit_microseconds() const { return commit_microseconds_; }
  /// Whether the latest commit succeeded; true before the first.
  [[nodiscard]] bool healthy() const { return healthy_; }

 private:
  class Writer;
  struct Job {
    Batch batch;
    Callback answer;
  };

  Store(std::unique_ptr<Writer> writer, std::map<std::string, Tally> ledger, std::size_t queue_limit);
  void drain();
  /// Takes the group, so that no callback, and nothing it keeps alive, outlives its answer.
  void commit(std::vector<Job> group);
  [[nodiscard]] std::vector<Job> next_group();

  const std::size_t queue_limit_;
  const std::map<std::string, Tally> opening_ledger_;
  std::unique_ptr<Writer> writer_;

  std::mutex mutex_;
  std::condition_variable arrived_;
  std::deque<Job> queue_;  // guarded by mutex_
  bool closing_ = false;   // guarded by mutex_

  std::atomic<std::size_t> unanswered_{0};
  std::atomic<std::uint64_t> commits_{0};
  std::atomic<std::uint64_t> failed_commits_{0};
  std::atomic<std::uint64_t> commit_microseconds_{0};
  std::atomic<bool> healthy_{true};
  std::thread thread_;
};

}  // namespace wayline::collector
