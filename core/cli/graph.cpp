// wayline graph: the journeys of a pack as state machines, for drawing tools.
#include <algorithm>
#include <string>
#include <vector>

#include "analysis/graph.h"
#include "base/nearest.h"
#include "cli/command.h"
#include "cli/packs.h"

namespace wayline::cli {
namespace {

constexpr std::string_view formats[] = {"mermaid", "dot", "json"};
constexpr ArgumentSpec graph_arguments[] = {{.name = "PACK", .help = "the pack's folder, or a program"}};
constexpr OptionSpec graph_options[] = {
    {.name = "--format", .value = "FORMAT", .help = "mermaid (the default), dot or json", .choices = formats},
    {.name = "--journey", .value = "ID", .help = "only this journey", .repeats = true},
};

using Graphs = std::vector<analysis::JourneyGraph>;

Result<Graphs> select(Graphs graphs, const std::vector<std::string_view>& wanted) {
  if (wanted.empty()) return graphs;
  Graphs selected;
  for (const std::string_view id : wanted) {
    const auto found = std::find_if(graphs.begin(), graphs.end(),
                                    [id](const analysis::JourneyGraph& graph) { return graph.id == id; });
    if (found != graphs.end()) {
      selected.push_back(*found);
      continue;
    }
    std::vector<std::string_view> ids;
    for (const analysis::JourneyGraph& graph : graphs) ids.push_back(graph.id);
    std::string message = "there is no journey \"" + std::string(id) + "\"";
    if (const std::string_view near = nearest(id, ids); !near.empty())
      message.append("; did you mean \"").append(near).append("\"?");
    return Error{ErrorCode::usage, message};
  }
  return selected;
}

Exit graph(const Arguments& arguments, Console& console) {
  const OpenedProgram opened = open_program(arguments.positional(0), console);
  if (!opened.program) return opened.exit;
  const auto graphs = select(analysis::journey_graphs(opened.program->tables()), arguments.values("--journey"));
  if (!graphs.ok()) return console.misuse("graph", graphs.error().message);
  const std::string_view format = console.json() ? "json" : arguments.value("--format", formats[0]);
  if (format == "json") {
    Arena arena;
    console.write_value(analysis::to_value(graphs.value(), arena));
  } else {
    console.write(format == "dot" ? analysis::to_dot(graphs.value()) : analysis::to_mermaid(graphs.value()));
  }
  return Exit::fine;
}

}  // namespace

const Command graph_command{
    .name = "graph",
    .summary = "draw the journeys as state machines",
    .details =
        "Mermaid diagrams are drawn by GitHub and many editors, dot by Graphviz: wayline graph PACK --format dot | dot "
        "-Tsvg\n",
    .arguments = graph_arguments,
    .options = graph_options,
    .run = graph,
};

}  // namespace wayline::cli
