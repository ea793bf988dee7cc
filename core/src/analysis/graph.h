// Journeys as state machines: stages are nodes, the ways between them edges. For people and for drawing tools.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "program/tables.h"
#include "wayline/value.h"

namespace wayline::analysis {

struct GraphStage {
  std::string name;
  std::string team;
  std::string system;
  bool moment_of_truth = false;
  std::vector<std::string> slots;  // that it may fill, each once
};

enum class EdgeKind : std::uint8_t {
  enter,   // into the first stage, from outside
  move,    // from stage to stage
  goal,    // from any stage: the goal is reached
  exit,    // from any stage: the journey ends with an outcome
  starts,  // another journey begins
};

struct GraphEdge {
  EdgeKind kind = EdgeKind::move;
  std::string from;   // stage; empty: from outside (enter) or from any stage
  std::string to;     // stage; goal: "goal"; exit: the outcome; starts: the journey
  std::string label;  // "on Product Added", "after 30m"
};

struct JourneyGraph {
  std::string id;
  std::string owner;
  std::string status;
  std::vector<GraphStage> stages;
  std::vector<GraphEdge> edges;
};

/// Every journey of the program, by id.
[[nodiscard]] std::vector<JourneyGraph> journey_graphs(const program::Tables& tables);

/// Graphviz: one digraph with a cluster for each journey.
[[nodiscard]] std::string to_dot(const std::vector<JourneyGraph>& graphs);
/// Mermaid: one state diagram for each journey, as Markdown code blocks.
[[nodiscard]] std::string to_mermaid(const std::vector<JourneyGraph>& graphs);
/// {"journeys": [{"id", "owner", "status", "stages": […], "edges": […]}]}, which points into the graphs.
[[nodiscard]] Value to_value(const std::vector<JourneyGraph>& graphs, Arena& arena);

}  // namespace wayline::analysis
