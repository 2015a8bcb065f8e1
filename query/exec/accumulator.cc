// How each aggregate is computed.
//
// Nulls are left out by all but count(*). Integers are summed in 128 bits, so that a sum overflows only if its result
// does, and floats by Neumaier's compensated summation ("Rundungsfehleranalyse einiger Verfahren zur Summation
// endlicher Summen", 1974). Deviations follow Welford ("Note on a Method for Calculating Corrected Sums of Squares and
// Products", 1962), with weights for rows that stand for several.

#include <algorithm>
#include <cmath>
#include <utility>

#include "entente/core/error.h"
#include "entente/query/exec/accumulator.h"
#include "entente/query/exec/sort_keys.h"

namespace entente {

void AggregateMemory::count() { hold_.add(std::exchange(uncounted_, 0)); }

void AggregateMemory::release() {
  uncounted_ = 0;
  hold_.release();
}

namespace {

[[noreturn]] void fail_kind(const char* name, const char* expected, const Value& value, Span span) {
  throw Error::type(
      "InvalidArgumentType",
      std::string(name) + "() takes " + expected + ", but was given " + std::string(kind_name(value.kind())), span);
}

class CountAccumulator : public Accumulator {
 public:
  explicit CountAccumulator(bool nulls) : nulls_(nulls) {}
  void add(const Value& value, uint64_t times, const Value&) override {
    if (nulls_ || !value.is_null()) count_ += times;
  }
  Value result() override { return static_cast<int64_t>(std::min<uint64_t>(count_, INT64_MAX)); }

 private:
  bool nulls_;
  uint64_t count_ = 0;
};

/// A compensated sum of floats.
class FloatSum {
 public:
  void add(double x) {
    const double sum = sum_ + x;
    correction_ += std::fabs(sum_) >= std::fabs(x) ? (sum_ - sum) + x : (x - sum) + sum_;
    sum_ = sum;
  }
  double total() const { return std::isfinite(sum_) ? sum_ + correction_ : sum_; }

 private:
  double sum_ = 0;
  double correction_ = 0;
};

/// Sums numbers or durations, for sum() and avg().
class Totals {
 public:
  Totals(const char* name, Span span) : name_(name), span_(span) {}

  void add(const Value& value, uint64_t times) {
    if (value.is_null()) return;
    const bool duration = value.kind() == ValueKind::Duration;
    if (!value.is_number() && !duration) fail_kind(name_, "INTEGER, FLOAT or DURATION", value, span_);
    if (count_ > 0 && duration != durations_) fail_mixed();
    durations_ = duration;
    count_ += times;
    if (duration)
      add_duration(value.as_duration(), times);
    else if (value.is_integer())
      integers_ += static_cast<__int128>(value.as_integer()) * times;
    else
      add_float(value.as_float(), times);
  }

  void add_integers(__int128 sum, uint64_t count) {
    if (count == 0) return;
    if (durations_) fail_mixed();
    integers_ += sum;
    count_ += count;
  }

  uint64_t count() const { return count_; }
  bool durations() const { return durations_; }

  Value sum() const {
    if (durations_) return duration();
    if (floats_seen_) return number();
    if (integers_ >= INT64_MIN && integers_ <= INT64_MAX) return static_cast<int64_t>(integers_);
    fail_overflow();
  }
  double number() const { return static_cast<double>(integers_) + floats_.total(); }

  Duration duration() const {
    constexpr __int128 kNanos = kNanosPerSecond;
    __int128 seconds = nanos_ / kNanos;
    __int128 rest = nanos_ % kNanos;
    if (rest < 0) {
      rest += kNanos;
      --seconds;
    }
    for (const __int128 part : {months_, days_, seconds}) {
      if (part < INT64_MIN || part > INT64_MAX) fail_overflow();
    }
    return Duration{static_cast<int64_t>(months_), static_cast<int64_t>(days_), static_cast<int64_t>(seconds),
                    static_cast<int32_t>(rest)};
  }

 private:
  [[noreturn]] void fail_mixed() const {
    throw Error::type("InvalidArgumentType", std::string(name_) + "() cannot mix numbers with durations", span_);
  }
  [[noreturn]] void fail_overflow() const {
    throw Error("ArithmeticError", "IntegerOverflow", Phase::Runtime,
                std::string(name_) + "(): the total does not fit an integer of 64 bits; sum toFloat() of the values",
                span_);
  }

  void add_float(double x, uint64_t times) {
    floats_seen_ = true;
    floats_.add(times == 1 ? x : x * static_cast<double>(times));
  }

  void add_duration(const Duration& d, uint64_t times) {
    months_ += static_cast<__int128>(d.months) * times;
    days_ += static_cast<__int128>(d.days) * times;
    nanos_ += (static_cast<__int128>(d.seconds) * kNanosPerSecond + d.nanos) * times;
  }

  const char* name_;
  Span span_;
  uint64_t count_ = 0;
  bool durations_ = false;
  bool floats_seen_ = false;
  __int128 integers_ = 0;
  FloatSum floats_;
  __int128 months_ = 0;
  __int128 days_ = 0;
  __int128 nanos_ = 0;
};

class SumAccumulator : public Accumulator {
 public:
  explicit SumAccumulator(Span span) : totals_("sum", span) {}
  void add(const Value& value, uint64_t times, const Value&) override { totals_.add(value, times); }
  void add_integers(__int128 sum, uint64_t count) override { totals_.add_integers(sum, count); }
  Value result() override { return totals_.sum(); }

 private:
  Totals totals_;
};

class AvgAccumulator : public Accumulator {
 public:
  explicit AvgAccumulator(Span span) : totals_("avg", span) {}
  void add(const Value& value, uint64_t times, const Value&) override { totals_.add(value, times); }
  void add_integers(__int128 sum, uint64_t count) override { totals_.add_integers(sum, count); }
  Value result() override {
    if (totals_.count() == 0) return Value();
    const double count = static_cast<double>(totals_.count());
    if (totals_.durations()) return divide(totals_.duration(), count);
    return totals_.number() / count;
  }

 private:
  Totals totals_;
};

class ExtremeAccumulator : public Accumulator {
 public:
  ExtremeAccumulator(bool largest, AggregateMemory& memory) : largest_(largest), memory_(memory) {}
  void add(const Value& value, uint64_t, const Value&) override {
    if (value.is_null()) return;
    if (!best_.is_null()) {
      const auto order = Value::order(value, best_);
      if (largest_ ? order <= 0 : order >= 0) return;
    }
    const size_t bytes = value.heap_bytes();
    memory_.grow(bytes - std::min(bytes, counted_));
    counted_ = std::max(bytes, counted_);
    best_ = value;
  }
  Value result() override { return std::move(best_); }

 private:
  bool largest_;
  AggregateMemory& memory_;
  size_t counted_ = 0;  // the most that the best ones so far have held
  Value best_;
};

class DeviationAccumulator : public Accumulator {
 public:
  DeviationAccumulator(bool of_sample, Span span) : of_sample_(of_sample), span_(span) {}
  void add(const Value& value, uint64_t times, const Value&) override {
    if (value.is_null() || times == 0) return;
    if (!value.is_number()) fail_kind(of_sample_ ? "stDev" : "stDevP", "INTEGER or FLOAT", value, span_);
    const double weight = static_cast<double>(times);
    const double x = value.as_number();
    const double distance = x - mean_;
    count_ += weight;
    mean_ += distance * weight / count_;
    squares_ += weight * distance * (x - mean_);
  }
  Value result() override {
    const double divisor = of_sample_ ? count_ - 1 : count_;
    return divisor > 0 ? std::sqrt(squares_ / divisor) : 0.0;
  }

 private:
  bool of_sample_;
  Span span_;
  double count_ = 0;
  double mean_ = 0;
  double squares_ = 0;  // sum of the squared distances from the mean
};

class PercentileAccumulator : public Accumulator {
 public:
  PercentileAccumulator(bool continuous, Span span, AggregateMemory& memory)
      : continuous_(continuous), span_(span), memory_(memory) {}

  void add(const Value& value, uint64_t times, const Value& parameter) override {
    const char* name = continuous_ ? "percentileCont" : "percentileDisc";
    if (!parameter.is_number() || !(parameter.as_number() >= 0 && parameter.as_number() <= 1)) {
      throw Error::argument("NumberOutOfRange",
                            std::string(name) + "(): the percentile must be a number from 0.0 to 1.0, but is " +
                                parameter.to_short_literal(),
                            span_);
    }
    if (value.is_null() || times == 0) return;
    if (!value.is_number()) fail_kind(name, "INTEGER or FLOAT", value, span_);
    if (count_ == 0) percentile_ = parameter.as_number();
    count_ += times;
    memory_.grow(sizeof(Value) + sizeof(times));
    values_.push_back(value);
    times_.push_back(times);
  }

  Value result() override {
    if (count_ == 0) return Value();
    sort();
    if (!continuous_) {  // the first value with at least that share of all at or below it
      const double rank = std::ceil(percentile_ * static_cast<double>(count_));
      return at(rank > 1 ? static_cast<uint64_t>(rank) - 1 : 0);
    }
    const double place = percentile_ * static_cast<double>(count_ - 1);
    const double below = std::floor(place);
    const double low = at(static_cast<uint64_t>(below)).as_number();
    if (place == below) return low;
    const double high = at(static_cast<uint64_t>(below) + 1).as_number();
    return low * (below + 1 - place) + high * (place - below);
  }

 private:
  void sort() {
    sorted_ = Vector::from_values(join(values_, memory_.context()));
    SortColumns keys;
    keys.add({sorted_, nullptr}, false);
    order_ = keys.sorted(sorted_->size(), memory_.context());
  }

  // The value at a place of the sorted values, each counted as often as its times say.
  Value at(uint64_t place) const {
    if (count_ == order_.size()) return sorted_->get(order_[place]);
    for (const uint32_t i : order_) {
      memory_.context().work(1);
      if (place < times_[i]) return sorted_->get(i);
      place -= times_[i];
    }
    return sorted_->get(order_.back());
  }

  bool continuous_;
  Span span_;
  AggregateMemory& memory_;
  double percentile_ = 0;
  uint64_t count_ = 0;
  ChunkedVector<Value> values_;
  ChunkedVector<uint64_t> times_;
  VectorPtr sorted_;  // the values, …
  Selection order_;   // … and their order
};

std::unique_ptr<Accumulator> make_plain(Aggregate kind, Span span, AggregateMemory& memory) {
  switch (kind) {
    case Aggregate::Count:
      return std::make_unique<CountAccumulator>(false);
    case Aggregate::CountStar:
      return std::make_unique<CountAccumulator>(true);
    case Aggregate::Sum:
      return std::make_unique<SumAccumulator>(span);
    case Aggregate::Avg:
      return std::make_unique<AvgAccumulator>(span);
    case Aggregate::Min:
      return std::make_unique<ExtremeAccumulator>(false, memory);
    case Aggregate::Max:
      return std::make_unique<ExtremeAccumulator>(true, memory);
    case Aggregate::Collect:
      break;  // AggregateColumn keeps what is collected itself
    case Aggregate::StDev:
      return std::make_unique<DeviationAccumulator>(true, span);
    case Aggregate::StDevP:
      return std::make_unique<DeviationAccumulator>(false, span);
    case Aggregate::PercentileCont:
      return std::make_unique<PercentileAccumulator>(true, span, memory);
    case Aggregate::PercentileDisc:
      return std::make_unique<PercentileAccumulator>(false, span, memory);
  }
  return nullptr;
}

}  // namespace

std::unique_ptr<Accumulator> make_accumulator(Aggregate kind, Span span, AggregateMemory& memory) {
  constexpr size_t kAccumulator = 128;
  memory.grow(kAccumulator);
  return make_plain(kind, span, memory);
}

}  // namespace entente
