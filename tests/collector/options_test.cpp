#include "collector/options.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace wayline::collector {
namespace {

Result<Options> read(std::vector<std::string_view> more, std::string_view root = "/") {
  std::vector<std::string_view> arguments{"--root", root, "--pack", "p", "--database", "d"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return read_options(arguments);
}

TEST(ReadOptions, HasDefaults) {
  const Options options = read({"--write-key", "k"}).value();
  EXPECT_EQ(options.host, "127.0.0.1");
  EXPECT_EQ(options.port, 8080);
  EXPECT_EQ(options.projects.at("k"), "k");
  EXPECT_EQ(options.content_security_policy,
            "script-src 'self' 'wasm-unsafe-eval'; object-src 'none'; base-uri 'self'");
}

TEST(ReadOptions, TakesSeveralKeysWithProjects) {
  const Options options = read({"--write-key", "web:shop", "--write-key", "app:shop", "--write-key", "x"}).value();
  EXPECT_EQ(options.projects.size(), 3u);
  EXPECT_EQ(options.projects.at("web"), "shop");
  EXPECT_EQ(options.projects.at("app"), "shop");
}

TEST(ReadOptions, TakesIdentityKeysByProject) {
  const std::string key = "may:hold:colons:and:has:32:bytes";
  const std::string one = key + ":shop", two = key + "2:shop";
  const Options options = read({"--write-key", "k", "--identity-key", one, "--identity-key", two}).value();
  EXPECT_EQ(options.identity_keys.at("shop"), (std::vector<std::string>{key, key + "2"}));
  for (const std::string_view wrong : {"short:shop", "0123456789abcdef0123456789abcdef", "0123456789abcdef0123456789abcdef:"}) {
    EXPECT_EQ(read({"--write-key", "k", "--identity-key", wrong}).error().code, ErrorCode::usage) << wrong;
  }
}

TEST(ReadOptions, TakesAddressesAndTheOneName) {
  EXPECT_EQ(read({"--write-key", "k", "--host", "localhost"}).value().host, "127.0.0.1");
  EXPECT_EQ(read({"--write-key", "k", "--host", "::1"}).value().host, "::1");
  for (const std::string_view wrong : {"shop.example", "127.0.0.1:80", ""}) {
    const auto options = read({"--write-key", "k", "--host", wrong});
    ASSERT_FALSE(options.ok()) << wrong;
    EXPECT_NE(options.error().message.find("needs an IP address"), std::string::npos) << options.error().message;
  }
}

TEST(ReadOptions, TakesPortsAndPolicies) {
  EXPECT_EQ(read({"--write-key", "k", "--port", "0"}).value().port, 0);
  EXPECT_EQ(read({"--write-key", "k", "--csp", ""}).value().content_security_policy, "");
  EXPECT_EQ(read({"--write-key", "k", "--queue", "2"}).value().queue_limit, 2u);
}

TEST(ReadOptions, SaysWhatIsWrong) {
  const std::vector<std::vector<std::string_view>> wrong{{},
                                                         {"--write-key"},
                                                         {"--write-key", ""},
                                                         {"--write-key", ":project"},
                                                         {"--write-key", "k:one", "--write-key", "k:two"},
                                                         {"--write-key", "k:"},
                                                         {"--write-key", "k", "--erase-key", "secret"},
                                                         {"--write-key", "k", "--erase-key", "secret:secret"},
                                                         {"--write-key", "web:shop", "--erase-key", "web:shop"},
                                                         {"--write-key", "k", "--port", "65536"},
                                                         {"--write-key", "k", "--port", "80x"},
                                                         {"--write-key", "k", "--queue", "0"},
                                                         {"--write-key", "k", "--csp", "default-src 'self';\n  script-src 'self'"},
                                                         {"--write-key", "k", "--csp", "object-src\r"},
                                                         {"--write-key", "k", "--colour", "x"},
                                                         {"--write-key", "k", "stray"}};
  for (const auto& arguments : wrong) {
    const auto options = read(arguments);
    ASSERT_FALSE(options.ok()) << testing::PrintToString(arguments);
    EXPECT_EQ(options.error().code, ErrorCode::usage);
  }
  EXPECT_FALSE(read({"--write-key", "k"}, "/no/such/folder").ok());
}

TEST(ReadOptions, ShowsHelpWhateverElseIsMissing) {
  const std::vector<std::string_view> arguments{"--help"};
  EXPECT_TRUE(read_options(arguments).value().help);
}

}  // namespace
}  // namespace wayline::collector
