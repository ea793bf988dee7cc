#include <algorithm>
#include <limits>
#include <numeric>
#include <optional>
#include <string>
#include <vector>

// Without exceptions nlohmann/json would abort where it throws; its SAX interface reports instead.
#define JSON_NO_IO
#include <nlohmann/json.hpp>

#include "base/utf.h"
#include "value/json.h"
#include "value/json_cursor.h"

namespace wayline {
namespace {

struct Failure {
  ErrorCode code;
  Place place;
  std::string message;
};

/// Builds arena values from the parser's callbacks. Open lists and objects keep their items on one shared stack until
/// they close and their size is known.
class Builder : public nlohmann::json::json_sax_t {
 public:
  Builder(std::string_view text, Arena& arena, SourceMap* positions, const JsonLimits& limits)
      : arena_(arena), positions_(positions), limits_(limits), cursor_(text) {}

  bool null() override { return add(Value::null()); }
  bool boolean(bool value) override { return add(Value::boolean(value)); }
  bool number_integer(number_integer_t value) override { return add_number(static_cast<double>(value)); }
  bool number_unsigned(number_unsigned_t value) override { return add_number(static_cast<double>(value)); }
  bool number_float(number_float_t value, const string_t&) override { return add_number(value); }
  bool string(string_t& value) override { return add(Value::string(arena_.copy(value))); }
  bool binary(binary_t&) override { return false; }  // JSON text has none
  bool start_object(std::size_t) override { return open(); }
  bool start_array(std::size_t) override { return open(); }
  bool key(string_t& value) override {
    key_ = arena_.copy(value);
    key_place_ = cursor_.take();
    return true;
  }
  bool end_object() override {
    cursor_.take();
    const Frame frame = pop();
    std::vector<std::size_t> kept;
    if (!unique_keys(frame.first, kept)) return false;
    auto* members = arena_.allocate<Member>(kept.size());
    for (std::size_t i = 0; i < kept.size(); ++i) {
      const Item& item = items_[kept[i]];
      new (&members[i]) Member{item.key, item.value};
      note(&members[i].value, item.place);
      if (positions_ != nullptr) positions_->add_key(&members[i], item.key_place);
    }
    items_.resize(frame.first);
    return close(frame, Value::object({members, kept.size()}));
  }
  bool end_array() override {
    cursor_.take();
    const Frame frame = pop();
    const std::size_t count = items_.size() - frame.first;
    auto* values = arena_.allocate<Value>(count);
    for (std::size_t i = 0; i < count; ++i) {
      new (&values[i]) Value(items_[frame.first + i].value);
      note(&values[i], items_[frame.first + i].place);
    }
    items_.resize(frame.first);
    return close(frame, Value::list({values, count}));
  }
  bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception& error) override {
    // "[json.exception.parse_error.101] parse error at line 1, column 2: syntax error …" without what we say ourselves
    std::string_view message = error.what();
    if (const auto end = message.find("] "); end != std::string_view::npos) message.remove_prefix(end + 2);
    if (message.starts_with("parse error at line ")) {
      if (const auto end = message.find(": "); end != std::string_view::npos) message.remove_prefix(end + 2);
    }
    failure_ = Failure{ErrorCode::json_syntax, cursor_.place_at(position == 0 ? 0 : position - 1), {}};
    append_well_formed(message, failure_->message);  // it quotes what it read
    return false;
  }

  [[nodiscard]] const std::optional<Failure>& failure() const { return failure_; }
  [[nodiscard]] Value root() const { return items_.front().value; }
  [[nodiscard]] Place root_place() const { return items_.front().place; }

 private:
  struct Item {
    std::string_view key;
    Place key_place;
    Value value;
    Place place;
  };
  struct Frame {
    std::size_t first;  // of its items
    std::string_view key;
    Place key_place;
    Place place;
  };

  bool add(Value value) {
    const Place place = cursor_.take();
    items_.push_back({key_, key_place_, value, place});
    return true;
  }
  bool add_number(double value) {
    // The parser reads "-0" as an integer, which has no sign to keep.
    if (value == 0 && cursor_.next_is('-')) value = -0.0;
    return add(Value::number(value));
  }
  bool open() {
    const Place place = cursor_.take();
    frames_.push_back({items_.size(), key_, key_place_, place});
    if (frames_.size() <= limits_.depth) return true;
    failure_ = Failure{ErrorCode::json_too_deep, place, "nests deeper than " + std::to_string(limits_.depth) + " levels"};
    return false;
  }
  Frame pop() {
    const Frame frame = frames_.back();
    frames_.pop_back();
    return frame;
  }
  bool close(const Frame& frame, Value value) {
    items_.push_back({frame.key, frame.key_place, value, frame.place});
    return true;
  }
  void note(const Value* value, Place place) {
    if (positions_ != nullptr) positions_->add(value, place);
  }

  /// Fills `kept` with the items of an object that count, in order; false when a key is there twice and may not be.
  bool unique_keys(std::size_t first, std::vector<std::size_t>& kept) {
    std::vector<std::size_t> order(items_.size() - first);
    std::iota(order.begin(), order.end(), first);
    kept = order;
    std::stable_sort(order.begin(), order.end(),
                     [this](std::size_t a, std::size_t b) { return items_[a].key < items_[b].key; });
    dropped_.clear();
    for (std::size_t i = 1, same = 0; i < order.size(); ++i) {
      if (items_[order[i]].key != items_[order[same]].key) {
        same = i;
        continue;
      }
      if (limits_.duplicate_keys == DuplicateKeys::refuse) {
        failure_ = Failure{ErrorCode::json_duplicate_key, items_[order[i]].key_place,
                           "the key \"" + std::string(items_[order[i]].key) + "\" is there twice"};
        return false;
      }
      items_[order[same]].value = items_[order[i]].value;
      items_[order[same]].place = items_[order[i]].place;
      dropped_.push_back(order[i]);
    }
    std::sort(dropped_.begin(), dropped_.end());
    std::erase_if(kept, [this](std::size_t item) { return std::binary_search(dropped_.begin(), dropped_.end(), item); });
    return true;
  }

  Arena& arena_;
  SourceMap* positions_;
  JsonLimits limits_;
  JsonCursor cursor_;
  std::string_view key_;
  Place key_place_;
  std::vector<Item> items_;
  std::vector<Frame> frames_;
  std::vector<std::size_t> dropped_;
  std::optional<Failure> failure_;
};

/// The failure, or nothing after having set `root`.
std::optional<Failure> parse(std::string_view text, Arena& arena, SourceMap* positions, const JsonLimits& limits,
                             Value& root, Place& root_place) {
  if (text.size() > limits.bytes) {
    return Failure{ErrorCode::json_too_large, {1, 1, 1},
                   std::to_string(text.size()) + " bytes; the limit is " + std::to_string(limits.bytes)};
  }
  Builder builder(text, arena, positions, limits);
  const bool parsed = nlohmann::json::sax_parse(text.begin(), text.end(), &builder, nlohmann::json::input_format_t::json,
                                                /*strict=*/true, limits.comments);
  if (!parsed) {
    if (builder.failure()) return builder.failure();
    return Failure{ErrorCode::json_syntax, {1, 1, 1}, "not JSON"};
  }
  // The parser takes a NUL for the end of the text, and whatever follows it for nothing.
  if (const std::size_t nul = text.find('\0'); nul != std::string_view::npos) {
    return Failure{ErrorCode::json_syntax, JsonCursor(text).place_at(nul), "syntax error while parsing value - a NUL is no part of JSON"};
  }
  root = builder.root();
  root_place = builder.root_place();
  return std::nullopt;
}

}  // namespace

Result<Value> read_json(std::string_view text, Arena& arena, const JsonLimits& limits) {
  Value root;
  Place place;
  const std::optional<Failure> failure = parse(text, arena, nullptr, limits, root, place);
  if (!failure) return root;
  return Error{failure->code, "line " + std::to_string(failure->place.line) + ", column " +
                                  std::to_string(failure->place.column) + ": " + failure->message};
}

std::variant<JsonDocument, Diagnostic> read_document(std::string file, std::string text, JsonLimits limits) {
  limits.comments = true;
  JsonDocument document{.file = file, .text = std::move(text), .arena = {}, .root = std::make_unique<Value>(),
                        .positions = SourceMap(file)};
  Place place;
  const std::optional<Failure> failure =
      parse(document.text, document.arena, &document.positions, limits, *document.root, place);
  if (failure) {
    return Diagnostic{.code = failure->code, .severity = Severity::error,
                      .range = {std::move(file), failure->place.line, failure->place.column, failure->place.length},
                      .message = failure->message, .hint = {}};
  }
  document.positions.add(document.root.get(), place);
  return document;
}

}  // namespace wayline
