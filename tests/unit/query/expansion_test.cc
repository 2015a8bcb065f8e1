// Expansions in a dense graph with loops and parallel relationships, where marks, counts and lists kept from batch to
// batch come into play, against the same statements with the optimiser off, and one row at a time.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "entente/entente.h"
#include "entente/query/exec/batch.h"

namespace entente {
namespace {

const char* const kStatements[] = {
    // triangles: marks for the node that many rows share
    "MATCH (a)-[:R]-(b)-[:R]-(c)-[:R]-(a) RETURN count(*)",
    "MATCH (a)-[r:R]->(b)-[s:R]->(c), (a)-[t:S]->(c) RETURN count(*), sum(id(r) + id(s) + id(t))",
    "MATCH (a:A) MATCH (b:B) MATCH (a)-[:R]->(b)-[:S]-(c:A)-[:R]-(a) RETURN id(a), count(c) ORDER BY id(a)",
    "MATCH (a)-[:R]->(b), (a)-[:S]->(c) WHERE NOT (b)-[:R]-(c) RETURN count(*)",
    "MATCH (a)-[:R]-(b)-[:R]-(c) WHERE NOT (a)-[:R]-(c) AND a <> c RETURN count(*)",
    "MATCH (a)-[:R]-(b)-[:R]-(c) WHERE NOT (a)-[:S]->(c) RETURN count(*)",
    "MATCH (a)-[:R]-(b)-[:R]-(c)-[:S]->(d) WHERE NOT (a)-[:S]-(c) AND NOT (b)<-[:R]-(d) AND a <> c RETURN count(*)",
    "MATCH (a)-[:R]-(b)-[:R]-(c) WHERE (c)-[:S]->(a) RETURN count(*)",
    "MATCH (a)-[:R]->(b)-[:R]-(c)-[:R]->(a) RETURN count(*)",
    "MATCH (a)-[:R|S]-(b)-[]-(c)-[:S|R]->(a) RETURN count(*)",
    "MATCH (a)-[:R]-(b)-[:R]-(a) RETURN count(*)",
    "MATCH (a)-[:R]-(b)-[:R]-(c)-[:R]-(d)-[:R]-(a) RETURN count(*)",
    "MATCH (a)-[:R]-(b)-[:R]-(c)-[:R]-(a), (a)-[:R]-(c) RETURN count(*)",
    "MATCH (a)-[:R]-(b)-[:R]-(c)-[:R]-(a) RETURN id(a), count(*) ORDER BY id(a)",
    "MATCH (a)-[:R]-(b)-[:R]-(c)-[:R]-(a) WITH a, b, count(*) AS n WHERE n > 1 RETURN sum(id(a) + n * id(b))",
    ("MATCH (k) MATCH (a)-[:S]->(x)-[:S]->(k) MATCH (b)-[:S]->(y)-[:S]->(k) MATCH (c)-[:S]->(z)-[:S]->(k) "
     "MATCH (a)-[:R]-(b)-[:R]-(c)-[:R]-(a) RETURN count(*)"),
    "MATCH (k:B)-[:R]-(c)-[:S]-(a)-[:R]-(b)-[:R]-(c) RETURN count(*)",
    "MATCH (a)<-[:R]-(b)<-[:S]-(c)-[:R]->(d) WHERE a <> d RETURN count(*)",
    "MATCH (a)<-[:R]-(b)<-[:S]-(c)-[:R]->(d) WHERE NOT (c)-[:R]->(a) AND a <> d RETURN count(*)",
    "MATCH (b)-[:R]->(a), (a)-[:S]-(c) WHERE (c)-[:R]-(b) RETURN count(*)",
    // only counted ends, and ends that are not to be some node
    "MATCH (a)-[:R]-(b)-[:R]-(c)-[:S]->(d) WHERE a <> c RETURN count(*)",
    "MATCH (x)<-[:R]-(a)-[:S]->(y), (a)-[:R|S]-(z) RETURN count(*)",
    "MATCH (a) OPTIONAL MATCH (a)-[:R]->(b) OPTIONAL MATCH (a)<-[:S]-(c) RETURN count(*)",
    // rows counted where an expansion ends
    "MATCH (a)-[:R]->(b:A)-[:S]->(c:B)-[:R]-(d)-[:S]->(e) RETURN count(*)",
    "MATCH (a:A)-[:R]-(b:A:B)-[:S]-(c) RETURN id(c), count(*) ORDER BY id(c)",
    "MATCH (a)-[]->(b)-[]->(c)-[]->(d) RETURN count(*)",
};

class ExpansionTest : public ::testing::Test {
 protected:
  ExpansionTest() {
    session_.run("UNWIND range(1, 24) AS i CREATE (:N)");
    session_.run("MATCH (n) WHERE id(n) % 2 = 0 SET n:A");
    session_.run("MATCH (n) WHERE id(n) % 3 = 0 SET n:B");
    Prepared link = session_.prepare("MATCH (a), (b) WHERE id(a) = $a AND id(b) = $b CREATE (a)-[:R]->(b)");
    Prepared other = session_.prepare("MATCH (a), (b) WHERE id(a) = $a AND id(b) = $b CREATE (a)-[:S]->(b)");
    std::uniform_int_distribution<int64_t> node(0, 23);
    for (int i = 0; i < 160; ++i) {
      session_.run(i % 3 == 0 ? other : link, {{"a", node(random_)}, {"b", node(random_) % (i % 5 == 0 ? 3 : 24)}});
    }
  }

  static std::string rows(Session& session, const std::string& statement) {
    std::string text;
    for (const Row& row : session.run(statement)) {
      for (const Value& value : row.values()) text += value.to_literal() + " ";
      text += "\n";
    }
    return text;
  }

  void compare(Session& session) {
    for (const char* statement : kStatements) {
      session.set_batch_size(kBatchSize);
      const std::string optimised = rows(session, statement);
      EXPECT_NE(optimised, "");
      for (const size_t batch_size : {size_t{1}, size_t{7}}) {
        session.set_batch_size(batch_size);
        EXPECT_EQ(rows(session, statement), optimised) << statement << " in batches of " << batch_size;
      }
      session.set_batch_size(kBatchSize);
      EXPECT_EQ(rows(plain_, statement), optimised) << statement << " without the optimiser";
    }
  }

  std::mt19937 random_{20240611};
  Database database_ = Database::in_memory();
  Session session_ = database_.session();
  Session plain_ = [this] {
    Session session = database_.session();
    session.disable_pass("all");
    return session;
  }();
};

TEST_F(ExpansionTest, FindTheSameWithAndWithoutTheOptimiser) { compare(session_); }

TEST_F(ExpansionTest, FindTheSameAfterChanges) {
  session_.run("MATCH (a)-[r]->(b) WHERE (id(a) + id(b)) % 7 = 0 DELETE r");
  session_.run("MATCH (n) WHERE id(n) = 5 DETACH DELETE n");
  session_.run("MATCH (a:A), (b:B) WHERE id(a) < 6 CREATE (a)-[:R]->(b)");
  compare(session_);
}

TEST_F(ExpansionTest, SeeWhatTheirOwnTransactionChanged) {
  const char* const triangles = "MATCH (a)-[:R]->(b)-[:R]->(c)-[:R]->(a) RETURN count(*)";
  const std::string before = rows(session_, triangles);
  session_.begin();
  session_.run("CREATE (a:T)-[:R]->(:T)-[:R]->(:T)-[:R]->(a)");
  const std::string within = rows(session_, triangles);
  EXPECT_NE(within, before);
  session_.run("MATCH (a:T)-[r:R]->() WITH r LIMIT 1 DELETE r");
  EXPECT_EQ(rows(session_, triangles), before);
  session_.rollback();
  EXPECT_EQ(rows(session_, triangles), before);
}

}  // namespace
}  // namespace entente
