#include "cli/visitors.h"

#include <algorithm>

#include "cli/files.h"
#include "engine/outcome.h"
#include "value/json.h"

namespace wayline::cli {

Result<StepLine> read_step_line(std::string_view line, Arena& arena) {
  TRY(const Value input, read_json(line, arena, {.depth = max_step_depth}));
  const Value visitor = input.get("visitor");
  if (visitor.is_nothing()) return StepLine{default_visitor, input};
  if (!visitor.is_string() || visitor.as_string().empty()) {
    return Error{ErrorCode::step_malformed, "`visitor` must be a text that is not empty"};
  }
  return StepLine{visitor.as_string(), input};
}

Session* Visitors::find(std::string_view visitor) {
  if (latest_ != nullptr && latest_->visitor() == visitor) return latest_;
  const auto found = by_id_.find(visitor);
  return found == by_id_.end() ? nullptr : latest_ = found->second;
}

Session& Visitors::of(std::string_view visitor) {
  if (Session* known = find(visitor)) return *known;
  latest_ = &sessions_.emplace_back(engine_, std::string(visitor));
  by_id_.emplace(visitor, latest_);
  return *latest_;
}

template <typename Answer>
Result<Answer> Visitors::ask(std::string_view visitor, const Value& input, Result<Answer> (Session::*question)(const Value&)) {
  if (Session* known = find(visitor)) return (known->*question)(input);
  Session session(engine_, std::string(visitor));
  auto answer = (session.*question)(input);
  if (!answer.ok()) return answer;
  latest_ = &sessions_.emplace_back(std::move(session));
  by_id_.emplace(visitor, latest_);
  return answer;
}

Result<Value> Visitors::step(std::string_view visitor, const Value& input) { return ask<Value>(visitor, input, &Session::step); }
Result<Outcome> Visitors::advance(std::string_view visitor, const Value& input) { return ask<Outcome>(visitor, input, &Session::advance); }

Result<Done> Visitors::restore_one(std::string_view text, std::string_view name, Console& console) {
  const auto named = [name](const Error& error) { return Error{error.code, std::string(name) + ": " + error.message}; };
  Arena arena;
  const auto document = read_json(text, arena);
  if (!document.ok()) return named(document.error());
  std::vector<std::string> dropped;
  auto session = Session::restore(engine_, document.value(), dropped);
  if (!session.ok()) return named(session.error());
  std::string id(session.value().visitor());
  if (find(id) != nullptr) return named({ErrorCode::state_malformed, "two states of the visitor \"" + id + "\""});
  for (const std::string& what : dropped)
    console.note("wayline: " + std::string(name) + ": visitor \"" + id + "\": dropped " + what + "\n");
  latest_ = &sessions_.emplace_back(std::move(session).value());
  by_id_.emplace(std::move(id), latest_);
  return Done{};
}

Result<Done> Visitors::restore(std::string_view text, std::string_view name, Console& console) {
  Arena arena;
  if (read_json(text, arena).ok()) return restore_one(text, name, console);
  // Not one document, so one on each line; an error then names the line.
  for (std::size_t line = 1; !text.empty(); ++line) {
    const std::size_t end = text.find('\n');
    const std::string_view document = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (document.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    TRY([[maybe_unused]] const Done done,
        restore_one(document, std::string(name) + ":" + std::to_string(line), console));
  }
  return Done{};
}

Result<Done> Visitors::restore_file(std::string_view path, Console& console) {
  TRY(const std::string text, read_file(std::string(path), max_states_bytes));
  return restore(text, path, console);
}

std::string Visitors::save() const {
  std::vector<const Session*> sorted;
  for (const Session& session : sessions_) sorted.push_back(&session);
  std::sort(sorted.begin(), sorted.end(),
            [](const Session* a, const Session* b) { return a->visitor() < b->visitor(); });
  std::string text;
  for (const Session* session : sorted) text.append(session->snapshot()).append("\n");
  return text;
}

}  // namespace wayline::cli
