#include "cli/step_source.h"

#include <optional>
#include <utility>

#include "cli/csv.h"
#include "cli/files.h"
#include "cli/mapping.h"
#include "cli/visitors.h"

namespace wayline::cli {
namespace {

Error placed(const Error& error, const std::string& name, std::size_t line) {
  return {error.code, name + ":" + std::to_string(line) + ": " + error.message};
}

class JsonLines : public StepSource {
 public:
  explicit JsonLines(Input input) : name_(input.name()), reader_(std::move(input), max_step_line_bytes) {}

  Result<std::string_view> next() override {
    std::string_view line;
    switch (reader_.next(line)) {
      case LineReader::Next::end:
        return std::string_view();
      case LineReader::Next::failed:
        return reader_.error();
      case LineReader::Next::too_long:
        return at_place({ErrorCode::json_too_large, "the line is longer than 1 MiB"});
      case LineReader::Next::line:
        break;
    }
    arena_.reset();
    const auto step = read_step_line(line, arena_);
    if (!step.ok()) return at_place(step.error());
    step_ = step.value().input;
    return step.value().visitor;
  }
  Result<Value> step() override { return step_; }
  Error at_place(const Error& error) const override { return placed(error, name_, reader_.number()); }

 private:
  std::string name_;
  LineReader reader_;
  Arena arena_;
  Value step_;
};

class MappedRows : public StepSource {
 public:
  MappedRows(Input input, Mapping mapping)
      : mapping_(std::move(mapping)), reader_(std::move(input), mapping_.separator()) {}

  Result<std::string_view> next() override {
    if (!bound_) {
      TRY(const bool first, reader_.next());
      if (!first) return std::string_view();
      TRY([[maybe_unused]] const Done bound, mapping_.bind(reader_.cells()));
      bound_ = true;
      if (!mapping_.has_header()) return visitor();
    }
    TRY(const bool more, reader_.next());
    return more ? visitor() : Result<std::string_view>(std::string_view());
  }
  Result<Value> step() override {
    auto step = mapping_.step(reader_.cells());
    if (!step.ok()) return at_place(step.error());
    return step;
  }
  Error at_place(const Error& error) const override { return placed(error, reader_.name(), reader_.line()); }

 private:
  Result<std::string_view> visitor() {
    auto visitor = mapping_.visitor(reader_.cells());
    if (!visitor.ok()) return at_place(visitor.error());
    return visitor;
  }

  Mapping mapping_;
  CsvReader reader_;
  bool bound_ = false;
};

}  // namespace

Result<std::unique_ptr<StepSource>> open_steps(const std::string& file, const std::string& mapping) {
  std::optional<Mapping> rows;
  if (!mapping.empty()) {
    TRY(const std::string text, read_file(mapping, max_document_bytes));
    TRY(rows, Mapping::read(text, mapping));
  }
  TRY(Input input, Input::open(file));
  if (!rows) return std::unique_ptr<StepSource>(std::make_unique<JsonLines>(std::move(input)));
  return std::unique_ptr<StepSource>(std::make_unique<MappedRows>(std::move(input), std::move(*rows)));
}

}  // namespace wayline::cli
