// Programs of the documents that suites write.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <utility>

#include "files.h"
#include "wayline/compile.h"
#include "wayline/program.h"

namespace wayline::testing {

/// Null, after telling the errors, where the documents do not compile.
inline std::shared_ptr<const Program> program_of(std::map<std::string, std::string> files) {
  const Compiled compiled = compile({std::move(files), zone_file});
  for (const Diagnostic& item : compiled.diagnostics) {
    EXPECT_NE(item.severity, Severity::error) << item.range.file << ":" << item.range.line << ": " << item.message << " " << item.hint;
  }
  if (!compiled.ok()) return nullptr;
  const auto program = Program::load(compiled.program);
  EXPECT_TRUE(program.ok()) << program.error().message;
  return program.ok() ? program.value() : nullptr;
}

}  // namespace wayline::testing
