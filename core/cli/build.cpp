// wayline build: compiles a pack to the one file that browsers load.
#include <charconv>
#include <chrono>
#include <optional>
#include <span>

#include "base/instant.h"
#include "cli/command.h"
#include "cli/files.h"
#include "cli/packs.h"
#include "cli/signing.h"
#include "cli/text.h"

namespace wayline::cli {
namespace {

constexpr Duration default_validity = 90 * day;
/// A page holds versions and times as 64-bit floats.
constexpr std::uint64_t largest_version = (std::uint64_t{1} << 53) - 1;

constexpr ArgumentSpec build_arguments[] = {{.name = "PACK", .help = "the pack's folder"}};
constexpr OptionSpec build_options[] = {
    {.name = "--output", .letter = 'o', .value = "FILE", .help = "where the program is written; needed"},
    {.name = "--sign", .value = "KEY", .help = "sign it with this private Ed25519 key in PEM"},
    {.name = "--pack-version", .value = "N", .help = "of the signed program; pages refuse a lower one than they have (default: the time)"},
    {.name = "--valid", .value = "DURATION", .help = "how long pages take the signed program from now on (default 90d)"}};

/// What was signed, for the report.
struct Signature {
  SealTerms terms;
  std::string key;
};

Instant now() {
  const auto since_1970 = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(since_1970).count();
}

Error bad_option(std::string message) { return {ErrorCode::usage, std::move(message)}; }

Result<SealTerms> read_terms(const Arguments& arguments) {
  const Instant today = now();
  SealTerms terms{static_cast<std::uint64_t>(today), 0};
  if (arguments.has("--pack-version")) {
    const std::string_view text = arguments.value("--pack-version");
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), terms.version);
    if (failure != std::errc() || end != text.data() + text.size() || terms.version > largest_version) {
      return bad_option("--pack-version needs a whole number below 2^53");
    }
  }
  const auto validity =
      arguments.has("--valid") ? parse_duration(arguments.value("--valid")) : std::optional(default_validity);
  if (!validity || *validity <= 0) return bad_option("--valid needs a duration such as 30d");
  terms.expires = static_cast<std::uint64_t>(today + *validity);
  return terms;
}

/// Seals `program` when the call asks for it.
Result<std::optional<Signature>> sign_if_asked(const Arguments& arguments, std::string& program) {
  if (!arguments.has("--sign")) {
    if (arguments.has("--pack-version") || arguments.has("--valid")) {
      return bad_option("--pack-version and --valid are of a signature: say --sign KEY as well");
    }
    return std::optional<Signature>();
  }
  TRY(const SealTerms terms, read_terms(arguments));
  TRY(const SigningKey key, SigningKey::read(std::string(arguments.value("--sign"))));
  TRY(program, sealed(std::move(program), terms, key));
  return std::optional(Signature{terms, key.public_text()});
}

void report(const std::string& target, std::size_t size, const std::string& hash,
            const std::optional<Signature>& signature, Console& console) {
  if (!console.json()) {
    console.write(target + ": " + counted(size, "byte") + ", " + hash + "\n");
    if (!signature) return;
    console.write("signed: version " + std::to_string(signature->terms.version) + ", valid until " +
                  format_instant(static_cast<Instant>(signature->terms.expires)) + "\ndata-pack-key=\"" + signature->key +
                  "\"\n");
    return;
  }
  Arena arena;
  ObjectBuilder object(arena);
  object.number("bytes", static_cast<double>(size));
  if (signature) {
    object.text("expires", arena.copy(format_instant(static_cast<Instant>(signature->terms.expires))));
  }
  object.text("file", target).text("hash", hash);
  if (signature) {
    object.text("key", signature->key)
        .number("version", static_cast<double>(signature->terms.version));
  }
  console.write_value(object.build());
}

Exit build(const Arguments& arguments, Console& console) {
  const std::string target(arguments.value("--output"));
  if (target.empty()) return console.misuse("build", "say where to write with -o FILE");
  const auto files = read_pack(std::string(arguments.positional(0)));
  if (!files.ok()) return console.refuse(files.error());
  const CompiledPack compiled = compile_pack(files.value(), console);
  if (compiled.bytes.empty()) return compiled.exit;
  const auto loaded = Program::load(compiled.bytes);
  if (!loaded.ok()) return console.refuse(loaded.error());
  std::string bytes(reinterpret_cast<const char*>(compiled.bytes.data()), compiled.bytes.size());
  const auto signature = sign_if_asked(arguments, bytes);
  if (!signature.ok()) return console.refuse(signature.error());
  const auto written = write_file(target, bytes);
  if (!written.ok()) return console.refuse(written.error());
  report(target, bytes.size(), hexadecimal(loaded.value()->hash()), signature.value(), console);
  return Exit::fine;
}

}  // namespace

const Command build_command{
    .name = "build",
    .summary = "compile a pack to the one file that browsers load",
    .details =
        "The same documents always give the same bytes. The hash names what the program decides: equal hashes decide "
        "alike. A page whose script tag has data-pack-key takes only programs that the key has signed.\n",
    .arguments = build_arguments,
    .options = build_options,
    .run = build,
};

}  // namespace wayline::cli
