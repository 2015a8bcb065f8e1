#include "entente/tools/format.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <sstream>

#include "entente/tools/json_value.h"

namespace entente {
namespace {

std::string write(Format format, const std::vector<std::string>& columns, const std::vector<std::vector<Value>>& rows,
                  size_t width = 0, const ResultSummary& summary = {}, size_t memory_limit = 0) {
  std::ostringstream out;
  const auto writer = make_writer(format, out, {width, memory_limit, {}});
  const auto names = std::make_shared<const std::vector<std::string>>(columns);
  writer->begin(columns);
  for (const auto& row : rows) writer->row(Row(names, row));
  writer->end(summary);
  return out.str();
}

Value node() { return Value::node({NodeId(4), {"Country"}, {{"name", Value("Japan")}}}); }
Value relationship() {
  return Value::relationship({RelId(9), NodeId(4), NodeId(5), "PARTY_TO", {{"since", Value(2021)}}});
}

TEST(TypedJson, NamesEveryType) {
  const double inf = std::numeric_limits<double>::infinity();
  const std::pair<Value, const char*> cases[] = {
      {Value(), R"({"$type":"Null","_value":null})"},
      {Value(true), R"({"$type":"Boolean","_value":true})"},
      {Value(std::numeric_limits<int64_t>::min()), R"({"$type":"Integer","_value":"-9223372036854775808"})"},
      {Value(1.0), R"({"$type":"Float","_value":"1.0"})"},
      {Value(0.1), R"({"$type":"Float","_value":"0.1"})"},
      {Value(std::nan("")), R"({"$type":"Float","_value":"NaN"})"},
      {Value(inf), R"({"$type":"Float","_value":"Infinity"})"},
      {Value(-inf), R"({"$type":"Float","_value":"-Infinity"})"},
      {Value("a\"\n\xFF"), "{\"$type\":\"String\",\"_value\":\"a\\\"\\n\uFFFD\"}"},
      {Value(List{Value(1), Value()}),
       R"({"$type":"List","_value":[{"$type":"Integer","_value":"1"},{"$type":"Null","_value":null}]})"},
      {Value::map({{"k", Value("v")}}), R"({"$type":"Map","_value":{"k":{"$type":"String","_value":"v"}}})"},
      {Value(*parse_date("2023-05-19")), R"({"$type":"Date","_value":"2023-05-19"})"},
      {Value(*parse_local_time("17:45")), R"({"$type":"LocalTime","_value":"17:45"})"},
      {Value(*parse_time("17:45+09:00")), R"({"$type":"Time","_value":"17:45+09:00"})"},
      {Value(*parse_local_date_time("2023-05-19T17:45")), R"({"$type":"LocalDateTime","_value":"2023-05-19T17:45"})"},
      {Value(*parse_date_time("2023-05-19T17:45+09:00")),
       R"({"$type":"OffsetDateTime","_value":"2023-05-19T17:45+09:00"})"},
      {Value(*parse_date_time("2023-05-19T17:45+09:00[Asia/Tokyo]")),
       R"({"$type":"ZonedDateTime","_value":"2023-05-19T17:45+09:00[Asia/Tokyo]"})"},
      {Value(*parse_duration("P1Y2M3DT4S")), R"({"$type":"Duration","_value":"P1Y2M3DT4S"})"},
      {node(),
       R"({"$type":"Node","_value":{"_element_id":"4","_labels":["Country"],"_properties":{"name":{"$type":"String","_value":"Japan"}}}})"},
      {relationship(),
       R"({"$type":"Relationship","_value":{"_element_id":"9","_start_node_element_id":"4","_end_node_element_id":"5","_type":"PARTY_TO","_properties":{"since":{"$type":"Integer","_value":"2021"}}}})"},
  };
  for (const auto& [value, expected] : cases) EXPECT_EQ(typed_json(value), expected);
}

TEST(TypedJson, WritesAPathAsItsElementsInTurn) {
  const Value other = Value::node({NodeId(5), {}, {}});
  const std::string text = typed_json(Value::path({node(), relationship(), other}));
  EXPECT_EQ(text, R"({"$type":"Path","_value":[)" + typed_json(node()) + "," + typed_json(relationship()) + "," +
                      typed_json(other) + "]}");
}

TEST(TypedJson, IsOneLineAStatement) {
  ResultSummary summary;
  summary.counters.nodes_created = 2;
  const std::string text = write(Format::TypedJson, {"n"}, {{Value(1)}}, 0, summary);
  EXPECT_EQ(
      text.find(
          R"({"data":{"fields":["n"],"values":[[{"$type":"Integer","_value":"1"}]]},"counters":{"nodesCreated":2,)"),
      0u);
  EXPECT_NE(text.find(R"("containsUpdates":true}})"), std::string::npos);
  EXPECT_EQ(text.find('\n'), text.size() - 1);
}

TEST(TypedJson, TellsErrorsWithPlaceAndPhase) {
  Error error = Error::syntax("UndefinedVariable", "no x", {7, 8});
  error.locate("RETURN x");
  EXPECT_EQ(
      typed_json_error(error),
      R"({"errors":[{"code":"SyntaxError.UndefinedVariable","phase":"compile time","message":"no x","line":1,"column":8}]})"
      "\n");
  EXPECT_EQ(typed_json_error(Error::type("InvalidArgumentType", "m")),
            R"({"errors":[{"code":"TypeError.InvalidArgumentType","phase":"runtime","message":"m"}]})"
            "\n");
}

TEST(Json, BoundsItsDepth) {
  Value deep;
  for (int i = 0; i < 2 * kMaxJsonDepth; ++i) deep = Value(List{deep});
  EXPECT_THROW(plain_json(deep), Error);
  EXPECT_THROW(typed_json(deep), Error);
}

TEST(Json, WritesPlainValues) {
  EXPECT_EQ(
      write(Format::Json, {"a", "b"}, {{Value(1), Value(*parse_date("2023-05-19"))}, {Value(), node()}}),
      R"({"columns":["a","b"],"rows":[[1,"2023-05-19"],[null,{"id":4,"labels":["Country"],"properties":{"name":"Japan"}}]]})"
      "\n");
  EXPECT_EQ(write(Format::Jsonl, {"a", "b"}, {{Value(1.5), Value(true)}, {Value("x"), Value(List{})}}),
            "{\"a\":1.5,\"b\":true}\n{\"a\":\"x\",\"b\":[]}\n");
}

TEST(Json, IsGatheredWithinTheMemoryLimit) {
  const std::vector<std::vector<Value>> rows(100, {Value(std::string(1000, 'x'))});
  for (const Format format : {Format::Json, Format::TypedJson}) {
    EXPECT_GT(write(format, {"a"}, rows).size(), 100'000u);
    EXPECT_THROW(write(format, {"a"}, rows, 0, {}, 50'000), Error);
  }
  EXPECT_GT(write(Format::Jsonl, {"a"}, rows, 0, {}, 50'000).size(), 100'000u);
}

TEST(Csv, QuotesWhatNeedsIt) {
  EXPECT_EQ(csv_quote("plain"), "plain");
  EXPECT_EQ(csv_quote("a,b"), "\"a,b\"");
  EXPECT_EQ(csv_quote("a\"b"), "\"a\"\"b\"");
  EXPECT_EQ(csv_quote("a\nb"), "\"a\nb\"");
  EXPECT_EQ(csv_cell(Value()), "");
  EXPECT_EQ(csv_cell(Value("")), "\"\"");
  EXPECT_EQ(csv_cell(Value(List{Value("a"), Value(2)})), "\"[\"\"a\"\",2]\"");
  EXPECT_EQ(write(Format::Csv, {"a", "b,c"}, {{Value(1), Value()}}), "a,\"b,c\"\n1,\n");
  EXPECT_EQ(write(Format::Tsv, {"a"}, {{Value("x\ty\\\n")}}), "a\nx\\ty\\\\\\n\n");
}

TEST(Markdown, EscapesPipesAndLineEnds) {
  EXPECT_EQ(write(Format::Markdown, {"a"}, {{Value("x|y\nz")}}), "| a |\n|---|\n| x\\|y<br>z |\n");
}

TEST(Table, AlignsByDisplayWidth) {
  EXPECT_EQ(write(Format::Table, {"country", "n"}, {{Value("日本"), Value(4)}, {Value("Italy"), Value(12)}}),
            " country │ n\n"
            "─────────┼────\n"
            " 日本    │  4\n"
            " Italy   │ 12\n"
            "2 rows\n");
}

TEST(Table, GivesWayToTheTerminal) {
  const std::string text = write(Format::Table, {"a", "b"}, {{Value("日本日本日本日本日本"), Value("short")}}, 20);
  EXPECT_EQ(text,
            " a          │ b\n"
            "────────────┼───────\n"
            " 日本日本…  │ short\n"
            "1 row\n");
}

TEST(Table, IsNotMadeWideByOneLongCell) {
  std::vector<std::vector<Value>> rows(100, {Value("a"), Value("b")});
  rows[0][0] = Value(std::string(1'000'000, 'x'));
  EXPECT_LT(write(Format::Table, {"k", "v"}, rows).size(), 1'300'000u);
  // Wide rows are not held back for their widths.
  const std::vector<std::vector<Value>> wide(20, {Value(std::string(2'000'000, 'x'))});
  EXPECT_GT(write(Format::Table, {"k"}, wide).size(), 40'000'000u);
}

TEST(Table, TellsChanges) {
  ResultSummary summary;
  summary.counters.nodes_created = 1;
  summary.counters.properties_set = 3;
  EXPECT_EQ(write(Format::Table, {}, {}, 0, summary), "Created 1 node, set 3 properties\n");
  EXPECT_EQ(write(Format::Table, {}, {}), "No changes\n");
}

TEST(Dot, DrawsTheElementsOfARowOnce) {
  const std::string text = write(Format::Dot, {"p", "n"}, {{Value(List{node(), relationship()}), node()}});
  EXPECT_NE(text.find("n4 [label=\"Japan\""), std::string::npos) << text;
  EXPECT_EQ(text.find("n4 ["), text.rfind("n4 ["));
  EXPECT_NE(text.find("n4 -> n5 [label=\"PARTY_TO\"]"), std::string::npos);
  EXPECT_NE(text.find("n5 [label=\"#5\""), std::string::npos);  // an end that the row did not hold
}

}  // namespace
}  // namespace entente
