#include "rules/pattern.h"

#include <algorithm>
#include <cstring>

#include "base/utf.h"

namespace wayline {
namespace {

/// Reads words of a pattern wherever it lies in memory.
class Words {
 public:
  explicit Words(std::string_view bytes) : bytes_(bytes) {}
  [[nodiscard]] std::size_t size() const { return bytes_.size() / 4; }
  std::uint32_t operator[](std::size_t index) const {
    std::uint32_t word;
    std::memcpy(&word, bytes_.data() + index * 4, sizeof word);
    return word;
  }
  [[nodiscard]] std::uint32_t instructions() const { return (*this)[0]; }
  [[nodiscard]] PatternOp op(std::uint32_t pc) const { return static_cast<PatternOp>((*this)[pc + 1] & 0xFF); }
  [[nodiscard]] std::uint32_t argument(std::uint32_t pc) const { return (*this)[pc + 1] >> 8; }

 private:
  std::string_view bytes_;
};

bool valid_set(const Words& words, std::uint32_t at) {
  if (at <= words.instructions() || at >= words.size()) return false;
  const std::uint32_t ranges = words[at];
  return ranges <= (words.size() - at - 1) / 2;
}

bool in_set(const Words& words, std::uint32_t at, std::uint32_t code_point) {
  const std::uint32_t ranges = words[at];
  for (std::uint32_t i = 0; i < ranges; ++i) {
    if (code_point < words[at + 1 + i * 2]) return false;  // ranges are sorted
    if (code_point <= words[at + 2 + i * 2]) return true;
  }
  return false;
}

bool is_line_terminator(std::uint32_t c) { return c == '\n' || c == '\r' || c == 0x2028 || c == 0x2029; }
bool is_word(std::uint32_t c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_'; }

constexpr std::uint32_t no_character = 0xFFFFFFFF;  // before the first, after the last

/// The threads of the automaton at one position: instructions that consume a character, each once.
class Machine {
 public:
  Machine(Evaluator& evaluator, const Words& words) : words_(words), count_(words.instructions()) {
    const std::size_t lists = std::size_t{count_} * 4;
    auto* memory = static_cast<std::uint32_t*>(evaluator.new_bytes(lists * sizeof(std::uint32_t)));
    if (memory == nullptr) return;
    current_ = memory;
    next_ = memory + count_;
    pending_ = memory + count_ * 2;
    marks_ = memory + count_ * 3;
    std::fill_n(marks_, count_, 0u);
  }
  [[nodiscard]] bool usable() const { return current_ != nullptr; }

  bool run(std::string_view text) {
    const bool anchored = words_.op(0) == PatternOp::begin;
    std::uint32_t before = no_character;
    for (std::size_t at = 0;;) {
      const CodePoint point = at < text.size() ? decode_utf8(text, at) : CodePoint{no_character, 0};
      if (!anchored || at == 0) start_ = 0;
      // Threads that arrived here are followed to what they consume, with both neighbours known.
      if (settle(before, point.value)) return true;
      if (at >= text.size() || (active_ == 0 && anchored)) return false;
      consume(point.value);
      before = point.value;
      at += point.bytes;
    }
  }

 private:
  /// Follows splits, jumps and assertions from the arrived threads; true when one of them matches.
  bool settle(std::uint32_t before, std::uint32_t after) {
    ++generation_;
    std::uint32_t settled = 0;
    std::swap(current_, next_);
    const std::uint32_t arrived = arrived_;
    arrived_ = 0;
    // current_ now holds the arrivals; what they settle to goes to next_, and back by a swap.
    for (std::uint32_t i = 0; i <= arrived; ++i) {
      if (i == arrived && start_ == no_character) break;
      if (follow(i < arrived ? current_[i] : start_, before, after, settled)) return true;
    }
    start_ = no_character;
    std::swap(current_, next_);
    active_ = settled;
    return false;
  }

  bool follow(std::uint32_t first, std::uint32_t before, std::uint32_t after, std::uint32_t& settled) {
    std::uint32_t depth = 0;
    const auto push = [&](std::uint32_t pc) {
      if (marks_[pc] == generation_) return;
      marks_[pc] = generation_;
      pending_[depth++] = pc;
    };
    push(first);
    while (depth > 0) {
      const std::uint32_t pc = pending_[--depth];
      switch (words_.op(pc)) {
        case PatternOp::match: return true;
        case PatternOp::jump: push(words_.argument(pc)); break;
        case PatternOp::split:
          push(words_.argument(pc));
          push(pc + 1);
          break;
        case PatternOp::begin:
          if (before == no_character) push(pc + 1);
          break;
        case PatternOp::end:
          if (after == no_character) push(pc + 1);
          break;
        case PatternOp::word_boundary:
          if (is_word(before) != is_word(after)) push(pc + 1);
          break;
        case PatternOp::not_word_boundary:
          if (is_word(before) == is_word(after)) push(pc + 1);
          break;
        case PatternOp::character:
        case PatternOp::any:
        case PatternOp::set: next_[settled++] = pc; break;
      }
    }
    return false;
  }

  void consume(std::uint32_t code_point) {
    for (std::uint32_t i = 0; i < active_; ++i) {
      const std::uint32_t pc = current_[i], argument = words_.argument(pc);
      bool taken = false;
      switch (words_.op(pc)) {
        case PatternOp::character: taken = code_point == argument; break;
        case PatternOp::any: taken = !is_line_terminator(code_point); break;
        default: taken = in_set(words_, argument, code_point); break;
      }
      if (taken) next_[arrived_++] = pc + 1;
    }
  }

  const Words& words_;
  std::uint32_t count_;
  std::uint32_t* current_ = nullptr;
  std::uint32_t* next_ = nullptr;
  std::uint32_t* pending_ = nullptr;
  std::uint32_t* marks_ = nullptr;
  std::uint32_t generation_ = 0;
  std::uint32_t active_ = 0;
  std::uint32_t arrived_ = 0;
  std::uint32_t start_ = no_character;
};

}  // namespace

bool valid_pattern(std::string_view pattern) {
  const Words words(pattern);
  if (pattern.size() % 4 != 0 || words.size() < 2) return false;
  const std::uint32_t count = words.instructions();
  if (count == 0 || count > max_pattern_instructions || count >= words.size()) return false;
  for (std::uint32_t pc = 0; pc < count; ++pc) {
    const std::uint32_t argument = words.argument(pc);
    switch (words.op(pc)) {
      case PatternOp::match: continue;
      case PatternOp::jump:
        if (argument >= count) return false;
        continue;
      case PatternOp::split:
        if (argument >= count) return false;
        break;
      case PatternOp::set:
        if (!valid_set(words, argument)) return false;
        break;
      case PatternOp::character:
      case PatternOp::any:
      case PatternOp::begin:
      case PatternOp::end:
      case PatternOp::word_boundary:
      case PatternOp::not_word_boundary: break;
      default: return false;
    }
    if (pc + 1 >= count) return false;  // falls off the end
  }
  return true;
}

bool pattern_matches(Evaluator& evaluator, std::string_view pattern, std::string_view text) {
  const Words words(pattern);
  if (!evaluator.spend(static_cast<std::uint64_t>(text.size()) * words.instructions() / pattern_characters_per_step)) return false;
  Machine machine(evaluator, words);
  return machine.usable() && machine.run(text);
}

}  // namespace wayline
