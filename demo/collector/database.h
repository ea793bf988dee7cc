// SQLite, as little of it as the store needs, with handles that close themselves.
#pragma once

#include <sqlite3.h>
#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "wayline/result.h"

namespace wayline::collector {

/// A prepared statement; reset() makes it ready to be run again. Texts bound to it must live until then.
class Statement {
 public:
  explicit Statement(sqlite3_stmt* handle) : handle_(handle) {}

  // Positions of bind count from 1, positions of column from 0, as in SQLite.
  void bind(int position, std::string_view text);
  void bind(int position, const std::optional<std::string>& text);
  void bind(int position, std::optional<std::int64_t> number);

  /// True: a row is there to read. False: finished.
  [[nodiscard]] Result<bool> step();
  /// For statements without rows: runs to the end and resets.
  [[nodiscard]] Result<Done> run();
  void reset();

  [[nodiscard]] std::string text(int column) const;
  [[nodiscard]] std::int64_t number(int column) const;

 private:
  struct Finalizer {
    void operator()(sqlite3_stmt* handle) const { sqlite3_finalize(handle); }
  };
  std::unique_ptr<sqlite3_stmt, Finalizer> handle_;
};

/// A connection for one thread at a time. Every error is collector_unavailable with SQLite's message.
class Database {
 public:
  [[nodiscard]] static Result<Database> open(const std::string& path);

  [[nodiscard]] Result<Done> execute(const char* sql);
  [[nodiscard]] Result<Statement> prepare(std::string_view sql);
  /// The first column of the first row of `sql`; empty or 0 when there is no row.
  [[nodiscard]] Result<std::string> query_text(std::string_view sql);
  [[nodiscard]] Result<std::int64_t> query_number(std::string_view sql);
  /// Whether the latest call failed because another connection had a lock.
  [[nodiscard]] bool is_locked() const { return (sqlite3_errcode(handle_.get()) & 0xff) == SQLITE_BUSY; }
  /// Remembers which file the write-ahead log is, for has_moved(). Precondition: the database has one, so that it is there as long as this is open.
  void remember_log();
  /// Whether a name leads no longer to the file that is open, the database's or its log's: it was moved, deleted or replaced.
  [[nodiscard]] bool has_moved() const;
  /// Rows that the last INSERT, UPDATE or DELETE changed.
  [[nodiscard]] int changes() const { return sqlite3_changes(handle_.get()); }

 private:
  struct Closer {
    void operator()(sqlite3* handle) const { sqlite3_close_v2(handle); }
  };
  explicit Database(sqlite3* handle) : handle_(handle) {}
  /// Device and number of the file that the log's name leads to; 0 when there is none.
  [[nodiscard]] std::pair<dev_t, ino_t> log() const;
  std::unique_ptr<sqlite3, Closer> handle_;
  std::pair<dev_t, ino_t> log_{};
};

}  // namespace wayline::collector
