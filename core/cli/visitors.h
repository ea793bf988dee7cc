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

class Visitors {
 public:
  explicit Visitors(std::shared_ptr<const Program> program) : engine_(std::move(program)) {}

  /// Goes on from state documents: one JSON document, or one on each line. What is dropped is noted on the console.
  /// Errors: those of Session::restore and of the JSON, with `name` in front.
  [[nodiscard]] Result<Done> restore(std::string_view text, std::string_view name, Console& console);

  /// One step of that visitor, who is new when he is not known; a refused first step leaves no trace.
  [[nodiscard]] Result<Value> step(std::string_view visitor, const Value& input);

  /// One line for each visitor, in the order of their ids: what restore() reads.
  [[nodiscard]] std::string save() const;

  /// Null when there is none of that id.
  [[nodiscard]] Session* find(std::string_view visitor);
  [[nodiscard]] const std::deque<Session>& all() const { return sessions_; }
  [[nodiscard]] Engine& engine() { return engine_; }

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };

  [[nodiscard]] Result<Done> restore_one(std::string_view text, std::string_view name, Console& console);

  Engine engine_;
  std::deque<Session> sessions_;  // stable addresses
  std::unordered_map<std::string, Session*, Hash, std::equal_to<>> by_id_;  // look-up only
  Session* latest_ = nullptr;  // most steps follow one of the same visitor
};

/// The visitor that a line names: its id, or the default one. Error: step.malformed.
[[nodiscard]] Result<std::string_view> visitor_of(const Value& input);

}  // namespace wayline::cli
