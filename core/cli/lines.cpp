#include "cli/lines.h"

#include <string>
#include <utility>

namespace wayline::cli {

void write_error(const Error& error, Console& console) {
  Arena arena;
  ObjectBuilder object(arena);
  console.write_value(object.add("error", error_value(error, arena)).build());
}

Exit answer_lines(Input input, std::size_t longest_line, Console& console, const AnswerLine& answer) {
  LineReader reader(std::move(input), longest_line);
  bool all_fine = true;
  for (;;) {
    if (reader.is_drained()) console.out().flush();
    std::string_view line;
    switch (reader.next(line)) {
      case LineReader::Next::line:
        all_fine = answer(line) && all_fine;
        break;
      case LineReader::Next::too_long:
        write_error(
            {ErrorCode::json_too_large, "the line is longer than " + std::to_string(longest_line >> 20) + " MiB"},
            console);
        all_fine = false;
        break;
      case LineReader::Next::end:
        return all_fine ? Exit::fine : Exit::findings;
      case LineReader::Next::failed:
        return console.refuse(reader.error());
    }
  }
}

}  // namespace wayline::cli
