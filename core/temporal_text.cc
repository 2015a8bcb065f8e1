// Reading and writing temporal values as ISO 8601 text.
//
// Dates:     YYYY-MM-DD  YYYY-MM  YYYY-Www-D  YYYY-Www  YYYY-Qq-DD  YYYY-Qq  YYYY-DDD  YYYY, the same without dashes
//            (YYYYMMDD, YYYYMM, YYYYWwwD, …), and years of up to nine digits with a sign and dashes.
// Times:     HH:MM:SS.fraction, HH:MM, HH, the same without colons.
// Offsets:   Z, ±HH, ±HH:MM, ±HHMM, ±HH:MM:SS, ±HHMMSS; for date-times followed by or replaced by [Region/City].
// Durations: PnYnQnMnWnDTnHnMnS, each number signed and with a fraction if wanted, or PYYYY-MM-DDTHH:MM:SS.fraction.
#include <algorithm>
#include <array>
#include <cstdio>

#include "entente/core/error.h"
#include "entente/core/temporal.h"

namespace entente {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// What is left of a text to read. Each reader takes what it can or leaves the text as it was.
class Cursor {
 public:
  explicit Cursor(std::string_view text) : rest_(text) {}

  bool at_end() const { return rest_.empty(); }
  std::string_view rest() const { return rest_; }
  char peek() const { return rest_.empty() ? '\0' : rest_.front(); }

  bool take(char c) {
    if (peek() != c || rest_.empty()) return false;
    rest_.remove_prefix(1);
    return true;
  }

  /// -1, 1, or 0 if there is no sign.
  int take_sign() {
    if (take('-')) return -1;
    return take('+') ? 1 : 0;
  }

  size_t count_digits() const {
    size_t n = 0;
    while (n < rest_.size() && is_digit(rest_[n])) ++n;
    return n;
  }

  /// A number of `low` to `high` digits (at most 18), all the digits there are up to `high`.
  std::optional<int64_t> take_number(size_t low, size_t high) {
    const size_t n = std::min(count_digits(), high);
    if (n < low) return std::nullopt;
    int64_t value = 0;
    for (size_t i = 0; i < n; ++i) value = value * 10 + (rest_[i] - '0');
    rest_.remove_prefix(n);
    return value;
  }

  /// A decimal fraction after '.' or ',' as billionths; 0 if there is none. One to nine digits.
  std::optional<int64_t> take_nanos() {
    if (peek() != '.' && peek() != ',') return 0;
    rest_.remove_prefix(1);
    const size_t n = count_digits();
    if (n < 1 || n > 9) return std::nullopt;
    int64_t value = *take_number(n, n);
    for (size_t i = n; i < 9; ++i) value *= 10;
    return value;
  }

 private:
  std::string_view rest_;
};

/// What follows the year of a date, in the form with dashes (`dashed`) or without.
std::optional<Date> parse_week(Cursor& in, int64_t year, bool dashed) {
  const auto week = in.take_number(dashed ? 1 : 2, 2);
  if (!week) return std::nullopt;
  if (in.at_end()) return make_week_date(year, *week, 1);
  if (dashed && !in.take('-')) return std::nullopt;
  const auto day = in.take_number(1, 1);
  return day && in.at_end() ? make_week_date(year, *week, *day) : std::nullopt;
}

std::optional<Date> parse_quarter(Cursor& in, int64_t year, bool dashed) {
  const auto quarter = in.take_number(1, 1);
  if (!quarter) return std::nullopt;
  if (in.at_end()) return make_quarter_date(year, *quarter, 1);
  if (dashed && !in.take('-')) return std::nullopt;
  const auto day = in.take_number(dashed ? 1 : 2, 2);
  return day && in.at_end() ? make_quarter_date(year, *quarter, *day) : std::nullopt;
}

std::optional<Date> parse_after_dash(Cursor& in, int64_t year) {
  if (in.take('W')) return parse_week(in, year, true);
  if (in.take('Q')) return parse_quarter(in, year, true);
  const size_t digits = in.count_digits();
  if (digits == 3) {
    const auto day = in.take_number(3, 3);
    return in.at_end() ? make_ordinal_date(year, *day) : std::nullopt;
  }
  if (digits < 1 || digits > 2) return std::nullopt;
  const auto month = in.take_number(1, 2);
  if (in.at_end()) return make_date(year, *month, 1);
  if (!in.take('-')) return std::nullopt;
  const auto day = in.take_number(1, 2);
  return day && in.at_end() ? make_date(year, *month, *day) : std::nullopt;
}

std::optional<Date> parse_without_dashes(Cursor& in, size_t digits) {
  const auto year = in.take_number(4, 4);
  if (!year) return std::nullopt;
  if (digits == 4) {
    if (in.take('W')) return parse_week(in, *year, false);
    if (in.take('Q')) return parse_quarter(in, *year, false);
    return std::nullopt;
  }
  if (digits == 7) {
    const auto day = in.take_number(3, 3);
    return in.at_end() ? make_ordinal_date(*year, *day) : std::nullopt;
  }
  if (digits != 6 && digits != 8) return std::nullopt;
  const auto month = in.take_number(2, 2);
  const auto day = digits == 8 ? in.take_number(2, 2) : std::optional<int64_t>(1);
  return in.at_end() ? make_date(*year, *month, *day) : std::nullopt;
}

std::optional<LocalTime> make_time(int64_t hour, int64_t minute, int64_t second, int64_t nanos) {
  if (hour > 23 || minute > 59 || second > 59) return std::nullopt;
  return LocalTime{((hour * 60 + minute) * 60 + second) * kNanosPerSecond + nanos};
}

/// A number of a duration: sign, whole part and fraction apart, so that no digit is lost.
struct DecimalNumber {
  int64_t whole = 0;
  int64_t nanos = 0;  // the fraction's billionths, of the same sign
};

std::optional<DecimalNumber> take_decimal(Cursor& in, int sign) {
  if (in.take_sign() < 0) sign = -sign;
  const size_t digits = in.count_digits();
  if (digits < 1 || digits > 19) return std::nullopt;
  int64_t whole = 0;
  for (size_t i = 0; i < digits; ++i) {
    const int64_t digit = *in.take_number(1, 1) * sign;
    if (__builtin_mul_overflow(whole, int64_t{10}, &whole) || __builtin_add_overflow(whole, digit, &whole)) {
      return std::nullopt;
    }
  }
  const auto nanos = in.take_nanos();
  if (!nanos) return std::nullopt;
  return DecimalNumber{whole, *nanos * sign};
}

struct DurationUnit {
  char letter;
  bool time;  // after the T
  DurationSum::Count count;
  int64_t size;
};

constexpr std::array<DurationUnit, 8> kDurationUnits = {{
    {'Y', false, DurationSum::Count::Months, 12},
    {'Q', false, DurationSum::Count::Months, 3},
    {'M', false, DurationSum::Count::Months, 1},
    {'W', false, DurationSum::Count::Days, 7},
    {'D', false, DurationSum::Count::Days, 1},
    {'H', true, DurationSum::Count::Seconds, 3600},
    {'M', true, DurationSum::Count::Seconds, 60},
    {'S', true, DurationSum::Count::Seconds, 1},
}};

void add_decimal(DurationSum& sum, const DurationUnit& unit, const DecimalNumber& number) {
  sum.add(unit.count, unit.size, number.whole);
  if (number.nanos == 0) return;
  if (unit.count == DurationSum::Count::Seconds) {
    sum.add(DurationSum::Count::Nanos, 1, number.nanos * unit.size);
  } else {
    // Whole parts of the unit's fraction (half a year is six months) must be whole in the sum.
    sum.add(unit.count, 1, static_cast<double>(number.nanos * unit.size) / 1e9);
  }
}

std::optional<Duration> parse_duration_units(Cursor in, int sign) {
  DurationSum sum;
  bool time = false;
  bool any = false;  // since the P or the T
  size_t next = 0;   // units come in order, each at most once
  while (!in.at_end()) {
    if (!time && in.take('T')) {
      time = true;
      any = false;
      continue;
    }
    const auto number = take_decimal(in, sign);
    if (!number) return std::nullopt;
    while (next < kDurationUnits.size() &&
           (kDurationUnits[next].time != time || kDurationUnits[next].letter != in.peek())) {
      ++next;
    }
    if (next == kDurationUnits.size()) return std::nullopt;
    in.take(in.peek());
    add_decimal(sum, kDurationUnits[next++], *number);
    any = true;
  }
  if (!any) return std::nullopt;
  return sum.total();
}

std::optional<Duration> parse_duration_date(Cursor in, int sign) {
  DurationSum sum;
  const auto add = [&](DurationSum::Count count, int64_t size, int64_t amount) { sum.add(count, size, amount * sign); };
  const auto field = [&](size_t width, bool separated, char separator) -> std::optional<int64_t> {
    if (separated && !in.take(separator)) return std::nullopt;
    return in.take_number(width, width);
  };
  if (in.peek() != 'T') {
    const bool dashed = in.count_digits() == 4;
    const auto year = field(4, false, '-');
    const auto month = field(2, dashed, '-');
    const auto day = field(2, dashed, '-');
    if (!year || !month || !day) return std::nullopt;
    add(DurationSum::Count::Months, 12, *year);
    add(DurationSum::Count::Months, 1, *month);
    add(DurationSum::Count::Days, 1, *day);
    if (in.at_end()) return sum.total();
  }
  if (!in.take('T')) return std::nullopt;
  const bool colons = in.count_digits() == 2;
  const auto hour = field(2, false, ':');
  if (!hour) return std::nullopt;
  add(DurationSum::Count::Seconds, 3600, *hour);
  if (in.at_end()) return sum.total();
  const auto minute = field(2, colons, ':');
  if (!minute) return std::nullopt;
  add(DurationSum::Count::Seconds, 60, *minute);
  if (in.at_end()) return sum.total();
  const auto second = field(2, colons, ':');
  const auto nanos = in.take_nanos();
  if (!second || !nanos || !in.at_end()) return std::nullopt;
  add(DurationSum::Count::Seconds, 1, *second);
  add(DurationSum::Count::Nanos, 1, *nanos);
  return sum.total();
}

template <class... Args>
void append_format(std::string& out, const char* format, Args... args) {
  char buffer[64];
  out.append(buffer, static_cast<size_t>(std::snprintf(buffer, sizeof buffer, format, args...)));
}

/// `.` and the billionths in as few digits as hold them.
void append_trimmed_nanos(std::string& out, int32_t nanos) {
  append_format(out, ".%09d", nanos);
  while (out.back() == '0') out.pop_back();
}

}  // namespace

std::optional<Date> parse_date(std::string_view text) {
  Cursor in(text);
  if (const int sign = in.take_sign(); sign != 0) {
    const auto year = in.take_number(1, 9);
    if (!year) return std::nullopt;
    if (in.at_end()) return make_date(*year * sign, 1, 1);
    return in.take('-') ? parse_after_dash(in, *year * sign) : std::nullopt;
  }
  const size_t digits = in.count_digits();
  const bool only_digits = digits == text.size();
  if (digits >= 1 && digits <= 4 && (only_digits || text[digits] == '-')) {
    const auto year = in.take_number(1, 4);
    if (in.at_end()) return make_date(*year, 1, 1);
    in.take('-');
    return parse_after_dash(in, *year);
  }
  return parse_without_dashes(in, digits);
}

std::optional<LocalTime> parse_local_time(std::string_view text) {
  Cursor in(text);
  const size_t digits = in.count_digits();
  const bool colons = digits <= 2;
  const size_t low = colons ? 1 : 2;
  const auto hour = in.take_number(low, 2);
  if (!hour) return std::nullopt;
  if (in.at_end()) return make_time(*hour, 0, 0, 0);
  if (colons && !in.take(':')) return std::nullopt;
  const auto minute = in.take_number(low, 2);
  if (!minute) return std::nullopt;
  if (in.at_end()) return make_time(*hour, *minute, 0, 0);
  if (colons && !in.take(':')) return std::nullopt;
  const auto second = in.take_number(low, 2);
  if (!second) return std::nullopt;
  const auto nanos = in.take_nanos();
  return nanos && in.at_end() ? make_time(*hour, *minute, *second, *nanos) : std::nullopt;
}

std::optional<int32_t> parse_offset(std::string_view text) {
  if (text == "Z") return 0;
  Cursor in(text);
  const int sign = in.take_sign();
  if (sign == 0) return std::nullopt;
  const bool colons = text.find(':') != std::string_view::npos;
  std::array<int64_t, 3> parts = {0, 0, 0};
  for (size_t i = 0; i < parts.size(); ++i) {
    if (i > 0 && in.at_end()) break;
    if (i > 0 && colons && !in.take(':')) return std::nullopt;
    const auto part = in.take_number(2, 2);
    if (!part || (i > 0 && *part > 59)) return std::nullopt;
    parts[i] = *part;
  }
  const int64_t seconds = (parts[0] * 60 + parts[1]) * 60 + parts[2];
  if (!in.at_end() || seconds > kMaxOffset) return std::nullopt;
  return static_cast<int32_t>(sign * seconds);
}

std::optional<Time> parse_time(std::string_view text) {
  const size_t split = text.find_first_of("Z+-");
  const auto local = parse_local_time(text.substr(0, split));
  const auto offset = split == std::string_view::npos ? std::optional<int32_t>(0) : parse_offset(text.substr(split));
  if (!local || !offset) return std::nullopt;
  return Time{*local, *offset};
}

std::optional<LocalDateTime> parse_local_date_time(std::string_view text) {
  const size_t split = text.find('T');
  const auto date = parse_date(text.substr(0, split));
  const auto time = split == std::string_view::npos ? std::optional<LocalTime>(LocalTime{})
                                                    : parse_local_time(text.substr(split + 1));
  if (!date || !time) return std::nullopt;
  return combine(*date, *time);
}

std::optional<DateTime> parse_date_time(std::string_view text) {
  std::string_view zone;
  if (!text.empty() && text.back() == ']') {
    const size_t open = text.find('[');
    if (open == std::string_view::npos) return std::nullopt;
    zone = text.substr(open + 1, text.size() - open - 2);
    if (zone.empty()) return std::nullopt;
    text = text.substr(0, open);
  }
  // A date holds no Z and, without a time, no offset: its dashes could not be told from one.
  const size_t time_begin = text.find('T');
  const size_t split = time_begin == std::string_view::npos ? text.find('Z') : text.find_first_of("Z+-", time_begin);
  std::optional<int32_t> offset;
  if (split != std::string_view::npos) {
    offset = parse_offset(text.substr(split));
    if (!offset) return std::nullopt;
  }
  const auto local = parse_local_date_time(text.substr(0, split));
  if (!local) return std::nullopt;
  if (zone.empty()) return DateTime{*local, offset.value_or(0), {}};
  auto result = resolve_local(zone, *local, offset);
  if (result && offset && result->offset != *offset) return std::nullopt;
  return result;
}

std::optional<Duration> parse_duration(std::string_view text) {
  Cursor in(text);
  const int sign = in.take_sign() < 0 ? -1 : 1;
  if (!in.take('P') || in.at_end()) return std::nullopt;
  try {
    if (auto duration = parse_duration_units(in, sign)) return duration;
    return parse_duration_date(in, sign);
  } catch (const Error&) {  // the counts do not fit
    return std::nullopt;
  }
}

std::string to_string(Date d) {
  const CivilDate civil = civil_from_days(d.days);
  std::string out;
  if (civil.year > 9999) out.push_back('+');
  if (civil.year < 0) out.push_back('-');
  append_format(out, "%04lld-%02d-%02d", static_cast<long long>(civil.year < 0 ? -civil.year : civil.year), civil.month,
                civil.day);
  return out;
}

std::string to_string(LocalTime t) {
  const int64_t total_seconds = t.nanos / kNanosPerSecond;
  const int32_t nanos = static_cast<int32_t>(t.nanos % kNanosPerSecond);
  const int second = static_cast<int>(total_seconds % 60);
  std::string out;
  append_format(out, "%02d:%02d", static_cast<int>(total_seconds / 3600), static_cast<int>(total_seconds / 60 % 60));
  if (second == 0 && nanos == 0) return out;
  append_format(out, ":%02d", second);
  if (nanos == 0) return out;
  // Milliseconds, microseconds or nanoseconds, whichever hold it.
  if (nanos % 1'000'000 == 0) {
    append_format(out, ".%03d", nanos / 1'000'000);
  } else if (nanos % 1'000 == 0) {
    append_format(out, ".%06d", nanos / 1'000);
  } else {
    append_format(out, ".%09d", nanos);
  }
  return out;
}

std::string offset_to_string(int32_t offset) {
  if (offset == 0) return "Z";
  const int32_t size = offset < 0 ? -offset : offset;
  std::string out(1, offset < 0 ? '-' : '+');
  append_format(out, "%02d:%02d", size / 3600, size / 60 % 60);
  if (size % 60 != 0) append_format(out, ":%02d", size % 60);
  return out;
}

std::string to_string(Time t) { return to_string(t.local) + offset_to_string(t.offset); }

std::string to_string(LocalDateTime t) { return to_string(date_of(t)) + "T" + to_string(time_of(t)); }

std::string to_string(const DateTime& t) {
  std::string out = to_string(t.local) + offset_to_string(t.offset);
  if (!t.zone.empty()) out.append("[").append(t.zone).append("]");
  return out;
}

std::string to_string(const Duration& d) {
  std::string out = "P";
  const auto append_count = [&out](int64_t count, char unit) {
    if (count != 0) out.append(std::to_string(count)).push_back(unit);
  };
  append_count(d.months / 12, 'Y');
  append_count(d.months % 12, 'M');
  append_count(d.days, 'D');
  const auto [seconds, nanos] = signed_seconds(d);
  if (seconds != 0 || nanos != 0) {
    out.push_back('T');
    append_count(seconds / 3600, 'H');
    append_count(seconds / 60 % 60, 'M');
    if (nanos == 0) {
      append_count(seconds % 60, 'S');
    } else {
      if (seconds < 0 || nanos < 0) out.push_back('-');
      const int64_t rest = seconds % 60;
      out.append(std::to_string(rest < 0 ? -rest : rest));
      append_trimmed_nanos(out, nanos < 0 ? -nanos : nanos);
      out.push_back('S');
    }
  }
  return out.size() == 1 ? "PT0S" : out;
}

}  // namespace entente
