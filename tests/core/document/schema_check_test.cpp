// The schemas are data that the loader runs: every word in them must be one it knows, and lead somewhere.
#include "document/schema_check.h"

#include <gtest/gtest.h>

#include <functional>
#include <set>
#include <string>

#include "document/formats.h"
#include "document/pack.h"
#include "document/schemas.h"
#include "value/json.h"

namespace wayline::document {
namespace {

/// Keywords that constrain; each has a member of SchemaChecker behind it.
const std::set<std::string_view> enforced = {"$ref",
                                             "type",
                                             "const",
                                             "enum",
                                             "format",
                                             "minLength",
                                             "maxLength",
                                             "minimum",
                                             "exclusiveMinimum",
                                             "maximum",
                                             "minItems",
                                             "maxItems",
                                             "required",
                                             "dependentRequired",
                                             "minProperties",
                                             "maxProperties",
                                             "if",
                                             "then",
                                             "else",
                                             "allOf",
                                             "anyOf",
                                             "oneOf",
                                             "propertyNames",
                                             "properties",
                                             "additionalProperties",
                                             "items",
                                             "x-declares",
                                             "x-refers-to",
                                             "x-scope"};
/// Keywords for people and editors. `pattern` says to editors what `format` says here; schema.test.mjs compares the
/// two.
const std::set<std::string_view> descriptive = {"$schema",     "$id",     "$defs",  "title",
                                                "description", "default", "pattern", "examples"};

using Visitor = std::function<void(std::string_view home, const Value& schema)>;

/// Calls `visit` for each schema inside a schema, and for itself.
void each_schema(std::string_view home, const Value& schema, const Visitor& visit) {
  if (!schema.is_object()) return;
  visit(home, schema);
  for (const Member& keyword : schema.as_object()) {
    if (keyword.key == "properties" || keyword.key == "$defs") {
      for (const Member& member : keyword.value.as_object()) each_schema(home, member.value, visit);
    } else if (keyword.key == "allOf" || keyword.key == "anyOf" || keyword.key == "oneOf") {
      for (const Value& branch : keyword.value.as_list()) each_schema(home, branch, visit);
    } else if (keyword.key != "default" && keyword.key != "examples" && keyword.key != "const" && keyword.key != "dependentRequired") {
      each_schema(home, keyword.value, visit);
    }
  }
}

void each_schema(const Visitor& visit) {
  for (const Schema& schema : schemas()) each_schema(schema.name, schema_root(schema.name), visit);
}

TEST(Schemas, AllParse) {
  EXPECT_EQ(schemas().size(), 5u);
  for (const Schema& schema : schemas()) EXPECT_TRUE(schema_root(schema.name).is_object()) << schema.name;
  EXPECT_TRUE(schema_root("nothing").is_missing());
}

TEST(Schemas, UseOnlyKnownKeywords) {
  each_schema([](std::string_view home, const Value& schema) {
    for (const Member& keyword : schema.as_object()) {
      EXPECT_TRUE(enforced.contains(keyword.key) || descriptive.contains(keyword.key)) << home << ": " << keyword.key;
    }
  });
}

TEST(Schemas, HoldTheirExamples) {
  std::size_t count = 0;
  each_schema([&](std::string_view home, const Value& schema) {
    const Value examples = schema.get("examples");
    for (const Value& example : examples.is_list() ? examples.as_list() : std::span<const Value>()) {
      ++count;
      EXPECT_TRUE(SchemaChecker(SourceMap(), nullptr, nullptr).check(example, {home, schema})) << home << ": " << to_json(example);
    }
  });
  EXPECT_GT(count, 5u);
}

TEST(Schemas, LeadSomewhere) {
  std::size_t references = 0;
  each_schema([&](std::string_view home, const Value& schema) {
    if (const Value reference = schema.get("$ref"); reference.is_string()) {
      ++references;
      EXPECT_TRUE(resolve_reference(home, reference.as_string()).schema->is_object())
          << home << ": " << reference.as_string();
    }
    if (const Value format = schema.get("format"); format.is_string()) {
      EXPECT_NE(find_format(format.as_string()), nullptr) << format.as_string();
    }
    for (std::string_view keyword : {"x-declares", "x-refers-to", "x-scope"}) {
      const Value kind = schema.get(keyword);
      EXPECT_TRUE(!kind.is_string() || name_kind(kind.as_string())) << to_json(kind);
    }
  });
  EXPECT_GT(references, 100u);
}

TEST(Schemas, DescribeEveryKey) {
  each_schema([](std::string_view home, const Value& schema) {
    const Value properties = schema.get("properties");
    const bool is_condition = schema.get("required").is_list() && !schema.get("additionalProperties").is_boolean() &&
                              !schema.get("type").is_string();
    if (!properties.is_object() || is_condition) return;
    for (const Member& property : properties.as_object()) {
      const Value reference = property.value.get("$ref");
      const Value& target =
          reference.is_string() ? *resolve_reference(home, reference.as_string()).schema : property.value;
      EXPECT_TRUE(property.value.get("description").is_string() || target.get("description").is_string())
          << home << ": " << property.key;
    }
  });
}

/// Defaults are said in the schemas and held in pack.h; this is where they meet.
TEST(Schemas, SayTheDefaultsThatPackHas) {
  const auto default_of = [](std::string_view home, std::string_view definition, std::string_view key) {
    const Value& root = schema_root(home);
    const Value schema = definition.empty() ? root : root.get("$defs").get(definition);
    return to_json(schema.get("properties").get(key).get("default"));
  };
  const Site site;
  const Experience experience;
  const Journey journey;
  const Exit exit;
  EXPECT_EQ(default_of("site", "", "timezone"), "\"" + site.time_zone + "\"");
  EXPECT_EQ(default_of("site", "", "retention"), "\"90d\"");
  EXPECT_EQ(site.retention, 90 * day);
  EXPECT_EQ(
      to_json(schema_root("site").get("properties").get("session").get("properties").get("timeout").get("default")),
      "\"30m\"");
  EXPECT_EQ(site.session_timeout, 30 * minute);
  EXPECT_EQ(default_of("site", "", "holdout"), "0");
  EXPECT_EQ(site.holdout, 0);
  EXPECT_EQ(default_of("common", "experience", "status"), "\"" + experience.status + "\"");
  EXPECT_EQ(default_of("common", "experience", "coverage"), "1");
  EXPECT_EQ(experience.coverage, 1);
  EXPECT_EQ(default_of("common", "experience", "version"), std::to_string(experience.version));
  EXPECT_EQ(default_of("common", "variant", "weight"), "1");
  EXPECT_EQ(Variant().weight, 1);
  EXPECT_EQ(default_of("site", "signal", "add"), "1");
  EXPECT_EQ(Signal().add, 1);
  EXPECT_EQ(default_of("journey", "", "status"), "\"" + journey.status + "\"");
  EXPECT_EQ(default_of("journey", "", "version"), std::to_string(journey.version));
  EXPECT_EQ(to_json(schema_root("journey")
                        .get("properties")
                        .get("exit")
                        .get("items")
                        .get("properties")
                        .get("outcome")
                        .get("default")),
            "\"" + exit.outcome + "\"");
  EXPECT_EQ(to_json(schema_root("journey").get("properties").get("goal").get("properties").get("ends").get("default")),
            "true");
  EXPECT_TRUE(JourneyGoal().ends);
}

}  // namespace
}  // namespace wayline::document
