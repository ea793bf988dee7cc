// Session: one visitor stepping through a program. The pure step of design section 7 and the decision of section 8:
// no clock, no randomness, no input or output; what goes in and comes out are values.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "wayline/program.h"
#include "wayline/result.h"
#include "wayline/value.h"

namespace wayline {

struct State;
struct Scratch;
struct VisitorMemo;
struct Event;
struct Outcome;
class PageRulesCache;
class ReadObserver;

/// A page view, the step that happens most: that of `{"at", "id"?, "page": {"url", "title"?, "referrer"?}}`, without an object to build.
/// Texts are UTF-8; an empty one is absent.
struct PageView {
  std::int64_t at = 0;  // epoch milliseconds
  std::string_view id, url, title, referrer;
};

/// Working memory for sessions of one program, used by one thread at a time. Values that a session returns live in it
/// or in the session, until the next call of any of its sessions: they can not be given to that call as they are.
class Engine {
 public:
  /// `program` is not null.
  explicit Engine(std::shared_ptr<const Program> program);
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  [[nodiscard]] const Program& program() const { return *program_; }
  /// Tells `observer`, which must outlive the engine or be replaced, what rules read from now on; null: nobody.
  void observe_reads(ReadObserver* observer);

 private:
  friend class Session;
  std::shared_ptr<const Program> program_;
  std::unique_ptr<Scratch> scratch_;
  std::unique_ptr<PageRulesCache> pages_;
};

class Session {
 public:
  /// A visitor of whom nothing is known yet; the id, which buckets by hash, is not empty. `engine` must outlive the session.
  Session(Engine& engine, std::string visitor);
  ~Session();
  Session(Session&&) noexcept;
  Session& operator=(Session&&) noexcept;

  /// Goes on from a state document, which is untrusted. What the program no longer knows is dropped and named in
  /// `dropped`, behind what that holds already. Errors: state.malformed, state.from_future.
  [[nodiscard]] static Result<Session> restore(Engine& engine, const Value& document, std::vector<std::string>& dropped);

  /// One step. Input and output have the shapes of `wayline run` (design section 9); `at` is an ISO 8601 text or epoch
  /// milliseconds. A refused input changes nothing. Errors: step.malformed, step.too_large, step.unknown_slot.
  [[nodiscard]] Result<Value> step(const Value& input);
  /// The same step, its answer in indexes of the program and without what earlier answers told (engine/outcome.h): what crosses to the browser.
  [[nodiscard]] Result<Outcome> advance(const Value& input);
  [[nodiscard]] Result<Outcome> advance(const PageView& view);

  /// Decides without stepping: `{"at", "page"?: {…}, "slots"?: […], "force"?: {…}, "explain"?: true}` gives `{"decisions": {…}}`,
  /// with `"candidates"` in each decision and `"previews"` of all when explained. Without `slots` those that the page can fill; without `page`, which is
  /// one that is shown now though another tab took the latest step, the page of that step. An `at` before the latest step counts as its time.
  /// Changes nothing. Errors: step.malformed, step.unknown_slot.
  [[nodiscard]] Result<Value> decide(const Value& request);
  [[nodiscard]] Result<Outcome> decide_narrowly(const Value& request);

  /// All that a panel shows, as of `{"at"}`: visitor, consent, profile with sources and ages, segments, intents, journeys, and when the `timer` is due.
  /// Error: step.malformed.
  [[nodiscard]] Result<Value> inspect(const Value& request);

  /// The canonical JSON of the state.
  [[nodiscard]] std::string snapshot() const;

  /// Running hash over every decision of every step of this object, the same in all runtimes.
  [[nodiscard]] std::uint64_t digest() const { return digest_; }

  /// The visitor's id. Valid until the next step, which may be a sign-out.
  [[nodiscard]] std::string_view visitor() const;

 private:
  Session(Engine& engine, std::unique_ptr<State> state);
  /// `news`: without what the host knows from the session's earlier answers.
  Result<Outcome> take(const Event& event, bool news);

  Engine* engine_;
  std::unique_ptr<State> state_;
  std::unique_ptr<VisitorMemo> memo_;
  std::uint64_t digest_ = 0;
};

}  // namespace wayline
