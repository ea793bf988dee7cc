// wayline-collector: receives events, serves the compiled pack and the shop's files.
// Everything but the store's writer runs on this one thread, so nothing else needs locks.
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <cstdio>
#include <exception>
#include <string>
#include <string_view>
#include <vector>

#include "collector/eraser.h"
#include "collector/ingest.h"
#include "collector/metrics.h"
#include "collector/options.h"
#include "collector/profiles.h"
#include "collector/router.h"
#include "collector/server.h"
#include "collector/static_files.h"
#include "collector/store.h"

namespace {

using namespace wayline::collector;
using wayline::Error;

constexpr int exit_failure = 1;
constexpr int exit_usage = 2;

int fail(const Error& error, int exit_code) {
  std::fprintf(stderr, "wayline-collector: %s: %s\n", std::string{wayline::code_text(error.code)}.c_str(),
               error.message.c_str());
  return exit_code;
}

int serve(const Options& options) {
  auto opened = Store::open(options.database, options.queue_limit);
  if (!opened.ok()) return fail(opened.error(), exit_failure);
  Store& store = *opened.value();
  Metrics metrics{store.opening_ledger()};
  Ingest ingest{options.projects, store, metrics};
  Eraser eraser{options.erase_projects, store, metrics};
  Profiles profiles{options.projects, options.identity_keys, options.pack, store};
  StaticFiles files{options.root, options.pack, options.database, options.content_security_policy};
  Router router{ingest, eraser, profiles, files, store, metrics};

  boost::asio::io_context context{1};
  Server server{context, router, metrics};
  boost::asio::signal_set signals{context, SIGINT, SIGTERM};
  signals.async_wait([&server](const boost::system::error_code& cancelled, int) {
    if (!cancelled) server.drain();
  });
  const auto port = server.listen(options.host, options.port);
  if (!port.ok()) return fail(port.error(), exit_failure);
  const bool is_ipv6 = options.host.find(':') != std::string::npos;
  std::printf("wayline-collector: listening on http://%s%s%s:%u\n", is_ipv6 ? "[" : "", options.host.c_str(),
              is_ipv6 ? "]" : "", unsigned{port.value()});
  std::fflush(stdout);
  context.run();
  return 0;  // the store's destructor commits what is left
}

}  // namespace

int main(int argument_count, char** argument_values) {
  std::signal(SIGPIPE, SIG_IGN);  // whoever read the complaints may have gone
  const std::vector<std::string_view> arguments(argument_values + 1, argument_values + argument_count);
  const auto options = read_options(arguments);
  if (!options.ok()) {
    std::fputs(usage_text.data(), stderr);
    return fail(options.error(), exit_usage);
  }
  if (options.value().help) {
    std::fputs(usage_text.data(), stdout);
    return 0;
  }
  try {
    return serve(options.value());
  } catch (const std::exception& exception) {
    std::fprintf(stderr, "wayline-collector: %s\n", exception.what());
    return exit_failure;
  }
}
