#include "collector/static_files.h"

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <string>

#include "temporary_folder.h"

namespace wayline::collector {
namespace {

std::string header(const Response& response, const std::string& name) {
  for (const auto& [key, value] : response.headers) {
    if (key == name) return value;
  }
  return "";
}

class StaticFilesTest : public testing::Test {
 protected:
  Response get(const std::string& target, const std::string& accept_encoding = "", const std::string& etag = "") {
    Request request;
    request.target = target;
    request.accept_encoding = accept_encoding;
    request.if_none_match = etag;
    return target == "/v1/pack" ? files_.serve_pack(request) : files_.serve(request);
  }
  std::string body(const std::string& target) {
    const Response response = get(target);
    return response.body ? *response.body : "";
  }

  TemporaryFolder folder_;
  std::filesystem::path index_ = folder_.write("www/index.html", "home");
  StaticFiles files_{folder_.path() / "www", folder_.path() / "pack.wayline", folder_.path() / "www/events.sqlite", "script-src 'self'"};
};

TEST_F(StaticFilesTest, ServesCleanUrls) {
  folder_.write("www/product/A1/index.html", "dress");
  folder_.write("www/sale.html", "sale");
  folder_.write("www/wayline.wasm", "\0asm");
  EXPECT_EQ(body("/"), "home");
  EXPECT_EQ(body("/product/A1"), "dress");
  EXPECT_EQ(body("/product/A1/?a=1"), "dress");
  EXPECT_EQ(body("/sale"), "sale");
  EXPECT_EQ(body("/sale/"), "sale");
  EXPECT_EQ(header(get("/wayline.wasm"), "Content-Type"), "application/wasm");
  EXPECT_EQ(header(get("/"), "Content-Security-Policy"), "script-src 'self'");
  EXPECT_EQ(header(get("/"), "Cache-Control"), "no-cache");
}

TEST_F(StaticFilesTest, AnswersUnknownPathsWithTheSitesPage) {
  EXPECT_EQ(get("/nope").status, 404u);
  EXPECT_NE(body("/nope").find("http.not_found"), std::string::npos);
  folder_.write("www/404.html", "lost?");
  EXPECT_EQ(get("/nope").status, 404u);
  EXPECT_EQ(body("/nope"), "lost?");
  EXPECT_EQ(get("/product").status, 404u);
}

TEST_F(StaticFilesTest, StaysBelowItsRoot) {
  folder_.write("secret.txt", "secret");
  folder_.write("www-other/secret.txt", "secret");
  folder_.write("www/.hidden", "secret");
  std::filesystem::create_symlink("../secret.txt", folder_.path() / "www/link.txt");
  std::filesystem::create_symlink("../www-other", folder_.path() / "www/other");
  std::filesystem::create_symlink("index.html", folder_.path() / "www/inside.html");
  for (const char* target : {"/../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt", "/link.txt",
                             "/other/secret.txt", "/.hidden", "/%2ehidden", "//secret.txt"}) {
    const Response response = get(target);
    EXPECT_GE(response.status, 400u) << target;
    EXPECT_EQ(response.body->find("secret\n"), std::string::npos) << target;
    EXPECT_NE(*response.body, "secret") << target;
  }
  EXPECT_EQ(body("/inside"), "home");
}

TEST_F(StaticFilesTest, FollowsNoLinkOutOfItsRootFromWhatItChoosesItself) {
  folder_.write("secret.txt", "secret");
  folder_.write("www/events.sqlite", "secret");
  folder_.write("www/a.js", "plain");
  folder_.write("www/b.js", "plain");
  folder_.write("www/c.js", "plain");
  folder_.write("www/packed.br", "packed");
  std::filesystem::create_symlink("../secret.txt", folder_.path() / "www/404.html");
  std::filesystem::create_symlink("../secret.txt", folder_.path() / "www/a.js.br");
  std::filesystem::create_symlink("events.sqlite", folder_.path() / "www/b.js.br");
  std::filesystem::create_symlink("packed.br", folder_.path() / "www/c.js.br");
  EXPECT_EQ(get("/nope").status, 404u);
  EXPECT_EQ(body("/nope").find("secret"), std::string::npos);
  EXPECT_EQ(*get("/a.js", "br").body, "plain");
  EXPECT_EQ(*get("/b.js", "br").body, "plain");
  EXPECT_EQ(*get("/c.js", "br").body, "packed");
}

TEST_F(StaticFilesTest, KeepsTheDatabaseToItself) {
  for (const std::string name : {"events.sqlite", "events.sqlite-wal", "events.sqlite-shm", "events.sqlite-journal"}) {
    folder_.write("www/" + name, "everybody's events");
    EXPECT_EQ(get("/" + name).status, 404) << name;
  }
  folder_.write("www/events.sqlite-log", "public");
  EXPECT_EQ(body("/events.sqlite-log"), "public");
}

TEST_F(StaticFilesTest, RevalidatesByAStrongTag) {
  const std::string etag = header(get("/"), "ETag");
  ASSERT_TRUE(etag.starts_with('"')) << etag;
  const Response unchanged = get("/", "", "\"other\", W/" + etag);
  EXPECT_EQ(unchanged.status, 304u);
  EXPECT_EQ(unchanged.body, nullptr);
  EXPECT_EQ(header(unchanged, "ETag"), etag);
  folder_.write("www/index.html", "Home");  // same size
  const Response changed = get("/", "", etag);
  EXPECT_EQ(changed.status, 200u);
  EXPECT_NE(header(changed, "ETag"), etag);
}

TEST_F(StaticFilesTest, ServesTheCompressedSiblingWhenItIsTakenAndFresh) {
  const auto script = folder_.write("www/a.js", "plain");
  EXPECT_EQ(header(get("/a.js", "br"), "Vary"), "");
  const auto sibling = folder_.write("www/a.js.br", "packed");
  const Response packed = get("/a.js", "gzip, br");
  EXPECT_EQ(*packed.body, "packed");
  EXPECT_EQ(header(packed, "Content-Encoding"), "br");
  EXPECT_EQ(header(packed, "Content-Type"), "text/javascript; charset=utf-8");
  EXPECT_EQ(header(packed, "Vary"), "Accept-Encoding");
  const Response plain = get("/a.js", "gzip, br;q=0");
  EXPECT_EQ(*plain.body, "plain");
  EXPECT_EQ(header(plain, "Vary"), "Accept-Encoding");
  EXPECT_NE(header(plain, "ETag"), header(packed, "ETag"));
  std::filesystem::last_write_time(sibling, std::filesystem::last_write_time(script) - std::chrono::seconds(5));
  EXPECT_EQ(*get("/a.js", "br").body, "plain");
}

TEST_F(StaticFilesTest, ServesThePackAsItIsNow) {
  EXPECT_EQ(get("/v1/pack").status, 503u);
  EXPECT_FALSE(header(get("/v1/pack"), "Retry-After").empty());
  folder_.write("pack.wayline", "first");
  const Response first = get("/v1/pack");
  EXPECT_EQ(*first.body, "first");
  EXPECT_EQ(header(first, "Content-Type"), "application/octet-stream");
  EXPECT_EQ(get("/v1/pack", "", header(first, "ETag")).status, 304u);
  const auto built = folder_.write("pack.new", "again");
  std::filesystem::rename(built, folder_.path() / "pack.wayline");
  const Response second = get("/v1/pack", "", header(first, "ETag"));
  EXPECT_EQ(second.status, 200u);
  EXPECT_EQ(*second.body, "again");
}

TEST(AcceptsBrotli, ReadsWeights) {
  EXPECT_TRUE(accepts_brotli("br"));
  EXPECT_TRUE(accepts_brotli("gzip, deflate, br, zstd"));
  EXPECT_TRUE(accepts_brotli("br;q=0.5"));
  EXPECT_TRUE(accepts_brotli("gzip , br ; q=1"));
  EXPECT_FALSE(accepts_brotli(""));
  EXPECT_FALSE(accepts_brotli("gzip, brotli"));
  EXPECT_FALSE(accepts_brotli("br;q=0"));
  EXPECT_FALSE(accepts_brotli("br; q=0.000"));
}

TEST(NamesEtag, ReadsLists) {
  EXPECT_TRUE(names_etag("\"a\"", "\"a\""));
  EXPECT_TRUE(names_etag("\"b\" , W/\"a\"", "\"a\""));
  EXPECT_TRUE(names_etag("*", "\"a\""));
  EXPECT_FALSE(names_etag("", "\"a\""));
  EXPECT_FALSE(names_etag("\"ab\"", "\"a\""));
}

}  // namespace
}  // namespace wayline::collector
