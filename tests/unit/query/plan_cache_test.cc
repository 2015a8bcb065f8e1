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

}  // namespace
}  // namespace entente
