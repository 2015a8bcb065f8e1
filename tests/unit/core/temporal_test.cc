#include "entente/core/temporal.h"

#include <gtest/gtest.h>

#include <limits>

#include "entente/core/error.h"

namespace entente {
namespace {

Date date(int64_t year, int month, int day) { return *make_date(year, month, day); }

TEST(Calendar, DaysAndDatesConvertBothWays) {
  EXPECT_EQ(days_from_civil(1970, 1, 1), 0);
  EXPECT_EQ(days_from_civil(2000, 3, 1), 11'017);
  EXPECT_EQ(days_from_civil(-1, 12, 31) + 1, days_from_civil(0, 1, 1));
  EXPECT_EQ(days_from_civil(0, 2, 29) + 1, days_from_civil(0, 3, 1));
  for (const int64_t start : {days_from_civil(kMinYear, 1, 1), int64_t{-719'600}, int64_t{-400}, int64_t{10'900},
                              days_from_civil(kMaxYear, 1, 1)}) {
    CivilDate before = civil_from_days(start);
    for (int64_t days = start + 1; days < start + kDaysPerEra; ++days) {
      const CivilDate now = civil_from_days(days);
      EXPECT_EQ(days_from_civil(now.year, now.month, now.day), days);
      const bool same_month = now.month == before.month;
      EXPECT_EQ(now.day, same_month ? before.day + 1 : 1);
      if (!same_month) {
        EXPECT_EQ(before.day, days_in_month(before.year, before.month));
      }
      before = now;
    }
  }
}

TEST(Calendar, WeeksFollowIso) {
  EXPECT_EQ(day_of_week(0), 4);
  EXPECT_EQ(day_of_week(-4), 7);
  const IsoWeek week = iso_week(date(1984, 1, 1).days);
  EXPECT_EQ(week.year, 1983);
  EXPECT_EQ(week.week, 52);
  EXPECT_EQ(make_week_date(1817, 1, 2), date(1816, 12, 31));
  EXPECT_EQ(make_week_date(1818, 53, 1), date(1818, 12, 28));
  EXPECT_EQ(make_week_date(1817, 53, 1), std::nullopt);
  EXPECT_EQ(make_quarter_date(1984, 3, 45), date(1984, 8, 14));
  EXPECT_EQ(make_quarter_date(1984, 2, 92), std::nullopt);
  EXPECT_EQ(make_ordinal_date(1984, 366), date(1984, 12, 31));
  EXPECT_EQ(make_ordinal_date(1985, 366), std::nullopt);
  EXPECT_EQ(make_date(2021, 2, 29), std::nullopt);
}

TEST(TemporalText, ReadsTheFormsOfDates) {
  const std::pair<const char*, Date> cases[] = {
      {"2015-07-21", date(2015, 7, 21)}, {"20150721", date(2015, 7, 21)},    {"2015-07", date(2015, 7, 1)},
      {"201507", date(2015, 7, 1)},      {"2015-W30-2", date(2015, 7, 21)},  {"2015W302", date(2015, 7, 21)},
      {"2015-W30", date(2015, 7, 20)},   {"2015W30", date(2015, 7, 20)},     {"2015-202", date(2015, 7, 21)},
      {"2015202", date(2015, 7, 21)},    {"2015", date(2015, 1, 1)},         {"2015-Q2-60", date(2015, 5, 30)},
      {"2015Q260", date(2015, 5, 30)},   {"2015-Q2", date(2015, 4, 1)},      {"2015-7-2", date(2015, 7, 2)},
      {"-0001-12-31", date(-1, 12, 31)}, {"+12345-01-01", date(12345, 1, 1)}};
  for (const auto& [text, expected] : cases) EXPECT_EQ(parse_date(text), expected) << text;
  for (const char* bad :
       {"", "-", "2015-", "2015-13", "2015-00-01", "2015-02-30", "2015-07-21x", "2015-W54", "20150", "201507211",
        "2015W", "2015-Q5", "+1234567890-01-01", "2015-07-21T", "2015 -07", "2015-W30-8", "2015W30-2", "2015-Q2-92"}) {
    EXPECT_EQ(parse_date(bad), std::nullopt) << bad;
  }
}

TEST(TemporalText, ReadsTheFormsOfTimes) {
  for (const auto& [text, expected] : {std::pair{"21:40:32.142", "21:40:32.142"},
                                       {"214032.142", "21:40:32.142"},
                                       {"21:40:32", "21:40:32"},
                                       {"2140", "21:40"},
                                       {"21", "21:00"},
                                       {"00:00:00.000000001", "00:00:00.000000001"},
                                       {"1:2:3,5", "01:02:03.500"}}) {
    const auto time = parse_local_time(text);
    ASSERT_TRUE(time) << text;
    EXPECT_EQ(to_string(*time), expected);
  }
  for (const char* bad :
       {"", "24:00", "21:60", "21:40:60", "21:4032", "214:0", "21:40:32.", "21:40:32.1234567890", "x"}) {
    EXPECT_EQ(parse_local_time(bad), std::nullopt) << bad;
  }
  for (const auto& [text, expected] : {std::pair{"21:40:32.142+0100", "21:40:32.142+01:00"},
                                       {"2140-00:00", "21:40Z"},
                                       {"2140-02", "21:40-02:00"},
                                       {"22+18:00", "22:00+18:00"},
                                       {"12:00+02:05:59", "12:00+02:05:59"},
                                       {"14:30", "14:30Z"}}) {
    const auto time = parse_time(text);
    ASSERT_TRUE(time) << text;
    EXPECT_EQ(to_string(*time), expected);
  }
  for (const char* bad : {"12:00+19:00", "12:00+1", "12:00+01:60", "12:00+", "12:00ZZ", "12:00+01:0000"}) {
    EXPECT_EQ(parse_time(bad), std::nullopt) << bad;
  }
}

TEST(TemporalText, ReadsDateTimesWithZones) {
  for (const auto& [text, expected] :
       {std::pair{"2015-W30-2T214032.142Z", "2015-07-21T21:40:32.142Z"},
        {"2015T214032-0100", "2015-01-01T21:40:32-01:00"},
        {"2015-07-21T21:40:32.142+0845[Australia/Eucla]", "2015-07-21T21:40:32.142+08:45[Australia/Eucla]"},
        {"2015-07-21T21:40:32.142[Europe/London]", "2015-07-21T21:40:32.142+01:00[Europe/London]"},
        {"2015-07-21[America/Toronto]", "2015-07-21T00:00-04:00[America/Toronto]"},
        {"2015-07-21T12:00Z[UTC]", "2015-07-21T12:00Z[UTC]"},
        {"2015-07-21", "2015-07-21T00:00Z"}}) {
    const auto time = parse_date_time(text);
    ASSERT_TRUE(time) << text;
    EXPECT_EQ(to_string(*time), expected);
    EXPECT_EQ(parse_date_time(to_string(*time)), *time);
  }
  for (const char* bad : {"2015-07-21T21:40[Mars/Olympus]", "2015-07-21T21:40[]", "2015-07-21T21:40]",
                          "2015-07-21T21:40+05:00[Europe/Stockholm]", "2015-07-21T", "T21:40"}) {
    EXPECT_EQ(parse_date_time(bad), std::nullopt) << bad;
  }
  EXPECT_EQ(to_string(*parse_local_date_time("-999999999-01-01")), "-999999999-01-01T00:00");
}

TEST(TemporalText, ReadsTheFormsOfDurations) {
  for (const auto& [text, expected] : {std::pair{"P14DT16H12M", "P14DT16H12M"},
                                       {"P5M1.5D", "P5M1DT12H"},
                                       {"P0.75M", "P22DT19H51M49.5S"},
                                       {"PT0.75M", "PT45S"},
                                       {"P2.5W", "P17DT12H"},
                                       {"P12Y5M14DT16H12M70S", "P12Y5M14DT16H13M10S"},
                                       {"P2012-02-02T14:37:21.545", "P2012Y2M2DT14H37M21.545S"},
                                       {"P20120202T143721.545", "P2012Y2M2DT14H37M21.545S"},
                                       {"P12.5Y", "P12Y6M"},
                                       {"-P1DT2.5H", "P-1DT-2H-30M"},
                                       {"PT-1M-0.001S", "PT-1M-0.001S"},
                                       {"P12Y5M-14DT16H", "P12Y5M-14DT16H"},
                                       {"PT-9223372036854775808S", "PT-2562047788015215H-30M-8S"}}) {
    const auto duration = parse_duration(text);
    ASSERT_TRUE(duration) << text;
    EXPECT_EQ(to_string(*duration), expected);
    EXPECT_EQ(parse_duration(to_string(*duration)), *duration);
  }
  for (const char* bad : {"", "P", "PT", "P1", "P1DT", "1D", "P1D2Y", "P1H", "PT1D", "P1D1D", "P1.D", "PT1.1234567890S",
                          "P99999999999999999999D", "P9223372036854775807Y", "P2012-02", "P1Dx"}) {
    EXPECT_EQ(parse_duration(bad), std::nullopt) << bad;
  }
}

TEST(TemporalText, YearsKeepFourDigitsOrASign) {
  EXPECT_EQ(to_string(date(28, 11, 11)), "0028-11-11");
  EXPECT_EQ(to_string(date(-28, 11, 11)), "-0028-11-11");
  EXPECT_EQ(to_string(date(kMaxYear, 12, 31)), "+999999999-12-31");
  EXPECT_EQ(parse_date("-999999999-01-01"), date(kMinYear, 1, 1));
}

TEST(TimeZone, KnowsHistoryAndFuture) {
  const auto text = [](const char* s) { return to_string(parse_date_time(s).value()); };
  EXPECT_EQ(text("1818-07-21T21:40:32.142[Europe/Stockholm]"), "1818-07-21T21:40:32.142+00:53:28[Europe/Stockholm]");
  EXPECT_EQ(text("1869-01-01T00:00[Asia/Tokyo]"), "1869-01-01T00:00+09:18:59[Asia/Tokyo]");
  // Rules go on after the years that the database lists: here on the second Sunday of March in a leap year.
  EXPECT_EQ(text("2048-03-08T01:59[America/New_York]"), "2048-03-08T01:59-05:00[America/New_York]");
  EXPECT_EQ(text("2048-03-08T03:00[America/New_York]"), "2048-03-08T03:00-04:00[America/New_York]");
  EXPECT_EQ(text("+999999999-07-01T00:00[Europe/Paris]"), "+999999999-07-01T00:00+02:00[Europe/Paris]");
  EXPECT_EQ(text("-999999999-07-01T00:00[Europe/Paris]"), "-999999999-07-01T00:00+00:09:21[Europe/Paris]");
  EXPECT_EQ(zone_offset_at_instant("Nowhere/Land", 0), std::nullopt);
  EXPECT_EQ(zone_offset_at_local("", {}), std::nullopt);
}

TEST(TimeZone, ResolvesGapsAndOverlaps) {
  const auto text = [](const char* s) { return to_string(parse_date_time(s).value()); };
  EXPECT_EQ(text("2017-03-26T02:30[Europe/Stockholm]"), "2017-03-26T03:30+02:00[Europe/Stockholm]");
  EXPECT_EQ(text("2017-10-29T02:30[Europe/Stockholm]"), "2017-10-29T02:30+02:00[Europe/Stockholm]");
  EXPECT_EQ(text("2017-10-29T02:30+01:00[Europe/Stockholm]"), "2017-10-29T02:30+01:00[Europe/Stockholm]");
}

TEST(TemporalArithmetic, MonthsClipAndSecondsCarryIntoDays) {
  EXPECT_EQ(add(date(2020, 1, 31), Duration{.months = 1}), date(2020, 2, 29));
  EXPECT_EQ(add(date(2020, 3, 31), Duration{.months = -13}), date(2019, 2, 28));
  EXPECT_EQ(add(date(2020, 1, 1), Duration{.seconds = 33 * 3600}), date(2020, 1, 2));
  EXPECT_EQ(add(date(2020, 1, 1), Duration{.seconds = -kSecondsPerDay, .nanos = 1}), date(2020, 1, 1));
  EXPECT_EQ(add(LocalTime{0}, Duration{.days = 5, .seconds = -1}), LocalTime{kNanosPerDay - kNanosPerSecond});
  const LocalDateTime t{0, 999'999'999};
  EXPECT_EQ(add(t, Duration{.nanos = 1}), (LocalDateTime{1, 0}));
}

TEST(TemporalArithmetic, DaysAreLocalAndSecondsAreReal) {
  const DateTime t = *parse_date_time("2017-10-28T23:00+02:00[Europe/Stockholm]");
  EXPECT_EQ(to_string(add(t, Duration{.days = 1})), "2017-10-29T23:00+01:00[Europe/Stockholm]");
  EXPECT_EQ(to_string(add(t, Duration{.seconds = kSecondsPerDay})), "2017-10-29T22:00+01:00[Europe/Stockholm]");
}

TEST(TemporalArithmetic, StaysWithinTheCalendar) {
  constexpr int64_t kHigh = std::numeric_limits<int64_t>::max();
  const Date last = date(kMaxYear, 12, 31);
  EXPECT_THROW(add(last, Duration{.days = 1}), Error);
  EXPECT_THROW(add(last, Duration{.months = kHigh}), Error);
  EXPECT_THROW(add(last, Duration{.days = kHigh}), Error);
  EXPECT_THROW(add(combine(last, {}), Duration{.seconds = kHigh}), Error);
  EXPECT_THROW(add(Duration{.months = kHigh}, Duration{.months = 1}), Error);
  EXPECT_THROW(negate(Duration{.days = std::numeric_limits<int64_t>::min()}), Error);
  EXPECT_THROW(multiply(Duration{.days = kHigh}, 2), Error);
  EXPECT_THROW(multiply(Duration{.days = 1}, std::numeric_limits<double>::infinity()), Error);
  EXPECT_THROW(multiply(Duration{.days = 1}, std::numeric_limits<double>::quiet_NaN()), Error);
  EXPECT_THROW(divide(Duration{.days = 1}, 0), Error);
}

TEST(TemporalArithmetic, DurationsScaleByAverages) {
  const Duration d = *parse_duration("P12Y5M14DT16H13M10.000000001S");
  EXPECT_EQ(to_string(divide(d, 2)), "P6Y2M22DT13H21M8S");
  EXPECT_EQ(to_string(multiply(d, 0.5)), "P6Y2M22DT13H21M8S");
  EXPECT_EQ(to_string(divide(d, 0.5)), "P24Y10M28DT32H26M20.000000002S");
  EXPECT_EQ(to_string(divide(Duration{.months = 3}, 3)), "P1M");
  EXPECT_EQ(to_string(multiply(Duration{.months = 10}, 0.7)), "P7M");
  EXPECT_EQ(multiply(Duration{.seconds = 9007199254740993}, 3).seconds, 27021597764222979);
  EXPECT_EQ(divide(Duration{.seconds = 9007199254740993}, 3).seconds, 3002399751580331);
}

TEST(TemporalArithmetic, DurationTextKeepsOneSignPerPart) {
  EXPECT_EQ(to_string(make_duration(0, 0, 2, -1'000'000)), "PT1.999S");
  EXPECT_EQ(to_string(make_duration(0, 0, -2, 1'000'000)), "PT-1.999S");
  EXPECT_EQ(to_string(make_duration(0, 1, 0, -1'000'000)), "P1DT-0.001S");
  EXPECT_EQ(to_string(make_duration(0, 0, -60, -1'000'000)), "PT-1M-0.001S");
  EXPECT_EQ(to_string(make_duration(-7, 0, 0, 0)), "P-7M");
  EXPECT_EQ(to_string(Duration{}), "PT0S");
}

}  // namespace
}  // namespace entente
