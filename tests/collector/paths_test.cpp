#include "collector/paths.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace wayline::collector {
namespace {

TEST(RelativePath, DecodesOnceAndDropsTheQuery) {
  EXPECT_EQ(relative_path("/").value(), "");
  EXPECT_EQ(relative_path("/product/A1").value(), "product/A1");
  EXPECT_EQ(relative_path("/product/A1/?utm=..%2f").value(), "product/A1/");
  EXPECT_EQ(relative_path("/caf%C3%A9#top").value(), "caf\xc3\xa9");
  EXPECT_EQ(relative_path("/a%2525").value(), "a%25");
  EXPECT_EQ(relative_path("/a+b").value(), "a+b");
  EXPECT_EQ(relative_path("/a..b/c.").value(), "a..b/c.");
}

TEST(RelativePath, RefusesWhatNoHonestClientSends) {
  for (const char* target :
       {"",        "index.html",     "http://host/", "*",      "//etc/passwd", "/a//b",
        "/..",     "/../etc/passwd", "/a/../b",      "/a/..",  "/./a",         "/%2e%2e/etc/passwd",
        "/%2E./x", "/..%2fetc",      "/a%2fb",       "/a%5cb", "/a\\..\\b",    "/a%00.html",
        "/a%0ab",  "/a%7f",          "/%",           "/%4",    "/%zz",         "/a%"}) {
    const auto path = relative_path(target);
    ASSERT_FALSE(path.ok()) << target;
    EXPECT_EQ(path.error().code, ErrorCode::http_malformed) << target;
  }
}

TEST(OriginForm, IsWhatFollowsTheHost) {
  EXPECT_EQ(origin_form("http://shop.example/sale?a=http://b/c"), "/sale?a=http://b/c");
  EXPECT_EQ(origin_form("HTTPS://user@shop.example:8443//a"), "//a");
  EXPECT_EQ(origin_form("http://shop.example"), "/");
  EXPECT_EQ(origin_form("http://shop.example?a"), "/?a");
  EXPECT_EQ(origin_form("http://"), "/");
  for (const char* target : {"", "/", "/http://a/b", "*", "shop.example:443", "http:/a", "ftp://a/b"}) EXPECT_EQ(origin_form(target), target);
}

TEST(RelativePath, HidesDotFiles) {
  for (const char* target : {"/.git/config", "/a/.env", "/%2egit", "/..."}) {
    const auto path = relative_path(target);
    ASSERT_FALSE(path.ok()) << target;
    EXPECT_EQ(path.error().code, ErrorCode::http_not_found) << target;
  }
}

TEST(FileCandidates, KnowCleanUrls) {
  using Names = std::vector<std::string>;
  EXPECT_EQ(file_candidates(""), (Names{"index.html"}));
  EXPECT_EQ(file_candidates("product/A1"), (Names{"product/A1", "product/A1.html", "product/A1/index.html"}));
  EXPECT_EQ(file_candidates("sale/"), (Names{"sale/index.html", "sale.html"}));
}

TEST(ContentType, FollowsTheExtension) {
  EXPECT_EQ(content_type("/a/wayline.wasm"), "application/wasm");
  EXPECT_EQ(content_type("shop.webmanifest"), "application/manifest+json");
  EXPECT_EQ(content_type("index.html"), "text/html; charset=utf-8");
  EXPECT_EQ(content_type("wayline.js"), "text/javascript; charset=utf-8");
  EXPECT_EQ(content_type("pack.wayline"), "application/octet-stream");
  EXPECT_EQ(content_type("README"), "application/octet-stream");
  EXPECT_EQ(content_type("/a.html/README"), "application/octet-stream");
}

TEST(CacheControl, RevalidatesCodeAndPages) {
  EXPECT_EQ(cache_control("index.html"), "no-cache");
  EXPECT_EQ(cache_control("wayline.wasm"), "no-cache");
  EXPECT_EQ(cache_control("pack.wayline"), "no-cache");
  EXPECT_EQ(cache_control("a.svg"), "public, max-age=600");
}

}  // namespace
}  // namespace wayline::collector
