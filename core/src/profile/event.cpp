#include "profile/event.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <initializer_list>
#include <string>

#include "base/utf.h"
#include "profile/state.h"

namespace wayline {

namespace {

constexpr std::array<std::string_view, 8> kind_names{"page", "track", "identify", "consent", "exposure", "dismiss", "tick", "logout"};

/// The members of an input that mean something.
enum class Field : std::uint8_t {
  page, track, identify, consent, exposure, dismiss, tick, logout,  // in the order of the kinds
  at, id, properties, traits, device, force, decide, explain, slots
};
constexpr std::array<std::string_view, 17> field_names{"page", "track", "identify",   "consent", "exposure", "dismiss", "tick",   "logout", "at",
                                                       "id",   "properties", "traits",  "device",   "force",   "decide", "explain", "slots"};

/// A perfect hash of the field names.
constexpr std::size_t field_place(std::string_view name) {
  const auto code = [name](std::size_t i) { return static_cast<std::size_t>(static_cast<unsigned char>(name[i])); };
  return (name.size() + code(0) * 14 + code(name.size() > 2 ? 2 : 0) * 19) % 32;
}
constexpr std::uint8_t no_field = 255;
constexpr auto fields_by_place = [] {
  std::array<std::uint8_t, 32> fields{};
  fields.fill(no_field);
  for (std::size_t i = 0; i < field_names.size(); ++i) fields[field_place(field_names[i])] = static_cast<std::uint8_t>(i);
  return fields;
}();
static_assert([] {
  for (std::size_t i = 0; i < field_names.size(); ++i) {
    if (fields_by_place[field_place(field_names[i])] != i) return false;
  }
  return true;
}());

/// The field of that name, or `no_field`.
std::uint8_t field_of(std::string_view name) {
  const std::uint8_t field = name.empty() ? no_field : fields_by_place[field_place(name)];
  return field != no_field && field_names[field] == name ? field : no_field;
}

/// A mistyped ttl would keep data longer than was meant, so nothing of an envelope is guessed.
bool is_well_formed_envelope(const Value& envelope) {
  const Value source = envelope.get("source"), ttl = envelope.get("ttl"), observed = envelope.get("observedAt");
  return (source.is_missing() || source.is_string()) && (ttl.is_missing() || (ttl.is_string() && parse_duration(ttl.as_string()))) &&
         (observed.is_missing() || read_instant(observed));
}

/// Reads an input, its members found in one pass. What is wrong first is remembered, so that no step of the way has to be asked whether it failed.
class Reader {
 public:
  explicit Reader(const Value& input) {
    if (!input.is_object()) refuse({"an input is an object"});
    for (const Member& member : input.is_object() ? input.as_object() : std::span<const Member>()) {
      const std::uint8_t field = field_of(member.key);
      if (field != no_field && values_[field].is_missing()) values_[field] = member.value;
    }
  }

  Event read_event(std::size_t bytes) {
    Event event;
    event.kind = kind();
    event.at = instant();
    event.id = text(value(Field::id), "id");
    (this->*bodies[static_cast<std::size_t>(event.kind)])(value(static_cast<Field>(event.kind)), event);
    event.page = object(Field::page);
    event.device = object(Field::device);
    event.force = force();
    // What takes less as a whole has no larger part.
    if (bytes > max_device_bytes && (rough_bytes(event.page) > max_page_bytes || rough_bytes(event.device) > max_device_bytes)) {
      refuse({"the page takes more than 16 KiB, or the device more than 4 KiB"}, ErrorCode::step_too_large);
    }
    event.explain = is_explained();
    event.decide = names(Field::decide);
    if (event.decide.size() > max_decided_slots) refuse({"`decide` names more than 256 slots"});
    return event;
  }

  Question read_question() {
    Question question;
    question.at = instant();
    question.page = value(Field::page);
    question.names_slots = value(Field::slots).is_list();
    question.slots = names(Field::slots);
    question.force = force();
    question.explain = is_explained();
    return question;
  }

  template <typename Read>
  Result<Read> result(const Read& read) {
    if (!problem_.message.empty()) return std::move(problem_);
    return read;
  }

  /// In a function of its own, so that what goes well takes little code. The first reason counts.
  [[gnu::noinline]] void refuse(std::initializer_list<std::string_view> pieces, ErrorCode code = ErrorCode::step_malformed) {
    if (!problem_.message.empty()) return;
    problem_.code = code;
    for (const std::string_view piece : pieces) problem_.message += piece;
  }

 private:
  [[nodiscard]] const Value& value(Field field) const { return values_[static_cast<std::size_t>(field)]; }

  EventKind kind() {
    // A track or identify may say on which page it happened, so `page` alone decides last.
    std::size_t found = kind_names.size();
    for (std::size_t kind = kind_names.size(); kind-- > 1;) {
      if (values_[kind].is_missing()) continue;
      if (found != kind_names.size()) refuse({"names both `", kind_names[found], "` and `", kind_names[kind], "`"});
      found = kind;
    }
    if (found != kind_names.size()) return static_cast<EventKind>(found);
    if (value(Field::page).is_missing()) refuse({"names none of page, track, identify, consent, exposure, dismiss, tick, logout"});
    return EventKind::page;
  }

  Instant instant() {
    const auto instant = read_instant(value(Field::at));
    if (!instant) refuse({"`at` must be ISO 8601 with a zone, or milliseconds since 1970"});
    return instant.value_or(0);
  }

  std::string_view text(const Value& value, std::string_view key) {
    if (value.is_string()) return value.as_string();
    if (!value.is_nothing()) refuse({"`", key, "` must be a string"});
    return {};
  }

  /// Missing when absent.
  Value object(Field field) {
    if (value(field).is_object()) return value(field);
    if (!value(field).is_nothing()) refuse({"`", field_names[static_cast<std::size_t>(field)], "` must be an object"});
    return {};
  }

  /// As object(), but empty when absent.
  Value members(Field field) {
    const Value found = object(field);
    return found.is_missing() ? Value::object({}) : found;
  }

  Value force() {
    const Value variants = object(Field::force);
    for (const Member& member : variants.is_object() ? variants.as_object() : std::span<const Member>()) {
      if (!member.value.is_string()) refuse({"`force` must name a variant for each experience"});
    }
    return variants;
  }

  /// Empty when absent.
  std::span<const Value> names(Field field) {
    if (value(field).is_nothing()) return {};
    const auto items = value(field).is_list() ? value(field).as_list() : std::span<const Value>();
    bool named = value(field).is_list();
    for (const Value& item : items) named &= item.is_string();
    if (!named) refuse({"`", field_names[static_cast<std::size_t>(field)], "` must be a list of names"});
    return items;
  }

  [[nodiscard]] bool is_explained() const { return value(Field::explain).is_boolean() && value(Field::explain).as_boolean(); }

  void read_page(const Value& body, Event& event) {
    const Value url = body.get("url");
    if (!url.is_string() || url.as_string().empty()) refuse({"`page` needs a `url`"});
    event.properties = body;
  }

  void read_track(const Value& body, Event& event) {
    event.name = body.is_string() ? body.as_string() : std::string_view();
    if (event.name.empty()) refuse({"`track` must be the name of an event"});
    // Rules name both in one way.
    const std::uint8_t field = field_of(event.name);
    if (field < kind_names.size()) refuse({"`", event.name, "` is a kind of event, and no name for `track`"});
    event.properties = members(Field::properties);
  }

  void read_identify(const Value& body, Event& event) {
    if (!body.is_nothing() && !body.is_string()) refuse({"`identify` must be the id of a user, or null"});
    event.user = body.is_string() ? body.as_string() : std::string_view();
    event.traits = members(Field::traits);
    for (const Member& member : event.traits.as_object()) {
      if (is_envelope(member.value) && !is_well_formed_envelope(member.value)) refuse({"the envelope of `", member.key, "` has a malformed source, observedAt or ttl"});
    }
  }

  void read_consent(const Value& body, Event& event) {
    if (!body.is_object()) return refuse({"`consent` must be an object of purposes"});
    for (const Member& member : body.as_object()) {
      if (!member.value.is_boolean()) refuse({"consent to `", member.key, "` must be true or false"});
    }
    event.consent = body;
  }

  void read_showing(const Value& body, Event& event) {
    const std::string_view kind = event_kind_name(event.kind);
    if (!body.is_object()) return refuse({"`", kind, "` must be an object"});
    event.slot = text(body.get("slot"), "slot");
    event.experience = text(body.get("experience"), "experience");
    event.variant = text(body.get("variant"), "variant");
    if (event.experience.empty()) refuse({"`", kind, "` needs an `experience`"});
  }

  void read_flag(const Value& body, Event& event) {
    if (!body.is_boolean() || !body.as_boolean()) refuse({"`", event_kind_name(event.kind), "` can only be true"});
  }

  /// By kind; in a table, for the same reason as in rules/evaluate.cpp.
  static constexpr std::array<void (Reader::*)(const Value&, Event&), kind_names.size()> bodies{
      &Reader::read_page,    &Reader::read_track,   &Reader::read_identify, &Reader::read_consent,
      &Reader::read_showing, &Reader::read_showing, &Reader::read_flag,     &Reader::read_flag};

  std::array<Value, field_names.size()> values_;
  Error problem_{ErrorCode::step_malformed, {}};
};

int hexadecimal(char digit) {
  if (digit >= '0' && digit <= '9') return digit - '0';
  if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
  if (digit >= 'A' && digit <= 'F') return digit - 'A' + 10;
  return -1;
}

/// application/x-www-form-urlencoded, WHATWG URL: what is no UTF-8 becomes U+FFFD.
std::string_view form_decoded(std::string_view text, Arena& arena) {
  if (text.find_first_of("%+") == std::string_view::npos) return text;
  char* out = arena.allocate<char>(text.size());
  std::size_t size = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && hexadecimal(text[i + 1]) >= 0 && hexadecimal(text[i + 2]) >= 0) {
      out[size++] = static_cast<char>(hexadecimal(text[i + 1]) * 16 + hexadecimal(text[i + 2]));
      i += 2;
    } else {
      out[size++] = text[i] == '+' ? ' ' : text[i];
    }
  }
  if (valid_utf8({out, size})) return {out, size};
  std::string well_formed;
  append_well_formed({out, size}, well_formed);
  return arena.copy(well_formed);
}

/// Parameters read from a URL; analytics tools add a dozen.
constexpr std::size_t max_query_parameters = 32;

Value query_object(std::string_view query, Arena& arena) {
  std::vector<Member> members;
  while (!query.empty() && members.size() < max_query_parameters) {
    const std::string_view pair = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(query.size(), pair.size() + 1));
    if (pair.empty()) continue;
    const std::size_t equals = pair.find('=');
    const std::string_view key = form_decoded(pair.substr(0, equals), arena);
    const std::string_view value = equals == std::string_view::npos ? std::string_view() : form_decoded(pair.substr(equals + 1), arena);
    bool repeated = false;
    for (const Member& member : members) repeated |= member.key == key;
    if (!repeated) members.push_back({key, Value::string(value)});
  }
  return copy(Value::object(members), arena);
}

/// The part before the path and the query. As a loop: find_first_of() would search the set for each character.
std::string_view authority(std::string_view rest) {
  std::size_t end = 0;
  while (end < rest.size() && rest[end] != '/' && rest[end] != '?') ++end;
  return rest.substr(0, end);
}

}  // namespace

std::size_t rough_bytes(const Value& value, int depth) {
  constexpr std::size_t each = 16;
  if (depth > max_event_depth) return max_event_bytes + 1;
  std::size_t total = each + (value.is_string() ? value.as_string().size() : 0);
  const auto add = [&](const Value& part) {
    if (total > max_event_bytes) return;
    // Most parts are no containers, and need no call.
    const bool plain = !part.is_list() && !part.is_object() && depth < max_event_depth;
    total += plain ? each + (part.is_string() ? part.as_string().size() : 0) : rough_bytes(part, depth + 1);
  };
  if (value.is_list()) {
    for (const Value& item : value.as_list()) add(item);
  } else if (value.is_object()) {
    for (const Member& member : value.as_object()) {
      total += member.key.size();
      add(member.value);
    }
  }
  return total;
}

std::string_view event_kind_name(EventKind kind) { return kind_names[static_cast<std::size_t>(kind)]; }

bool is_envelope(const Value& value) {
  if (!value.is_object() || value.get("value").is_missing() || value.as_object().size() < 2) return false;
  return std::all_of(value.as_object().begin(), value.as_object().end(), [](const Member& member) {
    return member.key == "value" || member.key == "source" || member.key == "observedAt" || member.key == "ttl" || member.key == "purpose";
  });
}

std::optional<Instant> read_instant(const Value& value) {
  if (value.is_number() && std::abs(value.as_number()) <= max_instant) return static_cast<Instant>(value.as_number());
  return value.is_string() ? parse_instant(value.as_string()) : std::nullopt;
}

Result<Event> read_event(const Value& input) {
  const std::size_t bytes = rough_bytes(input);
  if (bytes > max_event_bytes) return Error{ErrorCode::step_too_large, "the event is larger than 32 KiB, or nests deeper than 32 levels"};
  Reader reader(input);
  return reader.result(reader.read_event(bytes));
}

Result<Question> read_question(const Value& input) {
  Reader reader(input);
  return reader.result(reader.read_question());
}

Result<Done> check_page_view(const PageView& view) {
  if (view.url.empty()) return Error{ErrorCode::step_malformed, "`page` needs a `url`"};
  std::size_t total = 0;
  for (const std::string_view text : {view.id, view.url, view.title, view.referrer}) {
    if (!valid_utf8(text)) return Error{ErrorCode::step_malformed, "a text of the page is not UTF-8"};
    total += text.size();
  }
  if (total > max_page_bytes) return Error{ErrorCode::step_too_large, "the page takes more than 16 KiB"};
  if (view.at < -max_instant || view.at > max_instant) return Error{ErrorCode::step_malformed, "`at` must be milliseconds since 1970"};
  return Done{};
}

Value complete_page(const Value& page, Arena& arena) {
  ObjectBuilder builder(arena);
  std::string_view url;
  bool has_path = false, has_host = false, has_query = false;
  for (const auto& [key, value] : page.is_object() ? page.as_object() : std::span<const Member>()) {
    builder.add(key, value);
    if (key == "url" && value.is_string()) url = value.as_string();
    has_path |= key == "path";
    has_host |= key == "host";
    has_query |= key == "query";
  }
  std::string_view rest = url.substr(0, url.find('#'));
  std::string_view host;
  const std::size_t scheme = rest.find("://");
  if (scheme != std::string_view::npos && authority(rest).size() > scheme) {
    rest.remove_prefix(scheme + 3);
    host = authority(rest);
    rest.remove_prefix(host.size());
  }
  const std::size_t question = std::min(rest.find('?'), rest.size());
  const std::string_view path = rest.substr(0, question);

  if (!has_path) builder.text("path", path.empty() ? std::string_view("/") : path);
  if (!has_host && !host.empty()) builder.text("host", host);
  if (!has_query) builder.add("query", question < rest.size() ? query_object(rest.substr(question + 1), arena) : Value::object({}));
  return builder.build();
}

}  // namespace wayline
