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
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "collector/event.h"
#include "wayline/result.h"

namespace wayline::collector {

/// `suppressed`: the event belongs to a person who was erased.
enum class Verdict : std::uint8_t { accepted, duplicate, rejected, suppressed };

/// How many events of a project got which verdict since its first one (delivery S8). What was received is their sum.
/// Of the accepted ones, `erased` are stored no more.
struct Tally {
  std::int64_t accepted = 0;
  std::int64_t duplicate = 0;
  std::int64_t rejected = 0;
  std::int64_t erased = 0;
  [[nodiscard]] std::int64_t received() const { return accepted + duplicate + rejected; }
  void count(Verdict verdict);
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

/// A person to forget, named by at least one of the two.
struct Erasure {
  std::string project;
  std::optional<std::string> user_id;
  std::optional<std::string> anonymous_id;
};

/// `deleted` events are gone; those that come later under the same identities are refused.
struct ErasureReceipt {
  Receipt::Outcome outcome = Receipt::Outcome::unavailable;
  std::int64_t deleted = 0;
};

/// A person's profile: to be read, or with `change` to be replaced by what it makes of the stored one, which is empty when there is none.
/// `change` runs on the store's thread; its error leaves everything as it was.
struct ProfileWork {
  std::string project;
  std::string user_id;
  std::optional<std::string> visitor;  // whose state brings the change
  std::string at;                      // ISO 8601
  std::function<Result<std::string>(const std::string& stored)> change;
};

/// `state` is stored; empty when there is none. `refused` is what `change` gave, or event.suppressed when the person or the visitor was erased.
struct ProfileReceipt {
  Receipt::Outcome outcome = Receipt::Outcome::unavailable;
  std::string state;
  std::optional<Error> refused;
};

class Writer;

/// Durability (S1): WAL with synchronous=FULL, and a receipt is given only after the commit. Uniqueness (S2) and the
/// ledger (S8) are kept in the same transaction as the events. Erasure (S7) is a transaction of its own, after every
/// batch that was submitted before it. So is the change of a profile, which waits for no batch: it reads none of their events.
class Store {
 public:
  using Callback = std::function<void(Receipt)>;
  using ErasureCallback = std::function<void(ErasureReceipt)>;
  using ProfileCallback = std::function<void(ProfileReceipt)>;

  /// Opens or creates the database; `queue_limit` batches may be unanswered at a time.
  [[nodiscard]] static Result<std::unique_ptr<Store>> open(const std::string& path, std::size_t queue_limit);
  /// Commits and answers what is queued, then closes the database.
  ~Store();
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;

  /// Calls `answer` exactly once: at once when the queue is full (S5), else from the writer's thread.
  void submit(Batch batch, Callback answer);

  /// Calls `answer` exactly once, from the writer's thread or, when the queue is full, at once.
  void erase(Erasure erasure, ErasureCallback answer);
  void profile(ProfileWork work, ProfileCallback answer);

  /// The ledger as it stood when the store was opened.
  [[nodiscard]] const std::map<std::string, Tally>& opening_ledger() const { return opening_ledger_; }

  // For /metrics and /healthz, from any thread.
  [[nodiscard]] std::size_t queue_limit() const { return queue_limit_; }
  [[nodiscard]] std::size_t queued() const { return unanswered_; }
  [[nodiscard]] std::uint64_t commits() const { return commits_; }
  [[nodiscard]] std::uint64_t failed_commits() const { return failed_commits_; }
  [[nodiscard]] std::uint64_t commit_microseconds() const { return commit_microseconds_; }
  /// Whether the latest commit succeeded, or since then a write was tried and did; true before the first.
  [[nodiscard]] bool healthy() const { return healthy_; }

 private:
  struct Job {
    Batch batch;
    Callback answer;
  };
  struct ErasureJob {
    Erasure erasure;
    ErasureCallback answer;
  };
  struct ProfileJob {
    ProfileWork work;
    ProfileCallback answer;
  };
  /// What the writer's thread does next: batches in one transaction, then erasures, then profiles. Empty: look whether it works again.
  struct Work {
    std::vector<Job> batches;
    std::vector<ErasureJob> erasures;
    std::vector<ProfileJob> profiles;
    [[nodiscard]] bool empty() const { return batches.empty() && erasures.empty() && profiles.empty(); }
  };

  Store(std::unique_ptr<Writer> writer, std::map<std::string, Tally> ledger, std::size_t queue_limit);
  /// Takes the job into its queue, unless there is no more room: then false, and the job is as it was.
  template <typename Queue, typename Item>
  [[nodiscard]] bool admit(Queue& queue, Item& job);
  void drain();
  /// Takes the group, so that no callback, and nothing it keeps alive, outlives its answer.
  void commit(std::vector<Job> group);
  void commit(ErasureJob job);
  void commit(ProfileJob job);
  /// What the job's receipt says once its transaction is committed.
  [[nodiscard]] Result<ProfileReceipt> change(const ProfileWork& work);
  /// After a failed commit: learns whether one would succeed now.
  void probe();
  /// Nothing when the store is closing and all is done.
  [[nodiscard]] std::optional<Work> next_work();
  /// With mutex_ held.
  [[nodiscard]] std::vector<Job> next_group();
  /// Counts a finished transaction and says what went wrong.
  void finish(const Result<Done>& done);

  const std::size_t queue_limit_;
  const std::map<std::string, Tally> opening_ledger_;
  std::unique_ptr<Writer> writer_;

  std::mutex mutex_;
  std::condition_variable arrived_;
  std::deque<Job> queue_;              // guarded by mutex_
  std::vector<ErasureJob> erasures_;   // guarded by mutex_
  std::vector<ProfileJob> profiles_;   // guarded by mutex_
  bool closing_ = false;   // guarded by mutex_

  std::atomic<std::size_t> unanswered_{0};
  std::atomic<std::uint64_t> commits_{0};
  std::atomic<std::uint64_t> failed_commits_{0};
  std::atomic<std::uint64_t> commit_microseconds_{0};
  std::atomic<bool> healthy_{true};
  std::thread thread_;
};

}  // namespace wayline::collector
