#include "entente/query/semantic/binder.h"

#include <gtest/gtest.h>

#include "entente/query/semantic/nearest.h"
#include "entente/query/syntax/parser.h"

namespace entente {
namespace {

/// The built-in functions, and procedures of all shapes.
class TestCatalog : public Catalog {
 public:
  TestCatalog() {
    add({"test.plain", {}, {}, false});
    add({"test.labels", {}, {{"label", kStringType, "STRING?"}}, false});
    add({"test.in",
         {{"name", kStringType, "STRING?"}, {"x", kFloatType, "FLOAT?"}},
         {{"out", kAnyType, "ANY?"}},
         false});
    add({"test.write", {}, {}, true});
  }
  const Function* function(std::string_view name) const override { return functions_->find(name); }
  std::string nearest_function(std::string_view name) const override { return functions_->nearest(name); }
  const ProcedureSignature* procedure(std::string_view name) const override {
    auto found = procedures_.find(name);
    return found == procedures_.end() ? nullptr : &found->second;
  }
  std::string nearest_procedure(std::string_view name) const override {
    std::vector<std::string> names;
    for (const auto& [known, signature] : procedures_) names.push_back(known);
    return nearest_name(name, names);
  }

 private:
  void add(ProcedureSignature signature) { procedures_[signature.name] = signature; }

  std::shared_ptr<const FunctionRegistry> functions_ = FunctionRegistry::built_in();
  std::map<std::string, ProcedureSignature, std::less<>> procedures_;
};

Statement bound(std::string_view text) {
  Statement statement = parse(text);
  bind(statement, TestCatalog());
  return statement;
}

/// `detail` of a syntax error, `kind.detail` of others, "ok" if there is none.
std::string outcome(std::string_view text) {
  try {
    bound(text);
  } catch (const Error& error) {
    EXPECT_EQ(error.phase(), Phase::CompileTime) << text;
    return error.kind() == "SyntaxError" ? error.detail() : error.code();
  }
  return "ok";
}

void expect_all(const std::string& expected, std::initializer_list<const char*> statements) {
  for (const char* text : statements) EXPECT_EQ(outcome(text), expected) << text;
}

template <class T>
const T& clause_of(const Statement& statement, size_t index) {
  return std::get<T>(statement.query->parts[0].clauses[index]);
}

std::string message_of(std::string_view text) {
  try {
    bound(text);
  } catch (const Error& error) {
    return error.what();
  }
  return {};
}

TEST(Binder, NumbersVariablesDenselyAndKeepsThemThroughWith) {
  Statement statement = bound("MATCH (a)-[:R]->() WITH a, a.x AS b WITH a AS c, b RETURN c, b");
  const auto& first = clause_of<ProjectionClause>(statement, 1);
  const auto& second = clause_of<ProjectionClause>(statement, 2);
  VarId a = std::get<NodePattern>(clause_of<MatchClause>(statement, 0).paths[0].elements[0]).var;
  EXPECT_EQ(first.items[0].var, a);
  EXPECT_NE(second.items[0].var, a);
  EXPECT_EQ(second.items[1].var, first.items[1].var);
  EXPECT_EQ(statement.variable_count, statement.variable_names.size());
  EXPECT_EQ(statement.variable_names[a], "a");
  EXPECT_EQ(statement.query->columns, (std::vector<VarId>{second.items[0].var, second.items[1].var}));
  EXPECT_FALSE(statement.writes);
}

TEST(Binder, ExpandsStarsByName) {
  Statement statement = bound("WITH 1 AS b, 2 AS a RETURN *, 3 AS c");
  EXPECT_EQ(statement.query->column_names, (std::vector<std::string>{"a", "b", "c"}));
  expect_all("NoVariablesInScope", {"RETURN *", "MATCH () RETURN *"});
  expect_all("ColumnNameConflict",
             {"WITH 1 AS a RETURN *, 2 AS a", "RETURN 1 AS a, 2 AS a", "WITH 1 AS a, 2 AS a RETURN a"});
  expect_all("ok", {"MATCH () WITH * CREATE ()"});
}

TEST(Binder, UndefinedVariables) {
  expect_all("UndefinedVariable",
             {"RETURN foo", "MATCH (a) WITH a.x AS b RETURN a", "CREATE (b {name: missing})", "MATCH (a) SET b.x = 1",
              "MATCH (a) DELETE x", "MERGE (n) ON CREATE SET x.num = 1", "MATCH (n) WHERE (n)-->(m) RETURN n",
              "MATCH (n) WHERE (n)-[r]->() RETURN n", "RETURN [x IN [1] | x] + x", "CALL test.labels() RETURN label",
              "CREATE (a {x: a.x})", "MERGE (a)-[:R {x: a.x}]->()", "CALL test.labels() YIELD labl RETURN 1",
              "MATCH (n) WHERE EXISTS { MATCH (m) } RETURN m"});
  expect_all("ok",
             {"MATCH (a {x: b.y})-->(b) RETURN a", "CREATE (a {x: 1}), ({x: a.x})", "RETURN [x IN [1] | x]",
              "MATCH (n) WHERE EXISTS { MATCH (n)-->(m) WITH n, count(*) AS c WHERE c > 1 RETURN true } RETURN n"});
  EXPECT_NE(message_of("MATCH (person) RETURN persn.name").find("did you mean `person`?"), std::string::npos);
  EXPECT_NE(message_of("RETURN toUpperr('a')").find("did you mean toUpper?"), std::string::npos);
  EXPECT_NE(message_of("RETURN cuont('a')").find("did you mean count?"), std::string::npos);
  EXPECT_NE(message_of("CALL test.labls()").find("did you mean test.labels?"), std::string::npos);
}

TEST(Binder, PatternVariables) {
  expect_all("VariableTypeConflict",
             {"MATCH ()-[r]-() MATCH (r) RETURN r", "MATCH (r)-[r]-() RETURN r", "MATCH r = (), (r) RETURN r",
              "MATCH (r) MATCH ()-[r*]-() RETURN r", "WITH 1 AS n MATCH (n) RETURN n",
              "MATCH (n) WITH [n] AS l MATCH (l) RETURN l", "WITH 'x' AS r MATCH ()-[r]-() RETURN r"});
  expect_all("VariableAlreadyBound",
             {"MATCH (p) MATCH p = () RETURN p", "MATCH p = (p) RETURN p", "WITH 1 AS p MATCH p = ()--() RETURN p",
              "UNWIND [1] AS x UNWIND [2] AS x RETURN x"});
  expect_all("RelationshipUniquenessViolation",
             {"MATCH (a)-[r]->()-[r]->(a) RETURN r", "MATCH ()-[r]->(), ()-[r]->() RETURN r"});
  expect_all("ok", {"MATCH (a)-[r]->() MATCH ()-[r]->(b) RETURN r", "OPTIONAL MATCH (a) MATCH (a)-->(b) RETURN b",
                    "MATCH ()-[a]->()-[b]->() WITH [a, b] AS rs MATCH ()-[rs*]->() RETURN rs",
                    "WITH null AS n MATCH (n) RETURN n", "UNWIND $nodes AS n MATCH (n)-->(m) RETURN m"});
  expect_all("InvalidParameterUse",
             {"MATCH (n $p) RETURN n", "MATCH ()-[r:R $p]->() RETURN r", "MERGE (n $p)", "MERGE ()-[:R $p]->()"});
  expect_all("ok", {"CREATE (n $p)-[:R $q]->()"});
}

TEST(Binder, WhatIsCreatedMustBeNewAndDefinite) {
  expect_all("VariableAlreadyBound",
             {"MATCH (a) CREATE (a)", "MATCH (a) CREATE (a {x: 1})-[:R]->()", "CREATE (n:A)-[:R]->(), (n:B)-[:R]->()",
              "MATCH ()-[r]->() CREATE ()-[r]->()", "MATCH (a) MERGE (a)", "CREATE (a) MERGE (a)-[:R]->(a:B)",
              "MATCH (a)-[r]->(b) MERGE (a)-[r]->(b)", "MATCH (p) CREATE p = ()-[:R]->()"});
  expect_all("NoSingleRelationshipType", {"CREATE ()-->()", "CREATE ()-[:A|B]->()", "MERGE ()-[:!A]->()"});
  expect_all("RequiresDirectedRelationship", {"CREATE ()-[:R]-()", "CREATE ()<-[:R]->()"});
  expect_all("CreatingVarLength", {"CREATE ()-[:R*2]->()", "MERGE ()-[:R*2]->()"});
  expect_all("UnexpectedSyntax", {"CREATE (:A|B)", "CREATE (n WHERE n.x = 1)", "CREATE ((a)-[:R]->(b)){2}"});
  expect_all("ok",
             {"MERGE ()-[:R]-()", "MATCH (a), (b) CREATE (a)-[:R]->(b), (a)-[:S]->(c:C:D)", "CREATE (a)-[:R]->(a)"});
  EXPECT_TRUE(bound("CREATE ()").writes);
  EXPECT_TRUE(bound("CALL test.write()").writes);
  EXPECT_TRUE(bound("DROP INDEX i").writes);
}

TEST(Binder, Aggregation) {
  expect_all("InvalidAggregation",
             {"MATCH (a) WHERE count(a) > 1 RETURN a", "MATCH (n) RETURN [x IN [1] | count(*)]",
              "MATCH (n) RETURN n.x ORDER BY max(n.y)", "UNWIND count(1) AS x RETURN x", "MATCH (n) SET n.x = count(n)",
              "MATCH (n) CALL test.in(count(n), 1) YIELD out RETURN out",
              "MATCH (n) WITH n, count(*) AS c WHERE count(*) > 1 RETURN c", "RETURN 1 LIMIT count(1)"});
  expect_all("NestedAggregation", {"RETURN count(count(*))", "MATCH (n) RETURN n, count(*) AS c ORDER BY max(c)"});
  expect_all("NonConstantExpression", {"RETURN count(rand())"});
  expect_all("AmbiguousAggregationExpression",
             {"MATCH (a)--(b) RETURN a.x + count(b.x)", "MATCH (a)--(b) RETURN a.x + b.x, a.x + b.x + count(*)",
              "MATCH (a)--(b) WITH a.x + b.x, count(*) AS c ORDER BY a.x + b.x + count(*) RETURN c",
              "MATCH (a)--(b) RETURN count(b.x) AS c ORDER BY a.x + count(b.x)",
              "MATCH (n) RETURN count(*) + size([(n)-->() | 1])"});
  expect_all("ok", {"MATCH (a)--(b) RETURN a.x, a.x + count(b.x)", "MATCH (a)--(b) RETURN a, a.x + count(b.x)",
                    "MATCH (a) RETURN $x + count(a.x) - 10", "MATCH (a) RETURN [x IN collect(a) | x.y]",
                    "MATCH (a) RETURN {n: count(*), l: [1, max(a.x)]}"});
  Statement statement = bound("MATCH (a) RETURN a.x, count(*) + 1");
  const auto& clause = clause_of<ProjectionClause>(statement, 1);
  EXPECT_TRUE(clause.aggregates);
  EXPECT_FALSE(clause.items[0].aggregates);
  EXPECT_TRUE(clause.items[1].aggregates);
}

/// The printed ORDER BY of the last clause.
std::string order_of(std::string_view text) {
  Statement statement = bound(text);
  const auto& clause = std::get<ProjectionClause>(statement.query->parts[0].clauses.back());
  std::string result;
  for (const SortItem& item : clause.order_by) result += (result.empty() ? "" : ", ") + to_string(*item.expr);
  return result;
}

TEST(Binder, OrderByRepeatsItems) {
  EXPECT_EQ(order_of("MATCH (a) RETURN a.x AS y ORDER BY a.x, a.x + 1, a.z, y"), "y, y + 1, a.z, y");
  EXPECT_EQ(order_of("MATCH (a) RETURN a.x AS x, count(*) AS c ORDER BY a.x + count(*), x, c"), "x + c, x, c");
  EXPECT_EQ(order_of("MATCH (a) RETURN DISTINCT a AS b ORDER BY a.x"), "b.x");
  // an alias hides the variable it is made of
  EXPECT_EQ(order_of("MATCH (a) WITH a.x AS x RETURN x % 3 AS x ORDER BY x * -1"), "x * -1");
  EXPECT_EQ(order_of("MATCH (a) RETURN a.x AS a ORDER BY a.x"), "a.x");
  // an aggregate of no item is computed over the rows before
  EXPECT_EQ(order_of("MATCH (a) RETURN a.x AS x, count(*) AS c ORDER BY sum(x)"), "sum(a.x)");
  EXPECT_EQ(order_of("MATCH (n) RETURN DISTINCT size([(n)-[r]->(m) | m.x]) AS s ORDER BY size([(n)-[r]->(m) | m.x])"),
            "s");
  expect_all("UndefinedVariable", {"MATCH (a) RETURN DISTINCT a.x ORDER BY a.y",
                                   "MATCH (a) WITH a.x AS x, min(a.y) AS m ORDER BY sum(a.z) RETURN x",
                                   "MATCH (a), (b) WITH a, count(*) AS c ORDER BY b.x RETURN a",
                                   "MATCH (a) WITH DISTINCT a.x AS x WHERE a.y = 1 RETURN x",
                                   "WITH 1 AS a, 2 AS b WITH a WITH a ORDER BY b RETURN a"});
  expect_all("ok", {"MATCH (a) WITH a.x AS x WHERE a.y = 1 OR x = 2 RETURN x",
                    "MATCH (a) WITH a.x AS x ORDER BY a.y RETURN x"});
}

TEST(Binder, SkipAndLimitAreConstant) {
  expect_all("NonConstantExpression", {"MATCH (n) RETURN n SKIP n.x", "MATCH (n) RETURN n LIMIT size([(n)-->() | 1])"});
  expect_all("NegativeIntegerArgument", {"RETURN 1 SKIP -1", "WITH 1 AS a LIMIT -1 RETURN a"});
  expect_all("InvalidArgumentType", {"RETURN 1 LIMIT 1.5", "RETURN 1 SKIP 'a'"});
  expect_all("ok", {"RETURN 1 SKIP $s LIMIT toInteger(rand() * 9)", "RETURN 1 LIMIT size([x IN [1] | x])"});
}

TEST(Binder, TypesThatCannotBe) {
  expect_all("InvalidArgumentType", {"RETURN 123 AND true",
                                     "RETURN NOT 'a'",
                                     "RETURN [] XOR true",
                                     "RETURN 1 IN 'foo'",
                                     "MATCH (n) WHERE n RETURN n",
                                     "MATCH (n) WHERE (n) RETURN n",
                                     "MATCH p = () RETURN labels(p)",
                                     "MATCH ()-[r]->() RETURN length(r)",
                                     "MATCH (n) RETURN type(n)",
                                     "RETURN properties(1)",
                                     "MATCH p = () RETURN p.x",
                                     "MATCH p = ()-[*]->() RETURN size(p)",
                                     "RETURN any(x IN ['a'] WHERE x % 2 = 0)",
                                     "MATCH () DELETE 1 + 1",
                                     "CALL test.in(1, 1)",
                                     "WITH {a: 1} AS m SET m.a = 2",
                                     "MATCH (n) SET n = 1",
                                     "RETURN sum('a')",
                                     "RETURN [x IN 1 | x]",
                                     "UNWIND [1, 2] AS x MATCH (n) WHERE x RETURN n"});
  expect_all("TypeError.InvalidArgumentType",
             {"WITH 1 AS x RETURN x.y", "WITH [true] AS x RETURN x.y", "RETURN 'a'.b", "WITH true AS l RETURN l[0]"});
  expect_all("ok",
             {"RETURN null AND true", "WITH null AS x RETURN x.y", "RETURN 1 IN $x",
              "RETURN any(x IN ['a', 1] WHERE x % 2 = 0)", "RETURN date().year", "OPTIONAL MATCH (n) RETURN labels(n)",
              "CALL test.in('a', 1)", "RETURN [] + 1", "MATCH (n) WITH [n, 1] AS l RETURN labels(l[1])"});
}

TEST(Binder, FunctionsAndProcedures) {
  expect_all("UnknownFunction", {"RETURN foo(1)"});
  expect_all("InvalidNumberOfArguments",
             {"RETURN size()", "RETURN size([], [])", "RETURN sum()", "RETURN percentileCont(1)",
              "CALL test.in('a') YIELD out RETURN out", "CALL test.in('a', 1, 2)"});
  expect_all("ProcedureError.ProcedureNotFound", {"CALL no.such()", "CALL no.such() YIELD x RETURN x"});
  expect_all("InvalidArgumentPassingMode", {"CALL test.in YIELD out RETURN out"});
  expect_all("VariableAlreadyBound", {"WITH 1 AS label CALL test.labels() YIELD label RETURN label",
                                      "CALL test.labels() YIELD label AS a, label AS a RETURN a"});
  expect_all("UnexpectedSyntax", {"CALL test.labels() YIELD * RETURN label", "RETURN size(DISTINCT [])"});
  Statement implicit = bound("CALL test.in");
  const auto& call = clause_of<CallClause>(implicit, 0);
  ASSERT_EQ(call.args.size(), 2u);
  EXPECT_EQ(call.args[1]->kind, ExprKind::Parameter);
  EXPECT_EQ(call.args[1]->name, "x");
  EXPECT_EQ(implicit.query->column_names, std::vector<std::string>{"out"});
}

TEST(Binder, ListsTheUsesOfParameters) {
  Statement statement = bound("MATCH (n {x: $a}) WHERE n.y = $b RETURN n LIMIT $a");
  std::vector<std::string> names;
  for (const ParameterUse& use : statement.parameters) names.push_back(use.name);
  EXPECT_EQ(names, (std::vector<std::string>{"a", "b", "a"}));
  EXPECT_EQ(bound("CALL test.in").parameters.size(), 2u);
}

TEST(Binder, PatternPredicatesAreForBooleans) {
  expect_all("UnexpectedSyntax",
             {"MATCH (n) RETURN (n)-->()", "MATCH (n) WITH (n)-->() AS x RETURN x", "MATCH (n) RETURN size((n)-->())",
              "MATCH (n) SET n.x = head(nodes(head((n)-[:R]->())))"});
  expect_all("ok",
             {"MATCH (n) WHERE NOT (n)-->() OR (n)--() RETURN n", "MATCH (n) RETURN CASE WHEN (n)-->() THEN 1 END",
              "MATCH (n) RETURN [(n)-->(m) WHERE (m)-->() | m]", "MATCH (n) RETURN exists((n)-->())"});
}

TEST(Binder, Composition) {
  expect_all("InvalidClauseComposition",
             {"RETURN 1 AS a UNION RETURN 2 AS a UNION ALL RETURN 3 AS a", "MATCH (n)", "WITH 1 AS a",
              "RETURN 1 AS a MATCH (n) RETURN n", "MATCH (n) WHERE EXISTS { MATCH (n) SET n.x = 1 } RETURN n",
              "RETURN EXISTS { CALL test.write() RETURN 1 }", "RETURN COLLECT { MATCH (n) }",
              "RETURN COLLECT { RETURN 1 AS a, 2 AS b }"});
  expect_all("DifferentColumnsInUnion", {"RETURN 1 AS a UNION RETURN 2 AS b", "RETURN 1 AS a UNION CREATE ()"});
  expect_all("NoExpressionAlias", {"MATCH (a) WITH a, count(*) RETURN a", "WITH 1 RETURN 1"});
  expect_all("InvalidDelete", {"MATCH (n) DELETE n:Person"});
  expect_all("ok", {"MATCH (n) CALL test.plain()", "CREATE () UNION CREATE ()", "RETURN COUNT { MATCH (n) } AS c"});
}

TEST(Binder, InfinityAndNaNAreNamesOnlyIfBound) {
  Statement statement = bound("WITH 1 AS nan RETURN nan, -inf AS i");
  const auto& clause = clause_of<ProjectionClause>(statement, 1);
  EXPECT_EQ(clause.items[0].expr->kind, ExprKind::Variable);
  EXPECT_EQ(clause.items[1].expr->args[0]->kind, ExprKind::Literal);
  EXPECT_EQ(outcome("RETURN `inf`"), "UndefinedVariable");
}

TEST(Binder, ConstantExpressions) {
  ExprPtr constant = parse_expression("[x IN range(1, 3) | x * $f]");
  EXPECT_NO_THROW(bind_constant(*constant, TestCatalog()));
  ExprPtr variable = parse_expression("x + 1");
  EXPECT_THROW(bind_constant(*variable, TestCatalog()), Error);
}

TEST(NearestName, FindsSlipsButNoStrangers) {
  std::vector<std::string> names = {"toUpper", "toLower", "size", "person"};
  EXPECT_EQ(nearest_name("toupperr", names), "toUpper");
  EXPECT_EQ(nearest_name("szie", names), "size");
  EXPECT_EQ(nearest_name("PERSN", names), "person");
  EXPECT_EQ(nearest_name("country", names), "");
  EXPECT_EQ(nearest_name("", names), "");
}

}  // namespace
}  // namespace entente
