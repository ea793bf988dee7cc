#include "collector/file_cache.h"

#include <sys/stat.h>

#include <array>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <string_view>
#include <utility>

#include "base/hash.h"
#include "collector/limits.h"

namespace wayline::collector {

namespace {

std::string etag_of(std::string_view bytes) {
  std::array<char, 40> text;
  const int length = std::snprintf(text.data(), text.size(), "\"%016llx-%zx\"",
                                   static_cast<unsigned long long>(hash64(bytes)), bytes.size());
  return {text.data(), static_cast<std::size_t>(length)};
}

std::int64_t nanoseconds(const timespec& time) { return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec; }

std::int64_t now_ns() {
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  return nanoseconds(now);
}

/// File times advance with the kernel's tick, 1 to 10 ms; ten of the longest are on the safe side.
constexpr std::int64_t settled_after_ns = 100'000'000;

}  // namespace

bool FileCache::identify(const std::filesystem::path& path, Identity& identity) {
  struct stat status {};
  if (stat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return false;
  identity = {status.st_dev, status.st_ino, static_cast<std::uint64_t>(status.st_size), nanoseconds(status.st_mtim),
              nanoseconds(status.st_ctim)};
  return identity.size <= limits::file_bytes;
}

std::shared_ptr<const LoadedFile> FileCache::load(const std::filesystem::path& path) {
  Identity identity;
  if (!identify(path, identity)) return nullptr;
  const auto known = entries_.find(path);
  if (known != entries_.end() && known->second.identity == identity) return known->second.file;

  std::string bytes(identity.size, '\0');
  std::ifstream stream(path, std::ios::binary);
  if (!stream.read(bytes.data(), static_cast<std::streamsize>(bytes.size()))) return nullptr;
  auto file = std::make_shared<LoadedFile>();
  file->etag = etag_of(bytes);
  file->bytes = std::make_shared<const std::string>(std::move(bytes));

  // Only a file that stood still is remembered: one that changed as it was read, or so shortly before that another
  // change could carry the same time, is read again at the next use.
  Identity afterwards;
  if (!identify(path, afterwards) || !(afterwards == identity)) return file;
  if (now_ns() - identity.changed_ns < settled_after_ns) return file;
  if (held_bytes_ + identity.size > limits::cached_file_bytes) {
    entries_.clear();
    held_bytes_ = 0;
  }
  Entry& entry = entries_[path];
  if (entry.file) held_bytes_ -= entry.identity.size;
  held_bytes_ += identity.size;
  entry = {identity, file};
  return file;
}

}  // namespace wayline::collector
