// Access to properties, entries and elements.
//
// Of a vector of nodes or relationships a property is read column page by column page (see column_reader.h), with the
// key looked up once a batch. Pages hold typed values, so the result is typed and no Value is made; tests against a
// constant string do not even read the strings of all rows (see text_test.h).

#include <algorithm>

#include "entente/core/discard.h"
#include "entente/query/exec/column_reader.h"
#include "entente/query/exec/evaluate_internal.h"
#include "entente/query/exec/text_test.h"
#include "entente/query/functions/entity.h"
#include "entente/query/functions/temporal.h"

namespace entente {

namespace {

bool is_entity_vector(const Operand& operand) {
  return operand.type() == VectorType::Node || operand.type() == VectorType::Relationship;
}

[[noreturn]] void fail_no_properties(const Value& container, const std::string& name, Span span) {
  throw Error::type("InvalidArgumentType",
                    "a property such as `" + name +
                        "` can be read of a NODE, RELATIONSHIP, MAP or temporal value, not of " +
                        std::string(kind_name(container.kind())),
                    span);
}

/// The ids of a Node or Relationship operand that is not constant, one after another.
class EntityIds {
 public:
  EntityIds(const Operand& operand, size_t rows) : type_(operand.type()) {
    const std::vector<uint32_t>& all = operand.vector->ids;
    if (operand.selection == nullptr) {
      ids_ = {all.data(), rows};
      return;
    }
    gathered_.resize(rows);
    for (size_t i = 0; i < rows; ++i) gathered_[i] = all[(*operand.selection)[i]];
    ids_ = gathered_;
  }
  EntityIds(const EntityIds&) = delete;
  EntityIds& operator=(const EntityIds&) = delete;

  VectorType type() const { return type_; }
  std::span<const uint32_t> ids() const { return ids_; }

 private:
  VectorType type_;
  std::vector<uint32_t> gathered_;
  std::span<const uint32_t> ids_;
};

/// One property key of a statement's graph, looked up.
class PropertyKey {
 public:
  PropertyKey(const std::string& name, const ExecContext& context, Span span)
      : name_(name), span_(span), graph_(context.graph), check_(context.transaction != nullptr) {
    if (graph_ == nullptr) return;
    const KeyId key = graph_->names().key(name);
    if (!key.valid()) return;
    node_column_ = graph_->node_column(key);
    relationship_column_ = graph_->relationship_column(key);
  }

  Value of(const Value& container) const {
    switch (container.kind()) {
      case ValueKind::Null:
        return Value();
      case ValueKind::Map:
        return container[name_];
      case ValueKind::Node: {
        const NodeId node = container.as_node();
        if (container.node_data() != nullptr && graph_ != nullptr) {
          if (const Map* own = made_up_properties(*graph_, container)) return own_value(*own);
        }
        if (check_) check_exists(*graph_, node, span_);
        return node_column_ != nullptr ? column_get(*node_column_, node.value) : Value();
      }
      case ValueKind::Relationship: {
        const RelId rel = container.as_relationship();
        if (container.relationship_data() != nullptr && graph_ != nullptr) {
          if (const Map* own = made_up_properties(*graph_, container)) return own_value(*own);
        }
        if (check_) check_exists(*graph_, rel, span_);
        return relationship_column_ != nullptr ? column_get(*relationship_column_, rel.value) : Value();
      }
      default:
        break;
    }
    if (container.is_temporal()) return temporal_component(container, name_);
    fail_no_properties(container, name_, span_);
  }

  /// Of a Node or Relationship vector: checks that its entities exist, where they may have been deleted.
  void check(const EntityIds& entities) const {
    if (!check_) return;
    for (const uint32_t id : entities.ids()) {
      if (id == NodeId::kNone) continue;
      if (entities.type() == VectorType::Node)
        check_exists(*graph_, NodeId(id), span_);
      else
        check_exists(*graph_, RelId(id), span_);
    }
  }

  /// Null if no entity has the property.
  const Column* column(VectorType type) const { return type == VectorType::Node ? node_column_ : relationship_column_; }

 private:
  Value own_value(const Map& properties) const {
    const auto found =
        std::find_if(properties.begin(), properties.end(), [&](const auto& p) { return p.first == name_; });
    return found != properties.end() ? found->second : Value();
  }

  const std::string& name_;
  Span span_;
  const Snapshot* graph_;
  bool check_;  // entities may have been deleted
  const Column* node_column_ = nullptr;
  const Column* relationship_column_ = nullptr;
};

/// Tells of each row whether it has the property.
class PresenceVisitor {
 public:
  PresenceVisitor(size_t rows, bool when_present) : when_present_(when_present) {
    results_->booleans.assign(rows, !when_present);
    results_->set_size(rows, false);
  }

  void run(const ColumnPageView& view, const ColumnRun& run) {
    if (view.page == nullptr) return;
    if (!view.page->delta.empty() || view.base == nullptr) {
      for (size_t row = run.from; row < run.to; ++row) {
        if (view.page->has(run.low(row))) results_->booleans[row] = when_present_;
      }
      return;
    }
    visit_positions(
        *view.base, run, [&](size_t row, uint32_t) { results_->booleans[row] = when_present_; }, [](size_t) {});
  }

  VectorPtr finish() { return std::move(results_); }

 private:
  const bool when_present_;
  std::shared_ptr<Vector> results_ = std::make_shared<Vector>(VectorType::Boolean);
};

/// The component of each date of a Date vector; nothing if dates have none of this name.
VectorPtr date_components(const Operand& dates, const std::string& name, size_t rows) {
  const DateComponent component = date_component(name);
  if (component == nullptr) return nullptr;
  auto vector = std::make_shared<Vector>(VectorType::Integer);
  vector->ints.resize(rows);
  const LargeVector<int64_t>& days = dates.vector->ints;
  for (size_t i = 0; i < rows; ++i) vector->ints[i] = dates.is_null(i) ? 0 : days[dates.at(i)];
  component(vector->ints);
  if (dates.has_nulls()) {
    vector->nulls.resize(rows);
    for (size_t i = 0; i < rows; ++i) vector->nulls[i] = dates.is_null(i);
  }
  vector->set_size(rows, dates.has_nulls());
  return vector;
}

}  // namespace

VectorPtr property_vector(const Operand& container, const std::string& name, size_t rows, ExecContext& context,
                          Span span) {
  const PropertyKey key(name, context, span);
  if (!container.constant() && is_entity_vector(container)) {
    const EntityIds entities(container, rows);
    key.check(entities);
    return read_column(key.column(entities.type()), entities.ids(), context);
  }
  if (!container.constant() && container.type() == VectorType::Date) {
    if (VectorPtr components = date_components(container, name, rows)) return components;
  }
  Value scratch;
  return map_rows(rows, container.constant(), [&](size_t i) { return key.of(container.ref(i, scratch)); });
}

VectorPtr evaluate_property(const Expr& expr, const Batch& batch, ExecContext& context) {
  const Operand container = evaluate_operand(*expr.args[0], batch, context);
  return property_vector(container, expr.name, batch.rows, context, expr.span);
}

VectorPtr evaluate_property_test(const Expr& property, const Batch& batch, bool is_null, ExecContext& context) {
  const Operand container = evaluate_operand(*property.args[0], batch, context);
  const PropertyKey key(property.name, context, property.span);
  if (container.constant() || !is_entity_vector(container)) {
    Value scratch;
    return map_rows(batch.rows, container.constant(),
                    [&](size_t i) { return Value(key.of(container.ref(i, scratch)).is_null() == is_null); });
  }
  const EntityIds entities(container, batch.rows);
  key.check(entities);
  PresenceVisitor visitor(batch.rows, !is_null);
  ColumnScan(key.column(entities.type()), entities.ids(), context).visit(visitor);
  return visitor.finish();
}

VectorPtr test_property(ExprKind op, const Operand& container, const std::string& name, const Value& constant,
                        size_t rows, ExecContext& context, Span span) {
  if (container.constant() || !is_entity_vector(container) || !TextTest::exists(op, constant)) return nullptr;
  const PropertyKey key(name, context, span);
  const EntityIds entities(container, rows);
  key.check(entities);
  return test_column(key.column(entities.type()), entities.ids(), TextTest(op, constant, span, context), context);
}

Value property_of(const Value& container, const std::string& name, ExecContext& context, Span span) {
  return PropertyKey(name, context, span).of(container);
}

// ---- elements ----

Value element_of(const Value& container, const Value& key, ExecContext& context, Span span) {
  if (container.is_null()) return Value();
  if (container.is_list()) {
    if (key.is_null()) return Value();
    if (!key.is_integer()) {
      throw Error::type("ListElementAccessByNonInteger",
                        "an element of a LIST is given by INTEGER, not by " + std::string(kind_name(key.kind())), span);
    }
    const List& list = container.as_list();
    const int64_t size = static_cast<int64_t>(list.size());
    const int64_t index = key.as_integer() < 0 ? key.as_integer() + size : key.as_integer();
    return index >= 0 && index < size ? list[static_cast<size_t>(index)] : Value();
  }
  if (!container.is_map() && !container.is_node() && !container.is_relationship()) {
    throw Error::type("InvalidArgumentType",
                      "an element can be read of a LIST, MAP, NODE or RELATIONSHIP, not of " +
                          std::string(kind_name(container.kind())),
                      span);
  }
  if (key.is_null()) return Value();
  if (key.is_string()) return property_of(container, key.as_string(), context, span);
  throw Error::type("MapElementAccessByNonString",
                    "an entry of a " + std::string(kind_name(container.kind())) + " is given by STRING, not by " +
                        std::string(kind_name(key.kind())),
                    span);
}

VectorPtr evaluate_element(const Expr& expr, const Batch& batch, ExecContext& context) {
  const Operand container = evaluate_operand(*expr.args[0], batch, context);
  const Operand key = evaluate_operand(*expr.args[1], batch, context);
  if (key.constant() && is_entity_vector(container)) {
    const Value name = key.get(0);
    if (name.is_string()) return property_vector(container, name.as_string(), batch.rows, context, expr.span);
  }
  Value container_scratch;
  Value key_scratch;
  return map_rows(batch.rows, container.constant() && key.constant(), [&](size_t i) {
    return element_of(container.ref(i, container_scratch), key.ref(i, key_scratch), context, expr.span);
  });
}

namespace {

// A bound as a place in the list, 0 to its size; negative ones count from the end.
int64_t slice_bound(const Value& bound, int64_t size, Span span) {
  if (!bound.is_integer()) {
    throw Error::type("InvalidArgumentType",
                      "the bounds of a slice are INTEGER, not " + std::string(kind_name(bound.kind())), span);
  }
  const int64_t i = bound.as_integer();
  return i < 0 ? std::max<int64_t>(i + size, 0) : std::min(i, size);
}

}  // namespace

VectorPtr evaluate_slice(const Expr& expr, const Batch& batch, ExecContext& context) {
  const Operand list = evaluate_operand(*expr.args[0], batch, context);
  Operand bounds[2];  // without a vector where left out
  bool constant = list.constant();
  for (size_t k = 0; k < 2; ++k) {
    if (expr.args.size() <= k + 1 || expr.args[k + 1] == nullptr) continue;
    bounds[k] = evaluate_operand(*expr.args[k + 1], batch, context);
    constant &= bounds[k].constant();
  }
  Value scratch;
  return map_rows(batch.rows, constant, [&](size_t i) -> Value {
    const Value& whole = list.ref(i, scratch);
    if (whole.is_null()) return Value();
    if (!whole.is_list()) {
      throw Error::type("InvalidArgumentType",
                        "a slice can be taken of a LIST, not of " + std::string(kind_name(whole.kind())), expr.span);
    }
    const List& elements = whole.as_list();
    int64_t place[2] = {0, static_cast<int64_t>(elements.size())};
    for (size_t k = 0; k < 2; ++k) {
      if (bounds[k].vector == nullptr) continue;
      const Value bound = bounds[k].get(i);
      if (bound.is_null()) return Value();
      place[k] = slice_bound(bound, static_cast<int64_t>(elements.size()), expr.span);
    }
    if (place[0] >= place[1]) return List();
    context.count_made(static_cast<size_t>(place[1] - place[0]) * sizeof(Value));
    Filling<List> part;
    part->reserve(static_cast<size_t>(place[1] - place[0]));
    append_elements(*part, elements.begin() + place[0], elements.begin() + place[1], context.functions);
    return make_list(part.take(), &context);
  });
}

// ---- map projection ----

namespace {

void add_all_properties(const Value& base, const Snapshot* graph, Span span, Map& entries) {
  Map all;
  if (base.is_map()) {
    all = base.as_map();
  } else if (const Map* own = made_up_properties(*graph, base)) {
    all = *own;
  } else if (base.is_node()) {
    check_exists(*graph, base.as_node(), span);
    all = graph->properties(base.as_node());
  } else {
    check_exists(*graph, base.as_relationship(), span);
    all = graph->properties(base.as_relationship());
  }
  for (auto& entry : all) entries.push_back(std::move(entry));
}

}  // namespace

VectorPtr evaluate_map_projection(const Expr& expr, const Batch& batch, ExecContext& context) {
  using Kind = MapProjectionItem::Kind;
  const Operand base = evaluate_operand(*expr.args[0], batch, context);
  std::vector<Operand> operands(expr.projection.size());  // a column for each item but `.*`
  bool constant = base.constant();
  for (size_t k = 0; k < expr.projection.size(); ++k) {
    const MapProjectionItem& item = expr.projection[k];
    if (item.kind == Kind::AllProperties) continue;
    operands[k] = item.kind == Kind::Property
                      ? Operand{property_vector(base, item.name, batch.rows, context, expr.span), nullptr}
                      : evaluate_operand(*item.value, batch, context);
    constant &= operands[k].constant();
  }
  return map_rows(batch.rows, constant, [&](size_t i) -> Value {
    const Value value = base.get(i);
    if (value.is_null()) return Value();
    if (!value.is_map() && !value.is_node() && !value.is_relationship()) {
      throw Error::type(
          "InvalidArgumentType",
          "a map projection takes a NODE, RELATIONSHIP or MAP, not " + std::string(kind_name(value.kind())), expr.span);
    }
    Map entries;
    for (size_t k = 0; k < expr.projection.size(); ++k) {
      const MapProjectionItem& item = expr.projection[k];
      if (item.kind == Kind::AllProperties)
        add_all_properties(value, context.graph, expr.span, entries);
      else
        entries.emplace_back(item.name, operands[k].get(i));
    }
    Value result = Value::map(std::move(entries));
    context.count_made(own_bytes(result));
    context.work(expr.projection.size());
    return result;
  });
}

}  // namespace entente
