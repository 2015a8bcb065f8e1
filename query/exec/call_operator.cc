// CALL: runs a procedure for each row and pairs the row with each of its rows.
#include <algorithm>

#include "entente/query/exec/evaluate.h"
#include "entente/query/exec/operators.h"
#include "entente/query/procedures.h"

namespace entente {

namespace {

class CallOperator final : public Operator {
 public:
  CallOperator(const CallProcedureOp& op, OperatorParts parts)
      : op_(op),
        input_(std::move(parts.input)),
        context_(parts.context),
        procedure_(find(op, parts.context)),
        hold_(parts.context) {
    for (const auto& [name, var] : op_.yields) {
      const auto& outputs = procedure_.signature.outputs;
      const auto output =
          std::find_if(outputs.begin(), outputs.end(), [&n = name](const auto& o) { return o.name == n; });
      if (output == outputs.end()) {
        throw Error("ProcedureError", "UnknownOutput", Phase::Runtime,
                    "procedure " + op_.procedure + " has no output `" + name + "`");
      }
      fields_.push_back(static_cast<size_t>(output - outputs.begin()));
    }
  }

  bool next(Batch& out) override {
    while (true) {
      context_.check();
      fill();
      if (!parents_.empty()) {
        emit(out);
        return true;
      }
      if (!pull()) return false;
      args_.clear();
      for (const ExprPtr& arg : op_.args) args_.push_back(evaluate(*arg, in_, context_));
      columns_.assign(fields_.size(), {});
      row_ = 0;
      called_ = false;
    }
  }

 private:
  static const Procedure& find(const CallProcedureOp& op, const ExecContext& context) {
    const Procedure* procedure = context.procedures != nullptr ? context.procedures->find(op.procedure) : nullptr;
    if (procedure == nullptr) {
      throw Error("ProcedureError", "ProcedureNotFound", Phase::Runtime, "there is no procedure " + op.procedure);
    }
    if (procedure->signature.inputs.size() != op.args.size()) {
      throw Error("ProcedureError", "InvalidNumberOfArguments", Phase::Runtime,
                  "procedure " + op.procedure + " takes " + std::to_string(procedure->signature.inputs.size()) +
                      " arguments, not " + std::to_string(op.args.size()));
    }
    return *procedure;
  }

  bool pull() {
    // What writes must be called as often as the row counts.
    const bool more =
        procedure_.signature.writes ? expander_.next(*input_, in_, context_.batch_size) : input_->next(in_);
    if (more) return true;
    in_ = Batch();
    row_ = 0;
    return false;
  }

  void fill() {
    while (row_ < in_.rows && parents_.size() < context_.batch_size) {
      if (!called_) call();
      if (op_.keep_input_only) {
        parents_.push_back(static_cast<uint32_t>(row_));
        given_ = results_.size();
      }
      const size_t end =
          std::min(results_.size(), given_ + (context_.batch_size - std::min(parents_.size(), context_.batch_size)));
      for (; given_ < end; ++given_) {
        parents_.push_back(static_cast<uint32_t>(row_));
        for (size_t k = 0; k < fields_.size(); ++k) columns_[k].push_back(results_.at(given_, fields_[k]));
      }
      if (given_ < results_.size()) return;
      ++row_;
      called_ = false;
    }
  }

  /// Errors of a procedure point to its call.
  ProcedureRows results_of(const std::vector<Value>& args) {
    try {
      return procedure_.call(args, context_);
    } catch (const Error& e) {
      if (!e.span().empty() || e.kind() == "ResourceError" || e.kind() == "StorageError") throw;
      throw Error(e.kind(), e.detail(), e.phase(), e.what(), op_.span);
    }
  }

  void call() {
    context_.check();
    std::vector<Value> args;
    for (size_t i = 0; i < args_.size(); ++i) args.push_back(checked(args_[i]->get(row_), i));
    results_ = results_of(args);
    const size_t width = procedure_.signature.outputs.size();
    if (results_.size() > 0 && results_.width() != width) {
      throw Error("ProcedureError", "InvalidResult", Phase::Runtime,
                  "procedure " + op_.procedure + " gave a row of " + std::to_string(results_.width()) +
                      " values, but declares " + std::to_string(width) + " outputs");
    }
    size_t bytes = results_.size() * width * sizeof(Value);
    for (size_t row = 0; row < results_.size(); ++row) {
      for (size_t k = 0; k < width; ++k) bytes += results_.at(row, k).heap_bytes();
    }
    hold_.set(bytes);
    given_ = 0;
    called_ = true;
  }

  /// An argument as the signature wants it: an integer becomes a float where only a float will do.
  Value checked(Value value, size_t i) const {
    const ProcedureSignature::Field& field = procedure_.signature.inputs[i];
    if ((field.type & type_of(value.kind())) != 0) return value;
    if (value.is_integer() && (field.type & kFloatType) != 0) return static_cast<double>(value.as_integer());
    throw Error::type("InvalidArgumentType",
                      "argument `" + field.name + "` of procedure " + op_.procedure + " must be " + field.type_name +
                          ", not " + std::string(kind_name(value.kind())),
                      op_.args[i]->span);
  }

  void emit(Batch& out) {
    out = in_.select(std::make_shared<const Selection>(std::move(parents_)));
    parents_.clear();
    for (size_t k = 0; k < fields_.size(); ++k) {
      if (op_.yields[k].second != kNoVar) out.set(op_.yields[k].second, Vector::from_values(std::move(columns_[k])));
      columns_[k].clear();
    }
  }

  const CallProcedureOp& op_;
  OperatorPtr input_;
  ExecContext& context_;
  const Procedure& procedure_;
  std::vector<size_t> fields_;  // of op_.yields: the place among the outputs
  RowExpander expander_;
  Batch in_;
  std::vector<VectorPtr> args_;
  size_t row_ = 0;
  bool called_ = false;  // for the row at row_
  ProcedureRows results_;
  size_t given_ = 0;
  Selection parents_;
  std::vector<std::vector<Value>> columns_;
  MemoryHold hold_;
};

}  // namespace

OperatorPtr make_operator(const CallProcedureOp& op, OperatorParts parts) {
  return std::make_unique<CallOperator>(op, std::move(parts));
}

}  // namespace entente
