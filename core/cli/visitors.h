// The visitors of one run: a session for each, in the order of their first steps, found by id.
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "cli/console.h"
#include "wayline/session.h"

namespace wayline::cli {

/// The visitor of a step that names none.
constexpr std::string_view default_visitor = "visitor";
/// Of a line with a step: an event holds at most 32 KiB of text, and written with escapes that is six times as much.
constexpr std::size_t max_step_line_bytes = 1 << 20;
/// As deep as what crosses from a page, so that native and wasm refuse the same.
constexpr std::uint32_t max_step_depth = 64;
/// The states of all visitors in one file.
constexpr std::size_t max_states_bytes = std::size_t{1} << 30;

class Visitors {
 public:
  explicit Visitors(std::shared_ptr<const Program> program) : engine_(std::move(program)) {}

  /// Goes on from state documents: one JSON document, or one on each line. What is dropped is noted on the console.
  /// Errors: those of Session::restore and of the JSON, with `name` in front.
  [[nodiscard]] Result<Done> restore(std::string_view text, std::string_view name, Console& console);

  /// The same from a file. Errors: input.unreadable as well.
  [[nodiscard]] Result<Done> restore_file(std::string_view path, Console& console);

  /// One step of that visitor, who is new when he is not known; a refused first step leaves no trace.
  [[nodiscard]] Result<Value> step(std::string_view visitor, const Value& input);
  /// The same, with the narrow answer.
  [[nodiscard]] Result<Outcome> advance(std::string_view visitor, const Value& input);

  /// One line for each visitor, in the order of their ids: what restore() reads.
  [[nodiscard]] std::string save() const;

  /// The session of that visitor, made when there is none.
  [[nodiscard]] Session& of(std::string_view visitor);
  /// Null when there is none of that id.
  [[nodiscard]] Session* find(std::string_view visitor);
  [[nodiscard]] const std::deque<Session>& all() const { return sessions_; }
  [[nodiscard]] Engine& engine() { return engine_; }

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };

  template <typename Answer>
  [[nodiscard]] Result<Answer> ask(std::string_view visitor, const Value& input, Result<Answer> (Session::*question)(const Value&));
  [[nodiscard]] Result<Done> restore_one(std::string_view text, std::string_view name, Console& console);

  Engine engine_;
  std::deque<Session> sessions_;                                            // stable addresses
  std::unordered_map<std::string, Session*, Hash, std::equal_to<>> by_id_;  // look-up only
  Session* latest_ = nullptr;                                               // most steps follow one of the same visitor
};

/// A line of `wayline run`.
struct StepLine {
  std::string_view visitor;
  Value input;
};
/// Both live in `arena`. Errors: the JSON's own, step.malformed.
[[nodiscard]] Result<StepLine> read_step_line(std::string_view line, Arena& arena);

}  // namespace wayline::cli
