// Files of the disk, bounded, with errors that name them.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "wayline/result.h"

namespace wayline::cli {

/// A document of a pack, a mapping, a state: the largest known is a tenth of this. A larger one is a mistake or an
/// attack.
constexpr std::size_t max_document_bytes = std::size_t{16} << 20;
/// As large a program as the engine loads.
constexpr std::size_t max_program_bytes = std::size_t{256} << 20;

/// Whether a read or a write that has just failed may be tried again: it was interrupted, or the descriptor does not block, as those that a shell or
/// another program shares need not; then this waits until it is ready.
[[nodiscard]] bool may_try_again(int descriptor, short events);

/// The whole of a regular file. Error: input.unreadable.
[[nodiscard]] Result<std::string> read_file(const std::string& path, std::size_t limit);

/// Writes beside the file and renames, so that readers see the old one or the new one. Links are followed and stay, as does the mode of a file that is
/// there. Error: output.unwritable.
[[nodiscard]] Result<Done> write_file(const std::string& path, std::string_view bytes);

/// A file or, for "-", standard input, read piece by piece.
class Input {
 public:
  /// Error: input.unreadable.
  [[nodiscard]] static Result<Input> open(const std::string& path);
  Input(Input&& other) noexcept;
  Input& operator=(Input&&) = delete;
  ~Input();

  /// Reads up to `size` bytes, at least one unless the input has ended; sooner than all when a pipe has no more yet.
  [[nodiscard]] Result<std::size_t> read(char* into, std::size_t size);
  [[nodiscard]] const std::string& name() const { return name_; }

 private:
  Input(int descriptor, std::string name) : descriptor_(descriptor), name_(std::move(name)) {}
  int descriptor_;  // owned unless it is standard input
  std::string name_;
};

/// Lines of an input. The last one may lack its line feed; a carriage return before the line feed is dropped.
class LineReader {
 public:
  LineReader(Input input, std::size_t longest);

  enum class Next : std::uint8_t { line, too_long, end, failed };
  /// The next line lives until the next call. Of a line that is too long nothing is kept, reading goes on behind it.
  [[nodiscard]] Next next(std::string_view& line);
  /// Whether next() would have to read: whoever waits for answers must get them before.
  [[nodiscard]] bool is_drained() const;
  /// After Next::failed.
  [[nodiscard]] const Error& error() const { return error_; }
  /// Of the line that next() gave last, from 1.
  [[nodiscard]] std::size_t number() const { return number_; }

 private:
  [[nodiscard]] bool refill();

  Input input_;
  std::size_t longest_;
  std::string buffer_;
  std::size_t at_ = 0;
  std::size_t end_ = 0;
  std::size_t number_ = 0;
  bool at_end_ = false;
  bool skipping_ = false;
  bool failed_ = false;
  Error error_{ErrorCode::input_unreadable, {}};
};

}  // namespace wayline::cli
