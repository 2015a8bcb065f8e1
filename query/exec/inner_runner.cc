#include "entente/query/exec/inner_runner.h"

#include <algorithm>
#include <limits>
#include <numeric>

namespace entente {

namespace {

bool runs_together(const Plan& plan, const ExecContext& context, InnerRunner::Order order) {
  const PlanTraits traits = plan_traits(plan, context);
  return traits.keeps_rows && (order == InnerRunner::Order::Any || traits.keeps_order);
}

}  // namespace

InnerRunner::InnerRunner(const Plan& plan, ExecContext& context, Order order, bool row_by_row)
    : plan_(plan), context_(context), together_(!row_by_row && runs_together(plan, context, order)) {}

void InnerRunner::start(const Batch& outer) {
  running_.reset();
  outer_ = outer;
  outer_.columns.resize(std::max(outer.columns.size(), context_.variable_count));
  outer_.multiplicity.clear();
  row_ = 0;
  if (!together_ || outer_.rows == 0) return;
  Batch argument = outer_;
  LargeVector<int64_t> numbers(outer_.rows);
  std::iota(numbers.begin(), numbers.end(), 0);
  argument.columns.push_back({integer_vector(std::move(numbers)), nullptr});
  row_ = outer_.rows;
  run(std::move(argument));
}

void InnerRunner::run(Batch argument) {
  argument_.batch = std::move(argument);
  argument_.pending = true;
  running_ = build_operator(plan_, context_, argument_);
}

bool InnerRunner::next(Batch& inner, std::vector<uint32_t>& rows) {
  while (true) {
    if (running_ == nullptr) {
      if (row_ >= outer_.rows) return false;
      run(single_row(outer_, row_++));
    }
    if (!running_->next(inner)) {
      running_.reset();
      continue;
    }
    if (!together_) {
      rows.assign(inner.rows, static_cast<uint32_t>(row_ - 1));
      return true;
    }
    const BatchColumn& numbers = inner.columns[outer_.columns.size()];
    rows.resize(inner.rows);
    for (size_t i = 0; i < inner.rows; ++i) {
      rows[i] = static_cast<uint32_t>(numbers.data->get(numbers.row(i)).as_integer());
    }
    return true;
  }
}

void InnerRunner::skip_row() { running_.reset(); }

std::vector<uint64_t> count_inner_rows(const Plan& plan, const Batch& outer, ExecContext& context) {
  std::vector<uint64_t> counts(outer.rows);
  InnerRunner runner(plan, context, InnerRunner::Order::Any);
  runner.start(outer);
  Batch found;
  std::vector<uint32_t> rows;
  while (runner.next(found, rows)) {
    context.check();
    for (size_t i = 0; i < rows.size(); ++i) {
      uint64_t& count = counts[rows[i]];
      if (__builtin_add_overflow(count, found.times(i), &count)) count = std::numeric_limits<uint64_t>::max();
    }
  }
  return counts;
}

}  // namespace entente
