// Vectors of tests/vectors as values.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "files.h"
#include "value/json.h"

namespace wayline::testing {

/// A parsed file that owns its values.
class Vectors {
 public:
  explicit Vectors(const std::string& path) : arena_(std::make_unique<Arena>()) {
    const auto parsed = read_json(file_text(path), *arena_);
    EXPECT_TRUE(parsed.ok()) << path << ": " << (parsed.ok() ? "" : parsed.error().message);
    if (parsed) root_ = parsed.value();
  }
  [[nodiscard]] const Value& root() const { return root_; }
  [[nodiscard]] std::span<const Value> list(std::string_view key) const {
    const Value found = root_.get(key);
    EXPECT_TRUE(found.is_list()) << key;
    return found.is_list() ? found.as_list() : std::span<const Value>();
  }

 private:
  std::unique_ptr<Arena> arena_;
  Value root_;
};

}  // namespace wayline::testing
