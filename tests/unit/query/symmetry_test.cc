// Symmetric patterns: which variables can change places, and counts that find one order only against those that find
// all.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "entente/query/entente.h"
#include "entente/query/plan/symmetry.h"

namespace entente {
namespace {

using testing::HasSubstr;
using testing::Not;

// ---- the search ----

Condition joined(VarId a, VarId b, VarId rel) { return {"joined", {a, b, rel}, true}; }
Condition leads(VarId a, VarId b, VarId rel) { return {"leads", {a, b, rel}}; }

TEST(PatternSymmetryTest, OthersFollow) {
  PatternSymmetry triangle({joined(0, 1, 10),
                            joined(1, 2, 11),
                            joined(2, 0, 12),
                            leads(0, 3, 13),
                            leads(1, 4, 14),
                            leads(2, 5, 15),
                            {"differ", {10, 11}, true},
                            {"differ", {12, 10}, true},
                            {"differ", {11, 12}, true}});
  EXPECT_TRUE(triangle.can_exchange(0, 1, {2}));
  EXPECT_TRUE(triangle.can_exchange(1, 2, {0}));
  EXPECT_TRUE(triangle.can_exchange(3, 5, {}));
  EXPECT_FALSE(triangle.can_exchange(0, 1, {3})) << "what hangs on it must follow";
  EXPECT_FALSE(triangle.can_exchange(0, 3, {}));
}

TEST(PatternSymmetryTest, DirectionKindAndNumberMatter) {
  PatternSymmetry round({leads(0, 1, 10), leads(1, 2, 11), leads(2, 0, 12)});
  EXPECT_FALSE(round.can_exchange(0, 1, {2})) << "a cycle can be turned, not mirrored";
  PatternSymmetry labelled({joined(0, 1, 10), joined(1, 2, 11), joined(2, 0, 12), {"A", {0}}});
  EXPECT_FALSE(labelled.can_exchange(0, 1, {2}));
  EXPECT_TRUE(labelled.can_exchange(1, 2, {0}));
  PatternSymmetry twice({joined(0, 1, 10), joined(1, 2, 11), joined(2, 0, 12), joined(0, 1, 13)});
  EXPECT_TRUE(twice.can_exchange(0, 1, {2}));
  EXPECT_FALSE(twice.can_exchange(1, 2, {0}));
}

TEST(PatternSymmetryTest, GivesUpOnManyThatAreAlike) {
  std::vector<Condition> conditions;
  for (VarId i = 0; i < 40; ++i) conditions.push_back({"any", {i, 100 + i}});
  conditions.push_back({"odd", {100}});
  PatternSymmetry symmetry(std::move(conditions));
  EXPECT_FALSE(symmetry.can_exchange(0, 1, {}));
}

// ---- the pass ----

class BreakSymmetryTest : public testing::Test {
 protected:
  void fill(uint32_t seed, int nodes, int rels) {
    std::mt19937 random(seed);
    const auto any = [&] { return std::to_string(random() % static_cast<uint32_t>(nodes)); };
    session_.run("MATCH (n) DETACH DELETE n").rows();
    for (int i = 0; i < nodes; ++i) {
      session_
          .run("CREATE (:Node" + std::string(random() % 3 == 0 ? ":Red" : "") + " {i: " + std::to_string(i) +
               ", k: " + std::to_string(random() % 3) + "})")
          .rows();
    }
    for (int i = 0; i < rels; ++i) {
      const std::string type = random() % 3 == 0 ? "S" : "R";
      session_.run("MATCH (a {i: " + any() + "}), (b {i: " + any() + "}) CREATE (a)-[:" + type + "]->(b)").rows();
    }
    for (int i = 0; i < nodes; ++i) {
      session_
          .run("MATCH (a {i: " + std::to_string(i) + "}) MERGE (p:Place {i: " + std::to_string(random() % 4) +
               "}) CREATE (a)-[:IN]->(p)")
          .rows();
    }
  }

  std::vector<std::string> rows(const std::string& statement, const std::vector<std::string>& without = {}) {
    Session session = database_.session();
    for (const std::string& pass : without) session.disable_pass(pass);
    std::vector<std::string> rows;
    for (const Row& row : session.run(statement).rows()) {
      std::string text;
      for (const Value& value : row.values()) text += value.to_literal() + " ";
      rows.push_back(std::move(text));
    }
    std::sort(rows.begin(), rows.end());
    return rows;
  }

  std::string plan(const std::string& statement) { return database_.session().run("EXPLAIN " + statement).plan(); }

  Database database_ = Database::in_memory();
  Session session_ = database_.session();
};

const char* const kSymmetric[] = {
    "MATCH (a)-[:R]-(b)-[:R]-(c)-[:R]-(a) WHERE a.k > 0 AND b.k > 0 AND c.k > 0 RETURN count(*)",
    "MATCH (a)-[:R]-(b)-[:R]-(c)-[:R]-(a) RETURN count(*)",
    "MATCH (a)-[:R|S]-(b)-[:S|R]-(c)-[:R|S]-(a) RETURN count(*)",
    "MATCH (a:Red)-[:R]-(b:Red)-[:R]-(c:Red)-[:R]-(a) RETURN count(*)",
    "MATCH (a:Red)-[:R]-(b)-[:R]-(c)-[:R]-(a) RETURN a.k, count(*)",
    "MATCH (a)-[:R]-(b)-[:R]-(c)-[:R]-(a) WHERE a <> b AND c <> b AND a <> c RETURN count(*)",
    "MATCH (a)-[:R]-(b) MATCH (b)-[:R]-(c) MATCH (c)-[:R]-(a) RETURN count(*)",
    "MATCH (a)-[:R]-(b)-[:R]-(c)-[:R]-(a), (a)-[:R]-(d), (b)-[:R]-(d), (c)-[:R]-(d) RETURN count(*)",
    "MATCH (a)-[:R]-(b)-[:R]-(c)-[:R]-(a), (a)-[:IN]->(p), (b)-[:IN]->(p), (c)-[:IN]->(p) RETURN count(*)",
    "MATCH (a)-[:R]-(b)-[:R]-(c)-[:R]-(a), (a)-[:IN]->(p), (b)-[:IN]->(p), (c)-[:IN]->(p) RETURN p.i, count(*)",
    "MATCH (a)-[:R]-(b)-[:R]-(c)-[:R]-(a), (a)-[:S]->(), (b)-[:S]->(), (c)-[:S]->() RETURN count(*)",
    "MATCH (a)-[:R]-(b), (a)-[:S]->(c)<-[:S]-(b) RETURN count(*)",
    "MATCH (a)-[:R]-(b), (a)-[:S]->(c)<-[:S]-(b) RETURN c.k, count(*) AS n, count(c) AS m",
    "UNWIND [0, 1] AS k MATCH (a {k: k})-[:R]-(b {k: k})-[:R]-(c {k: k})-[:R]-(a) RETURN k, count(*)",
    "MATCH (a:Red) OPTIONAL MATCH (a)-[:S]->(x) WITH a, x MATCH (a)-[:R]-(b)-[:R]-(c)-[:R]-(a) RETURN x.i, count(*)",
};

const char* const kOthers[] = {
    "MATCH (a)-[:R]-(b)-[:R]-(c)-[:R]-(a) WHERE a.k + b.k > 1 AND b.k + c.k > 1 AND c.k + a.k > 1 RETURN count(*)",
    "MATCH (a)-[:R]->(b), (a)<-[:R]-(b), (a)-[:S]-(b) RETURN count(*)",
    "MATCH (a:Red) RETURN a.i, COUNT { MATCH (a)-[:R]-(b)-[:R]-(c)-[:R]-(a) RETURN b } AS n",
    "MATCH (a)-[:R]->(b)-[:R]->(c)-[:R]->(a) RETURN count(*)",
    "MATCH (a:Red)-[:R]-(b)-[:R]-(c:Node)-[:S]-(a) RETURN count(*)",
    "MATCH (a)-[:R]-(b)-[:R]-(c)-[:R]-(a) WHERE a.k < b.k AND b.k < c.k RETURN count(*)",
    "MATCH (a)-[:R]-(b)-[:R]-(c)-[:R]-(a) RETURN a.i, b.i, c.i, count(*)",
    "MATCH (a)-[:R]-(b)-[:R]-(c)-[:R]-(a) RETURN sum(a.i)",
    "MATCH (a)-[:R]-(b) RETURN count(*)",
    "MATCH (a)-[:R]->(b)-[:R]->(c), (a)-[:R]->(c) RETURN count(*)",
};

TEST_F(BreakSymmetryTest, CountsAreTheSameWithoutIt) {
  for (uint32_t seed = 1; seed <= 6; ++seed) {
    fill(seed, 10, seed % 2 == 0 ? 60 : 30);
    for (const auto& statements : {std::span<const char* const>(kSymmetric), std::span<const char* const>(kOthers)}) {
      for (const char* statement : statements) {
        const std::vector<std::string> expected = rows(statement, {"all"});
        EXPECT_EQ(rows(statement), expected) << seed << "\n" << plan(statement);
        EXPECT_EQ(rows(statement, {"sum-ends"}), expected) << seed << "\n" << statement;
        EXPECT_EQ(rows(statement, {"meet-ends", "sum-ends", "unread-variables"}), expected) << seed << "\n"
                                                                                            << statement;
      }
    }
  }
}

TEST_F(BreakSymmetryTest, FindsOneOrderOnlyWhereAllAreAlike) {
  fill(1, 10, 60);
  for (const char* statement : kSymmetric) EXPECT_THAT(plan(statement), HasSubstr("as all orders")) << statement;
  for (const char* statement : kOthers) EXPECT_THAT(plan(statement), Not(HasSubstr("as all orders"))) << statement;
}

TEST_F(BreakSymmetryTest, ALabelThatAllEndsHaveIsAskedOfAll) {
  session_.run("UNWIND range(1, 6) AS i CREATE (:Person {i: i})").rows();
  session_.run("MATCH (a:Person), (b:Person) WHERE a.i < b.i CREATE (a)-[:KNOWS]->(b)").rows();
  const std::string triangles = "MATCH (a:Person)-[:KNOWS]-(b)-[:KNOWS]-(c)-[:KNOWS]-(a) RETURN count(*)";
  EXPECT_THAT(plan(triangles), HasSubstr("as all orders"));
  EXPECT_EQ(rows(triangles), std::vector<std::string>{"120 "});
  session_.run("MATCH (a:Person) WHERE a.i < 3 CREATE (a)-[:KNOWS]->(:Robot)-[:KNOWS]->(a)").rows();
  session_.run("MATCH (a:Person {i: 1}), (b:Person {i: 2}) CREATE (a)-[:KNOWS]->(r:Robot)-[:KNOWS]->(b)").rows();
  EXPECT_EQ(rows(triangles), rows(triangles, {"all"}));
  EXPECT_EQ(rows(triangles), std::vector<std::string>{"124 "}) << "four that begin at a person and have the robot";
}

}  // namespace
}  // namespace entente
