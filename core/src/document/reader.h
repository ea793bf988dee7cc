// Typed reading of one document. Shapes are checked by schema_check.h before anything is read here, so a value of the
// wrong type has been reported already and simply reads as absent.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "document/names.h"
#include "document/pack.h"
#include "document/wording.h"

namespace wayline::document {

class Reader {
 public:
  /// All must outlive the reader, and the document the Rules and Names that come out of it.
  Reader(JsonDocument& document, Diagnostics& diagnostics, Names& names)
      : document_(document), diagnostics_(diagnostics), names_(names) {}

  [[nodiscard]] const Value& root() const { return *document_.root; }
  [[nodiscard]] Arena& arena() { return document_.arena; }
  [[nodiscard]] Names& names() { return names_; }

  // A member of an object; the fallback when it is absent or of another type.
  [[nodiscard]] std::string text(const Value& object, std::string_view key, std::string_view fallback = {}) const;
  [[nodiscard]] double number(const Value& object, std::string_view key, double fallback) const;
  [[nodiscard]] std::uint32_t whole(const Value& object, std::string_view key, std::uint32_t fallback) const;
  [[nodiscard]] bool flag(const Value& object, std::string_view key, bool fallback) const;
  [[nodiscard]] std::optional<Duration> duration(const Value& object, std::string_view key) const;
  [[nodiscard]] std::optional<Instant> instant(const Value& object, std::string_view key) const;
  [[nodiscard]] std::optional<Name> name(const Value& object, std::string_view key) const;
  [[nodiscard]] Rule rule(const Value& object, std::string_view key) const;
  /// A rule that decides; warns of one that always says the same and is not plainly `true` or `false`.
  [[nodiscard]] Rule condition(const Value& object, std::string_view key);
  [[nodiscard]] Rule condition_of(const Value& value);
  /// A string, or the strings of a list.
  [[nodiscard]] std::vector<std::string> texts(const Value& object, std::string_view key) const;
  [[nodiscard]] std::span<const Value> items(const Value& object, std::string_view key) const;
  [[nodiscard]] std::span<const Member> members(const Value& object, std::string_view key) const;

  [[nodiscard]] Name key_name(const Member& member) const { return {std::string(member.key), of_key(member)}; }
  [[nodiscard]] Rule rule_of(const Value& value) const { return {&value, &document_.positions}; }
  /// A value of the document's own making that stands where `like` stands.
  [[nodiscard]] const Value* make(const Value& value, const Value& like);

  [[nodiscard]] SourceRange of(const Value& value) const { return document_.positions.of(value); }
  [[nodiscard]] SourceRange of_key(const Member& member) const { return document_.positions.of_key(member); }
  /// A stretch of a string's decoded text, in bytes, as it stands in the file, escapes and all.
  [[nodiscard]] SourceRange within(const Value& string, std::size_t offset, std::size_t length) const;

  void error(ErrorCode code, SourceRange range, std::string message, std::string hint = {});
  void warning(ErrorCode code, SourceRange range, std::string message, std::string hint = {});

  /// For members and items that are built by hand: positions of the copies.
  [[nodiscard]] SourceMap& positions() { return document_.positions; }

 private:
  struct Spot {
    std::uint32_t line = 1, column = 1;
    std::size_t offset = 0;
  };
  /// The byte at a place. Goes on from the place asked for last, because documents are read from front to back.
  [[nodiscard]] std::size_t offset_of(std::uint32_t line, std::uint32_t column) const;

  JsonDocument& document_;
  Diagnostics& diagnostics_;
  Names& names_;
  mutable Spot spot_;
};

}  // namespace wayline::document
