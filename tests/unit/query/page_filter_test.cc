// Scans that leave out pages against the same scans with a condition that tells nothing of pages.
#include <random>
#include <sstream>

#include <gtest/gtest.h>

#include "entente/core/column.h"
#include "entente/query/entente.h"

namespace entente {
namespace {

class PageFilterTest : public testing::Test {
 protected:
  static constexpr uint32_t kPages = 6;

  /// In page p numbers about 100 p, days about 100 p, and words of that page.
  PageFilterTest() {
    database_.bulk_load([this](Transaction& transaction) {
      const LabelId label = transaction.label("N");
      const uint32_t count = kPages * kColumnPageSize;
      const NodeId first = transaction.bulk_nodes(std::span(&label, 1), count);
      std::vector<Value> numbers, reals, days, words, flags, mixed;
      for (uint32_t i = 0; i < count; ++i) {
        const int64_t page = i / kColumnPageSize;
        numbers.push_back(page * 100 + static_cast<int64_t>(random_() % 50));
        reals.push_back(static_cast<double>(page) + 0.25);
        days.push_back(Date{page * 100 + static_cast<int64_t>(random_() % 50)});
        words.push_back("word " + std::to_string(page * 10 + random_() % 5));
        flags.push_back(page < 3);
        mixed.push_back(random_() % 2 == 0 ? Value(page) : Value("text"));
        if (random_() % 10 == 0) numbers.back() = Value();
      }
      const auto set = [&](const char* key, const std::vector<Value>& values) {
        transaction.bulk_property(first, transaction.key(key), values);
      };
      set("number", numbers);
      set("real", reals);
      set("day", days);
      set("word", words);
      set("flag", flags);
      set("mixed", mixed);
    });
  }

  /// How many rows leave the scan of a statement.
  int64_t scanned(const std::string& statement) {
    Result result = session_.run("PROFILE " + statement);
    result.rows();
    std::istringstream lines(result.plan());
    for (std::string line; std::getline(lines, line);) {
      if (line.find("NodeScan") == std::string::npos) continue;
      std::istringstream words(line);
      std::vector<std::string> all;
      for (std::string word; words >> word;) all.push_back(word);
      return std::stol(all[all.size() - 4]);
    }
    return -1;
  }

  int64_t count(const std::string& match) {
    return session_.run(match + " RETURN count(n) AS c").rows()[0]["c"].as_integer();
  }

  void check(const std::string& condition) {
    EXPECT_EQ(count("MATCH (n:N) WHERE " + condition), count("MATCH (n:N) WHERE (" + condition + ") = true"))
        << condition;
    EXPECT_EQ(count("MATCH (n) WHERE " + condition), count("MATCH (n) WHERE (" + condition + ") = true")) << condition;
  }

  std::mt19937 random_{7};
  Database database_ = Database::in_memory();
  Session session_ = database_.session();
};

TEST_F(PageFilterTest, PagesAreLeftOut) {
  const auto pages = [&](const std::string& condition) {
    return scanned("MATCH (n:N) WHERE " + condition + " RETURN n.number") / kColumnPageSize;
  };
  EXPECT_EQ(pages("n.number >= 420"), 2);
  EXPECT_EQ(pages("n.number < 50"), 1);
  EXPECT_EQ(pages("200 <= n.number AND n.number < 400.5"), 3);
  EXPECT_EQ(pages("n.number = 75"), 0);
  EXPECT_EQ(pages("n.number IN [10, 510]"), 2);
  EXPECT_EQ(pages("n.day > date('1970-01-01') + duration({days: 480})"), 1);
  EXPECT_EQ(pages("n.real > 4"), 2);
  EXPECT_EQ(pages("n.word = 'word 32'"), 1);
  EXPECT_EQ(pages("n.word IN ['word 32', 'word 1', 'word 99']"), 2);
  EXPECT_EQ(pages("n.word STARTS WITH 'word 4'"), 2);  // 'word 4' is of the first page
  EXPECT_EQ(pages("n.flag = false"), 3);
  EXPECT_EQ(pages("n.nothing = 1"), 0);
  EXPECT_EQ(pages("n.number = null"), 0);
  EXPECT_EQ(pages("n.number > 'text'"), 0);
  EXPECT_EQ(pages("n.mixed = 1"), 6);
  EXPECT_EQ(pages("n.number <> 1"), 6);
  EXPECT_EQ(pages("n.word STARTS WITH 'word 3' AND n.number > 60"), 1);
}

TEST_F(PageFilterTest, NoErrorIsLeftOut) {
  EXPECT_EQ(scanned("MATCH (n:N) WHERE 1 / (n.number + 1) < 1 AND n.number > 1000 RETURN n"), kPages * kColumnPageSize);
  EXPECT_THROW(session_.run("MATCH (n:N) WHERE 1 / 0 > n.number AND n.number > 1000 RETURN n").rows(), Error);
  EXPECT_THROW(session_.run("MATCH (n:N) WHERE n.number IN $x RETURN n", {{"x", 1}}).rows(), Error);
  EXPECT_THROW(session_.run("MATCH (n:N) WHERE n.day > date($x) RETURN n", {{"x", "no date"}}).rows(), Error);
}

TEST_F(PageFilterTest, AgreesAsValuesChange) {
  const char* conditions[] = {"n.number >= 420",
                              "n.number = 75",
                              "n.number IN [10, 75, 510]",
                              "n.real > 4",
                              "n.word = 'word 32'",
                              "n.flag",
                              "n.day < date('1970-03-01')",
                              "n.word STARTS WITH 'w'",
                              "n.mixed = 1",
                              "n.number < 5 AND n.word = 'new'"};
  for (int round = 0; round < 4; ++round) {
    for (const char* condition : conditions) check(condition);
    const int64_t step = static_cast<int64_t>(40 + random_() % 4'000);
    const Map parameters{{"from", static_cast<int64_t>(random_() % 4'096)}, {"step", step}};
    session_.run("UNWIND range($from, 24000, $step) AS i MATCH (n) WHERE id(n) = i SET n.number = 75, n.word = 'new'",
                 parameters);
    session_.run("UNWIND range($from + 1, 24000, $step) AS i MATCH (n) WHERE id(n) = i REMOVE n.number, n.real",
                 parameters);
    session_.run("UNWIND range($from + 2, 24000, $step) AS i MATCH (n) WHERE id(n) = i DELETE n", parameters);
  }
}

TEST_F(PageFilterTest, EachRowHandedInScansAnew) {
  EXPECT_EQ(count("UNWIND [1, 2, 3] AS x MATCH (n:N) WHERE n.number >= 420"),
            3 * count("MATCH (n:N) WHERE n.number >= 420"));
  session_.set_batch_size(7);
  EXPECT_EQ(count("UNWIND [1, 2, 3] AS x MATCH (n:N) WHERE n.number >= 420"),
            3 * count("MATCH (n:N) WHERE n.number >= 420"));
}

}  // namespace
}  // namespace entente
