// The database as the store's thread uses it: what a transaction of events, an erasure, the change of a profile and a probe read and write.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "collector/database.h"
#include "collector/store.h"

namespace wayline::collector {

/// For one thread. After any failure the transaction must be rolled back.
class Writer {
 public:
  /// Opens or creates the database, and brings an older one's schema up to date. What is no database of ours is left as it is. Errors name the file.
  [[nodiscard]] static Result<std::unique_ptr<Writer>> open(const std::string& path);

  [[nodiscard]] Result<std::map<std::string, Tally>> read_ledger();

  [[nodiscard]] Result<Done> begin();
  /// An error as well when the database was moved or deleted meanwhile: what it holds nobody would find again.
  [[nodiscard]] Result<Done> commit();
  /// SQLite may have rolled back by itself; then this has nothing to do.
  void roll_back();

  /// The verdict of each event, in their order; counted in the ledger.
  [[nodiscard]] Result<std::vector<Verdict>> write(const Batch& batch);
  /// Suppresses the person and deletes their events; resolves to how many those were.
  [[nodiscard]] Result<std::int64_t> erase(const Erasure& erasure);
  /// Whether one of them was erased. `previous_id` may be of either kind.
  [[nodiscard]] Result<bool> suppressed(const std::string& project, const std::optional<std::string>& user_id, const std::optional<std::string>& anonymous_id,
                                        const std::optional<std::string>& previous_id = std::nullopt);
  /// The person's stored state; empty when there is none.
  [[nodiscard]] Result<std::string> profile(const std::string& project, const std::string& user_id);
  [[nodiscard]] Result<Done> keep_profile(const std::string& project, const std::string& user_id, const std::string& state, const std::string& at);
  /// Outside of a transaction, after an erasure: nothing of what was deleted stays in the write-ahead log.
  [[nodiscard]] Result<Done> forget_traces();
  /// Writes as much as a batch may hold, and takes it away again.
  [[nodiscard]] Result<Done> probe();

 private:
  Writer(Database database, Statement insert, Statement suppressed, Statement ledger);
  /// As open(), but an error does not name the file.
  [[nodiscard]] static Result<std::unique_ptr<Writer>> open_unnamed(const std::string& path);
  [[nodiscard]] Result<Verdict> write(const Batch& batch, const Event& event);
  [[nodiscard]] Result<Done> add(const std::string& project, const Tally& tally);
  /// Runs a statement whose parameters are project, user and anonymous id; resolves to the rows it changed.
  [[nodiscard]] Result<std::int64_t> run_for(std::string_view sql, const Erasure& erasure);

  Database database_;  // outlives the statements: members are destroyed in reverse order
  Statement insert_;
  Statement suppressed_;
  Statement ledger_;
};

}  // namespace wayline::collector
