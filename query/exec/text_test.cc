#include "entente/query/exec/text_test.h"

#include <algorithm>

#include "entente/query/exec/column_reader.h"
#include "entente/query/exec/evaluate.h"
#include "entente/query/functions/text_search.h"

namespace entente {

namespace {

bool compares_with_text(ExprKind op) {
  return (op >= ExprKind::Equal && op <= ExprKind::GreaterEqual) || op == ExprKind::StartsWith ||
         op == ExprKind::EndsWith || op == ExprKind::Contains || op == ExprKind::Regex;
}

}  // namespace

bool TextTest::exists(ExprKind op, const Value& constant) {
  if (op != ExprKind::In) return constant.is_string() && compares_with_text(op);
  return constant.is_list() && std::any_of(constant.as_list().begin(), constant.as_list().end(),
                                           [](const Value& element) { return element.is_string(); });
}

TextTest::TextTest(ExprKind op, const Value& constant, Span span, ExecContext& context)
    : op_(op), constant_(constant), span_(span), context_(context) {
  if (op != ExprKind::In) {
    text_ = constant.as_string();
    if (op == ExprKind::Regex) pattern_ = std::make_unique<Pattern>(span, context);
    return;
  }
  for (const Value& element : constant.as_list()) {
    context.work(1 + steps_of(element));
    if (element.is_string()) texts_.insert(element.as_string());
    if (element.is_null()) otherwise_ = Ternary::Null;
  }
}

// Strings compare by code point, which for UTF-8 is by byte.
Ternary TextTest::operator()(std::string_view text) const {
  if (text.size() > kLongText) context_.work(text.size() / sizeof(Value));
  switch (op_) {
    case ExprKind::Equal:
      return ternary(text == text_);
    case ExprKind::NotEqual:
      return ternary(text != text_);
    case ExprKind::Less:
      return ternary(text < text_);
    case ExprKind::LessEqual:
      return ternary(text <= text_);
    case ExprKind::Greater:
      return ternary(text > text_);
    case ExprKind::GreaterEqual:
      return ternary(text >= text_);
    case ExprKind::StartsWith:
      return ternary(text.starts_with(text_));
    case ExprKind::EndsWith:
      return ternary(text.ends_with(text_));
    case ExprKind::Contains:
      return ternary(find_text(text, text_, 0, context_.functions) != std::string_view::npos);
    case ExprKind::Regex:
      return ternary(pattern_->matches(text, constant_.as_string()));
    default:  // In
      return texts_.count(text) != 0 ? Ternary::True : otherwise_;
  }
}

Ternary TextTest::of(const Value& value) const {
  return value.is_string() ? (*this)(value.as_string())
                           : ternary_of(evaluate_binary(op_, value, constant_, span_, context_));
}

namespace {

class TextFilter {
 public:
  TextFilter(const TextTest& test, size_t rows)
      : test_(test), missing_(test.of(Value())), results_(std::make_shared<Vector>(VectorType::Boolean)) {
    results_->booleans.resize(rows);
  }

  void run(const ColumnPageView& view, const ColumnRun& run) {
    if (view.page == nullptr) {
      for (size_t row = run.from; row < run.to; ++row) put(row, missing_);
    } else if (!view.page->delta.empty() || view.base == nullptr) {
      for (size_t row = run.from; row < run.to; ++row) put(row, test_.of(view.page->get(run.low(row))));
    } else if (view.base->type != ColumnType::String) {
      visit(*view.base, run, [&](size_t row, uint32_t at) { put(row, test_.of(view.base->at(at))); });
    } else if (!view.base->codes.empty() && run.rows() >= view.base->text_count()) {
      run_codes(*view.base, run);
    } else {
      visit(*view.base, run, [&](size_t row, uint32_t at) { put(row, test_(view.base->string_at(at))); });
    }
  }

  VectorPtr finish() {
    results_->set_size(results_->booleans.size(), !results_->nulls.empty());
    return std::move(results_);
  }

 private:
  void put(size_t row, Ternary result) {
    results_->booleans[row] = result == Ternary::True;
    if (result != Ternary::Null) return;
    if (results_->nulls.empty()) results_->nulls.resize(results_->booleans.size());
    results_->nulls[row] = 1;
  }

  template <class Fn>
  void visit(const ColumnBase& base, const ColumnRun& run, Fn fn) {
    visit_positions(base, run, fn, [&](size_t row) { put(row, missing_); });
  }

  /// Each text is tested once.
  void run_codes(const ColumnBase& base, const ColumnRun& run) {
    by_code_.clear();
    size_t passing = 0;
    uint32_t passed = 0;  // the last one
    bool nulls = false;
    for (uint32_t code = 0; code < base.text_count(); ++code) {
      const Ternary result = test_(base.text(code));
      by_code_.push_back(result);
      nulls |= result == Ternary::Null;
      if (result != Ternary::True) continue;
      ++passing;
      passed = code;
    }
    const uint16_t* codes = base.codes.data();
    uint8_t* out = results_->booleans.data();
    if (nulls) {
      visit(base, run, [&](size_t row, uint32_t at) { put(row, by_code_[codes[at]]); });
    } else if (passing == 1) {
      visit(base, run, [&](size_t row, uint32_t at) { out[row] = codes[at] == passed; });
    } else {
      visit(base, run, [&](size_t row, uint32_t at) { out[row] = by_code_[codes[at]] == Ternary::True; });
    }
  }

  const TextTest& test_;
  const Ternary missing_;
  std::shared_ptr<Vector> results_;
  std::vector<Ternary> by_code_;
};

}  // namespace

VectorPtr test_column(const Column* column, std::span<const uint32_t> ids, const TextTest& test, ExecContext& context) {
  TextFilter filter(test, ids.size());
  ColumnScan(column, ids, context).visit(filter);
  return filter.finish();
}

}  // namespace entente
