// Grouping with aggregates, and DISTINCT.
//
// Both number the rows by key (GroupTable); a group's aggregates stand under its number. In inner plans the hidden
// columns are part of the key, so that rows of different outer rows never meet in one group.
//
// A table that holds a share of the memory limit takes no new groups; their rows go to disk (see group_spill.h).
#include <algorithm>
#include <mutex>
#include <optional>
#include <utility>

#include "entente/core/discard.h"
#include "entente/query/exec/aggregate_column.h"
#include "entente/query/exec/evaluate.h"
#include "entente/query/exec/group_spill.h"
#include "entente/query/exec/group_table.h"

namespace entente {

namespace {

/// The hidden columns of a batch, in order.
std::vector<VarId> hidden_columns(const Batch& batch, const ExecContext& context) {
  std::vector<VarId> vars;
  for (const auto& [var, column] : batch.columns) {
    if (var >= context.variable_count) vars.push_back(var);
  }
  return vars;
}

/// Leaves only the given rows of a batch and of columns that belong to it.
void keep_rows(Selection rows, Batch& batch, std::vector<BatchColumn>& columns) {
  if (rows.size() == batch.rows) return;
  for (BatchColumn& column : columns) {
    auto selection = std::make_shared<Selection>(rows.size());
    for (size_t i = 0; i < rows.size(); ++i) (*selection)[i] = static_cast<uint32_t>(column.row(rows[i]));
    column.selection = std::move(selection);
  }
  batch = batch.select(std::make_shared<const Selection>(std::move(rows)));
}

class AggregateOperator final : public Operator {
 public:
  AggregateOperator(const AggregateOp& op, OperatorParts parts)
      : op_(op),
        input_(std::move(parts.input)),
        workers_(std::move(parts.workers)),
        context_(parts.context),
        table_hold_(parts.context),
        memory_(parts.context),
        spill_(parts.context) {
    begin_aggregates();
  }

  bool next(Batch& out) override {
    if (workers_ != nullptr) {
      count_in_parallel();
      workers_.reset();
    } else if (input_ != nullptr) {
      take_input();
      input_.reset();
    }
    context_.check();
    if (given_ == group_count_ && !take_part()) {
      const size_t bytes = table_hold_.bytes() + memory_.bytes();
      discard(std::move(table_), bytes);
      discard(std::move(aggregates_), bytes);
      table_hold_.release();
      memory_.release();
      return false;
    }
    emit(out);
    return true;
  }

 private:
  bool is_single_row() const { return op_.keys.empty() && !op_.by_row; }

  void begin_aggregates() {
    aggregates_.clear();
    for (const ProjectedColumn& column : op_.aggregates)
      aggregates_.emplace_back(*column.expr, is_single_row(), memory_);
  }

  void take_input() {
    Batch in;
    columns_ = context_.variable_count;
    while (input_->next(in)) {
      context_.check();
      if (!table_) {
        columns_ = in.columns.size();
        if (!is_single_row()) hidden_ = hidden_columns(in, context_);
        table_.emplace(op_.keys.size() + hidden_.size());
      }
      if (is_single_row()) {
        group_count_ = 1;
        groups_.assign(in.rows, 0);
        aggregate(in);
      } else {
        std::vector<BatchColumn> keys;
        for (const ProjectedColumn& key : op_.keys) keys.push_back(column_of(*key.expr, in, context_));
        for (const VarId var : hidden_) keys.push_back(in.columns[var]);
        take(in, keys);
      }
    }
    if (is_single_row()) group_count_ = 1;  // one row, even of nothing
    for (AggregateColumn& aggregate : aggregates_) aggregate.grow(group_count_);
  }

  /// Once the groups at hand were given: makes those of a part of the rows on disk. False if there is none.
  bool take_part() {
    if (is_single_row() || !spill_.next_part()) return false;
    table_.emplace(op_.keys.size() + hidden_.size());
    memory_.release();
    begin_aggregates();
    given_ = 0;
    Batch in;
    std::vector<BatchColumn> keys;
    while (spill_.next(in, keys)) {
      context_.check();
      take(in, keys);
    }
    for (AggregateColumn& aggregate : aggregates_) aggregate.grow(group_count_);
    return true;
  }

  void take(Batch& in, std::vector<BatchColumn>& keys) {
    if (spill_.full()) {
      keep_rows(spill_.known_rows(in, keys), in, keys);
      if (in.rows == 0) return;
    }
    table_->find_or_add(keys, in.rows, groups_, context_);
    group_count_ = table_->size();
    aggregate(in);
    // What is on disk is aggregated later, so nothing may change the graph meanwhile.
    if (spill_.full() || context_.transaction != nullptr) return;
    if (!should_spill(context_, table_hold_.bytes() + memory_.bytes())) return;
    spill_.fill(group_count_, keys.size(), [&](uint32_t group, size_t k) { return table_->key(group, k); });
  }

  void aggregate(const Batch& in) {
    for (AggregateColumn& aggregate : aggregates_) aggregate.add(in, groups_, group_count_, context_);
    table_hold_.set(table_->bytes());
  }

  /// Without keys, and with nothing but counts.
  void count_in_parallel() {
    columns_ = context_.variable_count;
    group_count_ = 1;
    std::mutex mutex;
    workers_->run([&](size_t, Operator& input, ExecContext& context) {
      AggregateMemory memory(context);
      std::vector<AggregateColumn> counts;
      for (const ProjectedColumn& column : op_.aggregates) counts.emplace_back(*column.expr, true, memory);
      Batch in;
      std::vector<uint32_t> groups;
      while (input.next(in)) {
        context.check();
        groups.assign(in.rows, 0);
        for (AggregateColumn& count : counts) count.add(in, groups, 1, context);
      }
      const std::lock_guard lock(mutex);
      for (size_t i = 0; i < counts.size(); ++i) aggregates_[i].add_counts(counts[i]);
    });
  }

  void emit(Batch& out) {
    const uint32_t end = static_cast<uint32_t>(std::min<size_t>(group_count_, given_ + context_.batch_size));
    out = Batch(columns_);
    out.rows = end - given_;
    const auto fill = [&](VarId var, auto value_of) {
      VectorBuilder builder(out.rows);
      for (uint32_t group = given_; group < end; ++group) builder.add(value_of(group));
      out.set(var, builder.finish());
    };
    for (size_t k = 0; k < op_.keys.size(); ++k) {
      fill(op_.keys[k].var, [&](uint32_t group) { return table_->key(group, k); });
    }
    for (size_t k = 0; k < hidden_.size(); ++k) {
      fill(hidden_[k], [&](uint32_t group) { return table_->key(group, op_.keys.size() + k); });
    }
    for (size_t k = 0; k < aggregates_.size(); ++k) {
      fill(op_.aggregates[k].var, [&](uint32_t group) { return aggregates_[k].result(group); });
    }
    given_ = end;
  }

  const AggregateOp& op_;
  OperatorPtr input_;
  std::unique_ptr<Workers> workers_;  // or
  ExecContext& context_;
  std::optional<GroupTable> table_;
  std::vector<VarId> hidden_;
  MemoryHold table_hold_;
  AggregateMemory memory_;
  std::vector<AggregateColumn> aggregates_;
  GroupSpill spill_;
  std::vector<uint32_t> groups_;  // of the rows at hand
  size_t columns_ = 0;
  uint32_t group_count_ = 0;
  uint32_t given_ = 0;
};

class DistinctOperator final : public Operator {
 public:
  DistinctOperator(const DistinctOp& op, OperatorParts parts)
      : op_(op), input_(std::move(parts.input)), context_(parts.context), hold_(parts.context), spill_(parts.context) {}

  bool next(Batch& out) override {
    Batch in;
    while (true) {
      context_.check();
      if (!read(in)) {
        discard(std::move(table_), hold_.bytes());
        hold_.release();
        return false;
      }
      Selection rows = new_rows(in);
      if (rows.empty()) continue;
      out = rows.size() == in.rows ? std::move(in) : in.select(std::make_shared<const Selection>(std::move(rows)));
      out.multiplicity.clear();
      return true;
    }
  }

 private:
  /// The next rows of the input, then those of the parts on disk, each with an empty table.
  bool read(Batch& in) {
    if (input_ != nullptr) {
      if (input_->next(in)) return true;
      input_.reset();
    }
    std::vector<BatchColumn> keys;
    while (!spill_.next(in, keys)) {
      if (!spill_.next_part()) return false;
      table_.emplace(width_);
    }
    return true;
  }

  /// May leave only some rows of the batch, to which the selection belongs.
  Selection new_rows(Batch& in) {
    const std::vector<VarId> hidden = hidden_columns(in, context_);
    const bool one_node = op_.vars.size() == 1 && hidden.empty() && in.has(op_.vars[0]) &&
                          in.columns[op_.vars[0]].data->type() == VectorType::Node;
    if (one_node && !table_) return new_nodes(in);
    std::vector<BatchColumn> keys;
    for (const VarId var : op_.vars) {
      keys.push_back(in.has(var) ? in.columns[var] : BatchColumn{Vector::constant(Value(), in.rows), nullptr});
    }
    for (const VarId var : hidden) keys.push_back(in.columns[var]);
    if (!table_) {
      width_ = keys.size();
      table_.emplace(width_);
      nodes_to_table();
    }
    if (spill_.full()) {
      keep_rows(spill_.known_rows(in, keys, false), in, keys);
      if (in.rows == 0) return {};
    }
    uint32_t known = table_->size();
    std::vector<uint32_t> groups;
    table_->find_or_add(keys, in.rows, groups, context_);
    hold_.set(table_->bytes());
    Selection rows;
    for (size_t row = 0; row < in.rows; ++row) {
      if (groups[row] != known) continue;
      rows.push_back(static_cast<uint32_t>(row));
      ++known;
    }
    if (!spill_.full() && should_spill(context_, hold_.bytes())) {
      spill_.fill(table_->size(), width_, [&](uint32_t group, size_t k) { return table_->key(group, k); });
    }
    return rows;
  }

  /// As long as all are nodes, they are kept in a set.
  Selection new_nodes(const Batch& in) {
    if (!nodes_) {
      nodes_.emplace();
      nodes_->clear(context_.graph != nullptr ? context_.graph->node_limit() : 0);
    }
    std::vector<uint32_t> ids;
    IdReader(in, op_.vars[0], VectorType::Node).read(in.rows, ids);
    Selection rows(in.rows);
    size_t count = 0;
    for (size_t row = 0; row < in.rows; ++row) {
      const uint32_t id = ids[row];
      rows[count] = static_cast<uint32_t>(row);
      count += id == NodeId::kNone ? !std::exchange(null_seen_, true) : nodes_->insert(id);
    }
    rows.resize(count);
    hold_.set(nodes_->bytes());
    return rows;
  }

  void nodes_to_table() {
    if (!nodes_) return;
    std::vector<uint32_t> ids;
    nodes_->for_each([&](uint32_t node) { ids.push_back(node); });
    if (null_seen_) ids.push_back(NodeId::kNone);
    const size_t count = ids.size();
    auto vector = std::make_shared<Vector>(VectorType::Node);
    vector->ids = std::move(ids);
    vector->set_size(count, null_seen_);
    const BatchColumn column{std::move(vector), nullptr};
    std::vector<uint32_t> groups;
    table_->find_or_add(std::span(&column, 1), count, groups, context_);
    nodes_.reset();
  }

  const DistinctOp& op_;
  OperatorPtr input_;
  ExecContext& context_;
  std::optional<NodeSet> nodes_;  // or, once there was something else,
  bool null_seen_ = false;
  std::optional<GroupTable> table_;
  size_t width_ = 0;  // of its keys
  MemoryHold hold_;
  GroupSpill spill_;
};

}  // namespace

OperatorPtr make_operator(const AggregateOp& op, OperatorParts parts) {
  return std::make_unique<AggregateOperator>(op, std::move(parts));
}
OperatorPtr make_operator(const DistinctOp& op, OperatorParts parts) {
  return std::make_unique<DistinctOperator>(op, std::move(parts));
}

}  // namespace entente
