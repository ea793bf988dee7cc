#include "profile/event.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include "base/utf.h"
#include "profile/state.h"

namespace wayline {

namespace {

constexpr std::array<std::string_view, 8> kind_names{"page", "track", "identify", "consent", "exposure", "dismiss", "tick", "logout"};

Error malformed(std::string message) { return Error{ErrorCode::step_malformed, std::move(message)}; }

std::string quoted(std::string_view key) { return "`" + std::string(key) + "`"; }

/// The members of an input that mean something.
enum class Field : std::uint8_t {
  page, track, identify, consent, exposure, dismiss, tick, logout,  // in the order of the kinds
  at, id, properties, traits, device, force, decide, explain
};
constexpr std::array<std::string_view, 16> field_names{"page", "track", "identify",   "consent", "exposure", "dismiss", "tick",   "logout",
                                                       "at",   "id",    "properties", "traits",  "device",   "force",   "decide", "explain"};

/// A perfect hash of the field names.
constexpr std::size_t field_place(std::string_view name) {
  const auto code = [name](std::size_t i) { return static_cast<std::size_t>(static_cast<unsigned char>(name[i])); };
  return (name.size() + code(0) * 25 + code(name.size() > 2 ? 2 : 0) * 2) % 32;
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

/// An input, its members found in one pass.
class Fields {
 public:
  explicit Fields(const Value& input) {
    for (const Member& member : input.as_object()) {
      const std::uint8_t field = member.key.empty() ? no_field : fields_by_place[field_place(member.key)];
      if (field != no_field && field_names[field] == member.key && values_[field].is_missing()) values_[field] = member.value;
    }
  }
  [[nodiscard]] const Value& operator[](Field field) const { return values_[static_cast<std::size_t>(field)]; }
  [[nodiscard]] const Value& body(EventKind kind) const { return values_[static_cast<std::size_t>(kind)]; }

 private:
  std::array<Value, field_names.size()> values_;
};

/// A field that must be an object when it is there.
Result<Value> object_field(const Fields& fields, Field field) {
  const Value& value = fields[field];
  if (!value.is_nothing() && !value.is_object()) return malformed(quoted(field_names[static_cast<std::size_t>(field)]) + " must be an object");
  return value.is_object() ? value : Value();
}

Result<std::string_view> text(const Value& value, std::string_view key) {
  if (value.is_nothing()) return std::string_view();
  if (!value.is_string()) return malformed(quoted(key) + " must be a string");
  return value.as_string();
}

Result<EventKind> find_kind(const Fields& fields) {
  // A track or identify may say on which page it happened, so `page` alone decides last.
  std::size_t found = kind_names.size();
  for (std::size_t kind = kind_names.size(); kind-- > 1;) {
    if (fields.body(static_cast<EventKind>(kind)).is_missing()) continue;
    if (found != kind_names.size()) return malformed("names both " + quoted(kind_names[found]) + " and " + quoted(kind_names[kind]));
    found = kind;
  }
  if (found != kind_names.size()) return static_cast<EventKind>(found);
  if (!fields[Field::page].is_missing()) return EventKind::page;
  return malformed("names none of page, track, identify, consent, exposure, dismiss, tick, logout");
}

Result<Value> force_of(const Value& force) {
  if (!force.is_nothing() && !force.is_object()) return malformed("`force` must be an object");
  if (!force.is_object()) return Value();
  for (const Member& member : force.as_object()) {
    if (!member.value.is_string()) return malformed("`force` must name a variant for each experience");
  }
  return force;
}

/// A mistyped ttl would keep data longer than was meant, so nothing of an envelope is guessed.
bool is_well_formed_envelope(const Value& envelope) {
  const Value source = envelope.get("source"), ttl = envelope.get("ttl"), observed = envelope.get("observedAt");
  return (source.is_missing() || source.is_string()) && (ttl.is_missing() || (ttl.is_string() && parse_duration(ttl.as_string()))) &&
         (observed.is_missing() || read_instant(observed).ok());
}

Result<Done> read_body(const Fields& fields, Event& event) {
  const Value& body = fields.body(event.kind);
  switch (event.kind) {
    case EventKind::page: {
      const Value url = body.get("url");
      if (!url.is_string() || url.as_string().empty()) return malformed("`page` needs a `url`");
      event.properties = body;
      break;
    }
    case EventKind::track: {
      if (!body.is_string() || body.as_string().empty()) return malformed("`track` must be the name of an event");
      event.name = body.as_string();
      // Rules name both in one way.
      if (std::find(kind_names.begin(), kind_names.end(), event.name) != kind_names.end()) return malformed(quoted(event.name) + " is a kind of event, and no name for `track`");
      TRY(const Value properties, object_field(fields, Field::properties));
      event.properties = properties.is_missing() ? Value::object({}) : properties;
      break;
    }
    case EventKind::identify: {
      if (!body.is_nothing() && !body.is_string()) return malformed("`identify` must be the id of a user, or null");
      event.user = body.is_string() ? body.as_string() : std::string_view();
      TRY(const Value traits, object_field(fields, Field::traits));
      event.traits = traits.is_missing() ? Value::object({}) : traits;
      for (const Member& member : event.traits.as_object()) {
        if (is_envelope(member.value) && !is_well_formed_envelope(member.value)) {
          return malformed("the envelope of " + quoted(member.key) + " has a malformed source, observedAt or ttl");
        }
      }
      break;
    }
    case EventKind::consent: {
      if (!body.is_object()) return malformed("`consent` must be an object of purposes");
      for (const Member& member : body.as_object()) {
        if (!member.value.is_boolean()) return malformed("consent to " + quoted(member.key) + " must be true or false");
      }
      event.consent = body;
      break;
    }
    case EventKind::exposure:
    case EventKind::dismiss: {
      if (!body.is_object()) return malformed(quoted(event_kind_name(event.kind)) + " must be an object");
      TRY(event.slot, text(body.get("slot"), "slot"));
      TRY(event.experience, text(body.get("experience"), "experience"));
      TRY(event.variant, text(body.get("variant"), "variant"));
      if (event.experience.empty()) return malformed(quoted(event_kind_name(event.kind)) + " needs an `experience`");
      break;
    }
    case EventKind::tick:
    case EventKind::logout: {
      if (!body.is_boolean() || !body.as_boolean()) return malformed(quoted(event_kind_name(event.kind)) + " can only be true");
      break;
    }
  }
  return Done{};
}

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
  if (query.empty()) return Value::object({});
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

Result<Value> read_force(const Value& input) { return force_of(input.get("force")); }

Result<std::span<const Value>> read_slots(const Value& slots, std::string_view key) {
  if (slots.is_nothing()) return std::span<const Value>();
  if (slots.is_list() && std::all_of(slots.as_list().begin(), slots.as_list().end(), [](const Value& slot) { return slot.is_string(); })) return slots.as_list();
  return malformed(quoted(key) + " must be a list of names");
}

std::string_view event_kind_name(EventKind kind) { return kind_names[static_cast<std::size_t>(kind)]; }

bool is_envelope(const Value& value) {
  if (!value.is_object() || value.get("value").is_missing() || value.as_object().size() < 2) return false;
  return std::all_of(value.as_object().begin(), value.as_object().end(), [](const Member& member) {
    return member.key == "value" || member.key == "source" || member.key == "observedAt" || member.key == "ttl" || member.key == "purpose";
  });
}

Result<Instant> read_instant(const Value& value) {
  if (value.is_number() && std::abs(value.as_number()) <= max_instant) return static_cast<Instant>(value.as_number());
  if (value.is_string()) {
    const auto instant = parse_instant(value.as_string());
    if (instant) return *instant;
  }
  return malformed("`at` must be ISO 8601 with a zone, or milliseconds since 1970");
}

Result<Event> read_event(const Value& input) {
  if (!input.is_object()) return malformed("a step is an object");
  const std::size_t bytes = rough_bytes(input);
  if (bytes > max_event_bytes) return Error{ErrorCode::step_too_large, "the event is larger than 32 KiB, or nests deeper than 32 levels"};
  const Fields fields(input);
  Event event;
  TRY(event.kind, find_kind(fields));
  TRY(event.at, read_instant(fields[Field::at]));
  TRY(event.id, text(fields[Field::id], "id"));
  TRY(const Done body, read_body(fields, event));
  (void)body;
  TRY(event.page, object_field(fields, Field::page));
  TRY(event.device, object_field(fields, Field::device));
  TRY(event.force, force_of(fields[Field::force]));
  // What takes less as a whole has no larger part.
  if (bytes > max_device_bytes && (rough_bytes(event.page) > max_page_bytes || rough_bytes(event.device) > max_device_bytes)) {
    return Error{ErrorCode::step_too_large, "the page takes more than 16 KiB, or the device more than 4 KiB"};
  }
  event.explain = fields[Field::explain].is_boolean() && fields[Field::explain].as_boolean();
  TRY(event.decide, read_slots(fields[Field::decide], field_names[static_cast<std::size_t>(Field::decide)]));
  if (event.decide.size() > max_decided_slots) return malformed("`decide` names more than 256 slots");
  return event;
}

Result<Done> check_page_view(const PageView& view) {
  if (view.url.empty()) return malformed("`page` needs a `url`");
  std::size_t total = 0;
  for (const std::string_view text : {view.id, view.url, view.title, view.referrer}) {
    if (!valid_utf8(text)) return malformed("a text of the page is not UTF-8");
    total += text.size();
  }
  if (total > max_page_bytes) return Error{ErrorCode::step_too_large, "the page takes more than 16 KiB"};
  if (view.at < -max_instant || view.at > max_instant) return malformed("`at` must be milliseconds since 1970");
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

  if (!has_path) builder.add("path", Value::string(path.empty() ? std::string_view("/") : path));
  if (!has_host && !host.empty()) builder.add("host", Value::string(host));
  if (!has_query) builder.add("query", query_object(rest.substr(std::min(question + 1, rest.size())), arena));
  return builder.build();
}

}  // namespace wayline
