#include "collector/metrics.h"

#include <string_view>

namespace wayline::collector {

namespace {

void describe(std::string& text, std::string_view name, std::string_view type, std::string_view help) {
  text.append("# HELP ").append(name).append(" ").append(help).append("\n# TYPE ").append(name).append(" ");
  text.append(type).append("\n");
}

void sample(std::string& text, std::string_view name, std::string_view labels, std::string_view value) {
  text.append(name).append(labels).append(" ").append(value).append("\n");
}

void single(std::string& text, std::string_view name, std::string_view type, std::string_view help,
            std::uint64_t value) {
  describe(text, name, type, help);
  sample(text, name, "", std::to_string(value));
}

std::string escaped(std::string_view label) {
  std::string result;
  for (const char character : label) {
    if (character == '\\' || character == '"') result += '\\';
    if (character == '\n')
      result += "\\n";
    else
      result += character;
  }
  return result;
}

/// Microseconds as seconds, without a detour over floating point.
std::string seconds_text(std::uint64_t microseconds) {
  const std::string fraction = std::to_string(microseconds % 1'000'000);
  return std::to_string(microseconds / 1'000'000) + "." + std::string(6 - fraction.size(), '0') + fraction;
}

}  // namespace

void Metrics::count_events(const std::string& project, const Tally& tally) {
  Tally& total = ledger_[project];
  total.accepted += tally.accepted;
  total.duplicate += tally.duplicate;
  total.rejected += tally.rejected;
  total.erased += tally.erased;
}

std::string Metrics::text(const Store& store) const {
  std::string text;
  describe(text, "wayline_events_received_total", "counter", "Events with a verdict: accepted + duplicate + rejected.");
  for (const auto& [project, tally] : ledger_) {
    sample(text, "wayline_events_received_total", "{project=\"" + escaped(project) + "\"}",
           std::to_string(tally.received()));
  }
  describe(text, "wayline_events_total", "counter", "Events by verdict, since the project's first one.");
  for (const auto& [project, tally] : ledger_) {
    const std::string labels = "{project=\"" + escaped(project) + "\",verdict=\"";
    sample(text, "wayline_events_total", labels + "accepted\"}", std::to_string(tally.accepted));
    sample(text, "wayline_events_total", labels + "duplicate\"}", std::to_string(tally.duplicate));
    sample(text, "wayline_events_total", labels + "rejected\"}", std::to_string(tally.rejected));
  }
  describe(text, "wayline_events_erased_total", "counter", "Accepted events that were deleted with their person.");
  for (const auto& [project, tally] : ledger_) {
    sample(text, "wayline_events_erased_total", "{project=\"" + escaped(project) + "\"}", std::to_string(tally.erased));
  }
  describe(text, "wayline_replies_total", "counter", "HTTP replies by status, since the start.");
  for (const auto& [status, count] : replies_) {
    sample(text, "wayline_replies_total", "{status=\"" + std::to_string(status) + "\"}", std::to_string(count));
  }
  single(text, "wayline_connections", "gauge", "Connections open now.", connections_);
  single(text, "wayline_queue_batches", "gauge", "Batches received and not yet answered.", store.queued());
  single(text, "wayline_queue_limit", "gauge", "Batches that may be unanswered before 503.", store.queue_limit());
  single(text, "wayline_failed_commits_total", "counter", "Transactions that failed.", store.failed_commits());
  describe(text, "wayline_commit_seconds", "summary", "Time of a group commit, from begin to answered.");
  sample(text, "wayline_commit_seconds_sum", "", seconds_text(store.commit_microseconds()));
  sample(text, "wayline_commit_seconds_count", "", std::to_string(store.commits() + store.failed_commits()));
  return text;
}

}  // namespace wayline::collector
