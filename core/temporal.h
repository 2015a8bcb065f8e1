// The temporal types of openCypher as plain values, and their arithmetic.
//
// The calendar is the proleptic ISO calendar; years run from -999,999,999 to 999,999,999. Leap seconds do
// not exist. Zones come from the system's time-zone database through the Howard Hinnant date library.
// All functions are pure and may be called from any thread; what is out of range or malformed throws
// Error ArgumentError/SyntaxError as noted at each.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace entente {

inline constexpr int64_t kNanosPerSecond = 1'000'000'000;
inline constexpr int64_t kSecondsPerDay = 86'400;
inline constexpr int64_t kNanosPerDay = kSecondsPerDay * kNanosPerSecond;

struct Date {
  int64_t days = 0;  // since 1970-01-01
  friend auto operator<=>(const Date&, const Date&) = default;
};

struct LocalTime {
  int64_t nanos = 0;  // since midnight, [0, kNanosPerDay)
  friend auto operator<=>(const LocalTime&, const LocalTime&) = default;
};

/// A time of day with an offset from UTC. Ordered by the instant, then by the offset.
struct Time {
  LocalTime local;
  int32_t offset = 0;  // seconds east of UTC
  int64_t utc_nanos() const { return local.nanos - offset * kNanosPerSecond; }
  friend bool operator==(const Time&, const Time&) = default;
};

struct LocalDateTime {
  int64_t seconds = 0;  // since 1970-01-01T00:00, no zone
  int32_t nanos = 0;    // [0, kNanosPerSecond)
  friend auto operator<=>(const LocalDateTime&, const LocalDateTime&) = default;
};

/// An instant with an offset and, if it was given by name, the zone.
struct DateTime {
  LocalDateTime local;
  int32_t offset = 0;  // seconds east of UTC
  std::string zone;    // "Europe/Stockholm", or empty for a fixed offset
  int64_t utc_seconds() const { return local.seconds - offset; }
  friend bool operator==(const DateTime&, const DateTime&) = default;
};

/// Four counts that do not convert into one another: months, days, seconds, nanoseconds.
struct Duration {
  int64_t months = 0;
  int64_t days = 0;
  int64_t seconds = 0;
  int32_t nanos = 0;  // [0, kNanosPerSecond): the seconds carry the sign
  friend bool operator==(const Duration&, const Duration&) = default;
};

/// Year, month and day of a date, and back.
struct CivilDate {
  int64_t year;
  int month;  // 1..12
  int day;    // 1..31
};
int64_t days_from_civil(int64_t year, int month, int day);

inline constexpr int64_t kDaysPerEra = 146'097;   // of 400 years
inline constexpr int64_t kDaysToEpoch = 719'468;  // from 0000-03-01 to 1970-01-01

// Days and dates convert by eras of 400 years that begin in March, so that the leap day comes last in its year. The way
// back counts from an era before the first year of the calendar, so that nothing is negative, and takes the century,
// the year of it, and the month by one multiplication each; after Cassio Neri, Lorenz Schneider, "Euclidean affine
// functions and their application to calendar algorithms" (2022), figure 12.
inline CivilDate civil_from_days(int64_t days) {
  constexpr int64_t kEras = 2'500'001;  // from the begin to the year 0
  const uint64_t quarters = 4 * static_cast<uint64_t>(days + kDaysToEpoch + kEras * kDaysPerEra) + 3;
  const uint64_t century = quarters / kDaysPerEra;
  const auto of_century = static_cast<uint32_t>(quarters % kDaysPerEra) | 3;
  const uint64_t product = uint64_t{2'939'745} * of_century;
  const auto day_of_year = static_cast<uint32_t>(product) / 2'939'745 / 4;
  const uint32_t from_march = 2'141 * day_of_year + 197'913;
  const bool next_year = day_of_year >= 306;  // January or February
  const auto year = static_cast<int64_t>(100 * century + (product >> 32) + (next_year ? 1 : 0)) - 400 * kEras;
  return {year, static_cast<int>(from_march >> 16) - (next_year ? 12 : 0),
          static_cast<int>((from_march & 0xFFFF) / 2'141) + 1};
}

inline constexpr int64_t kMaxYear = 999'999'999;
inline constexpr int64_t kMinYear = -kMaxYear;
/// The widest offset from UTC, in seconds.
inline constexpr int32_t kMaxOffset = 18 * 3600;

bool is_leap_year(int64_t year);
int days_in_month(int64_t year, int month);
/// 1 (Monday) to 7.
int day_of_week(int64_t days);
/// The ISO week a day is in; its year differs from the calendar's around New Year.
struct IsoWeek {
  int64_t year;
  int week;  // 1..53
};
IsoWeek iso_week(int64_t days);
/// Monday of week 1 of a week-based year.
int64_t first_day_of_week_year(int64_t year);
int weeks_in_week_year(int64_t year);
/// A date of the calendar, or no value if there is none such within the years allowed.
std::optional<Date> make_date(int64_t year, int64_t month, int64_t day);
std::optional<Date> make_week_date(int64_t week_year, int64_t week, int64_t day_of_week);
std::optional<Date> make_quarter_date(int64_t year, int64_t quarter, int64_t day_of_quarter);
std::optional<Date> make_ordinal_date(int64_t year, int64_t day_of_year);

Date date_of(const LocalDateTime& t);
LocalTime time_of(const LocalDateTime& t);
LocalDateTime combine(Date d, LocalTime t);

// ISO 8601 text, in the forms openCypher accepts. No value if the text is not of that form.
std::optional<Date> parse_date(std::string_view text);
std::optional<LocalTime> parse_local_time(std::string_view text);
std::optional<Time> parse_time(std::string_view text);
std::optional<LocalDateTime> parse_local_date_time(std::string_view text);
std::optional<DateTime> parse_date_time(std::string_view text);
std::optional<Duration> parse_duration(std::string_view text);
/// An offset from UTC in seconds: "Z", "+01", "+0100", "-01:30", "+02:05:59".
std::optional<int32_t> parse_offset(std::string_view text);

// Canonical ISO 8601 text; what parse_* reads back to an equal value.
std::string to_string(Date d);
std::string to_string(LocalTime t);
std::string to_string(Time t);
std::string to_string(LocalDateTime t);
std::string to_string(const DateTime& t);
std::string to_string(const Duration& d);
/// "Z", "+01:00", "-02:05:07".
std::string offset_to_string(int32_t offset);

/// The offset in seconds of a zone at a local time (in a gap or an overlap: the earlier offset), or no
/// value if the zone's name is unknown.
std::optional<int32_t> zone_offset_at_local(std::string_view zone, const LocalDateTime& local);
/// The same at an instant given in seconds since 1970-01-01T00:00Z.
std::optional<int32_t> zone_offset_at_instant(std::string_view zone, int64_t utc_seconds);
/// The date-time that a zone's clocks show as `local`. In an overlap the offset `preferred` is taken if it is one of
/// the two, else the earlier; a time in a gap moves forward by the gap's length. No value if the zone is unknown.
std::optional<DateTime> resolve_local(std::string_view zone, const LocalDateTime& local,
                                      std::optional<int32_t> preferred = std::nullopt);
/// The same instant at a fixed offset, or as a zone's clocks show it (no value if the zone is unknown).
DateTime at_offset(int64_t utc_seconds, int32_t nanos, int32_t offset);
std::optional<DateTime> at_zone(std::string_view zone, int64_t utc_seconds, int32_t nanos);

// Adding a duration: months first (the day clipped to the month's length), then days, then the seconds.
// Times of day wrap. Throws ArgumentError.NumberOutOfRange past the calendar's end.
Date add(Date d, const Duration& by);
LocalTime add(LocalTime t, const Duration& by);
Time add(Time t, const Duration& by);
LocalDateTime add(LocalDateTime t, const Duration& by);
DateTime add(const DateTime& t, const Duration& by);
Duration add(const Duration& a, const Duration& b);
Duration negate(const Duration& d);
/// Multiplies each count; fractions of months and days spill into the next smaller count
/// (a month is 2,629,746 seconds, a day 86,400).
Duration multiply(const Duration& d, double by);
Duration divide(const Duration& d, double by);
/// From counts in any sizes: nanoseconds carry into the seconds.
Duration make_duration(int64_t months, int64_t days, int64_t seconds, int64_t nanos);
/// Sums amounts of units into a duration; what is left of a whole month, day or second spills into the next smaller
/// count as multiply() says. total() throws ArgumentError.NumberOutOfRange if a count passes 64 bits.
class DurationSum {
 public:
  enum class Count : uint8_t { Months, Days, Seconds, Nanos };
  /// `amount` units of which each is worth `size` of the count: add(Count::Days, 7, weeks).
  void add(Count count, int64_t size, int64_t amount);
  void add(Count count, int64_t size, double amount);
  /// The fraction numerator / denominator of `size`, exact where a double would not be.
  void add_ratio(Count count, int64_t size, int64_t numerator, int64_t denominator);
  Duration total() const;

 private:
  void add_whole(Count count, int64_t a, int64_t b);

  int64_t whole_[4] = {};
  double fraction_[4] = {};
};
/// The seconds and nanoseconds with one sign: -1.5 s is {-1, -500,000,000}, where a Duration holds {-2, 500,000,000}.
std::pair<int64_t, int32_t> signed_seconds(const Duration& d);
/// The length in seconds by those averages, used to order durations; the second figure holds nanoseconds.
std::pair<int64_t, int32_t> average_length(const Duration& d);

}  // namespace entente
