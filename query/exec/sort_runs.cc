#include "entente/query/exec/sort_runs.h"

#include <algorithm>

namespace entente {

namespace {

constexpr size_t kMostRuns = 64;
constexpr size_t kFewestBlockRows = 16;

}  // namespace

SortRuns::SortRuns(ExecContext& context, std::vector<bool> descending)
    : context_(context),
      descending_(std::move(descending)),
      file_(std::make_unique<SpillFile>(context)),
      hold_(context) {}

void SortRuns::add(const Batch& rows, std::vector<BatchColumn> keys, const Selection& order) {
  if (rows.rows == 0) return;
  if (runs_.size() == kMostRuns) merge_into_one();
  Batch with_keys = rows;
  for (BatchColumn& key : keys) with_keys.columns.push_back(std::move(key));
  columns_ = rows.columns.size();
  vars_ = present_columns(rows);
  vars_and_keys_ = present_columns(with_keys);
  const size_t row_bytes = held_bytes(with_keys) / rows.rows + 1;
  const size_t most = context_.memory_limit / (4 * kMostRuns) / row_bytes;
  block_rows_ = std::min(block_rows_, std::max(most, kFewestBlockRows));
  Run run;
  for (size_t from = 0; from < order.size(); from += block_rows_) {
    context_.check();
    const size_t end = std::min(order.size(), from + block_rows_);
    run.blocks.push_back(file_->write(with_keys.select(std::make_shared<const Selection>(
        order.begin() + static_cast<ptrdiff_t>(from), order.begin() + static_cast<ptrdiff_t>(end)))));
  }
  runs_.push_back(std::move(run));
}

void SortRuns::merge_into_one() {
  begin();
  auto file = std::make_unique<SpillFile>(context_);
  Run merged;
  while (!heap_.empty()) {
    context_.check();
    BatchBuilder block(columns_ + descending_.size(), vars_and_keys_);
    take(block, block_rows_);
    merged.blocks.push_back(file->write(block.finish()));
  }
  runs_.clear();
  runs_.push_back(std::move(merged));
  file_ = std::move(file);
  merging_ = false;
  hold_.release();
}

bool SortRuns::load(Run& run) {
  run.row = 0;
  if (run.next_block == run.blocks.size()) {
    run.rows = Batch();
    return false;
  }
  run.rows = file_->read(run.blocks[run.next_block++]);
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

void SortRuns::take(BatchBuilder& rows, size_t most) {
  const auto later = [&](size_t a, size_t b) { return before(runs_[b], runs_[a]); };
  while (!heap_.empty() && rows.rows() < most) {
    std::pop_heap(heap_.begin(), heap_.end(), later);
    Run& run = runs_[heap_.back()];
    context_.work(heap_.size());
    rows.append(run.rows, run.row++);
    if (run.row == run.rows.rows && !load(run)) {
      heap_.pop_back();
    } else {
      std::push_heap(heap_.begin(), heap_.end(), later);
    }
  }
}

bool SortRuns::next(Batch& out) {
  context_.check();
  if (!merging_) begin();
  if (heap_.empty()) {
    hold_.release();
    return false;
  }
  BatchBuilder rows(columns_, vars_);
  take(rows, context_.batch_size);
  out = rows.finish();
  return true;
}

}  // namespace entente
