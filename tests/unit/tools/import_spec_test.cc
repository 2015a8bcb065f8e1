#include "entente/tools/import_spec.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "entente/core/error.h"
#include "entente/tools/import_values.h"

namespace entente {
namespace {

using testing::ElementsAre;

template <class Fn>
std::string failure(const Fn& fn) {
  try {
    fn();
  } catch (const Error& e) {
    return e.what();
  }
  return "";
}

TEST(NodeSpec, NamesLabelsKeyAndFile) {
  const NodeSpec spec = parse_node_spec("Post:Message(id)=data/a=b.csv");
  EXPECT_THAT(spec.labels, ElementsAre("Post", "Message"));
  EXPECT_EQ(spec.key, "id");
  EXPECT_EQ(spec.file, "data/a=b.csv");
  EXPECT_THAT(parse_node_spec("Person = p.csv").labels, ElementsAre("Person"));
  EXPECT_TRUE(parse_node_spec("p.csv").labels.empty());
}

TEST(NodeSpec, SaysWhatWouldBeRight) {
  for (const char* text : {"Post(id=x.csv", "Post()=x.csv", "(id)=x.csv", "Post(id)=", "", "A::B(id)=x.csv"}) {
    EXPECT_NE(failure([&] { parse_node_spec(text); }).find("such as"), std::string::npos) << text;
  }
}

TEST(RelationshipSpec, NamesTypeEndsAndFile) {
  const RelationshipSpec spec = parse_relationship_spec("KNOWS(Person.src -> Robot.dst)=knows.csv");
  ASSERT_EQ(spec.type.parts.size(), 1u);
  EXPECT_EQ(spec.type.parts[0].text, "KNOWS");
  EXPECT_TRUE(spec.type.constant());
  EXPECT_EQ(spec.source->label, "Person");
  EXPECT_EQ(spec.source->column, "src");
  EXPECT_EQ(spec.target->label, "Robot");
  EXPECT_EQ(spec.target->column, "dst");
  EXPECT_EQ(spec.file, "knows.csv");
}

TEST(RelationshipSpec, TakesTypesFromColumns) {
  const RelationshipSpec spec = parse_relationship_spec("HAS_{kind}({x}.a->B.b)=f.csv");
  ASSERT_EQ(spec.type.parts.size(), 2u);
  EXPECT_EQ(spec.type.parts[0].text, "HAS_");
  EXPECT_TRUE(spec.type.parts[1].column);
  EXPECT_EQ(spec.type.parts[1].text, "kind");
  EXPECT_FALSE(spec.type.constant());
  EXPECT_TRUE(parse_relationship_spec("rels.csv").type.parts.empty());
  EXPECT_FALSE(parse_relationship_spec("KNOWS=rels.csv").source);
}

TEST(RelationshipSpec, SaysWhatWouldBeRight) {
  for (const char* text : {"KNOWS(Person.src)=k.csv", "KNOWS(Person -> Person.dst)=k.csv", "(A.x -> B.y)=k.csv",
                           "{}(A.x -> B.y)=k.csv", "KNOWS(A.x -> B.y)="}) {
    EXPECT_NE(failure([&] { parse_relationship_spec(text); }), "") << text;
  }
}

TEST(Columns, KeepBlanksInQuotes) {
  EXPECT_EQ(parse_column(" name :string\t").name, "name ");
  EXPECT_EQ(parse_column(" name :string", true).name, " name ");
  EXPECT_EQ(parse_column(" name ", true).name, " name ");
}

TEST(Lists, AreSplitAtTheirDelimiter) {
  const std::vector<std::string> items = {"a;b", "\\", "", "e\\e", " x"};
  std::string cell;
  for (const std::string& item : items) cell += (cell.empty() ? "" : ";") + list_item(item, ';');
  EXPECT_EQ(cell, "a\\;b;\\\\;\\e;e\\\\e; x");
  EXPECT_EQ(split_items(cell, ';'), items);
  EXPECT_TRUE(split_items("", ';').empty());
}

TEST(Columns, HaveTypesAndRoles) {
  EXPECT_EQ(parse_column("name").type, (PropertyType{CellType::Inferred, false}));
  EXPECT_EQ(parse_column("born:date").type, (PropertyType{CellType::Date, false}));
  EXPECT_EQ(parse_column("tags:string[]").type, (PropertyType{CellType::String, true}));
  EXPECT_EQ(parse_column("dc:title:string").name, "dc:title");
  EXPECT_EQ(parse_column("n:Long").type, (PropertyType{CellType::Integer, false}));
  EXPECT_EQ(parse_column("key:ID(Person)").role, ColumnRole::Id);
  EXPECT_EQ(parse_column("key:ID(Person)").id_space, "Person");
  EXPECT_EQ(parse_column(":START_ID").role, ColumnRole::StartId);
  EXPECT_EQ(parse_column(":TYPE").role, ColumnRole::Type);
  EXPECT_EQ(parse_column("x:IGNORE").role, ColumnRole::Ignore);
  EXPECT_NE(failure([] { parse_column("name:strin"); }).find("localdatetime"), std::string::npos);
}

TEST(UpperSnake, MakesTypesOfTexts) {
  EXPECT_EQ(upper_snake("Make a visit"), "MAKE_A_VISIT");
  EXPECT_EQ(upper_snake("Appeal for aid (economic, military)"), "APPEAL_FOR_AID_ECONOMIC_MILITARY");
  EXPECT_EQ(upper_snake("  Überfall-2 "), "ÜBERFALL_2");
  EXPECT_EQ(upper_snake("--"), "");
}

CellType infer(std::initializer_list<const char*> texts) {
  TypeInference inference;
  for (const char* text : texts) inference.add(text);
  return inference.type();
}

TEST(TypeInference, FindsTheNarrowestTypeOfAColumn) {
  EXPECT_EQ(infer({"1", "-20", "0"}), CellType::Integer);
  EXPECT_EQ(infer({"1", "2.5", "1e3"}), CellType::Float);
  EXPECT_EQ(infer({"true", "FALSE"}), CellType::Boolean);
  EXPECT_EQ(infer({"2023-05-19", "1999-12-31"}), CellType::Date);
  EXPECT_EQ(infer({"2023-05-19T17:45", "2023-05-19T17:45:01.5"}), CellType::LocalDateTime);
  EXPECT_EQ(infer({"2023-05-19T17:45Z", "2023-05-19T17:45:01+09:00"}), CellType::DateTime);
  EXPECT_EQ(infer({"1", "x"}), CellType::String);
  EXPECT_EQ(infer({"2023-05-19", "2023-05-19T17:45"}), CellType::String);
  EXPECT_EQ(infer({"2023-02-30"}), CellType::String);
  EXPECT_EQ(infer({}), CellType::String);
}

TEST(TypeInference, KeepsCodesAsTexts) {
  EXPECT_EQ(infer({"007", "1"}), CellType::String);
  EXPECT_EQ(infer({"+81"}), CellType::String);
  EXPECT_EQ(infer({"99999999999999999999"}), CellType::String);
  EXPECT_EQ(infer({"inf"}), CellType::String);
  EXPECT_EQ(infer({"nan"}), CellType::String);
  EXPECT_EQ(infer({"0x10"}), CellType::String);
}

TEST(CellParser, ParsesDeclaredTypes) {
  const auto parse = [](CellType base, const char* text, bool array = false) {
    return CellParser({base, array}, ';').parse(text);
  };
  EXPECT_EQ(parse(CellType::Integer, "+007")->as_integer(), 7);
  EXPECT_FALSE(parse(CellType::Integer, "7.0"));
  EXPECT_EQ(parse(CellType::Float, "7")->as_float(), 7.0);
  EXPECT_TRUE(parse(CellType::Boolean, "True")->as_boolean());
  EXPECT_FALSE(parse(CellType::Date, "soon"));
  EXPECT_EQ(parse(CellType::Duration, "P1D")->to_display(), "P1D");
  EXPECT_EQ(parse(CellType::Integer, "1;2;3", true)->to_display(), "[1, 2, 3]");
  EXPECT_FALSE(parse(CellType::Integer, "1;;3", true));
  const Value list = *parse(CellType::String, "a\\;b;c\\\\;\\e", true);
  EXPECT_TRUE(Value::equivalent(list, Value(List{Value("a;b"), Value("c\\"), Value("")}))) << list.to_literal();
  EXPECT_TRUE(parse(CellType::String, "", true)->as_list().empty());
}

}  // namespace
}  // namespace entente
