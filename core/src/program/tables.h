// A verified program in memory: spans over the file's bytes, and the constants as values.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>

#include "program/records.h"
#include "rules/expression.h"
#include "wayline/program.h"
#include "wayline/value.h"

namespace wayline::program {

struct Tables {
#define WAYLINE_TABLE(name, record) std::span<const record> name;
  WAYLINE_PROGRAM_TABLES(WAYLINE_TABLE)
#undef WAYLINE_TABLE

  std::span<const Value> values;  // the constants, by their index
  Allocation value_bytes;         // these values, and the members of objects among them
  Allocation bytes;               // the file
  std::size_t size = 0;

  [[nodiscard]] std::string_view view(Text text_record) const { return {text.data() + text_record.first, text_record.size}; }
  [[nodiscard]] const Header& header() const { return *reinterpret_cast<const Header*>(bytes.get()); }
  /// By the number of the table.
  [[nodiscard]] const Section* sections() const { return reinterpret_cast<const Section*>(bytes.get() + sizeof(Header)); }
  [[nodiscard]] Expressions expressions() const { return {nodes, operands, values}; }
  [[nodiscard]] const Terms& terms_of(const Experience& experience) const { return terms[experience.terms]; }
  [[nodiscard]] const Terms& terms_of(std::uint32_t experience) const { return terms_of(experiences[experience]); }
  [[nodiscard]] TimeZone time_zone() const { return TimeZone(zone); }

  template <typename Record>
  [[nodiscard]] static std::span<const Record> run(std::span<const Record> table, Range range) {
    return table.subspan(range.first, range.count);
  }

  /// Index of the record of that name in a table sorted by name, by bytes; none when absent.
  template <typename Record>
  [[nodiscard]] std::uint32_t find(std::span<const Record> table, std::string_view name) const {
    std::size_t low = 0, high = table.size();
    while (low < high) {
      const std::size_t middle = (low + high) / 2;
      const int order = view(name_of(table[middle])).compare(name);
      if (order == 0) return static_cast<std::uint32_t>(middle);
      if (order < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return none;
  }

  /// Whether an experience comes before another in the order of candidates (design 8.2), scores apart.
  [[nodiscard]] bool ranks_before(std::uint32_t left, std::uint32_t right) const {
    const double a = experiences[left].priority, b = experiences[right].priority;
    return a != b ? a > b : left < right;  // indexes are in the order of the ids
  }

  // The text by which a table is sorted.
  static Text name_of(const Text& record) { return record; }
  static Text name_of(const Trait& record) { return record.name; }
  static Text name_of(const Segment& record) { return record.name; }
  static Text name_of(const Computed& record) { return record.name; }
  static Text name_of(const Intent& record) { return record.name; }
  static Text name_of(const HistoryEvent& record) { return record.name; }
  static Text name_of(const Slot& record) { return record.name; }
  static Text name_of(const Experience& record) { return record.id; }
  static Text name_of(const Journey& record) { return record.id; }
  static Text name_of(const Stage& record) { return record.name; }
  static Text name_of(const Listener& record) { return record.name; }
};

}  // namespace wayline::program
