// wayline replay: plays real events through a pack and says what would have happened.
//
// Visitors do not know of each other, so the work is shared out by visitor: every worker reads the whole file and plays
// the steps of its own visitors. Reading a row costs a tenth of playing it; a queue between threads would cost more.
#include <algorithm>
#include <charconv>
#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/hash.h"
#include "base/nearest.h"
#include "cli/command.h"
#include "cli/goals.h"
#include "cli/packs.h"
#include "cli/step_source.h"
#include "cli/tally.h"
#include "cli/text.h"
#include "cli/visitors.h"
#include "document/names.h"
#include "value/json.h"

namespace wayline::cli {
namespace {

constexpr unsigned max_workers = 64;          // beyond that, reading the file again costs more than playing
constexpr Count progress_interval = 1 << 16;  // steps: several times a second
constexpr std::size_t most_undeclared = 12;   // names that are listed
constexpr std::string_view standard_input = "-";

constexpr ArgumentSpec replay_arguments[] = {
    {.name = "PACK", .help = "the pack's folder, or a program"},
    {.name = "FILE", .help = "the events: lines as of `wayline run`, or CSV with --mapping; - is standard input"}};
constexpr OptionSpec replay_options[] = {
    {.name = "--mapping", .value = "FILE", .help = "how the rows of a CSV file become steps; see demo/data/README.md"},
    {.name = "--print-steps", .help = "print the steps as lines of `wayline run` instead of playing them"},
    {.name = "--workers",
     .value = "N",
     .help = "threads that play visitors; as many as there are processors when absent"},
};

struct Work {
  std::shared_ptr<const Program> program;
  std::string file;
  std::string mapping;
  unsigned workers = 1;
};

/// What one worker has done.
struct Share {
  explicit Share(const Work& work) : tally(work.program->tables()) {}

  Tally tally;
  Counts tracked;  // events, by name
  Count visitors = 0;
  std::uint64_t digest = 0;
  std::optional<Error> error;
  Count error_row = 0;
};

/// Over all decisions of all visitors, whatever their order: a sum modulo 2^64, so that shares just add up.
std::uint64_t digest_of(const Visitors& visitors) {
  std::uint64_t digest = 0;
  for (const Session& session : visitors.all()) digest += hash64(session.visitor(), session.digest());
  return digest;
}

void count(Counts& counts, std::string_view name) {
  const auto found = counts.find(name);
  if (found != counts.end()) {
    ++found->second;
  } else {
    counts.emplace(name, 1);
  }
}

/// Plays the steps of the visitors that fall to worker `number`.
void play(const Work& work, unsigned number, Console* progress, Share& share) {
  Visitors visitors(work.program);
  Count row = 0;
  const auto failed = [&](const Error& error) {
    share.error = error;
    share.error_row = row;
  };
  auto source = open_steps(work.file, work.mapping);
  if (!source.ok()) {
    failed(source.error());
    return;
  }
  StepSource& steps = *source.value();
  while (!share.error) {
    ++row;
    const auto visitor = steps.next();
    if (!visitor.ok()) {
      failed(visitor.error());
      break;
    }
    if (visitor.value().empty()) break;
    if (progress != nullptr && row % progress_interval == 0) progress->progress(counted(row, "event"));
    if (work.workers > 1 && hash64(visitor.value()) % work.workers != number) continue;
    const auto step = steps.step();
    if (!step.ok()) {
      failed(step.error());
      break;
    }
    const auto outcome = visitors.advance(visitor.value(), step.value());
    if (outcome.ok()) {
      share.tally.add(outcome.value());
      if (const Value name = step.value().get("track"); name.is_string()) count(share.tracked, name.as_string());
    } else {
      failed(steps.at_place(outcome.error()));
    }
  }
  share.visitors = visitors.all().size();
  share.digest = digest_of(visitors);
}

void play_all(const Work& work, Console& console, Share& all) {
  std::vector<Share> shares(work.workers, Share(work));
  std::vector<std::thread> threads;
  for (unsigned number = 1; number < work.workers; ++number) {
    threads.emplace_back([&work, &shares, number] { play(work, number, nullptr, shares[number]); });
  }
  play(work, 0, &console, shares[0]);
  for (std::thread& thread : threads) thread.join();
  console.progress({});

  for (const Share& share : shares) {
    all.tally.add(share.tally);
    for (const auto& [name, count] : share.tracked) all.tracked[name] += count;
    all.visitors += share.visitors;
    all.digest += share.digest;
    // The earliest row counts, so that the error does not depend on how the work was shared.
    if (share.error && (!all.error || share.error_row < all.error_row)) {
      all.error = share.error;
      all.error_row = share.error_row;
    }
  }
}

/// What only a pack's folder says, and no program holds: what people aim at, and which events there are.
struct Told {
  std::vector<GoalReached> goals;
  std::vector<std::pair<std::string, Count>> undeclared;  // events of the data, by name
  std::vector<std::string_view> declared;
  document::Loaded loaded;
};

Told told_by(std::string_view path, const Share& all) {
  std::error_code failure;
  const auto files = std::filesystem::is_directory(path, failure) ? read_pack(std::string(path)) : Result<document::Files>(Error{ErrorCode::input_unreadable, ""});
  if (!files.ok()) return {};
  Told told;
  told.loaded = document::load_pack(files.value());
  told.goals = goals_reached(told.loaded.pack, all.tally);
  for (const document::Event& event : told.loaded.pack.site.events) told.declared.push_back(event.name.text);
  // Packs that declare no event take any.
  if (told.declared.empty()) return told;
  for (const auto& [name, count] : all.tracked) {
    const bool is_known = std::find(told.declared.begin(), told.declared.end(), name) != told.declared.end() ||
                          std::find(document::known_events.begin(), document::known_events.end(), name) != document::known_events.end();
    if (!is_known) told.undeclared.emplace_back(name, count);
  }
  return told;
}

/// Events that the pack does not declare: nothing waits for them or counts them, which a misspelt name looks like.
std::string undeclared_text(const Told& told) {
  std::vector<std::vector<std::string>> rows;
  for (const auto& [name, count] : told.undeclared) {
    if (rows.size() == most_undeclared) break;
    const std::string_view near = nearest(name, told.declared);
    rows.push_back({"event " + name, near.empty() ? "not declared" : "not declared; did you mean " + std::string(near) + "?", grouped(count)});
  }
  const std::size_t more = told.undeclared.size() - rows.size();
  return aligned(rows, 2, "") + (more > 0 ? "and " + counted(more, "event") + " more that are not declared\n" : "");
}

void write_summary(const Work& work, const Share& all, const Told& told, double seconds, Console& console) {
  const double rate = static_cast<double>(all.tally.events()) / std::max(seconds, 1e-9);
  if (console.json()) {
    Arena arena;
    const std::string digest = hexadecimal(all.digest);
    ObjectBuilder object(arena);
    object.text("digest", digest)
        .number("eventsPerSecond", static_cast<double>(static_cast<Count>(rate)))
        .add("goals", goals_value(told.goals, arena));
    const Value tally = all.tally.value(arena);
    for (const Member& member : tally.as_object()) object.add(member.key, member.value);
    ObjectBuilder undeclared(arena);
    for (const auto& [name, count] : told.undeclared) undeclared.number(name, static_cast<double>(count));
    if (!told.undeclared.empty()) object.add("undeclared", undeclared.build());
    object.number("visitors", static_cast<double>(all.visitors));
    console.write_value(object.build());
    return;
  }
  console.write(std::string(work.program->site()) + ": " + counted(all.visitors, "visitor") + ", " +
                counted(all.tally.events(), "event") + "\n\n");
  console.write(all.tally.text());
  console.write(goals_text(told.goals));
  console.write(undeclared_text(told));
  const auto milliseconds = static_cast<Count>(seconds * 1000);
  console.write("\n" + counted(static_cast<Count>(rate), "event") + " a second (" + grouped(milliseconds) + " ms, " +
                counted(work.workers, "worker") + ")\n");
  console.write("digest " + hexadecimal(all.digest) + "\n");
}

/// Each step as a line of `wayline run`, its instant in ISO 8601.
Exit print_steps(const Work& work, Console& console) {
  auto source = open_steps(work.file, work.mapping);
  if (!source.ok()) return console.refuse(source.error());
  Arena arena;
  for (;;) {
    const auto visitor = source.value()->next();
    if (!visitor.ok()) return console.refuse(visitor.error());
    if (visitor.value().empty()) return Exit::fine;
    const auto step = source.value()->step();
    if (!step.ok()) return console.refuse(step.error());
    if (!step.value().is_object())
      return console.refuse(source.value()->at_place({ErrorCode::step_malformed, "a step is an object"}));
    arena.reset();
    ObjectBuilder line(arena);
    for (const Member& member : step.value().as_object()) {
      const bool is_instant = member.key == "at" && member.value.is_number();
      if (member.key != "visitor")
        line.add(member.key,
                 is_instant ? Value::string(arena.copy(format_instant(static_cast<Instant>(member.value.as_number()))))
                            : member.value);
    }
    console.write_value(line.text("visitor", visitor.value()).build());
  }
}

Result<unsigned> workers_of(const Arguments& arguments, std::string_view file) {
  if (file == standard_input) return 1U;  // can be read only once
  const std::string_view text = arguments.value("--workers");
  if (text.empty()) return std::clamp(std::thread::hardware_concurrency(), 1U, max_workers);
  unsigned workers = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), workers);
  if (failure == std::errc{} && end == text.data() + text.size() && workers >= 1 && workers <= max_workers)
    return workers;
  return Error{ErrorCode::usage, "--workers is a number from 1 to " + std::to_string(max_workers)};
}

Exit replay(const Arguments& arguments, Console& console) {
  const std::string_view file = arguments.positional(1);
  if (file.ends_with(".csv") && !arguments.has("--mapping"))
    return console.misuse("replay", "a CSV file needs --mapping FILE");
  const auto workers = workers_of(arguments, file);
  if (!workers.ok()) return console.misuse("replay", workers.error().message);
  OpenedProgram opened = open_program(arguments.positional(0), console);
  if (!opened.program) return opened.exit;
  const Work work{std::move(opened.program), std::string(file), std::string(arguments.value("--mapping")),
                  workers.value()};
  if (arguments.has("--print-steps")) return print_steps(work, console);

  const auto start = std::chrono::steady_clock::now();
  Share all(work);
  play_all(work, console, all);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  if (all.error) return console.refuse(*all.error);
  write_summary(work, all, told_by(arguments.positional(0), all), took.count(), console);
  return Exit::fine;
}

}  // namespace

const Command replay_command{
    .name = "replay",
    .summary = "play real events through a pack and sum up what happened",
    .details =
        "The digest is over every decision of every visitor: two engines, or two versions of a pack, that decide alike "
        "print the same.\n"
        "The goals of site.json stand beside what was reached: passes of the journeys that roll up to them, their share and their value, and the `target`.\n"
        "Slots count decisions: what each page view, or step that asks for the slot, shows. Passes of a holdout are counted with the others, and once more for themselves.\n"
        "Events that site.json does not declare are listed: nothing waits for them or counts them.\n"
        "A row that does not fit the mapping, or a step that the engine refuses, ends the replay.\n",
    .arguments = replay_arguments,
    .options = replay_options,
    .run = replay,
};

}  // namespace wayline::cli
