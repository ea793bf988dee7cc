// CSV as RFC 4180 has it, with any one-character separator, row by row from a stream. Written here because Debian has
// no reader that streams, keeps line numbers and hands out views: libcsv calls back for every field, rapidcsv holds the
// file.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "cli/files.h"

namespace wayline::cli {

/// A row that is longer is no data but a quote that nobody closed.
constexpr std::size_t max_row_bytes = 1 << 20;

class CsvReader {
 public:
  CsvReader(Input input, char separator) : input_(std::move(input)), separator_(separator) {}

  /// Goes on to the next row. False at the end. Lines without any text are skipped. Errors: input.unreadable,
  /// replay.bad_row.
  [[nodiscard]] Result<bool> next();
  /// Of the current row. They live until next().
  [[nodiscard]] const std::vector<std::string_view>& cells() const { return cells_; }
  /// On which the current row begins, from 1.
  [[nodiscard]] std::size_t line() const { return line_; }
  [[nodiscard]] const std::string& name() const { return input_.name(); }

 private:
  /// Bytes of the next row with its line end; 0 when more must be read.
  [[nodiscard]] std::size_t row_size();
  [[nodiscard]] Result<Done> refill();
  [[nodiscard]] Result<Done> split(char* at, char* end);
  [[nodiscard]] Error malformed(std::string_view why) const;

  Input input_;
  char separator_;
  std::string buffer_;
  std::size_t at_ = 0;       // the next row
  std::size_t end_ = 0;      // of what has been read
  std::size_t looked_ = 0;   // how far behind `at_` row_size() has looked
  bool in_quotes_ = false;   // there
  bool has_quotes_ = false;  // of the row
  bool at_end_ = false;
  bool started_ = false;
  std::size_t line_ = 0;
  std::size_t next_line_ = 1;
  std::vector<std::string_view> cells_;
};

}  // namespace wayline::cli
