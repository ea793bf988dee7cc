// Packs in the tree, as the loader takes them.
#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "document/pack.h"

namespace wayline::document {

inline std::string file_text(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

/// Every file below a folder, by its path inside it.
inline Files pack_files(const std::filesystem::path& folder) {
  Files files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file())
      files.emplace(std::filesystem::relative(entry.path(), folder).generic_string(), file_text(entry.path()));
  }
  return files;
}

}  // namespace wayline::document
