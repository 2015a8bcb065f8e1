// Differences of instants of any two kinds.
//
// The two are brought to one kind first: a date begins at midnight, a time of day takes the other's date, and what has
// no zone takes the other's. Months and days count on the calendar of the first one's zone; seconds are real time.
#include <utility>

#include "entente/core/error.h"
#include "entente/query/functions/temporal.h"

namespace entente {

namespace {

struct Point {
  DateTime at;
  bool has_date = true;
  bool has_zone = true;
};

Point point_of(const Value& v) {
  switch (v.kind()) {
    case ValueKind::Date:
      return {{combine(v.as_date(), {}), 0, {}}, true, false};
    case ValueKind::LocalTime:
      return {{combine({}, v.as_local_time()), 0, {}}, false, false};
    case ValueKind::Time:
      return {{combine({}, v.as_time().local), v.as_time().offset, {}}, false, true};
    case ValueKind::LocalDateTime:
      return {{v.as_local_date_time(), 0, {}}, true, false};
    case ValueKind::DateTime:
      return {v.as_date_time(), true, true};
    default:
      throw Error::type("InvalidArgumentType",
                        "A difference is between dates, times and date-times, not a value of type " +
                            std::string(kind_name(v.kind())) + ".");
  }
}

/// Gives `point` what it lacks and `other` has. `other_date` is that of the other before it was given anything.
void complete(Point& point, const Point& other, Date other_date) {
  if (!point.has_date && other.has_date) point.at.local = combine(other_date, time_of(point.at.local));
  if (!point.has_zone && other.has_zone) {
    point.at.offset = other.at.offset;
    if (!other.at.zone.empty()) {
      point.at = resolve_local(other.at.zone, point.at.local, other.at.offset).value_or(point.at);
    }
  }
}

/// The end's date as seen from the start: a day that is not full does not count.
Date last_full_date(const LocalDateTime& from, const LocalDateTime& to) {
  Date date = date_of(to);
  if (date > date_of(from) && time_of(to) < time_of(from)) --date.days;
  if (date < date_of(from) && time_of(to) > time_of(from)) ++date.days;
  return date;
}

int64_t months_between(const LocalDateTime& from, const LocalDateTime& to) {
  // With 32 days to each month, months that are not full are cut off by the division.
  const auto packed = [](const CivilDate& c) { return (c.year * 12 + c.month - 1) * 32 + c.day; };
  return (packed(civil_from_days(last_full_date(from, to).days)) - packed(civil_from_days(date_of(from).days))) / 32;
}

int64_t days_between(const LocalDateTime& from, const LocalDateTime& to) {
  return last_full_date(from, to).days - date_of(from).days;
}

LocalDateTime local_in_zone_of(const DateTime& instant, const DateTime& zone) {
  if (!zone.zone.empty()) {
    if (const auto t = at_zone(zone.zone, instant.utc_seconds(), instant.local.nanos)) return t->local;
  }
  return at_offset(instant.utc_seconds(), instant.local.nanos, zone.offset).local;
}

}  // namespace

Duration temporal_difference(const Value& from_value, const Value& to_value, DifferenceUnit unit) {
  Point from = point_of(from_value);
  Point to = point_of(to_value);
  const Date from_date = date_of(from.at.local);
  const Date to_date = date_of(to.at.local);
  const bool on_calendar = from.has_date && to.has_date;
  complete(from, to, to_date);
  complete(to, from, from_date);

  const LocalDateTime to_local = local_in_zone_of(to.at, from.at);
  Duration result;
  if (on_calendar && (unit == DifferenceUnit::All || unit == DifferenceUnit::Months)) {
    result.months = months_between(from.at.local, to_local);
    from.at = add(from.at, Duration{.months = result.months});
  }
  if (on_calendar && (unit == DifferenceUnit::All || unit == DifferenceUnit::Days)) {
    result.days = days_between(from.at.local, to_local);
    from.at = add(from.at, Duration{.days = result.days});
  }
  if (unit == DifferenceUnit::All || unit == DifferenceUnit::Seconds) {
    const int64_t seconds = to.at.utc_seconds() - from.at.utc_seconds();
    const int64_t nanos = int64_t{to.at.local.nanos} - from.at.local.nanos;
    result = make_duration(result.months, result.days, seconds, nanos);
  }
  return result;
}

}  // namespace entente
