#include "cli/files.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

namespace wayline::cli {
namespace {

constexpr std::size_t read_bytes = 64 * 1024;  // of lines, at a time: few calls, and still in the cache
constexpr int max_links = 40;                 // one after another, as in Linux

Error unreadable(std::string_view path, std::string_view why) {
  return {ErrorCode::input_unreadable, std::string(path).append(": ").append(why)};
}

Error unwritable(std::string_view path, std::string_view why) {
  return {ErrorCode::output_unwritable, std::string(path).append(": ").append(why)};
}

std::string reason(int number) { return std::generic_category().message(number); }

/// Where the links lead of which `path` is the first; a file need not be there yet.
std::filesystem::path followed(std::filesystem::path path) {
  std::error_code failure;
  for (int links = 0; links < max_links && std::filesystem::is_symlink(path, failure); ++links) {
    path = path.parent_path() / std::filesystem::read_symlink(path, failure);
  }
  return path;
}

/// Writes all bytes and closes. The reason when that fails.
std::string write_all(int descriptor, std::string_view bytes) {
  std::string why;
  while (!bytes.empty() && why.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(written));
    } else if (!may_try_again(descriptor, POLLOUT)) {
      why = reason(errno);
    }
  }
  if (::close(descriptor) != 0 && why.empty()) why = reason(errno);
  return why;
}

}  // namespace

bool may_try_again(int descriptor, short events) {
  if (errno == EINTR) return true;
  pollfd waited{descriptor, events, 0};
  return errno == EAGAIN && (::poll(&waited, 1, -1) > 0 || errno == EINTR);
}

Result<std::string> read_file(const std::string& path, std::size_t limit) {
  std::error_code failure;
  const auto status = std::filesystem::status(path, failure);
  if (status.type() == std::filesystem::file_type::not_found) return unreadable(path, "no such file or folder");
  if (failure) return unreadable(path, failure.message());
  if (std::filesystem::is_directory(status)) return unreadable(path, "is a folder, not a file");
  if (!std::filesystem::is_regular_file(status)) return unreadable(path, "is not a regular file");
  TRY(Input input, Input::open(path));
  std::string text;
  // One byte more than there is: whether it is there tells the end.
  text.reserve(std::min<std::size_t>(std::filesystem::file_size(path, failure), limit) + 1);
  for (;;) {
    const std::size_t size = text.size();
    text.resize(std::max(text.capacity(), size + 1));
    TRY(const std::size_t got, input.read(text.data() + size, text.size() - size));
    text.resize(size + got);
    if (text.size() > limit) return unreadable(path, "is larger than " + std::to_string(limit >> 20) + " MiB");
    if (got == 0) return text;
  }
}

Result<Done> write_file(const std::string& path, std::string_view bytes) {
  std::error_code failure;
  const auto status = std::filesystem::status(path, failure);
  if (failure == std::errc::too_many_symbolic_link_levels) return unwritable(path, failure.message());
  // A device or a pipe can not be replaced by renaming.
  const bool exists = std::filesystem::exists(status), in_place = exists && !std::filesystem::is_regular_file(status);
  const std::string target = in_place ? path : followed(path).string();
  const std::string written = in_place ? path : target + ".part-" + std::to_string(::getpid());
  const mode_t mode = exists && !in_place ? static_cast<mode_t>(status.permissions()) : 0666;
  const int descriptor = ::open(written.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
  if (descriptor < 0) return unwritable(path, reason(errno));
  // Whoever may not read the old one is not to read the new one; a file system that knows no modes has none to keep.
  if (exists && !in_place) ::fchmod(descriptor, mode);
  std::string why = write_all(descriptor, bytes);
  if (in_place && why.empty()) return Done{};
  if (why.empty() && ::rename(written.c_str(), target.c_str()) != 0) why = reason(errno);
  if (why.empty()) return Done{};
  if (!in_place) ::unlink(written.c_str());
  return unwritable(path, why);
}

Result<Input> Input::open(const std::string& path) {
  if (path == "-") return Input(STDIN_FILENO, "standard input");
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return unreadable(path, errno == ENOENT ? "no such file or folder" : reason(errno));
  return Input(descriptor, path);
}

Input::Input(Input&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, STDIN_FILENO)), name_(std::move(other.name_)) {}

Input::~Input() {
  if (descriptor_ != STDIN_FILENO) ::close(descriptor_);
}

Result<std::size_t> Input::read(char* into, std::size_t size) {
  for (;;) {
    const ssize_t got = ::read(descriptor_, into, size);
    if (got >= 0) return static_cast<std::size_t>(got);
    if (!may_try_again(descriptor_, POLLIN)) return unreadable(name_, reason(errno));
  }
}

LineReader::LineReader(Input input, std::size_t longest) : input_(std::move(input)), longest_(longest) {}

bool LineReader::is_drained() const { return std::memchr(buffer_.data() + at_, '\n', end_ - at_) == nullptr; }

bool LineReader::refill() {
  // What is left moves to the front, so the buffer never grows beyond one line and one read.
  std::memmove(buffer_.data(), buffer_.data() + at_, end_ - at_);
  end_ -= at_;
  at_ = 0;
  if (buffer_.size() < end_ + read_bytes) buffer_.resize(end_ + read_bytes);
  auto got = input_.read(buffer_.data() + end_, buffer_.size() - end_);
  if (!got.ok()) {
    error_ = got.error();
    failed_ = true;
    return false;
  }
  end_ += got.value();
  at_end_ = got.value() == 0;
  return true;
}

LineReader::Next LineReader::next(std::string_view& line) {
  std::size_t looked = 0;
  for (;;) {
    const char* start = buffer_.data() + at_;
    const auto* feed = static_cast<const char*>(std::memchr(start + looked, '\n', end_ - at_ - looked));
    if (feed != nullptr || (at_end_ && at_ < end_)) {
      const std::size_t size = feed != nullptr ? static_cast<std::size_t>(feed - start) : end_ - at_;
      at_ += size + (feed != nullptr ? 1 : 0);
      ++number_;
      const bool too_long = std::exchange(skipping_, false) || size > longest_;
      line = {start, size};
      if (line.ends_with('\r')) line.remove_suffix(1);
      return too_long ? Next::too_long : Next::line;
    }
    if (at_end_) {
      if (!std::exchange(skipping_, false)) return Next::end;
      ++number_;
      return Next::too_long;
    }
    looked = end_ - at_;
    if (looked > longest_) {
      skipping_ = true;
      at_ = end_ = looked = 0;
    }
    if (failed_ || !refill()) return Next::failed;
  }
}

}  // namespace wayline::cli
