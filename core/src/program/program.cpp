#include "wayline/program.h"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <optional>
#include <string>

#include "program/checksum.h"
#include "program/fields.h"
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

/// Whether the tables follow one another to the end of the file.
bool laid_out(const Tables& tables) {
  std::uint64_t next = program::aligned(sizeof(Header) + program::table_count * sizeof(Section));
  for (std::uint32_t table = 0; table < program::table_count && next <= tables.header().size; ++table) {
    const Section& section = tables.sections()[table];
    if (section.offset != next) return false;
    next = program::aligned(next + std::uint64_t{section.count} * program::layouts[table].record_size);
  }
  return next == tables.header().size;
}

void bind(Tables& tables) {
  const std::byte* bytes = tables.bytes.get();
  const Section* section = tables.sections();
#define WAYLINE_TABLE(name, record) \
  tables.name = {reinterpret_cast<decltype(tables.name.data())>(bytes + section->offset), section->count}; \
  ++section;
  WAYLINE_PROGRAM_TABLES(WAYLINE_TABLE)
#undef WAYLINE_TABLE
}

/// Why the bytes are no program; nothing when they are one, and then `tables` is it.
std::optional<Error> refusal(Tables& tables) {
  const std::size_t size = tables.size;
  if (size < sizeof(Header)) return Error{ErrorCode::program_truncated, "shorter than a program's header"};
  const Header& header = tables.header();
  if (header.magic != program::magic) return Error{ErrorCode::program_malformed, "does not begin as a program does"};
  if (header.version != program::format_version) {
    return Error{ErrorCode::program_version, "built as format " + std::to_string(header.version) + ", this engine reads format " +
                                                 std::to_string(program::format_version)};
  }
  if (header.size > size) return Error{ErrorCode::program_truncated, "shorter than its header says"};
  if (header.size < size || size % 8 != 0) return Error{ErrorCode::program_malformed, "longer than its header says"};
  if (program::checksum_of({tables.bytes.get(), size}) != header.checksum) return Error{ErrorCode::program_checksum, "the checksum does not match"};
  if (header.table_count != program::table_count || !laid_out(tables)) return Error{ErrorCode::program_malformed, "a table lies outside of the file"};
  bind(tables);
  if (!program::verify(tables)) return Error{ErrorCode::program_malformed, "an index leads nowhere"};
  return std::nullopt;
}

}  // namespace

Program::Program(std::unique_ptr<const Tables> tables) : tables_(std::move(tables)) {}
Program::~Program() = default;

Result<std::shared_ptr<const Program>> Program::load(std::span<const std::byte> bytes) {
  Allocation copy(static_cast<std::byte*>(std::malloc(bytes.size() + 1)));
  if (copy == nullptr) return Error{ErrorCode::program_malformed, "larger than the memory"};
  std::copy(bytes.begin(), bytes.end(), copy.get());
  return load(std::move(copy), bytes.size());
}

Result<std::shared_ptr<const Program>> Program::load(Allocation bytes, std::size_t size) {
  if (size > max_program_bytes) return Error{ErrorCode::program_malformed, "larger than this engine loads"};
  auto tables = std::make_unique<Tables>();
  tables->size = size;
  tables->bytes = std::move(bytes);
  if (std::optional<Error> error = refusal(*tables)) return *std::move(error);
  return std::shared_ptr<const Program>(new Program(std::move(tables)));
}

std::string_view Program::site() const { return tables_->view(tables_->site[0].name); }
std::uint64_t Program::hash() const { return tables_->header().checksum; }

std::string_view Program::events_purpose() const {
  const std::uint32_t purpose = tables_->site[0].events_purpose;
  return purpose == program::none ? std::string_view() : tables_->view(tables_->purposes[purpose]);
}

}  // namespace wayline
