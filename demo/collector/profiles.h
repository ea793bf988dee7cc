// /v1/profile: what the devices of one person know, as one profile.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "collector/file_cache.h"
#include "collector/http_message.h"
#include "collector/store.h"
#include "wayline/program.h"

namespace wayline::collector {

/// Keys by project.
using IdentityKeys = std::map<std::string, std::vector<std::string>>;

class Profiles {
 public:
  /// `projects` maps each write key to its project; `pack` is the compiled pack, by which states are merged. The store must outlive this.
  Profiles(std::map<std::string, std::string> projects, IdentityKeys keys, std::string pack, Store& store);

  /// GET: the stored profile of the person whom the token names; it is of no device. `Authorization: Basic` holds the write key and,
  /// as password, the token. 200 with the profile; 401 without a valid token; 404 while nothing is stored.
  [[nodiscard]] boost::asio::awaitable<Response> give(Request request);

  /// POST: the body is the state of a device on which that person is signed in. It is merged into the stored profile
  /// (core/spec/merging.md), in one transaction; the answer is the merged state, in which visitor, page, device and session, and what
  /// counts pages and sessions, are the asking device's own. 401 also when the state is of another person than the token; 400 when
  /// its clock is ahead of ours by more than limits::clock_skew, or something happened after its clock; 413 when what is to be stored would exceed limits::profile_bytes; 410 when the person or the state's visitor was erased; 409
  /// when `?program=` names by its hash another program than ours, which would drop what it does not know.
  [[nodiscard]] boost::asio::awaitable<Response> merge(Request request);

 private:
  struct Person {
    std::string project;
    std::string user_id;
  };
  [[nodiscard]] Result<Person> person(const Request& request) const;
  /// The pack as it is on disk now. Errors: collector.unavailable, those of Program::load.
  [[nodiscard]] Result<std::shared_ptr<const Program>> program();
  [[nodiscard]] boost::asio::awaitable<ProfileReceipt> ask(ProfileWork work);

  const std::map<std::string, std::string> projects_;
  const IdentityKeys keys_;
  const std::string pack_;
  Store& store_;
  FileCache files_;
  std::string loaded_etag_;
  std::shared_ptr<const Program> loaded_;
};

}  // namespace wayline::collector
