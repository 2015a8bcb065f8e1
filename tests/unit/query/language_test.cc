// Names that are computed, type predicates, numbers that are not materialised, and functions with a syntax of their
// own.
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <string>

#include "statement_fixture.h"

namespace entente {
namespace {

class LanguageTest : public StatementTest {};

// ---- computed labels, types and keys ----

TEST_F(LanguageTest, ComputedLabelsMatch) {
  const std::string graph = "CREATE (:A {v: 1}), (:B {v: 2}), (:A:B {v: 3}), ({v: 4})";
  const Map names{{"a", Value("A")}, {"ab", Value(List{Value("A"), Value("B")})}, {"none", Value(List{})}};
  const auto match = [&](const std::string& label) {
    return run({graph, "MATCH (n:" + label + ") RETURN n.v ORDER BY n.v"}, names);
  };
  EXPECT_EQ(match("$($a)"), (Rows{"1", "3"}));
  EXPECT_EQ(match("$($ab)"), (Rows{"3"}));
  EXPECT_EQ(match("$all($ab)"), (Rows{"3"}));
  EXPECT_EQ(match("$any($ab)"), (Rows{"1", "2", "3"}));
  EXPECT_EQ(match("!$($a)"), (Rows{"2", "4"}));
  EXPECT_EQ(match("B&$($a)"), (Rows{"3"}));
  EXPECT_EQ(match("$any($none)"), Rows{});
  EXPECT_EQ(match("$all($none)"), (Rows{"1", "2", "3", "4"}));
  EXPECT_EQ(run({graph, "UNWIND ['A', 'B', 'C'] AS l MATCH (n:$(l)) RETURN l, count(n) ORDER BY l"}),
            (Rows{"'A' 2", "'B' 2"}));
  EXPECT_EQ(run({graph, "MATCH (n) RETURN n.v, n:$($a) ORDER BY n.v"}, names),
            (Rows{"1 true", "2 false", "3 true", "4 false"}));
  EXPECT_EQ(run({graph, "UNWIND ['A', 'B'] AS l RETURN COUNT { (:$(l)) }"}), (Rows{"2", "2"}));
}

TEST_F(LanguageTest, ComputedTypesMatch) {
  const std::string graph = "CREATE (a)-[:R {v: 1}]->(b)-[:S {v: 2}]->(a)";
  EXPECT_EQ(run({graph, "MATCH ()-[r:$($t)]->() RETURN r.v"}, {{"t", Value("S")}}), (Rows{"2"}));
  EXPECT_EQ(run({graph, "MATCH ()-[r:$any(['R', 'S'])]->() RETURN r.v ORDER BY r.v"}), (Rows{"1", "2"}));
  EXPECT_EQ(run({graph, "MATCH ()-[r:$all(['R', 'S'])]->() RETURN r.v"}), Rows{});
  EXPECT_EQ(run({graph, "MATCH p = ()-[:$(toUpper('r'))*1..2]->() RETURN length(p)"}), (Rows{"1"}));
}

TEST_F(LanguageTest, ComputedNamesAreWritten) {
  const Map names{
      {"l", Value("X")}, {"ls", Value(List{Value("Y"), Value("Z")})}, {"t", Value("T")}, {"k", Value("key")}};
  EXPECT_EQ(run({"CREATE (n:A:$($l):$($ls))-[r:$($t)]->(:$($l + 'x')) RETURN labels(n), type(r)"}, names),
            (Rows{"['A', 'X', 'Y', 'Z'] 'T'"}));
  EXPECT_EQ(run({"UNWIND ['P', 'Q', 'P'] AS l MERGE (:$(l) {v: l})", "MATCH (n) RETURN labels(n), n.v ORDER BY n.v"}),
            (Rows{"['P'] 'P'", "['Q'] 'Q'"}));
  EXPECT_EQ(run({"CREATE (a:A)", "MATCH (a:A) SET a:$($ls) SET a[$k] = 1, a[$k + '2'] = 2",
                 "MATCH (a:A) REMOVE a:$($ls[0]), a[$k]", "MATCH (a:A) RETURN labels(a), properties(a)"},
                names),
            (Rows{"['A', 'Z'] {key2: 2}"}));
  EXPECT_EQ(
      run({"CREATE (a:A)", "MATCH (a:A) FOREACH (k IN ['x', 'y'] | SET a[k] = k)", "MATCH (a) RETURN properties(a)"}),
      (Rows{"{x: 'x', y: 'y'}"}));
}

TEST_F(LanguageTest, ComputedNamesMustBeNames) {
  const Map bad{
      {"null", Value()}, {"one", Value(1)}, {"empty", Value("")}, {"two", Value(List{Value("A"), Value("B")})}};
  EXPECT_EQ(error("CREATE (:$($null))", bad), "TypeError.InvalidArgumentType@$null");
  EXPECT_EQ(error("CREATE (:$($one))", bad), "TypeError.InvalidArgumentType@$one");
  EXPECT_EQ(error("CREATE (:$($empty))", bad), "ArgumentError.InvalidArgumentValue@$empty");
  EXPECT_EQ(error({"CREATE (:A)", "MATCH (n:$($null)) RETURN n"}, bad), "TypeError.InvalidArgumentType@$($null)");
  EXPECT_EQ(error({"CREATE (:A)", "MATCH (n:A) SET n[$null] = 1"}, bad), "TypeError.InvalidArgumentType@$null");
  EXPECT_EQ(error({"CREATE (:A)", "MATCH (n:A) SET n[$empty] = 1"}, bad), "ArgumentError.InvalidArgumentValue@$empty");
  EXPECT_EQ(error("CREATE ()-[:$($two)]->()", bad), "ArgumentError.InvalidArgumentValue@$two");
  EXPECT_EQ(error("CREATE (:$(1))"), "SyntaxError.InvalidArgumentType@1");
  EXPECT_EQ(error("CREATE (:$any(['A']))"), "SyntaxError.UnexpectedSyntax@$any(['A'])");
  EXPECT_EQ(error("CREATE (n) SET n:$any(['A'])"), "SyntaxError.UnexpectedSyntax@$any(['A'])");
  EXPECT_EQ(error("MATCH (n:$(x)) RETURN n"), "SyntaxError.UndefinedVariable@x");
}

// ---- types ----

TEST_F(LanguageTest, TypePredicates) {
  EXPECT_EQ(run("UNWIND [1, 1.5, 'a', null, [1], [1, 'a'], true] AS x "
                "RETURN collect(x IS :: INTEGER), collect(x IS NOT TYPED STRING), collect(x :: INTEGER NOT NULL)"),
            (Rows{"[true, false, false, true, false, false, false] [true, true, false, false, true, true, true] "
                  "[true, false, false, false, false, false, false]"}));
  EXPECT_EQ(run("UNWIND [[1], [1, null], [], ['a'], [[1]]] AS x "
                "RETURN collect(x IS :: LIST<INTEGER>), collect(x IS :: LIST<INTEGER NOT NULL>), "
                "collect(x IS :: LIST<INTEGER | STRING>), collect(x IS :: LIST<LIST<ANY>>)"),
            (Rows{"[true, true, true, false, false] [true, false, true, false, false] [true, true, true, true, false] "
                  "[false, false, true, false, true]"}));
  EXPECT_EQ(run("UNWIND [date('2020-01-01'), localdatetime('2020-01-01T00:00'), datetime('2020-01-01T00:00Z')] AS x "
                "RETURN collect(x IS :: ZONED DATETIME), collect(x IS :: TIMESTAMP WITHOUT TIME ZONE | DATE)"),
            (Rows{"[false, false, true] [true, true, false]"}));
  EXPECT_EQ(
      run("RETURN null IS :: NULL, null IS :: NOTHING, 1 IS :: ANY, null IS :: ANY NOT NULL, 1 IS :: ANY<INTEGER | "
          "STRING>, [1, 2] IS :: PROPERTY VALUE, [1, 'a'] IS :: PROPERTY VALUE, {a: 1} IS :: PROPERTY VALUE"),
      (Rows{"true false true false true true false false"}));
  EXPECT_EQ(run("RETURN [x IN [1, 'a', null] WHERE x IS :: INTEGER | x]"), (Rows{"[1, null]"}));
  EXPECT_EQ(error("RETURN 1 IS :: NUMBER"), "SyntaxError.UnexpectedSyntax@NUMBER");
  EXPECT_EQ(error("RETURN [1] IS :: LIST"), "SyntaxError.UnexpectedSyntax");
  EXPECT_EQ(error("RETURN 1 IS :: POINT"), "SyntaxError.NotImplemented@POINT");
}

TEST_F(LanguageTest, TrimAndNormalize) {
  EXPECT_EQ(run("RETURN trim(BOTH 'x' FROM 'xxaxx'), trim(LEADING 'x' FROM 'xaxx'), trim(TRAILING FROM ' a '), "
                "trim('x' FROM 'xax'), trim('  a '), btrim('xax', 'x'), trim(BOTH FROM null)"),
            (Rows{"'a' 'axx' ' a' 'a' 'a' 'a' null"}));
  EXPECT_EQ(run("RETURN 'a' IS NORMALIZED, 'e\\u0301' IS NFC NORMALIZED, 'e\\u0301' IS NOT NORMALIZED, "
                "'e\\u0301' IS NFD NORMALIZED, 1 IS NORMALIZED, size(normalize('e\\u0301', NFC))"),
            (Rows{"true false true true null 1"}));
}

TEST_F(LanguageTest, ReplaceWithLimit) {
  EXPECT_EQ(run("RETURN replace('aXbXcX', 'X', '-'), replace('aXbXcX', 'X', '-', 2), replace('aXb', 'X', '', 0), "
                "replace('aXb', 'X', '--', 9), replace('abc', '', 'x', 1), replace('a', 'a', 'b', null), "
                "replace(null, 'a', 'b', 1)"),
            (Rows{"'a-b-c-' 'a-b-cX' 'aXb' 'a--b' 'abc' null null"}));
  EXPECT_EQ(error("RETURN replace('a', 'a', 'b', -1)"), "ArgumentError.NumberOutOfRange@replace('a', 'a', 'b', -1)");
  EXPECT_EQ(error("RETURN replace('a', 'a', 'b', 'c')"), "SyntaxError.InvalidArgumentType@'c'");
}

// ---- CASE ----

TEST_F(LanguageTest, CaseWithTests) {
  EXPECT_EQ(run("UNWIND [-2, 0, 1, 3, 4, 7, null, 'abc', 2.5] AS x RETURN collect(CASE x WHEN > 3, < 0 THEN 'far' "
                "WHEN IS NULL THEN 'none' WHEN 0, = 1 THEN 'near' WHEN IN [3, 5] THEN 'odd' "
                "WHEN IS :: STRING THEN 'text' ELSE 'else' END)"),
            (Rows{"['far', 'near', 'near', 'odd', 'far', 'far', 'none', 'text', 'else']"}));
  EXPECT_EQ(run("UNWIND ['apple', 'banana', 'cherry', 'date', 'e\u0301'] AS x RETURN collect(CASE x "
                "WHEN STARTS WITH 'a' THEN 1 WHEN ENDS WITH 'na' THEN 2 WHEN CONTAINS 'err' THEN 3 "
                "WHEN =~ 'd.*' THEN 4 WHEN IS NOT NORMALIZED THEN 5 END)"),
            (Rows{"[1, 2, 3, 4, 5]"}));
  EXPECT_EQ(run("UNWIND [1, null] AS x RETURN CASE x WHEN IS NOT NULL THEN 1 END, CASE x WHEN <> 1 THEN 2 ELSE 3 END, "
                "CASE x WHEN >= 1 THEN 4 WHEN <= 1 THEN 5 END, CASE x WHEN IS NOT :: INTEGER NOT NULL THEN 6 END"),
            (Rows{"1 3 4 null", "null 3 null 6"}));
  EXPECT_EQ(run("RETURN CASE 1 + 1 WHEN > 1 + 0 THEN CASE 5 WHEN < 3 THEN 'a' WHEN > CASE 4 WHEN > 3 THEN 4 END "
                "THEN 'b' END END"),
            (Rows{"'b'"}));
  // The operand is computed once, and only what is asked for.
  EXPECT_EQ(run("UNWIND range(1, 1000) AS i WITH CASE rand() WHEN < 0.5 THEN 1 WHEN >= 0.5 THEN 2 END AS x "
                "WHERE x IS NULL RETURN count(*)"),
            (Rows{"0"}));
  EXPECT_EQ(run("UNWIND [0, 1] AS x RETURN CASE x WHEN = 0 THEN 0 WHEN < 10 / x THEN 1 END"), (Rows{"0", "1"}));
  EXPECT_EQ(run("UNWIND [1, 2, 3] AS x RETURN CASE count(x) WHEN > 2 THEN sum(x) ELSE 0 END"), (Rows{"6"}));
  EXPECT_EQ(run({"CREATE (:A {v: 1})-[:R]->(:B {v: 2})",
                 "MATCH (n) RETURN CASE n.v WHEN = 1 THEN 'one' WHEN IN [(n)--(m) | m.v + 1] THEN 'two' END ORDER BY "
                 "n.v"}),
            (Rows{"'one'", "'two'"}));
  EXPECT_EQ(run({"CREATE (:A {v: 1})", "MATCH (n) WHERE CASE n.v WHEN > 0 THEN true END RETURN n.v"}), (Rows{"1"}));
  // Words that could be operators are names where no operand follows.
  EXPECT_EQ(
      run("WITH 1 AS in, 2 AS contains, 3 AS starts, 4 AS is RETURN CASE 1 WHEN in THEN 'a' WHEN contains THEN 'b' "
          "WHEN starts THEN 'c' WHEN is THEN 'd' END"),
      (Rows{"'a'"}));
  EXPECT_EQ(run("WITH 3 AS x ORDER BY CASE x WHEN > 2 THEN 1 END RETURN CASE x WHEN > 2 THEN 1 END AS y, count(*)"),
            (Rows{"1 1"}));
  EXPECT_EQ(run("EXPLAIN UNWIND [1] AS x RETURN CASE x WHEN > 3, IS NULL THEN 1 END AS y")[2],
            "'Project   CASE x WHEN _ > 3 THEN 1 WHEN _ IS NULL THEN 1 END AS y     1'");
  EXPECT_EQ(error("RETURN CASE WHEN > 3 THEN 1 END"), "SyntaxError.UnexpectedSyntax@>");
  EXPECT_EQ(error("RETURN CASE 1 WHEN > 3 AND true THEN 1 END"), "SyntaxError.UnexpectedSyntax@AND");
  EXPECT_EQ(error("RETURN CASE 1 WHEN STARTS 'a' THEN 1 END"), "SyntaxError.UnexpectedSyntax@STARTS");
}

// ---- clauses of GQL ----

TEST_F(LanguageTest, LetAndFilter) {
  EXPECT_EQ(run("UNWIND [1, 2, 3] AS x LET y = x * 2, z = x + 1 FILTER y > 2 LET w = y + z FILTER WHERE w <> 10 "
                "RETURN x, y, z, w"),
            (Rows{"2 4 3 7"}));
  EXPECT_EQ(run("LET x = 1 RETURN x"), (Rows{"1"}));
  EXPECT_EQ(run("FILTER false RETURN 1"), Rows{});
  EXPECT_EQ(run("UNWIND [1, 2] AS x CALL (x) { LET y = x FILTER y > 1 RETURN y } RETURN x, y"), (Rows{"2 2"}));
  EXPECT_EQ(run("WITH 1 AS let, 2 AS filter RETURN let + filter"), (Rows{"3"}));
  EXPECT_EQ(error("LET x = 1 LET x = 2 RETURN x"), "SyntaxError.VariableAlreadyBound@2");
  EXPECT_EQ(error("UNWIND [1] AS x LET y = count(x) RETURN y"), "SyntaxError.InvalidAggregation@count(x)");
  EXPECT_EQ(error("LET x = 1, y = x RETURN y"), "SyntaxError.UndefinedVariable@x");
  EXPECT_EQ(error("LET x = 1"), "SyntaxError.InvalidClauseComposition@LET x = 1");
  EXPECT_EQ(error("FILTER count(*) > 1 RETURN 1"), "SyntaxError.InvalidAggregation@count(*)");
}

TEST_F(LanguageTest, Insert) {
  EXPECT_EQ(run("INSERT (a:A {v: 1})-[:R]->(b:B:C), (:D) RETURN labels(b)"), (Rows{"['B', 'C']"}));
  EXPECT_EQ(run({"INSERT (a:A {v: 1})-[:R]->(b:B&C)", "MATCH (a:A) INSERT p = (a)-[:S]->(:D) RETURN length(p)"}),
            (Rows{"1"}));
  EXPECT_EQ(run("WITH 1 AS insert RETURN insert"), (Rows{"1"}));
}

TEST_F(LanguageTest, Next) {
  EXPECT_EQ(run("UNWIND [3, 1, 2] AS x RETURN x ORDER BY x LIMIT 2 NEXT UNWIND [10, 20] AS y RETURN x + y AS z NEXT "
                "RETURN sum(z) AS s"),
            (Rows{"66"}));
  EXPECT_EQ(run("RETURN 1 AS x NEXT CALL (*) { RETURN x + 1 AS y UNION RETURN x + 2 AS y } RETURN y ORDER BY y"),
            (Rows{"2", "3"}));
  EXPECT_EQ(error("MATCH (n) NEXT RETURN 1"), "SyntaxError.InvalidClauseComposition@NEXT");
  EXPECT_EQ(error("RETURN 1 AS x NEXT"), "SyntaxError.UnexpectedSyntax");
  EXPECT_EQ(error("RETURN 1 NEXT RETURN 2"), "SyntaxError.NoExpressionAlias@1");
  EXPECT_EQ(error("RETURN 1 AS x NEXT RETURN x UNION RETURN 2 AS x"), "SyntaxError.NotImplemented@NEXT");
}

// ---- calls ----

TEST_F(LanguageTest, OptionalCall) {
  const std::string graph = "CREATE (:A), (:B)";
  EXPECT_EQ(run({graph, "OPTIONAL CALL db.labels()"}), (Rows{"'A'", "'B'"}));
  EXPECT_EQ(run("OPTIONAL CALL db.labels() YIELD label RETURN label"), (Rows{"null"}));
  EXPECT_EQ(run("OPTIONAL CALL db.labels()"), (Rows{"null"}));
  EXPECT_EQ(
      run({graph, "UNWIND ['A', 'C'] AS x OPTIONAL CALL db.labels() YIELD label WHERE label = x RETURN x, label"}),
      (Rows{"'A' 'A'", "'C' null"}));
  EXPECT_EQ(run("UNWIND [1, 2] AS x OPTIONAL CALL (x) { WITH x WHERE x > 1 RETURN x * 2 AS y } RETURN x, y"),
            (Rows{"1 null", "2 4"}));
}

TEST_F(LanguageTest, ShowSomeFunctions) {
  const Rows all = run("SHOW FUNCTIONS YIELD name RETURN count(*)");
  EXPECT_EQ(run("SHOW BUILT IN FUNCTIONS YIELD name RETURN count(*)"), all);
  EXPECT_EQ(run("SHOW ALL FUNCTIONS EXECUTABLE BY CURRENT USER YIELD name RETURN count(*)"), all);
  EXPECT_EQ(run("SHOW USER DEFINED FUNCTIONS"), Rows{});
  EXPECT_EQ(run("SHOW BUILT IN FUNCTION WHERE name = 'abs'").size(), 1u);
  EXPECT_GT(run("SHOW PROCEDURES EXECUTABLE").size(), 5u);
  EXPECT_EQ(error("SHOW BUILT IN INDEXES"), "SyntaxError.UnexpectedSyntax@INDEXES");
}

// ---- ranges ----

TEST_F(LanguageTest, RangesAreNotMaterialized) {
  EXPECT_EQ(run("UNWIND range(1, 9223372036854775807) AS x RETURN x LIMIT 3"), (Rows{"1", "2", "3"}));
  EXPECT_EQ(run("UNWIND range(-9223372036854775808, 9223372036854775807) AS x RETURN x LIMIT 1"),
            (Rows{"-9223372036854775808"}));
  EXPECT_EQ(run("UNWIND range(9223372036854775805, 9223372036854775807) AS x RETURN x"),
            (Rows{"9223372036854775805", "9223372036854775806", "9223372036854775807"}));
  EXPECT_EQ(run("UNWIND [[1, 5, 2], [3, 1, -1], [2, 1, 1], [1, null, 1]] AS a UNWIND range(a[0], a[1], a[2]) AS x "
                "RETURN collect(x)"),
            (Rows{"[1, 3, 5, 3, 2, 1]"}));
  EXPECT_EQ(
      run("UNWIND [0, 1, 7, 8, 10, 1.0, 1.5, 'a', null] AS x RETURN collect(x IN range(1, 9223372036854775807, 3))"),
      (Rows{"[false, true, true, false, true, true, false, false]"}));
  EXPECT_EQ(run("RETURN null IN range(1, 2), null IN range(2, 1), 1 IN range(1, null), 4 IN range(9, 1, -5)"),
            (Rows{"null false null true"}));
  EXPECT_EQ(error("UNWIND range(1, 2, 0) AS x RETURN x"), "ArgumentError.NumberOutOfRange@range(1, 2, 0)");
  EXPECT_EQ(error("RETURN size(range(1, 9223372036854775807))"),
            "ResourceError.MemoryLimit@range(1, 9223372036854775807)");
}

TEST_F(LanguageTest, PropertiesThatAreAllEmptyTexts) {
  const std::filesystem::path path =
      std::filesystem::temp_directory_path() / ("entente_empty_" + std::to_string(getpid()));
  {
    Database database = Database::open(path);
    database.session().run("UNWIND range(1, 9000) AS x CREATE (:T {s: ''})").rows();
  }
  {
    Database database = Database::open(path);
    Session session = database.session();
    const auto first = [&](const std::string& text) { return session.run(text).rows().at(0)[0].to_literal(); };
    EXPECT_EQ(first("MATCH (t:T) WITH t.s AS s, count(*) AS n RETURN [s, n]"), "['', 9000]");
    EXPECT_EQ(first("MATCH (t:T) WHERE t.s CONTAINS '' AND t.s STARTS WITH '' AND t.s =~ 'a*' RETURN count(*)"),
              "9000");
    EXPECT_EQ(first("MATCH (t:T) RETURN [count(DISTINCT t.s), min(t.s), size(collect(t.s)), size(head(collect(t.s)))]"),
              "[1, '', 9000, 0]");
  }
  std::filesystem::remove_all(path);
}

TEST_F(LanguageTest, ListsThatForeachWalksThroughCountAsMemory) {
  Database database = Database::in_memory();
  Session session = database.session();
  session.set_timeout(std::chrono::seconds(30));
  session.set_memory_limit(5'000'000);  // for one of the lists, of 3.2 MB each
  session.run("WITH range(1, 200000) AS one RETURN size(one)").rows();
  try {
    session.run("FOREACH (x IN range(1, 200000) | FOREACH (y IN range(1, 200000) | MERGE (:A)))").rows();
    FAIL() << "it ended";
  } catch (const Error& e) {
    EXPECT_EQ(e.detail(), "MemoryLimit");
  }
}

TEST_F(LanguageTest, AnEndlessUnwindObeysTheTimeLimit) {
  Database database = Database::in_memory();
  Session session = database.session();
  session.set_timeout(std::chrono::milliseconds(50));
  session.set_memory_limit(64 << 20);
  try {
    session.run("UNWIND range(1, 9223372036854775807) AS x RETURN sum(x % 2)").rows();
    FAIL() << "it ended";
  } catch (const Error& e) {
    EXPECT_EQ(e.detail(), "Timeout");
  }
}

// ---- other words for the same ----

TEST_F(LanguageTest, InsertCreates) {
  EXPECT_EQ(run({"INSERT (a:A&B {v: 1})-[:R]->(b) RETURN labels(a), a.v", "MATCH (:A)-[:R]->() RETURN count(*)"}),
            (Rows{"1"}));
  EXPECT_EQ(run({"FOREACH (x IN [1, 2] | INSERT (:A {v: x}))", "MATCH (a:A) RETURN a.v ORDER BY a.v"}),
            (Rows{"1", "2"}));
  EXPECT_EQ(run({"WITH 1 AS insert RETURN insert + 1"}), (Rows{"2"}));
  EXPECT_EQ(error("INSERT (a)-[:R]-(b)"), "SyntaxError.RequiresDirectedRelationship@-[:R]-");
}

TEST_F(LanguageTest, LabelsAreSetAndRemovedByIs) {
  EXPECT_EQ(run({"CREATE (n:A) SET n IS B, n IS C:D REMOVE n IS A", "MATCH (n) RETURN labels(n)"}),
            (Rows{"['B', 'C', 'D']"}));
  EXPECT_EQ(run({"CREATE (n) SET n IS $($l) RETURN labels(n)"}, {{"l", Value("X")}}), (Rows{"['X']"}));
  EXPECT_EQ(error("CREATE (n) SET n IS"), "SyntaxError.UnexpectedSyntax");
  EXPECT_EQ(error("CREATE (n) SET n.a IS B"), "SyntaxError.UnexpectedSyntax@IS");
}

TEST_F(LanguageTest, NodetachDeletesWhatIsAlone) {
  EXPECT_EQ(run({"CREATE (:A)", "MATCH (a:A) NODETACH DELETE a", "MATCH (n) RETURN count(n)"}), (Rows{"0"}));
  EXPECT_EQ(error({"CREATE (:A)-[:R]->()", "MATCH (a:A) NODETACH DELETE a"}),
            "ConstraintVerificationFailed.DeleteConnectedNode@a");
}

}  // namespace
}  // namespace entente
