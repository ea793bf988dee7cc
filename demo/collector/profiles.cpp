#include "collector/profiles.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <optional>
#include <span>
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
constexpr std::array<std::string_view, 4> of_the_device{"visitor", "page", "device", "session"};
/// A state nests less; whatever nests deeper is none.
constexpr std::uint32_t state_depth = 64;

Result<Value> read_state(const std::string& text, Arena& arena) { return read_json(text, arena, {.depth = state_depth, .bytes = limits::profile_bytes}); }

/// The state, with the parts of the device that `own` has.
std::string on_the_device(const Value& state, const Value& own, Arena& arena) {
  const auto is_own = [](std::string_view key) { return std::find(of_the_device.begin(), of_the_device.end(), key) != of_the_device.end(); };
  ObjectBuilder answer(arena);
  for (const Member& member : state.as_object()) {
    if (!is_own(member.key)) answer.add(member.key, member.value);
  }
  for (const std::string_view key : of_the_device) {
    if (const Value value = own.get(key); !value.is_missing()) answer.add(key, value);
  }
  return to_json(answer.build());
}

/// Merging a state with itself reads it as strictly as any.
Result<std::string> merged(const Program& program, const std::string& state, const std::string& stored) {
  Arena arena;
  TRY(const Value left, read_state(state, arena));
  TRY(const Value right, read_json(stored.empty() ? state : stored, arena));
  return merge_states(program, left, right);
}

std::optional<Response> refusal(const ProfileReceipt& receipt) {
  if (receipt.outcome == Receipt::Outcome::busy) return error_reply(ErrorCode::collector_busy);
  if (receipt.outcome == Receipt::Outcome::unavailable) return error_reply(ErrorCode::collector_unavailable);
  return receipt.refused ? std::optional(error_reply(*receipt.refused)) : std::nullopt;
}

}  // namespace

Profiles::Profiles(std::map<std::string, std::string> projects, IdentityKeys keys, std::string pack, Store& store)
    : projects_(std::move(projects)), keys_(std::move(keys)), pack_(std::move(pack)), store_(store) {}

Result<Profiles::Person> Profiles::person(const Request& request) const {
  const auto credentials = basic_credentials(request.authorization);
  const auto project = projects_.find(credentials ? credentials->user : "");
  if (project == projects_.end()) return Error{ErrorCode::key_unknown, std::string{code_meaning(ErrorCode::key_unknown)}};
  const auto keys = keys_.find(project->second);
  const std::chrono::duration<double> now = std::chrono::system_clock::now().time_since_epoch();
  TRY(std::string user, person_of(credentials->password, keys == keys_.end() ? std::span<const std::string>{} : keys->second,
                                  static_cast<std::int64_t>(now.count())));
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
  ProfileWork work{asked.value().project, asked.value().user_id, {}, {}};
  const ProfileReceipt receipt = co_await ask(std::move(work));
  if (auto refused = refusal(receipt)) co_return std::move(*refused);
  if (receipt.state.empty()) co_return error_reply(Error{ErrorCode::http_not_found, "No device of this person has sent its profile."});
  co_return json_reply(200, receipt.state);
}

boost::asio::awaitable<Response> Profiles::merge(Request request) {
  const auto asked = person(request);
  if (!asked.ok()) co_return error_reply(asked.error());
  const auto pack = program();
  if (!pack.ok()) co_return error_reply(Error{ErrorCode::collector_unavailable, pack.error().message});
  const auto body = decompress(std::move(request.body), limits::profile_bytes);
  if (!body.ok()) co_return error_reply(body.error());
  Arena arena;
  const auto own = read_state(body.value(), arena);
  if (!own.ok()) co_return error_reply(own.error());
  const Value user = own.value().get("user");
  if (!user.is_string() || user.as_string() != asked.value().user_id) {
    co_return error_reply(Error{ErrorCode::token_refused, "The token is not of the person whom the state is of."});
  }
  const std::int64_t now = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
  // The later clock is kept, so that one that is ahead would let every device's present be the past from then on.
  if (const Value clock = own.value().get("clock"); clock.is_number() && clock.as_number() > static_cast<double>(now + limits::clock_skew.count())) {
    co_return error_reply(Error{ErrorCode::state_malformed, "The state's clock is ahead of the collector's."});
  }
  ProfileWork work{asked.value().project, asked.value().user_id, format_instant(now), {}};
  work.change = [program = pack.value(), state = body.value()](const std::string& stored) { return merged(*program, state, stored); };
  const ProfileReceipt receipt = co_await ask(std::move(work));
  if (auto refused = refusal(receipt)) co_return std::move(*refused);
  const auto state = read_json(receipt.state, arena);
  if (!state.ok()) co_return error_reply(state.error());
  co_return json_reply(200, on_the_device(state.value(), own.value(), arena));
}

}  // namespace wayline::collector
