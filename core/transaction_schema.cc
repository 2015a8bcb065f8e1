// Indexes and constraints: the part of Transaction that creates them, keeps indexes up to date, and checks.
//
// Uniqueness is checked before every write, as the index tells at once. What must be there, and of which type, is
// checked when the transaction commits: each write notes its element if some constraint could be about it (`touch`),
// and `check_constraints` looks at those.
#include <algorithm>
#include <tuple>
#include <utility>

#include "entente/core/error.h"
#include "entente/core/full_text.h"
#include "entente/core/text_analysis.h"
#include "entente/core/transaction.h"

namespace entente {
namespace {

constexpr size_t kScannedAtOnce = 4'096;
constexpr size_t kBytesBetweenPolls = size_t{256} << 10;

std::string in_backticks(const std::string& name) { return "`" + name + "`"; }

Error already_exists(const std::string& text) { return {"SchemaError", "AlreadyExists", Phase::Runtime, text}; }

Error not_found(const std::string& text) { return {"SchemaError", "NotFound", Phase::Runtime, text}; }

Error violated(const char* detail, const std::string& text) {
  return {"ConstraintValidationFailed", detail, Phase::Runtime, text};
}

/// Whether both say the same of the same elements, so that one of them is enough.
bool equivalent_definitions(const IndexDefinition& a, const IndexDefinition& b) {
  if (a.kind != b.kind || a.entity != b.entity) return false;
  if (a.kind == IndexKind::Range) return b.is_range_on(a.entity, a.tokens.front(), a.keys);
  const auto same_set = [](const auto& x, const auto& y) {
    return x.size() == y.size() && std::is_permutation(x.begin(), x.end(), y.begin());
  };
  return same_set(a.tokens, b.tokens) && same_set(a.keys, b.keys);
}

std::string keys_text(const Dictionary& names, const std::vector<KeyId>& keys) {
  std::string out = keys.size() == 1 ? "property " : "properties ";
  for (size_t i = 0; i < keys.size(); ++i) {
    if (i > 0) out += i + 1 == keys.size() ? " and " : ", ";
    out += in_backticks(names.keys.name(keys[i].value));
  }
  return out;
}

std::string values_text(const Dictionary& names, const std::vector<KeyId>& keys, const Value& value) {
  if (keys.size() == 1) {
    return "property " + in_backticks(names.keys.name(keys[0].value)) + " = " + value.to_short_literal();
  }
  std::string out = "properties ";
  for (size_t i = 0; i < keys.size(); ++i) {
    if (i > 0) out += i + 1 == keys.size() ? " and " : ", ";
    out += in_backticks(names.keys.name(keys[i].value)) + " = " + value.as_list()[i].to_short_literal();
  }
  return out;
}

template <class T>
bool has_twice(const std::vector<T>& items) {
  for (size_t i = 0; i < items.size(); ++i) {
    if (std::find(items.begin() + static_cast<std::ptrdiff_t>(i) + 1, items.end(), items[i]) != items.end())
      return true;
  }
  return false;
}

}  // namespace

// ---- texts of errors ----

/// "node 5 with label `L`", "relationship 7 of type `T`"
std::string Transaction::element_text(EntityType entity, uint32_t token, uint32_t element) const {
  const std::string name = in_backticks(work_.tokens(entity).name(token));
  if (entity == EntityType::Node) return "node " + std::to_string(element) + " with label " + name;
  return "relationship " + std::to_string(element) + " of type " + name;
}

Error Transaction::not_unique(const IndexDefinition& index, const Value& value, uint32_t other) const {
  return violated("UniqueConstraint", element_text(index.entity, index.tokens.front(), other) + " already has " +
                                          values_text(*work_.names_, index.keys, value) + ", which constraint " +
                                          in_backticks(index.name) + " wants to be unique");
}

// ---- uniqueness ----

bool Transaction::covers(const IndexDefinition& definition, uint32_t element) const {
  return std::any_of(definition.tokens.begin(), definition.tokens.end(),
                     [&](uint32_t token) { return work_.has_token(definition.entity, element, token); });
}

Value Transaction::value_with(const IndexDefinition& definition, uint32_t element, KeyId key,
                              const Value& value) const {
  if (definition.keys.size() == 1 || value.is_null()) return value;
  List values;
  for (const KeyId k : definition.keys) {
    values.push_back(k == key ? value : work_.property(definition.entity, element, k));
    if (values.back().is_null()) return {};
  }
  return Value(std::move(values));
}

void Transaction::check_unique(const Index& index, uint32_t element, const Value& value) const {
  if (!index.definition.unique || value.is_null()) return;
  std::vector<uint32_t> found;
  index.find(value, found);
  for (const uint32_t other : found) {
    if (other != element) throw not_unique(index.definition, value, other);
  }
}

void Transaction::check_unique_with(EntityType entity, uint32_t element, KeyId key, const Value& value) const {
  if (value.is_null()) return;
  for (const Index& index : *work_.indexes_) {
    const IndexDefinition& d = index.definition;
    if (!d.unique || d.entity != entity || d.field_of(key) == d.keys.size() || !covers(d, element)) continue;
    check_unique(index, element, value_with(d, element, key, value));
  }
}

/// Throws if two elements of a unique index have equivalent values.
void Transaction::check_distinct(const Index& index) const {
  const OrderedPage::Entry* last = nullptr;
  size_t scanned = 0;
  index.scan([](const Value&) { return false; },
             [&](const OrderedPage::Entry& entry) {
               if (++scanned % kScannedAtOnce == 0 && poll_) poll_(0);
               if (last != nullptr && Value::order(last->value, entry.value) == 0) {
                 throw not_unique(index.definition, entry.value, last->node);
               }
               last = &entry;
               return true;
             });
}

void Transaction::check_bulk_unique(EntityType entity, uint32_t first, KeyId key, std::span<const Value> values) const {
  const auto in_batch = [&](uint32_t element) { return element >= first && element - first < values.size(); };
  for (const Index& index : *work_.indexes_) {
    const IndexDefinition& d = index.definition;
    if (!d.unique || d.entity != entity || d.field_of(key) == d.keys.size()) continue;
    std::vector<OrderedPage::Entry> entries;
    std::vector<uint32_t> found;
    for (uint32_t i = 0; i < values.size(); ++i) {
      if (values[i].is_null() || !covers(d, first + i)) continue;
      Value value = value_with(d, first + i, key, values[i]);
      if (value.is_null()) continue;
      found.clear();
      index.find(value, found);
      for (const uint32_t other : found) {
        if (!in_batch(other)) throw not_unique(d, value, other);
      }
      entries.push_back({std::move(value), first + i});
    }
    Index batch;
    batch.definition = d;
    batch.build(entries, owner_);
    check_distinct(batch);
  }
}

// ---- keeping indexes up to date ----

void Transaction::reindex(EntityType entity, uint32_t element, KeyId key, const Value& before, const Value& after) {
  for (size_t i = 0; i < work_.indexes_.size(); ++i) {
    const IndexDefinition& definition = work_.indexes_[i].definition;
    const size_t field = definition.field_of(key);
    if (definition.entity != entity || field == definition.keys.size() || !covers(definition, element)) continue;
    if (definition.kind == IndexKind::FullText) {
      if (Value::equivalent(before, after)) continue;
      Index& index = work_.indexes_.mutate(owner_)[i];
      erase_document(index, static_cast<uint32_t>(field), before, element, owner_);
      add_document(index, static_cast<uint32_t>(field), after, element, owner_);
      continue;
    }
    const Value old_value = value_with(definition, element, key, before);
    const Value new_value = value_with(definition, element, key, after);
    if (old_value.is_null() && new_value.is_null()) continue;
    Index& index = work_.indexes_.mutate(owner_)[i];
    index.erase(old_value, element, owner_);
    index.insert(new_value, element, owner_);
  }
}

void Transaction::reindex_label(NodeId node, LabelId label, bool add) {
  for (size_t i = 0; i < work_.indexes_.size(); ++i) {
    const IndexDefinition& definition = work_.indexes_[i].definition;
    if (definition.entity != EntityType::Node || !definition.has_token(label.value)) continue;
    const bool by_another = std::any_of(definition.tokens.begin(), definition.tokens.end(), [&](uint32_t token) {
      return token != label.value && work_.has_label(node, LabelId(token));
    });
    if (by_another) continue;
    Index& index = work_.indexes_.mutate(owner_)[i];
    if (index.definition.kind == IndexKind::FullText) {
      for (uint32_t field = 0; field < index.definition.keys.size(); ++field) {
        const Value value = work_.property(node, index.definition.keys[field]);
        if (add)
          add_document(index, field, value, node.value, owner_);
        else
          erase_document(index, field, value, node.value, owner_);
      }
      continue;
    }
    const Value value = work_.index_value(index.definition, node.value);
    if (add)
      index.insert(value, node.value, owner_);
    else
      index.erase(value, node.value, owner_);
  }
}

bool Transaction::is_indexed(EntityType entity, KeyId key) const {
  return std::any_of(work_.indexes_->begin(), work_.indexes_->end(), [&](const Index& index) {
    return index.definition.entity == entity && index.definition.field_of(key) < index.definition.keys.size();
  });
}

void Transaction::bulk_reindex(EntityType entity, uint32_t first, KeyId key, std::span<const Value> values) {
  const bool indexed = is_indexed(entity, key);
  for (uint32_t i = 0; indexed && i < values.size(); ++i) {
    if (!work_.has_element(entity, first + i)) continue;
    reindex(entity, first + i, key, work_.property(entity, first + i, key), values[i]);
  }
  touch(entity, first, static_cast<uint32_t>(values.size()));
}

// ---- what must hold at the end ----

void Transaction::touch(EntityType entity, uint32_t first, uint32_t count) {
  const auto concerns = [&](const auto& item) { return item.entity == entity; };
  const bool any = std::any_of(work_.constraints_->begin(), work_.constraints_->end(), concerns) ||
                   std::any_of(work_.indexes_->begin(), work_.indexes_->end(), [&](const Index& index) {
                     return index.definition.required && concerns(index.definition);
                   });
  if (!any || count == 0) return;
  if (!touched_.empty()) {
    const Touched& last = touched_.back();
    if (last.entity == entity && last.first == first && last.count == count) return;
  }
  touched_.push_back({entity, first, count});
}

void Transaction::check_rule(const Constraint& constraint, uint32_t element) const {
  const Value value = work_.property(constraint.entity, element, constraint.key);
  const std::string& key = work_.names_->keys.name(constraint.key.value);
  const auto text = [&] { return element_text(constraint.entity, constraint.token, element); };
  if (constraint.kind == Constraint::Kind::Exists) {
    if (!value.is_null()) return;
    throw violated("ExistenceConstraint", text() + " must have property " + in_backticks(key) + ", as constraint " +
                                              in_backticks(constraint.name) + " wants");
  }
  if (constraint.type.allows(value)) return;
  throw violated("TypeConstraint", text() + " has property " + in_backticks(key) + " = " + value.to_short_literal() +
                                       ", which constraint " + in_backticks(constraint.name) + " wants to be " +
                                       constraint.type.text());
}

void Transaction::check_required(const IndexDefinition& definition, uint32_t element) const {
  for (const KeyId key : definition.keys) {
    if (!work_.property(definition.entity, element, key).is_null()) continue;
    throw violated("ExistenceConstraint", element_text(definition.entity, definition.tokens.front(), element) +
                                              " must have " + keys_text(*work_.names_, definition.keys) +
                                              ", as key constraint " + in_backticks(definition.name) +
                                              " wants; it lacks " + in_backticks(work_.names_->keys.name(key.value)));
  }
}

void Transaction::check_element(EntityType entity, uint32_t element) const {
  if (!work_.has_element(entity, element)) return;
  for (const Constraint& constraint : *work_.constraints_) {
    if (constraint.entity == entity && work_.has_token(entity, element, constraint.token)) {
      check_rule(constraint, element);
    }
  }
  for (const Index& index : *work_.indexes_) {
    const IndexDefinition& d = index.definition;
    if (d.required && d.entity == entity && covers(d, element)) check_required(d, element);
  }
}

void Transaction::check_constraints() const {
  if (touched_.empty()) return;
  std::vector<Touched> touched = touched_;
  const auto key = [](const Touched& t) { return std::tuple(t.entity, t.first, t.count); };
  uint64_t steps = 0;
  std::sort(touched.begin(), touched.end(), [&](const Touched& a, const Touched& b) {
    if (poll_ && ++steps % kScannedAtOnce == 0) poll_(0);
    return key(a) < key(b);
  });
  uint64_t checked = 0;  // all elements of the kind below this
  for (size_t i = 0; i < touched.size(); ++i) {
    if (i == 0 || touched[i - 1].entity != touched[i].entity) checked = 0;
    const uint64_t end = uint64_t{touched[i].first} + touched[i].count;
    for (uint64_t element = std::max<uint64_t>(checked, touched[i].first); element < end; ++element) {
      if (poll_ && ++steps % kScannedAtOnce == 0) poll_(0);
      check_element(touched[i].entity, static_cast<uint32_t>(element));
    }
    checked = std::max(checked, end);
  }
}

/// check(element) for each with the label or of the type.
template <class Check>
void Transaction::check_all(EntityType entity, uint32_t token, Check check) const {
  std::vector<uint32_t> elements;
  for (uint32_t at = 0; at < work_.element_limit(entity);) {
    if (poll_) poll_(0);
    elements.clear();
    at = work_.scan_token(entity, token, at, kScannedAtOnce, elements);
    for (const uint32_t element : elements) check(element);
  }
}

// ---- creating and dropping ----

void Transaction::check_new_name(const std::string& name) const {
  if (name.empty()) throw Error::argument("InvalidName", "the name of an index or constraint must not be empty");
  const Index* index = work_.find_index(name);
  const bool constraint = work_.find_constraint(name) != nullptr || (index != nullptr && index->definition.unique);
  if (index == nullptr && !constraint) return;
  throw already_exists(std::string("there is ") + (constraint ? "a constraint " : "an index ") + in_backticks(name) +
                       " already; take another name, or drop it first");
}

void Transaction::check_definition(const IndexDefinition& definition) const {
  if (definition.tokens.empty() || definition.keys.empty() || has_twice(definition.tokens) ||
      has_twice(definition.keys)) {
    throw Error::argument("InvalidIndex", "an index needs labels or types, and properties, each once");
  }
  for (const uint32_t token : definition.tokens) {
    definition.entity == EntityType::Node ? check_label(LabelId(token)) : check_type(TypeId(token));
  }
  for (const KeyId key : definition.keys) check_key(key);
  if (definition.kind == IndexKind::Range) {
    if (definition.tokens.size() == 1) return;
    throw Error::argument("InvalidIndex", "a range index is on one label or relationship type");
  }
  if (definition.unique) throw Error::argument("InvalidIndex", "a full-text index cannot be unique");
  if (definition.keys.size() > kMostFullTextKeys) {
    throw Error::argument("InvalidIndex", "a full-text index can have " + std::to_string(kMostFullTextKeys) +
                                              " properties, not " + std::to_string(definition.keys.size()));
  }
  if (TextAnalyzer::find(definition.analyzer) == nullptr) {
    std::string known;
    for (const TextAnalyzer& a : TextAnalyzer::all()) known += (known.empty() ? "" : ", ") + a.name();
    throw Error::argument("UnknownAnalyzer", "there is no analyzer '" + definition.analyzer + "'; there are " + known);
  }
}

void Transaction::gather_indexed_values(const IndexDefinition& definition) {
  for (const KeyId key : definition.keys) {
    if (work_.column(definition.entity, key) == nullptr) return;
  }
  const bool nodes = definition.entity == EntityType::Node;
  const uint32_t token = definition.tokens.front();
  uint64_t most = nodes ? work_.label_count(LabelId(token)) : work_.type_count(TypeId(token));
  const std::vector<uint64_t>& key_counts =
      nodes ? work_.statistics_->node_key_counts : work_.statistics_->relationship_key_counts;
  for (const KeyId key : definition.keys) {
    most = std::min(most, key.value < key_counts.size() ? key_counts[key.value] : 0);
  }
  building_->values.reserve(most);  // as moving many takes long

  size_t bytes = 0;  // since the last poll
  check_all(definition.entity, definition.tokens.front(), [&](uint32_t element) {
    Value value = work_.index_value(definition, element);
    if (value.is_null()) return;
    building_->values.push_back({std::move(value), element});
    bytes += Index::building_bytes(building_->values.back());
    if (bytes < kBytesBetweenPolls || !poll_) return;
    poll_(std::exchange(bytes, 0));
  });
  if (poll_) poll_(bytes);
}

uint32_t Transaction::create_index(std::string name, LabelId label, KeyId key, bool unique) {
  IndexDefinition definition;
  definition.name = std::move(name);
  definition.tokens = {label.value};
  definition.keys = {key};
  definition.unique = unique;
  return create_index(std::move(definition));
}

uint32_t Transaction::create_index(IndexDefinition definition) {
  check_definition(definition);
  check_new_name(definition.name);
  for (const Index& other : *work_.indexes_) {
    if (!equivalent_definitions(other.definition, definition)) continue;
    const bool constraint = other.definition.unique;
    const std::string what = definition.entity == EntityType::Node ? "label " : "relationship type ";
    throw already_exists(what + in_backticks(work_.tokens(definition.entity).name(definition.tokens.front())) +
                         " and " + keys_text(*work_.names_, definition.keys) + " have " +
                         (constraint ? "a constraint, and so an index," : "an index") + " already; drop " +
                         (constraint ? "constraint " : "index ") + in_backticks(other.definition.name) + " first");
  }
  definition.id = work_.next_index_;
  building_ = std::make_unique<Building>();
  Index& index = building_->index;
  index.definition = std::move(definition);
  if (index.definition.kind == IndexKind::FullText) {
    index.fields.resize(index.definition.keys.size());
    build_full_text(index, building_->values, work_, owner_, poll_);
  } else {
    if (index.definition.required) {
      check_all(index.definition.entity, index.definition.tokens.front(),
                [&](uint32_t element) { check_required(index.definition, element); });
    }
    gather_indexed_values(index.definition);
    index.build(building_->values, owner_, poll_);
    if (index.definition.unique) check_distinct(index);
  }

  const Applying applying(*this);
  ++work_.next_index_;
  record_index(index.definition);
  const uint32_t id = index.definition.id;
  built_ += index.entries;
  work_.indexes_.mutate(owner_).push_back(std::move(index));
  building_.reset();
  return id;
}

void Transaction::drop_index(std::string_view name) {
  const Index* index = work_.find_index(name);
  if (index == nullptr) {
    throw not_found("there is no index or constraint " + in_backticks(std::string(name)));
  }
  const uint32_t id = index->definition.id;
  const Applying applying(*this);
  std::erase_if(work_.indexes_.mutate(owner_), [&](const Index& i) { return i.definition.id == id; });
  record(Change::Kind::DropIndex, id);
}

uint32_t Transaction::create_constraint(Constraint constraint) {
  constraint.entity == EntityType::Node ? check_label(LabelId(constraint.token)) : check_type(TypeId(constraint.token));
  check_key(constraint.key);
  check_new_name(constraint.name);
  constraint.type.normalize();
  for (const Constraint& other : *work_.constraints_) {
    const bool same = other.kind == constraint.kind && other.entity == constraint.entity &&
                      other.token == constraint.token && other.key == constraint.key;
    if (!same) continue;
    throw already_exists("constraint " + in_backticks(other.name) + " is about the same " +
                         (other.entity == EntityType::Node ? "label" : "relationship type") +
                         " and property already; drop it first");
  }
  check_all(constraint.entity, constraint.token, [&](uint32_t element) { check_rule(constraint, element); });

  const Applying applying(*this);
  constraint.id = work_.next_index_++;
  Change& change = record(Change::Kind::CreateConstraint, constraint.id, constraint.token);
  change.source = constraint.key.value;
  change.target = static_cast<uint32_t>(constraint.kind);
  change.flags = constraint.entity == EntityType::Relationship ? Change::kRelationships : 0;
  change.text = constraint.name;
  if (constraint.kind == Constraint::Kind::Type) {
    change.numbers.push_back(constraint.type.kinds);
    change.numbers.insert(change.numbers.end(), constraint.type.lists.begin(), constraint.type.lists.end());
  }
  const uint32_t id = constraint.id;
  work_.constraints_.mutate(owner_).push_back(std::move(constraint));
  return id;
}

void Transaction::drop_constraint(std::string_view name) {
  const Constraint* constraint = work_.find_constraint(name);
  if (constraint == nullptr) throw not_found("there is no constraint " + in_backticks(std::string(name)));
  const uint32_t id = constraint->id;
  const Applying applying(*this);
  std::erase_if(work_.constraints_.mutate(owner_), [&](const Constraint& c) { return c.id == id; });
  record(Change::Kind::DropConstraint, id);
}

// ---- the log ----

Change& Transaction::record_index(const IndexDefinition& definition) {
  Change& change = record(Change::Kind::CreateIndex, definition.id);
  if (definition.tokens.size() == 1 && definition.keys.size() == 1) {
    change.number = definition.tokens[0];
    change.source = definition.keys[0].value;
  } else {
    change.numbers.push_back(static_cast<uint32_t>(definition.tokens.size()));
    change.numbers.insert(change.numbers.end(), definition.tokens.begin(), definition.tokens.end());
    for (const KeyId key : definition.keys) change.numbers.push_back(key.value);
  }
  change.text = definition.name;
  change.flags =
      static_cast<uint8_t>((definition.unique ? Change::kUnique : 0) | (definition.required ? Change::kRequired : 0) |
                           (definition.entity == EntityType::Relationship ? Change::kRelationships : 0) |
                           (definition.kind == IndexKind::FullText ? Change::kFullText : 0));
  if (definition.kind == IndexKind::FullText) change.value = Value(definition.analyzer);
  return change;
}

void Transaction::apply_create_index(const Change& change) {
  IndexDefinition definition;
  definition.name = change.text;
  if (change.numbers.empty()) {
    definition.tokens = {change.number};
    definition.keys = {KeyId(change.source)};
  } else {
    const std::span<const uint32_t> rest = std::span(change.numbers).subspan(1);
    const size_t tokens = std::min<size_t>(change.numbers[0], rest.size());
    definition.tokens.assign(rest.begin(), rest.begin() + static_cast<std::ptrdiff_t>(tokens));
    for (const uint32_t key : rest.subspan(tokens)) definition.keys.emplace_back(key);
  }
  definition.unique = (change.flags & Change::kUnique) != 0;
  definition.required = (change.flags & Change::kRequired) != 0;
  if ((change.flags & Change::kRelationships) != 0) definition.entity = EntityType::Relationship;
  if ((change.flags & Change::kFullText) != 0) definition.kind = IndexKind::FullText;
  if (change.value.is_string()) definition.analyzer = change.value.as_string();
  create_index(std::move(definition));
}

void Transaction::apply_create_constraint(const Change& change) {
  Constraint constraint;
  constraint.name = change.text;
  constraint.entity = (change.flags & Change::kRelationships) != 0 ? EntityType::Relationship : EntityType::Node;
  constraint.token = change.number;
  constraint.key = KeyId(change.source);
  if (change.target != 1 && change.target != 2) {
    throw Error::storage("Corrupt", "there is no constraint of kind " + std::to_string(change.target));
  }
  constraint.kind = static_cast<Constraint::Kind>(change.target);
  if (!change.numbers.empty()) {
    constraint.type.kinds = change.numbers[0];
    constraint.type.lists.assign(change.numbers.begin() + 1, change.numbers.end());
  }
  create_constraint(std::move(constraint));
}

}  // namespace entente
