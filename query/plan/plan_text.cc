// Plans as text, for EXPLAIN and golden tests: a line an operator, from the result down; inner plans are set in under
// the operator that runs them.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "entente/query/plan/chain.h"
#include "entente/query/plan/plan.h"

namespace entente {

namespace {

struct Line {
  std::string op;
  std::string details;
  std::vector<std::string> figures;
};

size_t code_points(std::string_view text) {
  return static_cast<size_t>(std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

/// Cut off, at a character, where it is past what anyone reads.
std::string shortened(std::string text) {
  constexpr size_t kMost = 400;
  if (text.size() <= kMost) return text;
  size_t end = kMost;
  while (end > 0 && (text[end] & 0xC0) == 0x80) --end;
  return text.substr(0, end) + "…";
}

/// At least one for what is not nothing, and few digits for what is much.
std::string rows_text(double rows) {
  if (rows <= 0) return "0";
  char text[32];
  if (rows < 1) return "1";
  if (rows < 1e7) {
    std::snprintf(text, sizeof text, "%.0f", rows);
  } else {
    std::snprintf(text, sizeof text, "%.1e", rows);
  }
  return text;
}

class Writer {
 public:
  Writer(const std::vector<std::string>& names, const PlanColumns& columns) : names_(names), columns_(columns) {}

  void write(const Plan& plan, size_t indent) {
    for (const Plan* at = &plan; at != nullptr; at = at->input.get()) {
      lines_.push_back({std::string(indent, ' ') + std::visit([&](const auto& op) { return op_name(op); }, at->op),
                        shortened(std::visit([&](const auto& op) { return details(op); }, at->op)), figures(*at)});
      for_each_inner(at->op, [&](const PlanPtr& inner) { write_inner(inner_name(at->op), *inner, indent + 2); });
      for_each_expression(at->op, [&](const ExprPtr& expr) {
        if (expr != nullptr) write_subqueries(*expr, indent + 2);
      });
    }
  }

  std::string table() const {
    size_t op_width = 8;
    size_t details_width = 7;
    std::vector<size_t> widths;
    for (const std::string& title : columns_.titles) widths.push_back(title.size());
    for (const Line& line : lines_) {
      op_width = std::max(op_width, code_points(line.op));
      details_width = std::max(details_width, std::min<size_t>(code_points(line.details), kWidest));
      for (size_t i = 0; i < line.figures.size(); ++i) widths[i] = std::max(widths[i], line.figures[i].size());
    }
    std::string out;
    auto add = [&](const Line& line) {
      std::string text = line.op + std::string(op_width - code_points(line.op) + 2, ' ') + line.details;
      const size_t width = code_points(line.details);
      text += std::string(width < details_width ? details_width - width : 0, ' ');
      for (size_t i = 0; i < line.figures.size(); ++i) {
        text += std::string(2 + widths[i] - line.figures[i].size(), ' ') + line.figures[i];
      }
      out += text.substr(0, text.find_last_not_of(' ') + 1) + "\n";
    };
    add({"Operator", "Details", columns_.titles});
    for (const Line& line : lines_) add(line);
    return out;
  }

 private:
  static constexpr size_t kWidest = 100;  // longer details push their number of rows to the right

  std::vector<std::string> figures(const Plan& plan) const {
    std::vector<std::string> figures = {rows_text(plan.estimated_rows)};
    if (!columns_.values) return figures;
    for (std::string& figure : columns_.values(plan)) figures.push_back(std::move(figure));
    return figures;
  }

  void write_inner(const char* name, const Plan& plan, size_t indent) {
    if (name != nullptr) lines_.push_back({std::string(indent, ' ') + name, "", {}});
    write(plan, indent + (name != nullptr ? 2 : 0));
  }

  static const char* inner_name(const PlanOp& op) { return std::holds_alternative<UnionOp>(op) ? "Branch" : nullptr; }

  void write_subqueries(const Expr& expr, size_t indent) {
    if (expr.kind == ExprKind::Subquery && expr.plan != nullptr) {
      const std::string name = expr.subquery_mode == SubqueryMode::Exists  ? "Subquery exists"
                               : expr.subquery_mode == SubqueryMode::First ? "Subquery first"
                               : expr.subquery_mode == SubqueryMode::Count ? "Subquery count"
                                                                           : "Subquery collect";
      write_inner((name + (expr.subquery_once ? " once" : "")).c_str(), *expr.plan, indent);
    }
    for_each_child(expr, [&](const ExprPtr& child) { write_subqueries(*child, indent); });
  }

  // ---- pieces ----

  std::string name(VarId var) const {
    if (var == kNoVar) return "";
    return var < names_.size() && !names_[var].empty() ? names_[var] : "anon_" + std::to_string(var);
  }

  std::string node(VarId var, std::string_view label = {}) const {
    return "(" + name(var) + (label.empty() ? "" : ":" + std::string(label)) + ")";
  }

  static std::string text(const ExprPtr& expr) { return expr == nullptr ? "" : to_string(*expr); }

  template <class Items, class Text>
  static std::string join(const Items& items, Text&& one, std::string_view between = ", ") {
    std::string out;
    for (const auto& item : items) {
      if (!out.empty()) out += between;
      out += one(item);
    }
    return out;
  }

  std::string variables(const std::vector<VarId>& vars) const {
    return join(vars, [&](VarId var) { return name(var); });
  }

  std::string columns(const std::vector<ProjectedColumn>& columns) const {
    return join(columns, [&](const ProjectedColumn& column) {
      const bool passes = column.expr->kind == ExprKind::Variable && column.expr->var == column.var;
      return passes ? name(column.var) : text(column.expr) + " AS " + name(column.var);
    });
  }

  static std::string arrow(const std::string& inside, Direction direction) {
    return (direction == Direction::In ? "<-[" : "-[") + inside + (direction == Direction::Out ? "]->" : "]-");
  }

  std::string relationship(VarId var, const std::vector<std::string>& types, const std::string& length,
                           Direction direction) const {
    const std::string type = types.empty() ? ""
                                           : ":" + join(
                                                       types, [](const std::string& t) { return t; }, "|");
    return arrow(name(var) + type + length, direction);
  }

  static std::string length(uint64_t min, const std::optional<uint64_t>& max) {
    if (max && *max == min) return "*" + std::to_string(min);
    return "*" + std::to_string(min) + ".." + (max ? std::to_string(*max) : "");
  }

  static std::string labels(const std::vector<std::string>& names) {
    return join(
        names, [](const std::string& label) { return ":" + label; }, "");
  }

  static std::string labels(const std::vector<std::string>& names, const std::vector<ExprPtr>& dynamic) {
    return labels(names) + join(
                               dynamic, [](const ExprPtr& label) { return ":$(" + text(label) + ")"; }, "");
  }

  static std::string set_item(const SetItem& item) {
    switch (item.kind) {
      case SetItem::Kind::Property:
        return text(item.target) + " = " + text(item.value);
      case SetItem::Kind::Replace:
        return text(item.target) + " = " + text(item.value);
      case SetItem::Kind::Merge:
        return text(item.target) + " += " + text(item.value);
      case SetItem::Kind::Labels:
        return text(item.target) + labels(item.labels, item.dynamic_labels);
    }
    return "";
  }

  static std::string set_items(const std::vector<SetItem>& items) {
    return join(items, [](const SetItem& item) { return set_item(item); });
  }

  // ---- operators ----

  static std::string op_name(const ArgumentOp&) { return "Argument"; }
  static std::string op_name(const NodeScanOp& op) { return op.counts.empty() ? "NodeScan" : "CountScan"; }
  static std::string op_name(const IndexSeekOp&) { return "IndexSeek"; }
  static std::string op_name(const IndexRangeOp&) { return "IndexRange"; }
  static std::string op_name(const NodeByIdOp&) { return "NodeById"; }
  static std::string op_name(const ExpandOp& op) {
    if (!op.counts.empty()) return "ExpandSum";
    if (op.match == ExpandMatch::Exists) return "SemiExpand";
    if (op.match == ExpandMatch::None) return "AntiExpand";
    if (op.match == ExpandMatch::Optional) return "OptionalExpandCount";
    if (op.into) return "ExpandInto";
    return op.rel == kNoVar && op.to == kNoVar ? "ExpandCount" : "Expand";
  }
  static std::string op_name(const VarExpandOp& op) {
    if (op.ends == PathEnds::Once) return "ReachTogether";
    const std::string name = op.ends == PathEnds::OncePerRow ? "ReachExpand" : "VarExpand";
    return op.into ? name + "Into" : name;
  }
  static std::string op_name(const PathSearchOp& op) {
    const std::string name = op.select == PathSearchOp::Select::All ? "RepeatExpand" : "ShortestPath";
    return op.into ? name + "Into" : name;
  }
  static std::string op_name(const BoundRelationshipOp&) { return "BoundRelationship"; }
  static std::string op_name(const UniqueRelationshipsOp&) { return "UniqueRelationships"; }
  static std::string op_name(const BuildPathOp&) { return "BuildPath"; }
  static std::string op_name(const FilterOp&) { return "Filter"; }
  static std::string op_name(const ProjectOp& op) { return op.keep_input ? "Extend" : "Project"; }
  static std::string op_name(const AggregateOp&) { return "Aggregate"; }
  static std::string op_name(const DistinctOp&) { return "Distinct"; }
  static std::string op_name(const CombineRowsOp& op) { return op.along ? "ExpandCombined" : "CombineRows"; }
  static std::string op_name(const CountJoinOp& op) {
    if (op.count != kNoVar) return "CountJoin";
    switch (op.match) {
      case ExpandMatch::All:
        return "Join";
      case ExpandMatch::Optional:
        return "OptionalJoin";
      case ExpandMatch::Exists:
        return "SemiJoin";
      case ExpandMatch::None:
        return "AntiJoin";
    }
    return "";
  }
  static std::string op_name(const SortOp& op) { return op.limit != nullptr ? "TopSort" : "Sort"; }
  static std::string op_name(const SkipOp&) { return "Skip"; }
  static std::string op_name(const LimitOp&) { return "Limit"; }
  static std::string op_name(const UnwindOp&) { return "Unwind"; }
  static std::string op_name(const UnionOp&) { return "Union"; }
  static std::string op_name(const OptionalOp&) { return "Optional"; }
  static std::string op_name(const CallSubqueryOp& op) {
    const std::string name = op.unit ? "CallUnit" : op.optional ? "OptionalCall" : "Call";
    return op.once ? name + "Once" : name;
  }
  static std::string op_name(const LoadCsvOp&) { return "LoadCsv"; }
  static std::string op_name(const ForeachOp&) { return "Foreach"; }
  static std::string op_name(const CreateOp&) { return "Create"; }
  static std::string op_name(const MergeOp&) { return "Merge"; }
  static std::string op_name(const SetOp&) { return "Set"; }
  static std::string op_name(const RemoveOp&) { return "Remove"; }
  static std::string op_name(const DeleteOp& op) { return op.detach ? "DetachDelete" : "Delete"; }
  static std::string op_name(const BarrierOp&) { return "Barrier"; }
  static std::string op_name(const CallProcedureOp&) { return "CallProcedure"; }
  static std::string op_name(const ResultOp&) { return "Result"; }

  std::string details(const ArgumentOp&) const { return ""; }
  std::string details(const NodeScanOp& op) const {
    return node(op.var, op.label ? *op.label : std::string()) + counts(op.counts);
  }
  std::string counts(const std::vector<ExpandOp>& counts) const {
    std::string out;
    for (const ExpandOp& count : counts) out += (out.empty() ? " times " : ", ") + this->count(count);
    return out;
  }
  std::string count(const ExpandOp& op) const {
    const char* kind = op.match == ExpandMatch::Optional ? "optional "
                       : op.match == ExpandMatch::Exists ? "any "
                       : op.match == ExpandMatch::None   ? "no "
                                                         : "";
    return kind + details(op);
  }
  std::string details(const IndexSeekOp& op) const {
    std::string out = element(op);
    for (size_t i = 0; i < op.values.size(); ++i) {
      out += (i == 0 ? " " : " AND ") + name(op.var) + "." + op.keys[i] + (op.in_list ? " IN " : " = ") +
             text(op.values[i]);
    }
    return out;
  }
  std::string details(const IndexRangeOp& op) const {
    const std::string property = name(op.var) + "." + op.key;
    std::string out = element(op) + " ";
    if (op.prefix != nullptr) out += property + " STARTS WITH " + text(op.prefix);
    if (op.low != nullptr) out += property + (op.low_inclusive ? " >= " : " > ") + text(op.low);
    if (op.low != nullptr && op.high != nullptr) out += " AND ";
    if (op.high != nullptr) out += property + (op.high_inclusive ? " <= " : " < ") + text(op.high);
    return out;
  }
  /// What an index finds.
  template <class Op>
  std::string element(const Op& op) const {
    if (op.entity == EntityType::Node) return node(op.var, op.label);
    return "()" + relationship(op.var, {op.label}, "", Direction::Both) + "()";
  }
  std::string details(const NodeByIdOp& op) const {
    return node(op.var) + " id(" + name(op.var) + ") = " + text(op.id);
  }
  std::string details(const ExpandOp& op) const {
    return node(op.from) + relationship(op.rel, op.types, "", op.direction) +
           node(op.counts.empty() ? op.to : op.each) + (op.except.empty() ? "" : " except " + variables(op.except)) +
           nodes(" far from ", op.far) + nodes(" near ", op.near) + order(op.order) +
           (op.found.empty() ? "" : " found AS " + variables(op.found)) + apart(op.apart) + counts(op.counts);
  }
  std::string order(const NodeOrder& order) const {
    if (order.lower.empty()) return "";
    return " from " + name(order.lower.front()) + " on" + (order.as_all ? " as all orders" : "");
  }
  std::string apart(const std::vector<PlacedRelationship>& others) const {
    if (others.empty()) return "";
    return " <> " + join(others, [&](const PlacedRelationship& other) { return name(other.rel); });
  }
  std::string nodes(const char* begin, const std::vector<NearNode>& others) const {
    std::string out;
    for (const NearNode& other : others) out += (out.empty() ? begin : ", ") + name(other.node);
    return out;
  }
  std::string details(const VarExpandOp& op) const {
    std::string out =
        node(op.from) + relationship(op.rel, op.types, length(op.min, op.max), op.direction) + node(op.to);
    if (op.reversed && op.rel != kNoVar) out += " reversed";
    if (op.length != kNoVar) out += " length AS " + name(op.length);
    if (op.predicate != nullptr) out += " each " + text(op.predicate);
    return out;
  }
  std::string details(const PathSearchOp& op) const {
    std::string out;
    if (op.select == PathSearchOp::Select::Shortest) {
      out = op.count == 1 ? "ANY SHORTEST " : "SHORTEST " + std::to_string(op.count) + " ";
    } else if (op.select == PathSearchOp::Select::Groups) {
      out = op.count == 1 ? "ALL SHORTEST " : "SHORTEST " + std::to_string(op.count) + " GROUPS ";
    }
    if (op.path != kNoVar) out += name(op.path) + " = ";
    out += node(op.from);
    for (size_t i = 0; i < op.stretches.size(); ++i) {
      const bool last = i + 1 == op.stretches.size();
      out += stretch(op.stretches[i]);
      out += node(last ? op.to : op.stretches[i].end);
    }
    if (op.reversed && (op.rel != kNoVar || op.path != kNoVar || !op.variables.empty())) out += " reversed";
    for (const PathStretch& stretch : op.stretches) {
      if (stretch.end_predicate != nullptr) out += " at (" + name(stretch.end) + ") " + text(stretch.end_predicate);
    }
    if (op.predicate != nullptr) out += " where " + text(op.predicate);
    return out;
  }
  /// One relationship as such, or what is repeated with its conditions.
  std::string stretch(const PathStretch& stretch) const {
    std::vector<std::string> conditions;
    for (const PathHop& hop : stretch.hops) {
      if (hop.predicate != nullptr) conditions.push_back(text(hop.predicate));
    }
    if (stretch.predicate != nullptr) conditions.push_back(text(stretch.predicate));
    const std::string where = conditions.empty()
                                  ? ""
                                  : " WHERE " + join(
                                                    conditions, [](const std::string& c) { return c; }, " AND ");
    const PathHop& first = stretch.hops.front();
    if (stretch.single) return relationship(first.rel, first.types, where, first.direction);
    std::string out = " (" + node(first.near);
    for (const PathHop& hop : stretch.hops) {
      out += relationship(hop.rel, hop.types, "", hop.direction) + node(hop.far);
    }
    out += where + ")";
    if (stretch.max && *stretch.max == stretch.min) return out + "{" + std::to_string(stretch.min) + "} ";
    if (!stretch.max && stretch.min <= 1) return out + (stretch.min == 0 ? "* " : "+ ");
    return out + "{" + std::to_string(stretch.min) + "," + (stretch.max ? std::to_string(*stretch.max) : "") + "} ";
  }
  std::string details(const BoundRelationshipOp& op) const {
    const std::string walk = op.variable_length ? length(op.min, op.max) : "";
    auto end = [&](VarId var, bool bound) { return node(var) + (bound ? "" : "?"); };
    return end(op.from, op.from_bound) + relationship(op.rel, op.types, walk, op.direction) + end(op.to, op.to_bound);
  }
  std::string details(const UniqueRelationshipsOp& op) const { return name(op.rel) + " <> " + variables(op.others); }
  std::string details(const BuildPathOp& op) const { return name(op.path) + " = " + variables(op.parts); }
  std::string details(const FilterOp& op) const { return text(op.predicate); }
  std::string details(const ProjectOp& op) const { return columns(op.columns); }
  std::string details(const AggregateOp& op) const {
    if (op.by_row) return "by row | " + columns(op.aggregates);
    return columns(op.keys) + (op.keys.empty() || op.aggregates.empty() ? "" : " | ") + columns(op.aggregates);
  }
  std::string details(const DistinctOp& op) const { return variables(op.vars); }
  std::string details(const CombineRowsOp& op) const {
    if (!op.along) return name(op.var);
    return details(*op.along) + (op.labels != nullptr ? " where " + text(op.labels) : "");
  }
  std::string details(const CountJoinOp& op) const {
    std::string out = "on " + variables(op.keys);
    if (op.along) out += " along " + details(*op.along);
    if (op.count != kNoVar) out += " count AS " + name(op.count);
    if (!op.found.empty()) out += " found AS " + variables(op.found);
    for (size_t i = 0; i < op.same.size(); ++i) {
      out += (i == 0 ? " unless " : " or ") + name(op.same[i].first) + " = " + name(op.same[i].second);
    }
    return out;
  }
  std::string details(const SortOp& op) const {
    std::string out =
        join(op.keys, [](const SortKey& key) { return text(key.expr) + (key.descending ? " DESC" : ""); });
    if (op.limit != nullptr) out += " LIMIT " + text(op.limit);
    return out;
  }
  std::string details(const SkipOp& op) const { return text(op.count); }
  std::string details(const LimitOp& op) const { return text(op.count); }
  std::string details(const UnwindOp& op) const { return text(op.list) + " AS " + name(op.var); }
  std::string details(const UnionOp& op) const { return variables(op.vars); }
  std::string details(const OptionalOp& op) const { return variables(op.vars); }
  std::string details(const CallSubqueryOp& op) const {
    std::string out;
    for (size_t k = 0; k < op.vars.size(); ++k) {
      if (k > 0) out += ", ";
      const std::string inner = name(op.columns[k]);
      out += inner == name(op.vars[k]) ? inner : inner + " AS " + name(op.vars[k]);
    }
    return out;
  }
  std::string details(const LoadCsvOp& op) const {
    return text(op.url) + (op.headers ? " WITH HEADERS" : "") + " AS " + name(op.var);
  }
  std::string details(const ForeachOp& op) const { return name(op.var) + " IN " + text(op.list); }
  std::string details(const CreateOp& op) const {
    auto properties = [](const ExprPtr& map) { return map == nullptr ? "" : " " + text(map); };
    std::string out = join(op.nodes, [&](const CreatedNode& made) {
      return "(" + name(made.var) + labels(made.labels, made.dynamic_labels) + properties(made.properties) + ")";
    });
    for (const CreatedRelationship& made : op.relationships) {
      if (!out.empty()) out += ", ";
      out += node(made.from) +
             arrow(name(made.var) + ":" + (made.dynamic_type ? "$(" + text(made.dynamic_type) + ")" : made.type) +
                       properties(made.properties),
                   Direction::Out) +
             node(made.to);
    }
    return out;
  }
  std::string details(const MergeOp& op) const {
    std::string out = details(op.create);
    if (!op.on_create.empty()) out += " ON CREATE SET " + set_items(op.on_create);
    if (!op.on_match.empty()) out += " ON MATCH SET " + set_items(op.on_match);
    return out;
  }
  std::string details(const SetOp& op) const { return set_items(op.items); }
  std::string details(const RemoveOp& op) const {
    return join(op.items,
                [](const RemoveItem& item) { return text(item.target) + labels(item.labels, item.dynamic_labels); });
  }
  std::string details(const DeleteOp& op) const {
    return join(op.targets, [](const ExprPtr& target) { return text(target); });
  }
  std::string details(const BarrierOp&) const { return ""; }
  std::string details(const CallProcedureOp& op) const {
    std::string out = op.procedure + "(" + join(op.args, [](const ExprPtr& arg) { return text(arg); }) + ")";
    if (!op.yields.empty()) {
      out += " YIELD " + join(op.yields, [&](const auto& yield) {
               return yield.first == name(yield.second) ? yield.first : yield.first + " AS " + name(yield.second);
             });
    }
    return out;
  }
  std::string details(const ResultOp& op) const {
    std::string out;
    for (size_t i = 0; i < op.vars.size(); ++i) {
      if (i > 0) out += ", ";
      const bool same = i >= op.names.size() || op.names[i].empty() || op.names[i] == name(op.vars[i]);
      out += same ? name(op.vars[i]) : name(op.vars[i]) + " AS " + op.names[i];
    }
    return out;
  }

  const std::vector<std::string>& names_;
  const PlanColumns& columns_;
  std::vector<Line> lines_;
};

}  // namespace

std::string to_string(const Plan& plan, const std::vector<std::string>& variable_names, const PlanColumns& columns) {
  Writer writer(variable_names, columns);
  writer.write(plan, 0);
  return writer.table();
}

}  // namespace entente
