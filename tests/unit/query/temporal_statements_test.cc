// Dates, times and durations in statements: boundaries of calendars, clocks and zones.
#include "statement_fixture.h"

namespace entente {
namespace {

class TemporalStatementsTest : public StatementTest {
 protected:
  struct Case {
    const char* expression;
    const char* expected;  // as toString() shows it; null for null
  };
  void expect_cases(const std::vector<Case>& cases) const {
    for (const Case& c : cases) {
      const std::string expected = c.expected == nullptr ? "null" : "'" + std::string(c.expected) + "'";
      EXPECT_EQ(run("RETURN toString(" + std::string(c.expression) + ")"), (Rows{expected})) << c.expression;
    }
  }
};

TEST_F(TemporalStatementsTest, AllWaysToWriteADate) {
  expect_cases({{"date('2015-07-21')", "2015-07-21"},
                {"date('20150721')", "2015-07-21"},
                {"date('2015-07')", "2015-07-01"},
                {"date('201507')", "2015-07-01"},
                {"date('2015-W30-2')", "2015-07-21"},
                {"date('2015W302')", "2015-07-21"},
                {"date('2015-W30')", "2015-07-20"},
                {"date('2015W30')", "2015-07-20"},
                {"date('2015-Q2-60')", "2015-05-30"},
                {"date('2015-Q2')", "2015-04-01"},
                {"date('2015-202')", "2015-07-21"},
                {"date('2015202')", "2015-07-21"},
                {"date('2015')", "2015-01-01"},
                {"date('-0044-03-15')", "-0044-03-15"},
                {"date('+12015-07-21')", "+12015-07-21"}});
}

TEST_F(TemporalStatementsTest, AllWaysToWriteATime) {
  expect_cases({{"localtime('21:40:32.142')", "21:40:32.142"},
                {"localtime('214032.142')", "21:40:32.142"},
                {"localtime('21:40')", "21:40"},
                {"localtime('2140')", "21:40"},
                {"localtime('21')", "21:00"},
                {"localtime('00:00:00.000000001')", "00:00:00.000000001"},
                {"time('21:40:32.142+0100')", "21:40:32.142+01:00"},
                {"time('214032Z')", "21:40:32Z"},
                {"time('22-18:00')", "22:00-18:00"},
                {"time('22:15-01')", "22:15-01:00"},
                {"time('22:15+02:03:04')", "22:15+02:03:04"},
                {"localdatetime('2015-07-21T21:40:32.142')", "2015-07-21T21:40:32.142"},
                {"localdatetime('2015-W30-2T214032')", "2015-07-21T21:40:32"},
                {"localdatetime('2015202T21')", "2015-07-21T21:00"},
                {"datetime('2015-07-21T21:40:32.142+0100')", "2015-07-21T21:40:32.142+01:00"},
                {"datetime('2015-07-21T21:40')", "2015-07-21T21:40Z"},
                {"datetime('2015-07-21T21:40[Europe/London]')", "2015-07-21T21:40+01:00[Europe/London]"},
                {"datetime('2015-07-21T21:40-04[America/New_York]')", "2015-07-21T21:40-04:00[America/New_York]"}});
}

TEST_F(TemporalStatementsTest, AllWaysToWriteADuration) {
  expect_cases({{"duration('P14DT16H12M')", "P14DT16H12M"},
                {"duration('P5M1.5D')", "P5M1DT12H"},
                {"duration('P0.75M')", "P22DT19H51M49.5S"},
                {"duration('PT0.75M')", "PT45S"},
                {"duration('P2.5W')", "P17DT12H"},
                {"duration('P1Y2M3W4DT5H6M7.8S')", "P1Y2M25DT5H6M7.8S"},
                {"duration('P2012-02-02T14:37:21.545')", "P2012Y2M2DT14H37M21.545S"},
                {"duration('P-1M')", "P-1M"},
                {"duration('-P1DT2S')", "P-1DT-2S"},
                {"duration('PT-0.000000001S')", "PT-0.000000001S"},
                {"duration('P0D')", "PT0S"},
                {"duration('PT61M')", "PT1H1M"},
                {"duration('P13M')", "P1Y1M"},
                {"duration('PT36H')", "PT36H"},
                {"duration({years: 1, quarters: 1, weeks: 1})", "P1Y3M7D"},
                {"duration({months: 0.5})", "P15DT5H14M33S"},
                {"duration({minutes: 1.5, milliseconds: 1, microseconds: 1, nanoseconds: 1})", "PT1M30.001001001S"},
                {"duration({seconds: -1, nanoseconds: 500000000})", "PT-0.5S"}});
}

TEST_F(TemporalStatementsTest, WhatIsNoTimeIsRefused) {
  for (const char* text : {"date('2015-02-29')",
                           "date('2015-13-01')",
                           "date('2015-00-01')",
                           "date('2015-06-31')",
                           "date('2021-W53')",
                           "date('2021-366')",
                           "date('2021-000')",
                           "date('2015-Q5')",
                           "date('2015-07-001')",
                           "date('')",
                           "date('x')",
                           "date('1000000000-01-01')",
                           "localtime('24:00')",
                           "localtime('12:60')",
                           "localtime('12:00:60')",
                           "localtime('12:0a')",
                           "localtime('12:00:00.0000000001')",
                           "time('12:00+18:01')",
                           "time('12:00+19')",
                           "datetime('2015-07-21T21:40[Europe/Nowhere]')",
                           "localdatetime('2015-07-21 21:40')",
                           "duration('P')",
                           "duration('PT')",
                           "duration('1D')",
                           "duration('P1S')",
                           "duration('PT1D')"}) {
    EXPECT_EQ(error("RETURN " + std::string(text)), "ArgumentError.InvalidArgumentValue@" + std::string(text)) << text;
  }
}

TEST_F(TemporalStatementsTest, NullsMakeNulls) {
  EXPECT_EQ(run("WITH null AS n RETURN date(n), time(n), localtime(n), datetime(n), localdatetime(n), duration(n), "
                "n + duration('P1D'), date('2020-01-01') + n, date('2020-01-01') - n, duration('P1D') * n"),
            (Rows{"null null null null null null null null null null"}));
  EXPECT_EQ(run("WITH null AS n, date('2020-01-01') AS d RETURN duration.between(n, d), duration.inDays(d, n), "
                "date.truncate('year', n), d < n, d = n, n.year"),
            (Rows{"null null null null null null"}));
  expect_error("RETURN date({year: null})", "TypeError.InvalidArgumentType@date({year: null})", "'year'");
}

TEST_F(TemporalStatementsTest, MonthsEndWhereTheyEnd) {
  expect_cases({{"date('2020-02-29') + duration('P1Y')", "2021-02-28"},
                {"date('2020-01-31') + duration('P1M')", "2020-02-29"},
                {"date('2021-03-31') - duration('P1M')", "2021-02-28"},
                {"date('2020-01-31') + duration('P1M1D')", "2020-03-01"},
                {"date('2020-12-31') + duration('P2M')", "2021-02-28"},
                {"date('1900-02-28') + duration('P1D')", "1900-03-01"},
                {"date('2000-02-28') + duration('P1D')", "2000-02-29"},
                {"date('2020-01-01') + duration('PT25H')", "2020-01-02"},
                {"date('2020-01-01') - duration('PT23H')", "2020-01-01"},
                {"duration('P1M') + date('2020-01-31')", "2020-02-29"},
                {"date('0000-01-01') - duration('P1D')", "-0001-12-31"},
                {"date('9999-12-31') + duration('P1D')", "+10000-01-01"},
                {"localdatetime('2020-02-29T23:59:59.999999999') + duration('PT0.000000001S')", "2020-03-01T00:00"},
                {"localtime('23:59:59.999999999') + duration('PT0.000000001S')", "00:00"},
                {"localtime('00:00') - duration('PT1S')", "23:59:59"},
                {"localtime('12:00') + duration('P5D')", "12:00"},
                {"time('23:30-01:00') + duration('PT1H')", "00:30-01:00"}});
}

TEST_F(TemporalStatementsTest, TheEndsOfTheCalendar) {
  expect_cases({{"date('+999999999-12-31')", "+999999999-12-31"},
                {"date('-999999999-01-01')", "-999999999-01-01"},
                {"date('+999999999-12-31') - duration('P1D')", "+999999999-12-30"},
                {"duration.between(date('-999999999-01-01'), date('+999999999-12-31'))", "P1999999998Y11M30D"}});
  for (const char* text : {"date('+999999999-12-31') + duration('P1D')", "date('-999999999-01-01') - duration('P1D')",
                           "date('2020-01-01') + duration('P2000000000Y')",
                           "localdatetime('+999999999-12-31T23:59:59') + duration('PT1S')",
                           "datetime('-999999999-01-01T00:00Z') - duration('PT1S')"}) {
    const std::string found = error("RETURN " + std::string(text));
    EXPECT_TRUE(found.starts_with("ArgumentError.") || found.starts_with("ArithmeticError.")) << text << ": " << found;
  }
}

TEST_F(TemporalStatementsTest, WeeksQuartersAndOrdinalDays) {
  EXPECT_EQ(run("UNWIND ['2020-12-31', '2021-01-03', '2021-01-04', '2018-12-31', '2016-01-01'] AS s WITH date(s) AS d "
                "RETURN d.weekYear, d.week, d.weekDay, d.ordinalDay, d.quarter, d.dayOfQuarter"),
            (Rows{"2020 53 4 366 4 92", "2020 53 7 3 1 3", "2021 1 1 4 1 4", "2019 1 1 365 4 92", "2015 53 5 1 1 1"}));
  expect_cases({{"date({year: 2020, week: 53, dayOfWeek: 7})", "2021-01-03"},
                {"date({year: 2020, ordinalDay: 366})", "2020-12-31"},
                {"date({year: 2020, quarter: 1, dayOfQuarter: 91})", "2020-03-31"},
                {"date({year: 2021, week: 1})", "2021-01-04"},
                {"date({year: 2020, quarter: 4})", "2020-10-01"}});
  for (const char* text : {"date({year: 2021, week: 53})", "date({year: 2021, ordinalDay: 366})",
                           "date({year: 2021, quarter: 1, dayOfQuarter: 91})", "date({year: 2020, quarter: 5})",
                           "date({year: 2020, week: 1, dayOfWeek: 8})"}) {
    EXPECT_EQ(error("RETURN " + std::string(text)), "ArgumentError.InvalidArgumentValue@" + std::string(text)) << text;
  }
}

TEST_F(TemporalStatementsTest, ClocksThatAreSetForwardAndBack) {
  // In Stockholm 2:00 to 3:00 is not there on 25 March 2018, and is there twice on 28 October.
  expect_cases(
      {{"datetime('2018-03-25T01:30[Europe/Stockholm]') + duration('PT1H')",
        "2018-03-25T03:30+02:00[Europe/Stockholm]"},
       {"datetime('2018-03-25T02:30[Europe/Stockholm]')", "2018-03-25T03:30+02:00[Europe/Stockholm]"},
       {"datetime('2018-10-28T02:30[Europe/Stockholm]')", "2018-10-28T02:30+02:00[Europe/Stockholm]"},
       {"datetime('2018-10-28T02:30[Europe/Stockholm]') + duration('PT1H')",
        "2018-10-28T02:30+01:00[Europe/Stockholm]"},
       {"datetime('2018-10-28T02:30+01:00[Europe/Stockholm]')", "2018-10-28T02:30+01:00[Europe/Stockholm]"},
       {"datetime('2018-03-24T12:00[Europe/Stockholm]') + duration('P1D')", "2018-03-25T12:00+02:00[Europe/Stockholm]"},
       {"datetime('2018-03-24T12:00[Europe/Stockholm]') + duration('PT24H')",
        "2018-03-25T13:00+02:00[Europe/Stockholm]"},
       {"datetime('2018-03-24T02:30[Europe/Stockholm]') + duration('P1D')", "2018-03-25T03:30+02:00[Europe/Stockholm]"},
       {"duration.between(datetime('2018-03-24T12:00[Europe/Stockholm]'), "
        "datetime('2018-03-25T12:00[Europe/Stockholm]'))",
        "P1D"},
       {"duration.inSeconds(datetime('2018-03-24T12:00[Europe/Stockholm]'), "
        "datetime('2018-03-25T12:00[Europe/Stockholm]'))",
        "PT23H"},
       {"datetime({datetime: datetime('2018-06-01T12:00[Europe/Stockholm]'), timezone: 'America/New_York'})",
        "2018-06-01T06:00-04:00[America/New_York]"},
       {"datetime({year: 1984, month: 10, day: 11, timezone: '-02:30'})", "1984-10-11T00:00-02:30"}});
}

TEST_F(TemporalStatementsTest, TruncationAtTheEndsOfUnits) {
  expect_cases({{"date.truncate('weekYear', date('2021-01-01'))", "2019-12-30"},
                {"date.truncate('week', date('2021-01-01'))", "2020-12-28"},
                {"date.truncate('quarter', date('2021-03-31'))", "2021-01-01"},
                {"date.truncate('decade', date('1999-12-31'))", "1990-01-01"},
                {"date.truncate('century', date('1999-12-31'))", "1900-01-01"},
                {"date.truncate('millennium', date('1999-12-31'))", "1000-01-01"},
                {"date.truncate('decade', date('-0005-06-01'))", "-0010-01-01"},
                {"date.truncate('century', date('-0001-06-01'))", "-0100-01-01"},
                {"date.truncate('month', datetime('2021-03-31T12:00+05:00'), {day: 31})", "2021-03-31"},
                {"localtime.truncate('millisecond', localtime('12:31:14.645876123'))", "12:31:14.645"},
                {"time.truncate('hour', time('12:31:14+01:00'))", "12:00+01:00"},
                {"datetime.truncate('day', localdatetime('2021-03-31T12:00'))", "2021-03-31T00:00Z"},
                {"localdatetime.truncate('year', date('2021-03-31'), {month: 2, day: 28})", "2021-02-28T00:00"}});
  EXPECT_EQ(error("RETURN date.truncate('hour', date('2020-01-01'))"),
            "ArgumentError.InvalidArgumentValue@date.truncate('hour', date('2020-01-01'))");
  EXPECT_EQ(error("RETURN date.truncate('month', date('2021-02-01'), {day: 29})"),
            "ArgumentError.InvalidArgumentValue@date.truncate('month', date('2021-02-01'), {day: 29})");
}

TEST_F(TemporalStatementsTest, EpochsAndComponents) {
  EXPECT_EQ(run("RETURN datetime('0000-01-01T00:00Z').epochSeconds, datetime('1970-01-01T00:00-00:01').epochMillis, "
                "datetime('1969-12-31T23:59:59.5Z').epochSeconds, datetime('1969-12-31T23:59:59.999Z').epochMillis"),
            (Rows{"-62167219200 60000 -1 -1"}));
  expect_cases({{"datetime.fromEpoch(-1, 999999999)", "1969-12-31T23:59:59.999999999Z"},
                {"datetime.fromEpoch(416779, 0)", "1970-01-05T19:46:19Z"},
                {"datetime.fromEpochMillis(-1)", "1969-12-31T23:59:59.999Z"},
                {"datetime({epochMillis: 1})", "1970-01-01T00:00:00.001Z"}});
  EXPECT_EQ(run("WITH time('12:31:14.645876123+01:30') AS t RETURN t.hour, t.minute, t.second, t.millisecond, "
                "t.microsecond, t.nanosecond, t.timezone, t.offset, t.offsetMinutes, t.offsetSeconds"),
            (Rows{"12 31 14 645 645876 645876123 '+01:30' '+01:30' 90 5400"}));
  EXPECT_EQ(
      run("WITH duration('P1Y4M10DT1H1M1.111111111S') AS d RETURN d.years, d.quarters, d.quartersOfYear, d.months, "
          "d.monthsOfYear, d.monthsOfQuarter, d.weeks, d.days, d.daysOfWeek"),
      (Rows{"1 5 1 16 4 1 1 10 3"}));
  EXPECT_EQ(
      run("WITH duration('P1Y4M10DT1H1M1.111111111S') AS d RETURN d.hours, d.minutes, d.minutesOfHour, d.seconds, "
          "d.secondsOfMinute, d.milliseconds, d.millisecondsOfSecond, d.microseconds, d.microsecondsOfSecond, "
          "d.nanoseconds, d.nanosecondsOfSecond"),
      (Rows{"1 61 1 3661 1 3661111 111 3661111111 111111 3661111111111 111111111"}));
  EXPECT_EQ(run("WITH duration('PT-1.5S') AS d RETURN d.seconds, d.nanosecondsOfSecond, d.milliseconds"),
            (Rows{"-2 500000000 -1500"}));
  EXPECT_EQ(run("RETURN date('2020-01-01').hour, localtime('12:00').year, duration('P1D').fortnights"),
            (Rows{"null null null"}));
}

TEST_F(TemporalStatementsTest, Comparisons) {
  EXPECT_EQ(
      run("RETURN date('2020-01-01') < date('2020-01-02'), date('2020-01-01') = date('2020-W01-3'), "
          "date('2020-01-01') = localdatetime('2020-01-01T00:00'), "
          "date('2020-01-01') < localdatetime('2020-01-02T00:00'), date('2020-01-01') <> 1, date('2020-01-01') < 1"),
      (Rows{"true true false null true null"}));
  EXPECT_EQ(run("RETURN datetime('2020-01-01T12:00+02:00') < datetime('2020-01-01T11:00Z'), "
                "datetime('2020-01-01T12:00+02:00') <= datetime('2020-01-01T10:00Z'), "
                "time('12:00+01:00') < time('12:00Z'), time('12:00+01:00') = time('12:00+01:00')"),
            (Rows{"true false true true"}));  // of the same instants the one further west is first
  EXPECT_EQ(run("RETURN duration('P1Y') = duration('P12M'), duration('P1D') = duration('PT24H'), duration('P1W') = "
                "duration('P7D'), duration('P1D') < duration('P2D'), duration('PT60S') = duration('PT1M')"),
            (Rows{"true false true null true"}));
}

TEST_F(TemporalStatementsTest, ArithmeticOfDurations) {
  expect_cases({{"duration('P1M') + duration('PT1S')", "P1MT1S"},
                {"duration('P1M') - duration('P1D')", "P1M-1D"},
                {"-1 * duration('P1MT1S')", "P-1MT-1S"},
                {"duration('P1M') * 1.5", "P1M15DT5H14M33S"},
                {"duration('P1D') / 2", "PT12H"},
                {"duration('PT1S') / 1000", "PT0.001S"},
                {"duration('P1Y') * 0", "PT0S"}});
  EXPECT_EQ(error("RETURN duration('P1D') / 0"), "ArithmeticError.DivisionByZero@duration('P1D') / 0");
  EXPECT_EQ(error("RETURN date('2020-01-01') - date('2020-01-01')"),
            "TypeError.InvalidArgumentType@date('2020-01-01') - date('2020-01-01')");
  EXPECT_EQ(error("RETURN date('2020-01-01') + 1"), "TypeError.InvalidArgumentType@date('2020-01-01') + 1");
  for (const char* text : {"duration({years: 9223372036854775807})", "duration({months: 9223372036854775807}) * 2",
                           "duration({days: 9223372036854775807}) + duration('P1D')"}) {
    const std::string found = error("RETURN " + std::string(text));
    EXPECT_TRUE(found.starts_with("ArgumentError.") || found.starts_with("ArithmeticError.")) << text << ": " << found;
  }
}

TEST_F(TemporalStatementsTest, AsProperties) {
  const std::vector<std::string> graph{
      "CREATE INDEX FOR (n:T) ON (n.d)",
      "UNWIND range(0, 4999) AS i CREATE (:T {i: i, d: date('2000-01-01') + duration({days: i})})",
      "CREATE (:T {i: -1, d: localtime('12:00')}), (:T {i: -2, d: duration('P1D')}), (:T {i: -3, d: 'text'})"};
  const auto rows = [&](const std::string& query) {
    std::vector<std::string> statements = graph;
    statements.push_back(query);
    return run(statements);
  };
  EXPECT_EQ(rows("MATCH (n:T) WHERE n.d = date('2004-02-29') RETURN n.i"), (Rows{"1520"}));
  EXPECT_EQ(rows("MATCH (n:T) WHERE n.d >= date('2013-09-07') RETURN n.d.day ORDER BY n.d"), (Rows{"7", "8"}));
  EXPECT_EQ(rows("MATCH (n:T) WHERE n.i >= 0 RETURN n.d.year AS y, count(*) ORDER BY y LIMIT 2"),
            (Rows{"2000 366", "2001 365"}));
  EXPECT_EQ(rows("MATCH (n:T) WHERE n.i < 0 RETURN n.d ORDER BY n.i"),
            (Rows{"'text'", "duration('P1D')", "localtime('12:00')"}));
}

TEST_F(TemporalStatementsTest, ClocksStandStillInAStatement) {
  EXPECT_EQ(run("UNWIND range(1, 3000) AS x RETURN count(DISTINCT datetime()), count(DISTINCT localtime.statement())"),
            (Rows{"1 1"}));
  EXPECT_EQ(run("RETURN datetime() = datetime.transaction(), datetime.realtime() >= datetime.statement(), date() = "
                "date(datetime()), time({timezone: 'UTC'}).offset, datetime({timezone: '+03:00'}).offset, "
                "localdatetime({timezone: '+03:00'}) > localdatetime({timezone: '-03:00'}), "
                "timestamp() = datetime().epochMillis"),
            (Rows{"true true true 'Z' '+03:00' true true"}));
}

}  // namespace
}  // namespace entente
