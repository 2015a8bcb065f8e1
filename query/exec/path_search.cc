// The operator PathSearch: all trails from each row's node that fit a pattern (PathTrails), or the shortest of those
// between two nodes (PathSelection), with what the pattern binds on them.
#include <algorithm>
#include <functional>

#include "entente/query/exec/evaluate.h"
#include "entente/query/exec/path_selection.h"

namespace entente {

namespace {

/// Values in the lists of one batch's rows, for each row the batch may have.
constexpr size_t kPathElementsPerRow = 16;

class PathSearchOperator final : public Operator {
 public:
  PathSearchOperator(const PathSearchOp& op, OperatorParts parts)
      : op_(op),
        input_(std::move(parts.input)),
        context_(parts.context),
        automaton_(op.stretches, parts.context),
        trails_(automaton_, parts.context),
        selection_(op, parts.context,
                   [this] {
                     trace_selected();
                     return accepts();
                   }),
        bound_(op.variables.size()) {
    for (const PathStretch& stretch : op.stretches) {
      has_predicates_ = has_predicates_ || stretch.predicate != nullptr || stretch.end_predicate != nullptr;
      for (const PathHop& hop : stretch.hops) has_predicates_ = has_predicates_ || hop.predicate != nullptr;
    }
    has_predicates_ = has_predicates_ || op.predicate != nullptr;
  }

  bool next(Batch& out) override {
    while (true) {
      context_.check();
      fill();
      if (!parents_.empty()) {
        emit(out);
        return true;
      }
      if (!input_->next(in_)) {
        in_ = Batch();
        row_ = 0;
        return false;
      }
      from_ = IdReader(in_, op_.from, VectorType::Node);
      if (op_.into) to_ = IdReader(in_, op_.to, VectorType::Node);
      if (selects()) {
        selection_.new_batch();
      } else {
        automaton_.new_batch();
      }
      row_ = 0;
      searching_ = false;
    }
  }

 private:
  bool selects() const { return op_.select != PathSearchOp::Select::All; }

  void fill() {
    size_t elements = 0;
    while (row_ < in_.rows && parents_.size() < context_.batch_size &&
           elements < context_.batch_size * kPathElementsPerRow) {
      if (!searching_) searching_ = start();
      if (!searching_ || !find()) {
        searching_ = false;
        ++row_;
        continue;
      }
      parents_.push_back(static_cast<uint32_t>(row_));
      if (!op_.into) ends_.push_back(end_);
      if (op_.rel != kNoVar) rels_.push_back(relationships());
      if (op_.path != kNoVar) paths_.push_back(path());
      for (size_t i = 0; i < op_.variables.size(); ++i) bound_[i].push_back(value(op_.variables[i]));
      elements += trace_.size() * (1 + op_.variables.size());
    }
  }

  bool start() {
    const uint32_t from = from_(row_);
    const uint32_t to = op_.into ? to_(row_) : NodeId::kNone;
    if (from == NodeId::kNone || (op_.into && to == NodeId::kNone)) return false;
    // A node deleted in this statement is nowhere, so not at an end of a path of no relationships either.
    if (!context_.graph->has_node(NodeId(from)) || (op_.into && !context_.graph->has_node(NodeId(to)))) return false;
    one_row_ = has_predicates_ ? single_row(in_, row_) : Batch();
    if (selects()) {
      selection_.start(from, to, one_row_);
    } else {
      automaton_.new_row(one_row_);
      trails_.start(from, to);
    }
    return true;
  }

  bool find() {
    if (selects()) return selection_.next();
    while (trails_.next()) {
      start_ = trails_.first();
      end_ = trails_.last();
      trace_ = trails_.steps();
      if (accepts()) return true;
    }
    return false;
  }

  /// The trail found, from the source on.
  void trace_selected() {
    start_ = selection_.source();
    end_ = selection_.end();
    trace_.clear();
    const auto stretches = static_cast<uint32_t>(op_.stretches.size());
    const std::vector<PathTrails::Step>& steps = selection_.steps();
    for (size_t i = steps.size(); i-- > 0;) {
      PathTrails::Step step = steps[i];
      std::swap(step.near, step.far);
      step.at.stretch = stretches - 1 - step.at.stretch;
      step.at.hop = static_cast<uint32_t>(op_.stretches[step.at.stretch].hops.size()) - 1 - step.at.hop;
      trace_.push_back(step);
    }
  }

  bool accepts() {
    if (op_.predicate == nullptr) return true;
    Batch batch = one_row_;
    batch.set(op_.to, id_vector(VectorType::Node, {end_}));
    if (op_.rel != kNoVar) batch.set(op_.rel, Vector::constant(relationships(), 1));
    if (op_.path != kNoVar) batch.set(op_.path, Vector::constant(path(), 1));
    for (const PathVariable& variable : op_.variables) {
      batch.set(variable.var, Vector::constant(value(variable), 1));
    }
    return !evaluate_predicate(*op_.predicate, batch, context_)->empty();
  }

  // ---- what the trail binds ----

  Value written(List list) const {
    if (op_.reversed) std::reverse(list.begin(), list.end());
    return Value(std::move(list));
  }

  Value relationships() const {
    List list;
    list.reserve(trace_.size());
    for (const PathTrails::Step& step : trace_) list.emplace_back(RelId(step.rel));
    return written(std::move(list));
  }

  Value path() const {
    List elements;
    elements.reserve(2 * trace_.size() + 1);
    elements.emplace_back(NodeId(start_));
    for (const PathTrails::Step& step : trace_) {
      elements.emplace_back(RelId(step.rel));
      elements.emplace_back(NodeId(step.far));
    }
    if (op_.reversed) std::reverse(elements.begin(), elements.end());
    return Value::path(std::move(elements));
  }

  Value value(const PathVariable& variable) const {
    if (variable.element == PathVariable::kEnd) {
      uint32_t node = start_;
      for (const PathTrails::Step& step : trace_) {
        if (step.at.stretch <= variable.stretch) node = step.far;
      }
      return Value(NodeId(node));
    }
    List list;
    for (const PathTrails::Step& step : trace_) {
      if (step.at.stretch != variable.stretch) continue;
      const uint32_t before = 2 * step.at.hop;  // the number of the element before the relationship
      const size_t hops = op_.stretches[step.at.stretch].hops.size();
      if (variable.element == before) list.emplace_back(NodeId(step.near));
      if (variable.element == before + 1) list.emplace_back(RelId(step.rel));
      if (variable.element == before + 2 && step.at.hop + 1 == hops) list.emplace_back(NodeId(step.far));
    }
    if (!variable.list) return list.empty() ? Value() : list.front();
    return written(std::move(list));
  }

  void emit(Batch& out) {
    out = in_.select(std::make_shared<const Selection>(std::move(parents_)));
    if (!op_.into) out.set(op_.to, id_vector(VectorType::Node, std::move(ends_)));
    if (op_.rel != kNoVar) out.set(op_.rel, Vector::from_values(std::move(rels_)));
    if (op_.path != kNoVar) out.set(op_.path, Vector::from_values(std::move(paths_)));
    for (size_t i = 0; i < op_.variables.size(); ++i) {
      out.set(op_.variables[i].var, Vector::from_values(std::move(bound_[i])));
      bound_[i].clear();
    }
    parents_.clear();
    ends_.clear();
    rels_.clear();
    paths_.clear();
  }

  const PathSearchOp& op_;
  OperatorPtr input_;
  ExecContext& context_;
  PathAutomaton automaton_;
  PathTrails trails_;
  PathSelection selection_;
  bool has_predicates_ = false;
  Batch in_;
  Batch one_row_;
  IdReader from_;
  IdReader to_;
  size_t row_ = 0;
  bool searching_ = false;
  uint32_t start_ = NodeId::kNone;
  uint32_t end_ = NodeId::kNone;
  std::vector<PathTrails::Step> trace_;  // from start_ to end_
  Selection parents_;
  std::vector<uint32_t> ends_;
  std::vector<Value> rels_;
  std::vector<Value> paths_;
  std::vector<std::vector<Value>> bound_;  // by variable
};

}  // namespace

OperatorPtr make_operator(const PathSearchOp& op, OperatorParts parts) {
  return std::make_unique<PathSearchOperator>(op, std::move(parts));
}

}  // namespace entente
