// A scan whose nodes are only counted, each as often as the product of some of its degrees says.
//
// Degrees are read for a page of nodes at a time from where the page's lists begin, and multiplied as arrays of numbers
// (core/degree_products.h), the relation with the fewest relationships in the page first: of a page where it has none,
// nothing else is looked at. What is not in one piece, and products that do not fit, are computed node by node.
#include <algorithm>
#include <limits>
#include <optional>

#include "entente/core/degree_products.h"
#include "entente/core/label_members.h"
#include "entente/query/exec/expansion_lists.h"

namespace entente {

namespace {

/// One of the degrees.
class ScanFactor {
 public:
  explicit ScanFactor(const ExpandOp& op) : op_(op) {}

  void open(const ExecContext& context) { lists_.open(op_, context); }

  /// Looks at a page. `is_flat` tells whether its degrees can be read from arrays, `most` is their sum at most.
  void open_page(uint32_t number) {
    offsets_.clear();
    most_ = 0;
    flat_ = true;
    for (auto& [kind, lists] : lists_) {
      const uint32_t* offsets = nullptr;
      if (!lists.offsets_of_page(number, offsets)) flat_ = false;
      if (offsets == nullptr) continue;
      offsets_.push_back(offsets);
      most_ += offsets[kAdjacencyPageSize];
      const bool counted_twice = op_.direction == Direction::Both && kind.direction == Direction::In;
      if (counted_twice && lists.may_have_loops(number)) flat_ = false;
    }
    if (most_ > std::numeric_limits<uint32_t>::max()) flat_ = false;
  }
  /// Has memory fetch what will be read of a page.
  void prefetch_page(uint32_t number) {
    for (auto& [kind, lists] : lists_) lists.prefetch_page(number);
  }
  bool is_flat() const { return flat_; }
  uint64_t most() const { return flat_ ? most_ : std::numeric_limits<uint64_t>::max(); }
  /// Whether no node of the page can have a product but 0.
  bool is_zero() const { return flat_ && most_ == 0 && times_of(op_.match, 0) == 0; }

  /// Gives the largest factor. Only of a flat page.
  uint64_t multiply(PageNumbers& products) const {
    if (offsets_.empty()) return 1;  // each is that of no relationship, which is not 0
    if (offsets_.size() == 1 && offsets_[0] == ListOffsets::one_each() && op_.match != ExpandMatch::None) return 1;
    if (offsets_.size() == 1) return multiply_products(offsets_[0], kind(), products);
    PageNumbers degrees;
    for (size_t i = 0; i < offsets_.size(); ++i) page_degrees(offsets_[i], i > 0, degrees);
    return multiply_products(degrees, kind(), products);
  }

  uint64_t of(uint32_t node) { return times_of(op_.match, degree_of(lists_, op_.direction, node)); }

 private:
  DegreeFactor kind() const {
    switch (op_.match) {
      case ExpandMatch::All:
        return DegreeFactor::Degree;
      case ExpandMatch::Optional:
        return DegreeFactor::AtLeastOne;
      case ExpandMatch::Exists:
        return DegreeFactor::Any;
      case ExpandMatch::None:
        return DegreeFactor::None;
    }
    return DegreeFactor::Degree;
  }

  const ExpandOp& op_;
  ExpansionLists lists_;
  std::vector<const uint32_t*> offsets_;  // of the page, where a list has some
  uint64_t most_ = 0;
  bool flat_ = true;
};

class CountedScanOperator final : public Operator {
 public:
  CountedScanOperator(const NodeScanOp& op, OperatorParts parts)
      : op_(op), input_(std::move(parts.input)), context_(parts.context) {
    for (const ExpandOp& count : op.counts) factors_.emplace_back(count);
  }

  bool next(Batch& out) override {
    while (true) {
      context_.check();
      fill();
      if (!parents_.empty()) {
        emit(out);
        return true;
      }
      if (row_ < in_.rows) continue;
      if (!input_->next(in_)) {
        in_ = Batch();
        row_ = 0;
        return false;
      }
      open();
    }
  }

 private:
  static constexpr uint32_t kPagesTogether = 64;

  void open() {
    for (ScanFactor& factor : factors_) factor.open(context_);
    members_.reset();
    if (op_.label) {
      const LabelId label = context_.graph->names().label(*op_.label);
      members_.emplace(label.valid() ? context_.graph->label_bitmap(label) : nullptr);
    }
    row_ = 0;
    page_ = 0;
    at_ = kAdjacencyPageSize;
  }

  /// Finds rows: nodes until a batch is full, or what some pages come to together.
  void fill() {
    if (row_ >= in_.rows) return;
    const uint32_t pages = (context_.graph->node_limit() + kAdjacencyPageSize - 1) >> kAdjacencyPageBits;
    uint64_t total = 0;
    for (uint32_t looked_at = 0; looked_at < kPagesTogether && parents_.size() < context_.batch_size;) {
      if (at_ < kAdjacencyPageSize) {
        give_nodes();
      } else if (page_ < pages) {
        count_page(page_++, total);
        ++looked_at;
      } else {
        break;
      }
    }
    if (total > 0) give(total, NodeId::kNone);
    if (at_ < kAdjacencyPageSize || page_ < pages) return;
    ++row_;
    page_ = 0;
  }

  void give(uint64_t times, uint32_t node) {
    parents_.push_back(static_cast<uint32_t>(row_));
    times_.push_back(times);
    if (!op_.together) nodes_.push_back(node);
  }

  /// Of the page that has been counted, from where it stands.
  void give_nodes() {
    const uint32_t first = (page_ - 1) << kAdjacencyPageBits;
    for (; at_ < kAdjacencyPageSize && parents_.size() < context_.batch_size; ++at_) {
      const uint64_t times = is_wide_ ? wide_[at_] : products_[at_];
      if (times > 0) give(times, first + at_);
    }
  }

  /// Computes the products of a page: adds them to `total`, or leaves them to be given.
  void count_page(uint32_t number, uint64_t& total) {
    const uint32_t first = number << kAdjacencyPageBits;
    const uint32_t last = first + kAdjacencyPageSize - 1;
    const LabelMembers::Of members = members_ ? members_->of(first, last) : LabelMembers::Of::All;
    if (members == LabelMembers::Of::None) return;
    for (ScanFactor& factor : factors_) {
      factor.open_page(number);
      factor.prefetch_page(number + 1);
    }
    if (std::any_of(factors_.begin(), factors_.end(), [](const ScanFactor& factor) { return factor.is_zero(); }))
      return;
    is_wide_ = !multiply_flat();
    if (is_wide_) {
      multiply_wide(first, members == LabelMembers::Of::Some);
    } else if (members == LabelMembers::Of::Some) {
      for (uint32_t low = 0; low < kAdjacencyPageSize; ++low) {
        if (products_[low] != 0 && !members_->contains(first + low)) products_[low] = 0;
      }
    }
    if (!op_.together) {
      at_ = 0;
    } else if (!is_wide_) {
      add(sum_of(products_), total);
    } else {
      for (const uint64_t times : wide_) add(times, total);
    }
  }

  static void add(uint64_t times, uint64_t& total) {
    if (__builtin_add_overflow(total, times, &total)) fail_too_many_rows();
  }

  /// False if a factor cannot be read from arrays, or a product may have been too large.
  bool multiply_flat() {
    order_.clear();
    for (const ScanFactor& factor : factors_) {
      if (!factor.is_flat()) return false;
      order_.push_back(&factor);
    }
    std::sort(order_.begin(), order_.end(),
              [](const ScanFactor* a, const ScanFactor* b) { return a->most() < b->most(); });
    products_.fill(1);
    uint64_t largest = 1;
    for (const ScanFactor* factor : order_) {
      largest *= factor->multiply(products_);
      if (largest > std::numeric_limits<uint32_t>::max()) return false;
    }
    return true;
  }

  void multiply_wide(uint32_t first, bool test_label) {
    wide_.resize(kAdjacencyPageSize);
    for (uint32_t low = 0; low < kAdjacencyPageSize; ++low) {
      wide_[low] = test_label && !members_->contains(first + low) ? 0 : 1;
      for (ScanFactor& factor : factors_) {
        if (wide_[low] == 0) break;
        wide_[low] = multiply_rows(wide_[low], factor.of(first + low));
      }
    }
  }

  void emit(Batch& out) {
    out = in_.select(std::make_shared<const Selection>(std::move(parents_)));
    multiply_batch(out, times_);
    if (!op_.together) out.set(op_.var, id_vector(VectorType::Node, std::move(nodes_)));
    parents_.clear();
    times_.clear();
    nodes_.clear();
  }

  const NodeScanOp& op_;
  OperatorPtr input_;
  ExecContext& context_;
  std::vector<ScanFactor> factors_;
  std::vector<const ScanFactor*> order_;
  std::optional<LabelMembers> members_;  // of the label, if there is one

  // Where it stands: the row, the page to be counted next, and in the page before it the node to be given next.
  Batch in_;
  size_t row_ = 0;
  uint32_t page_ = 0;
  uint32_t at_ = kAdjacencyPageSize;
  PageNumbers products_{};
  bool is_wide_ = false;  // the products stand in …
  std::vector<uint64_t> wide_;

  Selection parents_;
  std::vector<uint64_t> times_;
  std::vector<uint32_t> nodes_;
};

}  // namespace

OperatorPtr make_counted_scan(const NodeScanOp& op, OperatorParts parts) {
  return std::make_unique<CountedScanOperator>(op, std::move(parts));
}

}  // namespace entente
