// RFC 4180, and what real files do beside it.
#include "cli/csv.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "temporary_file.h"

namespace wayline::cli {
namespace {

using Rows = std::vector<std::vector<std::string>>;

struct Read {
  Rows rows;
  std::vector<std::size_t> lines;
  std::string error;
};

Read read(std::string_view text, char separator = ',') {
  const TemporaryFile file(text);
  CsvReader reader(file.open(), separator);
  Read result;
  for (;;) {
    const auto more = reader.next();
    if (!more.ok()) {
      EXPECT_EQ(more.error().code, ErrorCode::replay_bad_row);
      result.error = more.error().message.substr(file.path().size());
      return result;
    }
    if (!more.value()) return result;
    result.rows.emplace_back(reader.cells().begin(), reader.cells().end());
    result.lines.push_back(reader.line());
  }
}

TEST(CsvReader, SplitsCells) {
  EXPECT_EQ(read("a,b\nc,d\n").rows, (Rows{{"a", "b"}, {"c", "d"}}));
  EXPECT_EQ(read("a,,\n,\n").rows, (Rows{{"a", "", ""}, {"", ""}}));
  EXPECT_EQ(read("a;b,c", ';').rows, (Rows{{"a", "b,c"}}));
  EXPECT_EQ(read("").rows, Rows{});
}

TEST(CsvReader, TakesAnyLineEndAndSkipsEmptyLines) {
  EXPECT_EQ(read("a,b\r\nc,d\r\n").rows, (Rows{{"a", "b"}, {"c", "d"}}));
  EXPECT_EQ(read("\n\na\n\r\nb").rows, (Rows{{"a"}, {"b"}}));
}

TEST(CsvReader, UnquotesCells) {
  EXPECT_EQ(read("\"a\",\"b,c\"\n\"\",\"d\"\"e\"\"\"\n").rows, (Rows{{"a", "b,c"}, {"", "d\"e\""}}));
  EXPECT_EQ(read("\"a\nb\",c\nd,\"e\r\n\"\n").rows, (Rows{{"a\nb", "c"}, {"d", "e\r\n"}}));
}

TEST(CsvReader, SkipsAByteOrderMarkOnlyAtTheStart) {
  EXPECT_EQ(read("\xEF\xBB\xBF"
                 "a\n\xEF\xBB\xBF"
                 "b\n")
                .rows,
            (Rows{{"a"},
                  {"\xEF\xBB\xBF"
                   "b"}}));
  EXPECT_EQ(read("\xEF\xBB\xBF\"a,b\",c\n").rows, (Rows{{"a,b", "c"}}));
}

TEST(CsvReader, KnowsTheLineOnWhichARowBegins) {
  EXPECT_THAT(read("a\n\n\"b\nc\nd\"\ne\n").lines, testing::ElementsAre(1, 3, 6));
}

TEST(CsvReader, RefusesWhatIsNotCsvByLine) {
  EXPECT_EQ(read("a\n\"b\nc").error, ":2: a quoted cell is not closed");
  EXPECT_EQ(read("a\n\"b\"c\n").error, ":2: text follows a quoted cell");
  EXPECT_EQ(read("a\nb\"c\"\n").error, ":2: a quote stands inside a cell that is not quoted");
  EXPECT_EQ(read("a\ncaf\xC3\xA9\ncaf\xE9\n").error, ":3: the row is not UTF-8");
}

TEST(CsvReader, RefusesARowWithoutEnd) {
  EXPECT_EQ(read("a\n\"" + std::string(max_row_bytes * 2, 'x')).error,
            ":2: the row is longer than 1 MiB; is a quote not closed?");
}

TEST(CsvReader, ReadsAcrossItsBuffer) {
  std::string text;
  Rows expected;
  for (int i = 0; i < 50'000; ++i) {
    text += std::to_string(i) + ",\"x\"\"" + std::to_string(i) + "\n\",end\n";
    expected.push_back({std::to_string(i), "x\"" + std::to_string(i) + "\n", "end"});
  }
  const Read result = read(text);
  EXPECT_EQ(result.rows, expected);
  EXPECT_EQ(result.lines.back(), 2 * 49'999 + 1);
}

}  // namespace
}  // namespace wayline::cli
