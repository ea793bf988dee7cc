#include "cli/mapping.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstring>

#include "base/number.h"

namespace wayline::cli {
namespace {

constexpr std::size_t longest_integer = 9;  // digits: fits 32 bits, and durations times it fit 64
constexpr std::size_t longest_shown = 60;   // of a cell that an error repeats

std::string shown(std::string_view cell) {
  return "\"" + std::string(cell.substr(0, longest_shown)) + (cell.size() > longest_shown ? "…\"" : "\"");
}

Error bad_cell(std::string_view column, std::string_view cell, std::string_view why) {
  return {ErrorCode::replay_bad_row, "column \"" + std::string(column) + "\": " + shown(cell) + " " + std::string(why)};
}

/// JSON's grammar of numbers, RFC 8259 section 6.
bool is_json_number(std::string_view text) {
  std::size_t at = 0;
  const auto skip_digits = [&] {
    const std::size_t start = at;
    while (at < text.size() && text[at] >= '0' && text[at] <= '9') ++at;
    return at > start;
  };
  if (at < text.size() && text[at] == '-') ++at;
  const bool leading_zero = at < text.size() && text[at] == '0';
  const std::size_t whole = at;
  if (!skip_digits() || (leading_zero && at - whole > 1)) return false;
  if (at < text.size() && text[at] == '.') {
    ++at;
    if (!skip_digits()) return false;
  }
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
    if (!skip_digits()) return false;
  }
  return at == text.size();
}

Result<Value> number_of(std::string_view column, std::string_view cell) {
  std::int32_t small = 0;
  const auto [end, failure] = std::from_chars(cell.data(), cell.data() + cell.size(), small);
  // Most numbers are short and whole; the rest take the exact way.
  const bool plain = failure == std::errc{} && end == cell.data() + cell.size() && cell.size() < longest_integer &&
                     cell[0] != '0' && cell[0] != '-';
  if (plain) return Value::number(small);
  if (!is_json_number(cell)) return bad_cell(column, cell, "is not a number");
  return Value::number(string_to_number(cell));
}

Result<std::int64_t> whole_number(std::string_view column, std::string_view text) {
  std::int64_t number = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failure != std::errc{} || end != text.data() + text.size() || text.size() > longest_integer)
    return bad_cell(column, text, "is not a whole number");
  return number;
}

}  // namespace

Result<Done> Mapping::bind(Source& source, const Cells& first_row) const {
  for (Source::Column& column : source.columns) {
    if (has_header_) {
      const auto found = std::find(first_row.begin(), first_row.end(), column.name);
      if (found == first_row.end()) {
        return Error{ErrorCode::replay_bad_mapping,
                     name_ + ": the data has no column \"" + std::string(column.name) + "\""};
      }
      column.index = static_cast<std::size_t>(found - first_row.begin());
      continue;
    }
    const auto [end, failure] =
        std::from_chars(column.name.data(), column.name.data() + column.name.size(), column.index);
    if (failure != std::errc{} || end != column.name.data() + column.name.size() || column.index == 0 ||
        column.index > first_row.size()) {
      return Error{ErrorCode::replay_bad_mapping, name_ + ": the data has no column \"" + std::string(column.name) +
                                                      "\"; without a header they are \"1\" to \"" +
                                                      std::to_string(first_row.size()) + "\""};
    }
    --column.index;
  }
  return Done{};
}

Result<Done> Mapping::bind(const Cells& first_row) {
  column_count_ = first_row.size();
  for (Source* source : {&visitor_, &time_.year, &time_.month, &time_.day, &time_.plus}) {
    TRY([[maybe_unused]] const Done bound, bind(*source, first_row));
  }
  for (Place& place : places_) {
    TRY([[maybe_unused]] const Done bound, bind(place.source, first_row));
  }
  return Done{};
}

Result<Value> Mapping::value(const Source& source, const Cells& row) {
  if (source.kind != Source::Kind::pattern) {
    const Source::Column& column = source.columns[0];
    const std::string_view cell = row[column.index];
    if (source.kind == Source::Kind::text) return Value::string(cell);
    if (source.kind == Source::Kind::number) return number_of(column.name, cell);
    const Value found = source.table.get(cell);
    if (found.is_missing())
      return bad_cell(column.name, cell, "is not in the table `" + std::string(source.table_name) + "`");
    return found;
  }
  std::size_t size = source.literals.back().size();
  for (std::size_t i = 0; i < source.columns.size(); ++i)
    size += source.literals[i].size() + row[source.columns[i].index].size();
  char* text = row_.allocate<char>(size);
  char* at = text;
  const auto append = [&at](std::string_view piece) {
    if (!piece.empty()) std::memcpy(at, piece.data(), piece.size());
    at += piece.size();
  };
  for (std::size_t i = 0; i < source.columns.size(); ++i) {
    append(source.literals[i]);
    append(row[source.columns[i].index]);
  }
  append(source.literals.back());
  return Value::string({text, size});
}

Result<std::int64_t> Mapping::integer(const Source& source, const Cells& row) {
  const std::string_view column = source.columns.empty() ? std::string_view("at") : source.columns[0].name;
  if (source.kind == Source::Kind::text) return whole_number(column, row[source.columns[0].index]);
  TRY(const Value found, value(source, row));
  if (found.is_number()) {
    constexpr double largest = 999'999'999;  // as many digits as longest_integer says
    const double number = found.as_number();
    if (!(number >= -largest && number <= largest) || number != std::trunc(number))
      return bad_cell(column, row[source.columns[0].index], "is not a whole number");
    return static_cast<std::int64_t>(number);
  }
  if (!found.is_string()) return bad_cell(column, {}, "is not a whole number");
  return whole_number(column, found.as_string());
}

Result<Instant> Mapping::instant(const Cells& row) {
  TRY(const std::int64_t year, integer(time_.year, row));
  TRY(const std::int64_t month, integer(time_.month, row));
  TRY(const std::int64_t day_of_month, integer(time_.day, row));
  const bool in_range =
      year >= 1 && year <= 9999 && month >= 1 && month <= 12 && day_of_month >= 1 && day_of_month <= 31;
  const std::chrono::year_month_day date{std::chrono::year(static_cast<int>(in_range ? year : 0)),
                                         std::chrono::month(static_cast<unsigned>(in_range ? month : 0)),
                                         std::chrono::day(static_cast<unsigned>(in_range ? day_of_month : 0))};
  if (!date.ok()) {
    return Error{ErrorCode::replay_bad_row, std::to_string(year) + "-" + std::to_string(month) + "-" +
                                                std::to_string(day_of_month) + " is no date"};
  }
  Instant at = std::chrono::sys_days(date).time_since_epoch().count() * day + time_.time - time_.offset;
  if (time_.has_plus) {
    TRY(const std::int64_t count, integer(time_.plus, row));
    at += (count - time_.first) * time_.each;
  }
  constexpr Instant limit = 8'640'000'000'000'000;
  if (at < -limit || at > limit) return Error{ErrorCode::replay_bad_row, "the row's instant is out of range"};
  return at;
}

Result<std::string_view> Mapping::visitor(const Cells& row) {
  row_.reset();
  if (row.size() != column_count_) {
    return Error{ErrorCode::replay_bad_row,
                 "the row has " + std::to_string(row.size()) + " cells instead of " + std::to_string(column_count_)};
  }
  TRY(const Value found, value(visitor_, row));
  if (!found.is_string() || found.as_string().empty())
    return Error{ErrorCode::replay_bad_row, "the visitor is not a text"};
  return found.as_string();
}

Result<Value> Mapping::step(const Cells& row) {
  TRY(const Instant at, instant(row));
  *at_ = Value::number(static_cast<double>(at));
  for (const Place& place : places_) {
    TRY(*place.value, value(place.source, row));
  }
  return step_;
}

}  // namespace wayline::cli
