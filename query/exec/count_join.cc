// CountJoin: runs its inner plan once, counts its rows by the nodes in the key variables, and looks each row's up.
//
// With one key the counts stand by node id (NodeMarks), with two in an open-addressing hash table of pairs.
#include <limits>
#include <utility>

#include "entente/query/exec/node_marks.h"
#include "entente/query/exec/operators.h"

namespace entente {

namespace {

/// How often a pair of nodes was seen.
class PairCounts {
 public:
  uint64_t get(uint32_t a, uint32_t b) const {
    if (slots_.empty()) return 0;
    const Slot& slot = slots_[place_of(key_of(a, b))];
    return slot.count;
  }

  void add(uint32_t a, uint32_t b, uint64_t times) {
    if ((used_ + 1) * 2 > slots_.size()) grow();
    Slot& slot = slots_[place_of(key_of(a, b))];
    if (slot.count == 0) ++used_;
    slot.key = key_of(a, b);
    if (__builtin_add_overflow(slot.count, times, &slot.count)) fail_too_many_rows();
  }

  size_t bytes() const { return slots_.capacity() * sizeof(Slot); }

 private:
  struct Slot {
    uint64_t key = 0;
    uint64_t count = 0;  // 0: free
  };

  static uint64_t key_of(uint32_t a, uint32_t b) { return uint64_t{a} << 32 | b; }

  size_t place_of(uint64_t key) const {
    const size_t mask = slots_.size() - 1;
    size_t place = (key * 0x9E3779B97F4A7C15ull >> 20) & mask;
    while (slots_[place].count != 0 && slots_[place].key != key) place = (place + 1) & mask;
    return place;
  }

  void grow() {
    std::vector<Slot> old(std::max<size_t>(64, slots_.size() * 2));
    std::swap(old, slots_);
    for (const Slot& slot : old) {
      if (slot.count != 0) slots_[place_of(slot.key)] = slot;
    }
  }

  std::vector<Slot> slots_;  // a power of two of them
  size_t used_ = 0;
};

class CountJoinOperator final : public Operator {
 public:
  CountJoinOperator(const CountJoinOp& op, OperatorParts parts)
      : op_(op), input_(std::move(parts.input)), context_(parts.context), hold_(parts.context) {}

  bool next(Batch& out) override {
    Batch in;
    while (true) {
      context_.check();
      if (!input_->next(in)) return false;
      if (!std::exchange(counted_, true)) count_inner();
      const std::vector<uint64_t> counts = look_up(in);
      if (op_.count != kNoVar) {
        out = std::move(in);
        out.set(op_.count, as_integers(counts));
        return true;
      }
      if (!match(in, counts)) continue;
      out = std::move(in);
      return true;
    }
  }

 private:
  /// The keys of a batch's rows, one after another.
  struct Keys {
    IdReader first;
    IdReader second;  // if there are two
  };

  Keys keys_of(const Batch& batch) const {
    Keys keys{IdReader(batch, op_.keys[0], VectorType::Node), {}};
    if (op_.keys.size() > 1) keys.second = IdReader(batch, op_.keys[1], VectorType::Node);
    return keys;
  }

  void count_inner() {
    by_node_.clear(context_.graph->node_limit());
    ArgumentSource argument;
    argument.batch = Batch(context_.variable_count);
    argument.batch.rows = 1;
    argument.pending = true;
    const OperatorPtr inner = build_operator(*op_.inner, context_, argument);
    Batch found;
    while (inner->next(found)) {
      context_.check();
      const Keys keys = keys_of(found);
      for (size_t row = 0; row < found.rows; ++row) add(keys, row, found.times(row));
      hold_.set(by_node_.bytes() + by_pair_.bytes());
    }
  }

  void add(const Keys& keys, size_t row, uint64_t times) {
    const uint32_t node = keys.first(row);
    if (op_.keys.size() > 1) {
      by_pair_.add(node, keys.second(row), times);
      return;
    }
    uint64_t sum = by_node_.get(node);
    if (__builtin_add_overflow(sum, times, &sum)) fail_too_many_rows();
    by_node_.set(node, sum);
  }

  std::vector<uint64_t> look_up(const Batch& in) const {
    const Keys keys = keys_of(in);
    std::vector<uint64_t> counts(in.rows);
    for (size_t row = 0; row < in.rows; ++row) {
      const uint32_t node = keys.first(row);
      const uint32_t other = op_.keys.size() > 1 ? keys.second(row) : node;
      if (node == NodeId::kNone || other == NodeId::kNone) continue;
      counts[row] = op_.keys.size() > 1 ? by_pair_.get(node, other) : by_node_.get(node);
    }
    return counts;
  }

  static VectorPtr as_integers(const std::vector<uint64_t>& counts) {
    auto vector = std::make_shared<Vector>(VectorType::Integer);
    vector->ints.reserve(counts.size());
    for (const uint64_t count : counts) {
      if (count > static_cast<uint64_t>(std::numeric_limits<int64_t>::max())) fail_too_many_rows();
      vector->ints.push_back(static_cast<int64_t>(count));
    }
    vector->set_size(counts.size(), false);
    return vector;
  }

  /// Drops and multiplies rows; false if none is left.
  bool match(Batch& in, const std::vector<uint64_t>& counts) const {
    Selection rows;
    std::vector<uint64_t> times;
    std::vector<uint8_t> found;
    for (size_t row = 0; row < in.rows; ++row) {
      const uint64_t factor = times_of(op_.match, counts[row]);
      if (factor == 0) continue;
      rows.push_back(static_cast<uint32_t>(row));
      times.push_back(factor);
      found.push_back(counts[row] > 0 ? 1 : 0);
    }
    if (rows.empty()) return false;
    if (rows.size() < in.rows) in = in.select(std::make_shared<const Selection>(std::move(rows)));
    multiply_batch(in, times);
    if (op_.found.empty()) return true;
    const VectorPtr flags = true_or_null(std::move(found));
    for (const VarId var : op_.found) in.set(var, flags);
    return true;
  }

  const CountJoinOp& op_;
  OperatorPtr input_;
  ExecContext& context_;
  bool counted_ = false;
  NodeMarks<uint64_t> by_node_;
  PairCounts by_pair_;
  MemoryHold hold_;
};

}  // namespace

OperatorPtr make_operator(const CountJoinOp& op, OperatorParts parts) {
  return std::make_unique<CountJoinOperator>(op, std::move(parts));
}

}  // namespace entente
