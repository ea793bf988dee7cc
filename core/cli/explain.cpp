// wayline explain: why each slot shows what it shows to a visitor, at an instant.
#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "analysis/rule_tree.h"
#include "base/instant.h"
#include "cli/command.h"
#include "cli/packs.h"
#include "cli/passes.h"
#include "cli/reasons.h"
#include "cli/step_source.h"
#include "cli/text.h"
#include "cli/visitors.h"
#include "value/json.h"

namespace wayline::cli {
namespace {

constexpr ArgumentSpec explain_arguments[] = {
    {.name = "PACK", .help = "the pack's folder, or a program"},
    {.name = "FILE",
     .help = "steps to play first, as `wayline run` reads them; - is standard input",
     .is_optional = true}};
constexpr OptionSpec explain_options[] = {
    {.name = "--at", .value = "ISO", .help = "the instant to explain; the last step's when absent"},
    {.name = "--page", .value = "URL", .help = "a page that the visitor views at that instant"},
    {.name = "--slot", .value = "NAME", .help = "only this slot, whether or not the page can fill it", .repeats = true},
    {.name = "--visitor", .value = "ID", .help = "only this visitor", .repeats = true},
    {.name = "--state", .value = "FILE", .help = "go on from these visitors' states"},
    {.name = "--tree", .help = "each condition whole, with the value of each of its parts"},
};

std::string text_of(const Value& value) {
  return value.is_string() ? std::string(value.as_string()) : std::string("-");
}

/// "experience greeting, variant a: its condition…"
void write_candidate(const Value& candidate, Passes& passes, Console& console) {
  const std::string reason = text_of(candidate.get("reason"));
  const bool won = reason == "matched";
  std::string line = std::string(won ? "  > " : "    ") + text_of(candidate.get("experience"));
  if (candidate.get("journey").is_string()) line += " of " + text_of(candidate.get("journey"));
  line += ", priority " + to_json(candidate.get("priority")) + ": ";
  console.write(won ? console.styled(Style::good, line) : line);
  console.write(meaning_of(reason) + " (" + reason + ")\n");
  if (const std::string holder = holder_of(candidate); !holder.empty()) console.write("        held by " + console.styled(Style::name, holder) + "\n");
  if (!candidate.get("predicate").is_string()) return;
  console.write("        " + console.styled(Style::name, text_of(candidate.get("predicate"))) + " is " +
                to_json(candidate.get("result")));
  if (!candidate.get("saw").is_missing()) console.write("; it saw " + to_json(candidate.get("saw")));
  const std::string why = passes.why_nothing(text_of(candidate.get("predicate")), candidate.get("saw"));
  console.write(why.empty() ? "\n" : ": " + why + "\n");
}

/// Experience -> the tree of its condition.
using Trees = std::map<std::string, std::string, std::less<>>;

void write_tree(std::string_view tree, Console& console) {
  while (!tree.empty()) {
    const std::size_t end = tree.find('\n');
    console.write("        " + std::string(tree.substr(0, end)) + "\n");
    tree.remove_prefix(end + 1);
  }
}

/// What is told of a journey, and the tree of its condition where it has one.
struct Told {
  std::string_view text, tree;
};

/// Passes puts the tree in lines of its own behind the text.
Told parted(std::string_view told) {
  const std::size_t end = std::min(told.find('\n'), told.size());
  return {told.substr(0, end), told.substr(std::min(end + 1, told.size()))};
}

void write_told(const Told& told, Console& console) {
  console.write("    " + std::string(told.text) + "\n");
  write_tree(told.tree, console);
}

Value told_value(const std::vector<std::string>& lines, Arena& arena) {
  ListBuilder list(arena);
  for (const std::string& line : lines) {
    const Told told = parted(arena.copy(line));
    ObjectBuilder entry(arena);
    entry.text("text", told.text);
    if (!told.tree.empty()) entry.text("tree", told.tree);
    list.add(entry.build());
  }
  return list.build();
}

void write_slot(const Member& slot, const Trees& trees, Passes& passes, Console& console) {
  const Value& decision = slot.value;
  std::string shown = "the default content";
  if (decision.get("experience").is_string()) {
    shown = text_of(decision.get("experience")) + ", variant " + text_of(decision.get("variant"));
  }
  console.write(console.styled(Style::bold, "slot " + std::string(slot.key)) + ": " + shown + " (" +
                text_of(decision.get("reason")) + ")\n");
  const Value candidates = decision.get("candidates");
  if (!candidates.is_list() || candidates.as_list().empty()) {
    console.write("    " + meaning_of("no_candidate") + "\n");
    return;
  }
  for (const Value& candidate : candidates.as_list()) {
    write_candidate(candidate, passes, console);
    if (const auto tree = trees.find(text_of(candidate.get("experience"))); tree != trees.end()) write_tree(tree->second, console);
  }
}

/// A candidate with `why` what decided saw nothing, where the text says it too.
Value with_reason(const Value& candidate, Passes& passes, Arena& arena) {
  const Value predicate = candidate.get("predicate");
  const std::string why = predicate.is_string() ? passes.why_nothing(predicate.as_string(), candidate.get("saw")) : std::string();
  if (why.empty()) return candidate;
  ObjectBuilder told(arena);
  for (const Member& member : candidate.as_object()) told.add(member.key, member.value);
  return told.text("why", arena.copy(why)).build();
}

/// A slot's decision with the reasons of its candidates.
Value with_reasons(const Value& decision, Passes& passes, Arena& arena) {
  const Value candidates = decision.get("candidates");
  if (!candidates.is_list()) return decision;
  ListBuilder told(arena);
  for (const Value& candidate : candidates.as_list()) told.add(with_reason(candidate, passes, arena));
  ObjectBuilder object(arena);
  for (const Member& member : decision.as_object()) object.add(member.key, member.key == "candidates" ? told.build() : member.value);
  return object.build();
}

class Explanation {
 public:
  Explanation(const Arguments& arguments, Console& console, std::shared_ptr<const Program> program)
      : arguments_(arguments), console_(console), program_(program), visitors_(std::move(program)) {}

  Result<Done> run() {
    TRY([[maybe_unused]] const Done restored, restore());
    TRY([[maybe_unused]] const Done played, play());
    TRY(const Instant at, instant());
    if (visitors_.all().empty() && !arguments_.has("--visitor")) return explain(default_visitor, at);
    const auto wanted = arguments_.values("--visitor");
    if (!wanted.empty()) {
      for (const std::string_view visitor : wanted) {
        TRY([[maybe_unused]] const Done done, explain(visitor, at));
      }
      return Done{};
    }
    std::vector<std::string> ids;
    for (const Session& session : visitors_.all()) ids.emplace_back(session.visitor());
    for (const std::string& id : ids) {
      TRY([[maybe_unused]] const Done done, explain(id, at));
    }
    return Done{};
  }

 private:
  Result<Done> restore() {
    return arguments_.has("--state") ? visitors_.restore_file(arguments_.value("--state"), console_) : Done{};
  }

  /// Unlike `run`, a line that is refused ends the command: what is explained must be what happened.
  Result<Done> play() {
    const std::string path(arguments_.positional(1));
    if (path.empty()) return Done{};
    TRY(const std::unique_ptr<StepSource> steps, open_steps(path, {}));
    for (;;) {
      TRY(const std::string_view visitor, steps->next());
      if (visitor.empty()) return Done{};
      TRY(const Value step, steps->step());
      const auto output = visitors_.step(visitor, step);
      if (!output.ok()) return steps->at_place(output.error());
      note_instant(step.get("at"));
    }
  }

  /// `at` has been accepted by the engine.
  void note_instant(const Value& at) {
    const Instant instant =
        at.is_string() ? parse_instant(at.as_string()).value_or(0) : static_cast<Instant>(at.as_number());
    latest_ = std::max(latest_.value_or(instant), instant);
  }

  Result<Instant> instant() const {
    const std::string_view text = arguments_.value("--at");
    if (!text.empty()) {
      const auto at = parse_instant(text);
      if (!at) return Error{ErrorCode::usage, "--at must be an instant such as 2026-11-21T10:00:00Z"};
      return *at;
    }
    if (!latest_) return Error{ErrorCode::usage, "say which instant to explain with --at, or give steps that happened"};
    return *latest_;
  }

  Result<Done> explain(std::string_view visitor, Instant at) {
    const bool is_stranger = visitors_.find(visitor) == nullptr;
    // Whoever asks for an instant asks for what has become of the visitor by then: waits are over that end before it.
    if (arguments_.has("--page") || arguments_.has("--at") || is_stranger) {
      TRY([[maybe_unused]] const Value output, visitors_.step(visitor, moment(at)));
    }
    TRY(const Value answer, visitors_.find(visitor)->decide(request(at)));
    TRY(const Trees trees, trees_of(answer.get("decisions"), visitor, at));
    Passes passes(*program_, *visitors_.find(visitor), at);
    if (arguments_.has("--tree")) passes.show_trees();
    if (console_.json()) return write_json(answer.get("decisions"), trees, passes, visitor, at);
    console_.write("visitor " + std::string(visitor) + " at " + local_text(program_->tables(), at) + (is_stranger ? ", of whom nothing is known" : "") + "\n\n");
    const auto slots = answer.get("decisions").as_object();
    if (slots.empty()) console_.write("no slot of the page can be filled; show another page with --page, or ask for a slot with --slot\n\n");
    for (const Member& slot : slots) {
      write_slot(slot, trees, passes, console_);
      console_.write("\n");
    }
    if (!arguments_.has("--slot")) write_journeys(passes);
    return Done{};
  }

  /// What the text says, in one line.
  Result<Done> write_json(const Value& decisions, const Trees& trees, Passes& passes, std::string_view visitor, Instant at) {
    Arena arena;
    ObjectBuilder object(arena), slots(arena), texts(arena);
    TRY(const Value kept, read_json(to_json(decisions), arena));  // the session's next answer takes the place of this one
    for (const Member& slot : kept.as_object()) slots.add(slot.key, with_reasons(slot.value, passes, arena));
    object.text("at", arena.copy(format_instant(at))).add("decisions", slots.build());
    if (!arguments_.has("--slot")) {
      TRY(const Value journeys, journeys_value(passes, visitor, at, arena));
      object.add("journeys", journeys);
    }
    for (const auto& [experience, tree] : trees) texts.text(experience, tree);
    if (arguments_.has("--tree")) object.add("trees", texts.build());
    console_.write_value(object.text("visitor", visitor).build());
    return Done{};
  }

  Result<Value> journeys_value(Passes& passes, std::string_view visitor, Instant at, Arena& arena) {
    ObjectBuilder journeys(arena);
    TRY(const Value inspection, visitors_.find(visitor)->inspect(ObjectBuilder(arena).number("at", static_cast<double>(at)).build()));
    for (const auto& [id, lines, entered] : told_of_journeys(passes)) {
      ObjectBuilder journey(arena);
      const Value pass = inspection.get("journeys").get(id);
      if (entered && pass.is_object()) journey.add("stage", pass.get("stage")).add("status", pass.get("status"));
      journeys.add(arena.copy(id), journey.add("why", told_value(lines, arena)).build());
    }
    return journeys.build();
  }

  /// Of the candidates that have a condition; none unless they are asked for.
  Result<Trees> trees_of(const Value& decisions, std::string_view visitor, Instant at) {
    Trees trees;
    if (!arguments_.has("--tree")) return trees;
    Arena arena;
    TRY(const Value state, read_json(visitors_.find(visitor)->snapshot(), arena));
    for (const Member& slot : decisions.as_object()) {
      const Value candidates = slot.value.get("candidates");
      for (const Value& candidate : candidates.is_list() ? candidates.as_list() : std::span<const Value>()) {
        const Value request = ObjectBuilder(arena).number("at", static_cast<double>(at)).add("experience", candidate.get("experience")).build();
        TRY(std::string tree, analysis::rule_tree(program_->tables(), state, request));
        if (!tree.empty()) trees.emplace(candidate.get("experience").as_string(), std::move(tree));
      }
    }
    return trees;
  }

  struct ToldJourney {
    std::string id;
    std::vector<std::string> lines;  // with their trees
    bool entered = false;            // ever
  };
  /// Where the visitor stands in each journey and what would lead on, or why it was not entered.
  std::vector<ToldJourney> told_of_journeys(Passes& passes) {
    const program::Tables& tables = program_->tables();
    std::vector<ToldJourney> all;
    for (const program::Journey& journey : tables.journeys) {
      const std::string id(tables.view(journey.id));
      ToldJourney told{id, passes.why_there(id, {.stage = {}, .status = {}, .outcome = {}, .anywhere = true})};
      told.entered = !told.lines.empty();
      if (auto outside = passes.why_outside(id)) told.lines.push_back(std::move(*outside));
      all.push_back(std::move(told));
    }
    return all;
  }

  void write_journeys(Passes& passes) {
    const auto all = told_of_journeys(passes);
    for (const ToldJourney& journey : all) {
      console_.write(console_.styled(Style::bold, "journey " + journey.id) + (journey.entered ? "" : ": never entered") + "\n");
      for (const std::string& line : journey.lines) write_told(parted(line), console_);
    }
    if (!all.empty()) console_.write("\n");
  }

  /// The page view that --page asks for, or only that time has come.
  Value moment(Instant at) {
    arena_.reset();
    ObjectBuilder step(arena_);
    step.number("at", static_cast<double>(at));
    if (!arguments_.has("--page")) return step.boolean("tick", true).build();
    ObjectBuilder page(arena_);
    return step.add("page", page.text("url", arguments_.value("--page")).build()).build();
  }

  Value request(Instant at) {
    arena_.reset();
    ObjectBuilder request(arena_);
    request.number("at", static_cast<double>(at)).boolean("explain", true);
    ListBuilder slots(arena_);
    for (const std::string_view slot : arguments_.values("--slot")) slots.add(Value::string(slot));
    if (slots.size() > 0) request.add("slots", slots.build());
    return request.build();
  }

  const Arguments& arguments_;
  Console& console_;
  std::shared_ptr<const Program> program_;
  Visitors visitors_;
  Arena arena_;
  std::optional<Instant> latest_;
};

Exit explain(const Arguments& arguments, Console& console) {
  const OpenedProgram opened = open_program(arguments.positional(0), console);
  if (!opened.program) return opened.exit;
  const auto done = Explanation(arguments, console, opened.program).run();
  if (done.ok()) return Exit::fine;
  return done.error().code == ErrorCode::usage ? console.misuse("explain", done.error().message)
                                               : console.refuse(done.error());
}

}  // namespace

const Command explain_command{
    .name = "explain",
    .summary = "say why each slot shows what it shows",
    .details =
        "Every candidate of a slot is listed with the reason why it shows or not, the predicate that decided, and the "
        "value that it saw;\n"
        "every journey, unless --slot is given, with where the visitor stands in it and what leads on, or why it was not entered.\n"
        "Slots are decided together: what shows in one takes its group from the others of the page, also where --slot shows one alone.\n",
    .arguments = explain_arguments,
    .options = explain_options,
    .run = explain,
};

}  // namespace wayline::cli
