// Indexes, constraints and their listing through sessions.
#include <gtest/gtest.h>

#include <cmath>

#include "entente/query/entente.h"

namespace entente {
namespace {

using Rows = std::vector<std::string>;

class SchemaStatements : public testing::Test {
 protected:
  Rows run(const std::string& statement) {
    Rows out;
    Result result = session_.run(statement);
    for (Row row; result.next(row);) {
      std::string line;
      for (const Value& value : row.values()) line += (line.empty() ? "" : " ") + value.to_literal();
      out.push_back(line);
    }
    return out;
  }
  /// The error's code and what it says.
  std::string error(const std::string& statement) {
    try {
      run(statement);
    } catch (const Error& e) {
      return e.code() + ": " + e.what();
    }
    return "none";
  }
  std::string plan(const std::string& statement) { return session_.explain(statement); }
  void expect_error(const std::string& statement, const std::string& code, const std::string& part) {
    const std::string found = error(statement);
    EXPECT_TRUE(found.starts_with(code + ":") && found.find(part) != std::string::npos) << statement << "\n" << found;
  }
  /// With and without indexes.
  void expect_rows(const std::string& statement, const Rows& rows, const std::string& op) {
    EXPECT_NE(plan(statement).find(op), std::string::npos) << plan(statement);
    EXPECT_EQ(run(statement), rows) << statement;
    Session plain = database_.session();
    plain.disable_pass("all");
    EXPECT_EQ(plain.run(statement).rows().size(), rows.size()) << statement;
  }

  Database database_ = Database::in_memory();
  Session session_ = database_.session();
};

TEST_F(SchemaStatements, CompositeIndexes) {
  run("UNWIND range(0, 29) AS i CREATE (:P {a: i % 3, b: i % 5, i: i}), (:P {a: i % 3})");
  run("CREATE RANGE INDEX ab FOR (n:P) ON (n.a, n.b)");
  expect_rows("MATCH (n:P {a: 1, b: 2}) RETURN n.i ORDER BY n.i", {"7", "22"}, "IndexSeek");
  expect_rows("MATCH (n:P) WHERE n.a = 1 AND n.b > 3 RETURN n.i ORDER BY n.i", {"4", "19"}, "IndexSeek");
  expect_rows("MATCH (n:P {a: 1, b: null}) RETURN n.i", {}, "IndexSeek");
  EXPECT_EQ(plan("MATCH (n:P {a: 1}) RETURN n").find("IndexSeek"), std::string::npos);  // n.b may be missing
  EXPECT_EQ(run("MATCH (n:P {a: 1}) RETURN count(*)"), Rows{"20"});
}

TEST_F(SchemaStatements, ListsAndDisjunctionsAndPrefixes) {
  run("UNWIND ['ab', 'abc', 'b', 'a\u00e9', ''] AS s CREATE (:P {s: s})");
  run("CREATE (:P {s: 1}), (:P {s: [1]}), (:P)");
  run("CREATE INDEX FOR (n:P) ON (n.s)");
  expect_rows("MATCH (n:P) WHERE n.s IN ['b', 'ab', 'b', null, 'none', 1.0] RETURN n.s ORDER BY n.s",
              {"'ab'", "'b'", "1"}, "IndexSeek");
  expect_rows("MATCH (n:P) WHERE n.s = 'b' OR 'ab' = n.s RETURN n.s ORDER BY n.s", {"'ab'", "'b'"}, "IndexSeek");
  expect_rows("MATCH (n:P) WHERE n.s IN null RETURN n.s", {}, "IndexSeek");
  expect_rows("MATCH (n:P) WHERE n.s IN [] RETURN n.s", {}, "");
  expect_rows("WITH 'a' AS p MATCH (n:P) WHERE n.s STARTS WITH p RETURN n.s ORDER BY n.s",
              {"'ab'", "'abc'", "'a\u00e9'"}, "IndexRange");
  expect_rows("MATCH (n:P) WHERE n.s STARTS WITH '' RETURN count(*)", {"5"}, "IndexRange");
  expect_rows("WITH 1 AS p MATCH (n:P) WHERE n.s STARTS WITH p RETURN n", {}, "IndexRange");
  const std::string wrong = "MATCH (m:P {s: 1}) WITH m.s AS x MATCH (n:P) WHERE n.s IN x RETURN n";
  EXPECT_TRUE(error(wrong).starts_with("TypeError.")) << error(wrong);
}

TEST_F(SchemaStatements, RelationshipIndexes) {
  run("CREATE (a:A {n: 1})-[:T {p: 1}]->(b:B {n: 2}), (a)-[:T {p: 1}]->(b), (b)-[:T {p: 2}]->(b), (a)-[:U {p: "
      "1}]->(b)");
  run("CREATE INDEX FOR ()-[r:T]-() ON (r.p)");
  expect_rows("MATCH (x)-[r:T {p: 1}]->(y) RETURN x.n, y.n", {"1 2", "1 2"}, "IndexSeek");
  expect_rows("MATCH (x)<-[r:T {p: 1}]-(y) RETURN x.n, y.n", {"2 1", "2 1"}, "IndexSeek");
  expect_rows("MATCH (x)-[r:T]-(y) WHERE r.p >= 1 RETURN x.n, y.n ORDER BY x.n, y.n",
              {"1 2", "1 2", "2 1", "2 1", "2 2"}, "IndexRange");
  expect_rows("MATCH (x:A)-[r:T {p: 1}]->(y:B) RETURN x.n, y.n", {"1 2", "1 2"}, "IndexSeek");
  expect_rows("MATCH (x:B)-[r:T {p: 1}]->(y) RETURN x.n, y.n", {}, "IndexSeek");
  expect_rows("UNWIND [1, 2, 3] AS v OPTIONAL MATCH (x)-[r:T {p: v}]->(y) RETURN v, x.n ORDER BY v",
              {"1 1", "1 1", "2 2", "3 null"}, "IndexSeek");
  expect_rows("MATCH (x)-[r:T {p: 1}]->(y)-[s:T {p: 2}]->(y) RETURN x.n", {"1", "1"}, "");
}

TEST_F(SchemaStatements, ConstraintsHoldAtTheRightMoment) {
  run("CREATE CONSTRAINT e FOR (n:P) REQUIRE n.a IS NOT NULL");
  run("CREATE (n:P) SET n.a = 1");
  expect_error("CREATE (:P)", "ConstraintValidationFailed.ExistenceConstraint", "property `a`");
  expect_error("MATCH (n:P) REMOVE n.a", "ConstraintValidationFailed.ExistenceConstraint", "constraint `e`");
  session_.begin();
  run("CREATE (:P {x: 2})");
  run("MATCH (n:P {x: 2}) SET n.a = 2");
  session_.commit();
  session_.begin();
  run("CREATE (:P {x: 3})");
  EXPECT_THROW(session_.commit(), Error);
  EXPECT_FALSE(session_.in_transaction());
  EXPECT_EQ(run("MATCH (n:P) RETURN n.a ORDER BY n.a"), (Rows{"1", "2"}));
  run("CREATE CONSTRAINT k FOR ()-[r:T]-() REQUIRE (r.a, r.b) IS RELATIONSHIP KEY");
  expect_error("CREATE ()-[:T {a: 1}]->()", "ConstraintValidationFailed.ExistenceConstraint", "lacks `b`");
  run("CREATE ()-[:T {a: 1, b: 2}]->()");
  expect_error("CREATE ()-[:T {a: 1, b: 2.0}]->()", "ConstraintValidationFailed.UniqueConstraint",
               "`a` = 1 and `b` = 2");
  expect_error("CREATE CONSTRAINT FOR (n:P) REQUIRE n.a IS :: STRING", "ConstraintValidationFailed.TypeConstraint",
               "`a` = 1");
  run("CREATE CONSTRAINT FOR (n:P) REQUIRE n.a IS TYPED INT | LIST<DATE NOT NULL>");
  run("MATCH (n:P {a: 1}) SET n.a = [date('2020-01-01')]");
  expect_error("MATCH (n:P {a: 2}) SET n.a = [1]", "ConstraintValidationFailed.TypeConstraint",
               "INTEGER | LIST<DATE NOT NULL>");
}

TEST_F(SchemaStatements, NamesAndEquivalents) {
  run("CREATE INDEX i FOR (n:P) ON (n.a)");
  expect_error("CREATE INDEX i FOR (n:Q) ON (n.a)", "SchemaError.AlreadyExists", "there is an index `i`");
  expect_error("CREATE INDEX FOR (n:P) ON (n.a)", "SchemaError.AlreadyExists", "drop index `i`");
  expect_error("CREATE CONSTRAINT FOR (n:P) REQUIRE n.a IS UNIQUE", "SchemaError.AlreadyExists", "drop index `i`");
  run("CREATE INDEX IF NOT EXISTS FOR (n:P) ON (n.a)");
  run("CREATE INDEX i IF NOT EXISTS FOR (n:Q) ON (n.a)");
  run("CREATE CONSTRAINT c FOR (n:P) REQUIRE (n.a, n.b) IS UNIQUE");
  expect_error("DROP INDEX c", "SchemaError.NotFound", "DROP CONSTRAINT");
  expect_error("DROP CONSTRAINT i", "SchemaError.NotFound", "DROP INDEX");
  run("DROP CONSTRAINT none IF EXISTS");
  run("DROP INDEX i");
  EXPECT_EQ(run("SHOW INDEXES YIELD name RETURN name"), Rows{"'c'"});
}

TEST_F(SchemaStatements, RefusesWhatIsNotThere) {
  expect_error("CREATE TEXT INDEX FOR (n:P) ON (n.a)", "SyntaxError.NotImplemented", "TEXT");
  expect_error("CREATE INDEX FOR (n:P|Q) ON (n.a)", "SyntaxError.UnexpectedSyntax", "FULLTEXT");
  expect_error("CREATE CONSTRAINT FOR (n:P) REQUIRE n.a IS :: POINT", "SyntaxError.NotImplemented", "POINT");
  expect_error("CREATE CONSTRAINT FOR (n:P) REQUIRE n.a IS :: ANY", "SyntaxError.UnexpectedSyntax", "cannot be");
  expect_error("CREATE CONSTRAINT FOR (n:P) REQUIRE n.a IS :: INTEGER | NODE", "SyntaxError.UnexpectedSyntax", "NODE");
  expect_error("CREATE CONSTRAINT FOR (n:P) REQUIRE n.a IS :: LIST<LIST<INT NOT NULL> NOT NULL>",
               "SyntaxError.UnexpectedSyntax", "cannot be");
  expect_error("CREATE CONSTRAINT FOR (n:P) REQUIRE n.a IS :: PROPERTY VALUE", "SyntaxError.UnexpectedSyntax",
               "cannot be");
  expect_error("CREATE CONSTRAINT FOR (n:P) REQUIRE n.a IS :: INTEGER!", "SyntaxError.UnexpectedSyntax", "IS NOT NULL");
  expect_error("CREATE CONSTRAINT FOR (n:P) REQUIRE n.a IS :: LIST<STRING>", "SyntaxError.UnexpectedSyntax",
               "NOT NULL");
  expect_error("CREATE CONSTRAINT FOR (n:P) REQUIRE n.a IS RELATIONSHIP KEY", "SyntaxError.UnexpectedSyntax", "node");
  expect_error("CREATE CONSTRAINT FOR (n:P) ASSERT n.a IS UNIQUE", "SyntaxError.UnexpectedSyntax", "REQUIRE");
  expect_error("CREATE FULLTEXT INDEX FOR (n:P) ON EACH [n.a] OPTIONS {indexConfig: {`fulltext.analyzer`: 'elvish'}}",
               "ArgumentError.UnknownAnalyzer", "english");
  expect_error("SHOW DATABASES", "SyntaxError.UnexpectedSyntax", "INDEXES");
}

TEST_F(SchemaStatements, ShowTakesYieldWhereAndReturn) {
  run("CREATE INDEX i FOR (n:P) ON (n.a)");
  run("CREATE FULLTEXT INDEX f FOR ()-[r:T|U]-() ON EACH [r.x]");
  run("CREATE CONSTRAINT u FOR (n:P) REQUIRE n.b IS UNIQUE");
  EXPECT_EQ(run("SHOW INDEX YIELD name, labelsOrTypes AS l WHERE name <> 'i' RETURN name, l ORDER BY name"),
            (Rows{"'f' ['T', 'U']", "'u' ['P']"}));
  EXPECT_EQ(run("SHOW INDEXES YIELD name ORDER BY name DESC SKIP 1 LIMIT 1"), Rows{"'i'"});
  EXPECT_EQ(run("SHOW RANGE INDEXES").size(), 2u);
  EXPECT_EQ(run("SHOW INDEXES WHERE owningConstraint = 'u'").size(), 1u);
  EXPECT_EQ(session_.run("SHOW INDEXES YIELD *").columns().back(), "createStatement");
  EXPECT_EQ(run("SHOW NODE UNIQUENESS CONSTRAINTS YIELD name"), Rows{"'u'"});
  EXPECT_EQ(run("SHOW REL KEY CONSTRAINTS"), Rows{});
  EXPECT_EQ(run("SHOW FUNCTIONS YIELD name, aggregating WHERE name IN ['count', 'size']"),
            (Rows{"'count' true", "'size' false"}));
  EXPECT_EQ(run("SHOW PROCEDURES YIELD name WHERE name = 'db.labels' RETURN name"), Rows{"'db.labels'"});
  for (const std::string& statement : run("SHOW INDEXES YIELD createStatement")) {
    EXPECT_NE(statement.find("CREATE "), std::string::npos);
  }
}

TEST_F(SchemaStatements, FullTextQueries) {
  run("CREATE (:D {i: 1, t: 'Foreign ministers met', s: 'G7 summit'}), (:D {i: 2, t: 'The prime minister of Japan'}), "
      "(:D {i: 3, t: 'japanese foreign policy: minister foreign'}), (:D {i: 4, t: '日本の外相会合'})");
  run("CREATE FULLTEXT INDEX d FOR (n:D) ON EACH [n.t, n.s] OPTIONS {indexConfig: {`fulltext.analyzer`: 'english'}}");
  const auto found = [&](const std::string& query) {
    return run("CALL db.index.fulltext.queryNodes('d', " + Value(query).to_literal() +
               ") YIELD node RETURN node.i ORDER BY node.i");
  };
  EXPECT_EQ(found("MINISTER"), (Rows{"1", "2", "3"}));
  EXPECT_EQ(found("\"foreign minister\""), Rows{"1"});
  EXPECT_EQ(found("foreign AND minister"), (Rows{"1", "3"}));
  EXPECT_EQ(found("prime policy"), (Rows{"2", "3"}));
  EXPECT_EQ(found("minister NOT foreign"), Rows{"2"});
  EXPECT_EQ(found("minister -foreign"), Rows{"2"});
  EXPECT_EQ(found("NOT foreign"), Rows{});
  EXPECT_EQ(found("+(prime OR policy) +minister"), (Rows{"2", "3"}));
  EXPECT_EQ(found("japan*"), (Rows{"2", "3"}));
  EXPECT_EQ(found("s:minister"), Rows{});
  EXPECT_EQ(found("s:(summit minister)"), Rows{"1"});
  EXPECT_EQ(found("外相"), Rows{"4"});
  EXPECT_EQ(found("相"), Rows{"4"});
  EXPECT_EQ(found("合"), Rows{"4"});
  EXPECT_EQ(found("外会"), Rows{});
  EXPECT_EQ(found("the"), Rows{});
  EXPECT_EQ(found(""), Rows{});
  EXPECT_EQ(found("policy\\: AND the"), Rows{"3"});
  for (const char* wrong :
       {"a~", "a^2", "[a TO b]", "*a", "a?b", "\"a", "(a", "a)", "AND a", "a OR", "x:a", "\\", "/a/"}) {
    EXPECT_TRUE(error("CALL db.index.fulltext.queryNodes('d', " + Value(wrong).to_literal() + ")")
                    .starts_with("ArgumentError.InvalidFullTextQuery"))
        << wrong;
  }
  expect_error("CALL db.index.fulltext.queryNodes('none', 'a')", "ProcedureError.NoSuchFullTextIndex", "there are d");
  expect_error("CALL db.index.fulltext.queryRelationships('d', 'a')", "ProcedureError.NoSuchFullTextIndex",
               "queryNodes");
}

TEST_F(SchemaStatements, FullTextIsTransactional) {
  run("CREATE FULLTEXT INDEX d FOR (n:D) ON EACH [n.t]");
  const std::string query = "CALL db.index.fulltext.queryNodes('d', 'word') YIELD node RETURN count(*)";
  session_.begin();
  run("CREATE (:D {t: 'a word'})");
  EXPECT_EQ(run(query), Rows{"1"});
  EXPECT_EQ(database_.session().run(query).rows()[0].values()[0].as_integer(), 0);
  session_.rollback();
  EXPECT_EQ(run(query), Rows{"0"});
}

TEST_F(SchemaStatements, ScoresPreferRareWordsAndShortTexts) {
  run("CREATE (:D {i: 1, t: 'rare common'}), (:D {i: 2, t: 'common common common'}), (:D {i: 3, t: 'rare and much more "
      "of other words here'}), (:D {i: 4, t: 'common'}), (:D {i: 5, t: 'common x'})");
  run("CREATE FULLTEXT INDEX d FOR (n:D) ON EACH [n.t]");
  EXPECT_EQ(run("CALL db.index.fulltext.queryNodes('d', 'rare common') YIELD node, score RETURN node.i LIMIT 2"),
            (Rows{"1", "3"}));
  // One of five documents has it, alone of two words, the mean being 16 / 5.
  const double expected = std::log(1 + 4.5 / 1.5) / (1 + 1.2 * (0.25 + 0.75 * 2 / 3.2));
  EXPECT_NEAR(session_.run("CALL db.index.fulltext.queryNodes('d', 'x')").rows()[0].values()[1].as_float(), expected,
              1e-9);
}

TEST_F(SchemaStatements, TheSchemaAsAGraphKeepsItsDataWhenUnwound) {
  run("CREATE (:A {x: 1})-[:R]->(:B:C)");
  run("CREATE INDEX FOR (n:A) ON (n.x)");
  const std::string nodes = "CALL db.schema.visualization() YIELD nodes UNWIND nodes AS n ";
  EXPECT_EQ(
      run(nodes + "RETURN n.name, labels(n), n:A, n['name'], n.name IS NULL, n.gone"),
      (Rows{"'A' ['A'] true 'A' false null", "'B' ['B'] false 'B' false null", "'C' ['C'] false 'C' false null"}));
  EXPECT_EQ(run(nodes + "WITH n WHERE n.name = 'A' RETURN n {.indexes}, properties(n).indexes, keys(n)"),
            (Rows{"{indexes: [['x']]} [['x']] ['constraints', 'indexes', 'name']"}));
  EXPECT_EQ(run(nodes + "WITH n ORDER BY n.name DESC WITH collect(n) AS l, count(DISTINCT n) AS c RETURN l[0].name, c"),
            (Rows{"'C' 3"}));
  EXPECT_EQ(run("CALL db.schema.visualization() YIELD nodes, relationships UNWIND relationships AS r "
                "RETURN type(r), r.name, r:R, [n IN nodes WHERE n = startNode(r) | n.name] AS from ORDER BY from"),
            (Rows{"'R' 'R' true ['A']", "'R' 'R' true ['A']"}));
}

TEST_F(SchemaStatements, CreatingOverMuchDataEndsInTime) {
  run("UNWIND range(1, 200000) AS i CREATE (:D {i: i, t: 'text ' + i})");
  for (const std::string statement :
       {"CREATE INDEX x FOR (n:D) ON (n.i)", "CREATE INDEX x FOR (n:D) ON (n.t, n.i)",
        "CREATE FULLTEXT INDEX x FOR (n:D) ON EACH [n.t]", "CREATE CONSTRAINT x FOR (n:D) REQUIRE n.t IS UNIQUE",
        "CREATE CONSTRAINT x FOR (n:D) REQUIRE n.t IS NOT NULL",
        "CREATE CONSTRAINT x FOR (n:D) REQUIRE n.t IS :: STRING"}) {
    session_.set_timeout(std::chrono::milliseconds(1));
    try {
      session_.run(statement);
      ADD_FAILURE() << statement;
    } catch (const Error& e) {
      EXPECT_EQ(e.code(), "ResourceError.Timeout") << statement;
    }
    session_.set_timeout(std::chrono::milliseconds(0));
    EXPECT_EQ(run("SHOW INDEXES YIELD name RETURN count(*)"), Rows{"0"});
    EXPECT_EQ(run("SHOW CONSTRAINTS YIELD name RETURN count(*)"), Rows{"0"});
  }
}

}  // namespace
}  // namespace entente
