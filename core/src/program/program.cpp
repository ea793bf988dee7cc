#include "wayline/program.h"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <string>

#include "base/hash.h"
#include "program/tables.h"
#include "program/verify.h"

namespace wayline {

static_assert(std::endian::native == std::endian::little, "programs are used in place, little-endian");

using program::Header;
using program::Section;
using program::Tables;

namespace {

/// Large enough for 100,000 rules, small enough that a hostile file can not exhaust the page's memory.
constexpr std::size_t max_program_bytes = std::size_t{sizeof(void*) == 4 ? 64 : 256} << 20;

constexpr std::uint32_t section_count = 0
#define WAYLINE_TABLE(name, record) +1
    WAYLINE_PROGRAM_TABLES(WAYLINE_TABLE)
#undef WAYLINE_TABLE
    ;

Error refused(ErrorCode code, const char* what) { return Error{code, what}; }

template <typename Record>
bool bind_table(std::span<const Record>& table, const Section& section, const Tables& tables) {
  const std::uint64_t end = std::uint64_t{section.offset} + std::uint64_t{section.count} * sizeof(Record);
  if (section.offset % 8 != 0 || end > tables.size) return false;
  table = {reinterpret_cast<const Record*>(tables.bytes.get() + section.offset), section.count};
  return true;
}

bool bind_all(Tables& tables) {
  const auto* sections = reinterpret_cast<const Section*>(tables.bytes.get() + sizeof(Header));
#define WAYLINE_TABLE(name, record) \
  if (!bind_table(tables.name, *sections++, tables)) return false;
  WAYLINE_PROGRAM_TABLES(WAYLINE_TABLE)
#undef WAYLINE_TABLE
  return true;
}

}  // namespace

Program::Program(std::unique_ptr<const Tables> tables) : tables_(std::move(tables)) {}
Program::~Program() = default;

Result<std::shared_ptr<const Program>> Program::load(std::span<const std::byte> bytes) {
  Allocation copy(static_cast<std::byte*>(std::malloc(bytes.size() + 1)));
  if (copy == nullptr) return refused(ErrorCode::program_malformed, "larger than the memory");
  std::copy(bytes.begin(), bytes.end(), copy.get());
  return load(std::move(copy), bytes.size());
}

Result<std::shared_ptr<const Program>> Program::load(Allocation bytes, std::size_t size) {
  if (size < sizeof(Header)) return refused(ErrorCode::program_truncated, "shorter than a program's header");
  if (size > max_program_bytes) return refused(ErrorCode::program_malformed, "larger than this engine loads");
  auto tables = std::make_unique<Tables>();
  tables->size = size;
  tables->bytes = std::move(bytes);

  const Header& header = tables->header();
  if (header.magic != program::magic) return refused(ErrorCode::program_malformed, "does not begin as a program does");
  if (header.version != program::format_version) {
    return Error{ErrorCode::program_version, "built as format " + std::to_string(header.version) + ", this engine reads format " +
                                                 std::to_string(program::format_version)};
  }
  if (header.size > size) return refused(ErrorCode::program_truncated, "shorter than its header says");
  if (header.size < size) return refused(ErrorCode::program_malformed, "longer than its header says");
  constexpr std::size_t unhashed = offsetof(Header, version);
  if (hash64({reinterpret_cast<const char*>(tables->bytes.get()) + unhashed, size - unhashed}) != header.checksum) {
    return refused(ErrorCode::program_checksum, "the checksum does not match");
  }
  if (header.section_count != section_count || size < sizeof(Header) + section_count * sizeof(Section) || !bind_all(*tables)) {
    return refused(ErrorCode::program_malformed, "a table lies outside of the file");
  }
  if (!program::verify(*tables)) return refused(ErrorCode::program_malformed, "an index leads nowhere");
  return std::shared_ptr<const Program>(new Program(std::move(tables)));
}

std::string_view Program::site() const { return tables_->view(tables_->site[0].name); }
std::uint64_t Program::hash() const { return tables_->header().checksum; }

std::string_view Program::events_purpose() const {
  const std::uint32_t purpose = tables_->site[0].events_purpose;
  return purpose == program::none ? std::string_view() : tables_->view(tables_->purposes[purpose]);
}

}  // namespace wayline
