// Rows that go to disk: what comes back, and sorts that hold more than their budget leaves them.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <limits>

#include "entente/entente.h"
#include "entente/query/exec/spill_file.h"

namespace entente {
namespace {

std::string error_code(const std::function<void()>& run) {
  try {
    run();
  } catch (const Error& error) {
    return error.code();
  }
  return "none";
}

TEST(SpillFile, GivesBackWhatWasWritten) {
  ExecContext context;
  SpillFile file(context);
  const std::vector<Value> values = {Value(),
                                     Value(true),
                                     Value(std::numeric_limits<int64_t>::min()),
                                     Value(-0.0),
                                     Value(std::nan("")),
                                     Value(std::string("a\0b", 3)),
                                     Value(List{Value(1), Value(List{Value("x"), Value()})}),
                                     Value::map({{"a", Value(1)}, {"b", Value(List{})}}),
                                     Value(NodeId(7)),
                                     Value(RelId(8)),
                                     Value::path({Value(NodeId(1)), Value(RelId(2)), Value(NodeId(3))}),
                                     evaluate_expression("date('-0044-03-15')"),
                                     evaluate_expression("localtime('23:59:59.999999999')"),
                                     evaluate_expression("time('10:00-18:00')"),
                                     evaluate_expression("localdatetime('2023-05-19T17:45')"),
                                     evaluate_expression("datetime('2023-05-19T17:45[Asia/Tokyo]')"),
                                     evaluate_expression("duration('P-1Y2M-3DT4H-0.000000001S')")};
  const size_t count = values.size();
  Batch rows(9);
  rows.rows = count;
  rows.multiplicity.assign(count, 2);
  rows.multiplicity[1] = uint64_t{1} << 40;
  rows.set(0, Vector::from_values(values));
  rows.set(2, Vector::constant(Value("same"), count));
  VectorBuilder integers(count), nodes(count), floats(count), booleans(count);
  for (size_t i = 0; i < count; ++i) {
    i % 3 == 0 ? integers.add_null() : integers.add_integer(static_cast<int64_t>(i) - 5);
    nodes.add_id(VectorType::Node, i == 4 ? NodeId::kNone : static_cast<uint32_t>(i));
    floats.add_float(static_cast<double>(i) / 3);
    booleans.add_boolean(i % 2 == 0);
  }
  rows.set(3, integers.finish());
  rows.set(4, nodes.finish());
  rows.set(5, floats.finish());
  rows.set(8, booleans.finish());
  auto reversed = std::make_shared<Selection>();
  for (size_t i = count; i-- > 0;) reversed->push_back(static_cast<uint32_t>(i));
  const SpillFile::Block first = file.write(rows);
  const SpillFile::Block second = file.write(rows.select(reversed));
  for (const bool backwards : {true, false}) {
    const Batch back = file.read(backwards ? second : first);
    ASSERT_EQ(back.rows, count);
    EXPECT_EQ(back.columns.size(), rows.columns.size());
    EXPECT_EQ(back.columns.present(), rows.columns.present());
    for (size_t i = 0; i < count; ++i) {
      const size_t from = backwards ? count - 1 - i : i;
      EXPECT_EQ(back.times(i), rows.times(from));
      for (const auto& [var, column] : rows.columns) {
        EXPECT_TRUE(Value::equivalent(back.get(var, i), rows.get(var, from))) << var << ' ' << i;
      }
    }
  }
}

TEST(SpillFile, SaysWhereItCannotWrite) {
  ExecContext context;
  context.temporary_folder = "/nowhere";
  EXPECT_EQ(error_code([&] { SpillFile file(context); }), "ResourceError.SpillFailed");
}

/// Statements under a memory limit and without one.
class SpillingSort : public testing::Test {
 protected:
  SpillingSort() {
    Session session = database_.session();
    session.run("UNWIND range(1, 60000) AS i CREATE (:N {i: i, k: i * 7919 % 60013, s: 'text ' + (i * 31 % 977)})");
  }
  std::vector<std::string> rows(const std::string& statement, size_t limit) {
    Session session = database_.session();
    session.set_memory_limit(limit);
    std::vector<std::string> out;
    for (const Row& row : session.run(statement)) {
      std::string text;
      for (const Value& value : row.values()) text += value.to_literal() + '|';
      out.push_back(std::move(text));
    }
    return out;
  }

  Database database_ = Database::in_memory();
};

TEST_F(SpillingSort, GivesTheSameRowsInTheSameOrder) {
  for (const char* statement : {
           "MATCH (n:N) RETURN n.k AS k ORDER BY k",
           "MATCH (n:N) RETURN n.k AS k, n.s AS s ORDER BY s DESC, k",
           "MATCH (n:N) RETURN n.i AS i ORDER BY n.s",  // ties stay as they come
           "MATCH (n:N) RETURN id(n) AS id, [n.k, n.s] AS list ORDER BY list DESC",
           "MATCH (n:N) RETURN n.i AS i ORDER BY CASE n.i % 5 WHEN 0 THEN null WHEN 1 THEN n.s WHEN 2 THEN n.k / 2.0 "
           "ELSE n.k END, i DESC",
           "MATCH (n:N) WITH n ORDER BY n.k DESC RETURN n.i",
           "MATCH (n:N) RETURN n.k AS k ORDER BY k LIMIT 1500000",
           "MATCH (n:N) RETURN n.k AS k ORDER BY k SKIP 59990",
       }) {
    SCOPED_TRACE(statement);
    const std::vector<std::string> expected = rows(statement, 0);
    ASSERT_FALSE(expected.empty());
    std::vector<std::string> spilled;
    ASSERT_NO_THROW(spilled = rows(statement, 2'000'000));
    EXPECT_TRUE(spilled == expected);
  }
}

TEST_F(SpillingSort, MergesMoreRunsThanItReadsAtATime) {
  const char* statement = "UNWIND range(1, 400000) AS i RETURN i * 7919 % 500009 % 1000 AS k, i ORDER BY k";
  const std::vector<std::string> expected = rows(statement, 0);
  EXPECT_EQ(rows(statement, 600'000), expected);
}

TEST_F(SpillingSort, GroupsAndDistinctRowsTooGoToDisk) {
  for (const char* statement : {
           "MATCH (n:N) RETURN n.k AS k, count(*) AS c",
           "UNWIND [1, 2] AS x MATCH (n:N) RETURN n.k % 20011 AS k, n.s AS s, sum(n.i), min(n.k), avg(x), count(n)",
           "MATCH (n:N) RETURN n.s + (n.i % 40) AS s, collect(n.i) AS l",  // in order of the input
           "MATCH (n:N) RETURN [n.k % 30000, null] AS l, count(DISTINCT n.s) AS c",
           "MATCH (n:N) RETURN CASE n.i % 3 WHEN 0 THEN n.k WHEN 1 THEN 'k' + n.k END AS k, max(n.i)",
           "MATCH (n:N) RETURN DISTINCT n.k % 50000 AS k",
           "MATCH (n:N) WITH DISTINCT n, n.s AS s RETURN id(n), s",
           "UNWIND range(1, 3) AS x MATCH (n:N) RETURN DISTINCT n.i, n.s",
           "UNWIND [1, 2] AS x CALL (x) { MATCH (n:N) RETURN n.k % 40000 AS k, count(*) AS c } RETURN x, k, c",
           "MATCH (n:N) RETURN n.k AS k UNION MATCH (n:N) RETURN n.i AS k",
       }) {
    SCOPED_TRACE(statement);
    std::vector<std::string> expected = rows(statement, 0);
    std::sort(expected.begin(), expected.end());
    std::vector<std::string> spilled;
    ASSERT_NO_THROW(spilled = rows(statement, 3'000'000));
    std::sort(spilled.begin(), spilled.end());
    EXPECT_TRUE(spilled == expected) << spilled.size() << " rows, not " << expected.size() << " or others";
  }
}

TEST_F(SpillingSort, LeavesNoFileAndSaysWhatFails) {
  const auto folder = std::filesystem::temp_directory_path() / ("entente_spill_test_" + std::to_string(getpid()));
  std::filesystem::create_directories(folder);
  DatabaseOptions options;
  options.temporary_folder = folder;
  options.memory_limit = 2'000'000;
  Database database = Database::in_memory(options);
  Session session = database.session();
  Result result = session.run("UNWIND range(1, 500000) AS i RETURN i * 7919 % 500009 AS k ORDER BY k");
  Row row;
  for (int64_t last = -1; result.next(row); last = row[0].as_integer()) ASSERT_LT(last, row[0].as_integer());
  EXPECT_TRUE(std::filesystem::is_empty(folder));
  std::filesystem::remove_all(folder);
  EXPECT_EQ(error_code([&] { session.run("UNWIND range(1, 500000) AS i RETURN i ORDER BY -i").rows(); }),
            "ResourceError.SpillFailed");
}

TEST_F(SpillingSort, AResultHasAsManyRowsAsItMayAtMost) {
  Session session = database_.session();
  session.set_max_result_rows(10);
  EXPECT_EQ(session.run("UNWIND range(1, 10) AS i RETURN i").rows().size(), 10u);
  EXPECT_EQ(error_code([&] { session.run("UNWIND range(1, 11) AS i RETURN i").rows(); }), "ResourceError.ResultLimit");
  EXPECT_EQ(error_code([&] { session.run("UNWIND range(1, 11) AS i CREATE (x:X) RETURN i"); }),
            "ResourceError.ResultLimit");
  EXPECT_EQ(session.run("MATCH (x:X) RETURN count(x)").rows()[0][0].as_integer(), 0);
}

}  // namespace
}  // namespace entente
