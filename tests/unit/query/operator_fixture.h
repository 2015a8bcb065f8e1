// Plans built by hand and run over a small graph in memory.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "entente/core/graph_store.h"
#include "entente/query/exec/operator.h"
#include "entente/query/plan/expressions.h"
#include "entente/query/plan/plan.h"
#include "entente/query/procedures.h"

namespace entente {

class OperatorTest : public testing::Test {
 protected:
  static constexpr size_t kVariables = 12;
  using Rows = std::vector<std::string>;

  OperatorTest() : transaction_(store_.begin()) {
    context_.transaction = transaction_.get();
    context_.graph = &transaction_->view();
    context_.functions.graph = context_.graph;
    context_.variable_count = kVariables;
    context_.parameters = &parameters_;
    context_.procedures = &procedures_;
  }

  // ---- the graph ----

  NodeId node(const std::vector<std::string>& labels = {}, const Map& properties = {}) {
    std::vector<LabelId> ids;
    for (const std::string& label : labels) ids.push_back(transaction_->label(label));
    const NodeId node = transaction_->create_node(ids);
    for (const auto& [key, value] : properties) transaction_->set_property(node, transaction_->key(key), value);
    return node;
  }
  void nodes(size_t count) {
    for (size_t i = 0; i < count; ++i) node();
  }
  RelId rel(uint32_t from, uint32_t to, const std::string& type = "R", const Map& properties = {}) {
    const RelId rel = transaction_->create_relationship(transaction_->type(type), NodeId(from), NodeId(to));
    for (const auto& [key, value] : properties) transaction_->set_property(rel, transaction_->key(key), value);
    return rel;
  }

  // ---- expressions ----

  static ExprPtr var(VarId v) { return make_variable(v, "v" + std::to_string(v)); }
  static ExprPtr lit(Value value) { return make_literal(std::move(value)); }
  static ExprPtr prop(VarId v, const std::string& key) { return make_property(var(v), key); }
  static ExprPtr op(ExprKind kind, ExprPtr a, ExprPtr b) { return make_binary(kind, std::move(a), std::move(b)); }
  static ExprPtr param(const std::string& name) {
    auto expr = std::make_shared<Expr>();
    expr->kind = ExprKind::Parameter;
    expr->name = name;
    return expr;
  }
  static ExprPtr map(std::vector<std::string> keys, std::vector<ExprPtr> values) {
    auto expr = std::make_shared<Expr>();
    expr->kind = ExprKind::Map;
    expr->keys = std::move(keys);
    expr->args = std::move(values);
    return expr;
  }
  static ExprPtr aggregate(Aggregate kind, ExprPtr arg = nullptr, bool distinct = false) {
    auto expr = std::make_shared<Expr>();
    expr->kind = ExprKind::Aggregate;
    expr->aggregate = kind;
    expr->distinct = distinct;
    if (arg != nullptr) expr->args.push_back(std::move(arg));
    return expr;
  }
  static Value list(std::vector<Value> items) { return Value(List(items.begin(), items.end())); }

  // ---- plans ----

  /// A chain of operators over the argument.
  template <class... Ops>
  static PlanPtr chain(Ops... ops) {
    PlanPtr plan = make_plan(ArgumentOp{}, nullptr);
    ((plan = make_plan(PlanOp(std::move(ops)), plan)), ...);
    return plan;
  }
  static PlanPtr with_result(PlanPtr plan, std::vector<VarId> vars) {
    return make_plan(ResultOp{vars, std::vector<std::string>(vars.size())}, std::move(plan));
  }

  Rows run(PlanPtr plan, std::vector<VarId> vars) {
    PlanRunner runner(with_result(std::move(plan), vars), context_);
    Rows rows;
    Batch batch;
    while (runner.next(batch)) {
      EXPECT_GT(batch.rows, 0u);
      for (size_t i = 0; i < batch.rows; ++i) {
        std::string row;
        for (const VarId v : vars) row += (row.empty() ? "" : " ") + show(batch.get(v, i));
        rows.push_back(row);
      }
    }
    EXPECT_FALSE(runner.next(batch));
    return rows;
  }

  std::string error(PlanPtr plan, std::vector<VarId> vars = {0}) {
    try {
      run(std::move(plan), std::move(vars));
    } catch (const Error& e) {
      return e.code();
    }
    return "none";
  }

  static std::string show(const Value& value) {
    if (value.is_node()) return "n" + std::to_string(value.as_node().value);
    if (value.is_relationship()) return "r" + std::to_string(value.as_relationship().value);
    if (!value.is_list() && !value.is_path()) return value.to_literal();
    std::string out;
    for (const Value& item : value.is_list() ? value.as_list() : value.as_path())
      out += (out.empty() ? "" : " ") + show(item);
    return (value.is_list() ? "[" : "<") + out + (value.is_list() ? "]" : ">");
  }

  Value property(uint32_t id, const std::string& key) const {
    return transaction_->view().property(NodeId(id), transaction_->view().names().key(key));
  }

  GraphStore store_;
  std::unique_ptr<Transaction> transaction_;
  Map parameters_;
  ProcedureRegistry procedures_;
  ExecContext context_;
};

}  // namespace entente
