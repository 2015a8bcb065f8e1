#include <gtest/gtest.h>

#include "entente/query/entente.h"

namespace entente {
namespace {

int64_t count(Session& session, const std::string& statement) {
  return session.run(statement).rows().at(0)[0].as_integer();
}

// A plan that rests on where relationships end is made anew when that is no longer so.

const char* const kFriends = "MATCH (:A)-[:KNOWS]->(b:B) RETURN count(*)";

TEST(PlanCache, LooksAgainAtWhatAPlanRestsOn) {
  Database database = Database::in_memory();
  Session session = database.session();
  session.run("UNWIND range(1, 50) AS i CREATE (:A)-[:KNOWS]->(:B)");
  Prepared prepared = session.prepare(kFriends);
  EXPECT_EQ(count(session, kFriends), 50);
  session.run("MATCH (a:A) WITH a LIMIT 1 CREATE (a)-[:KNOWS]->(:C)");
  EXPECT_EQ(count(session, kFriends), 50);
  EXPECT_EQ(session.run(prepared).rows().at(0)[0].as_integer(), 50);
  session.run("MATCH (b:B) WITH b LIMIT 1 REMOVE b:B");
  EXPECT_EQ(count(session, kFriends), 49);
  EXPECT_EQ(session.run(prepared).rows().at(0)[0].as_integer(), 49);
}

TEST(PlanCache, LooksAtTheTransactionsOwnChanges) {
  Database database = Database::in_memory();
  Session session = database.session();
  session.run("UNWIND range(1, 50) AS i CREATE (:A)-[:KNOWS]->(:B)");
  EXPECT_EQ(count(session, kFriends), 50);
  session.begin();
  session.run("MATCH (a:A) WITH a LIMIT 1 CREATE (a)-[:KNOWS]->(:C)");
  EXPECT_EQ(count(session, kFriends), 50);
  session.run("MATCH (b:B) WITH b LIMIT 2 REMOVE b:B");
  EXPECT_EQ(count(session, kFriends), 48);
  session.rollback();
  EXPECT_EQ(count(session, kFriends), 50);
}

TEST(PlanCache, AStatementThatWritesRestsOnNothing) {
  Database database = Database::in_memory();
  Session session = database.session();
  session.run("UNWIND range(1, 50) AS i CREATE (:A)-[:KNOWS]->(:B)");
  EXPECT_EQ(count(session,
                  "MATCH (a:A) WITH a LIMIT 1 CREATE (a)-[:KNOWS]->(:C) WITH count(*) AS c "
                  "MATCH (:A)-[:KNOWS]->(b:B) RETURN count(*)"),
            50);
}

TEST(PlanCache, APreparedStatementIsPreparedAnewForAnotherDatabase) {
  const auto make = [](const std::string& end) {
    Database database = Database::in_memory();
    Session session = database.session();
    session.run("UNWIND range(1, 50) AS i CREATE (:A)-[:KNOWS]->(:" + end + ")");
    return database;
  };
  Database one = make("B");
  Database other = make("C");
  Session session = one.session();
  Prepared prepared = session.prepare(kFriends);
  EXPECT_EQ(session.run(prepared).rows().at(0)[0].as_integer(), 50);
  Session second = other.session();
  EXPECT_EQ(second.run(prepared).rows().at(0)[0].as_integer(), 0);
  EXPECT_EQ(session.run(prepared).rows().at(0)[0].as_integer(), 50);
}

TEST(PreparedStatementTest, TakesParametersInAnyOrder) {
  Database database = Database::in_memory();
  Session session = database.session();
  Prepared prepared = session.prepare("RETURN $a AS a, $b AS b, $c AS c");
  const Row row = session.run(prepared, {{"c", 3}, {"a", 0}, {"b", 2}, {"a", 1}}).rows().at(0);
  EXPECT_EQ(row["a"].as_integer(), 1);
  EXPECT_EQ(row["b"].as_integer(), 2);
  EXPECT_EQ(row["c"].as_integer(), 3);
}

TEST(PreparedStatementTest, AllClocksOfAStatementAgree) {
  Database database = Database::in_memory();
  Session session = database.session();
  Prepared prepared =
      session.prepare("UNWIND [1, 2] AS x RETURN x, datetime.statement() AS s, datetime.transaction() AS t");
  const auto clocks = [&] {
    std::vector<Value> all;
    for (const Row& row : session.run(prepared).rows()) all.insert(all.end(), {row["s"], row["t"]});
    return all;
  };
  const std::vector<Value> first = clocks();
  for (const Value& value : first) EXPECT_TRUE(Value::equivalent(value, first[0]));
  session.begin();
  const std::vector<Value> second = clocks();
  EXPECT_TRUE(Value::less(first[0], second[0]) == true) << "each statement has a time of its own";
  EXPECT_TRUE(Value::equivalent(clocks()[1], second[1])) << "a transaction has one";
  EXPECT_FALSE(Value::equivalent(clocks()[0], second[0]));
}

TEST(PreparedStatementTest, RandomNumbersDifferFromRunToRun) {
  Database database = Database::in_memory();
  Session session = database.session();
  Prepared prepared = session.prepare("UNWIND [1, 2] AS x RETURN rand() AS r");
  const auto first = session.run(prepared).rows();
  const auto second = session.run(prepared).rows();
  EXPECT_NE(first[0]["r"].as_float(), first[1]["r"].as_float());
  EXPECT_NE(first[0]["r"].as_float(), second[0]["r"].as_float());
}

}  // namespace
}  // namespace entente
