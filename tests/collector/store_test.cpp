#include "collector/store.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "collector/database.h"
#include "collector/limits.h"
#include "temporary_folder.h"

namespace wayline::collector {
namespace {

using Outcome = Receipt::Outcome;

Event event(const std::string& id) {
  Event result;
  result.message_id = id;
  result.type = "page";
  result.body = "{}";
  return result;
}

Batch batch(const std::vector<std::string>& ids, const std::string& project = "hazel") {
  Batch result{project, "2026-01-01T00:00:00.000Z", {}, 0};
  for (const std::string& id : ids) result.events.push_back(event(id));
  return result;
}

/// As many events as a group may have.
Batch full_batch(const std::string& prefix) {
  std::vector<std::string> ids;
  for (std::size_t i = 0; i < limits::commit_events; ++i) ids.push_back(prefix + std::to_string(i));
  return batch(ids);
}

std::future<Receipt> submit(Store& store, Batch submitted) {
  auto promise = std::make_shared<std::promise<Receipt>>();
  store.submit(std::move(submitted), [promise](Receipt receipt) { promise->set_value(std::move(receipt)); });
  return promise->get_future();
}

std::future<ErasureReceipt> erase(Store& store, Erasure erasure) {
  auto promise = std::make_shared<std::promise<ErasureReceipt>>();
  store.erase(std::move(erasure), [promise](ErasureReceipt receipt) { promise->set_value(receipt); });
  return promise->get_future();
}

class StoreTest : public testing::Test {
 protected:
  std::unique_ptr<Store> open(std::size_t queue_limit = 100) {
    auto store = Store::open(path_, queue_limit);
    EXPECT_TRUE(store.ok()) << store.error().message;
    return std::move(store).value();
  }
  std::int64_t count(const std::string& sql) {
    auto database = Database::open(path_);
    return database.value().query_number(sql).value();
  }
  TemporaryFolder folder_;
  const std::string path_ = (folder_.path() / "events.sqlite").string();
};

TEST_F(StoreTest, AnswersInOrderWithAVerdictForEachEvent) {
  const auto store = open();
  const Receipt first = submit(*store, batch({"a", "b", "a"})).get();
  EXPECT_EQ(first.outcome, Outcome::committed);
  EXPECT_EQ(first.verdicts, (std::vector{Verdict::accepted, Verdict::accepted, Verdict::duplicate}));
  EXPECT_EQ(submit(*store, batch({"b", "c"})).get().verdicts, (std::vector{Verdict::duplicate, Verdict::accepted}));
  EXPECT_EQ(count("SELECT count(*) FROM events"), 3);
}

TEST_F(StoreTest, KeepsIdsApartByProject) {
  const auto store = open();
  EXPECT_EQ(submit(*store, batch({"a"}, "one")).get().verdicts, (std::vector{Verdict::accepted}));
  EXPECT_EQ(submit(*store, batch({"a"}, "two")).get().verdicts, (std::vector{Verdict::accepted}));
}

TEST_F(StoreTest, HasCommittedBeforeItAnswers) {
  const auto store = open();
  submit(*store, batch({"a"})).get();
  EXPECT_EQ(count("SELECT count(*) FROM events"), 1);  // another connection sees it
}

TEST_F(StoreTest, KeepsTheLedgerAcrossRestarts) {
  {
    const auto store = open();
    Batch mixed = batch({"a", "b", "a"});
    mixed.rejected = 2;
    submit(*store, mixed).get();
    submit(*store, batch({"b"})).get();
  }
  const auto store = open();
  const Tally tally = store->opening_ledger().at("hazel");
  EXPECT_EQ(tally.accepted, 2);
  EXPECT_EQ(tally.duplicate, 2);
  EXPECT_EQ(tally.rejected, 2);
  EXPECT_EQ(tally.received(), 6);
  EXPECT_EQ(tally.accepted, count("SELECT count(*) FROM events"));
}

TEST_F(StoreTest, RefusesWhatItsQueueCanNotHoldAndLosesNothingElse) {
  const auto store = open(2);
  auto locker = Database::open(path_);
  ASSERT_TRUE(locker.value().execute("BEGIN IMMEDIATE").ok());
  auto first = submit(*store, batch({"a"}));
  auto second = submit(*store, batch({"b"}));
  EXPECT_EQ(store->queued(), 2u);
  EXPECT_EQ(submit(*store, batch({"c"})).get().outcome, Outcome::busy);
  EXPECT_EQ(erase(*store, {"hazel", "ada", std::nullopt}).get().outcome, Outcome::busy);
  ASSERT_TRUE(locker.value().execute("COMMIT").ok());
  EXPECT_EQ(first.get().outcome, Outcome::committed);
  EXPECT_EQ(second.get().outcome, Outcome::committed);
  EXPECT_EQ(submit(*store, batch({"c"})).get().outcome, Outcome::committed);
  EXPECT_EQ(count("SELECT count(*) FROM events"), 3);
}

TEST_F(StoreTest, SaysSoWhenACommitFailsAndRecovers) {
  const auto store = open();
  auto other = Database::open(path_);
  ASSERT_TRUE(other.value().execute("ALTER TABLE ledger RENAME TO elsewhere").ok());
  const Receipt failed = submit(*store, batch({"a"})).get();
  EXPECT_EQ(failed.outcome, Outcome::unavailable);
  EXPECT_TRUE(failed.verdicts.empty());
  EXPECT_FALSE(store->healthy());
  EXPECT_EQ(count("SELECT count(*) FROM events"), 0);  // rolled back with the ledger
  ASSERT_TRUE(other.value().execute("ALTER TABLE elsewhere RENAME TO ledger").ok());
  EXPECT_EQ(submit(*store, batch({"a"})).get().verdicts, (std::vector{Verdict::accepted}));
  EXPECT_TRUE(store->healthy());
}

TEST_F(StoreTest, AcknowledgesNothingInADatabaseThatWasTakenAway) {
  open();  // the log of a database that is opened again
  const auto store = open();
  int events = 0;
  for (const std::string& taken : {path_, path_ + "-wal"}) {
    ASSERT_EQ(submit(*store, batch({"a" + taken})).get().outcome, Outcome::committed);
    const std::string elsewhere = taken + ".moved";
    std::filesystem::rename(taken, elsewhere);
    EXPECT_EQ(submit(*store, batch({"b" + taken})).get().outcome, Outcome::unavailable) << taken;
    EXPECT_FALSE(store->healthy());
    std::filesystem::rename(elsewhere, taken);
    EXPECT_EQ(submit(*store, batch({"b" + taken})).get().outcome, Outcome::committed);
    EXPECT_TRUE(store->healthy());
    EXPECT_EQ(count("SELECT count(*) FROM events"), events += 2);
  }
}

TEST_F(StoreTest, LearnsByItselfThatItWorksAgain) {
  const auto store = open();
  auto other = Database::open(path_);
  ASSERT_TRUE(other.value().execute("ALTER TABLE ledger RENAME TO elsewhere").ok());
  EXPECT_EQ(submit(*store, batch({"a"})).get().outcome, Outcome::unavailable);
  std::this_thread::sleep_for(2 * limits::probe_pause);
  EXPECT_FALSE(store->healthy());
  ASSERT_TRUE(other.value().execute("ALTER TABLE elsewhere RENAME TO ledger").ok());
  const auto deadline = std::chrono::steady_clock::now() + 20 * limits::probe_pause;
  while (!store->healthy() && std::chrono::steady_clock::now() < deadline) std::this_thread::yield();
  EXPECT_TRUE(store->healthy());
  EXPECT_EQ(count("SELECT (SELECT count(*) FROM ledger) + (SELECT count(*) FROM probe)"), 0);  // it left nothing
}

TEST_F(StoreTest, ErasesAPersonAndKeepsThemOut) {
  const auto store = open();
  Batch mixed = batch({"before", "as-ada", "as-ada-elsewhere", "as-bob", "shared-ada", "shared-bob", "nobody"});
  const auto set = [&mixed](std::size_t index, const char* anonymous, const char* user) {
    mixed.events[index].anonymous_id = anonymous;
    if (user != nullptr) mixed.events[index].user_id = user;
  };
  set(0, "phone", nullptr);
  set(1, "phone", "ada");
  set(2, "laptop", "ada");
  set(3, "desk", "bob");
  set(4, "kiosk", "ada");
  set(5, "kiosk", "bob");
  submit(*store, mixed).get();
  const ErasureReceipt receipt = erase(*store, {"hazel", "ada", std::nullopt}).get();
  EXPECT_EQ(receipt.outcome, Outcome::committed);
  EXPECT_EQ(receipt.deleted, 4);
  EXPECT_EQ(count("SELECT count(*) FROM events WHERE message_id IN ('as-bob', 'shared-bob', 'nobody')"), 3);
  EXPECT_EQ(count("SELECT count(*) FROM events"), 3);
  const auto kept = Verdict::duplicate;
  const auto refused = Verdict::suppressed;
  EXPECT_EQ(submit(*store, mixed).get().verdicts, (std::vector{refused, refused, refused, kept, refused, kept, kept}));
  Batch another_project = mixed;
  another_project.project = "birch";
  EXPECT_EQ(submit(*store, another_project).get().verdicts.front(), Verdict::accepted);
}

TEST_F(StoreTest, ErasesWhoeverDidMuchAmongMany) {
  const auto store = open();
  constexpr int events = 32'000;
  Batch many = batch({});
  for (int number = 0; number < events; ++number) {
    Event of_one = event(std::to_string(number));
    of_one.user_id = number % 4 == 0 ? "ada" : "user-" + std::to_string(number);
    of_one.anonymous_id = "v-" + std::to_string(number);
    many.events.push_back(of_one);
  }
  ASSERT_EQ(submit(*store, many).get().outcome, Outcome::committed);
  const auto begun = std::chrono::steady_clock::now();
  EXPECT_EQ(erase(*store, {"hazel", "ada", std::nullopt}).get().deleted, events / 4);
  // Looking through all events for each of hers took half a minute.
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(10));
}

TEST_F(StoreTest, ManyErasedPersonsDoNotHoldUpTheOthers) {
  const auto store = open();
  ASSERT_TRUE(Database::open(path_).value().execute(
      "WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < 100000) INSERT INTO suppressed "
      "SELECT 'hazel', CASE n % 2 WHEN 0 THEN 'user' ELSE 'anonymous' END, 'person ' || n, '' FROM number").ok());
  Batch submitted = batch({});
  for (int i = 0; i < 1000; ++i) {
    submitted.events.push_back(event(std::to_string(i)));
    submitted.events.back().user_id = "person " + std::to_string(i);
    submitted.events.back().anonymous_id = "device " + std::to_string(i);
  }
  const auto started = std::chrono::steady_clock::now();
  const Receipt receipt = submit(*store, std::move(submitted)).get();
  EXPECT_LT(std::chrono::steady_clock::now() - started, std::chrono::seconds(5));  // milliseconds; it was half a minute
  ASSERT_EQ(receipt.verdicts.size(), 1000u);
  EXPECT_EQ(receipt.verdicts[1], Verdict::accepted) << "it is an anonymous id that was erased under this name";
  EXPECT_EQ(receipt.verdicts[2], Verdict::suppressed);
}

TEST_F(StoreTest, ErasesByAnonymousIdAndRemembersItAcrossRestarts) {
  Batch one = batch({"a"});
  one.events[0].anonymous_id = "phone";
  {
    const auto store = open();
    submit(*store, one).get();
    EXPECT_EQ(erase(*store, {"hazel", std::nullopt, "phone"}).get().deleted, 1);
    EXPECT_EQ(erase(*store, {"hazel", std::nullopt, "phone"}).get().deleted, 0);
  }
  const auto store = open();
  EXPECT_EQ(submit(*store, one).get().verdicts, (std::vector{Verdict::suppressed}));
  EXPECT_EQ(store->opening_ledger().at("hazel").erased, 1);
}

TEST_F(StoreTest, ErasesAfterTheBatchesBeforeItAlsoThoseOfALaterGroup) {
  const auto store = open();
  auto locker = Database::open(path_);
  ASSERT_TRUE(locker.value().execute("BEGIN IMMEDIATE").ok());
  for (const char* prefix : {"x", "y"}) submit(*store, full_batch(prefix));
  Batch one = batch({"a"});
  one.events[0].user_id = "ada";
  auto stored = submit(*store, one);
  auto erased = erase(*store, {"hazel", "ada", std::nullopt});
  ASSERT_TRUE(locker.value().execute("COMMIT").ok());
  EXPECT_EQ(stored.get().verdicts, (std::vector{Verdict::accepted}));
  EXPECT_EQ(erased.get().deleted, 1);
}

TEST_F(StoreTest, BringsAnOlderDatabaseUpToDate) {
  {
    auto old = Database::open(path_);
    ASSERT_TRUE(old.value()
                    .execute("PRAGMA journal_mode = WAL; CREATE TABLE events (project TEXT NOT NULL, message_id TEXT NOT NULL, "
                             "type TEXT NOT NULL, event TEXT, anonymous_id TEXT, user_id TEXT, timestamp TEXT, sent_at TEXT, "
                             "received_at TEXT NOT NULL, sequence INTEGER, body TEXT NOT NULL, UNIQUE (project, message_id)); "
                             "CREATE TABLE ledger (project TEXT PRIMARY KEY, accepted INTEGER NOT NULL, duplicate INTEGER NOT "
                             "NULL, rejected INTEGER NOT NULL); INSERT INTO ledger VALUES ('hazel', 1, 0, 0); "
                             "INSERT INTO events VALUES ('hazel', 'a', 'page', NULL, NULL, NULL, NULL, NULL, '', NULL, '{}'); "
                             "PRAGMA user_version = 1")
                    .ok());
  }
  const auto store = open();
  EXPECT_EQ(store->opening_ledger().at("hazel").accepted, 1);
  EXPECT_EQ(submit(*store, batch({"a", "b"})).get().verdicts, (std::vector{Verdict::duplicate, Verdict::accepted}));
}

TEST_F(StoreTest, CommitsWhatIsQueuedBeforeItCloses) {
  auto store = open();
  std::vector<std::future<Receipt>> receipts;
  for (int i = 0; i < 50; ++i) receipts.push_back(submit(*store, batch({std::to_string(i)})));
  store.reset();
  for (auto& receipt : receipts) EXPECT_EQ(receipt.get().outcome, Outcome::committed);
  EXPECT_EQ(count("SELECT count(*) FROM events"), 50);
}

TEST_F(StoreTest, GroupsWhatWaitsUpToABound) {
  const auto store = open();
  const auto commits_of = [&](const std::vector<Batch>& batches) {
    const std::uint64_t before = store->commits();
    auto locker = Database::open(path_);
    EXPECT_TRUE(locker.value().execute("BEGIN IMMEDIATE").ok());
    std::vector<std::future<Receipt>> receipts;
    for (const Batch& each : batches) receipts.push_back(submit(*store, each));
    EXPECT_TRUE(locker.value().execute("COMMIT").ok());
    for (auto& receipt : receipts) EXPECT_EQ(receipt.get().outcome, Outcome::committed);
    return store->commits() - before;
  };
  std::vector<Batch> small;
  for (int i = 0; i < 50; ++i) small.push_back(batch({std::to_string(i)}));
  EXPECT_LE(commits_of(small), 2u) << "what came before the lock was noticed, and the rest";
  EXPECT_EQ(commits_of({full_batch("x"), full_batch("y"), full_batch("z")}), 3u);
}

TEST_F(StoreTest, RefusesADatabaseOfTheFuture) {
  open().reset();
  auto database = Database::open(path_);
  ASSERT_TRUE(database.value().execute("PRAGMA user_version = 99").ok());
  const auto store = Store::open(path_, 1);
  ASSERT_FALSE(store.ok());
  EXPECT_NE(store.error().message.find("newer"), std::string::npos);
}

TEST_F(StoreTest, LeavesTheDatabaseOfAnotherProgramAsItIs) {
  const std::string notes = "CREATE TABLE notes (text TEXT); INSERT INTO notes VALUES ('a');";
  const std::string events = "CREATE TABLE events (id INTEGER PRIMARY KEY, project TEXT, body TEXT);";
  for (const std::string& made : {notes, events, notes + "PRAGMA user_version = 1", events + "PRAGMA user_version = 3", notes + "PRAGMA user_version = 99"}) {
    std::filesystem::remove(path_);
    ASSERT_TRUE(Database::open(path_).value().execute(made.c_str()).ok());
    const std::string before = folder_.read("events.sqlite");
    const auto store = Store::open(path_, 1);
    ASSERT_FALSE(store.ok()) << made;
    EXPECT_NE(store.error().message.find("events.sqlite: the database of another program"), std::string::npos) << store.error().message;
    EXPECT_EQ(folder_.read("events.sqlite"), before) << made;
  }
}

TEST_F(StoreTest, SaysWhyItCanNotOpen) {
  EXPECT_FALSE(Store::open((folder_.path() / "no/such/folder.sqlite").string(), 1).ok());
  const auto file = folder_.write("text.sqlite", std::string(4096, 'x'));
  const auto text = Store::open(file.string(), 1);
  ASSERT_FALSE(text.ok());
  EXPECT_NE(text.error().message.find("text.sqlite: "), std::string::npos) << text.error().message;
}

TEST_F(StoreTest, WaitsForWhoeverIsAboutToMakeTheDatabase) {
  auto other = Database::open(path_);
  ASSERT_TRUE(other.value().execute("BEGIN IMMEDIATE").ok());
  auto opened = std::async(std::launch::async, [this] { return Store::open(path_, 1); });
  EXPECT_EQ(opened.wait_for(20 * limits::lock_pause), std::future_status::timeout);
  ASSERT_TRUE(other.value().execute("COMMIT").ok());
  const auto store = opened.get();
  EXPECT_TRUE(store.ok()) << store.error().message;
}

TEST_F(StoreTest, OpensNoDatabaseThatItMayOnlyRead) {
  open();
  std::filesystem::permissions(folder_.path(), std::filesystem::perms::all);
  std::filesystem::permissions(path_, std::filesystem::perms{0444});
  constexpr uid_t nobody = 65534;
  const uid_t user = geteuid();
  ASSERT_EQ(user == 0 ? seteuid(nobody) : 0, 0);  // root may write whatever the mode says
  const auto store = Store::open(path_, 1);
  ASSERT_EQ(seteuid(user), 0);
  ASSERT_FALSE(store.ok());
  EXPECT_NE(store.error().message.find("events.sqlite: may be read, but not written"), std::string::npos) << store.error().message;
}

}  // namespace
}  // namespace wayline::collector
