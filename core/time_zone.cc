// Zone look-ups, on the system's time-zone database as the Howard Hinnant date library reads it.
//
// That library knows only the transitions listed in the database's files, which end in 2037, and years of 16 bits.
// Later years are answered by a year of the last decade listed that has the same weekdays: daylight saving rules name a
// weekday of a month, so the same rules fall on the same days. Earlier years than kFirstYear have local mean time, as
// kFirstYear has.
//
// Before 1970 a zone is read as the tz database's main data has it: places whose clocks agree since 1970 share the
// history of the zone that zone1970.tab lists for them (Europe/Stockholm that of Europe/Berlin). Some distributions,
// Debian among them, compile the older and less certain data of each place instead; reading the tables makes the
// answers the same on all machines.
#include <algorithm>
#include <chrono>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <stdexcept>
#include <vector>

#include "entente/core/temporal.h"

// As Debian builds the library.
#ifndef USE_OS_TZDB
#define USE_OS_TZDB 1
#endif
#ifndef ONLY_C_LOCALE
#define ONLY_C_LOCALE 1
#endif
#ifndef HAS_STRING_VIEW
#define HAS_STRING_VIEW 1
#endif
#include <date/tz.h>

namespace entente {

namespace {

constexpr int64_t kFirstYear = 1700;
constexpr int64_t kLastYear = 2037;
constexpr int64_t kFirstModelYear = 2027;

const date::time_zone* find_zone(std::string_view name) {
  if (name.empty()) return nullptr;
  try {
    return date::locate_zone(name);
  } catch (const std::runtime_error&) {  // the library's way to say that there is none
    return nullptr;
  }
}

constexpr const char* kTables = "/usr/share/zoneinfo/";

/// A line of zone.tab or zone1970.tab: country codes, coordinates, zone, comments, with tabs between.
struct TableLine {
  std::vector<std::string> countries;
  std::string zone;
};

std::vector<TableLine> read_table(const char* name) {
  std::vector<TableLine> lines;
  std::ifstream file(std::string(kTables) + name);
  for (std::string text; std::getline(file, text);) {
    if (text.empty() || text[0] == '#') continue;
    std::istringstream fields(text);
    std::string countries, coordinates;
    TableLine line;
    if (!std::getline(fields, countries, '\t') || !std::getline(fields, coordinates, '\t') ||
        !std::getline(fields, line.zone, '\t')) {
      continue;
    }
    std::istringstream codes(countries);
    for (std::string code; std::getline(codes, code, ',');) line.countries.push_back(code);
    lines.push_back(std::move(line));
  }
  return lines;
}

bool agree_since_1970(const date::time_zone& a, const date::time_zone& b) {
  const date::sys_seconds end{std::chrono::seconds(days_from_civil(kLastYear, 1, 1) * kSecondsPerDay)};
  for (date::sys_seconds at{}; at < end;) {
    const date::sys_info of_a = a.get_info(at);
    const date::sys_info of_b = b.get_info(at);
    if (of_a.offset != of_b.offset) return false;
    const auto next = std::min(of_a.end, of_b.end);
    if (next <= at) return true;
    at = next;
  }
  return true;
}

/// For each zone without a history of its own, the zone that has it.
std::map<const date::time_zone*, const date::time_zone*> read_shared_histories() {
  std::set<std::string> own;
  std::map<std::string, std::vector<std::string>> zones_of;  // by country
  for (const TableLine& line : read_table("zone1970.tab")) {
    own.insert(line.zone);
    for (const std::string& country : line.countries) zones_of[country].push_back(line.zone);
  }
  std::map<const date::time_zone*, const date::time_zone*> shared;
  for (const TableLine& line : read_table("zone.tab")) {
    const date::time_zone* zone = find_zone(line.zone);
    if (own.count(line.zone) != 0 || zone == nullptr || line.countries.empty()) continue;
    for (const std::string& name : zones_of[line.countries[0]]) {
      const date::time_zone* candidate = find_zone(name);
      if (candidate == nullptr || !agree_since_1970(*zone, *candidate)) continue;
      shared[zone] = candidate;
      break;
    }
  }
  return shared;
}

/// The zone to ask about a time in seconds since 1970.
const date::time_zone* find_zone_for(std::string_view name, int64_t seconds) {
  const date::time_zone* zone = find_zone(name);
  if (seconds >= 0 || zone == nullptr) return zone;
  static const auto histories = read_shared_histories();
  const auto shared = histories.find(zone);
  return shared == histories.end() ? zone : shared->second;
}

/// A common year whose days from `month` on have the weekdays that this year's have.
int64_t model_year(int64_t year, int month) {
  const int wanted = day_of_week(days_from_civil(year, month, 1));
  for (int64_t model = kFirstModelYear; model < kLastYear; ++model) {
    if (!is_leap_year(model) && day_of_week(days_from_civil(model, month, 1)) == wanted) return model;
  }
  return kLastYear;  // not reached: eight common years in a row begin on every weekday
}

/// Seconds at the same place of a year that the database covers.
int64_t covered_seconds(int64_t seconds) {
  static const int64_t first = days_from_civil(kFirstYear, 1, 1) * kSecondsPerDay;
  static const int64_t end = days_from_civil(kLastYear + 1, 1, 1) * kSecondsPerDay;
  if (seconds < first) return first;
  if (seconds < end) return seconds;
  const int64_t days = seconds / kSecondsPerDay;
  const CivilDate civil = civil_from_days(days);
  const int64_t model = model_year(civil.year, civil.month <= 2 ? 1 : 3);
  const int day = civil.month == 2 && civil.day == 29 ? 28 : civil.day;
  return days_from_civil(model, civil.month, day) * kSecondsPerDay + seconds % kSecondsPerDay;
}

}  // namespace

std::optional<int32_t> zone_offset_at_local(std::string_view zone, const LocalDateTime& local) {
  const date::time_zone* found = find_zone_for(zone, local.seconds);
  if (found == nullptr) return std::nullopt;
  const date::local_seconds at{std::chrono::seconds(covered_seconds(local.seconds))};
  return static_cast<int32_t>(found->get_info(at).first.offset.count());
}

std::optional<int32_t> zone_offset_at_instant(std::string_view zone, int64_t utc_seconds) {
  const date::time_zone* found = find_zone_for(zone, utc_seconds);
  if (found == nullptr) return std::nullopt;
  const date::sys_seconds at{std::chrono::seconds(covered_seconds(utc_seconds))};
  return static_cast<int32_t>(found->get_info(at).offset.count());
}

}  // namespace entente
