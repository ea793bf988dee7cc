#include "program/verify.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>
#include <utility>

#include "program/fields.h"

namespace wayline::program {

namespace {

/// Nested constants of a hostile file could otherwise exhaust the stack of whoever walks them.
constexpr std::uint8_t max_constant_height = 64;

/// Deeper index trees cost more to walk than they save.
constexpr int max_index_depth = 32;

/// Records whose fields are checked together: so few that the processor still has them when the next field's turn comes.
constexpr std::uint32_t stretch = 64;

template <typename Record>
std::uint32_t size(std::span<const Record> table) { return static_cast<std::uint32_t>(table.size()); }

bool within(std::uint32_t first, std::uint32_t count, std::uint32_t size) { return first <= size && count <= size - first; }

template <typename Number>
Number load(const std::byte* from) {
  Number number;
  std::memcpy(&number, from, sizeof number);
  return number;
}

/// Whether a field of `count` records, `stride` bytes apart, holds what it may. `size`: records of the table that it refers to.
using FieldCheck = bool (*)(const Field& field, std::uint32_t size, const std::byte* at, std::uint32_t stride, std::uint32_t count);

/// Whether a number, or one more or less, is below a limit.
bool numbers(const Field& field, std::uint32_t size, const std::byte* at, std::uint32_t stride, std::uint32_t count) {
  std::uint32_t more = 0, limit = field.limit;
  if (field.holds == Holds::index) limit = size;
  if (field.holds == Holds::index_or_none) more = 1, limit = size + 1;  // none is the largest number: one more is 0
  if (field.holds == Holds::one_to) more = none;                        // one less, and 0 becomes the largest
  for (; count > 0; --count, at += stride) {
    if (load<std::uint32_t>(at) + more >= limit) return false;
  }
  return true;
}

bool runs(const Field&, std::uint32_t size, const std::byte* at, std::uint32_t stride, std::uint32_t count) {
  for (; count > 0; --count, at += stride) {
    const auto first = load<std::uint32_t>(at), length = load<std::uint32_t>(at + sizeof first);
    if (first > size || length > size - first) return false;
  }
  return true;
}

bool real_numbers(const Field& field, std::uint32_t, const std::byte* at, std::uint32_t stride, std::uint32_t count) {
  const Bounds<double> bounds = reals[field.limit];
  for (; count > 0; --count, at += stride) {
    const auto value = load<double>(at);
    if (!(value >= bounds.least && value <= bounds.most)) return false;  // NaN is not
  }
  return true;
}

bool durations(const Field& field, std::uint32_t, const std::byte* at, std::uint32_t stride, std::uint32_t count) {
  const Bounds<Duration> bounds = times[field.limit];
  for (; count > 0; --count, at += stride) {
    const auto value = load<Duration>(at);
    if (value < bounds.least || value > bounds.most) return false;
  }
  return true;
}

/// By Holds.
constexpr FieldCheck field_checks[] = {numbers, numbers, numbers, numbers, runs, real_numbers, durations};

/// First the fields, then what they do not say of a record, by table. All that runs often is called through a list, a stretch at a time: so it stays a
/// function of its own, which a browser compiles when there is such a record, and makes faster meanwhile; of a running loop it never does.
class Verifier {
 public:
  explicit Verifier(const Tables& tables)
      : tables_(tables), values_(reinterpret_cast<Value*>(tables.value_bytes.get())), members_(reinterpret_cast<Member*>(values_ + tables.constants.size())),
        has_parent_(new bool[tables.constants.size()]()),
        expressions_(tables.expressions(), {size(tables.attributes), size(tables.segments), size(tables.intents), size(tables.journeys)}) {}

  bool run() {
    if (tables_.site.size() != 1 || tables_.listeners.empty() || tables_.journey_order.size() != tables_.journeys.size()) return false;
    for (std::uint32_t table = 0; table < table_count; ++table) {
      if (!fields(layouts[table], tables_.sections()[table])) return false;
    }
    for (const auto& [table, check] : record_checks) {
      const std::uint32_t count = tables_.sections()[static_cast<std::size_t>(table)].count;
      for (std::uint32_t first = 0; first < count; first += stretch) {
        if (!(this->*check)(first, std::min(first + stretch, count))) return false;
      }
    }
    return true;
  }

 private:
  struct RecordCheck {
    Table table;
    bool (Verifier::*check)(std::uint32_t first, std::uint32_t end);
  };
  static const RecordCheck record_checks[10];

  bool fields(const Layout& layout, const Section& section) {
    const std::byte* records = tables_.bytes.get() + section.offset;
    for (std::uint32_t left = section.count; left > 0;) {
      const std::uint32_t count = std::min(left, stretch);
      for (const Field& field : layout.fields) {
        const std::uint32_t referred = tables_.sections()[static_cast<std::size_t>(field.table)].count;
        if (!field_checks[static_cast<std::size_t>(field.holds)](field, referred, records + field.offset, layout.record_size, count)) return false;
      }
      records += count * layout.record_size;
      left -= count;
    }
    return true;
  }

  /// Whether each of these records passes `check`.
  template <bool (Verifier::*check)(std::uint32_t)>
  bool each(std::uint32_t first, std::uint32_t end) {
    for (; first < end; ++first) {
      if (!(this->*check)(first)) return false;
    }
    return true;
  }

  // --- constants

  bool constant(std::uint32_t i) {
    const Constant& record = tables_.constants[i];
    const std::uint32_t first = record.first, count = record.size;
    const auto make = [&](const Value& value) {
      new (values_ + i) Value(value);
      return true;
    };
    // A part of two others would be walked from both, and a chain of such for ever.
    const auto is_part = [&](std::uint32_t part) {
      return tables_.constants[part].height < record.height && record.height <= max_constant_height && !std::exchange(has_parent_[part], true);
    };
    switch (static_cast<Kind>(record.kind)) {
      case Kind::missing: return make(Value());
      case Kind::null: return make(Value::null());
      case Kind::boolean: return count <= 1 && make(Value::boolean(count != 0));
      case Kind::number: return make(Value::number(record.number));
      case Kind::string: return within(first, count, size(tables_.text)) && make(Value::string(tables_.view({first, count})));
      case Kind::list:
        if (!within(first, count, size(tables_.constants))) return false;
        for (std::uint32_t item = first; item < first + count; ++item) {
          if (!is_part(item)) return false;
        }
        return make(Value::list({values_ + first, count}));
      case Kind::object:
        if (!within(first, count, size(tables_.members))) return false;
        for (std::uint32_t m = first; m < first + count; ++m) {
          if (!is_part(tables_.members[m].value)) return false;
        }
        return make(Value::object({members_ + first, count}));
    }
    return false;
  }

  bool member(std::uint32_t m) {
    const ConstantMember& record = tables_.members[m];
    new (members_ + m) Member{tables_.view(record.key), values_[record.value]};
    return true;
  }

  // --- what depends on more than one field

  /// Whether it lies behind the runs of its table that were walked before: then no record is part of two things, nor walked twice.
  static bool behind(Range run, std::uint32_t& end) {
    if (run.count == 0) return true;
    const bool is_behind = run.first >= end;
    end = run.first + run.count;
    return is_behind;
  }

  bool node(std::uint32_t i) {
    const Node& node = tables_.nodes[i];
    return behind({node.first, node.count}, operands_end_) && expressions_.check(i);
  }

  bool attribute(std::uint32_t i) {
    const Attribute& attribute = tables_.attributes[i];
    const auto maybe = [&](std::size_t known) { return attribute.index == none || attribute.index < known; };
    switch (attribute.root) {
      case Root::profile: return maybe(tables_.traits.size());
      case Root::computed: return attribute.index < tables_.computed.size();
      case Root::consent: return maybe(tables_.purposes.size());
      case Root::experiment: return maybe(tables_.experiences.size());
      default: return attribute.index == none;
    }
  }

  bool slot(std::uint32_t i) {
    const Slot& slot = tables_.slots[i];
    for (const std::uint32_t rule : Tables::run(tables_.indexes, slot.page_rules)) {
      if (tables_.experiences[rule].slot != i || tables_.experiences[rule].journey != none) return false;
    }
    return slot.index == none || index_tree(slot.index, max_index_depth);
  }
  /// The trees lie one after the other, and each node before those below it: then no node is below two others, nor below itself.
  bool index_tree(std::uint32_t index, int depth) {
    if (index != next_index_node_++ || depth == 0) return false;
    const IndexNode& node = tables_.index_nodes[index];
    if (node.key == none && node.kind >= IndexKind::equal) return false;
    for (const IndexEdge& edge : Tables::run(tables_.index_edges, node.edges)) {
      if (!index_tree(edge.child, depth - 1)) return false;
    }
    return node.otherwise == none || index_tree(node.otherwise, depth - 1);
  }

  bool experience(std::uint32_t i) { return (tables_.experiences[i].journey == none) == (tables_.experiences[i].stage == none); }

  /// A stage belongs to its journey, and its transitions stay inside it.
  bool journey(std::uint32_t i) {
    const Journey& journey = tables_.journeys[i];
    const auto inside = [&](std::uint32_t stage) { return stage - journey.stages.first < journey.stages.count; };
    const auto maybe_inside = [&](std::uint32_t stage) { return stage == none || inside(stage); };
    const auto stay_inside = [&](Range actions) {
      if (!behind(actions, actions_end_)) return false;
      for (const Action& action : Tables::run(tables_.actions, actions)) {
        if (!maybe_inside(action.then) || !maybe_inside(action.otherwise)) return false;
      }
      return true;
    };
    for (const Stage& stage : Tables::run(tables_.stages, journey.stages)) {
      if (stage.journey != i || !stay_inside(stage.actions) || !behind(stage.transitions, transitions_end_)) return false;
      for (const Transition& transition : Tables::run(tables_.transitions, stage.transitions)) {
        if (!maybe_inside(transition.go) || !stay_inside(transition.actions)) return false;
      }
    }
    if (!behind(journey.migrations, migrations_end_)) return false;
    for (const Migration& migration : Tables::run(tables_.migrations, journey.migrations)) {
      if (!maybe_inside(migration.stage)) return false;
    }
    return inside(journey.start);
  }

  bool transition(std::uint32_t i) {
    const Transition& transition = tables_.transitions[i];
    const Duration wait = transition.wait;
    switch (transition.timing) {
      case Timing::untimed: return wait == 0;
      case Timing::wait: return wait > 0;
      case Timing::time: return wait >= 0 && wait <= day;
      case Timing::weekday: return wait >= 0 && wait <= day && transition.until < 7;
      case Timing::date: return wait <= day && transition.until < tables_.nodes.size();
    }
    return false;
  }

  bool action(std::uint32_t i) {
    const Action& action = tables_.actions[i];
    switch (action.kind) {
      case ActionKind::set: return action.index < tables_.traits.size() && action.value != none;
      case ActionKind::intent: return action.index < tables_.intents.size();
      case ActionKind::emit:
      case ActionKind::handoff: return action.index == none;
    }
    return false;
  }

  bool zone_transition(std::uint32_t i) { return i == 0 || tables_.zone[i].from > tables_.zone[i - 1].from; }

  const Tables& tables_;
  Value* values_;
  Member* members_;
  std::unique_ptr<bool[]> has_parent_;  // by constant
  ExpressionCheck expressions_;
  std::uint32_t next_index_node_ = 0;
  std::uint32_t operands_end_ = 0, actions_end_ = 0, transitions_end_ = 0, migrations_end_ = 0;
};

/// Constants come before their members, and these before what reads constants.
constexpr Verifier::RecordCheck Verifier::record_checks[] = {
    {Table::constants, &Verifier::each<&Verifier::constant>},     {Table::members, &Verifier::each<&Verifier::member>},
    {Table::nodes, &Verifier::each<&Verifier::node>},             {Table::attributes, &Verifier::each<&Verifier::attribute>},
    {Table::slots, &Verifier::each<&Verifier::slot>},             {Table::experiences, &Verifier::each<&Verifier::experience>},
    {Table::journeys, &Verifier::each<&Verifier::journey>},       {Table::transitions, &Verifier::each<&Verifier::transition>},
    {Table::actions, &Verifier::each<&Verifier::action>},         {Table::zone, &Verifier::each<&Verifier::zone_transition>},
};

}  // namespace

bool verify(Tables& tables) {
  const std::size_t count = tables.constants.size();
  tables.value_bytes.reset(static_cast<std::byte*>(std::malloc(count * sizeof(Value) + tables.members.size() * sizeof(Member) + 1)));
  if (tables.value_bytes == nullptr) return false;
  tables.values = {reinterpret_cast<const Value*>(tables.value_bytes.get()), count};
  return Verifier(tables).run();
}

}  // namespace wayline::program
