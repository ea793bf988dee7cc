// Mappings: how the rows of a CSV file become steps (demo/data/README.md). A mapping is compiled once; each row then
// only fills the places of one prepared step, without making text.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/instant.h"
#include "wayline/result.h"
#include "wayline/value.h"

namespace wayline::cli {

using Cells = std::vector<std::string_view>;

/// Where one value of a step comes from. Texts belong to the mapping.
struct Source {
  enum class Kind : std::uint8_t { text, number, table, pattern };
  struct Column {
    std::string_view name;
    std::size_t index = 0;  // in a row, once the header is known
  };

  Kind kind = Kind::text;
  std::vector<Column> columns;             // one; of a pattern any number
  std::vector<std::string_view> literals;  // of a pattern: around its columns, one more than those
  Value table;                             // an object: code -> value
  std::string_view table_name;
};

/// When the step of a row happens.
struct SourceTime {
  Source year, month, day;
  Duration time = 0;    // since local midnight
  Duration offset = 0;  // of local time from UTC
  bool has_plus = false;
  Source plus;  // counts from `first`, `each` a piece
  std::int64_t first = 0;
  Duration each = 0;
};

class Mapping {
 public:
  /// `name` is the file's, for errors. Errors: the JSON's own, replay.bad_mapping.
  [[nodiscard]] static Result<Mapping> read(std::string_view text, std::string_view name);

  [[nodiscard]] char separator() const { return separator_; }
  [[nodiscard]] bool has_header() const { return has_header_; }
  /// Finds the columns that the sources name. `first_row` is the header, or without one any row. Error:
  /// replay.bad_mapping.
  [[nodiscard]] Result<Done> bind(const Cells& first_row);

  /// The visitor of a row; it lives until the next row's. Error, without the file and the line: replay.bad_row.
  [[nodiscard]] Result<std::string_view> visitor(const Cells& row);
  /// The step of the row that visitor() was called with last, a line of `wayline run` without its visitor. It lives
  /// as long as the visitor. Error, without the file and the line: replay.bad_row.
  [[nodiscard]] Result<Value> step(const Cells& row);

 private:
  friend class MappingReader;

  /// A value of the prepared step that each row fills.
  struct Place {
    Source source;
    Value* value;
  };

  Mapping() = default;
  [[nodiscard]] Result<Done> bind(Source& source, const Cells& first_row) const;
  [[nodiscard]] Result<Value> value(const Source& source, const Cells& row);
  [[nodiscard]] Result<Instant> instant(const Cells& row);
  [[nodiscard]] Result<std::int64_t> integer(const Source& source, const Cells& row);

  std::string name_;
  std::unique_ptr<Arena> document_ = std::make_unique<Arena>();  // the mapping's texts and the prepared step
  char separator_ = ',';
  bool has_header_ = true;
  std::size_t column_count_ = 0;
  Source visitor_;
  SourceTime time_;
  std::vector<Place> places_;
  Value step_;           // prepared
  Value* at_ = nullptr;  // its instant
  Arena row_;
};

}  // namespace wayline::cli
