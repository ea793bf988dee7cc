// The C functions of wayline.wasm. wasm/README.md documents them; wasm/exports.txt lists them; nothing here has an
// opinion.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/output.h"
#include "output.h"
#include "value/json.h"
#include "value/wire.h"
#include "wayline/program.h"
#include "wayline/session.h"

namespace wayline {
namespace {

using Handle = std::uint32_t;  // 0: none

constexpr std::uint32_t abi_version = 5;

/// The program of a handle, with the working memory that its sessions share.
using LoadedProgram = std::shared_ptr<Engine>;

struct LoadedSession {
  LoadedProgram engine;  // first, so that it goes last
  Session session;
};

/// Objects by handle. A handle is never that of an object released before it, so a late release can not hit another
/// object.
template <typename Object>
class Table {
 public:
  Handle add(Object object) {
    entries_.emplace_back(++last_, std::make_unique<Object>(std::move(object)));
    return last_;
  }
  /// Null when there is none.
  Object* find(Handle handle) {
    const auto place = place_of(handle);
    return place == entries_.end() ? nullptr : place->second.get();
  }
  void remove(Handle handle) {
    const auto place = place_of(handle);
    if (place != entries_.end()) entries_.erase(place);
  }

 private:
  using Entries = std::vector<std::pair<Handle, std::unique_ptr<Object>>>;

  typename Entries::iterator place_of(Handle handle) {
    const auto before = [](const auto& entry, Handle wanted) { return entry.first < wanted; };
    const auto place = std::lower_bound(entries_.begin(), entries_.end(), handle, before);
    return place != entries_.end() && place->first == handle ? place : entries_.end();
  }

  Entries entries_;  // by ascending handle
  Handle last_ = 0;
};

Table<LoadedProgram>& programs() {
  static Table<LoadedProgram> table;
  return table;
}

Table<LoadedSession>& sessions() {
  static Table<LoadedSession> table;
  return table;
}

/// What is no instant becomes one outside of their range, which is refused.
Instant instant_of(double milliseconds) { return milliseconds >= -max_instant && milliseconds <= max_instant ? static_cast<Instant>(milliseconds) : max_instant + 1; }

std::span<const std::byte> bytes_at(const std::byte* pointer, std::uint32_t size) { return {pointer, size}; }

std::string hexadecimal(std::uint64_t number) {
  static constexpr std::string_view digits = "0123456789abcdef";
  std::string text(16, '0');
  for (std::size_t place = text.size(); place-- > 0; number >>= 4) text[place] = digits[number & 15];
  return text;
}

Status no_such_session() { return put_error({ErrorCode::engine_disposed, "no session has this handle"}); }

/// Decodes the input, asks the session, encodes the answer.
template <typename Answer>
const char* ask(Handle handle, Result<Answer> (Session::*question)(const Value&), const std::byte* pointer, std::uint32_t size) {
  LoadedSession* loaded = sessions().find(handle);
  if (loaded == nullptr) return no_such_session(), nullptr;
  static Arena arena;
  arena.reset();
  const Result<Value> input = decode_wire(bytes_at(pointer, size), arena);
  if (!input.ok()) return put_error(input.error()), nullptr;
  return put_result((loaded->session.*question)(input.value()));
}

Result<Session> open_session(Engine& engine, const Value& input, std::vector<std::string>& dropped) {
  const Value state = input.get("state");
  if (!state.is_nothing()) return Session::restore(engine, state, dropped);
  const Value visitor = input.get("visitor");
  if (!visitor.is_string() || visitor.as_string().empty()) return Error{ErrorCode::step_malformed, "\"visitor\" is not the id of a visitor"};
  return Session(engine, std::string(visitor.as_string()));
}

/// Piece by piece: for the values that put() takes, a browser would have to compile much more of the engine before the first page is decided.
void put_program_facts(const Program& program) {
  const program::Tables& tables = program.tables();
  std::string& out = output();
  out.clear();
  const auto member = [&out](const char* key, std::string_view text) {
    out += key;
    write_text(text, out);
  };
  member("{\"eventsPurpose\":", program.events_purpose());
  member(",\"hash\":", hexadecimal(program.hash()));
  const char* before = ",\"reasons\":[";
  for (const std::string_view text : reason_texts) member(std::exchange(before, ","), text);
  member("],\"site\":", program.site());
  before = ",\"slots\":[";
  for (const program::Slot& slot : tables.slots) member(std::exchange(before, ","), tables.view(slot.name));
  out += tables.slots.empty() ? ",\"slots\":[]}" : "]}";
}

void put_restoration(bool restored, const std::vector<std::string>& dropped) {
  std::string& out = output();
  out = "{\"dropped\":[";
  const char* before = "";
  for (const std::string& name : dropped) {
    out += std::exchange(before, ",");
    write_text(name, out);
  }
  out += restored ? "],\"restored\":true}" : "],\"restored\":false}";
}

}  // namespace
}  // namespace wayline

using namespace wayline;

extern "C" {

std::uint32_t wayline_abi_version() { return abi_version; }

void* wayline_allocate(std::uint32_t size) { return std::malloc(size); }

void wayline_release(void* pointer, std::uint32_t) { std::free(pointer); }

const char* wayline_output_pointer() { return output().data(); }

std::uint32_t wayline_output_size() { return static_cast<std::uint32_t>(output().size()); }

Handle wayline_program_load(std::byte* pointer, std::uint32_t size) {
  Result<std::shared_ptr<const Program>> program = Program::load(Allocation(pointer), size);
  if (!program.ok()) return put_error(program.error()), 0;
  put_program_facts(*program.value());
  return programs().add(std::make_shared<Engine>(std::move(program).value()));
}

void wayline_program_release(Handle program) { programs().remove(program); }

Handle wayline_session_create(Handle program, const std::byte* pointer, std::uint32_t size) {
  const LoadedProgram* engine = programs().find(program);
  if (engine == nullptr) return put_error({ErrorCode::engine_disposed, "no program has this handle"}), 0;
  Arena arena;
  const Result<Value> input = decode_wire(bytes_at(pointer, size), arena);
  if (!input.ok()) return put_error(input.error()), 0;
  std::vector<std::string> dropped;
  Result<Session> session = open_session(**engine, input.value(), dropped);
  if (!session.ok()) return put_error(session.error()), 0;
  put_restoration(!input.value().get("state").is_nothing(), dropped);
  return sessions().add({*engine, std::move(session).value()});
}

void wayline_session_release(Handle session) { sessions().remove(session); }

const char* wayline_session_step(Handle session, const std::byte* pointer, std::uint32_t size) {
  return ask<Outcome>(session, &Session::advance, pointer, size);
}

const char* wayline_session_view(Handle session, double at, const char* texts, std::uint32_t id, std::uint32_t url, std::uint32_t title,
                                 std::uint32_t referrer) {
  LoadedSession* loaded = sessions().find(session);
  if (loaded == nullptr) return no_such_session(), nullptr;
  const char* const url_text = texts + id;
  const char* const title_text = url_text + url;
  return put_result(loaded->session.advance(
      PageView{instant_of(at), {texts, id}, {url_text, url}, {title_text, title}, {title_text + title, referrer}}));
}

Status wayline_session_variant(Handle session, std::uint32_t experience, std::uint32_t variant) {
  const LoadedSession* loaded = sessions().find(session);
  if (loaded == nullptr) return no_such_session();
  const program::Tables& tables = loaded->engine->program().tables();
  if (experience >= tables.experiences.size() || variant >= tables.variants.size()) {
    return put_error({ErrorCode::engine_disposed, "the program has no such variant"});
  }
  Arena arena;
  put(variant_value(tables, tables.experiences[experience], tables.variants[variant], arena));
  return 0;
}

const char* wayline_session_decide(Handle session, const std::byte* pointer, std::uint32_t size) {
  return ask<Outcome>(session, &Session::decide_narrowly, pointer, size);
}

const char* wayline_session_inspect(Handle session, const std::byte* pointer, std::uint32_t size) {
  return ask<Value>(session, &Session::inspect, pointer, size);
}

Status wayline_session_snapshot(Handle session) {
  LoadedSession* loaded = sessions().find(session);
  return loaded == nullptr ? no_such_session() : put_text(loaded->session.snapshot());
}

Status wayline_session_digest(Handle session) {
  LoadedSession* loaded = sessions().find(session);
  return loaded == nullptr ? no_such_session() : put_text(hexadecimal(loaded->session.digest()));
}

}  // extern "C"
