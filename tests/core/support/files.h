// Files that suites read. Tests run with the repository as working directory.
#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <string_view>

namespace wayline::testing {

/// Empty when the file can not be read.
inline std::string file_text(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// What compile() asks its host for.
inline std::string zone_file(std::string_view zone) { return file_text(std::filesystem::path("/usr/share/zoneinfo") / zone); }

/// Every file below a folder, by its path inside it.
inline std::map<std::string, std::string> pack_files(const std::filesystem::path& folder) {
  std::map<std::string, std::string> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) files.emplace(std::filesystem::relative(entry.path(), folder).generic_string(), file_text(entry.path()));
  }
  return files;
}

}  // namespace wayline::testing
