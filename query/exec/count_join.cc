// CountJoin: runs its inner plan once, counts its rows by the nodes in the key variables, and looks each row's up.
//
// With one key the counts stand by node id (NodeMarks), with two in arrays by the second node for each first one, or
// where these would be mostly empty in an open-addressing hash table of pairs. An expansion at the end of the inner
// plan that the join has taken in is gone through list by list.
#include <algorithm>
#include <limits>
#include <utility>

#include "entente/core/zeroed_array.h"
#include "entente/query/exec/inner_runner.h"
#include "entente/query/exec/node_marks.h"
#include "entente/query/exec/operators.h"
#include "entente/query/exec/row_lists.h"

namespace entente {

namespace {

/// Counts of pairs in a hash table.
class HashedCounts {
 public:
  uint64_t get(uint64_t key) const { return slots_.size() == 0 ? 0 : slots_[place_of(key)].count; }

  uint64_t& operator[](uint64_t key) {
    if ((used_ + 1) * 2 > slots_.size()) grow();
    Slot& slot = slots_[place_of(key)];
    if (slot.count == 0) ++used_;
    slot.key = key;
    return slot.count;
  }

  size_t bytes() const { return slots_.size() * sizeof(Slot); }

 private:
  struct Slot {
    uint64_t key = 0;
    uint64_t count = 0;  // 0: free
  };

  size_t place_of(uint64_t key) const {
    const size_t mask = slots_.size() - 1;
    size_t place = (key * 0x9E3779B97F4A7C15ull >> 20) & mask;
    while (slots_[place].count != 0 && slots_[place].key != key) place = (place + 1) & mask;
    return place;
  }

  void grow() {
    ZeroedArray<Slot> old(std::max<size_t>(64, slots_.size() * 2));
    std::swap(old, slots_);
    for (const Slot& slot : old) {
      if (slot.count != 0) slots_[place_of(slot.key)] = slot;
    }
  }

  ZeroedArray<Slot> slots_;  // a power of two of them
  size_t used_ = 0;
};

/// How often a pair of nodes was seen.
class PairCounts {
 public:
  [[gnu::always_inline]] void add(uint32_t a, uint32_t b, uint64_t times) {
    ++added_;
    uint64_t* count = nullptr;
    if (!hashes_) count = in_row(a, b);
    if (count == nullptr) count = &hashed_[key_of(a, b)];
    if (__builtin_add_overflow(*count, times, count)) fail_too_many_rows();
  }

  /// Each pair of `a` and one of `others`, once.
  void add_once(uint32_t a, std::span<const uint32_t> others) {
    size_t i = 0;
    while (!hashes_ && i < others.size()) {
      if (in_row(a, others[i]) == nullptr) break;
      Row& row = rows_[last_row_];
      uint64_t* const counts = row.counts.data();
      const uint32_t low = row.low;
      const size_t size = row.counts.size();
      const size_t begin = i;
      for (; i < others.size() && others[i] - low < size; ++i) {
        if (++counts[others[i] - low] == 0) fail_too_many_rows();
      }
      added_ += i - begin;
    }
    for (; i < others.size(); ++i) add(a, others[i], 1);
  }

  uint64_t get(uint32_t a, uint32_t b) const {
    if (hashes_) return hashed_.get(key_of(a, b));
    const uint32_t row = row_of_.get(a);
    if (row == 0) return 0;
    const Row& counts = rows_[row - 1];
    const uint32_t place = b - counts.low;  // wraps round where b is before the first
    return place < counts.counts.size() ? counts.counts[place] : 0;
  }

  void clear(uint32_t node_limit) { row_of_.clear(node_limit); }
  size_t bytes() const { return cells_ * sizeof(uint64_t) + rows_.capacity() * sizeof(Row) + hashed_.bytes(); }

 private:
  /// The counts of one first node, by second node from `low` on.
  struct Row {
    uint32_t low = 0;
    LargeVector<uint64_t> counts = {};
  };

  static constexpr uint32_t kRounded = 64;  // rows begin and end at multiples of it
  static constexpr uint64_t kCellsAPair = 8;
  static constexpr uint64_t kFewCells = 65'536;

  static uint64_t key_of(uint32_t a, uint32_t b) { return uint64_t{a} << 32 | b; }

  /// Null: from now on pairs are hashed.
  [[gnu::always_inline]] uint64_t* in_row(uint32_t a, uint32_t b) {
    if (a != last_ || rows_.empty()) find_row(a, b);
    Row& row = rows_[last_row_];
    const uint32_t place = b - row.low;
    if (place < row.counts.size()) return &row.counts[place];
    return widen(row, b) ? &row.counts[b - row.low] : nullptr;
  }

  [[gnu::noinline]] void find_row(uint32_t a, uint32_t b) {
    uint32_t& row = row_of_[a];
    if (row == 0) {
      rows_.push_back({b / kRounded * kRounded});
      row = static_cast<uint32_t>(rows_.size());
    }
    last_ = a;
    last_row_ = row - 1;
  }

  /// False, and all moved to the hash table, if too many cells would be empty.
  [[gnu::noinline]] bool widen(Row& row, uint32_t b) {
    const uint64_t low = std::min(row.low, b / kRounded * kRounded);
    const uint64_t end = std::max<uint64_t>(row.low + row.counts.size(), (uint64_t{b} / kRounded + 1) * kRounded);
    const uint64_t cells = cells_ - row.counts.size() + (end - low);
    if (cells > kFewCells + added_ * kCellsAPair) {
      to_hashed();
      return false;
    }
    cells_ = cells;
    row.counts.insert(row.counts.begin(), row.low - low, 0);
    row.low = static_cast<uint32_t>(low);
    row.counts.resize(end - low);
    return true;
  }

  void to_hashed() {
    hashes_ = true;
    row_of_.for_each([&](uint32_t a, uint32_t row) {
      if (row == 0) return;
      const Row& counts = rows_[row - 1];
      for (size_t i = 0; i < counts.counts.size(); ++i) {
        if (counts.counts[i] > 0) hashed_[key_of(a, counts.low + static_cast<uint32_t>(i))] = counts.counts[i];
      }
    });
    rows_ = {};
    cells_ = 0;
  }

  NodeMarks<uint32_t> row_of_;  // and 1
  std::vector<Row> rows_;
  uint64_t cells_ = 0;  // of all rows
  uint64_t added_ = 0;
  uint32_t last_ = 0;  // the first node of the last pair, if there are rows, …
  size_t last_row_ = 0;
  bool hashes_ = false;
  HashedCounts hashed_;
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
      std::vector<uint64_t> counts = look_up(in);
      if (op_.otherwise != nullptr) count_by_row(in, counts);
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
    bool pairs = false;
  };

  Keys keys_of(const Batch& batch) const {
    Keys keys{IdReader(batch, op_.keys[0], VectorType::Node), {}};
    if (op_.keys.size() > 1) {
      keys.second = IdReader(batch, op_.keys[1], VectorType::Node);
      keys.pairs = true;
    }
    return keys;
  }

  void count_inner() {
    by_node_.clear(context_.graph->node_limit());
    by_pair_.clear(context_.graph->node_limit());
    ArgumentSource argument;
    argument.batch = Batch(context_.variable_count);
    argument.batch.rows = 1;
    argument.pending = true;
    const OperatorPtr inner = build_operator(*op_.inner, context_, argument);
    Batch found;
    while (inner->next(found)) {
      context_.check();
      if (op_.along) {
        expand(found);
      } else {
        const Keys keys = keys_of(found);
        for (size_t row = 0; row < found.rows; ++row) {
          if (keys.pairs) {
            by_pair_.add(keys.first(row), keys.second(row), found.times(row));
          } else {
            add_node(keys.first(row), found.times(row));
          }
        }
      }
      hold_.set(by_node_.bytes() + by_pair_.bytes());
    }
  }

  void add_node(uint32_t node, uint64_t times) {
    uint64_t& sum = by_node_[node];
    if (__builtin_add_overflow(sum, times, &sum)) fail_too_many_rows();
  }

  /// Counts the rows that the expansion gives.
  void expand(const Batch& in) {
    lists_.open(*op_.along, context_);
    IdReader(in, op_.along->from, VectorType::Node).read(in.rows, from_);
    if (op_.keys.size() > 1) {
      const VarId bound = op_.keys[op_.keys[0] == op_.along->to ? 1 : 0];
      IdReader(in, bound, VectorType::Node).read(in.rows, bound_);
    }
    found_.open(lists_, from_);
    parents_.resize(kEntriesAtOnce);
    ends_.resize(kEntriesAtOnce);
    for (size_t place = 0; place < lists_.size(); ++place) {
      const auto& [kind, lists] = lists_[place];
      // A loop is in both lists of its node; undirected, the outgoing one counts.
      const bool skip_loops = op_.along->direction == Direction::Both && kind.direction == Direction::In;
      for (size_t row = 0; row < in.rows;) {
        context_.check();
        const size_t size = found_.take(place, row, kEntriesAtOnce, parents_.data(), ends_.data(), nullptr);
        if (size > 0 || row >= in.rows) {
          add_entries(in, size, skip_loops);
          continue;
        }
        cursor_.open(lists.adjacency(), NodeId(from_[row]));
        AdjacencySegment list;
        while (cursor_.next(list)) add_long(in, row, list, skip_loops);
        ++row;
      }
    }
  }

  void add_long(const Batch& in, size_t row, const AdjacencySegment& list, bool skip_loops) {
    for (uint32_t i = 0; i < list.size;) {
      const size_t size = std::min<size_t>(list.size - i, kEntriesAtOnce);
      std::fill_n(parents_.begin(), size, static_cast<uint32_t>(row));
      std::copy_n(list.neighbours + i, size, ends_.begin());
      add_entries(in, size, skip_loops);
      i += static_cast<uint32_t>(size);
    }
  }

  /// The first of parents_ and ends_.
  void add_entries(const Batch& in, size_t size, bool skip_loops) {
    const bool pairs = op_.keys.size() > 1;
    const bool end_is_first = op_.keys[0] == op_.along->to;
    const uint32_t* const bound = pairs ? bound_.data() : from_.data();
    if (pairs && !end_is_first && !skip_loops && in.multiplicity.empty()) {
      add_runs(size);
      return;
    }
    for (size_t i = 0; i < size; ++i) {
      const uint32_t row = parents_[i];
      const uint32_t end = ends_[i];
      const uint32_t other = bound[row];
      if (other == NodeId::kNone || (skip_loops && end == from_[row])) continue;
      const uint32_t first = end_is_first ? end : other;
      if (pairs) {
        by_pair_.add(first, end_is_first ? other : end, in.times(row));
      } else {
        add_node(first, in.times(row));
      }
    }
  }

  /// The same where each entry counts once, and the end is the second key.
  void add_runs(size_t size) {
    for (size_t from = 0; from < size;) {
      const uint32_t other = bound_[parents_[from]];
      size_t to = from + 1;
      while (to < size && bound_[parents_[to]] == other) ++to;
      if (other != NodeId::kNone) by_pair_.add_once(other, {&ends_[from], to - from});
      from = to;
    }
  }

  std::vector<uint64_t> look_up(const Batch& in) const {
    const Keys keys = keys_of(in);
    std::vector<uint64_t> counts(in.rows);
    for (size_t row = 0; row < in.rows; ++row) {
      const uint32_t node = keys.first(row);
      const uint32_t other = keys.pairs ? keys.second(row) : node;
      if (node == NodeId::kNone || other == NodeId::kNone) continue;
      counts[row] = keys.pairs ? by_pair_.get(node, other) : by_node_.get(node);
    }
    return counts;
  }

  /// The counts of rows in which nodes are the same that must not be for the others to hold.
  void count_by_row(const Batch& in, std::vector<uint64_t>& counts) {
    std::vector<uint8_t> is_one(in.rows);
    for (const auto& [a, b] : op_.same) {
      const IdReader first(in, a, VectorType::Node);
      const IdReader second(in, b, VectorType::Node);
      for (size_t row = 0; row < in.rows; ++row) is_one[row] |= first(row) == second(row) ? 1 : 0;
    }
    auto rows = std::make_shared<Selection>();
    for (uint32_t row = 0; row < in.rows; ++row) {
      if (is_one[row] != 0) rows->push_back(row);
    }
    if (rows->empty()) return;
    Batch some = in.select(rows);
    some.multiplicity.clear();
    const std::vector<uint64_t> found = count_inner_rows(*op_.otherwise, some, context_);
    for (size_t i = 0; i < found.size(); ++i) {
      if (found[i] == std::numeric_limits<uint64_t>::max()) fail_too_many_rows();
      counts[(*rows)[i]] = found[i];
    }
  }

  static VectorPtr as_integers(const std::vector<uint64_t>& counts) {
    LargeVector<int64_t> integers;
    integers.reserve(counts.size());
    for (const uint64_t count : counts) {
      if (count > static_cast<uint64_t>(std::numeric_limits<int64_t>::max())) fail_too_many_rows();
      integers.push_back(static_cast<int64_t>(count));
    }
    return integer_vector(std::move(integers));
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

  static constexpr size_t kEntriesAtOnce = 2048;

  const CountJoinOp& op_;
  OperatorPtr input_;
  ExecContext& context_;
  ExpansionLists lists_;  // of `along`
  RowLists found_;
  AdjacencyCursor cursor_;
  std::vector<uint32_t> parents_;  // of entries of lists: the row, …
  std::vector<uint32_t> ends_;     // … and where it leads
  std::vector<uint32_t> from_;     // by row: where `along` begins, …
  std::vector<uint32_t> bound_;    // … and the other key
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
