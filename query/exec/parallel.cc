#include "entente/query/exec/parallel.h"

#include <algorithm>
#include <exception>
#include <optional>
#include <thread>

#include "entente/core/discard.h"
#include "entente/query/exec/operators.h"
#include "entente/query/plan/expressions.h"

namespace entente {

namespace {

constexpr size_t kFewestMorselRows = 64;
constexpr double kFewestRows = 50'000;   // by estimate, for threads to be worth starting
constexpr double kFewestMorsels = 64;    // that the source must give
constexpr double kRowsPerSourceRow = 4;  // that come of it, for copies to have more to do than the source

/// Expressions that several threads may compute at the same time: nothing that calls the host's functions, draws random
/// numbers, or runs a plan.
bool may_run_in_parallel(const Expr& expr) {
  return !any_part(expr, [](const Expr& part) {
    return part.kind == ExprKind::Call || part.kind == ExprKind::Subquery || part.kind == ExprKind::Aggregate;
  });
}

bool may_run_in_parallel(const PlanOp& op) {
  if (const auto* filter = std::get_if<FilterOp>(&op)) return may_run_in_parallel(*filter->predicate);
  if (const auto* project = std::get_if<ProjectOp>(&op)) {
    return std::all_of(project->columns.begin(), project->columns.end(),
                       [](const ProjectedColumn& column) { return may_run_in_parallel(*column.expr); });
  }
  return std::holds_alternative<ExpandOp>(op) || std::holds_alternative<UniqueRelationshipsOp>(op);
}

/// Whether the operator adds up rows, whatever their order.
bool counts(const PlanOp& op) {
  if (std::holds_alternative<CombineRowsOp>(op)) return true;
  const auto* aggregate = std::get_if<AggregateOp>(&op);
  if (aggregate == nullptr || !aggregate->keys.empty() || aggregate->by_row) return false;
  return std::all_of(aggregate->aggregates.begin(), aggregate->aggregates.end(), [](const ProjectedColumn& column) {
    const Expr& expr = *column.expr;
    if (expr.aggregate == Aggregate::CountStar) return true;
    return expr.aggregate == Aggregate::Count && !expr.distinct && may_run_in_parallel(*expr.args[0]);
  });
}

}  // namespace

std::vector<ParallelStretch> parallel_stretches(const std::vector<const Plan*>& chain) {
  std::vector<ParallelStretch> stretches;
  for (size_t end = 1; end < chain.size(); ++end) {
    if (!counts(chain[end]->op)) continue;
    size_t first = end;  // of what can be copied
    while (first > 1 && may_run_in_parallel(chain[first - 1]->op)) --first;
    double most = 0;
    for (size_t i = first; i <= end; ++i) most = std::max(most, chain[i - 1]->estimated_rows);
    const auto* combined = std::get_if<CombineRowsOp>(&chain[end]->op);
    if (combined != nullptr && combined->along) most *= kRowsPerSourceRow;  // it expands by itself
    if (most < kFewestRows) continue;
    // The source is as far down as gives enough morsels; what is below it runs under the lock.
    for (size_t source = first - 1; source < end; ++source) {
      const double rows = chain[source]->estimated_rows;
      if (rows < kFewestMorsels * kFewestMorselRows) continue;
      const bool little = source + 1 == end && (combined == nullptr || !combined->along);
      const double morsel = std::min(rows / kFewestMorsels, static_cast<double>(kBatchSize));
      if (!little) stretches.push_back({source, end, static_cast<size_t>(morsel)});
      break;
    }
  }
  return stretches;
}

// ---- workers ----

/// Gives a worker morsels of the one source.
class Workers::Source final : public Operator {
 public:
  explicit Source(Workers& workers) : workers_(workers) {}

  bool next(Batch& out) override {
    const std::lock_guard lock(workers_.source_mutex_);
    Batch& batch = workers_.morsels_;
    size_t& from = workers_.next_row_;
    if (from >= batch.rows) {
      from = 0;
      batch.rows = 0;
      if (!workers_.source_->next(batch)) return false;
    }
    const size_t count = std::min(workers_.morsel_rows_, batch.rows - from);
    if (count == batch.rows) {
      out = std::move(batch);
      batch = Batch();
      return true;
    }
    auto rows = std::make_shared<Selection>(count);
    for (size_t i = 0; i < count; ++i) (*rows)[i] = static_cast<uint32_t>(from + i);
    out = batch.select(std::move(rows));
    from += count;
    return true;
  }

 private:
  Workers& workers_;
};

struct Workers::Worker {
  ExecContext context;
  std::unique_ptr<Operator> input;
};

Workers::Workers(std::unique_ptr<Operator> source, const std::vector<const Plan*>& copied, size_t morsel_rows,
                 ExecContext& context)
    : source_(std::move(source)), morsel_rows_(morsel_rows) {
  for (unsigned i = 0; i < context.threads; ++i) {
    auto worker = std::make_unique<Worker>();
    worker->context.share(context, stopped_);
    worker->input = std::make_unique<Source>(*this);
    for (const Plan* plan : copied) {
      worker->input = make_plan_operator(*plan, std::move(worker->input), worker->context, no_argument_);
    }
    workers_.push_back(std::move(worker));
  }
}

Workers::~Workers() = default;

void Workers::run(const std::function<void(size_t, Operator&, ExecContext&)>& work) {
  std::mutex failure_mutex;
  std::exception_ptr failure;
  Discards* const discards = Discards::current();
  const auto run_one = [&](size_t i) {
    std::optional<DiscardScope> scope;
    if (discards != nullptr) scope.emplace(*discards);
    try {
      work(i, *workers_[i]->input, workers_[i]->context);
    } catch (...) {
      const std::lock_guard lock(failure_mutex);
      if (failure == nullptr) failure = std::current_exception();
      stopped_.store(true, std::memory_order_relaxed);
    }
  };
  std::vector<std::thread> threads;
  for (size_t i = 1; i < workers_.size(); ++i) {
    try {
      threads.emplace_back(run_one, i);
    } catch (const std::system_error&) {
      break;  // fewer threads do the same work
    }
  }
  run_one(0);
  for (std::thread& thread : threads) thread.join();
  if (failure != nullptr) std::rethrow_exception(failure);
}

}  // namespace entente
