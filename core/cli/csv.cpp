#include "cli/csv.h"

#include <algorithm>
#include <cstring>

#include "base/utf.h"

namespace wayline::cli {
namespace {

constexpr std::size_t read_bytes = 256 * 1024;  // at a time: few calls, and still in the cache
constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

/// Cells are a few bytes long: a loop is done before memchr has begun.
char* find(char* from, char* end, char what) {
  while (from != end && *from != what) ++from;
  return from;
}

}  // namespace

Error CsvReader::malformed(std::string_view why) const {
  return {ErrorCode::replay_bad_row, input_.name() + ":" + std::to_string(line_) + ": " + std::string(why)};
}

std::size_t CsvReader::row_size() {
  const char* row = buffer_.data() + at_;
  const std::size_t available = end_ - at_;
  while (looked_ < available) {
    const auto* feed = static_cast<const char*>(std::memchr(row + looked_, '\n', available - looked_));
    const std::size_t stop = feed == nullptr ? available : static_cast<std::size_t>(feed - row);
    if (std::memchr(row + looked_, '"', stop - looked_) != nullptr) {
      // A line feed ends the row when every quote before it has been closed; a doubled quote closes and opens again.
      in_quotes_ ^= (std::count(row + looked_, row + stop, '"') & 1) != 0;
      has_quotes_ = true;
    }
    looked_ = std::min(available, stop + 1);
    if (feed != nullptr && !in_quotes_) return looked_;
  }
  return at_end_ ? available : 0;
}

Result<Done> CsvReader::refill() {
  std::memmove(buffer_.data(), buffer_.data() + at_, end_ - at_);
  end_ -= at_;
  at_ = 0;
  if (buffer_.size() < end_ + read_bytes) buffer_.resize(end_ + read_bytes);
  TRY(const std::size_t got, input_.read(buffer_.data() + end_, buffer_.size() - end_));
  end_ += got;
  at_end_ = got == 0;
  return Done{};
}

Result<Done> CsvReader::split(char* at, char* end) {
  cells_.clear();
  for (;;) {
    char* cell = at;
    if (at < end && *at == '"') {
      char* out = ++cell;
      for (at = cell;; *out++ = *at++) {
        if (at == end) return malformed("a quoted cell is not closed");
        if (*at == '"' && (++at == end || *at != '"')) break;
      }
      cells_.emplace_back(cell, static_cast<std::size_t>(out - cell));
      if (at < end && *at != separator_) return malformed("text follows a quoted cell");
    } else {
      at = find(at, end, separator_);
      if (has_quotes_ && find(cell, at, '"') != at) return malformed("a quote stands inside a cell that is not quoted");
      cells_.emplace_back(cell, static_cast<std::size_t>(at - cell));
    }
    if (at == end) return Done{};
    ++at;
  }
}

Result<bool> CsvReader::next() {
  for (;;) {
    line_ = next_line_;
    has_quotes_ = false;
    std::size_t size = row_size();
    while (size == 0) {
      if (at_end_) return false;
      if (end_ - at_ > max_row_bytes) return malformed("the row is longer than 1 MiB; is a quote not closed?");
      TRY([[maybe_unused]] const Done read, refill());
      size = row_size();
    }
    if (in_quotes_) return malformed("a quoted cell is not closed");
    char* row = buffer_.data() + at_;
    char* end = row + size;
    next_line_ += has_quotes_ ? static_cast<std::size_t>(std::count(row, end, '\n')) : 1;
    at_ += size;
    looked_ = 0;
    if (!started_ && std::string_view(row, size).starts_with(byte_order_mark)) row += byte_order_mark.size();
    started_ = true;
    if (row < end && end[-1] == '\n') --end;
    if (row < end && end[-1] == '\r') --end;
    if (row == end) continue;
    if (!valid_utf8({row, static_cast<std::size_t>(end - row)})) return malformed("the row is not UTF-8");
    TRY([[maybe_unused]] const Done done, split(row, end));
    return true;
  }
}

}  // namespace wayline::cli
