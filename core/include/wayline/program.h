// Program: a compiled pack, immutable, shared by any number of engines.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <span>
#include <string_view>

#include "wayline/result.h"

namespace wayline {

namespace program {
struct Tables;
}

struct Free {
  void operator()(void* pointer) const { std::free(pointer); }
};
/// Bytes from std::malloc, so that those from outside of C++ can be taken over.
using Allocation = std::unique_ptr<std::byte, Free>;

class Program {
 public:
  /// Verifies `bytes`, which are untrusted: every index is checked, nothing is trusted later. They are used in place.
  /// Errors: program.malformed, program.truncated, program.checksum, program.version.
  [[nodiscard]] static Result<std::shared_ptr<const Program>> load(Allocation bytes, std::size_t size);
  /// As above, of a copy.
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
