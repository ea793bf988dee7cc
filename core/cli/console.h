// How a command speaks: standard output and error, text or JSON, colour and progress only on a terminal.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "wayline/error.h"
#include "wayline/value.h"

namespace wayline::cli {

/// What the process ends with (design 9).
enum class Exit : std::uint8_t {
  fine = 0,
  findings = 1,  // findings of a check, failed tests, refused lines
  unusable = 2,  // bad usage, unreadable input
};

/// Collects text and writes it in large pieces to a file descriptor, which it does not own.
class Output {
 public:
  explicit Output(int descriptor);
  ~Output() { flush(); }
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;

  void write(std::string_view text);
  void flush();
  [[nodiscard]] bool is_terminal() const { return is_terminal_; }
  /// Something could not be written: a full disk, a closed pipe.
  [[nodiscard]] bool failed() const { return failed_; }

 private:
  int descriptor_;
  bool is_terminal_;
  bool failed_ = false;
  std::string buffer_;
};

enum class Style : std::uint8_t { bold, good, bad, name };

class Console {
 public:
  Console(Output& out, Output& error);

  /// `--json` was given: results and errors are JSON on standard output.
  void use_json() { json_ = true; }
  [[nodiscard]] bool json() const { return json_; }
  [[nodiscard]] bool colour() const { return colour_; }
  [[nodiscard]] Output& out() { return out_; }

  /// The text in a style when standard output is a terminal, else as it is.
  [[nodiscard]] std::string styled(Style style, std::string_view text) const;
  void write(std::string_view text);
  /// The value as one line of canonical JSON.
  void write_value(const Value& value);

  /// For people, beside the result: what is going on, warnings.
  void note(std::string_view text);
  /// Reports why the command can not do its work. Always Exit::unusable, so that callers can return it.
  Exit refuse(const Error& error);
  /// As refuse(), for a wrong call of `command`: one line that says what would be right.
  Exit misuse(std::string_view command, std::string_view message);

  /// Shows a line that the next one replaces, when standard error is a terminal; an empty text removes it.
  void progress(std::string_view text);

 private:
  Output& out_;
  Output& error_;
  bool json_ = false;
  bool colour_;
  bool error_colour_;
  bool shows_progress_ = false;
};

/// `{"code": …, "message": …}`, in `arena`.
[[nodiscard]] Value error_value(const Error& error, Arena& arena);

}  // namespace wayline::cli
