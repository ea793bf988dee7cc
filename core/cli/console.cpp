#include "cli/console.h"

#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <iterator>

#include "base/utf.h"
#include "cli/files.h"
#include "cli/text.h"
#include "value/json.h"

namespace wayline::cli {
namespace {

/// Large enough that writing costs nothing beside making the text.
constexpr std::size_t output_buffer_bytes = 64 * 1024;

constexpr std::string_view style_codes[] = {"\x1b[1m", "\x1b[1;32m", "\x1b[1;31m", "\x1b[36m"};
constexpr std::string_view style_end = "\x1b[0m";
constexpr std::string_view erase_line = "\r\x1b[K";

/// https://no-color.org, and terminals that say they are none.
bool wants_colour() {
  const char* refused = std::getenv("NO_COLOR");
  const char* terminal = std::getenv("TERM");
  return (refused == nullptr || *refused == '\0') && (terminal == nullptr || std::string_view(terminal) != "dumb");
}

}  // namespace

Output::Output(int descriptor) : descriptor_(descriptor), is_terminal_(isatty(descriptor) == 1) {}

void Output::write(std::string_view text) {
  buffer_ += text;
  if (buffer_.size() >= output_buffer_bytes) flush();
}

void Output::flush() {
  std::string_view rest = buffer_;
  while (!rest.empty() && !failed_) {
    const ssize_t written = ::write(descriptor_, rest.data(), rest.size());
    if (written < 0 && may_try_again(descriptor_, POLLOUT)) continue;
    if (written < 0) {
      failed_ = true;
    } else {
      rest.remove_prefix(static_cast<std::size_t>(written));
    }
  }
  buffer_.clear();
}

Console::Console(Output& out, Output& error)
    : out_(out),
      error_(error),
      colour_(out.is_terminal() && wants_colour()),
      error_colour_(error.is_terminal() && wants_colour()) {}

std::string Console::styled(Style style, std::string_view text) const {
  if (!colour_) return std::string(text);
  return std::string(style_codes[static_cast<std::size_t>(style)]).append(text).append(style_end);
}

void Console::write(std::string_view text) {
  if (out_.is_terminal()) return out_.write(harmless(text));
  if (!json_ || valid_utf8(text)) return out_.write(text);
  std::string well_formed;  // the name of a file may be any bytes, JSON may not
  append_well_formed(text, well_formed);
  out_.write(well_formed);
}

void Console::write_value(const Value& value) {
  std::string text;
  write_json(value, text);
  text += '\n';
  write(text);
}

void Console::note(std::string_view text) {
  progress({});
  out_.flush();  // so that both streams keep their order on one terminal
  error_.write(error_.is_terminal() ? harmless(text) : std::string(text));
  error_.flush();
}

Exit Console::refuse(const Error& error) {
  if (json_) {
    Arena arena;
    ObjectBuilder object(arena);
    write_value(object.add("error", error_value(error, arena)).build());
    return Exit::unusable;
  }
  const std::string_view word = "wayline:";
  std::string text = error_colour_ ? std::string("\x1b[1;31m").append(word).append(style_end) : std::string(word);
  text.append(" ").append(error.message).append(" [").append(code_text(error.code)).append("]\n");
  note(text);
  return Exit::unusable;
}

Exit Console::misuse(std::string_view command, std::string_view message) {
  std::string text(message);
  text.append("; see `wayline help").append(command.empty() ? "" : " ").append(command).append("`");
  return refuse({ErrorCode::usage, text});
}

void Console::progress(std::string_view text) {
  if (!error_.is_terminal() || (text.empty() && !shows_progress_)) return;
  shows_progress_ = !text.empty();
  error_.write(erase_line);
  error_.write(text);
  error_.flush();
}

Value error_value(const Error& error, Arena& arena) {
  ObjectBuilder object(arena);
  return object.text("code", code_text(error.code))
      .text("message", arena.copy(error.message))
      .build();
}

}  // namespace wayline::cli
