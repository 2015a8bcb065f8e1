// Reads a property column for the rows of a batch: page by page, and the values of a page as they lie in it.
//
// The rows of a batch are given by ids in any order (StrongId::kNone for null). Neighbouring rows of one page are a
// *run*; a page is looked up once a run, and pages met again in other runs are remembered. Inner to query/exec.
#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <span>
#include <utility>
#include <vector>

#include "entente/core/column.h"
#include "entente/query/exec/context.h"
#include "entente/query/exec/vector.h"

namespace entente {

/// A page of a column, looked up.
struct ColumnPageView {
  const ColumnPage* page;  // null: no id of the page has a value
  const ColumnBase* base;  // null: only the page's delta has values
  // Integer or Date: all the page's values are such, stand densely, and are not changed; else Empty.
  ColumnType numbers_of;
  uint32_t first;              // of numbers: the first id (its low bits) that has one
  uint32_t count;              // and how many ids have
  NarrowInts::Reader numbers;  // by their distance from the first
};

/// The rows [from, to) of a batch, whose ids lie in one page.
struct ColumnRun {
  const uint32_t* ids;  // of all rows of the batch
  size_t from;
  size_t to;
  bool ascending;  // each id is one more than that of the row before

  uint32_t low(size_t row) const { return ids[row] & (kColumnPageSize - 1); }
  size_t rows() const { return to - from; }
};

/// fn(row, position) for each row that has a value in the base, missing(row) for the others.
template <class Fn, class Missing>
void visit_positions(const ColumnBase& base, const ColumnRun& run, Fn fn, Missing missing) {
  if (!base.dense) {
    for (size_t row = run.from; row < run.to; ++row) {
      const uint32_t low = run.low(row);
      if (base.has(low))
        fn(row, base.position(low));
      else
        missing(row);
    }
    return;
  }
  const uint32_t first = run.low(run.from) - base.first;  // wraps round where the id is before the first
  if (run.ascending && first < base.count && run.rows() <= base.count - first) {
    for (size_t row = run.from; row < run.to; ++row) fn(row, first + static_cast<uint32_t>(row - run.from));
    return;
  }
  for (size_t row = run.from; row < run.to; ++row) {
    const uint32_t position = run.low(row) - base.first;
    if (position < base.count)
      fn(row, position);
    else
      missing(row);
  }
}

/// The change of id `low` of the page that its delta holds (a null value: removed), or null if it holds none.
const Value* find_change(const ColumnPage& page, uint32_t low);

/// The pages of columns that a statement has looked up, by page number, where it reads a version that stays as it is.
class ColumnViews {
 public:
  struct Entry {
    ColumnPageView view;
    bool known = false;
  };

  explicit ColumnViews(const Snapshot* graph) : graph_(graph) {}
  const Snapshot* graph() const { return graph_; }
  std::vector<Entry>& of(const Column& column);

 private:
  const Snapshot* graph_;
  std::deque<std::pair<const Column*, std::vector<Entry>>> columns_;
};

/// Splits the rows into runs.
class ColumnScan {
 public:
  /// `column` may be null: no id has a value.
  ColumnScan(const Column* column, std::span<const uint32_t> ids, ExecContext& context);

  /// visitor.run(view, run) for each run, in order.
  template <class Visitor>
  void visit(Visitor& visitor) {
    for (size_t from = 0; from < ids_.size();) {
      const ColumnRun next = run(from);
      visitor.run(find(next), next);
      from = next.to;
    }
  }

  /// The run that begins at a row, and its page. The page stays known until the next call.
  ColumnRun run(size_t from) const {
    const uint32_t number = ids_[from] >> kColumnPageBits;
    if (ascending_) {
      const size_t left = kColumnPageSize - (ids_[from] & (kColumnPageSize - 1));
      return {ids_.data(), from, from + std::min(left, ids_.size() - from), true};
    }
    size_t to = from + 1;
    while (to < ids_.size() && ids_[to] >> kColumnPageBits == number) ++to;
    return {ids_.data(), from, to, false};
  }
  const ColumnPageView& find(const ColumnRun& run) { return find(run.ids[run.from] >> kColumnPageBits); }
  /// Whether pages are remembered, as the rows are in no order.
  bool scattered() const { return remembered_ != nullptr; }
  const ColumnPageView& find(uint32_t number) {
    if (remembered_ == nullptr) return view_ = look_up(number);
    if (number >= remembered_->size()) return view_ = ColumnPageView{};
    ColumnViews::Entry& entry = (*remembered_)[number];
    if (!entry.known) entry = {look_up(number), true};
    return entry.view;
  }

 private:
  static constexpr size_t kFewRows = 16;  // for fewer it does not pay to remember pages

  ColumnPageView look_up(uint32_t number) const;

  const Column* column_;
  std::span<const uint32_t> ids_;
  bool ascending_;
  std::vector<ColumnViews::Entry> own_;                    // where the version may change
  std::vector<ColumnViews::Entry>* remembered_ = nullptr;  // null: it does not pay
  ColumnPageView view_{};
};

/// The values of the column as a vector, typed where they are all of one type.
VectorPtr read_column(const Column* column, std::span<const uint32_t> ids, ExecContext& context);

}  // namespace entente
