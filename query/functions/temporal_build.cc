// Making instants from texts, maps and other instants, and truncating them.
#include <algorithm>
#include <array>

#include "entente/core/error.h"
#include "entente/query/functions/temporal.h"
#include "entente/query/functions/temporal_fields.h"
#include "entente/query/semantic/nearest.h"

namespace entente {

namespace {

using temporal::Fields;
using temporal::Parts;
using temporal::Zone;

[[noreturn]] void fail(const std::string& message) { throw Error::argument("InvalidArgumentValue", message); }

/// Year and time fit each kind; the zone is that of the parts, or UTC.
Value assemble(ValueKind kind, const Parts& parts) {
  const Zone zone = parts.zone.value_or(Zone{});
  const LocalTime time = parts.time.value_or(LocalTime{});
  switch (kind) {
    case ValueKind::Date:
      return *parts.date;
    case ValueKind::LocalTime:
      return time;
    case ValueKind::Time:
      return Time{time, zone.offset.value_or(0)};
    case ValueKind::LocalDateTime:
      return combine(*parts.date, time);
    default:
      return temporal::in_zone(combine(*parts.date, time), zone);
  }
}

template <class T>
Value parsed(const std::optional<T>& value, std::string_view text, ValueKind kind, const char* example) {
  if (!value) {
    std::string message = "'";
    message.append(text).append("' is no ").append(temporal::instant_name(kind));
    fail(message.append("; write for example '").append(example).append("'."));
  }
  return *value;
}

Value parse_instant(ValueKind kind, std::string_view text) {
  switch (kind) {
    case ValueKind::Date:
      return parsed(parse_date(text), text, kind, "2015-07-21");
    case ValueKind::LocalTime:
      return parsed(parse_local_time(text), text, kind, "21:40:32.142");
    case ValueKind::Time:
      return parsed(parse_time(text), text, kind, "21:40:32+01:00");
    case ValueKind::LocalDateTime:
      return parsed(parse_local_date_time(text), text, kind, "2015-07-21T21:40:32");
    default:
      return parsed(parse_date_time(text), text, kind, "2015-07-21T21:40:32+02:00[Europe/Stockholm]");
  }
}

/// The zone of a value with a zone moves it; that of a value without says where it is.
Value place(ValueKind kind, Parts parts, const std::optional<Zone>& zone, bool keep_local, const DateTime& now) {
  if (!temporal::has_zone(kind) || !zone) return assemble(kind, parts);
  const bool moves = parts.zone.has_value() && !keep_local;
  if (kind == ValueKind::Time) {
    const int32_t offset = temporal::offset_at(*zone, now);
    const LocalTime local = parts.time.value_or(LocalTime{});
    if (!moves) return Time{local, offset};
    return Time{add(local, Duration{.seconds = int64_t{offset} - parts.zone->offset.value_or(0)}), offset};
  }
  if (!moves) parts.zone = zone;
  const DateTime placed = assemble(kind, parts).as_date_time();
  return moves ? temporal::move_to_zone(placed, *zone) : placed;
}

Value from_fields(ValueKind kind, const Map& map, const DateTime& now) {
  const Fields fields(map, kind);
  const std::optional<Zone> zone = fields.zone();
  if (fields.only_zone()) return current_temporal(kind, now, map[0].second.as_string());
  if (zone && !temporal::has_zone(kind)) {
    fail("The field 'timezone' does not go with other fields of a " + std::string(temporal::instant_name(kind)) + ".");
  }
  if (const auto epoch = fields.epoch()) return zone ? temporal::move_to_zone(*epoch, *zone) : *epoch;
  Parts parts = fields.selected();
  if (temporal::has_date(kind)) parts.date = fields.date(parts.date);
  if (temporal::has_time(kind)) parts.time = fields.time(parts.time);
  return place(kind, parts, zone, false, now);
}

enum class Unit : uint8_t {
  Millennium,
  Century,
  Decade,
  Year,
  WeekYear,
  Quarter,
  Month,
  Week,
  Day,
  Hour,
  Minute,
  Second,
  Millisecond,
  Microsecond
};

constexpr std::array<std::string_view, 14> kUnitNames = {
    "millennium", "century", "decade", "year",   "weekyear", "quarter",     "month",
    "week",       "day",     "hour",   "minute", "second",   "millisecond", "microsecond"};

Unit parse_unit(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  const auto found = std::find(kUnitNames.begin(), kUnitNames.end(), lower);
  if (found == kUnitNames.end()) {
    const std::vector<std::string> known(kUnitNames.begin(), kUnitNames.end());
    fail("'" + std::string(text) + "' is no unit to truncate to; the units are millennium, century, decade, year, " +
         "weekYear, quarter, month, week, day, hour, minute, second, millisecond and microsecond" +
         did_you_mean(text, known));
  }
  return static_cast<Unit>(found - kUnitNames.begin());
}

Date truncate_date(Date date, Unit unit) {
  const CivilDate civil = civil_from_days(date.days);
  const auto first_of = [](int64_t year, int month) {
    const auto first = make_date(year, month, 1);
    if (!first) throw Error::argument("NumberOutOfRange", "The truncated date lies before the calendar's first year.");
    return *first;
  };
  const auto years = [&](int64_t count) { return first_of(civil.year - ((civil.year % count) + count) % count, 1); };
  switch (unit) {
    case Unit::Millennium:
      return years(1000);
    case Unit::Century:
      return years(100);
    case Unit::Decade:
      return years(10);
    case Unit::Year:
      return years(1);
    case Unit::WeekYear:
      return Date{first_day_of_week_year(iso_week(date.days).year)};
    case Unit::Quarter:
      return first_of(civil.year, (civil.month - 1) / 3 * 3 + 1);
    case Unit::Month:
      return first_of(civil.year, civil.month);
    case Unit::Week:
      return Date{date.days - day_of_week(date.days) + 1};
    default:
      return date;
  }
}

LocalTime truncate_time(LocalTime time, Unit unit) {
  constexpr std::array<int64_t, 5> kSizes = {3600 * kNanosPerSecond, 60 * kNanosPerSecond, kNanosPerSecond, 1'000'000,
                                             1'000};  // from the hour down
  if (unit <= Unit::Day) return LocalTime{};
  const int64_t size = kSizes[static_cast<size_t>(unit) - static_cast<size_t>(Unit::Hour)];
  return LocalTime{time.nanos - time.nanos % size};
}

/// The fields to set after truncating. Those finer than the unit add to what the unit keeps of a second.
Map fields_after(Unit unit, const Map& fields, LocalTime truncated) {
  const auto has = [&fields](std::string_view name) {
    return std::any_of(fields.begin(), fields.end(), [name](const auto& entry) { return entry.first == name; });
  };
  const int64_t nanos = truncated.nanos % kNanosPerSecond;
  Map result = fields;
  if (unit == Unit::Millisecond && !has("millisecond") && (has("microsecond") || has("nanosecond"))) {
    result.emplace_back("millisecond", nanos / 1'000'000);
  }
  if (unit == Unit::Microsecond && !has("millisecond") && !has("microsecond") && has("nanosecond")) {
    result.emplace_back("microsecond", nanos / 1'000);
  }
  std::sort(result.begin(), result.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  return result;
}

}  // namespace

Value current_temporal(ValueKind kind, const DateTime& now, std::string_view zone) {
  const DateTime local = zone.empty() ? now : temporal::move_to_zone(now, temporal::parse_zone(zone));
  return assemble(kind, temporal::parts_of(Value(local)));
}

Value make_temporal(ValueKind kind, const Value& from, const DateTime& now) {
  if (from.is_null()) return {};
  if (from.is_string()) return parse_instant(kind, from.as_string());
  if (from.is_map()) return from_fields(kind, from.as_map(), now);
  if (from.kind() == kind) return from;
  const Parts parts = temporal::parts_of(from);
  const bool lacks_date = temporal::has_date(kind) && !parts.date;
  if (lacks_date || (!temporal::has_date(kind) && !parts.time)) {
    throw Error::type("InvalidArgumentType", "A " + std::string(temporal::instant_name(kind)) +
                                                 " needs a value with a " + (lacks_date ? "date" : "time") +
                                                 ", not a " + std::string(temporal::instant_name(from.kind())) + ".");
  }
  return assemble(kind, parts);
}

Value truncate_temporal(ValueKind kind, std::string_view unit_name, const Value& input, const Map& fields,
                        const DateTime& now) {
  const Unit unit = parse_unit(unit_name);
  if (!temporal::has_time(kind) && unit > Unit::Day) fail("A date cannot be truncated to a unit shorter than a day.");
  if (!temporal::has_date(kind) && unit < Unit::Day) fail("A time cannot be truncated to a unit longer than a day.");
  Parts parts = temporal::parts_of(make_temporal(kind, input, now));
  if (parts.date) parts.date = truncate_date(*parts.date, unit);
  if (parts.time) parts.time = truncate_time(*parts.time, unit);
  if (fields.empty()) return assemble(kind, parts);

  const Map checked = fields_after(unit, fields, parts.time.value_or(LocalTime{}));
  const Fields changes(checked, kind);
  if (changes.has("date") || changes.has("time") || changes.has("datetime") || changes.epoch()) {
    fail("The fields set after truncating cannot select another value.");
  }
  const std::optional<Zone> zone = changes.zone();
  if (zone && !temporal::has_zone(kind)) {
    fail("A " + std::string(temporal::instant_name(kind)) + " has no field 'timezone'.");
  }
  if (parts.date) parts.date = changes.date(parts.date);
  if (parts.time) parts.time = changes.time(parts.time);
  return place(kind, parts, zone, true, now);
}

Value make_duration_value(const Value& from) {
  using Count = DurationSum::Count;
  struct Field {
    std::string_view name;
    Count count;
    int64_t size;
  };
  static constexpr std::array<Field, 11> kFields = {{{"years", Count::Months, 12},
                                                     {"quarters", Count::Months, 3},
                                                     {"months", Count::Months, 1},
                                                     {"weeks", Count::Days, 7},
                                                     {"days", Count::Days, 1},
                                                     {"hours", Count::Seconds, 3600},
                                                     {"minutes", Count::Seconds, 60},
                                                     {"seconds", Count::Seconds, 1},
                                                     {"milliseconds", Count::Nanos, 1'000'000},
                                                     {"microseconds", Count::Nanos, 1'000},
                                                     {"nanoseconds", Count::Nanos, 1}}};
  if (from.is_null() || from.kind() == ValueKind::Duration) return from;
  if (from.is_string()) {
    const auto duration = parse_duration(from.as_string());
    if (!duration) fail("'" + from.as_string() + "' is no duration; write for example 'P1Y2M10DT2H30M'.");
    return *duration;
  }
  const Map& map = from.as_map();
  if (map.empty()) fail("The map for a duration is empty; give at least one field, such as 'days'.");
  DurationSum sum;
  for (const auto& entry : map) {
    const std::string& name = entry.first;
    const Value& value = entry.second;
    const auto field = std::find_if(kFields.begin(), kFields.end(), [&](const Field& f) { return f.name == name; });
    if (field == kFields.end()) {
      std::vector<std::string> known;
      known.reserve(std::size(kFields));
      for (const Field& f : kFields) known.emplace_back(f.name);
      fail("'" + name + "' is no field of a duration; the fields are years, quarters, months, weeks, days, hours, " +
           "minutes, seconds, milliseconds, microseconds and nanoseconds" + did_you_mean(name, known));
    }
    if (value.is_integer()) {
      sum.add(field->count, field->size, value.as_integer());
    } else if (value.is_float()) {
      sum.add(field->count, field->size, value.as_float());
    } else {
      throw Error::type("InvalidArgumentType", "The field '" + name + "' must be an INTEGER or a FLOAT, not " +
                                                   std::string(kind_name(value.kind())) + ".");
    }
  }
  return sum.total();
}

}  // namespace entente
