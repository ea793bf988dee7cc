#include "collector/metrics.h"

#include <gtest/gtest.h>

#include <string>

#include "temporary_folder.h"

namespace wayline::collector {
namespace {

TEST(Metrics, BalancesTheLedgerOfEachProject) {
  const TemporaryFolder folder;
  const auto store = Store::open((folder.path() / "events.sqlite").string(), 7);
  Metrics metrics{{{"old", Tally{10, 2, 1}}}};
  metrics.add_project("a\"b\\c");
  metrics.count_events("old", Tally{1, 1, 1});
  metrics.count_reply(200);
  metrics.count_reply(413);
  metrics.count_reply(413);
  const std::string text = metrics.text(*store.value());
  for (const char* line :
       {"wayline_events_received_total{project=\"old\"} 16\n",
        "wayline_events_total{project=\"old\",verdict=\"accepted\"} 11\n",
        "wayline_events_total{project=\"old\",verdict=\"duplicate\"} 3\n",
        "wayline_events_total{project=\"old\",verdict=\"rejected\"} 2\n",
        "wayline_events_received_total{project=\"a\\\"b\\\\c\"} 0\n", "wayline_replies_total{status=\"413\"} 2\n",
        "wayline_queue_limit 7\n", "wayline_commit_seconds_sum 0.000000\n", "wayline_commit_seconds_count 0\n"}) {
    EXPECT_NE(text.find(line), std::string::npos) << line << "\nin\n" << text;
  }
}

}  // namespace
}  // namespace wayline::collector
