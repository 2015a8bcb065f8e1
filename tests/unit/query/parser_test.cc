#include "entente/query/syntax/parser.h"

#include <gtest/gtest.h>

namespace entente {
namespace {

std::string code_of(std::string_view text) {
  try {
    parse(text);
  } catch (const Error& error) {
    EXPECT_EQ(error.phase(), Phase::CompileTime);
    return error.code();
  }
  return "no error";
}

/// The expression as the printer sees it.
std::string shape(std::string_view text) { return to_string(*parse_expression(text)); }

template <class T>
const T& first_clause(const Statement& statement) {
  return std::get<T>(statement.query->parts[0].clauses[0]);
}

std::string repeat(std::string_view text, size_t times) {
  std::string result;
  for (size_t i = 0; i < times; ++i) result += text;
  return result;
}

TEST(Parser, PrecedenceIsTheGrammars) {
  EXPECT_EQ(shape("1 + 2 * 3 ^ 4"), "1 + 2 * 3 ^ 4");
  EXPECT_EQ(shape("(1 + 2) * 3"), "(1 + 2) * 3");
  EXPECT_EQ(shape("1 - (2 - 3)"), "1 - (2 - 3)");
  EXPECT_EQ(parse_expression("1 - 2 - 3")->args[0]->kind, ExprKind::Subtract);
  EXPECT_EQ(parse_expression("2 ^ 3 ^ 2")->args[0]->kind, ExprKind::Power);
  EXPECT_EQ(parse_expression("-2 ^ 2")->args[0]->literal.as_integer(), -2);
  EXPECT_EQ(parse_expression("-a.b")->kind, ExprKind::Negate);
  EXPECT_EQ(parse_expression("NOT a = b")->kind, ExprKind::Not);
  EXPECT_EQ(parse_expression("a OR b XOR c AND d")->kind, ExprKind::Or);
  EXPECT_EQ(parse_expression("a = b IN c")->kind, ExprKind::Equal);
  EXPECT_EQ(parse_expression("a + b IS NULL")->kind, ExprKind::IsNull);
  EXPECT_EQ(parse_expression("a.b[0].c")->kind, ExprKind::Property);
}

TEST(Parser, LogicalChainsAreFlatAndComparisonChainsShareOperands) {
  EXPECT_EQ(parse_expression("a AND b AND c AND d")->args.size(), 4u);
  ExprPtr chain = parse_expression("a < b <= c <> d");
  ASSERT_EQ(chain->kind, ExprKind::And);
  ASSERT_EQ(chain->args.size(), 3u);
  EXPECT_EQ(chain->args[0]->args[1], chain->args[1]->args[0]);
  EXPECT_EQ(chain->args[2]->kind, ExprKind::NotEqual);
}

TEST(Parser, NumbersAreFoldedWithTheirSign) {
  EXPECT_EQ(parse_expression("-9223372036854775808")->literal.as_integer(), INT64_MIN);
  EXPECT_EQ(parse_expression("- 1.5")->literal.as_float(), -1.5);
  EXPECT_EQ(parse_expression("5 -3")->kind, ExprKind::Subtract);
  EXPECT_EQ(code_of("RETURN -9223372036854775809"), "SyntaxError.IntegerOverflow");
  EXPECT_EQ(code_of("RETURN 9223372h54775808"), "SyntaxError.InvalidNumberLiteral");
  EXPECT_EQ(code_of("RETURN {1B2c: 1}"), "SyntaxError.UnexpectedSyntax");
}

TEST(Parser, ListsOfLiteralsAreLiterals) {
  ExprPtr list = parse_expression("[1, -2.5, 'a', [true, null], {k: 1}]");
  ASSERT_EQ(list->kind, ExprKind::Literal);
  EXPECT_EQ(list->literal.as_list().size(), 5u);
  ExprPtr mixed = parse_expression("[1, a, 2]");
  ASSERT_EQ(mixed->kind, ExprKind::List);
  EXPECT_EQ(mixed->args[0]->literal.as_integer(), 1);
  EXPECT_EQ(mixed->args[2]->literal.as_integer(), 2);
  for (const char* text : {"RETURN [,]", "RETURN [1,]", "RETURN [[]", "RETURN {,}", "RETURN {a: 1,}", "RETURN {1}"}) {
    EXPECT_EQ(code_of(text), "SyntaxError.UnexpectedSyntax") << text;
  }
}

TEST(Parser, PatternsAndParenthesesAreToldApart) {
  EXPECT_EQ(parse_expression("(a)-[r]->(b)")->kind, ExprKind::PatternPredicate);
  EXPECT_EQ(parse_expression("(a)--(b)")->kind, ExprKind::PatternPredicate);
  EXPECT_EQ(parse_expression("({x: 1})<-[:A|B*..3 {y: 2}]-(:C)")->kind, ExprKind::PatternPredicate);
  EXPECT_EQ(parse_expression("(a)-(b)")->kind, ExprKind::Subtract);
  EXPECT_EQ(parse_expression("(a.x)-[1][0]")->kind, ExprKind::Subtract);
  EXPECT_EQ(parse_expression("(a) < -(b)")->kind, ExprKind::Less);
  EXPECT_EQ(parse_expression("(a:A)")->kind, ExprKind::HasLabels);
  EXPECT_EQ(parse_expression("(n)")->kind, ExprKind::Variable);
  EXPECT_EQ(parse_expression("[(a)-->(b) | b.x]")->kind, ExprKind::PatternComprehension);
  EXPECT_EQ(parse_expression("[p = (a)-->(b) WHERE a.x | p]")->kind, ExprKind::PatternComprehension);
  EXPECT_EQ(parse_expression("[p = (1)]")->kind, ExprKind::List);
  EXPECT_EQ(parse_expression("[x IN xs]")->kind, ExprKind::ListComprehension);
}

TEST(Parser, BarsOfComprehensionsAndOfLabels) {
  ExprPtr plain = parse_expression("[x IN xs WHERE x:A | x.name]");
  EXPECT_EQ(plain->args[1]->label.kind, LabelExpr::Kind::Name);
  EXPECT_EQ(plain->args[2]->kind, ExprKind::Property);
  ExprPtr both = parse_expression("[x IN xs WHERE x:A|B | x.name]");
  EXPECT_EQ(both->args[1]->label.kind, LabelExpr::Kind::Or);
  EXPECT_EQ(both->args[2]->kind, ExprKind::Property);
}

TEST(Parser, AnyWordMayBeAName) {
  EXPECT_EQ(code_of("MATCH (match:Return {where: 1})-[set:IN]->(null) RETURN match.order AS by, set, end ORDER BY by"),
            "no error");
  EXPECT_EQ(code_of("WITH 1 AS order, 2 AS distinct RETURN order, distinct"), "no error");
  EXPECT_EQ(code_of("MATCH (n) WHERE RETURN n"), "SyntaxError.UnexpectedSyntax");
}

TEST(Parser, ColumnsAreCalledAsTheyAreWritten) {
  Statement statement = parse("RETURN  1  +  2 , count( * ), n.`a b` AS c, `x y`, (n)");
  const auto& items = first_clause<ProjectionClause>(statement).items;
  EXPECT_EQ(items[0].name, "1  +  2");
  EXPECT_EQ(items[1].name, "count( * )");
  EXPECT_EQ(items[2].name, "c");
  EXPECT_EQ(items[3].name, "x y");
  EXPECT_EQ(items[4].name, "(n)");
  EXPECT_TRUE(items[2].aliased);
  EXPECT_FALSE(items[3].aliased);
}

TEST(Parser, Relationships) {
  Statement statement =
      parse("MATCH (a)<-[r:A|:B*2..5 {x: 1}]-(b)-[*3]->()-[*]-()-[*..2]-()-[q IS K WHERE q.x > 1]-()");
  const auto& elements = first_clause<MatchClause>(statement).paths[0].elements;
  const auto& r = std::get<RelationshipPattern>(elements[1]);
  EXPECT_EQ(r.direction, Direction::In);
  EXPECT_EQ(r.type->kind, LabelExpr::Kind::Or);
  EXPECT_EQ(r.min_length, 2u);
  EXPECT_EQ(r.max_length, 5u);
  EXPECT_EQ(std::get<RelationshipPattern>(elements[3]).max_length, 3u);
  EXPECT_EQ(std::get<RelationshipPattern>(elements[5]).max_length, std::nullopt);
  EXPECT_EQ(std::get<RelationshipPattern>(elements[7]).min_length, 1u);
  EXPECT_TRUE(std::get<RelationshipPattern>(elements[9]).where);
  EXPECT_EQ(code_of("MATCH (a)-[:LIKES..]->(c) RETURN c"), "SyntaxError.InvalidRelationshipPattern");
  EXPECT_EQ(code_of("MATCH (a)-[:LIKES*-2]->(c) RETURN c"), "SyntaxError.InvalidRelationshipPattern");
  EXPECT_EQ(code_of("MATCH (a)-[r] RETURN r"), "SyntaxError.UnexpectedSyntax");
  EXPECT_EQ(code_of("MATCH (a)(b) RETURN a"), "SyntaxError.UnexpectedSyntax");
}

TEST(Parser, QuantifiedPathsAndSearches) {
  Statement statement =
      parse("MATCH p = SHORTEST 2 PATHS (a)-[:R]->{1,3}(b) ((c)-->(d) WHERE c.x > d.x)* (e) RETURN p");
  const PathPattern& path = first_clause<MatchClause>(statement).paths[0];
  EXPECT_EQ(path.search, PathSearch::ShortestK);
  EXPECT_EQ(path.search_count, 2u);
  const auto& repeated = std::get<QuantifiedPattern>(path.elements[1]);
  EXPECT_EQ(repeated.max, 3u);
  EXPECT_EQ(repeated.inner->elements.size(), 3u);
  const auto& group = std::get<QuantifiedPattern>(path.elements[3]);
  EXPECT_EQ(group.min, 0u);
  EXPECT_EQ(group.max, std::nullopt);
  EXPECT_TRUE(group.inner->where);
  Statement legacy = parse("MATCH p = allShortestPaths((a)-[*]-(b)) RETURN p");
  EXPECT_EQ(first_clause<MatchClause>(legacy).paths[0].search, PathSearch::LegacyAllShortest);
}

TEST(Parser, LabelExpressions) {
  Statement statement = parse("MATCH (n:A&(B|!C)&%), (m:X:Y) RETURN n");
  const auto& match = first_clause<MatchClause>(statement);
  const LabelExpr& label = *std::get<NodePattern>(match.paths[0].elements[0]).label;
  ASSERT_EQ(label.kind, LabelExpr::Kind::And);
  EXPECT_FALSE(label.legacy_and);
  EXPECT_EQ(label.children[1].kind, LabelExpr::Kind::Or);
  EXPECT_EQ(label.children[1].children[1].kind, LabelExpr::Kind::Not);
  EXPECT_EQ(label.children[2].kind, LabelExpr::Kind::Wildcard);
  EXPECT_TRUE(std::get<NodePattern>(match.paths[1].elements[0]).label->legacy_and);
}

TEST(Parser, SubqueriesAndMapProjections) {
  EXPECT_EQ(parse_expression("EXISTS { (a)-->(b) WHERE a.x = 1 }")->kind, ExprKind::Exists);
  EXPECT_EQ(parse_expression("exists { MATCH (a) RETURN a UNION MATCH (a) RETURN a }")->query->parts.size(), 2u);
  EXPECT_EQ(parse_expression("COUNT { MATCH (a) }")->kind, ExprKind::Count);
  EXPECT_EQ(parse_expression("COLLECT { MATCH (a) RETURN a }")->kind, ExprKind::Collect);
  EXPECT_EQ(parse_expression("count {.x}")->kind, ExprKind::MapProjection);
  EXPECT_EQ(parse_expression("count(*)")->aggregate, Aggregate::CountStar);
  EXPECT_EQ(parse_expression("COLLECT(DISTINCT a.x)")->distinct, true);
  ExprPtr projection = parse_expression("n {.*, .name, m, k: 1 + 1}");
  ASSERT_EQ(projection->projection.size(), 4u);
  EXPECT_EQ(projection->projection[3].kind, MapProjectionItem::Kind::Entry);
  EXPECT_EQ(parse_expression("duration.between(a, b)")->name, "duration.between");
}

TEST(Parser, CaseWithSeveralOperandsABranch) {
  ExprPtr simple = parse_expression("CASE x WHEN 1, 2 THEN 'a' ELSE 'b' END");
  ASSERT_EQ(simple->args.size(), 6u);
  EXPECT_EQ(simple->args[2], simple->args[4]);
  EXPECT_TRUE(simple->case_operand && simple->case_else);
  EXPECT_FALSE(parse_expression("CASE WHEN a THEN 1 END")->case_operand);
}

TEST(Parser, SchemaCommandsAndPrefixes) {
  SchemaCommand index = *parse("CREATE INDEX by_name IF NOT EXISTS FOR (n:Country) ON (n.name)").schema;
  EXPECT_EQ(index.kind, SchemaCommand::Kind::CreateIndex);
  EXPECT_EQ(index.name, "by_name");
  EXPECT_EQ(index.tokens, std::vector<std::string>{"Country"});
  EXPECT_EQ(index.properties, std::vector<std::string>{"name"});
  EXPECT_TRUE(index.if_exists);
  SchemaCommand constraint = *parse("create constraint for (n:A) require n.b is unique;").schema;
  EXPECT_EQ(constraint.kind, SchemaCommand::Kind::CreateConstraint);
  EXPECT_EQ(constraint.rule, SchemaCommand::Rule::Unique);
  EXPECT_EQ(constraint.name, "");
  EXPECT_EQ(parse("DROP CONSTRAINT c IF EXISTS").schema->kind, SchemaCommand::Kind::DropConstraint);
  EXPECT_EQ(parse("DROP INDEX c").schema->if_exists, false);
  EXPECT_EQ(code_of("CREATE INDEX FOR (n:A) ON (n.a, n.a)"), "SyntaxError.UnexpectedSyntax");
  EXPECT_EQ(code_of("CREATE INDEX FOR (n:A) ON (m.a)"), "SyntaxError.UndefinedVariable");
  EXPECT_EQ(parse("EXPLAIN RETURN 1").mode, Statement::Mode::Explain);
  EXPECT_EQ(parse("profile RETURN 1;").mode, Statement::Mode::Profile);
  EXPECT_EQ(code_of("RETURN 1; RETURN 2"), "SyntaxError.UnexpectedSyntax");
  EXPECT_EQ(code_of(" "), "SyntaxError.UnexpectedSyntax");
}

TEST(Parser, CallsOfProcedures) {
  Statement alone = parse("CALL db.labels YIELD *");
  const auto& call = first_clause<CallClause>(alone);
  EXPECT_TRUE(call.standalone && call.yield_star && !call.explicit_args);
  EXPECT_EQ(call.procedure, "db.labels");
  Statement within = parse("CALL a.b(1, $x) YIELD c AS d, e WHERE d > 1 RETURN d");
  EXPECT_FALSE(first_clause<CallClause>(within).standalone);
  EXPECT_EQ(first_clause<CallClause>(within).yields[0].name, "d");
}

TEST(Parser, DepthIsBounded) {
  const size_t kMany = 100'000;
  for (const std::string& text :
       {repeat("(", kMany) + "1" + repeat(")", kMany), repeat("NOT ", kMany) + "true", repeat("-", kMany) + "x",
        repeat("[", kMany), repeat("{a: ", kMany), "1" + repeat(" + 1", kMany), "a" + repeat(".b", kMany),
        repeat("CASE WHEN ", kMany), repeat("EXISTS { MATCH (n) WHERE ", kMany), repeat("[(n)-->() WHERE ", kMany),
        repeat("f(", kMany), repeat("1 < (", 40) + "1" + repeat(") < 2", 40)}) {
    EXPECT_EQ(code_of("RETURN " + text), "SyntaxError.NestingTooDeep") << text.substr(0, 40);
  }
  EXPECT_EQ(code_of("MATCH (n:" + repeat("!", kMany) + "A) RETURN n"), "SyntaxError.NestingTooDeep");
  EXPECT_EQ(code_of("MATCH " + repeat("(", kMany)), "SyntaxError.NestingTooDeep");
  EXPECT_EQ(code_of("RETURN " + repeat("(", 900) + "1" + repeat(")", 900)), "no error");
  EXPECT_LE(parse_expression("1" + repeat(" + 1", 900))->height, static_cast<uint32_t>(kMaxDepth));
  EXPECT_EQ(code_of("RETURN true" + repeat(" AND true", kMany)), "no error");
  EXPECT_EQ(code_of("RETURN 1" + repeat(" < 1", kMany)), "no error");
  // no depth can be hidden behind a subquery
  std::string deep = "true";
  for (int i = 0; i < 5; ++i) deep = "EXISTS { MATCH (n) WHERE 1" + repeat(" + 1", 400) + " = 0 OR " + deep + " }";
  EXPECT_EQ(code_of("RETURN " + deep), "no error");
  deep = "1";
  for (int i = 0; i < 5; ++i) deep = "COUNT { MATCH (n) WHERE " + deep + repeat(" + 1", 400) + " = 0 }";
  EXPECT_EQ(code_of("RETURN " + deep), "SyntaxError.NestingTooDeep");
}

TEST(Parser, PrintsWhatParsesToTheSame) {
  for (const char* text : {"a.b[1..][0]",
                           "-(-1)",
                           "-(a ^ 2)",
                           "NOT (a AND b) OR c",
                           "a STARTS WITH b + c",
                           "x:A|B&!C",
                           "[x IN xs WHERE x > 1 | x * 2]",
                           "[p = (a)-[:R*2..3]->(b {x: 1}) WHERE b.y | p]",
                           "reduce(s = 0, x IN xs | s + x)",
                           "all(x IN xs WHERE x)",
                           "CASE x WHEN 1 THEN 'a' ELSE 'b' END",
                           "n {.a, .*, m, k: v}",
                           "EXISTS { MATCH (a)-->(b) WHERE a.x = 1 }",
                           "count(DISTINCT x)",
                           "`a b`.`c``d`",
                           "$`a b` + $0",
                           "(a = b) = c",
                           "(a OR b) AND c",
                           "a IS NULL",
                           "(a = b) IS NOT NULL",
                           "{a: [1, b], `c d`: null}",
                           "shortestPath((a)-[*]-(b))",
                           "COLLECT { UNWIND [1] AS x RETURN x ORDER BY x DESC LIMIT 1 }"}) {
    std::string once = shape(text);
    EXPECT_EQ(shape(once), once);
    EXPECT_EQ(once, text);
  }
}

TEST(Parser, ErrorsPointAtThePlaceAndSuggest) {
  try {
    parse("MATCH (n)\nRETRUN n");
    FAIL();
  } catch (Error& error) {
    error.locate("MATCH (n)\nRETRUN n");
    EXPECT_EQ(error.line(), 2u);
    EXPECT_EQ(error.column(), 1u);
    EXPECT_NE(std::string(error.what()).find("did you mean RETURN"), std::string::npos);
  }
}

}  // namespace
}  // namespace entente
