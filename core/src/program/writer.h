// Collects the tables of a program and lays them out as a file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "program/records.h"
#include "wayline/value.h"

namespace wayline::program {

class Writer {
 public:
#define WAYLINE_TABLE(name, record) std::vector<record> name;
  WAYLINE_PROGRAM_TABLES(WAYLINE_TABLE)
#undef WAYLINE_TABLE

  /// The text's place in the text table; equal texts share one.
  Text intern(std::string_view string);
  /// A run of the texts table; equal runs share one.
  Range intern_all(const std::vector<std::string>& strings);
  /// A run of the caps table; equal runs share one.
  Range intern_all(std::span<const Cap> run);
  /// Index of the record of these terms; equal ones share one.
  std::uint32_t intern(const Terms& shared);
  /// Appends `values` as one contiguous run, and what they are made of behind it.
  Range add_constants(std::span<const Value> values);

  /// Runs `fill` and returns the run of `table` that it appended. One of nothing is at 0 wherever it would be: files of such repeat themselves more,
  /// and are smaller when they are sent.
  template <typename Record, typename Fill>
  static Range appended(std::vector<Record>& table, Fill fill) {
    const auto first = static_cast<std::uint32_t>(table.size());
    fill();
    const std::uint32_t count = static_cast<std::uint32_t>(table.size()) - first;
    return {count == 0 ? 0 : first, count};
  }

  /// The file, with header and checksum.
  [[nodiscard]] std::vector<std::byte> finish() const;

 private:
  Constant constant_of(const Value& value);
  [[nodiscard]] std::uint8_t height_above(Range parts) const;

  std::map<std::string, Text, std::less<>> interned_;
  std::map<std::vector<std::string>, Range> interned_runs_;
  // By their bytes.
  std::map<std::string, Range> interned_caps_;
  std::map<std::string, std::uint32_t> interned_terms_;
};

}  // namespace wayline::program
