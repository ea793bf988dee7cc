#include "collector/store.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <utility>

#include "collector/database.h"
#include "collector/limits.h"

namespace wayline::collector {

namespace {

constexpr std::int64_t schema_version = 1;

constexpr const char* schema = R"sql(
BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS events (
  project TEXT NOT NULL, message_id TEXT NOT NULL, type TEXT NOT NULL, event TEXT, anonymous_id TEXT, user_id TEXT,
  timestamp TEXT, sent_at TEXT, received_at TEXT NOT NULL, sequence INTEGER, body TEXT NOT NULL,
  UNIQUE (project, message_id));
CREATE TABLE IF NOT EXISTS ledger (
  project TEXT PRIMARY KEY, accepted INTEGER NOT NULL, duplicate INTEGER NOT NULL, rejected INTEGER NOT NULL);
PRAGMA user_version = 1;
COMMIT;
)sql";

constexpr std::string_view insert_event = R"sql(
INSERT INTO events (project, message_id, type, event, anonymous_id, user_id, timestamp, sent_at, received_at, sequence, body)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (project, message_id) DO NOTHING)sql";

constexpr std::string_view add_to_ledger = R"sql(
INSERT INTO ledger (project, accepted, duplicate, rejected) VALUES (?, ?, ?, ?)
ON CONFLICT (project) DO UPDATE SET accepted = accepted + excluded.accepted,
  duplicate = duplicate + excluded.duplicate, rejected = rejected + excluded.rejected)sql";

Result<Done> prepare_schema(Database& database, const std::string& path) {
  TRY(const std::int64_t version, database.query_number("PRAGMA user_version"));
  if (version > schema_version) {
    return Error{ErrorCode::collector_unavailable,
                 path + ": written by a newer collector (schema " + std::to_string(version) + ")"};
  }
  TRY(const std::string mode, database.query_text("PRAGMA journal_mode = WAL"));
  if (mode != "wal") {
    return Error{ErrorCode::collector_unavailable, path + ": this file system can not hold a write-ahead log"};
  }
  TRY([[maybe_unused]] Done durable, database.execute("PRAGMA synchronous = FULL"));
  return database.execute(schema);
}

Result<std::map<std::string, Tally>> read_ledger(Database& database) {
  std::map<std::string, Tally> ledger;
  TRY(Statement rows, database.prepare("SELECT project, accepted, duplicate, rejected FROM ledger"));
  while (true) {
    TRY(const bool found, rows.step());
    if (!found) return ledger;
    ledger[rows.text(0)] = Tally{rows.number(1), rows.number(2), rows.number(3)};
  }
}

}  // namespace

/// The database as the writer's thread uses it: a transaction of whole batches.
class Store::Writer {
 public:
  static Result<std::unique_ptr<Writer>> create(Database database) {
    TRY(Statement insert, database.prepare(insert_event));
    TRY(Statement ledger, database.prepare(add_to_ledger));
    return std::unique_ptr<Writer>(new Writer(std::move(database), std::move(insert), std::move(ledger)));
  }

  Result<Done> begin() { return database_.execute("BEGIN IMMEDIATE"); }
  Result<Done> commit() { return database_.execute("COMMIT"); }
  /// After any failure. SQLite may have rolled back by itself; then this has nothing to do.
  void roll_back() { [[maybe_unused]] const auto ignored = database_.execute("ROLLBACK"); }

  Result<std::vector<Verdict>> write(const Batch& batch) {
    std::vector<Verdict> verdicts;
    verdicts.reserve(batch.events.size());
    Tally tally;
    tally.rejected = batch.rejected;
    for (const Event& event : batch.events) {
      TRY(const bool is_new, write(batch, event));
      ++(is_new ? tally.accepted : tally.duplicate);
      verdicts.push_back(is_new ? Verdict::accepted : Verdict::duplicate);
    }
    ledger_.bind(1, std::string_view{batch.project});
    ledger_.bind(2, tally.accepted);
    ledger_.bind(3, tally.duplicate);
    ledger_.bind(4, tally.rejected);
    TRY([[maybe_unused]] Done counted, ledger_.run());
    return verdicts;
  }

 private:
  Writer(Database database, Statement insert, Statement ledger)
      : database_(std::move(database)), insert_(std::move(insert)), ledger_(std::move(ledger)) {}

  /// True when the event was new, false when its id was there already.
  Result<bool> write(const Batch& batch, const Event& event) {
    insert_.bind(1, std::string_view{batch.project});
    insert_.bind(2, std::string_view{event.message_id});
    insert_.bind(3, std::string_view{event.type});
    insert_.bind(4, event.name);
    insert_.bind(5, event.anonymous_id);
    insert_.bind(6, event.user_id);
    insert_.bind(7, event.timestamp);
    insert_.bind(8, event.sent_at);
    insert_.bind(9, std::string_view{batch.received_at});
    insert_.bind(10, event.sequence);
    insert_.bind(11, std::string_view{event.body});
    TRY([[maybe_unused]] Done inserted, insert_.run());
    return database_.changes() == 1;
  }

  Database database_;  // outlives the statements: members are destroyed in reverse order
  Statement insert_;
  Statement ledger_;
};

Result<std::unique_ptr<Store>> Store::open(const std::string& path, std::size_t queue_limit) {
  TRY(Database database, Database::open(path));
  TRY([[maybe_unused]] Done prepared, prepare_schema(database, path));
  TRY(auto ledger, read_ledger(database));
  TRY(auto writer, Writer::create(std::move(database)));
  return std::unique_ptr<Store>(new Store(std::move(writer), std::move(ledger), queue_limit));
}

Store::Store(std::unique_ptr<Writer> writer, std::map<std::string, Tally> ledger, std::size_t queue_limit)
    : queue_limit_(queue_limit), opening_ledger_(std::move(ledger)), writer_(std::move(writer)) {
  thread_ = std::thread([this] { drain(); });
}

Store::~Store() {
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
  }
  arrived_.notify_one();
  thread_.join();
}

void Store::submit(Batch batch, Callback answer) {
  {
    const std::lock_guard lock(mutex_);
    if (unanswered_ < queue_limit_) {
      ++unanswered_;
      queue_.push_back({std::move(batch), std::move(answer)});
      arrived_.notify_one();
      return;
    }
  }
  answer({Receipt::Outcome::busy, {}});
}

std::vector<Store::Job> Store::next_group() {
  std::unique_lock lock(mutex_);
  arrived_.wait(lock, [this] { return closing_ || !queue_.empty(); });
  std::vector<Job> group;
  std::size_t events = 0;
  while (!queue_.empty()) {
    events += queue_.front().batch.events.size();
    if (!group.empty() && events > limits::commit_events) break;
    group.push_back(std::move(queue_.front()));
    queue_.pop_front();
  }
  return group;
}

void Store::drain() {
  while (true) {
    std::vector<Job> group = next_group();
    if (group.empty()) return;  // closing, and nothing left
    commit(std::move(group));
  }
}

void Store::commit(std::vector<Job> group) {
  const auto started = std::chrono::steady_clock::now();
  std::vector<Receipt> receipts(group.size());
  Result<Done> done = writer_->begin();
  for (std::size_t i = 0; done.ok() && i < group.size(); ++i) {
    auto verdicts = writer_->write(group[i].batch);
    if (verdicts.ok())
      receipts[i] = {Receipt::Outcome::committed, std::move(verdicts).value()};
    else
      done = std::move(verdicts).error();
  }
  if (done.ok()) done = writer_->commit();
  if (!done.ok()) {
    writer_->roll_back();
    std::fill(receipts.begin(), receipts.end(), Receipt{});
    ++failed_commits_;
    std::fprintf(stderr, "wayline-collector: commit failed: %s\n", done.error().message.c_str());
  } else {
    ++commits_;
  }
  healthy_ = done.ok();
  commit_microseconds_ += static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - started).count());
  for (std::size_t i = 0; i < group.size(); ++i) {
    --unanswered_;
    group[i].answer(std::move(receipts[i]));
  }
}

}  // namespace wayline::collector
