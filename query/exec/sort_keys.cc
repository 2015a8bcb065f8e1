#include "entente/query/exec/sort_keys.h"

namespace entente {

SortColumn::SortColumn(const BatchColumn& column, bool descending) : column_(column), descending_(descending) {
  if (column.data->has_nulls()) return;
  if (column.data->type() == VectorType::Integer || column.data->type() == VectorType::Date) {
    ints_ = column.data->ints.data();
  } else if (column.data->type() == VectorType::String) {
    texts_ = column.data->texts.data();
  }
}

std::strong_ordering SortColumn::order(size_t row, const Value& value) const {
  std::strong_ordering order = std::strong_ordering::equal;
  const VectorType type = column_.data->type();
  if (ints_ != nullptr && value.kind() == (type == VectorType::Integer ? ValueKind::Integer : ValueKind::Date)) {
    order = ints_[at(row)] <=> (value.is_integer() ? value.as_integer() : value.as_date().days);
  } else if (texts_ != nullptr && value.is_string()) {
    order = texts_[at(row)] <=> std::string_view(value.as_string());
  } else {
    order = Value::order(column_.data->get(column_.row(row)), value);
  }
  return descending_ ? 0 <=> order : order;
}

}  // namespace entente
