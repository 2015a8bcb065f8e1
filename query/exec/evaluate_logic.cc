// AND, OR, XOR, NOT, IS NULL, CASE and coalesce(): what narrows a batch to the rows that still need an answer.

#include <optional>

#include "entente/query/exec/evaluate_internal.h"

namespace entente {

namespace {

/// The rows of a batch that are not decided yet.
class Undecided {
 public:
  explicit Undecided(const Batch& batch) : all_(batch), count_(batch.rows) {}

  size_t count() const { return count_; }
  const Batch& batch() const { return narrowed_ ? *narrowed_ : all_; }
  size_t row(size_t i) const { return rows_ ? (*rows_)[i] : i; }  // in the whole batch

  /// Keeps the given ones, by their place among those undecided so far, in order.
  void keep(const Selection& kept) {
    if (kept.size() == count_) return;
    auto rows = std::make_shared<Selection>(kept.size());
    for (size_t i = 0; i < kept.size(); ++i) (*rows)[i] = static_cast<uint32_t>(row(kept[i]));
    rows_ = std::move(rows);
    count_ = kept.size();
    narrowed_ = std::make_unique<Batch>(all_.select(rows_));
  }

 private:
  const Batch& all_;
  size_t count_;
  SelectionPtr rows_;  // null: all
  std::unique_ptr<Batch> narrowed_;
};

/// Puts together a vector of parts that are computed for some rows at a time. Rows of no part are null.
class Scatter {
 public:
  explicit Scatter(size_t rows) : places_(rows) {}

  void add(VectorPtr part) { parts_.push_back(std::move(part)); }
  /// Row `row` of the whole is row `at` of the part added last.
  void set(size_t row, size_t at) { places_[row] = {static_cast<uint32_t>(parts_.size()), static_cast<uint32_t>(at)}; }

  VectorPtr finish() const {
    auto whole = std::make_shared<Vector>(type());
    whole->reserve(places_.size());
    for (const Place& place : places_) {
      if (place.part == 0)
        whole->push_null();
      else
        whole->push_from(*parts_[place.part - 1], place.row);
    }
    return whole;
  }

 private:
  struct Place {
    uint32_t part = 0;  // one more than its number; 0: none
    uint32_t row = 0;
  };

  /// Of the first part that is not a null alone.
  VectorType type() const {
    for (const VectorPtr& part : parts_) {
      if (!part->is_constant() || !part->is_null(0)) return part->type();
    }
    return VectorType::Value;
  }

  std::vector<VectorPtr> parts_;
  std::vector<Place> places_;
};

}  // namespace

VectorPtr evaluate_and_or(const Expr& expr, const Batch& batch, ExecContext& context) {
  const Ternary decisive = expr.kind == ExprKind::And ? Ternary::False : Ternary::True;
  const Ternary neutral = expr.kind == ExprKind::And ? Ternary::True : Ternary::False;
  std::vector<Ternary> results(batch.rows, neutral);
  Undecided undecided(batch);
  bool constant = true;
  for (size_t k = 0; k < expr.args.size() && undecided.count() > 0; ++k) {
    const Expr& arg = *expr.args[k];
    const Operand operand = evaluate_operand(arg, undecided.batch(), context);
    constant &= operand.constant();
    if (operand.constant() && ternary_at(operand, 0, arg.span) == neutral) continue;
    Selection open;
    const std::vector<Ternary> values = ternaries(operand, undecided.count(), arg.span);
    for (size_t i = 0; i < undecided.count(); ++i) {
      const Ternary value = values[i];
      if (value != neutral) results[undecided.row(i)] = value;
      if (value != decisive) open.push_back(static_cast<uint32_t>(i));
    }
    if (k + 1 < expr.args.size()) undecided.keep(open);
  }
  return constant ? make_boolean_constant(results[0], batch.rows) : make_boolean_vector(results);
}

VectorPtr evaluate_xor(const Expr& expr, const Batch& batch, ExecContext& context) {
  std::vector<Ternary> results(batch.rows, Ternary::False);
  bool constant = true;
  for (const ExprPtr& arg : expr.args) {
    const Operand operand = evaluate_operand(*arg, batch, context);
    constant &= operand.constant();
    const std::vector<Ternary> values = ternaries(operand, batch.rows, arg->span);
    for (size_t i = 0; i < batch.rows; ++i) {
      const Ternary value = values[i];
      if (value == Ternary::Null || results[i] == Ternary::Null)
        results[i] = Ternary::Null;
      else
        results[i] = value != results[i] ? Ternary::True : Ternary::False;
    }
  }
  return constant ? make_boolean_constant(results[0], batch.rows) : make_boolean_vector(results);
}

VectorPtr evaluate_not(const Expr& expr, const Batch& batch, ExecContext& context) {
  const Operand operand = evaluate_operand(*expr.args[0], batch, context);
  const auto negated = [](Ternary value) {
    return value == Ternary::Null ? Ternary::Null : value == Ternary::True ? Ternary::False : Ternary::True;
  };
  if (operand.constant()) return make_boolean_constant(negated(ternary_at(operand, 0, expr.args[0]->span)), batch.rows);
  std::vector<Ternary> results = ternaries(operand, batch.rows, expr.args[0]->span);
  for (Ternary& result : results) result = negated(result);
  return make_boolean_vector(results);
}

VectorPtr evaluate_null_test(const Expr& expr, const Batch& batch, ExecContext& context) {
  const bool is_null = expr.kind == ExprKind::IsNull;
  const Expr& arg = *expr.args[0];
  if (arg.kind == ExprKind::Property) return evaluate_property_test(arg, batch, is_null, context);
  const Operand operand = evaluate_operand(arg, batch, context);
  if (operand.constant()) return Vector::constant(Value(operand.is_null(0) == is_null), batch.rows);
  if (!operand.has_nulls()) return Vector::constant(Value(!is_null), batch.rows);
  auto vector = std::make_shared<Vector>(VectorType::Boolean);
  vector->booleans.resize(batch.rows);
  for (size_t i = 0; i < batch.rows; ++i) vector->booleans[i] = operand.is_null(i) == is_null;
  vector->set_size(batch.rows, false);
  return vector;
}

VectorPtr evaluate_case(const Expr& expr, const Batch& outer, ExecContext& context) {
  size_t next = 0;
  Operand subject;  // of CASE subject WHEN value
  if (expr.case_operand) subject = evaluate_operand(*expr.args[next++], outer, context);
  std::optional<Batch> with_subject;
  if (expr.case_tests) {
    with_subject.emplace(outer);
    with_subject->columns.set(expr.var, {subject.vector, subject.selection});
  }
  const Batch& batch = with_subject ? *with_subject : outer;
  const bool values = expr.case_operand && !expr.case_tests;
  const size_t branches_end = expr.args.size() - (expr.case_else ? 1 : 0);
  Scatter results(batch.rows);
  Undecided undecided(batch);
  // Rows of `chosen` (places among the undecided) get the branch's value. A branch all rows take is the whole result.
  const auto take = [&](const Expr& branch, const Selection& chosen) -> VectorPtr {
    if (chosen.size() == batch.rows) return evaluate_part(branch, batch, context);
    auto rows = std::make_shared<Selection>(chosen.size());
    for (size_t i = 0; i < chosen.size(); ++i) (*rows)[i] = static_cast<uint32_t>(undecided.row(chosen[i]));
    if (rows->empty()) return nullptr;
    results.add(evaluate_part(branch, batch.select(rows), context));
    for (size_t i = 0; i < rows->size(); ++i) results.set((*rows)[i], i);
    return nullptr;
  };
  for (; next < branches_end && undecided.count() > 0; next += 2) {
    const Expr& when = *expr.args[next];
    const Operand test = evaluate_operand(when, undecided.batch(), context);
    Selection chosen;
    Selection open;
    Value scratch_a;
    Value scratch_b;
    for (size_t i = 0; i < undecided.count(); ++i) {
      const bool taken = values
                             ? Value::equals(subject.ref(undecided.row(i), scratch_a), test.ref(i, scratch_b)) == true
                             : ternary_at(test, i, when.span) == Ternary::True;
      (taken ? chosen : open).push_back(static_cast<uint32_t>(i));
    }
    if (VectorPtr whole = take(*expr.args[next + 1], chosen)) return whole;
    undecided.keep(open);
  }
  if (expr.case_else && undecided.count() > 0) {
    Selection rest(undecided.count());
    for (size_t i = 0; i < rest.size(); ++i) rest[i] = static_cast<uint32_t>(i);
    if (VectorPtr whole = take(*expr.args.back(), rest)) return whole;
  }
  return results.finish();
}

VectorPtr evaluate_coalesce(const Expr& expr, const Batch& batch, ExecContext& context) {
  Scatter results(batch.rows);
  Undecided undecided(batch);
  for (const ExprPtr& arg : expr.args) {
    const VectorPtr values = evaluate_part(*arg, undecided.batch(), context);
    if (undecided.count() == batch.rows && !values->has_nulls()) return values;
    results.add(values);
    Selection open;
    for (size_t i = 0; i < undecided.count(); ++i) {
      if (values->is_null(i))
        open.push_back(static_cast<uint32_t>(i));
      else
        results.set(undecided.row(i), i);
    }
    if (open.empty()) break;
    undecided.keep(open);
  }
  return results.finish();
}

}  // namespace entente
