#include "cli/packs.h"

#include <algorithm>
#include <filesystem>
#include <span>
#include <system_error>

#include "cli/files.h"
#include "cli/signing.h"
#include "document/render.h"
#include "value/json.h"

namespace wayline::cli {
namespace {

namespace fs = std::filesystem;

/// Debian's place, and that of every Linux and macOS.
constexpr std::string_view zone_folder = "/usr/share/zoneinfo/";
constexpr std::size_t max_zone_bytes = 1 << 20;  // the largest zone has 4 KiB

Error unreadable(const fs::path& path, std::string_view why) {
  return {ErrorCode::input_unreadable, path.string().append(": ").append(why)};
}

/// Names such as "Europe/Warsaw": nothing that leads out of the database's folder.
bool is_zone_name(std::string_view zone) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '/' || c == '_' ||
           c == '-' || c == '+';
  };
  return !zone.empty() && zone.front() != '/' && std::all_of(zone.begin(), zone.end(), allowed);
}

bool is_skipped_folder(const fs::path& path) {
  const std::string name = path.filename().string();
  return name.starts_with('.') || name == "node_modules";
}

Result<std::vector<fs::path>> list_documents(const fs::path& folder) {
  std::error_code failure;
  std::vector<fs::path> paths;
  fs::recursive_directory_iterator entry(folder, failure);
  if (failure) return unreadable(folder, failure.message());
  while (entry != fs::recursive_directory_iterator()) {
    const bool is_folder = entry->is_directory(failure);
    if (is_folder && (is_skipped_folder(entry->path()) || entry.depth() + 1 >= max_pack_depth))
      entry.disable_recursion_pending();
    if (!is_folder && document::is_meant_as_document(entry->path().filename().string()) && entry->is_regular_file(failure))
      paths.push_back(entry->path());
    if (paths.size() > max_pack_files) return unreadable(folder, "holds more than 10,000 JSON files; is this a pack?");
    entry.increment(failure);
    if (failure) return unreadable(folder, failure.message());
  }
  return paths;
}

std::span<const std::byte> bytes_of(std::string_view text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

OpenedProgram load_program(std::span<const std::byte> bytes, std::string_view path, Console& console) {
  auto loaded = Program::load(bytes);
  if (loaded.ok()) return {std::move(loaded).value(), Exit::fine};
  return {nullptr,
          console.refuse({loaded.error().code, std::string(path).append(": ").append(loaded.error().message)})};
}

}  // namespace

Result<document::Files> read_pack(const std::string& folder) {
  std::error_code failure;
  const auto status = fs::status(folder, failure);
  if (!fs::exists(status)) return unreadable(folder, "no such folder");
  if (!fs::is_directory(status)) return unreadable(folder, "is not a folder of documents");
  TRY(const std::vector<fs::path> paths, list_documents(folder));
  document::Files files;
  for (const fs::path& path : paths) {
    TRY(std::string text, read_file(path.string(), max_document_bytes));
    files.emplace(path.lexically_relative(folder).generic_string(), std::move(text));
  }
  return files;
}

std::string zone_file(std::string_view zone) {
  if (!is_zone_name(zone)) return {};
  auto text = read_file(std::string(zone_folder).append(zone), max_zone_bytes);
  return text.ok() ? std::move(text).value() : std::string();
}

Exit report_findings(const Diagnostics& findings, const document::Files& files, Console& console) {
  if (console.json()) {
    console.write("{\"findings\":" + document::render_json(findings) + "}\n");
    return Exit::findings;
  }
  std::string text;
  for (const Diagnostic& finding : findings) text.append(document::render(finding, files, false)).append("\n");
  console.note(text.append(document::render_summary(findings)).append("\n"));
  return Exit::findings;
}

CompiledPack compile_pack(const document::Files& files, Console& console) {
  Compiled compiled = compile({files, zone_file});
  if (compiled.ok()) return {std::move(compiled.program), Exit::fine};
  return {{}, report_findings(compiled.diagnostics, files, console)};
}

OpenedProgram open_program(std::string_view path, Console& console) {
  const std::string name(path);
  std::error_code failure;
  if (!fs::is_directory(name, failure)) {
    const auto bytes = read_file(name, max_program_bytes);
    if (!bytes.ok()) return {nullptr, console.refuse(bytes.error())};
    if (document::is_meant_as_document(fs::path(name).filename().string())) {
      return {nullptr, console.refuse({ErrorCode::program_malformed, name + ": is a document; a PACK is the folder of all of them, the one that site.json lies in"})};
    }
    return load_program(bytes_of(without_seal(bytes.value())), path, console);
  }
  const auto files = read_pack(name);
  if (!files.ok()) return {nullptr, console.refuse(files.error())};
  const CompiledPack compiled = compile_pack(files.value(), console);
  if (compiled.bytes.empty()) return {nullptr, compiled.exit};
  return load_program(compiled.bytes, path, console);
}

}  // namespace wayline::cli
