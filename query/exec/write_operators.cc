// CREATE, SET, REMOVE and DELETE. What keeps reading and writing apart is the plan's barriers; only DELETE, which must
// know all it deletes before it deletes anything, takes in all its input by itself.
#include <deque>

#include "entente/query/exec/evaluate.h"
#include "entente/query/exec/graph_writer.h"
#include "entente/query/exec/operators.h"

namespace entente {

namespace {

class CreateOperator final : public Operator {
 public:
  CreateOperator(const CreateOp& op, OperatorParts parts)
      : op_(op), input_(std::move(parts.input)), context_(parts.context), writer_(parts.context) {}

  bool next(Batch& out) override {
    context_.check();
    if (!rows_.next(*input_, out, context_.batch_size)) return false;
    writer_.create(op_, false, out);
    return true;
  }

 private:
  const CreateOp& op_;
  OperatorPtr input_;
  ExecContext& context_;
  GraphWriter writer_;
  RowExpander rows_;
};

class SetOperator final : public Operator {
 public:
  SetOperator(const SetOp& op, OperatorParts parts)
      : op_(op), input_(std::move(parts.input)), context_(parts.context), writer_(parts.context) {}

  bool next(Batch& out) override {
    context_.check();
    if (!rows_.next(*input_, out, context_.batch_size)) return false;
    writer_.set(op_.items, out);
    return true;
  }

 private:
  const SetOp& op_;
  OperatorPtr input_;
  ExecContext& context_;
  GraphWriter writer_;
  RowExpander rows_;
};

class RemoveOperator final : public Operator {
 public:
  RemoveOperator(const RemoveOp& op, OperatorParts parts)
      : op_(op), input_(std::move(parts.input)), context_(parts.context), writer_(parts.context) {}

  bool next(Batch& out) override {
    context_.check();
    if (!input_->next(out)) return false;  // removing again removes nothing, so rows need not be expanded
    writer_.remove(op_.items, out);
    return true;
  }

 private:
  const RemoveOp& op_;
  OperatorPtr input_;
  ExecContext& context_;
  GraphWriter writer_;
};

class DeleteOperator final : public Operator {
 public:
  DeleteOperator(const DeleteOp& op, OperatorParts parts)
      : op_(op), input_(std::move(parts.input)), context_(parts.context), hold_(parts.context) {}

  bool next(Batch& out) override {
    if (input_ != nullptr) {
      take_input();
      input_.reset();
    }
    context_.check();
    if (held_.empty()) {
      hold_.release();
      return false;
    }
    out = std::move(held_.front());
    held_.pop_front();
    return true;
  }

 private:
  void take_input() {
    Deletion deletion(context_);
    Batch in;
    while (input_->next(in)) {
      context_.check();
      for (const ExprPtr& target : op_.targets) {
        const BatchColumn column = column_of(*target, in, context_);
        for (size_t row = 0; row < in.rows; ++row) deletion.add(column.data->get(column.row(row)), target->span);
      }
      hold_.add(held_bytes(in));
      held_.push_back(std::move(in));
    }
    deletion.apply(op_.detach);
  }

  const DeleteOp& op_;
  OperatorPtr input_;
  ExecContext& context_;
  std::deque<Batch> held_;
  MemoryHold hold_;
};

}  // namespace

OperatorPtr make_operator(const CreateOp& op, OperatorParts parts) {
  return std::make_unique<CreateOperator>(op, std::move(parts));
}
OperatorPtr make_operator(const SetOp& op, OperatorParts parts) {
  return std::make_unique<SetOperator>(op, std::move(parts));
}
OperatorPtr make_operator(const RemoveOp& op, OperatorParts parts) {
  return std::make_unique<RemoveOperator>(op, std::move(parts));
}
OperatorPtr make_operator(const DeleteOp& op, OperatorParts parts) {
  return std::make_unique<DeleteOperator>(op, std::move(parts));
}

}  // namespace entente
