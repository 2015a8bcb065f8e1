#include <utility>

#include "entente/core/error.h"
#include "entente/query/functions/temporal.h"

namespace entente {

namespace {

int64_t scaled(int64_t a, int64_t factor, int64_t rest) {
  int64_t result;
  if (__builtin_mul_overflow(a, factor, &result) || __builtin_add_overflow(result, rest, &result)) {
    throw Error::argument("NumberOutOfRange", "This component of the temporal value does not fit a 64-bit integer.");
  }
  return result;
}

int quarter_of(const CivilDate& civil) { return (civil.month + 2) / 3; }

int64_t year(int64_t days) { return civil_from_days(days).year; }
int64_t quarter(int64_t days) { return quarter_of(civil_from_days(days)); }
int64_t month(int64_t days) { return civil_from_days(days).month; }
int64_t week(int64_t days) { return iso_week(days).week; }
int64_t week_year(int64_t days) { return iso_week(days).year; }
int64_t day(int64_t days) { return civil_from_days(days).day; }
int64_t ordinal_day(int64_t days) { return days - days_from_civil(civil_from_days(days).year, 1, 1) + 1; }
int64_t day_of_quarter(int64_t days) {
  const CivilDate civil = civil_from_days(days);
  return days - days_from_civil(civil.year, quarter_of(civil) * 3 - 2, 1) + 1;
}

template <auto component>
void for_each(std::span<int64_t> dates) {
  for (int64_t& date : dates) date = component(date);
}

struct NamedDateComponent {
  std::string_view name;
  DateComponent component;
};

constexpr NamedDateComponent kDateComponents[] = {
    {"year", for_each<year>},
    {"quarter", for_each<quarter>},
    {"month", for_each<month>},
    {"week", for_each<week>},
    {"weekYear", for_each<week_year>},
    {"day", for_each<day>},
    {"ordinalDay", for_each<ordinal_day>},
    {"dayOfWeek", for_each<day_of_week>},
    {"weekDay", for_each<day_of_week>},
    {"dayOfQuarter", for_each<day_of_quarter>},
};

Value component_of(Date date, std::string_view name) {
  const DateComponent component = date_component(name);
  if (component == nullptr) return {};
  component({&date.days, 1});
  return Value(date.days);
}

Value time_component(LocalTime time, std::string_view name) {
  const int64_t seconds = time.nanos / kNanosPerSecond;
  const int64_t nanos = time.nanos % kNanosPerSecond;
  if (name == "hour") return seconds / 3600;
  if (name == "minute") return seconds / 60 % 60;
  if (name == "second") return seconds % 60;
  if (name == "millisecond") return nanos / 1'000'000;
  if (name == "microsecond") return nanos / 1'000;
  if (name == "nanosecond") return nanos;
  return {};
}

Value offset_component(int32_t offset, const std::string& zone, std::string_view name) {
  if (name == "timezone") return zone.empty() ? offset_to_string(offset) : zone;
  if (name == "offset") return offset_to_string(offset);
  if (name == "offsetMinutes") return offset / 60;
  if (name == "offsetSeconds") return offset;
  return {};
}

Value local_component(const LocalDateTime& t, std::string_view name) {
  const Value of_date = component_of(date_of(t), name);
  return of_date.is_null() ? time_component(time_of(t), name) : of_date;
}

Value date_time_component(const DateTime& t, std::string_view name) {
  if (name == "epochSeconds") return t.utc_seconds();
  if (name == "epochMillis") return scaled(t.utc_seconds(), 1'000, t.local.nanos / 1'000'000);
  const Value of_zone = offset_component(t.offset, t.zone, name);
  return of_zone.is_null() ? local_component(t.local, name) : of_zone;
}

Value duration_component(const Duration& d, std::string_view name) {
  if (name == "years") return d.months / 12;
  if (name == "quarters") return d.months / 3;
  if (name == "months") return d.months;
  if (name == "weeks") return d.days / 7;
  if (name == "days") return d.days;
  if (name == "hours") return d.seconds / 3600;
  if (name == "minutes") return d.seconds / 60;
  if (name == "seconds") return d.seconds;
  if (name == "milliseconds") return scaled(d.seconds, 1'000, d.nanos / 1'000'000);
  if (name == "microseconds") return scaled(d.seconds, 1'000'000, d.nanos / 1'000);
  if (name == "nanoseconds") return scaled(d.seconds, kNanosPerSecond, d.nanos);
  if (name == "quartersOfYear") return d.months / 3 % 4;
  if (name == "monthsOfQuarter") return d.months % 3;
  if (name == "monthsOfYear") return d.months % 12;
  if (name == "daysOfWeek") return d.days % 7;
  if (name == "minutesOfHour") return d.seconds / 60 % 60;
  if (name == "secondsOfMinute") return d.seconds % 60;
  if (name == "millisecondsOfSecond") return d.nanos / 1'000'000;
  if (name == "microsecondsOfSecond") return d.nanos / 1'000;
  if (name == "nanosecondsOfSecond") return d.nanos;
  return {};
}

}  // namespace

DateComponent date_component(std::string_view name) {
  for (const NamedDateComponent& each : kDateComponents) {
    if (each.name == name) return each.component;
  }
  return nullptr;
}

Value temporal_component(const Value& temporal, std::string_view name) {
  switch (temporal.kind()) {
    case ValueKind::Null:
      return {};
    case ValueKind::Date:
      return component_of(temporal.as_date(), name);
    case ValueKind::LocalTime:
      return time_component(temporal.as_local_time(), name);
    case ValueKind::Time: {
      const Value of_time = time_component(temporal.as_time().local, name);
      return of_time.is_null() ? offset_component(temporal.as_time().offset, {}, name) : of_time;
    }
    case ValueKind::LocalDateTime:
      return local_component(temporal.as_local_date_time(), name);
    case ValueKind::DateTime:
      return date_time_component(temporal.as_date_time(), name);
    default:
      return duration_component(temporal.as_duration(), name);
  }
}

}  // namespace entente
