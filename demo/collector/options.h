// The command line of wayline-collector.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "collector/limits.h"
#include "wayline/result.h"

namespace wayline::collector {

struct Options {
  std::string root;      // folder of the static files
  std::string pack;      // compiled pack, may appear later
  std::string database;  // SQLite file, created when absent
  std::string host = "127.0.0.1";  // an IP address
  unsigned short port = 8080;                   // 0: the system chooses
  std::map<std::string, std::string> projects;  // write key -> project
  std::map<std::string, std::string> erase_projects;  // erase key -> project
  std::map<std::string, std::vector<std::string>> identity_keys;  // project -> keys that sign identity tokens
  std::string content_security_policy = "script-src 'self' 'wasm-unsafe-eval'; object-src 'none'; base-uri 'self'";
  std::size_t queue_limit = limits::queued_batches;
  bool help = false;
};

/// How to call the program; printed by --help and after a usage error.
extern const std::string_view usage_text;

/// `arguments` without the program's name. The error is ErrorCode::usage.
[[nodiscard]] Result<Options> read_options(std::span<const std::string_view> arguments);

}  // namespace wayline::collector
