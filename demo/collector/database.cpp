#include "collector/database.h"

#include <sys/stat.h>

#include <utility>

#include "collector/limits.h"

namespace wayline::collector {

namespace {

Error failure(sqlite3* handle) {
  return {ErrorCode::collector_unavailable, std::string{"SQLite: "} + sqlite3_errmsg(handle)};
}

}  // namespace

void Statement::bind(int position, std::string_view text) {
  sqlite3_bind_text64(handle_.get(), position, text.data(), text.size(), SQLITE_STATIC, SQLITE_UTF8);
}

void Statement::bind(int position, const std::optional<std::string>& text) {
  if (text)
    bind(position, std::string_view{*text});
  else
    sqlite3_bind_null(handle_.get(), position);
}

void Statement::bind(int position, std::optional<std::int64_t> number) {
  if (number)
    sqlite3_bind_int64(handle_.get(), position, *number);
  else
    sqlite3_bind_null(handle_.get(), position);
}

Result<bool> Statement::step() {
  const int status = sqlite3_step(handle_.get());
  if (status == SQLITE_ROW) return true;
  if (status == SQLITE_DONE) return false;
  return failure(sqlite3_db_handle(handle_.get()));
}

Result<Done> Statement::run() {
  Result<bool> stepped = step();
  reset();
  if (!stepped.ok()) return std::move(stepped).error();
  return Done{};
}

void Statement::reset() {
  sqlite3_reset(handle_.get());
  sqlite3_clear_bindings(handle_.get());
}

std::string Statement::text(int column) const {
  const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(handle_.get(), column));
  return bytes == nullptr ? std::string{} : std::string(bytes, sqlite3_column_bytes(handle_.get(), column));
}

std::int64_t Statement::number(int column) const { return sqlite3_column_int64(handle_.get(), column); }

Result<Database> Database::open(const std::string& path) {
  sqlite3* handle = nullptr;
  const int status =
      sqlite3_open_v2(path.c_str(), &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr);
  Database database{handle};  // SQLite wants even a failed handle closed
  if (status != SQLITE_OK) return Error{ErrorCode::collector_unavailable, sqlite3_errmsg(handle)};
  // SQLite is content with reading where it may not write.
  if (sqlite3_db_readonly(handle, "main") != 0) return Error{ErrorCode::collector_unavailable, "may be read, but not written"};
  sqlite3_extended_result_codes(handle, 1);
  sqlite3_busy_timeout(handle, static_cast<int>(limits::lock_wait.count()));
  return database;
}

Result<Done> Database::execute(const char* sql) {
  if (sqlite3_exec(handle_.get(), sql, nullptr, nullptr, nullptr) != SQLITE_OK) return failure(handle_.get());
  return Done{};
}

Result<Statement> Database::prepare(std::string_view sql) {
  sqlite3_stmt* statement = nullptr;
  const int status = sqlite3_prepare_v3(handle_.get(), sql.data(), static_cast<int>(sql.size()),
                                        SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
  if (status != SQLITE_OK) return failure(handle_.get());
  return Statement{statement};
}

std::pair<dev_t, ino_t> Database::log() const {
  struct stat status {};
  if (stat(sqlite3_filename_wal(sqlite3_db_filename(handle_.get(), "main")), &status) != 0) return {};
  return {status.st_dev, status.st_ino};
}

void Database::remember_log() { log_ = log(); }

bool Database::has_moved() const {
  int moved = 0;
  // Of the log SQLite does not tell.
  return sqlite3_file_control(handle_.get(), "main", SQLITE_FCNTL_HAS_MOVED, &moved) != SQLITE_OK || moved != 0 || log() != log_;
}

Result<std::string> Database::query_text(std::string_view sql) {
  TRY(Statement statement, prepare(sql));
  TRY(const bool found, statement.step());
  return found ? statement.text(0) : std::string{};
}

Result<std::int64_t> Database::query_number(std::string_view sql) {
  TRY(Statement statement, prepare(sql));
  TRY(const bool found, statement.step());
  return found ? statement.number(0) : 0;
}

}  // namespace wayline::collector
