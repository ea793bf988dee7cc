#include "collector/writer.h"

#include <array>
#include <chrono>
#include <string_view>
#include <thread>
#include <utility>

#include "collector/limits.h"

namespace wayline::collector {

namespace {

constexpr std::int64_t schema_version = 3;

// Version 1 lacked what the second part adds, corrected times and erasure; version 2 profiles.
constexpr const char* first_schema = R"sql(
CREATE TABLE events (
  project TEXT NOT NULL, message_id TEXT NOT NULL, type TEXT NOT NULL, event TEXT, anonymous_id TEXT, user_id TEXT,
  timestamp TEXT, sent_at TEXT, received_at TEXT NOT NULL, sequence INTEGER, body TEXT NOT NULL,
  UNIQUE (project, message_id));
CREATE TABLE ledger (
  project TEXT PRIMARY KEY, accepted INTEGER NOT NULL, duplicate INTEGER NOT NULL, rejected INTEGER NOT NULL);
PRAGMA user_version = 1;
)sql";

constexpr const char* second_schema = R"sql(
ALTER TABLE events ADD COLUMN occurred_at TEXT;
ALTER TABLE ledger ADD COLUMN erased INTEGER NOT NULL DEFAULT 0;
CREATE TABLE suppressed (
  project TEXT NOT NULL, kind TEXT NOT NULL CHECK (kind IN ('user', 'anonymous')), id TEXT NOT NULL, since TEXT NOT NULL,
  PRIMARY KEY (project, kind, id)) WITHOUT ROWID;
CREATE TABLE probe (id INTEGER PRIMARY KEY CHECK (id = 1), filler BLOB NOT NULL);
PRAGMA user_version = 2;
)sql";

constexpr const char* third_schema = R"sql(
CREATE TABLE profiles (
  project TEXT NOT NULL, user_id TEXT NOT NULL, state TEXT NOT NULL, changed_at TEXT NOT NULL,
  PRIMARY KEY (project, user_id)) WITHOUT ROWID;
PRAGMA user_version = 3;
)sql";

/// What every version has, and no other program's database.
constexpr std::string_view own_events = "SELECT project, message_id, type, anonymous_id, user_id, received_at, sequence, body FROM events";
constexpr std::string_view own_ledger = "SELECT project, accepted, duplicate, rejected FROM ledger";

constexpr std::string_view find_profile = "SELECT state FROM profiles WHERE project = ?1 AND user_id = ?2";
constexpr std::string_view put_profile = "INSERT OR REPLACE INTO profiles (project, user_id, state, changed_at) VALUES (?1, ?2, ?3, ?4)";

// Of every erased user: a profile has no other identity.
constexpr std::string_view delete_profiles = R"sql(
DELETE FROM profiles WHERE project = ?1 AND ?2 IS ?2 AND ?3 IS ?3 AND user_id IN (SELECT id FROM suppressed WHERE project = ?1 AND kind = 'user'))sql";

constexpr std::string_view insert_event = R"sql(
INSERT INTO events (project, message_id, type, event, anonymous_id, user_id, timestamp, sent_at, received_at, sequence, body, occurred_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (project, message_id) DO NOTHING)sql";

// All of the key is named first: by the last condition alone each event would be compared with everybody who was ever erased.
constexpr std::string_view find_suppressed = R"sql(
SELECT 1 FROM suppressed WHERE project = ?1 AND kind IN ('user', 'anonymous') AND id IN (?2, ?3, ?4) AND
  (id = ?4 OR id = CASE kind WHEN 'user' THEN ?2 ELSE ?3 END))sql";

// Who was erased: the identities that were named, and the anonymous ones of the named user, by events or by an alias, unless another
// user has them as well, as on a shared device. ?1 project, ?2 user, ?3 anonymous; either may be NULL. What others have is listed once, not
// looked for again for each identity.
constexpr std::array<std::string_view, 4> suppress_person{
    R"sql(INSERT OR IGNORE INTO suppressed SELECT ?1, 'user', ?2, datetime() WHERE ?2 IS NOT NULL AND ?3 IS ?3)sql",
    R"sql(INSERT OR IGNORE INTO suppressed SELECT ?1, 'anonymous', ?3, datetime() WHERE ?3 IS NOT NULL AND ?2 IS ?2)sql",
    R"sql(INSERT OR IGNORE INTO suppressed
SELECT DISTINCT ?1, 'anonymous', anonymous_id, datetime() FROM events
WHERE project = ?1 AND user_id = ?2 AND anonymous_id IS NOT NULL AND ?3 IS ?3 AND anonymous_id NOT IN
  (SELECT anonymous_id FROM events WHERE project = ?1 AND user_id <> ?2 AND anonymous_id IS NOT NULL))sql",
    R"sql(INSERT OR IGNORE INTO suppressed
SELECT DISTINCT ?1, 'anonymous', previous, datetime()
FROM (SELECT CAST(body ->> '$.previousId' AS TEXT) AS previous FROM events WHERE project = ?1 AND user_id = ?2 AND type = 'alias')
WHERE previous IS NOT NULL AND ?3 IS ?3 AND previous NOT IN
  (SELECT anonymous_id FROM events WHERE project = ?1 AND user_id <> ?2 AND anonymous_id IS NOT NULL))sql",
};

constexpr std::string_view delete_person = R"sql(
DELETE FROM events WHERE project = ?1 AND ?2 IS ?2 AND ?3 IS ?3 AND (
  user_id IN (SELECT id FROM suppressed WHERE project = ?1 AND kind = 'user') OR
  anonymous_id IN (SELECT id FROM suppressed WHERE project = ?1 AND kind = 'anonymous') OR
  (type = 'alias' AND CAST(body ->> '$.previousId' AS TEXT) IN (SELECT id FROM suppressed WHERE project = ?1))))sql";

constexpr std::string_view add_to_ledger = R"sql(
INSERT INTO ledger (project, accepted, duplicate, rejected, erased) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (project) DO UPDATE SET accepted = accepted + excluded.accepted,
  duplicate = duplicate + excluded.duplicate, rejected = rejected + excluded.rejected, erased = erased + excluded.erased)sql";

/// Only reads: what is not ours is left as it is. In one transaction, for another collector may be about to create its tables.
Result<Done> demand_ours(Database& database) {
  TRY([[maybe_unused]] Done begun, database.execute("BEGIN"));
  TRY(const std::int64_t version, database.query_number("PRAGMA user_version"));
  TRY(const std::int64_t entries, database.query_number("SELECT count(*) FROM sqlite_schema"));
  const bool is_new = version == 0 && entries == 0;
  if (!is_new && (version < 1 || !database.prepare(own_events).ok() || !database.prepare(own_ledger).ok())) {
    return Error{ErrorCode::collector_unavailable, "the database of another program"};
  }
  if (version > schema_version) {
    return Error{ErrorCode::collector_unavailable, "written by a newer collector (schema " + std::to_string(version) + ")"};
  }
  return database.execute("COMMIT");
}

/// The journal's mode from now on. For another connection that is changing it at the same moment SQLite does not wait by itself.
Result<std::string> keep_log(Database& database) {
  const auto deadline = std::chrono::steady_clock::now() + limits::lock_wait;
  while (true) {
    auto mode = database.query_text("PRAGMA journal_mode = WAL");
    if (mode.ok() || !database.is_locked() || std::chrono::steady_clock::now() > deadline) return mode;
    std::this_thread::sleep_for(limits::lock_pause);
  }
}

Result<Done> prepare_schema(Database& database) {
  TRY([[maybe_unused]] Done ours, demand_ours(database));
  TRY(const std::string mode, keep_log(database));
  if (mode != "wal") {
    return Error{ErrorCode::collector_unavailable, "this file system can not hold a write-ahead log"};
  }
  TRY([[maybe_unused]] Done durable, database.execute("PRAGMA synchronous = FULL"));
  TRY([[maybe_unused]] Done thorough, database.execute("PRAGMA secure_delete = ON"));  // what is erased is overwritten
  TRY([[maybe_unused]] Done begun, database.execute("BEGIN IMMEDIATE"));
  TRY(const std::int64_t current, database.query_number("PRAGMA user_version"));
  if (current < 1) {
    TRY([[maybe_unused]] Done first, database.execute(first_schema));
  }
  if (current < 2) {
    TRY([[maybe_unused]] Done second, database.execute(second_schema));
  }
  if (current < 3) {
    TRY([[maybe_unused]] Done third, database.execute(third_schema));
  }
  TRY([[maybe_unused]] Done committed, database.execute("COMMIT"));
  database.remember_log();
  return Done{};
}

}  // namespace

Writer::Writer(Database database, Statement insert, Statement suppressed, Statement ledger)
    : database_(std::move(database)),
      insert_(std::move(insert)),
      suppressed_(std::move(suppressed)),
      ledger_(std::move(ledger)) {}

Result<std::unique_ptr<Writer>> Writer::open(const std::string& path) {
  auto writer = open_unnamed(path);
  if (!writer.ok()) return Error{writer.error().code, path + ": " + writer.error().message};
  return writer;
}

Result<std::unique_ptr<Writer>> Writer::open_unnamed(const std::string& path) {
  TRY(Database database, Database::open(path));
  TRY([[maybe_unused]] Done prepared, prepare_schema(database));
  TRY(Statement insert, database.prepare(insert_event));
  TRY(Statement suppressed, database.prepare(find_suppressed));
  TRY(Statement ledger, database.prepare(add_to_ledger));
  return std::unique_ptr<Writer>(
      new Writer(std::move(database), std::move(insert), std::move(suppressed), std::move(ledger)));
}

Result<std::map<std::string, Tally>> Writer::read_ledger() {
  std::map<std::string, Tally> ledger;
  TRY(Statement rows, database_.prepare("SELECT project, accepted, duplicate, rejected, erased FROM ledger"));
  while (true) {
    TRY(const bool found, rows.step());
    if (!found) return ledger;
    ledger[rows.text(0)] = Tally{rows.number(1), rows.number(2), rows.number(3), rows.number(4)};
  }
}

Result<Done> Writer::begin() { return database_.execute("BEGIN IMMEDIATE"); }

Result<Done> Writer::commit() {
  TRY([[maybe_unused]] Done committed, database_.execute("COMMIT"));
  if (database_.has_moved()) return Error{ErrorCode::collector_unavailable, "the database or its log was moved or deleted"};
  return Done{};
}

void Writer::roll_back() { [[maybe_unused]] const auto ignored = database_.execute("ROLLBACK"); }

Result<std::vector<Verdict>> Writer::write(const Batch& batch) {
  std::vector<Verdict> verdicts;
  verdicts.reserve(batch.events.size());
  Tally tally;
  tally.rejected = batch.rejected;
  for (const Event& event : batch.events) {
    TRY(const Verdict verdict, write(batch, event));
    tally.count(verdict);
    verdicts.push_back(verdict);
  }
  TRY([[maybe_unused]] Done counted, add(batch.project, tally));
  return verdicts;
}

Result<Verdict> Writer::write(const Batch& batch, const Event& event) {
  TRY(const bool is_suppressed, suppressed(batch.project, event.user_id, event.anonymous_id, event.previous_id));
  if (is_suppressed) return Verdict::suppressed;
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
  insert_.bind(12, std::string_view{event.occurred_at});
  TRY([[maybe_unused]] Done inserted, insert_.run());
  return database_.changes() == 1 ? Verdict::accepted : Verdict::duplicate;
}

Result<bool> Writer::suppressed(const std::string& project, const std::optional<std::string>& user_id, const std::optional<std::string>& anonymous_id,
                                const std::optional<std::string>& previous_id) {
  if (!user_id && !anonymous_id && !previous_id) return false;
  suppressed_.bind(1, std::string_view{project});
  suppressed_.bind(2, user_id);
  suppressed_.bind(3, anonymous_id);
  suppressed_.bind(4, previous_id);
  Result<bool> found = suppressed_.step();
  suppressed_.reset();
  return found;
}

Result<std::string> Writer::profile(const std::string& project, const std::string& user_id) {
  TRY(Statement find, database_.prepare(find_profile));
  find.bind(1, std::string_view{project});
  find.bind(2, std::string_view{user_id});
  TRY(const bool found, find.step());
  return found ? find.text(0) : std::string{};
}

Result<Done> Writer::keep_profile(const std::string& project, const std::string& user_id, const std::string& state, const std::string& at) {
  TRY(Statement put, database_.prepare(put_profile));
  put.bind(1, std::string_view{project});
  put.bind(2, std::string_view{user_id});
  put.bind(3, std::string_view{state});
  put.bind(4, std::string_view{at});
  return put.run();
}

Result<Done> Writer::add(const std::string& project, const Tally& tally) {
  ledger_.bind(1, std::string_view{project});
  ledger_.bind(2, tally.accepted);
  ledger_.bind(3, tally.duplicate);
  ledger_.bind(4, tally.rejected);
  ledger_.bind(5, tally.erased);
  return ledger_.run();
}

Result<std::int64_t> Writer::erase(const Erasure& erasure) {
  for (const std::string_view sql : suppress_person) {
    TRY([[maybe_unused]] const std::int64_t named, run_for(sql, erasure));
  }
  TRY([[maybe_unused]] const std::int64_t profiles, run_for(delete_profiles, erasure));
  TRY(const std::int64_t deleted, run_for(delete_person, erasure));
  Tally tally;
  tally.erased = deleted;
  TRY([[maybe_unused]] Done counted, add(erasure.project, tally));
  return deleted;
}

Result<Done> Writer::forget_traces() { return database_.execute("PRAGMA wal_checkpoint(TRUNCATE)"); }

Result<std::int64_t> Writer::run_for(std::string_view sql, const Erasure& erasure) {
  TRY(Statement statement, database_.prepare(sql));
  statement.bind(1, std::string_view{erasure.project});
  statement.bind(2, erasure.user_id);
  statement.bind(3, erasure.anonymous_id);
  TRY([[maybe_unused]] Done done, statement.run());
  return std::int64_t{database_.changes()};
}

Result<Done> Writer::probe() {
  TRY([[maybe_unused]] Done counted, add({}, {}));
  TRY(Statement fill, database_.prepare("INSERT OR REPLACE INTO probe (id, filler) VALUES (1, zeroblob(?))"));
  fill.bind(1, std::optional<std::int64_t>{limits::body_bytes});
  TRY([[maybe_unused]] Done filled, fill.run());
  return database_.execute("DELETE FROM probe; DELETE FROM ledger WHERE project = ''");
}

}  // namespace wayline::collector
