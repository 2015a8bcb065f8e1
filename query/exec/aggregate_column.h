// One aggregate over all groups of a grouping.
//
// Of typed vectors, counts, sums, averages and extremes are kept as numbers, by group, with no Value a row. What is
// collected stands in one array for all groups. What has no such form goes to an Accumulator for the group, and what
// was kept as numbers is added to it in the end. DISTINCT looks at codes of values (KeyCodes). Used by one thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "entente/query/exec/accumulator.h"
#include "entente/query/exec/key_codes.h"

namespace entente {

class AggregateColumn {
 public:
  /// `expr` is an ExprKind::Aggregate. `one_group`: there are no keys. Both must outlive this, and the memory.
  AggregateColumn(const Expr& expr, bool one_group, AggregateMemory& memory);

  /// Adds the rows of a batch, each to its group.
  void add(const Batch& in, const std::vector<uint32_t>& groups, uint32_t group_count, ExecContext& context);
  /// Adds what another column of the same count has; both without keys.
  void add_counts(AggregateColumn& other);
  /// Makes room for so many groups.
  void grow(uint32_t group_count);
  /// To be asked for once a group.
  Value result(uint32_t group);

 private:
  enum class Form : uint8_t { Count, Sum, Extreme, Collect, Other };
  static constexpr uint32_t kNone = ~uint32_t{0};

  struct Input;

  static Form form_of(const Expr& expr);
  [[noreturn]] void overflow() const;
  void count(const Input& input);
  bool add_integers(const Input& input);
  bool add_extremes(const Input& input);
  void collect(const Input& input, ExecContext& context);
  void collect(uint32_t group, const Value& value, uint64_t times);
  Value collected(uint32_t group);
  Value text_value(std::string_view text);
  void add_values(const Input& input, ExecContext& context);
  void add_distinct(const Input& input, ExecContext& context);
  Accumulator& state(uint32_t group);
  bool has_state(uint32_t group) const { return group < states_.size() && states_[group] != nullptr; }
  Value extreme(uint32_t group) const;

  const Expr& expr_;
  const bool one_group_;
  AggregateMemory& memory_;
  const Form form_;
  // By group: rows; of a Sum the integers in its sum; of an Extreme whether there is one; of a Collect the elements.
  ChunkedVector<uint64_t> counts_;
  ChunkedVector<__int128> sums_;                 // Sum
  ChunkedVector<int64_t> extremes_;              // Extreme
  VectorType extreme_type_ = VectorType::Value;  // of those; Value: none yet
  // Collect: the elements of all lists as they came, after each the place of the next one of its list, and by group the
  // places of the first and the last one.
  ChunkedVector<Value> collected_;
  ChunkedVector<uint32_t> after_;
  ChunkedVector<uint32_t> first_;
  ChunkedVector<uint32_t> last_;
  SeenTexts<Value> seen_texts_;
  ChunkedVector<std::unique_ptr<Accumulator>> states_;
  // DISTINCT: the values seen, and which of them in which group.
  std::unique_ptr<KeyCodes> seen_;
  PairCodes seen_in_;
  std::vector<uint32_t> codes_;  // of a batch: of values, then of the pairs of a group and one of these
  std::vector<uint32_t> pairs_;
  size_t seen_bytes_ = 0;
};

}  // namespace entente
