// What the fields of every record may hold, as data: the loops of verify.cpp go over it. Code that says the same is ten times as long, and a
// browser would compile all of it before the first page is decided.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "program/records.h"

namespace wayline::program {

enum class Holds : std::uint8_t {
  index,          // of a record of `table`
  index_or_none,
  below,          // a number of 32 bits below `limit`
  one_to,         // from 1 to `limit`
  run,            // a Range of records of `table`, or a Text
  real,           // a double within reals[limit]
  time,           // a Duration within times[limit]
};

/// A field of every record of a table.
struct Field {
  std::uint16_t offset;  // in its record
  Holds holds;
  Table table;
  std::uint32_t limit;
};

template <typename Number>
struct Bounds {
  Number least;
  Number most;
};
extern const std::array<Bounds<double>, 5> reals;
extern const std::array<Bounds<Duration>, 4> times;

/// What has no field here is checked by verify.cpp, or may hold anything.
struct Layout {
  std::uint32_t record_size;
  std::span<const Field> fields;
};
extern const std::array<Layout, table_count> layouts;

}  // namespace wayline::program
