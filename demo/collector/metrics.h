// What the collector counts, and its text for Prometheus. For the I/O thread.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "collector/store.h"

namespace wayline::collector {

class Metrics {
 public:
  /// Counts on from `ledger`; projects that are configured but have no events yet show zeros.
  explicit Metrics(std::map<std::string, Tally> ledger) : ledger_(std::move(ledger)) {}

  void add_project(const std::string& project) { ledger_.try_emplace(project); }
  /// One request whose events have their verdicts: all of them at once, so that the ledger balances at any moment.
  void count_events(const std::string& project, const Tally& tally);
  void count_reply(unsigned status) { ++replies_[status]; }
  void connection_opened() { ++connections_; }
  void connection_closed() { --connections_; }

  /// Prometheus text format 0.0.4.
  [[nodiscard]] std::string text(const Store& store) const;

 private:
  std::map<std::string, Tally> ledger_;
  std::map<unsigned, std::uint64_t> replies_;
  std::uint64_t connections_ = 0;
};

}  // namespace wayline::collector
