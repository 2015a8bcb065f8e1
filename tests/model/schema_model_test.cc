// Random writes under indexes and constraints, against looking at everything: what an index gives is what a scan gives,
// and a write is refused just when a naive check refuses it.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "entente/query/entente.h"

namespace entente {
namespace {

class SchemaModel {
 public:
  explicit SchemaModel(uint32_t seed) : random_(seed) { plain_.disable_pass("all"); }

  void run(int steps) {
    for (int step = 0; step < steps && !testing::Test::HasFailure(); ++step) {
      if (step % 40 == 10) change_schema();
      write();
      if (step % 4 == 0) compare();
    }
  }

 private:
  uint32_t pick(uint32_t n) { return static_cast<uint32_t>(random_() % n); }
  std::string value() {
    static const char* const kValues[] = {"1", "2", "2.0", "3", "'a b'", "'ab'", "'b'", "[1]", "true", "null"};
    return kValues[pick(10)];
  }
  std::string label() { return pick(2) == 0 ? "L" : "M"; }
  std::string key() { return pick(2) == 0 ? "a" : "b"; }

  void change_schema() {
    static const char* const kCommands[] = {
        "CREATE INDEX i1 IF NOT EXISTS FOR (n:L) ON (n.a)",
        "CREATE INDEX i2 IF NOT EXISTS FOR (n:M) ON (n.a, n.b)",
        "CREATE INDEX i3 IF NOT EXISTS FOR ()-[r:T]-() ON (r.a)",
        "CREATE FULLTEXT INDEX i4 IF NOT EXISTS FOR (n:L|M) ON EACH [n.a, n.b]",
        "CREATE CONSTRAINT c1 IF NOT EXISTS FOR (n:L) REQUIRE (n.a, n.b) IS UNIQUE",
        "CREATE CONSTRAINT c2 IF NOT EXISTS FOR (n:M) REQUIRE n.b IS NOT NULL",
        "CREATE CONSTRAINT c3 IF NOT EXISTS FOR ()-[r:T]-() REQUIRE r.b IS :: INTEGER | STRING",
        "DROP INDEX i1 IF EXISTS",
        "DROP INDEX i2 IF EXISTS",
        "DROP CONSTRAINT c1 IF EXISTS",
        "DROP CONSTRAINT c2 IF EXISTS",
    };
    for (int i = 0; i < 5; ++i) {
      try {
        session_.run(kCommands[pick(11)]);
      } catch (const Error& error) {
        EXPECT_EQ(error.kind(), "ConstraintValidationFailed") << error.what();
      }
    }
  }

  void write() {
    std::string statement;
    const std::string n = std::to_string(pick(30));
    switch (pick(8)) {
      case 0:
      case 1:
        statement = "CREATE (:" + label() + (pick(4) == 0 ? ":M" : "") + " {a: " + value() + ", b: " + value() +
                    ", id: toInteger(rand() * 30)})";
        break;
      case 2:
        statement = "MATCH (n {id: " + n + "}) SET n." + key() + " = " + value();
        break;
      case 3:
        statement = "MATCH (n {id: " + n + "}) SET n:" + label();
        break;
      case 4:
        statement = "MATCH (n {id: " + n + "}) REMOVE n:" + label();
        break;
      case 5:
        statement = "MATCH (n {id: " + n + "}), (m {id: " + std::to_string(pick(30)) +
                    "}) WITH n, m LIMIT 2 CREATE (n)-[:T {a: " + value() + ", b: " + value() + "}]->(m)";
        break;
      case 6:
        statement = "MATCH ()-[r:T]->() WITH r LIMIT 3 SET r." + key() + " = " + value();
        break;
      default:
        statement = "MATCH (n {id: " + n + "}) DETACH DELETE n";
    }
    const SnapshotPtr before = database_.snapshot();
    session_.begin();
    std::string refused;
    try {
      session_.run(statement);
      holds_ = constraints_hold();
      session_.commit();
    } catch (const Error& error) {
      refused = error.code();
      if (session_.in_transaction()) session_.rollback();
    }
    if (refused.empty()) {
      ASSERT_EQ(holds_, "") << statement;
    } else if (refused == "ConstraintValidationFailed.UniqueConstraint") {
      session_.begin();
      session_.run("DROP CONSTRAINT c1");
      session_.run(statement);
      ASSERT_FALSE(session_.run(kDuplicates).rows().empty()) << statement << " was refused";
      session_.rollback();
    } else {
      ASSERT_NE(holds_, "") << statement << " was refused: " << refused;
    }
    if (!refused.empty()) {
      ASSERT_EQ(database_.snapshot()->node_count(), before->node_count());
    }
    ASSERT_EQ(constraints_hold_in(plain_), "") << statement;
  }

  static constexpr const char* kDuplicates =
      "MATCH (n:L), (m:L) WHERE id(n) < id(m) AND n.a = m.a AND n.b = m.b RETURN 1 LIMIT 1";

  std::string constraints_hold() { return constraints_hold_in(session_); }

  /// The name of a constraint that does not hold, by looking at everything.
  std::string constraints_hold_in(Session& session) {
    const auto any = [&](const std::string& query) { return !session.run(query).rows().empty(); };
    for (const Row& row : session.run("SHOW CONSTRAINTS YIELD name").rows()) {
      const std::string name = row["name"].as_string();
      if (name == "c1" && any(kDuplicates)) return name;
      if (name == "c2" && any("MATCH (n:M) WHERE n.b IS NULL RETURN 1 LIMIT 1")) return name;
      if (name == "c3" && any("MATCH ()-[r:T]->() WHERE r.b IN [2.0, [1], true] AND NOT valueType(r.b) STARTS WITH "
                              "'INTEGER' RETURN 1 LIMIT 1"))
        return name;
    }
    return "";
  }

  static std::vector<std::string> sorted(Session& session, const std::string& query) {
    std::vector<std::string> lines;
    for (const Row& row : session.run(query).rows()) {
      std::string line;
      for (const Value& value : row.values()) line += value.to_literal() + " ";
      lines.push_back(line);
    }
    std::sort(lines.begin(), lines.end());
    return lines;
  }

  void compare() {
    const std::string v = value(), w = value(), l = label();
    for (const std::string& query : {
             "MATCH (n:" + l + ") WHERE n.a = " + v + " RETURN id(n)",
             "MATCH (n:" + l + ") WHERE n.a IN [" + v + ", " + w + "] RETURN id(n)",
             "MATCH (n:" + l + ") WHERE n.a = " + v + " OR n.a = " + w + " RETURN id(n)",
             "MATCH (n:" + l + ") WHERE n.a = " + v + " AND n.b = " + w + " RETURN id(n)",
             "MATCH (n:" + l + ") WHERE n.a = " + v + " AND n.b IS NOT NULL RETURN id(n)",
             "MATCH (n:" + l + ") WHERE n.a >= " + v + " AND n.a < 3 RETURN id(n)",
             std::string("MATCH (n:L) WHERE n.a STARTS WITH 'a' RETURN id(n)"),
             "MATCH (x)-[r:T]-(y) WHERE r.a = " + v + " RETURN id(x), id(r), id(y)",
             "MATCH (x:L)-[r:T]->(y) WHERE r.a IN [" + v + ", " + w + "] RETURN id(x), id(r), id(y)",
             "MATCH (x)-[r:T {a: " + v + "}]->(y)-[s:T]-(z) RETURN id(x), id(r), id(s), id(z)",
             "UNWIND [" + v + ", 1] AS v OPTIONAL MATCH (x)<-[r:T {a: v}]-(y:M) RETURN v, id(r)",
         }) {
      ASSERT_EQ(sorted(session_, query), sorted(plain_, query)) << query << "\n" << session_.explain(query);
    }
    if (database_.snapshot()->find_index("i4") == nullptr) return;
    ASSERT_EQ(sorted(session_, "CALL db.index.fulltext.queryNodes('i4', 'ab \"a b\"') YIELD node RETURN id(node)"),
              sorted(plain_, "MATCH (n:L|M) WHERE n.a IN ['ab', 'a b'] OR n.b IN ['ab', 'a b'] RETURN id(n)"));
    ASSERT_EQ(sorted(session_, "CALL db.index.fulltext.queryNodes('i4', 'b* NOT ab') YIELD node RETURN id(node)"),
              sorted(plain_,
                     "MATCH (n:L|M) WHERE (n.a IN ['b', 'a b'] OR n.b IN ['b', 'a b']) AND NOT (coalesce(n.a = "
                     "'ab', false) OR coalesce(n.b = 'ab', false)) RETURN id(n)"));
  }

  std::mt19937 random_;
  Database database_ = Database::in_memory();
  Session session_ = database_.session();
  Session plain_ = database_.session();
  std::string holds_;
};

TEST(SchemaModelTest, IndexesAndConstraintsAreWhatLookingAtEverythingSays) {
  for (int run = 0; run < 4; ++run) {
    const uint32_t seed = std::random_device{}();
    SCOPED_TRACE("seed " + std::to_string(seed));
    SchemaModel(seed).run(200);
    if (HasFailure()) return;
  }
}

}  // namespace
}  // namespace entente
