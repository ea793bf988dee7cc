// A file that goes away with its object.
#pragma once

#include <unistd.h>

#include <cstdlib>
#include <string>
#include <string_view>

#include "cli/files.h"

namespace wayline::cli {

class TemporaryFile {
 public:
  explicit TemporaryFile(std::string_view text) : path_("wayline-test-XXXXXX") {
    const char* folder = std::getenv("TMPDIR");
    path_.insert(0, std::string(folder == nullptr ? "/tmp" : folder) + "/");
    const int descriptor = ::mkstemp(path_.data());
    if (descriptor < 0 || ::write(descriptor, text.data(), text.size()) != static_cast<ssize_t>(text.size()))
      std::abort();
    ::close(descriptor);
  }
  ~TemporaryFile() { ::unlink(path_.c_str()); }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] Input open() const { return Input::open(path_).value(); }

 private:
  std::string path_;
};

}  // namespace wayline::cli
