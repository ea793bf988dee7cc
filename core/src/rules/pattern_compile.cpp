#include "rules/pattern_compile.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "base/utf.h"
#include "rules/pattern.h"

namespace wayline {
namespace {

constexpr std::uint32_t last_code_point = 0x10FFFF;
constexpr std::uint32_t unbounded = 0xFFFFFFFF;

struct CharacterRange {
  std::uint32_t first;
  std::uint32_t last;
};
using CharacterSet = std::vector<CharacterRange>;

void normalise(CharacterSet& set) {
  std::sort(set.begin(), set.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  CharacterSet merged;
  for (const CharacterRange& range : set) {
    if (!merged.empty() && range.first <= merged.back().last + 1) merged.back().last = std::max(merged.back().last, range.last);
    else merged.push_back(range);
  }
  set = std::move(merged);
}

CharacterSet complement(CharacterSet set) {
  normalise(set);
  CharacterSet rest;
  std::uint32_t from = 0;
  for (const CharacterRange& range : set) {
    if (range.first > from) rest.push_back({from, range.first - 1});
    from = range.last + 1;
  }
  if (from <= last_code_point) rest.push_back({from, last_code_point});
  return rest;
}

/// \d \w \s and, in capitals, what they leave out.
std::optional<CharacterSet> class_escape(std::uint32_t letter) {
  static const CharacterSet digits{{'0', '9'}};
  static const CharacterSet words{{'0', '9'}, {'A', 'Z'}, {'_', '_'}, {'a', 'z'}};
  static const CharacterSet spaces{{0x09, 0x0D}, {0x20, 0x20}, {0xA0, 0xA0}, {0x1680, 0x1680}, {0x2000, 0x200A},
                                   {0x2028, 0x2029}, {0x202F, 0x202F}, {0x205F, 0x205F}, {0x3000, 0x3000}, {0xFEFF, 0xFEFF}};
  switch (letter) {
    case 'd': return digits;
    case 'w': return words;
    case 's': return spaces;
    case 'D': return complement(digits);
    case 'W': return complement(words);
    case 'S': return complement(spaces);
    default: return std::nullopt;
  }
}

struct Tree {
  enum class Kind : std::uint8_t { empty, instruction, set, sequence, alternatives, repeat };
  Kind kind = Kind::empty;
  PatternOp op = PatternOp::any;  // instruction
  std::uint32_t argument = 0;     // instruction
  CharacterSet characters;        // set
  std::vector<Tree> parts;        // sequence, alternatives, repeat (one)
  std::uint32_t least = 0;        // repeat
  std::uint32_t most = 0;
};

Tree instruction(PatternOp op, std::uint32_t argument = 0) {
  Tree tree;
  tree.kind = Tree::Kind::instruction;
  tree.op = op;
  tree.argument = argument;
  return tree;
}

Tree set_of(CharacterSet characters) {
  normalise(characters);
  Tree tree;
  tree.kind = Tree::Kind::set;
  tree.characters = std::move(characters);
  return tree;
}

/// A recursive-descent parser of ECMAScript's Pattern grammar. After the first error it only unwinds.
class Parser {
 public:
  Parser(std::string_view pattern, const PatternLimits& limits) : text_(pattern), limits_(limits) {}

  Tree parse() {
    Tree tree = disjunction(0);
    if (!failed() && !done()) fail("unmatched `)`");
    return tree;
  }
  [[nodiscard]] const std::string& error() const { return error_; }
  [[nodiscard]] bool failed() const { return !error_.empty(); }

 private:
  [[nodiscard]] bool done() const { return at_ >= text_.size(); }
  [[nodiscard]] bool next_is(std::string_view expected) const { return text_.substr(at_).starts_with(expected); }
  bool take(std::string_view expected) {
    if (!next_is(expected)) return false;
    at_ += expected.size();
    return true;
  }
  std::uint32_t take_character() {
    const CodePoint point = decode_utf8(text_, at_);
    at_ += point.bytes;
    return point.value;
  }
  void fail(std::string_view what) {
    if (failed()) return;
    error_ = std::string(what) + " at character " + std::to_string(utf16_length(text_.substr(0, at_)) + 1);
    at_ = text_.size();
  }

  Tree disjunction(std::uint32_t depth) {
    Tree tree;
    tree.kind = Tree::Kind::alternatives;
    if (depth > limits_.depth) {
      fail("groups nest too deep");
      return tree;
    }
    do tree.parts.push_back(alternative(depth));
    while (take("|"));
    return tree;
  }

  Tree alternative(std::uint32_t depth) {
    Tree tree;
    tree.kind = Tree::Kind::sequence;
    while (!done() && !next_is("|") && !next_is(")")) tree.parts.push_back(term(depth));
    return tree;
  }

  Tree term(std::uint32_t depth) {
    if (take("^")) return instruction(PatternOp::begin);
    if (take("$")) return instruction(PatternOp::end);
    if (take("\\b")) return instruction(PatternOp::word_boundary);
    if (take("\\B")) return instruction(PatternOp::not_word_boundary);
    if (next_is("*") || next_is("+") || next_is("?")) {
      fail("nothing to repeat");
      return {};
    }
    return quantified(atom(depth));
  }

  Tree atom(std::uint32_t depth) {
    if (take("(")) return group(depth);
    if (take("[")) return bracket();
    if (take(".")) return instruction(PatternOp::any);
    if (take("\\")) {
      if (done()) fail("`\\` at the end");
      if (failed()) return {};
      const std::size_t at = at_;
      if (auto characters = class_escape(take_character())) return set_of(std::move(*characters));
      at_ = at;
      return instruction(PatternOp::character, character_escape(false));
    }
    return instruction(PatternOp::character, take_character());
  }

  Tree group(std::uint32_t depth) {
    if (take("?")) {
      if (next_is("=") || next_is("!") || next_is("<=") || next_is("<!")) fail("look-around is not supported");
      if (take("<")) {
        while (!done() && !next_is(">") && !next_is(")")) ++at_;
        if (!take(">")) fail("a group's name has no end");
      } else if (!take(":")) {
        fail("this kind of group is not supported");
      }
    }
    Tree tree = disjunction(depth + 1);
    if (!take(")")) fail("missing `)`");
    return tree;
  }

  /// The character that an escape stands for; in a bracket \b is a backspace.
  std::uint32_t character_escape(bool in_bracket) {
    const std::uint32_t letter = take_character();
    switch (letter) {
      case 't': return '\t';
      case 'n': return '\n';
      case 'r': return '\r';
      case 'f': return '\f';
      case 'v': return '\v';
      case '0': return 0;
      case 'x': return hexadecimal(2);
      case 'u': return unicode_escape();
      case 'b':
        if (in_bracket) return '\b';
        break;
      default: break;
    }
    const bool letter_or_digit = (letter >= '0' && letter <= '9') || (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z');
    if (letter >= '1' && letter <= '9') fail("back-references are not supported");
    else if (letter_or_digit) fail("unknown escape");
    return letter;
  }

  std::uint32_t unicode_escape() {
    if (!take("{")) return hexadecimal(4);
    std::uint32_t value = 0;
    while (!done() && !next_is("}") && value <= last_code_point) value = value * 16 + hexadecimal(1);
    if (!take("}") || value > last_code_point) fail("no such code point");
    return value;
  }

  std::uint32_t hexadecimal(int digits) {
    std::uint32_t value = 0;
    for (; digits > 0; --digits) {
      const char c = done() ? ' ' : text_[at_];
      const char low = static_cast<char>(c | 0x20);
      if (c >= '0' && c <= '9') value = value * 16 + static_cast<std::uint32_t>(c - '0');
      else if (low >= 'a' && low <= 'f') value = value * 16 + static_cast<std::uint32_t>(low - 'a' + 10);
      else fail("a hexadecimal digit is expected");
      if (failed()) return 0;
      ++at_;
    }
    return value;
  }

  /// One member of a bracket: a class escape goes to the set at once, a character is returned.
  std::optional<std::uint32_t> bracket_atom(CharacterSet& characters) {
    if (!take("\\")) return take_character();
    if (done()) return std::nullopt;
    const std::size_t at = at_;
    if (const auto named = class_escape(take_character())) {
      characters.insert(characters.end(), named->begin(), named->end());
      return std::nullopt;
    }
    at_ = at;
    if (take("-")) return '-';
    return character_escape(true);
  }

  Tree bracket() {
    const bool negated = take("^");
    CharacterSet characters;
    while (!done() && !next_is("]")) {
      const std::optional<std::uint32_t> first = bracket_atom(characters);
      if (!first) continue;
      if (next_is("-") && !next_is("-]") && at_ + 1 < text_.size()) {
        ++at_;
        const std::optional<std::uint32_t> last = bracket_atom(characters);
        if (!last || *last < *first) fail("a range in brackets goes backwards");
        else characters.push_back({*first, *last});
      } else {
        characters.push_back({*first, *first});
      }
    }
    if (!take("]")) fail("missing `]`");
    return set_of(negated ? complement(std::move(characters)) : std::move(characters));
  }

  std::optional<std::uint32_t> take_count() {
    constexpr std::uint32_t most = 100'000;  // past every limit on instructions, and safe to multiply
    std::uint32_t count = 0;
    const std::size_t from = at_;
    while (!done() && text_[at_] >= '0' && text_[at_] <= '9') {
      count = std::min(count * 10 + static_cast<std::uint32_t>(text_[at_] - '0'), most);
      ++at_;
    }
    return at_ == from ? std::nullopt : std::optional(count);
  }

  /// `{m}`, `{m,}`, `{m,n}`; anything else is a literal brace.
  bool take_braces(std::uint32_t& least, std::uint32_t& most) {
    const std::size_t from = at_;
    if (take("{")) {
      if (const auto low = take_count()) {
        least = most = *low;
        if (take(",")) most = take_count().value_or(unbounded);
        if (take("}")) return true;
      }
    }
    at_ = from;
    return false;
  }

  Tree quantified(Tree inner) {
    std::uint32_t least = 0, most = unbounded;
    if (take("+")) least = 1;
    else if (take("?")) most = 1;
    else if (!take("*") && !take_braces(least, most)) return inner;
    take("?");  // a lazy repetition matches the same texts
    if (most < least) fail("a repetition's bounds are in the wrong order");
    if (next_is("*") || next_is("+") || next_is("?")) fail("nothing to repeat");
    Tree tree;
    tree.kind = Tree::Kind::repeat;
    tree.least = least;
    tree.most = most;
    tree.parts.push_back(std::move(inner));
    return tree;
  }

  std::string_view text_;
  PatternLimits limits_;
  std::size_t at_ = 0;
  std::string error_;
};

/// Lays the tree out as instructions. Stops when there are too many.
class Emitter {
 public:
  explicit Emitter(std::uint32_t limit) : limit_(limit) {}

  bool emit(const Tree& tree) {
    switch (tree.kind) {
      case Tree::Kind::empty: return true;
      case Tree::Kind::instruction: return add(tree.op, tree.argument);
      case Tree::Kind::set:
        sets_.push_back(tree.characters);
        return add(PatternOp::set, static_cast<std::uint32_t>(sets_.size() - 1));
      case Tree::Kind::sequence:
        return std::all_of(tree.parts.begin(), tree.parts.end(), [this](const Tree& part) { return emit(part); });
      case Tree::Kind::alternatives: return alternatives(tree.parts);
      case Tree::Kind::repeat: return repeat(tree);
    }
    return false;
  }

  std::string finish() {
    add(PatternOp::match, 0);
    std::vector<std::uint32_t> words{static_cast<std::uint32_t>(code_.size())};
    std::vector<std::uint32_t> tables, places;
    for (const CharacterSet& set : sets_) {
      places.push_back(static_cast<std::uint32_t>(code_.size() + 1 + tables.size()));
      tables.push_back(static_cast<std::uint32_t>(set.size()));
      for (const CharacterRange& range : set) tables.insert(tables.end(), {range.first, range.last});
    }
    for (const Instruction& item : code_) {
      const std::uint32_t argument = item.op == PatternOp::set ? places[item.argument] : item.argument;
      words.push_back(static_cast<std::uint32_t>(item.op) | argument << 8);
    }
    words.insert(words.end(), tables.begin(), tables.end());
    return std::string(reinterpret_cast<const char*>(words.data()), words.size() * sizeof(std::uint32_t));
  }

 private:
  struct Instruction {
    PatternOp op;
    std::uint32_t argument;
  };

  [[nodiscard]] std::uint32_t here() const { return static_cast<std::uint32_t>(code_.size()); }
  bool add(PatternOp op, std::uint32_t argument) {
    code_.push_back({op, argument});
    return code_.size() < limit_;
  }
  void aim(std::uint32_t instruction_index) { code_[instruction_index].argument = here(); }

  bool alternatives(const std::vector<Tree>& parts) {
    std::vector<std::uint32_t> ends;
    for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
      const std::uint32_t split = here();
      if (!add(PatternOp::split, 0) || !emit(parts[i])) return false;
      ends.push_back(here());
      if (!add(PatternOp::jump, 0)) return false;
      aim(split);
    }
    if (!parts.empty() && !emit(parts.back())) return false;
    for (const std::uint32_t end : ends) aim(end);
    return true;
  }

  bool repeat(const Tree& tree) {
    const Tree& inner = tree.parts.front();
    for (std::uint32_t i = 0; i < tree.least; ++i) {
      if (!emit(inner)) return false;
    }
    if (tree.most == unbounded) {
      const std::uint32_t split = here();
      if (!add(PatternOp::split, 0) || !emit(inner) || !add(PatternOp::jump, split)) return false;
      aim(split);
      return true;
    }
    std::vector<std::uint32_t> splits;
    for (std::uint32_t i = tree.least; i < tree.most; ++i) {
      splits.push_back(here());
      if (!add(PatternOp::split, 0) || !emit(inner)) return false;
    }
    for (const std::uint32_t split : splits) aim(split);
    return true;
  }

  std::uint32_t limit_;
  std::vector<Instruction> code_;
  std::vector<CharacterSet> sets_;
};

}  // namespace

Result<std::string> compile_pattern(std::string_view pattern, const PatternLimits& limits) {
  const auto refuse = [](std::string message) { return Error{ErrorCode::rule_bad_pattern, std::move(message)}; };
  if (pattern.size() > limits.bytes) return refuse("longer than " + std::to_string(limits.bytes) + " bytes");
  Parser parser(pattern, limits);
  const Tree tree = parser.parse();
  if (parser.failed()) return refuse(parser.error());
  Emitter emitter(std::min(limits.instructions, max_pattern_instructions));
  if (!emitter.emit(tree)) return refuse("more than " + std::to_string(limits.instructions) + " instructions once repetitions are unrolled");
  return emitter.finish();
}

}  // namespace wayline
