#include "analysis/receipts.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/sha256.h"
#include "decision/explain.h"
#include "profile/environment.h"
#include "value/json.h"

namespace wayline {

using program::Tables;

/// What rules read in one step: each name with every value it had, in the order of the names.
class RecordedReads final : public ReadObserver {
 public:
  explicit RecordedReads(const Tables& tables) : tables_(tables) {}

  void read(What what, std::uint32_t index, std::string_view path, const Value& value) override {
    std::vector<std::string>& seen = values_[name(what, index, path)];
    std::string text = to_json(value);
    if (std::find(seen.begin(), seen.end(), text) == seen.end()) seen.push_back(std::move(text));
  }
  void clear() { values_.clear(); }
  /// {name: [value, …]} as canonical JSON.
  [[nodiscard]] std::string json() const {
    std::string text = "{";
    for (const auto& [name, seen] : values_) {
      if (text.size() > 1) text += ',';
      write_json(Value::string(name), text);
      text += ":[";
      for (std::size_t i = 0; i < seen.size(); ++i) text.append(i > 0 ? "," : "").append(seen[i]);
      text += ']';
    }
    return text + "}";
  }

 private:
  std::string name(What what, std::uint32_t index, std::string_view path) const {
    const auto prefixed = [&](std::string_view prefix, program::Text text) { return std::string(prefix).append(tables_.view(text)); };
    switch (what) {
      case What::attribute: return attribute_path(tables_, index);
      case What::path: return std::string(path);
      case What::segment: return prefixed("segment.", tables_.segments[index].name);
      case What::intent: return prefixed("intent.", tables_.intents[index].name);
      case What::stage: return prefixed("stage.", tables_.journeys[index].id);
      case What::history: return prefixed("history.", tables_.history[index].name);
    }
    return {};
  }

  const Tables& tables_;
  std::map<std::string, std::vector<std::string>> values_;
};

namespace {

/// Answers and events nest less deep than the engine's inputs and the few levels around them.
constexpr int max_receipt_depth = 72;

std::string pack_hash(const Program& program) {
  const Tables& tables = program.tables();
  return sha256({reinterpret_cast<const char*>(tables.bytes.get()), tables.size});
}

/// A line without its hash: what the hash is of. Keys are sorted, so the member can be taken out of the text.
std::string without_hash(const Value& line) {
  std::vector<Member> members;
  for (const Member& member : line.as_object()) {
    if (member.key != "hash") members.push_back(member);
  }
  return to_json(Value::object(members));
}

}  // namespace

ReceiptChain::ReceiptChain(Engine& engine) : engine_(engine), reads_(std::make_unique<RecordedReads>(engine.program().tables())) {
  engine_.observe_reads(reads_.get());
}
ReceiptChain::~ReceiptChain() { engine_.observe_reads(nullptr); }

std::string ReceiptChain::sealed(std::vector<Member> members) {
  previous_ = sha256(to_json(Value::object(members)));
  members.push_back({"hash", Value::string(previous_)});
  return to_json(Value::object(members));
}

const std::string& ReceiptChain::state_hash(const Session& session) {
  const auto known = state_hashes_.find(session.visitor());
  return known != state_hashes_.end() ? known->second : state_hashes_.emplace(session.visitor(), sha256(session.snapshot())).first->second;
}

std::string ReceiptChain::head(const std::vector<const Session*>& sessions) {
  Arena arena;
  ListBuilder states(arena);
  for (const Session* session : sessions) {
    const auto state = read_json(arena.copy(session->snapshot()), arena);
    if (state.ok()) states.add(state.value());
  }
  const std::string pack = pack_hash(engine_.program());
  return sealed({{"pack", Value::string(pack)},
                 {"receipts", Value::number(receipts_version)},
                 {"site", Value::string(engine_.program().site())},
                 {"states", states.build()}});
}

Result<Value> ReceiptChain::step(Session& session, const Value& event, std::string& line) {
  const std::string before = state_hash(session);
  reads_->clear();
  Result<Value> answer = session.step(event);
  std::string& after = state_hashes_.find(session.visitor())->second;
  if (answer.ok()) after = sha256(session.snapshot());

  Arena arena;
  Value given;
  if (answer.ok()) {
    given = answer.value();
  } else {
    ObjectBuilder refusal(arena), error(arena);
    error.text("code", code_text(answer.error().code)).text("message", arena.copy(answer.error().message));
    given = refusal.add("error", error.build()).build();
  }
  const auto reads = read_json(arena.copy(reads_->json()), arena);
  const std::string previous = previous_;
  line = sealed({{"after", Value::string(after)},
                 {"answer", given},
                 {"before", Value::string(before)},
                 {"event", event},
                 {"link", Value::number(static_cast<double>(++links_))},
                 {"previous", Value::string(previous)},
                 {"reads", reads.ok() ? reads.value() : Value::null()},
                 {"visitor", Value::string(session.visitor())}});
  return answer;
}

std::string ReceiptChain::end() {
  const std::string previous = previous_;
  return sealed({{"end", Value::boolean(true)}, {"links", Value::number(static_cast<double>(links_))}, {"previous", Value::string(previous)}});
}

namespace {

/// Goes through a chain with the same code that wrote it, and compares what comes out.
class Verification {
 public:
  explicit Verification(std::shared_ptr<const Program> program) : engine_(std::move(program)), chain_(engine_) {}

  ReceiptVerdict run(std::string_view text) {
    bool ended = false;
    for (std::size_t number = 1; !text.empty() && verdict_.faults.empty(); ++number) {
      const std::size_t end = text.find('\n');
      const std::string_view line = text.substr(0, end);
      text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
      std::string reason = ended ? "the chain has ended before this line" : line_fault(line, number, ended);
      if (end == std::string_view::npos && reason.empty()) reason = "the line does not end";
      if (!reason.empty()) {
        verdict_.faults.push_back({number, std::move(reason)});
      } else {
        verdict_.links = chain_.links();
        verdict_.latest = chain_.latest();
      }
      lines_ = number;
    }
    if (verdict_.faults.empty() && !ended) verdict_.faults.push_back({lines_ + 1, "the chain does not end: its last lines are missing"});
    return std::move(verdict_);
  }

 private:
  /// Why the line can not stand; empty when it is right.
  std::string line_fault(std::string_view text, std::size_t number, bool& ended) {
    Arena arena;
    const auto parsed = read_json(text, arena, {.depth = max_receipt_depth});
    if (!parsed.ok() || !parsed.value().is_object()) return "the line is not JSON: " + (parsed.ok() ? std::string("it is no object") : parsed.error().message);
    const Value line = parsed.value();
    const Value hash = line.get("hash");
    const bool intact = hash.is_string() && hash.as_string() == sha256(without_hash(line)) && to_json(line) == text;
    if (!intact) return "the content does not have its hash: it was changed after it was written";
    if (number == 1) return head_fault(line, text);
    if (!line.get("end").is_missing()) {
      ended = true;
      return chain_.end() == text ? std::string() : "it does not end the lines before it: some are missing or were put in";
    }
    return link_fault(line, text);
  }

  std::string head_fault(const Value& line, std::string_view text) {
    const Value version = line.get("receipts"), pack = line.get("pack"), states = line.get("states");
    if (!version.is_number() || version.as_number() != receipts_version) return "it is no head of receipts that this version knows";
    if (!pack.is_string() || pack.as_string() != pack_hash(engine_.program())) return "the receipts are of another pack, or of another version of it";
    std::vector<const Session*> begun;
    for (const Value& state : states.is_list() ? states.as_list() : std::span<const Value>()) {
      std::vector<std::string> dropped;
      auto session = Session::restore(engine_, state, dropped);
      if (!session.ok()) return "a state can not be restored: " + session.error().message;
      const std::string visitor(session.value().visitor());
      begun.push_back(&sessions_.insert_or_assign(visitor, std::move(session).value()).first->second);
    }
    return chain_.head(begun) == text ? std::string() : "the states are not as this pack writes them";
  }

  std::string link_fault(const Value& line, std::string_view text) {
    const Value visitor = line.get("visitor"), previous = line.get("previous");
    if (!visitor.is_string()) return "it names no visitor";
    if (!previous.is_string() || previous.as_string() != chain_.latest()) return "it does not follow the line before it: one is missing, or was put in";
    Session& session = sessions_.try_emplace(std::string(visitor.as_string()), engine_, std::string(visitor.as_string())).first->second;
    std::string again;
    const auto answer = chain_.step(session, line.get("event"), again);
    (void)answer;  // its receipt says all
    return again == text ? std::string() : difference(line, again);
  }

  /// The first part in which a link differs from what comes out of the pack.
  static std::string difference(const Value& line, std::string_view again) {
    Arena arena;
    const auto parsed = read_json(again, arena, {.depth = max_receipt_depth});
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 5> parts{{{"before", "the state before it is another"},
                                                                                        {"reads", "the rules read other values"},
                                                                                        {"answer", "the pack answers otherwise"},
                                                                                        {"after", "the state after it is another"},
                                                                                        {"link", "its number is another"}}};
    for (const auto& [key, reason] : parts) {
      if (parsed.ok() && !equal(line.get(key), parsed.value().get(key))) return std::string(reason);
    }
    return "the pack gives another line";
  }

  Engine engine_;
  ReceiptChain chain_;
  std::map<std::string, Session, std::less<>> sessions_;
  ReceiptVerdict verdict_;
  std::size_t lines_ = 0;
};

}  // namespace

ReceiptVerdict verify_receipts(std::shared_ptr<const Program> program, std::string_view text) { return Verification(std::move(program)).run(text); }

}  // namespace wayline
