#include <gtest/gtest.h>

#include <functional>
#include <limits>

#include "entente/core/error.h"
#include "entente/query/functions/temporal.h"

namespace entente {
namespace {

const DateTime kNow{{1'700'000'000, 5}, 0, {}};  // 2023-11-14T22:13:20.000000005Z

Value date(const Value& from) { return make_temporal(ValueKind::Date, from, kNow); }
Value localtime(const Value& from) { return make_temporal(ValueKind::LocalTime, from, kNow); }
Value time(const Value& from) { return make_temporal(ValueKind::Time, from, kNow); }
Value localdatetime(const Value& from) { return make_temporal(ValueKind::LocalDateTime, from, kNow); }
Value datetime(const Value& from) { return make_temporal(ValueKind::DateTime, from, kNow); }
Value map(Map entries) { return Value::map(std::move(entries)); }

std::string difference(const Value& from, const Value& to, DifferenceUnit unit = DifferenceUnit::All) {
  return to_string(temporal_difference(from, to, unit));
}

std::string error_of(const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& e) {
    return e.code();
  }
  return "none";
}

TEST(TemporalFunctions, FieldsDescribeADate) {
  EXPECT_EQ(date(map({{"year", 1817}, {"week", 1}, {"dayOfWeek", 2}})).to_display(), "1816-12-31");
  EXPECT_EQ(date(map({{"year", 1984}, {"quarter", 3}, {"dayOfQuarter", 45}})).to_display(), "1984-08-14");
  EXPECT_EQ(date(map({{"year", 1984}, {"ordinalDay", 202}})).to_display(), "1984-07-20");
  EXPECT_EQ(date(map({{"year", 1984}})).to_display(), "1984-01-01");
  const std::string wrong = "ArgumentError.InvalidArgumentValue";
  EXPECT_EQ(error_of([] { date(map({{"year", 1984}, {"day", 3}})); }), wrong);
  EXPECT_EQ(error_of([] { date(map({{"month", 3}})); }), wrong);
  EXPECT_EQ(error_of([] { date(map({{"year", 1984}, {"month", 3}, {"week", 3}})); }), wrong);
  EXPECT_EQ(error_of([] { date(map({{"year", 1984}, {"hour", 3}})); }), wrong);
  EXPECT_EQ(error_of([] { date(map({})); }), wrong);
  EXPECT_EQ(error_of([] { date(map({{"year", 1984.0}})); }), "TypeError.InvalidArgumentType");
  EXPECT_EQ(error_of([] { date(localtime("12:00")); }), "TypeError.InvalidArgumentType");
  EXPECT_EQ(error_of([] { date("2015-13-01"); }), wrong);
}

TEST(TemporalFunctions, FieldsDescribeATime) {
  EXPECT_EQ(localtime(map({{"hour", 12},
                           {"minute", 31},
                           {"second", 14},
                           {"millisecond", 123},
                           {"microsecond", 456},
                           {"nanosecond", 789}}))
                .to_display(),
            "12:31:14.123456789");
  EXPECT_EQ(time(map({{"hour", 12}, {"timezone", "-02:05:07"}})).to_display(), "12:00-02:05:07");
  const std::string wrong = "ArgumentError.InvalidArgumentValue";
  EXPECT_EQ(error_of([] { localtime(map({{"minute", 3}})); }), wrong);
  EXPECT_EQ(error_of([] { localtime(map({{"hour", 24}})); }), wrong);
  EXPECT_EQ(error_of([] {
              localtime(map({{"hour", 1}, {"minute", 1}, {"second", 1}, {"millisecond", 1}, {"microsecond", 1000}}));
            }),
            wrong);
}

TEST(TemporalFunctions, FieldsChangeASelectedDate) {
  const Value base = date("1984-11-11");
  EXPECT_EQ(date(map({{"date", base}, {"year", 28}})).to_display(), "0028-11-11");
  EXPECT_EQ(date(map({{"date", base}, {"week", 1}})).to_display(), "1984-01-08");
  EXPECT_EQ(date(map({{"date", base}, {"quarter", 3}})).to_display(), "1984-08-11");
  EXPECT_EQ(date(map({{"date", date("1816-12-31")}, {"week", 2}})).to_display(), "1817-01-07");
  EXPECT_EQ(date(map({{"date", date("2020-01-31")}, {"month", 2}})).to_display(), "2020-02-29");
  EXPECT_EQ(error_of([] {
              date(map({{"date", date("2020-01-31")}, {"month", 2}, {"day", 31}}));
            }),
            "ArgumentError.InvalidArgumentValue");
}

TEST(TemporalFunctions, AZoneMovesWhatHasOneAndPlacesWhatHasNone) {
  const Value stockholm = datetime("1984-10-11T12:00[Europe/Stockholm]");
  EXPECT_EQ(datetime(map({{"datetime", stockholm}, {"day", 28}, {"second", 42}, {"timezone", "Pacific/Honolulu"}}))
                .to_display(),
            "1984-10-28T01:00:42-10:00[Pacific/Honolulu]");
  EXPECT_EQ(datetime(map({{"date", date("1984-03-28")}, {"time", stockholm}})).to_display(),
            "1984-03-28T12:00+02:00[Europe/Stockholm]");
  EXPECT_EQ(datetime(map({{"date", stockholm}, {"hour", 10}})).to_display(), "1984-10-11T10:00Z");
  EXPECT_EQ(datetime(map({{"datetime", localdatetime("1984-10-11T12:00")}, {"timezone", "+05:00"}})).to_display(),
            "1984-10-11T12:00+05:00");
  EXPECT_EQ(time(map({{"time", stockholm}, {"timezone", "+05:00"}})).to_display(), "16:00+05:00");
  EXPECT_EQ(datetime(map({{"epochSeconds", 416779}, {"nanosecond", 5}, {"timezone", "+01:00"}})).to_display(),
            "1970-01-05T20:46:19.000000005+01:00");
  EXPECT_EQ(date(map({{"timezone", "Asia/Tokyo"}})).to_display(), "2023-11-15");
  EXPECT_EQ(current_temporal(ValueKind::DateTime, kNow, "America/Los Angeles").to_display(),
            "2023-11-14T14:13:20.000000005-08:00[America/Los_Angeles]");
}

TEST(TemporalFunctions, TruncatesAndSetsFields) {
  const Value t = datetime("2017-10-11T12:31:14.645876123+03:00");
  const auto truncated = [&t](ValueKind kind, std::string_view unit, Map fields) {
    return truncate_temporal(kind, unit, t, Value::map(std::move(fields)).as_map(), kNow).to_display();
  };
  EXPECT_EQ(truncated(ValueKind::Date, "millennium", {{"day", 2}}), "2000-01-02");
  EXPECT_EQ(truncated(ValueKind::Date, "century", {}), "2000-01-01");
  EXPECT_EQ(truncated(ValueKind::Date, "decade", {}), "2010-01-01");
  EXPECT_EQ(truncated(ValueKind::Date, "weekYear", {{"dayOfWeek", 5}}), "2017-01-06");
  EXPECT_EQ(truncated(ValueKind::Date, "quarter", {}), "2017-10-01");
  EXPECT_EQ(truncated(ValueKind::Date, "week", {{"dayOfWeek", 2}}), "2017-10-10");
  EXPECT_EQ(truncated(ValueKind::DateTime, "millennium", {{"timezone", "Europe/Stockholm"}}),
            "2000-01-01T00:00+01:00[Europe/Stockholm]");
  EXPECT_EQ(truncated(ValueKind::LocalTime, "millisecond", {{"nanosecond", 2}}), "12:31:14.645000002");
  EXPECT_EQ(truncated(ValueKind::LocalTime, "millisecond", {{"microsecond", 2}}), "12:31:14.645002");
  EXPECT_EQ(truncated(ValueKind::LocalTime, "microsecond", {{"nanosecond", 2}}), "12:31:14.645876002");
  EXPECT_EQ(truncated(ValueKind::LocalTime, "day", {{"nanosecond", 2}}), "00:00:00.000000002");
  EXPECT_EQ(truncated(ValueKind::Time, "hour", {{"timezone", "+01:00"}}), "12:00+01:00");
  const std::string wrong = "ArgumentError.InvalidArgumentValue";
  EXPECT_EQ(error_of([&] { truncated(ValueKind::Date, "hour", {}); }), wrong);
  EXPECT_EQ(error_of([&] { truncated(ValueKind::LocalTime, "week", {}); }), wrong);
  EXPECT_EQ(error_of([&] { truncated(ValueKind::Date, "fortnight", {}); }), wrong);
}

TEST(TemporalFunctions, DifferencesBringBothToOneKind) {
  EXPECT_EQ(difference(date("-999999999-01-01"), date("+999999999-12-31")), "P1999999998Y11M30D");
  EXPECT_EQ(difference(localdatetime("2018-01-02T10:00:00.1"), localdatetime("2018-01-01T10:00:00.2")),
            "PT-23H-59M-59.9S");
  EXPECT_EQ(difference(datetime("2018-07-21T21:40:36.143+0500"), datetime("1984-07-21T22:40:36.143+0200"),
                       DifferenceUnit::Months),
            "P-33Y-11M");
  EXPECT_EQ(difference(localtime("14:30"), date("2015-06-24"), DifferenceUnit::Days), "PT0S");
  const DifferenceUnit seconds = DifferenceUnit::Seconds;
  EXPECT_EQ(difference(date("1984-10-11"), time("16:30+0100"), seconds), "PT16H30M");
  EXPECT_EQ(difference(time("14:30"), time("16:30+0100"), seconds), "PT1H");
  const Value late = datetime("2017-10-29T04:00[Europe/Stockholm]");
  EXPECT_EQ(difference(localtime("00:00"), late, seconds), "PT5H");
  EXPECT_EQ(difference(late, date("2017-10-30"), seconds), "PT20H");
}

TEST(TemporalFunctions, ComponentsOfInstantsAndDurations) {
  const Value t = datetime("1984-11-11T12:31:14.645876123+01:00[Europe/Stockholm]");
  const auto component = [](const Value& v, const char* name) { return temporal_component(v, name).to_literal(); };
  EXPECT_EQ(component(t, "dayOfQuarter"), "42");
  EXPECT_EQ(component(t, "week"), "45");
  EXPECT_EQ(component(t, "timezone"), "'Europe/Stockholm'");
  EXPECT_EQ(component(t, "offset"), "'+01:00'");
  EXPECT_EQ(component(t, "offsetMinutes"), "60");
  EXPECT_EQ(component(t, "epochSeconds"), "469020674");
  EXPECT_EQ(component(t, "epochMillis"), "469020674645");
  EXPECT_EQ(component(t, "microsecond"), "645876");
  EXPECT_EQ(component(t, "fortnight"), "null");
  const Value d = make_duration_value(map({{"years", 1}, {"months", 4}, {"days", 10}, {"seconds", 3661.5}}));
  EXPECT_EQ(component(d, "quarters"), "5");
  EXPECT_EQ(component(d, "monthsOfQuarter"), "1");
  EXPECT_EQ(component(d, "daysOfWeek"), "3");
  EXPECT_EQ(component(d, "minutesOfHour"), "1");
  EXPECT_EQ(component(d, "milliseconds"), "3661500");
}

TEST(TemporalFunctions, Operators) {
  const Value day = make_duration_value("P1DT1H");
  EXPECT_EQ(temporal_add(day, date("1984-10-11")).to_display(), "1984-10-12");
  EXPECT_EQ(temporal_subtract(localtime("00:30"), day).to_display(), "23:30");
  EXPECT_EQ(temporal_multiply(Value(2), day).to_display(), "P2DT2H");
  EXPECT_EQ(temporal_divide(day, Value(2)).to_display(), "PT12H30M");
  EXPECT_TRUE(temporal_add(Value(), day).is_null());
  EXPECT_EQ(error_of([&] { temporal_add(date("1984-10-11"), Value(1)); }), "TypeError.InvalidArgumentType");
  EXPECT_EQ(error_of([&] { temporal_subtract(day, date("1984-10-11")); }), "TypeError.InvalidArgumentType");
}

TEST(TemporalFunctions, DurationsFromMaps) {
  const auto text = [](Map entries) { return make_duration_value(map(std::move(entries))).to_display(); };
  EXPECT_EQ(text({{"months", 0.75}}), "P22DT19H51M49.5S");
  EXPECT_EQ(text({{"seconds", -2}, {"milliseconds", 1}}), "PT-1.999S");
  EXPECT_EQ(text({{"nanoseconds", std::numeric_limits<int64_t>::max()}}), "PT2562047H47M16.854775807S");
  EXPECT_EQ(error_of([&] { text({{"fortnights", 1}}); }), "ArgumentError.InvalidArgumentValue");
  EXPECT_EQ(error_of([&] { text({{"days", "1"}}); }), "TypeError.InvalidArgumentType");
}

}  // namespace
}  // namespace entente
