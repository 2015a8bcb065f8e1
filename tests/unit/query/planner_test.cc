// Plans: which operators, in which order, and that every pass leaves the answers alone.
#include "entente/query/plan/planner.h"

#include <algorithm>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plan_fixture.h"

namespace entente {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::UnorderedElementsAreArray;

class PlannerTest : public ::testing::Test, public PlanFixture {
 protected:
  PlannerOptions plain_ = without({"all"});

  std::string error_code(const std::string& text) {
    try {
      explain(text);
    } catch (const Error& e) {
      return e.code();
    }
    return "";
  }
};

// ---- the order of patterns ----

TEST_F(PlannerTest, StartsAtTheMostSelectiveNode) {
  const std::string plan =
      explain("MATCH (p:Person)-[:PARTICIPATED_IN]->(e:Event)<-[:PARTY_TO]-(c:Country {iso2: 'JP'}) RETURN p.name");
  EXPECT_THAT(plan, HasSubstr("IndexSeek  (c:Country) c.iso2 = 'JP'")) << plan;
  EXPECT_THAT(plan, HasSubstr("(c)-[:PARTY_TO]->(e)")) << plan;
  EXPECT_THAT(plan, HasSubstr("(e)<-[:PARTICIPATED_IN]-(p)")) << plan;
}

TEST_F(PlannerTest, StartsAtTheRarestLabel) {
  EXPECT_THAT(explain("MATCH (e:Event)-[:HELD_AT]->(f:Forum) RETURN e.year, f.name"), HasSubstr("(f:Forum)"));
  EXPECT_THAT(explain("MATCH (n:Event:Forum) RETURN n"), HasSubstr("NodeScan  (n:Forum)"));
}

TEST_F(PlannerTest, GoesOnFromBoundVariables) {
  EXPECT_EQ(operators("MATCH (c:Country {iso2: 'US'}) MATCH (p:Person)-[:CITIZEN_OF]->(c) RETURN p", plain_),
            "Argument NodeScan Filter Expand Filter Project Result");
}

TEST_F(PlannerTest, LooksUpAnIdFirst) {
  EXPECT_EQ(operators("MATCH (f:Forum)<-[:HELD_AT]-(e) WHERE id(e) = 45 RETURN f"),
            "Argument NodeById Expand Project Result");
}

TEST_F(PlannerTest, FindsDisconnectedPartsOneAfterTheOther) {
  EXPECT_EQ(operators("MATCH (a:Forum), (b:Country) RETURN a, b", plain_), "Argument NodeScan NodeScan Project Result");
}

TEST_F(PlannerTest, EndsACycleWithinBoundNodes) {
  const std::string plan = explain("MATCH (a:Country)-->(b)-->(c)-->(a) RETURN a", plain_);
  EXPECT_THAT(plan, HasSubstr("ExpandInto")) << plan;
  EXPECT_EQ(operators("MATCH (a)-->(a) RETURN a", plain_), "Argument NodeScan Expand Project Result");
}

TEST_F(PlannerTest, ChecksConditionsAsSoonAsTheirVariablesAreBound) {
  const std::string plan =
      explain("MATCH (f:Forum)<-[:HELD_AT]-(e:Event)<-[:PARTY_TO]-(c) WHERE e.year > 2021 AND c.iso2 = f.name RETURN c",
              plain_);
  EXPECT_EQ(
      operators("MATCH (f:Forum)<-[:HELD_AT]-(e)<-[:PARTY_TO]-(c) WHERE e.year > 2021 AND c.iso2 = f.name RETURN c",
                plain_),
      "Argument NodeScan Expand Filter Expand Unique Filter Project Result")
      << plan;
}

// ---- patterns ----

TEST_F(PlannerTest, KeepsRelationshipsDistinctWithinAMatchOnly) {
  EXPECT_EQ(operators("MATCH (a)-->(b)-->(c) RETURN a", plain_),
            "Argument NodeScan Expand Expand Unique Project Result");
  EXPECT_EQ(operators("MATCH (a)-->(b) MATCH (b)-->(c) RETURN a", plain_),
            "Argument NodeScan Expand Expand Project Result");
}

TEST_F(PlannerTest, ComparesABoundRelationshipWithTheOthersOfItsClause) {
  EXPECT_EQ(operators("MATCH ()-[r]->() MATCH (a)-[*0..1]-()-[r]-(b) RETURN a", plain_),
            "Argument NodeScan Expand BoundRelationship VarExpand Unique Project Result");
}

TEST_F(PlannerTest, ChecksAVariableLengthConditionOnTheWay) {
  const std::string plan = explain("MATCH (a:Forum)-[r* {role: 'host'}]-(b) RETURN b");
  EXPECT_THAT(plan, HasSubstr("each r.role = 'host'")) << plan;
}

TEST_F(PlannerTest, ReversesTheListOfAWalkFromTheRight) {
  const std::string plan = explain("MATCH (a)-[r:BROADER*1..3]->(b:Topic {name: 'topic 3'}) RETURN r", plain_);
  EXPECT_THAT(plan, HasSubstr("(b)<-[r:BROADER*1..3]-(a) reversed")) << plan;
}

TEST_F(PlannerTest, ListsRelationshipsAsWrittenWhereverItStarts) {
  const char* const from_left = "MATCH (a:Topic {name: 'topic 1'})-[r:BROADER*2]->(b) RETURN [x IN r | id(x)]";
  const char* const from_right = "MATCH (a)-[r:BROADER*2]->(b:Topic {name: 'topic 3'}) RETURN [x IN r | id(x)]";
  EXPECT_THAT(explain(from_right), HasSubstr("reversed"));
  EXPECT_EQ(rows(from_left), rows(from_right));
  EXPECT_EQ(rows("MATCH p = (a:Topic {name: 'topic 1'})-[:BROADER*2]->(b) RETURN [x IN relationships(p) | id(x)]"),
            rows(from_left));
  EXPECT_EQ(rows("MATCH p = (a)-[:BROADER*2]->(b:Topic {name: 'topic 3'}) RETURN [x IN relationships(p) | id(x)]"),
            rows(from_left));
}

TEST_F(PlannerTest, MatchesNothingFromANullNode) {
  EXPECT_THAT(rows("OPTIONAL MATCH (n:Nowhere) WITH n MATCH (n) RETURN n"), ElementsAre());
  EXPECT_THAT(rows("OPTIONAL MATCH (n:Nowhere) WITH n OPTIONAL MATCH (n) RETURN n"), ElementsAre("null"));
}

TEST_F(PlannerTest, PlansLongPatternsQuickly) {
  std::string text = "MATCH (n0)";
  for (int i = 1; i <= 500; ++i) text += "-[:BROADER]->(n" + std::to_string(i) + ")";
  EXPECT_THAT(operators(text + " RETURN n0"), HasSubstr("Expand Unique Expand Unique"));
}

TEST_F(PlannerTest, RefusesStatementsThatAreTooLong) {
  std::string text;
  for (int i = 0; i < 5'000; ++i) text += "MERGE (:Forum {name: 'x'}) ";
  EXPECT_EQ(error_code(text), "SyntaxError.StatementTooLong");
}

// ---- projections ----

TEST_F(PlannerTest, ProjectsTwiceWhereSortingReadsDroppedVariables) {
  EXPECT_EQ(operators("MATCH (e:Event) RETURN e.name AS name ORDER BY e.year", plain_),
            "Argument NodeScan Project Sort Project Result");
  EXPECT_EQ(operators("MATCH (e:Event) RETURN e.year AS year ORDER BY year", plain_),
            "Argument NodeScan Project Sort Result");
}

TEST_F(PlannerTest, FiltersByVariablesFromBeforeAWith) {
  EXPECT_THAT(rows("MATCH (c:Country) WITH c.iso2 AS code WHERE c.iso2 = 'JP' RETURN code"), ElementsAre("'JP'"));
}

TEST_F(PlannerTest, ComputesWithAggregates) {
  EXPECT_EQ(operators("MATCH (e:Event) RETURN e.year AS year, count(*) + 1 AS n", plain_),
            "Argument NodeScan Aggregate Project Result");
  EXPECT_THAT(rows("MATCH (e:Event) RETURN e.year, e.year + count(*) AS n ORDER BY n LIMIT 2"),
              ElementsAre("2020, 2032", "2021, 2033"));
  EXPECT_THAT(rows("MATCH (e:Event) RETURN min(e.year) + max(e.year) - min(e.year) AS n"), ElementsAre("2024"));
}

TEST_F(PlannerTest, GivesOneRowForAnAggregateOfNothing) {
  EXPECT_THAT(rows("MATCH (n:Nowhere) RETURN count(*), sum(n.x) + 1"), ElementsAre("0, 1"));
}

TEST_F(PlannerTest, JoinsUnionsByColumn) {
  EXPECT_EQ(operators("RETURN 1 AS x UNION RETURN 2 AS x"),
            "Union[Argument Project][Argument Project] Distinct Result");
  EXPECT_EQ(operators("RETURN 1 AS x UNION ALL RETURN 2 AS x"), "Union[Argument Project][Argument Project] Result");
  EXPECT_THAT(rows("UNWIND [1, 2, 2] AS x RETURN x UNION RETURN 3 AS x"), ElementsAre("1", "2", "3"));
}

// ---- subqueries ----

TEST_F(PlannerTest, PlansPatternPredicates) {
  const std::string plan = explain("MATCH (f:Forum) WHERE NOT (f)<-[:HELD_AT]-({year: 2020}) RETURN f");
  EXPECT_THAT(plan, HasSubstr("Subquery exists")) << plan;
  EXPECT_THAT(explain("MATCH (f:Forum) WHERE NOT (f)<-[:HELD_AT]-() RETURN f"),
              HasSubstr("CountScan  (f:Forum) times no (f)<-[:HELD_AT]-()"));
}

TEST_F(PlannerTest, RunsSubqueriesOfAllKinds) {
  EXPECT_THAT(rows("MATCH (c:Country) WHERE COUNT { (c)-[:PARTY_TO]->(e) WHERE e.year = 2020 } > 6 RETURN c.iso2"),
              UnorderedElementsAreArray(rows(
                  "MATCH (c:Country)-[:PARTY_TO]->(e {year: 2020}) WITH c, count(*) AS n WHERE n > 6 RETURN c.iso2")));
  EXPECT_THAT(rows("MATCH (t:Topic {name: 'topic 0'}) RETURN [(t)-[:BROADER]->(u) WHERE u.name <> 'x' | u.name]"),
              ElementsAre("['topic 1']"));
  EXPECT_THAT(rows("MATCH (t:Topic {name: 'topic 0'}) RETURN [p = (t)-[:BROADER*1..2]->() | length(p)]"),
              ElementsAre("[1, 2]"));
  EXPECT_THAT(rows("MATCH (f:Forum) WHERE EXISTS { MATCH (f)<-[:HELD_AT]-(e) WITH f, count(*) AS n WHERE n > 9 RETURN "
                   "true } RETURN count(f)"),
              ElementsAre("3"));
  EXPECT_THAT(rows("MATCH (t:Topic {name: 'topic 5'}) RETURN COLLECT { MATCH (t)-[:BROADER*]->(u) RETURN u.name ORDER "
                   "BY u.name DESC LIMIT 1 }"),
              ElementsAre("['topic 7']"));
  EXPECT_THAT(rows("MATCH (t:Topic {name: 'topic 5'}) RETURN [x IN [t] | size([(x)-->(y) | y])]"), ElementsAre("[1]"));
}

TEST_F(PlannerTest, MarksSubqueriesThatMixRows) {
  Statement statement = bound(
      "MATCH (f:Forum) RETURN EXISTS { MATCH (f)--(x) WITH count(x) AS n RETURN n } AS a, EXISTS { (f)--() } AS b");
  plan_statement(statement, graph());
  const auto& items = std::get<ProjectionClause>(statement.query->parts[0].clauses[1]).items;
  EXPECT_TRUE(items[0].expr->subquery_per_row);
  EXPECT_FALSE(items[1].expr->subquery_per_row);
  EXPECT_EQ(items[1].expr->kind, ExprKind::Subquery);
  EXPECT_EQ(items[1].expr->subquery_inputs.size(), 1u);
}

// ---- writing ----

TEST_F(PlannerTest, KeepsReadingAndWritingApart) {
  EXPECT_EQ(operators("MATCH (n:Forum) CREATE (:Forum)"), "Argument NodeScan Barrier Create Result");
  EXPECT_EQ(operators("UNWIND [1, 2] AS x CREATE (:Forum {x: x})"), "Argument Unwind Create Result");
  EXPECT_EQ(operators("CREATE (n:Forum) RETURN n LIMIT 0"), "Argument Create Barrier Project Limit Result");
  EXPECT_EQ(operators("CREATE (n:Forum) MERGE (m:Forum)"), "Argument Create Barrier Merge[Argument NodeScan] Result");
}

TEST_F(PlannerTest, WritesWhateverIsAskedForAfterwards) {
  rows("UNWIND range(1, 5) AS x CREATE (n:New {x: x}) RETURN n.x LIMIT 0");
  EXPECT_EQ(counters.nodes_created, 5u);
  EXPECT_THAT(rows("MATCH (f:Forum) CREATE (:Forum) RETURN count(*)"), ElementsAre("3"));
  EXPECT_THAT(rows("MATCH (f:Forum) DETACH DELETE f MERGE (g:Forum {name: 'new'}) RETURN g.name"),
              ElementsAre("'new'", "'new'", "'new'"));
}

TEST_F(PlannerTest, FinishesAClauseBeforeOneThatChangesTheSame) {
  EXPECT_EQ(operators("MATCH (a) SET a.x = 1 SET a.x = 2"), "Argument NodeScan Barrier Set Barrier Set Result");
  EXPECT_EQ(operators("MATCH (a)-->(b) CREATE (a)-[:R]->(b) DETACH DELETE b"),
            "Argument NodeScan Expand Barrier Create Barrier Delete Result");
  EXPECT_EQ(operators("CREATE (a:New) SET a.x = 1"), "Argument Create Set Result");
}

TEST_F(PlannerTest, JoinsConsecutiveCreates) {
  EXPECT_EQ(operators("CREATE (a:A) CREATE (b:B) CREATE (a)-[:R]->(b)"), "Argument Create Result");
  EXPECT_EQ(operators("CREATE (a:A {x: 1}) CREATE (b:B {x: a.x})"), "Argument Create Create Result");
  std::string text;
  for (int i = 0; i < 10'000; ++i) text += "CREATE (n" + std::to_string(i) + ":New {i: " + std::to_string(i) + "}) ";
  EXPECT_EQ(operators(text), "Argument Create Result");
}

TEST_F(PlannerTest, MergesPatterns) {
  EXPECT_EQ(operators("MATCH (c:Country {iso2: 'US'}) MERGE p = (c)<-[r:CITIZEN_OF]-(x:Person {name: 'new'}) RETURN p",
                      plain_),
            "Argument NodeScan Filter Barrier Merge[Argument Expand Filter Filter] BuildPath Barrier Project Result");
  rows("UNWIND [1, 2, 1] AS x MERGE (n:New {x: x})");
  EXPECT_EQ(counters.nodes_created, 2u);
}

TEST_F(PlannerTest, CallsProcedures) {
  EXPECT_EQ(operators("CALL test.labels()"), "Argument Call Result");
  EXPECT_EQ(operators("MATCH (f:Forum) CALL test.labels() YIELD label WHERE label <> 'x' RETURN f, label"),
            "Argument NodeScan Call Filter Project Result");
}

TEST_F(PlannerTest, KeepsClausesWithClausesInsideApart) {
  EXPECT_EQ(operators("MATCH (f:Forum) CALL (f) { MATCH (f)--(e) RETURN e } RETURN e", plain_),
            "Argument NodeScan Subquery[Argument Expand Project] Project Result");
  EXPECT_EQ(operators("MATCH (f:Forum) CALL (f) { CREATE (:N) } MATCH (n) RETURN n"),
            "Argument NodeScan Barrier Subquery[Argument Create] Barrier NodeScan Project Result");
  EXPECT_EQ(operators("MATCH (f:Forum) FOREACH (x IN [1] | SET f.v = x) RETURN f.v"),
            "Argument NodeScan Barrier Foreach[Argument Set] Barrier Project Result");
  EXPECT_EQ(operators("CREATE (a) FOREACH (x IN [1] | CREATE (a)-[:R]->(:N))"),
            "Argument Create Foreach[Argument Create] Result");
}

// ---- long chains ----

TEST_F(PlannerTest, LetsGoOfLongPlansWithoutRecursion) {
  PlanPtr plan;
  for (int i = 0; i < 1'000'000; ++i) plan = make_plan(BarrierOp{}, std::move(plan));
  plan.reset();
}

// ---- passes ----

TEST_F(PlannerTest, ListsItsPasses) {
  const std::vector<std::string_view> passes = optimizer_passes();
  EXPECT_THAT(passes, ElementsAre("join-matches", "fold-constants", "inline-calls", "measure-paths", "push-filters",
                                  "anti-join", "push-limits", "semi-expand", "run-once", "join-subqueries",
                                  "join-optional", "implied-labels", "node-by-id", "label-scans", "index-seek",
                                  "count-rows", "drop-uniqueness", "join-cycles", "exclude-ends", "unread-variables",
                                  "optional-count", "meet-ends", "reach-ends", "combine-rows", "push-distinct",
                                  "break-symmetry", "sum-ends", "count-scan", "sort-limit"));
}

const char* const kQuestions[] = {
    "MATCH (c:Country {iso2: 'US'})-[:PARTY_TO]->(e:Event)<-[:PARTY_TO]-(:Country {iso2: 'FR'}), "
    "(e)-[:HELD_AT]->(f:Forum) "
    "RETURN id(f), count(*) AS n ORDER BY n DESC, id(f)",
    "MATCH (a:Country)-[:PARTY_TO]->(e)<-[:PARTY_TO]-(b:Country) WHERE a.iso2 < b.iso2 RETURN a.iso2, b.iso2, count(e)",
    "MATCH (e:Event) WHERE e.year >= 2021 AND e.year < 2023 RETURN e.year, count(*)",
    "MATCH (e:Event) WITH e WHERE e.year = 2020 + 1 RETURN count(e)",
    "MATCH (p:Person)-[r:PARTICIPATED_IN {role: 'host'}]->(e) RETURN count(r), count(DISTINCT p)",
    "MATCH ()-[r]->() RETURN count(r)",
    "MATCH (a)--(b)--(c) RETURN count(*)",
    "MATCH (t:Topic)-[r:BROADER*0..3]->(u:Topic {name: 'topic 4'}) RETURN t.name, size(r), id(head(r)), id(last(r))",
    "MATCH (f:Forum) OPTIONAL MATCH (f)<-[:HELD_AT]-(e)<-[:PARTY_TO]-(c {iso2: 'DE'}) WHERE e.year > 2022 RETURN "
    "id(f), count(c)",
    "MATCH (p:Person) WHERE p.name STARTS WITH 'person 1' AND NOT (p)-[:CITIZEN_OF]->({iso2: 'US'}) RETURN p.name",
    "MATCH (f:Forum) OPTIONAL MATCH (f)<-[:HELD_AT]-(e) RETURN count(*)",
    "MATCH (f:Forum) OPTIONAL MATCH (f)-[:NOWHERE]->(e) RETURN count(e), count(*)",
    "MATCH p = (t:Topic)-[*]->(u {name: 'topic 7'}) RETURN length(p), t.name, [n IN nodes(p) | n.name]",
    "MATCH ()-[r:BROADER]->() MATCH (a)-[*0..1]-()-[r]-()-[*0..1]-(b) RETURN a.name, b.name",
    "MATCH (a)-[r1:BROADER]->()-[r2:BROADER]->(b) WITH [r1, r2] AS rs MATCH (c)-[rs*]->(d) RETURN c.name, d.name",
    "MATCH (n) WHERE id(n) = 7 RETURN n.name",
    "MATCH (n:Country) WHERE id(n) = 7.0 RETURN n.name",
    "MATCH (e:Event) WITH e.year AS year, e WHERE year = 2022 AND e.year > 2000 RETURN count(*)",
    "MATCH p = (f:Forum)<-[:HELD_AT]-()-[:DISCUSSED]->(t) WITH p, t WHERE t.name = 'topic 1' RETURN length(p), "
    "count(p)",
    "MATCH (e:Event) RETURN id(e) ORDER BY e.year DESC, id(e) SKIP 3 LIMIT 4",
    "UNWIND [1, null, 3] AS x OPTIONAL MATCH (e:Event {year: 2020 + x}) RETURN x, count(e)",
    "MATCH (a:Country), (b:Country) WHERE a.iso2 = 'US' AND b.iso2 = a.iso2 RETURN count(*)",
    "MATCH (p:Person {name: null}) RETURN p",
    "MATCH (e:Event) WHERE e.year = 0.0 / 0.0 RETURN e",
    "MATCH (a:Country) WITH a AS b, a.iso2 AS x WHERE b.iso2 = 'IN' RETURN x UNION ALL MATCH (f:Forum) RETURN id(f) AS "
    "x",
    "MATCH (p:Person) OPTIONAL MATCH (p)-[r:PARTICIPATED_IN]->(e:Event {year: 2021}) WITH p, e WHERE e IS NULL RETURN "
    "p.name, e",
    "MATCH (f:Forum) OPTIONAL MATCH (f)<-[:HELD_AT]-(e) WITH f, e WHERE e IS NULL AND f.name IS NULL RETURN count(*)",
    "MATCH (e:Event)-[:HELD_AT]->(f:Forum), (e)<-[:PARTY_TO]-(c:Country:Country) RETURN id(f), count(c)",
    "MATCH (e:Event)-[:HELD_AT]->(f:Topic) RETURN count(*)",
    "MATCH (p:Person), (e:Event) WHERE NOT (p)-[:PARTICIPATED_IN]->(e) RETURN p.name, count(e)",
    "MATCH (p:Person) WHERE EXISTS { (p)-[:PARTICIPATED_IN]->() } AND NOT EXISTS { (p)--(:Country {iso2: 'US'}) } "
    "RETURN p.name",
    "OPTIONAL MATCH (n:Nowhere) WITH n WHERE NOT (n)-[:HELD_AT]->() RETURN n",
    "OPTIONAL MATCH (n:Nowhere) WITH n MATCH (f:Forum) WHERE NOT (n)-[:HELD_AT]->(f) RETURN id(f)",
    "OPTIONAL MATCH (n:Nowhere) OPTIONAL MATCH (n)-[:HELD_AT]->() RETURN count(*)",
    "MATCH (a:Country)-[:PARTY_TO]->(e:Event)<-[:PARTY_TO]-(b) WHERE a <> b RETURN a.iso2, count(*)",
    "MATCH (a)-[:BROADER]-(b)-[:BROADER]-(c)-[:BROADER]-(d) WHERE a <> c AND b <> d AND a <> d RETURN count(*)",
    "MATCH (a:Topic)-[:BROADER]-(b), (a)-[:BROADER]-(c) WHERE c <> a AND c <> b RETURN a.name, count(*)",
    "MATCH (e:Event) OPTIONAL MATCH (e)-[:DISCUSSED]->(t) OPTIONAL MATCH (e)<-[:PARTY_TO]-() RETURN count(*)",
    "MATCH (a)-[:PARTY_TO]->(e)<-[:PARTY_TO]-(b)-[:PARTY_TO]->(f)<-[:PARTY_TO]-(c)-[:PARTY_TO]->(g) RETURN count(*)",
    "MATCH (a)-[:PARTY_TO]->(e) MATCH (e)<-[:PARTY_TO]-(b) MATCH (b)-[:PARTY_TO]->(f) MATCH (f)<-[:PARTY_TO]-(c) MATCH "
    "(c)-[:PARTY_TO]->(g) RETURN g.year, count(*), sum(g.year), count(DISTINCT g)",
    "MATCH (t:Topic {name: 'topic 1'})-[:BROADER|DISCUSSED*2..4]-(u) RETURN DISTINCT u",
    "MATCH (t:Topic)-[:BROADER*0..3]-(u:Topic) RETURN t.name, count(DISTINCT u), min(u.name)",
    "MATCH (t:Topic)-[:BROADER*0..3]-(u:Topic) RETURN t.name, count(DISTINCT u), count(u)",
    "MATCH (t:Topic) WHERE EXISTS { (t)-[:BROADER*2..]-({name: 'topic 3'}) } RETURN t.name",
    "MATCH (f:Forum) OPTIONAL MATCH (f)-[:HELD_AT|DISCUSSED*2..3]-(t:Topic) RETURN DISTINCT id(f), t.name",
    "MATCH (c:Country {iso2: 'US'}) CALL (c) { MATCH (c)-[:PARTY_TO*2]-(d) RETURN d UNION MATCH (c)<-[*1..2]-(d) "
    "RETURN d } RETURN count(DISTINCT d)",
    "MATCH (t:Topic)-[:BROADER*1..3]-(u) WITH DISTINCT t, u LIMIT 1000 RETURN count(*)",
    "MATCH (t:Topic)-[:BROADER*1..3]-(u) WITH t, u LIMIT 1000 RETURN count(DISTINCT u)",
    "MATCH (t:Topic) WITH t ORDER BY t.name DESC MATCH (t)-[:BROADER*1..3]-(u) RETURN DISTINCT u",
    // the way back of a cycle, with relationships that may be those of the way there
    "MATCH (a:Country)-[:PARTY_TO]->(e:Event)-[:DISCUSSED]->(t)<-[:DISCUSSED]-(f:Event)<-[:PARTY_TO]-(a) RETURN "
    "count(*)",
    "MATCH (a:Topic)-[:BROADER]->(b)-[:BROADER]->(c)-[:BROADER]->(d)-[:BROADER]->(a) RETURN count(*)",
    "MATCH (a)-[:BROADER]->(b)<-[:BROADER]-(c)-[:BROADER]->(d)<-[:BROADER]-(a) RETURN a.name, count(*)",
    "MATCH (a)-[:PARTY_TO]->(e)-[:HELD_AT]->(f)<-[:HELD_AT]-(g)<-[:PARTY_TO]-(a) WHERE g.year > 2020 RETURN a.iso2, "
    "f.name, "
    "count(*)",
    // paths that are only measured
    "MATCH p = (t:Topic)-[r:BROADER*]-(u) RETURN t.name, max(length(p)), sum(size(r)), count(*)",
    "MATCH p = (t:Topic)-[r:BROADER*]-(u)<-[:DISCUSSED]-() WHERE length(p) <= 3 RETURN t.name, length(p), count(r)",
    "MATCH p = ()-[:DISCUSSED]->(t:Topic)-[:BROADER*0..]-(u) WHERE 3 > length(p) RETURN u.name, length(p), count(*)",
    "MATCH p = (t:Topic)-[:BROADER*]-(u) WHERE length(p) >= 2 AND 5 >= length(p) RETURN count(*), sum(length(p))",
    "MATCH p = (t:Topic)-[:BROADER*]-(u) WHERE length(p) = 3 AND length(p) <> 2 RETURN t.name, u.name, length(p)",
    "MATCH p = (t:Topic)-[:BROADER*2..]-(u) WHERE 4 < length(p) RETURN count(*), min(length(p))",
    "MATCH p = (t:Topic)-[r:BROADER*2..4]-(u) WHERE length(p) < 2 RETURN count(*)",
    "MATCH p = (t:Topic)-[r:BROADER*..2]-(u) WHERE length(p) > 2 OR size(r) = 1 RETURN count(*)",
    "MATCH p = (t:Topic)-[:BROADER*]-(u) WHERE length(p) < -9223372036854775808 RETURN count(*)",
    "MATCH p = (t:Topic)-[:BROADER*]-(u) WHERE length(p) > 9223372036854775807 RETURN count(*)",
    "MATCH p = (t:Topic)-[:BROADER*]-(u) WHERE length(p) <= 9223372036854775807 RETURN count(*)",
    "MATCH p = (t:Topic)-[:BROADER*]-(u) WHERE length(p) < 2.5 RETURN count(*)",
    "MATCH p = (a:Topic)-[r:BROADER*0..3]-(b)--(c)-[s*1..3]-(d:Topic) WHERE length(p) = 4 RETURN size(r), size(s), "
    "count(*)",
    "MATCH p = (a:Topic)-[r:BROADER*]-(b)-[s:BROADER*]-(d:Topic) WHERE size(r) < 3 AND length(p) <= 4 RETURN size(s), "
    "count(p)",
    "MATCH p = (t:Topic)-[r:BROADER*1..2]-(u) WHERE length(p) = 2 RETURN p, r, length(p), size(r)",
    "MATCH (f:Forum) OPTIONAL MATCH p = (f)-[:HELD_AT|DISCUSSED*2..3]-(t:Topic) WHERE length(p) > 2 RETURN id(f), "
    "length(p), count(*)",
    "MATCH (t:Topic) WHERE EXISTS { MATCH p = (t)-[:BROADER*]-() WHERE length(p) = 4 } RETURN t.name",
    "MATCH (t:Topic) WITH [t, null] AS ts UNWIND ts AS u OPTIONAL MATCH p = (u)-[:BROADER]-() RETURN u.name, length(p)",
    "MATCH p = (t:Topic)-[:BROADER*]-(u) WITH p, t LIMIT 1000 WHERE length(p) < 3 RETURN count(*), sum(length(p))",
    "OPTIONAL MATCH (n:Nowhere) OPTIONAL MATCH p = (n) RETURN length(p)",
    // subqueries for all rows at once
    "MATCH (p:Person) WHERE EXISTS { (p)-[:PARTICIPATED_IN]->(e:Event)-[:HELD_AT]->(f:Forum) WHERE e.year > 2022 } "
    "RETURN p.name",
    "MATCH (p:Person) WHERE NOT EXISTS { (p)-[:PARTICIPATED_IN]->(:Event {year: 2021})-[:DISCUSSED]->(:Topic {name: "
    "'topic 1'}) } RETURN p.name",
    "MATCH (p:Person) WHERE p.name = 'person 3' OR EXISTS { (p)-[:CITIZEN_OF]->()-[:PARTY_TO]->({year: 2020}) } RETURN "
    "p.name",
    "MATCH (p:Person) RETURN p.name, COUNT { (p)-[:PARTICIPATED_IN]->()-[:DISCUSSED]->(t) WHERE t.name > 'topic 2' } "
    "ORDER BY p.name DESC LIMIT 7",
    "MATCH (c:Country), (t:Topic) WHERE EXISTS { (c)-[:PARTY_TO]->({year: 2022})-[:DISCUSSED]->(t) } RETURN c.iso2, "
    "t.name",
    "MATCH (c:Country), (t:Topic) RETURN c.iso2, t.name, COUNT { (c)-[:PARTY_TO]->()-[:DISCUSSED]->(t) }",
    "MATCH (a:Country) OPTIONAL MATCH (a)-[:PARTY_TO]->(e {year: 1999}) RETURN a.iso2, COUNT { "
    "(e)-[:DISCUSSED]->()-[:BROADER]->() }",
    "MATCH (a:Country) RETURN a.iso2, COUNT { (a)-[:PARTY_TO]->(e)<-[:PARTY_TO]-(b) WHERE a <> b }, COUNT { "
    "(a)--()--(a) }",
    "MATCH (a:Topic) WHERE EXISTS { (a)-[:BROADER*2..3]-(b)<-[:DISCUSSED]-({year: 2020}) } RETURN a.name",
    "MATCH (a:Topic) RETURN a.name, COUNT { (a)-[r:BROADER*2..3]-(b)-[s:BROADER]-(c) }",
    "MATCH (a:Country) WHERE EXISTS { (a)-[:PARTY_TO]->(e) WHERE NOT EXISTS { (e)-[:HELD_AT]->()<-[:HELD_AT]-({year: "
    "2023}) } } RETURN a.iso2",
    "MATCH (p:Person) WHERE EXISTS { (p)-[:PARTICIPATED_IN]->(e), (q:Topic {name: 'topic 3'})<-[:DISCUSSED]-(e) } "
    "RETURN sum(COUNT { (p)-[:PARTICIPATED_IN]->()-->() })",
    // matches that are only counted
    "MATCH (f:Forum) OPTIONAL MATCH (f)<-[:HELD_AT]-(e)<-[:PARTY_TO]-(c) RETURN id(f), count(c), count(*), count(e)",
    "MATCH (c:Country) OPTIONAL MATCH (c)-[:PARTY_TO]->(e) WHERE e.year > 2023 WITH c, count(e) AS n ORDER BY n DESC, "
    "c.iso2 LIMIT 3 RETURN c.iso2, n",
    "MATCH (f:Forum), (c:Country) OPTIONAL MATCH (f)<-[:HELD_AT]-(e)<-[:PARTY_TO]-(c) WHERE e.year < 2022 RETURN "
    "id(f), "
    "c.iso2, count(e), sum(id(f)), max(c.iso2)",
    "MATCH (p:Person) OPTIONAL MATCH (p)-[:PARTICIPATED_IN]->(e)-[:HELD_AT]->(f) WHERE e.year = 2022 WITH p, e, f "
    "WHERE "
    "f IS NOT NULL OR p.name < 'person 2' RETURN count(e), count(*)",
    "MATCH (p:Person) OPTIONAL MATCH (p)-[:PARTICIPATED_IN]->(e)-[:HELD_AT]->(f) RETURN p.name, count(e), min(e.year)",
    "MATCH (p:Person) OPTIONAL MATCH (p)-[r:CITIZEN_OF]->(c) RETURN p.name, count(c), count(r), count(*)",
    "MATCH (p:Person) OPTIONAL MATCH (p)-[r:HELD_AT]->(c) WITH p, c AS d WHERE d IS NULL RETURN count(p), count(d)",
    "MATCH (e:Event), (f:Forum) OPTIONAL MATCH (e)-[r:HELD_AT]->(f) RETURN id(f), count(r), count(e)",
    // calls
    "MATCH (c:Country) CALL (c) { MATCH (c)-[:PARTY_TO]->(e) WHERE e.year = 2021 RETURN e AS x, e.year + 1 AS y } "
    "RETURN c.iso2, id(x), y",
    "MATCH (c:Country) CALL (c) { MATCH (c)-[:PARTY_TO]->(e) WITH e, e.year AS y WHERE y > 2022 RETURN y } RETURN "
    "c.iso2, y",
    "MATCH (c:Country) CALL (c) { MATCH (c)-[:PARTY_TO]->(e)-[:HELD_AT]->(f) RETURN count(*) AS n } RETURN c.iso2, n",
    "MATCH (c:Country) CALL (c) { MATCH (c)-[:PARTY_TO]->(e {year: 2022})-[:HELD_AT]->(f) RETURN count(DISTINCT f) AS "
    "n, sum(e.year) AS s, min(e.year) AS m, avg(e.year) AS a, collect(DISTINCT e.year) AS l } RETURN c.iso2, n, s, m, "
    "a, l",
    "MATCH (c:Country) CALL (c) { MATCH (c)-[:NOWHERE]->(e) RETURN count(e) + 1 AS n, collect(e) AS l, max(e.x) AS m, "
    "sum(e.x) AS s } RETURN c.iso2, n, l, m, s",
    "MATCH (c:Country) CALL (c) { MATCH (c)-[:NOWHERE]->(e) RETURN stdev(e.x) AS d, count(*) AS n } RETURN c.iso2, d, "
    "n",
    "MATCH (c:Country) OPTIONAL CALL (c) { MATCH (c)-[:PARTY_TO]->(e {year: 2024}) RETURN e } RETURN c.iso2, id(e)",
    "MATCH (c:Country) OPTIONAL CALL (c) { MATCH (c)-[:NOWHERE]->(e) RETURN e, 1 AS one } RETURN c.iso2, e, one",
    "MATCH (c:Country) CALL (c) { MATCH (c)-[:PARTY_TO]->(e) RETURN e ORDER BY id(e) LIMIT 2 } RETURN c.iso2, id(e)",
    "MATCH (c:Country) CALL (c) { MATCH (c)-[:PARTY_TO]->(e) RETURN e.year AS y, count(*) AS n } RETURN c.iso2, y, n",
    "MATCH (c:Country) CALL (c) { WITH c AS d RETURN d.iso2 AS x, d } RETURN c.iso2, x, d",
    // what is the same for all rows
    "MATCH (c:Country) CALL () { MATCH (t:Topic) WHERE t.name > 'topic 5' RETURN t.name AS t } RETURN c.iso2, t",
    "MATCH (c:Country) CALL () { MATCH (t:Topic) RETURN count(t) AS n } RETURN c.iso2, n",
    "MATCH (c:Country) OPTIONAL CALL () { MATCH (t:Nowhere) RETURN t } RETURN c.iso2, t",
    "MATCH (c:Country) CALL () { MATCH (t:Nowhere) RETURN t } RETURN c.iso2, t",
    "MATCH (c:Country) WHERE COUNT { (:Event {year: 2022}) } > 3 AND EXISTS { (:Forum) } RETURN c.iso2, COLLECT { "
    "MATCH "
    "(t:Topic) WHERE t.name < 'topic 2' RETURN t.name ORDER BY t.name }",
};

class PassesTest : public PlannerTest, public ::testing::WithParamInterface<const char*> {};

TEST_P(PassesTest, LeaveTheAnswersAlone) {
  const auto sorted = [](std::vector<std::string> rows) {
    std::sort(rows.begin(), rows.end());
    return rows;
  };
  const std::vector<std::string> expected = sorted(rows(GetParam(), plain_));
  EXPECT_EQ(sorted(rows(GetParam())), expected) << explain(GetParam());
  EXPECT_EQ(sorted(rows(GetParam(), eager())), expected) << explain(GetParam(), eager());
  for (std::string_view pass : optimizer_passes()) {
    EXPECT_EQ(sorted(rows(GetParam(), only(pass, true))), expected) << pass << "\n"
                                                                    << explain(GetParam(), only(pass, true));
    EXPECT_EQ(sorted(rows(GetParam(), without({std::string(pass)}))), expected) << "without " << pass;
  }
}

INSTANTIATE_TEST_SUITE_P(Questions, PassesTest, ::testing::ValuesIn(kQuestions));

TEST_F(PlannerTest, FindsEachEndOnceOnlyWhereNobodyCountsPaths) {
  const std::string walk = "MATCH (t:Topic {name: 'topic 1'})-[r:BROADER*1..3]-(u) ";
  EXPECT_THAT(explain(walk + "RETURN DISTINCT u"), HasSubstr("ReachTogether"));
  EXPECT_THAT(explain(walk + "RETURN t, count(DISTINCT u)"), HasSubstr("ReachExpand"));
  EXPECT_THAT(explain(walk + "RETURN max(u.name), collect(DISTINCT u.name)"), HasSubstr("ReachTogether"));
  EXPECT_THAT(explain("MATCH (t:Topic) WHERE EXISTS { (t)-[:BROADER*2..]->(:Event) } RETURN t"),
              HasSubstr("ReachExpand"));
  EXPECT_THAT(explain("MATCH (t:Topic) WITH t ORDER BY t.name MATCH (t)-[:BROADER*2]->(u) RETURN DISTINCT u"),
              HasSubstr("ReachExpand"));
  EXPECT_THAT(explain("UNWIND [1, 2] AS x MATCH (t)-[:BROADER* {y: x}]->(u) RETURN DISTINCT u"),
              HasSubstr("ReachExpand"));
  for (const char* counted :
       {"RETURN u", "RETURN DISTINCT r", "RETURN DISTINCT u, size(r)", "RETURN count(u)",
        "RETURN count(DISTINCT u), sum(u.x)", "WITH u LIMIT 3 RETURN DISTINCT u", "WITH u SKIP 3 RETURN DISTINCT u",
        "WITH u, rand() AS x WHERE x < 0.5 RETURN DISTINCT u", "WITH u CREATE (:Seen) RETURN DISTINCT u",
        "WITH u WHERE COUNT { (u)--() WHERE rand() < 0.5 } > 0 RETURN DISTINCT u"}) {
    EXPECT_THAT(explain(walk + counted), HasSubstr("VarExpand")) << counted;
  }
  EXPECT_THAT(explain("MATCH (t:Topic)-[:BROADER*1..1]-(u) RETURN DISTINCT u"), HasSubstr("VarExpand"));
}

TEST_F(PlannerTest, JoinsSubqueriesWhereThatIsLessWork) {
  const std::string far = "EXISTS { (p)-[:PARTICIPATED_IN]->(e:Event)-[:DISCUSSED]->(t:Topic {name: 'topic 1'}) }";
  EXPECT_THAT(explain("MATCH (p:Person) WHERE " + far + " RETURN p", eager()), HasSubstr("SemiJoin"));
  EXPECT_THAT(explain("MATCH (p:Person) WHERE NOT " + far + " RETURN p", eager()), HasSubstr("AntiJoin"));
  EXPECT_THAT(explain("MATCH (p:Person) WHERE p.name = '' OR " + far + " RETURN p", eager()), HasSubstr("CountJoin"));
  EXPECT_THAT(explain("MATCH (p:Person) WHERE " + far + " RETURN p"), Not(HasSubstr("SemiJoin")))  // so few rows
      << "not worth the planning";
  for (const char* other : {
           "MATCH (p:Person) WHERE EXISTS { (p)-->(e)-->(f) WHERE 1 / e.year > 0 } RETURN p",  // may fail
           "MATCH (p:Person) WHERE EXISTS { (p)-->(e)-->(f) WHERE rand() < 0.5 } RETURN p",    // another each time
           "MATCH (p:Person) WHERE EXISTS { (p)-->(e)-->(f) } SET p.seen = true",              // writes
           "MATCH (p:Person), (t:Topic) WHERE EXISTS { (p)-->(e)-->(f) WHERE e.x = t.x } RETURN p",  // t: no part of it
           "MATCH (p:Person) WHERE EXISTS { MATCH (p)-->(e)-->(f) RETURN f LIMIT 3 } RETURN p",
           "UNWIND [1, 2] AS x MATCH (p:Person) WHERE EXISTS { (p)-->(e)-->(f) WHERE e.x = x } RETURN p",
           "MATCH (p:Person) RETURN [x IN [p] WHERE EXISTS { (x)-->()-->() }]",  // of a list
       }) {
    EXPECT_THAT(explain(other, eager()), Not(HasSubstr("Join"))) << other;
  }
}

TEST_F(PlannerTest, FindsForNullWhatTheSubqueryFindsWithoutIt) {
  for (const char* text : {
           "OPTIONAL MATCH (p:Nope) CALL (p) { OPTIONAL MATCH (p)--() RETURN count(*) AS c } RETURN c",
           "OPTIONAL MATCH (p:Nope) RETURN COUNT { MATCH (x:Topic)-[:BROADER]->(y) WHERE NOT (p)--() } AS c",
           "OPTIONAL MATCH (p:Nope) RETURN COUNT { MATCH (x:Topic)-[:BROADER]->(y) WHERE NOT (p)--(y) } AS c",
           "OPTIONAL MATCH (p:Nope) RETURN EXISTS { MATCH (x:Topic)-[:BROADER]->(y) WHERE NOT (p)--(y) } AS c",
       }) {
    EXPECT_EQ(rows(text, eager()), rows(text, without({"all"}))) << text;
  }
}

TEST_F(PlannerTest, JoinsAnOptionalMatchOnlyIfNobodyReadsWhatItFinds) {
  const std::string match =
      "MATCH (f:Forum), (c:Country) OPTIONAL MATCH (f)<-[:HELD_AT]-(e)<-[:PARTY_TO]-(c) WHERE e.year > 2020 ";
  for (const char* counted :
       {"RETURN f, c, count(e)", "RETURN count(*)", "WITH f, e WHERE e IS NOT NULL RETURN f, count(e)",
        "WITH f, e AS x RETURN f, count(x)", "RETURN f, c"}) {
    EXPECT_THAT(explain(match + counted, eager()), HasSubstr("OptionalJoin")) << counted;
  }
  for (const char* read :
       {"RETURN e", "RETURN count(DISTINCT e)", "RETURN count(e.year)", "RETURN e IS NULL, max(e)",
        "WITH f, e MATCH (e)-->(x) RETURN count(x)", "RETURN e AS k, count(*)", "WITH f, e ORDER BY e RETURN count(*)",
        "WITH DISTINCT f, e RETURN count(*)", "WITH f, e WHERE EXISTS { (e)-->() } RETURN count(*)"}) {
    EXPECT_THAT(explain(match + read, eager()), Not(HasSubstr("OptionalJoin"))) << read;
  }
}

TEST_F(PlannerTest, InlinesCalls) {
  EXPECT_EQ(operators("MATCH (c:Country) CALL (c) { MATCH (c)-[:PARTY_TO]->(e) RETURN e } RETURN c, e"),
            "Argument NodeScan Expand Project Project Result");
  const std::string counted =
      explain("MATCH (c:Country) CALL (c) { MATCH (c)-[:PARTY_TO]->(e) RETURN count(e) AS n } RETURN c, n");
  EXPECT_THAT(counted, HasSubstr("Subquery count")) << counted;
  EXPECT_EQ(operators("MATCH (c:Country) CALL (c) { MATCH (c)-[:PARTY_TO]->(e) RETURN max(e.year) AS y } RETURN c, y"),
            "Argument NodeScan Optional[Argument Expand Aggregate] Project Project Result");
  EXPECT_THAT(explain("MATCH (c:Country) CALL (c) { MATCH (c)-->(e) RETURN e LIMIT 1 } RETURN c, e"),
              HasSubstr("Call "));
  EXPECT_THAT(explain("MATCH (c:Country) CALL (c) { CREATE (e:E) RETURN e } RETURN c, e"), HasSubstr("Call "));
  EXPECT_THAT(explain("CALL () { MATCH (e:Event) RETURN e } RETURN e"), Not(HasSubstr("Call")));
}

TEST_F(PlannerTest, ComputesOnlyForRowsBelowALimit) {
  const std::string count = "COUNT { (p)-->() } AS c";
  EXPECT_EQ(operators("MATCH (p:Person) RETURN p.name, " + count + " LIMIT 3", PlanFixture::only("push-limits")),
            "Argument NodeScan Limit Project Result");
  EXPECT_EQ(operators("MATCH (p:Person) RETURN p.name AS name, " + count + " ORDER BY name SKIP 1 LIMIT $n",
                      PlanFixture::only("push-limits")),
            "Argument NodeScan Project Sort Skip Limit Project Result");
  EXPECT_EQ(operators("MATCH (p:Person) WITH p SKIP 2 LIMIT 3 OPTIONAL MATCH (p)-->(e) RETURN p, e LIMIT 2",
                      PlanFixture::only("push-limits")),
            "Argument NodeScan Skip Limit Project Optional[Argument Expand] Limit Project Result");
  for (const char* other : {
           "MATCH (p:Person) RETURN 1 / p.age AS x LIMIT 1",                         // may fail
           "MATCH (p:Person) RETURN p.age AS a, 1 / p.age AS x ORDER BY a LIMIT 1",  // the same
           "UNWIND [{}] AS p RETURN p.age AS x LIMIT 1",                             // may be of what has no properties
           "MATCH (p:Person) SET p.seen = true RETURN p.name LIMIT 1",
       }) {
    const std::string plan = explain(other, PlanFixture::only("push-limits"));
    EXPECT_GT(plan.find("Project"), plan.find("Limit")) << plan;
  }
  for (const char* other : {
           "MATCH (p:Person) OPTIONAL MATCH (p)-->(e) WHERE 1 / e.year = 1 RETURN p LIMIT 1",
           "MATCH (p:Person) UNWIND [1, 2] AS x RETURN p LIMIT 1",  // may be no row
       }) {
    const std::string plan = explain(other, PlanFixture::only("push-limits"));
    EXPECT_EQ(plan.find("Limit"), plan.rfind("Limit")) << plan;
  }
}

TEST_F(PlannerTest, DropsEqualRowsEarlyOnlyWhereNobodyCountsThem) {
  const std::string way =
      "MATCH (c:Country) MATCH (c)-[:PARTY_TO]->(e) MATCH (e)-[:DISCUSSED]->(t) MATCH (t)-[:BROADER]->(u) ";
  const PlannerOptions eagerly = PlanFixture::only("push-distinct", true);
  EXPECT_THAT(operators(way + "RETURN DISTINCT c, u", eagerly), HasSubstr("Expand Distinct Expand"));
  EXPECT_THAT(operators(way + "RETURN c.iso2, count(DISTINCT u)", eagerly), HasSubstr("Expand Distinct Expand"));
  EXPECT_THAT(operators(way + "RETURN DISTINCT c, u", PlanFixture::only("push-distinct")),
              Not(HasSubstr("Expand Distinct Expand")));  // so few rows
  for (const char* counted : {"RETURN c, u", "RETURN c, count(u)", "WITH c, u LIMIT 3 RETURN DISTINCT c, u",
                              "WITH c, u, rand() AS x WHERE x < 0.5 RETURN DISTINCT c, u"}) {
    EXPECT_THAT(operators(way + counted, eagerly), Not(HasSubstr("Expand Distinct"))) << counted;
  }
}

TEST_F(PlannerTest, RunsOnceWhatIsTheSameForAllRows) {
  EXPECT_THAT(explain("MATCH (c:Country) WHERE EXISTS { (:Event {year: 2020})-->(:Forum) } RETURN c"),
              HasSubstr("Subquery exists once"));
  EXPECT_THAT(explain("MATCH (c:Country) WHERE EXISTS { (c)-->()-->() } RETURN c"), Not(HasSubstr("once")));
  EXPECT_THAT(explain("MATCH (c:Country) WHERE EXISTS { (x) WHERE rand() > 0.5 } RETURN c"), Not(HasSubstr("once")));
  EXPECT_THAT(explain("MATCH (c:Country) WHERE EXISTS { (:Event) } CREATE (c)-[:X]->(:Event)"), Not(HasSubstr("once")));
  EXPECT_THAT(explain("MATCH (c:Country) CALL () { MATCH (e:Event {x: 1})-->(:Forum) RETURN e } RETURN c, e", eager()),
              HasSubstr("CallOnce"));
  EXPECT_THAT(explain("MATCH (c:Country) CALL () { MATCH (e) RETURN e } RETURN c, e"), HasSubstr("Call "));
}

TEST_F(PlannerTest, EstimatesEveryOperator) {
  Statement statement = bound("MATCH (e:Event)-[:HELD_AT]->(f:Forum) RETURN f, count(*) ORDER BY f LIMIT 2");
  const PlanPtr plan = plan_statement(statement, graph());
  for (const Plan* at = plan.get(); at != nullptr; at = at->input.get()) EXPECT_GT(at->estimated_rows, 0);
  EXPECT_THAT(explain("MATCH (e:Event)-[:HELD_AT]->(f) RETURN e", plain_),
              HasSubstr("(e)-[anon_1:HELD_AT]->(f)    30\n"));
}

}  // namespace
}  // namespace entente
