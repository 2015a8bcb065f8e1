#include "entente/query/semantic/expr_tools.h"

#include <algorithm>
#include <utility>

namespace entente {
namespace {

class VariableWalk {
 public:
  explicit VariableWalk(const VariableUse& use) : use_(use) {}

  void expr(const Expr& e) {
    if (e.kind == ExprKind::Variable) use_(e.var, e.name, e.span);
    for (const ExprPtr& arg : e.args) optional(arg);
    for (const MapProjectionItem& item : e.projection) optional(item.value);
    if (e.pattern) path(*e.pattern);
    if (e.query) query(*e.query);
  }

 private:
  void optional(const ExprPtr& e) {
    if (e) expr(*e);
  }

  template <class Element>
  void element(const Element& e) {
    use_(e.var, e.name, e.span);
    if constexpr (std::is_same_v<Element, NodePattern>) {
      if (e.label) label(*e.label);
    } else {
      if (e.type) label(*e.type);
    }
    optional(e.properties);
    optional(e.where);
  }

  void label(const LabelExpr& label) {
    optional(label.dynamic);
    for (const LabelExpr& child : label.children) this->label(child);
  }

  void path(const PathPattern& path) {
    for (const PathElement& e : path.elements) {
      if (const auto* node = std::get_if<NodePattern>(&e)) element(*node);
      if (const auto* relationship = std::get_if<RelationshipPattern>(&e)) element(*relationship);
      if (const auto* group = std::get_if<QuantifiedPattern>(&e)) {
        this->path(*group->inner);
      }
    }
    optional(path.where);
  }

  void query(const Query& query) {
    for (const SingleQuery& part : query.parts) {
      for (const Clause& clause : part.clauses) {
        if (const auto* match = std::get_if<MatchClause>(&clause)) {
          for (const PathPattern& p : match->paths) path(p);
          optional(match->where);
        } else if (const auto* unwind = std::get_if<UnwindClause>(&clause)) {
          optional(unwind->list);
        } else if (const auto* inner = std::get_if<SubqueryClause>(&clause)) {
          for (const SubqueryClause::Variable& import : inner->imports) use_(import.var, import.name, import.span);
          this->query(*inner->query);
        } else if (const auto* load = std::get_if<LoadCsvClause>(&clause)) {
          optional(load->url);
        } else if (const auto* call = std::get_if<CallClause>(&clause)) {
          for (const ExprPtr& arg : call->args) optional(arg);
          optional(call->where);
        } else if (const auto* projection = std::get_if<ProjectionClause>(&clause)) {
          for (const ProjectionItem& item : projection->items) optional(item.expr);
          for (const SortItem& item : projection->order_by) optional(item.expr);
          optional(projection->where);
        }
      }
    }
  }

  const VariableUse& use_;
};

/// Equal, and of the same kinds all the way down: 1 is not 1.0.
bool same_literal(const Value& a, const Value& b) {
  if (a.kind() != b.kind()) return false;
  if (a.is_list()) {
    return std::equal(a.as_list().begin(), a.as_list().end(), b.as_list().begin(), b.as_list().end(), same_literal);
  }
  if (a.is_map()) {
    return std::equal(
        a.as_map().begin(), a.as_map().end(), b.as_map().begin(), b.as_map().end(),
        [](const auto& x, const auto& y) { return x.first == y.first && same_literal(x.second, y.second); });
  }
  return Value::equivalent(a, b);
}

bool same_label(const LabelExpr& a, const LabelExpr& b) {
  return a.kind == b.kind && a.name == b.name && a.any == b.any &&
         std::equal(a.children.begin(), a.children.end(), b.children.begin(), b.children.end(), same_label);
}

/// Whether the expression is a pattern or subquery, which is compared by its text and variables.
bool is_opaque(const Expr& e) { return e.pattern != nullptr || e.query != nullptr; }

class Comparison {
 public:
  explicit Comparison(const ComparisonContext& context) : context_(context) {}

  bool same(const Expr& a, const Expr& b) {
    if (a.kind != b.kind || a.args.size() != b.args.size()) return false;
    if (is_opaque(a)) return same_opaque(a, b);
    bool same_head = true;
    switch (a.kind) {
      case ExprKind::Variable:
        return same_variable(a.var, b.var);
      case ExprKind::Literal:
        return same_literal(a.literal, b.literal);
      case ExprKind::Call:
        same_head = a.function == b.function && a.name == b.name;
        break;
      case ExprKind::Aggregate:
        same_head = a.aggregate == b.aggregate && a.distinct == b.distinct;
        break;
      case ExprKind::Map:
        same_head = a.keys == b.keys;
        break;
      case ExprKind::IsTyped:
        same_head = a.type_spec->text == b.type_spec->text;
        break;
      case ExprKind::HasLabels:
        same_head = same_label(a.label, b.label);
        break;
      case ExprKind::Case:
        same_head = a.case_operand == b.case_operand && a.case_tests == b.case_tests && a.case_else == b.case_else;
        break;
      case ExprKind::Quantifier:
        same_head = a.quantifier == b.quantifier;
        break;
      default:
        same_head = a.name == b.name;
        break;
    }
    if (!same_head || !same_projection(a, b)) return false;
    size_t before = local_.size();
    if (a.var != kNoVar) local_.emplace_back(a.var, b.var);
    if (a.accumulator != kNoVar) local_.emplace_back(a.accumulator, b.accumulator);
    bool result = std::equal(a.args.begin(), a.args.end(), b.args.begin(),
                             [this](const ExprPtr& x, const ExprPtr& y) { return same_optional(x, y); });
    local_.resize(before);
    return result;
  }

 private:
  bool same_optional(const ExprPtr& a, const ExprPtr& b) {
    if (!a || !b) return a == b;
    return same(*a, *b);
  }

  bool same_variable(VarId a, VarId b) const {
    for (auto pair = local_.rbegin(); pair != local_.rend(); ++pair) {
      if (pair->first == a || pair->second == b) return pair->first == a && pair->second == b;
    }
    return a == b;
  }

  bool same_projection(const Expr& a, const Expr& b) {
    return std::equal(a.projection.begin(), a.projection.end(), b.projection.begin(), b.projection.end(),
                      [this](const MapProjectionItem& x, const MapProjectionItem& y) {
                        return x.kind == y.kind && x.name == y.name && same_optional(x.value, y.value);
                      });
  }

  /// Patterns and subqueries are compared by their text, and by what the names in it stand for.
  bool same_opaque(const Expr& a, const Expr& b) const {
    if (source(a) != source(b)) return false;
    std::vector<std::pair<VarId, std::string>> in_a;
    std::vector<std::pair<VarId, std::string>> in_b;
    for_each_variable(a, [&](VarId var, const std::string& name, Span) { in_a.emplace_back(var, name); });
    for_each_variable(b, [&](VarId var, const std::string& name, Span) { in_b.emplace_back(var, name); });
    return std::equal(in_a.begin(), in_a.end(), in_b.begin(), in_b.end(), [this](const auto& x, const auto& y) {
      bool own = x.first >= context_.own_a;
      if (x.second != y.second || own != (y.first >= context_.own_b)) return false;
      return own || x.first == y.first;
    });
  }

  std::string_view source(const Expr& e) const { return context_.text.substr(e.span.begin, e.span.end - e.span.begin); }

  ComparisonContext context_;
  std::vector<std::pair<VarId, VarId>> local_;  // variables that the two make themselves
};

size_t mix(size_t seed, size_t value) { return (seed ^ value) * 0x9E3779B97F4A7C15ull + (seed >> 29); }

}  // namespace

void for_each_variable(const Expr& expr, const VariableUse& use) { VariableWalk(use).expr(expr); }

bool same_expression(const Expr& a, const Expr& b, const ComparisonContext& context) {
  return Comparison(context).same(a, b);
}

size_t hash_expression(const Expr& expr, const std::function<void(const Expr&, size_t)>& inner) {
  size_t hash = mix(static_cast<size_t>(expr.kind), expr.args.size());
  if (expr.kind == ExprKind::Literal) {
    hash = mix(hash, expr.literal.hash());
  } else if (expr.kind == ExprKind::Property || expr.kind == ExprKind::Parameter || expr.kind == ExprKind::Call ||
             expr.kind == ExprKind::Variable) {
    hash = mix(hash, std::hash<std::string>()(expr.name));
  }
  for (const ExprPtr& arg : expr.args) {
    size_t below = arg ? hash_expression(*arg, inner) : 0;
    if (!is_opaque(expr)) hash = mix(hash, below);
  }
  for (const MapProjectionItem& item : expr.projection) {
    if (item.value) hash = mix(hash, hash_expression(*item.value, inner));
  }
  if (inner) inner(expr, hash);
  return hash;
}

ExprPtr clone_expression(const Expr& expr) {
  auto copy = std::make_shared<Expr>(expr);
  for (ExprPtr& arg : copy->args) {
    if (arg) arg = clone_expression(*arg);
  }
  for (MapProjectionItem& item : copy->projection) {
    if (item.value) item.value = clone_expression(*item.value);
  }
  return copy;
}

}  // namespace entente
