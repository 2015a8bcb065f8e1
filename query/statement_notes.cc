#include "entente/query/statement_notes.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <set>
#include <tuple>
#include <unordered_set>

#include "entente/query/semantic/expr_tools.h"
#include "entente/query/semantic/nearest.h"

namespace entente {

namespace {

using NameKind = StatementNotes::NameKind;

bool knows(const Snapshot& graph, NameKind kind, const std::string& name) {
  const Dictionary& names = graph.names();
  const bool label = kind == NameKind::Label || kind == NameKind::LabelOrType;
  const bool type = kind == NameKind::Type || kind == NameKind::LabelOrType;
  return (label && names.label(name).valid()) || (type && names.type(name).valid()) ||
         (kind == NameKind::Key && names.key(name).valid());
}

/// Names that the graph has something for.
std::vector<std::string> used_names_of(const Snapshot& graph, NameKind kind) {
  std::vector<std::string> used;
  const auto add = [&](const NameTable& table, const auto& is_used) {
    for (uint32_t i = 0; i < table.size(); ++i) {
      const std::string& name = table.name(i);
      const bool printable = std::none_of(name.begin(), name.end(), [](char c) { return c >= 0 && c < ' '; });
      if (printable && is_used(i)) used.push_back(name);
    }
  };
  const auto has = [](const std::vector<uint64_t>& counts, uint32_t i) { return i < counts.size() && counts[i] > 0; };
  const Dictionary& names = graph.names();
  const Statistics& statistics = graph.statistics();
  if (kind == NameKind::Label || kind == NameKind::LabelOrType) {
    add(names.labels, [&](uint32_t i) { return graph.label_count(LabelId(i)) > 0; });
  }
  if (kind == NameKind::Type || kind == NameKind::LabelOrType) {
    add(names.types, [&](uint32_t i) { return graph.type_count(TypeId(i)) > 0; });
  }
  if (kind == NameKind::Key) {
    add(names.keys,
        [&](uint32_t i) { return has(statistics.node_key_counts, i) || has(statistics.relationship_key_counts, i); });
  }
  return used;
}

bool is_entity(const Expr& e) {
  constexpr TypeSet kEntity = kNodeType | kRelationshipType;
  return (e.type & kEntity) != 0 && (e.type & ~(kEntity | kNullType)) == 0;
}

/// The items of a conjunction.
void split(const ExprPtr& condition, std::vector<const Expr*>& out) {
  if (!condition) return;
  if (condition->kind != ExprKind::And) {
    out.push_back(condition.get());
    return;
  }
  for (const ExprPtr& arg : condition->args) split(arg, out);
}

/// Walks a bound statement, and gathers what it reads and writes by name, and the shapes that are worth a note.
class NoteFinder {
 public:
  struct Name {
    NameKind kind;
    std::string name;
    Span span;
  };
  struct Shape {
    enum class Kind : uint8_t { Product, Unbounded } kind;
    Span span;
    std::string text;
  };

  explicit NoteFinder(std::string_view text) : text_(text) {}

  void query(const Query& query) {
    for (const SingleQuery& part : query.parts) {
      for (const Clause& clause : part.clauses) {
        std::visit([this](const auto& c) { this->clause(c); }, clause);
      }
    }
  }

  /// Whether the statement itself may make the name known.
  bool may_create(const Name& name) const {
    return writes_.contains({name.kind, name.name}) || (name.kind == NameKind::Key && writes_any_key_) ||
           (name.kind != NameKind::Key && writes_any_label_) ||
           (name.kind == NameKind::LabelOrType &&
            (writes_.contains({NameKind::Label, name.name}) || writes_.contains({NameKind::Type, name.name})));
  }

  std::vector<Name> names;  // that are read, each once
  std::vector<Shape> shapes;

 private:
  // ---- names ----

  void read(NameKind kind, const std::string& name, Span span) {
    if (!name.empty() && read_.emplace(kind, name).second) names.push_back({kind, name, span});
  }

  void write(NameKind kind, const std::string& name) { writes_.emplace(kind, name); }

  /// Where the name stands last in a part of the text; the part where it does not (it may be written with escapes).
  Span place(const std::string& name, Span within) const {
    const std::string_view part = text_.substr(within.begin, within.end - within.begin);
    const size_t at = part.rfind(name);
    if (at == std::string_view::npos) return within;
    const auto begin = static_cast<uint32_t>(within.begin + at);
    return {begin, begin + static_cast<uint32_t>(name.size())};
  }

  void labels(NameKind kind, const LabelExpr& label) {
    if (label.kind == LabelExpr::Kind::Name) read(kind, label.name, place(label.name, label.span));
    optional(label.dynamic);
    for (const LabelExpr& child : label.children) labels(kind, child);
  }

  void written_labels(NameKind kind, const LabelExpr& label) {
    if (label.kind == LabelExpr::Kind::Name) write(kind, label.name);
    if (label.kind == LabelExpr::Kind::Dynamic) writes_any_label_ = true;
    for (const LabelExpr& child : label.children) written_labels(kind, child);
  }

  // ---- expressions ----

  void optional(const ExprPtr& e) {
    if (e) expr(*e);
  }

  void expr(const Expr& e) {
    // Operands that the parser shares are met once.
    if (e.args.size() > 1 && !seen_.insert(&e).second) return;
    if (e.var != kNoVar) declared(e.var);
    for (const ExprPtr& arg : e.args) optional(arg);
    for (const MapProjectionItem& item : e.projection) {
      optional(item.value);
      const bool property = item.kind == MapProjectionItem::Kind::Property;
      if (property && is_entity(*e.args[0])) read(NameKind::Key, item.name, place(item.name, e.span));
    }
    if (e.kind == ExprKind::Property && is_entity(*e.args[0])) read(NameKind::Key, e.name, place(e.name, e.span));
    if (e.kind == ExprKind::HasLabels) {
      const TypeSet type = e.args[0]->type & (kNodeType | kRelationshipType);
      labels(type == kNodeType           ? NameKind::Label
             : type == kRelationshipType ? NameKind::Type
                                         : NameKind::LabelOrType,
             e.label);
    }
    if (e.pattern) path(*e.pattern, false);
    if (e.query) query(*e.query);
  }

  // ---- patterns ----

  void declared(VarId var) {
    if (var != kNoVar && var >= next_) next_ = var + 1;
  }

  void pattern_properties(const ExprPtr& properties) {
    if (!properties) return;
    if (properties->kind != ExprKind::Map) return expr(*properties);
    uint32_t from = properties->span.begin;
    for (size_t i = 0; i < properties->keys.size(); ++i) {
      const Expr& value = *properties->args[i];
      read(NameKind::Key, properties->keys[i], place(properties->keys[i], {from, std::max(from, value.span.begin)}));
      expr(value);
      from = std::max(from, value.span.end);
    }
  }

  void declare(const PathPattern& path) {
    for (const PathElement& element : path.elements) {
      if (const auto* node = std::get_if<NodePattern>(&element)) declared(node->var);
      if (const auto* one = std::get_if<RelationshipPattern>(&element)) declared(one->var);
      if (const auto* group = std::get_if<QuantifiedPattern>(&element)) declare(*group->inner);
    }
    declared(path.var);
  }

  void path(const PathPattern& path, bool of_match) {
    declare(path);
    for (const PathElement& element : path.elements) {
      if (const auto* node = std::get_if<NodePattern>(&element)) {
        if (node->label) labels(NameKind::Label, *node->label);
        pattern_properties(node->properties);
        optional(node->where);
      } else if (const auto* one = std::get_if<RelationshipPattern>(&element)) {
        if (one->type) labels(NameKind::Type, *one->type);
        pattern_properties(one->properties);
        optional(one->where);
        if (of_match && path.search == PathSearch::All && one->variable_length && !one->max_length) {
          shapes.push_back({Shape::Kind::Unbounded, one->span, "-[*1..5]-"});
        }
      } else if (const auto* group = std::get_if<QuantifiedPattern>(&element)) {
        this->path(*group->inner, false);
        if (of_match && path.search == PathSearch::All && !group->max) {
          shapes.push_back({Shape::Kind::Unbounded, group->span, "(…){1,5}"});
        }
      }
    }
    optional(path.where);
  }

  void written_path(const PathPattern& path) {
    declare(path);
    for (const PathElement& element : path.elements) {
      if (const auto* node = std::get_if<NodePattern>(&element)) {
        if (node->label) written_labels(NameKind::Label, *node->label);
        written_map(node->properties);
      } else if (const auto* one = std::get_if<RelationshipPattern>(&element)) {
        if (one->type) written_labels(NameKind::Type, *one->type);
        written_map(one->properties);
      }
    }
  }

  void written_map(const ExprPtr& map) {
    if (!map) return;
    expr(*map);
    if (map->kind != ExprKind::Map) writes_any_key_ = true;
    for (const std::string& key : map->keys) write(NameKind::Key, key);
  }

  // ---- parts of a MATCH that nothing relates ----

  /// What the paths of a MATCH bind, in groups that something relates.
  class Parts {
   public:
    Parts(const MatchClause& clause, VarId known_below) {
      for (const PathPattern& path : clause.paths) add(path, known_below);
      for (const PathPattern& path : clause.paths) {
        for (const PathElement& element : path.elements) {
          if (const auto* node = std::get_if<NodePattern>(&element))
            relate_by(node->properties, node->where, node->var);
          if (const auto* one = std::get_if<RelationshipPattern>(&element)) {
            relate_by(one->properties, one->where, one->var);
          }
        }
      }
      relate_by(nullptr, clause.where, kNoVar);
    }

    /// A name for each group that stands by itself and is not found by a value that is given.
    std::vector<std::string> loose() const {
      std::map<size_t, std::string> names;  // by root
      std::set<size_t> tied;
      for (size_t i = 0; i < parent_.size(); ++i) {
        if (tied_[i]) tied.insert(root(i));
        std::string& name = names[root(i)];
        if (name.empty() || name == "(…)") name = names_[i].empty() ? "(…)" : names_[i];
      }
      std::vector<std::string> loose;
      for (const auto& [group, name] : names) {
        if (!tied.contains(group)) loose.push_back(name);
      }
      return loose;
    }

   private:
    void add(const PathPattern& path, VarId known_below) {
      size_t first = parent_.size();
      bool any = false;
      const auto element = [&](VarId var, const std::string& name) {
        const auto [place, added] = place_.emplace(var, parent_.size());
        if (added) {
          parent_.push_back(parent_.size());
          tied_.push_back(var < known_below);
          names_.push_back(name);
        }
        if (!any) first = place->second;
        any = true;
        relate(first, place->second);
      };
      for (const PathElement& e : path.elements) {
        if (const auto* node = std::get_if<NodePattern>(&e)) element(node->var, node->name);
        if (const auto* one = std::get_if<RelationshipPattern>(&e)) element(one->var, one->name);
        if (const auto* group = std::get_if<QuantifiedPattern>(&e)) {
          for (const PathElement& inner : group->inner->elements) {
            if (const auto* node = std::get_if<NodePattern>(&inner)) element(node->var, node->name);
          }
        }
      }
    }

    size_t root(size_t i) const {
      while (parent_[i] != i) i = parent_[i];
      return i;
    }
    void relate(size_t a, size_t b) {
      const size_t x = root(a), y = root(b);
      parent_[std::max(x, y)] = std::min(x, y);
      parent_[b] = parent_[a] = std::min(x, y);
    }

    /// Equalities tie an element to a value, or two elements to each other; so do patterns between them.
    void relate_by(const ExprPtr& properties, const ExprPtr& where, VarId own) {
      if (properties) relate_by(*properties, own, true);
      std::vector<const Expr*> conditions;
      split(where, conditions);
      for (const Expr* condition : conditions) {
        const ExprKind kind = condition->kind;
        const bool equality = kind == ExprKind::Equal || kind == ExprKind::In;
        if (equality || kind == ExprKind::PatternPredicate || kind == ExprKind::Exists) {
          relate_by(*condition, kNoVar, equality);
        }
      }
    }

    void relate_by(const Expr& condition, VarId own, bool equality) {
      std::vector<size_t> used;
      const auto use = [&](VarId var) {
        if (const auto place = place_.find(var); place != place_.end()) used.push_back(place->second);
      };
      use(own);
      for_each_variable(condition, [&](VarId var, const std::string&, Span) { use(var); });
      for (const size_t i : used) relate(used.front(), i);
      const bool one = std::all_of(used.begin(), used.end(), [&](size_t i) { return i == used.front(); });
      if (one && !used.empty() && equality) tied_[used.front()] = true;
    }

    std::map<VarId, size_t> place_;
    std::vector<size_t> parent_;
    std::vector<char> tied_;  // to a value, or to the rows before
    std::vector<std::string> names_;
  };

  void find_product(const MatchClause& match) {
    if (match.paths.size() < 2) return;
    const std::vector<std::string> loose = Parts(match, next_).loose();
    if (loose.size() < 2) return;
    const auto quoted = [](const std::string& name) { return name == "(…)" ? name : shown(name); };
    shapes.push_back(
        {Shape::Kind::Product, match.span, "every " + quoted(loose[0]) + " with every " + quoted(loose[1])});
  }

  // ---- clauses ----

  void clause(const MatchClause& match) {
    find_product(match);
    for (const PathPattern& p : match.paths) declare(p);
    for (const PathPattern& p : match.paths) path(p, true);
    optional(match.where);
  }
  void clause(const UnwindClause& unwind) {
    optional(unwind.list);
    declared(unwind.var);
  }
  void clause(const ProjectionClause& projection) {
    for (const ProjectionItem& item : projection.items) optional(item.expr);
    for (const ProjectionItem& item : projection.items) declared(item.var);
    for (const SortItem& item : projection.order_by) optional(item.expr);
    optional(projection.where);
  }
  void clause(const CreateClause& create) {
    for (const PathPattern& p : create.paths) written_path(p);
  }
  void clause(const MergeClause& merge) {
    written_path(merge.path);
    set_items(merge.on_create);
    set_items(merge.on_match);
  }
  void clause(const SetClause& set) { set_items(set.items); }
  void set_items(const std::vector<SetItem>& items) {
    for (const SetItem& item : items) {
      optional(item.value);
      for (const std::string& label : item.labels) write(NameKind::Label, label);
      if (!item.dynamic_labels.empty()) writes_any_label_ = true;
      if (item.kind == SetItem::Kind::Labels) continue;
      if (item.kind != SetItem::Kind::Property) {
        written_map(item.value);
      } else if (item.target->kind == ExprKind::Property) {
        write(NameKind::Key, item.target->name);
      } else {
        writes_any_key_ = true;
      }
    }
  }
  void clause(const RemoveClause&) {}
  void clause(const DeleteClause& del) {
    for (const ExprPtr& target : del.targets) optional(target);
  }
  void clause(const CallClause& call) {
    for (const ExprPtr& arg : call.args) optional(arg);
    for (const YieldItem& item : call.yields) declared(item.var);
    optional(call.where);
  }
  void clause(const ForeachClause& foreach) {
    optional(foreach.list);
    declared(foreach.var);
    query(*foreach.body);
  }
  void clause(const SubqueryClause& subquery) {
    for (const SubqueryClause::Variable& import : subquery.imports) declared(import.var);
    query(*subquery.query);
    for (const SubqueryClause::Variable& column : subquery.columns) declared(column.var);
  }
  void clause(const LoadCsvClause& load) {
    optional(load.url);
    for (const VarId var : {load.var, load.line, load.file}) declared(var);
  }
  void clause(const FinishClause&) {}

  std::string_view text_;
  VarId next_ = 0;  // variables of the clauses walked so far are below it
  std::unordered_set<const Expr*> seen_;
  std::set<std::pair<NameKind, std::string>> read_;
  std::set<std::pair<NameKind, std::string>> writes_;
  bool writes_any_key_ = false;
  bool writes_any_label_ = false;
};

Notification statement_note(const char* code, const char* severity, const char* category, const char* title,
                            std::string description, Span span) {
  return {
      std::string("Neo.ClientNotification.Statement.") + code, severity, category, title, std::move(description), span};
}

Notification unknown_name(const NoteFinder::Name& name, const Snapshot& graph) {
  const bool key = name.kind == NameKind::Key;
  const bool type = name.kind == NameKind::Type;
  const char* what = key ? "property key" : type ? "type" : "label";
  const std::string mark = key ? "" : ":";
  std::string description = std::string("no ") +
                            (type  ? "relationship"
                             : key ? "node or relationship"
                                   : "node") +
                            " has the " + what + " " + shown(name.name);
  if (name.kind == NameKind::LabelOrType)
    description = "there is no label and no relationship type " + shown(name.name);
  const std::string near = nearest_name(name.name, used_names_of(graph, name.kind));
  if (!near.empty()) description += ". Did you mean " + mark + near + "?";
  const char* code = key    ? "UnknownPropertyKeyWarning"
                     : type ? "UnknownRelationshipTypeWarning"
                            : "UnknownLabelWarning";
  const char* title = key    ? "The provided property key is not in the database"
                      : type ? "The provided relationship type is not in the database."
                             : "The provided label is not in the database.";
  return statement_note(code, "WARNING", "UNRECOGNIZED", title, std::move(description), name.span);
}

Notification shape_note(const NoteFinder::Shape& shape) {
  if (shape.kind == NoteFinder::Shape::Kind::Product) {
    return statement_note("CartesianProduct", "INFORMATION", "PERFORMANCE",
                          "This query builds a cartesian product between disconnected patterns.",
                          "this MATCH combines " + shape.text +
                              ", as nothing relates them; if that is not meant, add a relationship between them or a "
                              "condition that compares them with =",
                          shape.span);
  }
  return statement_note("UnboundedVariableLengthPattern", "INFORMATION", "PERFORMANCE",
                        "The provided pattern is unbounded, consider adding an upper limit to the number of node hops.",
                        "paths of any length are looked for here; in a large graph give an upper bound, such as " +
                            shape.text + ", or search for shortest paths only",
                        shape.span);
}

}  // namespace

void Notification::locate(std::string_view statement) {
  Error place(code, {}, Phase::CompileTime, description, span);
  place.locate(statement);
  line = place.line();
  column = place.column();
  const std::string_view before = statement.substr(0, std::min<size_t>(span.begin, statement.size()));
  offset =
      static_cast<uint32_t>(std::count_if(before.begin(), before.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

std::string Notification::pretty(std::string_view statement) const {
  Error place(code, {}, Phase::CompileTime, (severity == "WARNING" ? "warning: " : "note: ") + description, span);
  place.locate(statement);
  return place.pretty();
}

StatementNotes::StatementNotes(const Statement& statement, const Snapshot& committed, const Snapshot& graph) {
  if (!statement.query) return;
  NoteFinder finder(statement.text);
  finder.query(*statement.query);
  for (const NoteFinder::Name& name : finder.names) {
    if (knows(committed, name.kind, name.name) || finder.may_create(name)) continue;
    notes_.push_back({unknown_name(name, graph), name.kind, name.name});
  }
  for (const NoteFinder::Shape& shape : finder.shapes) notes_.push_back({shape_note(shape), NameKind::None, {}});
  std::stable_sort(notes_.begin(), notes_.end(),
                   [](const Note& a, const Note& b) { return a.notification.span.begin < b.notification.span.begin; });
  for (Note& note : notes_) note.notification.locate(statement.text);
}

std::vector<Notification> StatementNotes::on(const Snapshot& graph) const {
  std::vector<Notification> told;
  for (const Note& note : notes_) {
    if (note.kind == NameKind::None || !knows(graph, note.kind, note.name)) told.push_back(note.notification);
  }
  return told;
}

}  // namespace entente
