#include "entente/query/exec/column_reader.h"

#include <algorithm>
#include <utility>

#include "entente/query/exec/text_test.h"

namespace entente {

namespace {

/// Whether each id is one more than the one before.
bool is_ascending(std::span<const uint32_t> ids) {
  if (ids.size() < 2 || ids.back() - ids.front() != ids.size() - 1) return ids.size() == 1;
  size_t others = 0;
  for (size_t i = 1; i < ids.size(); ++i) others += ids[i] != ids[i - 1] + 1;
  return others == 0;
}

}  // namespace

const Value* find_change(const ColumnPage& page, uint32_t low) {
  const auto found = std::lower_bound(page.delta.begin(), page.delta.end(), low,
                                      [](const auto& entry, uint32_t id) { return entry.first < id; });
  return found != page.delta.end() && found->first == low ? &found->second : nullptr;
}

std::vector<ColumnViews::Entry>& ColumnViews::of(const Column& column) {
  for (auto& [known, entries] : columns_) {
    if (known == &column) return entries;
  }
  return columns_.emplace_back(&column, column.size()).second;
}

ColumnScan::ColumnScan(const Column* column, std::span<const uint32_t> ids, ExecContext& context)
    : column_(column), ids_(ids), ascending_(is_ascending(ids)) {
  if (ascending_ || ids.size() <= kFewRows || column == nullptr) return;
  if (context.transaction != nullptr) {
    if (column->size() > ids.size()) return;
    own_.resize(column->size());
    remembered_ = &own_;
    return;
  }
  std::shared_ptr<ColumnViews>& views = context.column_views;
  if (views == nullptr || views->graph() != context.graph) views = std::make_shared<ColumnViews>(context.graph);
  remembered_ = &views->of(*column);
}

ColumnPageView ColumnScan::look_up(uint32_t number) const {
  ColumnPageView view;
  view.page = column_ != nullptr ? column_->find(number) : nullptr;
  view.base = view.page != nullptr ? view.page->base.get() : nullptr;
  view.numbers_of = ColumnType::Empty;
  if (view.base == nullptr || !view.page->delta.empty() || !view.base->dense) return view;
  if (view.base->type != ColumnType::Integer && view.base->type != ColumnType::Date) return view;
  view.numbers_of = view.base->type;
  view.first = view.base->first;
  view.count = view.base->count;
  view.numbers = view.base->ints.reader();
  return view;
}

namespace {

/// Fills a vector row by row. Its type is that of the first value; with a value of another type it turns into one of
/// Values.
class VectorFiller {
 public:
  VectorFiller(size_t rows, ExecContext& context)
      : rows_(rows), context_(context), vector_(std::make_shared<Vector>()) {}

  void run(const ColumnPageView& view, const ColumnRun& run) {
    if (view.page == nullptr) {
      for (size_t row = run.from; row < run.to; ++row) put_null(row);
    } else if (!view.page->delta.empty()) {
      run_changed(view, run);
    } else if (view.base != nullptr) {
      run_base(*view.base, run);
    } else {
      for (size_t row = run.from; row < run.to; ++row) put_null(row);
    }
  }

  /// Rows of many pages from `from` on, as long as each has a number of the type of the first. Gives where it stopped.
  size_t run_scattered(ColumnScan& scan, std::span<const uint32_t> ids, size_t from) {
    const ColumnType numbers_of = scan.find(ids[from] >> kColumnPageBits).numbers_of;
    if (numbers_of == ColumnType::Empty) return from;
    if (!begin(numbers_of == ColumnType::Integer ? VectorType::Integer : VectorType::Date, from)) return from;
    int64_t* out = vector_->ints.data();
    for (size_t row = from; row < ids.size(); ++row) {
      const ColumnPageView& view = scan.find(ids[row] >> kColumnPageBits);
      const uint32_t position = (ids[row] & (kColumnPageSize - 1)) - view.first;
      if (view.numbers_of != numbers_of || position >= view.count) return row;
      out[row] = view.numbers[position];
    }
    return ids.size();
  }

  /// A run in a page of numbers.
  void run_numbers(const ColumnPageView& view, const ColumnRun& run) {
    const VectorType type = view.numbers_of == ColumnType::Integer ? VectorType::Integer : VectorType::Date;
    if (!begin(type, run.from)) return run_base(*view.base, run);
    for (size_t row = run.from; row < run.to; ++row) {
      const uint32_t position = run.low(row) - view.first;
      if (position < view.count)
        vector_->ints[row] = view.numbers[position];
      else
        put_null(row);
    }
  }

  VectorPtr finish() {
    if (!typed_) return Vector::constant(Value(), rows_);
    if (vector_->type() != VectorType::Value) vector_->nulls = std::move(nulls_);
    vector_->set_size(rows_, has_nulls_);
    return std::move(vector_);
  }

 private:
  /// Gives whether values of the type go into the vector's raw data.
  bool begin(VectorType type, size_t row) {
    if (typed_) {
      if (vector_->type() != type) generalize(row);
      return vector_->type() == type;
    }
    typed_ = true;
    vector_ = std::make_shared<Vector>(type);
    with_raw(*vector_, [&](auto& raw) { raw.resize(rows_); });
    return true;
  }

  void generalize(size_t rows) {
    if (vector_->type() == VectorType::Value) return;
    std::vector<Value> values(rows_);
    for (size_t row = 0; row < rows; ++row) {
      if (nulls_.empty() || !nulls_[row]) values[row] = vector_->get(row);
    }
    vector_ = std::make_shared<Vector>();
    vector_->values = std::move(values);
  }

  void put_null(size_t row) {
    has_nulls_ = true;
    if (nulls_.empty()) nulls_.resize(rows_);
    nulls_[row] = 1;
  }

  /// A value that stands in the page.
  void put(size_t row, const Value& value) {
    switch (value.kind()) {
      case ValueKind::Integer:
        if (begin(VectorType::Integer, row)) vector_->ints[row] = value.as_integer();
        break;
      case ValueKind::Float:
        if (begin(VectorType::Float, row)) vector_->floats[row] = value.as_float();
        break;
      case ValueKind::Boolean:
        if (begin(VectorType::Boolean, row)) vector_->booleans[row] = value.as_boolean() ? 1 : 0;
        break;
      case ValueKind::Date:
        if (begin(VectorType::Date, row)) vector_->ints[row] = value.as_date().days;
        break;
      case ValueKind::String:
        if (is_kept(value.as_string()) && begin(VectorType::String, row)) {
          vector_->texts[row] = value.as_string();
          break;
        }
        [[fallthrough]];
      default:
        begin(VectorType::Value, row);
    }
    if (vector_->type() == VectorType::Value) vector_->values[row] = value;
  }

  /// Whether a text of a page may be referred to: as long as the pages stay as they are, and it is not so long that
  /// copies that are made of it later on should be counted.
  bool is_kept(std::string_view text) const { return context_.transaction == nullptr && text.size() <= kLongText; }

  void put_text(size_t row, std::string_view text) {
    if (is_kept(text) && begin(VectorType::String, row)) {
      vector_->texts[row] = text;
      return;
    }
    if (text.size() > kLongText) {
      context_.count_made(text.size());
      context_.work(text.size() / sizeof(Value));
    }
    begin(VectorType::Value, row);
    vector_->values[row] = Value(text);
  }

  void run_base(const ColumnBase& base, const ColumnRun& run) {
    switch (base.type) {
      case ColumnType::Empty:
        for (size_t row = run.from; row < run.to; ++row) put_null(row);
        return;
      case ColumnType::Integer:
        if (begin(VectorType::Integer, run.from)) return run_ints(base, run, vector_->ints);
        break;
      case ColumnType::Date:
        if (begin(VectorType::Date, run.from)) return run_ints(base, run, vector_->ints);
        break;
      case ColumnType::Boolean:
        if (begin(VectorType::Boolean, run.from)) return run_ints(base, run, vector_->booleans);
        break;
      case ColumnType::Float:
        if (begin(VectorType::Float, run.from)) {
          return visit(base, run, [&](size_t row, uint32_t at) { vector_->floats[row] = base.floats[at]; });
        }
        break;
      case ColumnType::String:
        return run_texts(base, run);
      case ColumnType::Mixed:
        return visit(base, run, [&](size_t row, uint32_t at) { put(row, base.values[at]); });
    }
    begin(VectorType::Value, run.from);
    visit(base, run, [&](size_t row, uint32_t at) { vector_->values[row] = base.at(at); });
  }

  void run_texts(const ColumnBase& base, const ColumnRun& run) {
    if (context_.transaction != nullptr || !begin(VectorType::String, run.from)) {
      return visit(base, run, [&](size_t row, uint32_t at) { put_text(row, base.string_at(at)); });
    }
    visit(base, run, [&](size_t row, uint32_t at) {
      const std::string_view text = base.string_at(at);
      if (text.size() <= kLongText && vector_->type() == VectorType::String)
        vector_->texts[row] = text;
      else
        put_text(row, text);
    });
  }

  template <class Raw>
  void run_ints(const ColumnBase& base, const ColumnRun& run, Raw& raw) {
    auto* out = raw.data();
    const NarrowInts& ints = base.ints;
    ints.with_distances([&](auto distance) {
      visit(base, run, [&](size_t row, uint32_t at) {
        out[row] = static_cast<typename Raw::value_type>(ints.number(distance(at)));
      });
    });
  }

  template <class Fn>
  void visit(const ColumnBase& base, const ColumnRun& run, Fn fn) {
    visit_positions(base, run, fn, [&](size_t row) { put_null(row); });
  }

  void run_changed(const ColumnPageView& view, const ColumnRun& run) {
    for (size_t row = run.from; row < run.to; ++row) {
      const Value* change = find_change(*view.page, run.low(row));
      if (change != nullptr && !change->is_null())
        put(row, *change);
      else if (change != nullptr || view.base == nullptr)
        put_null(row);
      else
        run_base(*view.base, ColumnRun{run.ids, row, row + 1, false});
    }
  }

  const size_t rows_;
  ExecContext& context_;
  std::shared_ptr<Vector> vector_;
  bool typed_ = false;  // a value that is not null decided the type
  bool has_nulls_ = false;
  std::vector<uint8_t> nulls_;  // empty: none so far
};

// A run that is shorter is read without looking further into its page than needed.
constexpr size_t kShortRun = 16;

}  // namespace

VectorPtr read_column(const Column* column, std::span<const uint32_t> ids, ExecContext& context) {
  VectorFiller filler(ids.size(), context);
  if (column == nullptr) return filler.finish();
  ColumnScan scan(column, ids, context);
  for (size_t from = 0; from < ids.size();) {
    if (scan.scattered()) {
      from = filler.run_scattered(scan, ids, from);
      if (from == ids.size()) break;
    }
    const ColumnRun run = scan.run(from);
    const ColumnPageView& view = scan.find(run);
    if (run.rows() < kShortRun && view.numbers_of != ColumnType::Empty)
      filler.run_numbers(view, run);
    else
      filler.run(view, run);
    from = run.to;
  }
  return filler.finish();
}

}  // namespace entente
