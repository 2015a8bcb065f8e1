// Label and type predicates: `n:A&!B`, `r:KNOWS|LIKES`. Names are looked up once a batch; unknown ones match nothing.

#include <algorithm>
#include <optional>

#include "entente/core/label_members.h"
#include "entente/query/exec/evaluate_internal.h"
#include "entente/query/functions/entity.h"

namespace entente {

namespace {

/// A label expression with its names looked up.
struct LabelTest {
  LabelExpr::Kind kind = LabelExpr::Kind::Name;
  uint32_t id = LabelId::kNone;  // of the label or type; kNone if no version of the graph has it
  std::vector<LabelTest> children;
};

LabelTest make_test(const LabelExpr& expr, const NameTable& names) {
  LabelTest test;
  test.kind = expr.kind;
  if (expr.kind == LabelExpr::Kind::Name) test.id = names.find(expr.name);
  for (const LabelExpr& child : expr.children) test.children.push_back(make_test(child, names));
  return test;
}

/// `has(id)` tells whether the entity has the label or type; `any` whether it has one at all.
template <class Has>
bool matches(const LabelTest& test, bool any, const Has& has) {
  switch (test.kind) {
    case LabelExpr::Kind::Name:
      return test.id != LabelId::kNone && has(test.id);
    case LabelExpr::Kind::Wildcard:
      return any;
    case LabelExpr::Kind::Dynamic:  // resolved before
      return false;
    case LabelExpr::Kind::Not:
      return !matches(test.children[0], any, has);
    case LabelExpr::Kind::And:
      for (const LabelTest& child : test.children) {
        if (!matches(child, any, has)) return false;
      }
      return true;
    case LabelExpr::Kind::Or:
      for (const LabelTest& child : test.children) {
        if (matches(child, any, has)) return true;
      }
      return false;
  }
  return false;
}

class LabelMatcher {
 public:
  LabelMatcher(const Expr& expr, const LabelExpr& label, const ExecContext& context)
      : expr_(expr),
        graph_(*context.graph),
        check_(context.transaction != nullptr),
        nodes_(make_test(label, graph_.names().labels)),
        types_(make_test(label, graph_.names().types)) {
    if (nodes_.kind != LabelExpr::Kind::Name) return;
    members_.emplace(nodes_.id != LabelId::kNone ? graph_.label_bitmap(LabelId(nodes_.id)) : nullptr);
  }

  bool test(NodeId node) {
    if (check_) check_exists(graph_, node, expr_.span);
    if (members_) return members_->contains(node.value);
    return matches(nodes_, !graph_.labels(node).empty(),
                   [&](uint32_t label) { return graph_.has_label(node, LabelId(label)); });
  }

  bool test(RelId rel) {
    if (check_) check_exists(graph_, rel, expr_.span);
    const uint32_t type = graph_.relationship(rel).type.value;
    return matches(types_, true, [type](uint32_t id) { return id == type; });
  }

  Ternary test(const Value& value) {
    if (value.is_null()) return Ternary::Null;
    if (const NodeData* data = made_up_node(graph_, value)) {
      const Dictionary& names = graph_.names();
      return ternary(matches(nodes_, !data->labels.empty(), [&](uint32_t label) {
        return std::find(data->labels.begin(), data->labels.end(), names.labels.name(label)) != data->labels.end();
      }));
    }
    if (const RelationshipData* data = made_up_relationship(graph_, value)) {
      return ternary(
          matches(types_, true, [&](uint32_t type) { return graph_.names().types.name(type) == data->type; }));
    }
    if (value.is_node()) return test(value.as_node()) ? Ternary::True : Ternary::False;
    if (value.is_relationship()) return test(value.as_relationship()) ? Ternary::True : Ternary::False;
    throw Error::type(
        "InvalidArgumentType",
        "only a NODE has labels and a RELATIONSHIP a type, but this is " + std::string(kind_name(value.kind())),
        expr_.span);
  }

 private:
  const Expr& expr_;
  const Snapshot& graph_;
  bool check_;
  LabelTest nodes_;
  LabelTest types_;
  std::optional<LabelMembers> members_;  // where a node needs to have just one label
};

/// The label expression with the names that operands of row `row` stand for.
LabelExpr resolved(const LabelExpr& label, const std::vector<Operand>& operands, size_t row) {
  LabelExpr result = label;
  if (label.kind == LabelExpr::Kind::Dynamic) {
    result.kind = label.any ? LabelExpr::Kind::Or : LabelExpr::Kind::And;
    for (std::string& name : computed_names(operands[label.operand].get(row), label.span)) {
      result.children.emplace_back().name = std::move(name);
    }
    return result;
  }
  for (LabelExpr& child : result.children) child = resolved(child, operands, row);
  return result;
}

/// For names that differ from row to row.
VectorPtr evaluate_dynamic_labels(const Expr& expr, const Batch& batch, ExecContext& context) {
  const std::vector<Operand> operands = evaluate_operands(expr.args, batch, context);
  const bool names_constant =
      std::all_of(operands.begin() + 1, operands.end(), [](const Operand& o) { return o.constant(); });
  std::optional<LabelMatcher> matcher;
  std::vector<Ternary> results(batch.rows);
  for (size_t i = 0; i < batch.rows; ++i) {
    if (!matcher || !names_constant) matcher.emplace(expr, resolved(expr.label, operands, i), context);
    results[i] = matcher->test(operands[0].get(i));
  }
  return make_boolean_vector(results);
}

}  // namespace

std::vector<std::string> computed_names(const Value& value, Span span) {
  std::vector<std::string> names;
  const auto add = [&](const Value& name) {
    if (!name.is_string()) {
      throw Error::type(
          "InvalidArgumentType",
          "a computed label or type must be a STRING or a LIST of them, not " + std::string(kind_name(name.kind())),
          span);
    }
    if (name.as_string().empty()) {
      throw Error("ArgumentError", "InvalidArgumentValue", Phase::Runtime,
                  "a computed label or type must not be an empty text", span);
    }
    names.push_back(name.as_string());
  };
  if (value.is_list()) {
    for (const Value& name : value.as_list()) add(name);
  } else {
    add(value);
  }
  return names;
}

VectorPtr evaluate_labels(const Expr& expr, const Batch& batch, ExecContext& context) {
  if (expr.args.size() > 1) return evaluate_dynamic_labels(expr, batch, context);
  const Operand operand = evaluate_operand(*expr.args[0], batch, context);
  LabelMatcher matcher(expr, expr.label, context);
  if (operand.constant()) return make_boolean_constant(matcher.test(operand.get(0)), batch.rows);
  std::vector<Ternary> results(batch.rows);
  const Vector& vector = *operand.vector;
  const VectorType type = operand.type();
  for (size_t i = 0; i < batch.rows; ++i) {
    if (operand.is_null(i)) {
      results[i] = Ternary::Null;
    } else if (type == VectorType::Node) {
      results[i] = ternary(matcher.test(NodeId(vector.ids[operand.at(i)])));
    } else if (type == VectorType::Relationship) {
      results[i] = ternary(matcher.test(RelId(vector.ids[operand.at(i)])));
    } else {
      results[i] = matcher.test(operand.get(i));
    }
  }
  return make_boolean_vector(results);
}

}  // namespace entente
