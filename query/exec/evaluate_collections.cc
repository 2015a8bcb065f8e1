// Lists and maps, and what iterates over lists: comprehensions, quantifiers, reduce().
//
// An iteration unnests the lists of all rows of a batch into batches of elements: the outer columns with a selection
// that repeats a row for each of its elements, and the element's own column. So the inner expressions are evaluated a
// vector at a time, however short the lists are. reduce() depends on the step before; it goes through all lists in step
// instead.

#include "entente/query/exec/evaluate_internal.h"
#include "entente/query/exec/operators.h"

namespace entente {

VectorPtr evaluate_list(const Expr& expr, const Batch& batch, ExecContext& context) {
  const std::vector<Operand> operands = evaluate_operands(expr.args, batch, context);
  return map_rows(batch.rows, all_constant(operands), [&](size_t i) -> Value {
    context.work(operands.size());
    List list;
    list.reserve(operands.size());
    for (const Operand& operand : operands) list.push_back(operand.get(i));
    Value result(std::move(list));
    context.count_made(own_bytes(result));
    return result;
  });
}

VectorPtr evaluate_map(const Expr& expr, const Batch& batch, ExecContext& context) {
  const std::vector<Operand> operands = evaluate_operands(expr.args, batch, context);
  return map_rows(batch.rows, all_constant(operands), [&](size_t i) {
    context.work(operands.size());
    Map entries;
    entries.reserve(operands.size());
    for (size_t k = 0; k < operands.size(); ++k) entries.emplace_back(expr.keys[k], operands[k].get(i));
    Value map = Value::map(std::move(entries));
    context.count_made(own_bytes(map));
    return map;
  });
}

namespace {

/// The list of a row to iterate over; null if it is null. Throws if it is no list.
const List* list_at(const Operand& lists, size_t row, Value& scratch, Span span) {
  const Value& value = lists.ref(row, scratch);
  if (value.is_null()) return nullptr;
  if (value.is_list()) return &value.as_list();
  throw Error::type("InvalidArgumentType",
                    "a LIST is needed to iterate over, not " + std::string(kind_name(value.kind())), span);
}

/// Unnests the lists of a batch's rows. fn(inner batch, owner) gets about a batch of elements at a time: element i
/// belongs to row owner[i] of the outer batch. Rows for which done(row) have no (further) elements.
template <class Done, class Fn>
void for_each_element(const Operand& lists, const Batch& batch, VarId var, Span span, ExecContext& context, Done done,
                      Fn fn) {
  auto owner = std::make_shared<Selection>();
  VectorBuilder elements(context.batch_size);
  const auto flush = [&] {
    context.check();
    Batch inner = batch.select(owner);
    inner.multiplicity.clear();
    inner.set(var, elements.finish());
    fn(inner, *owner);
    owner = std::make_shared<Selection>();
  };
  Value scratch;
  for (size_t row = 0; row < batch.rows; ++row) {
    const List* list = list_at(lists, row, scratch, span);
    if (list == nullptr) continue;
    for (const Value& element : *list) {
      elements.add(element);
      owner->push_back(static_cast<uint32_t>(row));
      if (owner->size() < context.batch_size) continue;
      flush();
      if (done(row)) break;
    }
  }
  if (!owner->empty()) flush();
}

}  // namespace

VectorPtr evaluate_list_comprehension(const Expr& expr, const Batch& batch, ExecContext& context) {
  const Operand lists = evaluate_operand(*expr.args[0], batch, context);
  const Expr* where = expr.args.size() > 1 ? expr.args[1].get() : nullptr;
  const Expr* body = expr.args.size() > 2 ? expr.args[2].get() : nullptr;
  Filling<std::vector<ChunkedVector<Value>>> filling{std::vector<ChunkedVector<Value>>(batch.rows)};
  std::vector<ChunkedVector<Value>>& results = *filling;
  context.count_made(batch.rows * own_bytes(Value(List())));
  const auto collect = [&](const Batch& inner, const Selection& owner) {
    SelectionPtr passed;  // null: all
    if (where != nullptr) {
      passed = evaluate_predicate(*where, inner, context);
      if (passed->empty()) return;
      if (passed->size() == inner.rows) passed = nullptr;
    }
    const Batch narrowed = passed != nullptr ? inner.select(passed) : Batch();
    const Batch& chosen = passed != nullptr ? narrowed : inner;
    const VectorPtr values = body != nullptr ? evaluate_part(*body, chosen, context) : chosen.flatten(expr.var);
    context.count_made(chosen.rows * sizeof(Value));
    for (size_t i = 0; i < chosen.rows; ++i) {
      const size_t row = owner[passed != nullptr ? (*passed)[i] : i];
      check_value_bytes((results[row].size() + 1) * sizeof(Value));
      results[row].push_back(values->get(i));
    }
  };
  for_each_element(
      lists, batch, expr.var, expr.args[0]->span, context, [](size_t) { return false; }, collect);
  return map_rows(batch.rows, false, [&](size_t row) {
    return lists.is_null(row) ? Value() : make_list(join(results[row], context), &context);
  });
}

// ---- quantifiers ----

namespace {

/// What a quantifier has seen of one row's list.
struct Tally {
  uint32_t trues = 0;  // at most 2
  bool has_false = false;
  bool has_null = false;

  void add(Ternary value) {
    if (value == Ternary::True && trues < 2) ++trues;
    has_false |= value == Ternary::False;
    has_null |= value == Ternary::Null;
  }

  /// Whether no further element can change the answer.
  bool decided(Quantifier quantifier) const {
    switch (quantifier) {
      case Quantifier::All:
        return has_false;
      case Quantifier::Any:
      case Quantifier::None:
        return trues > 0;
      case Quantifier::Single:
        return trues > 1;
    }
    return false;
  }

  Ternary answer(Quantifier quantifier) const {
    if (decided(quantifier)) return ternary(quantifier == Quantifier::Any);
    if (has_null) return Ternary::Null;
    return ternary(quantifier == Quantifier::Single ? trues == 1 : quantifier != Quantifier::Any);
  }
};

// Element by element, leaving out those of rows already decided: for predicates that fail at an element that need not
// be looked at.
void tally_one_by_one(const Expr& predicate, const Batch& inner, const Selection& owner, Quantifier quantifier,
                      std::vector<Tally>& tallies, ExecContext& context) {
  for (uint32_t i = 0; i < inner.rows; ++i) {
    Tally& tally = tallies[owner[i]];
    if (tally.decided(quantifier)) continue;
    const Batch single = inner.select(std::make_shared<Selection>(1, i));
    tally.add(ternary_at(evaluate_operand(predicate, single, context), 0, predicate.span));
  }
}

void tally_batch(const Expr& predicate, const Batch& inner, const Selection& owner, std::vector<Tally>& tallies,
                 ExecContext& context) {
  const Operand values = evaluate_operand(predicate, inner, context);
  for (size_t i = 0; i < inner.rows; ++i) ternary_at(values, i, predicate.span);  // fails before anything is counted
  for (size_t i = 0; i < inner.rows; ++i) tallies[owner[i]].add(ternary_at(values, i, predicate.span));
}

}  // namespace

VectorPtr evaluate_quantifier(const Expr& expr, const Batch& batch, ExecContext& context) {
  const Operand lists = evaluate_operand(*expr.args[0], batch, context);
  const Expr& predicate = *expr.args[1];
  std::vector<Tally> tallies(batch.rows);
  const auto count = [&](const Batch& inner, const Selection& owner) {
    const MadeBytes made(context);
    try {
      tally_batch(predicate, inner, owner, tallies, context);
    } catch (const Error& error) {
      if (error.kind() == "ResourceError") throw;
      tally_one_by_one(predicate, inner, owner, expr.quantifier, tallies, context);
    }
  };
  for_each_element(
      lists, batch, expr.var, expr.args[0]->span, context,
      [&](size_t row) { return tallies[row].decided(expr.quantifier); }, count);
  std::vector<Ternary> results(batch.rows);
  for (size_t row = 0; row < batch.rows; ++row) {
    results[row] = lists.is_null(row) ? Ternary::Null : tallies[row].answer(expr.quantifier);
  }
  return make_boolean_vector(results);
}

// ---- reduce ----

constexpr size_t kStepsOfReduce = 64;

VectorPtr evaluate_reduce(const Expr& expr, const Batch& batch, ExecContext& context) {
  const VectorPtr initial = evaluate_part(*expr.args[0], batch, context);
  const Operand lists = evaluate_operand(*expr.args[1], batch, context);
  std::vector<Value> accumulators(batch.rows);
  std::vector<Value> held(batch.rows);         // keeps the lists
  auto alive = std::make_shared<Selection>();  // rows whose list is not used up
  for (size_t row = 0; row < batch.rows; ++row) {
    held[row] = lists.get(row);
    Value scratch;
    const List* list = list_at(lists, row, scratch, expr.args[1]->span);
    if (list == nullptr) continue;
    accumulators[row] = initial->get(row);
    if (!list->empty()) alive->push_back(static_cast<uint32_t>(row));
  }
  Batch inner = batch.select(alive);
  const size_t before = context.made_bytes;
  size_t done_bytes = 0;  // of the totals whose lists are used up
  for (size_t step = 0; !alive->empty(); ++step) {
    VectorBuilder elements(alive->size());
    VectorBuilder totals(alive->size());
    for (const uint32_t row : *alive) {
      elements.add(held[row].as_list()[step]);
      totals.add(std::move(accumulators[row]));
    }
    inner.set(expr.var, elements.finish());
    inner.set(expr.accumulator, totals.finish());
    const VectorPtr values = evaluate_part(*expr.args[2], inner, context);
    context.work(kStepsOfReduce + alive->size());
    auto next = std::make_shared<Selection>();
    size_t bytes = 0;
    for (size_t i = 0; i < alive->size(); ++i) {
      const uint32_t row = (*alive)[i];
      accumulators[row] = values->get(i);
      const bool more = step + 1 < held[row].as_list().size();
      (more ? bytes : done_bytes) += accumulators[row].heap_bytes();
      if (more) next->push_back(row);
    }
    // The totals of the step before are gone, but for what these hold of them.
    context.made_bytes = before + std::min(context.made_bytes - before, bytes + done_bytes);
    if (next->size() == alive->size()) continue;
    alive = std::move(next);
    inner = batch.select(alive);
  }
  return Vector::from_values(std::move(accumulators));
}

}  // namespace entente
