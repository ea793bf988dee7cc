// Whole files in memory, each read again when it changes on disk. For one thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>

namespace wayline::collector {

/// A file as it was at one moment. `etag` is strong: made from the bytes.
struct LoadedFile {
  std::shared_ptr<const std::string> bytes;
  std::string etag;
};

class FileCache {
 public:
  /// The regular file at `path`; null when there is none, it can not be read or exceeds limits::file_bytes. Costs one
  /// stat() while the file is unchanged.
  [[nodiscard]] std::shared_ptr<const LoadedFile> load(const std::filesystem::path& path);

 private:
  /// What changes when a file does, once the clock of the file system has moved on.
  struct Identity {
    std::uint64_t device = 0, inode = 0, size = 0;
    std::int64_t modified_ns = 0, changed_ns = 0;
    bool operator==(const Identity&) const = default;
  };
  struct Entry {
    Identity identity;
    std::shared_ptr<const LoadedFile> file;
  };
  [[nodiscard]] static bool identify(const std::filesystem::path& path, Identity& identity);

  std::map<std::filesystem::path, Entry> entries_;
  std::size_t held_bytes_ = 0;
};

}  // namespace wayline::collector
