// Cycles whose way back is found for all rows at once, against those that are walked row by row.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "entente/query/entente.h"

namespace entente {
namespace {

using testing::HasSubstr;
using testing::Not;

class JoinCyclesTest : public testing::Test {
 protected:
  /// Persons like many messages, their own among them, some of them twice.
  JoinCyclesTest() {
    std::mt19937 random(1);
    const auto below = [&](uint32_t count) { return static_cast<int64_t>(random() % count); };
    List likes;
    for (int i = 0; i < 6'000; ++i) likes.emplace_back(List{below(30), below(200)});
    session_.run("UNWIND range(0, 29) AS i CREATE (:Person {i: i})").rows();
    session_.run("UNWIND range(0, 199) AS i MATCH (p:Person {i: i % 30}) CREATE (:Message {i: i})-[:BY]->(p)").rows();
    session_
        .run("UNWIND $likes AS l MATCH (p:Person {i: l[0]}), (m:Message {i: l[1]}) CREATE (p)-[:LIKES]->(m)",
             {{"likes", likes}})
        .rows();
    session_.run("MATCH (p:Person), (q:Person {i: p.i * 7 % 30}) CREATE (p)-[:KNOWS]->(q), (q)-[:LIKES]->(p)").rows();
  }

  std::string plan(const std::string& query) { return database_.session().run("EXPLAIN " + query).plan(); }

  std::vector<std::string> rows(const std::string& query, bool optimised) {
    Session session = database_.session();
    if (!optimised) session.disable_pass("all");
    std::vector<std::string> rows;
    for (const Row& row : session.run(query).rows()) {
      std::string text;
      for (const Value& value : row.values()) text += value.to_literal() + " ";
      rows.push_back(std::move(text));
    }
    return rows;
  }
  void expect_same(const std::string& query) {
    EXPECT_EQ(rows(query, true), rows(query, false)) << query << '\n' << plan(query);
  }

  Database database_ = Database::in_memory();
  Session session_ = database_.session();
};

TEST_F(JoinCyclesTest, CountWhatIsFoundRowByRow) {
  const std::string cycle = "MATCH (a:Person)-[:LIKES]->(m)-[:BY]->(b)-[:LIKES]->(n)-[:BY]->(a) ";
  for (const std::string& query :
       {cycle + "RETURN count(*)", cycle + "WHERE a <> b RETURN count(*)",
        cycle + "RETURN a.i AS a, count(*) AS n ORDER BY a",
        std::string("MATCH (a:Person)-[:LIKES]->(m)-[:BY]->(b) MATCH (b)-[:LIKES]->(n)-[:BY]->(a) RETURN count(*)")}) {
    EXPECT_THAT(plan(query), HasSubstr("Join ")) << query;
    expect_same(query);
  }
  EXPECT_THAT(plan(cycle + "RETURN count(*)"), HasSubstr("unless a = b"));
  expect_same(cycle + "WHERE a = b RETURN count(*)");
  expect_same(cycle + "WHERE a.i < 25 AND b.i > 3 RETURN count(*)");
  expect_same(cycle + "WHERE n.i > 30 AND n.i < 190 RETURN b.i AS b, count(*) AS n ORDER BY b");
}

TEST_F(JoinCyclesTest, LeaveWaysThatAreReadOrCannotBeToldApart) {
  for (const char* query :
       {"MATCH (a:Person)-[:LIKES]->(m)-[:BY]->(b)-[:LIKES]->(n)-[:BY]->(a) RETURN max(n.i + m.i)",
        "MATCH (a:Person)-[k:LIKES]->(m)-[:BY]->(b)-[l:LIKES]->(n)-[:BY]->(a) RETURN count(DISTINCT [k, l])",
        "MATCH (a:Person)-[:LIKES]->(m)<-[:LIKES]-(b)-[:LIKES]->(n)<-[:LIKES]-(a) WHERE a.i < 3 RETURN count(*)"}) {
    EXPECT_THAT(plan(query), Not(HasSubstr("Join "))) << query;
    expect_same(query);
  }
}

}  // namespace
}  // namespace entente
