#include "entente/core/temporal.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "entente/core/error.h"

namespace entente {

namespace {

constexpr int64_t kSecondsPerMonth = 2'629'746;  // a 4,800th of an era

int64_t floor_div(int64_t a, int64_t b) { return a / b - ((a % b != 0) && ((a < 0) != (b < 0)) ? 1 : 0); }
int64_t floor_mod(int64_t a, int64_t b) { return a - floor_div(a, b) * b; }

[[noreturn]] void fail_duration_range() {
  throw Error::argument("NumberOutOfRange",
                        "A duration's months, days and seconds must each fit a 64-bit integer; this one's do not.");
}

[[noreturn]] void fail_calendar_range() {
  throw Error::argument("NumberOutOfRange",
                        "The result lies outside the calendar; years run from -999,999,999 to 999,999,999.");
}

int64_t checked_add(int64_t a, int64_t b) {
  int64_t sum;
  if (__builtin_add_overflow(a, b, &sum)) fail_duration_range();
  return sum;
}

Date checked(Date d) {
  static const int64_t first = days_from_civil(kMinYear, 1, 1);
  static const int64_t last = days_from_civil(kMaxYear, 12, 31);
  if (d.days < first || d.days > last) fail_calendar_range();
  return d;
}

Date plus_months(Date d, int64_t months) {
  if (months == 0) return d;
  const CivilDate civil = civil_from_days(d.days);
  int64_t total;
  if (__builtin_add_overflow(civil.year * 12 + (civil.month - 1), months, &total)) fail_calendar_range();
  const int64_t year = floor_div(total, 12);
  if (year < kMinYear || year > kMaxYear) fail_calendar_range();
  const int month = static_cast<int>(floor_mod(total, 12)) + 1;
  return Date{days_from_civil(year, month, std::min(civil.day, days_in_month(year, month)))};
}

Date plus_days(Date d, int64_t days) {
  if (__builtin_add_overflow(d.days, days, &d.days)) fail_calendar_range();
  return checked(d);
}

LocalDateTime plus_seconds(LocalDateTime t, int64_t seconds, int32_t nanos) {
  int64_t total_nanos = int64_t{t.nanos} + nanos;
  const int64_t carry = total_nanos >= kNanosPerSecond ? 1 : 0;
  if (__builtin_add_overflow(t.seconds, seconds, &t.seconds) || __builtin_add_overflow(t.seconds, carry, &t.seconds)) {
    fail_calendar_range();
  }
  t.nanos = static_cast<int32_t>(total_nanos - carry * kNanosPerSecond);
  checked(date_of(t));
  return t;
}

LocalDateTime plus_calendar(LocalDateTime t, const Duration& by) {
  return combine(plus_days(plus_months(date_of(t), by.months), by.days), time_of(t));
}

LocalTime wrap(int64_t nanos, const Duration& by) {
  const int64_t shift = floor_mod(by.seconds, kSecondsPerDay) * kNanosPerSecond + by.nanos;
  return LocalTime{(nanos + shift) % kNanosPerDay};
}

}  // namespace

int64_t days_from_civil(int64_t year, int month, int day) {
  const int64_t march_year = month <= 2 ? year - 1 : year;
  const int64_t era = floor_div(march_year, 400);
  const int64_t year_of_era = march_year - era * 400;
  const int64_t day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
  return era * kDaysPerEra + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - kDaysToEpoch;
}

bool is_leap_year(int64_t year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

int days_in_month(int64_t year, int month) {
  if (month == 2) return is_leap_year(year) ? 29 : 28;
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

int day_of_week(int64_t days) { return static_cast<int>(floor_mod(days + 3, 7)) + 1; }

int64_t first_day_of_week_year(int64_t year) {
  const int64_t fourth_of_january = days_from_civil(year, 1, 4);
  return fourth_of_january - (day_of_week(fourth_of_january) - 1);
}

IsoWeek iso_week(int64_t days) {
  // A week belongs to the year that its Thursday is in.
  const int64_t thursday = days - day_of_week(days) + 4;
  const int64_t year = civil_from_days(thursday).year;
  return {year, static_cast<int>((thursday - days_from_civil(year, 1, 1)) / 7) + 1};
}

int weeks_in_week_year(int64_t year) {
  return static_cast<int>((first_day_of_week_year(year + 1) - first_day_of_week_year(year)) / 7);
}

std::optional<Date> make_date(int64_t year, int64_t month, int64_t day) {
  if (year < kMinYear || year > kMaxYear || month < 1 || month > 12 || day < 1) return std::nullopt;
  if (day > days_in_month(year, static_cast<int>(month))) return std::nullopt;
  return Date{days_from_civil(year, static_cast<int>(month), static_cast<int>(day))};
}

std::optional<Date> make_week_date(int64_t week_year, int64_t week, int64_t day_of_week) {
  if (week_year < kMinYear || week_year > kMaxYear || week < 1 || day_of_week < 1 || day_of_week > 7) {
    return std::nullopt;
  }
  if (week > weeks_in_week_year(week_year)) return std::nullopt;
  const int64_t days = first_day_of_week_year(week_year) + (week - 1) * 7 + day_of_week - 1;
  const int64_t year = civil_from_days(days).year;
  if (year < kMinYear || year > kMaxYear) return std::nullopt;
  return Date{days};
}

std::optional<Date> make_quarter_date(int64_t year, int64_t quarter, int64_t day_of_quarter) {
  if (year < kMinYear || year > kMaxYear || quarter < 1 || quarter > 4 || day_of_quarter < 1) return std::nullopt;
  const int first_month = static_cast<int>(quarter) * 3 - 2;
  const int64_t first = days_from_civil(year, first_month, 1);
  const int64_t next = quarter == 4 ? days_from_civil(year + 1, 1, 1) : days_from_civil(year, first_month + 3, 1);
  if (day_of_quarter > next - first) return std::nullopt;
  return Date{first + day_of_quarter - 1};
}

std::optional<Date> make_ordinal_date(int64_t year, int64_t day_of_year) {
  if (year < kMinYear || year > kMaxYear || day_of_year < 1) return std::nullopt;
  if (day_of_year > (is_leap_year(year) ? 366 : 365)) return std::nullopt;
  return Date{days_from_civil(year, 1, 1) + day_of_year - 1};
}

Date date_of(const LocalDateTime& t) { return Date{floor_div(t.seconds, kSecondsPerDay)}; }

LocalTime time_of(const LocalDateTime& t) {
  return LocalTime{floor_mod(t.seconds, kSecondsPerDay) * kNanosPerSecond + t.nanos};
}

LocalDateTime combine(Date d, LocalTime t) {
  return LocalDateTime{d.days * kSecondsPerDay + t.nanos / kNanosPerSecond,
                       static_cast<int32_t>(t.nanos % kNanosPerSecond)};
}

DateTime at_offset(int64_t utc_seconds, int32_t nanos, int32_t offset) {
  return DateTime{LocalDateTime{utc_seconds + offset, nanos}, offset, {}};
}

std::optional<DateTime> at_zone(std::string_view zone, int64_t utc_seconds, int32_t nanos) {
  const std::optional<int32_t> offset = zone_offset_at_instant(zone, utc_seconds);
  if (!offset) return std::nullopt;
  DateTime t = at_offset(utc_seconds, nanos, *offset);
  t.zone = zone;
  return t;
}

std::optional<DateTime> resolve_local(std::string_view zone, const LocalDateTime& local,
                                      std::optional<int32_t> preferred) {
  if (preferred && zone_offset_at_instant(zone, local.seconds - *preferred) == preferred) {
    return DateTime{local, *preferred, std::string(zone)};
  }
  const std::optional<int32_t> offset = zone_offset_at_local(zone, local);
  if (!offset) return std::nullopt;
  return at_zone(zone, local.seconds - *offset, local.nanos);
}

Date add(Date d, const Duration& by) {
  const Date moved = plus_days(plus_months(d, by.months), by.days);
  return plus_days(moved, signed_seconds(by).first / kSecondsPerDay);
}

LocalTime add(LocalTime t, const Duration& by) { return wrap(t.nanos, by); }

Time add(Time t, const Duration& by) { return Time{wrap(t.local.nanos, by), t.offset}; }

LocalDateTime add(LocalDateTime t, const Duration& by) {
  return plus_seconds(plus_calendar(t, by), by.seconds, by.nanos);
}

DateTime add(const DateTime& t, const Duration& by) {
  DateTime moved = t;
  if (by.months != 0 || by.days != 0) {
    moved.local = plus_calendar(t.local, by);
    if (!t.zone.empty()) moved = resolve_local(t.zone, moved.local, t.offset).value_or(moved);
  }
  moved.local = plus_seconds(moved.local, by.seconds, by.nanos);
  if (!t.zone.empty() && (by.seconds != 0 || by.nanos != 0)) {
    moved = at_zone(t.zone, moved.utc_seconds(), moved.local.nanos).value_or(moved);
    checked(date_of(moved.local));
  }
  return moved;
}

Duration add(const Duration& a, const Duration& b) {
  const int64_t nanos = int64_t{a.nanos} + b.nanos;
  return make_duration(checked_add(a.months, b.months), checked_add(a.days, b.days), checked_add(a.seconds, b.seconds),
                       nanos);
}

Duration negate(const Duration& d) {
  constexpr int64_t kLowest = std::numeric_limits<int64_t>::min();
  if (d.months == kLowest || d.days == kLowest || d.seconds == kLowest) fail_duration_range();
  return make_duration(-d.months, -d.days, -d.seconds, -int64_t{d.nanos});
}

Duration make_duration(int64_t months, int64_t days, int64_t seconds, int64_t nanos) {
  return Duration{months, days, checked_add(seconds, floor_div(nanos, kNanosPerSecond)),
                  static_cast<int32_t>(floor_mod(nanos, kNanosPerSecond))};
}

void DurationSum::add_whole(Count count, int64_t a, int64_t b) {
  int64_t product;
  if (__builtin_mul_overflow(a, b, &product)) fail_duration_range();
  int64_t& sum = whole_[static_cast<size_t>(count)];
  sum = checked_add(sum, product);
}

void DurationSum::add(Count count, int64_t size, int64_t amount) {
  // Whole seconds leave the nanoseconds early, so that these do not overflow where the result would fit.
  if (count == Count::Nanos && size >= 1 && kNanosPerSecond % size == 0) {
    const int64_t per_second = kNanosPerSecond / size;
    add_whole(Count::Seconds, 1, amount / per_second);
    amount %= per_second;
  }
  add_whole(count, size, amount);
}

void DurationSum::add(Count count, int64_t size, double amount) {
  const double total = amount * static_cast<double>(size);
  if (!(std::abs(total) < 9.2e18)) fail_duration_range();
  const double whole = std::trunc(total);
  add(count, 1, static_cast<int64_t>(whole));
  fraction_[static_cast<size_t>(count)] += total - whole;
}

void DurationSum::add_ratio(Count count, int64_t size, int64_t numerator, int64_t denominator) {
  fraction_[static_cast<size_t>(count)] += static_cast<double>(
      static_cast<long double>(size) * static_cast<long double>(numerator) / static_cast<long double>(denominator));
}

Duration DurationSum::total() const {
  constexpr long double kNanos = kNanosPerSecond;
  const double whole_months = std::trunc(fraction_[0]);
  // What is left of months and days, in whole nanoseconds; its days are carried before the smaller counts join.
  const long double spill = std::nearbyint((fraction_[0] - whole_months) * (kSecondsPerMonth * kNanos) +
                                           fraction_[1] * (kSecondsPerDay * kNanos));
  const int64_t spill_nanos = static_cast<int64_t>(spill);
  const int64_t small_nanos = static_cast<int64_t>(std::nearbyint(fraction_[2] * kNanos + fraction_[3]));
  return make_duration(checked_add(whole_[0], static_cast<int64_t>(whole_months)),
                       checked_add(whole_[1], spill_nanos / kNanosPerDay), whole_[2],
                       checked_add(whole_[3], spill_nanos % kNanosPerDay + small_nanos));
}

Duration multiply(const Duration& d, double by) {
  DurationSum sum;
  const auto scale = [&](DurationSum::Count count, int64_t value) {
    if (std::trunc(by) == by && std::abs(by) < 9e15) {
      sum.add(count, value, static_cast<int64_t>(by));
    } else {
      sum.add(count, 1, static_cast<double>(value) * by);
    }
  };
  scale(DurationSum::Count::Months, d.months);
  scale(DurationSum::Count::Days, d.days);
  scale(DurationSum::Count::Seconds, d.seconds);
  scale(DurationSum::Count::Nanos, d.nanos);
  return sum.total();
}

Duration divide(const Duration& d, double by) {
  if (by == 0) {
    throw Error("ArithmeticError", "DivisionByZero", Phase::Runtime, "A duration cannot be divided by zero.");
  }
  DurationSum sum;
  const auto share = [&](DurationSum::Count count, int64_t value) {
    if (std::trunc(by) == by && std::abs(by) < 9e15 && std::abs(by) > 1) {
      const int64_t divisor = static_cast<int64_t>(by);
      sum.add(count, 1, value / divisor);
      sum.add_ratio(count, 1, value % divisor, divisor);
    } else {
      sum.add(count, 1, static_cast<double>(value) / by);
    }
  };
  share(DurationSum::Count::Months, d.months);
  share(DurationSum::Count::Days, d.days);
  share(DurationSum::Count::Seconds, d.seconds);
  share(DurationSum::Count::Nanos, d.nanos);
  return sum.total();
}

std::pair<int64_t, int32_t> signed_seconds(const Duration& d) {
  if (d.seconds < 0 && d.nanos > 0) return {d.seconds + 1, d.nanos - static_cast<int32_t>(kNanosPerSecond)};
  return {d.seconds, d.nanos};
}

std::pair<int64_t, int32_t> average_length(const Duration& d) {
  const __int128 seconds =
      __int128{d.months} * kSecondsPerMonth + __int128{d.days} * kSecondsPerDay + __int128{d.seconds};
  constexpr int64_t kLow = std::numeric_limits<int64_t>::min();
  constexpr int64_t kHigh = std::numeric_limits<int64_t>::max();
  if (seconds > kHigh) return {kHigh, d.nanos};
  if (seconds < kLow) return {kLow, d.nanos};
  return {static_cast<int64_t>(seconds), d.nanos};
}

}  // namespace entente
