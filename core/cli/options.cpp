#include "cli/options.h"

#include <algorithm>

#include "base/nearest.h"

namespace wayline::cli {
namespace {

Error misuse(std::string message) { return {ErrorCode::usage, std::move(message)}; }

const OptionSpec* find_option(std::span<const OptionSpec> options, std::string_view word) {
  const auto found = std::find_if(options.begin(), options.end(), [word](const OptionSpec& option) {
    return word == option.name ||
           (word.size() == 2 && word[0] == '-' && option.letter != '\0' && word[1] == option.letter);
  });
  return found == options.end() ? nullptr : &*found;
}

Error unknown_option(std::string_view word, std::span<const OptionSpec> options) {
  std::vector<std::string_view> names;
  for (const OptionSpec& option : options) names.push_back(option.name);
  std::string message = "there is no option " + std::string(word);
  if (const std::string_view near = nearest(word, names); !near.empty())
    message.append("; did you mean ").append(near).append("?");
  return misuse(message);
}

Result<Done> check_choice(const OptionSpec& option, std::string_view value) {
  if (option.choices.empty() || std::find(option.choices.begin(), option.choices.end(), value) != option.choices.end())
    return Done{};
  std::string message(option.name);
  message.append(" can not be \"").append(value).append("\": it is one of");
  for (const std::string_view& choice : option.choices)
    message.append(&choice == &option.choices.front() ? " " : ", ").append(choice);
  return misuse(message);
}

Result<Done> check_count(const std::vector<std::string_view>& given, std::span<const ArgumentSpec> arguments) {
  for (std::size_t i = given.size(); i < arguments.size(); ++i) {
    if (!arguments[i].is_optional)
      return misuse(std::string(arguments[i].name) + " is missing: " + std::string(arguments[i].help));
  }
  if (given.size() > arguments.size())
    return misuse("\"" + std::string(given[arguments.size()]) + "\" is one argument too many");
  return Done{};
}

}  // namespace

std::string_view Arguments::value(std::string_view option, std::string_view otherwise) const {
  const auto found = options_.find(option);
  return found == options_.end() ? otherwise : found->second.back();
}

std::vector<std::string_view> Arguments::values(std::string_view option) const {
  const auto found = options_.find(option);
  return found == options_.end() ? std::vector<std::string_view>() : found->second;
}

Result<Arguments> read_arguments(std::span<const std::string_view> words, std::span<const ArgumentSpec> arguments,
                                 std::span<const OptionSpec> options) {
  Arguments result;
  bool options_ended = false;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string_view word = words[i];
    if (options_ended || word == "-" || !word.starts_with('-')) {
      result.positional_.push_back(word);
      continue;
    }
    if (word == "--") {
      options_ended = true;
      continue;
    }
    const std::size_t equals = word.starts_with("--") ? word.find('=') : std::string_view::npos;
    const std::string_view name = word.substr(0, equals);
    const OptionSpec* option = find_option(options, name);
    if (option == nullptr) return unknown_option(name, options);
    std::vector<std::string_view>& values = result.options_[option->name];
    if (option->value.empty()) {
      if (equals != std::string_view::npos) return misuse(std::string(name) + " takes no value");
      values.emplace_back();
      if (option->name == "--help") return result;
      continue;
    }
    if (!values.empty() && !option->repeats) return misuse(std::string(option->name) + " was given twice");
    if (equals == std::string_view::npos && i + 1 == words.size()) {
      return misuse(std::string(name) + " needs a value: " + std::string(option->value));
    }
    const std::string_view value = equals == std::string_view::npos ? words[++i] : word.substr(equals + 1);
    if (value.empty()) return misuse(std::string(name) + " needs a value: " + std::string(option->value));
    TRY([[maybe_unused]] const Done allowed, check_choice(*option, value));
    values.push_back(value);
  }
  TRY([[maybe_unused]] const Done enough, check_count(result.positional_, arguments));
  return result;
}

}  // namespace wayline::cli
