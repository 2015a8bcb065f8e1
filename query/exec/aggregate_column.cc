#include "entente/query/exec/aggregate_column.h"

#include <algorithm>
#include <limits>
#include <optional>

#include "entente/query/exec/evaluate.h"

namespace entente {

namespace {

constexpr size_t kStepsOfLink = 8;  // from an element of a list to the next

}  // namespace

/// The rows of a batch.
struct AggregateColumn::Input {
  const Batch& batch;
  const std::vector<uint32_t>& groups;
  std::optional<BatchColumn> value;
  std::optional<BatchColumn> parameter;

  size_t rows() const { return batch.rows; }
  Value value_at(size_t row) const { return value ? value->data->get(value->row(row)) : Value(); }
  Value parameter_at(size_t row) const { return parameter ? parameter->data->get(parameter->row(row)) : Value(); }

  /// fn(row, place in the raw data) for each row whose value is not null.
  template <class Fn>
  void for_each_present(Fn fn) const {
    const Vector& data = *value->data;
    for (size_t row = 0; row < batch.rows; ++row) {
      const size_t at = value->row(row);
      if (!data.is_null(at)) fn(row, data.at(at));
    }
  }
};

AggregateColumn::AggregateColumn(const Expr& expr, bool one_group, AggregateMemory& memory)
    : expr_(expr), one_group_(one_group), memory_(memory), form_(form_of(expr)) {
  const bool extreme = expr.aggregate == Aggregate::Min || expr.aggregate == Aggregate::Max;
  if (expr.distinct && !extreme) seen_ = std::make_unique<KeyCodes>();
}

AggregateColumn::Form AggregateColumn::form_of(const Expr& expr) {
  switch (expr.aggregate) {
    case Aggregate::CountStar:
    case Aggregate::Count:
      return Form::Count;
    case Aggregate::Sum:
    case Aggregate::Avg:
      return Form::Sum;
    case Aggregate::Min:
    case Aggregate::Max:
      return Form::Extreme;
    case Aggregate::Collect:
      return Form::Collect;
    default:
      return Form::Other;
  }
}

void AggregateColumn::add(const Batch& in, const std::vector<uint32_t>& groups, uint32_t group_count,
                          ExecContext& context) {
  grow(group_count);
  Input input{in, groups, std::nullopt, std::nullopt};
  if (!expr_.args.empty() && expr_.aggregate != Aggregate::CountStar) {
    input.value = column_of(*expr_.args[0], in, context);
  }
  if (expr_.args.size() > 1) input.parameter = column_of(*expr_.args[1], in, context);
  context.work(in.rows);
  if (seen_ != nullptr) return add_distinct(input, context);
  if (form_ == Form::Count) return count(input);
  if (form_ == Form::Sum && add_integers(input)) return;
  if (form_ == Form::Extreme && add_extremes(input)) return;
  if (form_ == Form::Collect) return collect(input, context);
  add_values(input, context);
}

void AggregateColumn::count(const Input& input) {
  const auto add = [&](size_t row, size_t) {
    uint64_t& count = counts_[input.groups[row]];
    if (__builtin_add_overflow(count, input.batch.times(row), &count)) overflow();
  };
  if (input.value && input.value->data->has_nulls()) return input.for_each_present(add);
  for (size_t row = 0; row < input.rows(); ++row) add(row, row);
}

bool AggregateColumn::add_integers(const Input& input) {
  if (input.value->data->type() != VectorType::Integer) return false;
  const LargeVector<int64_t>& ints = input.value->data->ints;
  input.for_each_present([&](size_t row, size_t at) {
    const uint64_t times = input.batch.times(row);
    sums_[input.groups[row]] += static_cast<__int128>(ints[at]) * times;
    counts_[input.groups[row]] += times;
  });
  return true;
}

bool AggregateColumn::add_extremes(const Input& input) {
  const VectorType type = input.value->data->type();
  if (type != VectorType::Integer && type != VectorType::Date) return false;
  if (extreme_type_ == VectorType::Value) extreme_type_ = type;
  if (extreme_type_ != type) return false;
  const LargeVector<int64_t>& ints = input.value->data->ints;
  const bool largest = expr_.aggregate == Aggregate::Max;
  input.for_each_present([&](size_t row, size_t at) {
    const uint32_t group = input.groups[row];
    int64_t& best = extremes_[group];
    if (counts_[group] == 0 || (largest ? ints[at] > best : ints[at] < best)) best = ints[at];
    counts_[group] = 1;
  });
  return true;
}

void AggregateColumn::add_values(const Input& input, ExecContext& context) {
  for (size_t row = 0; row < input.rows(); ++row) {
    const Value value = input.value_at(row);
    context.work(steps_of(value));
    state(input.groups[row]).add(value, input.batch.times(row), input.parameter_at(row));
  }
}

void AggregateColumn::collect(const Input& input, ExecContext& context) {
  const Vector& data = *input.value->data;
  const bool texts = data.type() == VectorType::String;
  input.for_each_present([&](size_t row, size_t at) {
    const Value value = texts ? text_value(data.texts[at]) : input.value_at(row);
    context.work(steps_of(value));
    collect(input.groups[row], value, input.batch.times(row));
  });
}

void AggregateColumn::collect(uint32_t group, const Value& value, uint64_t times) {
  if (value.is_null()) return;
  constexpr uint64_t kMost = kMaxValueBytes / sizeof(Value);
  if (times > kMost - counts_[group]) {
    throw Error(
        "ResourceError", "MemoryLimit", Phase::Runtime,
        "collect() would make a list of more than " + std::to_string(kMost) + " elements, the most there may be",
        expr_.span);
  }
  if (collected_.size() + times >= kNone) {
    throw Error::resource("MemoryLimit", "a statement cannot collect more than 4,294,967,294 values");
  }
  memory_.grow(value.heap_bytes() + times * (sizeof(Value) + (one_group_ ? 0 : sizeof(after_[0]))));
  if (one_group_) {
    counts_[group] += times;
    for (; times > 0; --times) {
      memory_.context().work(1);
      collected_.push_back(value);
    }
    return;
  }
  for (; times > 0; --times) {
    memory_.context().work(1);
    const auto place = static_cast<uint32_t>(collected_.size());
    (counts_[group] == 0 ? first_[group] : after_[last_[group]]) = place;
    last_[group] = place;
    ++counts_[group];
    collected_.push_back(value);
    after_.push_back(kNone);
  }
}

/// The same Value for a text that comes again and again from the same place.
Value AggregateColumn::text_value(std::string_view text) {
  SeenTexts<Value>::Seen& seen = seen_texts_.at(text.data());
  if (seen.text != text.data() || seen.what.as_string() != text) seen = {text.data(), Value(text)};
  return seen.what;
}

Value AggregateColumn::collected(uint32_t group) {
  ExecContext& context = memory_.context();
  if (one_group_) return make_list(join(collected_, context), &context);
  Filling<List> list;
  memory_.grow(counts_[group] * sizeof(Value));
  list->reserve(counts_[group]);
  uint32_t place = first_[group];
  for (uint64_t i = 0; i < counts_[group]; ++i, place = after_[place]) {
    context.work(kStepsOfLink);
    list->push_back(std::move(collected_[place]));
  }
  return make_list(list.take(), &context);
}

void AggregateColumn::add_distinct(const Input& input, ExecContext& context) {
  uint32_t next = one_group_ ? seen_->size() : seen_in_.size();  // the code of what is new next
  seen_->find_or_add(*input.value, input.rows(), codes_, context);
  if (!one_group_) {
    pairs_ = input.groups;
    seen_in_.find_or_add(pairs_, codes_, context);
    codes_.swap(pairs_);
  }
  const Vector& data = *input.value->data;
  for (size_t row = 0; row < input.rows(); ++row) {
    if (codes_[row] != next) continue;
    ++next;
    if (form_ == Form::Collect) {
      collect(input.groups[row], input.value_at(row), 1);
    } else if (form_ != Form::Count) {
      state(input.groups[row]).add(input.value_at(row), 1, input.parameter_at(row));
    } else if (!data.is_null(input.value->row(row))) {
      ++counts_[input.groups[row]];
    }
  }
  const size_t bytes = seen_->bytes() + seen_in_.bytes();
  if (bytes > seen_bytes_) memory_.grow(bytes - seen_bytes_);
  seen_bytes_ = std::max(bytes, seen_bytes_);
}

void AggregateColumn::add_counts(AggregateColumn& other) {
  grow(1);
  other.grow(1);
  if (__builtin_add_overflow(counts_[0], other.counts_[0], &counts_[0])) overflow();
}

void AggregateColumn::grow(uint32_t group_count) {
  const auto make_room = [&](auto& vector) { memory_.grow(vector, group_count); };
  if (form_ == Form::Other || counts_.size() >= group_count) return;
  make_room(counts_);
  if (form_ == Form::Sum) make_room(sums_);
  if (form_ == Form::Extreme) make_room(extremes_);
  if (form_ == Form::Collect) {
    make_room(first_);
    make_room(last_);
  }
}

Accumulator& AggregateColumn::state(uint32_t group) {
  if (group >= states_.size()) memory_.grow(states_, group + size_t{1});
  if (states_[group] == nullptr) states_[group] = make_accumulator(expr_.aggregate, expr_.span, memory_);
  return *states_[group];
}

Value AggregateColumn::result(uint32_t group) {
  switch (form_) {
    case Form::Count:
      if (counts_[group] > static_cast<uint64_t>(std::numeric_limits<int64_t>::max())) overflow();
      return static_cast<int64_t>(counts_[group]);
    case Form::Sum: {
      const __int128 sum = sums_[group];
      const bool fits = sum >= std::numeric_limits<int64_t>::min() && sum <= std::numeric_limits<int64_t>::max();
      if (!has_state(group) && expr_.aggregate == Aggregate::Sum && fits) return static_cast<int64_t>(sum);
      state(group).add_integers(sum, counts_[group]);
      break;
    }
    case Form::Extreme:
      if (!has_state(group)) return extreme(group);
      state(group).add(extreme(group), 1, Value());
      break;
    case Form::Collect:
      return collected(group);
    case Form::Other:
      break;
  }
  return state(group).result();
}

Value AggregateColumn::extreme(uint32_t group) const {
  if (counts_[group] == 0) return Value();
  return extreme_type_ == VectorType::Integer ? Value(extremes_[group]) : Value(Date{extremes_[group]});
}

void AggregateColumn::overflow() const {
  throw Error("ArithmeticError", "IntegerOverflow", Phase::Runtime,
              "the count is larger than a 64-bit integer can hold", expr_.span);
}

}  // namespace entente
