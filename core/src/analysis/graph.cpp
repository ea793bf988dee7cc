#include "analysis/graph.h"

#include <algorithm>
#include <array>
#include <iterator>

#include "analysis/describe.h"

namespace wayline::analysis {

using program::none;
using program::Tables;

namespace {

/// Of a condition in a label: a drawing shows the gist, `wayline diff` and the pack have the whole.
constexpr std::size_t longest_condition = 80;

constexpr std::array<std::string_view, 5> kinds{"enter", "move", "goal", "exit", "starts"};

/// Graphviz: double-quoted strings, where only quotes and backslashes are special.
std::string dot_quoted(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') result += '\\';
    result += c;
  }
  return result + '"';
}

/// Mermaid reads a label up to the line's end; marks that mean something to it are written as entities or otherwise.
std::string mermaid_label(std::string_view text) {
  struct Mark {
    std::string_view from, to;
  };
  constexpr Mark marks[] = {{">=", "≥"},   {"<=", "≤"},    {"\"", "'"},    {"#", "#35;"}, {":", "#58;"},
                            {";", "#59;"}, {"{", "#123;"}, {"}", "#125;"}, {"<", "#lt;"}, {">", "#gt;"}};
  std::string result;
  while (!text.empty()) {
    const auto mark = std::find_if(std::begin(marks), std::end(marks),
                                   [text](const Mark& row) { return text.starts_with(row.from); });
    result += mark == std::end(marks) ? text.substr(0, 1) : mark->to;
    text.remove_prefix(mark == std::end(marks) ? 1 : mark->from.size());
  }
  return result;
}

/// Mermaid's names of states: letters, digits and underscores. The number keeps them apart.
std::string mermaid_name(const JourneyGraph& graph, std::string_view stage) {
  for (std::size_t i = 0; i < graph.stages.size(); ++i) {
    if (graph.stages[i].name == stage) return "s" + std::to_string(i + 1);
  }
  return "any";
}

std::string transition_label(const Tables& tables, const program::Transition& transition) {
  std::string label = timing_text(tables, transition, longest_condition);
  if (transition.timing == program::Timing::wait) label = "after " + label;
  const bool is_bare_timer = transition.timing != program::Timing::untimed && transition.when.event.size == 0 &&
                             transition.when.condition == none;
  if (!is_bare_timer) label += (label.empty() ? "" : " ") + trigger_text(tables, transition.when, longest_condition);
  const std::string actions = actions_text(tables, transition.actions, longest_condition);
  return actions.empty() ? label : label + " / " + actions;
}

/// The ways on of hand-offs that are to be acknowledged.
void add_handoffs(const Tables& tables, program::Range actions, const std::string& from, JourneyGraph& graph) {
  for (const program::Action& action : Tables::run(tables.actions, actions)) {
    if (action.kind != program::ActionKind::handoff || action.within == 0) continue;
    const std::string team(tables.view(action.name));
    const auto add = [&](std::uint32_t stage, const std::string& label) {
      if (stage != none)
        graph.edges.push_back({EdgeKind::move, from, std::string(tables.view(tables.stages[stage].name)), label});
    };
    add(action.then, team + " acknowledges");
    add(action.otherwise, team + " does not acknowledge in " + format_duration(action.within));
  }
}

GraphStage stage_of(const Tables& tables, const program::Stage& stage) {
  GraphStage result{std::string(tables.view(stage.name)),
                    std::string(tables.view(stage.team)),
                    std::string(tables.view(stage.system)),
                    stage.moment_of_truth != 0,
                    {}};
  for (const std::uint32_t experience : Tables::run(tables.indexes, stage.show)) {
    std::string slot(tables.view(tables.slots[tables.experiences[experience].slot].name));
    if (std::find(result.slots.begin(), result.slots.end(), slot) == result.slots.end())
      result.slots.push_back(std::move(slot));
  }
  return result;
}

JourneyGraph graph_of(const Tables& tables, const program::Journey& journey) {
  const auto text = [&tables](program::Text record) { return std::string(tables.view(record)); };
  const auto journey_id = [&](std::uint32_t index) { return text(tables.journeys[index].id); };
  JourneyGraph graph{text(journey.id), text(journey.owner), std::string(status_text(journey.status)), {}, {}};
  graph.edges.push_back({EdgeKind::enter,
                         {},
                         text(tables.stages[journey.start].name),
                         entry_text(tables, journey, longest_condition)});
  for (const program::Stage& stage : Tables::run(tables.stages, journey.stages)) {
    graph.stages.push_back(stage_of(tables, stage));
    add_handoffs(tables, stage.actions, text(stage.name), graph);
    for (const program::Transition& transition : Tables::run(tables.transitions, stage.transitions)) {
      const std::string label = transition_label(tables, transition);
      const std::string from = text(stage.name);
      graph.edges.push_back(
          {EdgeKind::move, from, transition.go == none ? from : text(tables.stages[transition.go].name), label});
      // A hand-off that is asked on the way waits on the stage that the way leads to.
      add_handoffs(tables, transition.actions, graph.edges.back().to, graph);
      if (transition.start != none)
        graph.edges.push_back({EdgeKind::starts, from, journey_id(transition.start), label});
    }
  }
  if (journey.has_goal != 0) {
    const std::string label = trigger_text(tables, journey.goal, longest_condition);
    graph.edges.push_back({EdgeKind::goal, {}, "goal", label});
    if (journey.goal_start != none)
      graph.edges.push_back({EdgeKind::starts, {}, journey_id(journey.goal_start), label});
  }
  for (const program::Exit& exit : Tables::run(tables.exits, journey.exits)) {
    graph.edges.push_back({EdgeKind::exit, {}, text(exit.outcome), trigger_text(tables, exit.when, longest_condition)});
  }
  return graph;
}

// --- Graphviz

std::string dot_stage(const JourneyGraph& graph, const GraphStage& stage) {
  std::string label = stage.name;
  if (!stage.team.empty()) label += "\n" + stage.team + (stage.system.empty() ? "" : ", " + stage.system);
  for (const std::string& slot : stage.slots) label += "\n" + slot;
  return "    " + dot_quoted(graph.id + "/" + stage.name) + " [label=" + dot_quoted(label) +
         (stage.moment_of_truth ? ", penwidth=2" : "") + "];\n";
}

/// The node that an edge ends in; goals, exits and other journeys have nodes of their own.
std::string dot_target(const JourneyGraph& graph, const GraphEdge& edge) {
  switch (edge.kind) {
    case EdgeKind::enter:
    case EdgeKind::move:
      return graph.id + "/" + edge.to;
    case EdgeKind::goal:
      return graph.id + "//goal";
    case EdgeKind::exit:
      return graph.id + "//exit/" + edge.to;
    case EdgeKind::starts:
      break;
  }
  return edge.to + "//enter";
}

std::string dot_source(const JourneyGraph& graph, const GraphEdge& edge) {
  if (!edge.from.empty()) return graph.id + "/" + edge.from;
  return graph.id + (edge.kind == EdgeKind::enter ? "//enter" : "//any");
}

std::string dot_journey(const JourneyGraph& graph) {
  std::string text = "  subgraph " + dot_quoted("cluster " + graph.id) +
                     " {\n    label=" + dot_quoted(graph.id + " (" + graph.status + ")") + ";\n";
  text += "    " + dot_quoted(graph.id + "//enter") + " [shape=point];\n";
  const bool from_any = std::any_of(graph.edges.begin(), graph.edges.end(), [](const GraphEdge& edge) {
    return edge.kind != EdgeKind::enter && edge.from.empty();
  });
  if (from_any) text += "    " + dot_quoted(graph.id + "//any") + " [label=\"any stage\", style=dashed];\n";
  for (const GraphStage& stage : graph.stages) text += dot_stage(graph, stage);
  for (const GraphEdge& edge : graph.edges) {
    if (edge.kind == EdgeKind::goal)
      text += "    " + dot_quoted(dot_target(graph, edge)) + " [label=\"goal\", shape=doublecircle];\n";
    if (edge.kind == EdgeKind::exit)
      text += "    " + dot_quoted(dot_target(graph, edge)) + " [label=" + dot_quoted(edge.to) + ", shape=ellipse];\n";
  }
  return text + "  }\n";
}

}  // namespace

std::vector<JourneyGraph> journey_graphs(const Tables& tables) {
  std::vector<JourneyGraph> graphs;
  for (const program::Journey& journey : tables.journeys) graphs.push_back(graph_of(tables, journey));
  return graphs;
}

std::string to_dot(const std::vector<JourneyGraph>& graphs) {
  std::string text = "digraph journeys {\n  rankdir=LR;\n  node [shape=box, style=rounded];\n";
  for (const JourneyGraph& graph : graphs) text += dot_journey(graph);
  for (const JourneyGraph& graph : graphs) {
    for (const GraphEdge& edge : graph.edges) {
      const bool is_known =
          edge.kind != EdgeKind::starts ||
          std::any_of(graphs.begin(), graphs.end(), [&](const JourneyGraph& other) { return other.id == edge.to; });
      if (!is_known) continue;  // a drawing of one journey does not show the others
      text += "  " + dot_quoted(dot_source(graph, edge)) + " -> " + dot_quoted(dot_target(graph, edge)) +
              " [label=" + dot_quoted(edge.label);
      text += edge.kind == EdgeKind::starts ? ", style=dashed];\n" : "];\n";
    }
  }
  return text + "}\n";
}

std::string to_mermaid(const std::vector<JourneyGraph>& graphs) {
  std::string text;
  for (const JourneyGraph& graph : graphs) {
    if (!text.empty()) text += '\n';
    text += "```mermaid\n---\ntitle: " + graph.id + " (" + graph.status + ")\n---\nstateDiagram-v2\n";
    for (const GraphStage& stage : graph.stages) {
      text += "  state \"" + mermaid_label(stage.name + (stage.team.empty() ? "" : ", " + stage.team)) + "\" as " +
              mermaid_name(graph, stage.name) + "\n";
    }
    const bool from_any = std::any_of(graph.edges.begin(), graph.edges.end(), [](const GraphEdge& edge) {
      return edge.kind != EdgeKind::enter && edge.from.empty();
    });
    if (from_any) text += "  state \"any stage\" as any\n";
    for (const GraphEdge& edge : graph.edges) {
      const std::string from = edge.kind == EdgeKind::enter ? "[*]" : mermaid_name(graph, edge.from);
      const bool stays = edge.kind == EdgeKind::enter || edge.kind == EdgeKind::move;
      std::string label = edge.label;
      if (edge.kind == EdgeKind::goal) label = "goal, " + label;
      if (edge.kind == EdgeKind::exit) label = edge.to + ", " + label;
      if (edge.kind == EdgeKind::starts) label = "starts " + edge.to + ", " + label;
      text +=
          "  " + from + " --> " + (stays ? mermaid_name(graph, edge.to) : "[*]") + ": " + mermaid_label(label) + "\n";
    }
    text += "```\n";
  }
  return text;
}

Value to_value(const std::vector<JourneyGraph>& graphs, Arena& arena) {
  ListBuilder journeys(arena);
  for (const JourneyGraph& graph : graphs) {
    ListBuilder stages(arena), edges(arena);
    for (const GraphStage& stage : graph.stages) {
      ListBuilder slots(arena);
      for (const std::string& slot : stage.slots) slots.add(Value::string(slot));
      ObjectBuilder entry(arena);
      entry.boolean("momentOfTruth", stage.moment_of_truth)
          .text("name", stage.name)
          .add("slots", slots.build());
      stages.add(entry.text("system", stage.system).text("team", stage.team).build());
    }
    for (const GraphEdge& edge : graph.edges) {
      ObjectBuilder entry(arena);
      entry.add("from", edge.from.empty() ? Value::null() : Value::string(edge.from))
          .text("kind", kinds[static_cast<std::size_t>(edge.kind)]);
      edges.add(entry.text("label", edge.label).text("to", edge.to).build());
    }
    ObjectBuilder journey(arena);
    journey.add("edges", edges.build()).text("id", graph.id).text("owner", graph.owner);
    journeys.add(journey.add("stages", stages.build()).text("status", graph.status).build());
  }
  ObjectBuilder object(arena);
  return object.add("journeys", journeys.build()).build();
}

}  // namespace wayline::analysis
