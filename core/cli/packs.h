// Packs and programs from the disk. The core never reads it; this is where the command line does.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "cli/console.h"
#include "document/pack.h"
#include "wayline/compile.h"
#include "wayline/program.h"
#include "wayline/result.h"

namespace wayline::cli {

/// Documents of one pack. Hundreds are a large site; tens of thousands are the wrong folder.
constexpr std::size_t max_pack_files = 10'000;
/// How deep below the pack's folder JSON files are looked for: deep enough to report those that lie a folder too deep.
constexpr int max_pack_depth = 3;

/// The regular .json files of a folder, without hidden folders and node_modules. Error: input.unreadable.
[[nodiscard]] Result<document::Files> read_pack(const std::string& folder);

/// The bytes of a zone of the system's time zone database; empty when it has none of that name.
[[nodiscard]] std::string zone_file(std::string_view zone);

/// The program of a pack, or how the command must end; everything that is wrong has then been reported.
struct OpenedProgram {
  std::shared_ptr<const Program> program;  // null: see `exit`
  Exit exit = Exit::fine;
};

/// Compiles a folder, or loads a file that `wayline build` wrote.
[[nodiscard]] OpenedProgram open_program(std::string_view path, Console& console);

struct CompiledPack {
  std::vector<std::byte> bytes;  // empty: there are errors
  Exit exit = Exit::fine;
};
/// Compiles the documents. Findings are reported on standard error when they are errors.
[[nodiscard]] CompiledPack compile_pack(const document::Files& files, Console& console);

/// Reports the findings: rendered on standard error, or as JSON on standard output. Always Exit::findings.
Exit report_findings(const Diagnostics& findings, const document::Files& files, Console& console);

}  // namespace wayline::cli
