// When there is something to tell about a statement, and when not; the texts are in tests/golden/errors.
#include <gtest/gtest.h>

#include <entente/query/entente.h>

namespace entente {
namespace {

/// The places of the notifications, as "code@line:column".
std::vector<std::string> told(const Result& result) {
  std::vector<std::string> all;
  for (const Notification& n : result.notifications()) {
    all.push_back(n.code.substr(n.code.rfind('.') + 1) + "@" + std::to_string(n.line) + ":" + std::to_string(n.column));
  }
  return all;
}

using Told = std::vector<std::string>;

class NotificationsTest : public testing::Test {
 protected:
  Database database_ = Database::in_memory();
  Session session_ = database_.session();

  Told run(const std::string& statement) { return told(session_.run(statement)); }
};

TEST_F(NotificationsTest, ACachedPlanFollowsTheGraph) {
  const std::string statement = "MATCH (n:Later) RETURN n";
  Prepared prepared = session_.prepare(statement);
  EXPECT_EQ(run(statement), Told{"UnknownLabelWarning@1:10"});
  EXPECT_EQ(told(session_.run(prepared)), Told{"UnknownLabelWarning@1:10"});
  session_.run("CREATE (:Later)");
  EXPECT_EQ(run(statement), Told{});
  EXPECT_EQ(told(session_.run(prepared)), Told{});
}

TEST_F(NotificationsTest, WhatATransactionMadeIsKnownInItAlone) {
  const std::string statement = "MATCH (n:Later) RETURN n";
  session_.begin();
  session_.run("CREATE (:Later)");
  EXPECT_EQ(run(statement), Told{});
  Session other = database_.session();
  EXPECT_EQ(told(other.run(statement)), Told{"UnknownLabelWarning@1:10"});
  session_.rollback();
  EXPECT_EQ(run(statement), Told{"UnknownLabelWarning@1:10"});
}

TEST_F(NotificationsTest, OneThatIsPreparedForAnotherDatabaseIsLookedAtAnew) {
  session_.run("CREATE (:Here)");
  Prepared prepared = session_.prepare("MATCH (n:Here) RETURN n");
  EXPECT_EQ(told(session_.run(prepared)), Told{});
  Database other = Database::in_memory();
  Session there = other.session();
  EXPECT_EQ(told(there.run(prepared)), Told{"UnknownLabelWarning@1:10"});
}

TEST_F(NotificationsTest, PlacesCountCodePointsAndLines) {
  const Result result = session_.run("// é\nWITH 'é' AS x MATCH (n:Nié) RETURN n");
  ASSERT_EQ(result.notifications().size(), 1u);
  const Notification& n = result.notifications()[0];
  EXPECT_EQ(n.line, 2u);
  EXPECT_EQ(n.column, 24u);
  EXPECT_EQ(n.offset, 28u);
}

TEST_F(NotificationsTest, AreOfPatternsEverywhere) {
  EXPECT_EQ(run("MATCH (n) WHERE EXISTS { (n)-[:R]->() } RETURN COUNT { MATCH (:L) }, [(n)-->(:K) | 1]"),
            (Told{"UnknownRelationshipTypeWarning@1:32", "UnknownLabelWarning@1:64", "UnknownLabelWarning@1:79"}));
  EXPECT_EQ(run("CALL { MATCH (:L) RETURN 1 AS x UNION MATCH (:K) RETURN 2 AS x } RETURN x"),
            (Told{"UnknownLabelWarning@1:16", "UnknownLabelWarning@1:47"}));
  EXPECT_EQ(run("MATCH ((:A)-[:B]->(:C) WHERE true){2} RETURN 1"),
            (Told{"UnknownLabelWarning@1:10", "UnknownRelationshipTypeWarning@1:15", "UnknownLabelWarning@1:21"}));
  EXPECT_EQ(run("MATCH (n) FOREACH (x IN [n.k] | SET n.j = x)"), Told{"UnknownPropertyKeyWarning@1:28"});
  EXPECT_EQ(
      run("MATCH (n) RETURN n.k < n.l < n.k ORDER BY n.m"),
      (Told{"UnknownPropertyKeyWarning@1:20", "UnknownPropertyKeyWarning@1:26", "UnknownPropertyKeyWarning@1:45"}));
}

TEST_F(NotificationsTest, AreNotOfWhatIsWrittenOrMayBeNoEntity) {
  EXPECT_EQ(run("CREATE (n:A {k: 1})-[:R]->(:B) SET n.l = 1, n:C RETURN n.k, n.l"), Told{});
  EXPECT_EQ(run("MERGE (n:D {k2: 1}) ON CREATE SET n.l2 = 1 RETURN n.k2, n.l2"), Told{});
  EXPECT_EQ(run("UNWIND [{a: 1}] AS m RETURN m.b, {a: 1}.c"), Told{});
  EXPECT_EQ(run("MATCH (n) SET n[toLower('Q')] = 1 RETURN n.q"), Told{});
  EXPECT_EQ(run("MATCH (n) SET n:$('E' + 'F') WITH n MATCH (m:EF) RETURN m"), Told{});
}

TEST_F(NotificationsTest, ProductsAreOfPartsThatNothingRelates) {
  session_.run("CREATE (:A {x: 1})-[:R]->(:A)");
  const Told product{"CartesianProduct@1:1"};
  EXPECT_EQ(run("MATCH (a), (b) RETURN 1"), product);
  EXPECT_EQ(run("MATCH (a)-->(b), (c)-->(d) RETURN 1"), product);
  EXPECT_EQ(run("MATCH (a), (b) WHERE a <> b RETURN 1"), product);
  EXPECT_EQ(run("OPTIONAL MATCH (a), (b) RETURN 1"), product);
  EXPECT_EQ(run("MATCH (a)-->(b), (b)-->(c) RETURN 1"), Told{});
  EXPECT_EQ(run("MATCH (a), (b) WHERE (a)-->(b) RETURN 1"), Told{});
  EXPECT_EQ(run("MATCH (a), (b) WHERE a.x = b.x RETURN 1"), Told{});
  EXPECT_EQ(run("MATCH (a), (b {x: a.x}) RETURN 1"), Told{});
  EXPECT_EQ(run("MATCH (a {x: 1}), (b) RETURN 1"), Told{});
  EXPECT_EQ(run("MATCH (a), (b) WHERE a.x IN [1, 2] RETURN 1"), Told{});
  EXPECT_EQ(run("MATCH (a) MATCH (b) RETURN 1"), Told{});
  EXPECT_EQ(run("MATCH (a) MATCH (a), (b) RETURN 1"), Told{});
  EXPECT_EQ(run("MATCH (a) WITH a AS c MATCH (c), (b) RETURN 1"), Told{});
}

TEST_F(NotificationsTest, TellWhereASchemaCommandHadNothingToDo) {
  EXPECT_EQ(run("CREATE INDEX i IF NOT EXISTS FOR (n:L) ON (n.k)"), Told{});
  EXPECT_EQ(run("CREATE INDEX i IF NOT EXISTS FOR (n:L) ON (n.k)"), Told{"IndexOrConstraintAlreadyExists@0:0"});
  EXPECT_EQ(run("DROP INDEX i IF EXISTS"), Told{});
  EXPECT_EQ(run("DROP INDEX i IF EXISTS"), Told{"IndexOrConstraintDoesNotExist@0:0"});
}

TEST_F(NotificationsTest, AreOfExplainToo) {
  EXPECT_EQ(run("EXPLAIN MATCH (n:L) RETURN n"), Told{"UnknownLabelWarning@1:18"});
}

}  // namespace
}  // namespace entente
