// What a command takes, and reading it from the words of a call.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "wayline/result.h"

namespace wayline::cli {

struct ArgumentSpec {
  std::string_view name;  // "PACK"
  std::string_view help;
  bool is_optional = false;
};

struct OptionSpec {
  std::string_view name;        // "--output"
  char letter = '\0';           // 'o' for -o; none
  std::string_view value = {};  // "FILE"; empty: a switch
  std::string_view help;
  bool repeats = false;
  std::span<const std::string_view> choices = {};  // what the value may be; empty: anything
};

/// The words of a call, checked against the specification. Views point into the words.
class Arguments {
 public:
  /// The positional argument of that number; empty when it was not given.
  [[nodiscard]] std::string_view positional(std::size_t index) const {
    return index < positional_.size() ? positional_[index] : std::string_view();
  }
  [[nodiscard]] bool has(std::string_view option) const { return options_.contains(option); }
  /// The option's value, or `otherwise`.
  [[nodiscard]] std::string_view value(std::string_view option, std::string_view otherwise = {}) const;
  /// All values of an option that repeats.
  [[nodiscard]] std::vector<std::string_view> values(std::string_view option) const;

 private:
  friend Result<Arguments> read_arguments(std::span<const std::string_view>, std::span<const ArgumentSpec>,
                                          std::span<const OptionSpec>);
  std::vector<std::string_view> positional_;
  std::map<std::string_view, std::vector<std::string_view>> options_;
};

/// Long options as `--name value` or `--name=value`, short ones as `-o value`; `--` ends them, `-` is an argument.
/// With `--help` nothing else is checked. The error is ErrorCode::usage and says what would be right.
[[nodiscard]] Result<Arguments> read_arguments(std::span<const std::string_view> words,
                                               std::span<const ArgumentSpec> arguments,
                                               std::span<const OptionSpec> options);

}  // namespace wayline::cli
