// The steps of a file of real events: lines of `wayline run`, or CSV rows through a mapping.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "wayline/result.h"
#include "wayline/value.h"

namespace wayline::cli {

/// One step after the other. Errors name the file and the line.
class StepSource {
 public:
  virtual ~StepSource() = default;
  /// The visitor of the next step; empty at the end. It lives until the next call.
  [[nodiscard]] virtual Result<std::string_view> next() = 0;
  /// That step, without "visitor"; it lives as long as the visitor. Only steps that are asked for are made.
  [[nodiscard]] virtual Result<Value> step() = 0;
  /// An error of the current step, with its place in front.
  [[nodiscard]] virtual Error at_place(const Error& error) const = 0;
};

/// `mapping` is the mapping's file; empty for lines of JSON. Errors: input.unreadable, replay.bad_mapping.
[[nodiscard]] Result<std::unique_ptr<StepSource>> open_steps(const std::string& file, const std::string& mapping);

}  // namespace wayline::cli
