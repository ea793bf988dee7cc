#include "collector/profiles.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "base/instant.h"
#include "collector/answered.h"
#include "collector/body_codec.h"
#include "collector/identity_token.h"
#include "collector/limits.h"
#include "collector/replies.h"
#include "value/json.h"
#include "wayline/merge.h"

namespace wayline::collector {

namespace {

/// What a state says of the device that it is on, and not of the person.
constexpr std::array<std::string_view, 5> of_the_device{"visitor", "page", "pageNumber", "device", "session"};
/// The same of each experience: pages and sessions are counted on each device for itself.
constexpr std::array<std::string_view, 3> counted_on_the_device{"seenPage", "seenSession", "seenInSession"};
/// A state nests less; whatever nests deeper is none.
constexpr std::uint32_t state_depth = 64;

Result<Value> read_state(const std::string& text, Arena& arena) { return read_json(text, arena, {.depth = state_depth, .bytes = limits::profile_bytes}); }

/// `value` with the members that `keys` name as `own` has them, and without those that it lacks. What is no object stays what it is.
Value with_own(const Value& value, const Value& own, std::span<const std::string_view> keys, Arena& arena) {
  if (!value.is_object()) return value;
  ObjectBuilder answer(arena);
  for (const Member& member : value.as_object()) {
    if (std::find(keys.begin(), keys.end(), member.key) == keys.end()) answer.add(member.key, member.value);
  }
  for (const std::string_view key : keys) {
    if (const Value its = own.get(key); !its.is_missing()) answer.add(key, its);
  }
  return answer.build();
}

/// Whether a choice was made by somebody who left the device since (design 7.2.8): it holds there, and is not the person's.
bool is_left_behind(const Value& choice) {
  const Value at = choice.get("at");
  return !at.is_number() || at.as_number() == 0;
}

/// The person's choices, and those left behind on the device of `own` where the person made none.
Value choices_on_the_device(const Value& choices, const Value& own, Arena& arena) {
  ObjectBuilder answer(arena);
  const auto add = [&answer](const Value& from, auto&& counts) {
    if (!from.is_object()) return;
    for (const Member& choice : from.as_object()) {
      if (counts(choice)) answer.add(choice.key, choice.value);
    }
  };
  add(choices, [](const Member& choice) { return !is_left_behind(choice.value); });
  add(own, [&choices](const Member& choice) { return is_left_behind(choice.value) && (choices.get(choice.key).is_missing() || is_left_behind(choices.get(choice.key))); });
  return answer.build();
}

/// The same for each experience.
Value experiences_on_the_device(const Value& experiences, const Value& own, Arena& arena) {
  ObjectBuilder answer(arena);
  for (const Member& each : experiences.as_object()) answer.add(each.key, with_own(each.value, own.get(each.key), counted_on_the_device, arena));
  return answer.build();
}

/// The state with what `own` says of its device; of no device when `own` is missing.
std::string on_the_device(const Value& state, const Value& own, Arena& arena) {
  const Value person = with_own(state, own, of_the_device, arena);
  ObjectBuilder answer(arena);
  for (const auto& [key, value] : person.as_object()) {
    if (key == "experiences" && value.is_object()) {
      answer.add(key, experiences_on_the_device(value, own.get(key), arena));
    } else if (key == "consent" && value.is_object()) {
      answer.add(key, choices_on_the_device(value, own.get(key), arena));
    } else {
      answer.add(key, value);
    }
  }
  return to_json(answer.build());
}

/// What is to be stored: of the person, and of no device. The stored profile takes the place of the device while it is merged,
/// for a state is always of one; merging a state with itself reads it as strictly as any.
Result<std::string> merged(const Program& program, const std::string& state, const std::string& stored) {
  Arena arena;
  TRY(const Value own, read_state(state, arena));
  TRY(const Value person, read_json(stored.empty() ? state : stored, arena));
  const std::string placed = on_the_device(person, own, arena);
  TRY(const Value right, read_json(placed, arena));
  TRY(const std::string both, merge_states(program, own, right));
  TRY(const Value everything, read_json(both, arena));
  std::string kept = on_the_device(everything, {}, arena);
  if (kept.size() <= limits::profile_bytes) return kept;
  return Error{ErrorCode::state_too_large, "What the person's devices know takes more than " + std::to_string(limits::profile_bytes) + " bytes."};
}

/// Whether `?program=` of the target names this program by its hash, or nothing is named.
bool is_program_of(std::string_view target, std::uint64_t hash) {
  constexpr std::string_view key = "?program=";
  const std::size_t at = target.find(key);
  if (at == std::string_view::npos) return true;
  const std::string_view digits = target.substr(at + key.size());
  std::uint64_t named = 0;
  const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), named, 16);
  return problem == std::errc{} && end == digits.data() + digits.size() && named == hash;
}

std::optional<Response> refusal_of(const ProfileReceipt& receipt) {
  return receipt.refused ? error_reply(*receipt.refused) : refusal(receipt.outcome);
}

}  // namespace

Profiles::Profiles(std::map<std::string, std::string> projects, IdentityKeys keys, std::string pack, Store& store)
    : projects_(std::move(projects)), keys_(std::move(keys)), pack_(std::move(pack)), store_(store) {}

Result<Profiles::Person> Profiles::person(const Request& request) const {
  const auto credentials = basic_credentials(request.authorization);
  const auto project = projects_.find(credentials ? credentials->user : "");
  if (project == projects_.end()) return Error{ErrorCode::key_unknown, std::string{code_meaning(ErrorCode::key_unknown)}};
  const auto keys = keys_.find(project->second);
  TRY(std::string user, person_of(credentials->password, keys == keys_.end() ? std::span<const std::string>{} : keys->second, request.received / 1000));
  return Person{project->second, std::move(user)};
}

Result<std::shared_ptr<const Program>> Profiles::program() {
  const auto file = files_.load(pack_);
  if (!file) return Error{ErrorCode::collector_unavailable, "The pack can not be read."};
  if (file->etag != loaded_etag_) {
    TRY(loaded_, Program::load(std::as_bytes(std::span{*file->bytes})));
    loaded_etag_ = file->etag;
  }
  return loaded_;
}

boost::asio::awaitable<ProfileReceipt> Profiles::ask(ProfileWork work) {
  return answered<ProfileReceipt>([this](ProfileWork asked, Store::ProfileCallback answer) { store_.profile(std::move(asked), std::move(answer)); },
                                  std::move(work));
}

boost::asio::awaitable<Response> Profiles::give(Request request) {
  const auto asked = person(request);
  if (!asked.ok()) co_return error_reply(asked.error());
  // A local of its own: g++ 12 destroys the parts of an aggregate that is made inside a co_await twice.
  ProfileWork work{asked.value().project, asked.value().user_id, {}, {}, {}};
  const ProfileReceipt receipt = co_await ask(std::move(work));
  if (auto refused = refusal_of(receipt)) co_return std::move(*refused);
  if (receipt.state.empty()) co_return error_reply(Error{ErrorCode::http_not_found, "No device of this person has sent its profile."});
  co_return json_reply(200, receipt.state);
}

boost::asio::awaitable<Response> Profiles::merge(Request request) {
  const auto asked = person(request);
  if (!asked.ok()) co_return error_reply(asked.error());
  const auto pack = program();
  if (!pack.ok()) co_return error_reply(Error{ErrorCode::collector_unavailable, pack.error().message});
  if (!is_program_of(request.target, pack.value()->hash())) {
    co_return error_reply(Error{ErrorCode::pack_unavailable, "The collector has another program than the one that the state is of."});
  }
  const auto body = decompress(std::move(request.body), limits::profile_bytes);
  if (!body.ok()) co_return error_reply(body.error());
  Arena arena;
  const auto own = read_state(body.value(), arena);
  if (!own.ok()) co_return error_reply(own.error());
  const Value user = own.value().get("user");
  if (!user.is_string() || user.as_string() != asked.value().user_id) {
    co_return error_reply(Error{ErrorCode::token_refused, "The token is not of the person whom the state is of."});
  }
  // The later clock is kept, so that one that is ahead would let every device's present be the past from then on.
  if (const Value clock = own.value().get("clock"); clock.is_number() && clock.as_number() > static_cast<double>(request.received + limits::clock_skew.count())) {
    co_return error_reply(Error{ErrorCode::state_malformed, "The state's clock is ahead of the collector's."});
  }
  const Value visitor = own.value().get("visitor");
  ProfileWork work{asked.value().project, asked.value().user_id, std::string{visitor.is_string() ? visitor.as_string() : ""}, format_instant(request.received), {}};
  work.change = [program = pack.value(), state = body.value()](const std::string& stored) { return merged(*program, state, stored); };
  const ProfileReceipt receipt = co_await ask(std::move(work));
  if (auto refused = refusal_of(receipt)) co_return std::move(*refused);
  const auto state = read_json(receipt.state, arena);
  if (!state.ok()) co_return error_reply(state.error());
  co_return json_reply(200, on_the_device(state.value(), own.value(), arena));
}

}  // namespace wayline::collector
