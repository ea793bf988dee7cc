// Reading a mapping file: its keys, its sources, the prepared step.
#include <algorithm>
#include <optional>

#include "base/ascii.h"
#include "base/nearest.h"
#include "cli/mapping.h"
#include "value/json.h"

namespace wayline::cli {
namespace {

constexpr double mapping_version = 1;

/// Reads a pattern of digits such as "##:##:##" into the two-digit numbers it holds.
std::optional<std::vector<int>> read_pairs(std::string_view text, std::string_view pattern) {
  if (text.size() != pattern.size()) return std::nullopt;
  std::vector<int> pairs;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (pattern[i] != '#') {
      if (text[i] != pattern[i]) return std::nullopt;
      continue;
    }
    if (!is_digit(text[i])) return std::nullopt;
    if (i > 0 && pattern[i - 1] == '#') {
      pairs.back() = pairs.back() * 10 + (text[i] - '0');
    } else {
      pairs.push_back(text[i] - '0');
    }
  }
  return pairs;
}

std::optional<Duration> read_time(std::string_view text) {
  const auto parts = read_pairs(text, "##:##:##");
  if (!parts || (*parts)[0] > 23 || (*parts)[1] > 59 || (*parts)[2] > 59) return std::nullopt;
  return (*parts)[0] * hour + (*parts)[1] * minute + (*parts)[2] * second;
}

std::optional<Duration> read_offset(std::string_view text) {
  if (text.empty() || (text[0] != '+' && text[0] != '-')) return std::nullopt;
  const auto parts = read_pairs(text.substr(1), "##:##");
  if (!parts || (*parts)[0] > 18 || (*parts)[1] > 59) return std::nullopt;
  const Duration size = (*parts)[0] * hour + (*parts)[1] * minute;
  return text[0] == '-' ? -size : size;
}

}  // namespace

class MappingReader {
 public:
  MappingReader(Mapping& mapping, const Value& document) : mapping_(mapping), document_(document) {}
  [[nodiscard]] Result<Done> read();

 private:
  [[nodiscard]] Error wrong(std::string_view what) const {
    return {ErrorCode::replay_bad_mapping, mapping_.name_ + ": " + std::string(what)};
  }
  [[nodiscard]] Result<Done> check_keys(const Value& object, std::string_view where,
                                        std::vector<std::string_view> known) const;
  [[nodiscard]] Result<Value> member(const Value& object, std::string_view key, Kind kind) const;
  [[nodiscard]] static bool is_source(const Value& value);
  [[nodiscard]] Result<Source> source(const Value& value, std::string_view where) const;
  [[nodiscard]] Result<Source> pattern(std::string_view text) const;
  [[nodiscard]] Result<Source> source_member(const Value& object, std::string_view key) const;
  [[nodiscard]] Result<Done> read_format();
  [[nodiscard]] Result<Done> read_when();
  [[nodiscard]] Result<Done> read_plus(const Value& plus);
  [[nodiscard]] Result<Done> prepare_step();
  [[nodiscard]] Result<Done> prepare(const Value& value, Value* into);

  Mapping& mapping_;
  const Value& document_;
};

Result<Done> MappingReader::check_keys(const Value& object, std::string_view where,
                                       std::vector<std::string_view> known) const {
  for (const Member& member : object.as_object()) {
    if (std::find(known.begin(), known.end(), member.key) != known.end()) continue;
    std::string message = std::string(where) + " has no key `" + std::string(member.key) + "`";
    if (const std::string_view near = nearest(member.key, known); !near.empty())
      message.append("; did you mean `").append(near).append("`?");
    return wrong(message);
  }
  return Done{};
}

Result<Value> MappingReader::member(const Value& object, std::string_view key, Kind kind) const {
  const Value value = object.get(key);
  if (value.is_missing()) return wrong("`" + std::string(key) + "` is missing");
  if (value.kind() != kind) return wrong("`" + std::string(key) + "` has the wrong type");
  return value;
}

bool MappingReader::is_source(const Value& value) {
  if (!value.is_object()) return false;
  const auto members = value.as_object();
  return (!value.get("column").is_missing() || !value.get("template").is_missing()) &&
         std::all_of(members.begin(), members.end(), [](const Member& member) {
           return member.key == "column" || member.key == "as" || member.key == "table" || member.key == "template";
         });
}

Result<Source> MappingReader::pattern(std::string_view text) const {
  Source result;
  result.kind = Source::Kind::pattern;
  for (std::size_t at = 0;;) {
    const std::size_t open = text.find('{', at);
    result.literals.push_back(text.substr(at, open == std::string_view::npos ? open : open - at));
    if (open == std::string_view::npos) return result;
    const std::size_t close = text.find('}', open);
    if (close == std::string_view::npos)
      return wrong("the template \"" + std::string(text) + "\" lacks a closing brace");
    result.columns.push_back({text.substr(open + 1, close - open - 1)});
    at = close + 1;
  }
}

Result<Source> MappingReader::source(const Value& value, std::string_view where) const {
  if (!is_source(value)) return wrong("`" + std::string(where) + "` is no source: it names a `column` or a `template`");
  if (!value.get("template").is_missing()) {
    if (value.as_object().size() != 1) return wrong("a `template` stands alone");
    TRY(const Value text, member(value, "template", Kind::string));
    return pattern(text.as_string());
  }
  TRY(const Value column, member(value, "column", Kind::string));
  Source result;
  result.columns.push_back({column.as_string()});
  const Value as = value.get("as");
  if (!as.is_missing()) {
    if (!as.is_string() || as.as_string() != "number") return wrong("`as` can only be \"number\"");
    if (!value.get("table").is_missing()) return wrong("a source has `as` or `table`, not both");
    result.kind = Source::Kind::number;
  } else if (!value.get("table").is_missing()) {
    TRY(const Value table, member(value, "table", Kind::string));
    result.kind = Source::Kind::table;
    result.table_name = table.as_string();
    result.table = document_.get("tables").get(result.table_name);
    if (!result.table.is_object()) return wrong("there is no table `" + std::string(result.table_name) + "`");
  }
  return result;
}

Result<Source> MappingReader::source_member(const Value& object, std::string_view key) const {
  TRY(const Value value, member(object, key, Kind::object));
  return source(value, key);
}

Result<Done> MappingReader::read_format() {
  TRY(const Value format, member(document_, "format", Kind::string));
  if (format.as_string() != "csv") return wrong("`format` can only be \"csv\"");
  TRY(const Value version, member(document_, "version", Kind::number));
  if (version.as_number() != mapping_version) return wrong("`version` can only be 1");
  TRY(const Value separator, member(document_, "separator", Kind::string));
  const std::string_view text = separator.as_string();
  if (text.size() != 1 || static_cast<unsigned char>(text[0]) > 0x7E || text[0] == '"' || text[0] == '\n' ||
      text[0] == '\r') {
    return wrong("`separator` is one ASCII character, and no quote or line end");
  }
  mapping_.separator_ = text[0];
  TRY(const Value header, member(document_, "header", Kind::boolean));
  mapping_.has_header_ = header.as_boolean();
  const Value tables = document_.get("tables");
  if (!tables.is_missing() && !tables.is_object()) return wrong("`tables` has the wrong type");
  for (const Member& table : tables.is_object() ? tables.as_object() : std::span<const Member>()) {
    if (!table.value.is_object()) return wrong("the table `" + std::string(table.key) + "` is no object");
    for (const Member& entry : table.value.as_object()) {
      if (entry.value.is_list() || entry.value.is_object())
        return wrong("the table `" + std::string(table.key) + "` holds more than texts, numbers, booleans and null");
    }
  }
  return Done{};
}

Result<Done> MappingReader::read_plus(const Value& plus) {
  SourceTime& when = mapping_.time_;
  TRY([[maybe_unused]] const Done known, check_keys(plus, "`plus`", {"column", "first", "each"}));
  TRY(const Value column, member(plus, "column", Kind::string));
  TRY(const Value first, member(plus, "first", Kind::number));
  TRY(const Value each, member(plus, "each", Kind::string));
  const auto duration = parse_duration(each.as_string());
  if (!duration) return wrong("`each` is a duration such as \"30s\"");
  constexpr double largest = 1e9;  // as many digits as a cell may have
  if (!(first.as_number() >= -largest && first.as_number() <= largest)) return wrong("`first` is out of range");
  when.has_plus = true;
  when.plus.columns.push_back({column.as_string()});
  when.first = static_cast<std::int64_t>(first.as_number());
  when.each = *duration;
  return Done{};
}

Result<Done> MappingReader::read_when() {
  SourceTime& when = mapping_.time_;
  TRY(const Value at, member(document_, "at", Kind::object));
  TRY([[maybe_unused]] const Done known, check_keys(at, "`at`", {"year", "month", "day", "time", "offset", "plus"}));
  TRY(when.year, source_member(at, "year"));
  TRY(when.month, source_member(at, "month"));
  TRY(when.day, source_member(at, "day"));
  TRY(const Value time, member(at, "time", Kind::string));
  TRY(const Value offset, member(at, "offset", Kind::string));
  const auto since_midnight = read_time(time.as_string());
  if (!since_midnight) return wrong("`time` is a time of day such as \"10:00:00\"");
  const auto from_utc = read_offset(offset.as_string());
  if (!from_utc) return wrong("`offset` is a distance from UTC such as \"+02:00\"");
  when.time = *since_midnight;
  when.offset = *from_utc;
  if (at.get("plus").is_missing()) return Done{};
  TRY(const Value plus, member(at, "plus", Kind::object));
  return read_plus(plus);
}

Result<Done> MappingReader::prepare(const Value& value, Value* into) {
  if (is_source(value)) {
    TRY(Source found, source(value, "step"));
    mapping_.places_.push_back({std::move(found), into});
    return Done{};
  }
  *into = value;
  if (value.is_list()) {
    const auto items = value.as_list();
    Value* copies = mapping_.document_->allocate<Value>(items.size());
    for (std::size_t i = 0; i < items.size(); ++i) {
      copies[i] = Value();
      TRY([[maybe_unused]] const Done done, prepare(items[i], &copies[i]));
    }
    *into = Value::list({copies, items.size()});
  } else if (value.is_object()) {
    const auto members = value.as_object();
    Member* copies = mapping_.document_->allocate<Member>(members.size());
    for (std::size_t i = 0; i < members.size(); ++i) {
      copies[i] = {members[i].key, Value()};
      TRY([[maybe_unused]] const Done done, prepare(members[i].value, &copies[i].value));
    }
    *into = Value::object({copies, members.size()});
  }
  return Done{};
}

Result<Done> MappingReader::prepare_step() {
  TRY(const Value step, member(document_, "step", Kind::object));
  for (const std::string_view taken : {"at", "id", "visitor"}) {
    if (!step.get(taken).is_missing())
      return wrong("`step` can not have `" + std::string(taken) + "`: that is a key of the mapping");
  }
  TRY(mapping_.visitor_, source_member(document_, "visitor"));
  TRY(Source id, source_member(document_, "id"));
  const auto members = step.as_object();
  Member* prepared = mapping_.document_->allocate<Member>(members.size() + 2);
  prepared[0] = {"at", Value::number(0)};
  prepared[1] = {"id", Value()};
  mapping_.at_ = &prepared[0].value;
  mapping_.places_.push_back({std::move(id), &prepared[1].value});
  for (std::size_t i = 0; i < members.size(); ++i) {
    prepared[i + 2] = {members[i].key, Value()};
    TRY([[maybe_unused]] const Done done, prepare(members[i].value, &prepared[i + 2].value));
  }
  mapping_.step_ = Value::object({prepared, members.size() + 2});
  return Done{};
}

Result<Done> MappingReader::read() {
  if (!document_.is_object()) return wrong("a mapping is an object");
  TRY([[maybe_unused]] const Done known,
      check_keys(document_, "a mapping",
                 {"format", "version", "separator", "header", "tables", "visitor", "id", "at", "step"}));
  TRY([[maybe_unused]] const Done format, read_format());
  TRY([[maybe_unused]] const Done when, read_when());
  return prepare_step();
}

Result<Mapping> Mapping::read(std::string_view text, std::string_view name) {
  Mapping mapping;
  mapping.name_ = name;
  // The values point into the text, which therefore lives as long as the mapping.
  auto document = read_json(mapping.document_->copy(text), *mapping.document_, {.comments = true});
  if (!document.ok()) return Error{document.error().code, mapping.name_ + ": " + document.error().message};
  TRY([[maybe_unused]] const Done done, MappingReader(mapping, document.value()).read());
  return mapping;
}

}  // namespace wayline::cli
