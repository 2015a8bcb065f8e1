// The fields of a map that a temporal value is made from, checked as they are read.
//
// Fields either describe a value (year first, then what is finer), or change a value selected with `date`, `time` or
// `datetime`. Of month and day, week and day of week, quarter and day of quarter, and ordinal day, one group may be
// used. Internal to the temporal functions. Borrows the map.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "entente/core/value.h"

namespace entente::temporal {

/// A time zone: a name, or a fixed offset if the name is empty. A named zone's offset is the one to take where the
/// zone's clocks show a time twice.
struct Zone {
  std::optional<int32_t> offset = 0;
  std::string name;
};

/// The parts that a value of some kind has.
struct Parts {
  std::optional<Date> date;
  std::optional<LocalTime> time;
  std::optional<Zone> zone;
};

/// "date", "local time", … for messages.
std::string_view instant_name(ValueKind kind);
bool has_date(ValueKind kind);
bool has_time(ValueKind kind);
bool has_zone(ValueKind kind);

/// What a value has to offer. A date offers no time.
Parts parts_of(const Value& instant);
/// From an offset or a name, in which spaces stand for underscores. Throws InvalidArgumentValue if it is neither.
Zone parse_zone(std::string_view text);
/// When a zone's clocks show a local date and time.
DateTime in_zone(const LocalDateTime& local, const Zone& zone);
/// The same instant in another zone.
DateTime move_to_zone(const DateTime& t, const Zone& zone);
/// The offset that a zone has at an instant.
int32_t offset_at(const Zone& zone, const DateTime& instant);

class Fields {
 public:
  /// Throws InvalidArgumentValue if there are none, or some that `kind` does not have.
  Fields(const Map& map, ValueKind kind);

  bool has(std::string_view name) const { return find(name) != nullptr; }
  /// The only field there is, a time zone.
  bool only_zone() const { return map_.size() == 1 && has("timezone"); }
  /// The time zone asked for.
  std::optional<Zone> zone() const;
  /// The parts selected from other values.
  Parts selected() const;

  /// The date described by the fields, or `base` changed by them.
  Date date(const std::optional<Date>& base) const;
  LocalTime time(const std::optional<LocalTime>& base) const;
  /// The instant of `epochSeconds` or `epochMillis` and the fields below a second, if there is one.
  std::optional<DateTime> epoch() const;

 private:
  const Value* find(std::string_view name) const;
  std::optional<int64_t> number(std::string_view name) const;
  int64_t number_or(std::string_view name, int64_t otherwise) const { return number(name).value_or(otherwise); }
  void require(std::string_view name, std::string_view by) const;
  void require_one_date_group() const;
  Date described_date() const;
  Date changed_date(Date base) const;
  std::optional<int64_t> sub_seconds() const;

  const Map& map_;
  const ValueKind kind_;
};

}  // namespace entente::temporal
