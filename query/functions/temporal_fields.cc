#include "entente/query/functions/temporal_fields.h"

#include <algorithm>
#include <array>

#include "entente/core/error.h"
#include "entente/query/semantic/nearest.h"

namespace entente::temporal {

namespace {

constexpr std::array<std::string_view, 8> kDateFields = {"year", "quarter",    "month",        "week",
                                                         "day",  "ordinalDay", "dayOfQuarter", "dayOfWeek"};
constexpr std::array<std::string_view, 6> kTimeFields = {"hour",        "minute",      "second",
                                                         "millisecond", "microsecond", "nanosecond"};

[[noreturn]] void fail(const std::string& message) { throw Error::argument("InvalidArgumentValue", message); }

bool is_one_of(std::string_view name, auto names) { return std::find(names.begin(), names.end(), name) != names.end(); }

bool is_field_of(ValueKind kind, std::string_view name) {
  if (name == "timezone" || name == "datetime") return true;
  if (has_date(kind) && (name == "date" || is_one_of(name, kDateFields))) return true;
  if (has_time(kind) && (name == "time" || is_one_of(name, kTimeFields))) return true;
  return kind == ValueKind::DateTime && (name == "epochSeconds" || name == "epochMillis");
}

std::vector<std::string> fields_of(ValueKind kind) {
  std::vector<std::string> fields{"timezone", "datetime", "date", "time", "epochSeconds", "epochMillis"};
  fields.insert(fields.end(), kDateFields.begin(), kDateFields.end());
  fields.insert(fields.end(), kTimeFields.begin(), kTimeFields.end());
  std::erase_if(fields, [&](const std::string& field) { return !is_field_of(kind, field); });
  return fields;
}

std::string article(ValueKind kind) { return "a " + std::string(instant_name(kind)); }

Date checked(std::optional<Date> date, const char* what) {
  if (!date) fail(std::string("There is no such ") + what + " in the calendar.");
  return *date;
}

int64_t in_range(std::string_view name, int64_t value, int64_t high) {
  if (value < 0 || value > high) {
    fail("The field '" + std::string(name) + "' must be from 0 to " + std::to_string(high) + ", not " +
         std::to_string(value) + ".");
  }
  return value;
}

}  // namespace

std::string_view instant_name(ValueKind kind) {
  switch (kind) {
    case ValueKind::Date:
      return "date";
    case ValueKind::LocalTime:
      return "local time";
    case ValueKind::Time:
      return "time";
    case ValueKind::LocalDateTime:
      return "local date-time";
    default:
      return "date-time";
  }
}

bool has_date(ValueKind kind) {
  return kind == ValueKind::Date || kind == ValueKind::LocalDateTime || kind == ValueKind::DateTime;
}

bool has_time(ValueKind kind) { return kind != ValueKind::Date; }

bool has_zone(ValueKind kind) { return kind == ValueKind::Time || kind == ValueKind::DateTime; }

Parts parts_of(const Value& v) {
  Parts parts;
  switch (v.kind()) {
    case ValueKind::Date:
      parts.date = v.as_date();
      break;
    case ValueKind::LocalTime:
      parts.time = v.as_local_time();
      break;
    case ValueKind::Time:
      parts.time = v.as_time().local;
      parts.zone = Zone{v.as_time().offset, {}};
      break;
    case ValueKind::LocalDateTime:
      parts.date = date_of(v.as_local_date_time());
      parts.time = time_of(v.as_local_date_time());
      break;
    case ValueKind::DateTime:
      parts.date = date_of(v.as_date_time().local);
      parts.time = time_of(v.as_date_time().local);
      parts.zone = Zone{v.as_date_time().offset, v.as_date_time().zone};
      break;
    default:
      throw Error::type("InvalidArgumentType", "Expected a date, time or date-time, not a value of type " +
                                                   std::string(kind_name(v.kind())) + ".");
  }
  return parts;
}

Zone parse_zone(std::string_view text) {
  if (const auto offset = parse_offset(text)) return {*offset, {}};
  Zone zone{std::nullopt, std::string(text)};
  std::replace(zone.name.begin(), zone.name.end(), ' ', '_');
  if (!zone_offset_at_instant(zone.name, 0)) {
    fail("'" + std::string(text) + "' is no time zone; write an offset such as '+01:00' or a name such as " +
         "'Europe/Stockholm'.");
  }
  return zone;
}

DateTime in_zone(const LocalDateTime& local, const Zone& zone) {
  const DateTime fixed{local, zone.offset.value_or(0), {}};
  return zone.name.empty() ? fixed : resolve_local(zone.name, local, zone.offset).value_or(fixed);
}

DateTime move_to_zone(const DateTime& t, const Zone& zone) {
  if (!zone.name.empty()) {
    if (auto moved = at_zone(zone.name, t.utc_seconds(), t.local.nanos)) return *moved;
  }
  return at_offset(t.utc_seconds(), t.local.nanos, zone.offset.value_or(0));
}

int32_t offset_at(const Zone& zone, const DateTime& instant) { return move_to_zone(instant, zone).offset; }

Fields::Fields(const Map& map, ValueKind kind) : map_(map), kind_(kind) {
  if (map.empty()) {
    fail("The map for " + article(kind) + " is empty; give at least one field, such as '" +
         (has_date(kind) ? "year" : "hour") + "'.");
  }
  for (const auto& [name, value] : map) {
    if (!is_field_of(kind, name)) {
      fail("'" + name + "' is no field of " + article(kind) + did_you_mean(name, fields_of(kind)));
    }
  }
}

const Value* Fields::find(std::string_view name) const {
  const auto found = std::lower_bound(map_.begin(), map_.end(), name,
                                      [](const auto& entry, std::string_view n) { return entry.first < n; });
  return found != map_.end() && found->first == name ? &found->second : nullptr;
}

std::optional<int64_t> Fields::number(std::string_view name) const {
  const Value* value = find(name);
  if (value == nullptr) return std::nullopt;
  if (!value->is_integer()) {
    throw Error::type("InvalidArgumentType", "The field '" + std::string(name) + "' must be an INTEGER, not " +
                                                 std::string(kind_name(value->kind())) + ".");
  }
  return value->as_integer();
}

void Fields::require(std::string_view name, std::string_view by) const {
  if (has(by) && !has(name)) {
    fail("The field '" + std::string(by) + "' needs the field '" + std::string(name) + "'.");
  }
}

std::optional<Zone> Fields::zone() const {
  const Value* value = find("timezone");
  if (value == nullptr) return std::nullopt;
  if (!value->is_string()) {
    throw Error::type("InvalidArgumentType",
                      "The field 'timezone' must be a STRING, not " + std::string(kind_name(value->kind())) + ".");
  }
  return parse_zone(value->as_string());
}

Parts Fields::selected() const {
  const Value* both = find("datetime");
  const Value* date = find("date");
  const Value* time = find("time");
  if (both != nullptr && (date != nullptr || time != nullptr)) {
    fail("The field 'datetime' selects a date and a time already; leave out 'date' and 'time'.");
  }
  Parts parts;
  if (both != nullptr) {
    parts = parts_of(*both);
    if (!parts.date || !parts.time) fail("The field 'datetime' needs a value with a date and a time.");
  }
  if (date != nullptr) {
    parts.date = parts_of(*date).date;
    if (!parts.date) fail("The field 'date' needs a value with a date.");
  }
  if (time != nullptr) {
    const Parts other = parts_of(*time);
    if (!other.time) fail("The field 'time' needs a value with a time.");
    parts.time = other.time;
    parts.zone = other.zone;
  }
  return parts;
}

void Fields::require_one_date_group() const {
  const int groups = (has("month") || has("day") ? 1 : 0) + (has("week") || has("dayOfWeek") ? 1 : 0) +
                     (has("quarter") || has("dayOfQuarter") ? 1 : 0) + (has("ordinalDay") ? 1 : 0);
  if (groups > 1) {
    fail(
        "A date is given by month and day, by week and day of week, by quarter and day of quarter, or by ordinal day; "
        "these cannot be mixed.");
  }
}

Date Fields::date(const std::optional<Date>& base) const {
  require_one_date_group();
  return base ? changed_date(*base) : described_date();
}

Date Fields::described_date() const {
  const auto year = number("year");
  if (!year) fail("The map for " + article(kind_) + " needs the field 'year'.");
  require("month", "day");
  require("week", "dayOfWeek");
  require("quarter", "dayOfQuarter");
  if (has("week")) return checked(make_week_date(*year, *number("week"), number_or("dayOfWeek", 1)), "week date");
  if (has("quarter")) {
    return checked(make_quarter_date(*year, *number("quarter"), number_or("dayOfQuarter", 1)), "quarter date");
  }
  if (has("ordinalDay")) return checked(make_ordinal_date(*year, *number("ordinalDay")), "ordinal date");
  return checked(make_date(*year, number_or("month", 1), number_or("day", 1)), "date");
}

Date Fields::changed_date(Date base) const {
  const CivilDate civil = civil_from_days(base.days);
  if (has("week")) {
    const int64_t year = number_or("year", iso_week(base.days).year);
    return checked(make_week_date(year, *number("week"), number_or("dayOfWeek", day_of_week(base.days))), "week date");
  }
  const int64_t year = number_or("year", civil.year);
  int64_t month = number_or("month", civil.month);
  if (has("ordinalDay")) return checked(make_ordinal_date(year, *number("ordinalDay")), "ordinal date");
  const int64_t quarter = number_or("quarter", (civil.month + 2) / 3);
  if (has("dayOfQuarter")) return checked(make_quarter_date(year, quarter, *number("dayOfQuarter")), "quarter date");
  if (has("quarter")) {
    checked(make_quarter_date(year, quarter, 1), "quarter");
    month = quarter * 3 - 2 + (civil.month - 1) % 3;
  }
  // A day that was not asked for gives way to the month's length.
  const Date first = checked(make_date(year, month, 1), "month");
  const int64_t kept_day = std::min(civil.day, days_in_month(year, static_cast<int>(month)));
  Date changed = has("day") ? checked(make_date(year, month, *number("day")), "date") : Date{first.days + kept_day - 1};
  if (const auto weekday = number("dayOfWeek")) {
    const IsoWeek week = iso_week(changed.days);
    changed = checked(make_week_date(week.year, week.week, *weekday), "day of a week");
  }
  return changed;
}

std::optional<int64_t> Fields::sub_seconds() const {
  const auto millis = number("millisecond");
  const auto micros = number("microsecond");
  const auto nanos = number("nanosecond");
  if (!millis && !micros && !nanos) return std::nullopt;
  // A field counts what the next coarser one given leaves.
  const int64_t micro_limit = millis ? 999 : 999'999;
  const int64_t nano_limit = micros ? 999 : (millis ? 999'999 : 999'999'999);
  return in_range("millisecond", millis.value_or(0), 999) * 1'000'000 +
         in_range("microsecond", micros.value_or(0), micro_limit) * 1'000 +
         in_range("nanosecond", nanos.value_or(0), nano_limit);
}

LocalTime Fields::time(const std::optional<LocalTime>& base) const {
  if (!base) {
    require("hour", "minute");
    require("minute", "second");
    for (const std::string_view fraction : {"millisecond", "microsecond", "nanosecond"}) require("second", fraction);
    if (!has("hour") && !has_date(kind_)) fail("The map for " + article(kind_) + " needs the field 'hour'.");
  }
  const int64_t nanos = base.value_or(LocalTime{}).nanos;
  const int64_t seconds = nanos / kNanosPerSecond;
  const int64_t hour = in_range("hour", number_or("hour", seconds / 3600), 23);
  const int64_t minute = in_range("minute", number_or("minute", seconds / 60 % 60), 59);
  const int64_t second = in_range("second", number_or("second", seconds % 60), 59);
  const int64_t fraction = sub_seconds().value_or(nanos % kNanosPerSecond);
  return LocalTime{((hour * 60 + minute) * 60 + second) * kNanosPerSecond + fraction};
}

std::optional<DateTime> Fields::epoch() const {
  const auto seconds = number("epochSeconds");
  const auto millis = number("epochMillis");
  if (!seconds && !millis) return std::nullopt;
  for (const auto& [name, value] : map_) {
    const bool fits = name == "timezone" || name == "nanosecond" || name == "microsecond" ||
                      (name == "millisecond" && seconds) || name == (seconds ? "epochSeconds" : "epochMillis");
    if (!fits) fail("The field '" + name + "' does not go with an epoch.");
  }
  const int64_t fraction = sub_seconds().value_or(0);
  if (seconds) return add(DateTime{}, make_duration(0, 0, *seconds, fraction));
  in_range("nanosecond", fraction, 999'999);
  const int64_t rest = *millis % 1'000;
  return add(DateTime{}, make_duration(0, 0, *millis / 1'000, rest * 1'000'000 + fraction));
}

}  // namespace entente::temporal
