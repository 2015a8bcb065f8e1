#include "entente/query/procedures.h"

#include "operator_fixture.h"

namespace entente {
namespace {

// ---- signatures ----

TEST(ProcedureSignature, NamesTypesAndNullability) {
  const ProcedureSignature s = parse_procedure_signature(
      " test.my_2.proc ( name::STRING?,in :: number ) :: (out :: List<List of Integer>?, größe :: LOCAL DATETIME, any "
      ":: ANY)");
  EXPECT_EQ(s.name, "test.my_2.proc");
  ASSERT_EQ(s.inputs.size(), 2u);
  EXPECT_EQ(s.inputs[0].name, "name");
  EXPECT_EQ(s.inputs[0].type, kStringType | kNullType);
  EXPECT_EQ(s.inputs[0].type_name, "STRING?");
  EXPECT_EQ(s.inputs[1].type, kNumberType);
  ASSERT_EQ(s.outputs.size(), 3u);
  EXPECT_EQ(s.outputs[0].type, kListType | kNullType);
  EXPECT_EQ(s.outputs[0].type_name, "List<List of Integer>?");
  EXPECT_EQ(s.outputs[1].name, "größe");
  EXPECT_EQ(s.outputs[1].type, type_of(ValueKind::LocalDateTime));
  EXPECT_EQ(s.outputs[2].type, kAnyType);
  EXPECT_FALSE(s.writes);
}

TEST(ProcedureSignature, NoOutputs) {
  EXPECT_TRUE(parse_procedure_signature("a.b() :: ()").outputs.empty());
  EXPECT_TRUE(parse_procedure_signature("a.b() :: VOID").outputs.empty());
}

TEST(ProcedureSignature, WhatIsWrongIsRefused) {
  std::string nested = "p(a :: ";
  for (int i = 0; i < 100'000; ++i) nested += "LIST<";
  for (const std::string& text :
       {std::string(), std::string("p"), std::string("p()"), std::string("p() :: (a)"),
        std::string("p(a :: TEXT) :: ()"), std::string("p(a :: STRING,) :: ()"), std::string("p() :: () more"),
        std::string(".p() :: ()"), std::string("p..q() :: ()"), std::string("p(a :: STRING, a :: STRING) :: ()"),
        std::string("p() :: (a :: LIST<STRING)"), nested}) {
    try {
      parse_procedure_signature(text);
      ADD_FAILURE() << text.substr(0, 100);
    } catch (const Error& e) {
      EXPECT_EQ(e.code(), "SyntaxError.InvalidProcedureSignature");
    }
  }
}

TEST(ProcedureRegistry, FindsWithoutRegardToCase) {
  ProcedureRegistry registry;
  add_graph_procedures(registry);
  ASSERT_NE(registry.find("DB.LABELS"), nullptr);
  EXPECT_EQ(registry.find("DB.LABELS")->signature.name, "db.labels");
  EXPECT_EQ(registry.find("db.label"), nullptr);
  EXPECT_EQ(registry.nearest("db.label"), "db.labels");
  EXPECT_EQ(registry.all().size(), 5u);
}

// ---- calling ----

class ProceduresTest : public OperatorTest {
 protected:
  /// A procedure that gives what it was called with and counts its calls.
  void add(const std::string& signature, ProcedureRows rows = {}) {
    Procedure procedure;
    procedure.signature = parse_procedure_signature(signature);
    procedure.call = [this, rows](const std::vector<Value>& args, ExecContext&) {
      ++calls_;
      last_args_ = args;
      return rows;
    };
    procedures_.add(std::move(procedure));
  }
  int calls_ = 0;
  std::vector<Value> last_args_;
};

TEST_F(ProceduresTest, PairsEachRowWithEachResult) {
  add("p(x :: INTEGER) :: (a :: INTEGER, b :: STRING)",
      {{Value(1), Value("x")}, {Value(2), Value("y")}, {Value(3), Value("z")}});
  context_.batch_size = 2;
  EXPECT_EQ(run(chain(UnwindOp{lit(list({7, 8})), 0}, CallProcedureOp{"P", {var(0)}, {{"b", 2}, {"a", 1}}, false}),
                {0, 1, 2}),
            (Rows{"7 1 'x'", "7 2 'y'", "7 3 'z'", "8 1 'x'", "8 2 'y'", "8 3 'z'"}));
  EXPECT_EQ(calls_, 2);
}

TEST_F(ProceduresTest, ArgumentsAreCheckedAndIntegersBecomeFloats) {
  add("p(x :: FLOAT?) :: (a :: INTEGER)", {{Value(1)}});
  add("q(x :: FLOAT) :: (a :: INTEGER)", {{Value(1)}});
  const auto call = [](const std::string& name, Value arg) {
    return chain(UnwindOp{lit(list({list({std::move(arg)})})), 0},
                 CallProcedureOp{name, {op(ExprKind::Element, var(0), lit(0))}, {{"a", 1}}, false});
  };
  run(call("p", 42), {1});
  EXPECT_TRUE(last_args_.at(0).is_float());
  EXPECT_EQ(last_args_.at(0).as_float(), 42.0);
  run(call("p", Value()), {1});
  EXPECT_TRUE(last_args_.at(0).is_null());
  EXPECT_EQ(error(call("p", "text")), "TypeError.InvalidArgumentType");
  EXPECT_EQ(error(call("q", Value())), "TypeError.InvalidArgumentType");
  EXPECT_EQ(error(call("gone", 1)), "ProcedureError.ProcedureNotFound");
}

TEST_F(ProceduresTest, WithoutOutputsRowsPass) {
  add("p() :: ()");
  EXPECT_EQ(run(chain(UnwindOp{lit(list({1, 2, 3})), 0}, CallProcedureOp{"p", {}, {}, true}), {0}),
            (Rows{"1", "2", "3"}));
  EXPECT_EQ(calls_, 3);
}

TEST_F(ProceduresTest, RowsMustHaveTheWidthDeclared) {
  add("p() :: (a :: INTEGER, b :: INTEGER)", {{Value(1)}});
  EXPECT_EQ(error(chain(CallProcedureOp{"p", {}, {{"a", 0}}, false})), "ProcedureError.InvalidResult");
}

TEST_F(ProceduresTest, GraphProceduresTellWhatIsInUse) {
  add_graph_procedures(procedures_);
  node({"B"}, {{"x", Value(1)}});
  node({"A", "B"}, {{"x", Value("text")}, {"y", Value(2)}});
  node({"A", "B"}, {{"x", Value(2)}});
  node();
  transaction_->label("Unused");
  transaction_->key("unused");
  transaction_->type("UNUSED");
  rel(0, 1, "R", {{"z", Value(1.5)}});
  transaction_->create_index("by_x", transaction_->label("B"), transaction_->key("x"), false);
  const auto call = [&](const std::string& name, std::vector<std::string> fields) {
    CallProcedureOp op{name, {}, {}, false};
    std::vector<VarId> vars;
    for (VarId v = 0; v < fields.size(); ++v) {
      op.yields.emplace_back(fields[v], v);
      vars.push_back(v);
    }
    return run(chain(op), vars);
  };
  EXPECT_EQ(call("db.labels", {"label"}), (Rows{"'B'", "'A'"}));
  EXPECT_EQ(call("db.relationshipTypes", {"relationshipType"}), (Rows{"'R'"}));
  EXPECT_EQ(call("db.propertyKeys", {"propertyKey"}), (Rows{"'x'", "'y'", "'z'"}));
  add_schema_procedures(procedures_);
  EXPECT_EQ(call("db.indexes", {"name", "state", "type", "entityType", "labelsOrTypes", "properties"}),
            (Rows{"'by_x' 'ONLINE' 'RANGE' 'NODE' ['B'] ['x']"}));
  EXPECT_EQ(call("db.schema.nodeTypeProperties", {"nodeLabels", "propertyName", "propertyTypes", "mandatory"}),
            (Rows{"[] null null false", "['B'] 'x' ['INTEGER'] true", "['B' 'A'] 'x' ['INTEGER' 'STRING'] true",
                  "['B' 'A'] 'y' ['INTEGER'] false"}));
  EXPECT_EQ(call("db.schema.relTypeProperties", {"relType", "propertyName", "propertyTypes", "mandatory"}),
            (Rows{"'R' 'z' ['FLOAT'] true"}));
}

}  // namespace
}  // namespace entente
