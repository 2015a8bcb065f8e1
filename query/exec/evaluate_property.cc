// Access to properties, entries and elements.
//
// Of a vector of nodes or relationships a property is read column page by column page: the key is looked up once a
// batch, and while ids stay within a page so does the reader. Pages hold typed values, so the result is typed and no
// Value is made for numbers and booleans; comparing with a constant string makes none either.

#include <algorithm>

#include "entente/query/exec/evaluate_internal.h"
#include "entente/query/functions/entity.h"
#include "entente/query/functions/temporal.h"
#include "entente/query/functions/text_search.h"

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
        if (check_) check_exists(*graph_, node, span_);
        return node_column_ != nullptr ? column_get(*node_column_, node.value) : Value();
      }
      case ValueKind::Relationship: {
        const RelId rel = container.as_relationship();
        if (check_) check_exists(*graph_, rel, span_);
        return relationship_column_ != nullptr ? column_get(*relationship_column_, rel.value) : Value();
      }
      default:
        break;
    }
    if (container.is_temporal()) return temporal_component(container, name_);
    fail_no_properties(container, name_, span_);
  }

  /// Hands the property of each row of a Node or Relationship vector to the visitor, row by row in order.
  template <class Visitor>
  void scan(const Operand& entities, size_t rows, Visitor& visitor) const;

 private:
  void check_entity(VectorType type, uint32_t id) const {
    if (type == VectorType::Node)
      check_exists(*graph_, NodeId(id), span_);
    else
      check_exists(*graph_, RelId(id), span_);
  }

  const std::string& name_;
  Span span_;
  const Snapshot* graph_;
  bool check_;  // entities may have been deleted
  const Column* node_column_ = nullptr;
  const Column* relationship_column_ = nullptr;
};

template <class Visitor>
void visit_base(const ColumnBase& base, uint32_t position, Visitor& visitor) {
  switch (base.type) {
    case ColumnType::Empty:
      return visitor.missing();
    case ColumnType::Integer:
      return visitor.integer(base.ints[position]);
    case ColumnType::Float:
      return visitor.real(base.floats[position]);
    case ColumnType::Boolean:
      return visitor.boolean(base.ints[position] != 0);
    case ColumnType::String:
      return visitor.string(base.string_at(position));
    case ColumnType::Date:
    case ColumnType::Mixed:
      return visitor.value(base.at(position));
  }
}

template <class Visitor>
void PropertyKey::scan(const Operand& entities, size_t rows, Visitor& visitor) const {
  const Vector& vector = *entities.vector;
  const Column* column = vector.type() == VectorType::Node ? node_column_ : relationship_column_;
  constexpr uint32_t kNoPage = ~uint32_t{0};
  uint32_t number = kNoPage;
  const ColumnPage* page = nullptr;
  for (size_t i = 0; i < rows; ++i) {
    const uint32_t id = vector.ids[entities.at(i)];
    if (id == NodeId::kNone) {
      visitor.missing();
      continue;
    }
    if (check_) check_entity(vector.type(), id);
    if (const uint32_t own = id >> kColumnPageBits; own != number) {
      number = own;
      page = column != nullptr ? column->find(number) : nullptr;
    }
    if (page == nullptr) {
      visitor.missing();
      continue;
    }
    const uint32_t low = id & (kColumnPageSize - 1);
    if (!page->delta.empty()) {
      const auto changed = std::lower_bound(page->delta.begin(), page->delta.end(), low,
                                            [](const auto& entry, uint32_t key) { return entry.first < key; });
      if (changed != page->delta.end() && changed->first == low) {
        if (changed->second.is_null())
          visitor.missing();
        else
          visitor.value(changed->second);
        continue;
      }
    }
    const ColumnBase* base = page->base.get();
    if (base == nullptr || !base->has(low))
      visitor.missing();
    else
      visit_base(*base, base->position(low), visitor);
  }
}

/// Texts from here on are minded by the limits of the statement.
constexpr size_t kLongText = 1'024;

/// Makes a vector of the properties.
struct ReadVisitor {
  VectorBuilder builder;
  ExecContext& context;
  ReadVisitor(size_t rows, ExecContext& of) : builder(rows), context(of) {}
  void missing() { builder.add_null(); }
  void integer(int64_t i) { builder.add_integer(i); }
  void real(double d) { builder.add_float(d); }
  void boolean(bool b) { builder.add_boolean(b); }
  void string(std::string_view s) {
    if (s.size() > kLongText) {
      context.count_made(s.size());
      context.work(s.size() / sizeof(Value));
    }
    builder.add(Value(s));
  }
  void value(const Value& v) { builder.add(v); }
};

/// Tells whether the property is there.
struct PresenceVisitor {
  std::vector<uint8_t> booleans;
  bool when_present;
  PresenceVisitor(size_t rows, bool present) : when_present(present) { booleans.reserve(rows); }
  void missing() { booleans.push_back(!when_present); }
  void integer(int64_t) { booleans.push_back(when_present); }
  void real(double) { booleans.push_back(when_present); }
  void boolean(bool) { booleans.push_back(when_present); }
  void string(std::string_view) { booleans.push_back(when_present); }
  void value(const Value&) { booleans.push_back(when_present); }
};

/// Compares with a constant string.
struct CompareVisitor {
  ExprKind op;
  const Value& constant;
  std::string_view text;
  Span span;
  ExecContext& context;
  std::vector<Ternary> results;

  CompareVisitor(ExprKind kind, const Value& value, size_t rows, Span where, ExecContext& of)
      : op(kind), constant(value), text(value.as_string()), span(where), context(of) {
    results.reserve(rows);
  }
  void missing() { results.push_back(Ternary::Null); }
  void integer(int64_t i) { value(Value(i)); }
  void real(double d) { value(Value(d)); }
  void boolean(bool b) { value(Value(b)); }
  void string(std::string_view s) { results.push_back(compare(s) ? Ternary::True : Ternary::False); }
  void value(const Value& v) {
    const Value result = evaluate_binary(op, v, constant, span, context);
    results.push_back(result.is_null() ? Ternary::Null : result.as_boolean() ? Ternary::True : Ternary::False);
  }
  // Strings compare by code point, which for UTF-8 is by byte.
  bool compare(std::string_view s) const {
    if (s.size() > kLongText) context.work(s.size() / sizeof(Value));
    switch (op) {
      case ExprKind::Equal:
        return s == text;
      case ExprKind::NotEqual:
        return s != text;
      case ExprKind::Less:
        return s < text;
      case ExprKind::LessEqual:
        return s <= text;
      case ExprKind::Greater:
        return s > text;
      case ExprKind::GreaterEqual:
        return s >= text;
      case ExprKind::StartsWith:
        return s.starts_with(text);
      case ExprKind::EndsWith:
        return s.ends_with(text);
      default:
        return find_text(s, text, 0, context.functions) != std::string_view::npos;  // Contains
    }
  }
};

bool compares_strings(ExprKind op) {
  return (op >= ExprKind::Equal && op <= ExprKind::GreaterEqual) || op == ExprKind::StartsWith ||
         op == ExprKind::EndsWith || op == ExprKind::Contains;
}

}  // namespace

VectorPtr property_vector(const Operand& container, const std::string& name, size_t rows, ExecContext& context,
                          Span span) {
  const PropertyKey key(name, context, span);
  if (container.constant() || !is_entity_vector(container)) {
    Value scratch;
    return map_rows(rows, container.constant(), [&](size_t i) { return key.of(container.ref(i, scratch)); });
  }
  ReadVisitor visitor(rows, context);
  key.scan(container, rows, visitor);
  return visitor.builder.finish();
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
  PresenceVisitor visitor(batch.rows, !is_null);
  key.scan(container, batch.rows, visitor);
  auto vector = std::make_shared<Vector>(VectorType::Boolean);
  vector->booleans = std::move(visitor.booleans);
  vector->set_size(batch.rows, false);
  return vector;
}

VectorPtr compare_property(ExprKind op, const Operand& container, const std::string& name, const Value& constant,
                           size_t rows, ExecContext& context, Span span) {
  if (!is_entity_vector(container) || !constant.is_string() || !compares_strings(op)) return nullptr;
  const PropertyKey key(name, context, span);
  CompareVisitor visitor(op, constant, rows, span, context);
  key.scan(container, rows, visitor);
  return make_boolean_vector(visitor.results);
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
    List part;
    part.reserve(static_cast<size_t>(place[1] - place[0]));
    append_elements(part, elements.begin() + place[0], elements.begin() + place[1], context.functions);
    return part;
  });
}

// ---- map projection ----

namespace {

void add_all_properties(const Value& base, const Snapshot* graph, Span span, Map& entries) {
  Map all;
  if (base.is_map()) {
    all = base.as_map();
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
