#include "value/json_cursor.h"

#include <algorithm>

namespace wayline {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

}  // namespace

JsonCursor::JsonCursor(std::string_view text) : text_(text) {
  if (text.starts_with(byte_order_mark)) at_ = byte_order_mark.size();
}

void JsonCursor::advance(std::size_t to) {
  for (to = std::min(to, text_.size()); at_ < to; ++at_) {
    if (text_[at_] == '\n') {
      ++line_;
      column_ = 1;
    } else if (!is_continuation(text_[at_])) {
      ++column_;
    }
  }
}

void JsonCursor::skip_comment() {
  if (text_.substr(at_).starts_with("//")) {
    advance(text_.find('\n', at_));
  } else {
    const std::size_t end = text_.find("*/", at_ + 2);
    advance(end == std::string_view::npos ? end : end + 2);
  }
}

void JsonCursor::skip_between() {
  while (at_ < text_.size()) {
    switch (text_[at_]) {
      case ' ':
      case '\t':
      case '\r':
      case '\n':
      case ',':
      case ':': advance(at_ + 1); break;
      case '/': skip_comment(); break;
      default: return;
    }
  }
}

bool JsonCursor::next_is(char first) {
  skip_between();
  return at_ < text_.size() && text_[at_] == first;
}

Place JsonCursor::take() {
  skip_between();
  Place place{line_, column_, 1};
  if (at_ >= text_.size()) return place;
  std::size_t end = at_ + 1;
  if (text_[at_] == '"') {
    while (end < text_.size() && text_[end] != '"') end += text_[end] == '\\' ? 2 : 1;
    ++end;
  } else if (std::string_view("[]{}").find(text_[at_]) == std::string_view::npos) {
    end = std::min(text_.find_first_of(" \t\r\n,:]}/", at_), text_.size());
  }
  advance(end);
  place.length = std::max(column_ - place.column, 1u);
  return place;
}

Place JsonCursor::place_at(std::size_t offset) const {
  JsonCursor walk(text_);
  walk.advance(offset);
  return {walk.line_, walk.column_, 1};
}

}  // namespace wayline
