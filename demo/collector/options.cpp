#include "collector/options.h"

#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <charconv>
#include <filesystem>
#include <optional>
#include <system_error>

#include "collector/identity_token.h"

namespace wayline::collector {

const std::string_view usage_text =
    R"(usage: wayline-collector --root DIR --pack FILE --database FILE --write-key KEY[:PROJECT]... [options]

  --root DIR            folder of the static files
  --pack FILE           compiled pack, served at /v1/pack; read again when it changes
  --database FILE       SQLite database of the events; created when absent
  --write-key KEY[:PROJECT]
                        a key that may send events, and the project they belong to (default: the key); repeatable
  --erase-key KEY:PROJECT
                        a secret key that may erase persons from the project (POST /v1/erase); repeatable
  --identity-key KEY:PROJECT
                        a secret key of at least 32 bytes, with which the site's server signs identity tokens (HS256): the devices
                        of a person share a profile by /v1/profile; repeatable, so that keys can change
  --host ADDRESS        IP address to bind (default 127.0.0.1, which is also localhost)
  --port N              port to bind, 0 for any free one (default 8080)
  --csp POLICY          Content-Security-Policy of the pages; empty for none
                        (default: script-src 'self' 'wasm-unsafe-eval'; object-src 'none'; base-uri 'self')
  --queue N             batches that may wait for the database before 503 (default 256)
  --help                this text
)";

namespace {

Error bad_usage(std::string message) { return {ErrorCode::usage, std::move(message)}; }

template <typename Number>
std::optional<Number> number_from(std::string_view text) {
  Number number{};
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failure != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

/// KEY or KEY:PROJECT. A Basic user name can not hold a colon, so the first one ends the key.
Result<Done> add_key(std::map<std::string, std::string>& projects, std::string_view name, std::string_view value) {
  const std::size_t colon = value.find(':');
  const std::string_view key = value.substr(0, colon);
  const std::string_view project = colon == std::string_view::npos ? key : value.substr(colon + 1);
  // A project is no secret: /metrics names it.
  if (name == "--erase-key" && key == project) return bad_usage("--erase-key needs KEY:PROJECT, and a key that is not the project's name");
  if (key.empty() || project.empty()) return bad_usage(std::string{name} + " needs a key, or KEY:PROJECT");
  const auto [known, is_new] = projects.emplace(key, project);
  if (!is_new && known->second != project) return bad_usage(std::string{name} + " gives one key to two projects: " + known->second + " and " + std::string{project});
  return Done{};
}

/// KEY:PROJECT. The key is the site's own choice and may hold colons; a project's name does not.
Result<Done> add_identity_key(Options& options, std::string_view value) {
  const std::size_t colon = value.rfind(':');
  if (colon == std::string_view::npos || colon < least_identity_key_bytes || colon + 1 == value.size()) {
    return bad_usage("--identity-key needs KEY:PROJECT, and a key of at least " + std::to_string(least_identity_key_bytes) + " bytes");
  }
  options.identity_keys[std::string{value.substr(colon + 1)}].emplace_back(value.substr(0, colon));
  return Done{};
}

/// No name is looked up: it could stand for several addresses, of which one would be bound.
Result<Done> set_host(Options& options, std::string_view value) {
  const std::string address{value == "localhost" ? "127.0.0.1" : value};
  boost::system::error_code failure;
  boost::asio::ip::make_address(address, failure);
  if (failure) return bad_usage("--host needs an IP address, such as 127.0.0.1, ::1 or 0.0.0.0: " + address);
  options.host = address;
  return Done{};
}

/// The policy becomes a line of every answer: what ends the line would let its rest be another header, or no HTTP at all.
Result<Done> set_policy(Options& options, std::string_view value) {
  const auto breaks = [](char character) { return (static_cast<unsigned char>(character) < 0x20 && character != '\t') || character == 0x7f; };
  if (std::any_of(value.begin(), value.end(), breaks)) return bad_usage("--csp needs a policy in one line");
  options.content_security_policy = value;
  return Done{};
}

/// Sets the option called `name`.
Result<Done> apply(Options& options, std::string_view name, std::string_view value) {
  if (name == "--root")
    options.root = value;
  else if (name == "--pack")
    options.pack = value;
  else if (name == "--database")
    options.database = value;
  else if (name == "--host")
    return set_host(options, value);
  else if (name == "--csp")
    return set_policy(options, value);
  else if (name == "--write-key")
    return add_key(options.projects, name, value);
  else if (name == "--erase-key")
    return add_key(options.erase_projects, name, value);
  else if (name == "--identity-key")
    return add_identity_key(options, value);
  else if (name == "--port") {
    const auto port = number_from<unsigned short>(value);
    if (!port) return bad_usage("--port needs a number from 0 to 65535");
    options.port = *port;
  } else if (name == "--queue") {
    const auto limit = number_from<std::size_t>(value);
    if (!limit || *limit == 0) return bad_usage("--queue needs a positive number");
    options.queue_limit = *limit;
  } else {
    return bad_usage("unknown option " + std::string{name});
  }
  return Done{};
}

}  // namespace

Result<Options> read_options(std::span<const std::string_view> arguments) {
  Options options;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    if (arguments[i] == "--help") {
      options.help = true;
      return options;
    }
    if (!arguments[i].starts_with("--")) return bad_usage("unexpected argument " + std::string{arguments[i]});
    if (i + 1 == arguments.size()) return bad_usage(std::string{arguments[i]} + " needs a value");
    TRY([[maybe_unused]] Done applied, apply(options, arguments[i], arguments[i + 1]));
    ++i;
  }
  if (options.root.empty()) return bad_usage("--root is needed");
  if (options.pack.empty()) return bad_usage("--pack is needed");
  if (options.database.empty()) return bad_usage("--database is needed");
  if (options.projects.empty()) return bad_usage("--write-key is needed");
  for (const auto& [key, project] : options.erase_projects) {
    if (options.projects.contains(key)) return bad_usage("--erase-key and --write-key give one key, which every page would show: " + key);
  }
  std::error_code failed;
  if (!std::filesystem::is_directory(options.root, failed)) return bad_usage("--root: no folder at " + options.root);
  return options;
}

}  // namespace wayline::collector
