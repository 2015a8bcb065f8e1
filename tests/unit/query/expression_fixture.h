// Evaluates Cypher expressions in tests, without planner or binder: variables are numbered by name in order of first
// use, calls are pointed at the built-in functions, and columns are filled by the test.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "entente/core/graph_store.h"
#include "entente/query/exec/evaluate.h"
#include "entente/query/functions/registry.h"
#include "entente/query/syntax/parser.h"

namespace entente {

class ExpressionTest : public ::testing::Test {
 protected:
  ExpressionTest() {
    context_.parameters = &parameters_;
    use_graph(store_.current());
  }

  void use_graph(SnapshotPtr graph) {
    graph_ = std::move(graph);
    context_.graph = graph_.get();
    context_.functions.graph = graph_.get();
  }

  VarId variable(const std::string& name) {
    return variables_.try_emplace(name, static_cast<VarId>(variables_.size())).first->second;
  }

  ExprPtr parse_bound(std::string_view text) {
    ExprPtr expr = parse_expression(text);
    bind(*expr);
    return expr;
  }

  /// Sets a column of the batch; all columns must have as many rows.
  void set_column(const std::string& name, std::vector<Value> values) {
    const VarId var = variable(name);
    if (batch_.columns.size() <= var) batch_.columns.resize(var + 1);
    batch_.rows = values.size();
    batch_.set(var, Vector::from_values(std::move(values)));
  }

  VectorPtr run(std::string_view text) {
    const ExprPtr expr = parse_bound(text);
    if (batch_.columns.size() < variables_.size()) batch_.columns.resize(variables_.size());
    return evaluate(*expr, batch_, context_);
  }

  /// The rows' results as one list.
  std::string results(std::string_view text) {
    const VectorPtr vector = run(text);
    List list;
    for (size_t i = 0; i < vector->size(); ++i) list.push_back(vector->get(i));
    return Value(list).to_literal();
  }

  Value value(std::string_view text) {
    const ExprPtr expr = parse_bound(text);
    return evaluate_constant(*expr, context_);
  }
  std::string literal(std::string_view text) { return value(text).to_literal(); }

  /// "Kind.Detail" of the error that evaluating raises, or "" if it raises none.
  std::string error(std::string_view text) {
    try {
      value(text);
    } catch (const Error& error) {
      EXPECT_TRUE(!error.span().empty() || error.kind() == "ResourceError") << text << ": " << error.what();
      return error.code();
    }
    return "";
  }

  GraphStore store_;
  SnapshotPtr graph_;
  Map parameters_;
  ExecContext context_;
  Batch batch_{0};
  std::shared_ptr<const FunctionRegistry> functions_ = FunctionRegistry::built_in();

 private:
  void bind(Expr& expr) {
    for (const ExprPtr& arg : expr.args) {
      if (arg != nullptr) bind(*arg);
    }
    for (MapProjectionItem& item : expr.projection) {
      if (item.value != nullptr) bind(*item.value);
    }
    if (expr.kind == ExprKind::Variable) expr.var = variable(expr.name);
    if (!expr.var_name.empty()) expr.var = variable(expr.var_name);
    if (!expr.accumulator_name.empty()) expr.accumulator = variable(expr.accumulator_name);
    if (expr.kind == ExprKind::Call) {
      expr.function = functions_->find(expr.name);
      EXPECT_NE(expr.function, nullptr) << expr.name;
    }
  }

  std::map<std::string, VarId> variables_;
};

}  // namespace entente
