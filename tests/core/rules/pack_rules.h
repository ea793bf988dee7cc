// A pack in miniature for the tests of lowering and evaluation: some attributes, segments, intents and journeys.
#pragma once

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string>

#include "rules/evaluate.h"
#include "rules/lower.h"

namespace wayline::testing {

class FakeNames : public Resolver {
 public:
  explicit FakeNames(Diagnostics& diagnostics) : diagnostics_(diagnostics) {}
  std::optional<std::uint32_t> attribute(std::string_view path, const SourceRange& at) override { return find(attributes, path, at); }
  std::optional<std::uint32_t> segment(std::string_view name, const SourceRange& at) override { return find(segments, name, at); }
  std::optional<std::uint32_t> intent(std::string_view name, const SourceRange& at) override { return find(intents, name, at); }
  std::optional<std::uint32_t> score(std::string_view name, const SourceRange& at) override { return find(intents, name, at); }
  std::optional<std::uint32_t> journey(std::string_view id, const SourceRange& at) override { return find(journeys, id, at); }
  bool history_event(std::string_view event, Duration window, Looks, const SourceRange&) override {
    windows[std::string(event)] = window;
    return true;
  }
  void history_property(std::string_view event, std::string_view path, Looks) override { properties.emplace(event, path); }

  static constexpr std::array<std::string_view, 4> attributes{"profile.tier", "profile.visits", "page.path", "event.properties.price"};
  static constexpr std::array<std::string_view, 1> segments{"keen"};
  static constexpr std::array<std::string_view, 1> intents{"dress"};
  static constexpr std::array<std::string_view, 1> journeys{"service"};
  std::map<std::string, Duration> windows;
  std::set<std::pair<std::string, std::string>> properties;

 private:
  template <std::size_t size>
  std::optional<std::uint32_t> find(const std::array<std::string_view, size>& names, std::string_view name, const SourceRange& at) {
    const auto found = std::find(names.begin(), names.end(), name);
    if (found != names.end()) return static_cast<std::uint32_t>(found - names.begin());
    diagnostics_.push_back({ErrorCode::pack_unknown_reference, Severity::error, at, "`" + std::string(name) + "` is unknown", {}});
    return std::nullopt;
  }
  Diagnostics& diagnostics_;
};

class FakeState : public Environment {
 public:
  Value attribute(std::uint32_t index, Arena&) override {
    ++reads;
    return values[index];
  }
  Value path(std::string_view dotted, Arena&) override {
    const auto found = std::find(FakeNames::attributes.begin(), FakeNames::attributes.end(), dotted);
    return found == FakeNames::attributes.end() ? Value() : values[static_cast<std::size_t>(found - FakeNames::attributes.begin())];
  }
  bool segment(std::uint32_t) override { return true; }
  double intent(std::uint32_t, double) override { return 2.5; }
  Value stage(std::uint32_t) override { return Value::string("acknowledge"); }
  std::span<const PastEvent> history(std::string_view event, Duration length) override {
    const auto found = past.find(event);
    return found == past.end() ? std::span<const PastEvent>() : window(found->second, length, now());
  }
  Instant now() override { return 10 * day; }
  TimeZone zone() override { return {}; }

  std::array<Value, 4> values{Value::string("gold"), Value::number(7), Value::string("/sale"), Value()};
  std::map<std::string, std::vector<PastEvent>, std::less<>> past;
  int reads = 0;
};

}  // namespace wayline::testing
