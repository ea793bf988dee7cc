// Program: a compiled pack, immutable, shared by any number of engines.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "wayline/result.h"

namespace wayline {

namespace program {
struct Tables;
}

class Program {
 public:
  /// Copies and verifies `bytes`, which are untrusted: every index is checked, nothing is trusted later.
  /// Errors: program.malformed, program.truncated, program.checksum, program.version.
  [[nodiscard]] static Result<std::shared_ptr<const Program>> load(std::span<const std::byte> bytes);
  ~Program();

  [[nodiscard]] std::string_view site() const;
  /// The checksum of the file: two programs with the same hash decide the same.
  [[nodiscard]] std::uint64_t hash() const;
  /// The consent that must be granted before events are stored or sent; empty when none is needed.
  [[nodiscard]] std::string_view events_purpose() const;

  /// For the rooms of the core.
  [[nodiscard]] const program::Tables& tables() const { return *tables_; }

 private:
  explicit Program(std::unique_ptr<const program::Tables> tables);
  std::unique_ptr<const program::Tables> tables_;
};

}  // namespace wayline
