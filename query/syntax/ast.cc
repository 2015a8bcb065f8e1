#include "entente/query/syntax/ast.h"

#include <string_view>

#include "entente/query/syntax/lexer.h"

namespace entente {
namespace {

/// How tightly an expression holds together: of two, the one with the smaller number needs parentheses inside the
/// other.
int tightness(const Expr& e) {
  switch (e.kind) {
    case ExprKind::Or:
      return 1;
    case ExprKind::Xor:
      return 2;
    case ExprKind::And:
      return 3;
    case ExprKind::Not:
      return 4;
    case ExprKind::Equal:
    case ExprKind::NotEqual:
    case ExprKind::Less:
    case ExprKind::LessEqual:
    case ExprKind::Greater:
    case ExprKind::GreaterEqual:
      return 5;
    case ExprKind::In:
    case ExprKind::StartsWith:
    case ExprKind::EndsWith:
    case ExprKind::Contains:
    case ExprKind::Regex:
    case ExprKind::IsNull:
    case ExprKind::IsNotNull:
    case ExprKind::HasLabels:
    case ExprKind::IsTyped:
      return 6;
    case ExprKind::Add:
    case ExprKind::Subtract:
    case ExprKind::Concatenate:
      return 7;
    case ExprKind::Multiply:
    case ExprKind::Divide:
    case ExprKind::Modulo:
      return 8;
    case ExprKind::Power:
      return 9;
    case ExprKind::Negate:
    case ExprKind::Plus:
      return 10;
    default:
      return 11;
  }
}

constexpr int kPrimary = 11;

std::string_view symbol(ExprKind kind) {
  switch (kind) {
    case ExprKind::Or:
      return " OR ";
    case ExprKind::Xor:
      return " XOR ";
    case ExprKind::And:
      return " AND ";
    case ExprKind::Equal:
      return " = ";
    case ExprKind::NotEqual:
      return " <> ";
    case ExprKind::Less:
      return " < ";
    case ExprKind::LessEqual:
      return " <= ";
    case ExprKind::Greater:
      return " > ";
    case ExprKind::GreaterEqual:
      return " >= ";
    case ExprKind::In:
      return " IN ";
    case ExprKind::StartsWith:
      return " STARTS WITH ";
    case ExprKind::EndsWith:
      return " ENDS WITH ";
    case ExprKind::Contains:
      return " CONTAINS ";
    case ExprKind::Regex:
      return " =~ ";
    case ExprKind::Add:
      return " + ";
    case ExprKind::Subtract:
      return " - ";
    case ExprKind::Concatenate:
      return " || ";
    case ExprKind::Multiply:
      return " * ";
    case ExprKind::Divide:
      return " / ";
    case ExprKind::Modulo:
      return " % ";
    default:
      return " ^ ";
  }
}

std::string_view quantifier_name(Quantifier quantifier) {
  switch (quantifier) {
    case Quantifier::All:
      return "all";
    case Quantifier::Any:
      return "any";
    case Quantifier::None:
      return "none";
    default:
      return "single";
  }
}

/// A name as it can be parsed again: bare if it is an identifier, else quoted.
std::string quoted_name(std::string_view name) {
  std::vector<Token> tokens = tokenize(name);
  if (tokens[0].kind == TokenKind::Word && tokens[0].begin == 0 && tokens[0].end == name.size()) {
    return std::string(name);
  }
  std::string out = "`";
  for (char c : name) {
    if (c == '`' || c == '\\') out += c == '`' ? '`' : '\\';
    out += c;
  }
  return out + '`';
}

/// Writes statements' parts as text.
class Printer {
 public:
  std::string take() { return std::move(out_); }

  void expr(const Expr& e) {
    switch (e.kind) {
      case ExprKind::Literal:
        return text(e.literal.to_literal());
      case ExprKind::Parameter:
        return parameter(e.name);
      case ExprKind::Variable:
        return e.name.empty() ? text("_") : name(e.name);
      case ExprKind::Property:
        inside(*e.args[0], kPrimary);
        text(".");
        return name(e.name);
      case ExprKind::Element:
      case ExprKind::Slice:
        return subscript(e);
      case ExprKind::List:
        return list("[", e.args, "]");
      case ExprKind::Map:
        return map(e);
      case ExprKind::Not:
        return prefix("NOT ", e);
      case ExprKind::Negate:
        return prefix("-", e);
      case ExprKind::Plus:
        return prefix("+", e);
      case ExprKind::IsNull:
        return suffix(e, " IS NULL");
      case ExprKind::IsNotNull:
        return suffix(e, " IS NOT NULL");
      case ExprKind::IsTyped:
        suffix(e, " IS :: ");
        return text(e.type_spec->text);
      case ExprKind::HasLabels:
        inside(*e.args[0], tightness(e) + 1);
        return labels(e.label);
      case ExprKind::Call:
        text(e.name);
        return list("(", e.args, ")");
      case ExprKind::Aggregate:
        return aggregate(e);
      case ExprKind::Case:
        return case_expression(e);
      case ExprKind::ListComprehension:
        return list_comprehension(e);
      case ExprKind::Quantifier:
        text(quantifier_name(e.quantifier), "(");
        element(e, *e.args[0]);
        where(e.args[1]);
        return text(")");
      case ExprKind::Reduce:
        return reduce(e);
      case ExprKind::MapProjection:
        return map_projection(e);
      case ExprKind::PatternPredicate:
      case ExprKind::ShortestPath:
        return path(*e.pattern);
      case ExprKind::PatternComprehension:
        text("[");
        path(*e.pattern);
        where(e.args[0]);
        text(" | ");
        expr(*e.args[1]);
        return text("]");
      case ExprKind::Exists:
        return subquery("EXISTS", e);
      case ExprKind::Count:
        return subquery("COUNT", e);
      case ExprKind::Collect:
        return subquery("COLLECT", e);
      case ExprKind::Subquery:
        return planned_subquery(e);
      default:
        return binary(e);
    }
  }

 private:
  template <class... Parts>
  void text(const Parts&... parts) {
    (out_.append(parts), ...);
  }

  void name(std::string_view n) { out_ += quoted_name(n); }

  /// Names of parameters may begin with a digit.
  void parameter(std::string_view n) {
    std::string token = "$" + std::string(n);
    std::vector<Token> tokens = tokenize(token);
    bool bare = tokens[0].kind == TokenKind::Parameter && tokens[0].end == token.size() && n.find('`') == n.npos;
    out_ += bare ? token : "$" + quoted_name(n);
  }

  void inside(const Expr& e, int needed) {
    if (tightness(e) >= needed) return expr(e);
    text("(");
    expr(e);
    text(")");
  }

  void prefix(std::string_view sign, const Expr& e) {
    text(sign);
    // a sign before a sign or a negative number would read as something else
    bool bare = e.kind == ExprKind::Not ? tightness(*e.args[0]) >= tightness(e)
                                        : tightness(*e.args[0]) == kPrimary && e.args[0]->kind != ExprKind::Literal;
    if (bare) return expr(*e.args[0]);
    text("(");
    expr(*e.args[0]);
    text(")");
  }

  void suffix(const Expr& e, std::string_view operation) {
    inside(*e.args[0], tightness(e));
    text(operation);
  }

  void binary(const Expr& e) {
    bool logical = e.kind == ExprKind::And || e.kind == ExprKind::Or || e.kind == ExprKind::Xor;
    bool comparison = tightness(e) == 5;
    for (size_t i = 0; i < e.args.size(); ++i) {
      if (i > 0) text(symbol(e.kind));
      bool tighter = i > 0 || logical || comparison;
      inside(*e.args[i], tightness(e) + (tighter ? 1 : 0));
    }
  }

  void list(std::string_view open, const std::vector<ExprPtr>& items, std::string_view close) {
    text(open);
    for (size_t i = 0; i < items.size(); ++i) {
      if (i > 0) text(", ");
      expr(*items[i]);
    }
    text(close);
  }

  void map(const Expr& e) {
    text("{");
    for (size_t i = 0; i < e.args.size(); ++i) {
      if (i > 0) text(", ");
      name(e.keys[i]);
      text(": ");
      expr(*e.args[i]);
    }
    text("}");
  }

  void subscript(const Expr& e) {
    inside(*e.args[0], kPrimary);
    text("[");
    if (e.args[1]) expr(*e.args[1]);
    if (e.kind == ExprKind::Slice) {
      text("..");
      if (e.args[2]) expr(*e.args[2]);
    }
    text("]");
  }

  void aggregate(const Expr& e) {
    text(e.name, "(");
    if (e.aggregate == Aggregate::CountStar) return text("*)");
    list(e.distinct ? "DISTINCT " : "", e.args, ")");
  }

  void case_expression(const Expr& e) {
    text("CASE");
    size_t i = 0;
    if (e.case_operand) {
      text(" ");
      expr(*e.args[i++]);
    }
    size_t end = e.args.size() - (e.case_else ? 1 : 0);
    for (; i < end; i += 2) {
      text(" WHEN ");
      expr(*e.args[i]);  // of a test: with its operand, which has no name
      text(" THEN ");
      expr(*e.args[i + 1]);
    }
    if (e.case_else) {
      text(" ELSE ");
      expr(*e.args.back());
    }
    text(" END");
  }

  void element(const Expr& e, const Expr& source) {
    name(e.var_name);
    text(" IN ");
    expr(source);
  }

  void where(const ExprPtr& condition) {
    if (!condition) return;
    text(" WHERE ");
    expr(*condition);
  }

  void list_comprehension(const Expr& e) {
    text("[");
    element(e, *e.args[0]);
    where(e.args[1]);
    if (e.args[2]) {
      text(" | ");
      expr(*e.args[2]);
    }
    text("]");
  }

  void reduce(const Expr& e) {
    text("reduce(");
    name(e.accumulator_name);
    text(" = ");
    expr(*e.args[0]);
    text(", ");
    element(e, *e.args[1]);
    text(" | ");
    expr(*e.args[2]);
    text(")");
  }

  void map_projection(const Expr& e) {
    expr(*e.args[0]);
    text(" {");
    for (size_t i = 0; i < e.projection.size(); ++i) {
      if (i > 0) text(", ");
      const MapProjectionItem& item = e.projection[i];
      switch (item.kind) {
        case MapProjectionItem::Kind::AllProperties:
          text(".*");
          break;
        case MapProjectionItem::Kind::Property:
          text(".");
          name(item.name);
          break;
        case MapProjectionItem::Kind::Variable:
          name(item.name);
          break;
        case MapProjectionItem::Kind::Entry:
          name(item.name);
          text(": ");
          expr(*item.value);
          break;
      }
    }
    text("}");
  }

  // ---- patterns

  void labels(const LabelExpr& label) {
    text(":");
    label_expression(label, 1);
  }

  /// With parentheses if the operator binds less than `needed`: 1 |, 2 &, 3 ! and names.
  void label_expression(const LabelExpr& label, int needed) {
    int own = label.kind == LabelExpr::Kind::Or ? 1 : label.kind == LabelExpr::Kind::And ? 2 : 3;
    if (own < needed) text("(");
    switch (label.kind) {
      case LabelExpr::Kind::Name:
        name(label.name);
        break;
      case LabelExpr::Kind::Wildcard:
        text("%");
        break;
      case LabelExpr::Kind::Dynamic:
        text(label.any ? "$any(" : "$(");
        expr(*label.dynamic);
        text(")");
        break;
      case LabelExpr::Kind::Not:
        text("!");
        label_expression(label.children[0], 3);
        break;
      case LabelExpr::Kind::And:
      case LabelExpr::Kind::Or:
        for (size_t i = 0; i < label.children.size(); ++i) {
          if (i > 0) text(label.kind == LabelExpr::Kind::Or ? "|" : label.legacy_and ? ":" : "&");
          label_expression(label.children[i], own + 1);
        }
        break;
    }
    if (own < needed) text(")");
  }

  void predicates(const ExprPtr& properties, const ExprPtr& condition, size_t begin) {
    if (properties) {
      if (out_.size() > begin) text(" ");
      expr(*properties);
    }
    if (condition) {
      if (out_.size() > begin) text(" ");
      text("WHERE ");
      expr(*condition);
    }
  }

  void node(const NodePattern& node) {
    text("(");
    size_t begin = out_.size();
    if (!node.name.empty()) name(node.name);
    if (node.label) labels(*node.label);
    predicates(node.properties, node.where, begin);
    text(")");
  }

  void relationship(const RelationshipPattern& r) {
    text(r.direction == Direction::In ? "<-" : "-");
    size_t open = out_.size();
    text("[");
    size_t begin = out_.size();
    if (!r.name.empty()) name(r.name);
    if (r.type) labels(*r.type);
    if (r.variable_length) {
      text("*");
      bool fixed = r.max_length && *r.max_length == r.min_length;
      if (fixed || r.min_length != 1 || r.max_length) text(std::to_string(r.min_length));
      if (!fixed && (r.min_length != 1 || r.max_length)) text("..");
      if (!fixed && r.max_length) text(std::to_string(*r.max_length));
    }
    predicates(r.properties, r.where, begin);
    if (out_.size() == begin) {
      out_.resize(open);
    } else {
      text("]");
    }
    text(r.direction == Direction::Out ? "->" : "-");
  }

  void group(const QuantifiedPattern& g) {
    text("(");
    path(*g.inner, true);
    text(")");
    if (g.max && *g.max == g.min) return text("{", std::to_string(g.min), "}");
    if (!g.max && g.min <= 1) return text(g.min == 0 ? "*" : "+");
    text("{", std::to_string(g.min), ",", g.max ? std::to_string(*g.max) : "", "}");
  }

  void path(const PathPattern& path, bool grouped = false) {
    if (!path.name.empty()) {
      name(path.name);
      text(" = ");
    }
    std::string count = std::to_string(path.search_count);
    switch (path.search) {
      case PathSearch::All:
        break;
      case PathSearch::Any:
        text("ANY ", count, " ");
        break;
      case PathSearch::AnyShortest:
        text("ANY SHORTEST ");
        break;
      case PathSearch::AllShortest:
        text("ALL SHORTEST ");
        break;
      case PathSearch::ShortestK:
        text("SHORTEST ", count, " ");
        break;
      case PathSearch::ShortestGroups:
        text("SHORTEST ", count, " GROUPS ");
        break;
      case PathSearch::LegacyShortest:
        text("shortestPath(");
        break;
      case PathSearch::LegacyAllShortest:
        text("allShortestPaths(");
        break;
    }
    const bool in_parentheses = path.where != nullptr && !grouped;
    if (in_parentheses) text("(");
    for (const PathElement& element : path.elements) {
      if (const auto* n = std::get_if<NodePattern>(&element)) node(*n);
      if (const auto* r = std::get_if<RelationshipPattern>(&element)) relationship(*r);
      if (const auto* g = std::get_if<QuantifiedPattern>(&element)) group(*g);
    }
    where(path.where);
    if (in_parentheses) text(")");
    if (path.search == PathSearch::LegacyShortest || path.search == PathSearch::LegacyAllShortest) text(")");
  }

  // ---- subqueries: they only read, so only reading clauses are met

  void subquery(std::string_view keyword, const Expr& e) {
    text(keyword, " { ");
    query(*e.query);
    text(" }");
  }

  void planned_subquery(const Expr& e) {
    std::string_view keyword = e.subquery_mode == SubqueryMode::Exists  ? "EXISTS"
                               : e.subquery_mode == SubqueryMode::Count ? "COUNT"
                                                                        : "COLLECT";
    if (e.query) return subquery(keyword, e);
    if (e.pattern) return path(*e.pattern);
    text(keyword, " {}");
  }

  void query(const Query& query) {
    for (size_t i = 0; i < query.parts.size(); ++i) {
      if (i > 0) text(query.union_all[i - 1] ? " UNION ALL " : " UNION ");
      bool first = true;
      for (const Clause& clause : query.parts[i].clauses) {
        if (!first) text(" ");
        first = false;
        if (const auto* match = std::get_if<MatchClause>(&clause)) this->match(*match);
        if (const auto* unwind = std::get_if<UnwindClause>(&clause)) this->unwind(*unwind);
        if (const auto* projection = std::get_if<ProjectionClause>(&clause)) this->projection(*projection);
        if (const auto* call = std::get_if<CallClause>(&clause)) this->call(*call);
        if (const auto* call = std::get_if<SubqueryClause>(&clause)) {
          text(call->optional ? "OPTIONAL CALL { " : "CALL { ");
          this->query(*call->query);
          text(" }");
        }
        if (const auto* load = std::get_if<LoadCsvClause>(&clause)) {
          text(load->headers ? "LOAD CSV WITH HEADERS FROM " : "LOAD CSV FROM ");
          expr(*load->url);
          text(" AS ");
          name(load->name);
        }
      }
    }
  }

  void match(const MatchClause& clause) {
    text(clause.optional ? "OPTIONAL MATCH " : "MATCH ");
    for (size_t i = 0; i < clause.paths.size(); ++i) {
      if (i > 0) text(", ");
      path(clause.paths[i]);
    }
    where(clause.where);
  }

  void unwind(const UnwindClause& clause) {
    text("UNWIND ");
    expr(*clause.list);
    text(" AS ");
    name(clause.name);
  }

  void projection(const ProjectionClause& clause) {
    text(clause.is_return ? "RETURN " : "WITH ", clause.distinct ? "DISTINCT " : "");
    if (clause.star && clause.items.empty()) text("*");
    for (size_t i = 0; i < clause.items.size(); ++i) {
      if (i > 0) text(", ");
      expr(*clause.items[i].expr);
      if (clause.items[i].aliased) {
        text(" AS ");
        name(clause.items[i].name);
      }
    }
    for (size_t i = 0; i < clause.order_by.size(); ++i) {
      text(i > 0 ? ", " : " ORDER BY ");
      expr(*clause.order_by[i].expr);
      if (clause.order_by[i].descending) text(" DESC");
    }
    if (clause.skip) {
      text(" SKIP ");
      expr(*clause.skip);
    }
    if (clause.limit) {
      text(" LIMIT ");
      expr(*clause.limit);
    }
    where(clause.where);
  }

  void call(const CallClause& clause) {
    text("CALL ", clause.procedure);
    list("(", clause.args, ")");
    for (size_t i = 0; i < clause.yields.size(); ++i) {
      text(i > 0 ? ", " : " YIELD ");
      name(clause.yields[i].field);
      if (clause.yields[i].name != clause.yields[i].field) {
        text(" AS ");
        name(clause.yields[i].name);
      }
    }
    where(clause.where);
  }

  std::string out_;
};

}  // namespace

bool is_comparison(ExprKind kind) { return kind >= ExprKind::Equal && kind <= ExprKind::GreaterEqual; }

ExprKind mirrored(ExprKind comparison) {
  switch (comparison) {
    case ExprKind::Less:
      return ExprKind::Greater;
    case ExprKind::LessEqual:
      return ExprKind::GreaterEqual;
    case ExprKind::Greater:
      return ExprKind::Less;
    case ExprKind::GreaterEqual:
      return ExprKind::LessEqual;
    default:
      return comparison;
  }
}

void take_operands(LabelExpr& label, std::vector<ExprPtr>& operands) {
  if (label.kind == LabelExpr::Kind::Dynamic) {
    label.operand = static_cast<uint32_t>(operands.size());
    operands.push_back(label.dynamic);
  }
  for (LabelExpr& child : label.children) take_operands(child, operands);
}

std::string to_string(const Expr& expr) {
  Printer printer;
  printer.expr(expr);
  return printer.take();
}

}  // namespace entente
