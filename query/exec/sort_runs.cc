#include "entente/query/exec/sort_runs.h"

#include <algorithm>

namespace entente {

SortRuns::SortRuns(ExecContext& context, std::vector<bool> descending)
    : context_(context), descending_(std::move(descending)), file_(context), hold_(context) {}

void SortRuns::add(const Batch& rows, std::vector<BatchColumn> keys, const Selection& order) {
  Batch with_keys = rows;
  columns_ = rows.columns.size();
  if (vars_.empty()) vars_ = present_columns(rows);
  for (BatchColumn& key : keys) with_keys.columns.push_back(std::move(key));
  Run run;
  for (size_t from = 0; from < order.size(); from += kBatchSize) {
    context_.check();
    const size_t end = std::min(order.size(), from + kBatchSize);
    run.blocks.push_back(file_.write(with_keys.select(std::make_shared<const Selection>(
        order.begin() + static_cast<ptrdiff_t>(from), order.begin() + static_cast<ptrdiff_t>(end)))));
  }
  runs_.push_back(std::move(run));
}

bool SortRuns::load(Run& run) {
  run.row = 0;
  if (run.next_block == run.blocks.size()) {
    run.rows = Batch();
    return false;
  }
  run.rows = file_.read(run.blocks[run.next_block++]);
  return true;
}

bool SortRuns::before(const Run& a, const Run& b) const {
  for (size_t k = 0; k < descending_.size(); ++k) {
    const auto key = static_cast<VarId>(columns_ + k);
    const BatchColumn& left = a.rows.columns[key];
    const BatchColumn& right = b.rows.columns[key];
    const Vector& x = *left.data;
    const Vector& y = *right.data;
    std::strong_ordering order = std::strong_ordering::equal;
    if (x.type() == VectorType::Integer && y.type() == VectorType::Integer && !x.has_nulls() && !y.has_nulls()) {
      order = x.ints[x.at(a.row)] <=> y.ints[y.at(b.row)];
    } else {
      order = Value::order(x.get(a.row), y.get(b.row));
    }
    if (order != 0) return descending_[k] ? order > 0 : order < 0;
  }
  return &a < &b;  // the earlier run
}

void SortRuns::begin() {
  merging_ = true;
  size_t bytes = 0;
  for (size_t i = 0; i < runs_.size(); ++i) {
    if (!load(runs_[i])) continue;
    heap_.push_back(i);
    bytes += held_bytes(runs_[i].rows);
  }
  hold_.set(bytes);
  std::make_heap(heap_.begin(), heap_.end(), [&](size_t a, size_t b) { return before(runs_[b], runs_[a]); });
}

bool SortRuns::next(Batch& out) {
  context_.check();
  if (!merging_) begin();
  if (heap_.empty()) {
    hold_.release();
    return false;
  }
  const auto later = [&](size_t a, size_t b) { return before(runs_[b], runs_[a]); };
  BatchBuilder builder(columns_, vars_);
  while (!heap_.empty() && builder.rows() < context_.batch_size) {
    std::pop_heap(heap_.begin(), heap_.end(), later);
    Run& run = runs_[heap_.back()];
    context_.work(heap_.size());
    builder.append(run.rows, run.row++);
    if (run.row == run.rows.rows && !load(run)) {
      heap_.pop_back();
    } else {
      std::push_heap(heap_.begin(), heap_.end(), later);
    }
  }
  out = builder.finish();
  return true;
}

}  // namespace entente
