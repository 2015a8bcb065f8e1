// A small graph of diplomacy, and statements planned and run against it without a database.
//
// 5 countries, 40 people, 60 events of the years 2020 to 2024, 3 forums, 8 topics; indexes on Country.iso2 (unique),
// Person.name, Event.year (ordered).
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "entente/core/graph_store.h"
#include "entente/query/exec/operator.h"
#include "entente/query/plan/planner.h"
#include "entente/query/semantic/binder.h"
#include "entente/query/syntax/parser.h"

namespace entente {

class PlanCatalog : public Catalog {
 public:
  PlanCatalog() {
    labels_.name = "test.labels";
    labels_.outputs = {{"label", kStringType, "STRING?"}};
    nothing_.name = "test.nothing";
  }
  const Function* function(std::string_view name) const override { return functions_->find(name); }
  std::string nearest_function(std::string_view name) const override { return functions_->nearest(name); }
  const ProcedureSignature* procedure(std::string_view name) const override {
    return name == labels_.name ? &labels_ : name == nothing_.name ? &nothing_ : nullptr;
  }
  std::string nearest_procedure(std::string_view) const override { return {}; }

 private:
  std::shared_ptr<const FunctionRegistry> functions_ = FunctionRegistry::built_in();
  ProcedureSignature labels_;
  ProcedureSignature nothing_;
};

class PlanFixture {
 public:
  PlanFixture() {
    auto transaction = store_.begin();
    fill(*transaction);
    store_.commit(std::move(transaction));
    graph_ = store_.current();
  }

  const Snapshot& graph() const { return *graph_; }

  Statement bound(std::string_view text) const {
    Statement statement = parse(text);
    bind(statement, catalog_);
    return statement;
  }

  static PlannerOptions without(const std::vector<std::string>& passes) {
    PlannerOptions options;
    options.disabled_passes.insert(passes.begin(), passes.end());
    return options;
  }

  /// All, also where the estimates say that it is not worthwhile.
  static PlannerOptions eager() {
    PlannerOptions options;
    options.eager = true;
    return options;
  }

  /// All but one.
  static PlannerOptions only(std::string_view pass, bool eagerly = false) {
    PlannerOptions options;
    options.eager = eagerly;
    for (std::string_view name : optimizer_passes()) {
      if (name != pass) options.disabled_passes.emplace(name);
    }
    return options;
  }

  std::string explain(std::string_view text, const PlannerOptions& options = {}) const {
    Statement statement = bound(text);
    std::vector<EndFact> assumed;
    const PlanPtr plan = plan_statement(statement, *graph_, options, &assumed);
    return to_string(*plan, statement.variable_names);
  }

  /// The operators from the leaf up, those of inner plans in brackets: "Argument NodeScan Optional[Argument Expand]
  /// Result".
  std::string operators(std::string_view text, const PlannerOptions& options = {}) const;

  /// The rows as literals, run on the graph; what is written is rolled back.
  std::vector<std::string> rows(std::string_view text, const PlannerOptions& options = {}, Map parameters = {}) {
    Statement statement = bound(text);
    std::vector<EndFact> assumed;
    const PlanPtr plan = plan_statement(statement, *graph_, options, &assumed);
    auto transaction = statement.writes ? store_.begin() : nullptr;
    ExecContext context;
    context.graph = transaction ? &transaction->view() : graph_.get();
    context.transaction = transaction.get();
    context.functions.graph = context.graph;
    context.parameters = &parameters;
    context.variable_count = statement.variable_count;
    std::vector<std::string> rows;
    PlanRunner runner(plan, context);
    Batch batch;
    while (runner.next(batch)) {
      for (size_t i = 0; i < batch.rows; ++i) {
        std::string row;
        for (VarId var : runner.result().vars) row += (row.empty() ? "" : ", ") + batch.get(var, i).to_literal();
        rows.insert(rows.end(), batch.times(i), row);
      }
    }
    counters = context.counters;
    return rows;
  }

  Counters counters;  // of the last statement run

 private:
  static void fill(Transaction& t) {
    auto nodes = [&](const char* label, int count) {
      std::vector<NodeId> made;
      const LabelId id = t.label(label);
      for (int i = 0; i < count; ++i) made.push_back(t.create_node(std::span(&id, 1)));
      return made;
    };
    const std::vector<NodeId> countries = nodes("Country", 5);
    const std::vector<NodeId> people = nodes("Person", 40);
    const std::vector<NodeId> events = nodes("Event", 60);
    const std::vector<NodeId> forums = nodes("Forum", 3);
    const std::vector<NodeId> topics = nodes("Topic", 8);
    const KeyId iso2 = t.key("iso2");
    const KeyId name = t.key("name");
    const KeyId year = t.key("year");
    const KeyId role = t.key("role");
    const std::vector<std::string> codes = {"US", "JP", "FR", "DE", "IN"};
    for (size_t i = 0; i < countries.size(); ++i) t.set_property(countries[i], iso2, Value(codes[i]));
    for (size_t i = 0; i < people.size(); ++i) {
      t.set_property(people[i], name, Value("person " + std::to_string(i)));
      t.create_relationship(t.type("CITIZEN_OF"), people[i], countries[i % countries.size()]);
    }
    for (size_t i = 0; i < topics.size(); ++i) t.set_property(topics[i], name, Value("topic " + std::to_string(i)));
    for (size_t i = 0; i + 1 < topics.size(); ++i) t.create_relationship(t.type("BROADER"), topics[i], topics[i + 1]);
    for (size_t i = 0; i < events.size(); ++i) {
      t.set_property(events[i], year, Value(static_cast<int64_t>(2020 + i % 5)));
      t.create_relationship(t.type("PARTY_TO"), countries[i % countries.size()], events[i]);
      t.create_relationship(t.type("PARTY_TO"), countries[(i + 1 + i % 2) % countries.size()], events[i]);
      if (i % 2 == 0) t.create_relationship(t.type("HELD_AT"), events[i], forums[i % forums.size()]);
      t.create_relationship(t.type("DISCUSSED"), events[i], topics[i % topics.size()]);
      for (size_t k = 0; k < 3; ++k) {
        const RelId took_part =
            t.create_relationship(t.type("PARTICIPATED_IN"), people[(i * 7 + k * 5) % people.size()], events[i]);
        t.set_property(took_part, role, Value(k == 0 ? "host" : "guest"));
      }
    }
    t.create_index("country_iso2", t.label("Country"), iso2, true);
    t.create_index("person_name", t.label("Person"), name, false);
    t.create_index("event_year", t.label("Event"), year, false);
    IndexDefinition by_role;
    by_role.name = "role";
    by_role.entity = EntityType::Relationship;
    by_role.tokens = {t.type("PARTICIPATED_IN").value};
    by_role.keys = {role};
    t.create_index(by_role);
  }

  GraphStore store_;
  SnapshotPtr graph_;
  PlanCatalog catalog_;
};

namespace plan_fixture {

inline std::string operator_names(const Plan& plan) {
  // The first column of the text, read bottom up, says the same, but not which plan is inside which.
  static const std::vector<std::string> kNames = {"Argument",    "NodeScan",   "IndexSeek",
                                                  "IndexRange",  "NodeById",   "Expand",
                                                  "VarExpand",   "PathSearch", "BoundRelationship",
                                                  "Unique",      "BuildPath",  "Filter",
                                                  "Project",     "Aggregate",  "Distinct",
                                                  "CombineRows", "CountJoin",  "Sort",
                                                  "Skip",        "Limit",      "Unwind",
                                                  "LoadCsv",     "Union",      "Optional",
                                                  "Subquery",    "Create",     "Merge",
                                                  "Set",         "Remove",     "Delete",
                                                  "Foreach",     "Barrier",    "Call",
                                                  "Result"};
  std::string below = plan.input != nullptr ? operator_names(*plan.input) + " " : "";
  below += kNames.at(plan.op.index());
  if (const auto* optional = std::get_if<OptionalOp>(&plan.op)) below += "[" + operator_names(*optional->inner) + "]";
  if (const auto* call = std::get_if<CallSubqueryOp>(&plan.op)) below += "[" + operator_names(*call->inner) + "]";
  if (const auto* join = std::get_if<CountJoinOp>(&plan.op)) below += "[" + operator_names(*join->inner) + "]";
  if (const auto* foreach = std::get_if<ForeachOp>(&plan.op)) below += "[" + operator_names(*foreach->inner) + "]";
  if (const auto* merge = std::get_if<MergeOp>(&plan.op)) below += "[" + operator_names(*merge->match) + "]";
  if (const auto* all = std::get_if<UnionOp>(&plan.op)) {
    for (const PlanPtr& branch : all->branches) below += "[" + operator_names(*branch) + "]";
  }
  return below;
}

}  // namespace plan_fixture

inline std::string PlanFixture::operators(std::string_view text, const PlannerOptions& options) const {
  Statement statement = bound(text);
  std::vector<EndFact> assumed;
  return plan_fixture::operator_names(*plan_statement(statement, *graph_, options, &assumed));
}

}  // namespace entente
