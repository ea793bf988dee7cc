#include "program/writer.h"

#include <algorithm>
#include <cstring>

#include "program/checksum.h"

namespace wayline::program {

Text Writer::intern(std::string_view string) {
  const auto found = interned_.find(string);
  if (found != interned_.end()) return found->second;
  const Text result{static_cast<std::uint32_t>(text.size()), static_cast<std::uint32_t>(string.size())};
  text.insert(text.end(), string.begin(), string.end());
  interned_.emplace(std::string(string), result);
  return result;
}

Range Writer::intern_all(const std::vector<std::string>& strings) {
  const auto [run, fresh] = interned_runs_.emplace(strings, Range{});
  if (!fresh) return run->second;
  return run->second = appended(texts, [&] {
    for (const std::string& string : strings) texts.push_back(intern(string));
  });
}

Range Writer::intern_all(std::span<const Cap> run) {
  const auto [place, fresh] = interned_caps_.emplace(std::string(reinterpret_cast<const char*>(run.data()), run.size_bytes()), Range{});
  if (!fresh) return place->second;
  return place->second = appended(caps, [&] { caps.insert(caps.end(), run.begin(), run.end()); });
}

std::uint32_t Writer::intern(const Terms& shared) {
  const auto [place, fresh] = interned_terms_.emplace(std::string(reinterpret_cast<const char*>(&shared), sizeof shared), static_cast<std::uint32_t>(terms.size()));
  if (fresh) terms.push_back(shared);
  return place->second;
}

Range Writer::add_constants(std::span<const Value> values) {
  const Range run{static_cast<std::uint32_t>(constants.size()), static_cast<std::uint32_t>(values.size())};
  constants.resize(constants.size() + values.size());
  for (std::uint32_t i = 0; i < run.count; ++i) {
    const Constant record = constant_of(values[i]);
    constants[run.first + i] = record;
  }
  return run;
}

std::uint8_t Writer::height_above(Range parts) const {
  std::uint8_t highest = 0;
  for (std::uint32_t i = parts.first; i < parts.first + parts.count; ++i) highest = std::max(highest, constants[i].height);
  return static_cast<std::uint8_t>(highest + 1);
}

Constant Writer::constant_of(const Value& value) {
  Constant record{};
  record.kind = static_cast<std::uint8_t>(value.kind());
  switch (value.kind()) {
    case Kind::missing:
    case Kind::null: break;
    case Kind::boolean: record.size = value.as_boolean() ? 1 : 0; break;
    case Kind::number: record.number = value.as_number(); break;
    case Kind::string: {
      const Text place = intern(value.as_string());
      record.first = place.first;
      record.size = place.size;
      break;
    }
    case Kind::list: {
      const Range run = add_constants(value.as_list());
      record.first = run.first;
      record.size = run.count;
      record.height = height_above(run);
      break;
    }
    case Kind::object: {
      std::vector<Value> values;
      for (const Member& member : value.as_object()) values.push_back(member.value);
      const Range run = add_constants(values);
      record.size = run.count;
      record.height = height_above(run);
      record.first = static_cast<std::uint32_t>(members.size());
      for (std::uint32_t i = 0; i < run.count; ++i) members.push_back({intern(value.as_object()[i].key), run.first + i});
      break;
    }
  }
  return record;
}

std::vector<std::byte> Writer::finish() const {
  std::vector<std::byte> file(aligned(sizeof(Header) + table_count * sizeof(Section)));
  std::vector<Section> sections;
  const auto append = [&](const auto& table) {
    const std::size_t size = table.size() * sizeof(table[0]);
    const std::size_t offset = file.size();
    sections.push_back({static_cast<std::uint32_t>(offset), static_cast<std::uint32_t>(table.size())});
    file.resize(aligned(offset + size));
    if (size > 0) std::memcpy(file.data() + offset, table.data(), size);
  };
#define WAYLINE_TABLE(name, record) append(name);
  WAYLINE_PROGRAM_TABLES(WAYLINE_TABLE)
#undef WAYLINE_TABLE
  std::memcpy(file.data() + sizeof(Header), sections.data(), sections.size() * sizeof(Section));

  Header header{magic, 0, format_version, static_cast<std::uint32_t>(file.size()), table_count, 0};
  std::memcpy(file.data(), &header, sizeof header);
  header.checksum = checksum_of(file);
  std::memcpy(file.data(), &header, sizeof header);
  return file;
}

}  // namespace wayline::program
