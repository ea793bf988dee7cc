// Commands that answer each line of JSON with a line of JSON: run and eval.
#pragma once

#include <functional>
#include <string_view>

#include "cli/console.h"
#include "cli/files.h"

namespace wayline::cli {

/// Answers one line by writing one; false when the answer is an error.
using AnswerLine = std::function<bool(std::string_view line)>;

/// Calls `answer` for each line of the input; never stops early. A line that is too long is answered with
/// json.too_large. Whoever writes one line and waits for its answer gets it. Exit::findings when an answer was an
/// error.
[[nodiscard]] Exit answer_lines(Input input, std::size_t longest_line, Console& console, const AnswerLine& answer);

/// Writes `{"error": …}` as one line.
void write_error(const Error& error, Console& console);

}  // namespace wayline::cli
